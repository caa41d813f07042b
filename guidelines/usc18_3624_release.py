"""18 U.S.C. § 3624(a), (b): good conduct time, full term and release dates of many people.

Two methods of good conduct time: 54 days at the end of each year *served*, the rest pro rata (Barber v.
Thomas, 2010), in use until the First Step Act took effect on 19 July 2019; since then 54 days a year of the
sentence *imposed*, a part year by its days. "Months of sentence are not months served." What else may stand
between a sentence and the door is in `guidelines.usc18_3624_door`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guidelines.arrays import BoolArray, DateArray, IntArray, refuse, whole_numbers, yes_or_no
from guidelines.errors import ImpossibleValue
from guidelines.tables import LIFE, editions, law

Method = Literal["by_date", "before_first_step_act", "first_step_act"]
NEVER = np.datetime64("NaT", "D")
"""Release date of a life term."""

METHODS = ("by_date", "before_first_step_act", "first_step_act")
LOWER_RATE = "days_per_year_without_school_progress"
IN_TABLE = {"before_first_step_act": "served", "first_step_act": "imposed"}
A_DAY, A_MONTH = np.timedelta64(1, "D"), np.timedelta64(1, "M")
NO_DAYS = np.timedelta64(0, "D")
MONTHS_IN_YEAR = 12
LONGEST = 6000
"""Longest finite term in months that dates are worked out for."""


def full_term_date(
    start_date: ArrayLike, term_months: ArrayLike, jail_credit_days: ArrayLike = 0, extra_days: ArrayLike = 0
) -> DateArray:
    """Last day of the term without good conduct time (18 U.S.C. 3585(b)), shape (people,).

    Start plus the term in calendar months, minus a day, minus jail credit. A term that would end on a day the
    month lacks (30 February) ends on the month's last day. NaT for life.

    Parameters
    ----------
    start_date
        First day of the sentence.
    term_months
        Whole months; `LIFE` for life.
    jail_credit_days
        Days in custody before, both ends counted.
    extra_days
        Days of the term beside its months: a year and a day is 12 months and 1 day.

    Examples
    --------
    >>> str(full_term_date("2012-06-01", 121, 200))
    '2021-12-12'
    """
    start = _days(start_date, "18 U.S.C. 3585 start_date")
    return np.asarray(_last_day(start, _term(term_months), _extra(extra_days)) - _credit(jail_credit_days))


def _last_day(start: DateArray, months: IntArray, extra: Any = NO_DAYS) -> DateArray:
    """The same without credit."""
    start, months = np.broadcast_arrays(start, months)
    month = start.astype("datetime64[M]")
    day_of_month = start - month.astype("datetime64[D]")
    last_month = month + np.where(months >= LIFE, 0, months).astype("timedelta64[M]")
    begins, ends = (each.astype("datetime64[D]") for each in (last_month, last_month + A_MONTH))
    end = begins + np.minimum(day_of_month, ends - begins) - A_DAY + extra
    return np.where(months >= LIFE, NEVER, end)


def _credit(days: ArrayLike) -> NDArray[np.timedelta64]:
    return whole_numbers(days, "18 U.S.C. 3585(b) jail_credit_days", 0, 100_000).astype("timedelta64[D]")


def _extra(days: ArrayLike) -> NDArray[np.timedelta64]:
    return whole_numbers(days, "18 U.S.C. 3624 extra_days", 0, 100_000).astype("timedelta64[D]")


def term_days(start_date: ArrayLike, term_months: ArrayLike, extra_days: ArrayLike = 0) -> IntArray:
    """Length of a term in days, both ends counted; -1 for life, shape (people,)."""
    start = _days(start_date, "18 U.S.C. 3585 start_date")
    return _length(start, _last_day(start, _term(term_months), _extra(extra_days)))


def _length(start: DateArray, last: DateArray) -> IntArray:
    length = (last - start).astype(np.int64) + 1
    return np.where(np.isnat(last), -1, length).astype(np.int32)


def good_conduct_time_days(
    start_date: ArrayLike,
    term_months: ArrayLike,
    method: str = "first_step_act",
    *,
    extra_days: ArrayLike = 0,
    school_progress: ArrayLike = True,
) -> IntArray:
    """Good conduct time in days, nothing disallowed, shape (people,).

    Parameters
    ----------
    start_date
        First day of the sentence: how many days its months have.
    term_months
        The term in whole months; terms of a year or less and life earn nothing.
    method
        ``before_first_step_act``: 54 days after each 365 days served, the rest r as r - r/(1 + 54/365);
        ``first_step_act``: 54 days a year of the sentence imposed, a part year 54/365 a day. Fractions drop.
    extra_days
        Days of the term beside its months.
    school_progress
        A diploma, or satisfactory progress towards one (28 CFR 523.20); without it the rate is 42 days for
        sentences begun since 26 April 1996.

    Raises
    ------
    ImpossibleValue
        Another method, or days that do not fit.

    Examples
    --------
    >>> [int(good_conduct_time_days("2012-06-01", 121, method)) for method in METHODS[1:]]
    [474, 544]
    >>> [int(good_conduct_time_days("2020-01-01", months)) for months in (12, 26, 32)]
    [0, 116, 143]
    """
    if method not in METHODS[1:]:
        raise ImpossibleValue(f"18 U.S.C. 3624(b) method {method!r}; {' or '.join(METHODS[1:])} is accepted")
    start = _days(start_date, "18 U.S.C. 3585 start_date")
    months, extra = _term(term_months), _extra(extra_days)
    rules = _rules(method)
    full_rate = at_full_rate(start, school_progress)
    rate = np.where(full_rate, rules["days_per_year"], rules[LOWER_RATE]).astype(np.int64)
    year, least = rules["days_in_year"], rules["term_months_more_than"]
    earns = ((months > least) | ((months == least) & (extra > NO_DAYS))) & (months < LIFE)
    last = _last_day(start, months, extra)
    if method == "first_step_act":
        years = np.where(earns, months // MONTHS_IN_YEAR, 0).astype(np.int32)
        part = np.where(earns, (last - _last_day(start, years * MONTHS_IN_YEAR)).astype(np.int64), 0)
        return np.asarray((rate * years * year + rate * part) // year, dtype=np.int32)
    days = np.where(earns, _length(start, last), 0).astype(np.int64)
    # 54 days for each 365 served and r - r / (1 + 54/365) of the rest is 54/419 of the whole.
    return np.asarray(rate * days // (year + rate), dtype=np.int32)


def at_full_rate(start_date: ArrayLike, school_progress: ArrayLike) -> BoolArray:
    """Who earns the full rate: with progress in school, or under a sentence begun before that was asked for.

    The law goes by the day of the offense, which the sentence follows.
    """
    start = _days(start_date, "18 U.S.C. 3585 start_date")
    progress = yes_or_no(school_progress, "28 CFR 523.20 school_progress")
    return np.asarray(progress | (start < np.datetime64(_school_asked_from())))


def release_date(
    start_date: ArrayLike,
    term_months: ArrayLike,
    jail_credit_days: ArrayLike = 0,
    method: str = "by_date",
    *,
    extra_days: ArrayLike = 0,
    school_progress: ArrayLike = True,
    disallowed_days: ArrayLike = 0,
    not_before: ArrayLike | None = None,
    last_weekday: bool = False,
    holidays: ArrayLike = (),
) -> DateArray:
    """Statutory release date: full term less good conduct time, shape (people,). NaT for life.

    Parameters
    ----------
    start_date, term_months, jail_credit_days
        As in `full_term_date`.
    method
        ``by_date``: the old method for releases before 19 July 2019; whoever is still inside on that day is
        recomputed, and nobody is released before that day by it. Or one method for all.
    extra_days, school_progress
        As in `good_conduct_time_days`.
    disallowed_days
        Good conduct time disallowed or forfeited.
    not_before
        Day from which a reduction order has effect (§1B1.10(e)); nobody leaves earlier by it.
    last_weekday
        Whether a release on a Saturday, Sunday or holiday moves to the last weekday before, as
        18 U.S.C. 3624(a) permits; also after `not_before` (1 November 2015 was a Sunday).
    holidays
        Legal holidays, for `last_weekday`.

    Examples
    --------
    >>> [str(release_date("2012-06-01", months, 200, "before_first_step_act")) for months in (121, 97)]
    ['2020-08-25', '2018-11-28']
    """
    if method not in METHODS:
        raise ImpossibleValue(f"18 U.S.C. 3624(b) method {method!r}; {' or '.join(METHODS)} is accepted")
    months = _term(term_months)
    start = _days(start_date, "18 U.S.C. 3585 start_date")
    end = full_term_date(start, months, jail_credit_days, extra_days)
    lost = whole_numbers(disallowed_days, "18 U.S.C. 3624(b) disallowed_days", 0, 100_000)

    def less(method: str) -> DateArray:
        credit = good_conduct_time_days(
            start, months, method, extra_days=extra_days, school_progress=school_progress
        )
        return np.asarray(end - np.maximum(credit - lost, 0).astype("timedelta64[D]"))

    if method == "by_date":
        change = first_step_act_day()
        served, imposed = (less(each) for each in METHODS[1:])
        released = np.where(served < change, served, np.maximum(imposed, change))
    else:
        released = less(method)
    if not_before is not None:
        released = np.maximum(released, _days(not_before, "§1B1.10(e) not_before"))
    if last_weekday:
        life = np.isnat(released)
        stand_in = np.where(life, np.datetime64("2015-10-30"), released)
        moved = np.busday_offset(
            stand_in, 0, roll="backward", holidays=np.asarray(holidays, dtype="datetime64[D]")
        )
        released = np.where(life, NEVER, moved)
    return released


def first_step_act_day() -> np.datetime64:
    """The day from which good conduct time goes by the sentence imposed."""
    return np.datetime64(_edition(METHODS[2]))


def _term(term_months: ArrayLike) -> IntArray:
    months = whole_numbers(term_months, "18 U.S.C. 3624 term_months", 0, LIFE)
    refuse(
        (months > LONGEST) & (months < LIFE),
        months,
        "18 U.S.C. 3624 term_months",
        f"months up to {LONGEST}, or LIFE = {LIFE}",
    )
    return months


def _days(days: ArrayLike, what: str) -> DateArray:
    try:
        return np.asarray(days, dtype="datetime64[D]")
    except (TypeError, ValueError):
        raise ImpossibleValue(f"{what}: {days!r}; days such as 2015-11-01 are accepted") from None


@lru_cache(maxsize=1)
def _school_asked_from() -> str:
    """Begin date of the first edition that knows the lower rate."""
    return next(begin for begin in editions("good_time") if law("good_time", begin).select(rule=LOWER_RATE))


@lru_cache(maxsize=2)
def _edition(method: str) -> str:
    """Begin date of the last edition of the table that goes by a method."""
    return [
        begin
        for begin in editions("good_time")
        if law("good_time", begin).row(rule="method")["value"] == IN_TABLE[method]
    ][-1]


@lru_cache(maxsize=2)
def _rules(method: str) -> dict[str, int]:
    table = law("good_time", _edition(method))
    return {row["rule"]: int(row["value"]) for row in table.verified if row["rule"] != "method"}
