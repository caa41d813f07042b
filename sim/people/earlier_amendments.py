"""Earlier retroactive amendments: who of the stock had already been given a shorter term, or had left.

The crack amendments of 2007 and 2011 went through the same §1B1.10 that later served "Drugs Minus Two"; for
a stock after November 2015 that amendment is an earlier one itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from guidelines.amendments import Amendment
from guidelines.manual import Manual
from guidelines.s1b1_1_worksheet import Worksheet, worksheet
from guidelines.s1b1_10_rules import Rules
from guidelines.s1b1_10_substitution import amended_worksheet
from sim.base.published import named
from sim.base.streams import uniforms
from sim.people.flows import DRUGS
from sim.people.parameters import Parameters
from sim.people.reductions import Cut, cut_terms
from sim.people.sentenced import Sentenced

EARLIER = ("706", "750", "782")
"""Amendments of the drug quantities, in the order in which they became retroactive."""


@dataclass(frozen=True)
class Earlier:
    """What an earlier amendment did to the flow's people (unweighted).

    Attributes
    ----------
    amendment, effective
        Number, and the first day of releases.
    rows
        People who got a shorter term.
    term_before_months, term_after_months
        Their terms, shape (granted,).
    """

    amendment: str
    effective: str
    rows: np.ndarray
    term_before_months: np.ndarray
    term_after_months: np.ndarray


def apply_earlier(
    people: Sentenced, seed: int, parameters: Parameters, until: np.datetime64
) -> tuple[Sentenced, list[Earlier]]:
    """The flow with the cuts that were given before a day.

    Amendments count that took effect before `until`. The flow with shorter terms and earlier releases,
    and what each amendment did.
    """
    granted = parameters.earlier_motion_share * named("granted_of_legally_eligible_706")
    done = []
    for number in EARLIER:
        amendment = Amendment.load(number)
        day = amendment.order_effective_from or amendment.retroactive_from
        effective = np.datetime64(day)
        if effective >= until:
            continue
        rows, result = cuts_under(people, amendment, people.inside(effective), effective)
        lucky = uniforms(seed, f"history/{number}", people.number[rows]) < granted
        given = np.flatnonzero(result.eligible & lucky)
        rows, term = rows[given], result.reduced_term_months[given]
        done.append(Earlier(number, day, rows, people.term_months[rows].copy(), term))
        terms, releases = people.term_months.copy(), people.release_on.copy()
        terms[rows], releases[rows] = term, np.maximum(people.take(rows).releases(term), effective)
        measured = people.measured_on.copy()
        measured[rows] = _editions(amendment)[1]
        people = replace(people, term_months=terms, release_on=releases, measured_on=measured)
    return people, done


def cuts_under(
    people: Sentenced, amendment: Amendment, whom: np.ndarray, effective: np.datetime64
) -> tuple[np.ndarray, Cut]:
    """§1B1.10 for those of the people whose drug an amendment of the quantities changed.

    Whoever was sentenced under the amended table, also as a temporary one, has it already and is left out.

    Rows of those asked about (`whom`, shape (people,)), and what §1B1.10 allows each, orders taking
    effect on a day.
    """
    old, new = _editions(amendment)
    rows = np.flatnonzero(_changed(people, amendment) & (people.measured_on < new) & whom)
    before, after = sheets(
        people.take(rows), amendment, Manual.on(str(old)), {"order_effective_on": effective}
    )
    return rows, cut_terms(before, after, (amendment,))


def sheets(
    people: Sentenced,
    amendment: Amendment,
    manual: Manual,
    facts: Mapping[str, Any],
    rules: Rules | None = None,
) -> tuple[Worksheet, Worksheet]:
    """Worksheets as people were last measured, and with the amendments listed by then: §1B1.10(b)(1).

    An order puts in every amendment that is listed, not the newest alone. Whoever was sentenced before an
    earlier amendment of the quantities of their drug and got no cut under it is still measured by the table
    before that one, and gets both changes. Other drugs have the same table in these Manuals.

    `facts` are what §1B1.10 asks for beside the people's own: one value for all, or shape (people,).
    """
    known = people.facts() | dict(facts)
    before = worksheet(known, manual)
    after = amended_worksheet(before, amendment, rules=rules)
    if not any(change["table"] == "drug_quantity" for change in amendment.changes):
        return before, after
    left = np.ones(len(people), np.bool_)
    earlier = [each for each in map(Amendment.load, EARLIER) if str(_editions(each)[1]) <= manual.date]
    for place, first in enumerate(earlier):
        old, new = _editions(first)
        rows = np.flatnonzero(left & _changed(people, first) & (people.measured_on < new))
        if not len(rows):
            continue
        left[rows] = False
        part = {name: value[rows] if np.ndim(value) else value for name, value in known.items()}
        sheet = worksheet(part, Manual.on(str(old)))
        before = before.with_rows(rows, sheet)
        after = after.with_rows(rows, amended_worksheet(sheet, *earlier[place:], amendment, rules=rules))
    return before, after


def _editions(amendment: Amendment) -> tuple[np.datetime64, np.datetime64]:
    """Begin of the quantities before an amendment, and of its own."""
    change = amendment.changes[0]
    return np.datetime64(str(change["from_edition"])), np.datetime64(str(change["to_edition"]))


def _changed(people: Sentenced, amendment: Amendment) -> np.ndarray:
    """Whose drug it changed, shape (people,)."""
    names = amendment.changes[0].get("keys", DRUGS)
    return np.isin(people.drug, [DRUGS.index(name) for name in names])
