"""One line for a file that is no table of people: what it is, and what to do with it."""

from __future__ import annotations

import csv
from pathlib import Path

from sim.population.ussc.variables import recognised
from sim.records.names import takes_part

STATISTICS = (".zip", ".dat", ".sav", ".sas7bdat", ".csv.xz")
OTHERS = (
    (
        "JUSTFAIR (cases with names of judges)",
        {"judge_last_name", "usscidn"},
        "the Commission's variables are in it under lower-case names; minustwo people import reads it with "
        "--year and takes no notice of judges",
    ),
    (
        "a supervision-violation extract of the Commission",
        {"pv_fy", "usscidn"},
        "people who were released and then violated, without levels or ranges; of no use here",
    ),
    (
        "supplementary variables of a datafile",
        {"usscidn", "offguide", "sentrnge", "mnthdept"},
        "no levels and no drugs; take the datafile itself (opafyYYnid)",
    ),
)
"""Other files of the field by columns that no table of people has."""
COUNT_WORDS = {"population", "inmates", "prisoners", "count", "total", "persons"}
TIME_WORDS = {"date", "year", "month", "week", "fiscal_year", "fy"}
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
    try:
        names = next(csv.reader([line]), [])
    except csv.Error:  # no table at all
        return ""
    lower = {cell.strip().lower() for cell in names}
    for what, columns, why in OTHERS:
        if columns <= lower:
            return f"{path}: {what}: {why}"
    signs = recognised(names)
    if signs:
        return (
            f"{path}: {len(names):,} columns, among them {', '.join(signs[:3])}: this is a Commission "
            f"datafile; use minustwo people import {path}"
        )
    if lower & COUNT_WORDS and lower & TIME_WORDS and "criminal_history_category" not in lower:
        found = ", ".join(sorted(lower & (COUNT_WORDS | TIME_WORDS)))
        return (
            f"{path}: a series of counts ({found}), not people: "
            "of no use here; a table of people has a row a person (minustwo people columns)"
        )
    if "criminal_history_category" not in lower and takes_part(names):
        return f"{path}: a sheet of clients; use minustwo cases {path}"
    return ""
