r"""The forecast, exactly: means and variances of every count without drawing anybody.

Given the approval rate p of a district, each eligible person leaves by month m with probability
``1(e <= m) + 1(q <= m < e) p F(m)``: e is the month if denied, q the month if granted, F(m) the chance that
the order is there. So every count is a sum of independent Bernoulli variables whose probability is affine
in p, and only the mean and the mean square of p enter:

* mean = base + E[p] A,
* variance = sum over people of E[s(1 - s)] + Var(p) sum over districts of D squared.

The second term, the spread between districts, is by far the larger one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.courts.judges import Judges
from sim.eligibility.calendar import ReleaseDates
from sim.projection.distribution import Distribution, distribution
from sim.projection.grouped import Counts, count_people
from sim.projection.moments import Moments, Quantity

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Forecast:
    """Counts by month from the month of the reference day, and by group.

    Attributes
    ----------
    without
        Releases if nothing were granted, shape (groups, months).
    releases
        Releases in each month.
    left
        Releases up to the end of each month.
    bed_months
        Person-months in custody saved over all months, not only those of the horizon; shape (groups,).
        People with a life term are left out: how long they would have stayed is not known.
    first_day
        Releases on the first day that orders take effect, shape (groups,).
    counts, judges
        What it was made from; the exact distributions come from them.
    """

    without: FloatArray
    releases: Moments
    left: Moments
    bed_months: Moments
    first_day: Moments
    counts: Counts
    judges: Judges

    def quantiles(
        self, quantity: Quantity, chance: ArrayLike, *, month: int | None = None, group: int | None = None
    ) -> IntArray:
        """Exact quantiles of a total under the judges' uncertainty alone.

        Parameters
        ----------
        quantity
            "bed_months", "first_day", "left" (releases up to the end of a month), "releases" (in a month) or
            "in_custody" (at the end of a month).
        chance
            Numbers between 0 and 1, shape (points,).
        month
            For those by month.
        group
            One group; all together if left out.

        Returns
        -------
        IntArray
            Smallest whole numbers that are not exceeded with these chances, shape (points,).
        """
        return self.distribution(quantity, month=month, group=group).quantiles(chance)

    def distribution(
        self, quantity: Quantity, *, month: int | None = None, group: int | None = None
    ) -> Distribution:
        """Exact distribution of a total under the judges' uncertainty alone; arguments as for `quantiles`.

        Raises
        ------
        SimulationError
            An unknown quantity, group or month.
        """
        moments = getattr(self, quantity, self.left)
        return distribution(self.counts, self.judges, quantity, moments, month=month, group=group)

    @property
    def in_custody(self) -> Moments:
        """People of the stock still inside at the end of each month; the spread is that of `left`."""
        people = self.without.sum(axis=1, keepdims=True)
        return Moments(people - self.left.mean, self.left.drawn, self.left.districts)


def project(
    dates: ReleaseDates, district: IntArray, group: IntArray, judges: Judges, *, groups: int | None = None
) -> Forecast:
    """Exact means and variances of releases, people in custody and bed-months.

    Parameters
    ----------
    dates
        Months of release if denied and if granted.
    district
        Index of the district that decides, shape (people,).
    group
        Index of the group counts are wanted for (such as the drug), shape (people,).
    judges
        Approval and delay, over at least ``dates.never + 1`` months.
    groups
        How many groups there are; up to the largest index if left out.

    Returns
    -------
    Forecast
        One row a group and a last one for all together; months 0 to ``dates.never``, the last for those
        who never leave.
    """
    return project_counts(count_people(dates, district, group, groups=groups), judges)


def project_counts(counts: Counts, judges: Judges) -> Forecast:
    """The same from people already counted; the cost depends on months, groups and districts alone."""
    decided = judges.until_never(counts.months)
    arrive = np.diff(decided, prepend=0.0)
    on_time = decided[np.maximum(np.arange(counts.months) - 1, 0)]  # an order before the month they leave in
    moved, gone = _ByDistrict.of(counts), _ByDistrict.of(counts)
    begin, end, before, inside = (np.zeros((counts.groups, counts.months)) for _ in range(4))
    for group in range(counts.groups):  # one at a time, so that its tables stay in the processor's own memory
        starts = counts.by_month_granted[group].astype(np.float64)
        stops = counts.by_month_denied[group].astype(np.float64)
        waiting = np.cumsum(
            starts - stops, axis=1
        )  # an order by the end of month m would have them out by then
        earlier = waiting - starts  # and they were waiting before month m began
        change = starts * decided
        change += earlier * arrive
        change -= stops * on_time
        moved.put(group, change)
        gone.put(group, waiting * decided)
        for whole, part in ((begin, starts), (end, stops), (before, earlier), (inside, waiting)):
            whole[group] = part.sum(axis=0)
    inside *= decided
    parts = begin * decided + before * arrive + end * on_time
    squares = begin * decided**2 + before * arrive**2 + end * on_time**2
    without = counts.without.astype(np.float64)
    nothing = np.zeros((counts.groups, 1))
    first = decided[counts.day_one_month] * counts.day_one[:, :, np.newaxis].astype(np.float64)
    leaving = first.sum(axis=1)
    saved, *terms = _saved(counts.leaving, decided)
    return Forecast(
        without=_with_total(without),
        releases=_moments(without, moved, parts, squares, judges),
        left=_moments(np.cumsum(without, axis=1), gone, inside, inside * decided, judges),
        bed_months=_moments(nothing, _by_district(saved), terms[0], terms[1], judges),
        first_day=_moments(
            nothing, _by_district(first), leaving, decided[counts.day_one_month] * leaving, judges
        ),
        counts=counts,
        judges=judges,
    )


@dataclass(frozen=True)
class _ByDistrict:
    """What p = 1 adds to the mean of each group, district and month, as far as moments ask for it.

    Attributes
    ----------
    whole, squares
        Sum over districts of it and of its square, shape (groups, months).
    together
        Sum over groups, shape (districts, months).
    """

    whole: FloatArray
    squares: FloatArray
    together: FloatArray

    @classmethod
    def of(cls, counts: Counts) -> _ByDistrict:
        whole, squares = (np.zeros((counts.groups, counts.months)) for _ in range(2))
        return cls(whole, squares, np.zeros((counts.districts, counts.months)))

    def put(self, group: int, change: FloatArray) -> None:
        """Add a group, shape (districts, months)."""
        change.sum(axis=0, out=self.whole[group])
        np.einsum("dm,dm->m", change, change, out=self.squares[group])
        self.together[:] += change


def _by_district(change: FloatArray) -> _ByDistrict:
    """All groups at once, shape (groups, districts, months)."""
    return _ByDistrict(change.sum(axis=1), np.einsum("gdm,gdm->gm", change, change), change.sum(axis=0))


def _saved(counts: Counts, decided: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Sums of the months spared by group and district, and of mean squares and squared means by group."""
    sums = np.concatenate([[0.0], np.cumsum(decided)])[:-1]
    mean = (counts.by_month_denied - counts.by_month_granted) @ sums
    group, granted, denied, people = counts.by_months
    part, square = bed_months(granted, denied, decided)
    squares = [np.bincount(group, people * each, counts.groups) for each in (square, part**2)]
    return mean[:, :, np.newaxis], *(each[:, np.newaxis] for each in squares)


def bed_months(q: IntArray, e: IntArray, decided: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean and mean square of the months each eligible person is spared if p were 1, shape (eligible,).

    The months spared are those from q to e in which the order is there, so their mean is a sum of F and
    their mean square a weighted one; both are differences of running sums.
    """
    sums = np.concatenate([[0.0], np.cumsum(decided)])
    weighted = np.concatenate([[0.0], np.cumsum(decided * np.arange(len(decided)))])
    mean = sums[e] - sums[q]
    return mean, (2 * e - 1) * mean - 2 * (weighted[e] - weighted[q])


def _with_total(rows: FloatArray) -> FloatArray:
    """The rows and their sum as a last one."""
    return np.concatenate([rows, rows.sum(axis=0, keepdims=True)])


def _moments(
    base: FloatArray, change: _ByDistrict, parts: FloatArray, squares: FloatArray, judges: Judges
) -> Moments:
    """Moments of sums over people.

    Parameters
    ----------
    base
        Sum if p were 0, shape (groups, months).
    change
        What p = 1 adds to the mean.
    parts, squares
        Sums over districts of the conditional mean squares and of the squared conditional means of the
        single terms if p were 1, shape (groups, months); for a yes or no of chance p s they are the sums of
        s and of s squared.
    judges
        Mean and mean square of p.
    """
    drawn = judges.rate * parts - judges.square * squares
    between = [change.squares, (change.together**2).sum(axis=0, keepdims=True)]
    return Moments(
        _with_total(base + judges.rate * change.whole),
        _with_total(np.maximum(drawn, 0.0)),
        judges.spread**2 * np.concatenate(between),
    )
