"""Results as folders: a summary as JSON, tidy tables as CSV, pictures.

The same seed gives the same bytes. A folder is written whole or not at all, and an earlier result in it is
replaced as a whole; a folder with anything else in it is refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import Executor
from math import isnan
from pathlib import Path
from typing import Any

import pandas as pd

from sim.base.errors import SimulationError
from sim.base.folders import check_writable, put, replaced
from sim.output import plots
from sim.output.plots.picture import FORMATS, Look
from sim.output.store_read import FORMAT, INDEX, SUMMARY, hash_of, kind, read, summary_of
from sim.results.results import Result

PICTURES = "pictures"
BESIDE = ("report.html", ".DS_Store", "Thumbs.db")
"""What may lie in a result's folder without belonging to it; it goes when the result is replaced."""


def write(
    result: Result,
    folder: str | Path,
    *,
    pictures: bool = True,
    executor: Executor | None = None,
) -> Path:
    """Write a result into a folder.

    Parameters
    ----------
    result
        What to write.
    folder
        New, empty, or with an earlier result, which is replaced.
    pictures
        Whether to draw.
    executor
        Worker processes that draw; the bytes are the same without.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    SimulationError
        The folder holds something else.
    OSError
        No permission or no room; the folder is as it was before.
    """
    check(folder)
    drawn = plots.files(result, executor=executor) if pictures else {}
    with replaced(folder) as new:
        tables = {f"{name}.csv": _csv(getattr(result, name), name) for name in Result.TABLES}
        for name, content in with_summary(tables, summary(result)).items():
            put(new / name, content)
        for name, content in drawn.items():
            put(new / PICTURES / name, content)
    return Path(folder)


def check(folder: str | Path, form: str = FORMAT) -> None:
    """Refuse a folder that `write` could not write into.

    Parameters
    ----------
    folder
        Where something shall be written.
    form
        What earlier content may be replaced.

    Raises
    ------
    SimulationError
        The folder holds something else.
    OSError
        It cannot be made.
    """
    place = Path(folder)
    if place.is_dir() and any(place.iterdir()):
        try:
            held = summary_of(place, form)
        except SimulationError:
            raise SimulationError(
                f"{place} holds other files and no earlier {kind(form)}; give a new or empty folder"
            ) from None
        foreign = sorted(each.name for each in place.iterdir() if not _ours(each, held))
        if foreign:
            named = ", ".join(foreign[:3]) + (f" and {len(foreign) - 3} more" if len(foreign) > 3 else "")
            raise SimulationError(
                f"{place} holds {named} beside an earlier {kind(form)} that would be replaced; move what "
                "you want to keep, or give another folder"
            )
    check_writable(place)


def redraw(folder: str | Path, drugs: tuple[str, ...] = (), look: Look | None = None) -> Path:
    """Draw the pictures of a stored result again; with the same versions, the same bytes.

    Parameters
    ----------
    folder
        A folder with a result.
    drugs
        Drugs that get a ladder of their own.
    look
        Width, formats and scale of the pictures.

    Returns
    -------
    pathlib.Path
        The folder of the pictures.

    Raises
    ------
    SimulationError, OSError
        As for `read` and `write`.
    """
    drawn = plots.files(read(folder), drugs, look)
    pictures = Path(folder) / PICTURES
    if pictures.is_dir() and not _only_pictures(pictures):
        raise SimulationError(f"{pictures} holds files that are no pictures of a result; move them away")
    with replaced(pictures) as new:
        for name, content in drawn.items():
            put(new / name, content)
    return pictures


def summary(result: Result) -> dict[str, Any]:
    """What a program reads: provenance, scenario, headline, sources of variance, what was assumed."""
    scenario = result.scenario
    headline = [
        {"quantity": name, **plain(row)}
        for name, row in zip(result.headline.index, result.headline.to_dict("records"), strict=True)
    ]
    return {
        "format": FORMAT,
        "provenance": dict(result.provenance),
        "scenario": {
            "name": scenario.name,
            "title": scenario.title,
            "hash": scenario.hash,
            "text": scenario.text,
        },
        "worlds": len(result.worlds),
        "headline": headline,
        "uncertainty": {name: plain(row) for name, row in result.uncertainty.to_dict("index").items()},
        "assumed": list(result.assumed),
    }


def plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Values as JSON knows them; null for what is not there."""
    plain = {}
    for name, value in row.items():
        if hasattr(value, "item"):
            value = value.item()
        missing = value is pd.NA or (isinstance(value, float) and isnan(value)) or value == ""
        plain[str(name)] = None if missing else value
    return plain


def with_summary(tables: dict[str, bytes], told: Mapping[str, Any]) -> dict[str, bytes]:
    """The tables and the summary, which names each with the hash of its content."""
    hashes = {name: hash_of(content) for name, content in tables.items()}
    return tables | {SUMMARY: as_json({**told, "files": hashes}).encode()}


def as_json(content: Mapping[str, Any]) -> str:
    """JSON text, indented, ending with a line break."""
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _csv(table: pd.DataFrame, name: str) -> bytes:
    return table.to_csv(index=name in INDEX, lineterminator="\n").encode()


def _ours(path: Path, held: Mapping[str, Any]) -> bool:
    if path.name == PICTURES and path.is_dir():
        return _only_pictures(path)
    return path.name in (SUMMARY, *held.get("files", ()), *BESIDE)


def _only_pictures(folder: Path) -> bool:
    return all(each.is_file() and _is_picture(each.name) for each in folder.iterdir())


def _is_picture(name: str) -> bool:
    stem, _, end = name.rpartition(".")
    known = stem in (*plots.NAMES, *plots.COMPARED) or stem.startswith(("drug_ladder_", "tornado_", "sobol_"))
    return (known and end in (*FORMATS, "csv", "txt")) or name in BESIDE


__all__ = ["FORMAT", "as_json", "check", "read", "redraw", "summary", "write"]
