"""What a run gives back: tables with bands, and the comparison with what was published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.errors import SimulationError
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    from sim.eligibility.analysis import Analysis
    from sim.projection.project import Forecast

BANDS = ("low_90", "low_50", "high_50", "high_90")
"""Columns of the bands: in 90 and in 50 of a hundred plausible worlds the quantity lies between them."""


@dataclass(frozen=True)
class Result:
    """Everything a run found; `sim.Result`, which adds what later rooms do with it, describes each table."""

    scenario: Scenario
    seed: int
    headline: pd.DataFrame
    releases_by_month: pd.DataFrame
    eligibility_waterfall: pd.DataFrame
    terms_before_after: pd.DataFrame
    uncertainty: pd.DataFrame
    assumed: tuple[str, ...] = ()
    provenance: Mapping[str, object] = field(default_factory=dict)
    analysis: Analysis | None = None
    forecast: Forecast | None = None
    worlds: pd.DataFrame = field(default_factory=pd.DataFrame)
    by_group: pd.DataFrame = field(default_factory=pd.DataFrame)
    waterfall_by_group: pd.DataFrame = field(default_factory=pd.DataFrame)
    motions: pd.DataFrame = field(default_factory=pd.DataFrame)
    level_grid: pd.DataFrame = field(default_factory=pd.DataFrame)
    drug_ladder: pd.DataFrame = field(default_factory=pd.DataFrame)
    worlds_by_month: pd.DataFrame = field(default_factory=pd.DataFrame)
    worlds_by_group: pd.DataFrame = field(default_factory=pd.DataFrame)
    outcomes: pd.DataFrame = field(default_factory=pd.DataFrame)
    worlds_outcomes: pd.DataFrame = field(default_factory=pd.DataFrame)

    TABLES = (
        "headline",
        "releases_by_month",
        "eligibility_waterfall",
        "terms_before_after",
        "uncertainty",
        "by_group",
        "waterfall_by_group",
        "motions",
        "level_grid",
        "drug_ladder",
        "outcomes",
        "worlds",
        "worlds_by_month",
        "worlds_by_group",
        "worlds_outcomes",
    )

    def __getitem__(self, quantity: str) -> pd.Series:
        """The row of one quantity of the headline.

        Raises
        ------
        KeyError
            No such quantity; the message lists those there are.
        """
        if quantity not in self.headline.index:
            raise KeyError(f"no quantity {quantity!r}; there are {', '.join(self.headline.index)}")
        row = self.headline.loc[quantity]
        assert isinstance(row, pd.Series)  # quantities are unique
        return row

    @property
    def people(self) -> pd.DataFrame:
        """One row a person: code, why, levels, ranges, term, cut and releases; see `people_table`.

        Raises
        ------
        SimulationError
            A result read from a folder, which keeps no people.
        """
        if self.analysis is None:
            raise SimulationError(
                "a stored result keeps no people; run the scenario again, with --people-out"
            )
        from sim.results.people_table import people_table  # imports what reads a result

        return people_table(self.analysis)

    def _repr_html_(self) -> str:
        """The headline as a table, for a notebook."""
        shown = self.headline[["label", "value", "low_90", "high_90", "unit", "published"]]
        title = f"{self.scenario.title} (scenario {self.scenario.name}, seed {self.seed})"
        return f"<p>{escape(title)}</p>{as_html(shown)}"

    def __repr__(self) -> str:
        lines = [f"<Result of {self.scenario.name}, seed {self.seed}>"]
        told = (
            "eligible",
            "mean_cut_months",
            "released_first_wave",
            "served_before_years",
            "served_after_years",
        )
        for name in told:
            if name in self.headline.index:
                row = self.headline.loc[name]
                digits = 0 if row["unit"] == "persons" else 1
                lines.append(f"  {row['label']:<58} {row['value']:>10,.{digits}f} {row['unit']}")
        return "\n".join(lines)


def check_shared(first: Result, second: Result) -> None:
    """Refuse two results whose draws are not the same."""
    if people_of(first) != people_of(second):
        raise SimulationError(
            f"{first.scenario.name} was run on {people_of(first)}, {second.scenario.name} on "
            f"{people_of(second)}; run both on the same people"
        )
    for name, one, two in (
        ("seed", first.seed, second.seed),
        ("number of worlds", len(first.worlds), len(second.worlds)),
    ):
        if one != two:
            raise SimulationError(
                f"{first.scenario.name} was run with {name} {one}, {second.scenario.name} with {two}: they "
                "share no draws, so their difference would be luck; run both alike"
            )


def people_of(result: Result) -> str:
    """Which people a result is about: synthetic ones, or others by the beginning of their hash."""
    brought = result.provenance.get("people")
    return f"people {brought['people_sha256'][:12]}" if isinstance(brought, Mapping) else "synthetic people"


def as_html(table: pd.DataFrame) -> str:
    """A table for a notebook: numbers with the digits a reader needs, nothing where there is none."""
    return table.to_html(float_format=lambda number: f"{number:,.4g}", na_rep="", border=0)


def with_bands(
    table: pd.DataFrame, middle: pd.Series, sd: pd.Series, least: float | pd.Series = -np.inf
) -> pd.DataFrame:
    """The table with the columns `BANDS` of a normal distribution around `middle`.

    With `least` 0 what is above 0 has a log-normal distribution with that median: where little is known,
    twice as many and half as many are as likely, and nobody is no possible number.
    """
    from scipy.special import ndtri

    above = (middle > 0) & (least == 0)
    log_sd = np.sqrt(np.log1p((sd / middle.where(above, 1.0)) ** 2))
    for column, chance in zip(BANDS, (0.05, 0.25, 0.75, 0.95), strict=True):
        normal = np.maximum(middle + ndtri(chance) * sd, least)
        table[column] = normal.where(~above, middle * np.exp(ndtri(chance) * log_sd))
    return table


def sd_of(
    value: float | pd.Series, high_90: float | pd.Series, least: float | pd.Series = 0.0
) -> NDArray[np.float64]:
    """The standard deviations that `with_bands` was given, from two of its columns."""
    from scipy.special import ndtri

    above = (np.asarray(value) > 0) & (np.asarray(least) == 0)
    log_sd = np.log(np.where(above, high_90, 1.0) / np.where(above, value, 1.0)) / ndtri(0.95)
    normal = np.subtract(high_90, value) / ndtri(0.95)
    return np.asarray(np.where(above, value * np.sqrt(np.expm1(log_sd**2)), normal), np.float64)
