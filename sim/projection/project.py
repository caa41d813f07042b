r"""The forecast, exactly: means and variances of every count without drawing anybody.

Given the share p of the eligible that a district grants, each eligible person leaves by month m with
probability ``1(e <= m) + 1(q <= m < e) p F(m | q)``: e is the month if denied, q the month if granted, F the
chance that the order is there, which may be larger for those who can leave sooner. So every count is a sum of
independent Bernoulli variables whose probability is affine in p, and only the mean and the mean square of p
enter:

* mean = base + E[p] A,
* variance = sum over people of E[s(1 - s)] + Var(p) sum over districts of D squared.

The second term, the spread between districts, is by far the larger one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sim.base.arrays import FloatArray, IntArray
from sim.courts.decisions import Decisions
from sim.eligibility.calendar import ReleaseDates
from sim.projection.distribution import Distribution, distribution
from sim.projection.grouped import Counts, Moments, Quantity, count_people

TOGETHER = 1 << 16
"""Cells and months worked on together; no result depends on it."""


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
    counts, court
        What it was made from; the exact distributions come from them.
    """

    without: FloatArray
    releases: Moments
    left: Moments
    bed_months: Moments
    first_day: Moments
    counts: Counts
    court: Decisions

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
        return distribution(self.counts, self.court, quantity, moments, month=month, group=group)

    @property
    def series(self) -> dict[str, Moments]:
        """Releases and people in custody, with and without the amendment."""
        nothing = np.zeros_like(self.without)
        inside = self.without.sum(axis=1, keepdims=True) - np.cumsum(self.without, axis=1)
        return {
            "releases_with": self.releases,
            "releases_without": Moments(self.without, nothing, nothing),
            "in_custody_with": self.in_custody,
            "in_custody_without": Moments(inside, nothing, nothing),
        }

    @property
    def in_custody(self) -> Moments:
        """People of the stock still inside at the end of each month; the spread is that of `left`."""
        people = self.without.sum(axis=1, keepdims=True)
        return Moments(people - self.left.mean, self.left.drawn, self.left.districts)


def project(
    dates: ReleaseDates, district: IntArray, group: IntArray, court: Decisions, *, groups: int | None = None
) -> Forecast:
    """Exact means and variances of releases, people in custody and bed-months.

    District and group (such as the drug) are indexes, shape (people,); `court` reaches over ``dates.never
    + 1`` months. One row a group and a last one for all together; months 0 to ``dates.never``, the last
    for those who never leave.
    """
    return project_counts(count_people(dates, district, group, groups=groups), court)


def project_counts(counts: Counts, court: Decisions) -> Forecast:
    """The same from people already counted; the cost depends on months, groups and districts alone."""
    group, district, granted, denied, people = counts.sooner.by_months
    shape = (counts.groups, counts.districts, counts.months)
    place = (group * counts.districts + district) * counts.months
    shares = court.shares(counts.districts)
    decided = court.decided.ravel()
    inside, inside_squares, arriving_squares = (np.zeros(shape) for _ in range(3))
    for cell, month in _months_inside(granted, denied):
        at, chance = granted[cell] * counts.months + month, place[cell] + month
        now = decided[at]
        arriving = now - np.where(month > granted[cell], decided[at - 1], 0.0)
        number = people[cell]
        for sums, each in (
            (inside, number * now),
            (inside_squares, number * now**2),
            (arriving_squares, number * arriving**2),
        ):
            sums += np.bincount(chance, each, sums.size).reshape(shape)
    # An order before the month they would leave in took them out of it.
    on_time = decided[granted * counts.months + denied - 1] if len(people) else np.zeros(0)
    gone, gone_squares = (
        np.bincount(place + denied, people * on_time**power, inside.size).reshape(shape) for power in (1, 2)
    )
    moved = np.diff(inside, axis=2, prepend=0.0)
    without = counts.without.astype(np.float64)
    nothing = np.zeros((counts.groups, 1))
    on_day_one = court.decided[counts.day_one_month, counts.day_one_month]
    first = on_day_one * counts.day_one[:, :, np.newaxis].astype(np.float64)
    return Forecast(
        without=_with_total(without),
        releases=_moments(without, moved, moved + 2 * gone, arriving_squares + gone_squares, shares),
        left=_moments(np.cumsum(without, axis=1), inside, inside, inside_squares, shares),
        bed_months=_moments(nothing, *_saved(counts.leaving, court), shares),
        first_day=_moments(nothing, first, first, on_day_one * first, shares),
        counts=counts,
        court=court,
    )


def _months_inside(granted: IntArray, denied: IntArray) -> Iterator[tuple[IntArray, IntArray]]:
    """Cells and each month from that if granted to that if denied, so many at a time."""
    ends = np.cumsum(denied - granted)
    begins = ends - (denied - granted)
    begin = 0
    while begin < len(ends):
        end = max(int(np.searchsorted(ends, begins[begin] + TOGETHER, side="right")), begin + 1)
        cell = np.repeat(np.arange(begin, end), (denied - granted)[begin:end])
        yield cell, granted[cell] + np.arange(begins[begin], ends[end - 1]) - begins[cell]
        begin = end


def _saved(counts: Counts, court: Decisions) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Sums of the months spared, of their mean squares and squared means, shape (groups, districts, 1)."""
    group, district, granted, denied, people = counts.by_months
    part, square = bed_months(granted, denied, court)
    place = group * counts.districts + district

    def total(each: FloatArray) -> FloatArray:
        found = np.bincount(place, people * each, counts.groups * counts.districts).astype(np.float64)
        return found.reshape(*counts.shape[:2], 1)

    return total(part), total(square), total(part**2)


def bed_months(q: IntArray, e: IntArray, court: Decisions) -> tuple[FloatArray, FloatArray]:
    """Mean and mean square of the months each eligible person is spared if p were 1, shape (eligible,).

    The months spared are those from q to e in which the order is there, so their mean is a sum of F and
    their mean square a weighted one; both are differences of running sums.
    """
    sums, weighted = court.decided_from, court.weighted_from
    mean = sums[q, e] - sums[q, q]
    return mean, (2 * e - 1) * mean - 2 * (weighted[q, e] - weighted[q, q])


def _with_total(rows: FloatArray) -> FloatArray:
    """The rows and their sum as a last one."""
    return np.concatenate([rows, rows.sum(axis=0, keepdims=True)])


def _moments(
    base: FloatArray,
    change: FloatArray,
    parts: FloatArray,
    squares: FloatArray,
    shares: tuple[FloatArray, FloatArray, FloatArray],
) -> Moments:
    """Moments of sums over people.

    `base` is the sum if p were 0, shape (groups, months); `change` what p = 1 adds to the mean, shape
    (groups, districts, months); `parts` and `squares` are sums of the conditional mean squares and of the
    squared conditional means of the single terms if p were 1, same shape: for a yes or no of chance p s
    the sums of s and of s squared. `shares` are mean, mean square and variance of p, shape (districts,)
    each.
    """
    rate, square, variance = shares
    drawn = np.einsum("d,gdm->gm", rate, parts) - np.einsum("d,gdm->gm", square, squares)
    between = [
        np.einsum("d,gdm->gm", variance, change**2),
        np.einsum("d,dm->m", variance, change.sum(axis=0) ** 2)[np.newaxis],
    ]
    return Moments(
        _with_total(base + np.einsum("d,gdm->gm", rate, change)),
        _with_total(np.maximum(drawn, 0.0)),
        np.concatenate(between),
    )
