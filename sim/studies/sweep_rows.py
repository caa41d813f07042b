"""The rows of a block of a sweep, one a scenario, quantity, month and statistic, as a Parquet file."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pandas as pd

from sim.base.errors import SimulationError
from sim.courts.decisions import court_of
from sim.eligibility.calendar import month_starts
from sim.ensemble import without_courts
from sim.people.flows import DRUGS
from sim.projection.grouped import Quantity, count_people
from sim.projection.project import Forecast, project_counts
from sim.results.quantities_of_interest import describe
from sim.scenario.scenario import Scenario
from sim.studies.sweep_plan import Block, Task, Value

CHANCES = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}
GROUPS = (*DRUGS, "all")
WITH_DISTRIBUTION: dict[str, Quantity] = {
    "bed_months_saved": "bed_months",
    "released_first_wave": "first_day",
}


def block_bytes(block: Block) -> bytes:
    """Compute a block; the same bytes wherever and whenever it is done."""
    return as_parquet(pd.concat([task_rows(task) for task in block.tasks], ignore_index=True))


def task_rows(task: Task) -> pd.DataFrame:
    """All rows of one run.

    Columns scenario, scenario_hash, seed, world, one for each swept key, quantity, drug, month (as
    2015-11; none for totals), statistic (value, mean, sd, or a quantile such as q05) and value. The
    spread and the quantiles are those of the judges' decisions alone.
    """
    scenario = task.scenario
    analysis = without_courts(scenario, task.seed, task.parameters, task.thin, task.population)
    court = court_of(analysis, scenario, task.thin)
    people, drug = analysis.stock, analysis.stock.sentenced.drug
    counts = count_people(analysis.ordered_dates, people.district, drug, groups=len(DRUGS))
    found = describe(analysis, project_counts(counts, court), scenario, task.parameters, task.thin)
    counts = counts.times(task.thin)
    forecast = project_counts(counts, court)
    parts = [
        _rows(quantity=list(found), drug="all", month=None, statistic="value", value=list(found.values())),
        *_by_month(scenario, forecast),
    ]
    for name, quantity in WITH_DISTRIBUTION.items():
        exact = forecast.distribution(quantity)
        values = [exact.mean, exact.sd, *exact.quantiles(list(CHANCES.values()))]
        parts.append(
            _rows(quantity=name, drug="all", month=None, statistic=["mean", "sd", *CHANCES], value=values)
        )
    table = pd.concat(parts, ignore_index=True)
    named: dict[str, Value] = {
        "scenario": scenario.name,
        "scenario_hash": scenario.hash,
        "seed": task.seed,
        "world": task.world,
    }
    for at, (column, value) in enumerate({**named, **task.axes}.items()):
        table.insert(at, column, value)
    return table


def _by_month(scenario: Scenario, forecast: Forecast) -> list[pd.DataFrame]:
    months = min(scenario.dates.horizon_months, forecast.without.shape[1] - 1)
    names = month_starts(scenario, months).astype("datetime64[M]").astype(str)
    drugs, month = np.repeat(GROUPS, months), np.tile(names, len(GROUPS))
    return [
        _rows(quantity=name, drug=drugs, month=month, statistic=statistic, value=values[:, :months].ravel())
        for name, moments in forecast.series.items()
        for statistic, values in (("mean", moments.mean), ("sd", moments.sd))
        if statistic == "mean" or name.endswith("_with")
    ]


def _rows(**columns: object) -> pd.DataFrame:
    table = pd.DataFrame(columns)
    table["value"] = table["value"].astype(np.float64)
    return table


def as_parquet(table: pd.DataFrame) -> bytes:
    """A table as the bytes of a Parquet file; words as dictionaries, no note of who wrote it."""
    pyarrow, parquet = _pyarrow()
    words = ("scenario", "scenario_hash", "quantity", "drug", "month", "statistic")
    arrays = {}
    for name in table.columns:
        column = table[name]
        if name in words:
            values = [None if value is None or value != value else str(value) for value in column]
            arrays[name] = pyarrow.array(values, pyarrow.string()).dictionary_encode()
        else:
            arrays[name] = pyarrow.array(column.to_list())
    out = io.BytesIO()
    parquet.write_table(pyarrow.table(arrays), out, compression="zstd")
    return out.getvalue()


def require_parquet() -> None:
    """Say so before work begins if Parquet cannot be written."""
    _pyarrow()


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        from pyarrow import parquet
    except ModuleNotFoundError:
        raise SimulationError(
            "sweeps are stored as Parquet, which needs pyarrow: pip install 'drugs-minus-two[io]'"
        ) from None
    return pyarrow, parquet
