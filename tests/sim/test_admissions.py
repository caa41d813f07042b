"""Years after the last one with data: how many are sentenced, and how their terms follow an amended range."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.base.published import event, figure
from sim.ensemble import members
from sim.people.reductions import same_place_in_range
from sim.people.stock import Stock, synthesize
from sim.projection.admissions import sentenced_each_month, told
from sim.projection.prospective import new_custody, new_sentences
from sim.scenario.changes import Admissions
from sim.scenario.scenario import Scenario

LAW = Scenario.load("drugs-minus-two")
THIN = 32
FIRST = np.datetime64("2014-11")
PERSONS = 21_820.0


@cache
def stock() -> Stock:
    return synthesize(1, "2014-11-01", thin=THIN)


def months(course: str, change: float = 0.0, count: int = 120) -> np.ndarray:
    assumed = Admissions(course=course, yearly_change=change, term_elasticity=1.0)
    return sentenced_each_month(assumed, PERSONS, FIRST, count)


def test_constant_is_the_same_every_month():
    assert months("constant") == pytest.approx(PERSONS / 12)


def test_the_trend_goes_on_as_in_the_two_years_before():
    fell = figure("admissions_flow", "A03") / figure("admissions_flow", "A01")
    assert months("trend")[24] / months("trend")[0] == pytest.approx(fell)


def test_as_it_was_comes_to_what_was_published_of_fy2020():
    middle = int((np.datetime64("2020-04") - FIRST).astype(int))
    scale = PERSONS / figure("admissions_flow", "A03")
    assert 12 * months("as it was")[middle] == pytest.approx(scale * figure("admissions_flow", "A315"))


@given(st.floats(-0.3, 0.3), st.sampled_from(["constant", "trend", "as it was"]))
def test_a_yearly_change_compounds_on_any_course(change, course):
    ratio = months(course, change) / months(course)
    assert ratio[[0, 12, 60]] == pytest.approx([1.0, 1 + change, (1 + change) ** 5])


def test_the_band_widens_with_the_years():
    worlds = [new_custody(stock(), member.scenario, THIN) for member in members(LAW, 1, 12)]
    inside = np.array([world.without for world in worlds if world is not None])
    spread = inside.std(axis=0) / inside.mean(axis=0)
    assert spread[5] < 0.5 * spread[47] < spread[47] < spread[119]


def test_a_scenarios_own_assumption_is_left_alone_in_every_world():
    own = LAW.but({"admissions.yearly_change": -0.02})
    assert {member.scenario.admissions.yearly_change for member in members(own, 1, 4)} == {-0.02}
    assert len({member.scenario.admissions.term_elasticity for member in members(own, 1, 4)}) == 4


def test_those_who_had_the_two_levels_are_not_cut_again():
    """The base is the part of the year before the government stopped opposing the two levels."""
    year = new_sentences(stock(), LAW, THIN)
    flow = stock().flow
    before = (flow.sentenced_on >= np.datetime64("2013-10-01")) & (
        flow.sentenced_on < event("two_levels_no_longer_opposed")
    )
    assert len(year.weight) == before.sum()
    assert year.persons == pytest.approx(PERSONS, rel=0.01), "and stands for the whole of it"


@given(st.floats(0, 1.5), st.integers(1, 470), st.integers(2, 300))
def test_terms_follow_ranges_by_the_elasticity(elasticity, term, low):
    """Below the range, where no end of it holds the term: log-log slope, up to rounding."""
    new_low = max(1, round(0.8 * low))
    new = same_place_in_range(
        np.array([term]),
        (np.array([low]), np.array([low])),
        (np.array([new_low]), np.array([10_000])),
        elasticity,
    )[0]
    assert new == pytest.approx(min(term, term * (new_low / low) ** elasticity), abs=0.5 + 1e-9)


def test_a_weaker_response_spares_less():
    cuts = [new_sentences(stock(), LAW, THIN, elasticity=each).mean_cut_months for each in (0.5, 0.75, 1.0)]
    assert cuts == sorted(cuts) and cuts[0] < 0.7 * cuts[2]


def test_what_later_years_rest_on_is_told():
    assert "as many a year as in FY2014" in told(LAW.admissions)
    trend = LAW.but({"admissions.course": "trend"}).admissions
    assert "-5.7 percent a year" in told(trend) or "-5.8 percent a year" in told(trend)
