"""Courts that grant a part of the cut: who, how much, and what it does to the forecast."""

from __future__ import annotations

import numpy as np
import pytest

from guidelines import tables
from sim.courts.decisions import court_of
from sim.eligibility.analysis import analyse, part_of_cut
from sim.people.parameters import best
from sim.population.population import Population
from sim.projection.project import project
from sim.runner import through
from sim.scenario.scenario import Scenario

SCENARIO = Scenario.load("drugs-minus-two")
LEAST = float(tables.reference("assumptions").row(id="J04")["value"])
NUMBERS = np.arange(200_000)


def granting(whole: float) -> Scenario:
    return SCENARIO.but({"judges.whole_cut_share": whole})


def test_such_a_share_gets_the_whole_and_the_others_any_part_alike():
    part = part_of_cut(NUMBERS, 0.9)
    some = part[part < 1]
    assert (part == 1).mean() == pytest.approx(0.9, abs=0.003)
    assert some.min() >= LEAST and some.mean() == pytest.approx((1 + LEAST) / 2, abs=0.01)
    assert np.quantile(some, 0.25) == pytest.approx(LEAST + (1 - LEAST) / 4, abs=0.01)


def test_courts_that_cut_whole_more_often_give_nobody_less():
    low, high = part_of_cut(NUMBERS, 0.7), part_of_cut(NUMBERS, 0.95)
    assert (low <= high).all() and (low < high).any()
    assert (part_of_cut(NUMBERS, 1.0) == 1).all() and (part_of_cut(NUMBERS, 0.0) < 1).all()


def test_a_part_makes_nobody_eligible_or_not_and_nobody_leaves_before_the_whole_cut_lets_them(stock):
    analysis = analyse(stock, granting(0.0))
    whole, part = analysis.dates, analysis.ordered_dates
    assert (whole.eligible == part.eligible).all()
    assert (part.month_if_granted >= whole.month_if_granted).all()
    assert (part.month_if_granted[part.eligible] <= part.month_if_denied[part.eligible]).all()
    assert part.on_day_one.sum() < whole.on_day_one.sum()
    months = analysis.cut.months[whole.eligible].sum()
    assert analysis.ordered.months[whole.eligible].sum() == pytest.approx(months * (1 + LEAST) / 2, rel=0.02)


def test_where_all_cuts_are_whole_there_is_one_set_of_dates(stock):
    analysis = analyse(stock, granting(1.0))
    assert analysis.ordered_dates is analysis.dates and analysis.ordered is analysis.cut


def test_memoranda_are_held_beside_whole_cuts_and_courts_beside_what_they_order(stock):
    whole, part = (analyse(stock, granting(share)) for share in (1.0, 0.5))
    assert (whole.counted.if_granted == part.counted.if_granted)[whole.counted.eligible].all()
    assert (whole.cut.reduced_term_months == part.cut.reduced_term_months).all()
    spared = [through(stock, granting(share), best())[1].bed_months.mean[-1, 0] for share in (1.0, 0.5, 0.0)]
    assert spared[0] > spared[1] > spared[2] > 0
    # Given each person's part the forecast is linear in nothing else: half of them are between the two ends.
    assert spared[1] == pytest.approx((spared[0] + spared[2]) / 2, rel=0.02)


def test_the_forecast_is_that_of_the_dates_ordered(stock):
    analysis, forecast = through(stock, granting(0.6), best())
    again = project(
        analysis.ordered_dates, stock.district, stock.sentenced.drug, court_of(analysis, granting(0.6))
    )
    assert forecast.left.mean[-1] == pytest.approx(again.left.mean[-1], rel=1e-12)


def test_people_of_ones_own_get_a_part_too():
    own = Population.synthesize(SCENARIO, thin=40).stock(SCENARIO.dates.reference)
    analysis = analyse(own, granting(0.2))
    assert (analysis.ordered.months < analysis.cut.months).any()
    assert analysis.counted is analysis.dates
