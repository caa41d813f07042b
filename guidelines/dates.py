"""Days and months as arrays. NumPy works each one out by the calendar; few of many are different."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

DateArray = NDArray[np.datetime64]

NONE = np.iinfo(np.int64).min
"""How NumPy writes a date that is none."""
FEW = 64
"""Dates that are not worth a table."""


def as_unit(dates: DateArray, unit: Literal["D", "M"]) -> DateArray:
    """The month of each day, or the first day of each month: ``dates.astype("datetime64[unit]")``.

    Every date between the earliest and the latest is worked out once, where that is less work.

    Examples
    --------
    >>> as_unit(np.array(["2015-11-30", "NaT"], dtype="datetime64[D]"), "M").astype(str).tolist()
    ['2015-11', 'NaT']
    """
    wanted = f"datetime64[{unit}]"
    if dates.size < FEW:
        return dates.astype(wanted)
    number = dates.astype(np.int64)
    none = number == NONE
    least, most = int(number.min()), int(number.max())
    if least == NONE:
        if none.all():
            return dates.astype(wanted)
        least = int(number[~none].min())
    if most - least >= dates.size:
        return dates.astype(wanted)
    table = np.arange(least, most + 1).astype(dates.dtype).astype(wanted)
    found: DateArray = table[np.maximum(number, least) - least]
    if none.any():
        found[none] = np.datetime64("NaT")
    return found
