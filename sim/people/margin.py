"""Published distributions and means, as what weights have to meet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.base.errors import SimulationError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

EXACT = 1e-9
"""Shares may miss one by rounding of floats only; published ones are scaled before they come here."""


@dataclass(frozen=True)
class Margin:
    """One published distribution.

    Parameters
    ----------
    name
        What it is called in the report.
    cell
        Cell of each row, shape (rows,); -1 for rows the margin says nothing about.
    share
        Share of each cell within its group, shape (cells,); the shares of a group add up to one.
    counts
        How much of each row counts: 1 and 0 for "is inside on the day", shape (rows,).
    group
        Group of each cell, shape (cells,); all one group if left out.
    """

    name: str
    cell: IntArray
    share: FloatArray
    counts: FloatArray
    group: IntArray | None = None

    @property
    def size(self) -> int:
        """Number of cells."""
        return len(self.share)

    def __post_init__(self) -> None:
        """Refuse a margin that no weights could meet, whatever the rows."""
        group = np.zeros(len(self.share), np.int64) if self.group is None else self.group
        if len(group) != len(self.share) or len(self.cell) != len(self.counts):
            raise SimulationError(f"margin {self.name!r}: arrays of different lengths")
        if not (self.share >= 0).all() or np.abs(np.bincount(group, self.share) - 1).max() > EXACT:
            raise SimulationError(
                f"margin {self.name!r}: the shares {np.round(self.share, 6).tolist()} must not be negative "
                "and must add up to 1 within each group"
            )
        if len(self.cell) and not (self.cell.min() >= -1 and self.cell.max() < len(self.share)):
            raise SimulationError(
                f"margin {self.name!r}: cells {self.cell.min()} to {self.cell.max()}; "
                f"-1 to {len(self.share) - 1} is accepted"
            )


@dataclass(frozen=True)
class MeanMargin:
    """One published mean, met by a tilt that grows evenly from level to level.

    Of all weights with this mean they are the nearest to the given ones that depend on the level alone.

    Parameters
    ----------
    name
        What it is called in the report.
    cell
        Level of each row, shape (rows,); -1 for rows that are left as they are.
    level
        What each level stands for, shape (cells,).
    value
        What the mean is of, shape (rows,).
    mean
        The published mean.
    counts
        How much of each row counts for the mean, shape (rows,).
    """

    name: str
    cell: IntArray
    level: FloatArray
    value: FloatArray
    mean: float
    counts: FloatArray

    @property
    def size(self) -> int:
        """Number of cells."""
        return len(self.level)
