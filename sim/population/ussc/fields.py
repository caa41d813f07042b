"""The fields of a block of rows: text made numbers and words, by the codes of the fiscal year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from guidelines import LIFE
from sim.base.arrays import BoolArray, FloatArray
from sim.base.errors import PopulationError
from sim.population.ussc.formats import BLANK, Block
from sim.population.ussc.variables import SLOT, Variable

Words = NDArray[np.object_]
Cells = NDArray[Any]
"""Text or bytes, as a file has them."""
DOT = "."
"""Missing, as SAS writes it."""
FRACTIONS = {
    "imposed_term", "imposed_term_with_alternatives", "drug_grams", "drug_marihuana_grams", "marihuana_grams",
    "drug_least",
    "drug_most",
}  # fmt: skip
"""Fields whose numbers may have decimals; all others hold whole numbers and codes."""
MEANINGS = {"life": float(LIFE), "missing": np.nan}


@dataclass
class Notes:
    """What was found on the way and does not belong to one row.

    Attributes
    ----------
    unlisted
        Codes nobody listed, by variable and code, with the number of rows.
    fractions
        Decimals where whole numbers belong, by variable: the first one and how many.
    unreadable
        Text where numbers belong, likewise.
    taken
        What stands for something not recorded, with the number of rows.
    """

    unlisted: Counter[tuple[str, str]] = field(default_factory=Counter)
    fractions: dict[str, tuple[float, int]] = field(default_factory=dict)
    unreadable: dict[str, tuple[str, int]] = field(default_factory=dict)
    taken: Counter[str] = field(default_factory=Counter)

    def lines(self) -> list[str]:
        """One line each."""
        return [
            *(f"{name}: code {code}, which nobody listed, in {count:,} rows"
              for (name, code), count in sorted(self.unlisted.items())),
            *(f"{name}: {first:g} is no whole number, in {count:,} rows (averages filled in?); missing"
              for name, (first, count) in self.fractions.items()),
            *(f"{name}: {first!r} is no number, in {count:,} rows; taken as missing"
              for name, (first, count) in self.unreadable.items()),
            *(f"{what}, in {count:,} rows" for what, count in self.taken.items()),
        ]  # fmt: skip


class Fields:
    """Fields of a block.

    Parameters
    ----------
    block
        The rows.
    known
        Variables of the fiscal year.
    there
        Columns of the file.
    notes
        Gets what is found on the way.
    chosen
        The rows that count; all if left out.
    """

    def __init__(
        self,
        block: Block,
        known: Mapping[str, list[Variable]],
        there: frozenset[str],
        notes: Notes,
        chosen: BoolArray | None = None,
    ) -> None:
        self._block, self._known, self._there, self._notes = block, known, there, notes
        self._chosen = chosen
        self.rows = block.rows if chosen is None else int(chosen.sum())

    def take(self, what: str, rows: BoolArray) -> None:
        """Note what stands for something that some rows do not have."""
        if rows.any():
            self._notes.taken[what] += int(rows.sum())

    def only(self, chosen: BoolArray) -> Fields:
        """The same, of some rows."""
        return Fields(self._block, self._known, self._there, self._notes, chosen)

    def quiet(self) -> Fields:
        """The same, to be read a second time: what is found then was noted before."""
        return Fields(self._block, self._known, self._there, Notes(), self._chosen)

    def variables(self, name: str) -> list[Variable]:
        """Variables of a field that the file has, the preferred one first."""
        return [each for each in self._known.get(name, ()) if slots(each.name, self._there)]

    def text(self, name: str) -> NDArray[np.str_]:
        """The text of a field, blanks off; empty where the file lacks it."""
        for variable in self.variables(name):
            text = text_of(self._cells(variable.name))
            return np.where(text == DOT, "", text)
        return np.full(self.rows, "", dtype=np.str_)

    def number(self, name: str) -> FloatArray:
        """Numbers of a field, `LIFE` for life, NaN where missing; gaps are filled by its next variable."""
        found = np.full(self.rows, np.nan)
        for variable in self.variables(name):
            gaps = np.isnan(found)
            if gaps.any():
                found[gaps] = self.number_of(variable)[gaps]
        return found

    def number_of(self, variable: Variable) -> FloatArray:
        """Numbers of one variable."""
        return self._coded(self._cells(variable.name), variable)

    def word(self, name: str) -> Words:
        """Meanings of a field's codes, "" where missing; gaps are filled by its next variable."""
        found = np.full(self.rows, "", dtype=object)
        for variable in self.variables(name):
            gaps = found == ""
            if gaps.any():
                found[gaps] = self._meanings(self._cells(variable.name), variable)[gaps]
        return found

    def is_yes(self, name: str) -> BoolArray:
        """Where a field's code says yes."""
        return np.asarray(self.word(name) == "yes", np.bool_)

    def each(self, name: str, most: int) -> FloatArray:
        """Numbers of the slots 1, 2, ... of a field, shape (rows, most)."""
        found = np.full((self.rows, most), np.nan)
        for variable in self.variables(name)[:1]:
            for place, column in enumerate(slots(variable.name, self._there)[:most]):
                found[:, place] = self._coded(self._cells(column), variable)
        return found

    def each_word(self, name: str, most: int) -> Words:
        """Meanings of the codes of the slots, shape (rows, most)."""
        found = np.full((self.rows, most), "", dtype=object)
        for variable in self.variables(name)[:1]:
            for place, column in enumerate(slots(variable.name, self._there)[:most]):
                found[:, place] = self._meanings(self._cells(column), variable)
        return found

    def greatest(self, name: str) -> FloatArray:
        """The greatest number of all slots of a field, NaN where none has one."""
        most = np.full(self._block.rows, np.nan)
        for variable in self.variables(name)[:1]:
            rows, cells = self._block.filled(slots(variable.name, self._there))
            if self._chosen is not None:
                rows, cells = rows[self._chosen[rows]], cells[self._chosen[rows]]
            np.fmax.at(most, rows, self._coded(cells, variable))
        return most if self._chosen is None else most[self._chosen]

    def _cells(self, column: str) -> Cells:
        cells = self._block.column(column)
        return cells if self._chosen is None else cells[self._chosen]

    def _coded(self, cells: Cells, variable: Variable) -> FloatArray:
        values = self._floats(cells, variable)
        for code, means in variable.codes.items():
            at = values == float(code)
            if at.any():
                values[at] = MEANINGS[means] if means in MEANINGS else _number(means, float(code))
        return values

    def _meanings(self, cells: Cells, variable: Variable) -> Words:
        known = {float(code): means for code, means in variable.codes.items()}
        values = self._floats(cells, variable)
        made = np.full(len(values), "", dtype=object)
        for value in np.unique(values[~np.isnan(values)]).tolist():
            means = known.get(value)
            rows = values == value
            if means is None:
                self._notes.unlisted[variable.name, f"{value:g}"] += int(rows.sum())
            elif means != "missing":
                made[rows] = means
        return made

    def _floats(self, cells: Cells, variable: Variable) -> FloatArray:
        values = np.full(len(cells), np.nan)
        filled = np.flatnonzero(~blank(cells))
        if not len(filled):
            return values
        given = cells[filled]
        try:
            values[filled] = given.astype(np.float64)
        except ValueError:
            values[filled] = self._readable(text_of(given), variable)
        values[np.isinf(values)] = np.nan
        if variable.field not in FRACTIONS:
            broken = ~np.isnan(values) & (values != np.floor(values))
            if broken.any():
                example, count = self._notes.fractions.get(variable.name, (float(values[broken][0]), 0))
                self._notes.fractions[variable.name] = example, count + int(broken.sum())
                values[broken] = np.nan
        return values

    def _readable(self, text: NDArray[np.str_], variable: Variable) -> FloatArray:
        """Numbers among text; the rest is noted, and refused where it is most of it."""
        values = np.array(pd.to_numeric(pd.Series(text), errors="coerce"), np.float64)
        wrong = np.isnan(values) & (text != DOT)
        if wrong.any():
            first = str(text[wrong][0])
            if 2 * wrong.sum() > len(text):
                told = f"{variable.name} holds {first!r} where a code belongs"
                raise PopulationError([f"{told}; export the codes, not their value labels"])
            known, count = self._notes.unreadable.get(variable.name, (first, 0))
            self._notes.unreadable[variable.name] = known, count + int(wrong.sum())
        return values


def blank(cells: Cells) -> BoolArray:
    """Cells with nothing but blanks, shape (rows,)."""
    if not len(cells):
        return np.zeros(0, np.bool_)
    size = np.uint8 if cells.dtype.kind == "S" else np.uint32
    signs = np.ascontiguousarray(cells).view(size).reshape(len(cells), -1)
    nothing: BoolArray = ((signs == 0) | (signs == BLANK)).all(axis=1)
    return nothing


def text_of(cells: Cells) -> NDArray[np.str_]:
    """Cells as text without the blanks around it; bytes are Latin-1."""
    text = np.char.decode(cells, "latin-1") if cells.dtype.kind == "S" else cells
    return np.asarray(np.char.strip(text))


def _number(means: str, otherwise: float) -> float:
    try:
        return float(means)
    except ValueError:
        return otherwise


def slots(variable: str, there: Iterable[str]) -> list[str]:
    """Columns of a variable that a file has, in the order of their numbers."""
    names = there if isinstance(there, (set, frozenset)) else set(there)
    if not variable.endswith(SLOT):
        return [variable] if variable in names else []
    head = variable.removesuffix(SLOT)
    found: list[str] = []
    while f"{head}{len(found) + 1}" in names:
        found.append(f"{head}{len(found) + 1}")
    return found
