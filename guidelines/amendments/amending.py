"""Puts amendments into a Manual: only the provisions they list change (§1B1.10(b)(1))."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, Self, TypeVar

from guidelines import tables
from guidelines.amendments import Amendment, encoded
from guidelines.errors import AmendmentDoesNotApply, ImpossibleValue, nearest
from guidelines.tables import Table

KEYS = {
    "drug_quantity": ("drug",),
    "drug_equivalency": ("drug",),
    "criminal_history_points": ("rule",),
}
"""The columns that say which rows of a table belong together; see `_key` for limits of conversions."""
LIMITS = "drug_equivalency_limits"


class Amendable(Protocol):
    """What an amendment asks of a Manual; `guidelines.manual.Manual` is one."""

    @property
    def date(self) -> str:
        """The day, ISO."""

    @property
    def amendments(self) -> tuple[str, ...]:
        """Numbers of the amendments already in it."""

    @property
    def label(self) -> str:
        """Edition and amendments, for messages."""

    @property
    def drugs(self) -> Sequence[str]:
        """Drugs of the Drug Quantity Table."""

    def drug_index(self, names: Any) -> Any:
        """Indices of drugs by name."""

    def has(self, name: str) -> bool:
        """Whether a table is law in it."""

    def table(self, name: str) -> Table:
        """One of its tables."""

    def amended(self, tables: Iterable[Table], number: str, unfit: Mapping[str, str]) -> Self:
        """The same with other tables in place of its own; `unfit`: drugs with why they are refused."""

    def with_amendments(self, *amendments: str | Amendment) -> Self:
        """The same with what the amendments changed."""


Edition = TypeVar("Edition", bound=Amendable)


def put_into(manual: Edition, amendments: Iterable[str | Amendment]) -> Edition:
    """A Manual with amendments in it; see `Manual.with_amendments`."""
    for given in amendments:
        amendment = given if isinstance(given, Amendment) else Amendment.load(given)
        manual = _put(manual, amendment)
    return manual


def _put(manual: Edition, amendment: Amendment) -> Edition:
    if amendment.number in manual.amendments or _is_in(manual, amendment):
        return manual
    for number in amendment.builds_on:
        earlier = Amendment.load(number)
        if earlier.effective_from > manual.date:
            manual = _put(manual, earlier)
    changed: list[Table] = []
    unfit: dict[str, str] = {}
    for change in amendment.changes:
        table, refused = _changed(manual, amendment, change)
        changed += [table] if table else []
        unfit |= refused if table and table.name == "drug_quantity" else {}
    return manual.amended(changed, amendment.number, unfit)


def _is_in(manual: Amendable, amendment: Amendment) -> bool:
    """Whether the Manual came after an amendment that was made; later ones may have changed its rows."""
    past = bool(amendment.effective_from) and amendment.effective_from <= manual.date
    return past and amendment.number in encoded() and amendment == Amendment.load(amendment.number)


def _changed(
    manual: Amendable, amendment: Amendment, change: Mapping[str, Any]
) -> tuple[Table | None, dict[str, str]]:
    """The table a change makes, and the drugs whose rows are not as the amendment found them."""
    name = change["table"]
    kind = change["kind"]
    if kind == "add":
        return None if manual.has(name) else tables.edition(name, change["edition"]), {}
    table = manual.table(name)
    if kind == "rows":
        column, values = change["column"], change["values"]
        later = tables.edition(name, change["edition"])
        _refuse_unknown(name, values, (row.get(column) for row in (*table, *later)))
        taken = [row for row in later if row[column] in values]
        kept = [row for row in table if row[column] not in values]
        return table.replaced((*kept, *taken)), {}
    if kind == "rate":
        rate = tables.edition(name, change["edition"]).row(drug=change["rate_of"])["grams_per_unit"]
        same = {change["drug"]: {"grams_per_unit": rate}}
        return table.replaced(tuple({**row, **same.get(row["drug"], {})} for row in table)), {}
    if kind == "lower":
        return _lowered(manual, table, change), {}
    if kind == "thresholds":
        drug = manual.drugs[int(manual.drug_index(change["drug"]))]
        model = manual.drugs[int(manual.drug_index(change["thresholds_of"]))]
        rows = [r for r in table if r["drug"] != drug]
        rows += [{**r, "drug": drug, "certainty": "derived"} for r in table if r["drug"] == model]
        return table.replaced(tuple(rows)), {}
    return _next_edition(manual, amendment, table, change)


def _next_edition(
    manual: Amendable, amendment: Amendment, table: Table, change: Mapping[str, Any]
) -> tuple[Table, dict[str, str]]:
    """Blocks of rows that stand as in from_edition become those of to_edition."""
    before = _blocks(tables.edition(table.name, change["from_edition"]))
    after = _blocks(tables.edition(table.name, change["to_edition"]))
    here = _blocks(table)
    _refuse_unknown(table.name, change.get("keys", ()), (key[0] for key in (*before, *after)))
    top = max(map(_level, table)) if table.name == "drug_quantity" else 0
    unfit: dict[str, str] = {}
    fits = False
    for key in sorted({*before, *after}):
        if "keys" in change and key[0] not in change["keys"]:
            continue
        now_rows, becomes = here.get(key, []), after.get(key, [])
        old, new = _figures(before.get(key)), _figures(after.get(key))
        now = _figures(here.get(key))
        if now != old and now_rows and top:
            # The first table ended lower: rows above its last are in no provision that was applied.
            becomes = [row for row in becomes if _level(row) <= top]
            old, new = _figures([row for row in before.get(key, []) if _level(row) <= top]), _figures(becomes)
        if old == new or now == new or (key not in here and key in before):
            continue  # not touched, already there, or a drug this edition does not know
        if now != old:
            unfit[key[0]] = (
                f"§{table.section} edition {manual.label}: {' / '.join(key)} is not as in "
                f"{change['from_edition']}, as amendment {amendment.number} found it; "
                "what it does to this Manual is not held; the amended level is to be found by hand"
            )
            continue
        fits = True
        here[key] = becomes
        if table.name == LIMITS and key in after and key in before:
            # The cap of a schedule, whichever groups it counted in this edition.
            here[key] = [{**becomes[0], "groups": row["groups"]} for row in now_rows]
    if unfit and not fits:
        raise AmendmentDoesNotApply(next(iter(unfit.values())))
    return table.replaced(tuple(row for block in here.values() for row in block)), unfit


def _refuse_unknown(name: str, given: Iterable[str], known: Iterable[str | None]) -> None:
    """Refuse a name that stands nowhere in a table: the change would do nothing, without a word."""
    names = {each for each in known if each is not None}
    for each in given:
        if each not in names:
            raise ImpossibleValue(f"amendment: {name} has no {each!r}; {nearest(each, names)}")


def _lowered(manual: Amendable, table: Table, change: Mapping[str, Any]) -> Table:
    """The cells the other amendment lowers are lowered by `levels`, not below the drug's lowest level."""
    model = manual.with_amendments(str(change["like"])).table(table.name)
    before, after = _blocks(table), _blocks(model)
    drugs = [manual.drugs[int(manual.drug_index(drug))] for drug in change.get("drugs", ())]
    rows: list[Mapping[str, str]] = []
    for key, block in before.items():
        if "drugs" in change and key[0] not in drugs:
            rows += block
            continue
        lowest = min(_level(row) for row in block)
        cuts = {float(r["at_least"]): r["at_least"] for r in (*block, *after[key])}
        last = None
        for cut in sorted(cuts):
            old, other = _level_at(block, cut), _level_at(after[key], cut)
            level = max(old + change["levels"], lowest) if other < old else old
            if level != last:
                rows.append(
                    {
                        **block[0],
                        "at_least": cuts[cut],
                        "base_offense_level": str(level),
                        "certainty": "derived",
                    }
                )
            last = level
    return table.replaced(tuple(rows))


def _level(row: Mapping[str, str]) -> int:
    return int(row["base_offense_level"])


def _level_at(block: list[Mapping[str, str]], quantity: float) -> int:
    return max(
        (float(r["at_least"]), int(r["base_offense_level"]))
        for r in block
        if float(r["at_least"]) <= quantity
    )[1]


def _blocks(table: Table) -> dict[tuple[str, ...], list[Mapping[str, str]]]:
    blocks: dict[tuple[str, ...], list[Mapping[str, str]]] = {}
    for row in table:
        blocks.setdefault(_key(table.name, row), []).append(row)
    return blocks


def _key(name: str, row: Mapping[str, str]) -> tuple[str, ...]:
    """What a row belongs to; a cap belongs to the schedule it begins with, whatever is excepted from that."""
    if name == LIMITS:
        first = row["groups"].split("; ")[0]
        return re.sub(r" \(except .*\)", "", first), row["limit"]
    return tuple(row[column] for column in KEYS[name])


def _figures(block: list[Mapping[str, str]] | None) -> list[tuple[str, ...]] | None:
    """The rows without source and certainty, which may differ between editions of the same figures."""
    if block is None:
        return None
    return [
        tuple(v for k, v in row.items() if k not in ("source", "certainty", "condition", "groups"))
        for row in block
    ]
