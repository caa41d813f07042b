"""From a total level, a category or a range as found to the cells of the Sentencing Table they may mean."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from guidelines.case.setting import Setting
from guidelines.manual import CATEGORIES
from guidelines.tables import LIFE

Range = tuple[int, int]
NO_LIMITS = (0, LIFE)
YEAR = 12
"""Months; statutes set their limits in whole years."""


class Cell(NamedTuple):
    """A cell of the Sentencing Table a record may mean.

    Attributes
    ----------
    level, category
        Total offense level (above 43 where it may have been more); category, 0 where no range tells it.
    table
        Its range, None where no range was found.
    minimum, maximum
        Statutory limits that the range found shows, beside those stated; 0 and `LIFE` for none.
    """

    level: int
    category: int = 0
    table: Range | None = None
    minimum: int = 0
    maximum: int = LIFE


@lru_cache(maxsize=65536)
def cells_of(
    setting: Setting,
    level: int | None,
    category: int | None,
    table_range: Range | None,
    guideline_range: Range | None,
    minimum: int | None,
    maximum: int | None,
) -> tuple[Cell, ...]:
    """The cells that the facts found allow; none if they contradict each other.

    What is None is not known; statutory limits are in months. The applicable range shows them where no
    cell of the table has it.
    """
    least, top = setting.manual.level_limits
    levels = tuple(range(least, top + 1)) if level is None else (level,)
    if top in levels:
        # A level above 43 counts as 43 and may have been recorded so.
        levels += tuple(range(top + 1, top + 1 - min(setting.row_shifts)))
    if table_range is None and guideline_range is None:
        # Of the first grid not every cell of the lowest levels is held; only a level found is refused for it.
        unheld = np.flatnonzero((setting.manual.ranges[1, least:, 1:] == 0).any(axis=1))
        lowest = unheld[-1] + least + 1 - min(setting.row_shifts) if len(unheld) and level is None else least
        return tuple(Cell(at) for at in levels if at >= lowest)
    categories = tuple(range(1, len(CATEGORIES) + 1)) if category is None else (category,)
    stated = minimum or 0, LIFE if maximum is None else maximum
    found = tuple(_matching(setting, levels, categories, table_range, guideline_range, stated, NO_LIMITS))
    if found or guideline_range is None:
        return found
    low, high = guideline_range
    shown_limits = []
    if minimum is None and (low % YEAR == 0 or low == LIFE):
        shown_limits.append((low, LIFE))
    if maximum is None and high % YEAR == 0:
        shown_limits.append((0, high))
    return tuple(
        cell
        for limits in shown_limits
        for cell in _matching(setting, levels, categories, table_range, guideline_range, stated, limits)
    )


def _matching(
    setting: Setting,
    levels: tuple[int, ...],
    categories: tuple[int, ...],
    table_range: Range | None,
    guideline_range: Range | None,
    stated: Range,
    more: Range,
) -> Iterator[Cell]:
    low, high = setting.manual.ranges
    top = setting.manual.level_limits[1]
    limits = max(stated[0], more[0]), min(stated[1], more[1])
    for category in categories:
        for level in levels:
            cell = int(low[min(level, top), category]), int(high[min(level, top), category])
            if table_range is not None and cell != table_range:
                continue
            if guideline_range is not None and _restricted(cell, limits) != guideline_range:
                continue
            yield Cell(level, category, cell, *more)


def _restricted(cell: Range, limits: Range) -> Range:
    """§5G1.1 on one range; the rule itself works on arrays."""
    low, high = cell
    least, most = limits
    return min(max(low, least), most), max(min(high, most), least)


def no_cell(
    setting: Setting,
    level: int | None,
    category: int | None,
    table_range: Range | None,
    guideline_range: Range | None,
    limits: Range,
) -> str:
    """Why no cell of the table fits, with the nearest range."""
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
    wanted = table_range or guideline_range
    assert wanted is not None  # else every level has its cell
    low, high = setting.manual.ranges
    levels = range(1, low.shape[0]) if level is None else (min(level, low.shape[0] - 1),)
    columns = range(1, low.shape[1]) if category is None else (category,)
    cells = {(int(low[at, c]), int(high[at, c])) for at in levels for c in columns}
    near = min(cells, key=lambda cell: (abs(cell[0] - wanted[0]) + abs(cell[1] - wanted[1]), cell))
    kind = "after the statutory limits " if table_range is None else ""
    return (
        f"§5A edition {edition}: no cell of the Sentencing Table {kind}gives {', '.join(known)}; "
        f"the nearest range is {shown(near)}"
    )


def month(months: int | str) -> int | str:
    """Months as they are shown: life as a word."""
    return "life" if months == "life" or int(months) >= LIFE else months


def shown(months: Range) -> str:
    """A range in words.

    >>> shown((360, LIFE)), shown((97, 121))
    ('360-life', '97-121')
    """
    low, high = (str(month(end)) for end in months)
    return low if low == high else f"{low}-{high}"
