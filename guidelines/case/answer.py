"""The answer to each record of a group."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import numpy as np

from guidelines.arrays import BoolArray, DateArray, IntArray
from guidelines.case.analysis import Worked, as_lists
from guidelines.case.assumptions import assumed, missing, unused
from guidelines.case.cells import month
from guidelines.case.clashes import clashes
from guidelines.case.columns import whole_term
from guidelines.case.doubts import doubts
from guidelines.case.fields import EPOCH
from guidelines.case.lines import Lines
from guidelines.case.record import CELL, Read
from guidelines.case.verdict import BY_TERM, WITH_FLOOR, Verdict, verdicts
from guidelines.manual import CATEGORIES
from guidelines.s1b1_10_rules import CODES
from guidelines.tables import LIFE
from guidelines.usc18_3624_door import FIREARM, TermDates, sentence_to_door
from guidelines.usc18_3624_release import at_full_rate, full_term_date, release_date, term_days

DIGITS = 4


def answers(worked: Worked) -> list[dict[str, Any]]:
    """One answer for each record of a group, in its order."""
    before, after = as_lists(worked.before), as_lists(worked.after)
    cut = as_lists(worked.cut)
    lines = Lines(worked, before, after, cut)
    found = verdicts(worked)
    out = []
    for person, (read, verdict) in enumerate(zip(worked.reads, found, strict=True)):
        original = _levels(read, verdict, before, "original")
        amended = None if worked.after is None else _levels(read, verdict, after, "amended")
        if amended is not None and cut:
            ends = "amended_range_minimum_months", "amended_range_maximum_months"
            amended["guideline_range_months"] = (
                None
                if any(f"cut.{name}" in verdict.varies for name in ends)
                else [month(cut[name][verdict.row]) for name in ends]
            )
        answer: dict[str, Any] = {
            "case_id": read.case_id, "eligible": verdict.eligible, "code": verdict.code, "other_codes": [],
            "decides": list(verdict.decides), "branches": list(verdict.branches),
            "original": original, "amended": amended,
            "floor_months": None, "floor_is_limit": read.floor_is_limit,
            "comparable_term_months": None, "reduction_months": None,
        }  # fmt: skip
        if cut:
            _figures(answer, read, cut, verdict)
        answer["possible_range_months"] = {
            when: None if span is None else [month(end) for end in span]
            for when, span in zip(
                ("original", "amended"), verdict.spans or _own(original, amended), strict=True
            )
        }
        answer["total_term_months"] = _totals(read, answer)
        answer["release"] = {"original": None, "reduced": None}
        answer["worksheet"] = lines.of(person, verdict, read, answer)
        inconsistent = verdict.code == "record_inconsistent"
        answer["clashes"] = list(clashes(read, original)) if inconsistent else []
        answer["warnings"] = list(doubts(read, answer))
        answer["assumed"] = assumed(read, answer)
        answer["missing"] = missing(read, answer)
        answer["unused"] = unused(read, answer)
        answer["edition"] = read.setting.edition
        out.append(answer)
    _releases(worked, found, out)
    return out


def _own(original: dict[str, Any], amended: dict[str, Any] | None) -> tuple[Any, Any]:
    """The ranges themselves, where there is one completion."""
    return original["guideline_range_months"], amended and amended["guideline_range_months"]


def _figures(answer: dict[str, Any], read: Read, cut: dict[str, list[Any]], verdict: Verdict) -> None:
    """Floor, comparable term and reduction, where the completions agree on them."""
    i, varies = verdict.row, verdict.varies
    known = "imposed_term_months" in read.given
    code = verdict.code or CODES[cut["code"][i]]
    mask = cut["other_codes"][i] if verdict.code else 0
    if mask:
        others = [name for bit, name in enumerate(CODES) if mask >> bit & 1 and name != verdict.code]
        answer["other_codes"] = [name for name in others if known or name not in BY_TERM]
    if code not in WITH_FLOOR or "cut.floor_months" in varies:
        return
    floor, comparable = cut["floor_months"][i], cut["comparable_months"][i]
    assisted = not math.isnan(comparable) and "cut.comparable_months" not in varies
    if verdict.code is None:
        # What the court may reach follows although the term, and so the answer, is not known yet.
        if not known and not read.given.get("substantial_assistance"):
            answer["floor_months"] = month(floor)
        return
    answer["floor_months"] = month(floor)
    if assisted:
        answer["comparable_term_months"] = round(comparable, DIGITS)
    imposed = read.given["imposed_term_months"]
    if not answer["eligible"]:
        answer["reduction_months"] = 0
    elif imposed < LIFE:
        answer["reduction_months"] = imposed - floor


def _totals(read: Read, answer: dict[str, Any]) -> dict[str, Any] | None:
    """The whole term with the consecutive ones: as imposed, and the lowest the court may reach."""
    imposed, more = read.given.get("imposed_term_months"), read.given.get("consecutive_term_months")
    if imposed is None or not more:
        return None
    floor = answer["floor_months"] if answer["eligible"] else None
    return {
        "imposed": "life" if imposed >= LIFE else imposed + more,
        "lowest": floor + more if isinstance(floor, int) else floor,
        "consecutive": more,
    }


def _levels(read: Read, verdict: Verdict, sheet: dict[str, list[Any]], when: str) -> dict[str, Any]:
    i, varies = verdict.row, verdict.varies

    def at(name: str) -> Any:
        return sheet[name][i] if name in sheet and f"{when}.{name}" not in varies else None

    category = at("criminal_history_category")
    return {
        "base_offense_level": None if read.kind == CELL else at("base_offense_level"),
        "total_offense_level": at("total_offense_level"),
        "criminal_history_category": None if category is None else CATEGORIES[category - 1],
        "table_range_months": _range(at("table_range_minimum_months"), at("table_range_maximum_months")),
        "guideline_range_months": _range(
            at("guideline_range_minimum_months"), at("guideline_range_maximum_months")
        ),
    }


def _range(low: int | None, high: int | None) -> list[int | str] | None:
    return None if low is None or high is None else [month(low), month(high)]


def _releases(worked: Worked, found: list[Verdict], out: list[dict[str, Any]]) -> None:
    """Dates for the records that give the beginning of the sentence and the term."""
    c = worked.rows.columns
    facts = c.facts
    shown = np.array([verdict.row for verdict in found])
    people = np.flatnonzero(~np.isnat(c.began[shown]) & c.imposed_known[shown])
    if not len(people):
        return
    where = shown[people]
    imposed, extra = facts["imposed_term_months"], facts["imposed_term_days"]
    method = worked.reads[0].setting.rules.good_time
    fixed = facts["consecutive_term_months"][where], c.jail[where], c.lost[where], method
    cut = worked.cut
    lowest = imposed if cut is None else cut["lowest_term_months"]
    left = extra if cut is None else np.where(cut["eligible"], 0, extra)
    original = term_dates(c.began[where], imposed[where], *fixed, extra[where], c.school[where])
    reduced = term_dates(c.began[where], lowest[where], *fixed, left[where], c.school[where])
    for place, (i, person) in enumerate(zip(where.tolist(), people.tolist(), strict=True)):
        answer, read = out[person], worked.reads[person]
        answer["release"]["original"] = _dates(read, int(imposed[i]), int(extra[i]), original[place])
        if answer["eligible"] and answer["floor_months"] is not None:
            order = facts["order_effective_on"][i].item()
            answer["release"]["reduced"] = _dates(read, int(lowest[i]), int(left[i]), reduced[place], order)


def term_dates(
    began: DateArray,
    term_months: IntArray,
    consecutive_months: IntArray,
    jail_credit_days: IntArray,
    disallowed_days: IntArray,
    method: str,
    extra_days: IntArray,
    school_progress: BoolArray,
) -> list[TermDates | None]:
    """The dates of whole terms that `guidelines.sentence_to_door` begins with; None for life.

    The terms, guideline counts and what runs after them, are in months and `extra_days`; `method` and
    `school_progress` as in `guidelines.usc18_3624_release`.
    """
    whole = whole_term(term_months, consecutive_months)
    full = full_term_date(began, whole, jail_credit_days, extra_days)
    length = term_days(began, whole, extra_days)
    door = release_date(
        began,
        whole,
        jail_credit_days,
        method,
        extra_days=extra_days,
        school_progress=school_progress,
        disallowed_days=disallowed_days,
    )
    rate = at_full_rate(began, school_progress)
    columns = (column.tolist() for column in (full, length, door, rate))
    return [None if row[0] is None else TermDates(*row) for row in zip(*columns, strict=True)]


def _dates(
    read: Read, months: int, days: int, dates: TermDates | None, not_before: date | None = None
) -> dict[str, Any]:
    """Full term, good conduct time and release of one term, and the steps that lead there."""
    door = None if dates is None else max(dates.door, not_before or dates.door)
    return {
        "full_term_date": None if dates is None else dates.full.isoformat(),
        "good_conduct_time_days": 0 if dates is None else (dates.full - dates.door).days,
        "release_date": None if door is None else door.isoformat(),
        "steps": _steps(read, months, days, dates, not_before),
    }


def _steps(
    read: Read, months: int, days: int, dates: TermDates | None, not_before: date | None = None
) -> list[dict[str, Any]]:
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
        drug_program=get("drug_program"),
        program_days=get("program_days"),
        minimum_or_low_risk=get("minimum_or_low_risk", False),
        time_credit_bars=[*bars, FIREARM] if get("firearm_term_months") else bars,
        supervised_release=get("supervised_release", True),
        detainer=get("detainer"),
        dates=dates,
    )
    return [dict(vars(step)) for step in steps]
