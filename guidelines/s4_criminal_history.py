"""Chapter Four: points, category, status points, career offender, zero-point offender."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

from guidelines.arrays import BoolArray, IntArray, whole_numbers, yes_or_no
from guidelines.manual import Manual
from guidelines.tables import LIFE

MOST_POINTS = 999
CATEGORY_VI = 6


def category_from_points(points: ArrayLike, manual: Manual) -> IntArray:
    """Criminal history category 1-6 from points, shape (people,).

    Raises
    ------
    ImpossibleValue
        Negative points or no whole number.

    Examples
    --------
    >>> category_from_points([0, 1, 2, 12, 13], Manual.on("2013-11-01")).tolist()
    [1, 1, 2, 5, 6]
    """
    found = whole_numbers(points, f"§4A1.1 edition {manual.label}, points", 0, MOST_POINTS)
    return np.searchsorted(manual.category_points, found, side="right").astype(np.int32)


def points_from_priors(
    over_13_months: ArrayLike,
    at_least_60_days: ArrayLike,
    other: ArrayLike,
    unscored_violent: ArrayLike,
    manual: Manual,
) -> IntArray:
    """Points of §4A1.1 from counts of prior sentences, without status and recency points, shape (people,).

    The ceilings of four points for other sentences and three for unscored violent ones are applied.
    """
    table = manual.table("criminal_history_points")
    total = np.zeros((), dtype=np.int32)
    for rule, count in (
        ("prior_over_13_months", over_13_months),
        ("prior_at_least_60_days", at_least_60_days),
        ("other_prior", other),
        ("unscored_violent_prior", unscored_violent),
    ):
        each = table.figure("points", rule=rule)
        points = each * whole_numbers(count, f"§4A1.1 {rule}", 0, MOST_POINTS)
        if table.row(rule=rule)["at_most"]:
            points = np.minimum(points, table.figure("at_most", rule=rule))
        total = np.asarray(total + points)
    return np.asarray(total, dtype=np.int32)


def status_points(other_points: ArrayLike, under_sentence: ArrayLike, manual: Manual) -> IntArray:
    """Points for an offense committed under a criminal justice sentence, shape (people,).

    Two until Amendment 821; since then one with seven or more other points, else none.

    Parameters
    ----------
    other_points
        Points without status points.
    under_sentence
        Whether the offense was committed under any criminal justice sentence.
    manual
        The edition.

    Examples
    --------
    >>> status_points([6, 7], True, Manual.on("2013-11-01")).tolist()
    [2, 2]
    >>> status_points([6, 7], True, Manual.on("2023-11-01")).tolist()
    [0, 1]
    """
    table = manual.table("criminal_history_points")
    least = table.figure("if_other_points_at_least", rule="status")
    given = yes_or_no(under_sentence, "§4A1.1 status") & (np.asarray(other_points) >= least)
    return np.where(given, table.figure("points", rule="status"), 0).astype(np.int32)


def career_offender_level(statutory_maximum_months: ArrayLike, manual: Manual) -> IntArray:
    """Offense level of §4B1.1(b) by the statutory maximum in months (life is `LIFE`), shape (people,).

    A maximum of one year or less gives 0: no career offender level.

    Examples
    --------
    >>> career_offender_level([LIFE, 480, 240, 12], Manual.on("2013-11-01")).tolist()
    [37, 34, 32, 0]
    """
    maximum = whole_numbers(statutory_maximum_months, "§4B1.1(b) statutory maximum in months", 0, LIFE)
    begins, levels = manual.career_offender_steps
    return np.concatenate(([np.int32(0)], levels))[np.searchsorted(begins, maximum, side="right")]


def zero_point_bar(sections: Iterable[str], manual: Manual, role_enterprise: str = "or") -> str:
    """The first adjustment that bars §4C1.1, empty if none does.

    Parameters
    ----------
    sections
        Adjustments found, such as ``2D1.1(b)(1)`` or ``3B1.1(c)``.
    manual
        An edition that has §4C1.1.
    role_enterprise
        ``and``: an aggravating role alone does not bar (until the edition of 1 November 2024, which makes
        two bars of them).

    Examples
    --------
    >>> zero_point_bar(["3C1.1", "2D1.1(b)(1)"], Manual.on("2023-11-01"))
    '2D1.1(b)(1)'
    """
    if not manual.has("zero_point_bars"):
        return ""
    two = manual.table("zero_point_offender").select(rule="role_and_enterprise_are_two_bars")
    for section in sections:
        for row in manual.table("zero_point_bars"):
            joined = row["bar"] == "aggravating role" and role_enterprise == "and" and not two
            if section.startswith(row["section"]) and not joined:
                return section
    return ""


def zero_point_levels(points: ArrayLike, excluded: ArrayLike, manual: Manual) -> IntArray:
    """Levels of §4C1.1, shape (people,): -2 for no points and none of its bars; 0 before it was law.

    Examples
    --------
    >>> zero_point_levels([0, 0, 1], [False, True, False], Manual.on("2023-11-01")).tolist()
    [-2, 0, 0]
    """
    free: BoolArray = (np.asarray(points) == 0) & ~yes_or_no(excluded, "§4C1.1 zero_point_offender_excluded")
    if not manual.has("zero_point_offender"):
        return np.zeros(np.shape(free), dtype=np.int32)
    levels = manual.table("zero_point_offender").figure(rule="levels")
    return np.where(free, levels, 0).astype(np.int32)
