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

from sim.base.errors import SimulationError
from sim.people.margin import FloatArray, IntArray, Margin, MeanMargin
from sim.people.margin_rows import Flat, FlatMean

PATIENCE = 10
"""Rounds without a smaller gap after which margins are taken to contradict each other."""
KEYS = 2**62
"""Keys of rows stay below this, so that they fit a whole number of 64 bits."""


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
        Flat.of(margin, rows[first])
        if isinstance(margin, Margin)
        else FlatMean.of(margin, rows, kind, first, weights)
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
        if isinstance(margin, Margin) and isinstance(one, Flat)
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
    margins: Sequence[Margin | MeanMargin], flat: Sequence[Flat | FlatMean], weight: FloatArray
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
