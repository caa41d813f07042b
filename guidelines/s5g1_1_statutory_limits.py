"""§5G1.1: the statutory minimum and maximum against the range. §5G1.2(b): on several counts alike."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from guidelines.arrays import IntArray, refuse, whole_numbers
from guidelines.tables import LIFE


def restrict_range(
    minimum_months: ArrayLike,
    maximum_months: ArrayLike,
    statutory_minimum_months: ArrayLike,
    statutory_maximum_months: ArrayLike,
) -> tuple[IntArray, IntArray]:
    """The guideline range within the statutory limits.

    A maximum below the whole range, or a minimum above it, is the guideline sentence (§5G1.1(a), (b));
    otherwise the range is trimmed (§5G1.1(c)). On several counts pass the highest minimum (a minimum on
    any count restricts all) and the maximum the court worked with (the sum where it stacked counts,
    §5G1.2(d)).

    Parameters
    ----------
    minimum_months, maximum_months
        Range of the Sentencing Table, shape (people,).
    statutory_minimum_months
        0 for none.
    statutory_maximum_months
        `LIFE` for life.

    Returns
    -------
    tuple of IntArray
        Minimum and maximum in months, shape (people,).

    Raises
    ------
    ContradictoryFacts, ImpossibleValue
        A statutory minimum above the statutory maximum; months outside 0-LIFE.

    Examples
    --------
    >>> [m.tolist() for m in restrict_range([51, 41, 51], [63, 51, 63], [0, 60, 0], [48, LIFE, 60])]
    [[48, 60, 51], [48, 60, 60]]
    """
    least = whole_numbers(statutory_minimum_months, "§5G1.1 statutory minimum in months", 0, LIFE)
    most = whole_numbers(statutory_maximum_months, "§5G1.1 statutory maximum in months", 0, LIFE)
    refuse(
        least > most, least, "§5G1.1 statutory minimum above the statutory maximum", "give a minimum up to it"
    )
    low = np.asarray(minimum_months)
    high = np.asarray(maximum_months)
    lowest: IntArray = np.minimum(np.maximum(low, least), most).astype(np.int32, copy=False)
    highest: IntArray = np.maximum(np.minimum(high, most), least).astype(np.int32, copy=False)
    return lowest, highest
