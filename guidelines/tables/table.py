"""One table file: rows of text with their source, and the reader that says what is wrong with a file."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from guidelines.errors import BrokenTable, UnknownName, UnverifiedFigure, nearest

TYPE_CHECKING = False  # true to type checkers; `typing` and `dataclasses` take as long as Python to start
if TYPE_CHECKING:
    from typing import Any, NoReturn

LIFE = 9996
"""Life as a number of months: the Commission's own code in range fields. Larger than any finite term."""

CERTAINTY = (
    "read",
    "two sources",
    "derived",
    "inferred",
    "read in part",
    "secondary",
    "read; start date not traced",
    "read; start date unverified",
    "unverified",
)
"""How sure a figure of law is. ``secondary`` (others than the Commission or the statute tell it) is said
where it is used; ``unverified`` figures are shown but never used as a default."""

HEADER = ("title", "section", "unit", "source", "certainty")


class Table:
    """One table file: rows of text with their source. It cannot be changed.

    Attributes
    ----------
    name, effective_from
        Table and begin date of the edition (empty for published statistics).
    meta
        The ``# key: value`` lines; ``note`` is a tuple.
    rows
        One read-only mapping of column to text a row.
    path
        The file; an amended table keeps the path of the edition it came from.
    columns
        Their names, in order.
    """

    name: str
    effective_from: str
    meta: Mapping[str, Any]
    rows: tuple[Mapping[str, str], ...]
    path: Path
    columns: tuple[str, ...]

    def __init__(
        self,
        name: str,
        effective_from: str,
        meta: Mapping[str, Any],
        rows: tuple[Mapping[str, str], ...],
        path: Path,
        columns: tuple[str, ...],
    ) -> None:
        self.__dict__.update(
            name=name, effective_from=effective_from, meta=meta, rows=rows, path=path, columns=columns
        )

    def __setattr__(self, name: str, value: object) -> NoReturn:
        """Refuse."""
        raise AttributeError(f"{self!r} cannot be changed")

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.rows)

    def __iter__(self) -> Iterator[Mapping[str, str]]:
        """The rows, in order."""
        return iter(self.rows)

    def __repr__(self) -> str:
        """One line for a person to read."""
        return f"<Table {self.label}: {len(self.rows)} rows, {self.meta['title']}>"

    @property
    def label(self) -> str:
        """Name and edition, as used in messages."""
        return f"{self.name} {self.effective_from}".strip()

    @property
    def section(self) -> str:
        """The section of the Manual or the statute."""
        return str(self.meta["section"])

    def column(self, name: str) -> list[str]:
        """One column as text.

        Raises
        ------
        UnknownName
            The table has no such column.
        """
        if name not in self.columns:
            raise UnknownName(f"{self.label}: no column {name!r}; {nearest(name, self.columns)}")
        return [row[name] for row in self.rows]

    def select(self, **keys: object) -> tuple[Mapping[str, str], ...]:
        """All rows whose columns equal the given values (compared as text)."""
        for name in keys:
            self.column(name)
        wanted = {name: str(value) for name, value in keys.items()}
        return tuple(row for row in self.rows if all(row[name] == value for name, value in wanted.items()))

    def row(self, **keys: object) -> Mapping[str, str]:
        """The one row whose columns equal the given values.

        Raises
        ------
        UnknownName
            No row, or more than one; the nearest value of the first key is named.
        """
        found = self.select(**keys)
        if len(found) == 1:
            return found[0]
        asked = ", ".join(f"{name} {value}" for name, value in keys.items())
        if found:
            raise UnknownName(
                f"§{self.section} ({self.label}): {len(found)} rows with {asked}; give more keys"
            )
        name, value = next(iter(keys.items()))
        raise UnknownName(
            f"§{self.section} ({self.label}): no row with {asked}; {nearest(str(value), self.column(name))}"
        )

    def figure(self, column: str = "value", **keys: object) -> int:
        """A whole number of the one matching row, ``life`` as `LIFE`; unverified rows are refused.

        Raises
        ------
        UnverifiedFigure
            The row's certainty is ``unverified``.
        """
        row = self.row(**keys)
        certain(row, self)
        return months(row[column]) if row[column] == "life" else int(row[column])

    @cached_property
    def verified(self) -> tuple[Mapping[str, str], ...]:
        """The rows, after a check that none of them is unverified: what defaults are built from."""
        for row in self.rows:
            certain(row, self)
        return self.rows

    def replaced(self, rows: tuple[Mapping[str, str], ...]) -> Table:
        """The same table with other rows: an amended edition."""
        return Table(self.name, self.effective_from, self.meta, rows, self.path, self.columns)


def certain(row: Mapping[str, str], table: Table) -> None:
    """Refuse a row that nobody has verified."""
    if row.get("certainty", table.meta["certainty"]) == "unverified":
        told = ", ".join(value for value in list(row.values())[:3] if value)
        raise UnverifiedFigure(f"§{table.section} ({table.label}): {told} is unverified and feeds no default")


def months(text: str) -> int:
    """Months of a table cell; ``life`` is `LIFE`."""
    return LIFE if text == "life" else int(text)


def read_table(path: Path, name: str) -> Table:
    """Read one table file."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as broken:
        raise BrokenTable(f"{path.name} of {name} cannot be read: {broken}") from broken
    meta: dict[str, Any] = {}
    notes = []
    body = 0
    while body < len(lines) and lines[body].startswith("#"):
        key, colon, value = lines[body].lstrip("# ").partition(": ")
        if not colon:
            raise BrokenTable(
                f"{path.name} of {name}, line {body + 1}: not '# key: value' but {lines[body]!r}"
            )
        if key == "note":
            notes.append(value)
        else:
            meta[key] = value
        body += 1
    missing = [key for key in HEADER if not meta.get(key)]
    if missing:
        raise BrokenTable(f"{path.name} of {name}: the header lacks {', '.join(missing)}")
    meta["note"] = tuple(notes)
    reader = csv.reader(lines[body:], strict=True)
    try:
        columns = tuple(next(reader, ()))
        rows = []
        for cells in reader:
            if len(cells) != len(columns):
                raise BrokenTable(
                    f"{path.name} of {name}, line {body + reader.line_num}: "
                    f"{len(cells)} cells under {len(columns)} columns"
                )
            rows.append(MappingProxyType(dict(zip(columns, cells, strict=True))))
    except csv.Error as broken:
        raise BrokenTable(f"{path.name} of {name}, line {body + reader.line_num}: {broken}") from broken
    if not columns or len(set(columns)) < len(columns):
        raise BrokenTable(f"{path.name} of {name}: column names missing or doubled: {', '.join(columns)}")
    return Table(
        name, str(meta.get("effective_from", "")), MappingProxyType(meta), tuple(rows), path, columns
    )
