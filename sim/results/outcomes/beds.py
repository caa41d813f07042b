"""Bed-years by calendar year, crowding against rated capacity, and what the beds cost."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from guidelines import tables
from sim.base.fiscal import MONTHS_A_YEAR, fiscal_year_of
from sim.base.published import figure
from sim.results.outcomes.inputs import Outcome, OutcomeInputs

MILLION = 1e6
PERCENT = 100
NEAR_YEARS = 2
"""A count of prisoners and beds older than this says nothing about the crowding of the day."""


def bed_years(case: OutcomeInputs) -> list[Outcome]:
    """Bed-years saved in each calendar year of the horizon."""
    found = []
    year_of = np.array([int(case.month(number)[:4]) for number in range(case.horizon)])
    for year in np.unique(year_of[case.day_one_month :]):
        months = np.flatnonzero(year_of == year)
        months = months[months >= case.day_one_month]
        worth = np.zeros(case.horizon)
        worth[months] = 1 / MONTHS_A_YEAR
        span = f"{case.month(int(months[0]))} to {case.month(int(months[-1]))}"
        found.append(Outcome("bed_years_saved_by_year", span, *case.spared.worth(worth).total))
    if case.new is not None:
        fewer = float(case.new.fewer[: case.horizon].sum()) / MONTHS_A_YEAR
        found.append(Outcome("bed_years_saved_by_new_sentences", _span(case), fewer, source=case.new.source))
    return found


def money(case: OutcomeInputs) -> list[Outcome]:
    """Cost of the beds saved within the horizon, at the average cost and at a marginal one that is given."""
    mean, variance = case.spared.worth(np.ones(case.horizon) / MONTHS_A_YEAR).total
    row, year, price = average_cost(fiscal_year_of(case.analysis.dates.day_one))
    end = case.month(case.horizon - 1)
    saved = [(f"already sentenced, to {end}", mean, variance)]
    if case.new is not None:
        fewer = float(case.new.fewer[: case.horizon].sum()) / MONTHS_A_YEAR
        saved.append((f"new sentences, to {end}", fewer, 0.0))
    costs = case.scenario.costs
    prices = [("cost_saved_average", price, year, f"custody_and_costs {row}")]
    if costs.marginal_cost_per_year is not None:
        source = f"given by the scenario: {costs.source}"
        prices.append(("cost_saved_marginal", costs.marginal_cost_per_year, str(costs.price_year), source))
    return [
        Outcome(
            quantity,
            whom,
            each / MILLION * years,
            (each / MILLION) ** 2 * spread,
            source,
            f"million US dollars of {when}",
        )
        for quantity, each, when, source in prices
        for whom, years, spread in saved
    ]


def crowding(case: OutcomeInputs) -> list[Outcome]:
    """Prisoners in custody over rated capacity, all else as at the last count before the first day."""
    count = None if case.own_people else last_count(int(case.month(case.day_one_month)[:4]))
    if count is None:
        return []
    day, custody, beds, rows = count
    source = f"bop_population {rows}; all else as on {day}"
    found = [Outcome("crowding_without", day, PERCENT * (custody / beds - 1), source=source)]
    for month in case.years_after((0, 1, 2)):
        fewer, variance = case.spared.out_in(month).total
        fewer += case.new.fewer_in(case.month(month)) if case.new is not None else 0.0
        value = PERCENT * ((custody - fewer) / beds - 1)
        variance *= (PERCENT / beds) ** 2
        found.append(Outcome("crowding_with", case.month(month), value, variance, source))
    return found


@lru_cache(maxsize=32)
def average_cost(fiscal_year: int) -> tuple[str, str, float]:
    """Row, price year and average cost of an inmate and year: the last published one by a fiscal year."""
    rows = tables.reference("custody_and_costs").select(metric="average cost of imprisonment")
    by_year = {int(row["subgroup"].removeprefix("FY")): row for row in rows}
    year = max((known for known in by_year if known <= fiscal_year), default=min(by_year))
    return by_year[year]["id"], f"FY{year}", float(by_year[year]["value"])


@lru_cache(maxsize=32)
def last_count(year: int) -> tuple[str, float, float, str] | None:
    """Day, people in custody, rated capacity and rows of the last count at the end of an earlier year."""
    table = tables.reference("bop_population")
    custody = {row["subgroup"]: row for row in table.select(metric="federal prisoners in custody")}
    beds = {row["subgroup"]: row for row in table.select(metric="rated capacity")}
    day = max((day for day in custody if day in beds and int(day[:4]) < year), default=None)
    if day is None or year - int(day[:4]) > NEAR_YEARS:
        return None
    known = [(row["id"], figure("bop_population", row["id"])) for row in (custody[day], beds[day])]
    return day, known[0][1], known[1][1], ", ".join(row for row, _ in known)


def _span(case: OutcomeInputs) -> str:
    return f"{case.month(0)} to {case.month(case.horizon - 1)}"
