"""How far quantities could lie from their value: each part against what it must be by itself."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest

from sim.courts.decisions import Decisions
from sim.eligibility.analysis import Analysis, analyse
from sim.eligibility.calendar import ReleaseDates
from sim.projection.project import project
from sim.results.results import BANDS
from sim.results.uncertainty import (
    RANDOM_GROUPS,
    SOURCES,
    luck,
    luck_of_bed_months,
    luck_of_stock,
    people_alike,
    variances,
)
from sim.runner import run
from sim.scenario.scenario import Scenario

JUDGE_DEPENDENT = [
    "released_first_wave", "more_released_by_a_year_later", "bed_years_saved", "motions_granted",
    "motions_denied", "granted_of_all_motions", "granted_of_eligible_motions", "granted_of_eligible",
]  # fmt: skip


@pytest.fixture(scope="module")
def analysis(stock):
    return analyse(stock, Scenario.load("drugs-minus-two"))


def test_shares_of_the_variance_add_up_to_one(small):
    shares = small.uncertainty
    assert list(shares.columns) == list(SOURCES)
    told = shares.dropna()
    assert told.sum(axis=1).to_numpy() == pytest.approx(1)
    assert (told >= 0).all(axis=None)
    assert (told.loc[JUDGE_DEPENDENT[:3]] > 0).all(axis=None)
    assert (told.loc[JUDGE_DEPENDENT, ["draws", "districts"]] > 0).all(axis=None)
    others = told.drop(index=JUDGE_DEPENDENT)
    assert (others[["draws", "districts"]] == 0).all(axis=None)
    assert (others["people"] > 0).sum() > 20


def test_the_number_of_people_is_given_and_has_no_luck(analysis):
    assert luck_of_stock(analysis)["stock"] == 0


def nobody_alike(analysis: Analysis) -> Analysis:
    """The same, as if every one were made of another sentenced person."""
    each = replace(analysis.stock.sentenced, number=np.arange(len(analysis.stock.people)))
    return replace(analysis, stock=replace(analysis.stock, sentenced=each))


def test_people_made_of_one_person_bring_more_luck(analysis):
    """Twins: every share of n people has the luck of n / 2."""
    twins = replace(analysis.stock.sentenced, number=np.arange(len(analysis.stock.people)) // 2)
    assert people_alike(replace(analysis.stock, sentenced=twins)) == pytest.approx(2, abs=0.001)
    assert people_alike(nobody_alike(analysis).stock) == 1
    assert people_alike(analysis.stock) > 1
    alone, together = luck_of_stock(nobody_alike(analysis)), luck_of_stock(analysis)
    more = [together[name] / alone[name] for name in alone if alone[name] > 0]
    assert np.median(more) > 1  # a variance of 40 groups is off by two ninths, so one quantity may differ


@pytest.mark.parametrize(
    "quantity", ["stock_weapon", "stock_not_citizens", "stock_category_i", "stock_cocaine"]
)
def test_the_luck_of_a_share_is_that_of_independent_people(analysis, small, quantity):
    from sim.results.quantities_of_interest import describe_stock

    analysis = nobody_alike(analysis)
    people, share = len(analysis.stock.people), describe_stock(analysis)[quantity]
    found = luck_of_stock(analysis)[quantity]
    # The variance of a variance from so many groups is 2 / (groups - 1) of its square.
    error = np.sqrt(2 / (RANDOM_GROUPS - 1))
    assert found == pytest.approx(share * (1 - share) / people, rel=4 * error)


@pytest.mark.parametrize("quantity", ["eligible", "eligible_day_one"])
def test_the_luck_of_a_count_is_that_of_independent_people(analysis, quantity):
    analysis = nobody_alike(analysis)
    people = len(analysis.stock.people)
    dates = analysis.dates
    count = {"eligible": dates.eligible, "eligible_day_one": dates.on_day_one}[quantity].sum()
    error = np.sqrt(2 / (RANDOM_GROUPS - 1))
    assert luck_of_stock(analysis)[quantity] == pytest.approx(count * (1 - count / people), rel=4 * error)


def test_the_luck_of_a_mean_is_its_squared_standard_error(analysis):
    finite = analysis.dates.eligible & (analysis.cut.imposed_term_months < 9996)
    months = analysis.cut.months[finite]
    error = np.sqrt(2 / (RANDOM_GROUPS - 1))
    found = luck_of_stock(analysis)["mean_cut_months"]
    assert found == pytest.approx(months.var() / len(months), rel=4 * error)


def test_too_few_people_to_split_have_no_luck_told(analysis):
    from sim.results.uncertainty import _part

    assert luck_of_stock(_part(analysis, np.arange(60))) == {}


def test_draws_and_luck_together_are_the_variance_of_people_and_decisions_drawn_together():
    """Every stock of three people of three kinds, and every decision, gone through by hand."""
    kinds = [(2, 5), (1, 3), (4, 4)]  # month if granted and if denied; the last is not eligible
    judges = Decisions.plain(0.6, 0.0, np.array([0.0, 0.0, 0.5, 0.75, 0.9, 1.0, 1.0, 1.0]))
    month, people = 3, 3

    def dates_of(chosen):
        granted, denied = (np.array([kind[at] for kind in chosen]) for at in (0, 1))
        none = np.full(len(chosen), np.datetime64("NaT"), "datetime64[D]")
        eligible = granted < denied
        return ReleaseDates(
            eligible=eligible,
            if_denied=none,
            if_granted=none,
            on_day_one=eligible,
            month_if_denied=denied,
            month_if_granted=granted,
            never=7,
            day_one=np.datetime64("2015-11-01"),
            day_one_month=2,
        )

    def forecast_of(chosen):
        zero = np.zeros(len(chosen), np.int64)
        return project(dates_of(chosen), zero, zero, judges)

    every = [forecast_of(chosen) for chosen in product(kinds, repeat=people)]
    weight = 1 / len(every)
    means = np.array([f.left.mean[-1, month] for f in every])
    drawn = np.array([f.left.drawn[-1, month] for f in every])
    total = weight * drawn.sum() + means.var()
    # The stock with one of each kind is the expected one.
    expected = forecast_of(kinds)
    assert expected.left.drawn[-1, month] == pytest.approx(weight * drawn.sum())
    assert luck(expected.left, people)[-1, month] == pytest.approx(means.var())
    assert total == pytest.approx(expected.left.drawn[-1, month] + luck(expected.left, people)[-1, month])
    saved = np.array([f.bed_months.mean[-1, 0] for f in every])
    assert luck_of_bed_months(expected) == pytest.approx(saved.var())


def test_people_who_were_brought_along_have_no_luck(analysis, small):
    from dataclasses import replace

    own = replace(analysis, stock=replace(analysis.stock, origin={"file": "mine"}))
    forecast = project(
        analysis.dates,
        analysis.stock.district,
        analysis.stock.sentenced.drug,
        Decisions.plain(0.9, 0.1, np.ones(analysis.dates.never + 1)),
    )
    worlds = pd.DataFrame({"eligible": [1.0, 3.0], "released_first_wave": [1.0, 2.0]})
    found = {"eligible": 2.0, "released_first_wave": 1.5}
    assert (variances(found, own, forecast, worlds)["people"] == 0).all()
    assert (variances(found, analysis, forecast, worlds)["people"] > 0).all()
    assert variances(found, own, forecast, worlds).loc["eligible", "parameters"] == 2


def test_without_worlds_bands_are_the_exact_quantiles_of_the_judges():
    scenario = Scenario.load("drugs-minus-two").but({"people.stock": 3000})
    result = run(scenario, worlds=0)
    forecast = result.forecast
    chances = (0.05, 0.25, 0.75, 0.95)
    wave = result["released_first_wave"][list(BANDS)].tolist()
    assert wave == forecast.quantiles("first_day", chances).tolist()
    saved = result["bed_years_saved"][list(BANDS)].astype(float).to_numpy()
    assert 12 * saved == pytest.approx(forecast.quantiles("bed_months", chances))
    more = result["more_released_by_a_year_later"]
    assert more["low_90"] < more["low_50"] < more["value"] < more["high_50"] < more["high_90"]
    assert (more["high_90"] - more["low_90"]) == pytest.approx(
        3.29 * np.sqrt(forecast.left.drawn[-1, 23] + forecast.left.districts[-1, 23]), rel=0.1
    )
    eligible = result["eligible"]
    assert eligible["low_90"] == eligible["value"] == eligible["high_90"]
    assert (result.uncertainty.dropna()[["people", "parameters"]] == 0).all(axis=None)


def test_monthly_bands_hold_the_luck_in_who_is_inside(small):
    table = small.releases_by_month
    without = table[(table["quantity"] == "releases_without") & (table["drug"] == "all")]
    expected = without["value"].to_numpy()
    assert (without["sd"] ** 2 >= expected * (1 - expected / 3000) - 1e-9).all()
