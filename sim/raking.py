"""Weights that meet published margins, with the conflicts between margins said aloud.

Published tables contradict each other: other years, other populations, rounding. Raking on margins that
cannot all hold never settles; it circles on a plateau and ends wherever it was stopped. `rake` finds the
plateau, and reports each margin's remaining gap instead of averaging in silence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import SimulationError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

EXACT = 1e-9
"""Shares may miss one by rounding of floats only; published ones are scaled before they come here."""
PATIENCE = 10
"""Rounds without a smaller gap after which margins are taken to contradict each other."""
KEYS = 2**62
"""Keys of rows stay below this, so that they fit a whole number of 64 bits."""


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
        Whether every gap is under the tolerance; if not, the margins conflict or have cells without a row.
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
    margins: Sequence[Margin | MeanMargin],
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
        Gap in share, or relative gap of a mean, at which a margin counts as met.
    rounds
        At most so many rounds; fewer when the largest gap stops falling.
    step_limit
        A factor of one step lies between 1 / step_limit and step_limit, so that a rare cell cannot explode.

    Returns
    -------
    Raked
        Weights, factors and the report.

    Raises
    ------
    SimulationError
        Two margins of one name.
    """
    factors = {margin.name: np.ones(margin.size) for margin in margins}
    if len(factors) < len(margins):
        raise SimulationError(f"margins of one name: {', '.join(margin.name for margin in margins)}")
    rows, kind, first = _kinds(margins, len(weights))
    weight = np.bincount(kind, weights[rows], len(first)).astype(np.float64)
    flat = [
        _Flat.of(margin, rows[first])
        if isinstance(margin, Margin)
        else _FlatMean.of(margin, rows, kind, first, weights)
        for margin in margins
    ]
    gap = best = np.inf
    made = stuck = 0
    for _ in range(rounds):
        made += 1
        gap = 0.0
        for margin, one in zip(margins, flat, strict=True):
            factor, missed = one.step(weight)
            factor = np.minimum(np.maximum(factor, 1 / step_limit), step_limit)
            one.scale(weight, factor)
            factors[margin.name] *= factor
            gap = max(gap, missed)
        if gap < tolerance and max(one.step(weight)[1] for one in flat) < tolerance:
            break
        stuck = stuck + 1 if gap > 0.995 * best else 0
        best = min(best, gap)
        if stuck >= PATIENCE:  # a plateau: the margins contradict each other
            break
    gaps = _gaps(margins, flat, weight)
    empty = {
        margin.name: np.flatnonzero((one.sums(weight) == 0) & (margin.share > 0)).tolist()
        for margin, one in zip(margins, flat, strict=True)
        if isinstance(margin, Margin) and isinstance(one, _Flat)
    }
    settled = max(gaps.values(), default=0.0) < tolerance
    every = weights.astype(np.float64).copy()
    for margin in margins:
        said = margin.cell >= 0
        every[said] *= factors[margin.name][margin.cell[said]]
    return Raked(every, factors, gaps, made, settled, {k: v for k, v in empty.items() if v})


def _kinds(margins: Sequence[Margin | MeanMargin], rows: int) -> tuple[IntArray, IntArray, IntArray]:
    """Rows that count in some margin, a number for each that rows alike in every margin share, their first.

    Rows alike keep the proportion of their weights, so the rounds need only the kinds: ten times fewer.
    """
    some = np.zeros(rows, np.bool_)
    for margin in margins:
        some |= margin.counts > 0
    counting = np.flatnonzero(some)
    key, size = np.zeros(len(counting), np.int64), 1
    columns = [(margin.cell[counting] + 1, margin.size + 1) for margin in margins]
    for counts in {id(margin.counts): margin.counts for margin in margins}.values():
        columns.append(_numbered(counts[counting]))
    for code, codes in columns:
        if size * codes > KEYS:
            key, size = _numbered(key)
        key, size = key * codes + code, size * codes
    kind, size = _numbered(key)
    first = np.empty(size, np.int64)
    met = np.flatnonzero(~pd.Series(kind).duplicated())
    first[kind[met]] = met
    return counting, kind, first


def _numbered(values: NDArray[np.generic]) -> tuple[IntArray, int]:
    """The place of each value among the different ones in ascending order, and how many these are."""
    number, levels = pd.factorize(values, sort=True)
    return number.astype(np.int64, copy=False), len(levels)


def _gaps(
    margins: Sequence[Margin | MeanMargin], flat: Sequence[_Flat | _FlatMean], weight: FloatArray
) -> dict[str, float]:
    """What each margin misses its share or mean by."""
    return {margin.name: one.gap(weight) for margin, one in zip(margins, flat, strict=True)}


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
        People of each row, shape (rows,); the sum is that of the weights, rounded down or up.
    """
    edges = np.floor(np.concatenate([[0.0], np.cumsum(weights)]) + offset)
    return np.diff(edges).astype(np.int64)


@dataclass(frozen=True)
class _Counting:
    """The rows that count in a margin; the others would add nothing to its sums."""

    rows: IntArray
    cell: IntArray
    counts: FloatArray
    plain: bool

    @classmethod
    def of(cls, rows: IntArray, cell: IntArray, counts: FloatArray) -> _Counting:
        plain = bool((counts == 1).all())
        if not plain:
            some = np.flatnonzero(counts)
            rows, cell, counts = rows[some], cell[some], counts[some]
            plain = bool((counts == 1).all())
        return cls(rows, cell, counts, plain)

    def sums(self, weight: FloatArray, size: int) -> FloatArray:
        there = weight if len(self.rows) == len(weight) else weight[self.rows]
        counted = there if self.plain else there * self.counts
        return np.bincount(self.cell, counted, size).astype(np.float64, copy=False)


@dataclass(frozen=True)
class _Flat:
    """A margin with its rows sorted out once, so that a round is a few `bincount`s."""

    margin: Margin
    rows: IntArray
    cell: IntArray
    group: IntArray
    share: FloatArray
    whole: bool
    counting: _Counting

    @classmethod
    def of(cls, margin: Margin, chosen: IntArray) -> _Flat:
        cell = margin.cell[chosen]
        rows = np.flatnonzero(cell >= 0)
        group = np.zeros(len(margin.share), np.int64) if margin.group is None else margin.group
        counts = margin.counts[chosen][rows]
        # What is published of cells without a row is shared out, so that the rounds can come to rest.
        share = np.where(np.bincount(cell[rows], counts, len(margin.share)) > 0, margin.share, 0.0)
        had = np.bincount(group, share)[group]
        share = np.divide(share, had, out=np.zeros_like(share), where=had > 0)
        counting = _Counting.of(rows, cell[rows], counts)
        return cls(margin, rows, cell[rows], group, share, len(rows) == len(cell), counting)

    def sums(self, weight: FloatArray) -> FloatArray:
        return self.counting.sums(weight, self.margin.size)

    def totals(self, sums: FloatArray) -> FloatArray:
        return np.bincount(self.group, sums).astype(np.float64)[self.group]

    def scale(self, weight: FloatArray, factor: FloatArray) -> None:
        if self.whole:
            weight *= factor[self.cell]
            return
        weight[self.rows] *= factor[self.cell]

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
class _FlatMean:
    """A mean with its rows sorted out once; rows alike have the mean of their values."""

    margin: MeanMargin
    rows: IntArray
    cell: IntArray
    counting: _Counting
    values: _Counting

    @classmethod
    def of(
        cls, margin: MeanMargin, rows: IntArray, kind: IntArray, first: IntArray, weights: FloatArray
    ) -> _FlatMean:
        there, size = weights[rows], len(first)
        whole = np.bincount(kind, there, size)
        value = np.divide(np.bincount(kind, there * margin.value[rows], size), whole,
                          out=np.zeros(size), where=whole > 0)  # fmt: skip
        cell, counts = margin.cell[rows[first]], margin.counts[rows[first]]
        said = np.flatnonzero(cell >= 0)
        counting = _Counting.of(said, cell[said], counts[said])
        return cls(margin, said, cell[said], counting, _Counting.of(said, cell[said], (counts * value)[said]))

    def step(self, weight: FloatArray) -> tuple[FloatArray, float]:
        """The factor of each level by one step of Newton's method, and the relative difference before it."""
        size, level = self.margin.size, self.margin.level
        counted, value = self.counting.sums(weight, size), self.values.sums(weight, size)
        total = counted.sum()
        if total <= 0:
            return np.ones(size), 0.0
        mean, middle = value.sum() / total, (counted @ level) / total
        slope = (value - mean * counted) @ (level - middle) / total
        move = (self.margin.mean - mean) / slope if slope > 0 else 0.0
        return np.exp(move * (level - middle)), float(abs(mean / self.margin.mean - 1))

    def gap(self, weight: FloatArray) -> float:
        """Relative difference from the published mean."""
        return self.step(weight)[1]

    def scale(self, weight: FloatArray, factor: FloatArray) -> None:
        weight[self.rows] *= factor[self.cell]
