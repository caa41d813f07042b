"""A grid of answers around a result: levels off, delay, who is left out, who files and who is granted.

Every cell is what `sim.run` would find for that scenario with the same seed and worlds, worked out with the
people made once. The expected numbers are linear in both rates (see `sim.projection.project`), so each
plausible world is put through the law once for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby, product

import numpy as np
import pandas as pd

from guidelines.tables import files_hash
from sim.base.errors import SimulationError
from sim.base.workers import begin
from sim.courts.decisions import court_of
from sim.eligibility.analysis import Analysis, analyse, with_limits_of
from sim.ensemble import THIN, Member, members, thin_stock
from sim.people.parameters import Parameters, best
from sim.people.stock import Stock, synthesize
from sim.people.stock_cache import StockCache
from sim.projection.grouped import Counts, count_people
from sim.projection.project import project_counts
from sim.results.glossary import LABELS, units
from sim.results.quantities_of_interest import describe_cut, describe_forecast
from sim.results.results import Result, with_bands
from sim.results.structural import scaled
from sim.results.uncertainty import luck_of_stock, variances
from sim.scenario.scenario import Scenario
from sim.studies.explorer_axes import Axis, axes_of, changes

ELIGIBLE = ("eligible", "mean_cut_months")
"""Quantities that no judge changes."""
GRANTED = ("released_first_wave", "more_released_by_a_year_later", "bed_years_saved")
"""Quantities in proportion to both rates."""
SHOWN = (*ELIGIBLE, *GRANTED)
BANDED = ["value", "low_90", "high_90"]

Progress = Callable[[str, int, int], None]
Cell = tuple[int, ...]
Courts = Mapping[tuple[int, int], Scenario]
"""The scenario with each pair of rates, by the numbers of the choices."""


@dataclass(frozen=True)
class Explorer:
    """The grid.

    Attributes
    ----------
    axes
        What can be chosen; the last two are the shares of `RATES`: who files, and who is granted.
    table
        One row a combination and quantity of `SHOWN`: a column with the number of the choice for each axis,
        then quantity, label, unit, value, low_90, high_90.
    """

    axes: tuple[Axis, ...]
    table: pd.DataFrame

    def at(self, *choice: int) -> pd.DataFrame:
        """The quantities of one combination, by name."""
        chosen = self.table
        for axis, number in zip(self.axes, choice, strict=True):
            chosen = chosen[chosen[axis.name] == number]
        return chosen.set_index("quantity")[["label", "unit", *BANDED]]


def explore(
    result: Result,
    progress: Progress | None = None,
    *,
    executor: Executor | None = None,
    cache: StockCache | None = None,
) -> Explorer:
    """The grid around a result, on its people, seed and worlds.

    SimulationError where the scenario leaves nothing to choose, the result has no plausible worlds, or it
    comes from other tables, people or parameters than those at hand, so that a grid around it would not
    be about it.
    """
    _check_question(result)
    _check_tables(result)
    axes = axes_of(result.scenario)
    parts = _cells(result, axes, progress or (lambda what, done, total: None), executor, cache)
    table = pd.concat(parts, ignore_index=True)
    table = with_bands(table, table["value"], np.sqrt(table.pop("variance")), least=0.0)
    columns = [*(axis.name for axis in axes), "quantity", "label", "unit", *BANDED]
    explorer = Explorer(axes, table[columns])
    _check_same(result, explorer)
    return explorer


def _cells(
    result: Result,
    axes: tuple[Axis, ...],
    progress: Progress,
    executor: Executor | None,
    cache: StockCache | None,
) -> list[pd.DataFrame]:
    """The table, part by part."""
    base, seed, count = result.scenario, result.seed, len(result.worlds)
    *structure, filing, approval = axes
    rates = {
        (asked, granted): base.but({**some.changed, **other.changed})
        for (asked, some), (granted, other) in product(enumerate(filing.choices), enumerate(approval.choices))
    }
    cells = {
        cell: base.but(changes(structure, cell))
        for cell in product(*(range(len(axis.choices)) for axis in structure))
    }
    day, size, parameters = str(base.dates.reference), base.people.stock, best()
    worlds = list(zip(*(members(each, seed, count) for each in rates.values()), strict=True))
    # Neighbours that differ in who is left out share the law, so they stay together.
    alike = [dict(some) for _, some in groupby(cells.items(), key=lambda item: item[0][:-1])]
    total = count + len(alike)
    making = begin(partial(_one_world, cells=cells, seed=seed, cache=cache), worlds, executor)
    people = (cache.stock if cache else synthesize)(seed, day, parameters, stock=size)
    made = making(lambda done: progress("explorer", done - 1, total))
    spread = {cell: [world[cell] for world in made] for cell in cells}
    work = partial(_tables, people=people, parameters=parameters, rates=rates, spread=spread)
    found = begin(work, alike, executor)(lambda done: progress("explorer", count + done - 1, total))
    progress("explorer", total, total)
    tables = []
    for cell, table in (item for some in found for item in some.items()):
        for axis, number in zip(structure, cell, strict=True):
            table[axis.name] = number
        tables.append(table)
    return tables


def _one_world(
    same: tuple[Member, ...], cells: Mapping[Cell, Scenario], seed: int, cache: StockCache | None
) -> dict[Cell, pd.DataFrame]:
    """Each combination in one plausible world, given with the judges of each pair of rates."""
    base, world = same[0].scenario, same[0].parameters
    people = thin_stock(seed, str(base.dates.reference), world, base.people.stock, cache)
    judged = {cell: each.model_copy(update={"judges": base.judges}) for cell, each in cells.items()}
    return {
        cell: _world(
            analysis,
            same[0].lacking,
            [cells[cell].model_copy(update={"judges": each.scenario.judges}) for each in same],
        )
        for cell, analysis in _analyses(people, judged, world)
    }


def _tables(
    cells: Mapping[Cell, Scenario],
    people: Stock,
    parameters: Parameters,
    rates: Courts,
    spread: Mapping[Cell, Sequence[pd.DataFrame]],
) -> dict[Cell, pd.DataFrame]:
    """The rows of some combinations."""
    return {
        cell: _rows(
            analysis,
            {pair: cells[cell].model_copy(update={"judges": each.judges}) for pair, each in rates.items()},
            spread[cell],
        )
        for cell, analysis in _analyses(people, cells, parameters)
    }


def _analyses(
    people: Stock, cells: Mapping[Cell, Scenario], parameters: Parameters
) -> Iterator[tuple[Cell, Analysis]]:
    """People put through each combination; neighbours that differ in who is left out share the law."""
    before: tuple[Cell, Analysis] | None = None
    for cell, scenario in cells.items():
        if before is not None and before[0][:-1] == cell[:-1]:
            analysis = with_limits_of(before[1], scenario)
        else:
            analysis = analyse(people, scenario)
        before = cell, analysis
        yield before


def _rows(analysis: Analysis, courts: Courts, worlds: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Value and variance of each quantity at each pair of rates."""
    cut, counts, luck = describe_cut(analysis), _counts(analysis), luck_of_stock(analysis)
    parts = []
    for number, ((filing, approval), court) in enumerate(courts.items()):
        forecast = project_counts(counts, court_of(analysis, court))
        found = cut | describe_forecast(forecast, analysis.dates.day_one_month)
        found = {name: found[name] for name in SHOWN}
        each = pd.DataFrame([world.iloc[number] for world in worlds], columns=list(SHOWN))
        parts.append(
            pd.DataFrame(
                {
                    "filing": filing,
                    "approval": approval,
                    "quantity": SHOWN,
                    "label": [LABELS[name] for name in SHOWN],
                    "unit": [units(name) for name in SHOWN],
                    "value": list(found.values()),
                    "variance": variances(found, analysis, forecast, each, luck).sum(axis=1).to_numpy(),
                }
            )
        )
    return pd.concat(parts)


def _world(analysis: Analysis, lacking: Mapping[str, float], courts: Sequence[Scenario]) -> pd.DataFrame:
    """The quantities of a plausible world, a row a pair of rates; they share when judges decide."""
    all_granted = replace(
        court_of(analysis, courts[0], THIN), filing_rate=1.0, log_odds=np.array([np.inf]), spread=np.zeros(1)
    )
    everything = project_counts(_counts(analysis), all_granted)
    cut = describe_cut(analysis, THIN)
    granted = describe_forecast(everything, analysis.dates.day_one_month, THIN)
    rows = [
        scaled(
            {name: cut[name] for name in ELIGIBLE}
            | {
                name: court.judges.filing_rate * court.judges.approval_rate * granted[name]
                for name in GRANTED
            },
            lacking,
        )
        for court in courts
    ]
    return pd.DataFrame(rows, columns=list(SHOWN))


def _counts(analysis: Analysis) -> Counts:
    """People as a forecast counts them, all in one group."""
    stock = analysis.stock
    return count_people(analysis.ordered_dates, stock.district, np.zeros(len(stock.people), np.int64))


def _check_question(result: Result) -> None:
    if result.scenario.without_motion:
        raise SimulationError("the scenario needs no motion, so no amendment, delay or judge changes it")
    if result.scenario.judges.approval_by_district:
        raise SimulationError("the scenario sets the approval of single districts, which one rate would undo")
    if result.worlds.empty:
        raise SimulationError("the result was run without plausible worlds, which all choices here share")


def _check_tables(result: Result) -> None:
    if result.provenance.get("people"):
        raise SimulationError("the people are not synthetic and are not stored with the result")
    if result.provenance.get("tables_sha256") != files_hash():
        raise SimulationError(
            "the result was made with other tables than those of this version; run it again"
        )


def _check_same(result: Result, explorer: Explorer) -> None:
    """The grid must have the result itself in it, which may have been stored to six digits."""
    own = explorer.at(*(axis.own for axis in explorer.axes))[BANDED]
    stored = result.headline.loc[list(SHOWN), BANDED]
    if not np.allclose(own.to_numpy(float), stored.to_numpy(float), rtol=1e-5, equal_nan=True):
        raise SimulationError("the result was run with parameters of its own, which are not stored with it")
