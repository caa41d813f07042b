"""Dates of a record: time served on the day of the order, full term, release."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from guidelines.arrays import BoolArray, FloatArray, IntArray
from guidelines.dates import DateArray
from guidelines.tables import LIFE
from guidelines.usc18_3624_door import TermDates
from guidelines.usc18_3624_release import (
    at_full_rate,
    full_term_date,
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


def term_dates(
    began: DateArray,
    term_months: IntArray,
    consecutive_months: IntArray,
    jail_credit_days: IntArray,
    disallowed_days: IntArray,
    method: str,
    extra_days: IntArray,
    school_progress: BoolArray,
) -> list[TermDates | None]:
    """The dates of whole terms that `guidelines.sentence_to_door` begins with; None for life.

    The terms, guideline counts and what runs after them, are in months and `extra_days`; `method` and
    `school_progress` as in `guidelines.usc18_3624_release`.
    """
    whole = whole_term(term_months, consecutive_months)
    full = full_term_date(began, whole, jail_credit_days, extra_days)
    length = term_days(began, whole, extra_days)
    door = release_date(
        began,
        whole,
        jail_credit_days,
        method,
        extra_days=extra_days,
        school_progress=school_progress,
        disallowed_days=disallowed_days,
    )
    rate = at_full_rate(began, school_progress)
    columns = (column.tolist() for column in (full, length, door, rate))
    return [None if row[0] is None else TermDates(*row) for row in zip(*columns, strict=True)]


def whole_term(term_months: IntArray, consecutive_months: IntArray) -> IntArray:
    """The guideline counts and what runs after them."""
    life = np.maximum(term_months, consecutive_months) >= LIFE
    return np.where(life, LIFE, term_months + consecutive_months).astype(np.int32)
