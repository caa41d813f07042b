"""Histories drawn at random: for rules that depend on what happened before, and to check the exact answer.

Every draw is addressed by seed, purpose, replicate and person: chunks, threads and engine change nothing, and
courts with other rules meet the same people with the same luck.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.base.errors import SimulationError
from sim.base.streams import uniforms_between
from sim.courts.courts import Courts
from sim.courts.docket import FIRST_MOTION, Docket
from sim.courts.motions import history

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

CHUNK = 1 << 16
"""People worked on at a time; no result depends on it."""


@dataclass(frozen=True)
class Sampled:
    """Counts of each history; the last group is all together.

    Attributes
    ----------
    releases
        Releases in each month, shape (replicates, groups + 1, months); the last month stands for never.
    bed_months
        Months in prison spared, life terms left out, shape (replicates, groups + 1).
    first_day
        Releases on the first day that orders take effect, shape (replicates, groups + 1).
    """

    releases: IntArray
    bed_months: IntArray
    first_day: IntArray

    @property
    def left(self) -> IntArray:
        """Releases up to the end of each month, same shape as `releases`."""
        return np.cumsum(self.releases, axis=2)

    def quantiles(
        self, quantity: Literal["releases", "left", "bed_months", "first_day"], chance: FloatArray
    ) -> FloatArray:
        """Quantiles over the histories, shape (points, groups + 1[, months])."""
        found: FloatArray = np.quantile(getattr(self, quantity), chance, axis=0)
        return found


def sample(
    docket: Docket,
    seed: int,
    replicates: int,
    *,
    courts: Courts | None = None,
    first: int = 0,
    workers: int = 1,
    chunk: int = CHUNK,
) -> Sampled:
    """Draw histories.

    Parameters
    ----------
    docket
        Who waits (`sim.courts.docket.Docket.of`).
    seed
        Decides every draw.
    replicates
        How many histories.
    courts
        Rules that depend on the past; none if left out.
    first
        Number of the first history, so that more can be added to those already drawn.
    workers
        Threads.
    chunk
        People worked on at a time.

    Returns
    -------
    Sampled
        Counts of each history.

    Raises
    ------
    SimulationError
        No history asked for.
    """
    rules = courts or Courts()
    if replicates < 1 or workers < 1 or chunk < 1:
        raise SimulationError(
            f"sample: replicates, workers and chunk are whole numbers from 1 on, "
            f"not {replicates}, {workers} and {chunk}"
        )
    groups, months = docket.without.shape
    out = Sampled(
        np.zeros((replicates, groups + 1, months), np.int64),
        np.zeros((replicates, groups + 1), np.int64),
        np.zeros((replicates, groups + 1), np.int64),
    )

    def one(number: int) -> None:
        into = (out.releases[number], out.bed_months[number], out.first_day[number])
        if rules.plain:
            _independent(docket, seed, first + number, chunk, into)
        else:
            path = history(docket, rules, seed, first + number)
            _count(docket, path.arrival, slice(None), into)
        for each in into:
            each[-1] = each[:-1].sum(axis=0)

    if workers == 1:
        for number in range(replicates):
            one(number)
    else:
        with ThreadPoolExecutor(workers) as pool:
            for done in pool.map(one, range(replicates)):
                assert done is None
    return out


def _independent(docket: Docket, seed: int, replicate: int, chunk: int, into: tuple[IntArray, ...]) -> None:
    """One history of courts without memory: one number a person decides whether and when."""
    rates = docket.court.filing_rate * docket.rates(seed, replicate)
    into[0][:-1] += docket.without
    for begin in range(0, len(docket.person), chunk):
        some = slice(begin, begin + chunk)
        person = docket.person[some]
        first = int(person[0])
        unit = uniforms_between(seed, FIRST_MOTION, first, int(person[-1]) + 1, replicate)[person - first]
        rate = rates[docket.district[some]]
        rows = np.flatnonzero(unit < rate)
        arrival = docket.arrival(unit[rows] / rate[rows], docket.granted[some][rows])
        _move(docket, rows + begin, arrival, into)


def _move(docket: Docket, rows: IntArray, arrival: IntArray, into: tuple[IntArray, ...]) -> None:
    """Move the granted from the month if denied to that of the order."""
    groups, months = docket.without.shape
    granted, denied, group = docket.granted[rows], docket.denied[rows], docket.group[rows]
    month = np.minimum(np.maximum(granted, arrival), denied)
    releases, bed_months, first_day = into
    place = group * months
    moved = np.bincount(place + month, minlength=groups * months)
    moved -= np.bincount(place + denied, minlength=groups * months)
    releases[:-1] += moved.reshape(groups, months)
    spared = np.where(denied < months - 1, denied - month, 0)  # a life term has no length
    bed_months[:-1] += np.bincount(group, spared, groups).astype(np.int64)
    first = docket.on_day_one[rows] & (arrival <= docket.day_one_month)
    first_day[:-1] += np.bincount(group[first], minlength=groups)


def _count(docket: Docket, arrival: IntArray, some: slice, into: tuple[IntArray, ...]) -> None:
    into[0][:-1] += docket.without
    rows = np.flatnonzero(arrival < docket.without.shape[1])
    _move(docket, rows, arrival[rows], into)
