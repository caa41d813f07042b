"""A datafile in any of its formats, as blocks of rows with the wanted columns alone.

Zip archives are read as a stream. Bytes are Latin-1; names of columns count in any case.
"""

from __future__ import annotations

import csv
import io
import lzma
import re
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from sim.base.errors import PopulationError, SimulationError

Text = NDArray[Any]
ROWS = 250
"""Rows of a block; no result depends on it."""
BLOCK_BYTES = 4_000_000
BLANK = ord(" ")
ENDINGS = (".zip", ".csv", ".csv.xz", ".dat", ".sav", ".sas7bdat")
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError)
_INPUT = re.compile(r"\bINPUT\b(.*?);", re.IGNORECASE | re.DOTALL)
_FIELD = re.compile(r"([A-Z_]\w*)\s+(?:\$\s*)?(\d+)(?:\s*-\s*(\d+))?", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


class Block:
    """Some rows of a file.

    Attributes
    ----------
    rows
        How many.
    """

    rows: int

    def column(self, name: str) -> Text:
        """Cells of a column as they stand there, text or bytes, shape (rows,)."""
        raise NotImplementedError

    def filled(self, names: Sequence[str]) -> tuple[NDArray[np.int64], Text]:
        """Row numbers and cells of all cells of several columns that are not blank."""
        raise NotImplementedError


class Cells(Block):
    """Rows of text cells."""

    def __init__(self, rows: list[tuple[str, ...]], place: Mapping[str, int]) -> None:
        self.rows, self._rows, self._place = len(rows), rows, place

    def column(self, name: str) -> Text:
        """Cells of a column, shape (rows,)."""
        place = self._place[name]
        return np.array([row[place] for row in self._rows])

    def filled(self, names: Sequence[str]) -> tuple[NDArray[np.int64], Text]:
        """Row numbers and cells of the cells of several columns that are not blank."""
        places = sorted(self._place[name] for name in names)
        if not places:
            return np.zeros(0, np.int64), np.zeros(0, np.str_)
        if places[-1] - places[0] + 1 == len(places):
            first, last = places[0], places[-1] + 1
            found = [(n, cell) for n, row in enumerate(self._rows) for cell in row[first:last] if cell]
        else:
            found = [(n, row[at]) for n, row in enumerate(self._rows) for at in places if row[at]]
        return np.array([n for n, _ in found], np.int64), np.array([cell for _, cell in found], np.str_)


class Lines(Block):
    """Lines of one length, shape (rows, characters)."""

    def __init__(self, table: NDArray[np.uint8], layout: Mapping[str, tuple[int, int]]) -> None:
        self.rows, self._table, self._layout = len(table), table, layout

    def column(self, name: str) -> Text:
        """Cells of a column as bytes, shape (rows,)."""
        first, last = self._layout[name]
        cut = np.ascontiguousarray(self._table[:, first - 1 : last])
        return cut.view(f"S{last - first + 1}").ravel()

    def filled(self, names: Sequence[str]) -> tuple[NDArray[np.int64], Text]:
        """Row numbers and cells of the cells of several columns that are not blank, a stretch at a time."""
        rows, cells = [np.zeros(0, np.int64)], [np.zeros(0, "S1")]
        for first, last, width in _stretches(sorted(self._layout[name] for name in names)):
            cut = np.ascontiguousarray(self._table[:, first - 1 : last]).reshape(self.rows, -1, width)
            row, place = np.nonzero((cut != BLANK).any(axis=2))
            rows.append(row)
            cells.append(np.ascontiguousarray(cut[row, place]).view(f"S{width}").ravel())
        return np.concatenate(rows), np.concatenate(cells)


def _stretches(places: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """First and last character and width of columns that stand side by side and are equally wide."""
    at = 0
    while at < len(places):
        first, last = places[at]
        width = last - first + 1
        while at + 1 < len(places) and places[at + 1] == (last + 1, last + width):
            at, last = at + 1, last + width
        yield first, last, width
        at += 1


@dataclass(frozen=True)
class Datafile:
    """An open datafile.

    Attributes
    ----------
    names
        Its columns, in capitals.
    blocks
        Reads them: wanted names in, blocks out.
    done
        Share of the file that has been read.
    """

    names: tuple[str, ...]
    blocks: Callable[[Sequence[str]], Iterator[Block]]
    done: Callable[[], float]


@contextmanager
def opened(path: Path) -> Iterator[Datafile]:
    """Open a datafile, whatever its format."""
    name = path.name.lower()
    if not path.is_file():
        raise PopulationError([f"{path}: {'a folder' if path.is_dir() else 'no such file'}"])
    if not name.endswith(ENDINGS):
        raise PopulationError([f"{path}: a datafile ends in {', '.join(ENDINGS)}"])
    try:
        with ExitStack() as stack:
            if name.endswith((".sav", ".sas7bdat")):
                yield _statistics_file(path)
            elif name.endswith(".zip"):
                yield _archived(path, stack)
            else:
                raw = stack.enter_context(path.open("rb"))
                done = _share(raw, path.stat().st_size)
                if name.endswith(".dat"):
                    yield _fixed_width(raw, _layout(path), str(path), done)
                else:
                    stream = stack.enter_context(lzma.open(raw)) if name.endswith(".xz") else raw
                    yield _separated(stream, str(path), done)
    except _BROKEN as broken:
        told = str(broken) or type(broken).__name__
        raise PopulationError([f"{path}: broken or cut short ({told}); download it again"]) from None


def _share(raw: IO[bytes], size: int) -> Callable[[], float]:
    return lambda: raw.tell() / max(size, 1)


def _archived(path: Path, stack: ExitStack) -> Datafile:
    """The datafile inside a zip, with the layout beside it there."""
    raw = stack.enter_context(path.open("rb"))
    archive = stack.enter_context(zipfile.ZipFile(raw))
    done = _share(raw, path.stat().st_size)
    members = {name.lower(): name for name in archive.namelist()}
    for lower, name in members.items():
        where = f"{path} ({name})"
        if lower.endswith(".csv"):
            return _separated(stack.enter_context(archive.open(name)), where, done)
        if lower.endswith(".dat"):
            layout = next((other for other in members if other.endswith(".sas")), None)
            if layout is None:
                raise PopulationError([f"{where}: no .sas beside it, which says where its columns are"])
            text = archive.read(members[layout]).decode("latin-1")
            return _fixed_width(
                stack.enter_context(archive.open(name)), _parsed(text, members[layout]), where, done
            )
    held = ", ".join(list(members.values())[:5]) or "nothing"
    raise PopulationError([f"{path}: no .csv and no .dat in it, but {held}"])


def _separated(stream: Any, where: str, done: Callable[[], float]) -> Datafile:
    """Comma-separated text."""
    csv.field_size_limit(sys.maxsize)
    lines = csv.reader(io.TextIOWrapper(stream, encoding="latin-1", newline=""))
    head = next(lines, [])
    if head:
        head[0] = head[0].removeprefix("\ufeff").removeprefix("ï»¿")
    names = tuple(name.strip().upper() for name in head)
    place = {name: number for number, name in enumerate(names)}

    def blocks(wanted: Sequence[str]) -> Iterator[Block]:
        order = {name: number for number, name in enumerate(wanted)}
        pick = itemgetter(*(place[name] for name in wanted), 0)  # always several, so always a tuple
        before = 1
        while True:
            some: list[tuple[str, ...]] = []
            for cells in islice(lines, ROWS):
                if len(cells) != len(names):
                    line = before + len(some) + 1
                    told = f"row {line} has {len(cells):,} cells, the first {len(names):,}"
                    raise PopulationError([f"{where}: {told}; the file is cut short or not a datafile"])
                some.append(pick(cells))
            if not some:
                return
            before += len(some)
            yield Cells(some, order)

    return Datafile(names, blocks, done)


def _layout(path: Path) -> dict[str, tuple[int, int]]:
    beside = [path.with_suffix(ending) for ending in (".sas", ".SAS")]
    found = next((each for each in beside if each.is_file()), None)
    if found is None:
        raise PopulationError([f"{path}: no {beside[0].name} beside it, which says where its columns are"])
    return _parsed(found.read_text(encoding="latin-1"), str(found))


def _parsed(program: str, where: str) -> dict[str, tuple[int, int]]:
    """First and last character of every column, by the INPUT statement of a SAS program."""
    statement = _INPUT.search(_COMMENT.sub(" ", program))
    found = _FIELD.finditer(statement.group(1)) if statement else ()
    layout = {each[1].upper(): (int(each[2]), int(each[3] or each[2])) for each in found}
    if not layout:
        raise PopulationError([f"{where}: no INPUT statement with columns, such as `INPUT AGE 620-621`"])
    return layout


def _fixed_width(
    stream: Any, layout: dict[str, tuple[int, int]], where: str, done: Callable[[], float]
) -> Datafile:
    """Lines of one length, each column at its place."""
    width = max(last for _, last in layout.values())
    first = stream.readline()
    end = len(first) - len(first.rstrip(b"\r\n"))
    if len(first) - end != width:
        told = f"lines of {len(first) - end:,} characters, the layout says {width:,}"
        raise PopulationError([f"{where}: {told}; take the .sas of the same fiscal year"])

    def blocks(wanted: Sequence[str]) -> Iterator[Block]:
        size, kept, row = width + end, first, 1
        while True:
            read = stream.read(max(BLOCK_BYTES // size, 1) * size - len(kept))
            data = kept + read
            kept = b""
            if not data:
                return
            if len(data) % size == width:  # the last line may lack its end
                data += first[width:]
            lines = np.frombuffer(data, np.uint8)
            whole = len(lines) // size
            ends = lines[: whole * size].reshape(whole, size)[:, width:]
            wrong = (ends != np.frombuffer(first[width:], np.uint8)).any(axis=1)
            if len(lines) % size or wrong.any():
                line = row + int(wrong.argmax() if wrong.any() else whole)
                told = f"line {line:,} is not {width:,} characters long"
                raise PopulationError([f"{where}: {told}; the file is cut short or another year's"])
            table = lines.reshape(whole, size)
            row += whole
            yield Lines(table, layout)

    return Datafile(tuple(layout), blocks, done)


def _statistics_file(path: Path) -> Datafile:
    """A file of SPSS or SAS."""
    try:
        import pyreadstat
    except ImportError:
        raise SimulationError(
            f"{path}: files of SPSS and SAS need pyreadstat (pip install 'drugs-minus-two[spss]'); "
            "the Commission's .csv and .dat do not"
        ) from None
    read = pyreadstat.read_sav if path.suffix.lower() == ".sav" else pyreadstat.read_sas7bdat
    try:
        _, about = read(str(path), metadataonly=True)
    except Exception as broken:  # the library raises its own kinds
        raise PopulationError([f"{path}: not a file of SPSS or SAS ({broken})"]) from None
    original = {name.upper(): name for name in about.column_names}
    share = [0.0]

    def blocks(wanted: Sequence[str]) -> Iterator[Block]:
        asked, start = [original[name] for name in wanted], 0
        while True:
            frame, _ = read(str(path), usecols=asked, row_offset=start, row_limit=10 * ROWS)
            if not len(frame):
                return
            start += len(frame)
            share[0] = start / max(about.number_rows or start, 1)
            columns = [_as_text(frame[original[name]]) for name in wanted]
            yield Cells(list(zip(*columns, strict=True)), {name: n for n, name in enumerate(wanted)})

    return Datafile(tuple(original), blocks, lambda: share[0])


def _as_text(values: Any) -> list[str]:
    return ["" if value is None or value != value else str(value) for value in values.tolist()]
