"""What a memorandum is made of, whichever file it becomes: parts with text, tables and pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from sim.output.plots.words import number

HIDDEN = "suppressed"


@dataclass(frozen=True)
class Table:
    """One table of the memorandum.

    Attributes
    ----------
    name
        Name of its CSV file.
    caption
        What it shows.
    frame
        Its values, the first column naming the rows; NaN where there is nothing to say.
    units
        The unit of each column of numbers, as `sim.output.plots.words.number` takes it; others are text.
    note
        A line under it.
    shown
        The columns that are printed, where its file has more; all if empty.
    halves
        Whether a long table of few columns is printed side by side.
    """

    name: str
    caption: str
    frame: pd.DataFrame
    units: Mapping[str, str]
    note: str = ""
    shown: tuple[str, ...] = ()
    halves: bool = False

    @property
    def heads(self) -> list[str]:
        """The headings that are printed."""
        return list(self.shown) or [str(name) for name in self.frame.columns]

    def cells(self) -> list[list[str]]:
        """The rows as they are read."""
        return [[self._cell(name, row[name]) for name in self.heads] for row in self.frame.to_dict("records")]

    def printed(self) -> list[list[str]]:
        """Headings and rows as they stand on paper: a long table of few columns in two halves."""
        heads, cells = self.heads, self.cells()
        if not self.halves:
            return [heads, *cells]
        half = -(-len(cells) // 2)
        right = [*cells[half:], *([[""] * len(heads)] * (2 * half - len(cells)))]
        return [heads * 2, *(left + other for left, other in zip(cells[:half], right, strict=True))]

    def _cell(self, column: str, value: object) -> str:
        if column not in self.units or isinstance(value, str):
            return str(value)
        text = number(float(value), self.units[column])  # type: ignore[arg-type]
        return "" if text == "none" else text

    def csv(self) -> bytes:
        """The values as a file."""
        return self.frame.to_csv(index=False, lineterminator="\n").encode()


@dataclass(frozen=True)
class Part:
    """A section: its heading, paragraphs, tables, and pictures by name."""

    name: str
    title: str
    paragraphs: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    pictures: tuple[str, ...] = ()
    text: str = ""
