"""One line for a file that is no table of people: what it is, and what to do with it."""

from __future__ import annotations

import csv
from pathlib import Path

from sim.population.ussc.variables import recognised

STATISTICS = (".zip", ".dat", ".sav", ".sas7bdat", ".csv.xz")
MOST_BYTES = 2_000_000
"""A header line is no longer: 28,000 names have 250,000 characters."""


def foreign(path: Path) -> str:
    """What a file is that holds no people; "" for every other file, which is then read as people.

    Only the name and the first line are looked at.
    """
    name = path.name.lower()
    if not path.is_file():
        return ""
    if name.endswith(STATISTICS):
        return f"{path}: looks like a Commission datafile as downloaded; use minustwo people import {path}"
    if not name.endswith(".csv"):
        return ""
    with path.open("rb") as file:
        line = file.readline(MOST_BYTES).decode("latin-1")
    names = next(csv.reader([line]), [])
    signs = recognised(names)
    if signs:
        return (
            f"{path}: {len(names):,} columns, among them {', '.join(signs[:3])}: this is a Commission "
            f"datafile; use minustwo people import {path}"
        )
    return ""
