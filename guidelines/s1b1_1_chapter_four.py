"""Chapter Four on the facts of a case: overrides, points with today's status points, category."""

from __future__ import annotations

import numpy as np

from guidelines.arrays import IntArray, refuse
from guidelines.facts import Facts
from guidelines.manual import Manual
from guidelines.s4_criminal_history import (
    CATEGORY_VI,
    career_offender_level,
    category_from_points,
    status_points,
)


def overrides(facts: Facts, manual: Manual) -> IntArray:
    """Level of §4B1.1 or §4B1.4, 0 for none, shape (people,): as found, else by the statutory maximum."""
    found = facts["override_offense_level"]
    career = facts["career_offender"]
    armed = facts["armed_career_criminal"]
    refuse(
        armed & (found == 0) & ~career,
        found,
        "§4B1.4 override_offense_level",
        "an armed career criminal needs it, as found",
    )
    if not career.any():
        return found
    # n.2: the greatest maximum of any one count, not what a court may stack under §5G1.2(d).
    one_count = facts["offense_statutory_maximum_months"]
    maximum = np.where(one_count > 0, one_count, facts["statutory_maximum_months"])
    by_table = career_offender_level(maximum, manual)
    level: IntArray = np.where(career & (found == 0), by_table, found)
    return level


def safety_valve_floor(facts: Facts, manual: Manual) -> IntArray:
    """Least level of §5C1.2(b) for safety valve cases with a minimum of five years or more; else 0."""
    valve = facts["safety_valve"]
    if not valve.any():
        return np.zeros(facts.people, dtype=np.int32)
    if not manual.has("safety_valve") or not manual.table("safety_valve").select(rule="offense_level_floor"):
        return np.zeros(facts.people, dtype=np.int32)
    rules = manual.table("safety_valve")
    from_months = rules.figure(rule="offense_level_floor_from_statutory_minimum_months")
    bound = valve & (facts["statutory_minimum_months"] >= from_months)
    floor: IntArray = np.where(bound, np.int32(rules.figure(rule="offense_level_floor")), np.int32(0))
    return floor


def points_now(facts: Facts, manual: Manual) -> IntArray | None:
    """Criminal history points with the status points of this Manual; None if no points are known."""
    if "criminal_history_points" not in facts:
        return None
    total = facts["criminal_history_points"]
    status = facts["status_points"]
    if not status.any():
        return total
    refuse(
        status > total,
        status,
        "§4A1.1 status_points",
        "they are part of criminal_history_points, so at most that",
    )
    others = total - status
    return np.asarray(others + status_points(others, status > 0, manual))


def categories(facts: Facts, points: IntArray | None, manual: Manual) -> IntArray | None:
    """Category as found, or by points; by points where an amendment moved them.

    VI for career offenders (§4B1.1(b)); for armed ones at least that of §4B1.4(c)(3).
    """
    career = facts["career_offender"]
    if career.all():
        return np.full(facts.people, CATEGORY_VI, dtype=np.int32)
    if points is None:
        if "criminal_history_category" not in facts:
            return None
        category = facts["criminal_history_category"]
    else:
        category = category_from_points(points, manual)
        if "criminal_history_category" in facts:
            moved = points != facts["criminal_history_points"]
            category = np.where(moved, category, facts["criminal_history_category"])
    armed = facts["armed_career_criminal"]
    if armed.any() and manual.has("armed_career_criminal"):
        least = manual.rules_of("armed_career_criminal")["category_at_least"]
        category = np.where(armed, np.maximum(category, least), category).astype(np.int32)
    return np.where(career, np.int32(CATEGORY_VI), category) if career.any() else category
