"""The law of one record: Manual, amendments, rules; worked out once for all records that share it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import numpy as np

from guidelines import tables
from guidelines.amendments import Amendment, encoded
from guidelines.case.fields import EPOCH
from guidelines.errors import ImpossibleValue
from guidelines.facts import Facts
from guidelines.manual import Manual, last_manual_read
from guidelines.s1b1_10_policy import order_day
from guidelines.s1b1_10_rules import Rules
from guidelines.s1b1_10_substitution import rows_of


@dataclass(frozen=True, eq=False)
class Setting:
    """The law of a record.

    Attributes
    ----------
    manual, amended
        The Manual used, and the same with the amendments in it.
    laws, numbers
        The amendments; what they are passed to the rules as (numbers are faster than values).
    rules
        Switches.
    order_on
        Earliest day an order may take effect, days since 1970; 0 without amendments.
    already
        The Manual used already holds all of them.
    row_shifts
        The numbers of levels the amendments take off a row of the Drug Quantity Table: one where it is the
        same for every row they lower, (0,) where they lower none; else each of them, and 0.
    row_moves
        Level before and after of every row they lower.
    moves_points, adds_zero_point
        Whether they change the criminal history points, and whether they bring §4C1.1.
    """

    manual: Manual
    amended: Manual
    laws: tuple[Amendment, ...]
    numbers: tuple[str | Amendment, ...]
    rules: Rules
    order_on: int
    already: bool
    row_shifts: tuple[int, ...]
    row_moves: frozenset[tuple[int, int]]
    moves_points: bool
    adds_zero_point: bool

    @property
    def edition(self) -> dict[str, str | None]:
        """First day of the law used, its quantity table, and what amends it, as in the answer."""
        used = self.manual.editions["drug_quantity"]
        dates = [law.effective_from for law in self.laws if law.effective_from]
        return {
            "law": self.manual.date,
            "original": used,
            "amended": max([used, *dates]) if self.laws else None,
        }

    @property
    def title(self) -> str:
        """The amendments in words."""
        several = "amendments" if len(self.laws) > 1 else "amendment"
        return f"{several} {' and '.join(law.number for law in self.laws)}"


def amendment_key(given: Iterable[Any]) -> tuple[str, ...]:
    """Amendments of a record as something to look a setting up by."""
    key = []
    for one in given:
        if isinstance(one, dict):
            key.append(json.dumps(one, sort_keys=True, default=str))
        elif type(one) in (int, str):
            key.append(_amendment_name(str(one).strip().upper()))
        else:
            raise ImpossibleValue(
                f'§1B1.10(d), amendments: {one!r} given; numbers such as 782 or "821A" are accepted '
                f"(encoded: {', '.join(encoded())})"
            )
    if len(set(key)) < len(key):
        raise ImpossibleValue(f"§1B1.10(d), amendments: {', '.join(key)} given; each once is accepted")
    return tuple(key)


@lru_cache(maxsize=4096)
def _amendment_name(name: str) -> str:
    """A name that can be one of an amendment: 821 is not, since it came in parts."""
    stem = name.lstrip("0").rstrip("ABCD")
    near = [known for known in encoded() if known.rstrip("ABCD") == stem and known != name]
    beyond = name.isdigit() and len(stem) > DIGITS
    if not name.isascii() or beyond or (near and name not in encoded()):
        would = " or ".join(near) or "numbers such as 782"
        raise ImpossibleValue(f"§1B1.10(d), amendments: {name} given; {would} would do")
    return name


DIGITS = 3
"""Of the numbers in Appendix C."""


@lru_cache(maxsize=65536)
def period(day: int | None, amendments: tuple[str, ...]) -> tuple[str, str]:
    """The first day of the period of one law that a day lies in, and what was assumed about the Manual.

    `day` counts from 1970; None if the record does not say: then the last Manual before the amendments,
    or without amendments the latest one held. `amendments` are those of `amendment_key`.
    """
    laws = _laws(amendments)
    begins = {begin for name in tables.law_tables() for begin in tables.editions(name)}
    begins |= {Amendment.load(number).effective_from for number in encoded()}
    dates = [law.effective_from for law in laws if law.effective_from]
    begins.update(dates)
    assumed = ""
    if day is not None:
        on = date.fromordinal(day + EPOCH).isoformat()
    elif dates:
        on = _day_before(laws)
        assumed = ", the last before the amendment"
    else:
        on = last_manual_read()
        assumed = ", the latest held"
    Manual.on(on)  # says so where it is not held
    if assumed:
        edition = Manual.on(on).editions["drug_quantity"] if dates else on
        assumed = f"manual_edition: {edition}{assumed}"
    return max(begin for begin in begins if begin <= on), assumed


def _laws(amendments: tuple[str, ...]) -> tuple[Amendment, ...]:
    return tuple(
        Amendment.from_mapping(json.loads(one)) if one.startswith("{") else Amendment.load(one)
        for one in amendments
    )


@lru_cache(maxsize=512)
def setting(begin: str, amendments: tuple[str, ...], rules: str) -> Setting:
    """The law of a record.

    `begin` is that of `period`, `amendments` those of `amendment_key`, `rules` the switches as JSON.
    """
    switches = Rules.from_mapping(json.loads(rules))
    laws = _laws(amendments)
    manual = Manual.on(begin)
    numbers: tuple[str | Amendment, ...] = tuple(
        law if one.startswith("{") else one for one, law in zip(amendments, laws, strict=True)
    )
    amended = manual.with_amendments(*numbers) if laws else manual
    moves = _row_moves(manual, amended, laws)
    first = 0
    if laws:
        first = int(order_day(Facts({"acceptance": [0]}), laws).astype(np.int64))
    return Setting(
        manual=manual,
        amended=amended,
        laws=laws,
        numbers=numbers,
        rules=switches,
        order_on=first,
        already=bool(laws) and all(law.effective_from and law.effective_from <= begin for law in laws),
        row_shifts=_row_shifts(moves),
        row_moves=moves,
        moves_points=_rows(manual, "criminal_history_points") != _rows(amended, "criminal_history_points"),
        adds_zero_point=amended.has("zero_point_offender") and not manual.has("zero_point_offender"),
    )


def _rows(manual: Manual, name: str) -> Any:
    return manual.table(name).rows


def _row_moves(old: Manual, new: Manual, laws: tuple[Amendment, ...]) -> frozenset[tuple[int, int]]:
    """Level before and after of every row that is lowered.

    Under an older Manual an amendment brings those it builds on with it, and cocaine base falls by more. What
    counts then is what the amendment itself does, on the Manual it was written for.
    """
    moves = _moves(old, new)
    moving = [
        law
        for law in laws
        if law.effective_from > old.date and any(c["table"] == "drug_quantity" for c in law.changes)
    ]
    if len({becomes - was for was, becomes in moves}) > 1 and len(moving) == 1:
        written_for = Manual.on(_day_before(moving))
        moves = _moves(written_for, written_for.with_amendments(moving[0]))
    return frozenset(moves)


def _row_shifts(moves: frozenset[tuple[int, int]]) -> tuple[int, ...]:
    shifts = sorted({becomes - was for was, becomes in moves})
    return tuple(shifts) if len(shifts) == 1 else (*shifts, 0)


def _day_before(laws: Iterable[Amendment]) -> str:
    """The last day on which a Manual held nothing of these amendments.

    It may have held an amendment's figures before its day: 750 made permanent what 748 had put in.
    """
    dates = [law.effective_from for law in laws if law.effective_from]
    dates += [change["to_edition"] for law in laws for change in law.changes if "to_edition" in change]
    return (date.fromisoformat(min(dates)) - timedelta(days=1)).isoformat()


def _moves(old: Manual, new: Manual) -> set[tuple[int, int]]:
    was, becomes = rows_of(old, new, [old.drugs.index(name) for name in old.listed_drugs])
    fell = becomes < was
    return set(zip(was[fell].tolist(), becomes[fell].tolist(), strict=True))
