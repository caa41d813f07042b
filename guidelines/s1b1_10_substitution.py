"""§1B1.10(b)(1): the worksheet with only the listed amendments put in; every other decision as found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from guidelines.arrays import IntArray
from guidelines.manual import Manual
from guidelines.rules import Rules
from guidelines.s1b1_1_worksheet import Worksheet, by_quantity, complete
from guidelines.s2d1_1_drug_quantity import band, quantity_base_level, role

if TYPE_CHECKING:
    from guidelines.amendments import Amendment

UNKNOWN = 99


def amended_worksheet(before: Worksheet, *amendments: str | Amendment, rules: Rules | None = None) -> Worksheet:
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
    if "base_offense_level" not in before:
        sheet.missing.update(before.missing)
        return sheet
    follows = by_quantity(facts)
    size = -role(facts["mitigating_role"])
    table_level = before["table_base_level"].copy()
    base = before["base_offense_level"].copy()
    drug = drugs(before)
    if follows.any():
        amount = facts["quantity"][follows]
        table_level[follows] = quantity_base_level(drug[follows], amount, new)
        if chosen.role_cap == "keep":
            kept = (before["base_offense_level"] - before["table_base_level"])[follows]
            base[follows] = table_level[follows] + kept
        else:
            base[follows] = new.role_cap[size[follows], table_level[follows]]
        if facts["quantity_is_minimum"].any():
            most = np.broadcast_to(_most_in_band(drug[follows], amount, facts["quantity_maximum"][follows], old), amount.shape)
            open_end = quantity_base_level(drug[follows], most, new) != table_level[follows]
            sheet.uncertain[follows] = facts["quantity_is_minimum"][follows] & open_end
    moved = ~follows & facts["drug_quantity_based"]
    if moved.any():
        lowest, highest = _found_levels(old, new, chosen)
        if (drug[moved] < 0).any():
            facts.assumed["drug"] = "one whose rows reach the top of the Drug Quantity Table"
        cell = drug[moved], size[moved], base[moved]
        known = highest[cell] < UNKNOWN
        sheet.uncertain[moved] = known & (lowest[cell] != highest[cell])
        sheet.inconsistent[moved] = ~known
        base[moved] = np.where(known, lowest[cell], base[moved])
        table_level[moved] = np.where(size[moved] == 0, base[moved], table_level[moved])
    sheet.put("table_base_level", table_level)
    sheet.put("base_offense_level", base)
    keep = chosen.third_acceptance_level == "keep"
    recorded = facts["total_offense_level_found"] if "total_offense_level_found" in facts else None
    inconsistent = sheet.inconsistent | before.inconsistent
    complete(sheet, acceptance=before["acceptance_of_responsibility"] if keep else None)
    # A total recorded at sentencing is compared with the worksheet at sentencing, not with this one.
    sheet.inconsistent = inconsistent if recorded is not None else sheet.inconsistent | inconsistent
    return sheet


def drugs(sheet: Worksheet) -> IntArray:
    """Drug indices, -1 where the drug is not known (an index of -1, an empty name, no column)."""
    drug = np.full(sheet.people, -1, dtype=np.int32)
    if "drug" not in sheet.facts:
        return drug
    given = np.broadcast_to(sheet.facts.raw("drug"), (sheet.people,))
    known = given >= 0 if given.dtype.kind in "iu" else np.array([bool(name) for name in given.tolist()], dtype=np.bool_)
    drug[known] = sheet.manual.drug_index(given[known])
    return drug


def _most_in_band(drug: IntArray, amount: np.ndarray, most: np.ndarray, manual: Manual) -> np.ndarray:
    """The most that still gives the level found: the end of the band, or what the record allows."""
    cuts = manual.quantity_cuts
    width = cuts.shape[1]
    position = band(drug, amount, manual)
    last = position % width == width - 1
    following = np.where(last, np.inf, cuts.ravel()[np.where(last, position, position + 1)])
    end = np.nextafter(following, 0.0)
    allowed = np.where(np.isnan(most), end, np.minimum(np.maximum(most, amount), end))
    return np.asarray(np.minimum(allowed, np.finfo(np.float64).max))


def _found_levels(old: Manual, new: Manual, rules: Rules) -> tuple[IntArray, IntArray]:
    """Lowest and highest amended base level of a base level as found.

    Shape (drugs + 1, adjustments 0 to 4, levels 0 to 43); the last drug stands for "not known": any drug
    whose rows reach the top of the table. `UNKNOWN` where no row of the table gives the level.
    """
    drugs = len(old.drugs)
    top = old.highest_level.max()
    shape = (drugs + 1, *old.role_cap.shape)
    lowest = np.full(shape, UNKNOWN, dtype=np.int32)
    highest = np.full(shape, -1, dtype=np.int32)
    for drug in range(drugs):
        cuts = np.unique(np.concatenate([old.quantity_cuts[drug], new.quantity_cuts[drug]]))
        cuts = cuts[np.isfinite(cuts)]
        index = np.full(len(cuts), drug, dtype=np.int32)
        if not len(cuts) or old.drugs[drug] not in old.listed_drugs:
            continue
        was = old.quantity_levels.ravel()[band(index, cuts, old)]
        becomes = new.quantity_levels.ravel()[band(index, cuts, new)]
        for size in range(shape[1]):
            found = old.role_cap[size, was]
            amended = found + becomes - was if rules.role_cap == "keep" else new.role_cap[size, becomes]
            for place in (drug, drugs) if old.highest_level[drug] == top else (drug,):
                np.minimum.at(lowest[place, size], found, amended)
                np.maximum.at(highest[place, size], found, amended)
    highest[highest < 0] = UNKNOWN
    return lowest, highest
