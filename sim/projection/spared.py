r"""The months in prison that a granted motion spares one person: moments and characteristic function.

A person whose month of release is q if granted and e if denied is spared the months from q to e in which
the order is there. At least x months are spared if it is there by month e - x, so the mean of any g of the
months spared is g(0) plus the sum over x = 1 ... e - q of ``(g(x) - g(x - 1)) F(e - x)``. For powers that
is a sum of positive terms, without the cancellation that differences of running sums would have.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]
IntArray = NDArray[np.int64]


class SparedMonths:
    """Months spared to people with given months of release, if the approval rate were 1.

    Parameters
    ----------
    granted, denied
        q and e, shape (pairs,).
    decided
        F, the chance that an order is there by the beginning of each month, shape (months,).
    """

    def __init__(self, granted: IntArray, denied: IntArray, decided: FloatArray) -> None:
        self.longest = denied - granted
        self.x = np.arange(1, int(self.longest.max(initial=0)) + 1)
        ends, self.row = np.unique(denied, return_inverse=True)
        before = ends[:, np.newaxis] - self.x
        self.chance = np.where(before >= 0, decided[np.maximum(before, 0)], 0.0)

    def moments(self, most: int) -> FloatArray:
        """Means of the first powers, shape (most, pairs)."""
        x = self.x.astype(np.float64)
        steps = [x**power - (x - 1) ** power for power in range(1, most + 1)]
        return np.array([self._sums(self.chance * step) for step in steps])

    def transform(self, frequency: FloatArray) -> ComplexArray:
        """Characteristic function less 1, shape (points, pairs)."""
        ahead = np.exp(1j * frequency[:, np.newaxis] * self.x)
        steps = ahead * (1 - np.exp(-1j * frequency))[:, np.newaxis]
        return np.array([self._sums(self.chance * step) for step in steps])

    def _sums(self, terms: NDArray[np.inexact]) -> NDArray[np.inexact]:
        table = np.zeros((len(terms), len(self.x) + 1), terms.dtype)
        np.cumsum(terms, axis=1, out=table[:, 1:])
        found: NDArray[np.inexact] = table[self.row, self.longest]
        return found
