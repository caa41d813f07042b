"""Checked records of one group as the columns the rules work on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guidelines.arrays import BoolArray, DateArray, FloatArray, IntArray
from guidelines.case.record import CELL, DRUG, SEVERAL, Read
from guidelines.facts import FACTS, Facts
from guidelines.tables import LIFE
from guidelines.usc18_3624_release import release_date

LONGEST_MONTH = 31
UNKNOWN_RANGE = (-1, -1)
NO_DAY = int(np.datetime64("NaT", "D").astype(np.int64))


@dataclass(frozen=True)
class Columns:
    """The records of one group, shape (people,) each.

    Attributes
    ----------
    facts
        What the rules take.
    table_range, guideline_range
        As found, shape (people, 2); -1 where not known.
    began
        First day of the sentence; NaT where it is not known.
    jail, lost
        Days of jail credit and of good time disallowed.
    school
        Progress in school, for the rate of good conduct time.
    total, net, accepted
        Total level as found (0: not known); where it says what the adjustments come to; where acceptance is
        known.
    shift, own
        Levels the amendments take off where the base level is not known; adjusted level of the drug group
        where it is not (0: follows from the total).
    imposed_known, served_known
        Where the term, and the time served, are known.
    share_lacking
        Where the share of assistance would be needed and is not known.
    authority_known
        Where the record says whether the court could go below the statutory minimum.
    """

    facts: Facts
    table_range: IntArray
    guideline_range: IntArray
    began: NDArray[np.datetime64]
    jail: IntArray
    lost: IntArray
    school: BoolArray
    total: IntArray
    net: BoolArray
    accepted: BoolArray
    shift: IntArray
    own: IntArray
    imposed_known: BoolArray
    served_known: BoolArray
    share_lacking: BoolArray
    authority_known: BoolArray

    def taken(self, rows: IntArray) -> Columns:
        """The columns of these rows, in this order."""
        others = {each.name: getattr(self, each.name)[rows] for each in fields(self) if each.name != "facts"}
        return Columns(facts=self.facts.taken(rows), **others)


AS_RECORDED = (
    "drug_quantity_based", "mitigating_role", "other_group_level", "protected_location", "under_18_involved",
    "premises_only", "cross_reference_level", "override_offense_level", "career_offender",
    "armed_career_criminal", "acceptance", "status_points", "zero_point_offender_excluded",
    "statutory_minimum_months", "statutory_maximum_months", "offense_statutory_maximum_months",
    "firearm_term_months", "consecutive_term_months", "safety_valve", "substantial_assistance",
    "imposed_term_days", "serving_original_term", "quantity_is_minimum",
)  # fmt: skip
"""Fields that go to the rules as they stand; where they are left out, as the rules take it."""


def _facts(read: Read) -> dict[str, Any]:
    """Whole numbers and flags of a record, by the names the rules know them under."""
    get, adjustments = read.given.get, read.adjustments
    facts = {name: get(name, FACTS[name].default) for name in AS_RECORDED} | {
        "base_offense_level": get("base_offense_level", 0),
        "specific_offense_levels": adjustments.specific,
        "specific_offense_floor": adjustments.floor,
        "chapter_three_levels": adjustments.chapter_three,
        "criminal_history_points": get("criminal_history_points", 0),
        "criminal_history_category": read.category or 1,
        "below_minimum_authority": get("below_minimum_authority", False),
        "imposed_term_months": get("imposed_term_months", LIFE),
        "manual_already_amended": get("manual_already_amended", False) or read.setting.already,
    }
    return facts | IN_A_TOTAL if read.kind == CELL else facts


IN_A_TOTAL = {
    "mitigating_role": 0, "specific_offense_levels": 0, "specific_offense_floor": 0,
    "chapter_three_levels": 0, "cross_reference_level": 0,
    "protected_location": False, "premises_only": False,
}  # fmt: skip
"""What a total level, or a range, as found holds already."""


def _others(read: Read) -> dict[str, Any]:
    """What the rules do not take as a fact, or not as it stands in the record."""
    get = read.given.get
    return {
        "order": get("order_effective_on", read.setting.order_on),
        "began": get("sentence_began_on", NO_DAY),
        "jail": get("jail_credit_days", 0),
        "lost": get("good_time_disallowed_days", 0),
        "school": get("school_progress", True),
        "total": read.cells[0].level if read.cells else get("total_offense_level", 0),
        "net": read.net,
        "accepted": "acceptance" in read.given,
        "shift": read.setting.row_shifts[0],
        "imposed_known": "imposed_term_months" in read.given,
        "authority_known": "below_minimum_authority" in read.given,
        "table_range": get("table_range_months", UNKNOWN_RANGE),
        "guideline_range": get("guideline_range_months", UNKNOWN_RANGE),
        "told": get("time_served_months", np.nan),
        "percent": get("assistance_percent_only", np.nan),
    }


def _columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, NDArray[Any]]:
    """Arrays by name; whole numbers but days as 32 bits."""
    found = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    days = ("order", "began")
    whole = {name for name, held in found.items() if held.dtype == np.int64 and name not in days}
    return {name: held.astype(np.int32) if name in whole else held for name, held in found.items()}


def columns(reads: Sequence[Read]) -> Columns:
    """Columns of the records of one group (`Read.group`)."""
    first = reads[0]
    facts: dict[str, Any] = _columns([_facts(read) for read in reads])
    others = _columns([_others(read) for read in reads])
    if first.kind == DRUG:
        facts["drug"] = np.array([read.drug for read in reads], dtype=np.int32)
        facts["quantity"] = np.array([read.quantity for read in reads])
    elif first.kind == SEVERAL:
        facts["substance"], facts["substance_quantity"] = _grid([read.substances for read in reads])
    if any(read.protected for read in reads):
        part = _grid([read.protected for read in reads])
        facts["protected_substance"], facts["protected_substance_quantity"] = part
    *_, history = first.group
    if history < 2:
        del facts["criminal_history_points"], facts["status_points"]
    if history < 1:
        del facts["criminal_history_category"]
    order, began = (others.pop(name).astype("datetime64[D]") for name in ("order", "began"))
    jail, lost, school = others["jail"], others["lost"], others["school"]
    consecutive, extra = facts["consecutive_term_months"], facts["imposed_term_days"]
    told, percent = others.pop("told"), others.pop("percent")
    dated = ~np.isnat(began)
    since = np.where(dated, served_months(began, jail, order), 0.0)
    # Whoever was released before the order takes effect is not serving the term any more.
    where = np.flatnonzero(dated & others["imposed_known"])
    if len(where):
        out = release_date(
            began[where],
            whole_term(facts["imposed_term_months"][where], consecutive[where]),
            jail[where],
            first.setting.rules.good_time,
            extra_days=extra[where],
            school_progress=school[where],
            disallowed_days=lost[where],
        )
        facts["serving_original_term"][where] &= ~(out < order[where])
    lacking = np.isnan(percent) & (first.setting.rules.assistance_share == "assistance_only")
    facts["assistance_percent"] = np.where(lacking, 0.0, percent)
    facts["time_served_months"] = np.where(np.isnan(told), since, told)
    facts["comparable_from_months"] = np.array([read.comparable_from for read in reads])
    facts["order_effective_on"] = order
    return Columns(
        facts=Facts(facts),
        began=began,
        own=np.zeros(len(reads), dtype=np.int32),
        served_known=dated | ~np.isnan(told),
        share_lacking=lacking,
        **others,
    )


def _grid(cases: Sequence[dict[int, float]]) -> tuple[IntArray, FloatArray]:
    width = max(len(case) for case in cases)
    index = np.full((len(cases), width), -1, dtype=np.int32)
    amount = np.zeros((len(cases), width))
    for person, case in enumerate(cases):
        for place, (drug, quantity) in enumerate(case.items()):
            index[person, place], amount[person, place] = drug, quantity
    return index, amount


def served_months(began: DateArray, jail_credit_days: IntArray, order: DateArray) -> FloatArray:
    """Months in custody on the day of the order, jail credit included, shape (people,).

    Whole calendar months, and the days of the month begun as a part of the longest month; 0 where the
    beginning is not known.
    """
    known = ~np.isnat(began)
    start = np.where(known, began - jail_credit_days, order)
    months = (order.astype("datetime64[M]") - start.astype("datetime64[M]")).astype(np.int64)
    day = _day_of_month(start)
    months -= _day_of_month(order) < day
    since = (start.astype("datetime64[M]") + months).astype("datetime64[D]") + day
    days = np.maximum((order - since).astype(np.int64), 0)
    served: FloatArray = np.maximum(months + np.minimum(days, LONGEST_MONTH - 1) / LONGEST_MONTH, 0.0)
    return served


def _day_of_month(days: DateArray) -> NDArray[np.int64]:
    since: NDArray[np.int64] = (days - days.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64)
    return since


def whole_term(term_months: IntArray, consecutive_months: IntArray) -> IntArray:
    """The guideline counts and what runs after them."""
    life = np.maximum(term_months, consecutive_months) >= LIFE
    return np.where(life, LIFE, term_months + consecutive_months).astype(np.int32)
