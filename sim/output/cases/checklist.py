"""The checklist as plain text that prints on paper, or as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from textwrap import wrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from guidelines.case.checklist import Item, Open

WIDTH = 78
INDENT = " " * 5


def as_text(items: Iterable[Item], together: Open, answer: Mapping[str, Any]) -> str:
    """Every question: [x] answered, [ ] open with what it leaves open; then the decision so far."""
    from guidelines.case.decision import sentence
    from sim.output.cases.words import figure

    lines = []
    for number, item in enumerate(items, start=1):
        mark = "[ ]" if item.open else "[x]"
        head = f"{number:>2}. {mark} {item.question.section}  {item.question.text}"
        lines += wrap(head, WIDTH, subsequent_indent=INDENT + "   ")
        told = _left(item.open) if item.open else _said(item.answer)
        for line in told:
            lines += wrap(line, WIDTH, initial_indent=INDENT + "   ", subsequent_indent=INDENT + "     ")
    lines += ["", *wrap(f"Now: {sentence(answer)}", WIDTH)]
    for when, within in answer["possible_range_months"].items():
        found = (answer[when] or {}).get("guideline_range_months")
        if found or within:
            span = figure(found) if found else f"within {figure(within)}"
            lines.append(f"{when.capitalize()} range: {span} months")
    if any(item.open for item in items):
        hangs = "eligibility is open" if together.decides else "eligibility is the same in all of them"
        lines += wrap(f"All open questions together: {_spans(together)}; {hangs}.", WIDTH)
    return "\n".join(lines) + "\n"


def as_json_text(items: Iterable[Item], together: Open, answer: Mapping[str, Any]) -> str:
    """The same as JSON, with the whole analysis."""
    from sim.base.text import json_text

    listed = [
        {
            "section": item.question.section,
            "question": item.question.text,
            "fields": list(item.question.fields),
            "answer": dict(item.answer) or None,
            "open": _plain(item.open),
        }
        for item in items
    ]
    told = {"questions": listed, "together": _plain(together), "answer": answer}
    return json_text(told, indent=2) + "\n"


def _said(answer: Any) -> list[str]:
    return [f"{name}: {_value(value)}" for name, value in answer.items()]


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(_value(one) for one in value) or "none"
    if isinstance(value, dict):
        return " ".join(str(one) for one in value.values())
    return str(value)


def _left(left: Open) -> list[str]:
    hangs = "eligibility hangs on it" if left.decides else "eligibility does not hang on it"
    return [f"open; tried {' | '.join(left.choices)}", f"{_spans(left)}; {hangs}"]


def _spans(left: Open) -> str:
    if left.original is None:
        return "no range without it"
    told = f"range within {_months(left.original)}"
    more = "" if left.amended is None else f", amended within {_months(left.amended)}"
    return f"{told}{more} months"


def _months(ends: tuple[int, int]) -> str:
    low, high = _plain_months(ends)
    return f"{low}-{high}"


def _plain_months(ends: tuple[int, int]) -> list[int | str]:
    from guidelines.tables import LIFE

    return ["life" if month >= LIFE else month for month in ends]


def _plain(left: Open | None) -> dict[str, Any] | None:
    if left is None:
        return None
    return {
        "tried": list(left.choices),
        "original_range_months": left.original and _plain_months(left.original),
        "amended_range_months": left.amended and _plain_months(left.amended),
        "eligibility_hangs_on_it": left.decides,
    }
