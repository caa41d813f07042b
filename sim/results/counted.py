"""The people as the Commission is taken to have counted them, to hold beside its own analyses."""

from __future__ import annotations

import numpy as np

from sim.eligibility.analysis import Analysis
from sim.eligibility.calendar import months_in_the_community
from sim.people.terms import longest_recorded
from sim.results.quantities_of_interest import (
    DAYS_A_YEAR,
    LONG_CUT_MONTHS,
    a_year_after,
    mean,
    ratio,
)
from sim.scenario.changes import CountedAs


def describe_counted(analysis: Analysis, scale: float = 1.0) -> dict[str, float]:
    """What the Commission's analyses told, by names that begin with ``counted_``; nothing where it never did.

    Life and terms of 470 months and more count as 470 months, as the Commission has them.

    Parameters
    ----------
    analysis
        The stock put through the amendment.
    scale
        People each row stands for.
    """
    cut, dates = analysis.cut, analysis.counted
    if dates is analysis.dates:
        return {}
    eligible, day_one = dates.eligible, dates.on_day_one
    before, after = (
        np.minimum(term, longest_recorded())[eligible]
        for term in (cut.imposed_term_months, cut.reduced_term_months)
    )
    months = before - after
    year_later = eligible & ~day_one & (dates.if_granted < a_year_after(dates.day_one))
    days = (dates.if_denied - dates.if_granted)[eligible].astype(np.float64)
    return {
        "counted_eligible": scale * eligible.sum(),
        "counted_mean_cut_months": mean(months),
        "counted_mean_cut_percent": 100 * ratio(months.sum(), before.sum()),
        "counted_mean_term_before_months": mean(before),
        "counted_mean_term_after_months": mean(after),
        "counted_share_cut_over_60_months": mean(months > LONG_CUT_MONTHS),
        "counted_bed_years_if_all_granted": scale * float(days.sum()) / DAYS_A_YEAR,
        "counted_eligible_day_one": scale * day_one.sum(),
        "counted_eligible_following_year": scale * year_later.sum(),
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
