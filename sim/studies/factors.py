"""What a result rests on and nobody has published: each assumption with the values it is moved between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Literal, get_args, get_type_hints

import numpy as np

from guidelines import tables
from guidelines.s1b1_10_rules import Rules
from sim.base.courts_kept import CENTRE, PARAMETERS
from sim.base.errors import SimulationError
from sim.ensemble import parameter_sets
from sim.people.parameters import TABLE, Parameters, best
from sim.results.glossary_assumptions import assumption_label
from sim.scenario.defaults import assumed_courts
from sim.scenario.scenario import Scenario

Value = float | str
PLAUSIBLE = (0.05, 0.95)
"""Quantiles of the plausible sets between which a parameter of the stock is moved a second time."""

COUNTING = ("placement_lag_months",)
"""Parameters of the stock that are about counting, whoever the people are."""
NOT_ASKED = ("assistance_share", "comparable_over", "life_minimum_months")
"""Switches of the law that stay: the synthetic people do not have the fact that the first one's other choice
asks for (which part of a reduction was for assistance), nor consecutive terms for the second, and nobody has
proposed a number for the third."""


@dataclass(frozen=True)
class Assumptions:
    """All that is moved: parameters of the stock, scenario, and doubtful points of law."""

    scenario: Scenario
    parameters: Parameters = field(default_factory=best)
    rules: Rules = field(default_factory=Rules)


@dataclass(frozen=True)
class Factor:
    """One assumption.

    Attributes
    ----------
    id
        Row of its table (P01, D02); "law" for a doubtful point of law.
    name, label
        Name in the code, and what readers see.
    kind
        What it is about.
    unit
        Of its values; empty for choices.
    value
        What results use.
    bounds
        Least and largest plausible value, or the other choices.
    plausible
        Of a parameter of the stock: 5th and 95th percentile of the sets the fit leaves; else empty.
    """

    id: str
    name: str
    label: str
    kind: Literal["stock", "judges", "law"]
    unit: str
    value: Value
    bounds: tuple[Value, ...]
    plausible: tuple[float, ...] = ()

    def at(self, base: Assumptions, value: Value) -> Assumptions:
        """The assumptions with this one at another value."""
        if self.kind == "stock":
            return replace(base, parameters=base.parameters.but(**{self.name: float(value)}))
        if self.kind == "law":
            return replace(base, rules=Rules.from_mapping(vars(base.rules) | {self.name: value}))
        if self.name == "horizon_months":
            return replace(base, scenario=base.scenario.but({"dates.horizon_months": round(float(value))}))
        return replace(base, scenario=judged(base.scenario, {self.name: float(value)}))


def judged(scenario: Scenario, changed: Mapping[str, float]) -> Scenario:
    """The scenario with other judges."""
    return scenario.but({f"judges.{name}": value for name, value in changed.items()})


def factors(scenario: Scenario, *, own_people: bool = False) -> list[Factor]:
    """Every assumption behind a scenario's result; of people of one's own, none about how they were made.

    What the scenario sets itself is its question and not an assumption, and is left out.
    """
    if not scenario.amendment.retroactive:
        raise SimulationError(
            f"{scenario.name} changes new sentences only: no assumption about prisoners or courts has a part "
            "in it; give a scenario that is retroactive"
        )
    made = [each for each in _stock() if not own_people or each.name in COUNTING]
    found = [*made, *_judges(scenario), _horizon(scenario)]
    return found if scenario.without_motion else [*found, *_law()]


def _stock() -> list[Factor]:
    values, sets = best(), parameter_sets()
    found = []
    for row in tables.reference(TABLE):
        name = row["name"]
        drawn = [getattr(each, name) for each in sets]
        left = tuple(float(value) for value in np.quantile(drawn, PLAUSIBLE)) if sets else ()
        ends = (float(row["low"]), float(row["high"]))
        value = float(getattr(values, name))
        found.append(Factor(row["id"], name, assumption_label(name), "stock", row["unit"], value, ends, left))
    return found


def _judges(scenario: Scenario) -> list[Factor]:
    if scenario.without_motion:
        return []
    fit = assumed_courts(scenario.judges, scenario.amendment)
    found = []
    for row in tables.reference(PARAMETERS):
        name = row["name"]
        value = getattr(scenario.judges, name)
        if value != fit[CENTRE][name]:
            continue
        drawn = [world[name] for key, world in fit.items() if key != CENTRE]
        low, high = (float(end) for end in np.quantile(drawn, PLAUSIBLE))
        ends = (min(low, value), max(high, value))
        found.append(Factor(row["id"], name, assumption_label(name), "judges", row["unit"], value, ends))
    return found


def _horizon(scenario: Scenario) -> Factor:
    row = tables.reference("assumptions").row(name="horizon_months")
    name, value = row["name"], float(scenario.dates.horizon_months)
    ends = (float(row["low"]), float(row["high"]))
    return Factor(row["id"], name, assumption_label(name), "judges", row["unit"], value, ends)


def _law() -> list[Factor]:
    hints, standard = get_type_hints(Rules), Rules()
    found = []
    for switch in fields(Rules):
        if switch.name in NOT_ASKED:
            continue
        chosen = getattr(standard, switch.name)
        others = tuple(str(each) for each in get_args(hints[switch.name]) if each != chosen)
        found.append(Factor("law", switch.name, assumption_label(switch.name), "law", "", chosen, others))
    return found
