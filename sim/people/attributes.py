"""The facts of each case that the law asks for, and the few others that readers ask for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guidelines import tables
from sim.people.associations import Cells
from sim.people.parameters import Parameters

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
Columns = dict[str, NDArray[Any]]

TWO_LEVELS = 2
"""What a characteristic of §2D1.1(b) and most of Chapter Three add, and the safety valve takes off."""
ACCEPTED = -3
"""Asked for with every acceptance; §3E1.1(b) itself withholds the third level below 16."""


def attributes(
    known: Cells, cell: IntArray, draw: Callable[[str], FloatArray], parameters: Parameters
) -> Columns:
    """What is known of a person beside drug, quantity and term; every column has shape (people,).

    Parameters
    ----------
    known, cell
        Combinations of facts, and the one each person has.
    draw
        One uniform draw a person for a named purpose.
    parameters
        Shares that nobody has published.
    """
    weapon, category = known.weapon[cell].astype(np.bool_), known.criminal_history_category[cell]
    aggravating = known.aggravating_role[cell]
    # More than one point (until 2018), a weapon or a leading role bars the safety valve: 18 U.S.C. 3553(f).
    barred = (category > 1) | weapon | (aggravating > 0)
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
    plus = columns["weapon"].astype(np.int64) + columns["violence"] + columns["other_characteristic"]
    same = (
        "criminal_history_category", "mitigating_role", "acceptance", "career_offender", "safety_valve",
        "statutory_minimum_months", "statutory_maximum_months",
    )  # fmt: skip
    obstruction = columns["obstruction"].astype(np.int64)
    return {name: columns[name] for name in same} | {
        "specific_offense_levels": TWO_LEVELS * (plus - columns["safety_valve"].astype(np.int64)),
        "chapter_three_levels": columns["aggravating_role"] + TWO_LEVELS * obstruction,
    }


def statutory_term(paragraph: str, day: str | None = None) -> tuple[int, int]:
    """Minimum and maximum of 21 U.S.C. 841(b)(1) in months, without a prior or an injury.

    Parameters
    ----------
    paragraph
        The letter of the tier: A, B or C.
    day
        The law of that day; the oldest edition held if left out, which stood through all years of the flows.
    """
    terms = tables.law("statutory_terms", day or tables.editions("statutory_terms")[0])
    row = terms.row(tier=f"841(b)(1)({paragraph})", priors=0, death_or_serious_injury=0)
    return tables.months(row["minimum_months"]), tables.months(row["maximum_months"])
