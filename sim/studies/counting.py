"""How the Commission may have counted, each rule held against its own figures."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import pandas as pd

from guidelines import tables
from sim.base.fiscal import MONTHS_A_YEAR
from sim.eligibility.analysis import Analysis, as_counted
from sim.results.quantities_of_interest import describe_counted, sentenced_within_a_decade, share_at_once
from sim.scenario.defaults import counting_rules
from sim.scenario.scenario import Scenario

FITTED = ("counted_eligible", "counted_mean_cut_months", "sentenced_within_a_decade", "crack_2011_at_once")
"""Fitted quantities that hang on how people are counted."""
TABLE = "counting_figures"
SD_OF_HALF_BAND = 1.6448536269514722
"""Standard deviations from the published value to the end of a band of 90 percent."""


def column(quantity: str, rule: str) -> str:
    """Name of a quantity as it is counted by a rule."""
    return f"{quantity}|{rule}"


def counted_quantities(
    no_delay: Analysis, delay: Analysis, precedent: Analysis, scenarios: tuple[Scenario, Scenario, Scenario]
) -> dict[str, float]:
    """The fitted quantities that hang on counting, and `figures`, by every counting rule.

    The Commission's analyses of May 2014, of July 2014 and of 2011, and their scenarios.
    """
    found: dict[str, float] = {}
    for rule, rules in counting_rules().items():
        first, second, crack = (
            as_counted(each, scenario, rules)
            for each, scenario in zip((no_delay, delay, precedent), scenarios, strict=True)
        )
        told, later = describe_counted(first), describe_counted(second)
        own = {name: told[name] for name in FITTED if name in told}
        own |= {"sentenced_within_a_decade": sentenced_within_a_decade(first)}
        own |= {"crack_2011_at_once": share_at_once(crack)} | figures(told, later)
        found |= {column(name, rule): value for name, value in own.items()}
    return found


def figures(no_delay: Mapping[str, float], delay: Mapping[str, float]) -> dict[str, float]:
    """Ratios and means a head of the two analyses of 2014, by the names of ``counting_figures.csv``."""
    eligible, later = no_delay["counted_eligible"], delay["counted_eligible"]
    a_head = MONTHS_A_YEAR * delay["counted_bed_years_if_all_granted"] / later
    return {
        "eligible_with_delay_over_without": later / eligible,
        "mean_term_no_delay": no_delay["counted_mean_term_before_months"],
        "mean_term_delay": delay["counted_mean_term_before_months"],
        "at_once_no_delay": no_delay["counted_eligible_day_one"] / eligible,
        "at_once_delay": delay["counted_eligible_day_one"] / later,
        "bed_months_a_head_no_delay": MONTHS_A_YEAR * no_delay["counted_bed_years_if_all_granted"] / eligible,
        "bed_months_a_head_delay": a_head,
        "cut_percent_no_delay": no_delay["counted_mean_cut_percent"],
        "cut_percent_delay": delay["counted_mean_cut_percent"],
        "bed_months_a_month_of_cut_delay": a_head / delay["counted_mean_cut_months"],
    }


def compared(found: Mapping[str, Mapping[str, float]]) -> pd.DataFrame:
    """Published figures beside those of each rule, and how badly each rule misses them.

    `found` is rule -> figure -> value. One row a figure and a last one, ``misfit`` (sum of squared
    standard deviations); columns published and one a rule.
    """
    names = [row["name"] for row in tables.reference(TABLE)]
    table = pd.DataFrame({"published": published()} | {rule: dict(each) for rule, each in found.items()})
    table = table.loc[names]
    sd = pd.Series(tolerance()).loc[names] / SD_OF_HALF_BAND
    away = table.drop(columns="published").sub(table["published"], axis=0).div(sd, axis=0)
    table.loc["misfit"] = (away**2).sum(axis=0)
    return table


@lru_cache(maxsize=1)
def published() -> dict[str, float]:
    """The published figures by their names."""
    return {row["name"]: float(row["value"]) for row in tables.reference(TABLE)}


@lru_cache(maxsize=1)
def tolerance() -> dict[str, float]:
    """Half of the width of our tolerance of each."""
    return {
        row["name"]: float(np.subtract(float(row["high"]), float(row["low"])) / 2)
        for row in tables.reference(TABLE)
    }
