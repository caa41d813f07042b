"""Amendments as data: what each changes, and from when a court may apply it to terms being served.

An amendment is a TOML file in ``tables/law/amendments``, or a few lines of one for a hypothetical amendment:

.. code-block:: toml

    number = "minus-three"
    like = "782"            # its dates, and the cells it lowered
    levels = -3

Kinds of change: ``edition`` (rows of one edition become those of the next), ``rows`` (some rows of a later
edition), ``add`` (a table that was not law before), ``lower`` (the cells another amendment lowered are
lowered by another number), ``thresholds`` (one drug takes another's quantities), ``rate`` (one line of the
conversions takes the rate of a line of a later edition).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from guidelines import tables
from guidelines.errors import ImpossibleValue, UnknownAmendment, nearest

FIELDS = {
    "number", "title", "section", "source", "certainty", "effective_from", "retroactive_by",
    "retroactive_from", "order_effective_from", "builds_on", "change", "like", "levels",
    "not_computed",
}  # fmt: skip
ONLY = {"lower": "drug_quantity", "thresholds": "drug_quantity", "rate": "drug_equivalency"}
"""Kinds that change one table only."""
LISTS = {"builds_on", "keys", "drugs", "values"}
CHANGE_FIELDS = {
    "edition": {"table", "kind", "from_edition", "to_edition", "keys"},
    "rows": {"table", "kind", "edition", "column", "values"},
    "add": {"table", "kind", "edition"},
    "lower": {"table", "kind", "like", "levels", "drugs"},
    "thresholds": {"table", "kind", "drug", "thresholds_of"},
    "rate": {"table", "kind", "drug", "edition", "rate_of"},
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
    not_computed
        Why nothing is computed from it, though it is listed; empty for all others.
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
    not_computed: str = ""

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
            It is listed, but nothing can be computed from it, with the reason; or it is no amendment number.
        """
        amendment = _load(str(number))
        if amendment.not_computed:
            raise UnknownAmendment(f"§1B1.10(d): amendment {amendment.number}: {amendment.not_computed}")
        return amendment

    @classmethod
    def described(cls, number: str | int) -> Amendment:
        """The same, but also those from which nothing is computed."""
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
        _check_keys("amendment", data, FIELDS)
        like = cls.load(data["like"]) if "like" in data else cls("")
        changes = tuple(_change(change) for change in data.get("change", ()))
        if "levels" in data:
            if not like.number:
                raise ImpossibleValue("amendment: levels needs like, the amendment whose cells are lowered")
            if changes:
                raise ImpossibleValue("amendment: give either levels or change tables, not both")
            changes = (
                _change(
                    {"table": "drug_quantity", "kind": "lower", "like": like.number, "levels": data["levels"]}
                ),
            )
        elif not changes:
            changes = like.changes
        if not data.get("number"):
            raise ImpossibleValue("amendment: number is missing; give a number or a short name")
        dates = {
            key: tables.iso(data.get(key) or getattr(like, key))
            if data.get(key) or getattr(like, key)
            else ""
            for key in ("effective_from", "retroactive_from", "order_effective_from")
        }
        return cls(
            number=str(data["number"]),
            title=str(data.get("title", like.title)),
            section=str(data.get("section", like.section)),
            source=str(data.get("source", like.source)),
            not_computed=str(data.get("not_computed", "")),
            builds_on=tuple(str(n) for n in data.get("builds_on", like.builds_on)),
            changes=changes,
            **dates,
        )

    def but(self, **changed: str | date) -> Amendment:
        """The same amendment with other dates (``order_effective_from`` and so on)."""
        return replace(self, **{key: tables.iso(day) for key, day in changed.items()})  # type: ignore[arg-type]


def encoded() -> tuple[str, ...]:
    """Numbers of the amendments whose changes are encoded."""
    return tuple(number for number in described() if not _load(number).not_computed)


@cache
def described() -> tuple[str, ...]:
    """Numbers of all amendments held, also of those from which nothing is computed."""
    return tuple(sorted((path.stem for path in _folder().glob("*.toml")), key=lambda n: (int(n[:3]), n)))


def _folder() -> Path:
    return tables.folder() / "law" / "amendments"


@cache
def _load(number: str) -> Amendment:
    path = _folder() / f"{number}.toml"
    if number in described():
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


def _check_keys(where: str, data: Mapping[str, Any], known: set[str]) -> None:
    """Refuse a key nobody knows, and a value of another type than its key has."""
    for key, value in data.items():
        if key not in known:
            raise ImpossibleValue(f"{where}: unknown key {key!r}; {nearest(key, known, listed=20)}")
        kind: type | tuple[type, ...] = (str, int, date)
        accepted, many = "text", key in LISTS
        if key == "change":
            kind, accepted, many = Mapping, "a list of tables", True
        elif key == "levels":
            kind, accepted = int, "a whole number of zero or less"
        elif many:
            kind, accepted = (str, int), "a list of names"
        each = value if many else [value]
        if not isinstance(each, list | tuple) or any(
            isinstance(one, bool) or not isinstance(one, kind) for one in each
        ):
            raise ImpossibleValue(f"{where}: {key} {value!r}; {accepted} is accepted")


def _change(data: Mapping[str, Any]) -> Mapping[str, Any]:
    kind = data.get("kind")
    if not isinstance(kind, str) or kind not in CHANGE_FIELDS:
        raise ImpossibleValue(f"amendment: kind of change {kind!r}; {nearest(str(kind), CHANGE_FIELDS)}")
    _check_keys(f"amendment, {kind}", data, CHANGE_FIELDS[kind])
    required = CHANGE_FIELDS[kind] - {"keys", "drugs"}
    for key in sorted(required):
        if key not in data:
            raise ImpossibleValue(f"amendment, {kind}: {key} is missing")
    if (table := ONLY.get(kind, data["table"])) != data["table"]:
        raise ImpossibleValue(f"amendment, {kind}: table {data['table']!r}; {table} is accepted")
    if kind == "lower" and data["levels"] > 0:
        raise ImpossibleValue(
            f"amendment, lower: levels {data['levels']!r}; a whole number of zero or less is accepted"
        )
    return dict(data)
