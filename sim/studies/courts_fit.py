"""Fit of what courts do: draws from the priors, weighed by what had been published by a day, resampled.

A million draws are weighed at once (importance sampling); nothing is tuned, and no row is read that was
published after the day. What the amendment of 2007 showed is solved for exactly; that of 2014 is a step away
from it, whose size is drawn too. The largest of several districts is told as an extreme and weighed as one,
with one draw of those districts for each set: an unbiased likelihood, which is all that weights need.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import betaincinv, expit, logit, ndtr, ndtri, xlog1py, xlogy

from guidelines import tables
from sim.base.arrays import FloatArray
from sim.base.courts_kept import AMENDMENTS, AS_OF, CENTRE, EVIDENCE, NAMES, TABLE
from sim.base.errors import SimulationError
from sim.base.published import published_by
from sim.base.streams import normals, uniforms
from sim.courts.decisions import chance, normal_nodes
from sim.eligibility.analysis import analyse
from sim.people.parameters import Parameters, best
from sim.people.raking import systematic_counts
from sim.people.stock import synthesize
from sim.scenario.scenario import Scenario

Row = Mapping[str, str]

DRAWS, BLOCK = 1_000_000, 50_000
DAYS = {"2014-07": "2014-07-31", "2015-11-02": "2015-11-02"}
"""Last day of each of `AS_OF`."""
DISTRICTS_COMPARED = 20
"""Districts of such a size among which the one that granted most was told; 10 and 40 change little."""
EFFECTIVE_DISTRICTS = 37
"""One over the sum of the squared shares of districts in the eligible."""
STEP_SD, SPREAD_SD = 0.4, 0.7
MEDIAN, MEDIAN_SD = 9.0, 0.4
WIDTH, WIDTH_SD = 0.6, 0.2
WHOLE_CUT = 18, 2
ORDERS = np.linspace(0.0, 5.0, 101)
HAZARDS = np.concatenate([[0.0], np.geomspace(1e-4, 1e7, 800)])
GRANTS_MONTHS, WAVE_MONTHS, PACE_706_MONTHS, PACE_782_MONTHS = 11.5, 12.0, 4.6, 11.2
"""Months from the day of effect to what each count counts to (courts_evidence.csv)."""
NATIONAL_NODES = 41


@dataclass(frozen=True)
class Stock:
    """The eligible people of 2014, by months from the first day of releases to their own if granted.

    Attributes
    ----------
    people
        How many, shape (months,).
    on_day_one
        How many of those of month 0 could leave on the first day with the whole cut.
    on_day_one_by_part
        How many could if everybody got a part of the cut only.
    """

    people: FloatArray
    on_day_one: float
    on_day_one_by_part: float

    @property
    def eligible(self) -> float:
        """All of them."""
        return float(self.people.sum())


@dataclass(frozen=True)
class CourtsFit:
    """What a fit gives.

    Attributes
    ----------
    as_of
        Day up to which published rows were read.
    rows
        Columns as_of, amendment, world and `NAMES`: the centre, then the worlds.
    effective_draws
        How many of the draws carry the weight.
    read
        Rows of the evidence that were read.
    """

    as_of: str
    rows: pd.DataFrame
    effective_draws: float
    read: tuple[str, ...]


def stock_of(seed: int, parameters: Parameters | None = None) -> Stock:
    """The eligible of 2014 as the model finds them: those really inside, whatever the Commission counted."""
    scenario, chosen = Scenario.load("drugs-minus-two"), parameters or best()
    people = synthesize(seed, scenario.dates.reference, chosen, stock=scenario.people.stock)
    whole, part = (
        analyse(people, scenario.but({"judges.whole_cut_share": share})).ordered_dates for share in (1.0, 0.0)
    )
    months = np.maximum(whole.month_if_granted[whole.eligible] - whole.day_one_month, 0)
    return Stock(
        np.bincount(months).astype(np.float64), float(whole.on_day_one.sum()), float(part.on_day_one.sum())
    )


def readable(rows: Iterable[Row], as_of: str) -> dict[str, Row]:
    """Rows published by a day, by name."""
    return {row["name"]: row for row in rows if published_by(row["published_on"], DAYS[as_of])}


def fit_courts(
    as_of: str,
    stock: Stock,
    evidence: Iterable[Row] | None = None,
    *,
    seed: int = 1,
    draws: int = DRAWS,
    worlds: int = 64,
    progress: Callable[[int, int], None] | None = None,
) -> CourtsFit:
    """Weigh draws from the priors by what had been published, and resample.

    `as_of` is one of `AS_OF`, `stock` who is eligible under the amendment of 2014; `evidence` are the
    rows of ``courts_evidence.csv`` if left out. `progress` is called with draws weighed, and draws in
    all.
    """
    known = readable(tables.reference(EVIDENCE) if evidence is None else evidence, as_of)
    parts, logs = [], []
    try:
        for begin in range(0, draws, BLOCK):
            some, log = _block(known, stock, seed, np.arange(begin, min(begin + BLOCK, draws)))
            parts.append(some)
            logs.append(log)
            if progress:
                progress(min(begin + BLOCK, draws), draws)
    except KeyError as missing:
        raise SimulationError(
            f"courts: the row {missing.args[0]} of {EVIDENCE}.csv had not been published by {as_of}"
        ) from None
    sets, log = pd.concat(parts, ignore_index=True), np.concatenate(logs)
    if not np.isfinite(log).any():
        raise SimulationError(f"courts: no draw explains what had been published by {as_of}")
    weight = np.exp(log - log[np.isfinite(log)].max())
    weight /= weight.sum()
    shift = float(uniforms(seed, "courts/resample", np.array([0]))[0])
    order = np.argsort(sets["approval_rate_782"].to_numpy(), kind="stable")  # spread over what matters
    times = systematic_counts(weight[order] * worlds, shift)
    chosen = sets.iloc[np.repeat(order, times)].reset_index(drop=True)
    shuffled = np.argsort(uniforms(seed, "courts/order of worlds", np.arange(len(chosen))), kind="stable")
    centre = pd.DataFrame([{name: _centre(sets[name].to_numpy(), weight) for name in sets}])
    rows = [
        _told(table, amendment, as_of)
        for amendment in AMENDMENTS
        for table in (centre, chosen.iloc[shuffled])
    ]
    return CourtsFit(
        as_of, pd.concat(rows, ignore_index=True), float(1 / (weight**2).sum()), tuple(sorted(known))
    )


def _block(
    known: Mapping[str, Row], stock: Stock, seed: int, ids: NDArray[np.int64]
) -> tuple[pd.DataFrame, FloatArray]:
    """Some draws, and the logarithm of the weight of each."""
    count = len(ids)

    def normal(what: str) -> FloatArray:
        return normals(seed, f"courts fit/{what}", ids)

    def half(what: str, sd: float) -> FloatArray:
        return sd * np.abs(normal(what))

    s_p, s_n = half("spread of merits", SPREAD_SD), half("spread of screening", SPREAD_SD)
    # 706, solved for: what all districts together showed, with the luck of which districts there are.
    decided = _value(known, "motions_706") - _value(known, "ineligible_706")
    merits = _value(known, "granted_706") / decided
    screened = _value(known, "ineligible_706") / _value(known, "motions_706")
    odds_p = _odds(np.full(count, merits), s_p)
    merits_706 = merits + normal("merits 706") * _sd(odds_p, s_p) / EFFECTIVE_DISTRICTS**0.5
    odds_p = _odds(np.clip(merits_706, 0.01, 0.999), s_p)
    odds_n = logit(screened) - s_n**2 / 2
    screened_706 = screened + normal("screening 706") * _sd(odds_n, s_n) / EFFECTIVE_DISTRICTS**0.5
    odds_n = logit(np.clip(screened_706, 0.01, 0.99)) - s_n**2 / 2
    low, high, sd = (float(known["eligible_706"][part]) for part in ("low", "high", "sd"))
    people = low + (high - low) * uniforms(seed, "courts fit/eligible 706", ids)
    f_706 = np.clip(decided / people * np.exp(sd * normal("eligible 706")), 0.01, 0.995)

    log = np.zeros(count)

    def step(what: str) -> tuple[FloatArray, FloatArray]:
        """A step from 706 to 782, and its standard deviation."""
        sd = np.sqrt(2) * half(f"size of step of {what}", STEP_SD)
        return sd * normal(f"step of {what}"), sd

    f = expit(logit(f_706) + step("filing")[0])
    odds_p_782 = odds_p + step("merits")[0]
    p = _mean(odds_p_782, s_p)
    moved, step_sd = step("screening")
    v = _share_of_motions(odds_n + moved, s_n)
    if "granted_share_782" in known:
        # Drawn where the figure is, and weighed by what the step would have been worth: few are wasted.
        row = known["granted_share_782"]
        share = float(row["value"]) + float(row["sd"]) * normal("granted share")
        v = 1 - share / p
        log[v <= 0.001] = -np.inf
        v = np.maximum(v, 0.001)
        log += _normal_log(logit(v) - s_n**2 / 2 - odds_n, 0.0, step_sd) - np.log(step_sd * p * v * (1 - v))
    width = WIDTH + WIDTH_SD * ndtri(_above_zero(uniforms(seed, "courts fit/width", ids)))
    median_706 = median = MEDIAN * np.exp(MEDIAN_SD * normal("median"))
    if "grants_782" in known:  # likewise
        row = known["grants_782"]
        by_then = float(row["value"]) * np.exp(float(row["sd"]) * normal("grants")) / (stock.eligible * f * p)
        log[by_then >= 0.999] = -np.inf
        place = ndtri(np.minimum(by_then, 0.999))
        median = GRANTS_MONTHS * np.exp(-width * place)
        log += _normal_log(np.log(median), np.log(MEDIAN), MEDIAN_SD)
        log += np.log(np.minimum(by_then, 0.999) * width) + place**2 / 2
    b = half("order", 1.0)
    whole = betaincinv(*WHOLE_CUT, uniforms(seed, "courts fit/whole cut", ids))
    v_706 = _share_of_motions(odds_n, s_n)
    sets = pd.DataFrame(
        {
            "filing_rate_706": f_706,
            "approval_rate_706": _mean(odds_p, s_p),
            "ineligible_motion_share_706": v_706,
            "filing_rate_782": f,
            "approval_rate_782": p,
            "ineligible_motion_share_782": v,
            "approval_spread": s_p,
            "whole_cut_share": whole,
            "ineligible_motion_spread": s_n,
            "decision_months_median_706": median_706,
            "decision_months_median_782": median,
            "decision_months_spread": width,
            "order_strength": b,
        }
    )

    def by(months: float, half_by: FloatArray = median) -> FloatArray:
        return np.asarray(ndtr(np.log(months / half_by) / width))

    if "district_granted" in known:
        log += _largest_district(known, seed, ids, odds_p, odds_n, s_p, s_n)
    if "pace_782" in known:
        seen = _value(known, "pace_782") / _value(known, "pace_782_filed")
        log += _normal_log(np.log(_least(by(PACE_782_MONTHS)) / seen), 0.0, float(known["pace_782"]["sd"]))
    if "pace_706" in known:  # of 782 too while nothing of its own pace has been seen: the medians are one
        row = known["pace_706_eligible"]
        least, most = float(row["low"]), float(row["high"])
        there = least + (most - least) * uniforms(seed, "courts fit/eligible of the pace", ids)
        motions = there * f_706 / (1 - v_706) * by(PACE_706_MONTHS, median_706)
        log += _normal_log(
            np.log(_least(motions)), np.log(_value(known, "pace_706")), float(known["pace_706"]["sd"])
        )
    if "first_wave_782" in known:
        row = known["first_wave_782"]
        could = whole * stock.on_day_one + (1 - whole) * stock.on_day_one_by_part
        wave = np.log(_least(could * f * p * _first(stock, b, by(WAVE_MONTHS))))
        short = np.log(float(row["low"])) - wave
        over = wave - np.log(float(row["high"]))
        log += _normal_log(np.maximum(np.maximum(short, over), 0.0), 0.0, float(row["sd"]))
    return sets, log


def _largest_district(
    known: Mapping[str, Row],
    seed: int,
    ids: NDArray[np.int64],
    odds_p: FloatArray,
    odds_n: FloatArray,
    s_p: FloatArray,
    s_n: FloatArray,
) -> FloatArray:
    """Chance of the count of the district that granted most, of as many as were compared."""
    motions, granted = _value(known, "district_motions"), _value(known, "district_granted")
    most = np.zeros(len(ids))
    for number in range(DISTRICTS_COMPARED):
        w, u = (normals(seed, f"courts fit/district/{what}", ids, number) for what in ("merits", "screening"))
        most = np.maximum(most, expit(odds_p + s_p * w) * expit(-odds_n - s_n * u))
    return np.asarray(xlogy(granted, most) + xlog1py(motions - granted, -most))


def _first(stock: Stock, order: FloatArray, decided: FloatArray) -> FloatArray:
    """Share decided of those who could leave on the first day, when so much of all is decided."""
    share = stock.people / stock.eligible
    x = np.arange(len(share))
    place = np.clip(order / ORDERS[1], 0, len(ORDERS) - 1.000001)
    low = place.astype(np.int64)
    found = np.empty(len(order))
    means = [chance(HAZARDS[:, np.newaxis], (1 + x / 6.0) ** -b) @ share for b in ORDERS]
    for k in np.unique(low):
        here = np.flatnonzero(low == k)
        ends = [np.interp(decided[here], means[end], HAZARDS) for end in (k, k + 1)]
        part = place[here] - k
        found[here] = (1 - part) * ends[0] + part * ends[1]
    return np.asarray(-np.expm1(-found))


def _mean(odds: FloatArray, spread: FloatArray) -> FloatArray:
    """Mean share over districts."""
    unit, weight = normal_nodes(NATIONAL_NODES)
    total = np.zeros(len(odds))
    for place, part in zip(unit, weight, strict=True):
        total += part * expit(odds + spread * place)
    return total


def _sd(odds: FloatArray, spread: FloatArray) -> FloatArray:
    """Standard deviation of the share over districts."""
    unit, weight = normal_nodes(NATIONAL_NODES)
    mean, square = np.zeros(len(odds)), np.zeros(len(odds))
    for place, part in zip(unit, weight, strict=True):
        share = expit(odds + spread * place)
        mean += part * share
        square += part * share**2
    return np.sqrt(np.maximum(square - mean**2, 0.0))


def _odds(rate: FloatArray, spread: FloatArray) -> FloatArray:
    """Log-odds of the middle district at which the mean over districts is the rate, by Newton's steps."""
    unit, weight = normal_nodes(NATIONAL_NODES)
    odds = logit(rate) * np.sqrt(1 + spread**2 / np.pi)
    for _ in range(6):
        mean, slope = np.zeros(len(rate)), np.zeros(len(rate))
        for place, part in zip(unit, weight, strict=True):
            share = expit(odds + spread * place)
            mean += part * share
            slope += part * share * (1 - share)
        odds += np.clip((rate - mean) / np.maximum(slope, 1e-9), -1.0, 1.0)
    return np.asarray(odds)


def _share_of_motions(odds: FloatArray, spread: FloatArray) -> FloatArray:
    """Share of all motions from people the law leaves out.

    Where eligible people ask alike, a district has v / (1 - v) other motions for each of theirs; the mean of
    that over districts is log-normal, so no average is needed.
    """
    return np.asarray(expit(odds + spread**2 / 2))


def _told(sets: pd.DataFrame, amendment: str, as_of: str) -> pd.DataFrame:
    """The columns of `TABLE`."""
    found = pd.DataFrame({"as_of": as_of, "amendment": amendment, "world": ""}, index=range(len(sets)))
    found["world"] = [CENTRE] if len(sets) == 1 else [str(k) for k in range(len(sets))]
    for name in NAMES:
        column = name if name in sets else f"{name}_{amendment}"
        found[name] = sets[column].to_numpy()
    return found


def _centre(values: FloatArray, weight: FloatArray) -> float:
    """Weighted median: the same in whatever unit."""
    order = np.argsort(values)
    return float(values[order][np.searchsorted(np.cumsum(weight[order]), 0.5)])


def _value(known: Mapping[str, Row], name: str) -> float:
    return float(known[name]["value"])


def _least(value: FloatArray) -> FloatArray:
    """Away from 0, whose logarithm is not finite."""
    return np.maximum(value, 1e-300)


def _normal_log(value: FloatArray, mean: float | FloatArray, sd: float | FloatArray) -> FloatArray:
    return np.asarray(-(((value - mean) / sd) ** 2) / 2)


def _above_zero(unit: FloatArray) -> FloatArray:
    """Places in the normal distribution of the width above 0."""
    least = float(ndtr(-WIDTH / WIDTH_SD))
    return np.asarray(least + (1 - least) * unit)


__all__ = ["AS_OF", "TABLE", "CourtsFit", "Stock", "fit_courts", "readable", "stock_of"]
