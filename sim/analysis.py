"""The law and the calendar for one stock: everything a forecast needs before judges come in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from guidelines.amendments import Amendment
from guidelines.manual import Manual
from guidelines.rules import Rules
from guidelines.s1b1_1_worksheet import Worksheet, worksheet
from guidelines.s1b1_10_substitution import amended_worksheet
from sim.calendar import Dates, release_dates
from sim.parameters import Parameters
from sim.people import Stock
from sim.reductions import BoolArray, Cut, cut_terms
from sim.scenario import Scenario


@dataclass(frozen=True)
class Analysis:
    """A stock put through an amendment.

    Attributes
    ----------
    stock
        The people.
    before, after
        Their worksheets under the Manual before, and with the listed change alone.
    unlimited
        What §1B1.10 allows and what a court would usually do.
    cut
        The same within the scenario's limits.
    dates
        Releases with and without.
    """

    stock: Stock
    before: Worksheet
    after: Worksheet
    unlimited: Cut
    cut: Cut
    dates: Dates


def analyse(stock: Stock, scenario: Scenario, parameters: Parameters, rules: Rules | None = None) -> Analysis:
    """§1B1.10 and release dates for everybody in a stock."""
    law = amendment_of(scenario)
    order = np.datetime64(scenario.dates.earliest_release.isoformat())
    facts = {**stock.sentenced.facts(), "order_effective_on": order}
    before = worksheet(facts, Manual.on(scenario.amendment.manual_before))
    after = amended_worksheet(before, law, rules=rules)
    unlimited = cut_terms(before, after, (law,), rules)
    cut = unlimited.only(within_limits(stock, scenario))
    dates = release_dates(stock.sentenced, cut, scenario, parameters.minimum_remaining_months)
    return Analysis(stock, before, after, unlimited, cut, dates)


def amendment_of(scenario: Scenario) -> Amendment:
    """The scenario's amendment, its orders taking effect from the scenario's own day on."""
    return scenario.amendment.law().but(order_effective_from=scenario.dates.earliest_release.isoformat())


def within_limits(stock: Stock, scenario: Scenario) -> BoolArray:
    """Who a narrower policy leaves in, shape (people,)."""
    limits, people = scenario.limits, stock.people
    inside = people["criminal_history_category"].isin(limits.criminal_history_categories).to_numpy()
    for excluded, column in (
        (limits.exclude_weapon or limits.exclude_924c, people["weapon"]),
        (limits.exclude_violence, people["violence"]),
        (limits.exclude_aggravating_role, people["aggravating_role"] > 0),
        (limits.exclude_obstruction, people["obstruction"]),
    ):
        if excluded:
            inside = inside & ~column.to_numpy(dtype=bool)
    return inside
