"""Who waits for a decision: the eligible people of a stock, as sampling works on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, ndtri

from sim.base.streams import uniforms
from sim.courts.decisions import Decisions, chance
from sim.eligibility.calendar import ReleaseDates

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

FIRST_MOTION = "courts/motion 1"
NEVER = np.iinfo(np.int64).max // 4
"""A day after every other."""


@dataclass(frozen=True)
class Docket:
    """Eligible people, and everybody's releases if nothing were granted.

    Attributes
    ----------
    person
        Address of each one's draws, shape (eligible,).
    district, group, granted, denied
        District, group, month if granted and month if denied, shape (eligible,).
    on_day_one
        Would leave on the first day orders take effect, shape (eligible,).
    without
        Releases if nothing were granted, shape (groups, months).
    court
        Chances of each step.
    starts
        First day of each month, counted from that of the first month, shape (months,).
    first_decision
        Day from which courts may decide, counted alike.
    districts
        Number of districts.
    day_one_month
        Month of the first day orders take effect.
    """

    person: IntArray
    district: IntArray
    group: IntArray
    granted: IntArray
    denied: IntArray
    on_day_one: BoolArray
    without: IntArray
    court: Decisions
    starts: IntArray
    first_decision: int
    districts: int
    day_one_month: int

    @classmethod
    def of(
        cls,
        dates: ReleaseDates,
        district: IntArray,
        group: IntArray,
        court: Decisions,
        effective: date | str,
        groups: int | None = None,
    ) -> Docket:
        """The docket of a stock.

        Parameters
        ----------
        dates, district, group, court, groups
            As for `sim.projection.project.project`.
        effective
            Day from which courts may decide.
        """
        first_month = dates.day_one.astype("datetime64[M]") - dates.day_one_month
        starts = (first_month + np.arange(dates.never + 1)).astype("datetime64[D]")
        rows = np.flatnonzero(dates.eligible)
        groups = int(group.max(initial=0)) + 1 if groups is None else groups
        months = dates.never + 1
        without = np.bincount(group * months + dates.month_if_denied, minlength=groups * months)
        return cls(
            person=rows,
            district=district[rows],
            group=group[rows],
            granted=dates.month_if_granted[rows],
            denied=dates.month_if_denied[rows],
            on_day_one=dates.on_day_one[rows],
            without=without.reshape(groups, months).astype(np.int64),
            court=court,
            starts=(starts - starts[0]).astype(np.int64),
            first_decision=int((np.datetime64(str(effective)) - starts[0]).astype(np.int64)),
            districts=int(district.max(initial=0)) + 1,
            day_one_month=dates.day_one_month,
        )

    def rates(self, seed: int, replicate: int) -> FloatArray:
        """Share of the motions of eligible people that each district grants in one history, (districts,)."""
        unit = uniforms(seed, "courts/approval rate", np.arange(self.districts), replicate)
        spread = self.court.spread
        found: FloatArray = expit(self.court.log_odds + np.where(spread > 0, spread * ndtri(unit), 0.0))
        return np.broadcast_to(found, self.districts)

    def arrival(self, unit: FloatArray, granted: IntArray) -> IntArray:
        """First month at whose beginning the decision is there, same shape; the number of months for never.

        Parameters
        ----------
        unit
            Uniform in [0, 1).
        granted
            Month if granted, which decides who is in front.
        """
        return np.searchsorted(
            self.court.hazard, -np.log1p(-unit) / self.court.weight[granted], side="right"
        ).astype(np.int64)

    def day_of(self, unit: FloatArray, arrival: IntArray, granted: IntArray) -> IntArray:
        """Day of the decision behind an arrival, `NEVER` for never, same shape.

        Within the month before the arrival every day is as likely as the other.

        Parameters
        ----------
        unit, arrival, granted
            The number the arrival came from, what `arrival` made of it, and the month if granted.
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
