"""Law tables, and what changed in them, as text, CSV or JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from guidelines.tables import Table
    from guidelines.tables.changes import Change

WIDTH = 79
WIDEST = 48
META = ("title", "section", "unit", "certainty", "effective_from", "amended_by", "source")


def listed(as_json: bool) -> str:
    """The law tables with their editions."""
    from guidelines.tables import edition, editions, law_tables

    rows = []
    for name in law_tables():
        begins = editions(name)
        meta = edition(name, begins[-1]).meta
        section = cite(meta["section"])
        rows.append({"name": name, "section": section, "title": meta["title"], "editions": begins})
    if as_json:
        return _json(rows)
    wide = max(len(row["name"]) for row in rows)
    lines = []
    for row in rows:
        told = f"{row['title']}, {row['section']}; from {', '.join(row['editions'])}"
        indent = " " * (wide + 2)
        name, *more = wrap(told, WIDTH + 20, initial_indent=indent, subsequent_indent=indent)
        lines += [f"{row['name']:<{wide}}  {name.strip()}", *more]
    return "\n".join(lines) + "\n"


def as_text(table: Table) -> str:
    """A table for a person: its source first, then aligned columns; remarks that are the same stand once."""
    lines = _head(table)
    columns = list(table.columns)
    once = [c for c in columns if c in ("certainty", "source") and len(set(table.column(c))) == 1]
    for column in once:
        lines += wrap(f"{column} of every line: {table.column(column)[0]}", WIDTH, subsequent_indent="  ")
    shown = [c for c in columns if c not in once]
    lines.append("")
    lines += aligned(shown, [[row[c] for c in shown] for row in table])
    return "\n".join(lines) + "\n"


def as_csv_text(table: Table) -> str:
    """Every column as CSV, without the header lines."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([row[c] for c in table.columns] for row in table)
    return out.getvalue()


def as_json_text(table: Table) -> str:
    """Header and every column as JSON."""
    meta = {**dict(table.meta), "note": list(table.meta["note"])}
    return _json({"name": table.name, **meta, "rows": [dict(row) for row in table]})


def changed(
    name: str, on: str, until: str, begun: Sequence[Table], found: Sequence[Change], as_json: bool
) -> str:
    """What changed, and by which amendment."""
    by = [{"from": t.effective_from, "amended_by": t.meta.get("amended_by", "not traced")} for t in begun]
    if as_json:
        lines = [{"line": dict(c.line), "before": _plain(c.before), "after": _plain(c.after)} for c in found]
        return _json({"name": name, "on": on, "until": until, "editions": by, "changes": lines})
    head = [f"{name}: from {on} to {until}"]
    for one in by:
        head += wrap(f"  {one['from']}: {amendment(one['amended_by'])}", WIDTH, subsequent_indent="    ")
    if not found:
        same = "no edition began in between" if not begun else "the figures are the same"
        return "\n".join([*head, f"Nothing changed: {same}."]) + "\n"
    columns = list(found[0].line)
    rows = [[*c.line.values(), _said(c.before), _said(c.after)] for c in found]
    return "\n".join([*head, "", *aligned([*columns, "before", "after"], rows)]) + "\n"


def amendment(by: str) -> str:
    """What an edition was amended by, in words."""
    if not by[:1].isdigit():
        return by
    return f"{'Amendments' if ',' in by else 'Amendment'} {by}"


def cite(section: str) -> str:
    """A section as it is printed."""
    return f"§{section}" if section[:1].isdigit() and "U.S.C." not in section else section


def aligned(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Columns under their names; figures to the right; long text goes on in the lines below."""
    cells = [[wrap(cell, WIDEST) or [""] for cell in row] for row in rows]
    widths = [
        max([len(name), *(len(part) for row in cells for part in row[i])]) for i, name in enumerate(columns)
    ]
    right = [
        all(_is_figure(part) for row in cells for part in row[i]) and bool(cells) for i in range(len(columns))
    ]

    def line(parts: Sequence[str]) -> str:
        put = (
            f"{part:>{w}}" if r else f"{part:<{w}}" for part, w, r in zip(parts, widths, right, strict=True)
        )
        return "  ".join(put).rstrip()

    out = [line(columns), "  ".join("-" * w for w in widths)]
    for row in cells:
        for k in range(max(len(parts) for parts in row)):
            out.append(line([parts[k] if k < len(parts) else "" for parts in row]))
    return out


def _is_figure(cell: str) -> bool:
    return cell in ("", "life", "-") or cell.replace(".", "", 1).lstrip("-").isdigit()


def _head(table: Table) -> list[str]:
    lines = []
    for key in META:
        value = table.meta.get(key)
        if value:
            told = cite(value) if key == "section" else value
            lines += wrap(f"{key.replace('_', ' ')}: {told}", WIDTH, subsequent_indent="  ")
    for note in table.meta["note"]:
        lines += wrap(f"note: {note}", WIDTH, subsequent_indent="  ")
    return lines


def _said(figures: Mapping[str, str] | None) -> str:
    if figures is None:
        return "-"
    told = {name: value for name, value in figures.items() if value}
    if len(figures) == 1:
        return next(iter(told.values()), "")
    return ", ".join(f"{name} {value}" for name, value in told.items())


def _plain(figures: Mapping[str, str] | None) -> dict[str, str] | None:
    return None if figures is None else dict(figures)


def _json(value: Any) -> str:
    from sim.base.text import json_text

    return json_text(value, indent=2) + "\n"
