"""The amendment for new sentences: what the last year of sentences would have been under it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from guidelines import LIFE
from guidelines.manual import Manual
from guidelines.s1b1_1_worksheet import worksheet
from guidelines.s1b1_10_substitution import amended_worksheet
from sim.analysis import amendment_of
from sim.margins import last_data_year
from sim.people import Stock
from sim.reductions import same_place_in_range
from sim.scenario import Scenario

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class NewSentences:
    """Sentences of the last fiscal year with data, as they were and as they would have been.

    Attributes
    ----------
    persons
        People sentenced in the year.
    affected
        Share whose term would have been shorter.
    mean_cut_months
        Mean cut of the affected; life left out.
    mean_before_months, mean_after_months
        Mean terms of the affected, before and after.
    term_before_months, term_after_months, weight
        The terms themselves, shape (sentenced,), and how many people each stands for.
    """

    persons: float
    affected: float
    mean_cut_months: float
    mean_before_months: float
    mean_after_months: float
    term_before_months: NDArray[np.int64]
    term_after_months: NDArray[np.int64]
    weight: FloatArray


def new_sentences(stock: Stock, scenario: Scenario, thin: int = 1) -> NewSentences:
    """Put the last year's sentences under the amended Manual, each at its place relative to the range.

    Parameters
    ----------
    stock
        The stock, for the flow behind it and its weights.
    scenario
        Its amendment.
    thin
        People each row of the flow stands for.
    """
    rows = np.flatnonzero(last_data_year(stock.flow))
    year = stock.flow.take(rows)
    before = worksheet(year.facts(), Manual.on(scenario.amendment.manual_before))
    after = amended_worksheet(before, amendment_of(scenario))
    term = stock.first_terms[rows]
    new = same_place_in_range(
        term,
        before["guideline_range_minimum_months"],
        after["guideline_range_minimum_months"],
    )
    raked = stock.raked.weights[rows]
    weight = thin * raked / raked.mean()
    cut = (new < term) & (term < LIFE)
    return NewSentences(
        persons=float(weight.sum()),
        affected=float(weight[new < term].sum() / weight.sum()),
        mean_cut_months=float(np.average((term - new)[cut], weights=weight[cut])),
        mean_before_months=float(np.average(term[cut], weights=weight[cut])),
        mean_after_months=float(np.average(new[cut], weights=weight[cut])),
        term_before_months=term,
        term_after_months=new,
        weight=weight,
    )
