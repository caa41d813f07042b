"""Dates of a record: time served on the day of the order, full term, release."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from guidelines.arrays import FloatArray, IntArray
from guidelines.dates import DateArray
from guidelines.tables import LIFE, editions
from guidelines.usc18_3624_release import (
    METHODS,
    full_term_date,
    good_conduct_time_days,
    release_date,
    term_days,
)

LONGEST_MONTH = 31


def served_months(began: DateArray, jail_credit_days: IntArray, order: DateArray) -> FloatArray:
    """Months in custody on the day of the order, jail credit included, shape (people,).

    Whole calendar months, and the days of the month begun as a part of the longest month; 0 where the
    beginning is not known.
    """
    known = ~np.isnat(began)
    start = np.where(known, began - jail_credit_days, order)
    months = (order.astype("datetime64[M]") - start.astype("datetime64[M]")).astype(np.int64)
    day = _day_of_month(start)
    months -= _day_of_month(order) < day
    since = (start.astype("datetime64[M]") + months).astype("datetime64[D]") + day
    days = np.maximum((order - since).astype(np.int64), 0)
    served: FloatArray = np.maximum(months + np.minimum(days, LONGEST_MONTH - 1) / LONGEST_MONTH, 0.0)
    return served


def _day_of_month(days: DateArray) -> NDArray[np.int64]:
    since: NDArray[np.int64] = (days - days.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64)
    return since


def terms(
    began: DateArray,
    term_months: IntArray,
    consecutive_months: IntArray,
    jail_credit_days: IntArray,
    disallowed_days: IntArray,
    method: str,
    not_before: DateArray | None = None,
) -> tuple[DateArray, IntArray, DateArray]:
    """Full term date, good conduct time in days and release date of the whole term, shape (people,).

    Parameters
    ----------
    began
        First day of the sentence.
    term_months, consecutive_months
        Guideline counts and the terms that run after them.
    jail_credit_days, disallowed_days
        Days.
    method
        As in `guidelines.usc18_3624_release.release_date`.
    not_before
        Day from which the order has effect.

    Returns
    -------
    tuple
        Dates are NaT for life. Good conduct time is what is left after the days disallowed.
    """
    whole = np.where(term_months >= LIFE, LIFE, term_months + consecutive_months).astype(np.int32)
    full = full_term_date(began, whole, jail_credit_days)
    out = release_date(
        began, whole, jail_credit_days, method, disallowed_days=disallowed_days, not_before=not_before
    )
    length = term_days(began, whole)
    served, imposed = (good_conduct_time_days(length, whole, each) for each in METHODS[1:])
    if method == "by_date":
        change = np.datetime64(editions("good_time")[-1])
        by_served = full - np.maximum(served - disallowed_days, 0)
        credit = np.where(by_served < change, served, imposed)
    else:
        credit = served if method == METHODS[1] else imposed
    return full, np.maximum(credit - disallowed_days, 0).astype(np.int32), out
