"""The whole run: one seed one result, worlds share their people, small and odd scenarios hold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from guidelines import LIFE
from sim.base.errors import ScenarioError, SimulationError
from sim.people.parameters import best
from sim.results.glossary import GLOSSARY
from sim.results.quantities_of_interest import describe
from sim.runner import run, through
from sim.scenario.scenario import Scenario

SHIPPED = Scenario.load("drugs-minus-two")


def test_one_seed_gives_one_result_and_another_seed_another(small):
    again, other = run(small.scenario, 1, worlds=2), run(small.scenario, 2, worlds=0)
    for name in ("headline", "releases_by_month", "by_group", "eligibility_waterfall", "worlds"):
        assert getattr(again, name).equals(getattr(small, name)), name
    assert not other.headline["value"].equals(small.headline["value"])
    with pytest.raises(SimulationError, match="share no draws"):
        small.compare(replace(other, worlds=small.worlds))
    with pytest.raises(SimulationError, match="number of worlds 2"):
        small.compare(replace(again, worlds=again.worlds.iloc[:0]))
    difference = small.compare(replace(again, scenario=again.scenario.but({"name": "again"})))
    assert (difference["difference"].fillna(0) == 0).all()
    assert (difference[["low_90", "high_90"]].fillna(0) == 0).all().all()


def test_every_quantity_is_in_the_glossary_and_has_bands_around_it(small):
    head = small.headline
    assert set(head.index) <= set(GLOSSARY)
    assert (head["low_90"] <= head["low_50"]).all() and (head["high_50"] <= head["high_90"]).all()
    known = head[head["value"].notna()]
    assert (known["low_50"] <= known["value"]).all() and (known["value"] <= known["high_50"]).all()


def test_differences_come_from_the_worlds_one_by_one(small, small_no_delay):
    compared = small.compare(small_no_delay)
    each = (small_no_delay.worlds - small.worlds)["eligible"]
    change = small_no_delay["eligible"]["value"] - small["eligible"]["value"]
    assert compared.loc["eligible", "difference"] == change
    width = compared.loc["eligible", "high_90"] - compared.loc["eligible", "low_90"]
    assert width == pytest.approx(2 * 1.6448536 * each.std(ddof=1))
    alone = [one["eligible"]["high_90"] - one["eligible"]["low_90"] for one in (small, small_no_delay)]
    assert width < sum(alone)  # what both share cancels


def test_a_quantity_nobody_knows_is_answered_with_those_there_are(small):
    with pytest.raises(KeyError, match="no quantity 'eligable'; there are stock, "):
        small["eligable"]


@pytest.mark.parametrize(("people", "seed"), [(1, 0), (7, 2**63), (200, 10**30)])
def test_a_stock_of_a_few_and_any_seed_run_through(people, seed):
    result = run(SHIPPED.but({"people.stock": people, "dates.horizon_months": 1}), seed, worlds=1)
    assert result["stock"]["value"] == people and result["eligible"]["value"] <= people
    assert result.eligibility_waterfall["remaining"].iloc[0] == people


def described(stock, scenario: Scenario) -> dict[str, float]:
    analysis, forecast = through(stock, scenario, best())
    return describe(analysis, forecast, scenario, best(), 8)


def test_more_levels_reach_more_people_and_cut_more(stock):
    one, two, three = (described(stock, Scenario.load(name))
                       for name in ("minus-one", "drugs-minus-two", "minus-three"))  # fmt: skip
    for less, more in ((one, two), (two, three)):
        assert less["eligible"] < more["eligible"] and less["mean_cut_percent"] < more["mean_cut_percent"]
        assert less["bed_years_saved"] < more["bed_years_saved"]


def test_more_approvals_release_more_and_the_law_stays(stock):
    rules = [{"judges.approval_rate": rate, "judges.approval_spread": 0.0} for rate in (0.5, 1.0)]
    half, whole = (described(stock, SHIPPED.but(rule)) for rule in rules)
    assert half["eligible"] == whole["eligible"]
    for name in ("released_first_wave", "bed_years_saved"):
        assert half[name] == pytest.approx(whole[name] / 2)


def test_the_headline_is_worked_out_afresh_from_the_people(stock):
    analysis, forecast = through(stock, SHIPPED, best())
    found = describe(analysis, forecast, SHIPPED, best(), 8)
    table, dates, cut = stock.people, analysis.dates, analysis.cut
    eligible = dates.eligible
    finite = eligible & (cut.imposed_term_months < LIFE)
    assert found["eligible"] == 8 * eligible.sum()
    months = (cut.imposed_term_months - cut.reduced_term_months)[finite]
    assert found["mean_cut_months"] == pytest.approx(months.mean())
    assert found["stock_weapon"] == pytest.approx(table["weapon"].mean())
    cocaine = table["drug"].isin(["Cocaine", "Cocaine Base"])
    assert found["stock_cocaine"] == pytest.approx(cocaine.mean())
    term = table["imposed_term_months"]
    assert found["stock_mean_term_months"] == pytest.approx(term[term < LIFE].mean())
    days = (dates.if_denied - dates.if_granted).astype(float)[finite]
    assert found["bed_years_if_all_granted"] == pytest.approx(8 * days.sum() / 365.25)
    granted, first, last = dates.if_granted, np.datetime64("2015-11-01"), np.datetime64("2016-11-01")
    assert found["eligible_following_year"] == 8 * (eligible & (granted > first) & (granted < last)).sum()
    assert found["eligible_day_one"] == 8 * (eligible & (granted <= first)).sum()
    assert found["wave_mean_served_years"] < found["wave_mean_served_without_years"]


def test_nobody_eligible_is_an_answer(stock):
    """An amendment that is not made retroactive reaches nobody inside."""
    found = described(stock, SHIPPED.but({"amendment.retroactive": False}))
    assert found["eligible"] == found["eligible_day_one"] == found["bed_years_saved"] == 0
    assert np.isnan(found["mean_cut_months"]) and np.isnan(found["wave_mean_term_years"])
    assert found["stock"] == 8 * len(stock.people)


def test_an_impossible_scenario_is_refused_before_anything_is_drawn():
    with pytest.raises(ScenarioError, match=r"approval_rate"):
        SHIPPED.but({"judges.approval_rate": 1.2})
