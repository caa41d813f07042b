"""The memorandum as a Word document, through python-docx (the extra `word`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

from sim.base.errors import SimulationError
from sim.output.memo.content import Part, Table

INCHES = 6.0
NO_DATE = datetime(2000, 1, 1)
"""What the document says instead of the hour it was made: the same memorandum has the same bytes."""


def word(parts: list[Part], title: str, pictures: Mapping[str, bytes]) -> bytes:
    """The document; `pictures` are PNG files by name.

    Raises
    ------
    SimulationError
        python-docx is not installed.
    """
    try:
        from docx import Document
        from docx.shared import Inches, Pt
    except ImportError:
        raise SimulationError(
            "Word documents need python-docx: pip install 'drugs-minus-two[word]', or leave them out with "
            "--no-word"
        ) from None
    document = Document()
    document.core_properties.title = title
    document.core_properties.author = "Drugs Minus Two"
    document.core_properties.created = document.core_properties.modified = NO_DATE
    document.styles["Normal"].font.size = Pt(10)
    document.add_heading(title, 0)
    for part in parts:
        document.add_heading(part.title, 1)
        for text in part.paragraphs:
            document.add_paragraph(text)
        for text in part.listed:
            document.add_paragraph(text, style="List Bullet")
        for table in part.tables:
            _table(document, table, Pt(8))
        for name in part.pictures:
            if name in pictures:
                document.add_picture(BytesIO(pictures[name]), width=Inches(INCHES))
        if part.text:
            document.add_paragraph(part.text)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _table(document: Any, held: Table, size: Any) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    heads = held.heads
    document.add_paragraph().add_run(held.caption).bold = True
    cells = held.cells()
    table = document.add_table(rows=1 + len(cells), cols=len(heads), style="Light List")
    for row, texts in zip(table.rows, [heads, *cells], strict=True):
        for cell, text, name in zip(row.cells, texts, heads, strict=True):
            paragraph = cell.paragraphs[0]
            paragraph.add_run(text).font.size = size
            if name in held.units:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if held.note:
        document.add_paragraph(held.note)
    else:
        document.add_paragraph()
