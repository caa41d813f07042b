"""People beyond memory: a Parquet file read in pieces, counted piece by piece, and forecast from the counts.

What adds up over people is added up; means are weighted by the people they are about. The forecast then is
that of the whole file, exactly, and memory holds one piece.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd

from guidelines import LIFE
from sim.base.errors import PopulationError, SimulationError
from sim.courts.decisions import decisions
from sim.eligibility.analysis import Analysis, analyse
from sim.people.flows import DRUGS
from sim.people.parameters import Parameters, best
from sim.people.stock import Stock
from sim.population.files import KEY, parquet_file
from sim.population.population import Population
from sim.projection.grouped import Counts, count_people
from sim.projection.project import Forecast, project_counts
from sim.results.motions import describe_motions
from sim.results.quantities_of_interest import (
    describe_cut,
    describe_forecast,
    describe_stock,
    in_community_custody,
)
from sim.results.results import BANDS
from sim.results.tabulate import CHANCES, by_month, headline, labels
from sim.results.uncertainty import exact_bands
from sim.scenario.scenario import Scenario

IN_MEMORY = 1_000_000
"""Rows up to which a file is run like any stock, with every table and picture."""
ROWS = 100_000
"""Rows of a piece; no result depends on it."""
SUMS = {
    "stock", "eligible", "bed_years_if_all_granted", "eligible_day_one", "eligible_following_year",
}  # fmt: skip
"""Quantities that add up over people; the others are means."""


@dataclass(frozen=True)
class FileForecast:
    """What a file of people gives.

    Attributes
    ----------
    scenario
        What was asked.
    people
        Rows of the file that break no rule.
    headline
        One row a quantity with the bands of the judges' uncertainty; no published figures, which are about
        all drug prisoners.
    releases_by_month
        Releases, and people in custody, by month and drug, with and without the amendment.
    forecast
        The exact forecast behind them.
    provenance
        What stands in the file about where the people come from.
    set_aside
        One line for each rule that rows broke, with the place; those rows are not counted.
    """

    scenario: Scenario
    people: int
    headline: pd.DataFrame
    releases_by_month: pd.DataFrame
    forecast: Forecast
    provenance: Mapping[str, str] = field(default_factory=dict)
    set_aside: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The headline for a person to read."""
        lines = [f"set aside: {line}" for line in self.set_aside]
        lines.append(f"{self.people:,} people, bands from the judges' draws alone")
        for row in self.headline.to_dict("records"):
            band = f"{row['low_90']:,.1f} to {row['high_90']:,.1f}" if row["low_90"] < row["high_90"] else ""
            lines.append(f"  {row['label']:<58} {row['value']:>16,.3f}  {row['unit']:<10} {band}".rstrip())
        return "\n".join(lines)


def forecast_file(
    path: str | PathLike[str],
    scenario: Scenario,
    *,
    parameters: Parameters | None = None,
    rows: int = ROWS,
    progress: Callable[[str, int, int], None] | None = None,
) -> FileForecast:
    """Put the people of a Parquet file through a scenario, whatever their number.

    Parameters
    ----------
    path
        Columns as of `sim.population.schema.schema`.
    scenario
        What is assumed.
    parameters
        For the counting rules; the fitted values if left out.
    rows
        Rows held at a time.
    progress
        Called with what is done, how much of it and how much there is.

    Raises
    ------
    PopulationError
        What is wrong with the table as a whole; or no people at all.
    SimulationError
        No Parquet file, or pyarrow is missing.
    """
    chosen = parameters or best()
    say = progress or (lambda what, done, total: None)
    counts: Counts | None = None
    districts: dict[str, int] = {}
    found: dict[str, float] = {}
    weights: dict[str, float] = {}
    total, provenance = rows_of(path)
    done, people = 0, 0
    aside: list[str] = []
    for piece in pieces(path, rows):
        say("people", done, total)
        stock, broken = _stock(piece, path, scenario, done, people)
        aside += broken
        analysis = analyse(stock, scenario)
        names = stock.people["district"].cat.categories
        districts = {str(name): number for number, name in enumerate(names)}
        here = count_people(
            analysis.ordered_dates,
            stock.district,
            stock.sentenced.drug,
            districts=len(districts),
            groups=len(DRUGS),
        )
        counts = here if counts is None else counts + here
        _add(found, weights, analysis)
        done += len(piece)
        people += len(stock.people)
    if counts is None:
        raise PopulationError([f"{path}: no people"])
    say("people", total, total)
    court = decisions(scenario, counts, 1.0, districts)
    forecast = project_counts(counts, court)
    for name, weight in weights.items():
        if name not in SUMS:
            found[name] = found[name] / weight if weight else float("nan")
    found |= describe_forecast(forecast, counts.day_one_month)
    if not scenario.without_motion:
        found |= describe_motions(counts, court)
    wave = counts.day_one.any()
    found["wave_in_community_custody"] = (
        in_community_custody(court, chosen, counts.day_one_month, 1 - found["wave_not_citizens"])
        if wave
        else float("nan")
    )
    variance = pd.Series(0.0, index=list(found))
    told = headline(found, variance, {}, labels(scenario))
    for name, quantiles in exact_bands(forecast, CHANCES).items():
        told.loc[name, list(BANDS)] = quantiles
    monthly = by_month(scenario, forecast, [])
    return FileForecast(scenario, people, told, monthly, forecast, provenance, tuple(aside))


def rows_of(path: str | PathLike[str]) -> tuple[int, dict[str, str]]:
    """Number of rows of a Parquet file of people, and what it says of where they come from."""
    with parquet_file(Path(path)) as file:
        told = (file.schema_arrow.metadata or {}).get(KEY, b"{}")
        return int(file.metadata.num_rows), json.loads(told)


def too_large(path: str | PathLike[str]) -> bool:
    """Whether a file of people is to be read in pieces: Parquet, and beyond `IN_MEMORY`."""
    return Path(path).suffix == ".parquet" and rows_of(path)[0] > IN_MEMORY


def pieces(path: str | PathLike[str], rows: int) -> Iterator[pd.DataFrame]:
    """The file so many rows at a time."""
    if rows < 1:
        raise SimulationError(f"people are read one or more rows at a time, not {rows}")
    with parquet_file(Path(path)) as file:
        for batch in file.iter_batches(rows):
            yield batch.to_pandas()


def _stock(
    piece: pd.DataFrame, path: str | PathLike[str], scenario: Scenario, before: int, taken_before: int
) -> tuple[Stock, list[str]]:
    """The people of a piece that break no rule, and a line on each rule that the others broke.

    `before` are the rows before the piece, `taken_before` the people taken from them.
    """
    where = f"{path}, rows {before + 1:,} to {before + len(piece):,}"
    try:
        taken = Population.from_frame(piece)
        stock = taken.stock(scenario.dates.reference)
        numbered = replace(stock.sentenced, number=stock.sentenced.number + taken_before)
        return replace(stock, sentenced=numbered), [f"{where}: {line}" for line in taken.set_aside]
    except PopulationError as broken:
        raise PopulationError(f"{where}: {line}" for line in broken.problems) from None


def _add(found: dict[str, float], weights: dict[str, float], analysis: Analysis) -> None:
    """Add a piece's sums, and its means times the people they are about."""
    here = describe_stock(analysis) | describe_cut(analysis)
    for name, value in here.items():
        weight = 1.0 if name in SUMS else _about(name, analysis, here)
        weights[name] = weights.get(name, 0.0) + weight
        found[name] = found.get(name, 0.0) + (value * weight if weight else 0.0)


def _about(name: str, analysis: Analysis, here: Mapping[str, float]) -> float:
    """How many people (or months) a mean is about."""
    dates, term = analysis.dates, analysis.cut.imposed_term_months
    finite = term < LIFE
    if name == "stock_mean_term_months":
        return float((analysis.stock.sentenced.term_months < LIFE).sum())
    if name.startswith("stock_"):
        return float(len(term))
    if name.startswith("wave_"):
        counted = dates.on_day_one if name in WHOLE_WAVE else dates.on_day_one & finite
        return float(counted.sum())
    eligible = float((dates.eligible & finite).sum())
    if name == "mean_cut_percent":  # a share of the months imposed
        return eligible * float(np.nan_to_num(here["mean_term_before_months"]))
    return eligible


WHOLE_WAVE = ("wave_not_citizens", "wave_cocaine_or_methamphetamine")
"""Means over the first wave that count life terms too."""
