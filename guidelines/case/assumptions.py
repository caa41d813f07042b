"""What an answer rests on that the record did not say, and what it would take to say more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from guidelines.case.fields import day
from guidelines.case.record import CELL, DRUG, NOTHING, SEVERAL, Read

ADJUSTING = ("adjustments", "mitigating_role", "acceptance")


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
            asked = {name for choice in read.choices for name in choice.asks}
            told += [f"{name}: none" for name in ADJUSTING if name not in given and name not in asked]
        if read.quantity == read.quantity or read.substances:
            if "quantity_is_minimum" not in given:
                told.append("quantity_is_minimum: no, the quantity found is the whole quantity")
        elif read.drug < 0 and given.get("drug_quantity_based", True) and held.row_moves:
            told.append("drugs: one whose rows reach the top of the Drug Quantity Table")
    elif (
        read.kind == CELL
        and len(held.row_shifts) == 1
        and held.row_shifts[0]
        and given.get("drug_quantity_based", True)
        and not (
            "base_offense_level" in answer["decides"] and answer["amended"]["total_offense_level"] is None
        )
    ):
        less = "level" if held.row_shifts[0] == -1 else "levels"
        told.append(
            f"base_offense_level: from the Drug Quantity Table, in a row that {held.title} "
            f"{'lower' if len(held.laws) > 1 else 'lowers'} by {-held.row_shifts[0]} {less}"
        )
    if read.kind != NOTHING:
        if "career_offender" not in given and "armed_career_criminal" not in given:
            told.append("career_offender, armed_career_criminal: no")
        if answer["original"]["guideline_range_months"] is not None:
            told += _statute(given, {name for choice in read.choices for name in choice.asks})
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


def _statute(given: dict[str, Any], asked: set[str]) -> list[str]:
    told = []
    if "statutory_minimum_months" not in given:
        told.append("statutory_minimum_months: none")
    elif "safety_valve" not in given and "safety_valve" not in asked:
        told.append("safety_valve: no")
    if "statutory_maximum_months" not in given:
        told.append("statutory_maximum_months: life")
    minimum = given.get("statutory_minimum_months", 0)
    below = given.get("substantial_assistance") and given.get("imposed_term_months", minimum) < minimum
    if below and "below_minimum_authority" not in given:
        told.append("below_minimum_authority: yes, the term lies below the minimum on the motion")
    return told


def missing(read: Read, answer: dict[str, Any]) -> list[str]:
    """The facts it would take for a decision, and for dates."""
    given, decides = read.given, answer["decides"]
    lacks = [
        asked
        for choice in read.choices
        if not choice.ordinary or any(name in choice.options[0].says for name in decides)
        for asked in choice.asks
    ]
    if read.kind == NOTHING:
        lacks.append(
            "drugs, converted_weight_kg, base_offense_level, total_offense_level or table_range_months"
        )
        if not read.category:
            lacks.append("criminal_history_category or criminal_history_points")
    lacks += [name for name in ("imposed_term_months", "assistance_percent_only") if name in decides]
    if answer["code"] == "needs_quantity_finding":
        lacks.append("drugs, with the quantity the record supports")
    if read.setting.laws and "sentence_began_on" not in given:
        lacks.append("sentence_began_on (for the release dates)")
    return list(dict.fromkeys(lacks))


def _has(read: Read, *names: str) -> bool:
    return any(read.given.get(name) for name in names)


UNUSED: tuple[tuple[tuple[str, ...], str, Callable[[Read], bool]], ...] = (
    (("adjustments",), "the total or the range recorded holds them",
     lambda r: r.kind == CELL and not r.adjustments.floor and "other_group_level" not in r.given),
    (("mitigating_role", "protected_location", "under_18_involved", "premises_only", "cross_reference_level"),
     "the total or the range recorded holds it, and the amendments move no row",
     lambda r: r.kind == CELL and not r.setting.row_moves),
    (("acceptance",), "the total or the range recorded holds it", lambda r: r.kind == CELL and not _has(
        r, "career_offender", "armed_career_criminal", "override_offense_level", "other_group_level")),
    (("quantity_is_minimum",), "no quantity is given", lambda r: not any(True for _ in r.quantities())
     and not r.converted and not (r.kind == CELL and r.setting.row_moves)),
    (("status_points",), "the amendments do not move them",
     lambda r: not r.setting.moves_points and not r.setting.adds_zero_point),
    (("zero_point_offender_excluded",), "the amendments do not bring §4C1.1",
     lambda r: not r.setting.adds_zero_point and not r.setting.manual.has("zero_point_offender")),
    (("offense_statutory_maximum_months",), "no career offender is recorded",
     lambda r: not _has(r, "career_offender")),
    (("firearm_prior_conviction",), "no firearm_counts are given", lambda r: not _has(r, "firearm_counts")),
    (("assistance_percent_only",), "no motion for assistance is recorded",
     lambda r: r.given.get("substantial_assistance") is False),
    (("below_minimum_authority",), "no statutory minimum is recorded",
     lambda r: not _has(r, "statutory_minimum_months") and not any(
         "statutory_minimum_months" in one.columns for choice in r.choices for one in choice.options)),
    (("jail_credit_days", "good_time_disallowed_days", "school_progress", "drug_program", "program_days",
      "minimum_or_low_risk", "supervised_release", "time_credit_bars", "detainer"),
     "sentence_began_on is not given", lambda r: "sentence_began_on" not in r.given),
    (("minimum_or_low_risk", "supervised_release"), "no program_days are given",
     lambda r: "sentence_began_on" in r.given and not _has(r, "program_days")),
)  # fmt: skip
"""Fields that can play no part, why, and when; a test tries other values of them."""


def unused(read: Read, answer: dict[str, Any]) -> list[str]:
    """Fields that were read and played no part, with the reason."""
    return [
        f"{name}: {why}"
        for names, why, holds in UNUSED
        for name in names
        if name in read.given and holds(read)
    ]
