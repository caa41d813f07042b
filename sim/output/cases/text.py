"""The answer to a case as plain text that prints on paper: at most 78 columns."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill, wrap
from typing import Any

from sim.base.text import visible
from sim.output.cases.words import day, figure, in_words

WIDTH = 78
SECTION, STEP, FIGURE, LABEL = 18, 33, 9, 46
TERMS = {"original": "without a", "reduced": "with the greatest"}
RULE = "-" * WIDTH

Answer = Mapping[str, Any]


def summary(answer: Answer) -> str:
    """The decision, what would change it, and the figures it rests on."""
    figures = [*_figures(answer), *_release(answer)]
    parts = [*_head(answer), *([""] if figures else []), *figures, *_open(answer)]
    if answer["assumed"]:
        count = len(answer["assumed"])
        parts += ["", f"Facts assumed: {count}; --explain lists them with the worksheet."]
    return "\n".join(parts) + "\n"


def explained(answer: Answer) -> str:
    """The decision, what would change it, the worksheet side by side, the dates, and what was assumed."""
    parts = [*_head(answer), *_open(answer), "", *_worksheet(answer), "", *_figures(answer)]
    parts += [*_release(answer), *_steps(answer)]
    if answer["assumed"]:
        parts += [
            "",
            *_listed("Assumed, since the record does not say", [in_words(one) for one in answer["assumed"]]),
        ]
    return "\n".join(parts) + "\n"


def _head(answer: Answer) -> list[str]:
    edition = answer["edition"]
    title = f"Case {visible(answer['case_id'])}" if answer["case_id"] else "Case"
    used = f"Law as of {day(edition['law'])}, quantity table of {day(edition['original'])}"
    if edition["amended"]:
        used += f"; amended as of {day(edition['amended'])}"
    warnings = [line for one in answer["warnings"] for line in wrap(f"Warning: {one}", WIDTH)]
    return [title, *_decision(answer), *warnings, "", *wrap(used, WIDTH)]


def _open(answer: Answer) -> list[str]:
    """What is open: each possible answer, missing facts, facts that played no part."""
    from guidelines.case.decision import branch_lines, plain

    lines = []
    for title, items in (
        ("What it depends on", branch_lines(answer)),
        ("Missing", [plain(one) for one in answer["missing"]]),
        ("Entered, but played no part", answer["unused"]),
    ):
        if items:
            lines += ["", *_listed(title, [in_words(item) for item in items])]
    return lines


def _worksheet(answer: Answer) -> list[str]:
    lines = [
        f"{'Section':<{SECTION}}{'Step':<{STEP}}{'Original':>{FIGURE}}{'Amended':>{FIGURE}}  Unit",
        RULE,
    ]
    for line in answer["worksheet"]:
        step = line["step"].removesuffix("_months").replace("_", " ")
        unit = "" if line["unit"] in step else line["unit"]
        lines.append(
            f"{line['section']:<{SECTION}}{step:<{STEP}}{figure(line['original']):>{FIGURE}}"
            f"{figure(line['amended']):>{FIGURE}}  {unit}".rstrip()
        )
        indent = " " * SECTION
        lines += wrap(line["note"], WIDTH, initial_indent=indent, subsequent_indent=indent)
    return [*lines, RULE]


def _decision(answer: Answer) -> list[str]:
    from guidelines.case.decision import sentence

    lines = wrap(sentence(answer), WIDTH)
    if answer["code"]:
        lines.append(f"Code: {answer['code']}")
    if answer["other_codes"]:
        lines += wrap(f"Also true: {', '.join(answer['other_codes'])}", WIDTH, subsequent_indent="  ")
    return lines


def _figures(answer: Answer) -> list[str]:
    whole = answer["total_term_months"] or {}
    pairs = [
        ("Original range", figure(answer["original"]["guideline_range_months"])),
        ("Amended range", figure((answer["amended"] or {}).get("guideline_range_months"))),
        ("Comparable term", figure(answer["comparable_term_months"])),
        (
            "Lowest term" if answer["floor_is_limit"] else "Amended range points to",
            figure(answer["floor_months"]),
        ),
        ("Reduction, at most", figure(answer["reduction_months"])),
        ("Whole term, imposed", figure(whole.get("imposed"))),
        ("Whole term, lowest", figure(whole.get("lowest"))),
    ]
    return [
        f"{name:<{LABEL}}{value}" + ("" if value == "life" else " months")
        for name, value in pairs
        if value != "-"
    ]


def _release(answer: Answer) -> list[str]:
    lines = []
    for name, dates in answer["release"].items():
        if dates is None:
            continue
        when = f"Projected release {TERMS[name]} reduction"
        if dates["release_date"] is None:
            lines.append(f"{when:<{LABEL}}none, a term for life")
            continue
        lines.append(f"{when:<{LABEL}}{day(dates['release_date'])}")
        lines.append(
            f"  full term {day(dates['full_term_date'])}, good time {dates['good_conduct_time_days']:,} days"
        )
        door = dates["steps"][-1]["on"]
        if door < dates["release_date"]:
            lines.append(f"{'  with all programmes, at the earliest':<{LABEL}}{day(door)}")
    return lines


def _steps(answer: Answer) -> list[str]:
    lines = []
    for name, dates in answer["release"].items():
        if dates is None:
            continue
        lines += [
            "",
            f"From sentence to door, {'without a' if name == 'original' else 'with the greatest'} reduction",
        ]
        for step in dates["steps"]:
            days = "" if step["days"] is None else f"{step['days']:,}"
            told = step["name"].replace("_", " ")
            lines.append(
                f"  {day(step['on']) if step['on'] else '-':<18}{days:>6}  {told} ({step['section']})"
            )
            lines += wrap(step["note"], WIDTH, initial_indent=" " * 22, subsequent_indent=" " * 22)
    return lines


def _listed(title: str, items: list[str]) -> list[str]:
    lines = [f"{title}:"]
    for item in items:
        lines += wrap(item, WIDTH, initial_indent="  - ", subsequent_indent="    ")
    return lines


def fields_listed() -> str:
    """One paragraph a field: name, section, meaning, what is accepted; then the switches."""
    from dataclasses import fields
    from typing import get_args, get_type_hints

    from guidelines.case.fields import FIELDS, cite
    from guidelines.s1b1_10_rules import Rules

    parts = ["Fields of a case record; every one is optional.\n"]
    for field in FIELDS.values():
        parts.append(f"{field.name}  ({cite(field.section)})")
        told = f"{field.meaning}; {field.accepted}"
        parts.append(fill(told, WIDTH, initial_indent="    ", subsequent_indent="    "))
    parts.append("\nSwitches inside rules, the default first:\n")
    hints = get_type_hints(Rules)
    for rule in fields(Rules):
        choices = get_args(hints[rule.name])
        told = ", ".join(choices) if isinstance(choices[0], str) else "null, or months such as 470"
        parts.append(f"{rule.name}\n    {told}")
    return "\n".join(parts) + "\n"
