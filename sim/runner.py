"""The whole argument on one screen: people, law before and after, cut, dates, judges, forecast."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from os import PathLike

import numpy as np

from sim.base.workers import begin
from sim.courts.decisions import court_of
from sim.eligibility.analysis import Analysis, analyse
from sim.ensemble import MEMBERS, THIN, Member, members, middle_of, stock_of, thin_stock, with_courts_of
from sim.people.flows import DRUGS
from sim.people.parameters import Parameters
from sim.people.stock import Stock
from sim.people.stock_cache import StockCache
from sim.population.population import Population
from sim.projection.project import Forecast, project
from sim.results.evidence import IN_USE
from sim.results.groups import QUANTITIES, count_groups, group_names
from sim.results.outcomes.table import outcome_inputs, outcomes
from sim.results.quantities_of_interest import describe, describe_counted
from sim.results.results import Result
from sim.results.structural import scaled, scaled_groups, scaled_outcomes, scaled_releases
from sim.results.tabulate import World, result_tables
from sim.results.waterfall import step_counts
from sim.scenario.scenario import Scenario


def run(
    scenario: Scenario | str | PathLike[str],
    seed: int = 1,
    *,
    parameters: Parameters | None = None,
    population: Population | None = None,
    worlds: int = MEMBERS,
    executor: Executor | None = None,
    cache: StockCache | None = None,
    progress: Callable[[str, int, int], None] | None = None,
    fit: str = IN_USE,
) -> Result:
    """Put the stock of prisoners through an amendment and forecast what judges make of it.

    Parameters
    ----------
    scenario
        What is assumed about law, dates, judges and people: a scenario, its shipped name, or a path.
    seed
        Random seed; the same seed gives the same result.
    parameters
        What nobody has published about the stock; the fitted values if left out.
    population
        People to put through it; a synthetic stock if left out. Plausible worlds then differ in what is not
        known about judges and counting, not about people, and no published figure is compared with.
    worlds
        How many plausible worlds the bands come from; 0 leaves only the judges' draws.
    executor
        Worker processes for the plausible worlds, such as `sim.base.workers.workers()` gives; no digit of the
        result depends on it. Everything is done in this process if left out.
    cache
        Where stocks are kept from run to run, such as `sim.people.stock_cache.users_cache()`; nowhere if left
        out.
    progress
        Called with what is being done, how much of it is done and how much there is.
    fit
        The fit of the stock that parameters and plausible worlds come from, such as "2014-07" for the
        evidence of that month; see `sim.results.evidence.FITS`.

    Returns
    -------
    Result
        Tables with bands.

    Raises
    ------
    ScenarioError
        No such scenario, or a file with mistakes.
    PopulationError
        People of one's own who are not inside on the reference day.
    SimulationError
        No such fit is kept.

    Examples
    --------
    >>> import sim
    >>> result = sim.run("drugs-minus-two", worlds=0)
    >>> bool(result["eligible"]["value"] > 40_000)
    True
    """
    scenario = Scenario.of(scenario)
    say = progress or (lambda what, done, total: None)
    chosen = parameters or middle_of(fit)
    say("people", 0, worlds + 1)
    day, size = str(scenario.dates.reference), scenario.people.stock
    own = population.stock(scenario.dates.reference) if population is not None else None
    asked = with_courts_of(scenario, fit)
    work = partial(one_world, seed=seed, own=own, cache=cache)
    spread = begin(work, members(asked, seed, worlds, fit), executor)
    people = own or stock_of(seed, day, chosen, size, cache=cache)
    analysis, forecast = through(people, asked, chosen)
    each = spread(lambda done: say("plausible worlds", done, worlds + 1))
    say("tables", worlds + 1, worlds + 1)
    return result_tables(scenario, seed, chosen, analysis, forecast, each)


def through(
    people: Stock, scenario: Scenario, parameters: Parameters, *, scale: float = 1.0, spread: bool = True
) -> tuple[Analysis, Forecast]:
    """A stock put through a scenario: the law for each person, then the exact forecast.

    `scale` is the people each row stands for. Means are the same whichever district decides; where only
    they are asked for (`spread` is false), all districts are one, which takes a quarter of the time.
    """
    analysis = analyse(people, scenario)
    court = court_of(analysis, scenario, scale)
    spread = spread or bool(scenario.judges.approval_by_district)
    district = people.district if spread else np.zeros(len(people.sentenced), np.int64)
    return analysis, project(
        analysis.ordered_dates, district, people.sentenced.drug, court, groups=len(DRUGS)
    )


def one_world(member: Member, seed: int, own: Stock | None = None, cache: StockCache | None = None) -> World:
    """What one plausible world gives, from a thinned stock or from people of one's own."""
    scenario, day = member.scenario, str(member.scenario.dates.reference)
    people = own or thin_stock(seed, day, member.parameters, scenario.people.stock, cache)
    thin = 1 if own else THIN
    analysis, forecast = through(people, scenario, member.parameters, scale=thin, spread=False)
    found = describe(analysis, forecast, member.scenario, member.parameters, thin)
    found |= describe_counted(analysis, thin)
    groups = count_groups(analysis, forecast.court, thin, spread=False).mean
    names = list(group_names(analysis).itertuples(index=False, name=None))
    case = outcome_inputs(analysis, scenario, forecast.court, thin, thin, spread=False)
    later = {each.key: each.value for each in outcomes(case)}
    releases, without = thin * forecast.releases.mean, thin * forecast.without
    # The law of one's own people is run on their facts, and what needs no motion was never compared.
    lacking = {} if own or scenario.without_motion else member.lacking
    return World(
        scaled(found, lacking),
        scaled_releases(releases, without, analysis.dates.day_one_month, lacking),
        without,
        scaled_groups(groups, QUANTITIES, names, lacking),
        scaled_outcomes(later, lacking),
        step_counts(analysis, thin),
    )
