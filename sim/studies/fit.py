"""Fit of the few free parameters of the stock, and the ensemble of sets that remain plausible.

Sets are drawn from the uniform priors of ``stock_parameters.csv``; each makes a thinned stock of its own
people that goes through the two analyses of the Commission, and one of 2011 that goes through the crack
amendment of that year. A polynomial learns from them what each parameter does; many more sets are weighed by
the likelihood of the targets whose role is input or calibrate. Those that come out as plausible are worked
out themselves, to put its level right. Targets whose role is check are never looked at. The best values are
the means of the weighted sets, the ensemble is drawn from them by systematic resampling.

Besides the fit in use there are others on less evidence (`sim.results.evidence.FITS`): as of an earlier day,
and without what was published about one amendment, to see how well that one would have been forecast.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, fields
from functools import lru_cache

import numpy as np
import pandas as pd

from guidelines import tables
from sim.base.arrays import FloatArray
from sim.base.streams import uniforms
from sim.base.workers import begin
from sim.courts.decisions import court_of
from sim.eligibility.analysis import analyse
from sim.people.described import described, share_served
from sim.people.parameters import TABLE, Parameters, bounds
from sim.people.raking import systematic_counts
from sim.people.stock import CALIBRATED_ON, synthesize
from sim.projection.prospective import new_sentences
from sim.results.evidence import FITS, IN_USE, Evidence
from sim.results.quantities_of_interest import first_wave_in_community_custody
from sim.results.targets import AFFECTED_YEAR, PRECEDENT, target
from sim.scenario.defaults import counting_rules, plausible_rules
from sim.scenario.scenario import Scenario
from sim.studies.counting import (
    FITTED,
    SD_OF_HALF_BAND,
    column,
    compared,
    counted_quantities,
    published,
)
from sim.studies.emulator import Emulator, enough

THIN = 8
PEOPLE = 8
"""Sets take turns with so many draws of people."""
WEIGHED = 200_000
"""Sets that are weighed by the polynomial."""
ANALYSES = ("no-delay", "drugs-minus-two", PRECEDENT)
"""Scenarios of the analyses of May and July 2014 and of 2011."""
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
ABOUT = {
    "T08": "782", "T10": "782", "T25": "782", "T301": "782", "T302": "782", "T303": "782", "T304": "750",
}  # fmt: skip
"""Amendment that a fitted figure tells the effect of; none is about 706."""


REFITTED = {name: each for name, each in FITS.items() if not each.without or each.without in ABOUT.values()}
"""Fits that look at other figures; nothing is fitted to 706, so the one without it is the one in use."""
BLOCK = 16
"""Sets that are worked out before they are kept."""
LIKELY = 24
"""Sets of each fit that are worked out to put the level of the polynomial right."""
DIGITS = 6
"""Significant digits of what is worked out: as many as are kept, so that a fit can be repeated from them."""


def fitted_on(evidence: Evidence) -> tuple[str, ...]:
    """Those of `FITTED_TO` that some evidence holds."""
    table = tables.reference("calibration_targets")
    return tuple(
        quantity
        for quantity, (row, _) in FITTED_TO.items()
        if evidence.allows(table.row(id=row, part="")["published_on"], ABOUT.get(row, ""))
    )


@dataclass(frozen=True)
class Fit:
    """What a fit gives.

    Attributes
    ----------
    draws
        One row a set that was worked out, first those from the priors, then the likely ones of each fit
        of `REFITTED`: its parameters, its quantities and, in the column ``fit``, that fit.
    best
        Means of the weighted sets.
    ensemble
        Plausible sets of each fit, in the column ``fit``, each as often as its weight says.
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
    kept: pd.DataFrame | None = None,
    keep: Callable[[pd.DataFrame], None] | None = None,
) -> Fit:
    """Draw sets from the priors, learn from them, weigh many more, look again where the weight is, resample.

    Parameters
    ----------
    seed
        Decides the sets and the people.
    draws
        Sets drawn from the priors and worked out.
    members
        Sets of the ensemble; `LIKELY` ones are worked out besides.
    executor
        Where sets are worked out side by side; one after the other if left out.
    progress
        Called with sets done and sets in all.
    kept
        Sets worked out before, as `Fit.draws`: those that would be worked out again are taken from there.
    keep
        Called now and then with the sets worked out so far.
    """
    names = [field.name for field in fields(Parameters)]
    enough(draws, len(names))
    low, high = _limits(names)
    drawn = pd.DataFrame(_prior(seed, "fit", draws, low, high), columns=names)
    done, total = 0, draws + len(REFITTED) * LIKELY

    before = {} if kept is None else {tuple(row): k for k, row in enumerate(kept[names].to_numpy())}
    every: list[pd.DataFrame] = []

    def worked_out(sets: pd.DataFrame, fit: str) -> pd.DataFrame:
        nonlocal done
        people, sets = seed + np.arange(len(sets)) % PEOPLE, sets.map(_rounded)
        found = []
        for first in range(0, len(sets), BLOCK):
            block, known = sets.iloc[first : first + BLOCK], []
            values = block.to_numpy()
            if kept is not None and all(tuple(row) in before for row in values):
                known = [kept.iloc[before[tuple(row)]].to_dict() for row in values]
                rows = pd.DataFrame(known, index=block.index).drop(columns=[*names, "fit"])
            else:
                chosen = [Parameters(**dict(zip(names, row, strict=True))) for row in values.tolist()]
                asked = list(zip(people[first : first + BLOCK].tolist(), chosen, strict=True))
                work = begin(_fitted, asked, executor, chunks=BLOCK)

                def step(number: int, so_far: int = done) -> None:
                    if progress:
                        progress(so_far + number, total)

                rows = pd.DataFrame(work(step), index=block.index).map(_rounded)
            done += len(block)
            found.append(block.join(rows).assign(fit=fit))
            if keep:
                keep(pd.concat([*every, *found], ignore_index=True))
        every.extend(found)
        return pd.concat(found)

    parts = [worked_out(drawn, "")]
    for name, evidence in REFITTED.items():
        likely = weigh(parts[0], evidence, seed, LIKELY).ensemble
        parts.append(worked_out(likely[names], name))
    return fit_again(pd.concat(parts, ignore_index=True), seed, members)


def fit_again(draws: pd.DataFrame, seed: int, members: int) -> Fit:
    """The same from sets that were worked out before.

    `draws` as `Fit.draws`, the others as in `fit`.
    """
    everywhere = draws[draws["fit"] == ""]
    found = {
        name: weigh(everywhere, evidence, seed, members, draws[draws["fit"] == name])
        for name, evidence in REFITTED.items()
    }
    used = found[IN_USE]
    ensembles = [each.ensemble.assign(fit=name) for name, each in found.items()]
    whole = pd.concat(ensembles, ignore_index=True)
    return Fit(draws, used.best, whole, used.effective_sets, used.explained)


@dataclass(frozen=True)
class Weighed:
    """Sets weighed on some evidence.

    Attributes
    ----------
    best
        Means of the weighted sets under the default counting rule.
    ensemble
        Plausible sets and, in the column ``counted_as``, the counting rule each was weighed under.
    effective_sets
        How many pairs of a set and a rule carry the weight.
    explained
        Share of each quantity's variance that the polynomial follows, at least, over the rules.
    """

    best: Parameters
    ensemble: pd.DataFrame
    effective_sets: float
    explained: dict[str, float]


def weigh(
    table: pd.DataFrame, evidence: Evidence, seed: int, members: int, likely: pd.DataFrame | None = None
) -> Weighed:
    """Learn from sets that were worked out, weigh many more under each counting rule and resample.

    `table` holds parameters and quantities of sets drawn from the priors, `likely` those of sets that a
    first look found plausible: they set the level of the polynomial, whose slopes come from everywhere.
    """
    names = [field.name for field in fields(Parameters)]
    many, rules = _weighed_sets(seed), plausible_rules()
    fitted = fitted_on(evidence)
    columns = [_column(name, rule) for rule in rules for name in fitted]
    emulator = _emulator(columns, table, likely)
    told = np.split(emulator.predict(many), len(rules), axis=1)
    explained = np.split(emulator.explained, len(rules))
    miss = np.stack([misses(each, fitted) for each in told])
    weight = np.exp(-(miss - miss.min()) / 2)
    weight /= weight.sum()
    offset = float(uniforms(seed, "fit/resampling", np.array([0]))[0])
    times = systematic_counts(members * weight.ravel(), offset)
    chosen = np.repeat(np.arange(weight.size), times)
    order = chosen[np.argsort(uniforms(seed, "fit/order", np.arange(len(chosen))))]
    ensemble = pd.DataFrame(many[order % WEIGHED], columns=names)
    ensemble.insert(0, "counted_as", [rules[number // WEIGHED] for number in order])
    middle = weight[0] @ many / weight[0].sum()
    return Weighed(
        best=Parameters(**dict(zip(names, middle.tolist(), strict=True))),
        ensemble=ensemble,
        effective_sets=float(1 / (weight**2).sum()),
        explained=dict(zip(fitted, np.min(explained, axis=0).tolist(), strict=True)),
    )


def compare_rules(draws: pd.DataFrame, seed: int, executor: Executor | None = None) -> pd.DataFrame:
    """Every counting rule held against the Commission's ratios and means, at the likely sets of the fit.

    Arguments as in `fit`. As `sim.studies.counting.compared`, with a last row ``weight``: the share each
    rule has of the weight when sets are fitted under it.
    """
    names = [field.name for field in fields(Parameters)]
    everywhere, likely = (draws[draws["fit"] == name] for name in ("", IN_USE))
    many, fitted = _weighed_sets(seed), fitted_on(FITS[IN_USE])
    sets = [Parameters(**dict(zip(names, row, strict=True))) for row in likely[names].to_numpy().tolist()]
    asked = [(seed + number % PEOPLE, each) for number, each in enumerate(sets)]
    means = pd.DataFrame(begin(_quantities, asked, executor)(lambda done: None)).mean()
    found, total = {}, {}
    for rule in counting_rules():
        columns = [_column(name, rule) for name in fitted]
        miss = misses(_emulator(columns, everywhere, likely).predict(many), fitted)
        total[rule] = float(np.exp(-miss / 2).mean())
        found[rule] = {name: float(means[column(name, rule)]) for name in published()}
    table = compared(found)
    table.loc["weight"] = pd.Series(total) / sum(total.values())
    return table


def _column(quantity: str, rule: str) -> str:
    """The column of a fitted quantity as a rule counts it."""
    return column(quantity, rule) if quantity in FITTED else quantity


@lru_cache(maxsize=1)
def _weighed_sets(seed: int) -> FloatArray:
    """The sets that are weighed, shape (`WEIGHED`, parameters)."""
    low, high = _limits([field.name for field in fields(Parameters)])
    return _prior(seed, "fit/weighed", WEIGHED, low, high)


def _emulator(columns: Sequence[str], table: pd.DataFrame, likely: pd.DataFrame | None) -> Emulator:
    """The polynomial of some columns, its slopes from everywhere and its level from the likely sets."""
    names = [field.name for field in fields(Parameters)]

    def known(some: pd.DataFrame) -> tuple[FloatArray, FloatArray]:
        return some[names].to_numpy(np.float64), some[list(columns)].to_numpy(np.float64)

    emulator = Emulator.fit(*known(table), *_limits(names))
    return emulator if likely is None else emulator.levelled(*known(likely))


def misses(found: FloatArray, fitted: Sequence[str] = tuple(FITTED_TO)) -> FloatArray:
    """Minus two log likelihood of quantities in the order of `fitted`, shape (sets, quantities).

    A band need not lie evenly about its value: each side has its own standard deviation, that of half the
    even one at least.
    """
    miss = np.zeros(len(found))
    for quantity, name in zip(found.T, fitted, strict=True):
        known = target(FITTED_TO[name][0])
        side = np.where(quantity > known.value, known.high - known.value, known.value - known.low)
        side = np.maximum(side, (known.high - known.low) / 4)
        miss += ((quantity - known.value) / (side / SD_OF_HALF_BAND)) ** 2
    return miss


def _fitted(asked: tuple[int, Parameters]) -> dict[str, float]:
    """What sets are weighed by, without the figures that rules are only compared by."""
    found = fitted_quantities(*asked)
    return {name: value for name, value in found.items() if name.split("|")[0] in FITTED_TO}


def _quantities(asked: tuple[int, Parameters]) -> dict[str, float]:
    return fitted_quantities(*asked)


def fitted_quantities(seed: int, parameters: Parameters) -> dict[str, float]:
    """The fitted quantities of one set, from thinned stocks; what hangs on counting, by every rule."""
    stock = synthesize(seed, str(CALIBRATED_ON), parameters, thin=THIN)
    no_delay, delay, earlier = (Scenario.load(name) for name in ANALYSES)
    then = synthesize(seed, str(earlier.dates.reference), parameters, thin=THIN)
    first, second, third = analyse(stock, no_delay), analyse(stock, delay), analyse(then, earlier)
    counted = counted_quantities(first, second, third, (no_delay, delay, earlier))
    eligible = column("counted_eligible", "")
    counted = {name: value * (THIN if name.startswith(eligible) else 1) for name, value in counted.items()}
    year = new_sentences(stock, delay, THIN, AFFECTED_YEAR)
    return counted | {
        "flows_alone": stock.unscaled,
        "stock_mean_term_months": described(stock)["stock_mean_term_months"],
        "wave_in_community_custody": first_wave_in_community_custody(
            second, court_of(second, delay, THIN), parameters
        ),
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


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def parameter_rows(chosen: Parameters) -> list[dict[str, str]]:
    """The rows of the table of parameters with other values."""
    return [{**row, "value": f"{getattr(chosen, row['name']):.3g}"} for row in tables.reference(TABLE)]
