"""A smooth stand-in for a slow model: each quantity as a polynomial of the parameters.

Every run of the model draws its own people; the polynomial averages their luck away, which no single run
can.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sim.base.arrays import FloatArray
from sim.base.errors import SimulationError

ROUNDING = 1e-20
"""A variance below this share of the mean square is the rounding of floats."""


@dataclass(frozen=True)
class Emulator:
    """Least squares on a constant, each parameter and its square.

    Attributes
    ----------
    low, high
        Bounds of the parameters, shape (parameters,).
    coefficients
        Shape (1 + 2 parameters, quantities).
    explained
        Share of the variance between runs that the polynomial follows, shape (quantities,); the rest is
        the luck of the people and what a square cannot follow.
    """

    low: FloatArray
    high: FloatArray
    coefficients: FloatArray
    explained: FloatArray

    @classmethod
    def fit(cls, inputs: FloatArray, outputs: FloatArray, low: FloatArray, high: FloatArray) -> Emulator:
        """Learn from runs.

        Parameters and quantities of the runs, shape (runs, parameters) and (runs, quantities), and
        the bounds of the parameters; no fewer runs than coefficients.
        """
        enough(*inputs.shape)
        terms = _terms(inputs, low, high)
        coefficients = np.asarray(np.linalg.lstsq(terms, outputs, rcond=None)[0], np.float64)
        left, spread = (outputs - terms @ coefficients).var(axis=0), outputs.var(axis=0)
        moves = spread > ROUNDING * (outputs**2).mean(axis=0)
        unexplained = np.divide(left, spread, out=np.zeros_like(left), where=moves)
        return cls(low, high, coefficients, np.asarray(1 - unexplained, np.float64))

    def levelled(self, inputs: FloatArray, outputs: FloatArray) -> Emulator:
        """The same slopes, moved to meet the mean of other runs: where they lie the level is right."""
        moved = self.coefficients.copy()
        moved[0] += (outputs - self.predict(inputs)).mean(axis=0)
        return replace(self, coefficients=moved)

    def predict(self, inputs: FloatArray) -> FloatArray:
        """Quantities at other parameters, shape (sets, quantities)."""
        return np.asarray(_terms(inputs, self.low, self.high) @ self.coefficients)


def enough(runs: int, parameters: int) -> None:
    """Refuse fewer runs than there are coefficients."""
    least = 1 + 2 * parameters
    if runs < least:
        raise SimulationError(
            f"{runs} sets of {parameters} parameters drawn: at least {least} are needed to tell what each "
            "parameter does"
        )


def _terms(inputs: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    x = (2 * inputs - low - high) / (high - low)
    return np.column_stack([np.ones(len(x)), x, x**2])
