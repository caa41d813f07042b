"""Forecasts of a file of people as folders: a summary as JSON, two tables as CSV."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.base.digits import rounded
from sim.output.store import plain, write_folder
from sim.studies.people_file import FileForecast

FORMAT = "drugs-minus-two forecast-of-a-file 1"


def write(found: FileForecast, folder: str | Path) -> Path:
    """Write a forecast into a folder that is new, empty, or holds an earlier one.

    Raises
    ------
    SimulationError
        The folder holds something else.
    OSError
        No permission or no room; the folder is as it was before.
    """
    tables = {name: rounded(getattr(found, name)) for name in ("headline", "releases_by_month")}
    return write_folder(folder, FORMAT, tables, summary(found))


def summary(found: FileForecast) -> dict[str, Any]:
    """What a program reads."""
    rows = zip(found.headline.index, found.headline.to_dict("records"), strict=True)
    return {
        "format": FORMAT,
        "provenance": dict(found.provenance),
        "people": found.people,
        "set_aside": list(found.set_aside),
        "scenario": {
            "name": found.scenario.name,
            "hash": found.scenario.hash,
            "text": found.scenario.text,
        },
        "headline": [{"quantity": name, **plain(row)} for name, row in rows],
    }
