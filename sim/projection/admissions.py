"""How many are sentenced in each month after the last year with data: an assumption, in a few courses."""

from __future__ import annotations

import numpy as np

from sim.base.arrays import FloatArray
from sim.base.fiscal import MONTHS_A_YEAR, first_day
from sim.base.published import named
from sim.people.flows import LAST_DATA_YEAR, published_totals
from sim.scenario.changes import Admissions

TREND_YEARS = 2
"""The trend is the mean yearly change over so many years before the last one with data."""


def sentenced_each_month(
    assumed: Admissions, persons: float, first: np.datetime64, months: int
) -> FloatArray:
    """People sentenced in each month, shape (months,).

    `persons` were sentenced in the last fiscal year with data; `first` is the first of the months.
    """
    years = np.arange(months) / MONTHS_A_YEAR
    yearly = np.full(months, persons)
    if assumed.course == "trend":
        yearly = persons * (1 + trend()) ** years
    elif assumed.course == "as it was":
        later = named("sentenced_fy2020") / published_totals()[LAST_DATA_YEAR]
        middle = first_day(np.array([LAST_DATA_YEAR, 2020])).astype("datetime64[M]") + MONTHS_A_YEAR // 2
        since = (middle - first.astype("datetime64[M]")).astype(np.float64) / MONTHS_A_YEAR
        yearly = persons * np.interp(years, since, [1.0, later])
    return np.asarray(yearly * (1 + assumed.yearly_change) ** years / MONTHS_A_YEAR)


def trend() -> float:
    """Mean yearly change of the number sentenced, as a fraction, compounding."""
    totals = published_totals()
    change = totals[LAST_DATA_YEAR] / totals[LAST_DATA_YEAR - TREND_YEARS]
    return float(change ** (1 / TREND_YEARS) - 1)


def told(assumed: Admissions, year: int = LAST_DATA_YEAR) -> str:
    """What later years rest on, in one sentence; `year` is the one whose sentences stand for theirs."""
    courses = {
        "constant": f"as many a year as in FY{year}",
        "trend": f"{100 * trend():+.1f} percent a year, as in the two years to FY{LAST_DATA_YEAR}",
        "as it was": f"falling evenly from FY{LAST_DATA_YEAR} to what was published of FY2020 (no forecast)",
    }
    change = f", and {100 * assumed.yearly_change:+.1f} percent a year" if assumed.yearly_change else ""
    return (
        f"new sentences are {courses[assumed.course]}{change}, of the kind of those before March 2014; "
        f"a term changes by {assumed.term_elasticity:g} percent for each percent its range does"
    )
