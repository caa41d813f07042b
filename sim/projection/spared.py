r"""The months in prison that granted motions spare: of one person, and of all in a district.

A person whose month of release is q if granted and e if denied is spared the months from q to e in which
the order is there. At least x months are spared if it is there by month e - x, so the mean of any g of the
months spared is g(0) plus the sum over x = 1 ... e - q of ``(g(x) - g(x - 1)) F(e - x)``. For powers that
is a sum of positive terms, without the cancellation that differences of running sums would have.
"""

from __future__ import annotations

from math import factorial

import numpy as np
from numpy.typing import NDArray

from sim.base.arrays import ComplexArray, FloatArray, IntArray
from sim.courts.decisions import Decisions

ORDER = 8
"""Powers of the frequency that are kept."""
POWERS = np.array([(k, j) for k in range(1, ORDER + 1) for j in range(k, ORDER + 1)]).T
"""Powers of the rate and of the frequency that occur together."""
SHORT = 0.7
"""Frequency times months up to which the power series is used."""


class SparedMonths:
    """Months spared to people with given months of release, if the approval rate were 1.

    Parameters
    ----------
    granted, denied
        q and e, q the smaller one, shape (pairs,).
    court
        Chances of a decision.
    """

    def __init__(self, granted: IntArray, denied: IntArray, court: Decisions) -> None:
        longest = denied - granted
        self.begins = np.cumsum(longest) - longest
        pair = np.repeat(np.arange(len(longest)), longest)
        self.x = 1 + np.arange(len(pair)) - self.begins[pair]
        self.chance = court.decided[granted[pair], denied[pair] - self.x]

    def moments(self, most: int) -> FloatArray:
        """Means of the first powers, shape (most, pairs)."""
        x = self.x.astype(np.float64)
        return np.array([self._sums(x**power - (x - 1) ** power) for power in range(1, most + 1)])

    def transform(self, frequency: FloatArray) -> ComplexArray:
        """Characteristic function less 1, shape (points, pairs)."""
        months = np.arange(int(self.x.max(initial=0)) + 1)
        return np.array(
            [self._sums((np.exp(1j * u * months) * (1 - np.exp(-1j * u)))[self.x]) for u in frequency]
        )

    def _sums(self, terms: NDArray[np.inexact]) -> NDArray[np.inexact]:
        if len(self.begins) == 0:
            return np.zeros(0, terms.dtype)
        found: NDArray[np.inexact] = np.add.reduceat(self.chance * terms, self.begins)
        return found


class SparedTotal:
    """Sum of the months spared, by district: its characteristic function given the approval rate.

    Where the frequency times the months a person can be spared is small, the logarithm of one person's
    characteristic function is a short power series in both frequency and rate, and the sums of its
    coefficients over people are all that is needed. The few who can be spared too many months for that are
    taken one by one.

    Parameters
    ----------
    granted, denied
        Pairs of months of release, shape (pairs,).
    people
        Eligible people, shape (districts, pairs).
    court
        Chances of a decision.
    """

    def __init__(self, granted: IntArray, denied: IntArray, people: FloatArray, court: Decisions) -> None:
        self.granted, self.denied, self.people, self.court = granted, denied, people, court
        self.longest = denied - granted
        moments = SparedMonths(granted, denied, court).moments(ORDER)
        self.series = _log_series(moments)
        self.most = int(people.sum(axis=0) @ self.longest)
        self.reach = float((people @ moments[0]).max(initial=0.0))
        self.all_together = people @ self.series

    def log_transform(self, frequency: FloatArray, rate: FloatArray) -> ComplexArray:
        """Logarithm of the conditional characteristic function, shape (districts, rates, frequencies)."""
        long = np.flatnonzero(frequency.max(initial=0.0) * self.longest > SHORT)
        sums = self.all_together - self.people[:, long] @ self.series[long]
        waves = (1j * frequency) ** POWERS[1][:, np.newaxis]
        rates = rate[:, np.newaxis] ** POWERS[0]
        both = (sums[:, np.newaxis] * rates).reshape(-1, len(waves))
        found = times(both, waves).reshape(len(sums), len(rate), len(frequency))
        if len(long):
            self._add_long(found, long, frequency, rate)
        return found

    def _add_long(
        self, found: ComplexArray, pairs: IntArray, frequency: FloatArray, rate: FloatArray
    ) -> None:
        people = self.people[:, pairs]
        change = SparedMonths(self.granted[pairs], self.denied[pairs], self.court).transform(frequency).T
        for number, one in enumerate(rate):
            found[:, number] += times(people, np.log(1 + one * change))


def times(real: FloatArray, waves: ComplexArray) -> ComplexArray:
    """Matrix product of real and complex numbers, as one of real ones."""
    flat = np.ascontiguousarray(waves).view(np.float64)
    return (real @ flat).view(np.complex128)


def _log_series(moments: FloatArray) -> FloatArray:
    """Coefficients of ``log(1 + p (f - 1))`` for the powers of p and of the frequency times i in `POWERS`.

    `moments` are the means of the first powers of the months spared, shape (ORDER, pairs); shape (pairs,
    powers).
    """
    single = moments / np.array([factorial(j) for j in range(1, ORDER + 1)], np.float64)[:, np.newaxis]
    series = []
    power = single  # of f - 1, to the k; its row j - 1 belongs to the frequency to the j
    for k in range(1, ORDER + 1):
        series.append((1 if k % 2 else -1) / k * power[k - 1 :])
        following = np.zeros_like(power)
        for j in range(1, ORDER):
            following[j:] += power[j - 1] * single[: ORDER - j]
        power = following
    return np.concatenate(series).T.copy()
