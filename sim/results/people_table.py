"""One row a person: what the law says of each, why, and what it does to the term and the release."""

from __future__ import annotations

import numpy as np
import pandas as pd

from guidelines import LIFE
from guidelines.manual import CATEGORIES
from guidelines.s1b1_10_rules import CODES, UNDECIDED
from sim.base.arrays import IntArray
from sim.eligibility.analysis import Analysis
from sim.people.terms import WITHIN
from sim.results.waterfall import ELIGIBLE, LABELS, exclusion

FAR = 2
"""A term of more than so many times the maximum, or less than that part of the minimum, lies far outside."""


def people_table(analysis: Analysis) -> pd.DataFrame:
    """What became of each person.

    Returns
    -------
    pandas.DataFrame
        Index person_id. Columns drug, district, criminal_history_category, sentenced_on; code and other_codes
        of §1B1.10; eligible ("yes", "no" or "open"); counted_as (the step of the eligibility waterfall) and
        reason (the same in words); base and total offense level, minimum and maximum of the range after
        statute, each before and after the amendment; present, lowest allowed and reduced term and the cut in
        months (`LIFE` for life); release_if_denied and release_if_granted (empty for life).
    """
    stock, law = analysis.stock, analysis.cut.law
    names = np.array(CODES)[law["code"]]
    counted = exclusion(analysis)
    open_ = np.isin(names, UNDECIDED)
    table = pd.DataFrame(
        {
            "drug": stock.people["drug"].astype(str).to_numpy(),
            "district": stock.people["district"].astype(str).to_numpy(),
            "criminal_history_category": np.array(CATEGORIES)[
                analysis.stock.sentenced.attributes["criminal_history_category"] - 1
            ],
            "sentenced_on": stock.sentenced.sentenced_on.astype("datetime64[s]"),
            "code": names,
            "other_codes": _several(np.asarray(law["other_codes"], np.int64)),
            "eligible": np.where(open_, "open", np.where(counted == ELIGIBLE, "yes", "no")),
            "counted_as": counted,
            "reason": [LABELS.get(step, step) for step in counted],
        },
        index=stock.people.index,
    )
    for step in ("base_offense_level", "total_offense_level"):
        for when, sheet in (("before", analysis.before), ("after", analysis.after)):
            table[f"{step}_{when}"] = sheet[step]
    for end in ("minimum", "maximum"):
        table[f"range_{end}_months_before"] = analysis.before[f"guideline_range_{end}_months"]
        table[f"range_{end}_months_after"] = law[f"amended_range_{end}_months"]
    table["imposed_term_months"] = analysis.cut.imposed_term_months
    table["lowest_term_months"] = law["lowest_term_months"].astype(np.int64)
    counts = analysis.dates.eligible
    table["reduced_term_months"] = np.where(
        counts, analysis.cut.reduced_term_months, analysis.cut.imposed_term_months
    )
    table["cut_months"] = np.where(counts, analysis.cut.months, 0)
    table["release_if_denied"] = analysis.dates.if_denied.astype("datetime64[s]")
    table["release_if_granted"] = analysis.dates.if_granted.astype("datetime64[s]")
    return table


def far_outside(analysis: Analysis) -> str:
    """One line on terms called within the range that lie far outside it; "" where there is none."""
    low, high = (analysis.before[f"guideline_range_{end}_months"] for end in ("minimum", "maximum"))
    term = analysis.cut.imposed_term_months
    within = analysis.stock.sentenced.position == WITHIN
    far = np.flatnonzero(within & ((term > FAR * high) | (FAR * term < low)))
    if not len(far):
        return ""
    example = f"{term[far[0]]} months in a range of {low[far[0]]} to {high[far[0]]}"
    return (
        f"people: {len(far):,} of {len(term):,} have the position within and a term more than twice or "
        f"less than half of their range, such as {example}; they are kept"
    )


def in_words(table: pd.DataFrame) -> pd.DataFrame:
    """The same with life as a word, for a file that people open."""
    months = [name for name in table.columns if "_months" in name]
    return table.assign(
        **{name: table[name].astype(object).where(table[name] < LIFE, "life") for name in months}
    )


def _several(mask: IntArray) -> list[str]:
    """The codes of bit masks, joined; there are few different masks."""
    known = {
        int(bits): "; ".join(code for place, code in enumerate(CODES) if int(bits) >> place & 1)
        for bits in np.unique(mask)
    }
    return [known[int(bits)] for bits in mask]
