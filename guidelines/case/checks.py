"""Facts of a record that cannot both be true."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from guidelines.case.cells import month, shown
from guidelines.case.fields import EPOCH
from guidelines.tables import LIFE
from guidelines.usc18_3624_release import LONGEST


def contradictions(given: dict[str, Any], edition: str) -> Iterator[str]:
    """One line for each contradiction among checked facts."""
    held = f" edition {edition}"
    get = given.get
    status, points = get("status_points"), get("criminal_history_points")
    if status is not None and points is not None and status > points:
        yield (
            f"§4A1.1{held}, status_points: {status} given with criminal_history_points {points}; "
            f"they are part of them, so 0 to {points} is accepted"
        )
    least, most = get("statutory_minimum_months"), get("statutory_maximum_months")
    if least is not None and most is not None and least > most:
        yield (
            f"§5G1.1{held}, statutory_minimum_months: {month(least)} given with statutory_maximum_months "
            f"{month(most)}; a minimum up to the maximum is accepted"
        )
    table, applied = get("table_range_months"), get("guideline_range_months")
    if table and applied and least is None and most is None and table != applied:
        yield (
            f"§5G1.1{held}, guideline_range_months: {shown(applied)} given with table_range_months "
            f"{shown(table)}; the same range, or the statutory limit that makes the difference, is accepted"
        )
    yield from _order(given, held, "manual_edition", "1B1.11", "sentenced_on", "one up to that day")
    began, sentenced = get("sentence_began_on"), get("sentenced_on")
    if began is not None and sentenced is not None and began < sentenced:
        yield (
            f"18 U.S.C. 3585, sentence_began_on: {day(began)} given, before sentenced_on {day(sentenced)}; "
            "that day or a later one is accepted, time before it goes into jail_credit_days"
        )
    yield from _order(given, held, "sentenced_on", "1B1.10", "order_effective_on", "a day up to it")
    yield from _order(
        given, held, "sentence_began_on", "1B1.10", "order_effective_on", "an order after the sentence began"
    )
    if get("imposed_term_days") and get("imposed_term_months", LIFE) >= LIFE:
        yield (
            f"18 U.S.C. 3624(b), imposed_term_days: {get('imposed_term_days')} given without whole months; "
            "imposed_term_months beside it is accepted"
        )
    firearm, more = get("firearm_term_months"), get("consecutive_term_months")
    if firearm is not None and more is not None and firearm > more:
        yield (
            f"18 U.S.C. 924(c), firearm_term_months: {month(firearm)} given with consecutive_term_months "
            f"{more}; it is part of them, so at most that is accepted"
        )
    imposed, more = get("imposed_term_months"), get("consecutive_term_months")
    if imposed is not None and more is not None and imposed < LIFE and imposed + more > LONGEST:
        yield (
            f"§5G1.2(a){held}, consecutive_term_months: {more} given with imposed_term_months {imposed}; "
            f"together up to {LONGEST} is accepted"
        )


def _order(
    given: dict[str, Any], held: str, first: str, section: str, second: str, accepted: str
) -> Iterator[str]:
    a, b = given.get(first), given.get(second)
    if a is not None and b is not None and a > b:
        yield f"§{section}{held}, {first}: {day(a)} given, after {second} {day(b)}; {accepted} is accepted"


def day(days: int) -> str:
    """A day as ISO text."""
    return date.fromordinal(days + EPOCH).isoformat()
