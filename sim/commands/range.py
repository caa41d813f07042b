"""``minustwo range``: one cell of the Sentencing Table."""

from __future__ import annotations

import json
import re

import click

from guidelines import tables
from guidelines.errors import ImpossibleValue

CATEGORIES = ("I", "II", "III", "IV", "V", "VI")


@click.command(short_help="The guideline range of an offense level and a category.")
@click.argument("level")
@click.argument("category")
@click.option("--on", metavar="DATE", help="A day, such as 2013-11-01.  [default: the latest Manual held]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(level: str, category: str, on: str | None, as_json: bool) -> None:
    """The guideline range of total offense LEVEL (1-43) and criminal history CATEGORY (I-VI or 1-6).

    Example: minustwo range 32 III --on 2013-11-01
    """
    click.echo(answer(level, category, on, as_json), nl=False)


def answer(level: str, category: str, on: str | None = None, as_json: bool = False) -> str:
    """The range of a total offense level and a criminal history category, as lines of text or as JSON.

    Raises
    ------
    ImpossibleValue
        A level outside the table, a category other than I-VI, no date, or a cell that is not held (1987).
    DateBeforeFirstEdition, ManualNotRead
        The day is before the first Manual, or under one that could not be read.
    """
    day = tables.iso(on) if on is not None else max(tables.editions("drug_quantity"))
    _refuse_unless_held(day)
    table = tables.law("sentencing_table", day)
    total, name = _level(level, day), _category(category)
    cells = table.select(offense_level=total, criminal_history_category=name)
    if not cells:
        _refuse_cell(total, name, day)
    (cell,) = cells
    zone = _zone(tables.months(cell["minimum_months"]), day)
    facts = {
        "total_offense_level": int(cell["offense_level"]),
        "criminal_history_category": cell["criminal_history_category"],
        "minimum_months": _figure(cell["minimum_months"]),
        "maximum_months": _figure(cell["maximum_months"]),
        "zone": zone,
        "on": day,
        "section": table.section,
        "edition_from": table.effective_from,
        "source": str(table.meta["source"]),
    }
    if as_json:
        return json.dumps(facts, indent=2, ensure_ascii=False) + "\n"
    return (
        f"Level {facts['total_offense_level']}, category {facts['criminal_history_category']}: "
        f"{_words(cell['minimum_months'], cell['maximum_months'])}, zone {zone}\n"
        f"Sentencing Table, {table.section}, in force on {day}\n"
        f"Source: {facts['source']}\n"
    )


def _refuse_unless_held(day: str) -> None:
    """Refuse a day before the first Manual or under one that could not be read, as `Manual.on` does."""
    if not tables.editions("drug_quantity")[0] <= day < tables.editions("unread_manual")[-1]:
        from guidelines import Manual

        Manual.on(day)


def _refuse_cell(level: int, category: str, day: str) -> None:
    """Refuse a cell that could not be verified, as `guideline_range` does."""
    from guidelines import Manual, guideline_range

    guideline_range(level, CATEGORIES.index(category) + 1, Manual.on(day))


def _level(level: str, day: str) -> int:
    limits = tables.law("offense_level_limits", max(day, tables.editions("offense_level_limits")[0]))
    least, greatest = limits.figure(rule="least"), limits.figure(rule="greatest")
    if not re.fullmatch("-?[0-9]{1,9}", level) or not least <= int(level) <= greatest:
        raise ImpossibleValue(
            f"§{limits.section}: offense level {level[:20]!r} is not in the table, {least} to {greatest}; "
            f"a total below {least} is treated as {least}, one above {greatest} as {greatest}"
        )
    return int(level)


def _category(category: str) -> str:
    if category in ("1", "2", "3", "4", "5", "6"):
        return CATEGORIES[int(category) - 1]
    if not category.isascii() or category.upper() not in CATEGORIES:
        raise ImpossibleValue(
            f"§Ch.4 Pt.A: criminal history category {category[:20]!r} is not known; I to VI or 1 to 6 are "
            "accepted"
        )
    return category.upper()


def _zone(minimum_months: int, day: str) -> str:
    """Zone of the range; the table had none before Amendment 462 of 1 November 1992."""
    if day < tables.editions("sentencing_zones")[0]:
        return "none (the table of that day has no zones)"
    begins = [
        (tables.months(row["minimum_months_at_least"]), row["zone"])
        for row in tables.law("sentencing_zones", day)
    ]
    return max(begin for begin in begins if begin[0] <= minimum_months)[1]


def _figure(cell: str) -> int | str:
    return cell if cell == "life" else int(cell)


def _words(minimum: str, maximum: str) -> str:
    if minimum == "life":
        return "life"
    return f"{minimum} months to life" if maximum == "life" else f"{minimum}-{maximum} months"
