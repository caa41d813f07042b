"""What an answer rests on that the record did not say, and what it would take to say more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from guidelines.case.cells import month
from guidelines.case.fields import day
from guidelines.case.record import CELL, DRUG, NOTHING, SEVERAL, Read
from guidelines.case.statute_choices import doubtful_minima, minima_by_priors
from guidelines.s5c1_2_safety_valve import category_may_pass
from guidelines.tables import LIFE

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


def warnings(read: Read, answer: dict[str, Any]) -> Iterator[str]:
    """What a reader must see first: a doubt the record raises itself, and limits of the answer."""
    given = read.given
    imposed, most = given.get("imposed_term_months"), given.get("statutory_maximum_months", LIFE)
    if imposed is not None and imposed > most:
        yield (
            f"§5G1.1(a): a term of {month(imposed)} months lies above the statutory maximum of {most}; "
            "correct one of them, or add up the maxima where the court stacked the counts (§5G1.2(d))"
        )
    least = given.get("statutory_minimum_months", 0)
    by_motion = given.get("substantial_assistance", True) and given.get("below_minimum_authority", True)
    if imposed is not None and imposed < least and not given.get("safety_valve", True) and not by_motion:
        yield (
            f"§5G1.1(b): a term of {imposed} months lies below the statutory minimum of {month(least)}, and "
            "the record says that neither a motion nor the safety valve allowed it; correct one of them"
        )
    more, found = given.get("consecutive_term_months", 0), answer["original"]["guideline_range_months"]
    top = found[1] if found and more else "life"
    if imposed is not None and top != "life" and imposed > top >= imposed - more > 0:
        yield (
            f"§5G1.2(a): the term of {month(imposed)} months lies above the range and less the consecutive "
            f"{more} does not; imposed_term_months is the term on the guideline counts alone"
        )
    if given.get("safety_valve") and read.category and not _may_pass(read):
        yield (
            "18 U.S.C. 3553(f)(1): no score of this category passes the safety valve on the day of "
            "sentencing; correct the category or safety_valve"
        )
    if not read.setting.laws:
        return
    if "statutory_minimum_months" not in given and not given.get("safety_valve"):
        yield from _unstated_minimum(read, answer)
    if given.get("binding_plea"):
        yield (
            "Rule 11(c)(1)(C): the term is taken to rest on the range, as it usually does (Hughes v. United "
            "States, 2018); not so where the agreement shows another basis"
        )


def _unstated_minimum(read: Read, answer: dict[str, Any]) -> Iterator[str]:
    """What in the record speaks for a statutory minimum that it does not state."""
    minima = doubtful_minima(read)
    least = " or ".join(str(at) for at in minima)
    law, state = "21 U.S.C. 841(b), 960(b)", "State statutory_minimum_months (0 if none was charged)"
    if minima and any(read.quantities()):
        if answer["eligible"] is not False:
            yield (
                f"{law}: this quantity can carry a minimum of {least} months, and the record states none. "
                f"{state} or safety_valve"
            )
    elif minima and answer["eligible"] is None and read.given.get("imposed_term_months") in minima:
        yield (
            f"{law}: the term is exactly {read.given['imposed_term_months']} months, which may be a "
            f"statutory minimum, and the record states none. {state}"
        )
    elif minima and read.base_known and answer["eligible"] is not False:
        yield (
            f"{law}: quantities of this base level can carry a minimum of {least} months, and the record "
            f"states none. {state} or safety_valve"
        )
    if answer["eligible"] is None and minima_by_priors(read):
        yield (
            f"21 U.S.C. 851: the term lies above the range and is exactly "
            f"{month(read.given['imposed_term_months'])} months, which a minimum by prior convictions, or "
            f"after a death, would explain. {state}"
        )


def _may_pass(read: Read) -> bool:
    sentenced = read.given.get("sentenced_on")
    on = read.setting.manual.date if sentenced is None else day(sentenced)
    # Category VI is that of a career offender, whose points may be few.
    return read.given.get("career_offender", False) or bool(category_may_pass(on, read.category))


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
