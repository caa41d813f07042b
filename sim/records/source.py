"""A file of records, whatever kind it is: lines of JSON, a list in JSON, a sheet of text or of Excel."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, BinaryIO

from guidelines.case import CaseError
from sim.base.text import visible
from sim.records.excel import library
from sim.records.names import Place, Places, places_of, takes_part
from sim.records.record import MOST_FIELDS, handed_through

Entry = tuple[int, Any]
"""Number of the line, with its text or with the cells of its row."""
DELIMITERS = "\t;,"
HEAD = 65536
"""Bytes that tell what a file is."""
REMARK = "# "
"""Begins a row that is no client: the explanations of the template."""
TITLES = 5
"""Lines that are looked at for headings: a title may stand over them."""
JOINED = 50
"""Lines a quoted cell may run over; a quote left open stops nothing after them."""
LARGEST_DOCUMENT = 256 * 1024 * 1024
"""Bytes of a file that is one JSON document; lines of JSON have no limit."""
_BYTES = re.compile(r"[\udc80-\udcff]+")


@dataclass
class Source:
    """Records of a file, one after another.

    Attributes
    ----------
    name
        What messages call it.
    entries
        Line number with the text of a line, or with the cells of a row of a spreadsheet.
    columns, places
        Headings of a sheet and where they belong; empty for JSON.
    delimiter
        What stands between the cells of a line.
    notices
        How the file was read, where there was a choice; complete when the entries are through.
    stream
        What the entries come from, kept until they are through.
    """

    name: str
    entries: Iterator[Entry] = field(default_factory=lambda: iter(()))
    columns: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    delimiter: str = ","
    notices: list[str] = field(default_factory=list)
    stream: Any = None


@contextmanager
def opened(path: str, places: Places = places_of) -> Iterator[Source]:
    """Open a file, or standard input for ``-``; what it is follows from what stands in it.

    `places` says where headings belong: those of records of cases, or of another table. CaseError where
    there are no records in it, and for a sheet without headings, with a slip in one, or with one twice.
    """
    if path == "-":
        yield source(sys.stdin.buffer, "standard input", places)
        return
    with open(path, "rb") as stream:
        yield source(stream, path, places)


def source(stream: BinaryIO, name: str, places: Places = places_of) -> Source:
    """The records of a stream of bytes; see `opened`."""
    out = Source(name)
    buffered = io.BufferedReader(stream, HEAD)  # type: ignore[type-var]
    out.stream = buffered
    head = buffered.peek(HEAD)
    if head.startswith(b"PK\x03\x04"):
        return _spreadsheet(buffered, out, places)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise CaseError([f"{name}: an old Excel file (.xls); save it as .xlsx or as CSV"])
    encoding = _encoding(head, out)
    broken = "surrogateescape" if encoding == "utf-8-sig" else "replace"
    text = io.TextIOWrapper(buffered, encoding, errors=broken, newline=None)
    out.stream = text
    lines = _decoded(enumerate(text, start=1), out)
    first = next(((number, line) for number, line in lines if line.strip()), None)
    if first is None:
        raise CaseError([f"{name}: nothing in it; JSON, or a sheet with a line of headings is accepted"])
    number, line = first
    if line.lstrip()[0] not in "{[":
        titles = [line]
        for _ in range(TITLES):
            delimiter = max(DELIMITERS, key=line.count)
            columns = _headings_of(line, delimiter)
            if len(columns) > MOST_FIELDS:
                raise CaseError([f"{name}: {len(columns):,} columns; at most {MOST_FIELDS:,} are read"])
            if takes_part([cell.strip() for cell in columns], places):
                out.delimiter = delimiter
                _headings(out, columns, places)
                out.entries = _rows(lines, out)
                return out
            _, line = next(lines, (0, ""))
            titles.append(line)
        if not any(_whole_line(each) for each in titles) and not name.lower().endswith((".json", ".jsonl")):
            told = f"{name}: line {number}: no heading of it is known"
            if places is places_of:
                told += "; give lines of JSON, or a sheet as minustwo cases --template writes one"
            raise CaseError([told])
        out.entries = _json(chain([first], enumerate(titles[1:], start=number + 1), lines))
        return out
    out.entries = _json(chain([first], lines))
    return out


def _encoding(head: bytes, out: Source) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        out.notices.append(f"{out.name}: read as UTF-16")
        return "utf-16"
    if head[1:2] == b"\0" or head[:1] == b"\0":
        out.notices.append(f"{out.name}: read as UTF-16")
        return "utf-16-le" if head[1:2] == b"\0" else "utf-16-be"
    return "utf-8-sig"


def _decoded(lines: Iterable[tuple[int, str]], out: Source) -> Iterator[tuple[int, str]]:
    """Lines in which bytes that are no UTF-8 are read as Excel writes them, and said so once."""
    told = False
    for number, line in lines:
        if not line.isascii() and _BYTES.search(line):
            line = _BYTES.sub(_windows, line)
            if not told:
                out.notices.append(
                    f"{out.name}: line {number} is not UTF-8; read as Windows-1252, as Excel writes"
                )
                told = True
        yield number, line.replace("\0", "\ufffd") if "\0" in line else line


def _windows(found: re.Match[str]) -> str:
    return found[0].encode("utf-8", "surrogateescape").decode("cp1252", "replace")


def _headings(out: Source, columns: Sequence[Any], places: Places) -> None:
    names = ["" if cell is None else visible(" ".join(str(cell).split())) for cell in columns]
    while names and not names[-1]:
        names.pop()
    names = [name or f"column {at}" for at, name in enumerate(names, start=1)]
    out.columns = tuple(names)
    out.places, problems = places(names)
    if problems:
        raise CaseError(f"{out.name}: {problem}" for problem in problems)
    extra = [name for name, place in zip(names, out.places, strict=True) if place.kind == "extra"]
    if extra:
        out.notices.append(handed_through(out.name, extra))


def _rows(lines: Iterator[Entry], out: Source) -> Iterator[Entry]:
    """Rows of a sheet of text, each as the text of its lines: a quoted cell may run over several."""
    waiting: list[Entry] = []
    while True:
        entry = waiting.pop(0) if waiting else next(lines, None)
        if entry is None:
            return
        number, text = entry
        if text.count('"') % 2:
            ahead: list[Entry] = []
            joined = text
            while joined.count('"') % 2 and len(ahead) < JOINED:
                more = waiting.pop(0) if waiting else next(lines, None)
                if more is None:
                    break
                ahead.append(more)
                joined += more[1]
            if joined.count('"') % 2 == 0 and _one_row(joined, out.delimiter):
                text = joined
            else:
                waiting = ahead + waiting
        if text.strip().strip(out.delimiter).strip() and not text.lstrip('"').startswith(REMARK):
            yield number, text


def _headings_of(line: str, delimiter: str) -> list[str]:
    """Cells of a line that may be no line of a sheet at all."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _one_row(text: str, delimiter: str) -> bool:
    return len(list(csv.reader(io.StringIO(text), delimiter=delimiter))) == 1


def _json(lines: Iterator[Entry]) -> Iterator[Entry]:
    """Lines of JSON; or all lines as one document, where the first is no whole one."""
    first = next(lines)
    if _whole_line(first[1]):
        yield from (entry for entry in chain([first], lines) if entry[1].strip())
        return
    kept, size = [first], len(first[1])
    for entry in lines:
        kept.append(entry)
        size += len(entry[1])
        if size > LARGEST_DOCUMENT:
            break
    else:
        text = "".join(line for _, line in kept)
        try:
            whole = json.loads(text)
        except (ValueError, RecursionError):
            whole = None
        if isinstance(whole, (list, dict)):
            one = text if isinstance(whole, dict) else ""
            yield from ([(first[0], one)] if one else _listed(text))
            return
        if len(kept) > 1 and not any(_whole_line(line) for _, line in kept):
            yield first[0], text  # one broken document: one error, not one a line
            return
    yield from (entry for entry in chain(kept, lines) if entry[1].strip())


def _whole_line(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _listed(text: str) -> Iterator[Entry]:
    """The items of a list as texts of their own, each with the line it begins on."""
    decoder = json.JSONDecoder()
    at, line = text.index("[") + 1, 1
    counted = 0
    while True:
        while text[at] in " \t\r\n,":
            at += 1
        if text[at] == "]":
            return
        line += text.count("\n", counted, at)
        counted = at
        _, end = decoder.raw_decode(text, at)
        yield line, text[at:end]
        at = end


def _says_something(row: Sequence[Any]) -> bool:
    return any(cell not in (None, "") for cell in row) and not str(row[0]).startswith(REMARK)


def _spreadsheet(stream: Any, out: Source, places: Places) -> Source:
    """The first sheet of an Excel file that has headings."""
    book_of = library(out.name).load_workbook
    try:
        book = book_of(io.BytesIO(stream.read()), read_only=True, data_only=True)
    except Exception as broken:  # openpyxl raises what zipfile, XML parsers and itself come upon
        told = f"{out.name}: not an Excel file that can be read ({type(broken).__name__})"
        raise CaseError([told]) from None
    for sheet in book.worksheets:
        rows = enumerate(sheet.iter_rows(values_only=True), start=1)
        for _, cells in rows:
            if takes_part([str(cell).strip() for cell in cells if cell is not None], places):
                _headings(out, cells, places)
                out.entries = ((number, list(row)) for number, row in rows if _says_something(row))
                if len(book.worksheets) > 1:
                    out.notices.append(f"{out.name}: the sheet {sheet.title!r} was read")
                return out
    raise CaseError([f"{out.name}: no sheet of it has a line of known headings"])
