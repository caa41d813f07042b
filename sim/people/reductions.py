"""A retroactive amendment applied to people: what §1B1.10 allows each, and the term a court would set.

The law decides who is eligible and how low a court may go (`guidelines`). How far a court goes is its own
choice; here it keeps the person's place relative to the range, as the Commission's own forecasts do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from guidelines import LIFE
from guidelines.amendments import Amendment
from guidelines.s1b1_1_worksheet import Worksheet
from guidelines.s1b1_10_retroactivity import Reduction, reduction
from guidelines.s1b1_10_rules import Rules
from sim.base.arrays import BoolArray, IntArray

Range = tuple[NDArray[np.generic], NDArray[np.generic]]
"""Minimum and maximum in months, shape (people,) each."""


@dataclass(frozen=True)
class Cut:
    """What the law allows and what a court would do; every column has shape (people,).

    Attributes
    ----------
    law
        Code, range and floor of §1B1.10.
    eligible
        Whether the law allows a cut and the court's usual one would shorten the term.
    imposed_term_months, reduced_term_months
        Present term, and the term if granted (the present one where not eligible).
    """

    law: Reduction
    eligible: BoolArray
    imposed_term_months: IntArray
    reduced_term_months: IntArray

    @property
    def months(self) -> IntArray:
        """Months cut if granted; a life term that becomes finite has no such number and counts as 0."""
        cut: IntArray = self.imposed_term_months - self.reduced_term_months
        return np.where(self.imposed_term_months >= LIFE, 0, cut)

    def partly(self, part: NDArray[np.float64]) -> Cut:
        """The same with such a part of each cut, to the nearest month and never none of it, shape (people,).

        A life term that becomes finite becomes so whole.
        """
        some = np.maximum(np.floor(part * self.months + 0.5), 1.0).astype(np.int64)
        less = np.where(self.months > 0, self.imposed_term_months - some, self.reduced_term_months)
        return Cut(self.law, self.eligible, self.imposed_term_months, less)

    def only(self, allowed: BoolArray) -> Cut:
        """The same, with nobody eligible outside `allowed`."""
        eligible = self.eligible & allowed
        reduced = np.where(eligible, self.reduced_term_months, self.imposed_term_months)
        return Cut(self.law, eligible, self.imposed_term_months, reduced)


def cut_terms(
    before: Worksheet, after: Worksheet, amendments: Sequence[Amendment], rules: Rules | None = None
) -> Cut:
    """§1B1.10 and the court's usual extent.

    `before` is the worksheet under the Manual people were last measured against, with the present term;
    `after` has the listed change alone (`guidelines.amended_worksheet`).
    """
    law = reduction(before, after, tuple(amendments), rules)
    present = np.asarray(before.facts["imposed_term_months"], np.int64)
    reduced = same_place(present, before, law)
    eligible = law["eligible"] & (reduced < present)
    return Cut(law, eligible, present, np.where(eligible, reduced, present))


def same_place(present: IntArray, before: Worksheet, law: Reduction) -> IntArray:
    """The term at the same place relative to the amended range, never under the floor, shape (people,)."""
    moved = same_place_in_range(
        present,
        (before["guideline_range_minimum_months"], before["guideline_range_maximum_months"]),
        (law["amended_range_minimum_months"], law["amended_range_maximum_months"]),
    )
    return np.asarray(np.minimum(np.maximum(moved, law["floor_months"]), present), np.int64)


def same_place_in_range(present: IntArray, old: Range, new: Range, elasticity: float = 1.0) -> IntArray:
    """Terms moved with the minimum of their range, to the nearest month and never longer.

    A term inside the old range stays inside the new one: where a statutory minimum holds the minimum of the
    range up, its maximum alone comes down. Life in a range that ends with life goes where that range ends;
    life as the only term of a range, to the new minimum; life above the range stays.

    A term changes by `elasticity` percent for each percent the minimum does.
    """
    (old_low, old_high), (new_low, new_high) = (
        [np.asarray(end, np.float64) for end in ends] for ends in (old, new)
    )
    finite = (old_low > 0) & (old_low < LIFE) & (new_low < LIFE)
    share = np.divide(new_low, old_low, out=np.ones_like(new_low), where=finite)
    moved = np.floor(present * share**elasticity + 0.5)
    moved = np.where((present >= old_low) & (present <= old_high), np.minimum(moved, new_high), moved)
    for_life = np.select([old_low >= LIFE, old_high >= LIFE], [new_low, new_high], LIFE)
    moved = np.where(present >= LIFE, for_life, moved)
    return np.minimum(moved, present).astype(np.int64)
