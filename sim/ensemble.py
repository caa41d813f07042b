"""What is not known about people and judges: the forecast once for each of a set of plausible worlds.

Each member has its own parameters of the stock and its own judges. All draw the same thinned people, so that
what differs between members is what is not known, and not luck; luck in who is inside is added apart
(`sim.results.uncertainty`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from guidelines import tables
from sim.base import courts_kept
from sim.base.errors import SimulationError
from sim.base.streams import uniforms
from sim.people.parameters import Parameters, best
from sim.people.stock import Stock, synthesize
from sim.people.stock_cache import StockCache
from sim.scenario.defaults import assumed_courts, of_eligible
from sim.scenario.scenario import Judges, Scenario

FloatArray = NDArray[np.float64]

MEMBERS = 16
THIN = 8


@dataclass(frozen=True)
class Member:
    """One plausible world: parameters of the stock and a scenario with its own judges."""

    number: int
    parameters: Parameters
    scenario: Scenario


def members(scenario: Scenario, seed: int, count: int = MEMBERS) -> list[Member]:
    """The first so many members, the same for every scenario but for what a scenario fixes itself."""
    sets = parameter_sets()
    if not 0 <= count <= len(sets):
        raise SimulationError(f"{count} members asked for: between 0 and {len(sets)} are fitted")
    return [Member(k, sets[k], _judged(scenario, seed, k)) for k in range(count)]


@lru_cache(maxsize=1)
def parameter_sets() -> tuple[Parameters, ...]:
    """Parameter sets of ``tables/reference/stock_ensemble.csv``, in its order."""
    middle = best()
    return tuple(
        middle.but(**{name: float(value) for name, value in row.items() if name != "member"})
        for row in tables.reference("stock_ensemble")
    )


@lru_cache(maxsize=64)
def thin_stock(
    seed: int, reference: str, parameters: Parameters, stock: int, cache: StockCache | None = None
) -> Stock:
    """A member's people, kept for the next scenario that asks for them."""
    make = cache.stock if cache else synthesize
    return make(seed, reference, parameters, stock=stock, thin=THIN)


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
