"""What it is worth that people are out earlier, exactly: any sum over the months they are spared.

An eligible person whose month is q if granted and e if denied is out in month m, where the person would
otherwise be inside, if the motion is granted and q <= m < e and the order is there by m. Give each month m a
worth w(m): 1 in one month counts the people out in it, 1 in every month counts bed-months, a rate of returns
counts returns brought forward. Mean and mean square of each person's sum follow from running sums, and those
of totals as in `sim.projection.project`: only the mean and the mean square of a district's approval rate
enter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.base.arrays import BoolArray, FloatArray, IntArray
from sim.courts.decisions import Decisions
from sim.eligibility.calendar import ReleaseDates


@dataclass(frozen=True)
class Amounts:
    """Sums over groups of people, shape (groups,): mean, and variance from judges and districts."""

    mean: FloatArray
    variance: FloatArray

    @property
    def total(self) -> tuple[float, float]:
        """Mean and variance where there is one group."""
        return float(self.mean[0]), float(self.variance[0])


class SparedPeople:
    """The eligible people of a stock and the months they may be spared.

    Parameters
    ----------
    dates
        Months if denied and if granted.
    district
        Index of the district that decides, shape (people,).
    court
        Approval and delay.
    scale
        People each row stands for.
    spread
        Whether variances are wanted; without them they are 0, in a third of the time.
    """

    def __init__(
        self,
        dates: ReleaseDates,
        district: IntArray,
        court: Decisions,
        scale: float = 1.0,
        spread: bool = True,
    ) -> None:
        self.rows = np.flatnonzero(dates.eligible)
        self.months = dates.never + 1
        self.begin = dates.month_if_granted[self.rows]
        self.end = dates.month_if_denied[self.rows]
        self.day_one = dates.on_day_one[self.rows]
        self.day_one_month = dates.day_one_month
        self.court, self.scale, self.spread = court, scale, spread
        self.districts = int(district.max(initial=0)) + 1
        self.district = district[self.rows]
        self.rate, self.square, self.variance = court.shares(self.districts)

    def worth(
        self,
        worth: FloatArray,
        group: IntArray | None = None,
        groups: int = 1,
        who: BoolArray | None = None,
    ) -> Amounts:
        """Sum of the worth of the months in which people are out and would be inside.

        Months from that of the reference day on; those that `worth` does not reach have none. `group`
        is that of each person of the stock and `who` who counts, shape (people,); all together, and
        everybody, if left out.
        """
        each = np.zeros(self.months)
        each[: min(len(worth), self.months)] = worth[: self.months]
        sums = np.concatenate([[0.0], np.cumsum(each)])
        decided = self.court.decided
        weighted = _running(decided * each)
        part = weighted[self.begin, self.end] - weighted[self.begin, self.begin]
        if not self.spread:
            return self.amounts(part, part, group, groups, who)
        # With the order in month a, the sum is that of the months from max(q, a) on.
        arrive = np.diff(decided, axis=1, prepend=0.0)
        powers = [_running(arrive * sums[:-1] ** power) for power in range(3)]
        later = [
            np.where(self.end > self.begin, run[self.begin, self.end] - run[self.begin, self.begin + 1], 0.0)
            for run in powers
        ]
        until = sums[self.end]
        square = decided[self.begin, self.begin] * (until - sums[self.begin]) ** 2
        square = square + until**2 * later[0] - 2 * until * later[1] + later[2]
        return self.amounts(part, np.maximum(square, part**2), group, groups, who)

    def out_in(
        self, month: int, group: IntArray | None = None, groups: int = 1, who: BoolArray | None = None
    ) -> Amounts:
        """People out at the end of a month who would be inside."""
        if not 0 <= month < self.months - 1:
            chance = np.zeros(len(self.rows))
        else:
            out = (self.begin <= month) & (month < self.end)
            chance = np.where(out, self.court.decided[self.begin, month], 0.0)
        return self.amounts(chance, chance, group, groups, who)

    def first_day(
        self, group: IntArray | None = None, groups: int = 1, who: BoolArray | None = None
    ) -> Amounts:
        """People who leave on the first day that orders take effect."""
        day = self.day_one_month
        chance = np.where(self.day_one, self.court.decided[day, day], 0.0)
        return self.amounts(chance, chance, group, groups, who)

    def leave_earlier(
        self, group: IntArray | None = None, groups: int = 1, who: BoolArray | None = None
    ) -> Amounts:
        """People whose motion is granted, with the order there before the month they would leave in."""
        chance = np.where(
            self.end > self.begin, self.court.decided[self.begin, np.maximum(self.end - 1, 0)], 0.0
        )
        return self.amounts(chance, chance, group, groups, who)

    def amounts(
        self,
        part: FloatArray,
        square: FloatArray,
        group: IntArray | None = None,
        groups: int = 1,
        who: BoolArray | None = None,
    ) -> Amounts:
        """Sums of terms with mean p `part` and mean square p `square`, shape (eligible,)."""
        whose = np.zeros(len(self.rows), np.int64) if group is None else group[self.rows]
        if who is not None:
            part, square = part * who[self.rows], square * who[self.rows]

        def total(weight: FloatArray) -> FloatArray:
            return np.bincount(whose, weight, groups).astype(np.float64)

        expected = self.scale * total(self.rate[self.district] * part)
        if not self.spread:
            return Amounts(expected, np.zeros(groups))
        here = np.bincount(whose * self.districts + self.district, part, groups * self.districts)
        between = here.reshape(groups, self.districts) ** 2 @ self.variance
        drawn = total(self.rate[self.district] * square - self.square[self.district] * part**2)
        return Amounts(expected, self.scale * np.maximum(drawn, 0.0) + self.scale**2 * between)


def _running(rows: FloatArray) -> FloatArray:
    """Sums of each row before each place."""
    return np.concatenate([np.zeros((len(rows), 1)), np.cumsum(rows, axis=1)], axis=1)
