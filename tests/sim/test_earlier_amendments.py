"""The crack amendments of 2007 and 2011: the whole machine against what was published about them.

Nothing here was fitted but the share of 2011 that could leave at once, as the Commission counted (T304).
The published figures and their tolerances:

* 706, by 2011: 16,433 motions granted (P03), 26 months on average (P09), about 20,000 eligible (P01). The
  tolerance of a quarter is wide because motions went on for three years and the model grants all at once.
* 750, as the Commission foresaw it: 12,040 eligible (P15), terms of 164 months (P16) cut to 127 (P17), 0.817
  of the cuts 13 months or longer (P20). The model meets the terms and the share of long cuts, and misses the
  number by a quarter and the mean cut by a sixth (37 months, 22.6 percent): that is held here as it stands.
* Of the 19,500 of 2007 some 3,800 could leave within a year (P301), 19 percent; the model has a fifth more.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from guidelines import LIFE
from guidelines.amendments import Amendment
from guidelines.manual import Manual
from sim.base.published import figure, target_value
from sim.eligibility.analysis import Analysis, analyse
from sim.people.earlier_amendments import EARLIER, apply_earlier, sheets
from sim.people.flows import DRUGS
from sim.people.parameters import best
from sim.people.sentenced import sentence
from sim.people.stock import CALIBRATED_ON, sample_correction, synthesize
from sim.results.quantities_of_interest import describe_counted, describe_cut, share_at_once
from sim.scenario.scenario import Scenario

THIN = 4
CRACK = DRUGS.index("Cocaine Base")


def precedent(row: str) -> float:
    return figure("precedents", row)


@pytest.fixture(scope="module")
def in_2008() -> Analysis:
    scenario = Scenario.load("crack-2007")
    return analyse(synthesize(1, scenario.dates.reference, thin=THIN), scenario)


@pytest.fixture(scope="module")
def in_2011() -> Analysis:
    scenario = Scenario.load("crack-2011")
    return analyse(synthesize(1, scenario.dates.reference, thin=THIN), scenario)


def test_706_reaches_about_as_many_as_the_commission_said(in_2008):
    found = describe_counted(in_2008, THIN)
    assert found["counted_eligible"] == pytest.approx(precedent("P01"), rel=0.2)


def test_706_grants_and_cuts_are_about_those_of_the_final_count(in_2008):
    found = describe_cut(in_2008, THIN)
    granted = best().earlier_motion_share * precedent("P08") * found["eligible"]
    assert granted == pytest.approx(precedent("P03"), rel=0.25)
    assert found["mean_cut_months"] == pytest.approx(precedent("P09"), rel=0.25)


def test_750_terms_are_those_the_commission_foresaw(in_2011):
    told = describe_counted(in_2011, THIN)
    found = {name.removeprefix("counted_"): value for name, value in told.items()}
    assert found["mean_term_before_months"] == pytest.approx(precedent("P16"), rel=0.12)
    assert found["mean_term_after_months"] == pytest.approx(precedent("P17"), rel=0.10)
    finite = in_2011.dates.eligible & (in_2011.cut.imposed_term_months < LIFE)
    assert (in_2011.cut.months[finite] >= 13).mean() == pytest.approx(precedent("P20"), abs=0.05)


def test_750_misses_the_number_by_a_quarter_and_the_cut_by_a_sixth(in_2011):
    """A known misfit, held from both sides so that a change in it is noticed."""
    told = describe_counted(in_2011, THIN)
    found = {name.removeprefix("counted_"): value for name, value in told.items()}
    assert 0.6 < found["eligible"] / precedent("P15") < 0.9
    assert 0.7 < found["mean_cut_months"] / precedent("P18") < 0.95
    assert 0.7 < found["mean_cut_percent"] / precedent("P19") < 0.95


def test_in_2011_as_many_could_leave_at_once_as_the_counting_rule_was_fitted_to(in_2011):
    dates = in_2011.counted
    assert share_at_once(in_2011) == dates.on_day_one.sum() / dates.eligible.sum()
    assert share_at_once(in_2011) == pytest.approx(target_value("T304"), rel=0.15)


def test_in_2007_too_many_could_leave_within_a_year(in_2008):
    """A known misfit, held from both sides: the rule fitted to 2011 is too weak for 2007."""
    found = describe_counted(in_2008)
    within = found["counted_eligible_day_one"] + found["counted_eligible_following_year"]
    first_year = within / found["counted_eligible"]
    assert 1.0 < first_year / (precedent("P301") / 19_500) < 1.25


@pytest.mark.parametrize(
    ("amendment", "manual", "before", "after"),
    [
        ("706", "2006-11-01", (87, 87, 87), (70, 70, 70)),
        ("750", "2009-11-01", (87, 70, 70), (46, 46, 46)),
        ("782", "2014-10-31", (87, 70, 46), (37, 37, 37)),
    ],
)
def test_an_order_puts_in_every_amendment_the_range_does_not_have_yet(amendment, manual, before, after):
    """60 grams of crack, category I, accepted: 32 - 3 in 2006, 30 - 3 by 706, 26 - 3 by 750, 24 - 3 by 782.

    The first was never given a cut, the second one under 706, the third, where there was one, under 750.
    """
    measured = {"706": ("2005-06-01",) * 3, "750": ("2005-06-01", "2007-11-01", "2008-06-01")}.get(
        amendment, ("2005-06-01", "2007-11-01", "2010-11-01")
    )
    flow = sentence(1, best(), np.datetime64("2006-01-01"), thin=400)
    some = flow.take(np.flatnonzero(flow.sentenced_on > np.datetime64("2005-01-01"))[:3])
    facts = some.attributes | {
        "criminal_history_category": np.ones(3, np.int64), "acceptance": np.full(3, -3),
        **{name: np.zeros(3, np.int64) for name in ("mitigating_role", "aggravating_role")},
        **dict.fromkeys(("weapon", "violence", "other_characteristic", "safety_valve", "obstruction",
                         "career_offender"), np.zeros(3, np.bool_)),
        "statutory_minimum_months": np.zeros(3, np.int64), "statutory_maximum_months": np.full(3, LIFE),
    }  # fmt: skip
    people = replace(
        some, drug=np.full(3, CRACK), quantity=np.full(3, 60.0), attributes=facts,
        measured_on=np.array(measured, "datetime64[D]"), term_months=np.full(3, 60),
    )  # fmt: skip
    day = {"order_effective_on": np.datetime64("2015-11-01")}
    sheets_ = sheets(people, Amendment.load(amendment), Manual.on(manual), day)
    found = [sheet["guideline_range_minimum_months"].tolist() for sheet in sheets_]
    assert found == [list(before), list(after)]


def test_who_was_cut_is_measured_by_the_table_of_that_amendment(stock):
    first, second = stock.earlier
    only_first = np.setdiff1d(first.rows, second.rows)
    assert (stock.flow.measured_on[only_first] == np.datetime64("2007-11-01")).all()
    assert (stock.flow.measured_on[second.rows] == np.datetime64("2010-11-01")).all()
    others = np.setdiff1d(np.arange(len(stock.flow)), np.union1d(first.rows, second.rows))
    assert (stock.flow.measured_on[others] == stock.flow.sentenced_on[others]).all()


def test_only_crack_before_the_amended_table_and_only_shorter(stock):
    assert [earlier.amendment for earlier in stock.earlier] == ["706", "750"]
    for earlier, amended in zip(stock.earlier, ("2007-11-01", "2010-11-01"), strict=True):
        assert (stock.flow.drug[earlier.rows] == CRACK).all()
        assert (stock.flow.sentenced_on[earlier.rows] < np.datetime64(amended)).all()
        assert (earlier.term_after_months < earlier.term_before_months).all() and len(earlier.rows) > 300
        assert (stock.flow.release_on[earlier.rows] >= np.datetime64(earlier.effective)).all()


def test_terms_of_others_stay_as_imposed(stock):
    touched = np.zeros(len(stock.flow), bool)
    for earlier in stock.earlier:
        touched[earlier.rows] = True
    np.testing.assert_array_equal(stock.flow.term_months[~touched], stock.first_terms[~touched])
    assert (stock.flow.term_months[touched] < stock.first_terms[touched]).all()


def test_the_share_granted_is_that_of_motions_times_approval():
    flow = sentence(1, best(), CALIBRATED_ON, sample_correction(1), thin=4)
    some, every = (
        apply_earlier(flow, 1, best().but(earlier_motion_share=share), CALIBRATED_ON)[1]
        for share in (0.6, 1.0)
    )
    for few, many in zip(some, every, strict=True):
        if few.amendment == "706":
            assert set(few.rows) < set(many.rows)
            assert len(few.rows) / len(many.rows) == pytest.approx(0.6, abs=0.03)


def test_amendments_that_take_effect_later_do_not_count():
    flow = sentence(1, best(), np.datetime64("2016-01-01"), thin=80)
    for until, expected in (("2008-03-03", 0), ("2008-03-04", 1), ("2012-01-01", 2), ("2015-11-02", 3)):
        _, done = apply_earlier(flow, 1, best(), np.datetime64(until))
        assert [earlier.amendment for earlier in done] == list(EARLIER[:expected])


def test_without_the_earlier_amendments_more_crack_prisoners_are_left(stock):
    """Early releases emptied the stock of crack; the machine has to show it."""
    before = stock.flow.take(np.arange(len(stock.flow)))
    before.release_on[:] = before.releases(stock.first_terms)
    crack = stock.flow.drug == CRACK
    inside, would_be = stock.flow.inside(CALIBRATED_ON), before.inside(CALIBRATED_ON)
    assert not (inside & ~would_be).any()
    assert (would_be & crack).sum() > 1.1 * (inside & crack).sum()
    assert ((would_be & ~crack) == (inside & ~crack)).all()
    assert target_value("T01") > 0
