"""Release dates with and without the cut: nobody before the first day, nobody later than without."""

from __future__ import annotations

import numpy as np
import pytest

from guidelines import LIFE
from sim.base.fiscal import DAYS_A_MONTH
from sim.eligibility.analysis import analyse, months_in_the_community
from sim.eligibility.calendar import month_starts, release_dates, served_months
from sim.people.parameters import best
from sim.results.quantities_of_interest import a_year_after
from sim.scenario.scenario import Scenario

DELAY, NO_DELAY = Scenario.load("drugs-minus-two"), Scenario.load("no-delay")


@pytest.fixture(scope="module")
def both(stock):
    return analyse(stock, DELAY), analyse(stock, NO_DELAY)


def test_nobody_leaves_by_an_order_before_the_first_day(both):
    for analysis, first in zip(both, ("2015-11-01", "2014-11-01"), strict=True):
        dates = analysis.dates
        assert (dates.if_granted[dates.eligible] >= np.datetime64(first)).all()
        assert str(dates.day_one) == first
    assert both[0].dates.day_one_month == 12 and both[1].dates.day_one_month == 0


def test_nobody_leaves_later_by_an_order(both):
    for analysis in both:
        dates = analysis.dates
        finite = ~np.isnat(dates.if_denied)
        assert (dates.if_granted <= dates.if_denied)[finite].all()
        assert (dates.if_granted < dates.if_denied)[finite & dates.eligible].all()
        other = ~dates.eligible & finite
        assert (dates.if_granted == dates.if_denied)[other].all()


def test_the_eligible_under_the_delay_are_eligible_without_it_and_leave_no_earlier(both):
    late, early = both[0].dates, both[1].dates
    assert not (late.eligible & ~early.eligible).any()
    both_in = late.eligible & early.eligible
    assert (late.if_granted >= early.if_granted)[both_in].all()
    after = early.if_granted > np.datetime64("2015-11-01")
    assert (late.if_granted == early.if_granted)[both_in & after].all()
    assert (late.if_denied == early.if_denied)[~np.isnat(early.if_denied)].all()


def test_whoever_leaves_by_the_first_day_anyway_is_lost_by_the_delay(both):
    late, early = both[0].dates, both[1].dates
    citizen = both[0].stock.sentenced.attributes["us_citizen"]
    lost = early.eligible & ~late.eligible
    placed = np.datetime64("2015-11-01") + np.timedelta64(
        round(months_in_the_community() * DAYS_A_MONTH), "D"
    )
    assert (early.if_denied[lost & citizen] <= placed).all()
    assert (early.if_denied[lost & ~citizen] <= np.datetime64("2015-11-01")).all()
    assert lost.any() and (early.if_denied[lost & citizen] > np.datetime64("2015-11-01")).any()


def test_the_new_date_is_that_of_the_reduced_term_or_the_first_day(both):
    for analysis in both:
        dates, people = analysis.dates, analysis.stock.sentenced
        own = people.releases(analysis.cut.reduced_term_months)
        expected = np.maximum(own, dates.day_one)
        assert (dates.if_granted == expected)[dates.eligible].all()
        assert (dates.on_day_one == (dates.eligible & (own <= dates.day_one))).all()


def test_months_count_from_the_reference_month_and_life_is_never(both):
    dates = both[0].dates
    day = dates.if_denied.astype("datetime64[M]").astype(int) - np.datetime64("2014-11").astype(int)
    finite = ~np.isnat(dates.if_denied)
    assert (dates.month_if_denied == day)[finite].all()
    assert (dates.month_if_denied == dates.never)[~finite].all()
    assert dates.month_if_denied[finite].max() < dates.never
    life = both[0].cut.imposed_term_months >= LIFE
    assert (life == ~finite).all()


def test_both_rules_act_in_the_analyses(both):
    """The months of the fit without the delay, the halfway house with it."""
    for analysis, months in zip(
        both, (months_in_the_community(), best().minimum_remaining_months), strict=True
    ):
        dates, citizen = analysis.dates, analysis.stock.sentenced.attributes["us_citizen"]
        counted = dates.eligible & citizen & ~np.isnat(dates.if_denied)
        left = (dates.if_denied - dates.day_one)[counted].astype(int)
        assert round(months * DAYS_A_MONTH) < left.min() < round(months * DAYS_A_MONTH) + 10


def test_an_order_that_would_come_too_late_counts_from_the_day_courts_may_begin(stock, both):
    """Without the delay that is the day orders take effect; with it nobody has so little left."""
    cut, months = both[1].cut, round(6 * DAYS_A_MONTH)
    none, six = (release_dates(stock.sentenced, cut, NO_DELAY, least) for least in (0.0, 6.0))
    out = none.eligible & ~six.eligible
    left = (none.if_denied - np.datetime64("2014-11-01")).astype(int)
    assert out.any() and (left[out] <= months).all()
    assert (left[six.eligible & ~np.isnat(none.if_denied)] > months).all()
    late, sooner = (release_dates(stock.sentenced, cut, DELAY, least) for least in (0.0, 6.0))
    assert (late.eligible == sooner.eligible).all()


@pytest.mark.parametrize("scenario", [DELAY, NO_DELAY])
def test_citizens_near_their_release_are_in_the_community_and_others_are_not(stock, both, scenario):
    people, cut = stock.sentenced, both[0].cut
    none, three = (release_dates(people, cut, scenario, 0.0, months) for months in (0.0, 3.0))
    out = none.eligible & ~three.eligible
    citizen = people.attributes["us_citizen"]
    near = none.if_denied <= none.day_one + np.timedelta64(round(3 * DAYS_A_MONTH), "D")  # not for life
    assert (out == (none.eligible & citizen & near)).all() and out.any()
    assert (three.eligible & ~citizen & near).any()


def test_months_in_the_community_are_those_of_all_citizens_placed_or_not():
    """About four months (GAO-12-320) for the 79 percent who are placed (audit 17-01)."""
    assert months_in_the_community() == pytest.approx(4 * 0.79)


def test_time_served_runs_from_custody_to_release(stock):
    people = stock.sentenced.take(np.arange(3))
    release = people.sentenced_on + 366
    expected = (366 + people.jail_credit_days) / DAYS_A_MONTH
    assert served_months(people, release) == pytest.approx(expected)
    assert np.isnan(served_months(people, np.full(3, np.datetime64("NaT"), "datetime64[D]"))).all()


def test_months_have_names():
    assert [str(day) for day in month_starts(DELAY, 3)] == ["2014-11-01", "2014-12-01", "2015-01-01"]


def test_a_year_after_is_the_same_day():
    assert str(a_year_after(np.datetime64("2015-11-01"))) == "2016-11-01"
    assert str(a_year_after(np.datetime64("2016-02-29"))) == "2017-03-01"
