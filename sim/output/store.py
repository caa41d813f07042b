"""Results as folders: a summary as JSON, tidy tables as CSV, pictures.

The same seed gives the same bytes: what floating point may differ in from machine to machine is rounded away,
to six significant digits. A folder is written whole or not at all, and an earlier result in it is
replaced as a whole; a folder with anything else in it is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import replace
from functools import partial
from math import isnan
from pathlib import Path
from typing import Any

import pandas as pd

from sim.base.digits import rounded, six_digits
from sim.base.errors import SimulationError
from sim.base.folders import check_writable, put, refuse_others, replaced
from sim.base.text import json_text
from sim.output import plots
from sim.output.plots.picture import FORMATS, Look
from sim.output.store_read import FORMAT, INDEX, SUMMARY, hash_of, kind, read, shown_from, summary_of
from sim.results.results import Result

PICTURES = "pictures"
REPORT = "report.html"
"""The page `minustwo report` puts beside a result; it goes when the result is replaced."""


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
    result = as_written(result)
    tables = {name: getattr(result, name) for name in Result.TABLES}
    draw = partial(plots.files, result, executor=executor) if pictures else dict[str, bytes]
    return write_folder(folder, FORMAT, tables, summary(result), draw)


def write_folder(
    folder: str | Path,
    form: str,
    tables: Mapping[str, pd.DataFrame],
    told: Mapping[str, Any],
    draw: Callable[[], Mapping[str, bytes]] = dict,
) -> Path:
    """Write tables, a summary that names each with the hash of its content, and pictures.

    Parameters
    ----------
    folder, form
        As for `check`.
    tables
        Become files ending in .csv; `rounded`.
    told
        What the summary says.
    draw
        Makes the pictures, once it is known that they can be written.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    SimulationError, OSError
        As for `check`; the folder is as it was before.
    """
    check(folder, form)
    contents = {f"{name}.csv": _csv(table, name) for name, table in tables.items()}
    hashes = {name: hash_of(content) for name, content in contents.items()}
    contents[SUMMARY] = as_json({**told, "files": hashes}).encode()
    contents |= {f"{PICTURES}/{name}": content for name, content in draw().items()}
    with replaced(folder, partial(_refuse_foreign, Path(folder), form)) as new:
        for name, content in contents.items():
            put(new / name, content)
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
    check_writable(folder, partial(_refuse_foreign, Path(folder), form))


def _refuse_foreign(folder: Path, form: str, place: Path) -> None:
    """Refuse what a folder holds, wherever it lies, if it is more than an earlier result."""
    files: Any = None
    with suppress(SimulationError):
        files = summary_of(place, form).get("files")
    known = {SUMMARY, REPORT, *(files if isinstance(files, dict) else ())}

    def ours(name: str) -> bool:
        return name in known or (name.startswith(f"{PICTURES}/") and _is_picture(name[len(PICTURES) + 1 :]))

    refuse_others(folder, place, kind(form), ours, files is not None)


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
    with shown_from(folder):
        drawn = plots.files(read(folder), drugs, look)
    pictures = Path(folder) / PICTURES

    def check(place: Path) -> None:
        refuse_others(pictures, place, "set of pictures", _is_picture)

    with replaced(pictures, check) as new:
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
    """Values as JSON knows them, rounded; null for what is not there."""
    plain = {}
    for name, value in row.items():
        if hasattr(value, "item"):
            value = value.item()
        missing = value is pd.NA or (isinstance(value, float) and isnan(value)) or value == ""
        plain[str(name)] = None if missing else six_digits(value) if isinstance(value, float) else value
    return plain


def as_written(result: Result) -> Result:
    """The result as it comes back from its folder: every table rounded."""
    tables: dict[str, Any] = {name: rounded(getattr(result, name)) for name in Result.TABLES}
    return replace(result, **tables)


def as_json(content: Mapping[str, Any]) -> str:
    """JSON text, indented, ending with a line break."""
    return json_text(content, indent=2, allow_nan=False) + "\n"


def _csv(table: pd.DataFrame, name: str) -> bytes:
    return table.to_csv(index=name in INDEX, lineterminator="\n").encode()


def _is_picture(name: str) -> bool:
    stem, _, end = name.rpartition(".")
    known = stem in (*plots.NAMES, *plots.COMPARED) or stem.startswith(("drug_ladder_", "tornado_", "sobol_"))
    return known and end in (*FORMATS, "csv", "txt")


__all__ = ["FORMAT", "as_json", "check", "read", "redraw", "summary", "write"]
