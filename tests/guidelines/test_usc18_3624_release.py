"""18 U.S.C. 3624(a), (b): good conduct time by both methods, dates."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidelines import LIFE
from guidelines.errors import ImpossibleValue
from guidelines.usc18_3624_release import (
    LONGEST,
    full_term_date,
    good_conduct_time_days,
    release_date,
    term_days,
)

OLD, NEW = "before_first_step_act", "first_step_act"
START = "2012-06-01"


def barber(days):
    """Barber v. Thomas step by step: 54 days after each 365 served, the rest pro rata, fraction dropped."""
    left, credit = days, 0
    while left >= 365 + 54:
        left -= 365 + 54
        credit += 54
    return credit + int(left - left / (1 + 54 / 365) + 1e-9)


@pytest.mark.parametrize(
    ("months", "days", "full", "credited", "old", "old_release", "new", "new_release"),
    [
        (121, 3682, "2022-06-30", "2021-12-12", 474, "2020-08-25", 544, "2020-06-16"),
        (97, 2952, "2020-06-30", "2019-12-13", 380, "2018-11-28", 436, "2018-10-03"),
    ],
)
def test_the_worked_example(months, days, full, credited, old, old_release, new, new_release):
    assert int(term_days(START, months)) == days
    assert str(full_term_date(START, months)) == full
    assert str(full_term_date(START, months, 200)) == credited
    assert int(good_conduct_time_days(START, months, OLD)) == old
    assert int(good_conduct_time_days(START, months, NEW)) == new
    assert str(release_date(START, months, 200, OLD)) == old_release
    assert str(release_date(START, months, 200, NEW)) == new_release


def test_months_of_sentence_are_not_months_served():
    longer, shorter = release_date(START, [121, 97], 200, OLD)
    assert (longer - shorter).astype(int) == 636
    longer, shorter = release_date(START, [121, 97], 200, NEW)
    assert (longer - shorter).astype(int) == 622


def test_ten_years_earn_about_470_and_540_days():
    assert int(good_conduct_time_days(START, 120, OLD)) == 470
    assert int(good_conduct_time_days(START, 120, NEW)) == 540


@pytest.mark.parametrize(("months", "days"), [(24, 108), (36, 162), (67, 301), (228, 1026)])
def test_the_bureaus_figures_since_the_first_step_act(months, days):
    assert int(good_conduct_time_days(START, months, NEW)) == days


@given(st.integers(min_value=367, max_value=20_000))
def test_the_old_method_is_barber_step_by_step(days):
    # Twelve months from June 2012 are 365 days.
    assert int(good_conduct_time_days(START, 12, OLD, extra_days=days - 365)) == barber(days)


@pytest.mark.parametrize("method", [OLD, NEW])
@pytest.mark.parametrize(("months", "earns"), [(12, False), (13, True), (LIFE, False)])
def test_who_earns_it(method, months, earns):
    assert (int(good_conduct_time_days(START, months, method)) > 0) == earns


def test_by_date_recomputes_whoever_is_still_inside():
    by_date = release_date(["2010-01-01", START, "2016-02-01"], [97, 121, 48], 0)
    np.testing.assert_array_equal(by_date[0], release_date("2010-01-01", 97, 0, OLD))
    np.testing.assert_array_equal(by_date[1], release_date(START, 121, 0, NEW))
    # 48 months from February 2016: August 2019 by the old method, before 19 July 2019 by the new one.
    assert str(by_date[2]) == "2019-07-19"


def test_nobody_leaves_by_an_order_before_it_has_effect():
    dates = release_date("2010-01-01", [60, 97], not_before="2015-11-01")
    assert str(dates[0]) == "2015-11-01"
    assert dates[1] == release_date("2010-01-01", 97)


def test_a_release_on_a_weekend_may_move_to_the_last_weekday():
    assert str(release_date("2010-01-01", 60, not_before="2015-11-01", last_weekday=True)) == "2015-10-30"
    assert str(release_date("2010-01-01", 60, not_before="2015-11-02", last_weekday=True)) == "2015-11-02"
    moved = release_date(
        "2010-01-01", 60, not_before="2015-11-02", last_weekday=True, holidays=["2015-11-02"]
    )
    assert str(moved) == "2015-10-30"
    assert np.isnat(release_date("2010-01-01", LIFE, last_weekday=True))


def test_disallowed_time_is_served():
    whole, less, none = release_date(START, 121, 0, OLD, disallowed_days=[0, 54, 9999])
    assert (less - whole).astype(int) == 54
    assert none == full_term_date(START, 121)


def test_calendar_months_and_short_months():
    assert str(full_term_date("2012-01-31", 1)) == "2012-02-29"
    assert str(full_term_date("2011-01-31", 1)) == "2011-02-28"
    assert str(full_term_date("2012-02-01", 1)) == "2012-02-29"
    assert str(full_term_date("2011-03-15", 12)) == "2012-03-14"


def test_life_has_no_date():
    assert np.isnat(full_term_date(START, LIFE))
    assert np.isnat(release_date(START, LIFE))
    assert int(term_days(START, LIFE)) == -1


def test_the_long_run_shares():
    days = int(term_days(START, 1200))
    assert int(good_conduct_time_days(START, 1200, OLD)) / days == pytest.approx(54 / 419, abs=1e-4)
    assert int(good_conduct_time_days(START, 1200, NEW)) / days == pytest.approx(54 / 365, abs=2e-4)


@pytest.mark.parametrize(("months", "days"), [(26, 116), (32, 143), (24, 108), (13, 58)])
def test_a_part_year_earns_by_its_days(months, days):
    """The Bureau's table of 2022: 59 days of a part year earn 8.7, 243 earn 35.9; the fraction drops."""
    assert int(good_conduct_time_days("2020-01-01", months, NEW)) == days


@pytest.mark.parametrize(
    ("months", "extra", "days"), [(12, 0, 0), (12, 1, 54), (12, 31, 58), (11, 31, 0), (0, 366, 0)]
)
def test_a_year_and_a_day_earns_and_a_year_does_not(months, extra, days):
    assert int(good_conduct_time_days("2026-01-01", months, NEW, extra_days=extra)) == days
    assert (int(good_conduct_time_days("2026-01-01", months, OLD, extra_days=extra)) > 0) == (days > 0)


def test_days_move_the_end_of_a_term_by_days():
    assert str(full_term_date("2026-01-01", 12, extra_days=1)) == "2027-01-01"
    assert str(release_date("2026-01-01", 12, extra_days=1)) == "2026-11-08"


def test_without_progress_in_school_the_rate_is_42_days():
    assert int(good_conduct_time_days(START, 120, NEW, school_progress=False)) == 420
    served = int(good_conduct_time_days(START, 120, OLD, school_progress=False))
    assert served == 42 * 3652 // (365 + 42)
    early = "1996-04-25"  # the offense came before the rate of 42 days was law
    none, some = (good_conduct_time_days(early, 120, OLD, school_progress=is_so) for is_so in (False, True))
    assert none == some


@given(
    st.dates(min_value=date(1988, 1, 1), max_value=date(2030, 1, 1)),
    st.integers(min_value=13, max_value=600),
    st.integers(min_value=0, max_value=30),
)
def test_good_time_by_days_step_by_step(start, months, extra):
    """54 for each anniversary reached, and 54/365 of a day for each day after the last one."""
    years = months // 12
    first = start.replace(year=start.year + years, day=min(start.day, 28))
    last = date.fromisoformat(str(full_term_date(start.replace(day=first.day), months, 0, extra)))
    part = (last - first).days + 1
    expected = (54 * 365 * years + 54 * part) // 365
    got = good_conduct_time_days(start.replace(day=first.day).isoformat(), months, NEW, extra_days=extra)
    assert int(got) == expected


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (
            lambda: release_date(START, 60, method="barber"),
            "by_date or before_first_step_act or first_step_act",
        ),
        (lambda: good_conduct_time_days(START, 60, "by_date"), "before_first_step_act or first_step_act"),
        (lambda: release_date("soon", 60), "days such as 2015-11-01"),
        (lambda: release_date(START, LONGEST + 1), "term_months: 6001 given"),
        (lambda: release_date(START, -1), "term_months"),
        (lambda: release_date(START, 60, -1), "jail_credit_days"),
    ],
)
def test_bad_input(ask, says):
    with pytest.raises(ImpossibleValue, match=says):
        ask()
