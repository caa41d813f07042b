"""Published figures by their codes: a page with a row for each, and links to it where a page names one."""

from __future__ import annotations

import re
from collections import Counter
from html import escape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.nodes import make_refnode

from generate.text import page, plain
from guidelines import tables

PAGE = "_generated/figures"
CODED = (
    "calibration_targets", "precedents", "custody_and_costs", "exante_impact", "outcome_motions",
    "later_changes", "legal_events", "assumptions", "ussc_marginals", "admissions_flow", "stock_parameters",
)  # fmt: skip
"""Tables of published statistics whose rows are called by a code, such as T09."""
CODE = re.compile(r"\b[A-Z]\d{2,3}[a-z]?\b")


def pages() -> dict[str, str]:
    """File names and texts."""
    parts = []
    for name in CODED:
        table = tables.reference(name)
        columns = [column for column in table.columns if column != "id"]
        head = "".join(f'<th scope="col">{escape(column.replace("_", " "))}</th>' for column in columns)
        first = {code: place for place, code in reversed([*enumerate(table.column("id"))])}
        rows = "".join(
            f"<tr{_anchor(row['id']) if first[row['id']] == place else ''}>"
            f'<th scope="row">{escape(row["id"])}</th>'
            + "".join(f"<td>{escape(row[column])}</td>" for column in columns)
            + "</tr>"
            for place, row in enumerate(table)
        )
        title = str(table.meta["title"])
        parts += [
            f"## {plain(title)}",
            f"`tables/reference/{name}.csv`",
            f'```{{raw}} html\n<div class="table-wrapper"><table class="docutils"><caption>{escape(title)}'
            f'</caption><thead><tr><th scope="col">code</th>{head}</tr></thead><tbody>{rows}</tbody></table>'
            "</div>\n```",
        ]
    return {
        "figures.md": page(
            "Published figures and assumptions, by code",
            "Every figure that a page calls by a code, with its source and how sure it is.",
            *parts,
        )
    }


def _anchor(code: str) -> str:
    return f' id="{escape(code)}"' if _only(code) else ""


KNOWN = Counter(code for name in CODED for code in dict.fromkeys(tables.reference(name).column("id")))


def _only(code: str) -> bool:
    """Whether one table alone has the code; others are not linked."""
    return KNOWN[code] == 1


def link(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Make a link of every code of one table in running text; headings and code stay as they are."""
    if docname == PAGE:
        return
    for text in list(doctree.findall(nodes.Text)):
        inside: nodes.Node | None = text.parent
        while inside is not None and not isinstance(
            inside, nodes.title | nodes.literal | nodes.literal_block | nodes.reference | nodes.raw
        ):
            inside = inside.parent
        words, made, end = str(text), [], 0
        if inside is not None or not any(_only(code) for code in CODE.findall(words)):
            continue
        for found in CODE.finditer(words):
            if not _only(found[0]):
                continue
            made += [nodes.Text(words[end : found.start()])] if found.start() > end else []
            made.append(make_refnode(app.builder, docname, PAGE, found[0], nodes.Text(found[0])))
            end = found.end()
        made += [nodes.Text(words[end:])] if end < len(words) else []
        text.parent.replace(text, made)


def setup(app: Sphinx) -> dict[str, bool]:
    """Link after all references are resolved."""
    app.connect("doctree-resolved", link)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
