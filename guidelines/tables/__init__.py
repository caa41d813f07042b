"""Finds, reads and checks the table files: every number of law and every published statistic.

A table file is a CSV that begins with ``# key: value`` lines (title, section, unit, source, certainty;
for law also effective_from; notes as often as needed). Law lies in ``law/<table>/<begin-date>.csv``;
the next edition ends the last. Standard library only: ``import guidelines`` must stay light.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from guidelines.errors import (
    BrokenTable,
    DateBeforeFirstEdition,
    ImpossibleValue,
    UnknownName,
    UnknownTable,
    nearest,
)
from guidelines.tables.table import CERTAINTY, HEADER, LIFE, Table, months, read_table

__all__ = [
    "CERTAINTY",
    "HEADER",
    "LIFE",
    "Table",
    "edition",
    "editions",
    "files_hash",
    "folder",
    "iso",
    "law",
    "law_tables",
    "months",
    "read_table",
    "reference",
    "reference_tables",
]


@lru_cache(maxsize=1)
def folder() -> Path:
    """The folder of the tables: the copy packed into the package, else the one beside it."""
    here = Path(__file__).resolve().parent.parent
    for place in (here / "_tables", here.parent / "tables"):
        if place.is_dir():
            return place
    raise BrokenTable(f"no table folder: looked for {here / '_tables'} and {here.parent / 'tables'}")


DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def iso(day: str | date) -> str:
    """A day as ISO text."""
    if isinstance(day, date):
        return day.isoformat()[:10]
    text = str(day)
    try:
        if not DAY.fullmatch(text):  # weeks and days without hyphens are ISO too, and nobody means them
            raise ValueError
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ImpossibleValue(f"not a date: {day!r}; write it as 2014-11-01") from None


@lru_cache(maxsize=1)
def law_tables() -> tuple[str, ...]:
    """Names of the law tables."""
    return tuple(sorted(p.name for p in (folder() / "law").iterdir() if p.is_dir() and any(p.glob("*.csv"))))


@lru_cache(maxsize=1)
def reference_tables() -> tuple[str, ...]:
    """Names of the tables of published statistics."""
    return tuple(sorted(p.stem for p in (folder() / "reference").glob("*.csv")))


@cache
def editions(name: str) -> tuple[str, ...]:
    """Begin dates of the editions of a law table, ISO, oldest first.

    Raises
    ------
    UnknownTable
        No such table; the nearest name is given.
    """
    if name not in law_tables():
        raise UnknownTable(f"no law table {name!r}; {nearest(name, law_tables())}")
    return tuple(sorted(path.stem for path in (folder() / "law" / name).glob("*.csv")))


@cache
def edition(name: str, begin: str) -> Table:
    """One edition of a law table by its begin date."""
    if begin not in editions(name):
        raise UnknownName(f"{name}: no edition begins on {begin}; editions: {', '.join(editions(name))}")
    return read_table(folder() / "law" / name / f"{begin}.csv", name)


def law(name: str, on: str | date) -> Table:
    """The edition of a law table in force on a day.

    Parameters
    ----------
    name
        One of `law_tables`.
    on
        A day, as a date or as ISO text.

    Raises
    ------
    DateBeforeFirstEdition
        The day is before the first edition held.

    Examples
    --------
    >>> row = law("sentencing_table", "2013-11-01").row(offense_level=32, criminal_history_category="III")
    >>> row["minimum_months"]
    '151'
    """
    day = iso(on)
    known = editions(name)
    held = [begin for begin in known if begin <= day]
    if not held:
        first = edition(name, known[0])
        raise DateBeforeFirstEdition(
            f"§{first.section} ({name}): {day} is before the first edition held, {known[0]}; "
            "give that day or a later one"
        )
    return edition(name, held[-1])


@cache
def reference(name: str) -> Table:
    """A table of published statistics.

    Raises
    ------
    UnknownTable
        No such table; the nearest name is given.
    """
    if name not in reference_tables():
        raise UnknownTable(f"no reference table {name!r}; {nearest(name, reference_tables())}")
    return read_table(folder() / "reference" / f"{name}.csv", name)


def files_hash() -> str:
    """SHA-256 over the names and the text of every file of the tables, CSV and TOML; none is parsed.

    Line ends do not count, so that a checkout on any system gives the same.
    """
    from hashlib import sha256

    digest = sha256()
    for path in sorted(each for each in folder().rglob("*") if each.is_file()):
        digest.update(f"{path.relative_to(folder()).as_posix()}\n".encode())
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()
