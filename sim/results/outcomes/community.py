"""After release: people under supervision, and returns at the rates of the study of the 2007 change."""

from __future__ import annotations

import numpy as np

from sim.base.arrays import FloatArray
from sim.base.fiscal import MONTHS_A_YEAR
from sim.base.published import figure
from sim.results.outcomes.inputs import Outcome, OutcomeInputs

STUDY = {2: "P12", 5: "P14"}
"""Years after release -> share returned among those who served in full, in precedents.csv."""


def supervision(case: OutcomeInputs) -> list[Outcome]:
    """People out earlier and under supervised release, a year and two years after the first day.

    Only US citizens count: the others leave the country. No supervision is taken to end within these years.
    """
    source = "assumed: every US citizen is supervised on release, for longer than the years shown"
    return [
        Outcome(
            "more_under_supervision",
            case.month(month),
            *case.spared.out_in(month, who=case.citizen).total,
            source,
        )
        for month in case.years_after((0, 1, 2))
    ]


def released_early(case: OutcomeInputs) -> list[Outcome]:
    """People who leave earlier than without, by citizenship."""
    return [
        Outcome("released_early", name, *case.spared.leave_earlier(who=who).total)
        for name, who in (("US citizens", case.citizen), ("not US citizens", ~case.citizen))
    ]


def returns(case: OutcomeInputs) -> list[Outcome]:
    """Expected returns of the US citizens released early, and how many the earlier date brings forward."""
    source = "precedents P12, P14; assumed: equal rates whether released early or not (P11, P13 are lower)"
    early, variance = case.spared.leave_earlier(who=case.citizen).total
    found = []
    for years, row in STUDY.items():
        share = figure("precedents", row)
        found.append(
            Outcome(
                "returns_of_released_early",
                f"within {years} years of release",
                share * early,
                share**2 * variance,
                source,
            )
        )
    for years in STUDY:
        end = case.day_one_month + MONTHS_A_YEAR * years
        since = end - np.arange(end, dtype=np.float64)
        worth = returned_by(since) - returned_by(since - 1)
        mean, spread = case.spared.worth(worth, who=case.citizen).total
        found.append(Outcome("returns_brought_forward", f"by {case.month(end)}", mean, spread, source))
    return found


def returned_by(months: FloatArray) -> FloatArray:
    """Share of the released who have returned by so many months after release, shape (months,).

    A Weibull curve through the two published shares: the risk falls with the time since release.
    """
    (first, low), (last, high) = ((years, figure("precedents", row)) for years, row in STUDY.items())
    hazard = [-np.log1p(-share) for share in (low, high)]
    power = np.log(hazard[1] / hazard[0]) / np.log(last / first)
    years = np.maximum(months, 0.0) / MONTHS_A_YEAR
    share: FloatArray = -np.expm1(-hazard[0] * (years / first) ** power)
    return share
