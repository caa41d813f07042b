"""Facts that contradict each other: those no record may hold, and those that clash with what others give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from guidelines.case.cells import Range, month, shown
from guidelines.case.choices import category_of
from guidelines.case.decision import plain
from guidelines.case.fields import cite, day
from guidelines.case.record import Read
from guidelines.manual import CATEGORIES
from guidelines.tables import LIFE
from guidelines.usc18_3624_release import LONGEST


def clashes(read: Read, original: dict[str, Any]) -> Iterator[str]:
    """One line for each recorded fact that the others do not give.

    `original` holds levels and ranges as the other facts give them, as in the answer.
    """
    given = read.given
    for name, told in (("base_offense_level", "drugs and quantity"), ("total_offense_level", "other facts")):
        found, other = given.get(name), original[name]
        if found and other and found != other and not (name.startswith("total") and min(found, 43) == other):
            yield (
                f"{plain(name)} {found} is recorded, the {told} give {other}; "
                "an adjustment left out, or a misread number, would explain it"
            )
    yield from _no_capped_row(read)
    points, category = given.get("criminal_history_points"), given.get("criminal_history_category")
    if points is not None and category and not given.get("career_offender"):
        by_points = category_of(points, read.setting.manual)
        if by_points != category:
            yield (
                f"criminal history category {CATEGORIES[category - 1]} is recorded, {points} points give "
                f"{CATEGORIES[by_points - 1]}; {_departure(read)}"
                "give the one that applied"
            )
    for name in ("table_range_months", "guideline_range_months"):
        found, other = given.get(name), original[name]
        if found and other and [month(end) for end in found] != other:
            level, at = original["total_offense_level"], original["criminal_history_category"]
            why = _why_range(read, name, found, level, at)
            was = shown(tuple(LIFE if end == "life" else end for end in other))  # type: ignore[arg-type]
            cell = f"level {level} in category {at}"
            yield f"{plain(name)} {shown(found)} is recorded, {cell} gives {was}; {why}"


def _no_capped_row(read: Read) -> Iterator[str]:
    """A base level found that §2D1.1(a)(5) leaves to nobody with the role recorded."""
    given, manual = read.given, read.setting.manual
    role, base = -given.get("mitigating_role", 0), given.get("base_offense_level")
    if not role or not base or any(read.quantities()) or not given.get("drug_quantity_based", True):
        return
    rows = {int(at) for at in manual.quantity_levels.ravel() if at >= 0}
    left = sorted({int(manual.role_cap[role, at]) for at in rows})
    if base not in left:
        capped = int(manual.role_cap[role, base]) if base in rows else 0
        would = f"{capped} where {base} is the row before the cap" if capped else f"one of {left}"
        yield (
            f"base offense level {base} is recorded, no row gives it with a mitigating role of {-role} "
            f"(§2D1.1(a)(5)); give the level after the cap: {would}"
        )


def _why_range(read: Read, name: str, found: Range, level: int | None, category: str | None) -> str:
    """What would make the recorded range right."""
    low, high = read.setting.manual.ranges
    if level is not None:
        for other, label in enumerate(CATEGORIES, start=1):
            if (int(low[level, other]), int(high[level, other])) == found and label != category:
                return (
                    f"it is that of category {label}: {_departure(read)}leave it out, or correct the category"
                )
    if level is not None and category is not None:
        column = CATEGORIES.index(category) + 1
        cell = int(low[level, column]), int(high[level, column])
        if name.startswith("guideline") and found[0] > cell[0] and found[1] == max(cell[1], found[0]):
            return f"a statutory minimum of {shown((found[0],) * 2)} months would explain it"
        if name.startswith("guideline") and found[1] < cell[1] and found[0] == min(cell[0], found[1]):
            return f"a statutory maximum of {shown((found[1],) * 2)} months would explain it"
        for other in range(1, low.shape[0]):
            if (int(low[other, column]), int(high[other, column])) == found:
                return f"it is that of level {other}: {_departure(read)}leave it out, or correct the level"
    return "a statutory limit not stated, or a misread number, would explain it"


def _departure(read: Read) -> str:
    """What is to be said of a departure, where the Manual of the day knew any."""
    if not read.setting.manual.has_departure_step:
        return ""
    return "a departure is no part of the applicable range (§4A1.3; §1B1.10 n.1(A)); "


AT_MOST = (
    ("4A1.1", "status_points", "criminal_history_points", "the points they are part of"),
    ("5G1.1", "statutory_minimum_months", "statutory_maximum_months", "a minimum up to the maximum"),
    ("18 U.S.C. 924(c)", "firearm_term_months", "consecutive_term_months", "a term that is part of them"),
    ("1B1.11", "manual_edition", "sentenced_on", "one up to that day"),
    (
        "18 U.S.C. 3585",
        "sentenced_on",
        "sentence_began_on",
        "a day up to it, jail_credit_days",
    ),
    ("1B1.10", "sentenced_on", "order_effective_on", "a day up to it"),
    ("1B1.10", "sentence_began_on", "order_effective_on", "an order after the sentence began"),
)
"""Section, a fact that is at most another, that other, and what would do."""
DAYS = ("manual_edition", "sentenced_on", "sentence_began_on", "order_effective_on")


def contradictions(given: dict[str, Any], edition: str) -> Iterator[str]:
    """One line for each contradiction among checked facts."""
    get, held = given.get, f" edition {edition}"

    def line(section: str, name: str, other: str, accepted: str) -> str:
        a, b = (day(given[each]) if each in DAYS else month(given[each]) for each in (name, other))
        return f"{cite(section)}{held}, {name}: {a} given with {other} {b}; {accepted} is accepted"

    for section, name, other, accepted in AT_MOST:
        if name in given and other in given and given[name] > given[other]:
            yield line(section, name, other, accepted)
    limits = ("statutory_minimum_months", "statutory_maximum_months")
    table, applied = get("table_range_months"), get("guideline_range_months")
    if table and applied and table != applied and not any(name in given for name in limits):
        yield (
            f"§5G1.1{held}, guideline_range_months: {shown(applied)} given with table_range_months "
            f"{shown(table)}; the same range, or the statutory limit that makes the difference, is accepted"
        )
    imposed, more = get("imposed_term_months"), get("consecutive_term_months", 0)
    if get("imposed_term_days") and (imposed is None or imposed >= LIFE):
        yield (
            f"18 U.S.C. 3624(b), imposed_term_days: {get('imposed_term_days')} given without whole months; "
            "imposed_term_months beside it is accepted"
        )
    if imposed is not None and imposed < LIFE and imposed + more > LONGEST:
        together = f"together up to {LONGEST}"
        yield line("5G1.2(a)", "consecutive_term_months", "imposed_term_months", together)
