"""What a record leaves open: for each unknown fact the values it may have, as columns of the rules.

A silence has an ordinary answer (no other group, no minimum, the drug of the amendment). It is doubtful only
where the record itself raises the doubt, and then all its values are gone through
(`guidelines.case.completions`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from guidelines.case.record import DRUG, Choice, Option, Read
from guidelines.case.statute_choices import statute_choices
from guidelines.manual import CATEGORIES, Manual
from guidelines.s1b1_10_substitution import drugs_by_fall
from guidelines.s3_adjustments import acceptances
from guidelines.s4_criminal_history import category_from_points, status_points
from guidelines.tables import LIFE

MOST_POINTS = 15
"""Beyond this many points nothing changes: the status points of the last category are covered."""
GROUPS_APART = 9
"""§3D1.4: a group so many levels below the highest counts for nothing."""


def choices(read: Read) -> tuple[Choice, ...]:
    """Everything a record leaves open, the essential facts first."""
    found: list[Choice] = []
    if history := _history(read):
        found.append(history)
    if read.by_total:
        found += _cells(read)
        if shift := _shifts(read):
            found.append(shift)
    if drug := _drug(read):
        found.append(drug)
    found += _chapter_four(read)
    if read.by_total and "other_group_level" in read.given and "adjustments" not in read.given:
        found.append(_own_level(read))
    return (*found, *statute_choices(read))


def _history(read: Read) -> Choice | None:
    given, held = read.given, read.setting
    if given.get("career_offender"):
        return None
    asks = []
    if held.moves_points:
        asks = [name for name in ("criminal_history_points", "status_points") if name not in given]
    if held.adds_zero_point:
        points = given.get("criminal_history_points")
        may_be_none = read.category in (0, 1) if points is None else points <= given.get("status_points", 2)
        if points is None and may_be_none and not asks:
            asks = ["criminal_history_points"]
        if may_be_none and "zero_point_offender_excluded" not in given:
            asks.append("zero_point_offender_excluded")
    if asks:
        options = tuple(_scores(read))
        return Choice(tuple(asks), options, ordinary=False) if len(options) > 1 else None
    by_range = bool(read.cells and read.cells[0].category)
    if read.category or by_range:
        return None
    names = ("criminal_history_category or criminal_history_points",)
    return Choice(
        names,
        tuple(
            Option({"criminal_history_category": at}, {"criminal_history_category": name})
            for at, name in enumerate(CATEGORIES, start=1)
        ),
        ordinary=False,
    )


def _scores(read: Read) -> Iterator[Option]:
    """Every score the record allows, with and without status points and a bar of §4C1.1."""
    given, held = read.given, read.setting
    told = given.get("criminal_history_points")
    for points in range(MOST_POINTS + 1) if told is None else (told,):
        if points < given.get("status_points", 0):
            continue
        category = category_of(points, held.manual)
        stated = given.get("criminal_history_category", read.category)
        if told is None and stated and category != stated:
            continue
        due = {
            status
            for status in (0, 1, 2)
            if status <= points and _due(points - status, held.manual) == status
        }
        due.add(0)
        if "status_points" in given or not held.moves_points:
            due = {given.get("status_points", 0)}
        for status in sorted(due):
            left = amended_points(points, status, read)
            barred: tuple[bool, ...] = (given.get("zero_point_offender_excluded", True),)
            if held.adds_zero_point and left == 0 and "zero_point_offender_excluded" not in given:
                barred = (True, False)
            for bar in barred:
                says: dict[str, Any] = {"criminal_history_points": points}
                if held.moves_points:
                    says["status_points"] = status
                if len(barred) > 1:
                    says["zero_point_offender_excluded"] = bar
                yield Option(
                    {
                        "criminal_history_points": points,
                        "status_points": status,
                        "criminal_history_category": stated or category,
                        "zero_point_offender_excluded": bar,
                    },
                    says,
                )


def _due(others: int, manual: Manual) -> int:
    return int(status_points(others, True, manual))


def amended_points(points: int, status: int, read: Read) -> int:
    """Criminal history points with the amendments."""
    if not status or not read.setting.moves_points:
        return points
    return points - status + _due(points - status, read.setting.amended)


@lru_cache(maxsize=4096)
def category_of(points: int, manual: Manual) -> int:
    """Category by points, 1-6."""
    return int(category_from_points(points, manual))


def _cells(read: Read) -> list[Choice]:
    """Total levels, with categories, that the record allows."""
    given = read.given
    total, category = given.get("total_offense_level"), read.category
    found = read.cells
    fixed = total is not None and total != read.setting.manual.level_limits[1]
    if fixed and (category or not (found and found[0].category)):
        return []
    asks = []
    if total is None:
        asks.append("total_offense_level")
    elif not fixed:
        asks.append("base_offense_level and adjustments (a level above 43 counts as 43)")
    if not category and found and found[0].category:
        asks.append("criminal_history_category")
    if total is None and not (given.get("table_range_months") or given.get("guideline_range_months")):
        asks = ["drugs, converted_weight_kg, base_offense_level, total_offense_level or table_range_months"]
    options = []
    for cell in found:
        columns: dict[str, int] = {"total": cell.level}
        says: dict[str, Any] = {"total_offense_level": cell.level}
        if cell.category:
            columns["criminal_history_category"] = cell.category
            says["criminal_history_category"] = CATEGORIES[cell.category - 1]
        if cell.minimum:
            columns["statutory_minimum_months"] = cell.minimum
            says["statutory_minimum_months"] = cell.minimum
        if cell.maximum < LIFE:
            columns["statutory_maximum_months"] = cell.maximum
            says["statutory_maximum_months"] = cell.maximum
        if cell.table is not None and total is None:
            says["table_range_months"] = cell.table
        options.append(Option(columns, says))
    return [Choice(tuple(asks), tuple(options), ordinary=False)] if len(options) > 1 else []


def _shifts(read: Read) -> Choice | None:
    """Levels the amendments take off a base level that is not known."""
    held, given = read.setting, read.given
    if not held.laws or read.base_known or not given.get("drug_quantity_based", True):
        return None
    found: dict[int, dict[str, Any]] = {shift: {} for shift in held.row_shifts}
    role = -given.get("mitigating_role", 0)
    if role:
        total = given.get("total_offense_level", LIFE)
        for was, becomes in held.row_moves:
            capped, amended = (int(held.manual.role_cap[role, at]) for at in (was, becomes))
            if capped != was and capped - role - LEAST_BELOW <= total:
                found.setdefault(amended - capped, {})
                found[amended - capped] = found[amended - capped] or {"base_offense_level": capped}
    totals = _totals(read)
    set_elsewhere = any(abs(at - level) <= WITHIN for level in _other_levels(read) for at in totals)
    # A total far below a least level stated is no sign that this level played no part: the two clash.
    set_elsewhere |= any(at - level <= WITHIN for level in _least_levels(read) for at in totals)
    if given.get("premises_only"):  # any level from there on may have been held down to it
        most = held.manual.rules_of("premises_only")["level_at_most"]
        set_elsewhere |= any(at >= most - WITHIN for at in totals)
    if set_elsewhere:
        found.setdefault(0, {"base_offense_level": "in the top row, or under another rule's level"})
    if len(found) < 2:
        return None
    options = tuple(
        Option({"shift": shift}, says or {"base_offense_level": _row(shift, bool(role))})
        for shift, says in found.items()
    )
    ordinary = len(held.row_shifts) == 1 and not set_elsewhere
    return Choice(("base_offense_level or drugs",), options, ordinary=ordinary)


def _drug(read: Read) -> Choice | None:
    """The drug behind a base level as found, where the amendments take more off for one than for others."""
    given, held = read.given, read.setting
    found = held.laws and read.kind == DRUG and read.drug < 0 and given.get("drug_quantity_based", True)
    if not found or "base_offense_level" not in given:
        return None
    size, base = -given.get("mitigating_role", 0), given["base_offense_level"]
    groups = drugs_by_fall(held.manual, held.amended, held.rules.role_cap, size, base)
    if len(groups) < 2:
        return None
    names = ["another", *(" or ".join(held.manual.drugs[at] for at in group) for group in groups[1:])]
    options = (Option({"drug": group[0]}, {"drugs": name}) for group, name in zip(groups, names, strict=True))
    return Choice(("drugs",), tuple(options), ordinary=False)


def _totals(read: Read) -> Iterable[int]:
    """Total levels the record allows."""
    return {cell.level for cell in read.cells} or {read.given.get("total_offense_level", 0)}


def _other_levels(read: Read) -> Iterator[int]:
    """The level of the open top row, which may stand whatever the amendments do."""
    given, manual = read.given, read.setting.manual
    if given.get("quantity_is_minimum"):
        yield int(manual.highest_level.max())


def _least_levels(read: Read) -> Iterator[int]:
    """Levels below which facts stated let Chapter Two not go, whatever the amendments do."""
    given, manual = read.given, read.setting.manual
    if given.get("cross_reference_level"):
        yield given["cross_reference_level"]
    if given.get("protected_location"):
        rules = manual.rules_of("protected_location")
        yield rules["person_under_18" if given.get("under_18_involved") else "otherwise"]
    if read.adjustments.floor:
        yield read.adjustments.floor


def _row(shift: int, role: bool) -> str:
    """A row of the table by what the amendments take off it."""
    if role:
        return "any other"
    return f"in a row lowered by {-shift}" if shift else "in a row that is not lowered"


WITHIN = 8
"""Another level so near the total may be the one that it came from."""
LEAST_BELOW = 5
"""Levels a total may lie below base level and role: acceptance, and two of §2D1.1(b) for the safety valve."""


def _chapter_four(read: Read) -> Iterable[Choice]:
    given, manual = read.given, read.setting.manual
    career, armed = given.get("career_offender"), given.get("armed_career_criminal")
    several = career or armed or "override_offense_level" in given or "other_group_level" in given
    shown = any(f"{name}_months" in given for name in ("table_range", "guideline_range"))
    shown = several if read.by_total else shown or "total_offense_level" in given
    if shown and "acceptance" not in given:
        options = tuple(Option({"acceptance": at}, {"acceptance": at}) for at in acceptances(manual))
        yield Choice(("acceptance",), options)
    if "override_offense_level" in given:
        return
    limits = ("statutory_maximum_months", "offense_statutory_maximum_months")
    if career and not any(name in given for name in limits):
        steps = zip(*(step.tolist() for step in manual.career_offender_steps), strict=True)
        yield Choice(
            ("statutory_maximum_months or override_offense_level",),
            tuple(
                Option(
                    {"override_offense_level": level},
                    {"override_offense_level": level, "statutory_maximum_months": months},
                )
                for months, level in sorted(steps, reverse=True)
            ),
            ordinary=False,
        )
    elif armed and not career:
        least, most = manual.level_limits
        yield Choice(
            ("override_offense_level",),
            tuple(
                Option({"override_offense_level": at}, {"override_offense_level": at})
                for at in range(most, least - 1, -1)
            ),
            ordinary=False,
        )


def _own_level(read: Read) -> Choice:
    """The level of the drug group, where only the total with another group is known."""
    given = read.given
    other, total = (
        given["other_group_level"],
        given.get("total_offense_level", read.setting.manual.level_limits[1]),
    )
    low, high = max(1, other - GROUPS_APART), max(other, total - acceptances(read.setting.manual)[-1])
    return Choice(
        ("base_offense_level and adjustments, or drugs",),
        tuple(
            Option({"own": at}, {"base_offense_level": f"{at} with its adjustments"})
            for at in range(high, low - 1, -1)
        ),
        ordinary=False,
    )
