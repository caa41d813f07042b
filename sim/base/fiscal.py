"""Federal fiscal years: each begins on 1 October of the calendar year before."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

MONTHS_A_YEAR = 12
DAYS_A_MONTH = 365.25 / MONTHS_A_YEAR
EPOCH = 1970
OCTOBER = 9


def first_day(fiscal_year: ArrayLike) -> NDArray[np.datetime64]:
    """1 October on which each fiscal year begins."""
    months = (np.asarray(fiscal_year) - 1 - EPOCH) * MONTHS_A_YEAR + OCTOBER
    return months.astype("datetime64[M]").astype("datetime64[D]")


def length_days(fiscal_year: ArrayLike) -> NDArray[np.int64]:
    """365 or 366."""
    year = np.asarray(fiscal_year)
    return (first_day(year + 1) - first_day(year)).astype(np.int64)


def fiscal_year_of(day: np.datetime64) -> int:
    """The fiscal year a day lies in."""
    months = int(day.astype("datetime64[M]").astype(np.int64))
    return EPOCH + (months + MONTHS_A_YEAR - OCTOBER) // MONTHS_A_YEAR
