"""Who waits for a decision: the eligible people of a stock, as sampling works on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.base.streams import uniforms
from sim.courts.judges import Judges
from sim.eligibility.calendar import ReleaseDates

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

BUCKETS = 4096
FIRST_MOTION = "courts/motion 1"
STEPS, ENDS = 1 << 14, 64
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
    decided
        Chance that an order is there by the beginning of each month, shape (months,).
    judges
        Approval.
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
    decided: FloatArray
    judges: Judges
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
        judges: Judges,
        effective: date | str,
        groups: int | None = None,
    ) -> Docket:
        """The docket of a stock.

        Parameters
        ----------
        dates, district, group, judges, groups
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
            decided=judges.until_never(months),
            judges=judges,
            starts=(starts - starts[0]).astype(np.int64),
            first_decision=int((np.datetime64(str(effective)) - starts[0]).astype(np.int64)),
            districts=int(district.max(initial=0)) + 1,
            day_one_month=dates.day_one_month,
        )

    def rates(self, seed: int, replicate: int) -> FloatArray:
        """Each district's approval rate in one history, shape (districts,)."""
        if self.judges.spread == 0:
            return np.full(self.districts, self.judges.rate)
        unit = uniforms(seed, "courts/approval rate", np.arange(self.districts), replicate)
        if self.judges.all_or_nothing:
            return (unit >= 1 - self.judges.rate).astype(np.float64)
        from scipy.special import betaincinv

        found = np.interp(unit, *self.rate_table)
        ends = np.flatnonzero((unit < ENDS / STEPS) | (unit >= 1 - ENDS / STEPS))
        found[ends] = betaincinv(*self.judges.beta(), unit[ends])
        return found

    @cached_property
    def rate_table(self) -> tuple[FloatArray, FloatArray]:
        """Quantiles of the approval rate between which it is nearly straight: the inverse takes its time.

        The outermost steps, in which it is not, are worked out for each draw.
        """
        from scipy.special import betaincinv

        chance = np.arange(STEPS + 1) / STEPS
        return chance, betaincinv(*self.judges.beta(), chance)

    @cached_property
    def buckets(self) -> tuple[IntArray, BoolArray]:
        """First month of arrival for numbers from each 4096th on, and whether all up to the next share it."""
        edges = np.arange(BUCKETS + 1) / BUCKETS
        first = np.searchsorted(self.decided, edges, side="right")
        return first[:-1], first[:-1] == np.searchsorted(self.decided, edges[1:], side="left")

    def arrival(self, unit: FloatArray) -> IntArray:
        """First month at whose beginning the order is there, same shape; the number of months for never.

        Parameters
        ----------
        unit
            Uniform in [0, 1).
        """
        first, sure = self.buckets
        bucket = (unit * BUCKETS).astype(np.int64)
        month = first[bucket]
        open_ = np.flatnonzero(~sure[bucket])
        month[open_] = np.searchsorted(self.decided, unit[open_], side="right")
        return month

    def day_of(self, unit: FloatArray, arrival: IntArray) -> IntArray:
        """Day of the decision behind an arrival, `NEVER` for never, same shape.

        Within the month before the arrival every day is as likely as the other.

        Parameters
        ----------
        unit, arrival
            The number the arrival came from, and what `arrival` made of it.
        """
        ends = np.clip(arrival, 1, len(self.starts) - 1)
        low, high = self.decided[ends - 1], self.decided[ends]
        share = np.divide(unit - low, high - low, out=np.zeros_like(unit), where=high > low)
        begins, length = self.starts[ends - 1], self.starts[ends] - self.starts[ends - 1]
        within = np.minimum(np.floor(np.clip(share, 0.0, 1.0) * length).astype(np.int64), length - 1)
        day = np.where(arrival > 0, begins + within, self.first_decision)
        day = np.maximum(day, self.first_decision)
        return np.where(arrival < len(self.starts), day, NEVER)
