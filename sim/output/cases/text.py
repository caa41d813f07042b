"""The answer to a case as plain text that prints on paper: at most 78 columns."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import wrap
from typing import Any

from sim.base.text import visible
from sim.output.cases.words import figure

WIDTH = 78
SECTION, STEP, FIGURE = 18, 33, 9
RULE = "-" * WIDTH

Answer = Mapping[str, Any]


def summary(answer: Answer) -> str:
    """The decision with the figures it rests on."""
    parts = [*_head(answer), "", *_decision(answer), "", *_figures(answer), *_release(answer)]
    if answer["missing"]:
        parts += ["", *_listed("Missing", answer["missing"])]
    if answer["assumed"]:
        count = len(answer["assumed"])
        parts += ["", f"Facts assumed: {count}; --explain lists them with the worksheet."]
    return "\n".join(parts) + "\n"


def explained(answer: Answer) -> str:
    """The worksheet side by side, then the decision, the dates, and what was assumed or is missing."""
    parts = [*_head(answer), "", *_worksheet(answer), "", *_decision(answer), "", *_figures(answer)]
    parts += [*_release(answer), *_steps(answer)]
    if answer["assumed"]:
        parts += ["", *_listed("Assumed, since the record does not say", answer["assumed"])]
    if answer["missing"]:
        parts += ["", *_listed("Missing", answer["missing"])]
    return "\n".join(parts) + "\n"


def _head(answer: Answer) -> list[str]:
    edition = answer["edition"]
    title = f"Case {visible(answer['case_id'])}" if answer["case_id"] else "Case"
    used = f"Law as of {edition['law']}, quantity table of {edition['original']}"
    if edition["amended"]:
        used += f"; amended as of {edition['amended']}"
    warnings = [line for one in answer["warnings"] for line in wrap(f"Warning: {one}", WIDTH)]
    return [title, used, *warnings]


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
    pairs = [
        ("Original range", figure(answer["original"]["guideline_range_months"]), "months"),
        ("Amended range", figure((answer["amended"] or {}).get("guideline_range_months")), "months"),
        ("Comparable term", figure(answer["comparable_term_months"]), "months"),
        ("Lowest term", figure(answer["floor_months"]), "months"),
        ("Reduction, at most", figure(answer["reduction_months"]), "months"),
    ]
    return [f"{name:<22}{value:>12} {unit}" for name, value, unit in pairs if value != "-"]


def _release(answer: Answer) -> list[str]:
    lines = []
    for name, dates in answer["release"].items():
        if dates is None:
            continue
        when = "Release now" if name == "original" else "Release if reduced"
        if dates["release_date"] is None:
            lines.append(f"{when:<22}{'life':>12}")
            continue
        lines.append(
            f"{when:<22}{dates['release_date']:>12} (full term {dates['full_term_date']}, good time "
            f"{dates['good_conduct_time_days']} days)"
        )
        door = dates["steps"][-1]["on"]
        if door < dates["release_date"]:
            lines.append(f"{'  with all programmes':<22}{door:>12} at the earliest (--explain has the steps)")
    return lines


def _steps(answer: Answer) -> list[str]:
    lines = []
    for name, dates in answer["release"].items():
        if dates is None:
            continue
        lines += ["", "From sentence to door" + ("" if name == "original" else ", if reduced")]
        for step in dates["steps"]:
            days = "" if step["days"] is None else f"{step['days']:,}"
            told = step["name"].replace("_", " ")
            lines.append(f"  {step['on'] or '-':<12}{days:>6}  {told} ({step['section']})")
            lines += wrap(step["note"], WIDTH, initial_indent=" " * 22, subsequent_indent=" " * 22)
    return lines


def _listed(title: str, items: list[str]) -> list[str]:
    lines = [f"{title}:"]
    for item in items:
        lines += wrap(item, WIDTH, initial_indent="  - ", subsequent_indent="    ")
    return lines
