"""Reading a stored result: every file is as it was written, or one line says which is not."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from math import isfinite, nan
from pathlib import Path
from typing import Any

import pandas as pd

from guidelines.errors import GuidelineError
from sim._version import __version__
from sim.base.errors import ScenarioError, SimulationError
from sim.results.glossary import EVERYWHERE, GLOSSARY
from sim.results.results import Result
from sim.scenario.scenario import Scenario

FORMAT = "drugs-minus-two result 1"
SUMMARY = "summary.json"
TEXT = (
    "quantity",
    "label",
    "unit",
    "target",
    "role",
    "basis",
    "month",
    "drug",
    "code",
    "district",
    "group",
    "measure",
    "dimension",
    "edition",
    "source",
    "published_source",
)
"""Columns that hold text, even where all of it is empty or looks like a number."""
MAY_LACK = ("in_published_band",)
"""Truth values that some rows do not have."""
COLUMNS = {
    "headline": "quantity label unit value low_90 low_50 high_50 high_90 target published published_low "
    "published_high role basis in_published_band",
    "releases_by_month": "month drug quantity value sd low_90 low_50 high_50 high_90",
    "eligibility_waterfall": "step code label persons remaining",
    "terms_before_after": "group measure from_years to_years before after",
    "uncertainty": "quantity draws districts people parameters",
    "by_group": "dimension group quantity value sd low_90 low_50 high_50 high_90",
    "waterfall_by_group": "dimension group code label persons",
    "motions": "district month asked screened denied granted lapsed waiting decided",
    "level_grid": "offense_level criminal_history_category persons_before persons_after persons_leaving "
    "persons_arriving",
    "drug_ladder": "drug unit simulated edition at_least base_offense_level",
    "outcomes": "quantity group label unit value low_90 low_50 high_50 high_90 source published "
    "published_source",
    "worlds_by_group": "world dimension group persons eligible eligible_day_one released_first_wave "
    "bed_years_saved mean_cut_months",
    "worlds_by_month": "world month drug releases_with releases_without",
    "worlds_outcomes": "world quantity group value",
}
"""What each table has at least; the columns of ``worlds`` are the quantities."""
SUMMARY_KINDS: dict[str, dict[str, type]] = {
    "": {"provenance": dict, "scenario": dict, "assumed": list, "files": dict},
    "provenance": {"seed": int, "version": str, "scenario": str},
    "scenario": {"text": str, "hash": str},
}
WHOLE = re.compile(r"-?[0-9]{1,15}")
MONTH = re.compile(r"([0-9]{4}-(0[1-9]|1[0-2]))?")
INDEX = {"headline": "quantity", "uncertainty": "quantity"}
"""Tables whose rows have names."""


def read(folder: str | Path) -> Result:
    """Read a result from its folder; it has no `analysis` and no `forecast`.

    Raises
    ------
    SimulationError
        No folder, no result in it, or a file that is missing or not as it was written.

    Examples
    --------
    >>> import sim, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     kept = sim.write(sim.run("no-delay", worlds=0), f"{folder}/out", pictures=False)
    ...     sim.read(kept).scenario.name
    'no-delay'
    """
    place = Path(folder)
    held = summary_of(place, FORMAT)
    _check_summary(place / SUMMARY, held)
    tables: dict[str, Any] = {name: _table(place / f"{name}.csv", name, held) for name in Result.TABLES}
    return Result(
        scenario=_scenario(place, held),
        seed=held["provenance"]["seed"],
        assumed=tuple(held["assumed"]),
        provenance=held["provenance"],
        **tables,
    )


@contextmanager
def shown_from(*folders: str | Path) -> Iterator[None]:
    """Say what may be wrong where a stored result cannot be shown, though hash and kinds let it pass.

    Raises
    ------
    SimulationError
        In place of an error nobody foresaw, which stays its cause; none where no folder is given.
    """
    try:
        yield
    except (SimulationError, GuidelineError):
        raise
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as broken:
        if not folders:
            raise
        raise SimulationError(
            f"{', '.join(map(str, folders))}: cannot be shown ({type(broken).__name__}: {broken}); if nobody "
            "edited it this is a fault of minustwo, else run the scenario again"
        ) from broken


def _check_summary(path: Path, held: Mapping[str, Any]) -> None:
    """Refuse a summary that lacks what reading needs, or holds something of another type."""
    for where, kinds in SUMMARY_KINDS.items():
        inside = held[where] if where else held
        for key, expected in kinds.items():
            if not _is(inside.get(key), expected):
                named = f"{where}.{key}" if where else key
                raise SimulationError(
                    f"{path}: {named} is {'missing' if key not in inside else f'no {expected.__name__}'}, "
                    "though minustwo writes one; run the scenario again"
                )


def _is(value: Any, expected: type) -> bool:
    """Whether a value is of a type; lists are of text."""
    if isinstance(value, list):
        return expected is list and all(isinstance(one, str) for one in value)
    return type(value) is expected


def hash_of(content: bytes) -> str:
    """SHA-256 as text."""
    return sha256(content).hexdigest()


def kind(form: str) -> str:
    """The middle word of a format: result or comparison."""
    return form.split()[1]


def summary_of(place: Path, form: str) -> dict[str, Any]:
    """The summary of a folder, after a check that it is one of ours."""
    if not place.is_dir():
        told = "is a file, not the folder of a result" if place.exists() else "there is no such folder"
        raise SimulationError(f"{place}: {told}")
    path = place / SUMMARY
    if not path.is_file():
        raise SimulationError(f"{place}: no {kind(form)} here, {SUMMARY} is missing")
    try:
        held = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as broken:
        raise SimulationError(f"{path}: cannot be read as JSON, {broken}; run the scenario again") from None
    if not isinstance(held, dict) or held.get("format") != form:
        found = str(held.get("format")) if isinstance(held, dict) else "unknown"
        ours = found.startswith(f"{form.split()[0]} ") and kind(found) != kind(form)
        told = f"holds a {kind(found)}" if ours else f"has the format {found!r}"
        raise SimulationError(f"{place} {told}; a {kind(form)} is needed here, of the format {form!r}")
    return held


def _table(path: Path, name: str, held: Mapping[str, Any]) -> pd.DataFrame:
    """A table as it was written."""
    if not path.is_file():
        raise SimulationError(f"{path}: missing; run the scenario again")
    content = path.read_bytes()
    if hash_of(content) != held["files"].get(path.name):
        raise SimulationError(
            f"{path}: not as it was written (its SHA-256 is not the one in {SUMMARY}); run the scenario again"
        )
    try:
        header, *rows = csv.reader(content.decode().splitlines())
        if len(set(header)) < len(header) or not set(COLUMNS.get(name, "").split()) <= set(header):
            raise ValueError("the header is not the one minustwo writes")
        if not rows and not name.startswith(("worlds", "motions")):
            raise ValueError("it has no rows")
        cells = dict(zip(header, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(header, ())
        table = pd.DataFrame({column: _column(column, values) for column, values in cells.items()})
        if name != "worlds" and table.duplicated(INDEX.get(name)).any():  # two worlds may be alike
            raise ValueError("a row stands there twice")
        if name == "headline":
            _check_quantities({*table["quantity"]})
    except (ValueError, csv.Error) as broken:  # UnicodeDecodeError is a ValueError
        raise SimulationError(f"{path}: no table of a result ({broken}); run the scenario again") from None
    return table.set_index(INDEX[name]) if name in INDEX else table


def _check_quantities(found: set[str]) -> None:
    if strangers := found - set(GLOSSARY):
        raise ValueError(f"no quantity is called {min(strangers)!r}")
    if missing := EVERYWHERE - found:
        raise ValueError(f"the row of {min(missing)} is missing")


def _column(name: str, cells: Sequence[str]) -> Any:
    """Cells as what they were: text, truth values, whole numbers, or numbers with NaN for an empty cell.

    Numbers are read by Python, which gives back the very number that was written.
    """
    if name in TEXT:
        wrong = [cell for cell in cells if not MONTH.fullmatch(cell)] if name == "month" else []
        if wrong:
            raise ValueError(f"{wrong[0]!r} is no month such as 2015-11")
        return pd.Series(cells, dtype=str)
    if not cells:
        return pd.Series([], dtype=object)
    if name in MAY_LACK:
        return pd.array([None if cell == "" else cell == "True" for cell in cells], dtype="boolean")
    if set(cells) <= {"True", "False"}:
        return [cell == "True" for cell in cells]
    numbers = [float(cell) if cell else nan for cell in cells]
    if not all(isfinite(number) for number, cell in zip(numbers, cells, strict=True) if cell):
        raise ValueError(f"{name} holds what is no number")
    return [int(cell) for cell in cells] if all(WHOLE.fullmatch(cell) for cell in cells) else numbers


def _scenario(place: Path, held: Mapping[str, Any]) -> Scenario:
    """The scenario of a stored result; refused where today's defaults would make another one of it."""
    stored = held["scenario"]
    try:
        scenario = Scenario.from_toml(stored["text"], f"{place / SUMMARY}: scenario")
    except ScenarioError as wrong:
        raise SimulationError(str(wrong)) from None
    if scenario.hash != stored["hash"]:
        raise SimulationError(
            f"{place}: made by version {held['provenance']['version']} with other defaults than those of "
            f"{__version__}; run the scenario again"
        )
    return scenario
