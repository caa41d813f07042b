"""Averages over a district's approval rate by Gauss quadrature for its beta distribution."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.courts.judges import Judges

FloatArray = NDArray[np.float64]

SIZES = (12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024)
"""Numbers of nodes; few different ones, so that they are worked out once."""
SPARE = 10
"""Nodes beyond those that a wave over the rates needs."""


def rate_nodes(judges: Judges, turns: float) -> tuple[FloatArray, FloatArray]:
    """Rates and weights that average a function over districts.

    Parameters
    ----------
    judges
        Mean and spread of the rate.
    turns
        How far the phase of the function turns between rate 0 and rate 1, in radians.

    Returns
    -------
    rates, weights
        Shape (nodes,); the weights add up to one. Exact for polynomials of degree up to ``2 nodes - 1``.
    """
    if judges.spread == 0:
        return np.array([judges.rate]), np.ones(1)
    if judges.all_or_nothing:
        return np.array([0.0, 1.0]), np.array([1 - judges.rate, judges.rate])
    # A wave of so many radians over an interval of length 1 is a polynomial of about half that degree; what
    # lies outside the bulk of the rates has no weight.
    seen = turns * min(1.0, 14 * judges.spread)
    needed = SPARE + seen / 2
    return _gauss_beta(*judges.beta(), next((size for size in SIZES if size >= needed), SIZES[-1]))


@lru_cache(maxsize=64)
def _gauss_beta(a: float, b: float, nodes: int) -> tuple[FloatArray, FloatArray]:
    """Nodes and weights for the beta(a, b) distribution (Golub and Welsch 1969).

    The recurrence is that of the Jacobi polynomials for weights ``x**(a - 1) (1 - x)**(b - 1)`` on [0, 1],
    normalised to a probability from the start: the ready-made rules normalise afterwards and overflow
    where districts hardly differ.
    """
    from scipy.linalg import eigh_tridiagonal

    alpha, beta = b - 1, a - 1
    n = np.arange(1, nodes, dtype=np.float64)
    whole = 2 * n + alpha + beta
    diagonal = np.empty(nodes)
    diagonal[0] = a / (a + b)
    diagonal[1:] = 0.5 + 0.5 * (beta**2 - alpha**2) / (whole * (whole + 2))
    square = np.empty(nodes - 1)
    square[:1] = a * b / ((a + b) ** 2 * (a + b + 1))
    m, w = n[1:], whole[1:]
    square[1:] = m * (m + alpha) * (m + beta) * (m + alpha + beta) / (w**2 * (w + 1) * (w - 1))
    rates, vectors = eigh_tridiagonal(diagonal, np.sqrt(square))
    weights = vectors[0] ** 2
    rates, weights = np.clip(rates, 0.0, 1.0), weights / weights.sum()
    rates.flags.writeable = weights.flags.writeable = False
    return rates, weights
