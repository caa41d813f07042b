"""The term a court imposes, relative to the range: by position and distance as in FY2014."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from guidelines import LIFE, tables
from sim.base.arrays import FloatArray, IntArray
from sim.people.parameters import prior_middle
from sim.people.within_range import minimums_behind, possible_ranges

POSITIONS = (
    "within",
    "substantial assistance",
    "government departure",
    "government variance",
    "court",
    "above",
)
"""Where a term lies: in the range; below it on a government motion for assistance, by another departure or
a variance the government sponsored, by the court's own departure or variance; above it."""
WITHIN, ASSISTANCE, GOVERNMENT, SPONSORED, COURT, ABOVE = range(6)
_KIND = {
    "within range": WITHIN,
    "substantial assistance": ASSISTANCE,
    "early disposition": GOVERNMENT,
    "other government-sponsored departure": GOVERNMENT,
    "government-sponsored variance": SPONSORED,
    "below-range departure by the court": COURT,
    "below-range variance by the court": COURT,
    "above-range departure": ABOVE,
    "above-range variance": ABOVE,
}
FEWEST = 200
"""Minimums with fewer cases than this share a bin with their neighbours."""
BORROWED = 20.0
"""Cases' worth of the overall mix of positions that is added to each bin, so that no bin rests on a few."""


@dataclass(frozen=True)
class Positions:
    """FY2014 cases by minimum of the applied range and position.

    Attributes
    ----------
    edges
        First minimum of each bin in months, shape (bins,); the last bin is life.
    share
        Share of all cases in each bin, shape (bins,).
    kind
        Share of each of `POSITIONS` within a bin, shape (bins, positions).
    """

    edges: IntArray
    share: FloatArray
    kind: FloatArray

    def bin_of(self, minimum_months: IntArray) -> IntArray:
        """Bin of each minimum, shape (people,)."""
        return np.searchsorted(self.edges, minimum_months, side="right") - 1


@lru_cache(maxsize=1)
def positions() -> Positions:
    """Counts of the FY2014 datafile, from minimums where they are known and terms where they are not.

    The file tells the minimum of the range only for terms below it. Terms within the range are split among
    the minimums they may lie above; terms above it go to the highest minimum that they exceed. The split is
    the same for every set of parameters: a fit must not rest on what the one before it found.
    """
    grid, _ = possible_ranges()
    counts = np.zeros((len(grid), len(POSITIONS)))
    for row in tables.reference("ussc_fy2014_range_minimums"):
        at = np.searchsorted(grid, int(row["applied_minimum_months"]), side="right") - 1
        counts[at, _KIND[row["position"]]] += float(row["persons"])
    longest = longest_recorded()
    within = np.zeros(longest)
    for row in tables.reference("ussc_fy2014_term_counts").select(measure="prison"):
        kind, term = _KIND.get(row["position"]), int(row["term_months"] or 0)
        if kind == ABOVE:
            counts[np.searchsorted(grid, term, side="right") - 1, ABOVE] += float(row["persons"])
        elif kind == WITHIN and term >= longest:
            counts[grid == LIFE, WITHIN] += float(row["persons"])
        elif kind == WITHIN:
            within[term] += float(row["persons"])
    counts[:, WITHIN] += minimums_behind(within, prior_middle().at_range_minimum_share, longest)
    edges, binned = _merged(grid, counts)
    overall = binned.sum(axis=0) / binned.sum()
    mixed = binned + BORROWED * overall
    return Positions(edges, binned.sum(axis=1) / binned.sum(), mixed / mixed.sum(axis=1, keepdims=True))


def share_of_position(position: int) -> float:
    """Share of all FY2014 cases at a position of `POSITIONS`."""
    known = positions()
    return float(known.share @ known.kind[:, position])


@lru_cache(maxsize=1)
def _distances() -> dict[tuple[int, int], tuple[FloatArray, FloatArray]]:
    """Quantiles of the distance from the range, in percent: (position, first minimum) -> (at, percent)."""
    code = {
        "substantial assistance": (ASSISTANCE,),
        "government": (GOVERNMENT, SPONSORED),
        "court": (COURT,),
        "above": (ABOVE,),
    }
    found: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for row in tables.reference("ussc_fy2014_distances"):
        for kind in code[row["position"]]:
            key = kind, int(row["applied_minimum_from"])
            found.setdefault(key, []).append((float(row["probability"]), float(row["percent"])))
    return {key: (np.array(pairs)[:, 0], np.array(pairs)[:, 1]) for key, pairs in found.items()}


@lru_cache(maxsize=1)
def positions_by_range() -> tuple[IntArray, FloatArray]:
    """First minimums of the kinds of ranges for which distances are known, and the positions within each.

    Months, shape (kinds,); share of each of `POSITIONS` but the last, terms above the range counted as
    within, shape (kinds, positions - 1).
    """
    known = positions()
    begins = _range_kinds()
    at = np.searchsorted(begins, known.edges, side="right") - 1
    share = np.zeros((len(begins), len(POSITIONS)))
    np.add.at(share, at, known.share[:, None] * known.kind)
    share[:, WITHIN] += share[:, ABOVE]
    kept = share[:, :ABOVE]
    return begins, kept / kept.sum(axis=1, keepdims=True)


def _range_kinds() -> IntArray:
    return np.array(sorted({first for kind, first in _distances() if kind == COURT}))


def draw_positions(
    minimum_months: IntArray,
    uniform: FloatArray,
    court_factor: FloatArray,
    government_factor: FloatArray,
) -> IntArray:
    """Position of each term, index into `POSITIONS`, shape (people,).

    The factors say how frequent departures by the court and government-sponsored variances were relative
    to FY2014. What they lack is added to the terms within the range: assistance was as frequent in 1999
    (0.28 of convicted drug defendants, admissions_flow.csv A08) as in FY2014.
    """
    known = positions()
    chance = known.kind[known.bin_of(minimum_months)].copy()
    for kind, factor in ((COURT, court_factor), (SPONSORED, government_factor)):
        chance[:, WITHIN] += chance[:, kind] * (1 - factor)
        chance[:, kind] *= factor
    chance[:, WITHIN] = np.maximum(chance[:, WITHIN], 0)
    edges = np.cumsum(chance, axis=1)
    drawn = (uniform[:, None] * edges[:, -1:] >= edges).sum(axis=1)
    return np.asarray(np.minimum(drawn, len(POSITIONS) - 1), np.int64)


def imposed_terms(
    position: IntArray,
    minimum_months: IntArray,
    maximum_months: IntArray,
    statutory_minimum_months: IntArray,
    statutory_maximum_months: IntArray,
    uniform: FloatArray,
    at_minimum_share: float,
) -> IntArray:
    """Terms in whole months, `LIFE` for life, shape (people,).

    The range is that after statute; the statutory minimum binds without a motion for assistance (0 for
    none); `uniform` holds one draw a person, for the distance.
    """
    longest = longest_recorded()
    low = np.where(minimum_months >= LIFE, longest, minimum_months).astype(np.float64)
    high = np.where(maximum_months >= LIFE, np.maximum(low, longest), maximum_months).astype(np.float64)
    beyond = np.clip((uniform - at_minimum_share) / (1 - at_minimum_share), 0, 1)
    term = low + beyond * (high - low)
    begins = _range_kinds()
    group = begins[np.searchsorted(begins, low, side="right") - 1]
    for (kind, first), (at, percent) in _distances().items():
        whom = (position == kind) & ((group == first) | (kind == ABOVE))
        away = np.interp(uniform[whom], at, percent) / 100
        term[whom] = high[whom] * (1 + away) if kind == ABOVE else low[whom] * (1 - away)
    bound = (position != ASSISTANCE) & (statutory_minimum_months > 0)
    term = np.where(bound, np.maximum(term, np.minimum(statutory_minimum_months, longest)), term)
    months = np.minimum(np.floor(term + 0.5), longest).astype(np.int64)
    months = np.minimum(months, statutory_maximum_months)
    for_life = (minimum_months >= LIFE) & ((position == WITHIN) | (position == ABOVE))
    return np.where(for_life | ((months >= longest) & (maximum_months >= LIFE)), LIFE, months)


@lru_cache(maxsize=1)
def longest_recorded() -> int:
    """The Commission's cap: terms of so many months and more, and life, stand under it."""
    return max(int(row["term_months"] or 0) for row in tables.reference("ussc_fy2014_term_counts"))


def _merged(grid: IntArray, counts: FloatArray) -> tuple[IntArray, FloatArray]:
    """Neighbouring minimums put together until each bin has `FEWEST` cases; life stays alone."""
    edges, binned = [int(grid[0])], [np.zeros(counts.shape[1])]
    for minimum, row in zip(grid, counts, strict=True):
        if minimum == LIFE or binned[-1].sum() >= FEWEST or (row.sum() >= FEWEST and binned[-1].sum() > 0):
            edges.append(int(minimum))
            binned.append(np.zeros(counts.shape[1]))
        binned[-1] = binned[-1] + row
    return np.array(edges), np.array(binned)
