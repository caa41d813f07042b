"""The facts of each case that the law asks for, and the few others that readers ask for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guidelines.manual import CATEGORIES, Manual
from guidelines.s2d1_1_characteristics import characteristics
from guidelines.s3_adjustments import adjustment
from guidelines.s5c1_2_safety_valve import category_may_pass
from sim.base.arrays import DateArray, FloatArray, IntArray
from sim.people.associations import Cells
from sim.people.parameters import Parameters
from sim.scenario.sections import Limits

Columns = dict[str, NDArray[Any]]

CHARACTERISTICS_OF = "2013-11-01"
"""Manual whose levels of §2D1.1(b) and §3C1.1 stand for all years; the safety valve takes off as much."""
ACCEPTED = -3
"""Asked for with every acceptance; §3E1.1(b) itself withholds the third level below 16."""


def attributes(
    known: Cells,
    cell: IntArray,
    sentenced_on: DateArray,
    draw: Callable[[str], FloatArray],
    parameters: Parameters,
) -> Columns:
    """What is known of a person beside drug, quantity and term; every column has shape (people,).

    `draw` gives one uniform draw a person for a named purpose.
    """
    weapon, category = known.weapon[cell].astype(np.bool_), known.criminal_history_category[cell]
    aggravating = known.aggravating_role[cell]
    # 18 U.S.C. 3553(f): the history test, a weapon, a leading role.
    barred = ~category_may_pass(sentenced_on, category) | weapon | (aggravating > 0)
    return {
        "criminal_history_category": category,
        "weapon": weapon,
        "violence": draw("violence") < parameters.violence_share,
        "other_characteristic": draw("other characteristics") < parameters.other_characteristics_share,
        "safety_valve": known.safety_valve[cell].astype(np.bool_) & ~barred,
        "mitigating_role": np.where(aggravating > 0, 0, known.mitigating_role[cell]),
        "aggravating_role": aggravating,
        "obstruction": draw("chapter three") < parameters.chapter_three_share,
        "acceptance": np.where(draw("acceptance") < parameters.acceptance_share, ACCEPTED, 0),
        "career_offender": known.career_offender[cell].astype(np.bool_),
        "statutory_minimum_months": known.statutory_minimum_months[cell],
        "statutory_maximum_months": known.statutory_maximum_months[cell],
        "us_citizen": known.us_citizen[cell].astype(np.bool_),
        "race": known.race[cell],
    }


def facts_of(columns: Columns) -> Columns:
    """The same as the facts of `guidelines.facts`."""
    manual = Manual.on(CHARACTERISTICS_OF)
    each, _ = characteristics(["(b)(1)"], manual)
    plus = columns["weapon"].astype(np.int64) + columns["violence"] + columns["other_characteristic"]
    same = (
        "criminal_history_category", "mitigating_role", "acceptance", "career_offender", "safety_valve",
        "statutory_minimum_months", "statutory_maximum_months",
    )  # fmt: skip
    obstruction = columns["obstruction"].astype(np.int64)
    return {name: columns[name] for name in same} | {
        "specific_offense_levels": each * (plus - columns["safety_valve"].astype(np.int64)),
        "chapter_three_levels": columns["aggravating_role"] + adjustment("3C1.1", manual) * obstruction,
    }


def within(known: Columns, limits: Limits) -> NDArray[np.bool_]:
    """Who a narrower policy leaves in, shape (people,)."""
    inside = np.ones(len(known["weapon"]), np.bool_)
    for left_out in left_out_by(known, limits).values():
        inside = inside & ~left_out
    return inside


def left_out_by(known: Columns, limits: Limits) -> dict[str, NDArray[np.bool_]]:
    """Whom each limit of a narrower policy leaves out, shape (people,) each; only limits that are set.

    A firearm count under 18 U.S.C. 924(c) is not told apart from other weapons, so leaving it out leaves out
    every weapon.
    """
    category = known["criminal_history_category"]
    return {
        name: np.asarray(column, np.bool_)
        for name, limited, column in (
            (
                "Criminal History Category",
                len(limits.criminal_history_categories) < len(CATEGORIES),
                ~np.isin(category, limits.criminal_history_categories),
            ),
            ("weapon", limits.exclude_weapon or limits.exclude_924c, known["weapon"]),
            ("violence", limits.exclude_violence, known["violence"]),
            ("aggravating role", limits.exclude_aggravating_role, known["aggravating_role"] > 0),
            ("obstruction", limits.exclude_obstruction, known["obstruction"]),
        )
        if limited
    }
