"""The memorandum as a Word document, through python-docx (the extra `word`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

from sim.base.errors import SimulationError
from sim.output.memo.content import Part, Table

TEXT, MARGIN = 6.9, 0.8
"""Inches of a line, which pictures fill, and of the margins."""
LETTER = 0.066
"""Inches of a letter in a table, on average."""
LONGEST = 30
"""Letters of a cell that stand on one line where there is room."""
HEAD_ALONE = {"val": "0620", "firstColumn": "0", "noHBand": "1"}
"""What of the table's style is used: bold heads, no bold names of rows, no grey bands."""
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
    paper = document.sections[0]
    paper.left_margin = paper.right_margin = paper.top_margin = paper.bottom_margin = Inches(MARGIN)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(9.5)
    normal.paragraph_format.space_after = Pt(5)
    document.add_paragraph("Impact memorandum")
    document.add_heading(title, 0)
    for part in parts:
        document.add_heading(part.title, 1)
        for text in part.paragraphs:
            document.add_paragraph(text).paragraph_format.keep_with_next = bool(part.tables)
        for table in part.tables:
            _table(document, table)
        for name in part.pictures:
            if name in pictures:
                document.add_picture(BytesIO(pictures[name]), width=Inches(TEXT))
        if part.text:
            run = document.add_paragraph().add_run(part.text)
            run.font.name, run.font.size = "Courier New", Pt(7)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _table(document: Any, held: Table) -> None:
    """A table with its caption: narrow columns of figures, a head that comes again on every page."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Inches, Pt

    caption = document.add_paragraph()
    caption.add_run(held.caption).bold = True
    caption.paragraph_format.keep_with_next = True
    caption.paragraph_format.space_before, caption.paragraph_format.space_after = Pt(8), Pt(2)
    lines = held.printed()
    table = document.add_table(rows=len(lines), cols=len(lines[0]), style="Light Shading")
    table.autofit = False
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    for name, value in HEAD_ALONE.items():
        look.set(qn(f"w:{name}"), value)
    flush = [name in held.units for name in held.heads] * (len(lines[0]) // len(held.heads))
    widths = [Inches(width) for width in _widths(lines)]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for place, (row, texts) in enumerate(zip(table.rows, lines, strict=True)):
        known = row._tr.get_or_add_trPr()
        for mark in ("w:cantSplit", *(["w:tblHeader"] if place == 0 else [])):
            known.append(known.makeelement(qn(mark), {}))
        for cell, text, width, right in zip(row.cells, texts, widths, flush, strict=True):
            cell.width = width
            (paragraph,) = cell.paragraphs
            paragraph.paragraph_format.space_after = Pt(0)
            paragraph.add_run(text).font.size = Pt(7.5)
            if right:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    note = document.add_paragraph(held.note)
    note.paragraph_format.space_before = Pt(2)


def _widths(lines: list[list[str]]) -> list[float]:
    """Inches of each column: what its longest cell and the longest word of its head need, all on one line."""
    needed = []
    for head, *cells in zip(*lines, strict=True):
        longest = max([len(cell) for cell in cells], default=0)
        needed.append(LETTER * (max([min(longest, LONGEST), *map(len, head.split())]) + 1) + 0.17)
    spare = max(0.0, TEXT - sum(needed))
    long = [max(map(len, column)) > LONGEST for column in zip(*lines, strict=True)]
    shared = [spare / sum(long) if wide else 0.0 for wide in long]
    squeezed = min(1.0, TEXT / sum(needed))
    return [squeezed * width + more for width, more in zip(needed, shared, strict=True)]
