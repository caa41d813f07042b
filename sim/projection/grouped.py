"""People counted by all that a forecast asks of them, so that its cost does not grow with their number.

Counts add up: those of a file read in chunks, in any order, are the counts of the whole file.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from sim.base.arrays import FloatArray, IntArray
from sim.base.errors import SimulationError
from sim.eligibility.calendar import ReleaseDates

Quantity = Literal["bed_months", "first_day", "left", "releases", "in_custody"]
"""Totals whose exact distribution can be asked for."""


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
class Counts:
    """Whole numbers of people; months count from the month of the reference day.

    Attributes
    ----------
    without
        Everybody by group and month of release if nothing is granted, shape (groups, months); the last month
        stands for those who never leave.
    cell
        Combinations of group, district, month if granted and month if denied that occur among the eligible,
        each as one flat index, ascending; shape (cells,).
    people
        Eligible people in each of them, shape (cells,).
    day_one
        Eligible people who would leave on the first day orders take effect, shape (groups, districts).
    day_one_month
        Month of that day.
    """

    without: IntArray
    cell: IntArray
    people: IntArray
    day_one: IntArray
    day_one_month: int

    @property
    def groups(self) -> int:
        """Number of groups."""
        return int(self.day_one.shape[0])

    @property
    def districts(self) -> int:
        """Number of districts."""
        return int(self.day_one.shape[1])

    @property
    def months(self) -> int:
        """Number of months, the one for "never" included."""
        return int(self.without.shape[1])

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Lengths of the axes that `cell` runs over."""
        return self.groups, self.districts, self.months, self.months

    @property
    def eligible(self) -> int:
        """Eligible people."""
        return int(self.people.sum())

    @cached_property
    def by_months(self) -> tuple[IntArray, IntArray, IntArray, IntArray, IntArray]:
        """Group, district, month if granted, month if denied and people of each cell, shape (cells,)."""
        group, district, granted, denied = (
            each.astype(np.int64) for each in np.unravel_index(self.cell, self.shape)
        )
        return group, district, granted, denied, self.people

    @cached_property
    def waiting(self) -> IntArray:
        """Eligible people by month if granted, but for those who leave in it anyhow, shape (months,)."""
        _, _, granted, _, people = self.sooner.by_months
        found: IntArray = np.bincount(granted, people, self.months).astype(np.int64)
        return found

    @cached_property
    def sooner(self) -> Counts:
        """The same without the eligible who leave in the same month either way."""
        denied = self.cell % self.months
        kept = self.cell // self.months % self.months < denied
        return self if kept.all() else replace(self, cell=self.cell[kept], people=self.people[kept])

    @cached_property
    def leaving(self) -> Counts:
        """`sooner` without those who would never leave otherwise: their time spared has no length."""
        some = self.sooner
        kept = some.cell % self.months < self.months - 1
        return some if kept.all() else replace(some, cell=some.cell[kept], people=some.people[kept])

    def pairs(self, group: int | None = None) -> tuple[IntArray, IntArray, FloatArray]:
        """Pairs of months that occur, the one if granted the earlier, and who has them.

        Of one group, or of all together: the two months, shape (pairs,) each, and eligible people,
        shape (districts, pairs).
        """
        size = self.months**2
        place, pair = np.divmod(self.sooner.cell, size)
        people = self.sooner.people
        if group is not None:
            here = place // self.districts == group
            place, pair, people = place[here], pair[here], people[here]
        known = np.zeros(size, np.bool_)
        known[pair] = True
        found = np.flatnonzero(known)
        number = np.cumsum(known) - 1
        flat = place % self.districts * len(found) + number[pair]
        table = np.bincount(flat, people, self.districts * len(found)).reshape(self.districts, len(found))
        granted, denied = np.divmod(found, self.months)
        return granted, denied, table.astype(np.float64, copy=False)

    def times(self, number: int) -> Counts:
        """As many people for each one: what a thinned stock stands for."""
        return Counts(
            self.without * number, self.cell, self.people * number, self.day_one * number, self.day_one_month
        )

    def reaching(self, months: int) -> Counts:
        """The same with more months before the one for "never"."""
        if months < self.months:
            raise SimulationError(f"counts reach over {self.months} months and cannot be cut to {months}")
        index = list(np.unravel_index(self.cell, self.shape))
        for axis in (2, 3):
            index[axis] = np.where(index[axis] == self.months - 1, months - 1, index[axis])
        cell = np.ravel_multi_index(tuple(index), (self.groups, self.districts, months, months))
        without = np.zeros((self.groups, months), np.int64)
        without[:, : self.months - 1] = self.without[:, :-1]
        without[:, -1] = self.without[:, -1]
        return Counts(without, cell.astype(np.int64), self.people, self.day_one, self.day_one_month)

    def __add__(self, other: Counts) -> Counts:
        """Both together."""
        mine = (*self.day_one.shape, self.day_one_month)
        theirs = (*other.day_one.shape, other.day_one_month)
        if mine != theirs:
            raise SimulationError(
                f"counts of {mine[0]} groups and {mine[1]} districts with the first day in month {mine[2]} "
                f"cannot be added to counts of {theirs[0]}, {theirs[1]} and {theirs[2]}"
            )
        months = max(self.months, other.months)
        one, two = self.reaching(months), other.reaching(months)
        cell, people = _together(np.append(one.cell, two.cell), np.append(one.people, two.people))
        return Counts(one.without + two.without, cell, people, one.day_one + two.day_one, self.day_one_month)


def count_people(
    dates: ReleaseDates,
    district: IntArray,
    group: IntArray,
    *,
    districts: int | None = None,
    groups: int | None = None,
) -> Counts:
    """Count people by what a forecast asks of them.

    District and group are indexes, shape (people,); there are as many as told, or up to the largest one.
    """
    groups = int(group.max(initial=0)) + 1 if groups is None else groups
    districts = int(district.max(initial=0)) + 1 if districts is None else districts
    months = dates.never + 1
    place = group * districts + district
    rows = np.flatnonzero(dates.eligible)
    pair = dates.month_if_granted[rows] * months + dates.month_if_denied[rows]
    cell, people = _together(place[rows] * months**2 + pair)
    without = np.bincount(group * months + dates.month_if_denied, minlength=groups * months)
    day_one = np.bincount(place, dates.eligible & dates.on_day_one, groups * districts)
    return Counts(
        without=without.reshape(groups, months).astype(np.int64),
        cell=cell,
        people=people,
        day_one=day_one.astype(np.int64).reshape(groups, districts),
        day_one_month=dates.day_one_month,
    )


def _together(cell: IntArray, people: IntArray | None = None) -> tuple[IntArray, IntArray]:
    """Cells in ascending order, each once, with the people of all its rows."""
    if people is None:
        found, number = np.unique(cell, return_counts=True)
        return found, number.astype(np.int64)
    order = np.argsort(cell, kind="stable")
    ordered = cell[order]
    first = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)])
    summed = np.add.reduceat(people[order], first) if len(first) else people[:0]
    return ordered[first], summed.astype(np.int64)
