"""§1B1.10(b)(1): the worksheet with only the listed amendments put in; every other decision as found."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from guidelines.arrays import BoolArray, IntArray
from guidelines.manual import Manual
from guidelines.s1b1_1_worksheet import Worksheet, complete
from guidelines.s1b1_10_rules import Rules
from guidelines.s2d1_1_base_level import by_quantity, level_by_quantity
from guidelines.s2d1_1_drug_quantity import band, quantity_base_level, role

if TYPE_CHECKING:
    from guidelines.amendments import Amendment

UNKNOWN = 99


def amended_worksheet(
    before: Worksheet, *amendments: str | Amendment, rules: Rules | None = None
) -> Worksheet:
    """The worksheet as it would have been with the amendments in force at sentencing.

    A base level that was found without drug and quantity is moved as the amendment moves the rows that
    give that level. Where rows of one level move differently (38 may stay or fall), the column shows the
    lowest possible level and ``uncertain`` is True.

    Parameters
    ----------
    before
        The worksheet at sentencing.
    amendments
        Numbers, or `Amendment` values; several are applied together.
    rules
        Switches ``role_cap`` and ``third_acceptance_level``.

    Raises
    ------
    UnknownAmendment, AmendmentDoesNotApply
        As in `Manual.with_amendments`.

    Examples
    --------
    >>> from guidelines.s1b1_1_worksheet import worksheet
    >>> before = worksheet({"drug": "heroin", "quantity": 30_000, "specific_offense_levels": 2,
    ...     "acceptance": -3, "criminal_history_category": 2}, Manual.on("2013-11-01"))
    >>> after = amended_worksheet(before, "782")
    >>> int(before["total_offense_level"][0]), int(after["total_offense_level"][0])
    (37, 35)
    """
    chosen = rules or Rules()
    facts, old = before.facts, before.manual
    new = old.with_amendments(*amendments)
    sheet = Worksheet(new, facts)
    sheet.inconsistent = before.inconsistent.copy()
    if "base_offense_level" not in before:
        sheet.missing.update(before.missing)
        return sheet
    follows = by_quantity(facts)
    size = -role(facts["mitigating_role"])
    row = before["table_base_level"].copy()
    base = before["base_offense_level"].copy()
    if follows.any():
        row[follows] = level_by_quantity(facts, follows, new)
        if chosen.role_cap == "keep":
            base[follows] += row[follows] - before["table_base_level"][follows]
        else:
            base[follows] = new.role_cap[size[follows], row[follows]]
        if facts["quantity_is_minimum"].any():
            sheet.uncertain[follows] = _open_quantity(before, row, follows, new)
    moved = ~follows & facts["drug_quantity_based"]
    if moved.any():
        drug = drugs(before)[moved]
        new.drug_index(drug[drug >= 0])  # refuses one whose rows the amendment was not written for
        if (drug < 0).any():
            facts.assumed["drug"] = "one whose rows reach the top of the Drug Quantity Table"
        lowest, highest, lowest_row = _found_levels(old, new, chosen.role_cap)
        cell = drug, size[moved], base[moved]
        known = highest[cell] < UNKNOWN
        sheet.uncertain[moved] = known & (lowest[cell] != highest[cell])
        sheet.inconsistent[moved] |= ~known
        row[moved] = np.where(known, lowest_row[cell], row[moved])
        base[moved] = np.where(known, lowest[cell], base[moved])
    keep = chosen.third_acceptance_level == "keep"
    complete(sheet, row, base, before["acceptance_of_responsibility"] if keep else None)
    return sheet


def drugs(sheet: Worksheet) -> IntArray:
    """Drug indices, -1 where the drug is not known (an index of -1, an empty name, no column)."""
    drug = np.full(sheet.people, -1, dtype=np.int32)
    if "drug" not in sheet.facts:
        return drug
    given = np.broadcast_to(sheet.facts.raw("drug"), (sheet.people,))
    known = (
        given >= 0
        if given.dtype.kind in "iu"
        else np.array([bool(name) for name in given.tolist()], dtype=np.bool_)
    )
    drug[known] = sheet.manual.drug_index(given[known])
    return drug


def _open_quantity(before: Worksheet, row: IntArray, who: BoolArray, new: Manual) -> BoolArray:
    """Where "at least" a quantity leaves the amended row open: more of the drug would give another one."""
    facts, old = before.facts, before.manual
    at_least = facts["quantity_is_minimum"][who]
    if "substance" in facts:
        # Of several drugs only the open top of the table can leave the amended level open.
        return np.asarray(at_least & (before["table_base_level"][who] == old.highest_level.max()))
    drug = drugs(before)[who]
    amount, most = facts["quantity"][who], facts["quantity_maximum"][who]
    following = np.append(old.quantity_cuts.ravel(), np.inf)[band(drug, amount, old) + 1]
    following = np.where(following <= amount, np.inf, following)  # the next drug's first band
    end = np.minimum(np.nextafter(following, 0.0), np.finfo(np.float64).max)
    # fmin takes the end of the band where the record does not limit the quantity (NaN).
    most = np.maximum(np.fmin(most, end), amount)
    return np.asarray(at_least & (quantity_base_level(drug, most, new) != row[who]))


@lru_cache(maxsize=4096)
def drugs_by_fall(
    old: Manual, new: Manual, role_cap: str, size: int, base: int
) -> tuple[tuple[int, ...], ...]:
    """Drugs whose rows the amendment moves, by what becomes of a base level as found; the most first.

    Parameters
    ----------
    old, new
        The Manual, and the same with the amendments.
    role_cap
        As in `Rules`.
    size, base
        Size of the §3B1.2 adjustment, and the base level.
    """
    lowest, highest, _ = _found_levels(old, new, role_cap)
    groups: dict[tuple[int, int], list[int]] = {}
    for drug, name in enumerate(old.drugs):
        ends = int(lowest[drug, size, base]), int(highest[drug, size, base])
        if ends[0] < UNKNOWN and _stands_in(old, new, drug, name):
            groups.setdefault(ends, []).append(drug)
    return tuple(sorted(map(tuple, groups.values()), key=len, reverse=True))


def _stands_in(old: Manual, new: Manual, drug: int, name: str) -> bool:
    """Whether a drug may be the one that is not known: its rows move and reach the top of the table."""
    if name not in old.listed_drugs or old.highest_level[drug] != old.highest_level.max():
        return False
    if name in new.unfit:
        return False
    if old.table("drug_quantity").rows == new.table("drug_quantity").rows:
        return True
    was, becomes = rows_of(old, new, drug)
    return bool((becomes < was).any())


def rows_of(old: Manual, new: Manual, drug: int | Sequence[int]) -> tuple[IntArray, IntArray]:
    """Level before and level after of every stretch of the drugs' quantities; a stretch may come twice."""
    each = np.atleast_1d(drug)
    cuts = np.concatenate([old.quantity_cuts[each], new.quantity_cuts[each]], axis=1)
    held = np.isfinite(cuts)
    index, cuts = np.broadcast_to(each[:, None], cuts.shape)[held], cuts[held]
    was, becomes = (manual.quantity_levels.ravel()[band(index, cuts, manual)] for manual in (old, new))
    return was, becomes


@lru_cache(maxsize=64)
def _found_levels(old: Manual, new: Manual, role_cap: str) -> tuple[IntArray, IntArray, IntArray]:
    """Lowest and highest amended base level of a base level as found, and the amended row of the lowest.

    Shape (drugs + 1, adjustments 0 to 4, levels 0 to 43); the last drug stands for "not known": any drug
    whose rows the amendment moves and which reach the top of the table. `UNKNOWN` where no row of the table
    gives the level.
    """
    drug_count = len(old.drugs)
    shape = (drug_count + 1, *old.role_cap.shape)
    lowest = np.full(shape, UNKNOWN, dtype=np.int32)
    highest = np.full(shape, -1, dtype=np.int32)
    lowest_row = np.full(shape, UNKNOWN, dtype=np.int32)
    for drug, name in enumerate(old.drugs):
        if name not in old.listed_drugs:
            continue
        was, becomes = rows_of(old, new, drug)
        stands_in = _stands_in(old, new, drug, name)
        for size in range(shape[1]):
            found = old.role_cap[size, was]
            amended = found + becomes - was if role_cap == "keep" else new.role_cap[size, becomes]
            for place in (drug, drug_count) if stands_in else (drug,):
                np.minimum.at(lowest[place, size], found, amended)
                np.maximum.at(highest[place, size], found, amended)
                np.minimum.at(lowest_row[place, size], found, becomes)
    highest[highest < 0] = UNKNOWN
    return lowest, highest, lowest_row
