"""Weights that meet published margins, with the conflicts between margins said aloud.

Published tables contradict each other: other years, other populations, rounding. Raking on margins that
cannot all hold never settles; it circles on a plateau and ends wherever it was stopped. `rake` finds the
plateau, and reports each margin's remaining gap instead of averaging in silence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.arrays import FloatArray, IntArray
from sim.base.errors import SimulationError
from sim.people.margin import Kinds, Margin, MeanMargin

PATIENCE = 10
"""Rounds without a smaller gap after which margins are taken to contradict each other."""
DEPTH = 8
"""Rounds whose moves are combined into the next starting point."""
LEAP = 2.0
"""A combined move that leaves a gap so many times that of the round before is taken back."""
FARTHEST = 10.0
"""No combined move changes the logarithm of a factor by more: margins that contradict would run away."""
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
    names = [margin.name for margin in margins]
    if len(set(names)) < len(names):
        raise SimulationError(f"margins of one name: {', '.join(names)}")
    kinds = _kinds(margins, weights)
    start, few = kinds.sums(), [margin.of(kinds) for margin in margins]
    found = _settled(start, few, tolerance, rounds, np.log(step_limit))
    factors = {name: np.exp(logs) for name, logs in zip(names, found.logs, strict=True)}
    published = [
        replace(one, share=margin.share) if isinstance(margin, Margin) and isinstance(one, Margin) else one
        for margin, one in zip(margins, few, strict=True)
    ]
    gaps = {one.name: one.step(found.weight)[1] for one in published}
    empty = {
        one.name: np.flatnonzero((one.sums(found.weight) == 0) & (one.share > 0)).tolist()
        for one in published
        if isinstance(one, Margin)
    }
    every = weights.astype(np.float64)
    for margin in margins:
        every = every * np.append(factors[margin.name], 1.0)[margin.cell]
    settled = max(gaps.values(), default=0.0) < tolerance
    return Raked(every, factors, gaps, found.rounds, settled, {k: v for k, v in empty.items() if v})


@dataclass(frozen=True)
class _Round:
    """Where a round of raking led.

    Attributes
    ----------
    logs
        Logarithm of the factor of each cell, by margin.
    weight
        Weights with these factors, shape (kinds,).
    gap
        Largest gap a margin had when its turn came.
    rounds
        Rounds made.
    """

    logs: list[FloatArray]
    weight: FloatArray
    gap: float
    rounds: int = 0


def _settled(
    start: FloatArray, margins: Sequence[Margin | MeanMargin], tolerance: float, rounds: int, limit: float
) -> _Round:
    """Rounds until every margin is met, or no round brings them nearer.

    Plain rounds settle slowly where margins overlap, so the next one starts where a least-squares combination
    of the last moves points (D. G. Anderson, Journal of the ACM 12 (1965); H. F. Walker and P. Ni, SIAM
    Journal on Numerical Analysis 49 (2011)), or from where the last one ended if that leaps.
    """
    ends = np.cumsum([margin.size for margin in margins])[:-1]
    point = np.zeros(sum(margin.size for margin in margins))
    path: list[tuple[FloatArray, FloatArray]] = []
    last, best, stuck, made = _Round([], start, np.inf), np.inf, 0, 0
    while made < rounds:
        now = _round(start, margins, np.split(point, ends), limit)
        made += 1
        if path and now.gap > LEAP * last.gap:
            point, path = path[-1][1], []
            continue
        last = now
        if now.gap < tolerance and max(margin.step(now.weight)[1] for margin in margins) < tolerance:
            break
        stuck = stuck + 1 if now.gap > 0.995 * best else 0
        best = min(best, now.gap)
        if stuck >= PATIENCE:  # a plateau: the margins contradict each other
            break
        path = [*path[-DEPTH:], (point, np.concatenate(now.logs))]
        point = _combined(path)
    return replace(last, rounds=made)


def _round(
    start: FloatArray, margins: Sequence[Margin | MeanMargin], logs: Sequence[FloatArray], limit: float
) -> _Round:
    """Every margin met once, in turn, from given factors."""
    total = np.zeros(len(start))
    for margin, log in zip(margins, logs, strict=True):
        total += np.append(log, 0.0)[margin.cell]
    gap, reached = 0.0, []
    weight = start * np.exp(total)
    for margin, log in zip(margins, logs, strict=True):
        factor, missed = margin.step(weight)
        with np.errstate(divide="ignore"):
            move = np.clip(np.log(factor), -limit, limit)
        weight = weight * np.append(np.exp(move), 1.0)[margin.cell]
        reached.append(log + move)
        gap = max(gap, missed)
    return _Round(reached, weight, gap)


def _combined(path: Sequence[tuple[FloatArray, FloatArray]]) -> FloatArray:
    """Where to start the next round, from the start and the end of the last ones."""
    starts, ends = (np.array(side, np.float64) for side in zip(*path, strict=True))
    moves = ends - starts
    parts, *_ = np.linalg.lstsq(np.diff(moves, axis=0).T, moves[-1], rcond=1e-8)
    last: FloatArray = ends[-1]
    leap: FloatArray = parts @ np.diff(ends, axis=0)
    return last if np.abs(leap).max(initial=0.0) > FARTHEST else last - leap


def _kinds(margins: Sequence[Margin | MeanMargin], weights: FloatArray) -> Kinds:
    """Kinds of the rows that count in some margin: ten times fewer than the rows."""
    some = np.zeros(len(weights), np.bool_)
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
    return Kinds(counting, kind, counting[first], weights[counting])


def _numbered(values: NDArray[np.generic]) -> tuple[IntArray, int]:
    """The place of each value among the different ones in ascending order, and how many these are."""
    number, levels = pd.factorize(values, sort=True)
    return number.astype(np.int64, copy=False), len(levels)


def systematic_counts(weights: FloatArray, offset: float) -> IntArray:
    """Whole numbers of people whose running total never strays by one from that of the weights.

    `offset` is one draw in [0, 1) for the whole list; the sum is that of the weights, rounded down or up.
    """
    edges = np.floor(np.concatenate([[0.0], np.cumsum(weights)]) + offset)
    return np.diff(edges).astype(np.int64)
