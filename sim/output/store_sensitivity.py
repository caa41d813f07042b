"""Sensitivity analyses as folders: a summary as JSON, every move as CSV, pictures."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from sim.base.digits import rounded, six_digits
from sim.output.plots import sensitivity as plots
from sim.output.store import plain, write_folder
from sim.studies.sensitivity import Sensitivity, units

FORMAT = "drugs-minus-two sensitivity 1"


def write(found: Sensitivity, folder: str | Path, quantities: Sequence[str]) -> Path:
    """Write into a folder that is new, empty, or holds an earlier sensitivity analysis.

    Parameters
    ----------
    found
        What to write: every quantity as a table.
    folder
        Where to.
    quantities
        Those that get pictures.

    Raises
    ------
    SimulationError
        The folder holds something else.
    OSError
        No permission or no room; the folder is as it was before.
    """
    tables = {"moves": rounded(found.moves)}
    if len(found.indices):
        tables["sobol"] = rounded(found.indices)
    draw = partial(plots.files, found, quantities)
    return write_folder(folder, FORMAT, tables, summary(found, quantities), draw)


def summary(found: Sensitivity, quantities: Sequence[str]) -> dict[str, Any]:
    """What a program reads: where it comes from, and for each quantity its assumptions, furthest first."""
    told = {}
    for name in quantities:
        told[name] = {
            "unit": units(name),
            "value": six_digits(found.base[name]),
            **({"value_of_everybody": six_digits(found.whole[name])} if name in found.whole else {}),
            "luck": six_digits(found.luck[name]),
            "assumptions": [plain(row) for row in found.tornado(name).to_dict("records")],
        }
        if len(found.indices):
            rows = found.indices[found.indices["quantity"] == name].drop(columns="quantity")
            told[name]["sobol"] = [plain(row) for row in rows.to_dict("records")]
    return {
        "format": FORMAT,
        "provenance": dict(found.provenance),
        "scenario": {"name": found.scenario.name, "text": found.scenario.text},
        "quantities": told,
    }
