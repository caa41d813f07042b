"""Which minimum lies behind a term inside its range, where the file tells the term alone."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from guidelines import LIFE
from guidelines.manual import Manual
from guidelines.usc21_841_mandatory_minimum import statutory_limits
from sim.base.arrays import FloatArray, IntArray

STEPS = 200
"""Steps of expectation and maximisation; the shares have long stopped moving by then."""


@lru_cache(maxsize=1)
def possible_ranges() -> tuple[IntArray, IntArray]:
    """Every minimum the sentencing table or a drug statute can give, and the highest maximum beside it.

    Months, `LIFE` for life, shape (ranges,) each, in order of the minimum.
    """
    low, high = (grid[1:, 1:].ravel().astype(np.int64) for grid in Manual.on("2013-11-01").ranges[:2])
    statute, _ = statutory_limits("2013-11-01")
    minimum = np.array(sorted({*low.tolist(), *statute}), np.int64)
    reach = (low <= minimum[:, None]) & (high >= minimum[:, None])
    exact = low == minimum[:, None]
    reach = np.where(exact.any(axis=1)[:, None], exact, reach)
    return minimum, np.where(reach, high, 0).max(axis=1)


def minimums_behind(persons: FloatArray, at_minimum_share: float, longest: int) -> FloatArray:
    """People by the minimum of their range, the likeliest split of people by term.

    A term on a possible minimum need not be one: 30 months also lie between 27 and 33. The split is the one
    under which terms drawn the way `sim.people.terms.imposed_terms` draws them come out as they did.

    `persons` holds people within their range by term in months, shape (longest,); terms that are not the
    minimum itself lie evenly up to the maximum, and ranges that end with life end at `longest`. In the
    order of `possible_ranges`; they add up to all of them.
    """
    low, high = possible_ranges()
    last = np.where(high >= LIFE, longest, high)
    term = np.arange(len(persons))[:, None]
    width = np.maximum(last - low, 1)
    chance = at_minimum_share * (term == low)
    chance = chance + (1 - at_minimum_share) * ((term > low) & (term <= last)) / width
    chance[:, low >= LIFE] = 0
    split = np.where(low < LIFE, 1.0, 0.0)
    for _ in range(STEPS):
        joint = chance * split
        share = np.divide(joint, joint.sum(axis=1, keepdims=True), where=joint.any(axis=1)[:, None],
                          out=np.zeros_like(joint))  # fmt: skip
        split = persons @ share
    return np.asarray(split, np.float64)
