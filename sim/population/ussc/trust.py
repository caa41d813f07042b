"""How many of the ranges a datafile records the library's Sentencing Table gives."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from guidelines import tables
from guidelines.manual import Manual
from guidelines.s4b1_1_firearm_count import range_with_firearm_count
from guidelines.s5a_sentencing_table import guideline_range
from sim.population.ussc.fields import Fields

TOP_LEVEL = 43
FIRST_NAMED = 20


@dataclass
class Trust:
    """Recorded ranges held against the Sentencing Table.

    Attributes
    ----------
    compared, equal
        Ranges with level and category, and those the library recomputes.
    others
        The first that differ: case, level, category, recorded range.
    """

    compared: int = 0
    equal: int = 0
    others: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Share recomputed; NaN where nothing could be compared."""
        return self.equal / self.compared if self.compared else float("nan")

    def __str__(self) -> str:
        """One line."""
        if not self.compared:
            return "Ranges recomputed: none recorded (XMINSOR, XMAXSOR)"
        share = 100 * self.share
        return f"Ranges recomputed: {self.equal:,} of {self.compared:,} recorded ({share:.1f} percent)"

    def add(self, fields: Fields, case: np.ndarray, year: int) -> None:
        """Compare the rows that have level, category and both ends."""
        fields = fields.quiet()
        level, category = fields.number("total_offense_level"), fields.number("criminal_history_category")
        low, high = fields.number("table_minimum_months"), fields.number("table_maximum_months")
        rows = np.flatnonzero((level >= 1) & (category >= 1) & (category <= 6) & (low >= 0) & (high >= 0))
        if not len(rows):
            return
        manual = Manual.on(max(f"{year - 1}-11-01", tables.editions("drug_quantity")[0]))
        level, category = level[rows].astype(np.int64), category[rows].astype(np.int64)
        low, high = low[rows].astype(np.int64), high[rows].astype(np.int64)
        found = guideline_range(np.minimum(level, TOP_LEVEL), category, manual)
        same = (found[0] == low) & (found[1] == high)
        if not same.all() and manual.has("career_offender_firearm"):
            same |= _career(fields, rows, low, high, manual)
        self.compared += len(rows)
        self.equal += int(same.sum())
        for row in np.flatnonzero(~same)[: max(FIRST_NAMED - len(self.others), 0)]:
            told = f"level {level[row]}, category {category[row]}, recorded {low[row]}-{high[row]}"
            self.others.append(f"{case[rows[row]]}: {told}")


def _career(
    fields: Fields, rows: np.ndarray, low: np.ndarray, high: np.ndarray, manual: Manual
) -> np.ndarray:
    """Rows whose range is that of §4B1.1(c)(3); where the file does not say who they are, by the range."""
    if fields.variables("career_firearm_table"):
        told = fields.is_yes("career_firearm_table")[rows]
    else:
        told = np.ones(len(rows), np.bool_)
    same = np.zeros(len(rows), np.bool_)
    for acceptance in (0, -2, -3):
        nothing = np.zeros(1, np.int64)
        one = range_with_firearm_count(
            nothing, nothing, np.array([acceptance]), np.array([1]), manual, only_count=True
        )
        same |= (low == one[0]) & (high == one[1])
    return np.asarray(same & told)
