"""Lower mandatory minimums for people already sentenced: what a statute would add to an amendment.

§1B1.10 lets no court go below a mandatory minimum, and it reaches only people whose range of the Sentencing
Table an amendment lowers. A statute that lowers minimums for people already sentenced does two things:
those §1B1.10 reaches have the lower minimum as their limit, and those it does not reach are measured by
their range after the lower minimum. In both, a term keeps its place relative to the range after statute and
ends no lower than the new minimum, but for people whom assistance or the safety valve relieved of it.
Statutory maximums stay as they are.
"""

from __future__ import annotations

from copy import copy

import numpy as np

from guidelines.amendments import Amendment
from guidelines.s1b1_1_worksheet import Worksheet, effective_minimum
from guidelines.s1b1_10_retroactivity import Reduction
from guidelines.s1b1_10_rules import CODES, Rules
from guidelines.s5g1_1_statutory_limits import restrict_range
from sim.base.arrays import IntArray
from sim.people.attributes import within
from sim.people.reductions import Cut, cut_terms, same_place_in_range
from sim.people.sentenced import Sentenced
from sim.scenario.changes import MandatoryMinimums


def lowered_minimums(people: Sentenced, statute: MandatoryMinimums) -> IntArray:
    """Statutory minimums in months under the statute, `LIFE` for life, shape (people,)."""
    present = people.attributes["statutory_minimum_months"].astype(np.int64)
    lowered = present.copy()
    for change in statute.change:
        reached = (present == change.from_months) & within(people.attributes, change.limits)
        lowered[reached] = change.to_months
    return lowered


def cut_terms_under_lower_minimums(
    before: Worksheet,
    after: Worksheet,
    law: Amendment,
    lowered: IntArray,
    reach: str,
    rules: Rules | None = None,
) -> Cut:
    """`sim.people.reductions.cut_terms`, with the lower minimums for what it may come to.

    `lowered` holds the minimums under the statute, shape (people,); with the reach "statute" people are
    measured anew whom the amendment does not reach, with "amendment" they are not.
    """
    if (lowered == before.facts["statutory_minimum_months"]).all():
        return cut_terms(before, after, (law,), rules)
    limit = copy(before)  # ranges as they were, the minimum as it would be
    limit.facts = before.facts.changed(statutory_minimum_months=lowered)
    cut = cut_terms(limit, after, (law,), rules)
    return cut if reach == "amendment" else _by_statute_alone(cut, before, limit)


def _by_statute_alone(cut: Cut, before: Worksheet, limit: Worksheet) -> Cut:
    """Whoever gets nothing under §1B1.10, measured by the old range of the table after the lower minimum."""
    minimum = effective_minimum(limit.facts)
    table = before["table_range_minimum_months"], before["table_range_maximum_months"]
    low, high = restrict_range(*table, minimum, limit.facts["statutory_maximum_months"])
    present = cut.imposed_term_months
    binding = np.where(limit.facts["substantial_assistance"], 0, minimum)
    was = before["guideline_range_minimum_months"], before["guideline_range_maximum_months"]
    moved = np.maximum(same_place_in_range(present, was, (low, high)), binding)
    lower = low < before["guideline_range_minimum_months"]
    alone = ~cut.eligible & lower & (moved < present)
    columns = dict(cut.law)
    for name, value in (
        ("code", CODES.index("eligible")),
        ("eligible", True),
        ("amended_range_minimum_months", low),
        ("amended_range_maximum_months", high),
        ("comparable_months", np.nan),
        ("floor_months", binding),
        ("lowest_term_months", moved),
        ("other_codes", 0),
    ):
        columns[name] = np.where(alone, value, columns[name]).astype(columns[name].dtype)
    return Cut(
        Reduction(columns, cut.law.rules, cut.law.amendments),
        cut.eligible | alone,
        present,
        np.where(alone, moved, cut.reduced_term_months).astype(np.int64),
    )
