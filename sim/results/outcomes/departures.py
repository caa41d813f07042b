"""Where the first wave goes: routes out of prison, and states."""

from __future__ import annotations

import numpy as np

from guidelines import tables
from sim.base.published import named
from sim.results.outcomes.inputs import Outcome, OutcomeInputs

ROUTES = ("immigration authorities", "halfway house", "home confinement", "straight from prison")


def routes(case: OutcomeInputs) -> list[Outcome]:
    """First wave by the way out.

    Everybody who is not a US citizen is taken to be handed over to immigration authorities; of the citizens
    as many go through halfway houses and home confinement as of all eligible releases of those years.
    """
    if not case.analysis.ordered_dates.on_day_one.any():
        return []
    foreign, citizens = (case.spared.first_day(who=who).total for who in (~case.citizen, case.citizen))
    placed = named("placed_in_community_custody")
    house, home = named("released_through_halfway_house"), named("released_through_home_confinement")
    shares = (house, home, 1 - placed)
    published = named("handed_to_immigration_authorities") if case.is_the_law else float("nan")
    found = [
        Outcome(
            "first_wave_route",
            ROUTES[0],
            *foreign,
            source="assumed: every person who is not a US citizen",
            published=published,
            published_source="first_wave_oct2015 W04" if case.is_the_law else "",
        )
    ]
    for name, share in zip(ROUTES[1:], shares, strict=True):
        value, variance = share * citizens[0], share**2 * citizens[1]
        source = "custody_and_costs K21, K301, K302; assumed: the same share for the first wave's US citizens"
        found.append(Outcome("first_wave_route", name, value, variance, source))
    return found


def destinations(case: OutcomeInputs) -> list[Outcome]:
    """US citizens of the first wave by state, the most frequent first.

    The destination is taken to be the state of the district of sentence.
    """
    if not case.analysis.ordered_dates.on_day_one.any():
        return []
    states, index = states_of(case)
    amounts = case.spared.first_day(index, len(states), case.citizen)
    known = {}
    if case.is_the_law:
        known = {row["subgroup"]: row for row in tables.reference("first_wave_by_state")}
    found = []
    for place in np.argsort(-amounts.mean, kind="stable"):
        row = known.get(states[place])
        found.append(
            Outcome(
                "first_wave_destination",
                states[place],
                float(amounts.mean[place]),
                float(amounts.variance[place]),
                "assumed: the state of the district of sentence",
                published=float(row["value"]) if row else float("nan"),
                published_source=f"first_wave_by_state {row['id']}" if row else "",
            )
        )
    return found


def states_of(case: OutcomeInputs) -> tuple[list[str], np.ndarray]:
    """Names of the states and territories, and the index of each person's, shape (people,)."""
    table = tables.reference("districts")
    state = dict(zip(table.column("district"), table.column("state"), strict=True))
    states = sorted(set(state.values()))
    districts = case.analysis.stock.people["district"].cat.categories
    number = np.array([states.index(state[str(name)]) for name in districts], np.int64)
    return states, number[case.analysis.stock.district]
