"""What changed in a law table between two days, and by which amendment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from guidelines.errors import ImpossibleValue
from guidelines.tables import Table, edition, editions, iso, law

FIGURES = {
    "base_offense_level", "minimum_months", "maximum_months", "value", "points", "points_at_least", "levels",
    "floor_level", "grams_per_unit", "grams_per_dose", "offense_level", "at_most", "if_other_points_at_least",
    "minimum_months_at_least", "limits", "amount",
}  # fmt: skip
"""Columns that say how much; with the columns of `REMARKS` they are compared, the others name the line."""
KEYS = {
    "sentencing_table": ("offense_level", "criminal_history_category"),
    "mitigating_role_cap": ("rule", "mitigating_role", "base_offense_level"),
    "statutory_thresholds": ("tier", "drug", "unit", "measure"),
    "statutory_tiers": ("drug", "unit", "at_least"),
    "specific_offense_characteristics": ("section", "name"),
}
REMARKS = {"certainty", "source", "condition"}
LADDER = ("drug_quantity", "drug", "at_least", "base_offense_level")


@dataclass(frozen=True)
class Change:
    """One line of a table that changed.

    Attributes
    ----------
    line
        What names the line, column to text.
    before, after
        Its figures, column to text; None where the line was not there.
    """

    line: Mapping[str, str]
    before: Mapping[str, str] | None
    after: Mapping[str, str] | None


def begun(name: str, on: str | date, until: str | date) -> list[Table]:
    """The editions of a law table that began after the first day, up to the second one, oldest first."""
    first, last = iso(on), iso(until)
    if last < first:
        raise ImpossibleValue(f"{name}: from {first} to {last} given; the earlier day first is accepted")
    return [edition(name, begin) for begin in editions(name) if first < begin <= last]


def changes(name: str, on: str | date, until: str | date) -> list[Change]:
    """The lines of a law table that differ between two days.

    The Drug Quantity Table is compared quantity by quantity: one change for each drug and stretch of
    quantities whose level differs.

    Raises
    ------
    UnknownTable, DateBeforeFirstEdition, ImpossibleValue
        No such table; both days before its first edition; days in the wrong order.

    Examples
    --------
    >>> first = changes("drug_quantity", "2013-11-01", "2014-11-01")[0]
    >>> first.line["drug"], first.line["quantity"], first.before["level"], first.after["level"]
    ('Heroin', '5-10 g', '14', '12')
    """
    begun(name, on, until)
    new = law(name, until)
    first = editions(name)[0]
    # Before its first edition a table that began within the time was not law, or is not held.
    old = law(name, on) if iso(on) >= first else edition(name, first).replaced(())
    if name == LADDER[0]:
        return _ladders(old, new)
    return _lines(old, new)


def _lines(old: Table, new: Table) -> list[Change]:
    before, after = _by_key(old), _by_key(new)
    return [
        Change(dict(key), before.get(key), after.get(key))
        for key in dict.fromkeys([*before, *after])
        if before.get(key) != after.get(key)
    ]


def _by_key(table: Table) -> dict[tuple[tuple[str, str], ...], dict[str, str]]:
    columns = [c for c in table.columns if c not in REMARKS]
    keys = KEYS.get(table.name) or tuple(c for c in columns if c not in FIGURES)
    return {tuple((c, row[c]) for c in keys): {c: row[c] for c in columns if c not in keys} for row in table}


def _ladders(old: Table, new: Table) -> list[Change]:
    out = []
    before, after = _steps(old), _steps(new)
    units = {row["drug"]: row["unit"] for table in (old, new) for row in table}
    for drug in dict.fromkeys([*before, *after]):
        was, becomes = before.get(drug, {}), after.get(drug, {})
        cuts = sorted({*was, *becomes})
        stretches: list[tuple[float, float | None, int | None, int | None]] = []
        for at, end in zip(cuts, [*cuts[1:], None], strict=True):
            pair = _level(was, at), _level(becomes, at)
            if stretches and stretches[-1][2:] == pair:
                stretches[-1] = (stretches[-1][0], end, *pair)
            else:
                stretches.append((at, end, *pair))
        for at, end, low, high in stretches:
            if low != high:
                line = {"drug": drug, "quantity": _stretch(at, end, units[drug])}
                out.append(Change(line, _said(low), _said(high)))
    return out


def _steps(table: Table) -> dict[str, dict[float, int]]:
    out: dict[str, dict[float, int]] = {}
    for row in table:
        out.setdefault(row["drug"], {})[float(row["at_least"])] = int(row["base_offense_level"])
    return out


def _level(ladder: Mapping[float, int], quantity: float) -> int | None:
    reached = [at for at in ladder if at <= quantity]
    return ladder[max(reached)] if reached else None


def _said(level: int | None) -> dict[str, str] | None:
    return None if level is None else {"level": str(level)}


def _stretch(at: float, end: float | None, unit: str) -> str:
    if end is None:
        return f"{at:,.10g} {unit} or more"
    return f"less than {end:,.10g} {unit}" if at == 0 else f"{at:,.10g}-{end:,.10g} {unit}"
