"""The inner loop of sampling, compiled; the same bits as the NumPy path. Needs numba, the extra `fast`."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.docket import BUCKETS, Docket

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def tally(
    docket: Docket,
    unit: FloatArray,
    place: IntArray,
    rates: FloatArray,
    some: slice,
    into: tuple[IntArray, ...],
) -> None:
    """Add one history of some people; arguments as for the NumPy path in `sim.sample`."""
    _loop(
        unit,
        place,
        rates,
        docket.district[some],
        docket.group[some],
        docket.granted[some],
        docket.denied[some],
        docket.on_day_one[some],
        docket.decided,
        docket.buckets[0],
        docket.day_one_month,
        *into,
    )


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _loop(
    unit: FloatArray,
    place: IntArray,
    rates: FloatArray,
    district: IntArray,
    group: IntArray,
    granted: IntArray,
    denied: IntArray,
    on_day_one: NDArray[np.bool_],
    decided: FloatArray,
    first: IntArray,
    day_one_month: int,
    releases: IntArray,
    bed_months: IntArray,
    first_day: IntArray,
) -> None:
    months = len(decided)
    for k in range(len(place)):
        rate = rates[district[k]]
        if unit[place[k]] >= rate:
            continue
        share = unit[place[k]] / rate
        arrival = first[int(share * BUCKETS)]
        while arrival < months and decided[arrival] <= share:
            arrival += 1
        month = min(max(granted[k], arrival), denied[k])
        releases[group[k], month] += 1
        releases[group[k], denied[k]] -= 1
        if denied[k] < months - 1:  # a life term has no length
            bed_months[group[k]] += denied[k] - month
        if on_day_one[k] and arrival <= day_one_month:
            first_day[group[k]] += 1
