"""Comparisons as folders: a summary as JSON, the differences as CSV, a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.base.digits import rounded
from sim.output.plots import difference
from sim.output.store import plain, write_folder
from sim.studies.comparison import Comparison

FORMAT = "drugs-minus-two comparison 1"
TABLES = ("totals", "by_month", "by_group", "outcomes")


def write(comparison: Comparison, folder: str | Path) -> Path:
    """Write a comparison into a folder that is new, empty, or holds an earlier comparison.

    Raises
    ------
    SimulationError
        The folder holds something else.
    OSError
        No permission or no room; the folder is as it was before.
    """
    tables = {name: rounded(getattr(comparison, name)) for name in TABLES}
    return write_folder(folder, FORMAT, tables, summary(comparison), lambda: difference.files(comparison))


def summary(comparison: Comparison, by: str = "total") -> dict[str, Any]:
    """What a program reads: where each result comes from, and the differences.

    Parameters
    ----------
    comparison
        What to tell.
    by
        ``total``, ``month``, ``outcome``, or a dimension of the groups.
    """
    table = comparison.totals
    if by == "month":
        table = comparison.by_month[comparison.by_month["drug"] == "all"]
    elif by == "outcome":
        table = comparison.outcomes
    elif by != "total":
        table = comparison.by_group[comparison.by_group["dimension"] == by]
    return {
        "format": FORMAT,
        "first": comparison.results[0].scenario.name,
        "provenance": [dict(result.provenance) for result in comparison.results],
        "scenarios": {result.scenario.name: result.scenario.text for result in comparison.results},
        "by": by,
        "differences": [plain(row) for row in table.to_dict("records")],
    }
