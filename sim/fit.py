"""Fit of the few free parameters of the stock, and the ensemble of sets that remain plausible.

Sets are drawn from the uniform priors of ``stock_parameters.csv``; each makes a thinned stock that goes
through the two analyses of the Commission; its weight is the likelihood of the targets whose role is input
or calibrate. Targets whose role is check are never looked at. The best values are the means of the weighted
sets, the ensemble is drawn from them by systematic resampling.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass, fields
from functools import partial

import numpy as np
import pandas as pd

from guidelines import tables
from sim.analysis import analyse
from sim.parameters import TABLE, Parameters, best, bounds
from sim.people import CALIBRATED_ON, synthesize
from sim.quantities_of_interest import describe_cut, describe_stock, in_community_custody
from sim.raking import systematic_counts
from sim.scenario import Scenario
from sim.served import share_served
from sim.streams import uniforms
from sim.targets import target

THIN = 8
BAND_SDS = 2 * 1.6448536269514722
"""Standard deviations between the ends of a band of 90 percent."""
FITTED_TO = {
    "stock_mean_term_months": ("T06", "drugs-minus-two"),
    "eligible": ("T08", "no-delay"),
    "mean_cut_months": ("T10", "no-delay"),
    "wave_in_community_custody": ("T25", "drugs-minus-two"),
    "share_served": ("T31", ""),
}
"""Quantity -> target and the scenario it is read from, if any. What raking sets exactly needs no fit."""


@dataclass(frozen=True)
class Fit:
    """What a fit gives.

    Attributes
    ----------
    draws
        One row a set: its parameters, quantities, misfit (minus two log likelihood) and weight.
    best
        Means of the weighted sets.
    ensemble
        Plausible sets, each as often as its weight says, shape (members, parameters).
    """

    draws: pd.DataFrame
    best: Parameters
    ensemble: pd.DataFrame

    @property
    def effective_sets(self) -> float:
        """How many sets carry the weight."""
        return float(1 / (self.draws["weight"] ** 2).sum())


def fit(
    seed: int,
    draws: int,
    members: int,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Fit:
    """Draw sets from the priors, weigh them and resample.

    Parameters
    ----------
    seed
        Decides the sets and the people.
    draws
        Sets drawn from the priors.
    members
        Sets of the ensemble.
    executor
        Where sets are worked out side by side; one after the other if left out.
    progress
        Called with sets done and sets in all.
    """
    sets = _prior_sets(seed, draws)
    work = partial(misfit, seed)
    results: Iterable[dict[str, float]] = (
        executor.map(work, sets, chunksize=4) if executor else map(work, sets)
    )
    rows = []
    for done, row in enumerate(results, start=1):
        rows.append(row)
        if progress:
            progress(done, draws)
    names = [field.name for field in fields(Parameters)]
    drawn = pd.DataFrame([{name: getattr(one, name) for name in names} for one in sets])
    table = drawn.join(pd.DataFrame(rows))
    weight = np.exp(-(table["misfit"] - table["misfit"].min()) / 2)
    table["weight"] = weight / weight.sum()
    middle = {name: float(np.average(table[name], weights=table["weight"])) for name in names}
    offset = float(uniforms(seed, "fit/resampling", np.array([0]))[0])
    times = systematic_counts(members * table["weight"].to_numpy(), offset)
    order = np.argsort(uniforms(seed, "fit/order", np.arange(int(times.sum()))))
    ensemble = table.loc[np.repeat(table.index.to_numpy(), times)[order], names].reset_index(drop=True)
    return Fit(table, Parameters(**middle), ensemble)


def misfit(seed: int, parameters: Parameters) -> dict[str, float]:
    """Quantities of one set and how badly they miss the targets (minus two log likelihood)."""
    found = quantities(seed, parameters)
    miss = 0.0
    for name, (row, _) in FITTED_TO.items():
        known = target(row)
        miss += ((found[name] - known.value) / ((known.high - known.low) / BAND_SDS)) ** 2
    return found | {"misfit": miss}


def quantities(seed: int, parameters: Parameters) -> dict[str, float]:
    """The fitted quantities of one set, from a thinned stock."""
    stock = synthesize(seed, str(CALIBRATED_ON), parameters, thin=THIN)
    found: dict[str, float] = {}
    for name in ("no-delay", "drugs-minus-two"):
        scenario = Scenario.load(name)
        analysis = analyse(stock, scenario, parameters)
        every = describe_stock(analysis, THIN) | describe_cut(analysis, THIN)
        month = analysis.dates.day_one_month
        every["wave_in_community_custody"] = in_community_custody(scenario, parameters, month)
        found |= {quantity: every[quantity] for quantity, (_, where) in FITTED_TO.items() if where == name}
    return found | {"share_served": share_served(stock)}


def _prior_sets(seed: int, draws: int) -> list[Parameters]:
    middle = best()
    limits = bounds()
    number = np.arange(draws)
    columns = {
        name: low + (high - low) * uniforms(seed, f"fit/{name}", number)
        for name, (low, high) in limits.items()
    }
    return [middle.but(**{name: float(column[k]) for name, column in columns.items()}) for k in range(draws)]


def parameter_rows(chosen: Parameters) -> list[dict[str, str]]:
    """The rows of the table of parameters with other values."""
    return [{**row, "value": f"{getattr(chosen, row['name']):.3g}"} for row in tables.reference(TABLE)]
