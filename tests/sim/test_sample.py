"""Sampled histories: against the exact answer, against a court worked out by hand, and their promises."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.special import logit

from sim.base.errors import SimulationError
from sim.base.streams import uniforms
from sim.courts.courts import Courts, decided_days
from sim.courts.decisions import Decisions, log_odds_of
from sim.courts.motions import NEVER, Docket, history
from sim.eligibility.calendar import ReleaseDates
from sim.projection.project import project

EFFECTIVE = "2014-11-01"
FIRST = np.datetime64("2015-11-01")
MONTHS = 200
DECIDED = stats.lognorm.cdf(np.arange(MONTHS + 1), 0.6, scale=8)

COURT = replace(
    Decisions.plain(0.8, 0.7, DECIDED, filing_rate=0.9),
    weight=(1 + np.maximum(np.arange(MONTHS + 1) - 12, 0) / 6.0) ** -1.2,
)
"""Nine of ten ask, districts differ, and those who can leave sooner come first."""


def stock(people: int, districts: int = 20, seed: int = 5) -> tuple[ReleaseDates, np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    granted = draw.integers(0, 150, people)
    denied = np.minimum(granted + draw.geometric(0.06, people) - 1, MONTHS)
    denied[draw.random(people) < 0.02] = MONTHS  # life
    eligible = granted < denied
    origin = np.datetime64("2014-11", "M")
    dates = ReleaseDates(
        eligible=eligible,
        if_denied=(origin + denied).astype("datetime64[D]"),
        if_granted=(origin + granted).astype("datetime64[D]"),
        on_day_one=eligible & (granted <= 12),
        month_if_denied=denied,
        month_if_granted=granted,
        never=MONTHS,
        day_one=FIRST,
        day_one_month=12,
    )
    return dates, draw.integers(0, districts, people), draw.integers(0, 3, people)


def docket(people: int = 2000, judges: Decisions | None = None, districts: int = 20) -> Docket:
    dates, district, _ = stock(people, districts)
    return Docket.of(dates, district, judges or COURT, EFFECTIVE)


@dataclass(frozen=True)
class Sampled:
    """Counts of each history; the last group is all together.

    Shapes (replicates, groups + 1, months), (replicates, groups + 1) and (replicates, groups + 1).
    """

    releases: np.ndarray
    bed_months: np.ndarray
    first_day: np.ndarray

    @property
    def left(self) -> np.ndarray:
        return np.cumsum(self.releases, axis=2)


def sample(seed, replicates, courts=None, court=COURT, districts=20, by_district=False) -> Sampled:
    """Histories drawn one by one; courts without memory take one number a person, as `history` does."""
    dates, district, group = stock(2000, districts)
    group = district if by_district else group
    waiting, groups = Docket.of(dates, district, court, EFFECTIVE), int(group.max()) + 1
    rows, granted, denied = waiting.person, waiting.granted, waiting.denied
    cell = np.arange(groups)[:, np.newaxis] == group

    def one(replicate):
        if courts is None:
            unit = uniforms(seed, "courts/motion 1", rows, replicate)
            rate = court.filing_rate * waiting.rates(seed, replicate)[waiting.district]
            with np.errstate(divide="ignore", invalid="ignore"):
                share = np.where(unit < rate, unit / rate, 0.0)
            arrival = np.where(unit < rate, waiting.arrival(share, granted), len(waiting.starts))
        else:
            arrival = history(waiting, courts, seed, replicate).arrival
        order = np.where(arrival < len(waiting.starts), arrival, MONTHS)
        month = dates.month_if_denied.copy()
        month[rows] = np.where(order < MONTHS, np.minimum(np.maximum(granted, order), denied), denied)
        spared = np.zeros(len(month))
        spared[rows] = np.where(denied < MONTHS, denied - month[rows], 0)  # a life term has no length
        first = np.zeros(len(month))
        first[rows] = dates.on_day_one[rows] & (order <= dates.day_one_month)
        releases = np.bincount(group * (MONTHS + 1) + month, minlength=groups * (MONTHS + 1))
        return releases.reshape(groups, -1), cell @ spared, cell @ first

    columns = zip(*map(one, range(replicates)), strict=True)
    return Sampled(
        *(
            np.stack(
                [
                    np.vstack([*each, each.sum(axis=0)[None]])
                    if each.ndim > 1
                    else np.append(each, each.sum())
                    for each in column
                ]
            )
            for column in columns
        )
    )


def agreement(sampled: np.ndarray, mean: np.ndarray, variance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """z scores of means, and of variances by their own sampling error from the fourth moment.

    Cells in which something happens fewer than 25 times in all histories are no normal ones. How often it
    happens there is a Poisson number, whose upper limit holds for the sum of what differs.
    """
    replicates = len(sampled)
    often = variance * replicates > 25
    rare, expected = sampled[:, ~often], mean[~often]
    happened = np.abs(rare - expected.round()).sum(axis=0)
    limit = stats.poisson.isf(1e-3 / max(happened.size, 1), variance[~often] * replicates)
    assert (happened <= np.maximum(limit, 0)).all()
    values, mean, variance = sampled[:, often].astype(float), mean[often], variance[often]
    means = (values.mean(axis=0) - mean) / np.sqrt(variance / replicates)
    away = (values - mean)[:, variance > 1] ** 2
    error = away.std(axis=0, ddof=1) / np.sqrt(replicates)
    return means, (away.mean(axis=0) - variance[variance > 1]) / error


def allowed(cells: int, chance: float = 1e-3) -> float:
    """Largest z score among so many cells that comes by luck in one of a thousand seeds (Bonferroni)."""
    return float(stats.norm.isf(chance / (2 * cells)))


REPLICATES = 2000


@pytest.fixture(scope="module")
def drawn():
    return sample(11, REPLICATES)


@pytest.fixture(scope="module")
def exact():
    return project(*stock(2000), COURT)


@pytest.mark.parametrize("quantity", ["releases", "left", "bed_months", "first_day"])
def test_sampled_and_exact_means_and_variances_agree_in_every_cell(drawn, exact, quantity):
    moments = getattr(exact, quantity)
    values = getattr(drawn, quantity)
    shape = moments.mean.shape
    means, variances = agreement(
        values.reshape(REPLICATES, *shape), moments.mean, moments.drawn + moments.districts
    )
    assert np.abs(means).max() < allowed(means.size)
    assert np.abs(variances).max() < allowed(variances.size)


def test_the_comparison_would_see_a_forecast_without_the_spread_between_districts(drawn, exact):
    moments = exact.bed_months
    _, variances = agreement(drawn.bed_months[:, :, np.newaxis], moments.mean, moments.drawn)
    assert np.abs(variances).max() > 3 * allowed(variances.size)


def test_the_comparison_would_see_a_rate_one_point_too_high(drawn):
    higher = replace(COURT, log_odds=COURT.log_odds + 0.1)
    moments = project(*stock(2000), higher).left
    means, _ = agreement(drawn.left, moments.mean, moments.drawn + moments.districts)
    assert np.abs(means).max() > 2 * allowed(means.size)


def test_sampled_quantiles_are_the_exact_ones(drawn, exact):
    chances = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
    for quantity in ("bed_months", "first_day"):
        values = getattr(drawn, quantity)[:, -1]
        shares = [(values <= limit).mean() for limit in exact.quantiles(quantity, chances)]
        error = np.sqrt(chances * (1 - chances) / REPLICATES)
        step = (
            1 / exact.first_day.sd[-1, 0] if quantity == "first_day" else 0.0
        )  # whole numbers reach further
        assert (np.abs(np.array(shares) - chances) < 4 * error + 0.4 * step).all()


def test_every_history_conserves_people(drawn):
    assert (drawn.releases >= 0).all()
    assert (drawn.releases[:, -1].sum(axis=1) == 2000).all()
    assert np.array_equal(drawn.releases[:, :-1].sum(axis=1), drawn.releases[:, -1])


def test_one_more_person_changes_nobody_elses_history():
    dates, district, _ = stock(2000)
    fewer = {
        name: value[:-1] if isinstance(value, np.ndarray) else value for name, value in vars(dates).items()
    }
    some = Docket.of(ReleaseDates(**fewer), district[:-1], COURT, EFFECTIVE)
    every = Docket.of(dates, district, COURT, EFFECTIVE)
    courts = Courts(refiling_share=0.5)
    one, two = history(some, courts, 1, 0), history(every, courts, 1, 0)
    kept = len(some.person)
    assert np.array_equal(two.decided[:, :kept], one.decided) and np.array_equal(
        two.arrival[:kept], one.arrival
    )


def test_a_capacity_that_never_binds_changes_nothing():
    plain, roomy = sample(3, 3), sample(3, 3, Courts(weekly_capacity=10**6))
    assert np.array_equal(plain.releases, roomy.releases)
    assert np.array_equal(plain.bed_months, roomy.bed_months)
    assert np.array_equal(plain.first_day, roomy.first_day)


def test_the_less_courts_can_decide_the_later_people_leave():
    months = [
        sample(3, 2, Courts(weekly_capacity=weekly), districts=2).left[:, -1] for weekly in (1, 3, 6, 10**6)
    ]
    for slower, faster in pairwise(months):
        assert (slower <= faster).all()
        assert (slower < faster).any()


def test_second_motions_only_help_and_first_ones_are_the_same():
    plain = sample(3, 3).bed_months
    some = sample(3, 3, Courts(refiling_share=0.5)).bed_months
    more = sample(3, 3, Courts(refiling_share=1.0, motions=5)).bed_months
    assert (plain < some).all() and (some < more).all()


def test_without_delay_a_second_motion_is_granted_to_the_share_that_chance_says():
    """Decided at once and granted to half: a second motion adds a quarter, a third one an eighth."""
    at_once = Decisions.plain(0.5, 0.0, np.ones(MONTHS + 1))
    waiting = docket(20_000, at_once)
    long = waiting.denied > 40  # still inside at every denial
    for motions, share in ((1, 0.5), (2, 0.75), (3, 0.875)):
        path = history(waiting, Courts(refiling_share=1.0, motions=motions, refiling_weeks=8), 1, 0)
        granted = path.granted.any(axis=0)[long]
        assert granted.mean() == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / granted.size))
    first, second = path.decided[:2]
    again = second < NEVER
    assert (second[again] - first[again] == 8 * 7).all()
    assert not path.granted[0, again].any()


def by_hand(ready, person, court, capacity):
    """Week by week and court by court, as a clerk would do it."""
    found = {}
    for each in set(court):
        waiting = sorted((ready[k], person[k], k) for k in range(len(ready)) if court[k] == each)
        week = min(day for day, _, _ in waiting) // 7
        while waiting:
            places = capacity[each]
            while waiting and places and waiting[0][0] // 7 <= week:
                day, _, number = waiting.pop(0)
                found[number] = day if day // 7 == week else week * 7
                places -= 1
            week += 1
    return [found[k] for k in range(len(ready))]


@given(
    motions=st.lists(st.tuples(st.integers(-20, 60), st.integers(0, 2)), min_size=1, max_size=40),
    capacity=st.tuples(*[st.integers(1, 4)] * 3),
)
def test_a_court_decides_as_a_clerk_with_a_calendar_would(motions, capacity):
    ready = np.array([day for day, _ in motions])
    court = np.array([where for _, where in motions])
    person = np.arange(len(motions))
    found = decided_days(ready, person, court, np.array(capacity))
    assert found.tolist() == by_hand(ready.tolist(), person.tolist(), court.tolist(), capacity)


def test_second_motions_wait_in_the_same_queue():
    path = history(docket(districts=1), Courts(weekly_capacity=12, refiling_share=1.0, motions=4), 1, 0)
    decided = path.decided[path.decided < NEVER]
    assert np.unique(decided // 7, return_counts=True)[1].max() == 12
    first, second = path.decided[0], path.decided[1]
    again = second < NEVER
    assert again.sum() > 30
    assert (second[again] >= first[again] + 26 * 7).all()
    assert (path.filed[1, again] == first[again] + 26 * 7).all()


def test_motions_are_filed_after_courts_may_decide_and_before_the_decision():
    waiting = docket()
    path = history(waiting, Courts(weekly_capacity=20), 1, 0)
    there = path.decided[0] < NEVER
    assert (path.filed[0, there] >= waiting.first_decision).all()
    assert (path.filed[0, there] <= path.decided[0, there]).all()
    assert len(np.unique(path.filed[0, there])) > 100


def test_the_month_of_an_order_is_the_one_after_its_day():
    waiting = docket()
    path = history(waiting, Courts(), 1, 0)
    granted = path.granted[0] & (path.arrival < MONTHS + 1)
    month = np.searchsorted(waiting.starts, path.decided[0, granted], side="right")
    assert np.array_equal(month, path.arrival[granted])


@pytest.mark.parametrize(
    "wrong, words",
    [
        ({"weekly_capacity": 0}, "weekly_capacity is a whole number from 1 on, not 0"),
        ({"weekly_capacity": (3, 2.5)}, "weekly_capacity"),
        ({"refiling_share": 1.2}, "refiling_share lies between 0 and 1, not 1.2"),
        ({"refiling_weeks": 0}, "refiling_weeks is a whole number"),
        ({"motions": 0}, "motions is a whole number"),
    ],
)
def test_impossible_courts_are_refused(wrong, words):
    with pytest.raises(SimulationError, match=words):
        Courts(**wrong)


def test_a_capacity_for_each_district_needs_all_of_them():
    with pytest.raises(SimulationError, match="2 numbers for 20 districts"):
        history(docket(), Courts(weekly_capacity=(3, 4)), 1, 0)


def test_sampled_and_exact_agree_in_every_district_and_month():
    dates, district, _ = stock(2000)
    found = sample(17, 1000, by_district=True)
    exact = project(dates, district, district, COURT)
    for values, moments in ((found.left, exact.left), (found.releases, exact.releases)):
        means, variances = agreement(values, moments.mean, moments.drawn + moments.districts)
        assert np.abs(means).max() < allowed(means.size)
        assert np.abs(variances).max() < allowed(variances.size)


def test_the_comparison_would_see_a_forecast_without_order(drawn):
    alike = replace(COURT, weight=np.ones(MONTHS + 1))
    moments = project(*stock(2000), alike).left
    means, _ = agreement(drawn.left, moments.mean, moments.drawn + moments.districts)
    assert np.abs(means).max() > 3 * allowed(means.size)


def test_districts_that_are_given_a_rate_have_it_in_both_ways():
    odds, spread = np.zeros(20), np.full(20, 0.7)
    odds[:5], spread[:5] = [log_odds_of(rate, 0.0) for rate in (0.0, 0.1, 0.5, 0.9, 1.0)], 0.0
    court = replace(COURT, log_odds=odds, spread=spread)
    some = docket(judges=court)
    assert some.rates(1, 7)[:5] == pytest.approx([0.0, 0.1, 0.5, 0.9, 1.0])
    found, exact = sample(3, 1000, court=court), project(*stock(2000), court)
    moments = exact.bed_months
    means, variances = agreement(
        found.bed_months[:, :, np.newaxis], moments.mean, moments.drawn + moments.districts
    )
    assert np.abs(means).max() < allowed(means.size) and np.abs(variances).max() < allowed(variances.size)
    low, high = exact.quantiles("bed_months", [0.05, 0.95])
    values = found.bed_months[:, -1]
    assert ((values >= low) & (values <= high)).mean() == pytest.approx(0.9, abs=0.04)


@pytest.mark.parametrize("rate, spread", [(0.8, 0.1), (0.92, 1.5), (0.5, 0.01)])
def test_approval_rates_are_draws_of_the_logit_normal_distribution(rate, spread):
    court = Decisions.plain(rate, spread, DECIDED)
    some = docket(50, court, districts=3)
    drawn = np.concatenate([some.rates(1, replicate) for replicate in range(3000)])
    assert stats.kstest(logit(drawn), stats.norm(court.log_odds[0], spread).cdf).pvalue > 1e-3
    assert drawn.mean() == pytest.approx(rate, abs=5 * drawn.std() / len(drawn) ** 0.5)
