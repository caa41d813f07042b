"""Which variables and codes a fiscal year's datafile has: ``tables/reference/ussc_datafile.csv``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from guidelines import tables
from sim.base.errors import PopulationError

SLOT = "*"
"""Stands for the number of a slot in the name of a variable."""
SIGNS = ("USSCIDN", "XFOLSOR", "XCRHISSR", "XMINSOR", "GLMIN", "GDLINEHI", "STATMIN", "STATMAX")
"""Variables by which a datafile is known, whatever its year."""
FEWEST_SIGNS = 3
_NAMED = re.compile(r"opafy(\d\d)nid", re.IGNORECASE)


@dataclass(frozen=True)
class Variable:
    """One variable of a fiscal year.

    Attributes
    ----------
    name
        As the Commission writes it; ends with `SLOT` where there are several.
    field
        What it is for here.
    codes
        Meanings of codes that are no plain numbers, by the code.
    """

    name: str
    field: str
    codes: Mapping[str, str]


@lru_cache(maxsize=32)
def variables(year: int) -> tuple[Variable, ...]:
    """Variables of a fiscal year, the preferred one of each field first."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for row in tables.reference("ussc_datafile"):
        if int(row["first_year"]) <= year <= int(row["last_year"] or year):
            codes = found.setdefault((row["variable"], row["field"]), {})
            if row["code"]:
                codes[row["code"]] = row["means"]
    return tuple(Variable(name, field, codes) for (name, field), codes in found.items())


def known_years() -> tuple[int, int]:
    """First and last fiscal year whose datafile can be read."""
    row = tables.reference("ussc_datafile").row(field="fiscal_year")
    return int(row["first_year"]), int(row["last_year"])


def fiscal_year(path: Path, given: int | None) -> int:
    """The fiscal year of a file: as given, else as its name ``opafyYYnid`` has it."""
    named = _NAMED.search(path.name)
    year = 2000 + int(named.group(1)) if named else None
    if given is not None and year is not None and given != year:
        raise PopulationError([f"{path}: the name says fiscal year {year}, --year says {given}; give one"])
    year = given if given is not None else year
    if year is None:
        raise PopulationError(
            [f"{path}: no fiscal year in the name (opafyYYnid) and none in the file; give --year 2014"]
        )
    first, last = known_years()
    if not first <= year <= last:
        raise PopulationError([f"{path}: fiscal year {year}; the variables of {first} to {last} are known"])
    return year


def recognised(names: Iterable[str]) -> tuple[str, ...]:
    """The `SIGNS` of a datafile among column names; none if they are too few to be one."""
    there = {str(name).upper() for name in names}
    found = tuple(name for name in SIGNS if name in there)
    return found if len(found) >= FEWEST_SIGNS else ()
