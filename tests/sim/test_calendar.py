"""Release dates with and without the cut: nobody before the first day, nobody later than without."""

from __future__ import annotations

import numpy as np
import pytest

from guidelines import LIFE
from sim.analysis import analyse
from sim.calendar import month_starts, release_dates, served_months
from sim.fiscal import DAYS_A_MONTH
from sim.parameters import best
from sim.quantities_of_interest import a_year_after
from sim.scenario import Scenario

DELAY, NO_DELAY = Scenario.load("drugs-minus-two"), Scenario.load("no-delay")


@pytest.fixture(scope="module")
def both(stock):
    return analyse(stock, DELAY, best()), analyse(stock, NO_DELAY, best())


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
    lost = early.eligible & ~late.eligible
    days = round(best().minimum_remaining_months * DAYS_A_MONTH)
    counted = np.datetime64("2015-11-01") + np.timedelta64(days, "D")
    assert (early.if_denied[lost] <= counted).all()
    assert lost.any() and (early.if_denied[lost] > np.datetime64("2015-11-01")).any()


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


def test_a_counting_rule_leaves_out_whoever_has_too_little_left(stock, both):
    cut = both[1].cut
    none, six = (release_dates(stock.sentenced, cut, NO_DELAY, months) for months in (0.0, 6.0))
    out = none.eligible & ~six.eligible
    left = (none.if_denied - np.datetime64("2014-11-01")).astype(int)
    assert out.any() and (left[out] <= round(6 * DAYS_A_MONTH)).all()
    assert (left[six.eligible & ~np.isnat(none.if_denied)] > round(6 * DAYS_A_MONTH)).all()


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
