"""From a total level, a category or a range as found to the cell of the Sentencing Table they mean."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from guidelines.case.setting import Setting
from guidelines.manual import CATEGORIES
from guidelines.tables import LIFE

Range = tuple[int, int]


@dataclass(frozen=True)
class Cell:
    """A cell of the Sentencing Table.

    Attributes
    ----------
    level, category
        Total offense level and criminal history category (0: no cell).
    level_known, category_known
        Whether they follow from the record; if not, they stand for others with the same outcome.
    open
        Why the amended range does not follow: the field it would take. Empty if it does.
    problem
        Why there is no such cell. Empty if there is one.
    """

    level: int = 0
    category: int = 0
    level_known: bool = False
    category_known: bool = False
    open: str = ""
    problem: str = ""


@lru_cache(maxsize=65536)
def cell_of(
    setting: Setting,
    level: int | None,
    category: int | None,
    amended_category: int | None,
    table_range: Range | None,
    guideline_range: Range | None,
    limits: Range,
    less: int,
) -> Cell:
    """The cell of the Sentencing Table that the facts found mean.

    Parameters
    ----------
    setting
        The law.
    level, category
        As found; None if not known.
    amended_category
        Category with the amendments; None for the same.
    table_range, guideline_range
        As found, before and after statute; None if not known.
    limits
        Statutory minimum and maximum in months.
    less
        Levels the amendments take off the total (zero or negative).
    """
    if level is not None and category is not None:
        return Cell(level, category, True, True, _open_top(setting, level, less))
    least, greatest = setting.manual.level_limits
    low, high = setting.manual.ranges
    found: list[tuple[int, int]] = []
    outcomes = set()
    for c in range(1, len(CATEGORIES) + 1) if category is None else (category,):
        for at in range(least, greatest + 1) if level is None else (min(level, greatest),):
            cell = int(low[at, c]), int(high[at, c])
            if table_range is not None and cell != table_range:
                continue
            if guideline_range is not None and _restricted(cell, limits) != guideline_range:
                continue
            found.append((at, c))
            amended = max(at + less, least)
            column = amended_category or c
            outcomes.add((int(low[amended, column]), int(high[amended, column]), cell))
    if not found:
        return Cell(problem=_problem(setting, level, category, table_range, guideline_range, limits))
    one_level = len({at for at, _ in found}) == 1
    one_category = len({c for _, c in found}) == 1
    at, c = found[0]
    why = _open_top(setting, max(at for at, _ in found), less)
    if len(outcomes) > 1:
        before = {cell for *_, cell in outcomes}
        if len(before) > 1:
            why = "table_range_months"
        else:
            why = "total_offense_level" if one_category else "criminal_history_category"
    return Cell(at, c, one_level, one_category, why)


def _open_top(setting: Setting, level: int, less: int) -> str:
    """A total recorded as 43 may have been more."""
    if less and level == setting.manual.level_limits[1]:
        return f"base_offense_level and adjustments (a level above {level} counts as {level})"
    return ""


def _restricted(cell: Range, limits: Range) -> Range:
    """§5G1.1 on one range; the rule itself works on arrays."""
    low, high = cell
    least, most = limits
    return min(max(low, least), most), max(min(high, most), least)


def _problem(
    setting: Setting,
    level: int | None,
    category: int | None,
    table_range: Range | None,
    guideline_range: Range | None,
    limits: Range,
) -> str:
    edition = setting.manual.editions["sentencing_table"]
    known = []
    if level is not None:
        known.append(f"total_offense_level {level}")
    if category is not None:
        known.append(f"criminal_history_category {CATEGORIES[category - 1]}")
    if table_range is not None:
        known.append(f"table_range_months {shown(table_range)}")
    if guideline_range is not None:
        known.append(f"guideline_range_months {shown(guideline_range)}")
        known.append(f"statutory limits {shown(limits)}")
    wanted = table_range or guideline_range or (0, 0)
    low, high = setting.manual.ranges
    cells = {
        (int(low[at, c]), int(high[at, c])) for at in range(1, low.shape[0]) for c in range(1, low.shape[1])
    }
    near = min(cells, key=lambda cell: (abs(cell[0] - wanted[0]) + abs(cell[1] - wanted[1]), cell))
    kind = "after the statutory limits " if table_range is None else ""
    return (
        f"§5A edition {edition}: no cell of the Sentencing Table {kind}gives {', '.join(known)}; "
        f"the nearest range is {shown(near)}"
    )


def shown(months: Range) -> str:
    """A range in words.

    >>> shown((360, LIFE)), shown((97, 121))
    ('360-life', '97-121')
    """
    low, high = ("life" if month >= LIFE else str(month) for month in months)
    return low if low == high else f"{low}-{high}"
