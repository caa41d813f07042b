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
from numpy.typing import NDArray

from sim.calendar import Dates
from sim.judges import Judges

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Moments:
    """Mean and variance of counts, split by where the variance comes from; arrays of shape (..., months).

    Attributes
    ----------
    mean
        Expected count.
    drawn
        Variance from the independent decisions on single motions.
    districts
        Variance from the spread of approval between districts.
    """

    mean: FloatArray
    drawn: FloatArray
    districts: FloatArray

    @property
    def sd(self) -> FloatArray:
        """Standard deviation."""
        return np.sqrt(self.drawn + self.districts)


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
    first_day
        Releases on the first day that orders take effect, shape (groups,).
    """

    without: FloatArray
    releases: Moments
    left: Moments
    bed_months: Moments
    first_day: Moments

    @property
    def in_custody(self) -> Moments:
        """People of the stock still inside at the end of each month; the spread is that of `left`."""
        people = self.without.sum(axis=1, keepdims=True)
        return Moments(people - self.left.mean, self.left.drawn, self.left.districts)


def project(dates: Dates, district: IntArray, group: IntArray, judges: Judges) -> Forecast:
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

    Returns
    -------
    Forecast
        One row a group and a last one for all together; months 0 to ``dates.never``, the last for those
        who never leave.
    """
    groups, districts = int(group.max(initial=0)) + 1, int(district.max(initial=0)) + 1
    months = dates.never + 1
    decided = judges.decided_by[:months].copy()
    decided[-1] = decided[-2]  # the last month stands for "never", not for time
    arrive = np.diff(decided, prepend=0.0)
    rows = np.flatnonzero(dates.eligible)
    cell = group[rows] * districts + district[rows]
    e, q = dates.month_if_denied[rows], dates.month_if_granted[rows]

    def count(month: IntArray, weight: FloatArray | None = None) -> FloatArray:
        """People (or weight) by group, district and month."""
        flat = np.bincount(cell * months + month, weight, groups * districts * months)
        return flat.reshape(groups, districts, months).astype(np.float64)

    def total(weight: FloatArray) -> FloatArray:
        """Weight by group and district, with a single month."""
        flat = np.bincount(cell, weight, groups * districts)
        return flat.reshape(groups, districts, 1).astype(np.float64)

    begin, end = count(q), count(e)
    waiting = np.cumsum(begin - end, axis=2)  # an order by the end of month m would have them out by then
    before = waiting - begin  # and they were waiting before month m began
    on_time = decided[np.maximum(e - 1, 0)]
    gained = begin * decided + before * arrive
    lost = count(e, on_time)
    gained_square = begin * decided**2 + before * arrive**2 + count(e, on_time**2)
    denied = np.bincount(group * months + dates.month_if_denied, minlength=groups * months)
    without = denied.reshape(groups, months).astype(np.float64)
    nothing = np.zeros((groups, 1))
    first = dates.on_day_one[rows] * decided[dates.day_one_month]
    saved, saved_square = bed_months(q, e, decided)
    return Forecast(
        without=_with_total(without),
        releases=_moments(without, gained - lost, gained + lost, gained_square, judges),
        left=_moments(
            np.cumsum(without, axis=1), waiting * decided, waiting * decided, waiting * decided**2, judges
        ),
        bed_months=_moments(nothing, total(saved), total(saved_square), total(saved**2), judges),
        first_day=_moments(nothing, total(first), total(first), total(first**2), judges),
    )


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
    base: FloatArray, change: FloatArray, parts: FloatArray, squares: FloatArray, judges: Judges
) -> Moments:
    """Moments of sums over people.

    Parameters
    ----------
    base
        Sum if p were 0, shape (groups, months).
    change
        What p = 1 adds to the mean, shape (groups, districts, months).
    parts, squares
        Sums of the conditional mean squares and of the squared conditional means of the single terms if p
        were 1, same shape; for a yes or no of chance p s they are the sums of s and of s squared.
    judges
        Mean and mean square of p.
    """
    every = _with_total(change)
    drawn = judges.rate * parts.sum(axis=1) - judges.square * squares.sum(axis=1)
    return Moments(
        _with_total(base) + judges.rate * every.sum(axis=1),
        _with_total(np.maximum(drawn, 0.0)),
        judges.spread**2 * (every**2).sum(axis=1),
    )
