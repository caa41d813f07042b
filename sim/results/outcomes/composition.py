"""Who is inside before and after, and those who are left out, on the same page."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from guidelines import LIFE
from sim.base.fiscal import MONTHS_A_YEAR
from sim.eligibility.calendar import served_months
from sim.people.associations import RACES
from sim.results.groups import CITIZENSHIP
from sim.results.outcomes.inputs import Outcome, OutcomeInputs
from sim.results.quantities_of_interest import mean, ratio


def shares(case: OutcomeInputs) -> list[Outcome]:
    """Shares by race and citizenship on the reference day, and a year after the first day."""
    months = case.years_after((1,))
    race = case.analysis.stock.sentenced.attributes["race"].astype(np.int64)
    found = []
    for dimension, index, names in (
        ("race", race, RACES),
        ("citizenship", (~case.citizen).astype(np.int64), CITIZENSHIP),
    ):
        groups = [f"{dimension}: {name}" for name in names]
        found += _row("share_of_stock", groups, _count(index, len(names)))
        for month in months:
            inside = case.analysis.dates.month_if_denied > month
            without = case.scale * _count(index[inside], len(names))
            gone = case.spared.out_in(month, index, len(names)).mean
            found += _row("share_in_custody_without", groups, without)
            found += _row("share_in_custody_with", groups, without - gone)
    return found


def left_out(case: OutcomeInputs) -> list[Outcome]:
    """The people who are not eligible, and time served by everybody, the eligible and the others."""
    dates, people = case.analysis.dates, case.analysis.stock.sentenced
    out = ~dates.eligible
    finite = people.term_months < LIFE
    served = [served_months(people, day) / MONTHS_A_YEAR for day in (dates.if_denied, dates.if_granted)]
    told = finite & ~np.isnat(dates.if_granted)
    return [
        Outcome("left_out", "", case.scale * float(out.sum())),
        Outcome("left_out_mean_term_months", "", mean(people.term_months[out & finite])),
        Outcome("left_out_served_years", "", mean(served[0][out & told])),
        Outcome("everybody_served_before_years", "", mean(served[0][told])),
        Outcome("everybody_served_after_years", "", mean(served[1][told])),
    ]


def _count(index: NDArray[np.int64], groups: int) -> NDArray[np.float64]:
    return np.bincount(index, minlength=groups).astype(np.float64)


def _row(quantity: str, groups: list[str], people: NDArray[np.float64]) -> list[Outcome]:
    whole = float(people.sum())
    return [Outcome(quantity, name, ratio(each, whole)) for name, each in zip(groups, people, strict=True)]
