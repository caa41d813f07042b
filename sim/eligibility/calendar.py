"""When people leave: if the motion is denied, and if it is granted.

Dates become months from the month of the reference day, which is month 0. Nobody leaves by an order before
the earliest day it may take effect; whoever's new date lies before that day leaves on it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from guidelines import LIFE
from sim.base.arrays import BoolArray, DateArray, IntArray
from sim.base.fiscal import DAYS_A_MONTH, MONTHS_A_YEAR
from sim.base.published import named
from sim.people.reductions import Cut
from sim.people.sentenced import Sentenced
from sim.people.terms import longest_recorded
from sim.scenario.changes import CountedAs
from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class ReleaseDates:
    """Columns of shape (people,).

    Attributes
    ----------
    eligible
        Eligible in law, and the new date comes before the old one.
    if_denied, if_granted
        Day of release; NaT for life.
    on_day_one
        Would leave on the first day orders take effect.
    month_if_denied, month_if_granted
        Months from the month of the reference day; `never` for life.
    never
        A month after every other.
    day_one, day_one_month
        The first day on which anybody can leave by an order, and its month.
    """

    eligible: BoolArray
    if_denied: DateArray
    if_granted: DateArray
    on_day_one: BoolArray
    month_if_denied: IntArray
    month_if_granted: IntArray
    never: int
    day_one: np.datetime64
    day_one_month: int

    @property
    def waiting(self) -> IntArray:
        """Eligible people by month if granted, shape (months,), but for those who leave in it anyhow."""
        sooner = self.eligible & (self.month_if_granted < self.month_if_denied)
        return np.bincount(self.month_if_granted[sooner], minlength=self.never + 1)


def release_dates(
    people: Sentenced, cut: Cut, scenario: Scenario, counted_as: CountedAs | None = None
) -> ReleaseDates:
    """Release dates with and without the cut.

    Projected and counted by the rules of `counted_as`; as things are if left out.
    """
    reference = np.datetime64(scenario.dates.reference.isoformat())
    earliest = np.datetime64(scenario.dates.earliest_release.isoformat())
    day_one = max(earliest, reference)
    begin = max(np.datetime64(scenario.dates.effective.isoformat()), reference)
    later, listed = _counted(people, counted_as, reference, begin) if counted_as else (0, True)
    denied = people.release_on + later
    if counted_as:  # for the Commission life is a term like its longest
        longest = np.full(len(people), longest_recorded(), np.int64)
        denied = np.where(np.isnat(denied), people.releases(longest) + later, denied)
    granted = people.releases(cut.reduced_term_months, scenario.release.good_time) + later
    granted = np.maximum(granted, day_one)
    granted = np.where(np.isnat(denied), granted, np.minimum(granted, denied))
    sooner = np.isnat(denied) & ~np.isnat(granted) | (granted < denied)
    eligible = cut.eligible & listed & ~(denied <= day_one) & sooner
    granted = np.where(eligible, granted, denied)
    month_denied, month_granted = _months(denied, reference), _months(granted, reference)
    finite = month_denied[month_denied < LIFE]
    day_one_month = int(_months(np.array([day_one]), reference)[0])
    never = int(max(finite.max(initial=0), scenario.dates.horizon_months, day_one_month)) + 1
    return ReleaseDates(
        eligible=eligible,
        if_denied=denied,
        if_granted=granted,
        on_day_one=eligible & (granted <= day_one),
        month_if_denied=np.minimum(month_denied, never),
        month_if_granted=np.minimum(month_granted, never),
        never=never,
        day_one=day_one,
        day_one_month=day_one_month,
    )


def _counted(
    people: Sentenced, rules: CountedAs, reference: np.datetime64, begin: np.datetime64
) -> tuple[IntArray, BoolArray]:
    """Days by which projected releases are later than the true ones, and who is on the list.

    The list is that of the reference day: whoever is off it is so whenever orders take effect.
    """
    later = np.zeros(len(people), np.int64)
    if not rules.jail_credit:
        later = later + people.jail_credit_days
    if not rules.drug_programme:
        later = later + people.programme_days
    listed = ~(people.release_on + later <= begin + _days(rules.least_months_left))
    if not rules.citizens_near_release:
        placed = people.release_on <= reference + _days(months_in_the_community())
        listed &= ~(placed & people.attributes["us_citizen"])
    if rules.sentenced_until is not None:
        listed &= people.sentenced_on <= np.datetime64(rules.sentenced_until.isoformat())
    return later, listed


def months_in_the_community() -> float:
    """Months before release that US citizens spend in a halfway house or at home, those not placed too."""
    return named("months_in_halfway_house") * named("placed_in_community_custody")


def _days(months: float) -> np.timedelta64:
    return np.timedelta64(round(months * DAYS_A_MONTH), "D")


def month_starts(scenario: Scenario, months: int) -> DateArray:
    """First day of each month from the month of the reference day on, shape (months,)."""
    begin = np.datetime64(scenario.dates.reference.isoformat(), "M")
    return (begin + np.arange(months)).astype("datetime64[D]")


def _months(days: DateArray, reference: np.datetime64) -> IntArray:
    """Months from the reference month; life counts as `LIFE`."""
    months = (days.astype("datetime64[M]") - reference.astype("datetime64[M]")).astype(np.int64)
    return np.where(np.isnat(days), LIFE, months)


def served_months(people: Sentenced, release: DateArray) -> NDArray[np.float64]:
    """Months in custody at release, jail credit included, shape (people,); NaN for life."""
    days = (release - people.sentenced_on).astype(np.float64)
    days = np.where(np.isnat(release), np.nan, days) + people.jail_credit_days
    served: NDArray[np.float64] = days / DAYS_A_MONTH
    return served


__all__ = [
    "MONTHS_A_YEAR",
    "ReleaseDates",
    "month_starts",
    "months_in_the_community",
    "release_dates",
    "served_months",
]
