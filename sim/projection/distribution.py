r"""Exact distributions of totals under the judges' uncertainty: bed-months, releases, people in custody.

Given the approval rate p of a district its people are independent, so the logarithm of the conditional
characteristic function of the district's total is a sum over people of ``log(1 + p (f(u) - 1))``, where f
belongs to one person with p = 1. Its average over the distribution of p, multiplied over districts, is
the characteristic function of the total, and a cosine series gives the distribution at the wanted points.
Neither step touches single people: the cost depends on months and districts alone.

References
----------
F. Fang and C. W. Oosterlee, "A novel pricing method for European options based on Fourier-cosine series
expansions", SIAM Journal on Scientific Computing 31 (2008). Here the series is that of a distribution on
whole numbers, which is exact once all its terms are there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.base.arrays import ComplexArray, FloatArray, IntArray
from sim.base.errors import SimulationError
from sim.courts.decisions import Decisions
from sim.projection.grouped import Counts, Moments, Quantity
from sim.projection.spared import SparedTotal, times

WIDTH = 9.0
"""The series runs over so many standard deviations to each side of the mean."""
BLOCK = 16
"""Terms worked out together; more blocks follow until the terms are negligible."""
NEGLIGIBLE = 1e-6
MOST_TERMS = 1 << 14
LogTransform = Callable[[FloatArray, FloatArray], ComplexArray]
"""(frequencies, approval rates) -> log of the conditional transform, (districts, rates, frequencies)."""


@dataclass(frozen=True)
class Distribution:
    """Distribution of a whole number.

    Attributes
    ----------
    mean, sd
        Exact.
    first, points
        The series covers the whole numbers ``first, ..., first + points - 1``.
    terms
        Coefficients of the cosine series, shape (terms,).
    left_out
        Size of the last terms: how much of the shape the series may lack.
    """

    mean: float
    sd: float
    first: int
    points: int
    terms: FloatArray
    left_out: float

    def cdf(self, value: ArrayLike) -> FloatArray:
        """Chance of at most so much, same shape."""
        steps = np.clip(np.floor(np.asarray(value, np.float64)) - self.first + 1, 0, self.points)
        angle = np.pi / self.points * np.arange(1, len(self.terms))
        waves = np.sin(steps[..., np.newaxis] * angle) @ (self.terms[1:] / np.sin(angle / 2))
        found: FloatArray = np.clip((steps + waves) / self.points, 0.0, 1.0)
        return found

    def pmf(self, value: ArrayLike) -> FloatArray:
        """Chance of exactly so much, same shape."""
        number = np.asarray(value, np.float64)
        steps = number - self.first + 0.5
        angle = np.pi / self.points * np.arange(1, len(self.terms))
        waves = np.cos(steps[..., np.newaxis] * angle) @ (2 * self.terms[1:])
        inside = (steps > 0) & (steps < self.points) & (number == np.floor(number))
        return np.where(inside, np.maximum((1 + waves) / self.points, 0.0), 0.0)

    def quantiles(self, chance: ArrayLike) -> IntArray:
        """Smallest whole numbers that are not exceeded with these chances, same shape."""
        wanted = np.asarray(chance, np.float64)
        if not ((wanted >= 0) & (wanted <= 1)).all():
            raise SimulationError(f"quantiles: chances lie between 0 and 1, not {wanted.tolist()}")
        low = np.full(wanted.shape, self.first - 1, np.int64)
        high = np.full(wanted.shape, self.first + self.points - 1, np.int64)
        while (high - low > 1).any():
            middle = (low + high) // 2
            enough = self.cdf(middle) >= wanted
            low, high = np.where(enough, low, middle), np.where(enough, middle, high)
        return high


def distribution(
    counts: Counts,
    court: Decisions,
    quantity: Quantity,
    moments: Moments,
    *,
    month: int | None = None,
    group: int | None = None,
) -> Distribution:
    """Exact distribution of a total; `sim.projection.project.Forecast.distribution` asks for it by name.

    `moments` are those of the quantity; see `Forecast.quantiles` for the others.
    """
    _check(counts, quantity, month, group)
    at = month or 0
    column = at if moments.mean.shape[1] > 1 else 0
    row = counts.groups if group is None else group
    mean, sd = float(moments.mean[row, column]), float(moments.sd[row, column])
    whom = slice(None) if group is None else slice(group, group + 1)
    base = counts.without[whom]
    if quantity == "bed_months":
        total = SparedTotal(*counts.leaving.pairs(group), court)
        return _inverted(total.log_transform, 0, total.most, mean, sd, court, total.reach)
    if quantity == "in_custody":
        left = distribution(counts, court, "left", _left(moments, counts), month=month, group=group)
        return _mirrored(left, int(base.sum()))
    granted, denied, people = counts.pairs(group)
    if quantity == "first_day":
        chance = court.decided[[counts.day_one_month], counts.day_one_month]
        people, sign, fixed = counts.day_one[whom].sum(axis=0)[:, np.newaxis], 1, 0
        coins = [_Coins(people, chance, sign)]
    elif quantity == "left":
        coins = [_coins(people, court.decided[:, at][granted], (granted <= at) & (at < denied))]
        fixed = int(base[:, : at + 1].sum())
    else:
        before = court.decided[:, max(at - 1, 0)][granted]
        arriving = court.decided[:, at][granted] - np.where(granted < at, before, 0.0)
        coins = [
            _coins(people, arriving, (granted <= at) & (at < denied)),
            _coins(people, before, denied == at, -1),
        ]
        fixed = int(base[:, at].sum())
    fewest = fixed - sum(int(each.people.sum()) for each in coins if each.sign < 0)
    most = fixed + sum(int(each.people.sum()) for each in coins if each.sign > 0)

    def log_transform(frequency: FloatArray, rate: FloatArray) -> ComplexArray:
        found = np.zeros((counts.districts, len(rate), len(frequency)), np.complex128)
        for each in coins:
            turned = np.exp(each.sign * 1j * frequency) - 1
            chance = each.chance[:, np.newaxis, np.newaxis] * rate[:, np.newaxis]
            logs = np.log1p(chance * turned).reshape(len(chance), len(rate) * len(frequency))
            found += times(each.people, logs).reshape(found.shape)
        found[0] += 1j * frequency * fixed
        return found

    return _inverted(log_transform, fewest, most, mean, sd, court, _reach(coins))


def _left(moments: Moments, counts: Counts) -> Moments:
    """Moments of those who have left, from those of who is still inside."""
    people = counts.without.sum(axis=1)
    people = np.append(people, people.sum())[:, np.newaxis]
    return Moments(people - moments.mean, moments.drawn, moments.districts)


@dataclass(frozen=True)
class _Coins:
    """People, shape (districts, kinds), who count up or down with a chance, (kinds,), times the rate."""

    people: FloatArray
    chance: FloatArray
    sign: int = 1


def _coins(people: FloatArray, chance: FloatArray, who: NDArray[np.bool_], sign: int = 1) -> _Coins:
    """Some of the people, those of one chance together."""
    found, kind = np.unique(chance[who], return_inverse=True)
    together = np.zeros((len(found), len(people)))
    np.add.at(together, kind, people[:, who].T)
    return _Coins(np.ascontiguousarray(together.T), found, sign)


def _reach(coins: list[_Coins]) -> float:
    """How far the mean of a district's total moves, at most, when its rate goes from 0 to 1."""
    return float(np.sum([each.people @ each.chance for each in coins], axis=0).max(initial=0.0))


def _inverted(
    log_transform: LogTransform,
    fewest: int,
    most: int,
    mean: float,
    sd: float,
    court: Decisions,
    reach: float,
) -> Distribution:
    """Distribution on the whole numbers from fewest to most.

    `log_transform` is that of each district, given its rate; mean and standard deviation are those of the
    total. `reach` is how far the mean of a district's total moves, at most, when its rate goes from 0 to
    1: it decides how many rates the average over them needs.
    """
    first = max(fewest, int(np.floor(mean - WIDTH * sd)) - 1)
    points = min(most, int(np.ceil(mean + WIDTH * sd)) + 1) - first + 1
    terms: list[ComplexArray] = []
    size = np.inf
    for begin in range(0, min(points, MOST_TERMS), BLOCK):
        number = np.arange(begin, min(begin + BLOCK, points))
        frequency: FloatArray = np.pi / points * number.astype(np.float64)
        every: ComplexArray = np.ones(len(frequency), np.complex128)
        for log_odds, spread, where in court.kinds:
            rate, weight = court.nodes(log_odds, spread, float(frequency[-1]) * reach)
            inside = np.exp(log_transform(frequency, rate)[where])
            every = every * np.prod(np.einsum("r,drf->df", weight, inside), axis=0)
        terms.append(every * np.exp(-1j * frequency * (first - 0.5)))
        size = float(np.abs(every).max())
        if size < NEGLIGIBLE:
            break
    found = np.concatenate(terms).real
    left_out = 0.0 if len(found) == points else size
    return Distribution(mean, sd, first, points, found, left_out)


def _mirrored(left: Distribution, people: int) -> Distribution:
    """Distribution of those who have not left."""
    sign = np.where(np.arange(len(left.terms)) % 2, -1.0, 1.0)
    first = people - (left.first + left.points - 1)
    return Distribution(people - left.mean, left.sd, first, left.points, sign * left.terms, left.left_out)


def _check(counts: Counts, quantity: str, month: int | None, group: int | None) -> None:
    known = ("bed_months", "first_day", "left", "releases", "in_custody")
    if quantity not in known:
        raise SimulationError(f"no distribution of {quantity!r}; there are {', '.join(known)}")
    monthly = known.index(quantity) >= 2
    if monthly and (month is None or not 0 <= month < counts.months):
        raise SimulationError(
            f"{quantity}: give a month from 0 to {counts.months - 1}, 0 being that of the reference day, "
            f"not {month}"
        )
    if not monthly and month is not None:
        raise SimulationError(f"{quantity} is one total over all months; leave the month out")
    if group is not None and not 0 <= group < counts.groups:
        raise SimulationError(f"no group {group}; there are 0 to {counts.groups - 1}")
