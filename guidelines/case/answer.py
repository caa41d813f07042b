"""The answer to each record of a group."""

from __future__ import annotations

import math
from dataclasses import asdict
from datetime import date
from typing import Any

import numpy as np

from guidelines.case.analysis import Worked, as_lists
from guidelines.case.assumptions import assumed, missing
from guidelines.case.fields import EPOCH
from guidelines.case.lines import Lines
from guidelines.case.reading import CELL, Read
from guidelines.case.release import terms
from guidelines.manual import CATEGORIES
from guidelines.s1b1_10_rules import CODES, UNDECIDED
from guidelines.tables import LIFE
from guidelines.usc18_3624_door import FIREARM, sentence_to_door

BY_TERM = frozenset({
    "eligible", "eligible_substantial_assistance", "already_at_statutory_minimum",
    "already_at_or_below_amended_minimum", "time_served_exceeds", "needs_quantity_finding",
})  # fmt: skip
"""Codes that depend on the term imposed."""
WITH_FLOOR = frozenset({
    "eligible", "eligible_substantial_assistance", "already_at_statutory_minimum",
    "already_at_or_below_amended_minimum", "time_served_exceeds",
})  # fmt: skip
"""Codes under which a floor says something: the range was lowered."""
DIGITS = 4


def answers(worked: Worked) -> list[dict[str, Any]]:
    """One answer for each record of a group, in its order."""
    before, after = as_lists(worked.before), as_lists(worked.after)
    cut = as_lists(worked.cut)
    lines = Lines(worked, before, after, cut)
    share_lacking = worked.columns.share_lacking.tolist()
    out = []
    for i, read in enumerate(worked.reads):
        original = _levels(read, before, i)
        amended = None if read.open or worked.after is None else _levels(read, after, i)
        if amended is not None and cut:
            amended["guideline_range_months"] = [
                _month(cut["amended_range_minimum_months"][i]),
                _month(cut["amended_range_maximum_months"][i]),
            ]
        answer: dict[str, Any] = {
            "case_id": read.case_id, "eligible": None, "code": None, "other_codes": [],
            "original": original, "amended": amended,
            "floor_months": None, "comparable_term_months": None, "reduction_months": None,
        }  # fmt: skip
        if cut and not read.open:
            _decide(answer, read, cut, i, share_lacking[i])
        answer["release"] = {"original": None, "reduced": None}
        answer["worksheet"] = lines.of(i, read, answer)
        answer["warnings"] = list(read.warnings)
        answer["assumed"] = assumed(read, answer)
        answer["missing"] = missing(read, answer, share_lacking[i])
        answer["edition"] = read.setting.edition
        out.append(answer)
    _releases(worked, out)
    return out


def _decide(
    answer: dict[str, Any], read: Read, cut: dict[str, list[Any]], i: int, share_lacking: bool
) -> None:
    code = CODES[cut["code"][i]]
    comparable = cut["comparable_months"][i]
    assisted = not math.isnan(comparable)
    known = "imposed_term_months" in read.given
    if (not known and code in BY_TERM) or (share_lacking and assisted and code in WITH_FLOOR):
        if not known and not read.given.get("substantial_assistance") and code in WITH_FLOOR:
            answer["floor_months"] = _month(cut["floor_months"][i])
        return
    answer["code"] = code
    answer["eligible"] = None if code in UNDECIDED else code.startswith("eligible")
    mask = cut["other_codes"][i]
    if mask:
        others = [name for bit, name in enumerate(CODES) if mask >> bit & 1]
        answer["other_codes"] = [name for name in others if known or name not in BY_TERM]
    if code not in WITH_FLOOR:
        return
    floor = cut["floor_months"][i]
    answer["floor_months"] = _month(floor)
    if assisted:
        answer["comparable_term_months"] = round(comparable, DIGITS)
    imposed = read.given["imposed_term_months"]
    if not answer["eligible"]:
        answer["reduction_months"] = 0
    elif imposed < LIFE:
        answer["reduction_months"] = imposed - floor


def _levels(read: Read, sheet: dict[str, list[Any]], i: int) -> dict[str, Any]:
    def at(name: str) -> Any:
        return sheet[name][i] if name in sheet else None

    category = at("criminal_history_category")
    hidden = read.kind == CELL
    return {
        "base_offense_level": None if hidden else at("base_offense_level"),
        "total_offense_level": None if hidden and not read.cell.level_known else at("total_offense_level"),
        "criminal_history_category": None
        if category is None or (hidden and read.cell.category and not read.cell.category_known)
        else CATEGORIES[category - 1],
        "table_range_months": _range(at("table_range_minimum_months"), at("table_range_maximum_months")),
        "guideline_range_months": _range(
            at("guideline_range_minimum_months"), at("guideline_range_maximum_months")
        ),
    }


def _range(low: int | None, high: int | None) -> list[int | str] | None:
    return None if low is None or high is None else [_month(low), _month(high)]


def _month(months: int) -> int | str:
    return "life" if months >= LIFE else months


def _releases(worked: Worked, out: list[dict[str, Any]]) -> None:
    """Dates for the records that give the beginning of the sentence and the term."""
    c = worked.columns
    where = np.flatnonzero(~np.isnat(c.began) & c.imposed_known)
    if not len(where):
        return
    imposed = c.facts["imposed_term_months"]
    method = worked.reads[0].setting.rules.good_time
    fixed = c.consecutive[where], c.jail[where], c.lost[where], method
    school = c.school[where]
    original = [
        column.tolist() for column in terms(c.began[where], imposed[where], *fixed, c.extra[where], school)
    ]
    cut = worked.cut
    lowest = imposed if cut is None else cut["lowest_term_months"]
    left = np.where(lowest < imposed, 0, c.extra)
    order = c.order[where]
    reduced = [
        column.tolist()
        for column in terms(c.began[where], lowest[where], *fixed, left[where], school, not_before=order)
    ]
    for place, i in enumerate(where.tolist()):
        answer, read = out[i], worked.reads[i]
        answer["release"]["original"] = _dates(
            original, place, _steps(read, int(imposed[i]), int(c.extra[i]))
        )
        if answer["eligible"]:
            steps = _steps(read, int(lowest[i]), int(left[i]), not_before=c.order[i].item())
            answer["release"]["reduced"] = _dates(reduced, place, steps)


def _steps(read: Read, months: int, days: int, not_before: date | None = None) -> list[dict[str, Any]]:
    """The steps from the whole term to the door."""
    get = read.given.get
    bars = list(get("time_credit_bars", ()))
    steps = sentence_to_door(
        date.fromordinal(read.given["sentence_began_on"] + EPOCH),
        min(months + get("consecutive_term_months", 0), LIFE),
        extra_days=days,
        jail_credit_days=get("jail_credit_days", 0),
        method=read.setting.rules.good_time,
        school_progress=get("school_progress", True),
        disallowed_days=get("good_time_disallowed_days", 0),
        not_before=not_before,
        drug_program=get("drug_program", False),
        program_days=get("program_days", 0),
        minimum_or_low_risk=get("minimum_or_low_risk", False),
        time_credit_bars=[*bars, FIREARM] if get("firearm_term_months") else bars,
        supervised_release=get("supervised_release", True),
        detainer=get("detainer"),
    )
    return [asdict(step) for step in steps]


def _dates(columns: list[list[Any]], place: int, steps: list[dict[str, Any]]) -> dict[str, Any]:
    full, credit, out = (column[place] for column in columns)
    return {
        "full_term_date": full.isoformat() if full is not None else None,
        "good_conduct_time_days": credit,
        "release_date": out.isoformat() if out is not None else None,
        "steps": steps,
    }
