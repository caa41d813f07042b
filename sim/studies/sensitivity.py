"""One assumption at a time, low and high: how far each could move a result."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pandas as pd
from scipy.special import ndtri

from guidelines.manual import Manual
from sim.base.provenance import provenance
from sim.base.workers import begin
from sim.courts.decisions import court_of
from sim.eligibility.analysis import amendment_of
from sim.ensemble import without_courts
from sim.people.flows import DRUGS
from sim.population.population import Population
from sim.projection.project import project
from sim.results.glossary import GLOSSARY, LABELS
from sim.results.glossary import units as units
from sim.results.glossary_outcomes import OUTCOMES
from sim.results.quantities_of_interest import describe, describe_counted
from sim.scenario.scenario import Scenario
from sim.studies.factors import Assumptions, Factor, Value, factors

Progress = Callable[[str, int, int], None]
QUANTITIES = [name for name in GLOSSARY if name not in OUTCOMES]
"""Of the headline, in its order."""
NO_EFFECT = 1e-9
"""What moves a quantity by less, as a share of its value, does not move it."""


@dataclass(frozen=True)
class Sensitivity:
    """How a result depends on its assumptions.

    Attributes
    ----------
    scenario, seed
        What was asked.
    base
        Value of each quantity with everything where results have it.
    moves
        One row for each assumption, value it was moved to and quantity. Columns id, factor, label, kind,
        unit, setting (low, high, plausible_low, plausible_high, choice), from, to, quantity, value,
        difference.
    luck
        How far each quantity moves by luck alone where people are made anew: in nine of ten cases no further
        than this. From the same moves of the parameters of the stock with another seed.
    provenance
        Version, seed, hash of the scenario, editions of the law, hash of the tables.
    indices
        Sobol indices, if they were asked for; see `sim.studies.sobol`.
    whole
        Where only one person in so many was made: value of each quantity for everybody, as results have it.
    """

    scenario: Scenario
    seed: int
    base: dict[str, float]
    moves: pd.DataFrame
    luck: Mapping[str, float] = field(default_factory=dict)
    provenance: Mapping[str, object] = field(default_factory=dict)
    indices: pd.DataFrame = field(default_factory=pd.DataFrame)
    whole: Mapping[str, float] = field(default_factory=dict)

    def tornado(self, quantity: str) -> pd.DataFrame:
        """One row an assumption, the one that moves the quantity furthest first.

        Returns
        -------
        pandas.DataFrame
            Columns id, factor, label, kind, unit, from, low_at, high_at, low_difference, high_difference,
            luck (0 for what makes no people anew), and, where the fit leaves a narrower range,
            plausible_low_at, plausible_high_at and their differences. For a choice of law, low and high are
            the choices that lower and raise it most.
        """
        moves = self.moves[self.moves["quantity"] == quantity]
        rows = []
        for _, part in moves.groupby("factor", sort=False):
            row = part.iloc[0][["id", "factor", "label", "kind", "unit", "from"]].to_dict()
            ends = part.set_index("setting")
            if row["kind"] == "law":
                ordered = part.sort_values("difference", kind="stable")
                for side, each in (("low", ordered.iloc[0]), ("high", ordered.iloc[-1])):
                    row |= {f"{side}_at": each["to"], f"{side}_difference": each["difference"]}
            else:
                for side in ends.index:
                    row |= {f"{side}_at": ends["to"][side], f"{side}_difference": ends["difference"][side]}
            rows.append(row)
        table = pd.DataFrame(rows)
        least = table[["low_difference", "high_difference"]].min(axis=1).clip(upper=0)
        most = table[["low_difference", "high_difference"]].max(axis=1).clip(lower=0)
        span = most - least
        span[span < NO_EFFECT * abs(self.base[quantity])] = 0.0
        table["span"] = span
        table["luck"] = np.where(table["kind"] == "stock", self.luck.get(quantity, 0.0), 0.0)
        return table.sort_values("span", ascending=False, kind="stable").reset_index(drop=True)


def one_at_a_time(
    scenario: Scenario,
    seed: int = 1,
    *,
    thin: int = 1,
    population: Population | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Sensitivity:
    """Move each assumption to its least and largest plausible value, the others staying where they are.

    The whole stock is made anew for each value of a parameter of the stock, from the same draws. Nothing is
    fitted again, so the stock at the end of a wide range contradicts what it was fitted to; the narrower
    range is what the fit leaves.

    Parameters
    ----------
    scenario, seed
        As for `sim.run`.
    thin
        Make one person in so many: quicker, with more luck in small differences.
    population
        People of one's own instead of synthetic ones; nothing is then moved that only makes people.
    executor
        Where values are worked out side by side; one after the other if left out.
    progress
        Called with what is being done, how much of it is done and how much there is.

    Raises
    ------
    SimulationError
        The scenario is not retroactive.
    """
    base = Assumptions(scenario)
    moves = [
        move for factor in factors(scenario, own_people=population is not None) for move in _moves(factor)
    ]
    # What needs the same people stands together.
    moves.sort(key=lambda move: move[0].kind == "stock")
    asked = [base, *(factor.at(base, value) for factor, _, value in moves)]
    again = [0, *(k for k, (factor, setting, _) in enumerate(moves, 1) if _made_anew(factor, setting))]
    say, total = progress or (lambda what, done, total: None), len(asked) + len(again)
    found = evaluated(asked, seed, thin, executor, lambda done: say("assumptions", done, total), population)
    other_seed = evaluated(
        [asked[k] for k in again],
        seed + 1,
        thin,
        executor,
        lambda done: say("assumptions", len(asked) + done, total),
        population,
    )
    middle = found[0]
    rows = []
    for (factor, setting, value), values in zip(moves, found[1:], strict=True):
        about = {
            "id": factor.id, "factor": factor.name, "label": factor.label, "kind": factor.kind,
            "unit": factor.unit, "setting": setting, "from": factor.value, "to": value,
        }  # fmt: skip
        rows += [
            about | {"quantity": name, "value": values[name], "difference": values[name] - middle[name]}
            for name in middle
        ]
    order = {
        factor.name: place
        for place, factor in enumerate(factors(scenario, own_people=population is not None))
    }
    table = pd.DataFrame(rows).sort_values("factor", key=lambda names: names.map(order), kind="stable")
    before = Manual.on(scenario.amendment.manual_before)
    known = provenance(
        scenario.name, scenario.hash, seed, before, before.with_amendments(amendment_of(scenario))
    )
    moved = table.reset_index(drop=True)
    luck = _luck([found[k] for k in again], other_seed)
    thinned = thin > 1 and population is None
    whole = headline_quantities(base, seed, 1) if thinned else {}
    return Sensitivity(scenario, seed, middle, moved, luck, known, whole=whole)


def _made_anew(factor: Factor, setting: str) -> bool:
    """Whether a move is one of those that are repeated with another seed, to see what luck does."""
    return factor.kind == "stock" and setting == "low"


def _luck(one: Sequence[Mapping[str, float]], other: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """How far the luck of a seed moves a difference, in nine of ten cases; the first of each is the base."""
    sides = [pd.DataFrame([dict(each) for each in side]) for side in (one, other)]
    moved = [side.iloc[1:] - side.iloc[0] for side in sides]
    apart = ndtri(0.95) * np.sqrt(((moved[1] - moved[0]) ** 2).mean() / 2)
    return {str(name): float(value) for name, value in apart.fillna(0.0).items()}


def _moves(factor: Factor) -> Iterable[tuple[Factor, str, Value]]:
    sides = ("low", "high")
    if factor.kind == "law":
        return [(factor, "choice", value) for value in factor.bounds]
    moves = [(factor, side, value) for side, value in zip(sides, factor.bounds, strict=True)]
    left = zip(sides, factor.plausible, strict=False)
    return moves + [(factor, f"plausible_{side}", value) for side, value in left]


def evaluated(
    asked: Sequence[Assumptions],
    seed: int,
    thin: int,
    executor: Executor | None,
    step: Callable[[int], None] | None = None,
    population: Population | None = None,
) -> list[dict[str, float]]:
    """Every quantity under each set of assumptions, in their order."""
    return begin(
        partial(headline_quantities, seed=seed, thin=thin, population=population), asked, executor, chunks=32
    )(step)


def headline_quantities(
    assumed: Assumptions, seed: int, thin: int, population: Population | None = None
) -> dict[str, float]:
    """Every quantity of the headline under one set of assumptions, from one person in `thin`."""
    scenario, parameters = assumed.scenario, assumed.parameters
    analysis = without_courts(scenario, seed, parameters, thin, population, assumed.rules)
    court = court_of(analysis, scenario, thin)
    people = analysis.stock
    forecast = project(
        analysis.ordered_dates, people.district, people.sentenced.drug, court, groups=len(DRUGS)
    )
    found = describe(analysis, forecast, scenario, parameters, thin) | describe_counted(analysis, thin)
    return {name: float(value) for name, value in found.items()}


def label(quantity: str) -> str:
    """What readers call a quantity, with its unit where the label does not say it."""
    unit = units(quantity)
    return LABELS[quantity] if unit in ("persons", "bed-years") else f"{LABELS[quantity]}, {unit}"
