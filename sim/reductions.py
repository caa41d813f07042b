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
from guidelines.rules import Rules
from guidelines.s1b1_1_worksheet import Worksheet
from guidelines.s1b1_10_retroactivity import Reduction, reduction

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


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

    def only(self, allowed: BoolArray) -> Cut:
        """The same, with nobody eligible outside `allowed`."""
        eligible = self.eligible & allowed
        reduced = np.where(eligible, self.reduced_term_months, self.imposed_term_months)
        return Cut(self.law, eligible, self.imposed_term_months, reduced)


def cut_terms(
    before: Worksheet, after: Worksheet, amendments: Sequence[Amendment], rules: Rules | None = None
) -> Cut:
    """§1B1.10 and the court's usual extent.

    Parameters
    ----------
    before
        Worksheet under the Manual people were last measured against, its facts with the present term.
    after
        The same with the listed change alone (`guidelines.amended_worksheet`).
    amendments
        What was put in.
    rules
        Switches for the doubtful points.
    """
    law = reduction(before, after, tuple(amendments), rules)
    present = np.asarray(before.facts["imposed_term_months"], np.int64)
    reduced = same_place(present, before, law)
    eligible = law["eligible"] & (reduced < present)
    return Cut(law, eligible, present, np.where(eligible, reduced, present))


def same_place(present: IntArray, before: Worksheet, law: Reduction) -> IntArray:
    """The term as far from the amended range as the present one is from the old, never under the floor.

    A term is moved in proportion to the minimum of its range, to the nearest month; one of life, to the
    amended minimum.
    """
    moved = same_place_in_range(
        present, before["guideline_range_minimum_months"], law["amended_range_minimum_months"]
    )
    return np.asarray(np.minimum(np.maximum(moved, law["floor_months"]), present), np.int64)


def same_place_in_range(
    present: IntArray, old_minimum_months: NDArray[np.generic], new_minimum_months: NDArray[np.generic]
) -> IntArray:
    """Terms moved in proportion to the minimum of their range, never longer, shape (people,)."""
    old, new = np.asarray(old_minimum_months, np.float64), np.asarray(new_minimum_months, np.float64)
    share = np.divide(new, old, out=np.ones_like(new), where=(old > 0) & (old < LIFE) & (new < LIFE))
    moved = np.where((present >= LIFE) | (old >= LIFE), new, np.floor(present * share + 0.5))
    return np.minimum(moved, present).astype(np.int64)
