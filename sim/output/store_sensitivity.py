"""Sensitivity analyses as folders: a summary as JSON, every move as CSV, pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.base.folders import put, replaced
from sim.output.plots import sensitivity as plots
from sim.output.store import PICTURES, check, plain, with_summary
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
    check(folder, FORMAT)
    tables = {"moves": found.moves} | ({"sobol": found.indices} if len(found.indices) else {})
    contents = {
        f"{name}.csv": table.to_csv(index=False, lineterminator="\n").encode()
        for name, table in tables.items()
    }
    contents = with_summary(contents, summary(found, quantities))
    contents |= {f"{PICTURES}/{name}": content for name, content in plots.files(found, quantities).items()}
    with replaced(folder) as new:
        for name, content in contents.items():
            put(new / name, content)
    return Path(folder)


def summary(found: Sensitivity, quantities: Sequence[str]) -> dict[str, Any]:
    """What a program reads: where it comes from, and for each quantity its assumptions, furthest first."""
    told = {}
    for name in quantities:
        told[name] = {
            "unit": units(name),
            "value": float(found.base[name]),
            "luck": float(found.luck[name]),
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
