r"""From eligible to the day of decision: who asks, who is screened out, what is granted, and when.

An eligible person asks with chance f. A district grants the share p of such motions; the log-odds of p are
normal over districts. Other motions come from people the law leaves out; they are denied, and are work. The
decision is there by month t with chance ``1 - exp(-L(t) w)``: L is a cumulative hazard that all share, and
``w = (1 + x / 6) ** -b`` puts those in front who can leave sooner, x months after the first day of releases
(proportional hazards). L(t) is such that over all who wait the chance is that of the log-normal delay,
whatever the order: an order moves decisions and adds none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtr

from sim.base.arrays import FloatArray, IntArray
from sim.eligibility.analysis import Analysis
from sim.scenario.scenario import Judges, Scenario

ORDER_MONTHS = 6.0
"""Months of x over which the order halves a hazard at strength one."""
REACH = 8.5
"""Standard deviations to which districts are averaged over; 1e-17 lies beyond."""
NODES = 97


class Waiting(Protocol):
    """Who waits, as `ReleaseDates` and `Counts` know it."""

    @property
    def waiting(self) -> IntArray:
        """Eligible people by month if granted, shape (months,)."""

    @property
    def day_one_month(self) -> int:
        """Month of the first day of releases."""


@dataclass(frozen=True)
class Decisions:
    """Chances of each step.

    Attributes
    ----------
    filing_rate
        Share of the eligible who ask and are answered, unless they leave before.
    log_odds
        Log-odds of approval of the motions of eligible people in the middle district, shape (1,) where
        districts are alike in law, else (districts,).
    spread
        Standard deviation of the log-odds between districts, same shape; 0 where a rate is given.
    hazard
        Cumulative hazard at the beginning of each month, shape (months,); the last month stands for "never".
    weight
        What it is multiplied by, by month if granted, shape (months,).
    ineligible_share, ineligible_spread
        Share of all motions that come from people the law leaves out, and the standard deviation of its
        log-odds between districts.
    """

    filing_rate: float
    log_odds: FloatArray
    spread: FloatArray
    hazard: FloatArray
    weight: FloatArray
    ineligible_share: float = 0.0
    ineligible_spread: float = 0.0

    @classmethod
    def plain(cls, rate: float, spread: float, decided_by: FloatArray, filing_rate: float = 1.0) -> Decisions:
        """One mean rate for all, no order, nobody screened.

        `spread` is the standard deviation of the log-odds of the rate between districts, `decided_by`
        the chance of a decision by the beginning of each month, shape (months,).
        """
        with np.errstate(divide="ignore"):
            hazard = -np.log1p(-np.asarray(decided_by, np.float64))
        return cls(
            filing_rate,
            np.array([log_odds_of(rate, spread)]),
            np.array([spread]),
            _never(hazard),
            np.ones(len(hazard)),
        )

    @cached_property
    def decided(self) -> FloatArray:
        """Chance of a decision by the beginning of each month, shape (months if granted, months)."""
        return chance(self.hazard, self.weight[:, np.newaxis])

    @cached_property
    def decided_from(self) -> FloatArray:
        """Sum of `decided` over the months before each, shape (months if granted, months + 1)."""
        return np.concatenate([np.zeros((len(self.decided), 1)), np.cumsum(self.decided, axis=1)], axis=1)

    @cached_property
    def weighted_from(self) -> FloatArray:
        """The same of `decided` times the number of the month."""
        each = self.decided * np.arange(len(self.hazard))
        return np.concatenate([np.zeros((len(each), 1)), np.cumsum(each, axis=1)], axis=1)

    def decided_at(self, month_if_granted: IntArray, month: FloatArray) -> FloatArray:
        """Chance of a decision by a time in months, between months by a straight hazard; same shape."""
        last = len(self.hazard) - 1
        place = np.clip(month, 0, last)
        low = np.minimum(place.astype(np.int64), last)
        high = np.minimum(low + 1, last)
        weight = self.weight[month_if_granted]
        ends = [chance(self.hazard[end], weight) for end in (low, high)]
        found: FloatArray = ends[0] + (place - low) * (ends[1] - ends[0])
        return found

    def decided_of_all(self, waiting: IntArray) -> FloatArray:
        """Share of all those waiting whose decision is there by the beginning of each month, (months,)."""
        if not waiting.any():
            return chance(self.hazard, np.float64(1.0))
        return np.asarray((waiting[:, np.newaxis] / waiting.sum() * self.decided).sum(axis=0))

    def shares(self, districts: int) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Share of the eligible who are granted a cut: mean, mean square and variance, shape (districts,)."""
        each = [approval(float(m), float(s)) for m, s in zip(self.log_odds, self.spread, strict=True)]
        mean, square = (
            np.broadcast_to(self.filing_rate**power * np.array(values), districts)
            for power, values in enumerate(zip(*each, strict=True), start=1)
        )
        return mean, square, np.where(np.broadcast_to(self.spread, districts) > 0, square - mean**2, 0.0)

    @property
    def rate(self) -> float:
        """Share of the eligible who are granted a cut, over districts of one size."""
        return float(self.shares(len(self.log_odds))[0].mean())

    @property
    def kinds(self) -> list[tuple[float, float, IntArray | slice]]:
        """Log-odds and spread that occur, with the districts of each."""
        if len(self.log_odds) == 1:
            return [(float(self.log_odds[0]), float(self.spread[0]), slice(None))]
        pairs = np.column_stack([self.log_odds, self.spread])
        found, kind = np.unique(pairs, axis=0, return_inverse=True)
        return [(float(m), float(s), np.flatnonzero(kind == k)) for k, (m, s) in enumerate(found)]

    def nodes(self, log_odds: float, spread: float, turns: float) -> tuple[FloatArray, FloatArray]:
        """Shares granted and weights that average a function over districts, shape (nodes,).

        Its phase turns so many radians between share 0 and share 1.
        """
        if spread == 0 or np.isinf(log_odds):
            return np.array([self.filing_rate * float(expit(log_odds))]), np.ones(1)
        # The function's frequency along the normal axis is at most turns s / 4; beyond it little is left.
        count = int(2 * REACH / (2 * np.pi) * (0.3 * turns * spread + 12)) + NODES
        unit, weight = normal_nodes(count)
        return self.filing_rate * expit(log_odds + spread * unit), weight


def decisions(
    scenario: Scenario, who: Waiting, scale: float = 1.0, districts: Mapping[str, int] | None = None
) -> Decisions:
    """What a scenario's courts do with those who wait.

    Each of them stands for `scale` people, who share a capacity. `districts` numbers the names, where the
    scenario sets the approval of some; left out, its rate is that of all.
    """
    rules = scenario.judges
    months = len(who.waiting)
    decided = delays(scenario, months)
    eligible = scale * float(who.waiting.sum())
    asked = eligible * rules.filing_rate / max(1 - rules.ineligible_motion_share, 1e-12)
    if rules.monthly_capacity is not None and asked > 0:
        # Motions that courts cannot take in a month wait, and are taken first in the next.
        behind = decided - np.arange(months) * rules.monthly_capacity / asked
        decided = decided - np.maximum(behind - np.minimum.accumulate(behind), 0.0)
    x = np.maximum(np.arange(months) - who.day_one_month, 0)
    weight = (1 + x / ORDER_MONTHS) ** -rules.order_strength
    return Decisions(
        rules.filing_rate,
        *approvals(rules, districts or {}),
        _never(hazard(decided, who.waiting, weight)),
        weight,
        rules.ineligible_motion_share,
        rules.ineligible_motion_spread,
    )


def approvals(rules: Judges, districts: Mapping[str, int]) -> tuple[FloatArray, FloatArray]:
    """Log-odds of approval and their spread, shape (1,) where no district has a rate of its own."""
    odds, spread = log_odds_of(rules.approval_rate, rules.approval_spread), rules.approval_spread
    own = rules.approval_by_district.keys() & districts.keys()
    every = np.full(len(districts) if own else 1, odds), np.full(len(districts) if own else 1, spread)
    for name in own:
        every[0][districts[name]], every[1][districts[name]] = (
            log_odds_of(rules.approval_by_district[name], 0.0),
            0.0,
        )
    return every


def court_of(analysis: Analysis, scenario: Scenario, scale: float = 1.0) -> Decisions:
    """What a scenario's courts do with the people of an analysis, of whom each stands for so many."""
    names = analysis.stock.people["district"].cat.categories
    districts = {str(name): number for number, name in enumerate(names)}
    return decisions(scenario, analysis.ordered_dates, scale, districts)


def delays(scenario: Scenario, months: int) -> FloatArray:
    """Share of motions decided by the beginning of each month from that of the reference day, (months,)."""
    rules = scenario.judges
    reference = np.datetime64(scenario.dates.reference.isoformat(), "M")
    effective = np.datetime64(scenario.dates.effective.isoformat(), "M")
    since = np.arange(months) - (effective - reference).astype(int)
    if rules.decision_months_median == 0 or rules.decision_months_spread == 0:
        at_once: FloatArray = (since >= rules.decision_months_median).astype(np.float64)
        return at_once
    away = np.log(np.maximum(since, 1e-300) / rules.decision_months_median) / rules.decision_months_spread
    found: FloatArray = np.where(since > 0, ndtr(away), 0.0)
    return found


def hazard(decided: FloatArray, waiting: NDArray[np.generic], weight: FloatArray) -> FloatArray:
    """Cumulative hazard at which the share of those waiting is decided, same shape as `decided`.

    `waiting` and `weight` are people and their factor, shape (groups,).

    Notes
    -----
    Minus the logarithm of those left is a concave function of the hazard and at most the mean weight times
    it, so Newton's steps from there stay below the root and cannot miss it.
    """
    with np.errstate(divide="ignore"):
        wanted = -np.log1p(-np.asarray(decided, np.float64))
    there = np.flatnonzero(waiting)
    if len(there) == 0 or (weight[there] == weight[there[0]]).all():
        alike: FloatArray = wanted / (float(weight[there[0]]) if len(there) else 1.0)
        return alike
    factor, first = np.unique(weight[there], return_inverse=True)
    people: FloatArray = np.bincount(first, waiting[there].astype(np.float64)) / waiting.sum()
    found: FloatArray = wanted / float((people * factor).sum())
    open_ = np.flatnonzero((wanted > 0) & np.isfinite(wanted))
    for _ in range(200):
        if len(open_) == 0:
            break
        now = found[open_, np.newaxis] * factor
        least = now[:, :1]  # the smallest factor comes first: those left are mostly its people
        left = people * np.exp(least - now)
        step = (
            (wanted[open_] - least[:, 0] + np.log(left.sum(axis=1)))
            * left.sum(axis=1)
            / (left * factor).sum(axis=1)
        )
        found[open_] += step
        open_ = open_[np.abs(step) > 1e-13 * found[open_]]
    return found


def chance(hazard: FloatArray, weight: FloatArray | np.float64) -> FloatArray:
    """Chance of a decision at a cumulative hazard and a factor."""
    found: FloatArray = -np.expm1(-hazard * weight)
    return found


@lru_cache(maxsize=256)
def approval(log_odds: float, spread: float) -> tuple[float, float]:
    """Mean and mean square over districts of a share whose log-odds are normal."""
    if spread == 0 or np.isinf(log_odds):
        rate = float(expit(log_odds))
        return rate, rate**2
    unit, weight = normal_nodes(NODES)
    share = expit(log_odds + spread * unit)
    # No matrix products here: their last digits differ from machine to machine.
    return float((weight * share).sum()), float((weight * share**2).sum())


@lru_cache(maxsize=256)
def log_odds_of(rate: float, spread: float) -> float:
    """Log-odds of the middle district at which the mean share over districts is so much."""
    if rate in (0.0, 1.0) or spread == 0:
        with np.errstate(divide="ignore"):
            return float(logit(rate))
    if rate > 0.5:
        return -log_odds_of(1 - rate, spread)
    # A share is less than its odds, whose mean is log-normal: the root lies above this, and below that of one
    # district; for the smallest rates the two are one.
    low = float(np.log(rate)) - spread**2 / 2
    if rate < 1e-12:
        return low
    high = float(logit(rate)) + 1e-9
    while low < (middle := (low + high) / 2) < high:  # halved until two numbers are neighbours
        if approval(middle, spread)[0] < rate:
            low = middle
        else:
            high = middle
    return high


@lru_cache(maxsize=64)
def normal_nodes(count: int) -> tuple[FloatArray, FloatArray]:
    """Points and weights of the standard normal: equal steps, whose error falls faster than any power."""
    unit = np.linspace(-REACH, REACH, count)
    weight = np.exp(-(unit**2) / 2)
    return unit, weight / weight.sum()


def _never(hazard: FloatArray) -> FloatArray:
    """The hazard with a last month that stands for "never" and not for time."""
    return np.append(hazard[:-1], hazard[-2:-1]) if len(hazard) > 1 else hazard
