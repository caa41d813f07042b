"""What courts found, put before what drugs and weights would give.

A base level as found counts where it is not the one of the weights; a total level as found closes what
the other levels leave open. What a table does not hold is not invented.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from guidelines import tables
from guidelines.facts import FACTS
from guidelines.manual import Manual
from guidelines.s1b1_1_worksheet import Worksheet, worksheet
from guidelines.s3_adjustments import acceptances
from sim.base.arrays import IntArray
from sim.people.attributes import Columns
from sim.people.flows import DRUGS
from sim.people.quantities import LAW_DRUG
from sim.people.sentenced import Sentenced
from sim.people.terms import ABOVE, COURT, WITHIN
from sim.population.schema import DRUG_SLOTS, column

AS_FOUND = (
    "override_offense_level", "armed_career_criminal", "offense_statutory_maximum_months",
    "firearm_term_months", "zero_point_offender_excluded",
)  # fmt: skip
"""Columns that go to the law as they are, 0 where empty."""


def found_facts(people: Sentenced, frame: pd.DataFrame) -> tuple[Columns, tuple[str, ...]]:
    """Facts beyond the columns everybody has, and what is to be said of them.

    The facts as in `Sentenced.found`, empty where the table has nothing of the kind; one line each.
    """
    found: Columns = {}
    for name in AS_FOUND:
        if name in frame:
            found[name] = np.nan_to_num(frame[name].to_numpy().astype(np.float64)).astype(np.int64)
            if FACTS[name].kind == "bool":
                found[name] = found[name].astype(np.bool_)
    if "criminal_history_points" in frame:
        found |= _points(frame)
    found |= _drugs(frame)
    told: list[str] = []
    for name, put, words in (
        ("base_offense_level", _with_base_level,
         "a base level that is not the one of the weight; the level counts"),
        ("total_offense_level", _with_total_level,
         "a total level that the others cannot give; their record contradicts itself"),
    ):  # fmt: skip
        if name in frame:
            level = np.nan_to_num(frame[name].to_numpy().astype(np.float64)).astype(np.int64)
            other, found = put(replace(people, found=found), level)
            if other:
                told.append(f"people: {other:,} of {len(level):,} have {words}")
    return found, tuple(told)


def _numbers(frame: pd.DataFrame, name: str) -> NDArray[np.float64]:
    """A column of numbers, NaN where empty or not there."""
    return frame[name].to_numpy().astype(np.float64) if name in frame else np.full(len(frame), np.nan)


def _points(frame: pd.DataFrame) -> Columns:
    """Points and status points; the fewest of the category, which change nothing, where not known."""
    known = tables.edition("criminal_history_category", tables.editions("criminal_history_category")[-1])
    lowest = np.array([int(row["points_at_least"]) for row in known.rows], np.int64)
    points = frame["criminal_history_points"].to_numpy().astype(np.float64)
    by_category = lowest[frame["criminal_history_category"].to_numpy().astype(np.int64) - 1]
    status = frame["status_points"].to_numpy().astype(np.float64) if "status_points" in frame else 0 * points
    unknown = np.isnan(points)
    return {
        "criminal_history_points": np.where(unknown, by_category, points).astype(np.int64),
        "status_points": np.where(unknown, 0, np.nan_to_num(status)).astype(np.int64),
    }


@lru_cache(maxsize=1)
def _law_drugs() -> IntArray:
    """Index in the Manual of every word of the column drug."""
    words = [LAW_DRUG[DRUGS.index(word)] if word in DRUGS else word for word in column("drug").words]
    return np.asarray(Manual.on(tables.editions("drug_quantity")[-1]).drug_index(words), np.int64)


def _drugs(frame: pd.DataFrame) -> Columns:
    """Each drug as itself, where a table has more than the drugs of the results; several in a grid."""
    drug = frame["drug"].cat.codes.to_numpy().astype(np.int64)
    grams = frame["quantity_grams"].to_numpy().astype(np.float64)
    law_drug = _law_drugs()[drug]
    by_equivalent = np.isnan(grams) & ~np.isnan(_numbers(frame, "marihuana_equivalent_grams"))
    if by_equivalent.any():
        law_drug = np.where(by_equivalent, _law_drugs()[DRUGS.index("Marihuana")], law_drug)
        grams = np.where(by_equivalent, _numbers(frame, "marihuana_equivalent_grams"), grams)
    second = "drug_2" in frame and (frame["drug_2"].cat.codes.to_numpy() >= 0).any()
    if not second:
        own = by_equivalent.any() or (drug >= len(DRUGS)).any()
        return {"drug": law_drug, "quantity": grams} if own else {}
    kinds, amounts = [law_drug], [grams]
    for slot in range(2, DRUG_SLOTS + 1):
        if f"drug_{slot}" in frame:
            kinds.append(np.append(_law_drugs(), -1)[frame[f"drug_{slot}"].cat.codes.to_numpy()])
            amounts.append(_numbers(frame, f"quantity_grams_{slot}"))
    substance, quantity = np.stack(kinds, axis=1), np.stack(amounts, axis=1)
    missing = ((substance >= 0) & np.isnan(quantity)).any(axis=1)
    substance[missing] = -1
    return {"substance": substance, "substance_quantity": np.where(substance >= 0, quantity, 0.0)}


def _with_base_level(people: Sentenced, base: IntArray) -> tuple[int, Columns]:
    """Base levels as found, and no quantity where it gives another level; how many those are."""
    found = dict(people.found)
    quantity = found.get("quantity", people.quantity)
    known = found["substance"][:, 0] >= 0 if "substance" in found else ~np.isnan(quantity)
    differ = np.zeros(len(people), np.bool_)
    given = np.flatnonzero(known & (base > 0))
    for rows, sheet in _sheets(people, given):
        differ[rows] = sheet["base_offense_level"] != base[rows]
    if "substance" in found:
        found["substance"] = np.where(differ[:, None], -1, found["substance"])
    else:
        found["quantity"] = np.where(differ, np.nan, quantity)
    # Where the weight gives the level, the weight counts: it gives that of every other Manual too.
    return int(differ.sum()), found | {"base_offense_level": np.where(known & ~differ, 0, base)}


def _with_total_level(people: Sentenced, total: IntArray) -> tuple[int, Columns]:
    """The levels of Chapter Three that the total level implies; how many totals nothing explains."""
    levels = np.array(people.facts()["chapter_three_levels"], np.int64)
    open_still = np.zeros(len(people), np.bool_)
    low, high = (getattr(FACTS["chapter_three_levels"], end) for end in ("low", "high"))
    for rows, sheet in _sheets(people, np.flatnonzero(total > 0)):
        gap = total[rows] - sheet["uncapped_offense_level"]
        tried = np.clip(levels[rows] + gap, low, high)
        again = worksheet(sheet.facts.changed(chapter_three_levels=tried), sheet.manual)
        closed, was = _is(again, total[rows]), _is(sheet, total[rows])
        levels[rows] = np.where(closed & ~was, tried, levels[rows])
        open_still[rows] = ~closed & ~was
    found = dict(people.found) | {"chapter_three_levels": levels}
    if open_still.any():
        found["total_offense_level_found"] = np.where(open_still, total, 0)
    return int(open_still.sum()), found


def _is(sheet: Worksheet, total: IntArray) -> NDArray[np.bool_]:
    exact = (sheet["uncapped_offense_level"] == total) | (sheet["total_offense_level"] == total)
    return np.asarray(exact, np.bool_)


def _sheets(people: Sentenced, rows: IntArray) -> Iterator[tuple[IntArray, Worksheet]]:
    """Rows by the Manual of their day, with its worksheet; the first Manual stands for days before it."""
    first = tables.editions("drug_quantity")[0]
    begins = sorted({day for name in tables.law_tables() for day in tables.editions(name) if day > first})
    edition = np.searchsorted(np.array(begins, "datetime64[D]"), people.measured_on[rows], side="right")
    for place in np.unique(edition):
        part, manual = rows[edition == place], Manual.on([first, *begins][place])
        facts = people.take(part).facts()
        # A table may say three levels of everybody; until November 1992 there were two.
        facts["acceptance"] = np.maximum(facts["acceptance"], acceptances(manual)[-1])
        yield part, worksheet(facts, manual)


def ranges(people: Sentenced) -> tuple[IntArray, IntArray]:
    """Minimum and maximum of each range after statute in months, shape (people,)."""
    low, high = np.zeros(len(people), np.int64), np.zeros(len(people), np.int64)
    for rows, sheet in _sheets(people, np.arange(len(people))):
        low[rows], high[rows] = (sheet[f"guideline_range_{end}_months"] for end in ("minimum", "maximum"))
    return low, high


def by_term(people: Sentenced) -> IntArray:
    """Position of the term by the range alone: within, above, or below by the court, shape (people,)."""
    low, high = ranges(people)
    return np.select([people.term_months < low, people.term_months > high], [COURT, ABOVE], WITHIN)


def misplaced(people: Sentenced, first_terms: IntArray) -> tuple[str, ...]:
    """One line on people whose position is not where their first term lies; the position counts."""
    low, high = ranges(people)
    outside = (first_terms < low) | (first_terms > high)
    # A term at the statutory maximum may be called above the range of the table.
    wrong = ((people.position == WITHIN) & outside) | ((people.position == ABOVE) & (first_terms < high))
    if not wrong.any():
        return ()
    return (
        f"people: {int(wrong.sum()):,} of {len(people):,} have the position within or above, and a term that "
        "is not; the position counts: check those rows",
    )
