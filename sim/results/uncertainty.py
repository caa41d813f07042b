"""How far each quantity could lie from its value, split by where that comes from.

draws
    Independent decisions on single motions.
districts
    Differences between districts in how much they grant.
people
    Luck in who is inside: the stock as an independent draw of so many people from those it could be.

Parameters
----------
    What is not known about prisoners and judges: the spread between plausible worlds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.arrays import FloatArray
from sim.base.fiscal import MONTHS_A_YEAR
from sim.base.streams import uniforms
from sim.eligibility.analysis import Analysis
from sim.eligibility.calendar import ReleaseDates
from sim.people.reductions import Cut
from sim.people.stock import Stock
from sim.projection.grouped import Moments
from sim.projection.project import Forecast, bed_months
from sim.results.motions import luck_of_motions
from sim.results.quantities_of_interest import (
    FOLLOWING_MONTHS,
    describe_counted,
    describe_cut,
    describe_stock,
)

SOURCES = ("draws", "districts", "people", "parameters")
RANDOM_GROUPS = 40
"""Parts of the stock whose differences show the luck in who is inside; the standard deviation found has a
relative error of about one ninth."""
ROUNDING = 1e-9
"""What differs by less, as a share of the value, does not differ."""
FEWEST = 50
"""People in a part, at least."""


def variances(
    found: Mapping[str, float], analysis: Analysis, forecast: Forecast, each: pd.DataFrame,
    of_stock: Mapping[str, float] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Variance of each quantity by source.

    `each` holds the same quantities in each plausible world; without worlds only the judges' uncertainty
    is told. `of_stock` is what `luck_of_stock` gives, where it is known already. Index quantity, columns
    `SOURCES`; people who were brought along are no draw and have no luck.
    """
    table = pd.DataFrame(0.0, index=pd.Index(list(found), name="quantity"), columns=list(SOURCES))
    several = len(each) > 1
    if several:
        table["parameters"] = each.var(ddof=1)
    drawn = several and not analysis.stock.origin
    if drawn:
        table["people"] = pd.Series(luck_of_stock(analysis) if of_stock is None else of_stock).reindex(
            table.index
        )
    people, alike = len(analysis.stock.people), people_alike(analysis.stock)
    until = last_month_of_a_year(forecast)
    extra = Moments(
        forecast.left.mean - np.cumsum(forecast.without, axis=1), forecast.left.drawn, forecast.left.districts
    )
    for name, moments, month, unit in (
        ("released_first_wave", forecast.first_day, 0, 1.0),
        ("more_released_by_a_year_later", extra, until, 1.0),
        ("bed_years_saved", forecast.bed_months, 0, MONTHS_A_YEAR),
    ):
        if name not in table.index:
            continue
        table.loc[name, ["draws", "districts"]] = [
            moments.drawn[-1, month] / unit**2,
            moments.districts[-1, month] / unit**2,
        ]
        if drawn and name == "bed_years_saved":
            table.loc[name, "people"] = alike * luck_of_bed_months(forecast) / unit**2
        elif drawn:
            table.loc[name, "people"] = alike * luck(moments, people)[-1, month]
    if "motions_granted" in table.index:
        luck_drawn, between = luck_of_motions(forecast.counts, forecast.court)
        units = {"motions_granted": 1.0, "motions_denied": 1.0}
        units |= {
            name: found["motions_granted"] / found[name]
            for name in ("granted_of_all_motions", "granted_of_eligible_motions", "granted_of_eligible")
            if found[name] > 0
        }
        for name, unit in units.items():
            table.loc[name, ["draws", "districts"]] = [luck_drawn / unit**2, between / unit**2]
    return table.fillna(0.0)


def people_alike(stock: Stock) -> float:
    """How many times larger luck is than with as many independent people, at least 1.

    Weights make several people of one sentenced person. They are drawn together, so that the variance of a
    count grows by the mean number of people alike, each counted as often (the design effect of clusters).
    """
    _, times = np.unique(stock.sentenced.number, return_counts=True)
    return max(float(times @ times / times.sum()), 1.0)


def luck(moments: Moments, people: int) -> FloatArray:
    """Variance of counts from who is inside.

    With people and decisions drawn together, whether somebody is counted is one yes or no, so the count of
    so many independent people has the variance ``mean (1 - mean / people)``; what the decisions alone do not
    explain of it is the luck in who is inside.

    `people` is the whole stock.
    """
    return np.maximum(moments.mean * (1 - moments.mean / max(people, 1)) - moments.drawn, 0.0)


def luck_of_bed_months(forecast: Forecast) -> float:
    """Variance of all bed-months saved from who is inside."""
    counts, court = forecast.counts, forecast.court
    _, district, granted, denied, people = counts.leaving.by_months
    each = court.shares(counts.districts)[0][district] * bed_months(granted, denied, court)[0]
    stock = max(int(counts.without.sum()), 1)
    return max(float(people @ each**2) - float(people @ each) ** 2 / stock, 0.0)


def luck_of_stock(analysis: Analysis) -> dict[str, float]:
    """Variance from who is inside of every quantity that judges have no part in, by random groups.

    The stock is split at random into parts; how much their own values differ tells how much the value of the
    whole would differ from draw to draw (K. M. Wolter, Introduction to Variance Estimation, 2nd ed. 2007,
    chapter 2). People made of one sentenced person are drawn together and stay together.
    """
    people = len(analysis.stock.people)
    parts = min(RANDOM_GROUPS, people // FEWEST)
    if parts < 2:
        return {}
    number = analysis.stock.sentenced.number
    part = (uniforms(0, "uncertainty/random group", number) * parts).astype(np.int64)
    found = []
    for group in range(parts):
        rows = np.flatnonzero(part == group)
        some, scale = _part(analysis, rows), people / len(rows)
        found.append(describe_stock(some, scale) | describe_cut(some, scale) | describe_counted(some, scale))
    values = pd.DataFrame(found)
    variance = values.var(ddof=1) / parts
    variance[variance < (ROUNDING * values.mean()) ** 2] = 0.0
    return {str(name): float(value) for name, value in variance.items()}


def last_month_of_a_year(forecast: Forecast) -> int:
    """Last month of the twelve from the first day orders take effect on."""
    return min(forecast.counts.day_one_month + FOLLOWING_MONTHS, forecast.counts.months) - 1


def exact_bands(forecast: Forecast, chances: tuple[float, ...]) -> dict[str, NDArray[np.floating]]:
    """Exact quantiles of what depends on the judges, under their uncertainty alone."""
    until = last_month_of_a_year(forecast)
    base = float(forecast.without[-1, : until + 1].sum())
    return {
        "released_first_wave": 1.0 * forecast.quantiles("first_day", chances),
        "more_released_by_a_year_later": forecast.quantiles("left", chances, month=until) - base,
        "bed_years_saved": forecast.quantiles("bed_months", chances) / MONTHS_A_YEAR,
    }


def _part(analysis: Analysis, rows: NDArray[np.int64]) -> Analysis:
    """Some of the people, as far as the quantities look."""
    cut, dates, stock = analysis.cut, analysis.dates, analysis.stock
    real = _fewer(dates, rows)
    return replace(
        analysis,
        stock=replace(stock, people=stock.people.iloc[rows], sentenced=stock.sentenced.take(rows)),
        cut=Cut(cut.law, cut.eligible[rows], cut.imposed_term_months[rows], cut.reduced_term_months[rows]),
        dates=real,
        counted=real if analysis.counted is dates else _fewer(analysis.counted, rows),
    )


def _fewer(dates: ReleaseDates, rows: NDArray[np.int64]) -> ReleaseDates:
    """The dates of some of the people."""
    columns: dict[str, Any] = {
        name: value[rows] if isinstance(value, np.ndarray) else value for name, value in vars(dates).items()
    }
    return replace(dates, **columns)
