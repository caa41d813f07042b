"""§1B1.10(a)(2)(B): was the table range lowered, and if not, what kept it where it was."""

from __future__ import annotations

import numpy as np

from guidelines.arrays import BoolArray, IntArray
from guidelines.s1b1_1_worksheet import Worksheet
from guidelines.s1b1_10_rules import Rules
from guidelines.s1b1_10_substitution import drugs


def lowered(old: tuple[IntArray, IntArray], new: tuple[IntArray, IntArray], rules: Rules) -> BoolArray:
    """Whether a range (minimum, maximum) fell, shape (people,)."""
    fell: BoolArray = new[0] < old[0]
    if rules.lowered_means == "either_end":
        fell = fell | (new[1] < old[1])
    return fell


def why_not_lowered(before: Worksheet, after: Worksheet, table_lowered: BoolArray) -> dict[str, BoolArray]:
    """The most specific reasons why the table range did not fall, one column a code.

    ``range_not_lowered`` is true only where none of the others is.
    """
    facts = before.facts
    stays = ~table_lowered
    based = facts["drug_quantity_based"]
    rows_moved = before.manual.table("drug_quantity").rows != after.manual.table("drug_quantity").rows
    same_row = stays & based & rows_moved & (before["table_base_level"] == after["table_base_level"])
    same_base = before["base_offense_level"] == after["base_offense_level"]
    fell = after["base_offense_level"] < before["base_offense_level"]
    combined_fell = after["combined_offense_level"] < before["combined_offense_level"]
    override = before["override_offense_level"]
    governs = stays & (override >= before["combined_offense_level"]) & (override > 0)
    if "criminal_history_points" in before and "criminal_history_points" in after:
        # §4B1.1 gives category VI whatever the points.
        fewer = after["criminal_history_points"] < before["criminal_history_points"]
        governs = governs | (stays & fewer & facts["career_offender"])
    armed = facts["armed_career_criminal"]
    reasons = {
        "not_drug_quantity_based": stays & ~based & rows_moved,
        "quantity_above_top_threshold": same_row
        & (before["table_base_level"] == _end_of_rows(before, "highest")),
        "minimum_base_level": same_row & (before["table_base_level"] == _end_of_rows(before, "lowest")),
        "career_offender": governs & ~armed,
        "armed_career_criminal": governs & armed,
        "role_cap_offsets": stays & same_base & (after["table_base_level"] < before["table_base_level"]),
        "level_cap_43": stays
        & (after["uncapped_offense_level"] < before["uncapped_offense_level"])
        & (after["uncapped_offense_level"] >= before.manual.level_limits[1]),
        "other_group_controls": stays & fell & ~combined_fell & (facts["other_group_level"] > 0),
    }
    explained = np.zeros(before.people, dtype=np.bool_)
    for holds in reasons.values():
        explained = explained | holds
    reasons["range_not_lowered"] = stays & ~explained
    return reasons


def _end_of_rows(sheet: Worksheet, end: str) -> IntArray:
    """The drug's highest or lowest level; where the drug is not known, that of all drugs."""
    manual = sheet.manual
    ends = manual.highest_level if end == "highest" else manual.lowest_level
    listed = ends[ends >= 0]
    overall = listed.max() if end == "highest" else listed.min()
    drug = drugs(sheet)
    level: IntArray = np.where(drug >= 0, ends[drug], overall).astype(np.int32)
    return level
