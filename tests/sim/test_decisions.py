"""From eligible to the day of decision: chances by hand, limits, and what may not change."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats
from scipy.special import expit

from sim.base.errors import ScenarioError
from sim.courts.decisions import (
    Decisions,
    approval,
    chance,
    court_of,
    decisions,
    delays,
    hazard,
    log_odds_of,
)
from sim.eligibility.calendar import ReleaseDates
from sim.projection.project import project
from sim.results.motions import KINDS, describe_motions
from sim.results.results import Result
from sim.scenario.scenario import Scenario

SCENARIO = Scenario.load("drugs-minus-two")
MONTHS = 61


@dataclass(frozen=True)
class Waits:
    waiting: np.ndarray
    day_one_month: int = 12


SOME = Waits(np.concatenate([np.zeros(12), [900], np.full(40, 50), np.zeros(8)]).astype(np.int64))


def test_decisions_come_from_the_day_of_effect_on_and_half_of_them_by_the_median():
    rules = SCENARIO.but({"judges.decision_months_median": 8.0, "judges.decision_months_spread": 0.6})
    decided = delays(rules, 60)
    assert decided[0] == 0 and (np.diff(decided) >= 0).all()
    assert decided[8] == pytest.approx(0.5)
    assert decided == pytest.approx(stats.lognorm(s=0.6, scale=8).cdf(np.arange(60)), abs=1e-12)


def test_a_later_day_of_effect_shifts_every_decision():
    later = SCENARIO.but({"dates.effective": "2015-05-01", "dates.reference": "2014-11-01"})
    decided, moved = delays(SCENARIO, 60), delays(later, 60)
    assert (moved[:7] == 0).all() and moved[6:] == pytest.approx(decided[:-6])


@pytest.mark.parametrize(("median", "spread", "first"), [(0.0, 0.6, 0), (5.0, 0.0, 5), (0.0, 0.0, 0)])
def test_without_spread_all_decisions_come_in_one_month(median, spread, first):
    rules = {"judges.decision_months_median": median, "judges.decision_months_spread": spread}
    asked = SCENARIO.but(rules)
    assert delays(asked, 12).tolist() == [float(month >= first) for month in range(12)]
    # An order has nothing to sort where all are decided at once.
    court = decisions(asked, SOME)
    assert court.decided[:, first] == pytest.approx(1.0) and (court.decided[:, :first] == 0).all()


@pytest.mark.parametrize("strength", [0.0, 0.5, 1.0, 3.0])
def test_an_order_moves_decisions_and_adds_none(strength):
    court = decisions(SCENARIO.but({"judges.order_strength": strength}), SOME)
    mean = SOME.waiting / SOME.waiting.sum() @ court.decided
    assert mean[:-1] == pytest.approx(delays(SCENARIO, MONTHS)[:-1], abs=1e-12)
    first, last = court.decided[12], court.decided[52]
    if strength == 0:
        assert first == pytest.approx(last)
    else:
        assert (first[1:-1] > last[1:-1]).all()


def test_a_stronger_order_has_more_of_the_first_decided_and_fewer_of_the_last():
    courts = [decisions(SCENARIO.but({"judges.order_strength": b}), SOME) for b in (0.0, 0.5, 1.0, 2.0)]
    assert (np.diff([court.decided[12, 12] for court in courts]) > 0).all()
    assert (np.diff([court.decided[52, 12] for court in courts]) < 0).all()


@given(
    st.lists(st.integers(0, 1000), min_size=2, max_size=30).filter(any),
    st.floats(0, 6),
    st.floats(0, 1 - 1e-9),
)
@settings(max_examples=100)
def test_the_hazard_is_the_root(waiting, strength, decided):
    people = np.array(waiting)
    weight = (1 + np.arange(len(people)) / 6.0) ** -strength
    found = hazard(np.array([decided]), people, weight)
    assert people / people.sum() @ chance(found, weight) == pytest.approx(decided, abs=1e-11)


def test_without_order_the_moments_are_those_of_independent_delays_to_the_last_digit(stock):
    """Everybody asks, nobody is screened, one rate: the plain binomial model, person by person."""
    from sim.runner import through

    asked = SCENARIO.but(
        {
            "judges.filing_rate": 1.0,
            "judges.ineligible_motion_share": 0.0,
            "judges.approval_spread": 0.0,
            "judges.approval_rate": 0.75,
            "judges.whole_cut_share": 1.0,
            "judges.order_strength": 0.0,
        }
    )
    analysis, forecast = through_(stock, asked, through)
    dates = analysis.dates
    decided = delays(asked, dates.never + 1)
    decided[-1] = decided[-2]
    rows = np.flatnonzero(dates.eligible)
    q, e = dates.month_if_granted[rows], dates.month_if_denied[rows]
    finite = e < dates.never
    by_months = np.concatenate([[0.0], np.cumsum(decided)])
    each = 0.75 * (by_months[e] - by_months[q])
    assert forecast.bed_months.mean[-1, 0] == pytest.approx(each[finite].sum(), rel=1e-12)
    first = 0.75 * decided[dates.day_one_month] * dates.on_day_one.sum()
    assert forecast.first_day.mean[-1, 0] == pytest.approx(first, rel=1e-12)
    share = 0.75 * decided[dates.day_one_month]
    assert forecast.first_day.drawn[-1, 0] == pytest.approx(first * (1 - share), rel=1e-12)
    for month in (5, 12, 30, 90):
        out = (q <= month) & (month < e)
        left = forecast.without[-1, : month + 1].sum() + 0.75 * decided[month] * out.sum()
        assert forecast.left.mean[-1, month] == pytest.approx(left, rel=1e-12)
        chances = 0.75 * decided[month]
        assert forecast.left.drawn[-1, month] == pytest.approx(out.sum() * chances * (1 - chances), rel=1e-11)
    assert (forecast.left.districts == 0).all()
    told = describe_motions(forecast.counts, forecast.court)
    assert told["motions"] == len(rows) and told["motions_screened"] == 0
    assert told["granted_of_eligible_motions"] == pytest.approx(0.75)


def through_(stock, scenario, through):
    from sim.people.parameters import best

    return through(stock, scenario, best())


@pytest.mark.parametrize("rate, spread", [(0.92, 1.1), (0.5, 3.0), (0.03, 0.5), (0.999, 2.0)])
def test_the_mean_over_districts_is_the_rate_that_was_asked_for(rate, spread):
    odds = log_odds_of(rate, spread)
    mean, square = approval(odds, spread)
    for power, found in ((1, mean), (2, square)):
        exact = integrate.quad(
            lambda w, k=power: expit(odds + spread * w) ** k * stats.norm.pdf(w), -12, 12, limit=200
        )[0]
        assert found == pytest.approx(exact, rel=1e-8)
    assert mean == pytest.approx(rate, rel=1e-12)


def dates_of(granted, denied, never=MONTHS - 1) -> ReleaseDates:
    granted, denied = np.array(granted), np.array(denied)
    none = np.full(len(denied), np.datetime64("NaT"), "datetime64[D]")
    eligible = granted < denied
    return ReleaseDates(
        eligible=eligible, if_denied=none, if_granted=none, on_day_one=eligible & (granted <= 12),
        month_if_denied=denied, month_if_granted=granted, never=never,
        day_one=np.datetime64("2015-11-01"), day_one_month=12,
    )  # fmt: skip


PEOPLE = st.lists(
    st.tuples(st.integers(12, 50), st.integers(1, 30), st.integers(0, 3)), min_size=1, max_size=40
)


def forecast_of(people, **changed):
    granted, more, district = (np.array(each) for each in zip(*people, strict=True))
    dates = dates_of(granted, np.minimum(granted + more, MONTHS - 1))
    court = decisions(SCENARIO.but({f"judges.{key}": value for key, value in changed.items()}), dates)
    return project(dates, district, np.zeros(len(people), np.int64), court)


@given(PEOPLE, st.floats(0, 1), st.floats(0, 1), st.floats(0, 3), st.floats(0, 2))
@settings(max_examples=50)
def test_more_approval_or_more_who_ask_never_lowers_releases(people, one, two, strength, spread):
    low, high = sorted((one, two))
    for field in ("approval_rate", "filing_rate"):
        less, more = (
            forecast_of(people, **{field: value, "order_strength": strength, "approval_spread": spread})
            for value in (low, high)
        )
        assert (more.left.mean >= less.left.mean - 1e-9).all()
        assert (more.bed_months.mean >= less.bed_months.mean - 1e-9).all()


@given(PEOPLE, st.floats(0.5, 40), st.floats(0.5, 40), st.floats(0, 3))
@settings(max_examples=50)
def test_a_longer_delay_never_adds_releases_before_it(people, one, two, strength):
    short, long = sorted((one, two))
    soon, late = (
        forecast_of(people, decision_months_median=median, order_strength=strength)
        for median in (short, long)
    )
    assert (late.left.mean <= soon.left.mean + 1e-9).all()


def test_a_capacity_holds_decisions_back_and_then_they_follow():
    asked = SCENARIO.but({"judges.monthly_capacity": 50})
    plain, held = decisions(SCENARIO, SOME), decisions(asked, SOME)
    motions = SOME.waiting.sum() * asked.judges.filing_rate / (1 - asked.judges.ineligible_motion_share)
    share = SOME.waiting / SOME.waiting.sum()
    work = np.diff(share @ held.decided)[:-1] * motions
    assert work.max() == pytest.approx(50, abs=1e-6)
    assert (held.decided <= plain.decided + 1e-12).all() and (held.decided < plain.decided - 0.1).any()
    ample = decisions(SCENARIO.but({"judges.monthly_capacity": 10**6}), SOME)
    assert ample.decided == pytest.approx(plain.decided, abs=1e-12)


def test_people_stand_for_so_many_when_a_capacity_is_shared():
    asked = SCENARIO.but({"judges.monthly_capacity": 400})
    many = Waits(SOME.waiting * 8)
    assert decisions(asked, SOME, scale=8.0).decided == pytest.approx(decisions(asked, many).decided)


def test_motions_are_conserved_in_every_month_and_district(small: Result):
    table = small.motions
    assert len(table) and (table[list(KINDS)] > -1e-9).to_numpy().all()
    assert table[list(KINDS)].sum(axis=1).to_numpy() == pytest.approx(table["asked"].to_numpy())
    for _, rows in table.groupby("district"):
        for name in ("screened", "denied", "granted", "lapsed"):
            assert (rows[name].diff().dropna() > -1e-9).all()
        assert (rows["waiting"].diff().dropna() < 1e-9).all()
        done = rows["screened"] + rows["denied"] + rows["granted"]
        assert rows["decided"].cumsum().to_numpy() == pytest.approx(done.to_numpy())


def test_motions_of_the_table_are_those_of_single_people(small: Result):
    analysis, court = small.analysis, small.forecast.court
    dates, month = analysis.ordered_dates, 20
    rows = np.flatnonzero(dates.eligible)
    until = np.minimum(dates.month_if_denied[rows], month + 1)
    by_then = court.decided[dates.month_if_granted[rows], until]
    table = small.motions[small.motions["month"] == "2016-07"]
    told = table.set_index("district")
    names = analysis.stock.people["district"].cat.categories
    where = names[analysis.stock.district[rows]]
    rate = court.rate
    for district in told.index[:10]:
        expected = rate * by_then[where == district].sum()
        assert told.loc[district, "granted"] == pytest.approx(expected)
    gone = dates.month_if_denied[rows] <= month
    lapsed = court.filing_rate * (gone * (1 - by_then)).sum()
    assert told["lapsed"].sum() == pytest.approx(lapsed)


def test_three_rates_are_told_apart_and_follow_from_each_other(small: Result):
    value = small.headline["value"]
    granted = value["motions_granted"]
    decided = value["motions_granted"] + value["motions_denied"]
    assert value["granted_of_eligible_motions"] == pytest.approx(
        small.scenario.judges.approval_rate, rel=1e-6
    )
    assert value["granted_of_all_motions"] == pytest.approx(granted / (decided + value["motions_screened"]))
    assert value["granted_of_eligible"] == pytest.approx(granted / value["eligible"])
    assert value["granted_of_all_motions"] < value["granted_of_eligible_motions"]
    assert value["motions"] == pytest.approx(
        value[["motions_screened", "motions_denied", "motions_granted", "motions_lapsed"]].sum()
    )


def test_the_rate_of_all_motions_may_be_set_instead():
    of_all = Scenario.load("approval-75")
    rules = of_all.judges
    assert rules.approval_rate * (1 - rules.ineligible_motion_share) == pytest.approx(0.75)
    other = of_all.but({"judges.ineligible_motion_share": 0.1})
    assert other.judges.approval_rate == pytest.approx(0.75 / 0.9)
    plain = of_all.but({"judges.approval_rate": 0.6}).judges
    assert plain.approval_rate_all_motions is None and plain.approval_rate == 0.6


def test_another_day_brings_the_values_of_its_fit_and_keeps_what_was_set():
    earlier = SCENARIO.but({"judges.as_of": "2014-07"})
    assert earlier.judges.decision_months_median < SCENARIO.judges.decision_months_median
    own = SCENARIO.but({"judges.order_strength": 0.25}).but({"judges.as_of": "2014-07"})
    assert own.judges.order_strength == 0.25
    assert own.judges.decision_months_median == earlier.judges.decision_months_median
    text = 'name = "x"\nbased_on = "drugs-minus-two"\n[judges]\nas_of = "2014-07"\n'
    assert Scenario.from_toml(text).judges == earlier.judges


def test_a_rate_of_a_district_is_its_own_and_nobody_elses(small: Result):
    asked = small.scenario.but({"judges.approval_by_district": {"Texas Western": 0.0}})
    court = court_of(small.analysis, asked)
    names = [str(name) for name in small.analysis.stock.people["district"].cat.categories]
    mean, _, variance = court.shares(len(names))
    place = names.index("Texas Western")
    assert mean[place] == 0 and variance[place] == 0
    others = np.delete(mean, place)
    assert others == pytest.approx(asked.judges.filing_rate * asked.judges.approval_rate)


@pytest.mark.parametrize(
    "changed, words",
    [
        ({"filing_rate": 1.2}, r"filing_rate: 1\.2 is not allowed; 0(\.0)? to 1(\.0)? is allowed"),
        ({"approval_rate": -0.1}, "approval_rate: -0.1 is not allowed"),
        ({"order_strength": -1.0}, "order_strength: -1.0 is not allowed; 0 to 10 is allowed"),
        ({"ineligible_motion_share": 1.0}, "ineligible_motion_share"),
        ({"as_of": "2016-01"}, "no fit of courts as of '2016-01' is kept; there are 2014-07 and 2015-11-02"),
        ({"approval_by_district": {"Texas West": 0.5}}, "no district 'Texas West'; did you mean"),
        ({"approval_by_district": {"Texas Western": 1.5}}, "1.5 is not allowed"),
        ({"approval_rate_all_motions": 0.9}, r"contradict each other: at most 0\.\d+ of all motions"),
        (
            {"approval_rate_all_motions": 0.7, "approval_rate": 0.7},
            "contradict each other.*set one of the two",
        ),
        ({"monthly_capacity": 0}, "monthly_capacity: 0 is not allowed; at least 1"),
    ],
)
def test_impossible_rules_are_refused_in_one_line(changed, words):
    with pytest.raises(ScenarioError, match=words) as refused:
        SCENARIO.but({f"judges.{name}": value for name, value in changed.items()})
    assert len(refused.value.problems) == 1


def test_a_court_without_order_is_the_plain_one():
    decided = np.linspace(0, 1, 12)
    plain = Decisions.plain(0.8, 0.5, decided)
    assert plain.decided[0, :-1] == pytest.approx(decided[:-1])
    assert plain.decided[3] == pytest.approx(plain.decided[9])
    assert replace(plain, filing_rate=0.5).rate == pytest.approx(0.4)
