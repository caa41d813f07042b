"""What the Commission's analyses tell of the eligible that no headline does: shares, means, modes.

All of it is worked out for the people as it may have counted them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from guidelines import LIFE, tables
from sim.base.fiscal import EPOCH, MONTHS_A_YEAR, OCTOBER
from sim.eligibility.analysis import Analysis
from sim.people.flows import DRUGS
from sim.results.groups import members_of
from sim.results.quantities_of_interest import (
    DAYS_A_YEAR,
    a_year_after,
    describe_counted,
    mean,
    ratio,
    share_at_once,
)

COCAINE, CRACK = (DRUGS.index(name) for name in ("Cocaine", "Cocaine Base"))
MALE = "male"
AGE_BAND = 5
"""Years of the bands ages are published in; their middle stands for them."""


def leaving_within_a_year(analysis: Analysis) -> float:
    """Share of the eligible who would leave in the year from the first day if every motion were granted."""
    dates = analysis.counted
    return mean(dates.if_granted[dates.eligible] < a_year_after(dates.day_one))


def cut_over(months: int) -> Callable[[Analysis], float]:
    """Share of the eligible, life left out, whose term is cut by more than so many months."""

    def share(analysis: Analysis) -> float:
        cut = analysis.cut
        finite = analysis.counted.eligible & (cut.imposed_term_months < LIFE)
        return mean(cut.months[finite] > months)

    return share


def ordered_cut_percent(analysis: Analysis) -> float:
    """Percent that courts take off the terms of the eligible where they grant, life left out."""
    cut, finite = analysis.ordered, _finite(analysis)
    return 100 * ratio(cut.months[finite].sum(), cut.imposed_term_months[finite].sum())


def ordered_term(analysis: Analysis) -> float:
    """Mean term of the eligible after what courts order if they grant, in months, life left out."""
    return mean(analysis.ordered.reduced_term_months[_finite(analysis)])


def _finite(analysis: Analysis) -> NDArray[np.bool_]:
    """The eligible but for life terms, shape (people,)."""
    return np.asarray(analysis.dates.eligible & (analysis.cut.imposed_term_months < LIFE))


def powder_share(analysis: Analysis) -> float:
    """Share of powder among the eligible with cocaine of either form."""
    drug = analysis.stock.sentenced.drug[analysis.counted.eligible]
    powder = float((drug == COCAINE).sum())
    return ratio(powder, powder + float((drug == CRACK).sum()))


def male_share(analysis: Analysis) -> float:
    """Share of men among the eligible."""
    return mean((analysis.stock.people["sex"] == MALE).to_numpy()[analysis.counted.eligible])


def mean_age(analysis: Analysis) -> float:
    """Mean age of the eligible on the first day, in years."""
    people, dates = analysis.stock.people, analysis.counted
    since = (dates.day_one - analysis.stock.sentenced.sentenced_on).astype("timedelta64[D]").astype(float)
    return mean(
        (people["age_at_sentence"].to_numpy(float) + AGE_BAND / 2 + since / DAYS_A_YEAR)[dates.eligible]
    )


def most_frequent_term(analysis: Analysis) -> float:
    """The whole years most of the eligible were sentenced to, life left out."""
    cut = analysis.cut
    finite = analysis.counted.eligible & (cut.imposed_term_months < LIFE)
    return _mode(cut.imposed_term_months[finite] // MONTHS_A_YEAR)


def most_frequent_year_of_sentence(analysis: Analysis) -> float:
    """The fiscal year most of the eligible were sentenced in."""
    months = analysis.stock.sentenced.sentenced_on[analysis.counted.eligible].astype("datetime64[M]")
    return _year((months.astype(np.int64) + MONTHS_A_YEAR - OCTOBER).astype("datetime64[M]"))


def most_frequent_year_of_release(analysis: Analysis) -> float:
    """The calendar year most of the eligible would leave in if every motion were granted."""
    return _year(analysis.counted.if_granted[analysis.counted.eligible])


MEASURES: Mapping[str, Callable[[Analysis], float]] = {
    "share_at_once": share_at_once,
    "share_leaving_within_a_year": leaving_within_a_year,
    "share_cut_over_12_months": cut_over(12),
    "share_cut_over_36_months": cut_over(36),
    "share_cut_over_120_months": cut_over(120),
    "ordered_mean_cut_percent": ordered_cut_percent,
    "ordered_mean_term_after_months": ordered_term,
    "powder_share_of_cocaine": powder_share,
    "share_male": male_share,
    "mean_age_years": mean_age,
    "most_frequent_term_years": most_frequent_term,
    "most_frequent_year_of_sentence": most_frequent_year_of_sentence,
    "most_frequent_year_of_release": most_frequent_year_of_release,
}


def groups_named(among: str) -> tuple[str, list[str]]:
    """Dimension and groups that a row of a table names: ``state=Texas``, ``category=III IV V VI``."""
    dimension, _, names = among.partition("=")
    if dimension == "state":
        return "district", [row["district"] for row in tables.reference("districts").select(state=names)]
    return dimension, [names] if dimension in ("district", "race") else names.split()


def share_among(analysis: Analysis, among: str) -> float:
    """Share of a group in the eligible."""
    dimension, groups = groups_named(among)
    member, names = next((member, names) for name, member, names in members_of(analysis) if name == dimension)
    wanted = [names.index(group) for group in groups]
    return mean(np.isin(member[analysis.dates.eligible], wanted))


def measured(analysis: Analysis, scale: float = 1.0) -> dict[str, float]:
    """Every measure, and what `describe_counted` tells; `scale` is the people of each row."""
    told = {name.removeprefix("counted_"): value for name, value in describe_counted(analysis, scale).items()}
    return told | {name: tell(analysis) for name, tell in MEASURES.items()}


def _year(days: NDArray[np.datetime64]) -> float:
    """The most frequent calendar year."""
    return _mode(days.astype("datetime64[Y]").astype(np.int64) + EPOCH)


def _mode(values: NDArray[np.int64]) -> float:
    """The most frequent value, the smallest of several; NaN of nobody."""
    each, times = np.unique(values, return_counts=True)
    return float(each[times.argmax()]) if len(each) else float("nan")
