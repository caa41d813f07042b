"""18 U.S.C. § 3624: good conduct time, full term and release dates, prerelease custody.

Two methods of good conduct time: 54 days at the end of each year *served*, the rest pro rata (Barber v.
Thomas, 2010), in use until the First Step Act took effect on 19 July 2019; since then 54 days a year of the
sentence *imposed*. "Months of sentence are not months served."
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guidelines.arrays import IntArray, refuse, whole_numbers
from guidelines.dates import DateArray, as_unit
from guidelines.errors import ImpossibleValue
from guidelines.tables import LIFE, editions, law

Method = Literal["by_date", "before_first_step_act", "first_step_act"]
NEVER = np.datetime64("NaT", "D")
"""Release date of a life term."""

METHODS = ("by_date", "before_first_step_act", "first_step_act")
RELEASE_TYPES = ("community", "halfway", "immigration", "other_custody")
"""Where a release date leads: freedom, a halfway house, or a hand-over to another authority."""

A_DAY, A_MONTH = np.timedelta64(1, "D"), np.timedelta64(1, "M")
MONTHS_IN_YEAR = 12
LONGEST = 6000
"""Longest finite term in months that dates are worked out for."""


def full_term_date(
    start_date: ArrayLike, term_months: ArrayLike, jail_credit_days: ArrayLike = 0
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

    Examples
    --------
    >>> str(full_term_date("2012-06-01", 121, 200))
    '2021-12-12'
    """
    start = _days(start_date, "18 U.S.C. 3585 start_date")
    return np.asarray(_last_day(start, _term(term_months)) - _credit(jail_credit_days))


def _last_day(start: DateArray, months: IntArray) -> DateArray:
    """The same without credit."""
    start, months = np.broadcast_arrays(start, months)
    month = as_unit(start, "M")
    day_of_month = start - as_unit(month, "D")
    last_month = month + np.where(months >= LIFE, 0, months).astype("timedelta64[M]")
    begins, ends = as_unit(last_month, "D"), as_unit(last_month + A_MONTH, "D")
    end = begins + np.minimum(day_of_month, ends - begins) - A_DAY
    return np.where(months >= LIFE, NEVER, end)


def _credit(days: ArrayLike) -> NDArray[np.timedelta64]:
    return whole_numbers(days, "18 U.S.C. 3585(b) jail_credit_days", 0, 100_000).astype("timedelta64[D]")


def term_days(start_date: ArrayLike, term_months: ArrayLike) -> IntArray:
    """Length of a term in days, both ends counted; -1 for life, shape (people,)."""
    start = _days(start_date, "18 U.S.C. 3585 start_date")
    return _length(start, _last_day(start, _term(term_months)))


def _length(start: DateArray, last: DateArray) -> IntArray:
    length = (last - start).astype(np.int64) + 1
    return np.where(np.isnat(last), -1, length).astype(np.int32)


def good_conduct_time_days(
    term_days: ArrayLike, term_months: ArrayLike, method: str = "first_step_act"
) -> IntArray:
    """Good conduct time in days, nothing disallowed, shape (people,).

    Parameters
    ----------
    term_days
        Length of the term in days (`term_days`); used by the method before the First Step Act.
    term_months
        The term in whole months; terms of 12 months or less and life earn nothing.
    method
        ``before_first_step_act``: 54 days after each 365 days served, the rest r as r - r/(1 + 54/365);
        ``first_step_act``: 54 days a year of the sentence imposed, part years pro rata. Fractions drop.

    Raises
    ------
    ImpossibleValue
        Another method, or days that do not fit.

    Examples
    --------
    >>> [int(good_conduct_time_days(3682, 121, method)) for method in METHODS[1:]]
    [474, 544]
    """
    if method not in METHODS[1:]:
        raise ImpossibleValue(f"18 U.S.C. 3624(b) method {method!r}; {' or '.join(METHODS[1:])} is accepted")
    months = _term(term_months)
    rules = _rules(method)
    per_year, year = rules["days_per_year"], rules["days_in_year"]
    earns = (months > rules["term_months_more_than"]) & (months < LIFE)
    if method == "first_step_act":
        credit = per_year * np.where(earns, months, 0).astype(np.int64) // MONTHS_IN_YEAR
        return np.asarray(credit, dtype=np.int32)
    days = whole_numbers(term_days, "18 U.S.C. 3624(b) term_days", -1, 100_000).astype(np.int64)
    days = np.where(earns, days, 0)
    # 54 days for each 365 served and r - r / (1 + 54/365) of the rest is 54/419 of the whole.
    credit = per_year * days // (year + per_year)
    return np.asarray(credit, dtype=np.int32)


def release_date(
    start_date: ArrayLike,
    term_months: ArrayLike,
    jail_credit_days: ArrayLike = 0,
    method: str = "by_date",
    *,
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
    last = _last_day(start, months)
    end, length = np.asarray(last - _credit(jail_credit_days)), _length(start, last)
    lost = whole_numbers(disallowed_days, "18 U.S.C. 3624(b) disallowed_days", 0, 100_000)

    def less(credit: IntArray) -> DateArray:
        return np.asarray(end - np.maximum(credit - lost, 0).astype("timedelta64[D]"))

    if method == "by_date":
        change = np.datetime64(editions("good_time")[-1])
        served = less(good_conduct_time_days(length, months, "before_first_step_act"))
        imposed = less(good_conduct_time_days(length, months, "first_step_act"))
        released = np.where(served < change, served, np.maximum(imposed, change))
    else:
        released = less(good_conduct_time_days(length, months, method))
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


def time_to_serve_months(
    term_months: ArrayLike, method: str = "before_first_step_act"
) -> NDArray[np.float64]:
    """Months to serve of a term with full good conduct time, on average over start dates, shape (people,).

    Life stays `LIFE`, which belongs in no mean.

    Examples
    --------
    >>> [round(float(time_to_serve_months(120, method)), 1) for method in METHODS[1:]]
    [104.5, 102.2]
    """
    months = _term(term_months)
    per_month = _rules(METHODS[1])["days_in_year"] / MONTHS_IN_YEAR
    days = np.where(months < LIFE, np.round(months * per_month), 0).astype(np.int64)
    credit = good_conduct_time_days(days, months, method)
    return np.where(months < LIFE, months - credit / per_month, float(LIFE))


def prerelease_caps(term_months: ArrayLike, on: str = "2015-11-01") -> tuple[IntArray, NDArray[np.float64]]:
    """The most of a term that may pass in prerelease custody, 18 U.S.C. 3624(c), months, shape (people,).

    It is still custody. How much is used in practice is the Bureau's choice, not the statute's.

    Returns
    -------
    tuple
        Months in a community facility (whole), and of these in home confinement: the shorter of
        ten percent of the term and six months.

    Examples
    --------
    >>> [float(m) for m in prerelease_caps(40)]
    [12.0, 4.0]
    """
    table = law("prerelease_custody", on)
    months = _term(term_months)
    community = np.minimum(months, table.figure(rule="community_months_at_most")).astype(np.int32)
    share = table.figure(rule="home_confinement_percent_of_term_at_most") * months / 100
    return community, np.minimum(share, table.figure(rule="home_confinement_months_at_most"))


def release_type(
    immigration_detainer: ArrayLike, other_detainer: ArrayLike = False, halfway: ArrayLike = False
) -> IntArray:
    """Where the release date leads: index into `RELEASE_TYPES`, shape (people,).

    A detainer makes the statutory date a hand-over, not freedom; immigration goes before other authorities
    only if both are noted, which here counts as immigration.
    """
    immigration = np.asarray(immigration_detainer, dtype=np.bool_)
    other = np.asarray(other_detainer, dtype=np.bool_)
    house = np.asarray(halfway, dtype=np.bool_)
    return np.select([immigration, other, house], [2, 3, 1], default=0).astype(np.int32)


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


def _rules(method: str) -> dict[str, int]:
    begin = editions("good_time")[METHODS.index(method) - 1]
    table = law("good_time", begin)
    return {row["rule"]: int(row["value"]) for row in table.verified if row["rule"] != "method"}
