"""Where the answers of a batch go: lines of JSON, a sheet, pages to print."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.commands._batch import Answered
    from sim.records.batch import Answer
    from sim.records.record import Record
    from sim.records.source import Source

DOCKET = "docket.html"
OTHERS = "other_columns"
"""Column of a sheet for what records of JSON hold beside their facts."""


@dataclass(frozen=True)
class Shape:
    """What is made of each answer, in whatever process.

    Attributes
    ----------
    columns
        Columns handed through to a sheet; None where lines of JSON are wanted.
    made_on
        The day on the pages; None where none are wanted.
    """

    columns: tuple[str, ...] | None
    made_on: date | None

    def __call__(self, number: int, record: Record, answer: Answer) -> tuple[Any, tuple[str, str] | None]:
        """The line or the cells, and the name and text of the page."""
        from sim.records.batch import as_line, as_object

        if self.columns is None:
            out: Any = as_line(record, answer)
        else:
            from sim.output.cases.sheet import row

            extra = {OTHERS: record.extra or None} if self.columns == (OTHERS,) else record.extra
            out = row(as_object(record, answer), extra, self.columns)
        return out, self._page(number, record, answer)

    def _page(self, number: int, record: Record, answer: Answer) -> tuple[str, str] | None:
        if self.made_on is None or "error" in answer:
            return None
        from sim.output.cases.page import page

        read_as = map(str, record.readings)
        return page_name(number, answer["case_id"]), page(
            answer, record.facts, made_on=self.made_on, read_as=read_as
        )


def page_name(number: int, case_id: Any) -> str:
    """The file of a client's page: the line, and as much of the name as any file system takes.

    >>> page_name(7, "U.S. v. O'Neil/2"), page_name(8, None)
    ('0007-u-s-v-o-neil-2.html', '0008.html')
    """
    slug = re.sub(r"[^a-z0-9]+", "-", str("" if case_id is None else case_id).lower())[:40].strip("-")
    return f"{number:04}{'-' if slug else ''}{slug}.html"


class Writer:
    """Takes the shaped answers, block by block."""

    def __init__(self, shape: Shape, put: Callable[[list[Any]], None], folder: Path | None) -> None:
        self.shape = shape
        self.docket = folder is not None
        self._put, self._folder = put, folder
        self.last: Answered | None = None

    def put(self, shaped: Sequence[tuple[Any, tuple[str, str] | None]], told: Answered) -> None:
        """Write one block."""
        self._put([out for out, _ in shaped])
        self.last = told
        if self._folder is not None:
            for _, made in shaped:
                if made is not None:
                    (self._folder / made[0]).write_text(made[1], encoding="utf-8")


@contextmanager
def answers_written(output: str | None, pages: str | None, source: Source, file: str) -> Iterator[Writer]:
    """Where answers go; every file and the folder are there whole in the end, or not at all.

    `output` is a file or standard output, `pages` the folder for the docket and the pages; no answer may
    replace the `file` that is read, and its extra columns are handed through to a sheet.
    """
    ending = Path(output or "").suffix.lower()
    extra = tuple(
        name for name, place in zip(source.columns, source.places, strict=True) if place.kind == "extra"
    )
    columns = (extra if source.columns else (OTHERS,)) if ending in (".csv", ".xlsx") else None
    with ExitStack() as stack:
        folder = None if pages is None else stack.enter_context(_pages(pages))
        shape = Shape(columns, None if folder is None else date.today())
        put = (
            _quiet
            if output is None and folder
            else stack.enter_context(_target(output or "-", ending, columns, file))
        )
        writer = Writer(shape, put, folder)
        writer.docket = folder is not None or output is not None
        yield writer
        if folder is not None and shape.made_on is not None:
            docket = _docket_page(writer, shape.made_on, source.name)
            (folder / DOCKET).write_text(docket, encoding="utf-8")


def _quiet(shaped: list[Any]) -> None:
    """Pages alone were asked for."""


@contextmanager
def _target(
    output: str, ending: str, columns: tuple[str, ...] | None, file: str
) -> Iterator[Callable[[list[Any]], None]]:
    from sim.base.files import text_written, written

    if columns is None:
        with text_written(output, [file]) as target:
            yield lambda lines: print("\n".join(lines), file=target)
        return
    from sim.output.cases.sheet import HEADINGS, WIDTHS

    if ending == ".csv":
        with text_written(output, [file]) as target:
            target.write("\ufeff")  # Excel reads UTF-8 only with this mark
            writer = csv.writer(target, lineterminator="\n")
            writer.writerow([*HEADINGS, *columns])
            yield writer.writerows
        return
    from sim.records.excel import Sheet

    with written(output, [file]) as place:
        sheet = Sheet(output, [*HEADINGS, *columns], WIDTHS)
        try:
            yield sheet.add
        finally:  # where something failed too: a sheet left open complains when it is collected
            content = sheet.content()
        place.write(content)


@contextmanager
def _pages(pages: str) -> Iterator[Path]:
    from sim.base.folders import refuse_others, replaced

    def check(held: Path) -> None:
        made = re.compile(rf"{DOCKET}|\d{{4,}}(-[a-z0-9-]+)?\.html")
        earlier = (held / DOCKET).is_file()
        refuse_others(pages, held, "docket", lambda name: made.fullmatch(name) is not None, earlier)

    with replaced(pages, check) as new:
        yield new


def _docket_page(writer: Writer, made_on: date, name: str) -> str:
    from sim.output.cases.docket import ERROR, Docket, Entry, page
    from sim.output.html.markup import Html, safe

    def link(one: Entry) -> Html | str:
        if one.kind == ERROR:
            return one.name
        return Html(f'<a href="{page_name(one.line, one.case_id)}">{safe(one.name)}</a>')

    docket = writer.last.docket if writer.last is not None else None
    return page(docket or Docket(), made_on=made_on, source=name, link=link)
