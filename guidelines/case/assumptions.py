"""What an answer rests on that the record did not say, and what it would take to say more."""

from __future__ import annotations

from typing import Any

from guidelines.case.checks import day
from guidelines.case.reading import CELL, DRUG, NOTHING, SEVERAL, Read

ADJUSTING = ("adjustments", "mitigating_role", "acceptance")
NO_BASE = "drugs, converted_weight_kg, base_offense_level, total_offense_level or table_range_months"
NO_CATEGORY = "criminal_history_category or criminal_history_points"


def assumed(read: Read, answer: dict[str, Any]) -> list[str]:
    """What stood for facts the record does not give, one line each."""
    given, held = read.given, read.setting
    told = [read.assumed_manual] if read.assumed_manual else []
    told += read.notes
    if held.laws and "order_effective_on" not in given:
        allow = "allow" if len(held.laws) > 1 else "allows"
        told.append(f"order_effective_on: {day(held.order_on)}, the earliest {held.title} {allow}")
    if read.kind in (DRUG, SEVERAL):
        if read.net:
            told.append("adjustments and acceptance: what lies between base and total level, kept as found")
        else:
            told += [f"{name}: none" for name in ADJUSTING if name not in given]
        if read.quantity == read.quantity or read.substances:
            if "quantity_is_minimum" not in given:
                told.append("quantity_is_minimum: no, the quantity found is the whole quantity")
        elif read.drug < 0 and given.get("drug_quantity_based", True) and held.row_shift:
            told.append("drugs: one whose rows reach the top of the Drug Quantity Table")
    elif read.kind == CELL and held.row_shift and answer["amended"] is not None:
        less = "level" if held.row_shift == -1 else "levels"
        told.append(
            f"base_offense_level: from the Drug Quantity Table, in a row that {held.title} "
            f"{'lower' if len(held.laws) > 1 else 'lowers'} by {-held.row_shift} {less}"
        )
    if read.kind != NOTHING:
        if "career_offender" not in given and "armed_career_criminal" not in given:
            told.append("career_offender, armed_career_criminal: no")
        if answer["original"]["guideline_range_months"] is not None:
            told += _statute(given)
    if held.laws and answer["code"] is not None:
        if "substantial_assistance" not in given:
            told.append("substantial_assistance: no")
        if "sentence_began_on" not in given:
            if "time_served_months" not in given:
                told.append("time_served_months: not known, sets no limit")
            if "serving_original_term" not in given:
                told.append("serving_original_term: yes")
    if "sentence_began_on" in given and "imposed_term_months" in given:
        told += [
            f"{name}: 0"
            for name in ("jail_credit_days", "good_time_disallowed_days", "consecutive_term_months")
            if name not in given
        ]
        if given.get("consecutive_term_months") and held.laws:
            told.append("time served: counts for the guideline counts first")
    return told


def _statute(given: dict[str, Any]) -> list[str]:
    told = []
    if "statutory_minimum_months" not in given:
        told.append("statutory_minimum_months: none")
    elif "safety_valve" not in given:
        told.append("safety_valve: no")
    if "statutory_maximum_months" not in given:
        told.append("statutory_maximum_months: life")
    if (
        given.get("substantial_assistance")
        and given.get("statutory_minimum_months")
        and "below_minimum_authority" not in given
    ):
        told.append("below_minimum_authority: yes, as substantial_assistance")
    return told


def missing(read: Read, answer: dict[str, Any], share_lacking: bool) -> list[str]:
    """The fields it would take for a decision, and for dates."""
    given = read.given
    lacks = list(read.open)
    if read.kind == NOTHING and not lacks:
        lacks.append(NO_BASE)
    if not read.category and NO_CATEGORY not in lacks and "criminal_history_points" not in lacks:
        lacks.append(NO_CATEGORY)
    if read.setting.laws and answer["code"] is None:
        if "imposed_term_months" not in given:
            lacks.append("imposed_term_months")
        elif share_lacking and given.get("substantial_assistance") and not lacks:
            lacks.append("assistance_percent_only")
    if answer["code"] == "needs_quantity_finding":
        lacks.append("drugs, with the quantity the record supports")
    if read.setting.laws and "sentence_began_on" not in given:
        lacks.append("sentence_began_on (for the release dates)")
    return lacks
