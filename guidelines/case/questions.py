"""The questions of §1B1.1(a) in their order, with the answers that are tried where one is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from guidelines.case.drugs import weight_drug
from guidelines.manual import CATEGORIES, Manual
from guidelines.s3_adjustments import acceptances
from guidelines.tables import LIFE, editions
from guidelines.usc21_841_mandatory_minimum import statutory_limits

Record = Mapping[str, Any]

TOTALS = ("total_offense_level", "table_range_months", "guideline_range_months")
BASES = ("drugs", "converted_weight_kg", "base_offense_level")
WEAPON = "dangerous weapon possessed"
"""The end of its name in every Manual; the first two say "firearm or other" before it."""
HARDEST = ("Violence", "Premises", "Prison")
CAREER_FROM = 32
OTHER_GROUPS = (24, 34)
TERMS = (1, 60, 120, 240, "life")
"""Answers that are tried where the law has no list: how far an outcome may move, not how far it can."""


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes
    ----------
    section, text
        Where it stands, and what it asks.
    fields
        Any of them answers it.
    choices
        Answers that are tried where none was given: what to call it, and the fields it stands for.
    """

    section: str
    text: str
    fields: tuple[str, ...]
    choices: tuple[tuple[str, Record], ...]


def _each(name: str, *values: Any) -> tuple[tuple[str, Record], ...]:
    told = {False: "no", True: "yes"}
    return tuple(
        (
            told[value]
            if isinstance(value, bool)
            else f"{value:,}"
            if isinstance(value, float)
            else str(value),
            {name: value},
        )
        for value in values
    )


def _found(*named: tuple[str, tuple[str, ...]]) -> tuple[tuple[str, Record], ...]:
    return tuple((name, {"adjustments": [{"section": each} for each in found]}) for name, found in named)


@lru_cache(maxsize=32)
def questions(edition: str) -> tuple[Question, ...]:
    """The questions, in the order of §1B1.1(a), then the limits of statute, then §1B1.10.

    `edition` is the begin date of the Drug Quantity Table whose tables give the answers that are tried.
    """
    manual = Manual.on(edition)
    by_name = {row["name"]: row["section"] for row in manual.table("specific_offense_characteristics")}
    weapon = tuple(section for name, section in by_name.items() if name.lower().endswith(WEAPON))
    more = (*(by_name[name] for name in HARDEST if name in by_name), *weapon)
    several = ((f"{len(more)} of them", more),) if len(more) > len(weapon) else ()
    kilos = _kilos(manual, Manual.on(editions("drug_quantity")[-1]))
    least, most = ([months for months in limits if months < LIFE] for limits in statutory_limits(edition))
    careers = [int(level) for level in manual.career_offender_steps[1] if level >= CAREER_FROM]
    used = [begin for begin in editions("drug_quantity") if begin <= edition]
    career = ((f"level {at}", {"career_offender": True, "override_offense_level": at}) for at in careers)
    return (
        Question(
            "§1B1.11",
            "Which Manual was used; when was sentence passed?",
            ("sentenced_on", "manual_edition"),
            _each("manual_edition", *reversed(used)),
        ),
        Question(
            "§2D1.1(a), (c)",
            "Which drugs and how much, or which base offense level?",
            (*BASES, *TOTALS),
            _each("converted_weight_kg", *kilos),
        ),
        Question(
            "§2D1.1(c)",
            'Is the quantity a finding of "at least"?',
            ("quantity_is_minimum", *TOTALS),
            _each("quantity_is_minimum", False, True),
        ),
        Question(
            "§2D1.1(b)",
            "Which specific offense characteristics (weapon, violence, premises ...)?",
            ("adjustments", *TOTALS),
            _found(("none", ()), ("weapon", weapon), *several),
        ),
        Question(
            "§3A1.1-§3B1.1, §3C1.1",
            "Victim, aggravating role, obstruction?",
            ("adjustments", *TOTALS),
            _found(("none", ()), ("obstruction", ("3C1.1",)), ("and organizer", ("3B1.1(a)", "3C1.1"))),
        ),
        Question(
            "§3B1.2",
            "A mitigating role?",
            ("mitigating_role", *TOTALS),
            _each("mitigating_role", 0, -2, -3, -4),
        ),
        Question(
            "§3D1.4",
            "Another group of counts, at which level?",
            ("other_group_level", *TOTALS),
            (("none", {}), *_each("other_group_level", *OTHER_GROUPS)),
        ),
        Question(
            "§3E1.1",
            "Acceptance of responsibility?",
            ("acceptance", *TOTALS),
            _each("acceptance", *acceptances(manual)),
        ),
        Question(
            "§4A1.1, §4A1.2",
            "How many criminal history points; which category?",
            ("criminal_history_points", "criminal_history_category"),
            _each("criminal_history_category", *CATEGORIES),
        ),
        Question(
            "§4B1.1, §4B1.4",
            "A career offender or armed career criminal?",
            ("career_offender", "armed_career_criminal", "override_offense_level", *TOTALS),
            (("no", {}), *career),
        ),
        Question(
            "§5G1.1(b)",
            "A statutory minimum, over all counts?",
            ("statutory_minimum_months",),
            _each("statutory_minimum_months", *least),
        ),
        Question(
            "§5G1.1(a)",
            "The statutory maximum, over all counts?",
            ("statutory_maximum_months",),
            _each("statutory_maximum_months", "life", *reversed(most)),
        ),
        Question(
            "§5C1.2", "Did the safety valve apply?", ("safety_valve",), _each("safety_valve", False, True)
        ),
        Question(
            "§5K1.1",
            "Did the government move for less, for substantial assistance?",
            ("substantial_assistance",),
            _each("substantial_assistance", False, True),
        ),
        Question(
            "§1B1.10(b)",
            "Which term was imposed on the guideline counts?",
            ("imposed_term_months",),
            _each("imposed_term_months", *TERMS),
        ),
        Question(
            "§1B1.10(a)",
            "Is the original term still being served?",
            ("serving_original_term", "sentence_began_on"),
            _each("serving_original_term", True, False),
        ),
    )


def _kilos(*manuals: Manual) -> list[float]:
    """Where the rows of converted weights begin, in any of these Manuals."""
    cuts = np.concatenate([manual.quantity_cuts[weight_drug(manual)] for manual in manuals])
    return [float(grams) / 1000 for grams in np.unique(cuts[np.isfinite(cuts)])]
