"""The exact forecast against every possible outcome, one person at a time, and against drawn people."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.special import expit

from sim.base.streams import normals, uniforms
from sim.courts.decisions import Decisions, approval, court_of, log_odds_of
from sim.eligibility.analysis import analyse
from sim.eligibility.calendar import ReleaseDates
from sim.people.parameters import best
from sim.projection.project import Forecast, bed_months, project
from sim.runner import through
from sim.scenario.scenario import Scenario

NEVER = 6
DECIDED = np.array([0.0, 0.3, 0.5, 0.5, 0.9, 1.0, 1.0])
RATES = (0.7, 0.9)
"""A district grants at the one rate or the other, both alike: mean 0.8, standard deviation 0.1."""
SHARES_ASK = 0.9


def spread_of(rate: float, sd: float) -> float:
    """Spread of the log-odds at which shares have a standard deviation."""

    def away(spread: float) -> float:
        mean, square = approval(log_odds_of(rate, spread), spread)
        return square - mean**2 - sd**2

    return float(brentq(away, 1e-3, 5.0, xtol=1e-14))


SPREAD = spread_of(0.8, 0.1)
COURT = replace(
    Decisions.plain(0.8, SPREAD, DECIDED, filing_rate=SHARES_ASK),
    weight=(1 + np.maximum(np.arange(NEVER + 1) - 1, 0) / 2.0) ** -1.3,
)
"""Nine of ten ask, and those who can leave sooner come first."""


def dates_of(granted, denied, eligible=None, day_one=1) -> ReleaseDates:
    granted, denied = np.array(granted), np.array(denied)
    eligible = granted < denied if eligible is None else np.array(eligible)
    none = np.full(len(denied), np.datetime64("NaT"), "datetime64[D]")
    return ReleaseDates(
        eligible=eligible, if_denied=none, if_granted=none, on_day_one=eligible & (granted <= day_one),
        month_if_denied=denied, month_if_granted=granted, never=NEVER,
        day_one=np.datetime64("2015-11-01"), day_one_month=day_one,
    )  # fmt: skip


def worlds(dates: ReleaseDates, district):
    """Every world: its chance, each person's month of release, and how many leave on the first day."""
    arrive = np.diff(COURT.decided, axis=1, prepend=0.0)
    some = np.flatnonzero(dates.eligible)
    for rates in product(RATES, repeat=int(np.max(district)) + 1):
        for orders in product([None, *range(NEVER)], repeat=len(some)):
            chance = 0.5 ** len(rates)
            out, first = dates.month_if_denied.copy(), 0
            for person, order in zip(some, orders, strict=True):
                rate, when = SHARES_ASK * rates[district[person]], arrive[dates.month_if_granted[person]]
                chance *= 1 - rate * when.sum() if order is None else rate * when[order]
                if order is not None:
                    leaves = max(order, dates.month_if_granted[person])
                    out[person] = min(out[person], leaves)
                    first += bool(dates.on_day_one[person] and order <= dates.day_one_month)
            yield chance, out, first


def moments(dates: ReleaseDates, district):
    """Mean and variance of all counts over every world."""
    chances, found = [], []
    for chance, out, first in worlds(dates, district):
        releases = np.bincount(out, minlength=NEVER + 1)
        saved = (dates.month_if_denied - out).sum()
        chances.append(chance)
        found.append(np.concatenate([releases, np.cumsum(releases), [saved, first]]))
    weight, table = np.array(chances), np.array(found, float)
    assert weight.sum() == pytest.approx(1)
    mean = weight @ table
    return mean, weight @ (table - mean) ** 2


def flat(forecast: Forecast, name: str) -> np.ndarray:
    parts = (forecast.releases, forecast.left, forecast.bed_months, forecast.first_day)
    value = {"mean": lambda m: m.mean, "variance": lambda m: m.drawn + m.districts}[name]
    return np.concatenate([value(part)[-1] for part in parts])


PEOPLE = [
    ([1, 1, 2], [4, 5, 5], [0, 0, 1]),
    ([1, 3, 3], [2, 3, 6], [0, 1, 0]),  # one who leaves in the same month either way, one with life
    ([1, 2, 4], [6, 6, 5], [0, 0, 0]),
    ([2, 2, 2], [2, 2, 2], [0, 1, 2]),
]


@pytest.mark.parametrize(("granted", "denied", "district"), PEOPLE)
def test_means_and_variances_are_those_of_every_outcome(granted, denied, district):
    dates = dates_of(granted, denied)
    forecast = project(dates, np.array(district), np.zeros(len(district), int), COURT)
    mean, variance = moments(dates, district)
    leavers = np.array(denied) < NEVER
    assert flat(forecast, "mean")[:14] == pytest.approx(mean[:14])
    assert flat(forecast, "variance")[:14] == pytest.approx(variance[:14])
    assert flat(forecast, "mean")[15] == pytest.approx(mean[15])
    assert flat(forecast, "variance")[15] == pytest.approx(variance[15])
    if leavers.all():  # time spared on a life term has no length
        assert flat(forecast, "mean")[14] == pytest.approx(mean[14])
        assert flat(forecast, "variance")[14] == pytest.approx(variance[14])


def test_whoever_leaves_in_the_same_month_either_way_is_certain():
    """Eligible by days, not by months: the month's count does not vary, the first day's does."""
    dates = dates_of([1, 4], [1, 4], eligible=[True, True])
    forecast = project(dates, np.array([0, 0]), np.array([0, 0]), COURT)
    assert forecast.releases.mean[-1].tolist() == [0, 1, 0, 0, 1, 0, 0]
    assert (forecast.releases.sd == 0).all() and (forecast.bed_months.mean == 0).all()
    assert forecast.first_day.mean[-1, 0] == pytest.approx(0.9 * 0.8 * 0.3)
    assert forecast.first_day.sd[-1, 0] > 0


@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 6), st.integers(0, 3), st.integers(0, 2)),
        min_size=1, max_size=60,
    )
)  # fmt: skip
def test_people_are_conserved_and_groups_add_up(people):
    granted, denied, district, group = map(np.array, zip(*people, strict=True))
    dates = dates_of(granted, denied)
    forecast = project(dates, district, group, COURT, groups=3)
    for rows in (forecast.releases.mean, forecast.without):
        assert rows[-1].sum() == pytest.approx(len(people))
        assert rows[:-1].sum(axis=0) == pytest.approx(rows[-1])
    assert np.cumsum(forecast.releases.mean, axis=1) == pytest.approx(forecast.left.mean, abs=1e-9)
    assert forecast.in_custody.mean + forecast.left.mean == pytest.approx(
        np.broadcast_to(forecast.without.sum(axis=1, keepdims=True), forecast.left.mean.shape)
    )
    earlier = forecast.left.mean - np.cumsum(forecast.without, axis=1)
    assert (earlier > -1e-9).all() and (forecast.releases.mean > -1e-9).all()
    # Bed-months are the people out earlier, month by month; a life term has no length to spare.
    finite = project(dates_of(granted[denied < NEVER], denied[denied < NEVER]),
                     district[denied < NEVER], group[denied < NEVER], COURT, groups=3)  # fmt: skip
    out = finite.left.mean - np.cumsum(finite.without, axis=1)
    assert out[:, :-1].sum(axis=1) == pytest.approx(finite.bed_months.mean[:, 0], abs=1e-9)


def test_the_months_spared_by_hand():
    """From month 1 to 4: 0.3 + 0.5 + 0.5; 3 months with 0.3, 2 more with 0.2: 9 x 0.3 + 4 x 0.2."""
    mean, square = bed_months(np.array([1]), np.array([4]), Decisions.plain(1.0, 0.0, DECIDED))
    assert mean[0] == pytest.approx(1.3) and square[0] == pytest.approx(9 * 0.3 + 4 * 0.2)


def test_drawn_people_agree_with_the_exact_moments(stock):
    """400 whole histories of a thinned stock; tolerances are five standard errors."""
    scenario = Scenario.load("drugs-minus-two")
    analysis, forecast = through(stock, scenario, best())
    dates, histories = analysis.ordered_dates, 400
    court = court_of(analysis, scenario)
    rows = np.flatnonzero(dates.eligible)
    district = stock.district[rows]
    last = court.hazard[-1]

    total, first = np.empty(histories), np.empty(histories)
    for history in range(histories):
        away = normals(5, "rate", np.arange(district.max() + 1), history)
        rate = expit(court.log_odds[0] + court.spread[0] * away)[district]
        granted = uniforms(5, "grant", rows, history) < court.filing_rate * rate
        # An exponential wait in units of the cumulative hazard, longer for those who can leave later.
        x = np.maximum(dates.month_if_granted[rows] - dates.day_one_month, 0)
        wait = -np.log1p(-uniforms(5, "order", rows, history)) * (1 + x / 6) ** scenario.judges.order_strength
        granted &= wait < last
        order = np.searchsorted(court.hazard, wait, side="left")
        leaves = np.where(granted, np.maximum(order, dates.month_if_granted[rows]), dates.never)
        leaves = np.minimum(leaves, dates.month_if_denied[rows])
        finite = dates.month_if_denied[rows] < dates.never
        total[history] = (dates.month_if_denied[rows] - leaves)[finite].sum()
        by_then = granted & (order <= dates.day_one_month) & dates.on_day_one[rows]
        first[history] = by_then.sum()
    for drawn, exact in ((total, forecast.bed_months), (first, forecast.first_day)):
        mean, sd = float(exact.mean[-1, 0]), float(exact.sd[-1, 0])
        assert drawn.mean() == pytest.approx(mean, abs=5 * sd / histories**0.5)
        assert drawn.std() == pytest.approx(sd, rel=5 / (2 * histories) ** 0.5)


def test_judges_who_grant_nothing_change_nothing(stock):
    scenario = Scenario.load("drugs-minus-two")
    analysis = analyse(stock, scenario)
    never = Decisions.plain(0.0, 0.0, np.ones(analysis.dates.never + 1))
    forecast = project(analysis.dates, stock.district, stock.sentenced.drug, never)
    assert forecast.releases.mean[:-1] == pytest.approx(forecast.without[: len(forecast.without) - 1])
    assert float(forecast.bed_months.mean[-1, 0]) == 0 and float(forecast.bed_months.sd[-1, 0]) == 0


def test_judges_who_grant_all_at_once_release_everybody_on_their_new_date(stock):
    scenario = Scenario.load("drugs-minus-two")
    dates = analyse(stock, scenario).dates
    at_once = Decisions.plain(1.0, 0.0, np.ones(dates.never + 1))
    forecast = project(dates, stock.district, stock.sentenced.drug, at_once)
    expected = np.bincount(dates.month_if_granted, minlength=dates.never + 1)
    assert forecast.releases.mean[-1] == pytest.approx(expected)
    assert float(forecast.releases.sd.max()) == pytest.approx(0, abs=1e-6)
