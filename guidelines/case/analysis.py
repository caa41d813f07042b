"""Groups of checked records through the rules: one worksheet for a group, one answer for each record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from guidelines.arrays import BoolArray, FloatArray, IntArray
from guidelines.case.columns import Columns, columns
from guidelines.case.completions import Rows, completed, possible
from guidelines.case.record import CELL, NOTHING, SEVERAL, Read
from guidelines.facts import FACTS, Facts
from guidelines.s1b1_1_chapter_four import categories, overrides, points_now
from guidelines.s1b1_1_worksheet import Worksheet, complete, is_total, worksheet
from guidelines.s1b1_10_retroactivity import Reduction, reduction
from guidelines.s1b1_10_substitution import amended_worksheet
from guidelines.s2d1_1_base_level import base_levels
from guidelines.s2d1_1_equivalency import converted_weight_grams
from guidelines.s4_criminal_history import category_from_points, zero_point_levels

LEAST_NET = -6
"""Least that adjustments come to beside acceptance: a minimal role not stated, and -2 of §2D1.1(b)."""


@dataclass(frozen=True)
class Worked:
    """What the rules made of one group.

    Attributes
    ----------
    reads, rows
        The records, and their completions; all below has one row for each of those.
    possible
        Which completions can be.
    before, after
        Worksheets; after is None without amendments.
    cut
        §1B1.10; None without amendments or without a category.
    weight_kg
        Converted weight before and after, for several drugs.
    """

    reads: Sequence[Read]
    rows: Rows
    possible: BoolArray
    before: Worksheet
    after: Worksheet | None
    cut: Reduction | None
    weight_kg: tuple[list[float], list[float]] | None = None

    @cached_property
    def stacked(self) -> tuple[list[str], FloatArray]:
        """Every column by sheet and name, shape (columns, rows); -1 where there is no number."""
        named = {
            f"{mark}.{name}": sheet[name]
            for sheet, mark in ((self.before, "original"), (self.after, "amended"), (self.cut, "cut"))
            if sheet is not None
            for name in sheet
        }
        columns = np.array(list(named.values()), dtype=np.float64)
        return list(named), np.where(np.isnan(columns), -1.0, columns)


def work(reads: Sequence[Read]) -> Worked:
    """Put one group of records through the rules.

    A GuidelineError is of one record at least; with one record in the group it is that one's.
    """
    first = reads[0]
    held = first.setting
    rows = completed(reads, columns(reads))
    known = rows.columns
    _, kind, history = first.group
    after = None
    if kind == NOTHING:
        before = _history_only(known.facts, held.manual)
        return Worked(reads, rows, possible(rows, reads, before), before, None, None)
    if kind == CELL:
        before = _by_total(known, held.manual)
    else:
        before = worksheet(_with_net(known, held.manual), held.manual)
    before.inconsistent = before.inconsistent | _disagrees(known, before, history)
    if held.laws and kind == CELL:
        after = _by_total(known, held.amended, before)
        after.inconsistent = before.inconsistent.copy()
    elif held.laws:
        after = amended_worksheet(before, *held.numbers, rules=held.rules)
    cut = None
    if after is not None and history:
        cut = reduction(before, after, held.laws, held.rules)
    weight = None
    if kind == SEVERAL:
        case = known.facts.raw("substance"), known.facts.raw("substance_quantity")
        grams = [converted_weight_grams(*case, manual) for manual in (held.manual, held.amended)]
        weight = (grams[0] / 1000.0).tolist(), (grams[1] / 1000.0).tolist()
    return Worked(reads, rows, possible(rows, reads, before), before, after, cut, weight)


def _with_net(known: Columns, manual: Any) -> Facts:
    """Facts in which the total says what the adjustments come to, where they were not itemised."""
    facts = known.facts
    if not known.net.any():
        return facts
    levels = base_levels(facts, manual)
    base = levels[1] if levels is not None else np.zeros(facts.people, dtype=np.int32)
    combined = known.total - facts["acceptance"] - _zero(facts, manual)
    override = overrides(facts, manual)
    own = np.where(known.own > 0, known.own, combined)
    # An override that sets the level says nothing about the adjustments under it.
    hidden = (override > 0) & (override >= own)
    net = own - base - facts["mitigating_role"]
    limits = FACTS["chapter_three_levels"]
    low = np.where(known.accepted, LEAST_NET, limits.low)
    usable = known.net & ~hidden & (net >= low) & (net <= limits.high)
    return facts.changed(chapter_three_levels=np.where(usable, net, facts["chapter_three_levels"]))


def _zero(facts: Facts, manual: Any) -> IntArray:
    points = points_now(facts, manual)
    if points is None:
        return np.zeros(facts.people, dtype=np.int32)
    return zero_point_levels(points, facts["zero_point_offender_excluded"], manual)


def _by_total(known: Columns, manual: Any, before: Worksheet | None = None) -> Worksheet:
    """A worksheet from the total level; with amendments, the levels they take off are taken off."""
    facts = known.facts
    sheet = Worksheet(manual, facts)
    acceptance = facts["acceptance"]
    if before is None:
        level = np.where(known.own > 0, known.own, known.total - acceptance - _zero(facts, manual))
    else:
        level = before["base_offense_level"] + np.where(facts["drug_quantity_based"], known.shift, 0)
    complete(sheet, level, level, acceptance)
    return sheet


def _history_only(facts: Facts, manual: Any) -> Worksheet:
    """Chapter Four alone."""
    sheet = Worksheet(manual, facts)
    points = points_now(facts, manual)
    category = categories(facts, points, manual)
    if category is not None:
        sheet.put("criminal_history_category", category)
    sheet.put("override_offense_level", overrides(facts, manual))
    return sheet


def _disagrees(known: Columns, before: Worksheet, history: int) -> BoolArray:
    """Where what was found is not what the other facts give."""
    facts = known.facts
    wrong = (known.total > 0) & ~is_total(known.total, before)
    if history > 1:
        by_points = category_from_points(facts["criminal_history_points"], before.manual)
        by_chapter_four_b = facts["career_offender"] | facts["armed_career_criminal"]
        wrong = wrong | (~by_chapter_four_b & (by_points != facts["criminal_history_category"]))
    if history:
        for name, found in (("table", known.table_range), ("guideline", known.guideline_range)):
            low, high = (before[f"{name}_range_{end}_months"] for end in ("minimum", "maximum"))
            wrong = wrong | ((found[:, 0] >= 0) & ((found[:, 0] != low) | (found[:, 1] != high)))
    return np.asarray(wrong)


def as_lists(sheet: Mapping[str, Any] | None) -> dict[str, list[Any]]:
    """Columns as lists of Python numbers."""
    return {} if sheet is None else {name: sheet[name].tolist() for name in sheet}
