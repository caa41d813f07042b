"""Earlier reductions of a term: by a listed amendment, or under Rule 35(b)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from guidelines.case.fields import BAD, CHECKS, day, entries

KEYS = ("amendment", "on", "term_months", "term_days")
RULE_35B = "35(B)"


class Earlier(NamedTuple):
    """One reduction: its amendment ("35(B)" for Rule 35(b)), its day or None, and the term it left."""

    amendment: str
    on: int | None
    months: int
    days: int


def earlier_reductions(given: Mapping[str, Any], problems: list[str]) -> tuple[Earlier, ...]:
    """The earlier reductions of a record, checked; every problem is added."""
    found: list[Earlier] = []
    listed, where = given.get("earlier_reductions", ()), "§1B1.10(b), earlier_reductions"
    for place, entry in entries(listed, KEYS, where, ", ".join(KEYS), problems):
        wrong = len(problems)
        by, months = entry.get("amendment"), CHECKS["imposed_term_months"](entry.get("term_months"))
        days = CHECKS["imposed_term_days"](entry.get("term_days") or 0)
        on = None if entry.get("on") is None else CHECKS["sentenced_on"](entry["on"])
        if type(by) not in (int, str) or not str(by).strip():
            problems.append(f'{place}: amendment {by!r} given; 750 or "35(b)" is accepted')
        if months is BAD or days is BAD:
            problems.append(
                f"{place}: term_months {entry.get('term_months')!r} given; the term it left, in whole months "
                "with term_days beside them, is accepted"
            )
        if on is BAD:
            problems.append(f"{place}: on {entry['on']!r} given; a day such as 2012-03-01 is accepted")
        if len(problems) > wrong:
            continue
        found.append(Earlier(str(by).strip().upper().removeprefix("RULE").strip(), on, months, days))
    terms = [given.get("imposed_term_months"), *(one.months for one in found)]
    for number, (was, one) in enumerate(zip(terms, found, strict=False), start=1):
        if was is not None and one.months > was:
            problems.append(
                f"{where} {number}: {one.months} months given after {was}; a shorter term is accepted"
            )
    days_of = [one.on for one in found if one.on is not None]
    if days_of != sorted(days_of):
        problems.append(
            f"{where}: {', '.join(map(day, days_of))} given; the order in which they were made is accepted"
        )
    for name in ("sentenced_on", "sentence_began_on"):
        if days_of and given.get(name) is not None and days_of[0] < given[name]:
            problems.append(
                f"{where}: {day(days_of[0])} given with {name} {day(given[name])}; a day after it is accepted"
            )
    return tuple(found)


def reduced(given: dict[str, Any], made: tuple[Earlier, ...]) -> tuple[dict[str, Any], float]:
    """The record with its present term, and the term that a comparable reduction starts from.

    A reduction under Rule 35(b) is a government motion (§1B1.10(b)(2)(B)): its share of the term carries
    over. One by an amendment does not, as the range fell with it.
    """
    term = given.get("imposed_term_months")
    start = float("nan") if term is None else float(term)
    out = dict(given)
    for one in made:
        if one.amendment == RULE_35B:
            start = start * one.months / term if term else float(one.months)
            out["substantial_assistance"] = True
            out.setdefault("below_minimum_authority", True)
        term = one.months
    if made:
        out["imposed_term_months"], out["imposed_term_days"] = made[-1].months, made[-1].days
    return out, start
