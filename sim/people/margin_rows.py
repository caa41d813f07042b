"""Margins with their rows sorted out once, so that a round of raking is a few sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.people.margin import FloatArray, IntArray, Margin, MeanMargin

if TYPE_CHECKING:
    from scipy.sparse import csr_array

MANY = 1 / 3
"""Share of the rows from which on it is faster to multiply all."""


@dataclass(frozen=True)
class _Counting:
    """The rows that count in a margin; the others would add nothing to its sums.

    Where each counts once, a sparse matrix adds up in the same order as `numpy.bincount`, to the same bits,
    and three times as fast. It is not asked to multiply: some machines round a product and a sum at once.
    """

    rows: IntArray
    cell: IntArray
    counts: FloatArray
    size: int
    adding: csr_array | None

    @classmethod
    def of(cls, rows: IntArray, cell: IntArray, counts: FloatArray, size: int, every: int) -> _Counting:
        """Sort out some of `every` row, by their cells, which are `size`."""
        from scipy.sparse import csr_array  # not needed where people are at hand

        some = np.flatnonzero(counts)
        rows, cell, counts = rows[some], cell[some], counts[some]
        adding = csr_array((counts, (cell, rows)), shape=(size, every)) if (counts == 1).all() else None
        return cls(rows, cell, counts, size, adding)

    def sums(self, weight: FloatArray) -> FloatArray:
        """Sum of each cell."""
        if self.adding is not None:
            added: FloatArray = self.adding @ weight
            return added
        counted = weight[self.rows] * self.counts
        return np.bincount(self.cell, counted, self.size).astype(np.float64, copy=False)


@dataclass(frozen=True)
class _Scaling:
    """The rows that a margin scales.

    Where they are many, every row is multiplied, those of no cell by one, which changes no bit: it is faster
    than to pick rows and put them back.
    """

    rows: IntArray | None
    cell: IntArray

    @classmethod
    def of(cls, cell: IntArray, size: int) -> _Scaling:
        """Sort out the rows by their cells, -1 being none."""
        rows = np.flatnonzero(cell >= 0)
        if len(rows) > MANY * len(cell):
            return cls(None, np.where(cell >= 0, cell, size))
        return cls(rows, cell[rows])

    def scale(self, weight: FloatArray, factor: FloatArray) -> None:
        """Multiply the weights by the factor of their cell, in place."""
        if self.rows is None:
            weight *= np.append(factor, 1.0).take(self.cell)
        else:
            weight[self.rows] *= factor[self.cell]


@dataclass(frozen=True)
class Flat:
    """A margin with its rows sorted out once, so that a round is a few `bincount`s."""

    margin: Margin
    group: IntArray
    share: FloatArray
    scaling: _Scaling
    counting: _Counting

    @classmethod
    def of(cls, margin: Margin, chosen: IntArray) -> Flat:
        """Sort out the given rows of a margin."""
        cell = margin.cell[chosen]
        rows = np.flatnonzero(cell >= 0)
        group = np.zeros(len(margin.share), np.int64) if margin.group is None else margin.group
        counts = margin.counts[chosen][rows]
        # What is published of cells without a row is shared out, so that the rounds can come to rest.
        share = np.where(np.bincount(cell[rows], counts, len(margin.share)) > 0, margin.share, 0.0)
        had = np.bincount(group, share)[group]
        share = np.divide(share, had, out=np.zeros_like(share), where=had > 0)
        counting = _Counting.of(rows, cell[rows], counts, margin.size, len(cell))
        return cls(margin, group, share, _Scaling.of(cell, margin.size), counting)

    def sums(self, weight: FloatArray) -> FloatArray:
        """Counted weight of each cell."""
        return self.counting.sums(weight)

    def totals(self, sums: FloatArray) -> FloatArray:
        """The sum over its group beside each cell."""
        return np.bincount(self.group, sums).astype(np.float64)[self.group]

    def scale(self, weight: FloatArray, factor: FloatArray) -> None:
        """Multiply the weights by the factor of their cell, in place."""
        self.scaling.scale(weight, factor)

    def step(self, weight: FloatArray) -> tuple[FloatArray, float]:
        """The factor of each cell, and the largest difference in share before it."""
        sums = self.sums(weight)
        totals = self.totals(sums)
        if sums.min() > 0:  # as a rule; the other way gives the same
            return self.share * totals / sums, float(np.abs(sums / totals - self.share).max())
        with np.errstate(divide="ignore", invalid="ignore"):
            factor = np.where(sums > 0, self.share * totals / sums, 1.0)
        return factor, self._miss(sums, totals, self.share)

    def gap(self, weight: FloatArray) -> float:
        """Largest difference from the published shares, cells without a row included."""
        sums = self.sums(weight)
        return self._miss(sums, self.totals(sums), self.margin.share)

    @staticmethod
    def _miss(sums: FloatArray, totals: FloatArray, wanted: FloatArray) -> float:
        share = np.divide(sums, totals, out=np.zeros_like(sums), where=totals > 0)
        return float(np.abs(share - wanted)[totals > 0].max(initial=0.0))


@dataclass(frozen=True)
class FlatMean:
    """A mean with its rows sorted out once; rows alike have the mean of their values."""

    margin: MeanMargin
    scaling: _Scaling
    counting: _Counting
    values: _Counting

    @classmethod
    def of(
        cls, margin: MeanMargin, rows: IntArray, kind: IntArray, first: IntArray, weights: FloatArray
    ) -> FlatMean:
        """Sort out the kinds of rows: all rows, the kind of each, the first of each kind, all weights."""
        there, size = weights[rows], len(first)
        whole = np.bincount(kind, there, size)
        value = np.divide(np.bincount(kind, there * margin.value[rows], size), whole,
                          out=np.zeros(size), where=whole > 0)  # fmt: skip
        cell, counts = margin.cell[rows[first]], margin.counts[rows[first]]
        said = np.flatnonzero(cell >= 0)
        counting, values = (
            _Counting.of(said, cell[said], each[said], margin.size, size) for each in (counts, counts * value)
        )
        return cls(margin, _Scaling.of(cell, margin.size), counting, values)

    def step(self, weight: FloatArray) -> tuple[FloatArray, float]:
        """The factor of each level by one step of Newton's method, and the relative difference before it."""
        level = self.margin.level
        counted, value = self.counting.sums(weight), self.values.sums(weight)
        total = counted.sum()
        if total <= 0:
            return np.ones(len(level)), 0.0
        mean, middle = value.sum() / total, (counted @ level) / total
        slope = (value - mean * counted) @ (level - middle) / total
        move = (self.margin.mean - mean) / slope if slope > 0 else 0.0
        return np.exp(move * (level - middle)), float(abs(mean / self.margin.mean - 1))

    def gap(self, weight: FloatArray) -> float:
        """Relative difference from the published mean."""
        return self.step(weight)[1]

    def scale(self, weight: FloatArray, factor: FloatArray) -> None:
        """Multiply the weights by the factor of their cell, in place."""
        self.scaling.scale(weight, factor)
