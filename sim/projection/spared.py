r"""The months in prison that a granted motion spares one person: moments and characteristic function.

A person whose month of release is q if granted and e if denied is spared the months from q to e in which
the order is there. At least x months are spared if it is there by month e - x, so the mean of any g of the
months spared is g(0) plus the sum over x = 1 ... e - q of ``(g(x) - g(x - 1)) F(e - x)``. For powers that
is a sum of positive terms, without the cancellation that differences of running sums would have.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.courts.decisions import Decisions

FloatArray = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]
IntArray = NDArray[np.int64]


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
