"""Weights that meet published margins, with the conflicts between margins said aloud.

Published tables contradict each other: other years, other populations, rounding. Raking on margins that
cannot all hold never settles; it circles on a plateau and ends wherever it was stopped. `rake` finds the
plateau, and reports each margin's remaining gap instead of averaging in silence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


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


@dataclass(frozen=True)
class Raked:
    """Weights and how well they meet the margins.

    Attributes
    ----------
    weights
        Shape (rows,).
    factors
        What each margin's cells were multiplied by in all; name -> shape (cells,).
    gaps
        Largest difference in share that remains, by margin.
    rounds
        How many rounds were made.
    settled
        Whether every gap is under the tolerance; if not, the margins conflict.
    empty
        Cells with a published share and no row, by margin.
    """

    weights: FloatArray
    factors: dict[str, FloatArray]
    gaps: dict[str, float]
    rounds: int
    settled: bool
    empty: dict[str, list[int]] = field(default_factory=dict)


def rake(
    weights: FloatArray,
    margins: Sequence[Margin],
    *,
    tolerance: float = 1e-4,
    rounds: int = 200,
    step_limit: float = 5.0,
) -> Raked:
    """Weights as near to the given ones as the margins allow (iterative proportional fitting).

    Parameters
    ----------
    weights
        Starting weights, shape (rows,), not negative.
    margins
        The distributions to meet.
    tolerance
        Gap in share at which a margin counts as met.
    rounds
        At most so many rounds; fewer when the largest gap stops falling.
    step_limit
        A factor of one step lies between 1 / step_limit and step_limit, so that a rare cell cannot explode.

    Returns
    -------
    Raked
        Weights, factors and the report.
    """
    some = np.zeros(len(weights), np.bool_)
    for margin in margins:
        some |= margin.counts > 0
    # Rows that count nowhere get their factors at the end.
    weight = weights[some].astype(np.float64)
    factors = {margin.name: np.ones(len(margin.share)) for margin in margins}
    flat = [_Flat.of(margin, some) for margin in margins]
    gap = best = np.inf
    made = stuck = 0
    for _ in range(rounds):
        made += 1
        gap = 0.0
        for margin, one in zip(margins, flat, strict=True):
            current = one.sums(weight)
            wanted = margin.share * one.totals(current)
            with np.errstate(divide="ignore", invalid="ignore"):
                factor = np.where((current > 0) & (wanted > 0), wanted / current, 1.0)
            factor = np.clip(factor, 1 / step_limit, step_limit)
            one.scale(weight, factor)
            factors[margin.name] *= factor
            gap = max(gap, one.gap(current))
        if gap < tolerance:
            break
        stuck = stuck + 1 if gap > 0.995 * best else 0
        best = min(best, gap)
        if stuck >= 5:  # a plateau: the margins contradict each other
            break
    gaps = {margin.name: one.gap(one.sums(weight)) for margin, one in zip(margins, flat, strict=True)}
    empty = {
        margin.name: np.flatnonzero((one.sums(weight) == 0) & (margin.share > 0)).tolist()
        for margin, one in zip(margins, flat, strict=True)
    }
    settled = max(gaps.values(), default=0.0) < 10 * tolerance
    every = weights.astype(np.float64).copy()
    for margin in margins:
        said = margin.cell >= 0
        every[said] *= factors[margin.name][margin.cell[said]]
    return Raked(every, factors, gaps, made, settled, {k: v for k, v in empty.items() if v})


def systematic_counts(weights: FloatArray, offset: float) -> IntArray:
    """Whole numbers of people whose running total never strays by one from that of the weights.

    Parameters
    ----------
    weights
        Expected people of each row, shape (rows,).
    offset
        One draw in [0, 1) for the whole list.

    Returns
    -------
    IntArray
        People of each row, shape (rows,); the sum is the rounded sum of the weights.
    """
    edges = np.floor(np.concatenate([[0.0], np.cumsum(weights)]) + offset)
    return np.diff(edges).astype(np.int64)


@dataclass(frozen=True)
class _Flat:
    """A margin with its rows sorted out once, so that a round is a few `bincount`s."""

    margin: Margin
    rows: IntArray
    cell: IntArray
    counts: FloatArray
    group: IntArray

    @classmethod
    def of(cls, margin: Margin, some: NDArray[np.bool_]) -> _Flat:
        cell = margin.cell[some]
        rows = np.flatnonzero(cell >= 0)
        group = np.zeros(len(margin.share), np.int64) if margin.group is None else margin.group
        return cls(margin, rows, cell[rows], margin.counts[some][rows], group)

    def sums(self, weight: FloatArray) -> FloatArray:
        size = len(self.margin.share)
        return np.bincount(self.cell, weight[self.rows] * self.counts, size).astype(np.float64)

    def totals(self, sums: FloatArray) -> FloatArray:
        return np.bincount(self.group, sums).astype(np.float64)[self.group]

    def scale(self, weight: FloatArray, factor: FloatArray) -> None:
        weight[self.rows] *= factor[self.cell]

    def gap(self, sums: FloatArray) -> float:
        totals = self.totals(sums)
        share = np.divide(sums, totals, out=np.zeros_like(sums), where=totals > 0)
        return float(np.abs(share - self.margin.share)[totals > 0].max(initial=0.0))
