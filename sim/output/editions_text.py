"""Which editions of the law are held, as text or JSON."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping, Sequence

from guidelines import tables
from sim.output.table_text import cite

WIDTH = 110


def all_editions(as_json: bool) -> str:
    """Every law table with its first and its newest edition, then what is not held."""
    rows = [_summary(name) for name in tables.law_tables()]
    gaps = [dict(row) for row in tables.reference("law_not_held")]
    if as_json:
        return _json({"tables": rows, "not_held": gaps})
    columns = ("table", "section", "held from", "editions", "newest", "by")
    lines = [*_aligned(columns, rows), "", "Not held:"]
    for gap in gaps:
        days = f" ({gap['from'] or '...'} to {gap['until'] or '...'})" if gap["from"] or gap["until"] else ""
        told = f"{gap['what']}{days}: {gap['why']}" + (
            f"; {gap['what_would_do']}" if gap["what_would_do"] else ""
        )
        lines += textwrap.wrap(told, WIDTH, initial_indent="  ", subsequent_indent="    ")
    return "\n".join(lines) + "\n"


def editions_of(name: str, as_json: bool) -> str:
    """Every edition of one table: the day it begins, the amendment that made it, and where it was read.

    Raises
    ------
    guidelines.errors.UnknownTable
        No such table; the nearest name is given.
    """
    rows = [
        {
            "from": begin,
            "by": str(meta.get("amended_by", "")),
            "certainty": str(meta["certainty"]),
            "lines": str(len(tables.edition(name, begin))),
            "read in": str(meta["source"]),
        }
        for begin in tables.editions(name)
        for meta in [tables.edition(name, begin).meta]
    ]
    if as_json:
        return _json(rows)
    newest = tables.edition(name, tables.editions(name)[-1])
    return (
        "\n".join([f"{newest.meta['title']}, {cite(newest.section)}", "", *_aligned(tuple(rows[0]), rows)])
        + "\n"
    )


def _summary(name: str) -> dict[str, str]:
    begins = tables.editions(name)
    newest = tables.edition(name, begins[-1])
    return {
        "table": name,
        "section": cite(newest.section),
        "held from": begins[0],
        "editions": str(len(begins)),
        "newest": begins[-1],
        "by": str(newest.meta.get("amended_by", "")),
    }


def _aligned(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> list[str]:
    """Columns under their names, the last one cut to the screen."""
    widths = {name: max(len(name), *(len(row[name]) for row in rows)) for name in columns}
    widths["section"] = min(widths.get("section", 0), 24)
    told = []
    for row in [dict(zip(columns, columns, strict=True)), *rows]:
        cells = [
            textwrap.shorten(row[name], widths[name], placeholder="…").ljust(widths[name]) for name in columns
        ]
        told.append("  ".join(cells)[:WIDTH])
    return [line.rstrip() for line in told]


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
