"""From all drug prisoners to the eligible: each exclusion by its code, adding up to the person."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from guidelines import LIFE
from guidelines.s1b1_10_rules import CODES
from sim.eligibility.analysis import Analysis

LABELS = {
    "not_serving_original_term": "not serving an original term",
    "amendment_not_listed": "the amendment is not listed as retroactive",
    "order_effective_too_early": "the order would take effect too early",
    "amendment_already_applied": "sentenced with the amendment",
    "record_inconsistent": "the record contradicts itself",
    "not_drug_quantity_based": "base level not from the drug quantity",
    "quantity_above_top_threshold": "quantity above the top of the table",
    "minimum_base_level": "already at the lowest base level",
    "career_offender": "career offender range",
    "armed_career_criminal": "armed career criminal range",
    "role_cap_offsets": "the cap for a mitigating role takes it back",
    "level_cap_43": "still at level 43",
    "other_group_controls": "another offense sets the level",
    "range_not_lowered": "range not lowered",
    "mandatory_minimum_controls": "a mandatory minimum sets the range",
    "statutory_maximum_controls": "the statutory maximum sets the range",
    "not_based_on_lowered_range": "sentence not based on the range",
    "already_at_statutory_minimum": "term already at the statutory minimum",
    "already_at_or_below_amended_minimum": "term already at or below the amended range",
    "time_served_exceeds": "time served exceeds the new term",
    "needs_quantity_finding": "needs a finding on quantity",
    "outside_the_policy": "left out by the scenario's limits",
    "too_little_left": "too little of the term left",
    "life_term": "life, which earns no good conduct time",
    "no_earlier_release": "leaves no earlier: too short or over by then",
}
"""Exclusions in plain words."""
ELIGIBLE = "eligible"
STEPS = (*LABELS, ELIGIBLE)
"""Every exclusion, and what is left."""


def waterfall(analysis: Analysis) -> pd.DataFrame:
    """Steps from everybody to the eligible.

    Columns step, code, label, persons (leaving at the step), remaining. The first row is everybody, the
    last the eligible.
    """
    step = exclusion_step(analysis)
    rows = [("all", "all drug prisoners", 0)]
    for (name, label), persons in zip(LABELS.items(), np.bincount(step, minlength=len(STEPS)), strict=False):
        if persons:
            rows.append((name, label, int(persons)))
    table = pd.DataFrame(rows, columns=["code", "label", "persons"])
    table["remaining"] = len(step) - table["persons"].cumsum()
    left = int(table["remaining"].iloc[-1])
    last = pd.DataFrame([("eligible", "eligible", 0, left)], columns=table.columns)
    table = pd.concat([table, last], ignore_index=True)
    table.insert(0, "step", np.arange(len(table)))
    return table


def step_counts(analysis: Analysis, thin: int = 1) -> NDArray[np.float64]:
    """People at each of `STEPS`, one person standing for `thin`, shape (steps,)."""
    return thin * np.bincount(exclusion_step(analysis), minlength=len(STEPS)).astype(np.float64)


def exclusion(analysis: Analysis) -> np.ndarray:
    """The code that leaves each person out, "eligible" for the rest, shape (people,)."""
    code: np.ndarray = np.array(STEPS, dtype=object)[exclusion_step(analysis)]
    return code


def exclusion_step(analysis: Analysis) -> NDArray[np.int64]:
    """The same as an index into `STEPS`."""
    number = {name: place for place, name in enumerate(STEPS)}
    of_code = [number[ELIGIBLE if name.startswith(ELIGIBLE) else name] for name in CODES]
    step: NDArray[np.int64] = np.array(of_code, np.int64)[analysis.cut.law["code"]]
    lawful = analysis.cut.law["eligible"]
    court = analysis.cut.eligible
    unlimited = lawful & (analysis.unlimited.eligible)
    step[lawful & ~analysis.unlimited.eligible] = number["already_at_or_below_amended_minimum"]
    step[unlimited & ~court] = number["outside_the_policy"]
    step[court & ~analysis.dates.eligible] = number["too_little_left"]
    if not lawful.any() and analysis.unlimited.eligible.any():  # a change that needs no motion
        life = analysis.cut.imposed_term_months >= LIFE
        stays = np.where(court, number["no_earlier_release"], number["outside_the_policy"])
        step = np.where(life, number["life_term"], stays)
    step[analysis.dates.eligible] = number[ELIGIBLE]
    return step
