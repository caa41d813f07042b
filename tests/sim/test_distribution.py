"""Exact distributions against every possible outcome, against the exact moments, and against their limits."""

from __future__ import annotations

import dataclasses
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats
from scipy.special import expit, roots_hermitenorm

from sim.base.errors import SimulationError
from sim.courts.decisions import Decisions
from sim.eligibility.calendar import ReleaseDates
from sim.projection.grouped import Counts, count_people
from sim.projection.project import project, project_counts
from sim.projection.spared import SparedMonths, SparedTotal

NEVER = 9
DECIDED = np.array([0.0, 0.0, 0.2, 0.45, 0.6, 0.8, 0.9, 0.95, 1.0, 1.0])
QUANTITIES = (("bed_months", None), ("first_day", None), ("left", 4), ("releases", 6), ("in_custody", 4))


def dates_of(granted, denied, day_one=2, never=NEVER) -> ReleaseDates:
    granted, denied = np.asarray(granted, np.int64), np.asarray(denied, np.int64)
    eligible = granted < denied
    none = np.full(len(denied), np.datetime64("NaT"), "datetime64[D]")
    first = eligible & (granted <= day_one)
    return ReleaseDates(
        eligible=eligible,
        if_denied=none,
        if_granted=none,
        on_day_one=first,
        month_if_denied=denied,
        month_if_granted=granted,
        never=never,
        day_one=np.datetime64("2015-11-01"),
        day_one_month=day_one,
    )


def outcomes(dates: ReleaseDates, district, judges: Decisions, rates) -> dict[str, dict[int, float]]:
    """Chance of every value of every quantity, by going through all orders of all people and all rates."""
    arrives = np.diff(judges.decided, axis=1, prepend=0.0)
    found: dict[str, dict[int, float]] = {name: {} for name, _ in QUANTITIES}
    people = np.flatnonzero(dates.eligible)
    districts = int(max(district)) + 1
    never_granted = NEVER + 1
    for chosen in product(range(len(rates[0])), repeat=districts):
        weight = np.prod([rates[1][k] for k in chosen])
        p = np.array([rates[0][k] for k in chosen])
        for orders in product(range(never_granted + 1), repeat=len(people)):
            chance, out = weight, dates.month_if_denied.copy()
            first = 0
            for person, order in zip(people, orders, strict=True):
                rate, arrive = p[district[person]], arrives[dates.month_if_granted[person]]
                chance *= rate * arrive[order] if order < never_granted else 1 - rate * arrive.sum()
                month = max(dates.month_if_granted[person], order)
                out[person] = min(month, dates.month_if_denied[person])
                first += bool(dates.on_day_one[person]) and order <= dates.day_one_month
            if chance == 0:
                continue
            values = {
                "bed_months": int((dates.month_if_denied - out)[dates.month_if_denied < NEVER].sum()),
                "first_day": first,
                "left": int((out <= 4).sum()),
                "releases": int((out == 6).sum()),
                "in_custody": int((out > 4).sum()),
            }
            for name, value in values.items():
                found[name][value] = found[name].get(value, 0.0) + chance
    return found


GRANTED, DENIED = [1, 2, 5, 4, 3, 9], [3, 7, 6, 9, 3, 9]
DISTRICT = np.array([0, 1, 1, 0, 0, 1])


@pytest.mark.parametrize("order", [0.0, 1.5])
@pytest.mark.parametrize("rate, spread", [(0.7, 0.0), (0.7, 1.0), (0.92, 2.5)])
def test_the_distribution_is_that_of_all_outcomes(rate, spread, order):
    dates = dates_of(GRANTED, DENIED)
    judges = Decisions.plain(rate, spread, DECIDED, filing_rate=0.9)
    weight = (1 + np.maximum(np.arange(NEVER + 1) - 2, 0) / 6.0) ** -order
    judges = dataclasses.replace(judges, weight=weight)
    nodes, weights = np.array([0.9 * rate]), np.ones(1)
    if spread:  # four people: their chances are polynomials of degree 4 in the rates at most
        odds = judges.log_odds[0]
        place, density = roots_hermitenorm(150)
        moments = [density @ (0.9 * expit(odds + spread * place)) ** k / density.sum() for k in range(8)]
        nodes, weights = four_points(np.array(moments))
    expected = outcomes(dates, DISTRICT, judges, (nodes, weights))
    counts = count_people(dates, DISTRICT, np.zeros(6, np.int64))
    for name, month in QUANTITIES:
        found = project_counts(counts, judges).distribution(name, month=month)
        values = np.arange(found.first - 2, found.first + found.points + 2)
        wanted = np.array([expected[name].get(int(value), 0.0) for value in values])
        assert found.pmf(values) == pytest.approx(wanted, abs=1e-12)
        assert found.cdf(values) == pytest.approx(np.cumsum(wanted), abs=1e-12)
        assert wanted.sum() == pytest.approx(1)
        inside = np.cumsum(wanted)
        for chance in (0.01, 0.3, 0.5, 0.95):
            assert found.quantiles(chance) == values[np.argmax(inside >= chance - 1e-13)]


def four_points(moments: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Four rates and weights with the first eight moments of a distribution (Gauss, from Hankel matrices)."""
    hankel = np.array([[moments[i + j] for j in range(4)] for i in range(4)])
    poly = np.linalg.solve(hankel, -moments[4:8])
    nodes = np.real(np.roots([1.0, *poly[::-1]]))
    weights = np.linalg.solve(np.vander(nodes, 4, increasing=True).T, moments[:4])
    return nodes, weights


def population(people: int, seed: int = 3):
    draw = np.random.default_rng(seed)
    months = 240
    granted = draw.integers(0, months - 2, people)
    denied = np.minimum(granted + draw.geometric(0.05, people), months - 1)
    dates = dates_of(granted, denied, day_one=12, never=months)
    return dates, draw.integers(0, 30, people), draw.integers(0, 3, people)


def lognormal(months: int = 241) -> np.ndarray:
    return stats.lognorm.cdf(np.arange(months), 0.6, scale=8)


@pytest.mark.parametrize("people", [40, 20_000])
@pytest.mark.parametrize("spread", [0.0, 0.03, 1.5])
@pytest.mark.parametrize("group", [None, 1])
def test_the_distribution_has_the_exact_mean_and_variance(people, spread, group):
    dates, district, groups = population(people)
    judges = Decisions.plain(0.8, spread, lognormal())
    counts = count_people(dates, district, groups)
    forecast = project_counts(counts, judges)
    row = counts.groups if group is None else group
    for name, month in (("bed_months", None), ("first_day", None), ("left", 30), ("releases", 20)):
        found = project_counts(counts, judges).distribution(name, month=month, group=group)
        moments = getattr(forecast, name)
        values = np.arange(found.first, found.first + found.points)
        weights = found.pmf(values)
        mean = weights @ values
        assert mean == pytest.approx(moments.mean[row, month or 0], abs=1e-4 * found.sd + 1e-9)
        sd = np.sqrt(weights @ (values - mean) ** 2)
        assert sd == pytest.approx(moments.sd[row, month or 0], rel=1e-4, abs=1e-9)


def test_one_district_of_one_rate_is_binomial():
    counts = Counts(np.zeros((1, 3), np.int64), np.array([1]), np.array([500]), np.array([[500]]), 0)
    found = project_counts(counts, Decisions.plain(0.8, 0.0, np.full(3, 0.5))).distribution("first_day")
    values = np.arange(501)
    assert found.cdf(values) == pytest.approx(stats.binom.cdf(values, 500, 0.4), abs=1e-6)


def test_one_district_that_differs_is_a_mixture_of_binomials():
    counts = Counts(np.zeros((1, 3), np.int64), np.array([1]), np.array([500]), np.array([[500]]), 0)
    judges = Decisions.plain(0.8, 0.7, np.ones(3))
    found = project_counts(counts, judges).distribution("first_day")
    values = np.arange(501)
    place, density = roots_hermitenorm(300)
    rates = expit(judges.log_odds[0] + 0.7 * place)
    mixed = stats.binom.cdf(values[:, np.newaxis], 500, rates) @ density / density.sum()
    assert found.cdf(values) == pytest.approx(mixed, abs=2e-6)


def test_with_many_districts_alike_the_distribution_tends_to_the_normal_one():
    people = np.full(400, 1000)
    cell = np.arange(400) * 9 + 1  # three months: granted in month 0, denied in month 1
    counts = Counts(np.zeros((1, 3), np.int64), cell, people, people[np.newaxis], 0)
    found = project_counts(counts, Decisions.plain(0.5, 0.05, np.ones(3))).distribution("bed_months")
    chances = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
    assert found.quantiles(chances) == pytest.approx(found.mean + found.sd * stats.norm.ppf(chances), abs=4)


def test_the_short_series_and_the_people_one_by_one_agree():
    """Near the frequency where the power series gives way to the exact sum, both are the same."""
    dates, district, _ = population(500)
    counts = count_people(dates, district, np.zeros(500, np.int64))
    granted, denied, people = counts.pairs()
    court = Decisions.plain(0.8, 0.0, lognormal())
    total = SparedTotal(granted, denied, people, court)
    rate = np.array([0.3, 0.9])
    frequency = np.array([0.5, 1.0]) * 0.3 / (denied - granted).max()
    assert (frequency.max() * (denied - granted)).max() < 0.7
    change = SparedMonths(granted, denied, court).transform(frequency)
    exact = np.stack([people @ np.log(1 + p * change).T for p in rate], axis=1)
    assert total.log_transform(frequency, rate) == pytest.approx(exact, abs=1e-9)
    assert abs(exact).max() > 0.1


@given(
    months=st.lists(st.tuples(st.integers(0, 60), st.integers(1, 60)), min_size=1, max_size=8),
    decided=st.lists(st.floats(0, 1), min_size=121, max_size=121).map(lambda x: np.sort(np.array(x))),
)
def test_moments_of_the_months_spared_are_those_of_their_distribution(months, decided):
    granted = np.array([q for q, _ in months])
    denied = granted + np.array([x for _, x in months])
    court = Decisions.plain(0.8, 0.0, decided)
    moments = SparedMonths(granted, denied, court).moments(4)
    for person, (q, e) in enumerate(zip(granted, denied, strict=True)):
        spared, chance = [], []
        arrive = np.diff(decided[: e + 1], prepend=0.0)
        for month in range(e):
            spared.append(e - max(q, month))
            chance.append(arrive[month])
        for power in range(1, 5):
            direct = sum(c * x**power for c, x in zip(chance, spared, strict=True))
            assert moments[power - 1, person] == pytest.approx(direct, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("mean, spread", [(0.92, 0.5), (0.5, 2.0), (0.75, 0.0001), (0.1, 1.0), (0.92, 3.0)])
def test_rates_and_weights_give_the_moments_of_the_logit_normal_distribution(mean, spread):
    court = Decisions.plain(mean, spread, np.ones(2), filing_rate=0.8)
    odds = float(court.log_odds[0])
    rates, weights = court.nodes(odds, spread, 10.0)
    for power in range(1, 5):
        exact = integrate.quad(
            lambda w, k=power: (0.8 * expit(odds + spread * w)) ** k * stats.norm.pdf(w), -12, 12, limit=200
        )[0]
        assert weights @ rates**power == pytest.approx(exact, rel=1e-8)
    assert weights @ rates == pytest.approx(0.8 * mean, rel=1e-10)


@pytest.mark.parametrize("turns", [1.0, 30.0, 300.0])
@pytest.mark.parametrize("spread", [0.1, 0.7, 2.0])
def test_there_are_rates_enough_for_a_wave(turns, spread):
    court = Decisions.plain(0.8, spread, np.ones(2))
    odds = float(court.log_odds[0])
    rates, weights = court.nodes(odds, spread, turns)
    finer, finer_weights = court.nodes(odds, spread, 4 * turns + 200)
    assert len(finer) > len(rates)
    assert weights @ np.exp(1j * turns * rates) == pytest.approx(
        finer_weights @ np.exp(1j * turns * finer), abs=1e-9
    )


def test_quantiles_of_a_forecast_enclose_its_mean():
    dates, district, groups = population(3000)
    forecast = project(dates, district, groups, Decisions.plain(0.8, 0.1, lognormal()))
    low, middle, high = forecast.quantiles("in_custody", [0.05, 0.5, 0.95], month=24)
    mean = forecast.in_custody.mean[-1, 24]
    assert low < mean < high and abs(middle - mean) < 0.2 * forecast.in_custody.sd[-1, 24]
    low, high = forecast.quantiles("left", [0.05, 0.95], month=24)
    assert high - low == pytest.approx(3.29 * forecast.left.sd[-1, 24], rel=0.05)


def test_nobody_eligible_has_a_distribution_at_one_point():
    dates = dates_of([3, 9], [3, 9])
    counts = count_people(dates, np.zeros(2, np.int64), np.zeros(2, np.int64))
    judges = Decisions.plain(0.8, 0.1, DECIDED)
    assert project_counts(counts, judges).distribution("bed_months").quantiles([0.0, 0.5, 1.0]).tolist() == [
        0,
        0,
        0,
    ]
    assert project_counts(counts, judges).distribution("left", month=4).quantiles([0.1, 0.9]).tolist() == [
        1,
        1,
    ]


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"quantity": "bedmonths"}, "there are bed_months, first_day"),
        ({"quantity": "left"}, "give a month from 0 to 9"),
        ({"quantity": "left", "month": 10}, "not 10"),
        ({"quantity": "bed_months", "month": 3}, "leave the month out"),
        ({"quantity": "bed_months", "group": 4}, "no group 4; there are 0 to 0"),
    ],
)
def test_wrong_questions_are_refused_in_plain_words(arguments, words):
    counts = count_people(dates_of(GRANTED, DENIED), DISTRICT, np.zeros(6, np.int64))
    with pytest.raises(SimulationError, match=words):
        project_counts(counts, Decisions.plain(0.8, 0.1, DECIDED)).distribution(**arguments)


def test_chances_outside_zero_to_one_have_no_quantile():
    counts = count_people(dates_of(GRANTED, DENIED), DISTRICT, np.zeros(6, np.int64))
    with pytest.raises(SimulationError, match="between 0 and 1"):
        project_counts(counts, Decisions.plain(0.8, 0.1, DECIDED)).distribution("bed_months").quantiles([1.5])
