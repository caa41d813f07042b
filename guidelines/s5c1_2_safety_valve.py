"""18 U.S.C. 3553(f), §5C1.2: who is sentenced without regard to the statutory minimum, by date."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from guidelines.arrays import BoolArray, whole_numbers, yes_or_no
from guidelines.errors import ImpossibleValue
from guidelines.manual import CATEGORIES, Manual
from guidelines.tables import editions, iso, law


def category_may_pass(sentenced_on: ArrayLike, criminal_history_category: ArrayLike) -> BoolArray:
    """Whether some score within a category may pass the history test of 3553(f)(1), shape (people,).

    Until 20 December 2018 one point was the most, so only category I may; since then any may, as points of
    one-point offenses do not count.

    Parameters
    ----------
    sentenced_on
        Day of sentencing.
    criminal_history_category
        1-6.

    Examples
    --------
    >>> category_may_pass(["2013-11-01", "2013-11-01", "2019-11-01"], [1, 2, 6]).tolist()
    [True, False, True]
    """
    category = whole_numbers(criminal_history_category, "18 U.S.C. 3553(f)(1) category", 1, len(CATEGORIES))
    days = np.asarray(sentenced_on, dtype="datetime64[D]")
    widened, most = _widened()
    least = law("criminal_history_category", widened).column("points_at_least")
    passing = np.array([int(points) <= most for points in least])
    return np.asarray((days >= np.datetime64(widened)) | passing[category - 1])


def printed_criteria_day(manual: Manual) -> str:
    """Day of the statute whose criteria §5C1.2(a) and the two levels of §2D1.1(b) print in an edition.

    The two levels follow the text the Manual prints, the statutory minimum the statute of the day: from 21
    December 2018 to 31 October 2023 the Manual still printed the test of one point (Amendment 817).

    Examples
    --------
    >>> on = [printed_criteria_day(Manual.on(day)) for day in ("2022-06-01", "2023-11-01")]
    >>> meets_safety_valve(on[0], 3).item(), meets_safety_valve(on[1], 3).item()
    (False, True)
    """
    return max(manual.editions["specific_offense_characteristics"], editions("safety_valve")[0])


@lru_cache(maxsize=1)
def _widened() -> tuple[str, int]:
    """Day from which one-point offenses do not count, and the most points before it."""
    tables = [law("safety_valve", begin) for begin in editions("safety_valve")]
    before = [table for table in tables if not table.select(rule="one_point_priors_count")]
    most = before[-1].figure(rule="criminal_history_points_at_most")
    return tables[len(before)].effective_from, most


def meets_safety_valve(
    on: str | date,
    criminal_history_points: ArrayLike,
    *,
    one_point_priors: ArrayLike = 0,
    prior_three_point_offense: ArrayLike = False,
    prior_two_point_violent_offense: ArrayLike = False,
    violence_or_weapon: ArrayLike = False,
    death_or_serious_injury: ArrayLike = False,
    aggravating_role: ArrayLike = False,
    truthful_disclosure: ArrayLike = True,
    history_tests: Literal["any", "all"] = "any",
) -> BoolArray:
    """Whether the five tests are met, shape (people,).

    Parameters
    ----------
    on
        Day of sentencing: until 20 December 2018 at most one point; since then at most four points without
        those of one-point offenses, no three-point offense, no two-point violent offense.
    criminal_history_points, one_point_priors
        All points, and how many of them come from one-point offenses.
    history_tests
        Since 2018 the three tests of criminal history are joined by "and": failing ``any`` one bars, or
        only failing ``all`` of them. Courts differed until Pulsifer v. United States (15 March 2024); since
        then any one bars, and ``all`` is refused.

    Raises
    ------
    ImpossibleValue
        ``all`` on a day on which that reading was no longer open.

    Examples
    --------
    >>> meets_safety_valve("2013-11-01", [1, 2]).tolist(), meets_safety_valve("2019-11-01", [1, 4]).tolist()
    ([True, False], [True, True])
    """
    table = law("safety_valve", iso(on))
    points = whole_numbers(criminal_history_points, "18 U.S.C. 3553(f)(1) points", 0, 999)
    single = whole_numbers(one_point_priors, "18 U.S.C. 3553(f)(1) one_point_priors", 0, 999)
    most = table.figure(rule="criminal_history_points_at_most")
    if not table.select(rule="one_point_priors_count"):
        history = points <= most
    else:
        if history_tests == "all" and table.select(rule="history_tests_each_bar"):
            raise ImpossibleValue(
                f"18 U.S.C. 3553(f)(1) edition {table.effective_from}, history_tests: all given; "
                "any is accepted (Pulsifer v. United States)"
            )
        passed = (
            (points - single) <= most,
            ~yes_or_no(prior_three_point_offense, "18 U.S.C. 3553(f)(1)(B)"),
            ~yes_or_no(prior_two_point_violent_offense, "18 U.S.C. 3553(f)(1)(C)"),
        )
        join = np.logical_and if history_tests == "any" else np.logical_or
        history = join(join(passed[0], passed[1]), passed[2])
    return np.asarray(
        history
        & ~yes_or_no(violence_or_weapon, "18 U.S.C. 3553(f)(2)")
        & ~yes_or_no(death_or_serious_injury, "18 U.S.C. 3553(f)(3)")
        & ~yes_or_no(aggravating_role, "18 U.S.C. 3553(f)(4)")
        & yes_or_no(truthful_disclosure, "18 U.S.C. 3553(f)(5)")
    )
