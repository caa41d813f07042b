"""Differences of outcomes between two scenarios."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.results.outcomes.table import least_of
from sim.results.results import Result, sd_of, with_bands

KEYS = ["quantity", "group"]


def by_outcome(first: Result, other: Result) -> pd.DataFrame:
    """Differences of the outcomes that both results have, in the same unit.

    Bands come from the differences world by world. What the judges' spread adds is taken to move both
    results alike, since the districts are the same: the difference has the difference of the two spreads.

    Returns
    -------
    pandas.DataFrame
        Columns scenario, quantity, group, label, unit, first, other, difference and the bands.
    """
    sides = [result.outcomes.set_index([*KEYS, "unit"]) for result in (first, other)]
    both = sides[0].index.intersection(sides[1].index, sort=False)
    sides = [side.reindex(both) for side in sides]
    worlds = [_worlds(result, both) for result in (first, other)]
    table = sides[0][["label"]].copy()
    table["first"], table["other"] = (side["value"] for side in sides)
    table["difference"] = table["other"] - table["first"]
    apart = [_from_judges(side, each) for side, each in zip(sides, worlds, strict=True)]
    variance = (worlds[1] - worlds[0]).var(axis=1, ddof=1) + (apart[1] - apart[0]) ** 2
    table = with_bands(table, table["difference"], np.sqrt(variance)).reset_index()
    table.insert(0, "scenario", other.scenario.name)
    return table[["scenario", *KEYS, "label", "unit", *table.columns[5:]]]


def _worlds(result: Result, wanted: pd.Index) -> pd.DataFrame:
    """Values by outcome, a column a world; a world that lacks one has none of it."""
    keys = pd.MultiIndex.from_tuples([key[:2] for key in wanted], names=KEYS)
    if result.worlds_outcomes.empty:
        return pd.DataFrame(index=wanted)
    wide = result.worlds_outcomes.pivot_table(index=KEYS, columns="world", values="value", dropna=False)
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
