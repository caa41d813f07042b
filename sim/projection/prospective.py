"""The amendment for new sentences: the last year of sentences under it, and its like year after year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from guidelines import LIFE
from guidelines.manual import Manual
from guidelines.s1b1_1_worksheet import Worksheet, worksheet
from guidelines.s1b1_10_substitution import amended_worksheet
from sim.base.arrays import FloatArray
from sim.base.fiscal import DAYS_A_MONTH, fiscal_year_of
from sim.base.published import event
from sim.eligibility.analysis import amendment_of
from sim.people.attributes import within
from sim.people.flows import LAST_DATA_YEAR
from sim.people.margins import sentenced_in, subject_to_minimum
from sim.people.reductions import same_place_in_range
from sim.people.sentenced import Sentenced
from sim.people.stock import Stock
from sim.people.terms import longest_recorded
from sim.projection.admissions import sentenced_each_month, told
from sim.scenario.scenario import Scenario
from sim.scenario.sections import NO_AMENDMENT


@dataclass(frozen=True)
class NewSentences:
    """Sentences of a fiscal year, as they were and as they would have been.

    Attributes
    ----------
    persons
        People sentenced in the year.
    affected
        Share whose term would have been shorter.
    mean_cut_months
        Mean cut of the affected; life and longer terms count as 470 months, as the Commission has them.
    mean_before_months, mean_after_months
        Mean terms of the affected, before and after, counted alike.
    term_before_months, term_after_months, weight
        The terms themselves, shape (sentenced,), and how many people each stands for.
    stay_before_months, stay_after_months
        Months in prison from the day of sentence on, infinite for life, shape (sentenced,).
    convicted_before, convicted_after
        Share convicted under a mandatory minimum, before and after the scenario's charging policy.
    gain_before, gain_after
        Share whose term the amendment shortens, without and with that policy.
    """

    persons: float
    affected: float
    mean_cut_months: float
    mean_before_months: float
    mean_after_months: float
    term_before_months: NDArray[np.int64]
    term_after_months: NDArray[np.int64]
    weight: FloatArray
    stay_before_months: FloatArray
    stay_after_months: FloatArray
    convicted_before: float
    convicted_after: float
    gain_before: float
    gain_after: float


def new_sentences(
    stock: Stock,
    scenario: Scenario,
    thin: int = 1,
    fiscal_year: int = LAST_DATA_YEAR,
    elasticity: float = 1.0,
) -> NewSentences:
    """Put a year's sentences under the amended Manual, each at its place relative to the range.

    From 13 March 2014 on the government no longer opposed a variance by the coming two levels: those
    sentenced since have the amendment already, and the part of the year before stands for all of it.

    Each row of the flow stands for `thin` people; a term changes by `elasticity` percent for each percent
    its range does. The Commission's own forecasts take 1.
    """
    whole = sentenced_in(stock.flow, fiscal_year).astype(np.bool_)
    had_it = stock.flow.sentenced_on >= event("two_levels_no_longer_opposed")
    rows = np.flatnonzero(whole & ~had_it)
    year = stock.flow.take(rows)
    manual, law = Manual.on(scenario.amendment.manual_before), amendment_of(scenario)
    minimum = year.attributes["statutory_minimum_months"].astype(np.int64)
    charged = minimum
    if scenario.charging.sentences_of is not None:
        charged = np.where(within(year.attributes, scenario.charging.limits), 0, minimum)
    before = worksheet(year.facts(), manual)
    policy = worksheet(year.facts() | {"statutory_minimum_months": charged}, manual)
    term = stock.first_terms[rows]
    # A mandatory minimum binds the new sentence too, unless the safety valve or assistance lifted it.
    subject = subject_to_minimum(year)
    bound, charged_bound = (np.where(subject, each, 0) for each in (minimum, charged))
    by_amendment = _moved(term, before, amended_worksheet(before, law), bound, elasticity)
    by_policy = _moved(term, before, policy, charged_bound, elasticity)
    new = _moved(term, before, amended_worksheet(policy, law), charged_bound, elasticity)
    raked = stock.raked.weights[rows]
    weight = thin * raked / raked.mean() * whole.sum() / len(rows)
    cut = new < term
    before_cut, after_cut = (np.minimum(months, longest_recorded())[cut] for months in (term, new))

    def share(who: NDArray[np.bool_]) -> float:
        return float(weight[who].sum() / weight.sum())

    def mean(months: NDArray[np.float64]) -> float:
        return float(np.average(months, weights=weight[cut])) if cut.any() else 0.0

    return NewSentences(
        persons=float(weight.sum()),
        affected=share(cut),
        mean_cut_months=mean(before_cut - after_cut),
        mean_before_months=mean(before_cut),
        mean_after_months=mean(after_cut),
        term_before_months=term,
        term_after_months=new,
        weight=weight,
        stay_before_months=_stay(year, term),
        stay_after_months=_stay(year, new),
        convicted_before=share(minimum > 0),
        convicted_after=share(charged > 0),
        gain_before=share(by_amendment < term),
        gain_after=share(new < by_policy),
    )


def _moved(
    term: NDArray[np.int64],
    before: Worksheet,
    after: Worksheet,
    minimum: NDArray[np.int64],
    elasticity: float,
) -> NDArray[np.int64]:
    """Terms at their place relative to the range after, no lower than the minimum that binds."""
    moved = same_place_in_range(
        term,
        (before["guideline_range_minimum_months"], before["guideline_range_maximum_months"]),
        (after["guideline_range_minimum_months"], after["guideline_range_maximum_months"]),
        elasticity,
    )
    return np.maximum(moved, np.minimum(minimum, term))


@dataclass(frozen=True)
class NewCustody:
    """People in prison who were sentenced from the month of the reference day on, at the end of each month.

    Attributes
    ----------
    sentences
        A year of new sentences; every year is taken to be of its kind.
    first
        The month of the reference day.
    without, with_amendment
        Shape (months,).
    source
        What it rests on.
    """

    sentences: NewSentences
    first: np.datetime64
    without: FloatArray
    with_amendment: FloatArray
    source: str

    @property
    def fewer(self) -> FloatArray:
        """How many fewer people there are, shape (months,)."""
        return self.without - self.with_amendment

    def fewer_in(self, month: str) -> float:
        """How many fewer there are at the end of one month, such as 2015-11."""
        return float(self.fewer[(np.datetime64(month, "M") - self.first).astype(int)])


def new_custody(stock: Stock, scenario: Scenario, thin: int = 1) -> NewCustody | None:
    """New sentences accumulated month by month, with and without the amendment.

    Only for an amendment that takes effect right after the last year with data, on the reference day, and
    for a charging policy; None for others, and for changes of statute.
    """
    if not tells_of_new_sentences(stock, scenario):
        return None
    first = np.datetime64(scenario.dates.reference.isoformat(), "M")
    assumed, year = scenario.admissions, scenario.charging.sentences_of or LAST_DATA_YEAR
    new = new_sentences(stock, scenario, thin, year, assumed.term_elasticity)
    monthly = sentenced_each_month(assumed, new.persons, first, scenario.dates.horizon_months)
    without, with_amendment = (
        in_custody(monthly, remaining(stay, new.weight, len(monthly)))
        for stay in (new.stay_before_months, new.stay_after_months)
    )
    return NewCustody(new, first, without, with_amendment, f"assumed: {told(assumed, year)}")


def tells_of_new_sentences(stock: Stock, scenario: Scenario) -> bool:
    """Whether there is a flow, and an amendment from the reference day, right after the last year with data.

    A charging policy needs no amendment.
    """
    if scenario.mandatory_minimums.change or scenario.without_motion or stock.flow is stock.sentenced:
        return False  # statutes, or people who were brought along without a flow
    reference = np.datetime64(scenario.dates.reference.isoformat())
    follows = fiscal_year_of(reference) - 1 == LAST_DATA_YEAR
    first = reference.astype("datetime64[M]")
    begins = np.datetime64(scenario.amendment.manual_after.isoformat(), "M") == first
    amended = follows and begins and scenario.amendment.name != NO_AMENDMENT
    return bool(amended or scenario.charging.sentences_of is not None)


def remaining(stay_months: FloatArray, weight: FloatArray, months: int) -> FloatArray:
    """Share still in prison at the end of the month of sentence and of each month after it, shape (months,).

    Sentences are spread over their month, so that half a month has passed at its end.
    """
    order = np.argsort(stay_months)
    passed = np.arange(months) + 0.5
    left = np.searchsorted(stay_months[order], passed, side="right")
    gone = np.concatenate([[0.0], np.cumsum(weight[order])])
    share: FloatArray = 1 - gone[left] / gone[-1]
    return share


def in_custody(admitted: FloatArray, remaining: FloatArray) -> FloatArray:
    """People in prison at the end of each month: admissions folded with survival.

    `remaining` is the share still in prison so many months later; shape (months,) each.
    """
    inside: FloatArray = np.convolve(admitted, remaining)[: len(admitted)]
    return inside


def _stay(year: Sentenced, term_months: NDArray[np.int64]) -> FloatArray:
    days = (year.releases(term_months) - year.sentenced_on).astype(np.float64)
    return np.where(term_months >= LIFE, np.inf, np.maximum(days, 0.0) / DAYS_A_MONTH)
