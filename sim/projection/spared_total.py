"""Characteristic function of all months spared in a district, given its approval rate.

Where the frequency times the months a person can be spared is small, the logarithm of one person's
characteristic function is a short power series in both frequency and rate, and the sums of its coefficients
over people are all that is needed. The few who can be spared too many months for that are taken one by one.
"""

from __future__ import annotations

from math import factorial

import numpy as np
from numpy.typing import NDArray

from sim.courts.decisions import Decisions
from sim.projection.spared import SparedMonths

FloatArray = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]
IntArray = NDArray[np.int64]

ORDER = 8
"""Powers of the frequency that are kept."""
POWERS = np.array([(k, j) for k in range(1, ORDER + 1) for j in range(k, ORDER + 1)]).T
"""Powers of the rate and of the frequency that occur together."""
SHORT = 0.7
"""Frequency times months up to which the power series is used."""


class SparedTotal:
    """Sum of the months spared, by district.

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

    Parameters
    ----------
    moments
        Means of the first powers of the months spared, shape (ORDER, pairs).

    Returns
    -------
    FloatArray
        Shape (pairs, powers).
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
