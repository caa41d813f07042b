"""How often courts and the government went below the range, year by year, and what that needs to be true."""

from __future__ import annotations

import numpy as np
import pytest

from sim.base.fiscal import first_day
from sim.base.published import event, figure
from sim.people.margins import sentenced_in, subject_to_minimum
from sim.people.parameters import best
from sim.people.sentenced import Sentenced, _variances, court_share_of_fy2013, sentence
from sim.people.terms import COURT, GOVERNMENT, SPONSORED
from sim.projection.prospective import new_sentences
from sim.scenario.scenario import Scenario

DAY = np.timedelta64(1, "D")


@pytest.fixture(scope="module")
def flow() -> Sentenced:
    return sentence(1, best(), np.datetime64("2014-11-01"), thin=40)


def days_of(fiscal_year: int) -> np.ndarray:
    return np.arange(first_day(fiscal_year), first_day(fiscal_year + 1))


def test_a_whole_year_fy2014_has_its_own_shares():
    """The part before 13 March 2014 has fewer, the rest of the year as many more."""
    court, sponsored = _variances(days_of(2014), best())
    assert court.mean() == pytest.approx(1) and sponsored.mean() == pytest.approx(1)
    assert sponsored.min() == best().government_variance_before_2014 and sponsored.max() > 1.2


def test_the_courts_share_grows_from_booker_to_that_of_fy2013():
    """Drug trafficking below the range and not sponsored: 20.7 percent in FY2013 (M308)."""
    booker, early = event("guidelines_advisory"), event("two_levels_no_longer_opposed")
    days = np.array([booker - DAY, booker, early - DAY])
    before, first, last = _variances(days, best())[0]
    assert before == best().variance_before_booker and first == best().variance_after_booker
    assert last == court_share_of_fy2013() and 0.7 < last < 1
    between = _variances(np.arange(booker, early), best())[0]
    assert (np.diff(between) >= 0).all()
    assert _variances(days_of(2013), best())[0].mean() == pytest.approx(last, rel=0.02)


def test_the_positions_of_fy2013_come_near_those_published(stock):
    """Fed in for the court alone (M308); within and by the government must follow (M306, M307)."""
    year = (stock.flow.sentenced_on >= first_day(2013)) & (stock.flow.sentenced_on < first_day(2014))
    weight, position = stock.raked.weights[year], stock.flow.position[year]
    share = np.bincount(position, weight, 6) / weight.sum()
    for kinds, row in (([0], "M306"), ([1, 2, 3], "M307"), ([COURT], "M308")):
        assert share[kinds].sum() == pytest.approx(figure("ussc_marginals", row), abs=0.03), row


def test_a_departure_that_the_statute_undoes_did_not_happen(flow):
    below = np.isin(flow.position, (GOVERNMENT, SPONSORED, COURT))
    assert below.any() and (flow.term_months < flow.range_minimum_months)[below].all()


def test_the_drug_programme_is_closed_to_weapons_and_to_those_who_are_not_citizens(flow):
    """28 CFR 550.55(b): no early release with a detainer nor for an offense with a firearm."""
    known, gets = flow.attributes, flow.programme_days > 0
    assert gets.any() and not gets[known["weapon"]].any() and not gets[~known["us_citizen"]].any()


def test_no_new_sentence_goes_below_a_minimum_that_binds(stock):
    """21 U.S.C. 841(b): without the safety valve or assistance the court has no shorter term."""
    before_march = stock.flow.sentenced_on < event("two_levels_no_longer_opposed")
    rows = np.flatnonzero(sentenced_in(stock.flow, 2014).astype(bool) & before_march)
    year, new = stock.flow.take(rows), new_sentences(stock, Scenario.load("drugs-minus-two"), 8)
    bound = subject_to_minimum(year)
    minimum = year.attributes["statutory_minimum_months"]
    before, after = new.term_before_months, new.term_after_months
    at = bound & (before == minimum)
    assert at.any() and (after[at] == minimum[at]).all()
    assert (after[bound] >= np.minimum(minimum, before)[bound]).all()
    assert (after[~bound] < minimum[~bound]).any()  # who is relieved may go below
