"""Tables of people as offices write them: any kind of sheet, any spelling of headings, cells as typed."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from guidelines.case import CaseError
from guidelines.manual import Manual
from guidelines.s2d1_1_substances import substances_of
from guidelines.tables import editions
from sim.base.errors import PopulationError
from sim.population.schema import INDEX, Column, schema
from sim.records import drugs, values
from sim.records.batch import parse
from sim.records.names import ALSO_CALLED, NEAR, Place
from sim.records.source import opened
from sim.records.values import BLANK, Unreadable, Value, plain

SHEETS = (".csv", ".tsv", ".txt", ".xlsx", ".json", ".jsonl")
"""Endings of what `read_sheet` reads."""
GRAMS = {"g": 1.0, "kg": 1000.0, "mg": 0.001}


def read_sheet(path: Path) -> tuple[pd.DataFrame, list[str], int]:
    """Columns of a sheet, how it was read, and the line before the first row."""
    try:
        with opened(str(path), places=places_of) as source:
            entries = list(source.entries)
            if source.columns:
                rows = [_cells(entry, source.delimiter) for _, entry in entries]
                if any(len(row) != len(source.columns) for row in rows):
                    raise PopulationError([f"{path}: some rows have more or fewer cells than the headings"])
                frame = pd.DataFrame(rows, columns=list(source.columns), dtype=object)
            else:
                frame = pd.DataFrame([parse(entry) for _, entry in entries], dtype=object)
            return frame, source.notices, entries[0][0] - 1 if entries else 1
    except CaseError as problem:
        raise PopulationError(problem.problems) from None


def _cells(entry: Any, delimiter: str) -> Sequence[Any]:
    if isinstance(entry, str):
        return next(csv.reader(entry.splitlines(keepends=True), delimiter=delimiter), [])
    return ["" if cell is None else cell for cell in entry]


def places_of(columns: Sequence[str]) -> tuple[tuple[Place, ...], list[str]]:
    """The column of the schema each heading names; a slip of one is a problem."""
    places = tuple(_place(column) for column in columns)
    return places, [
        f"{column}: no such column; {place.name}"
        for column, place in zip(columns, places, strict=True)
        if place.kind == "wrong"
    ]


@lru_cache(maxsize=1024)
def _place(heading: str) -> Place:
    known = [INDEX, *(each.name for each in schema())]
    stem = re.sub(r"[^a-z0-9]+", "_", heading.lower()).strip("_")
    called = {also: name for name in known for also in ALSO_CALLED.get(name, "").split()}
    for spelling in (stem, f"{stem}_months", f"{stem}_grams"):
        if spelling in known:
            return Place("field", spelling)
    if stem in called:
        return Place("field", called[stem])
    near = get_close_matches(stem, known, n=1, cutoff=NEAR)
    return Place("wrong", f"did you mean {near[0]}?") if near else Place("extra", heading)


def as_written(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """The frame under the names of the schema, its text read as people write it, and what was done.

    Columns that are no part of a table of people are left out and named once.
    """
    places = {column: _place(str(column)) for column in frame.columns}
    extra = [str(column) for column, place in places.items() if place.kind == "extra"]
    kept = frame[[column for column, place in places.items() if place.kind != "extra"]]
    kept = kept.rename(columns={c: place.name for c, place in places.items() if place.kind == "field"})
    notices = [f"not used: {', '.join(extra)}"] if extra else []
    by_name = {each.name: each for each in schema()}
    for name in kept.columns[~kept.columns.duplicated(keep=False)]:
        if name in by_name and kept[name].dtype == object:
            made, told = _column(kept[name], by_name[name])
            kept = kept.assign(**{name: made})
            notices += told
    return kept, notices


def _column(cells: pd.Series[Any], column: Column) -> tuple[pd.Series[Any], list[str]]:
    """One column: each text once, however many rows hold it."""
    reader = _READERS[column.kind]
    readings: dict[Any, Any] = {}
    told: dict[str, str] = {}
    for cell in cells[cells.map(lambda cell: isinstance(cell, str))].unique():
        text = plain(cell)
        if text.lower() in BLANK:
            readings[cell] = ""
            continue
        try:
            made = reader(text, column)
        except Unreadable:
            continue
        if made is None or str(made.value) == cell:
            continue
        readings[cell] = made.value if isinstance(made.value, bool) else str(made.value)
        if made.shown and made.how not in told:
            told[made.how] = f"{column.name}: {text} read as {made.shown} ({made.how})"
    return (cells.map(lambda cell: readings.get(cell, cell)) if readings else cells), list(told.values())


def _word(text: str, column: Column) -> Value | None:
    """A known word in any letter case; a drug by its common names too."""
    by_lower = {word.lower(): word for word in column.words}
    if (word := by_lower.get(text.lower())) is not None:
        return Value(word)
    if column.name != "drug":
        return None
    kinds = substances_of(Manual.on(editions("drug_quantity")[-1]))
    at = kinds.by_name.get(text.lower())
    word = None if at is None else by_lower.get(kinds.names[at].lower())
    return None if word is None else Value(word, word, "the name of the drug")


def _grams(text: str, column: Column) -> Value | None:
    made, told = drugs.quantity(text)
    factor = GRAMS.get(made.get("unit", "g"))
    if factor is None or isinstance(made["quantity"], str) or (told is not None and told.also):
        return None
    grams = made["quantity"] * factor
    return Value(grams, f"{grams:,g} grams", "by its unit") if factor != 1 else Value(grams)


def _whole(text: str, column: Column) -> Value | None:
    if min(column.only, default=0) < 0:
        return values.mitigating_role(text) if column.name == "mitigating_role" else values.acceptance(text)
    return values.whole(text)


_READERS: Mapping[str, Callable[[str, Column], Value | None]] = {
    "word": _word,
    "yes_no": lambda text, column: values.yes_no(text),
    "day": lambda text, column: values.day(text),
    "number": _grams,
    "whole": _whole,
    "months": lambda text, column: values.months(text),
    "category": lambda text, column: values.category(text),
}
