"""What becomes of motions: who asks, who is screened out by law, denied, granted, or leaves while waiting.

Every motion there will be is counted as asked from the first day on which courts may decide: nothing
published tells when motions are filed, only when they are decided.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.base.arrays import FloatArray
from sim.courts.decisions import Decisions
from sim.eligibility.analysis import Analysis
from sim.eligibility.calendar import month_starts
from sim.projection.grouped import Counts
from sim.scenario.scenario import Scenario

KINDS = ("screened", "denied", "granted", "lapsed", "waiting")
"""What a motion asked for can be at the end of a month; they add up to those asked."""


def motions_by_month(analysis: Analysis, scenario: Scenario, court: Decisions) -> pd.DataFrame:
    """Expected motions by district and month, of the horizon.

    Columns district, month (as 2015-11), asked (all motions), screened (denied because the law leaves the
    person out), denied (on the merits), granted, lapsed (the person left before the decision), waiting,
    each up to the end of the month, and decided (in the month: the court's work). Districts in which
    nobody is eligible are left out.
    """
    dates = analysis.ordered_dates
    if scenario.without_motion or not dates.eligible.any():
        return pd.DataFrame(columns=["district", "month", "asked", *KINDS, "decided"])
    names = [str(name) for name in analysis.stock.people["district"].cat.categories]
    months = min(scenario.dates.horizon_months, dates.never)
    rows = np.flatnonzero(dates.eligible)
    district, granted_in = analysis.stock.district[rows], dates.month_if_granted[rows]
    leaves = np.minimum(dates.month_if_denied[rows], months)  # in a later month is as good as never
    rate, _, _ = court.shares(len(names))
    by_end = court.decided[:, : months + 1]
    arriving = np.diff(by_end, axis=1)
    screened_by = court.decided_of_all(dates.waiting)[1 : months + 1]
    parts = []
    for number, name in enumerate(names):
        here = district == number
        if not here.any():
            continue
        q, kind = np.unique(granted_in[here], return_inverse=True)
        table = np.bincount(kind * (months + 1) + leaves[here], minlength=len(q) * (months + 1))
        leaving = table.reshape(len(q), months + 1)
        inside = leaving.sum(axis=1, keepdims=True) - np.cumsum(leaving, axis=1)[:, :months]
        merits = court.filing_rate * np.cumsum((inside * arriving[q]).sum(axis=0))
        lapsed = court.filing_rate * np.cumsum((leaving[:, :months] * (1 - by_end[q, :months])).sum(axis=0))
        asking = court.filing_rate * float(here.sum())
        others = asking * court.ineligible_share / (1 - court.ineligible_share)
        granted = merits * (rate[number] / court.filing_rate if court.filing_rate else 0.0)
        screened = others * screened_by
        asked = np.full(months, asking + others)
        decided = screened + merits
        parts.append(
            pd.DataFrame(
                {
                    "district": name,
                    "asked": asked,
                    "screened": screened,
                    "denied": merits - granted,
                    "granted": granted,
                    "lapsed": lapsed,
                    "waiting": asked - decided - lapsed,
                    "decided": np.diff(decided, prepend=0.0),
                }
            )
        )
    found = pd.concat(parts, ignore_index=True)
    starts = month_starts(scenario, months).astype("datetime64[M]").astype(str)
    found.insert(1, "month", np.tile(starts, len(parts)))
    return found


def describe_motions(counts: Counts, court: Decisions, scale: float = 1.0) -> dict[str, float]:
    """All motions there will be, by what becomes of them, and three rates: NaN of nothing."""
    rate, by_district = court.shares(counts.districts)[0], _decided(counts, court)[0]
    asking = scale * court.filing_rate * counts.eligible
    merits = scale * court.filing_rate * float(by_district.sum())
    granted = scale * float(rate @ by_district)
    others = asking * court.ineligible_share / (1 - court.ineligible_share)

    def share(whole: float) -> float:
        return granted / whole if whole else float("nan")

    return {
        "motions": asking + others,
        "motions_screened": others,
        "motions_denied": merits - granted,
        "motions_granted": granted,
        "motions_lapsed": asking - merits,
        "granted_of_all_motions": share(merits + others),
        "granted_of_eligible_motions": share(merits),
        "granted_of_eligible": share(scale * counts.eligible),
    }


def luck_of_motions(counts: Counts, court: Decisions) -> tuple[float, float]:
    """Variance of the motions granted from single decisions, and from the spread between districts."""
    rate, square, variance = court.shares(counts.districts)
    decided, squares = _decided(counts, court)
    return max(float(rate @ decided - square @ squares), 0.0), float(decided**2 @ variance)


def _decided(counts: Counts, court: Decisions) -> tuple[FloatArray, FloatArray]:
    """Eligible people decided before they would leave, and the sum of squared chances, (districts,)."""
    _, district, granted, denied, people = counts.by_months
    chance = court.decided[granted, denied]
    found, squares = (
        np.bincount(district, people * chance**power, counts.districts).astype(np.float64) for power in (1, 2)
    )
    return found, squares
