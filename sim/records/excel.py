"""Excel files, through openpyxl."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any

from sim.base.errors import SimulationError

MOST_ROWS = 1_048_576
"""Rows of a sheet of Excel."""


def library(file: str) -> Any:
    """The package openpyxl."""
    try:
        return import_module("openpyxl")
    except ImportError:
        told = f"{file}: Excel files need openpyxl: pip install 'drugs-minus-two[xlsx]'; or use .csv"
        raise SimulationError(told) from None


class Sheet:
    """A sheet that is filled row by row.

    Parameters
    ----------
    file
        What messages call it.
    headings, widths
        The first row, which stays in sight, and how wide its columns are, in characters.
    """

    def __init__(self, file: str, headings: Sequence[str], widths: Sequence[int] = ()) -> None:
        self.file = file
        self._book = library(file).Workbook(write_only=True)
        self._sheet = self._book.create_sheet("Answers")
        self._sheet.freeze_panes = "B2"
        for number, width in enumerate(widths, start=1):
            letter = import_module("openpyxl.utils").get_column_letter(number)
            self._sheet.column_dimensions[letter].width = width
        self._illegal = import_module("openpyxl.cell.cell").ILLEGAL_CHARACTERS_RE
        self._rows = 0
        self.add([headings])

    def add(self, rows: Iterable[Sequence[Any]]) -> None:
        """Add rows."""
        for cells in rows:
            self._rows += 1
            if self._rows > MOST_ROWS:
                told = f"{self.file}: a sheet of Excel holds {MOST_ROWS:,} rows; write .csv or .jsonl"
                raise SimulationError(told)
            self._sheet.append([self._illegal.sub("\ufffd", c) if isinstance(c, str) else c for c in cells])

    def content(self) -> bytes:
        """The file."""
        made = io.BytesIO()
        self._book.save(made)
        return made.getvalue()
