"""Chapter Three: several groups of counts, acceptance of responsibility, and the total."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from guidelines.arrays import FloatArray, IntArray, refuse, whole_numbers
from guidelines.manual import Manual
from guidelines.s5a_sentencing_table import clamp

NO_GROUP = 0
"""Level that stands for "there is no such group" in §3D1.4."""


def adjustment(name: str, manual: Manual) -> int:
    """Levels of a Chapter Three adjustment by its section, e.g. ``3B1.1(a)`` or ``3C1.1``.

    Raises
    ------
    UnknownName
        No such line in this edition; the nearest section is named.

    Examples
    --------
    >>> adjustment("3B1.1(c)", Manual.on("2013-11-01"))
    2
    """
    return manual.table("chapter_three").figure("levels", section=name.removeprefix("§"))


def units(levels: ArrayLike, manual: Manual, counted: ArrayLike | None = None) -> FloatArray:
    """Units of §3D1.4 for groups of counts.

    Parameters
    ----------
    levels
        Adjusted offense level of each group, shape (people, groups); 0 for no group.
    manual
        The edition.
    counted
        Which of them are groups, where a level of 0 or less is one too.

    Returns
    -------
    FloatArray
        Units in all, shape (people,): one for the highest group and each 1-4 levels below it, half for 5-8.
    """
    group = np.asarray(levels)
    highest = group.max(axis=-1, keepdims=True)
    begins, worth = _steps("units", manual)
    each = worth[np.searchsorted(begins, highest - group, side="right") - 1]
    there = group > NO_GROUP if counted is None else np.asarray(counted)
    total: FloatArray = np.where(there, each, 0.0).sum(axis=-1)
    return total


def combined_offense_level(levels: ArrayLike, manual: Manual, counted: ArrayLike | None = None) -> IntArray:
    """Combined offense level of several groups, §3D1.4, shape (people,).

    Parameters
    ----------
    levels, manual, counted
        As in `units`.

    Examples
    --------
    >>> combined_offense_level([[32, 26], [30, 26], [30, 0]], Manual.on("2013-11-01")).tolist()
    [33, 32, 30]
    """
    group = np.asarray(levels)
    begins, increase = _steps("increase", manual)
    more = increase[np.searchsorted(begins, units(group, manual, counted), side="right") - 1]
    combined: IntArray = (group.max(axis=-1) + more).astype(np.int32)
    return combined


def acceptance_of_responsibility(level_before: ArrayLike, accepted: ArrayLike, manual: Manual) -> IntArray:
    """Levels taken off under §3E1.1, shape (people,): 0, -2 or -3.

    Parameters
    ----------
    level_before
        Offense level before the reduction.
    accepted
        0 none, -2 under (a), -3 under (a) with the government's motion under (b).
    manual
        The edition.

    Returns
    -------
    IntArray
        The third level only where the level before is 16 or more.

    Raises
    ------
    ImpossibleValue
        Any other reduction.

    Examples
    --------
    >>> acceptance_of_responsibility([16, 15, 15], [-3, -3, 0], Manual.on("2013-11-01")).tolist()
    [-3, -2, 0]
    """
    rules, allowed = manual.rules_of("acceptance_of_responsibility"), acceptances(manual)
    what = f"§3E1.1 edition {manual.label}, acceptance"
    found = whole_numbers(accepted, what, -9, 0)
    told = f"{told_acceptances(manual)} are accepted"
    refuse(~np.isin(found, allowed), found, what, told)
    if "third_level" not in rules:
        return found
    third = (found == allowed[-1]) & (np.asarray(level_before) < rules["third_level_from_offense_level"])
    return np.where(third, np.int32(rules["acceptance"]), found).astype(np.int32, copy=False)


@lru_cache(maxsize=64)
def acceptances(manual: Manual) -> tuple[int, ...]:
    """What §3E1.1 may take off: none or two levels until 31 October 1992, then three as well.

    Examples
    --------
    >>> acceptances(Manual.on("1992-10-31")), acceptances(Manual.on("1992-11-01"))
    ((0, -2), (0, -2, -3))
    """
    rules = manual.rules_of("acceptance_of_responsibility")
    two = rules["acceptance"]
    return (0, two, two + rules["third_level"]) if "third_level" in rules else (0, two)


def told_acceptances(manual: Manual) -> str:
    """What §3E1.1 may take off, in words.

    Examples
    --------
    >>> told_acceptances(Manual.on("1992-10-31"))
    '0 and -2 (no third level yet)'
    """
    *others, last = map(str, acceptances(manual))
    yet = "" if len(others) > 1 else " (no third level yet)"
    return f"{', '.join(others)} and {last}{yet}"


def total_offense_level(level: ArrayLike, acceptance: ArrayLike, manual: Manual) -> IntArray:
    """Total offense level: the level after acceptance, within 1-43 (Ch.5 Pt.A n.2), shape (people,)."""
    return clamp(np.asarray(level) + np.asarray(acceptance), manual)


def _steps(rule: str, manual: Manual) -> tuple[FloatArray, FloatArray]:
    rows = [row for row in manual.table("combined_offense_level").verified if row["rule"] == rule]
    steps = sorted((float(row["at_least"]), float(row["value"])) for row in rows)
    begins, values = zip(*steps, strict=True)
    return np.array(begins), np.array(values)
