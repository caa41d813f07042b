"""An empty sheet to fill in: a column a fact, a line of explanation each, lists to choose from."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from guidelines.case.fields import FIELDS, YES_NO, cite
from guidelines.manual import CATEGORIES
from sim.base.errors import SimulationError
from sim.base.files import write_file
from sim.records.excel import library
from sim.records.source import REMARK

PARTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("client", "Client and Manual", ("case_id", "sentenced_on", "manual_edition", "amendments")),
    ("drugs", "Drugs and base level (§2D1.1)", ("drugs", "base_offense_level", "quantity_is_minimum")),
    ("adjustments", "Adjustments (Chapters Two and Three)",
     ("adjustments", "mitigating_role", "other_group_level", "acceptance", "total_offense_level")),
    ("history", "Criminal history (Chapter Four)",
     ("criminal_history_points", "status_points", "criminal_history_category", "zero_point_offender_excluded",
      "career_offender")),
    ("range", "Range and statute (Chapter Five)",
     ("statutory_minimum_months", "statutory_maximum_months", "safety_valve", "guideline_range_months")),
    ("sentence", "Sentence",
     ("imposed_term_months", "consecutive_term_months", "substantial_assistance", "below_minimum_authority")),
    ("release", "Release", ("sentence_began_on", "jail_credit_days", "order_effective_on")),
)  # fmt: skip
"""Id, heading and fields of what most files hold, in the order of §1B1.1; others are read all the same."""
DRUG = (
    ("drug", "the drug by any common name, such as heroin, crack, meth (actual)"),
    ("quantity", "how much, such as 1.2 kg or 280 g"),
)
DRUGS = 3
"""Drugs the sheet has columns for; more go into a column ``drugs``."""
CHOICES = {"criminal_history_category": CATEGORIES, "acceptance": ("0", "-2", "-3"),
           "mitigating_role": ("0", "-2", "-3", "-4"), "status_points": ("0", "1", "2")}  # fmt: skip
"""Values to choose from."""
ROWS = 500
"""Rows the lists to choose from reach down to."""


def columns() -> list[tuple[str, str, Sequence[str]]]:
    """Name, explanation and choices of each column, in the order of §1B1.1."""
    made: list[tuple[str, str, Sequence[str]]] = []
    for name in (name for *_, names in PARTS for name in names):
        if name == "drugs":
            for number in range(1, DRUGS + 1):
                end = f" {number}" if number > 1 else ""
                made += [(f"{part}{end}", told, ()) for part, told in DRUG]
            continue
        known = FIELDS[name]
        choices = CHOICES.get(known.name, ("yes", "no") if known.accepted == YES_NO else ())
        accepted = "yes or no" if known.accepted == YES_NO else known.accepted
        told = f"{known.meaning} ({cite(known.section)}): {accepted}"
        made.append((known.name.replace("_", " "), told, choices))
    return made


def template(ending: str, file: str = "template") -> bytes:
    """The sheet as a file."""
    if ending == ".csv":
        made = io.StringIO()
        writer = csv.writer(made)
        writer.writerow([name for name, *_ in columns()])
        writer.writerow([f"{REMARK}{told}" if at == 0 else told for at, (_, told, _) in enumerate(columns())])
        return b"\xef\xbb\xbf" + made.getvalue().encode()
    if ending == ".xlsx":
        return _excel(file)
    raise SimulationError(f"{file}: a template is a file ending in .csv or .xlsx")


def _excel(file: str) -> bytes:
    library(file)
    styles, validation = import_module("openpyxl.styles"), import_module("openpyxl.worksheet.datavalidation")
    letters = import_module("openpyxl.utils").get_column_letter
    book = import_module("openpyxl").Workbook()
    sheet: Any = book.active
    sheet.title = "Clients"
    for at, (name, told, choices) in enumerate(columns(), start=1):
        heading, note = sheet.cell(1, at, name), sheet.cell(2, at, f"{REMARK}{told}" if at == 1 else told)
        heading.font = styles.Font(bold=True)
        heading.alignment = note.alignment = styles.Alignment(wrap_text=True, vertical="top")
        note.font = styles.Font(italic=True, size=9)
        sheet.column_dimensions[letters(at)].width = 18
        reach = f"{letters(at)}3:{letters(at)}{ROWS}"
        if choices:
            check = validation.DataValidation("list", formula1=f'"{",".join(choices)}"', allow_blank=True)
            check.add(reach)
            sheet.add_data_validation(check)
        elif name.endswith("range months"):
            for row in sheet[reach]:
                row[0].number_format = "@"  # else Excel makes a date of 10-12
    sheet.freeze_panes = "B3"
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def write_template(file: str) -> None:
    """Write the sheet; a file that is there stays."""
    path = Path(file)
    content = template(path.suffix.lower(), file)
    if os.path.lexists(path):
        raise SimulationError(f"{file}: is there already; give another name")
    write_file(path, content)
