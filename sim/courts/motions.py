"""One history of all motions: filed, queued, decided, denied and filed again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy.special import expit, ndtri

from sim.base.arrays import BoolArray, FloatArray, IntArray
from sim.base.streams import uniforms
from sim.courts.courts import DAYS_A_WEEK, Courts, decided_days
from sim.courts.decisions import Decisions, chance
from sim.eligibility.calendar import ReleaseDates

NEVER = np.iinfo(np.int64).max // 4
"""A day after every other."""


@dataclass(frozen=True)
class Docket:
    """Who waits for a decision: the eligible people of a stock.

    Attributes
    ----------
    person
        Address of each one's draws, shape (eligible,).
    district, granted, denied
        District, month if granted and month if denied, shape (eligible,).
    court
        Chances of each step.
    starts
        First day of each month, counted from that of the first month, shape (months,).
    first_decision
        Day from which courts may decide, counted alike.
    districts
        Number of districts.
    """

    person: IntArray
    district: IntArray
    granted: IntArray
    denied: IntArray
    court: Decisions
    starts: IntArray
    first_decision: int
    districts: int

    @classmethod
    def of(cls, dates: ReleaseDates, district: IntArray, court: Decisions, effective: date | str) -> Docket:
        """The docket of a stock: `district` has shape (people,), courts may decide from `effective` on."""
        first_month = dates.day_one.astype("datetime64[M]") - dates.day_one_month
        starts = (first_month + np.arange(dates.never + 1)).astype("datetime64[D]")
        rows = np.flatnonzero(dates.eligible)
        return cls(
            person=rows,
            district=district[rows],
            granted=dates.month_if_granted[rows],
            denied=dates.month_if_denied[rows],
            court=court,
            starts=(starts - starts[0]).astype(np.int64),
            first_decision=int((np.datetime64(str(effective)) - starts[0]).astype(np.int64)),
            districts=int(district.max(initial=0)) + 1,
        )

    def rates(self, seed: int, replicate: int) -> FloatArray:
        """Share of the motions of eligible people that each district grants in one history, (districts,)."""
        unit = uniforms(seed, "courts/approval rate", np.arange(self.districts), replicate)
        spread = self.court.spread
        found: FloatArray = expit(self.court.log_odds + np.where(spread > 0, spread * ndtri(unit), 0.0))
        return np.broadcast_to(found, self.districts)

    def arrival(self, unit: FloatArray, granted: IntArray) -> IntArray:
        """First month at whose beginning a decision is there, from a uniform; the number of months for never.

        The month if granted decides who is in front.
        """
        return np.searchsorted(
            self.court.hazard, -np.log1p(-unit) / self.court.weight[granted], side="right"
        ).astype(np.int64)

    def day_of(self, unit: FloatArray, arrival: IntArray, granted: IntArray) -> IntArray:
        """Day of the decision behind what `arrival` made of a number, `NEVER` for never, same shape.

        Within the month before the arrival every day is as likely as the other.
        """
        ends = np.clip(arrival, 1, len(self.starts) - 1)
        weight = self.court.weight[granted]
        low, high = (chance(self.court.hazard[end], weight) for end in (ends - 1, ends))
        share = np.divide(unit - low, high - low, out=np.zeros_like(unit), where=high > low)
        begins, length = self.starts[ends - 1], self.starts[ends] - self.starts[ends - 1]
        within = np.minimum(np.floor(np.clip(share, 0.0, 1.0) * length).astype(np.int64), length - 1)
        day = np.where(arrival > 0, begins + within, self.first_decision)
        day = np.maximum(day, self.first_decision)
        return np.where(arrival < len(self.starts), day, NEVER)


@dataclass(frozen=True)
class History:
    """Motions of one history; days count from the first day of the month of the reference day.

    Attributes
    ----------
    filed, decided
        Days on which each motion is filed and decided, `NEVER` for none; shape (motions, eligible).
    granted
        Whether it is granted, same shape.
    arrival
        First month at whose beginning an order is there; the number of months for never, shape (eligible,).
    """

    filed: IntArray
    decided: IntArray
    granted: BoolArray
    arrival: IntArray


def history(docket: Docket, courts: Courts, seed: int, replicate: int) -> History:
    """Draw one history."""
    rates = docket.rates(seed, replicate)[docket.district]
    capacity = courts.capacities(docket.districts)
    rounds = 1 if courts.plain else courts.motions
    draws = [_draw(docket, rates, courts, seed, replicate, k) for k in range(rounds)]
    ready = np.full((rounds, len(docket.person)), NEVER)
    ready[0] = draws[0].ready
    while True:
        decided = ready if capacity is None else _queued(ready, docket, capacity)
        changed = ready.copy()
        for k in range(1, rounds):
            changed[k] = _ready_again(docket, courts, draws[k - 1], draws[k], decided[k - 1])
        # A second motion is ready a week or more after the first is decided, so each round settles one more
        # week of every court for good, and in the end nothing changes.
        if np.array_equal(changed, ready):
            break
        ready = changed
    return _told(docket, draws, ready, decided)


@dataclass(frozen=True)
class _Draws:
    """One motion of each person: when it would be ready, for good or ill, and whether it is filed at all."""

    ready: IntArray
    arrival: IntArray
    granted: BoolArray
    again: BoolArray
    filing: FloatArray


def _draw(docket: Docket, rates: FloatArray, courts: Courts, seed: int, replicate: int, k: int) -> _Draws:
    unit = uniforms(seed, f"courts/motion {k + 1}", docket.person, replicate)
    asks = 1.0 if k else docket.court.filing_rate  # who has asked once may ask again
    granted, filed = unit < asks * rates, unit < asks
    with np.errstate(divide="ignore", invalid="ignore"):
        delay = np.where(granted, unit / (asks * rates), (unit - asks * rates) / (asks * (1 - rates)))
    delay = np.clip(np.where(filed, delay, 0.0), 0.0, np.nextafter(1.0, 0.0))
    arrival = docket.arrival(delay, docket.granted)
    ready = np.where(filed, docket.day_of(delay, arrival, docket.granted), NEVER)
    again = uniforms(seed, f"courts/filing again {k + 1}", docket.person, replicate) < courts.refiling_share
    filing = uniforms(seed, f"courts/filing {k + 1}", docket.person, replicate)
    return _Draws(ready, arrival, granted, again, filing)


def _ready_again(docket: Docket, courts: Courts, last: _Draws, this: _Draws, decided: IntArray) -> IntArray:
    """Day from which the next motion could be decided; `NEVER` for those who file none."""
    filed = decided + courts.refiling_weeks * DAYS_A_WEEK
    files = last.again & ~last.granted & (decided < NEVER) & (this.ready < NEVER)
    files &= filed < docket.starts[docket.denied]
    return np.where(files, filed + this.ready - docket.first_decision, NEVER)


def _queued(ready: IntArray, docket: Docket, capacity: IntArray) -> IntArray:
    decided = np.full(ready.shape, NEVER)
    motion, person = np.nonzero(ready < NEVER)
    decided[motion, person] = decided_days(
        ready[motion, person], docket.person[person], docket.district[person], capacity
    )
    return decided


def _told(docket: Docket, draws: list[_Draws], ready: IntArray, decided: IntArray) -> History:
    filed = np.full(ready.shape, NEVER)
    granted = np.zeros(ready.shape, np.bool_)
    months = len(docket.starts)
    arrival = np.full(ready.shape[1], months)
    for k, draw in enumerate(draws):
        there = decided[k] < NEVER
        granted[k] = there & draw.granted
        # An order counts from the beginning of the month after the decision.
        month = np.searchsorted(docket.starts, decided[k], side="right")
        as_drawn = decided[k] == (ready[k] if k == 0 else NEVER)
        found = np.where(as_drawn, draw.arrival, month)
        arrival = np.where(granted[k], np.minimum(arrival, found), arrival)
        if k == 0:
            wait = np.where(there, ready[0] - docket.first_decision, 0)
            day = docket.first_decision + np.floor(draw.filing * wait).astype(np.int64)
        else:
            day = ready[k] - (draw.ready - docket.first_decision)
        filed[k] = np.where(there, day, NEVER)
    return History(filed, decided, granted, arrival)
