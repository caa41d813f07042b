"""One record in, checked facts out: every problem at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from guidelines.case.adjustments import adjustments_of
from guidelines.case.cells import cells_of, no_cell
from guidelines.case.choices import category_of, choices
from guidelines.case.clashes import contradictions
from guidelines.case.consequences import (
    bar_of_zero_points,
    doubted_time_credits,
    firearm_counts,
    related_guidelines,
    role_by_function,
)
from guidelines.case.drugs import drugs_of, listed, weight_drug
from guidelines.case.earlier import RULE_35B, Earlier, earlier_reductions, reduced
from guidelines.case.fields import BAD, CHECKS, FIELDS, day, refusal
from guidelines.case.record import CELL, DRUG, NOTHING, SEVERAL, Read
from guidelines.case.setting import Setting, amendment_key, period, setting
from guidelines.errors import CaseError, GuidelineError, nearest
from guidelines.manual import last_manual_read
from guidelines.s3_adjustments import acceptances, told_acceptances
from guidelines.s4_criminal_history import CATEGORY_VI, status_points
from guidelines.tables import LIFE

NO_RULES = "{}"
RATES, LIMITS = "drug_equivalency", "drug_equivalency_limits"
DEFAULT_AMENDMENTS = ("782",)


def read(record: Any) -> Read:
    """Check a record."""
    if not isinstance(record, Mapping):
        raise CaseError([f"case record: {type(record).__name__} given; an object of fields is accepted"])
    case_id = CHECKS["case_id"](record.get("case_id"))
    name = None if case_id is BAD else case_id
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
    made = earlier_reductions(given, problems)
    held, assumed = _law(given, made, problems)
    edition = held.manual.label if held else ""
    problems.extend(refusal(FIELDS[key], value, edition) for key, value in refused)
    if held is None:
        raise CaseError(problems, name)
    out = Read(name, given, held, assumed)
    if made:
        out.given, out.comparable_from = reduced(given, made)
        given = out.given
        out.notes.append(f"imposed_term_months: {made[-1].months}, the present term after earlier reductions")
        if {law.number for law in held.laws} <= {one.amendment for one in made}:
            given["manual_already_amended"] = True
            out.notes.append("manual_already_amended: yes, by an earlier reduction")
    _in_force(out)
    role_by_function(out, problems)
    _base(out, problems)
    related_guidelines(out, problems)
    _converted(out, problems)
    if "adjustments" in given:
        out.adjustments = adjustments_of(given["adjustments"], held.manual, problems)
    problems.extend(contradictions(given, edition))
    _as_in_manual(given, held, problems)
    if problems:
        raise CaseError(problems, name)
    _history(out)
    firearm_counts(out, problems)
    _level(out, problems)
    if problems:
        raise CaseError(problems, name)
    bar_of_zero_points(out)
    doubted_time_credits(out)
    out.choices = choices(out)
    return out


def _law(given: dict[str, Any], made: tuple[Earlier, ...], problems: list[str]) -> tuple[Setting | None, str]:
    governs = given.get("manual_edition", given.get("sentenced_on"))
    try:
        wanted = given.get("amendments")
        amendments = DEFAULT_AMENDMENTS if wanted is None else amendment_key(wanted)
        if amendments:
            # What was applied before stays applied: the range is what it would have been with all of them.
            before = (one.amendment for one in made if one.amendment != RULE_35B)
            amendments = (*(one for one in dict.fromkeys(before) if one not in amendments), *amendments)
        rules = json.dumps(given["rules"], sort_keys=True) if given.get("rules") else NO_RULES
        begin, assumed = period(governs, amendments)
        return setting(begin, amendments, rules), assumed
    except (GuidelineError, TypeError) as problem:
        problems.append(str(problem))
        return None, ""


def _in_force(out: Read) -> None:
    """18 U.S.C. 3582(c)(2) asks for a range lowered after sentencing, whichever Manual was used."""
    sentenced = out.given.get("sentenced_on")
    if sentenced is None or out.setting.already:
        return
    on, used = day(sentenced), out.setting.manual.date
    dates = {law.number: law.effective_from or last_manual_read() for law in out.setting.laws}
    missed = [number for number, begin in dates.items() if used < begin <= on]
    if missed and all(begin <= on for begin in dates.values()):
        out.given["manual_already_amended"] = True
        out.notes.append(f"manual_already_amended: yes, {out.setting.title} came before sentencing")
    elif missed:
        out.warnings.append(
            f"18 U.S.C. 3582(c)(2): amendment {' and '.join(missed)} came before the day of sentencing and "
            "is not in the Manual used; only a range lowered later counts"
        )


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


def _converted(out: Read, problems: list[str]) -> None:
    """An amendment of single conversions says nothing of a level or a weight found: the drugs do."""
    changed = {law.number: {one["table"] for one in law.changes} for law in out.setting.laws}
    only = all(tables and tables <= {RATES, LIMITS} for tables in changed.values())
    laws = [number for number, tables in changed.items() if only or tables == {RATES}]
    if not laws or any(out.quantities()) or not out.given.get("drug_quantity_based", True):
        return
    problems.append(
        f"§1B1.10(d), amendment {laws[0]}: it changes what single drugs convert to; give drugs with their "
        "quantities"
    )


def _no_row(out: Read) -> None:
    """A base level found that no row of the Drug Quantity Table gives did not come from it."""
    level, manual = out.given["base_offense_level"], out.setting.manual
    rows = {int(at) for at in manual.quantity_levels.ravel() if at >= 0}
    capped = {int(manual.role_cap[each, at]) for each in range(manual.role_cap.shape[0]) for at in rows}
    if level not in capped:
        out.given.setdefault("drug_quantity_based", False)
        out.notes.append(f"drug_quantity_based: no, {level} is no row of the Drug Quantity Table")


def _as_in_manual(given: dict[str, Any], held: Setting, problems: list[str]) -> None:
    """Acceptance and status points are those of the Manual used, or none."""
    if (taken := given.get("acceptance", 0)) not in acceptances(held.manual):
        edition, told = held.manual.editions["acceptance_of_responsibility"], told_acceptances(held.manual)
        problems.append(f"§3E1.1 edition {edition}, acceptance: {taken} given; {told} are accepted")
    status, points = given.get("status_points", 0), given.get("criminal_history_points")
    if not status or points is None or status > points:
        return
    due = int(status_points(points - status, True, held.manual))
    if status != due:
        edition, told = held.manual.editions["criminal_history_points"], f"0 or {due}" if due else "0"
        problems.append(
            f"§4A1.1 edition {edition}, status_points: {status} given with {points - status} other points; "
            f"{told} is accepted"
        )


def _history(out: Read) -> None:
    given = out.given
    if given.get("career_offender"):
        out.category = CATEGORY_VI
    elif "criminal_history_category" in given:
        out.category = given["criminal_history_category"]
    elif "criminal_history_points" in given:
        out.category = category_of(given["criminal_history_points"], out.setting.manual)


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
