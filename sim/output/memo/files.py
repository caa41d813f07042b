"""The files of a memorandum: a page, a Word document, and each table as CSV."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pandas as pd

from sim.base.folders import check_writable, put, refuse_others, replaced
from sim.output.finding import tellable
from sim.output.memo.page import page
from sim.output.memo.parts import parts
from sim.output.memo.suppression import LEAST
from sim.output.memo.word import word as word_file
from sim.output.plots.catalogue import pictures
from sim.output.plots.picture import Look, csv
from sim.output.report.drawing import PAPER, PHONE
from sim.results.results import Result

PAGE, WORD, TABLES = "memo.html", "memo.docx", "tables"


def check(folder: str | Path) -> None:
    """Refuse a folder that `write` could not write into; errors as for `write`."""
    check_writable(folder, partial(_check, folder))


def write(folder: str | Path, files: Mapping[str, bytes]) -> None:
    """Write a memorandum into a folder that is new, empty, or has an earlier one, which is replaced.

    Raises
    ------
    SimulationError
        The folder holds something else.
    OSError
        No permission or no room; the folder is as it was before.
    """
    with replaced(folder, partial(_check, folder)) as new:
        for name, content in files.items():
            put(new / name, content)


def _check(folder: str | Path, place: Path) -> None:
    """Refuse what a folder holds, wherever it lies, if it is more than an earlier memorandum."""

    def ours(name: str) -> bool:
        return name in (PAGE, WORD) or re.fullmatch(rf"{TABLES}/[a-z_]+\.csv", name) is not None

    refuse_others(folder, place, "memorandum", ours, (place / PAGE).is_file())


def memo_files(
    result: Result, *, least: int | None = None, word: bool = True, record: pd.DataFrame | None = None
) -> dict[str, bytes]:
    """Names and contents of the files.

    Parameters
    ----------
    result
        A fresh run (`sim.run`).
    least
        Smallest count that is shown. Left out: `LEAST` for people of one's own, all for synthetic ones.
    word
        Whether there is a Word document too; needs the extra `word`.
    record
        Rows of `sim.studies.backtest.backtest`, to tell how the model fared before; left out if None.

    Raises
    ------
    SimulationError
        A stored result, nobody eligible, too few to be shown, or no python-docx.
    """
    result = tellable(result)
    own = bool(result.provenance.get("people"))
    content = parts(result, (LEAST if own else 0) if least is None else least, record)
    scenario = result.scenario
    title = scenario.title or scenario.name
    wanted = {name for part in content for name in part.pictures}
    if own:
        wanted = {"drug_ladder"} & wanted  # others would tell of single people
    shown = [picture for picture in pictures(result) if picture.name in wanted]
    widths = {"paper": PAPER, "wide": Look.width, "narrow": PHONE}
    drawn = {
        each.name: (
            {kind: each.svg(result, width) for kind, width in widths.items()},
            csv(each.numbers(result)),
        )
        for each in shown
    }
    files = {PAGE: page(result, content, title, drawn).encode()}
    if word:
        look = Look(PAPER, ("png",))
        png = {each.name: each.files(result, look)[f"{each.name}.png"] for each in shown}
        files[WORD] = word_file(content, title, png)
    for part in content:
        files |= {f"{TABLES}/{table.name}.csv": table.csv() for table in part.tables}
    return files
