"""Fit of the few free parameters of the stock, and the ensemble of sets that remain plausible.

Sets are drawn from the uniform priors of ``stock_parameters.csv``; each makes a thinned stock of its own
people that goes through the two analyses of the Commission, and one of 2011 that goes through the crack
amendment of that year. A polynomial learns from them what each parameter does; many more sets are weighed by
the likelihood of the targets whose role is input or calibrate. Those that come out as plausible are worked
out themselves, to put its level right. Targets whose role is check are never looked at. The best values are
the means of the weighted sets, the ensemble is drawn from them by systematic resampling.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from guidelines import tables
from sim.base.streams import uniforms
from sim.base.workers import begin
from sim.eligibility.analysis import analyse
from sim.people.margin import FloatArray
from sim.people.parameters import TABLE, Parameters, bounds
from sim.people.raking import systematic_counts
from sim.people.served import share_served
from sim.people.stock import CALIBRATED_ON, synthesize
from sim.projection.prospective import new_sentences
from sim.results.counted import describe_counted
from sim.results.quantities_of_interest import (
    describe_stock,
    first_wave_in_community_custody,
    sentenced_within_a_decade,
    share_at_once,
)
from sim.results.targets import AFFECTED_YEAR, PRECEDENT, target
from sim.scenario.scenario import Scenario
from sim.studies.emulator import Emulator, enough

THIN = 4
PEOPLE = 8
"""Sets take turns with so many draws of people."""
WEIGHED = 200_000
"""Sets that are weighed by the polynomial."""
SD_OF_HALF_BAND = 1.6448536269514722
"""Standard deviations from the published value to the end of a band of 90 percent."""
FITTED_TO = {
    "flows_alone": ("T01", ""),
    "stock_mean_term_months": ("T06", "drugs-minus-two"),
    "counted_eligible": ("T08", "no-delay"),
    "counted_mean_cut_months": ("T10", "no-delay"),
    "wave_in_community_custody": ("T25", "drugs-minus-two"),
    "share_served": ("T31", ""),
    "affected_share": ("T301", ""),
    "affected_mean_term_months": ("T302", ""),
    "sentenced_within_a_decade": ("T303", "no-delay"),
    "crack_2011_at_once": ("T304", PRECEDENT),
}
"""Quantity -> target and the scenario it is read from, if any. What raking sets exactly needs no fit."""


@dataclass(frozen=True)
class Fit:
    """What a fit gives.

    Attributes
    ----------
    draws
        One row a set that was worked out, first those from the priors, then the likely ones: its parameters,
        quantities and misfit (minus two log likelihood).
    best
        Means of the weighted sets.
    ensemble
        Plausible sets, each as often as its weight says, shape (members, parameters).
    effective_sets
        How many of the weighed sets carry the weight.
    explained
        Share of each quantity's variance between sets that the polynomial follows.
    """

    draws: pd.DataFrame
    best: Parameters
    ensemble: pd.DataFrame
    effective_sets: float
    explained: dict[str, float]


def fit(
    seed: int,
    draws: int,
    members: int,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Fit:
    """Draw sets from the priors, learn from them, weigh many more, look again where the weight is, resample.

    Parameters
    ----------
    seed
        Decides the sets and the people.
    draws
        Sets drawn from the priors and worked out.
    members
        Sets of the ensemble; as many likely ones are worked out besides.
    executor
        Where sets are worked out side by side; one after the other if left out.
    progress
        Called with sets done and sets in all, `draws` and `members` together.
    """
    names = [field.name for field in fields(Parameters)]
    enough(draws, len(names))
    low, high = _limits(names)
    drawn = pd.DataFrame(_prior(seed, "fit", draws, low, high), columns=names)
    done, total = 0, draws + members

    def worked_out(sets: pd.DataFrame) -> pd.DataFrame:
        nonlocal done
        people = [seed + k % PEOPLE for k in range(len(sets))]
        chosen = [Parameters(**dict(zip(names, row, strict=True))) for row in sets.to_numpy().tolist()]
        before = done

        def step(number: int) -> None:
            nonlocal done
            done = before + number
            if progress:
                progress(done, total)

        rows = begin(_misfit, list(zip(people, chosen, strict=True)), executor, chunks=64)(step)
        return sets.join(pd.DataFrame(rows))

    everywhere = worked_out(drawn)
    likely = weigh(everywhere, seed, members).ensemble
    return weigh(everywhere, seed, members, worked_out(likely))


def weigh(table: pd.DataFrame, seed: int, members: int, likely: pd.DataFrame | None = None) -> Fit:
    """Learn from sets that were worked out, weigh many more and resample.

    Parameters
    ----------
    table
        Parameters and quantities of sets drawn from the priors.
    seed, members
        As in `fit`.
    likely
        The same of sets that a first look found plausible: they set the level of the polynomial, whose
        slopes come from everywhere.
    """
    names = [field.name for field in fields(Parameters)]
    low, high = _limits(names)

    def known(some: pd.DataFrame) -> tuple[FloatArray, FloatArray]:
        return some[names].to_numpy(np.float64), some[list(FITTED_TO)].to_numpy(np.float64)

    emulator = Emulator.fit(*known(table), low, high)
    if likely is not None:
        emulator = emulator.levelled(*known(likely))
    many = _prior(seed, "fit/weighed", WEIGHED, low, high)
    miss = misses(emulator.predict(many))
    weight = np.exp(-(miss - miss.min()) / 2)
    weight /= weight.sum()
    offset = float(uniforms(seed, "fit/resampling", np.array([0]))[0])
    times = systematic_counts(members * weight, offset)
    chosen = np.repeat(np.arange(WEIGHED), times)
    order = np.argsort(uniforms(seed, "fit/order", np.arange(len(chosen))))
    return Fit(
        draws=table if likely is None else pd.concat([table, likely], ignore_index=True),
        best=Parameters(**dict(zip(names, (weight @ many).tolist(), strict=True))),
        ensemble=pd.DataFrame(many[chosen[order]], columns=names),
        effective_sets=float(1 / (weight**2).sum()),
        explained=dict(zip(FITTED_TO, emulator.explained.tolist(), strict=True)),
    )


def misses(found: FloatArray) -> FloatArray:
    """Minus two log likelihood of quantities in the order of `FITTED_TO`, shape (sets, quantities).

    A band need not lie evenly about its value: each side has its own standard deviation, that of half the
    even one at least.
    """
    miss = np.zeros(len(found))
    for quantity, (row, _) in zip(found.T, FITTED_TO.values(), strict=True):
        known = target(row)
        side = np.where(quantity > known.value, known.high - known.value, known.value - known.low)
        side = np.maximum(side, (known.high - known.low) / 4)
        miss += ((quantity - known.value) / (side / SD_OF_HALF_BAND)) ** 2
    return miss


def misfit(seed: int, parameters: Parameters) -> dict[str, float]:
    """Quantities of one set and how badly they miss the targets (minus two log likelihood)."""
    found = fitted_quantities(seed, parameters)
    return found | {"misfit": float(misses(np.array([[found[name] for name in FITTED_TO]]))[0])}


def _misfit(asked: tuple[int, Parameters]) -> dict[str, float]:
    return misfit(*asked)


def fitted_quantities(seed: int, parameters: Parameters) -> dict[str, float]:
    """The fitted quantities of one set, from thinned stocks."""
    stock = synthesize(seed, str(CALIBRATED_ON), parameters, thin=THIN)
    found: dict[str, float] = {}
    for name in ("no-delay", "drugs-minus-two"):
        scenario = Scenario.load(name)
        analysis = analyse(stock, scenario)
        every = describe_stock(analysis, THIN) | describe_counted(analysis, THIN)
        every["wave_in_community_custody"] = first_wave_in_community_custody(analysis, scenario, parameters)
        every["sentenced_within_a_decade"] = sentenced_within_a_decade(analysis)
        found |= {quantity: every[quantity] for quantity, (_, where) in FITTED_TO.items() if where == name}
    year = new_sentences(stock, scenario, THIN, AFFECTED_YEAR)
    earlier = Scenario.load(PRECEDENT)
    then = synthesize(seed, str(earlier.dates.reference), parameters, thin=THIN)
    return found | {
        "crack_2011_at_once": share_at_once(analyse(then, earlier)),
        "flows_alone": stock.unscaled,
        "share_served": share_served(stock),
        "affected_share": year.affected,
        "affected_mean_term_months": year.mean_before_months,
    }


def _limits(names: list[str]) -> tuple[FloatArray, FloatArray]:
    known = bounds()
    return np.array([known[name][0] for name in names]), np.array([known[name][1] for name in names])


def _prior(seed: int, purpose: str, draws: int, low: FloatArray, high: FloatArray) -> FloatArray:
    """Sets drawn evenly between the bounds, shape (draws, parameters)."""
    number, names = np.arange(draws), [field.name for field in fields(Parameters)]
    columns = [uniforms(seed, f"{purpose}/{name}", number) for name in names]
    return np.asarray(low + (high - low) * np.column_stack(columns))


def parameter_rows(chosen: Parameters) -> list[dict[str, str]]:
    """The rows of the table of parameters with other values."""
    return [{**row, "value": f"{getattr(chosen, row['name']):.3g}"} for row in tables.reference(TABLE)]
