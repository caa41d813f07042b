"""The memorandum as a page that prints well."""

from __future__ import annotations

from collections.abc import Mapping

from sim.output.html.document import document
from sim.output.html.markup import paragraph, safe, section, table
from sim.output.memo.content import Part, Table
from sim.output.report.drawing import Drawings
from sim.results.results import Result

Figures = Mapping[str, tuple[Mapping[str, bytes], bytes]]
"""Files of the pictures by name: SVG as `Drawings.figure` takes them, and CSV."""

LONG = 30
"""Letters of a cell from which its column gets room for a sentence."""


def page(result: Result, parts: list[Part], title: str, pictures: Figures) -> str:
    """One HTML page that loads nothing."""
    drawings = Drawings()
    body = "\n".join(_section(part, pictures, drawings) for part in parts)
    contents = "".join(f'<li><a href="#{part.name}">{safe(part.title)}</a></li>' for part in parts)
    lead, *_ = parts[0].paragraphs
    version = result.provenance.get("version")
    return document(
        title=title,
        description=lead,
        header=paragraph("Impact memorandum", "kind") + f"<h1>{safe(title)}</h1>",
        main=f'<nav aria-label="Contents"><ul>{contents}</ul></nav>\n{body}',
        footer=paragraph(
            f"Made by Drugs Minus Two {version}. This is not a document of the Sentencing Commission."
        ),
        style=drawings.css,
    )


def _section(part: Part, pictures: Figures, drawings: Drawings) -> str:
    drawn = [drawings.figure(name, *pictures[name]) for name in part.pictures if name in pictures]
    return section(
        part.name,
        part.title,
        *(paragraph(text) for text in part.paragraphs),
        *(_table(each) for each in part.tables),
        *drawn,
        f"<pre>{safe(part.text)}</pre>" if part.text else "",
    )


def _table(held: Table) -> str:
    cells = held.cells()
    figures = [place for place, name in enumerate(held.heads) if name in held.units]
    prose = [
        place
        for place in range(1, len(held.heads))
        if any(len(row[place]) > LONG and " " in row[place] for row in cells)
    ]
    made = table(held.caption, held.heads, cells, figures=figures, prose=prose)
    made = f'<div class="halves">{made}</div>' if held.halves else made
    return made + (paragraph(held.note, "note") if held.note else "")
