"""Published distributions and means, as what weights have to meet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.base.arrays import FloatArray, IntArray
from sim.base.errors import SimulationError

EXACT = 1e-9
"""Shares may miss one by rounding of floats only; published ones are scaled before they come here."""


def _counted(cell: IntArray, counts: FloatArray) -> tuple[IntArray, IntArray, FloatArray]:
    rows = np.flatnonzero((cell >= 0) & (counts > 0))
    return rows, cell[rows], counts[rows]


@dataclass(frozen=True)
class Kinds:
    """Rows that are alike in every margin, taken together: they keep the proportion of their weights.

    Attributes
    ----------
    rows
        Rows that count in some margin, shape (counting,).
    kind
        The kind of each of them, shape (counting,).
    first
        A row of each kind, shape (kinds,).
    weights
        Starting weights of `rows`, shape (counting,).
    """

    rows: IntArray
    kind: IntArray
    first: IntArray
    weights: FloatArray

    def sums(self, values: FloatArray | float = 1.0) -> FloatArray:
        """Weighted sum of the values of `rows` by kind, shape (kinds,)."""
        return np.bincount(self.kind, self.weights * values, len(self.first)).astype(np.float64)


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

    def of(self, kinds: Kinds) -> Margin:
        """The margin over kinds of rows.

        What is published of cells without a row is shared out among the others of their group, so that the
        rounds can come to rest.
        """
        cell, counts = self.cell[kinds.first], self.counts[kinds.first]
        there = np.bincount(cell + 1, counts, self.size + 1)[1:] > 0
        share = np.where(there, self.share, 0.0)
        whole = self._by_group(share)
        share = np.divide(share, whole, out=self.share.copy(), where=whole > 0)
        return Margin(self.name, cell, share, counts, self.group)

    @cached_property
    def _counted(self) -> tuple[IntArray, IntArray, FloatArray]:
        """The rows that count, often few, with the cell of each and how much it counts."""
        return _counted(self.cell, self.counts)

    def sums(self, weight: FloatArray) -> FloatArray:
        """Counted weight of each cell, shape (cells,)."""
        rows, cell, counts = self._counted
        return np.bincount(cell, weight[rows] * counts, self.size).astype(np.float64)

    def step(self, weight: FloatArray) -> tuple[FloatArray, float]:
        """The factor that gives each cell its share, and the largest difference in share before it."""
        sums = self.sums(weight)
        totals = self._by_group(sums)
        factor = np.divide(self.share * totals, sums, out=np.ones_like(sums), where=sums > 0)
        share = np.divide(sums, totals, out=self.share.copy(), where=totals > 0)
        return factor, float(np.abs(share - self.share).max(initial=0.0))

    def _by_group(self, values: FloatArray) -> FloatArray:
        """The sum over its group beside each cell."""
        if self.group is None:
            return np.full(self.size, values.sum())
        return np.bincount(self.group, values)[self.group].astype(np.float64)


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

    @cached_property
    def _counted(self) -> tuple[IntArray, IntArray, FloatArray]:
        """As for `Margin`."""
        return _counted(self.cell, self.counts)

    def of(self, kinds: Kinds) -> MeanMargin:
        """The mean over kinds of rows; a kind has the mean value of its rows."""
        whole = kinds.sums()
        value = np.divide(
            kinds.sums(self.value[kinds.rows]), whole, out=np.zeros_like(whole), where=whole > 0
        )
        cell, counts = self.cell[kinds.first], self.counts[kinds.first]
        return MeanMargin(self.name, cell, self.level, value, self.mean, counts)

    def step(self, weight: FloatArray) -> tuple[FloatArray, float]:
        """The factor of each level by one step of Newton's method, and the relative difference before it."""
        rows, cell, counts = self._counted
        counted = weight[rows] * counts
        people, value = (np.bincount(cell, each, self.size) for each in (counted, counted * self.value[rows]))
        total = people.sum()
        if total <= 0:
            return np.ones(self.size), 0.0
        mean, middle = value.sum() / total, (people @ self.level) / total
        slope = (value - mean * people) @ (self.level - middle) / total
        move = (self.mean - mean) / slope if slope > 0 else 0.0
        return np.exp(move * (self.level - middle)), float(abs(mean / self.mean - 1))
