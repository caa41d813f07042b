"""Recorded facts that contradict each other: which two, and what would reconcile them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from guidelines.case.cells import Range, month, shown
from guidelines.case.choices import category_of
from guidelines.case.decision import plain
from guidelines.case.record import Read
from guidelines.manual import CATEGORIES
from guidelines.tables import LIFE


def clashes(read: Read, original: dict[str, Any]) -> Iterator[str]:
    """One line for each recorded fact that the others do not give.

    Parameters
    ----------
    read
        The record.
    original
        Levels and ranges as the other facts give them, as in the answer.
    """
    given = read.given
    for name, told in (("base_offense_level", "drugs and quantity"), ("total_offense_level", "other facts")):
        found, other = given.get(name), original[name]
        if found and other and found != other and not (name.startswith("total") and min(found, 43) == other):
            yield (
                f"{plain(name)} {found} is recorded, the {told} give {other}; "
                "an adjustment left out, or a misread number, would explain it"
            )
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
