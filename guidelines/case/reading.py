"""One record in, checked facts out: every problem at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from guidelines import tables
from guidelines.case.adjustments import Adjustments, adjustments_of
from guidelines.case.cells import Cell, cell_of, shown
from guidelines.case.checks import contradictions
from guidelines.case.drugs import drugs_of, listed, weight_drug
from guidelines.case.fields import BAD, CHECKS, EPOCH, FIELDS, refusal
from guidelines.case.problems import CaseError
from guidelines.case.setting import Setting, amendment_key, period, setting, unread_manual
from guidelines.errors import GuidelineError, nearest
from guidelines.manual import Manual
from guidelines.s2d1_1_substances import substances_of
from guidelines.s4_criminal_history import (
    CATEGORY_VI,
    category_from_points,
    status_points,
    zero_point_bar,
)
from guidelines.tables import LIFE, months
from guidelines.usc18_924_firearm_terms import firearm_term_months

DRUG, SEVERAL, CELL, NOTHING = "drug", "several", "cell", "nothing"
"""Where the base level comes from: a drug or a level found; several drugs; a total or a range; nowhere."""

NO_RULES = "{}"
NO_ADJUSTMENTS, NO_CELL = Adjustments(), Cell()
DEFAULT_AMENDMENTS = ("782",)


@dataclass(slots=True)
class Read:
    """A checked record.

    Attributes
    ----------
    given
        The fields that were given, checked (days since 1970, categories 1-6, life as `LIFE`).
    setting, assumed_manual
        The law, and what was assumed about the Manual.
    kind
        `DRUG`, `SEVERAL`, `CELL` or `NOTHING`.
    drug, quantity, substances
        Index into ``Manual.drugs`` (-1 unknown) with its quantity (NaN unknown); or several drugs.
    protected
        Drugs directly involved under §2D1.2(a)(1), where they were told apart.
    adjustments
        Sums of the adjustments found.
    cell
        The cell found, for `CELL`.
    category
        1-6, 0 if unknown; from the points if no category was found.
    role_note
        Why there is a mitigating role, where it was not found.
    net
        Adjustments were not itemised: the recorded total says what they come to.
    overrides
        False where §4B1.1 or §4B1.4 applies and its level is not known.
    open
        The fields it would take for the amended range.
    warnings
        What a reader must see first.
    notes
        What was decided about single facts, for the list of what the answer rests on.
    """

    case_id: str | None
    given: dict[str, Any]
    setting: Setting
    assumed_manual: str = ""
    kind: str = NOTHING
    drug: int = -1
    quantity: float = float("nan")
    substances: dict[int, float] = field(default_factory=dict)
    protected: dict[int, float] = field(default_factory=dict)
    converted: bool = False
    adjustments: Adjustments = NO_ADJUSTMENTS
    cell: Cell = NO_CELL
    category: int = 0
    role_note: str = ""
    net: bool = False
    overrides: bool = True
    open: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def group(self) -> tuple[Any, ...]:
        """Records of one group go through the rules together."""
        history = 0 if not self.category else 2 if "criminal_history_points" in self.given else 1
        return id(self.setting), self.kind, history


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
    _open_facts(out)
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
        out.category = _category(given["criminal_history_points"], out.setting.manual)


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
    given = out.given
    total = given.get("total_offense_level")
    overrides = given.get("career_offender") or given.get("armed_career_criminal")
    itemised = "adjustments" in given or "acceptance" in given or "mitigating_role" in given
    plain = not overrides and "override_offense_level" not in given and "other_group_level" not in given
    if out.kind != NOTHING:
        out.net = total is not None and not itemised and plain
        if out.net and total == out.setting.manual.level_limits[1]:
            out.open.append("adjustments and acceptance (a level above 43 is recorded as 43)")
        return
    table_range = given.get("table_range_months")
    guideline_range = given.get("guideline_range_months")
    if total is None and table_range is None and guideline_range is None:
        return
    out.kind = CELL
    shift = out.setting.row_shift or 0
    less = shift + _zero_point_change(out)
    if total is not None and not out.category and table_range is None and guideline_range is None:
        out.cell = Cell(total, 0, True, False)
    else:
        minimum = 0 if given.get("safety_valve") else given.get("statutory_minimum_months", 0)
        limits = minimum, given.get("statutory_maximum_months", LIFE)
        out.cell = cell_of(
            out.setting,
            total,
            out.category or None,
            _amended_category(out),
            table_range,
            guideline_range,
            limits,
            less,
        )
    if out.cell.problem:
        problems.append(out.cell.problem)
        return
    out.category = out.category or out.cell.category
    if out.setting.laws and out.cell.open:
        out.open.append(out.cell.open)
    if out.setting.row_shift is None:
        out.open.append("base_offense_level or drugs")
    if overrides and not out.cell.level_known:
        out.open.append("total_offense_level")
    if overrides and "acceptance" not in given:
        out.open.append("acceptance")


def _zero_point_change(out: Read) -> int:
    if not out.setting.adds_zero_point or out.given.get("zero_point_offender_excluded", True):
        return 0
    if _amended_points(out) != 0:
        return 0
    return out.setting.amended.table("zero_point_offender").figure(rule="levels")


def _amended_points(out: Read) -> int | None:
    """Criminal history points with the amendments."""
    points, status = out.given.get("criminal_history_points"), out.given.get("status_points", 0)
    if points is None or not status or not out.setting.moves_points:
        return points
    others = points - status
    return int(others + status_points(others, True, out.setting.amended))


def _amended_category(out: Read) -> int | None:
    """Category with the amendments, None where it stays."""
    points = _amended_points(out)
    if points is None or points == out.given["criminal_history_points"] or out.given.get("career_offender"):
        return None
    return _category(points, out.setting.amended)


@lru_cache(maxsize=4096)
def _category(points: int, manual: Manual) -> int:
    return int(category_from_points(points, manual))


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


def _open_facts(out: Read) -> None:
    """What cannot be decided without."""
    given, held = out.given, out.setting
    overridden = "override_offense_level" in given
    lacking = ""
    if given.get("career_offender") and not overridden and "statutory_maximum_months" not in given:
        lacking = "statutory_maximum_months or override_offense_level"
    elif given.get("armed_career_criminal") and not overridden and not given.get("career_offender"):
        lacking = "override_offense_level"
    if lacking:
        out.open.append(lacking)
        out.overrides = False
        if out.kind != CELL:
            out.kind = NOTHING
    if held.moves_points and not given.get("career_offender"):
        out.open += [name for name in ("criminal_history_points", "status_points") if name not in given]
    _zero_point_bar(out)
    _time_credit_doubts(out)
    if held.adds_zero_point:
        if "criminal_history_points" not in given:
            if "criminal_history_points" not in out.open:
                out.open.append("criminal_history_points")
        elif _amended_points(out) == 0 and "zero_point_offender_excluded" not in given:
            out.open.append("zero_point_offender_excluded")
