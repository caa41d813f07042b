"""What is not known about people and judges: the forecast once for each of a set of plausible worlds.

Each member has its own parameters of the stock and its own judges. All draw the same thinned people, so that
what differs between members is what is not known, and not luck; luck in who is inside is added apart
(`sim.results.uncertainty`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import lru_cache

import numpy as np

from guidelines import tables
from guidelines.s1b1_10_rules import Rules
from sim.base import courts_kept
from sim.base.errors import SimulationError
from sim.base.streams import uniforms
from sim.eligibility.analysis import Analysis, analyse
from sim.people.parameters import Parameters, best
from sim.people.stock import Stock, synthesize
from sim.people.stock_cache import StockCache
from sim.population.population import Population
from sim.results.evidence import IN_USE, evidence_of
from sim.results.structural import log_factors
from sim.scenario.defaults import assumed_courts, counting_rules, of_eligible
from sim.scenario.scenario import Judges, Scenario

MEMBERS = 16
THIN = 8
ADMISSION_ROWS = {"yearly_change": "J02", "term_elasticity": "J03"}
"""Rows of ``assumptions.csv`` with the plausible values of each field of the admissions, treated alike."""


@dataclass(frozen=True)
class Member:
    """One plausible world: parameters of the stock, a scenario with its own judges, what the model lacks.

    Attributes
    ----------
    lacking
        Logarithm of the factor of each family of quantities (`sim.results.structural`).
    """

    number: int
    parameters: Parameters
    scenario: Scenario
    lacking: Mapping[str, float] = field(default_factory=dict)


def members(scenario: Scenario, seed: int, count: int = MEMBERS, fit: str = IN_USE) -> list[Member]:
    """The first so many members of a fit, the same for all scenarios but for what each fixes itself."""
    sets, rules = parameter_sets(fit), [row["counted_as"] for row in _rows(fit)]
    if not 0 <= count <= len(sets):
        raise SimulationError(f"{count:,} worlds asked for; 0 to {len(sets)} is accepted: so many are fitted")
    asked = with_courts_of(scenario, fit)
    found = []
    for number in range(count):
        own = _counted(_later(_judged(asked, seed, number), seed, number), rules[number])
        found.append(Member(number, sets[number], own, log_factors(number, fit)))
    return found


def with_courts_of(scenario: Scenario, fit: str) -> Scenario:
    """The scenario with the courts that a fit of the stock may know of.

    Without 782, and before it, courts are those of 2007 and a step away; a day the scenario asks for stays.
    """
    evidence = evidence_of(fit)
    earlier = evidence.without == "782" or evidence.as_of < courts_kept.AS_OF[-1]
    if not earlier or scenario.without_motion or scenario.judges.as_of != courts_kept.AS_OF[-1]:
        return scenario
    return scenario.but({"judges.as_of": courts_kept.AS_OF[0]})


@lru_cache(maxsize=8)
def middle_of(fit: str = IN_USE) -> Parameters:
    """The values of a fit: those of the table for the one in use, else the means of its sets."""
    if fit == IN_USE or parameter_sets(fit) == parameter_sets():
        return best()
    names = [each.name for each in fields(Parameters)]
    return Parameters(
        **{name: float(np.mean([getattr(each, name) for each in parameter_sets(fit)])) for name in names}
    )


@lru_cache(maxsize=8)
def parameter_sets(fit: str = IN_USE) -> tuple[Parameters, ...]:
    """Parameter sets of a fit of ``tables/reference/stock_ensemble.csv``, in its order."""
    middle, names = best(), [each.name for each in fields(Parameters)]
    return tuple(
        middle.but(**{name: float(row[name]) for name in names if name in row}) for row in _rows(fit)
    )


def _rows(fit: str) -> Sequence[Mapping[str, str]]:
    """Rows of the table of plausible sets."""
    evidence_of(fit)
    table = tables.reference("stock_ensemble")
    return table.select(fit=fit) or table.select(fit=IN_USE)  # without what no parameter was fitted to


@lru_cache(maxsize=1)
def stock_of(
    seed: int,
    reference: str,
    parameters: Parameters,
    stock: int,
    thin: int = 1,
    cache: StockCache | None = None,
) -> Stock:
    """The people of a scenario, kept for the next that asks for them."""
    make = cache.stock if cache else synthesize
    return make(seed, reference, parameters, stock=stock, thin=thin)


@lru_cache(maxsize=64)
def thin_stock(
    seed: int, reference: str, parameters: Parameters, stock: int, cache: StockCache | None = None
) -> Stock:
    """A member's people, kept for the next scenario that asks for them."""
    make = cache.stock if cache else synthesize
    return make(seed, reference, parameters, stock=stock, thin=THIN)


def without_courts(
    scenario: Scenario,
    seed: int,
    parameters: Parameters,
    thin: int = 1,
    population: Population | None = None,
    rules: Rules | None = None,
) -> Analysis:
    """The law for a scenario's people; of the courts only the part of the cut enters, so most share it."""
    standard = {f"judges.{name}": value for name, value in _standard().judges}
    standard["judges.whole_cut_share"] = scenario.judges.whole_cut_share
    return _analysed(scenario.but(standard), seed, parameters, thin, population, rules)


@lru_cache(maxsize=1)
def _analysed(
    scenario: Scenario,
    seed: int,
    parameters: Parameters,
    thin: int,
    population: Population | None,
    rules: Rules | None,
) -> Analysis:
    day = scenario.dates.reference
    if population is not None:
        return analyse(population.stock(day), scenario, rules)
    people = stock_of(seed, str(day), parameters, scenario.people.stock, thin)
    return analyse(people, scenario, rules)


@lru_cache(maxsize=1)
def _standard() -> Scenario:
    """What a scenario assumes that does not ask about later years or counting."""
    return Scenario.load("drugs-minus-two")


def _judged(scenario: Scenario, seed: int, number: int) -> Scenario:
    """The scenario with the courts of one world of the fit, but for what it sets itself."""
    fit = assumed_courts(scenario.judges, scenario.amendment)
    worlds = [fit[world] for world in fit if world != courts_kept.CENTRE]
    rules = scenario.judges
    first = int(uniforms(seed, "ensemble/courts", np.array([0]))[0] * len(worlds))
    there = worlds[(first + number) % len(worlds)]
    changed: dict[str, float] = {
        name: there[name]
        for name, value in fit[courts_kept.CENTRE].items()
        if getattr(rules, name) == value  # else the scenario asks what would happen at this value
    }
    share = rules.approval_rate_all_motions
    if share is not None:
        if "ineligible_motion_share" in changed:
            changed["ineligible_motion_share"] = min(changed["ineligible_motion_share"], 1 - share)
        changed["approval_rate"] = of_eligible(
            share, changed.get("ineligible_motion_share", rules.ineligible_motion_share)
        )
    if not changed or scenario.without_motion:
        return scenario
    court = Judges.model_validate(rules.model_dump() | changed)
    return scenario.model_copy(update={"judges": court})  # the rest was validated when it was read


def _later(scenario: Scenario, seed: int, number: int) -> Scenario:
    """The same with a member's own years after the reference day."""
    own, standard = scenario.admissions, _standard().admissions
    changed = {
        name: _drawn("assumptions", row, name, seed, number)
        for name, row in ADMISSION_ROWS.items()
        if getattr(own, name) == getattr(standard, name)
    }
    return scenario.model_copy(update={"admissions": own.model_copy(update=changed)})


def _counted(scenario: Scenario, rule: str) -> Scenario:
    """The same counted by a member's rule, unless the scenario has its own."""
    if scenario.counted_as != _standard().counted_as:
        return scenario
    return scenario.model_copy(update={"counted_as": counting_rules()[rule]})


def _drawn(table: str, row: str, name: str, seed: int, number: int) -> float:
    """A plausible value, drawn evenly between the bounds of a row."""
    known = tables.reference(table).row(id=row)
    low, high = float(known["low"]), float(known["high"])
    return low + float(uniforms(seed, f"ensemble/{name}", np.array([number]))[0]) * (high - low)
