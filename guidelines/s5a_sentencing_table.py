"""Chapter Five, Part A: from total offense level and criminal history category to a range of months."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guidelines.arrays import IntArray, refuse, whole_numbers
from guidelines.manual import CATEGORIES, Manual
from guidelines.tables import months


def clamp(level: ArrayLike, manual: Manual) -> IntArray:
    """Levels below 1 are treated as 1, above 43 as 43 (Ch.5 Pt.A n.2)."""
    least, greatest = manual.level_limits
    clamped: IntArray = np.clip(np.asarray(level), least, greatest).astype(np.int32, copy=False)
    return clamped


def guideline_range(
    total_offense_level: ArrayLike, criminal_history_category: ArrayLike, manual: Manual
) -> tuple[IntArray, IntArray]:
    """Range of the Sentencing Table in months, before statute.

    Parameters
    ----------
    total_offense_level
        1-43, shape (people,); clamp first (`clamp`).
    criminal_history_category
        1-6, shape (people,) or one for all.
    manual
        The edition.

    Returns
    -------
    tuple of IntArray
        Minimum and maximum in months, both included; life is `guidelines.LIFE`.

    Raises
    ------
    ImpossibleValue
        A level outside 1-43 or a category outside 1-6; a cell that could not be verified (1987).

    Examples
    --------
    >>> [int(m) for m in guideline_range(15, 3, Manual.on("2016-11-01"))]
    [24, 30]
    """
    section = f"Ch.5 Pt.A edition {manual.label}"
    least, greatest = manual.level_limits
    level = whole_numbers(total_offense_level, f"{section}, total offense level", least, greatest)
    category = whole_numbers(criminal_history_category, f"{section}, category", 1, len(CATEGORIES))
    lowest, highest = manual.ranges
    minimum, maximum = lowest[level, category], highest[level, category]
    refuse(
        maximum == 0,
        np.broadcast_to(level, np.shape(maximum)),
        f"{section}, total offense level",
        "cells of levels 1 to 5 that could not be verified for this grid are not held; give the range found",
    )
    return minimum, maximum


def zone(
    total_offense_level: ArrayLike, criminal_history_category: ArrayLike, manual: Manual
) -> NDArray[np.str_]:
    """Zone A to D of the range, shape (people,).

    Examples
    --------
    >>> str(zone(12, 1, Manual.on("2009-11-01"))), str(zone(12, 1, Manual.on("2011-11-01")))
    ('C', 'C')
    """
    minimum, _ = guideline_range(total_offense_level, criminal_history_category, manual)
    rows = sorted(
        (months(r["minimum_months_at_least"]), r["zone"]) for r in manual.table("sentencing_zones").verified
    )
    begins = np.array([begin for begin, _ in rows])
    return np.array([name for _, name in rows])[np.searchsorted(begins, minimum, side="right") - 1]
