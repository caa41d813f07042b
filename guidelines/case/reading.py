"""One record in, checked facts out: every problem at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from guidelines import tables
from guidelines.case.adjustments import adjustments_of
from guidelines.case.cells import cells_of, no_cell, shown
from guidelines.case.checks import contradictions
from guidelines.case.choices import category_of, choices
from guidelines.case.drugs import drugs_of, listed, weight_drug
from guidelines.case.fields import BAD, CHECKS, EPOCH, FIELDS, refusal
from guidelines.case.problems import CaseError
from guidelines.case.record import CELL, DRUG, NOTHING, SEVERAL, Read
from guidelines.case.setting import Setting, amendment_key, period, setting, unread_manual
from guidelines.errors import GuidelineError, nearest
from guidelines.s2d1_1_substances import substances_of
from guidelines.s4_criminal_history import CATEGORY_VI, status_points, zero_point_bar
from guidelines.tables import LIFE, months
from guidelines.usc18_924_firearm_terms import firearm_term_months

NO_RULES = "{}"
DEFAULT_AMENDMENTS = ("782",)


def read(record: Any) -> Read:
    """Check a record.

    Raises
    ------
    CaseError
        With every problem found.
    """
    if not isinstance(record, Mapping):
        raise CaseError([f"case record: {type(record).__name__} given; an object of fields is accepted"])
    case_id = record.get("case_id")
    name = str(case_id) if isinstance(case_id, str) or type(case_id) is int else None
    problems: list[str] = []
    given: dict[str, Any] = {}
    refused: list[tuple[str, Any]] = []
    for key, value in record.items():
        check = CHECKS.get(key)
        if check is None:
            problems.append(f"case record: unknown field {key!r}; {nearest(str(key), FIELDS, listed=50)}")
            continue
        if value is None:
            continue  # JSON's way to say that it is not known
        checked = check(value)
        if checked is BAD:
            refused.append((key, value))
        else:
            given[key] = checked
    held, assumed = _law(given, problems)
    edition = held.manual.label if held else ""
    problems.extend(refusal(FIELDS[key], value, edition) for key, value in refused)
    if held is None:
        raise CaseError(problems, name)
    out = Read(name, given, held, assumed)
    if warning := unread_manual(given.get("sentenced_on")):
        out.warnings.append(warning)
    _low_level_function(out, problems)
    _base(out, problems)
    _related_guidelines(out, problems)
    if "adjustments" in given:
        out.adjustments = adjustments_of(given["adjustments"], held.manual, problems)
    problems.extend(contradictions(given, edition))
    _status(given, held, problems)
    if problems:
        raise CaseError(problems, name)
    _history(out)
    _firearm_count(out, problems)
    _level(out, problems)
    if problems:
        raise CaseError(problems, name)
    _zero_point_bar(out)
    _time_credit_doubts(out)
    out.choices = choices(out)
    return out


def _law(given: dict[str, Any], problems: list[str]) -> tuple[Setting | None, str]:
    day = given.get("manual_edition", given.get("sentenced_on"))
    try:
        wanted = given.get("amendments")
        amendments = DEFAULT_AMENDMENTS if wanted is None else amendment_key(wanted)
        rules = json.dumps(given["rules"], sort_keys=True) if given.get("rules") else NO_RULES
        begin, assumed = period(day, amendments)
        return setting(begin, amendments, rules), assumed
    except (GuidelineError, TypeError) as problem:
        problems.append(str(problem))
        return None, ""


def _base(out: Read, problems: list[str]) -> None:
    given, manual = out.given, out.setting.manual
    if "drugs" in given and "converted_weight_kg" in given:
        problems.append(
            f"§2D1.1 n.8(D) edition {manual.label}, converted_weight_kg: given together with drugs; "
            "the weight is accepted where the court found only that"
        )
    if "drugs" in given:
        quantities, named = drugs_of(given["drugs"], manual, problems, out.notes)
        if named and "base_offense_level" not in given:
            problems.extend(
                f"§2D1.1(c) edition {manual.label}, drugs: {name} without a quantity; "
                "give quantity and unit, or base_offense_level as found"
                for _, name in named
            )
        if named and quantities:
            problems.append(
                f"§2D1.1(c) edition {manual.label}, drugs: some with and some without a quantity; "
                "give each its quantity"
            )
        if len(quantities) == 1:
            index, amount = next(iter(quantities.items()))
            out.drug = listed(index, manual)
            if out.drug >= 0:
                out.kind, out.quantity = DRUG, amount
            else:
                out.kind, out.substances = SEVERAL, quantities
        elif quantities:
            out.kind, out.substances = SEVERAL, quantities
        elif len(named) == 1:
            out.drug = listed(named[0][0], manual)
    elif "converted_weight_kg" in given:
        out.kind, out.converted = DRUG, True
        out.drug = weight_drug(manual)
        out.quantity = given["converted_weight_kg"] * 1000.0
    if not given.get("drug_quantity_based", True):
        out.kind = NOTHING
    if "base_offense_level" in given and out.kind == NOTHING:
        out.kind = DRUG
        if not given.get("drug_quantity_based", True):
            out.quantity = float("nan")
        elif out.drug < 0 and not given.get("mitigating_role"):
            _no_row(out)


def _no_row(out: Read) -> None:
    """A base level found that no row of the Drug Quantity Table gives did not come from it."""
    level, manual = out.given["base_offense_level"], out.setting.manual
    rows = {int(at) for at in manual.quantity_levels.ravel() if at >= 0}
    capped = {int(manual.role_cap[each, at]) for each in range(manual.role_cap.shape[0]) for at in rows}
    if level not in capped:
        out.given.setdefault("drug_quantity_based", False)
        out.notes.append(f"drug_quantity_based: no, {level} is no row of the Drug Quantity Table")


def _low_level_function(out: Read, problems: list[str]) -> None:
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


RELATED = {"protected_location": "2D1.2", "premises_only": "2D1.8"}


def _related_guidelines(out: Read, problems: list[str]) -> None:
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


def _status(given: dict[str, Any], held: Setting, problems: list[str]) -> None:
    """Status points are those of the Manual used, or none."""
    status, points = given.get("status_points", 0), given.get("criminal_history_points")
    if not status or points is None or status > points:
        return
    due = int(status_points(points - status, True, held.manual))
    if status != due:
        edition, allowed = held.manual.editions["criminal_history_points"], f"0 or {due}" if due else "0"
        problems.append(
            f"§4A1.1 edition {edition}, status_points: {status} given with {points - status} other points; "
            f"{allowed} is accepted"
        )


def _history(out: Read) -> None:
    given = out.given
    if given.get("career_offender"):
        out.category = CATEGORY_VI
    elif "criminal_history_category" in given:
        out.category = given["criminal_history_category"]
    elif "criminal_history_points" in given:
        out.category = category_of(given["criminal_history_points"], out.setting.manual)


def _firearm_count(out: Read, problems: list[str]) -> None:
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
    total, found = given.get("total_offense_level"), given.get("table_range_months")
    term = given.get("firearm_term_months", 0)
    if term and "consecutive_term_months" not in given:
        given["consecutive_term_months"] = term
        out.notes.append("consecutive_term_months: the firearm term (18 U.S.C. 924(c)(1)(D))")
    if term and manual.has("firearm_count_weapon") and "(b)(1) " in out.adjustments.specific_sections:
        out.warnings.append(
            "§2K2.4: a weapon increase stands beside a sentence under 18 U.S.C. 924(c); since 2000-11-01 "
            "there is none (Amendment 599). It is kept as found"
        )
    known = term or not given.get("consecutive_term_months")
    if known or not given.get("career_offender") or None in (total, found):
        return
    if not manual.has("career_offender_firearm"):
        return
    cell = [int(end[min(total, end.shape[0] - 1), CATEGORY_VI]) for end in manual.ranges]
    for row in manual.table("career_offender_firearm").verified:
        table = months(row["minimum_months"]), months(row["maximum_months"])
        if (
            table == found
            and list(table) != cell
            and given.get("acceptance", int(row["acceptance"])) == int(row["acceptance"])
        ):
            given["firearm_term_months"] = given["consecutive_term_months"]
            given["acceptance"] = int(row["acceptance"])
            given.setdefault("override_offense_level", total - given["acceptance"])
            out.notes.append(
                "firearm_term_months: the consecutive term, since only §4B1.1(c)(3) gives the range found"
            )


def _level(out: Read, problems: list[str]) -> None:
    """A total or a range stands in where no base level is known; or says what adjustments come to."""
    given, held = out.given, out.setting
    total = given.get("total_offense_level")
    table, applicable = given.get("table_range_months"), given.get("guideline_range_months")
    found = total is not None or table is not None or applicable is not None
    if out.base_known:
        out.net = found and "adjustments" not in given
        if out.net and total is None and out.category and "acceptance" in given:
            out.net = False  # everything but the adjustments is there: the range found is a check
    elif found or held.laws:
        out.kind = CELL
    if not out.by_total:
        return
    category = out.category or None
    known = total is not None and category is not None
    minimum = 0 if given.get("safety_valve") else given.get("statutory_minimum_months")
    maximum = given.get("statutory_maximum_months")
    if known or not found:
        table = applicable = None
    out.cells = cells_of(held, total, category, table, applicable, minimum, maximum)
    if not out.cells:
        limits = minimum or 0, LIFE if maximum is None else maximum
        problems.append(no_cell(held, total, category, table, applicable, limits))


def _time_credit_doubts(out: Read) -> None:
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


def _zero_point_bar(out: Read) -> None:
    """An adjustment found that bars §4C1.1 answers the question of a bar."""
    if "zero_point_offender_excluded" in out.given:
        return
    found = f"{out.adjustments.specific_sections}, {out.adjustments.chapter_three_sections}"
    sections = [one.split()[0].removeprefix("§") for one in found.split(", ") if one]
    bar = zero_point_bar(sections, out.setting.amended, out.setting.rules.zero_point_role_enterprise)
    if bar:
        out.given["zero_point_offender_excluded"] = True
        if out.setting.adds_zero_point:
            out.notes.append(f"zero_point_offender_excluded: yes, by §{bar} (§4C1.1(a); secondary source)")
