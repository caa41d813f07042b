"""Differences between scenarios: in total, by month and by group, with bands from what they share.

The people, the plausible worlds and the districts are the same in all, so the bands are those of the
differences: world by world, and for totals also district by district, a district being as far above or below
the mean rate in one scenario as in the other. Luck in single decisions is left out: it is small beside these.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from sim.base.errors import SimulationError
from sim.courts.decisions import Decisions, approvals
from sim.people.stock_cache import StockCache
from sim.population.population import Population
from sim.results.outcomes.table import least_of
from sim.results.results import Result, as_html, check_shared, sd_of, with_bands
from sim.runner import run
from sim.scenario.scenario import Scenario

DECIDED = ("released_first_wave", "bed_years_saved")
"""Totals that depend on the districts' rates."""
GROUP_KEYS = ["dimension", "group"]
MONTH_KEYS = ["month", "drug"]
OUTCOME_KEYS = ["quantity", "group"]


@dataclass(frozen=True)
class Comparison:
    """Other scenarios against a first one.

    Attributes
    ----------
    results
        What is compared, the first one first.
    totals
        Columns scenario, quantity, label, unit, first, other, difference and bands; a row for each quantity
        and each other scenario.
    by_month
        Columns scenario, month, drug, quantity (releases or in_custody), first, other, difference, bands.
    by_group
        Columns scenario, dimension, group, quantity, first, other, difference, bands.
    outcomes
        Columns scenario, quantity, group, label, unit, first, other, difference, bands.
    """

    results: tuple[Result, ...]
    totals: pd.DataFrame
    by_month: pd.DataFrame
    by_group: pd.DataFrame
    outcomes: pd.DataFrame

    def _repr_html_(self) -> str:
        """The totals as a table, for a notebook."""
        columns = ["scenario", "label", "first", "other", "difference", "low_90", "high_90", "unit"]
        title = f"Differences from {self.results[0].scenario.name}"
        return f"<p>{escape(title)}</p>{as_html(self.totals[columns].set_index('scenario'))}"


def compare(
    first: Result | Scenario | str | Sequence[Result | Scenario | str],
    *others: Result | Scenario | str,
    seed: int | None = None,
    worlds: int | None = None,
    population: Population | None = None,
    executor: Executor | None = None,
    cache: StockCache | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Comparison:
    """Compare every other result or scenario with the first.

    Parameters
    ----------
    first, others
        Results, or scenarios (shipped names, paths of files), which are run; one list of them will do too.
    seed, worlds
        Of the runs; those of the first result if left out, else 1 and the usual number.
    population, executor, cache, progress
        As for `sim.run`.

    Raises
    ------
    SimulationError
        Fewer than two, two of one name, or results that share no draws.

    Examples
    --------
    >>> import sim
    >>> difference = sim.compare("drugs-minus-two", "no-delay", worlds=0).totals.set_index("quantity")
    >>> bool(difference.loc["bed_years_saved", "difference"] > 0)
    True
    """
    asked: list[Result | Scenario | str] = [*others]
    if isinstance(first, Sequence) and not isinstance(first, str):
        asked = [*first, *asked]
    else:
        asked = [first, *asked]
    if len(asked) < 2:
        raise SimulationError("a comparison needs two results or scenarios, or more")
    known = next((each for each in asked if isinstance(each, Result)), None)
    given: dict[str, Any] = {"seed": seed if seed is not None else known.seed if known else 1}
    if worlds is not None or known is not None:
        given["worlds"] = worlds if worlds is not None or known is None else len(known.worlds)
    results = [
        each
        if isinstance(each, Result)
        else run(each, population=population, executor=executor, cache=cache, progress=progress, **given)
        for each in asked
    ]
    return _compared(results)


def _compared(results: Sequence[Result]) -> Comparison:
    first, *others = results
    names = [result.scenario.name for result in results]
    for other in others:
        check_shared(first, other)
    for name in names:
        if names.count(name) > 1:
            raise SimulationError(f"two scenarios are called {name}; give each a name of its own")
    parts = [[each(first, other) for other in others] for each in (totals, by_month, by_group, by_outcome)]
    return Comparison(tuple(results), *(pd.concat(part, ignore_index=True) for part in parts))


def totals(first: Result, other: Result) -> pd.DataFrame:
    """Differences of the quantities of the headline."""
    both = [name for name in first.headline.index if name in other.headline.index]
    table = first.headline.loc[both, ["label", "unit"]].copy()
    table["first"], table["other"] = (side.headline.loc[both, "value"] for side in (first, other))
    table["difference"] = table["other"] - table["first"]
    worlds = [each.worlds.reindex(columns=both) for each in (first, other)]
    variance = _variance(worlds[1] - worlds[0]).reindex(table.index)
    for name in DECIDED:
        if name in table.index:
            variance[name] += _between_districts(first, other, name)
    table = with_bands(table, table["difference"], np.sqrt(variance)).reset_index()
    table.insert(0, "scenario", other.scenario.name)
    return table


def by_month(first: Result, other: Result) -> pd.DataFrame:
    """Differences of releases and of people in custody, for the months both have."""
    sides = [_monthly(each) for each in (first, other)]
    both = sides[0].index.intersection(sides[1].index, sort=False)
    worlds = [_monthly_worlds(each) for each in (first, other)]
    keys = pd.MultiIndex.from_tuples(
        dict.fromkeys((month, drug) for month, drug, _ in both), names=MONTH_KEYS
    )
    parts = []
    for quantity in ("releases", "in_custody"):
        values = [side.xs(quantity, level="quantity").reindex(keys) for side in sides]
        spread = worlds[1][quantity].reindex(keys) - worlds[0][quantity].reindex(keys)
        parts.append(_differences(values[0], values[1], _variance(spread.T)).assign(quantity=quantity))
    table = pd.concat(parts).reset_index()
    table.insert(0, "scenario", other.scenario.name)
    table.insert(3, "quantity", table.pop("quantity"))
    return table


def by_group(first: Result, other: Result) -> pd.DataFrame:
    """Differences by drug, race, citizenship, category and district; a district's own rate is in its band."""
    sides = [each.by_group.set_index([*GROUP_KEYS, "quantity"])["value"] for each in (first, other)]
    both = sides[0].index.intersection(sides[1].index, sort=False)
    worlds = [_grouped_worlds(each) for each in (first, other)]
    spread = worlds[1].reindex(both) - worlds[0].reindex(both)
    variance = _variance(spread.T)
    for name in DECIDED:
        for district, square in _each_district(first, other, name).items():
            variance["district", district, name] += square
    table = _differences(sides[0].reindex(both), sides[1].reindex(both), variance).reset_index()
    table.insert(0, "scenario", other.scenario.name)
    return table


def by_outcome(first: Result, other: Result) -> pd.DataFrame:
    """Differences of the outcomes that both results have, in the same unit.

    Bands come from the differences world by world. What the judges' spread adds is taken to move both
    results alike, since the districts are the same: the difference has the difference of the two spreads.
    """
    sides = [result.outcomes.set_index([*OUTCOME_KEYS, "unit"]) for result in (first, other)]
    both = sides[0].index.intersection(sides[1].index, sort=False)
    sides = [side.reindex(both) for side in sides]
    worlds = [_outcome_worlds(result, both) for result in (first, other)]
    table = sides[0][["label"]].copy()
    table["first"], table["other"] = (side["value"] for side in sides)
    table["difference"] = table["other"] - table["first"]
    apart = [_from_judges(side, each) for side, each in zip(sides, worlds, strict=True)]
    variance = (worlds[1] - worlds[0]).var(axis=1, ddof=1) + (apart[1] - apart[0]) ** 2
    table = with_bands(table, table["difference"], np.sqrt(variance)).reset_index()
    table.insert(0, "scenario", other.scenario.name)
    return table[["scenario", *OUTCOME_KEYS, "label", "unit", *table.columns[5:]]]


def _outcome_worlds(result: Result, wanted: pd.Index) -> pd.DataFrame:
    """Values by outcome, a column a world; a world that lacks one has none of it."""
    keys = pd.MultiIndex.from_tuples([key[:2] for key in wanted], names=OUTCOME_KEYS)
    if result.worlds_outcomes.empty:
        return pd.DataFrame(index=wanted)
    wide = result.worlds_outcomes.pivot_table(
        index=OUTCOME_KEYS, columns="world", values="value", dropna=False
    )
    wide = wide.reindex(keys)
    missing = wide.isna().all(axis=1)
    wide = wide.where(missing, wide.fillna(0.0))
    return wide.set_axis(wanted)


def _from_judges(side: pd.DataFrame, worlds: pd.DataFrame) -> pd.Series:
    """Standard deviation that the bands hold beside that between worlds."""
    quantity = side.index.get_level_values("quantity").to_series(side.index)
    whole = sd_of(side["value"], side["high_90"], least_of(quantity))
    between = worlds.var(axis=1, ddof=1).to_numpy() if worlds.shape[1] > 1 else 0.0
    return pd.Series(np.sqrt(np.maximum(whole**2 - between, 0.0)), side.index)


def _differences(first: pd.Series, other: pd.Series, variance: pd.Series) -> pd.DataFrame:
    table = pd.DataFrame({"first": first, "other": other, "difference": other - first})
    return with_bands(table, table["difference"], np.sqrt(variance))


def _variance(worlds: pd.DataFrame) -> pd.Series:
    """Variance over the rows of each column; NaN with fewer than two worlds."""
    return worlds.astype(np.float64).var(ddof=1)


def _monthly(result: Result) -> pd.Series:
    """Expected releases and people in custody with the amendment, by month, drug and quantity."""
    table = result.releases_by_month
    table = table[table["quantity"].str.endswith("_with")]
    return (
        table.assign(quantity=table["quantity"].str.removesuffix("_with"))
        .set_index([*MONTH_KEYS, "quantity"])["value"]
        .sort_index(level="quantity", sort_remaining=False, kind="stable")
    )


def _monthly_worlds(result: Result) -> dict[str, pd.DataFrame]:
    """The same in each world: a row for each month and drug, a column a world.

    People in custody only differ by those released up to then, so the stock they start from is left out.
    """
    releases = _by_world(result.worlds_by_month[[*MONTH_KEYS, "world", "releases_with"]], MONTH_KEYS)
    return {"releases": releases, "in_custody": -releases.groupby(level="drug", sort=False).cumsum()}


def _grouped_worlds(result: Result) -> pd.DataFrame:
    """Quantities in each world: a row for each dimension, group and quantity, a column a world."""
    table = result.worlds_by_group
    names = [name for name in table.columns if name not in (*GROUP_KEYS, "world")]
    long = table.melt([*GROUP_KEYS, "world"], names, var_name="quantity")
    return _by_world(long, [*GROUP_KEYS, "quantity"])


def _by_world(long: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """The last column spread over a column a world, rows named by the keys."""
    if long.empty:
        return pd.DataFrame(index=pd.MultiIndex.from_arrays([[] for _ in keys], names=keys))
    return long.set_index([*keys, "world"]).iloc[:, -1].unstack("world")  # noqa: PD010


def _between_districts(first: Result, other: Result, quantity: str) -> float:
    """Variance of a total's difference from the spread of rates between districts."""
    return float(sum(_each_district(first, other, quantity).values()))


def _each_district(first: Result, other: Result, quantity: str) -> dict[str, float]:
    """The same for each district: a district's rate is one draw, at the same place in both spreads."""
    sides = []
    for result in (first, other):
        table = result.by_group
        rows = table[(table["dimension"] == "district") & (table["quantity"] == quantity)]
        value = rows.set_index("group")["value"]
        rules = result.scenario.judges
        names = {str(name): number for number, name in enumerate(value.index)}
        court = Decisions(rules.filing_rate, *approvals(rules, names), np.zeros(1), np.ones(1))
        rate, _, variance = court.shares(len(value))
        sides.append(np.divide(variance**0.5, rate, out=np.zeros(len(value)), where=rate > 0) * value)
    return {str(name): float(value) for name, value in ((sides[1] - sides[0]) ** 2).items()}
