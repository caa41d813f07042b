"""Amendments as data: what each changes, and from when a court may apply it to terms being served.

An amendment is a TOML file in ``tables/law/amendments``, or a few lines of one for a hypothetical amendment:

.. code-block:: toml

    number = "minus-three"
    like = "782"            # its dates, and the cells it lowered
    levels = -3

Kinds of change: ``edition`` (rows of one edition become those of the next), ``rows`` (some rows of a later
edition), ``add`` (a table that was not law before), ``lower`` (the cells another amendment lowered are
lowered by another number), ``thresholds`` (one drug takes another's quantities).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from guidelines import tables
from guidelines.errors import AmendmentDoesNotApply, ImpossibleValue, UnknownAmendment, nearest
from guidelines.manual import Manual
from guidelines.tables import Table

KEYS = {
    "drug_quantity": ("drug",),
    "drug_equivalency": ("drug",),
    "drug_equivalency_limits": ("groups", "limit"),
    "criminal_history_points": ("rule",),
}
"""The columns that say which rows of a table belong together."""

FIELDS = {
    "number", "title", "section", "source", "certainty", "effective_from", "retroactive_by",
    "retroactive_from", "order_effective_from", "builds_on", "change", "like", "levels",
}  # fmt: skip
CHANGE_FIELDS = {
    "edition": {"table", "kind", "from_edition", "to_edition", "keys"},
    "rows": {"table", "kind", "edition", "column", "values"},
    "add": {"table", "kind", "edition"},
    "lower": {"table", "kind", "like", "levels", "drugs"},
    "thresholds": {"table", "kind", "drug", "thresholds_of"},
}


@dataclass(frozen=True)
class Amendment:
    """One amendment.

    Attributes
    ----------
    number, title, section, source
        What it is and where it is written.
    effective_from
        First Manual that contains it, ISO.
    retroactive_from
        From when §1B1.10(d) lists it; empty if it is not listed.
    order_effective_from
        The earliest day on which a reduction order based on it may take effect.
    builds_on
        Amendments it was written on top of.
    changes
        The changes, in order; see the module's text.
    """

    number: str
    title: str = ""
    section: str = ""
    source: str = ""
    effective_from: str = ""
    retroactive_from: str = ""
    order_effective_from: str = ""
    builds_on: tuple[str, ...] = ()
    changes: tuple[Mapping[str, Any], ...] = ()

    @property
    def listed(self) -> bool:
        """Whether §1B1.10(d) lists it."""
        return bool(self.retroactive_from)

    @classmethod
    def load(cls, number: str | int) -> Amendment:
        """An encoded amendment by its number.

        An amendment that is neither encoded nor listed in §1B1.10(d) is returned without changes and
        as not listed: that is an answer, not an error.

        Raises
        ------
        UnknownAmendment
            It is listed, but what it changes is not encoded here; or it is no amendment number at all.
        """
        return _load(str(number))

    @classmethod
    def from_toml(cls, text: str) -> Amendment:
        """A hypothetical amendment from a few lines of TOML.

        Raises
        ------
        ImpossibleValue
            Broken TOML, an unknown key or a value that cannot be.
        """
        try:
            return cls.from_mapping(tomllib.loads(text))
        except tomllib.TOMLDecodeError as broken:
            raise ImpossibleValue(f"amendment: not valid TOML: {broken}") from None

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Amendment:
        """The same from the mapping such TOML gives."""
        for key in data:
            if key not in FIELDS:
                raise ImpossibleValue(f"amendment: unknown key {key!r}; {nearest(key, FIELDS, listed=20)}")
        like = cls.load(data["like"]) if "like" in data else cls("")
        changes = tuple(_change(change) for change in data.get("change", ()))
        if "levels" in data:
            if not like.number:
                raise ImpossibleValue("amendment: levels needs like, the amendment whose cells are lowered")
            if changes:
                raise ImpossibleValue("amendment: give either levels or change tables, not both")
            changes = (_change({"table": "drug_quantity", "kind": "lower", "like": like.number, "levels": data["levels"]}),)
        elif not changes:
            changes = like.changes
        if not data.get("number"):
            raise ImpossibleValue("amendment: number is missing; give a number or a short name")
        dates = {
            key: tables.iso(data.get(key) or getattr(like, key)) if data.get(key) or getattr(like, key) else ""
            for key in ("effective_from", "retroactive_from", "order_effective_from")
        }
        return cls(
            number=str(data["number"]),
            title=str(data.get("title", like.title)),
            section=str(data.get("section", like.section)),
            source=str(data.get("source", like.source)),
            builds_on=tuple(str(n) for n in data.get("builds_on", like.builds_on)),
            changes=changes,
            **dates,
        )

    def but(self, **changed: str | date) -> Amendment:
        """The same amendment with other dates (``order_effective_from`` and so on)."""
        return replace(self, **{key: tables.iso(day) for key, day in changed.items()})  # type: ignore[arg-type]


def encoded() -> tuple[str, ...]:
    """Numbers of the amendments whose changes are encoded."""
    return tuple(sorted(path.stem for path in _folder().glob("*.toml")))


def put_into(manual: Manual, amendments: Iterable[str | Amendment]) -> Manual:
    """A Manual with amendments in it; see `Manual.with_amendments`."""
    for given in amendments:
        amendment = given if isinstance(given, Amendment) else Amendment.load(given)
        manual = _put(manual, amendment)
    return manual


def _folder() -> Path:
    return tables.folder() / "law" / "amendments"


@lru_cache(maxsize=None)
def _load(number: str) -> Amendment:
    path = _folder() / f"{number}.toml"
    if number in encoded():
        return Amendment.from_mapping(tomllib.loads(path.read_text(encoding="utf-8")))
    known = {
        row["amendment"]
        for begin in tables.editions("retroactive_amendments")
        for row in tables.edition("retroactive_amendments", begin)
    }
    if number in known:
        raise UnknownAmendment(
            f"§1B1.10(d): amendment {number} is listed, but its changes are not encoded; "
            f"encoded: {', '.join(encoded())}"
        )
    if not number.rstrip("ABCDEF").isdigit():
        raise UnknownAmendment(f"§1B1.10(d): unknown amendment {number!r}; {nearest(number, encoded())}")
    return Amendment(number, title="not listed in §1B1.10(d)")


def _change(data: Mapping[str, Any]) -> Mapping[str, Any]:
    kind = data.get("kind")
    if kind not in CHANGE_FIELDS:
        raise ImpossibleValue(f"amendment: kind of change {kind!r}; {nearest(str(kind), CHANGE_FIELDS)}")
    for key in data:
        if key not in CHANGE_FIELDS[kind]:
            raise ImpossibleValue(f"amendment, {kind}: unknown key {key!r}; {nearest(key, CHANGE_FIELDS[kind])}")
    required = CHANGE_FIELDS[kind] - {"keys", "drugs"}
    for key in sorted(required):
        if key not in data:
            raise ImpossibleValue(f"amendment, {kind}: {key} is missing")
    if kind == "lower" and (not isinstance(data["levels"], int) or data["levels"] > 0):
        raise ImpossibleValue(f"amendment, lower: levels {data['levels']!r}; a whole number of zero or less is accepted")
    return dict(data)


def _put(manual: Manual, amendment: Amendment) -> Manual:
    if amendment.number in manual.amendments:
        return manual
    for number in amendment.builds_on:
        earlier = Amendment.load(number)
        if earlier.effective_from > manual.date:
            manual = _put(manual, earlier)
    changed = [_changed(manual, amendment, change) for change in amendment.changes]
    return manual.amended([table for table in changed if table], amendment.number)


def _changed(manual: Manual, amendment: Amendment, change: Mapping[str, Any]) -> Table | None:
    name = change["table"]
    kind = change["kind"]
    if kind == "add":
        return None if manual.has(name) else tables.edition(name, change["edition"])
    table = manual.table(name)
    if kind == "rows":
        taken = [r for r in tables.edition(name, change["edition"]) if r[change["column"]] in change["values"]]
        kept = [r for r in table if r[change["column"]] not in change["values"]]
        return table.replaced((*kept, *taken))
    if kind == "lower":
        return _lowered(manual, table, change)
    if kind == "thresholds":
        drug = manual.drugs[int(manual.drug_index(change["drug"]))]
        model = manual.drugs[int(manual.drug_index(change["thresholds_of"]))]
        rows = [r for r in table if r["drug"] != drug]
        rows += [{**r, "drug": drug, "certainty": "derived"} for r in table if r["drug"] == model]
        return table.replaced(tuple(rows))
    return _next_edition(manual, amendment, table, change)


def _next_edition(manual: Manual, amendment: Amendment, table: Table, change: Mapping[str, Any]) -> Table:
    """Blocks of rows that stand as in from_edition become those of to_edition."""
    before = _blocks(tables.edition(table.name, change["from_edition"]))
    after = _blocks(tables.edition(table.name, change["to_edition"]))
    here = _blocks(table)
    for key in sorted({*before, *after}):
        if "keys" in change and key[0] not in change["keys"]:
            continue
        old, new = _figures(before.get(key)), _figures(after.get(key))
        now = _figures(here.get(key))
        if old == new or now == new or (key not in here and key in before):
            continue  # not touched, already there, or a drug this edition does not know
        if now != old:
            raise AmendmentDoesNotApply(
                f"§{table.section} edition {manual.label}: {' / '.join(key)} does not stand as in {change['from_edition']}, "
                f"the edition amendment {amendment.number} changed; use a Manual of that day"
            )
        here[key] = after.get(key, [])
    return table.replaced(tuple(row for block in here.values() for row in block))


def _lowered(manual: Manual, table: Table, change: Mapping[str, Any]) -> Table:
    """The cells the other amendment lowers are lowered by `levels`, not below the drug's lowest level."""
    model = manual.with_amendments(change["like"]).table(table.name)
    before, after = _blocks(table), _blocks(model)
    rows: list[Mapping[str, str]] = []
    for key, block in before.items():
        if "drugs" in change and key[0] not in change["drugs"]:
            rows += block
            continue
        lowest = min(int(row["base_offense_level"]) for row in block)
        cuts = {float(r["at_least"]): r["at_least"] for r in (*block, *after[key])}
        last = None
        for cut in sorted(cuts):
            old, other = _level_at(block, cut), _level_at(after[key], cut)
            level = max(old + change["levels"], lowest) if other < old else old
            if level != last:
                rows.append(
                    {**block[0], "at_least": cuts[cut], "base_offense_level": str(level), "certainty": "derived"}
                )
            last = level
    return table.replaced(tuple(rows))


def _level_at(block: list[Mapping[str, str]], quantity: float) -> int:
    return max((float(r["at_least"]), int(r["base_offense_level"])) for r in block if float(r["at_least"]) <= quantity)[1]


def _blocks(table: Table) -> dict[tuple[str, ...], list[Mapping[str, str]]]:
    blocks: dict[tuple[str, ...], list[Mapping[str, str]]] = {}
    for row in table:
        blocks.setdefault(tuple(row[c] for c in KEYS[table.name]), []).append(row)
    return blocks


def _figures(block: list[Mapping[str, str]] | None) -> list[tuple[str, ...]] | None:
    """The rows without source and certainty, which may differ between editions of the same figures."""
    if block is None:
        return None
    return [tuple(v for k, v in row.items() if k not in ("source", "certainty", "condition")) for row in block]
