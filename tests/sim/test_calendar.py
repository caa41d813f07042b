"""Release dates with and without the cut: nobody before the first day, nobody later than without."""

from __future__ import annotations

import numpy as np
import pytest

from guidelines import LIFE
from sim.base.errors import ScenarioError
from sim.base.fiscal import DAYS_A_MONTH
from sim.eligibility.analysis import analyse, as_counted
from sim.eligibility.calendar import month_starts, months_in_the_community, served_months
from sim.results.quantities_of_interest import a_year_after
from sim.scenario.changes import CountedAs
from sim.scenario.defaults import counting_rules, plausible_rules
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
    lost = early.eligible & ~late.eligible
    assert (early.if_denied[lost] <= np.datetime64("2015-11-01")).all() and lost.any()


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


# As the Commission may have counted

TRUE = CountedAs(jail_credit=True)


def counted(analysis, scenario=NO_DELAY, **changed):
    return as_counted(analysis, scenario, TRUE.model_copy(update=changed)).counted


@pytest.mark.parametrize("place", [0, 1])
def test_without_any_rule_the_counted_view_is_the_real_one(both, place):
    scenario = (DELAY, NO_DELAY)[place]
    own, real = counted(both[place], scenario), both[place].dates
    finite = ~np.isnat(real.if_denied)
    for name in ("eligible", "on_day_one", "if_denied", "if_granted"):
        assert (getattr(own, name) == getattr(real, name))[finite].all(), name


def test_life_ends_after_470_months_for_the_commission(both):
    own, real, people = counted(both[1]), both[1].dates, both[1].stock.sentenced
    life = np.isnat(real.if_denied)
    assert life.any() and (own.if_denied[life] == people.releases(np.full(len(people), 470))[life]).all()
    assert (own.eligible == real.eligible)[life].all()


@pytest.mark.parametrize(
    ("switch", "column"), [("jail_credit", "jail_credit_days"), ("drug_programme", "programme_days")]
)
def test_dates_without_credit_are_later_by_it(both, switch, column):
    own, real, people = counted(both[1], **{switch: False}), both[1].dates, both[1].stock.sentenced
    finite = ~np.isnat(real.if_denied)
    days = getattr(people, column)
    assert ((own.if_denied - real.if_denied).astype(int) == days)[finite].all() and days.any()
    later = own.eligible & real.eligible & ~own.on_day_one & ~real.on_day_one
    assert ((own.if_granted - real.if_granted).astype(int) == days)[later].all()
    assert own.on_day_one.sum() < real.on_day_one.sum()


def test_real_dates_do_not_hang_on_how_the_commission_counted(stock):
    for rules in counting_rules().values():
        scenario = DELAY.but({"counted_as": rules.model_dump(exclude_none=True)})
        assert (analyse(stock, scenario).dates.if_granted == analyse(stock, DELAY).dates.if_granted)[
            analyse(stock, DELAY).dates.eligible
        ].all()


def test_too_little_left_counts_from_the_day_courts_may_begin(both):
    """Without the delay that is the day orders take effect; with it nobody has so little left."""
    months = round(6 * DAYS_A_MONTH)
    none, six = (counted(both[1], least_months_left=least) for least in (0.0, 6.0))
    out = none.eligible & ~six.eligible
    left = (none.if_denied - np.datetime64("2014-11-01")).astype(int)
    assert out.any() and (left[out] <= months).all()
    assert (left[six.eligible & ~np.isnat(none.if_denied)] > months).all()
    late, sooner = (counted(both[0], DELAY, least_months_left=least) for least in (0.0, 6.0))
    assert (late.eligible == sooner.eligible).all()


def test_citizens_near_their_release_may_be_off_the_list_and_others_are_not(both):
    analysis = both[1]
    citizen = analysis.stock.sentenced.attributes["us_citizen"]
    off, real = counted(analysis, citizens_near_release=False), analysis.dates
    later = counted(both[0], DELAY, citizens_near_release=False)
    near = real.if_denied <= real.day_one + np.timedelta64(
        round(months_in_the_community() * DAYS_A_MONTH), "D"
    )
    out = real.eligible & ~off.eligible
    assert (out == (real.eligible & citizen & near)).all() and out.any()
    assert (later.eligible == both[0].dates.eligible).all(), "nobody so near is left when the delay is over"


def test_records_that_end_early_hold_nobody_sentenced_later(both):
    until = np.datetime64("2014-03-31")
    off, real = counted(both[1], sentenced_until=until.item()), both[1].dates
    sentenced_on = both[1].stock.sentenced.sentenced_on
    assert (off.eligible == (real.eligible & (sentenced_on <= until))).all()
    assert (real.eligible & (sentenced_on > until)).any()


def test_records_that_end_after_the_reference_day_are_refused():
    with pytest.raises(ScenarioError, match="nobody inside was sentenced later; give an earlier day"):
        DELAY.but({"counted_as.sentenced_until": np.datetime64("2015-01-01").item()})


def test_the_first_rule_of_the_table_is_what_a_scenario_assumes():
    first = next(iter(counting_rules().items()))
    assert first[1] == DELAY.counted_as == CountedAs() and plausible_rules()[0] == first[0]


def test_a_change_without_motion_and_own_people_are_counted_as_they_are(stock):
    changed = Scenario.load("first-step-act-good-time")
    assert (analysis := analyse(stock, changed)).counted is analysis.dates


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
