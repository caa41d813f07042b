"""Answers as rows of a sheet: the decision, the figures and the dates, for CSV and Excel."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from guidelines.case.decision import plain, sentence
from sim.base.text import json_text, visible
from sim.output.cases.page import open_facts
from sim.output.cases.words import figure

HEADINGS = (
    "case_id", "answer", "decision", "code", "original_range_months", "amended_range_months",
    "lowest_term_months", "comparable_term_months", "reduction_months", "projected_release",
    "projected_release_if_reduced", "would_decide", "assumed", "read_as", "problems",
)  # fmt: skip
WIDTHS = (14, 12, 60, 24, 12, 12, 10, 10, 10, 13, 13, 30, 30, 30, 30)
"""Of the columns of a sheet, in characters."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for the beginning of a formula."""


def row(answer: Mapping[str, Any], extra: Mapping[str, Any], columns: Sequence[str]) -> list[Any]:
    """The cells of one answer, under `HEADINGS` and the columns handed through.

    Parameters
    ----------
    answer, extra
        An answer with or without an error; what the record held beside its facts.
    columns
        Names of the columns of `extra` that stand at the end.
    """
    others = [_cell(extra.get(name)) for name in columns]
    read_as = "; ".join(answer.get("read_as") or ())
    if "error" in answer:
        problems = "; ".join(answer["error"]["problems"])
        cells = [answer["case_id"], "error", *[None] * (len(HEADINGS) - 4), read_as, problems]
        return [_cell(cell) for cell in cells] + others
    amended = answer["amended"] or {}
    release = answer["release"]
    cells = [
        answer["case_id"],
        {True: "eligible", False: "not eligible", None: "not decided"}[answer["eligible"]],
        sentence(answer),
        answer["code"],
        _figure(answer["original"]["guideline_range_months"]),
        _figure(amended.get("guideline_range_months")),
        answer["floor_months"],
        answer["comparable_term_months"],
        answer["reduction_months"],
        *((release[name] or {}).get("release_date") for name in ("original", "reduced")),
        "; ".join(map(plain, open_facts(answer))),
        "; ".join(answer["assumed"]),
        read_as,
        None,
    ]
    return [_cell(cell) for cell in cells] + others


def csv_text(rows: Iterable[Sequence[Any]], columns: Sequence[str] = ()) -> str:
    """The rows under their headings, as CSV."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerows([[*HEADINGS, *columns], *rows])
    return made.getvalue()


def _figure(value: Any) -> str | None:
    return None if value is None else figure(value)


def _cell(value: Any) -> Any:
    """A cell no spreadsheet takes for a formula."""
    if isinstance(value, (dict, list)):
        value = json_text(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str):
        value = visible(value)
        return f"'{value}" if value.startswith(FORMULA) else value
    return value
