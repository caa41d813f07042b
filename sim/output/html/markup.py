"""Text, tables and lists as HTML; everything that comes from outside is escaped here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from sim.base.text import visible

_PERCENT = re.compile(r"(?<=\d) %")


@dataclass(frozen=True)
class Html:
    """Markup that is put into a page as it is."""

    text: str


def safe(value: object) -> str:
    """Text for a page: escaped, and without what a browser would obey."""
    if isinstance(value, Html):
        return value.text
    return escape(tied(visible(value, lines=True)))


def tied(text: str) -> str:
    """Text in which no line breaks between a number and its percent sign."""
    return _PERCENT.sub("\u00a0%", text)


def mark(inside: object) -> Html | str:
    """Whether a value lies in its published band, in words and in colour; nothing where none is known."""
    if not isinstance(inside, bool):
        return ""
    return Html(
        '<span class="inside">inside</span>' if inside else '<strong class="outside">OUTSIDE</strong>'
    )


def table(
    caption: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    figures: Iterable[int] = (),
    prose: Iterable[int] = (),
    groups: bool = False,
) -> str:
    """A table whose first column names the rows.

    Parameters
    ----------
    caption
        What it shows.
    heads
        A heading for each column.
    rows
        Cells; with `groups`, a row of one cell is a heading over those that follow.
    figures
        Columns set flush right.
    prose
        Columns of sentences, which get room.
    groups
        Whether rows of one cell are headings.
    """
    kinds = [""] * len(heads)
    for places, name in ((figures, "figure"), (prose, "prose")):
        for place in places:
            kinds[place] = f' class="{name}"'
    head = "".join(
        f'<th scope="col"{kind}>{safe(name)}</th>' for name, kind in zip(heads, kinds, strict=True)
    )
    body: list[str] = []
    for row in rows:
        if groups and len(row) == 1:
            body.append("</tbody>\n<tbody>" if body else "")
            body.append(
                f'<tr><th scope="rowgroup" class="group" colspan="{len(heads)}">{safe(row[0])}</th></tr>'
            )
            continue
        first, *others = row
        cells = "".join(f"<td{kind}>{safe(cell)}</td>" for cell, kind in zip(others, kinds[1:], strict=True))
        body.append(f'<tr><th scope="row">{safe(first)}</th>{cells}</tr>')
    return (
        f'<div class="scroll"><table><caption>{safe(caption)}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>" + "\n".join(body) + "</tbody></table></div>"
    )


def items(lines: Iterable[object]) -> str:
    """A list."""
    return "<ul>" + "".join(f"<li>{safe(line)}</li>" for line in lines) + "</ul>"


def paragraph(text: object, kind: str = "") -> str:
    """A paragraph."""
    return f'<p class="{kind}">{safe(text)}</p>' if kind else f"<p>{safe(text)}</p>"


def section(name: str, title: str, *parts: str) -> str:
    """A part of the page with its heading."""
    inside = "\n".join(part for part in parts if part)
    heading = f'<h2 id="{name}-title">{safe(title)}</h2>'
    return f'<section id="{name}" aria-labelledby="{name}-title">{heading}\n{inside}\n</section>'


def folded(summary: str, inside: str) -> str:
    """What is shown when asked for; it is printed if it is open."""
    return f"<details><summary>{safe(summary)}</summary>\n{inside}\n</details>"
