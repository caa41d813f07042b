"""Columns as they come - text of a file, or a frame of an analyst - made into columns of one type each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from guidelines import LIFE
from guidelines.errors import nearest
from sim.base.arrays import BoolArray
from sim.population.schema import CATEGORIES, INDEX, REQUIRED, Column, schema

EXACT = 2.0**53
"""Whole numbers below this are exact as floats."""
FIRST = 5
"""Rows a problem names."""
YES_NO = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}
DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}([ T]00:00:00(\.0+)?)?"
ODD = r"_|[^ -~]"
"""What no number is written with."""


@dataclass(frozen=True)
class Problem:
    """One broken rule.

    Attributes
    ----------
    column
        Where.
    told
        What is wrong and what would do.
    persons
        In how many rows.
    rows
        The first of them, counted from 0.
    broken
        All of them, shape (persons,).
    """

    column: str
    told: str
    persons: int = 0
    rows: tuple[int, ...] = ()
    broken: NDArray[np.int64] = field(
        default_factory=lambda: np.zeros(0, np.int64), compare=False, repr=False
    )

    @classmethod
    def where(cls, column: str, told: str, wrong: BoolArray) -> Problem:
        """A problem of the rows in which `wrong` holds."""
        rows = np.flatnonzero(wrong)
        return cls(column, told, len(rows), tuple(rows[:FIRST].tolist()), rows)

    def line(self, label: str = "row", first: int = 1) -> str:
        """One line: column, what is wrong, how many rows, the first of them.

        `label` is what a row is called, `first` the number of the first one.
        """
        if not self.persons:
            return f"{self.column}: {self.told}"
        named = ", ".join(str(row + first) for row in self.rows)
        more = " ..." if self.persons > len(self.rows) else ""
        several = "s" if self.persons > 1 else ""
        return f"{self.column}: {self.told} ({self.persons:,} row{several}: {label} {named}{more})"

    def __str__(self) -> str:
        return self.line()


def conform(given: pd.DataFrame) -> tuple[pd.DataFrame, list[Problem]]:
    """A frame with one type a column, and what could not be made so.

    Text as in a file is read, typed columns are taken as they are; cells that could not be read are
    missing.
    """
    problems = _names(given)
    given = given.loc[:, ~given.columns.duplicated()]
    columns: dict[str, Any] = {}
    for each in schema():
        if each.name not in given.columns:
            continue
        values, wrong, told = _READERS[each.kind](given[each.name], each)
        columns[each.name] = values
        if each.blank:
            wrong = wrong & ~_empty(given[each.name])
        if each.kind == "number":
            values[wrong] = np.inf  # written, and no number: not the same as not known
        if wrong.any():
            shown = given[each.name].to_numpy(dtype=object)[np.flatnonzero(wrong)[0]]
            empty = bool(_empty(given[each.name].iloc[[np.flatnonzero(wrong)[0]]])[0])
            said = "empty" if empty else repr(shown)
            hint = f"; {nearest(str(shown), each.words)}" if each.words and not empty else ""
            problems.append(Problem.where(each.name, f"{said} is not {told}{hint}", wrong))
    return pd.DataFrame(columns, index=_index(given, problems)), problems


def _names(given: pd.DataFrame) -> list[Problem]:
    """Columns nobody knows, doubled ones, and required ones that are not there."""
    known = [each.name for each in schema()]
    there = [str(name) for name in given.columns]
    problems = [
        Problem(name, f"no such column; {nearest(name, known)}")
        for name in dict.fromkeys(there)
        if name not in known and name != INDEX
    ]
    problems += [
        Problem(name, "the column stands twice") for name in sorted({n for n in there if there.count(n) > 1})
    ]
    return problems + [
        Problem(each.name, f"the column is missing ({each.meaning})")
        for each in schema()
        if each.default is REQUIRED and each.name not in there
        if each.name != "quantity_grams"
        or not {"base_offense_level", "marihuana_equivalent_grams"} & {*there}
    ]


def _index(given: pd.DataFrame, problems: list[Problem]) -> pd.Index[Any]:
    """Numbers of the people: the column person_id, an index of that name, or 0, 1, 2, ..."""
    if INDEX not in given.columns and given.index.name != INDEX:
        return pd.RangeIndex(len(given), name=INDEX)
    made = _floats(given[INDEX] if INDEX in given.columns else given.index.to_series())
    wrong = ~((made == np.floor(made)) & (made >= 0) & (made < EXACT))
    if wrong.any():
        problems.append(Problem.where(INDEX, "not a whole number from 0", wrong))
    ids = np.where(wrong, -1, made).astype(np.int64)
    twice = pd.Series(ids).duplicated().to_numpy() & ~wrong
    if twice.any():
        problems.append(Problem.where(INDEX, "the number stands twice", twice))
    return pd.Index(ids, name=INDEX)


def _word(values: pd.Series[Any], column: Column) -> tuple[Any, BoolArray, str]:
    words = list(column.words)
    if isinstance(values.dtype, pd.CategoricalDtype):
        among = pd.Index(words, dtype=object).get_indexer(pd.Index(values.cat.categories, dtype=object))
        codes = np.append(among, -1)[values.cat.codes.to_numpy()]
    else:
        codes = pd.Index(words, dtype=object).get_indexer(pd.Index(values, dtype=object))
    told = "one of the known names" if len(words) >= 10 else f"one of {', '.join(words)}"
    return pd.Categorical.from_codes(codes, pd.Index(words)), codes < 0, told


def _yes_no(values: pd.Series[Any], column: Column) -> tuple[Any, BoolArray, str]:
    told = "true or false"
    if values.dtype == np.bool_:
        return values.to_numpy(), np.zeros(len(values), np.bool_), told
    made = values.astype(str).str.strip().str.lower().map(YES_NO)
    wrong = made.isna().to_numpy()
    return made.where(~made.isna(), False).to_numpy(dtype=np.bool_), wrong, told


def _day(values: pd.Series[Any], column: Column) -> tuple[Any, BoolArray, str]:
    made = values
    if not pd.api.types.is_datetime64_dtype(values.dtype):
        text = values.astype(object).where(values.notna(), "").astype(str)
        day = text.where(text.str.fullmatch(DAY), "").str.slice(0, 10)
        made = pd.to_datetime(day, format="%Y-%m-%d", errors="coerce")
    wrong = made.isna().to_numpy()
    return made.to_numpy().astype("datetime64[s]"), wrong, "a day such as 2014-11-01"


def _number(values: pd.Series[Any], column: Column) -> tuple[Any, BoolArray, str]:
    made = _floats(values)
    good = np.isfinite(made) & (made > 0) & (made <= column.high)
    most = "" if column.high == float("inf") else f" and at most {column.high:g}"
    return np.where(good, made, np.nan), ~good, f"a number above 0{most}"


def _whole(values: pd.Series[Any], column: Column) -> tuple[Any, BoolArray, str]:
    made = _floats(values)
    good = (made == np.floor(made)) & (made >= column.low) & (made <= column.high)
    if column.only:
        good = np.isin(made, column.only)
    most = "" if column.high == float("inf") else f" to {column.high:g}"
    least = f"one of {column.allowed}" if column.only else f"a whole number from {column.low:g}{most}"
    return _typed(made, good, np.int32), ~good, least


def _months(values: pd.Series[Any], column: Column) -> tuple[Any, BoolArray, str]:
    if not pd.api.types.is_numeric_dtype(values.dtype):
        values = values.astype(object).where(values.astype(str).str.lower() != "life", LIFE)
    made = _floats(values)
    good = (made == np.floor(made)) & (made >= 0) & ((made <= column.high) | (made == LIFE))
    told = f"whole months from 0 to {column.high:g}, or life"
    return _typed(made, good, np.int32), ~good, told


def _category(values: pd.Series[Any], column: Column) -> tuple[Any, BoolArray, str]:
    if not pd.api.types.is_numeric_dtype(values.dtype):
        number = {name: str(place) for place, name in enumerate(CATEGORIES, start=1)}
        values = values.astype(object).map(lambda word: number.get(word, word))
    made = _floats(values)
    good = np.isin(made, np.arange(1, len(CATEGORIES) + 1))
    return _typed(made, good, np.int8), ~good, "I to VI, or 1 to 6"


def _empty(values: pd.Series[Any]) -> BoolArray:
    """Cells that say nothing."""
    gaps = values.isna().to_numpy()
    if values.dtype == object or pd.api.types.is_string_dtype(values.dtype):
        gaps = gaps | (values == "").to_numpy()
    return np.asarray(gaps, np.bool_)


def _typed(made: NDArray[np.float64], good: BoolArray, kind: type[np.generic]) -> NDArray[Any]:
    """Whole numbers; with gaps where one is no good."""
    return made.astype(kind) if good.all() else np.where(good, made, np.nan)


def _floats(values: pd.Series[Any]) -> NDArray[np.float64]:
    """Numbers, exactly as written; NaN for what is none."""
    if pd.api.types.is_bool_dtype(values.dtype):
        return np.full(len(values), np.nan)
    if not pd.api.types.is_numeric_dtype(values.dtype):  # Python reads 1_000 and digits of any script
        odd = values.astype(str).str.contains(ODD)
        values = values.astype(object).where(~odd, "")
    try:
        return values.to_numpy().astype(np.float64)
    except (TypeError, ValueError):
        return np.asarray(pd.to_numeric(values, errors="coerce"), np.float64)


_READERS = {
    "word": _word,
    "yes_no": _yes_no,
    "day": _day,
    "number": _number,
    "whole": _whole,
    "months": _months,
    "category": _category,
}
