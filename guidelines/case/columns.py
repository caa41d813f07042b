"""Checked records of one group as the columns the rules work on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guidelines.arrays import BoolArray, FloatArray, IntArray
from guidelines.case.record import CELL, DRUG, SEVERAL, Read
from guidelines.case.release import served_months, whole_term
from guidelines.facts import Facts
from guidelines.tables import LIFE
from guidelines.usc18_3624_release import release_date

UNKNOWN_RANGE = (-1, -1)
NOT_KNOWN = -1
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
    order, began
        Days; NaT where the beginning is not known.
    jail, lost, consecutive, extra
        Days of jail credit and of good time disallowed; months; days of the term beside its months.
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
    served
        Months served on the day of the order.
    share_lacking
        Where the share of assistance would be needed and is not known.
    authority_known
        Where the record says whether the court could go below the statutory minimum.
    """

    facts: Facts
    table_range: IntArray
    guideline_range: IntArray
    order: NDArray[np.datetime64]
    began: NDArray[np.datetime64]
    jail: IntArray
    lost: IntArray
    consecutive: IntArray
    extra: IntArray
    school: BoolArray
    total: IntArray
    net: BoolArray
    accepted: BoolArray
    shift: IntArray
    own: IntArray
    imposed_known: BoolArray
    served_known: BoolArray
    served: FloatArray
    share_lacking: BoolArray
    authority_known: BoolArray

    def taken(self, rows: IntArray) -> Columns:
        """The columns of these rows, in this order."""
        others = {each.name: getattr(self, each.name)[rows] for each in fields(self) if each.name != "facts"}
        return Columns(facts=self.facts.taken(rows), **others)


def _row(read: Read) -> tuple[int, ...]:
    """The whole numbers of a record, in the order of `NAMES`."""
    get = read.given.get
    cell = read.cells[0] if read.cells else None
    adjustments = read.adjustments
    acceptance = get("acceptance", 0)
    assisted = get("substantial_assistance", False)
    points = get("criminal_history_points", 0)
    by_cell = read.kind == CELL
    return (
        read.drug,
        0 if by_cell else get("base_offense_level", 0),
        get("drug_quantity_based", True),
        0 if by_cell else get("mitigating_role", 0),
        0 if by_cell else adjustments.specific,
        0 if by_cell else adjustments.floor,
        0 if by_cell else adjustments.chapter_three,
        get("other_group_level", 0),
        not by_cell and get("protected_location", False),
        not by_cell and get("under_18_involved", False),
        not by_cell and get("premises_only", False),
        0 if by_cell else get("cross_reference_level", 0),
        get("override_offense_level", 0),
        get("career_offender", False),
        get("armed_career_criminal", False),
        acceptance,
        points,
        get("status_points", 0),
        read.category or 1,
        get("zero_point_offender_excluded", True),
        get("statutory_minimum_months", 0),
        get("statutory_maximum_months", LIFE),
        get("offense_statutory_maximum_months", 0),
        get("firearm_term_months", 0),
        get("safety_valve", False),
        assisted,
        get("below_minimum_authority", NOT_KNOWN),
        get("imposed_term_months", LIFE),
        get("serving_original_term", True),
        get("manual_already_amended", False) or read.setting.already,
        get("quantity_is_minimum", False),
        get("order_effective_on", read.setting.order_on),
        get("sentence_began_on", NO_DAY),
        get("jail_credit_days", 0),
        get("good_time_disallowed_days", 0),
        get("consecutive_term_months", 0),
        get("imposed_term_days", 0),
        get("school_progress", True),
        cell.level if cell else get("total_offense_level", 0),
        read.net,
        "acceptance" in read.given,
        read.setting.row_shifts[0],
        0,
        "imposed_term_months" in read.given,
        *get("table_range_months", UNKNOWN_RANGE),
        *get("guideline_range_months", UNKNOWN_RANGE),
    )


NAMES = (
    "drug", "base_offense_level", "drug_quantity_based", "mitigating_role", "specific_offense_levels",
    "specific_offense_floor", "chapter_three_levels", "other_group_level", "protected_location",
    "under_18_involved", "premises_only", "cross_reference_level", "override_offense_level",
    "career_offender", "armed_career_criminal", "acceptance", "criminal_history_points", "status_points",
    "criminal_history_category", "zero_point_offender_excluded", "statutory_minimum_months",
    "statutory_maximum_months", "offense_statutory_maximum_months", "firearm_term_months",
    "safety_valve", "substantial_assistance", "below_minimum_authority",
    "imposed_term_months", "serving_original_term", "manual_already_amended", "quantity_is_minimum",
    "order", "began", "jail", "lost", "consecutive", "extra", "school",
    "total", "net", "accepted", "shift", "own", "imposed_known",
    "table_low", "table_high", "range_low", "range_high",
)  # fmt: skip
FACT_NAMES = NAMES[1 : NAMES.index("order")]
FLAGS = {
    "drug_quantity_based", "protected_location", "under_18_involved", "premises_only", "career_offender",
    "armed_career_criminal", "zero_point_offender_excluded", "safety_valve", "substantial_assistance",
    "serving_original_term", "manual_already_amended", "quantity_is_minimum",
}  # fmt: skip


def columns(reads: Sequence[Read]) -> Columns:
    """Columns of the records of one group (`Read.group`)."""
    first = reads[0]
    whole = np.array([_row(read) for read in reads], dtype=np.int64).T
    by_name: dict[str, NDArray[np.int64]] = dict(zip(NAMES, whole, strict=True))
    facts: dict[str, Any] = {
        name: by_name[name].astype(np.bool_ if name in FLAGS else np.int32) for name in FACT_NAMES
    }
    if first.kind == DRUG:
        facts["drug"] = by_name["drug"].astype(np.int32)
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
    order = by_name["order"].astype("datetime64[D]")
    began = by_name["began"].astype("datetime64[D]")
    jail = by_name["jail"].astype(np.int32)
    told = np.array([read.given.get("time_served_months", np.nan) for read in reads])
    dated = ~np.isnat(began)
    served = np.where(np.isnan(told), np.where(dated, served_months(began, jail, order), 0.0), told)
    lost, consecutive = by_name["lost"].astype(np.int32), by_name["consecutive"].astype(np.int32)
    extra, school = by_name["extra"].astype(np.int32), by_name["school"].astype(np.bool_)
    known = by_name["imposed_known"].astype(np.bool_)
    # Whoever was released before the order takes effect is not serving the term any more.
    where = np.flatnonzero(dated & known)
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
    percent = np.array([read.given.get("assistance_percent_only", np.nan) for read in reads])
    by_share = first.setting.rules.assistance_share == "assistance_only"
    lacking = np.isnan(percent) & by_share
    facts["assistance_percent"] = np.where(lacking, 0.0, percent)
    facts["time_served_months"] = served
    facts["consecutive_term_months"], facts["imposed_term_days"] = consecutive, extra
    facts["comparable_from_months"] = np.array([read.comparable_from for read in reads])
    authority = facts["below_minimum_authority"]
    facts["below_minimum_authority"] = authority > 0
    facts["order_effective_on"] = order
    return Columns(
        facts=Facts(facts),
        table_range=np.stack([by_name["table_low"], by_name["table_high"]], axis=-1).astype(np.int32),
        guideline_range=np.stack([by_name["range_low"], by_name["range_high"]], axis=-1).astype(np.int32),
        order=order,
        began=began,
        jail=jail,
        lost=lost,
        consecutive=consecutive,
        extra=extra,
        school=school,
        total=by_name["total"].astype(np.int32),
        net=by_name["net"].astype(np.bool_),
        accepted=by_name["accepted"].astype(np.bool_),
        shift=by_name["shift"].astype(np.int32),
        own=by_name["own"].astype(np.int32),
        imposed_known=known,
        served_known=dated | ~np.isnan(told),
        served=served,
        share_lacking=lacking,
        authority_known=authority != NOT_KNOWN,
    )


def _grid(cases: Sequence[dict[int, float]]) -> tuple[IntArray, FloatArray]:
    width = max(len(case) for case in cases)
    index = np.full((len(cases), width), -1, dtype=np.int32)
    amount = np.zeros((len(cases), width))
    for person, case in enumerate(cases):
        for place, (drug, quantity) in enumerate(case.items()):
            index[person, place], amount[person, place] = drug, quantity
    return index, amount
