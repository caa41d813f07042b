"""The answer to a case as one self-contained page: no outside request, prints well, light and dark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

STYLE = """
:root { color-scheme: light dark; --line: #999; --soft: #f3f3f0; --ink: #1a1a1a; --paper: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --line: #777; --soft: #2a2a2a; --ink: #eee; --paper: #161616; }
}
body { font: 1rem/1.5 Georgia, serif; color: var(--ink); background: var(--paper);
  max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin-bottom: 0; } h2 { font-size: 1.15rem; margin: 1.6rem 0 .4rem; }
.decision { border: 1px solid var(--line); border-left-width: .4rem; padding: .6rem 1rem;
  background: var(--soft); }
.decision h2 { margin: 0; } .decision p { margin: .3rem 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .95rem; }
caption { text-align: left; font-style: italic; padding-bottom: .3rem; }
th, td { text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top; }
td.figure, th.figure { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
th[scope=row] { font-weight: normal; }
.changed { font-weight: bold; }
@media print {
  :root { --line: #999; --soft: #fff; --ink: #000; --paper: #fff; }
  body { margin: 0; max-width: none; font-size: 10.5pt; }
  tr, .decision { break-inside: avoid; } h2 { break-after: avoid; }
}
"""


def page(answer: Mapping[str, Any]) -> str:
    """The page of one answer."""
    from guidelines.case.decision import sentence

    edition = answer["edition"]
    name = f"Case {answer['case_id']}" if answer["case_id"] else "Case"
    used = f"Quantity table of {edition['original']}"
    if edition["amended"]:
        used += f", amended as of {edition['amended']}"
    decision = [f"<p>{escape(sentence(answer))}</p>"]
    if answer["code"]:
        decision.append(f"<p>Code: <code>{escape(answer['code'])}</code></p>")
    if answer["other_codes"]:
        decision.append(f"<p>Also true: <code>{escape(', '.join(answer['other_codes']))}</code></p>")
    body = [
        f"<h1>{escape(name)}</h1>",
        f"<p>{escape(used)}</p>",
        *(f"<p><strong>Warning:</strong> {escape(one)}</p>" for one in answer["warnings"]),
        '<section class="decision" aria-labelledby="decision"><h2 id="decision">Decision</h2>',
        *decision,
        "</section>",
        "<h2>Worksheet</h2>",
        _worksheet(answer["worksheet"]),
        *_dates(answer["release"]),
        *_items("Assumed, since the record does not say", answer["assumed"]),
        *_items("Missing", answer["missing"]),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(name)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(body)
        + "\n</main>\n</body>\n</html>\n"
    )


def _worksheet(lines: Iterable[Mapping[str, Any]]) -> str:
    from sim.output.cases.text import shown

    rows = []
    for line in lines:
        step = line["step"].removesuffix("_months").replace("_", " ")
        old, new = shown(line["original"]), shown(line["amended"])
        changed = " changed" if "-" not in (old, new) and old != new else ""
        rows.append(
            f'<tr><th scope="row">{escape(step)}</th><td>{escape(line["section"])}</td>'
            f'<td class="figure">{escape(old)}</td><td class="figure{changed}">{escape(new)}</td>'
            f"<td>{escape(line['unit'])}</td><td>{escape(line['note'])}</td></tr>"
        )
    return _table(
        "Each step with its section, before and after the amendment",
        ("Step", "Section", "Original", "Amended", "Unit", "Why"),
        rows,
    )


def _dates(release: Mapping[str, Any]) -> list[str]:
    from sim.output.cases.text import shown

    rows = []
    for name, dates in release.items():
        if dates is None:
            continue
        told = (
            dates["full_term_date"] or "life",
            shown(dates["good_conduct_time_days"]),
            dates["release_date"] or "life",
        )
        cells = "".join(f'<td class="figure">{escape(cell)}</td>' for cell in told)
        which = "Term as it is" if name == "original" else "Reduced to the lowest term"
        rows.append(f'<tr><th scope="row">{which}</th>{cells}</tr>')
    if not rows:
        return []
    heads = ("", "Full term", "Good time, days", "Release")
    return ["<h2>Release</h2>", _table("Dates with good conduct time", heads, rows)]


def _table(caption: str, heads: Iterable[str], rows: Iterable[str]) -> str:
    figures = {"Original", "Amended", "Full term", "Good time, days", "Release"}
    head = ""
    for name in heads:
        kind = ' class="figure"' if name in figures else ""
        head += f'<th scope="col"{kind}>{escape(name)}</th>' if name else "<td></td>"
    return (
        f'<div class="scroll"><table><caption>{escape(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n'
        "<tbody>\n" + "\n".join(rows) + "\n</tbody></table></div>"
    )


def _items(title: str, items: Iterable[str]) -> list[str]:
    listed = [f"<li>{escape(item)}</li>" for item in items]
    return [f"<h2>{title}</h2>", "<ul>", *listed, "</ul>"] if listed else []
