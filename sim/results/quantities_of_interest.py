"""What is reported: each quantity worked out from an analysis and a forecast, by a short name.

Means over terms leave out life; shares and counts include it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from guidelines import LIFE
from sim.base.fiscal import MONTHS_A_YEAR
from sim.base.published import event, named
from sim.courts.decisions import Decisions
from sim.eligibility.analysis import Analysis
from sim.eligibility.calendar import ReleaseDates, months_in_the_community, served_months
from sim.people.margins import STOCK_DRUGS, stock_drug, subject_to_minimum
from sim.people.parameters import Parameters
from sim.people.terms import longest_recorded
from sim.projection.project import Forecast
from sim.results.motions import describe_motions
from sim.scenario.changes import CountedAs
from sim.scenario.scenario import Scenario

DAYS_A_YEAR = 365.25
LONG_CUT_MONTHS = 60
"""Cuts above this are counted apart, as in the Commission's analysis."""
FOLLOWING_MONTHS = 12
DECADE = 10


def describe(
    analysis: Analysis, forecast: Forecast, scenario: Scenario, parameters: Parameters, scale: float = 1.0
) -> dict[str, float]:
    """Every quantity of the headline by its name; `scale` is the people each row stands for."""
    month = analysis.dates.day_one_month
    return (
        describe_stock(analysis, scale)
        | describe_cut(analysis, scale)
        | describe_forecast(forecast, month, scale)
        | ({} if scenario.without_motion else describe_motions(forecast.counts, forecast.court, scale))
        | {"wave_in_community_custody": first_wave_in_community_custody(analysis, forecast.court, parameters)}
    )


def first_wave_in_community_custody(analysis: Analysis, court: Decisions, parameters: Parameters) -> float:
    """`in_community_custody` of those who would leave on the first day; NaN of nobody."""
    wave = analysis.dates.on_day_one
    if not wave.any():
        return float("nan")
    citizens = float(analysis.stock.sentenced.attributes["us_citizen"][wave].mean())
    return in_community_custody(court, parameters, analysis.dates.day_one_month, citizens)


def in_community_custody(
    court: Decisions, parameters: Parameters, day_one_month: int, citizens: float
) -> float:
    """Share of the first wave already in a halfway house or home confinement on its eve.

    The share of eligible releases that is placed at all, of the US citizens (the others are held for the
    immigration authorities), and of those whose order came early enough to be moved.
    """
    days = np.array([day_one_month - parameters.placement_lag_months, float(day_one_month)])
    early, late = court.decided_at(np.full(2, day_one_month), days)
    return named("placed_in_community_custody") * citizens * ratio(float(early), float(late))


def sentenced_within_a_decade(analysis: Analysis) -> float:
    """Share of the eligible as counted who were sentenced in the ten years before the analysis."""
    begin = event("analysis_of_retroactivity") - np.timedelta64(round(DECADE * DAYS_A_YEAR), "D")
    return mean(analysis.stock.sentenced.sentenced_on[analysis.counted.eligible] >= begin)


def share_at_once(analysis: Analysis) -> float:
    """Share of the eligible as counted who could leave on the first day; NaN of nobody."""
    return mean(analysis.counted.on_day_one[analysis.counted.eligible])


def describe_stock(analysis: Analysis, scale: float = 1.0) -> dict[str, float]:
    """The stock itself: size, terms, facts."""
    people, term = analysis.stock.sentenced, analysis.stock.sentenced.term_months
    known = people.attributes
    finite = term < LIFE
    by_drug = np.bincount(stock_drug(people.drug), minlength=len(STOCK_DRUGS)) / len(people)
    found = {
        "stock": scale * len(people),
        "stock_mean_term_months": mean(term[finite]),
        "stock_serving_life": float((~finite).mean()),
        "stock_not_citizens": float((~known["us_citizen"]).mean()),
        "stock_category_i": float((known["criminal_history_category"] == 1).mean()),
        "stock_weapon": float(known["weapon"].mean()),
        "stock_subject_to_minimum": float(subject_to_minimum(people).mean()),
    }
    return found | {f"stock_{name}": float(share) for name, share in zip(STOCK_DRUGS, by_drug, strict=True)}


def describe_cut(analysis: Analysis, scale: float = 1.0) -> dict[str, float]:
    """Who is eligible, how much is cut and when the eligible would leave if every motion were granted.

    `scale` is the people each row stands for.
    """
    cut, dates, people = analysis.cut, analysis.dates, analysis.stock.sentenced
    before, after, day_one = cut.imposed_term_months, cut.reduced_term_months, dates.on_day_one
    finite, wave = dates.eligible & (before < LIFE), day_one & (before < LIFE)
    return _of_the_cut(dates, finite, before[finite], after[finite], scale) | {
        "wave_mean_term_years": mean(before[wave]) / MONTHS_A_YEAR,
        "wave_mean_served_years": mean(served_months(people, dates.if_granted)[wave]) / MONTHS_A_YEAR,
        "wave_mean_served_without_years": mean(served_months(people, dates.if_denied)[wave]) / MONTHS_A_YEAR,
        "served_before_years": mean(served_months(people, dates.if_denied)[finite]) / MONTHS_A_YEAR,
        "served_after_years": mean(served_months(people, dates.if_granted)[finite]) / MONTHS_A_YEAR,
        "wave_not_citizens": mean(~people.attributes["us_citizen"][day_one]),
        "wave_cocaine_or_methamphetamine": mean(stock_drug(people.drug)[day_one] < 2),
    }


def describe_counted(analysis: Analysis, scale: float = 1.0) -> dict[str, float]:
    """What the Commission's analyses told, by names that begin with ``counted_``; nothing where it never did.

    Life and terms of 470 months and more count as 470 months, as the Commission has them.
    """
    cut, dates = analysis.cut, analysis.counted
    if dates is analysis.dates:
        return {}
    before, after = (
        np.minimum(term, longest_recorded())[dates.eligible]
        for term in (cut.imposed_term_months, cut.reduced_term_months)
    )
    found = _of_the_cut(dates, dates.eligible, before, after, scale)
    return {f"counted_{name}": value for name, value in found.items()}


def _of_the_cut(
    dates: ReleaseDates, whom: NDArray[np.bool_], before: NDArray[Any], after: NDArray[Any], scale: float
) -> dict[str, float]:
    """Who is eligible, and how much is cut for those the means are about; `before`, `after`: their terms."""
    months, day_one = before - after, dates.on_day_one
    year_later = dates.eligible & ~day_one & (dates.if_granted < a_year_after(dates.day_one))
    days = (dates.if_denied - dates.if_granted)[whom].astype(np.float64)
    return {
        "eligible": scale * dates.eligible.sum(),
        "mean_cut_months": mean(months),
        "mean_cut_percent": 100 * ratio(months.sum(), before.sum()),
        "mean_term_before_months": mean(before),
        "mean_term_after_months": mean(after),
        "share_cut_over_60_months": mean(months > LONG_CUT_MONTHS),
        "bed_years_if_all_granted": scale * float(days.sum()) / DAYS_A_YEAR,
        "eligible_day_one": scale * day_one.sum(),
        "eligible_following_year": scale * year_later.sum(),
    }


def counting_told(rules: CountedAs) -> str:
    """How the Commission is taken to have counted, in one line."""
    left_out = [
        words
        for allowed, words in (
            (rules.jail_credit, "jail before the sentence"),
            (rules.drug_programme, "the drug programme"),
        )
        if not allowed
    ]
    lines = [f"its projected releases do not allow for {' nor for '.join(left_out)}"] if left_out else []
    if not rules.citizens_near_release:
        lines.append(f"citizens with {months_in_the_community():.1f} months or less left are not on its list")
    if rules.sentenced_until is not None:
        lines.append(f"its records end on {rules.sentenced_until}")
    if rules.least_months_left:
        lines.append(
            f"an order comes too late for whoever has {rules.least_months_left:g} months or less left"
        )
    told = "; ".join(lines) or "as things were"
    return f"what is held beside the Commission's analyses is counted as it may have been: {told}"


def describe_forecast(forecast: Forecast, day_one_month: int, scale: float = 1.0) -> dict[str, float]:
    """What judges make of it: expected releases and time saved."""
    a_year_later = day_one_month + FOLLOWING_MONTHS
    more = forecast.releases.mean[-1] - forecast.without[-1]
    return {
        "released_first_wave": scale * float(forecast.first_day.mean[-1, 0]),
        "more_released_by_a_year_later": scale * float(more[:a_year_later].sum()),
        "bed_years_saved": scale * float(forecast.bed_months.mean[-1, 0]) / MONTHS_A_YEAR,
    }


def a_year_after(day: np.datetime64) -> np.datetime64:
    """The same day of the next year; 1 March for 29 February."""
    month = day.astype("datetime64[M]")
    later: np.datetime64 = (month + np.timedelta64(FOLLOWING_MONTHS, "M")).astype("datetime64[D]") + (
        day - month.astype("datetime64[D]")
    )
    return later


def mean(values: NDArray[Any]) -> float:
    """Mean, NaN of nobody."""
    return float(np.mean(values)) if len(values) else float("nan")


def ratio(part: float, whole: float) -> float:
    """Quotient, NaN of nothing."""
    return float(part / whole) if whole else float("nan")
