"""Sampling of courts without memory, compiled: the same bits as the NumPy path. Needs the extra `fast`."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.docket import BUCKETS, FIRST_MOTION, Docket
from sim.streams import words_between

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def tally(docket: Docket, seed: int, replicate: int, chunk: int, into: tuple[IntArray, ...]) -> None:
    """Add one history; arguments as for the NumPy path in `sim.sample`."""
    groups, months = docket.without.shape
    rates, packed = docket.rates(seed, replicate), docket.packed
    found = np.zeros((2 * groups, months), np.int64)
    first_day = np.zeros(groups, np.int64)
    for begin in range(0, len(docket.person), chunk):
        some = slice(begin, begin + chunk)
        person = docket.person[some]
        first = int(person[0])
        words = words_between(seed, FIRST_MOTION, first, int(person[-1]) + 1, replicate)
        _loop(
            words,
            person,
            first,
            packed[some],
            rates,
            docket.decided,
            docket.buckets[0],
            docket.day_one_month,
            found,
            first_day,
        )
    moved = found - docket.if_denied
    into[0][:-1] += docket.without + moved[:groups] + moved[groups:]
    into[1][:-1] -= moved[:groups] @ np.arange(months)  # a life term has no length
    into[2][:-1] += first_day


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _loop(
    words: NDArray[np.uint64],
    person: IntArray,
    start: int,
    packed: IntArray,
    rates: FloatArray,
    decided: FloatArray,
    first: IntArray,
    day_one_month: int,
    found: IntArray,
    first_day: IntArray,
) -> None:
    months = len(decided)
    for k in range(len(person)):
        unit = (words[person[k] - start] >> np.uint64(11)) * 2.0**-53
        code = packed[k]
        denied = code & 4095
        month = denied
        rate = rates[(code >> 24) & 4095]
        if unit < rate:
            share = unit / rate
            arrival = first[int(share * BUCKETS)]
            while arrival < months and decided[arrival] <= share:
                arrival += 1
            month = min(max((code >> 12) & 4095, arrival), denied)
            if code < 0 and arrival <= day_one_month:
                first_day[((code >> 36) & 4095) % len(first_day)] += 1
        found[(code >> 36) & 4095, month] += 1
