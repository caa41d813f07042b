"""Drug quantities: a base offense level is drawn, then a quantity inside its band of the table in force."""

from __future__ import annotations

from functools import cache

import numpy as np

from guidelines.manual import Manual
from guidelines.s2d1_1_drug_quantity import quantity_base_level
from guidelines.usc21_841_mandatory_minimum import tier_quantity, tier_terms
from sim.base.arrays import FloatArray, IntArray
from sim.people.flows import DRUGS
from sim.people.parameters import Parameters

LAW_DRUG = tuple("Marihuana" if name == "Other" else name for name in DRUGS)
"""The drug of the quantity table that stands for each: other drugs go by their marihuana equivalent."""
FIVE_YEARS, TEN_YEARS = "841(b)(1)(B)", "841(b)(1)(A)"
LEVEL_STEP = 2
"""Base offense levels of the table lie two apart (§2D1.1(c))."""
EVEN = 1e-9
"""Ratios of one step to the next that are so near 1 make quantities log-uniform."""
LOWEST_BAND = 0.5
"""Where the open lowest band of a drug is taken to begin, as a share of where it ends."""


def base_levels(
    drug: IntArray,
    statutory_minimum_months: IntArray,
    uniform: FloatArray,
    normal: FloatArray,
    manual: Manual,
    day: str,
    parameters: Parameters,
) -> IntArray:
    """Base offense levels people are found to have, before role and other adjustments.

    Those convicted with a mandatory minimum start at the level of the quantity that triggers it and go up
    in steps that get rarer; the others spread around a mean.

    `uniform` and `normal` hold one draw a person; all arrays have shape (people,).
    """
    five, ten = trigger_levels(day)
    at = manual.drug_index(LAW_DRUG)
    lowest, highest = manual.lowest_level[at], manual.highest_level[at]
    middle = parameters.uncharged_level_mean + parameters.uncharged_level_sd * normal
    level = (np.round(middle / LEVEL_STEP) * LEVEL_STEP).astype(np.int64)
    ten_years, _ = tier_terms(TEN_YEARS, day)
    bound, upper = statutory_minimum_months > 0, statutory_minimum_months >= ten_years
    for begins, decay, whom in (
        (five, parameters.five_year_decay, bound & ~upper),
        (ten, parameters.ten_year_decay, upper),
    ):
        room = (highest - begins)[drug] // LEVEL_STEP
        level[whom] = (begins[drug] + LEVEL_STEP * _steps(uniform, decay, room))[whom]
    return np.clip(level, lowest[drug], highest[drug]).astype(np.int64)


@cache
def trigger_levels(day: str) -> tuple[IntArray, IntArray]:
    """Base levels of the quantities that trigger five and ten years on a day, shape (drugs,) each."""
    manual, found = Manual.on(day), []
    for tier in (FIVE_YEARS, TEN_YEARS):
        grams = [tier_quantity(tier, name, day) for name in LAW_DRUG]
        found.append(quantity_base_level(list(LAW_DRUG), grams, manual).astype(np.int64))
    return found[0], found[1]


def next_step(
    level: IntArray, statutory_minimum_months: IntArray, day: str, parameters: Parameters
) -> FloatArray:
    """How frequent the table's next step is relative to a level, by the law its levels are drawn from."""
    ten_years, _ = tier_terms(TEN_YEARS, day)
    above = level + LEVEL_STEP / 2 - parameters.uncharged_level_mean
    return np.select(
        [statutory_minimum_months >= ten_years, statutory_minimum_months > 0],
        [parameters.ten_year_decay, parameters.five_year_decay],
        np.exp(-LEVEL_STEP * above / parameters.uncharged_level_sd**2),
    )


def draw_quantities(
    drug: IntArray,
    level: IntArray,
    ratio: FloatArray,
    uniform: FloatArray,
    manual: Manual,
    parameters: Parameters,
) -> FloatArray:
    """A quantity for each base level, with a Pareto tail above the last band.

    Inside a band the density over the logarithm of the quantity falls (or rises) evenly by the ratio of one
    step to the one before, so that it does not jump where a band ends.

    `ratio` is `next_step`, `uniform` one draw a person; grams, shape (people,), of which
    ``quantity_base_level`` gives the level back.
    """
    grams = np.empty(len(drug))
    for code, index in enumerate(manual.drug_index(LAW_DRUG)):
        whom = np.flatnonzero(drug == code)
        ladder = manual.quantity_levels[index]
        steps = int((ladder >= 0).sum())
        begins = manual.quantity_cuts[index, :steps]
        row = np.searchsorted(ladder[:steps], level[whom])
        low = np.where(row > 0, begins[row], begins[min(1, steps - 1)] * LOWEST_BAND)
        high = np.append(begins[1:], np.inf)[row]
        draw, fall = uniform[whom], ratio[whom]
        even = np.abs(fall - 1) < EVEN
        steep = np.where(even, 0.5, fall)
        place = np.where(even, draw, np.log1p(-draw * (1 - steep)) / np.log(steep))
        tail = low * (1 - draw) ** (-1 / parameters.top_tail_exponent)
        with np.errstate(invalid="ignore"):
            inside = low * (np.where(np.isinf(high), low, high) / low) ** place
            inside = np.minimum(inside, np.nextafter(high, 0))  # rounding must not reach the next band
        grams[whom] = np.where(np.isinf(high), tail, inside)
    return grams


def _steps(uniform: FloatArray, decay: float, room: IntArray) -> IntArray:
    """Number of steps up: geometric with the given ratio, cut off at the room there is."""
    whole = 1 - decay ** (room + 1.0)
    steps = np.floor(np.log1p(-uniform * whole) / np.log(decay))
    return np.asarray(np.minimum(steps, room), np.int64)
