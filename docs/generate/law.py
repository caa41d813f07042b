"""The law as the tables hold it: a page for each table with all its editions, and one for the amendments."""

from __future__ import annotations

from collections.abc import Iterator

from generate.text import facts, folded, html_table, page, plain
from guidelines import Amendment, Table, tables
from guidelines.amendments import described, encoded
from guidelines.tables.changes import changes

REMARKS = ("certainty", "source")
LESS_SURE_TITLE = "Lines that rest on less than the text"
LESS_SURE = ("secondary", "inferred", "read in part")


def pages() -> dict[str, str]:
    """File names and texts."""
    made = {f"law/{name}.md": _table(name) for name in tables.law_tables()}
    return {
        "law/index.md": _index(),
        "law/amendments.md": _amendments(),
        "law/gaps.md": _gaps(),
        "law/less_sure.md": _less_sure(),
        **made,
    }


def cite(section: str) -> str:
    """A section as one writes it."""
    return section if section.startswith(("Ch", "18 ", "21 ", "28 ")) else f"§{section}"


def _index() -> str:
    lines = []
    for name in tables.law_tables():
        begins = tables.editions(name)
        newest = tables.edition(name, begins[-1])
        many = f"{len(begins)} editions" if len(begins) > 1 else "1 edition"
        lines.append(
            f"| [{plain(newest.meta['title'])}]({name}.md) | {plain(cite(newest.section))} "
            f"| {many}, from {begins[0]} |"
        )
    names = "\n".join(["amendments", "gaps", "less_sure", *tables.law_tables()])
    return page(
        "The law, as the tables hold it",
        "Every number of law that the project uses stands in a table under `tables/law`, one file for each "
        "edition. A file says which section it encodes, where it was read and how sure that is; an edition "
        "holds from the day it begins until the next one begins. These pages are made from the files.",
        "`minustwo table NAME --on DATE` prints one as it stood on a day; `minustwo diff NAME DATE DATE` "
        "what changed and by which amendment; `guidelines.law(name, on)` gives it to a program.",
        "\n".join(["| Table | Section | Held |", "|---|---|---|", *lines]),
        "How sure a figure is: "
        + ", ".join(f"*{word}*" for word in tables.CERTAINTY)
        + ". A figure that is *unverified* is shown and never used.",
        f"```{{toctree}}\n:hidden:\n\n{names}\n```",
    )


def _table(name: str) -> str:
    begins = tables.editions(name)
    newest = tables.edition(name, begins[-1])
    parts = []
    for place in range(len(begins) - 1, -1, -1):
        parts += _edition(tables.edition(name, begins[place]), begins[place - 1] if place else "")
    about = f"{cite(newest.section)}. `minustwo table {name}` prints it; the files are `tables/law/{name}/`."
    return page(str(newest.meta["title"]), about, *parts)


def _edition(table: Table, earlier: str) -> Iterator[str]:
    yield f"## From {table.effective_from}"
    yield facts(
        {
            "section": cite(table.section),
            "amended by": str(table.meta.get("amended_by", "")),
            "unit": str(table.meta["unit"]),
            "source": str(table.meta["source"]),
            "certainty": str(table.meta["certainty"]),
            "note": "; ".join(table.meta["note"]),
        }
    )
    if earlier:
        changed = len(changes(table.name, earlier, table.effective_from))
        yield (
            f"Lines that differ from the edition before: {changed} "
            f"(`minustwo diff {table.name} {earlier} {table.effective_from}`)."
        )
    shown = [column for column in table.columns if column not in REMARKS]
    shown += [column for column in REMARKS if column in table.columns]
    rows = [[row[column] for column in shown] for row in table]
    caption = f"{table.meta['title']} from {table.effective_from}"
    named = [column.replace("_", " ") for column in shown]
    yield folded(f"{len(rows)} lines", html_table(named, rows, caption))


def _gaps() -> str:
    rows = [
        [row["what"], row["from"], row["until"], row["why"], row["what_would_do"]]
        for row in tables.reference("law_not_held")
    ]
    named = ["what", "from", "until", "why", "what would do"]
    listed = [
        [number, plain(amendment.title), amendment.not_computed]
        for number in described()
        for amendment in [Amendment.described(number)]
        if amendment.not_computed
    ]
    return page(
        "Gaps by date, and amendments from which nothing is computed",
        "The law from the first Manual of 1 November 1987 to that of 1 November 2025 is held, but for what "
        "follows. A case that needs it is refused with the reason; nothing is guessed. `minustwo editions` "
        "prints the same beside what is held.",
        html_table(named, rows, "Law that is not held"),
        "## Listed amendments from which nothing is computed",
        html_table(["amendment", "title", "why"], listed, "Listed amendments that are not computed"),
    )


def _less_sure() -> str:
    """Every line of the newest editions that rests on less than the text itself."""
    rows = []
    for name in tables.law_tables():
        for begin in tables.editions(name):
            table = tables.edition(name, begin)
            for row in table:
                sure = row.get("certainty", str(table.meta["certainty"]))
                if sure in LESS_SURE:
                    first = ", ".join(value for value in list(row.values())[:2] if value)
                    rows.append([name, begin, first, sure, row.get("source", str(table.meta["source"]))])
    return page(
        LESS_SURE_TITLE,
        "These lines are used, and where the desk uses one it says so. Each was told by others than the "
        "Commission or the statute, was read in part, or follows from lines that were read. What is not held "
        "at all stands under [what is not held](../../not-held.md).",
        html_table(
            ["table", "from", "line", "certainty", "source"], rows, "Lines that rest on less than the text"
        ),
    )


def _amendments() -> str:
    parts = []
    for number in encoded():
        amendment = Amendment.load(number)
        kinds = sorted({f"{change['table']} ({change['kind']})" for change in amendment.changes})
        parts.append(f"## Amendment {number}: {plain(amendment.title)}")
        parts.append(
            facts(
                {
                    "section": cite(amendment.section),
                    "effective from": amendment.effective_from,
                    "listed in §1B1.10(d) from": amendment.retroactive_from or "not listed",
                    "no order takes effect before": amendment.order_effective_from,
                    "written on top of": ", ".join(amendment.builds_on),
                    "changes": ", ".join(kinds),
                    "source": amendment.source,
                }
            )
        )
    return page(
        "Amendments",
        "Amendments are data: one TOML file each under `tables/law/amendments`, naming the tables and the "
        "rows they change. Applied to the Manual a person was sentenced under, only these rows change, as "
        "§1B1.10(b)(1) asks. A hypothetical amendment is a few lines of the same form; see the "
        "[recipes](../../recipes.md).",
        *parts,
    )
