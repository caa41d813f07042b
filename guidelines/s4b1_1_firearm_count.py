"""§4B1.1(c): the range of a career offender who also stands convicted under 18 U.S.C. 924(c) or 929(a).

From 1 November 2002 (Amendment 642). Before, such a count neither makes a career offender nor sets the level.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from guidelines.arrays import IntArray, whole_numbers
from guidelines.facts import Facts
from guidelines.manual import Manual
from guidelines.tables import LIFE, months


def counted_firearm_term(facts: Facts, manual: Manual) -> IntArray:
    """The firearm term in months where §4B1.1(c) puts it into the range, else 0, shape (people,)."""
    if not manual.has("career_offender_firearm"):
        return np.zeros(facts.people, dtype=np.int32)
    term: IntArray = np.where(facts["career_offender"], facts["firearm_term_months"], 0).astype(np.int32)
    return term


def range_with_firearm_count(
    minimum_months: ArrayLike,
    maximum_months: ArrayLike,
    acceptance: ArrayLike,
    firearm_term_months: ArrayLike,
    manual: Manual,
    *,
    only_count: bool = False,
) -> tuple[IntArray, IntArray]:
    """Range of all counts together, §4B1.1(c)(2); of the firearm count alone, (c)(1).

    Of the table of (c)(3) and the other counts' range with the firearm term added to both ends, the one with
    the greater minimum.

    Parameters
    ----------
    minimum_months, maximum_months
        The other counts' range of the Sentencing Table, shape (people,); ignored with `only_count`.
    acceptance
        Levels taken off under §3E1.1: 0, -2 or -3.
    firearm_term_months
        Mandatory consecutive term in months; 0 for no such count, which leaves the range as it is.
    manual
        The edition.
    only_count
        The firearm count is the only one.

    Examples
    --------
    >>> manual = Manual.on("2013-11-01")
    >>> [int(m[0]) for m in range_with_firearm_count([151], [188], [-3], [60], manual)]
    [262, 327]
    >>> [int(m[0]) for m in range_with_firearm_count([292], [365], [-3], [60], manual)]
    [352, 425]
    """
    least, most = np.asarray(minimum_months), np.asarray(maximum_months)
    term = whole_numbers(firearm_term_months, "§4B1.1(c) firearm_term_months", 0, LIFE)
    levels = whole_numbers(acceptance, "§4B1.1(c)(3) acceptance", -3, 0)
    rows = {
        int(row["acceptance"]): (months(row["minimum_months"]), months(row["maximum_months"]))
        for row in manual.table("career_offender_firearm").verified
    }
    steps = np.array([rows.get(-size, (0, 0)) for size in range(max(-level for level in rows) + 1)])
    table = steps[-levels].astype(np.int32)
    together = np.minimum(least + term, LIFE), np.minimum(most + term, LIFE)
    by_table = (term > 0) & (only_count | (table[..., 0] > together[0]))
    low: IntArray = np.where(by_table, table[..., 0], together[0]).astype(np.int32)
    high: IntArray = np.where(by_table, table[..., 1], together[1]).astype(np.int32)
    return low, high


def other_counts_range(
    minimum_months: IntArray, maximum_months: IntArray, firearm_term_months: IntArray
) -> tuple[IntArray, IntArray]:
    """What a range of all counts leaves for the others: the firearm term runs after it (§5G1.2(e))."""

    def less(end: IntArray) -> IntArray:
        return np.where(end >= LIFE, end, np.maximum(end - firearm_term_months, 0)).astype(np.int32)

    return less(minimum_months), less(maximum_months)
