"""What facts of a record say of others: a role by its function, firearm counts, bars, and what is doubted.

Each of these goes through a record that is being read, and adds to it what follows, with a note.
"""

from __future__ import annotations

from datetime import date

from guidelines import tables
from guidelines.case.cells import shown
from guidelines.case.drugs import drugs_of
from guidelines.case.fields import EPOCH, cite
from guidelines.case.record import Read
from guidelines.errors import GuidelineError
from guidelines.s2d1_1_substances import substances_of
from guidelines.s4_criminal_history import CATEGORY_VI, zero_point_bar
from guidelines.tables import months
from guidelines.usc18_924_firearm_terms import firearm_term_months

RELATED = {"protected_location": "2D1.2", "premises_only": "2D1.8"}


def role_by_function(out: Read, problems: list[str]) -> None:
    """§2D1.1(e)(2): the reduction a low-level function generally warrants, where none was found."""
    function = out.given.get("low_level_function")
    if function is None:
        return
    manual = out.setting.manual
    if not manual.has("low_level_function"):
        problems.append(
            f"§2D1.1(e)(2) edition {manual.label}, low_level_function: {function!r} given; "
            "law from 2025-11-01 on, mitigating_role as found is accepted"
        )
        return
    row = manual.table("low_level_function").row(function=function)
    if "mitigating_role" not in out.given:
        out.given["mitigating_role"] = int(row["mitigating_role"])
        out.role_note = f"generally warranted for this function (§2D1.1(e)(2); {row['certainty']} source)"
        out.notes.append(f"mitigating_role: {row['mitigating_role']}, {out.role_note}")


def related_guidelines(out: Read, problems: list[str]) -> None:
    """§2D1.2 and §2D1.8: whether their text is held, and what directly involved a place or person."""
    given, manual = out.given, out.setting.manual
    for name, section in RELATED.items():
        if given.get(name) and not manual.has(name):
            first = tables.editions(name)[0]
            problems.append(f"§{section} edition {manual.label}, {name}: its text is held from {first} on")
    if not given.get("protected_location"):
        problems.extend(
            f"§2D1.2, {name}: given without protected_location; true is accepted"
            for name in ("protected_drugs", "under_18_involved")
            if given.get(name)
        )
    elif "protected_drugs" in given:
        out.protected, named = drugs_of(given["protected_drugs"], manual, problems, out.notes)
        problems.extend(f"§2D1.2(a)(1), protected_drugs: {name} without a quantity" for _, name in named)
        if not out.substances and out.quantity != out.quantity:
            problems.append(
                "§2D1.2(a)(1), protected_drugs: give all drugs with their quantities as drugs too"
            )


def firearm_counts(out: Read, problems: list[str]) -> None:
    """The term of a firearm count is consecutive; a range that only §4B1.1(c)(3) gives tells of one."""
    given, manual = out.given, out.setting.manual
    if "firearm_counts" in given and "firearm_term_months" not in given:
        day = given.get("sentenced_on")
        on = date.fromordinal(day + EPOCH).isoformat() if day is not None else manual.date
        prior = given.get("firearm_prior_conviction", False)
        try:
            months_of_all = firearm_term_months(given["firearm_counts"], on, prior_final_conviction=prior)
            given["firearm_term_months"] = months_of_all
            out.notes.append(
                f"firearm_term_months: {shown((months_of_all,) * 2)}, the least for these counts"
            )
        except GuidelineError as problem:
            problems.append(str(problem))
    term = given.get("firearm_term_months", 0)
    if not term:
        _range_of_a_firearm_count(out)
        return
    if "consecutive_term_months" not in given:
        given["consecutive_term_months"] = term
        out.notes.append("consecutive_term_months: the firearm term (18 U.S.C. 924(c)(1)(D))")
    if manual.has("firearm_count_weapon") and "(b)(1) " in out.adjustments.specific_sections:
        since = manual.table("firearm_count_weapon").effective_from
        out.warnings.append(
            f"§2K2.4: a weapon increase stands beside a sentence under 18 U.S.C. 924(c); since {since} there "
            "is none (Amendment 599). It is kept as found"
        )


def _range_of_a_firearm_count(out: Read) -> None:
    """A recorded range that only §4B1.1(c)(3) gives says whose consecutive term it is."""
    given, manual = out.given, out.setting.manual
    total, found = given.get("total_offense_level"), given.get("table_range_months")
    career = given.get("career_offender") and given.get("consecutive_term_months")
    if not career or total is None or not manual.has("career_offender_firearm"):
        return
    greatest = manual.level_limits[1]
    cell = tuple(int(end[min(total, greatest), CATEGORY_VI]) for end in manual.ranges)
    for row in manual.table("career_offender_firearm").verified:
        table = months(row["minimum_months"]), months(row["maximum_months"])
        taken = int(row["acceptance"])
        if table == found != cell and given.get("acceptance", taken) == taken:
            given["firearm_term_months"] = given["consecutive_term_months"]
            given["acceptance"] = taken
            given.setdefault("override_offense_level", min(total - taken, greatest))
            out.notes.append(
                "firearm_term_months: the consecutive term, since only §4B1.1(c)(3) gives the range found"
            )


def bar_of_zero_points(out: Read) -> None:
    """What bars §4C1.1 answers the question: an adjustment, a firearm count, a career offender's priors."""
    given, held = out.given, out.setting
    if not held.adds_zero_point and not held.manual.has("zero_point_offender"):
        return
    if given.get("career_offender") or given.get("armed_career_criminal"):
        given["zero_point_offender_excluded"] = True  # two or three convictions that count, or a firearm
    found = f"{out.adjustments.specific_sections}, {out.adjustments.chapter_three_sections}"
    sections = [one.split()[0].removeprefix("§") for one in found.split(", ") if one]
    if given.get("firearm_term_months"):
        sections.append("18 U.S.C. 924(c)")
    bar = zero_point_bar(sections, held.amended, held.rules.zero_point_role_enterprise)
    if not bar or given.get("zero_point_offender_excluded"):
        return
    if "zero_point_offender_excluded" not in given:
        given["zero_point_offender_excluded"] = True
        if held.adds_zero_point:
            told = f"yes, by {cite(bar)} (§4C1.1(a); secondary source)"
            out.notes.append(f"zero_point_offender_excluded: {told}")
    elif given.get("criminal_history_points") == 0:
        out.warnings.append(
            f"§4C1.1(a): {cite(bar)} is recorded, and that no bar applies; right only where the court found "
            "so all the same, as for a weapon that was another's"
        )


def doubted_time_credits(out: Read) -> None:
    """Time credits asked for on a record that looks as if a bar applied (18 U.S.C. 3632(d)(4)(D))."""
    given = out.given
    asked = given.get("program_days") and "time_credit_bars" not in given
    if not asked or not given.get("statutory_minimum_months"):
        return
    manual = out.setting.manual
    names = substances_of(manual).names
    found = {manual.drugs[out.drug]} if out.drug >= 0 else {names[index] for index in out.substances}
    leads = "§3B1.1" in out.adjustments.chapter_three_sections
    for row in tables.law("time_credit_exclusions", tables.editions("time_credit_exclusions")[-1]):
        if found & set(row["drugs"].split("; ")) and (leads or row["leading_role"] == "0"):
            out.warnings.append(
                f"18 U.S.C. 3632(d)(4)(D): no time credits for {row['condition']} ({row['certainty']} "
                f"source). They are counted here; if the bar applies, give {row['bar']} in time_credit_bars"
            )
