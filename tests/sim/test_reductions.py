"""What a court sets: never longer, never under the floor, at the same place of the range."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from guidelines import LIFE
from guidelines.amendments import Amendment
from guidelines.manual import Manual
from guidelines.s1b1_1_worksheet import worksheet
from guidelines.s1b1_10_substitution import amended_worksheet
from sim.people.reductions import Cut, cut_terms

LAW = Amendment.load("782")


def cut(**facts) -> Cut:
    known = {"drug": "Heroin", "quantity": 1000.0, "criminal_history_category": 3, "acceptance": -3}
    before = worksheet(known | facts, Manual.on("2013-11-01"))
    return cut_terms(before, amended_worksheet(before, LAW), (LAW,))


def months(result: Cut) -> tuple[int, int]:
    return int(result.imposed_term_months[0]), int(result.reduced_term_months[0])


def test_the_minimum_of_the_range_becomes_the_amended_minimum():
    """1 kg of heroin, 32 less 3 is 29, III: 108-135 (Ch. 5 Pt. A); two less, 27: 87-108."""
    assert months(cut(imposed_term_months=108)) == (108, 87)


def test_a_term_inside_the_range_keeps_its_proportion_to_the_minimum():
    assert months(cut(imposed_term_months=120)) == (120, 97)  # 120 x 87/108 = 96.7


def test_without_assistance_a_term_below_the_amended_range_stays():
    result = cut(imposed_term_months=80)
    assert months(result) == (80, 80) and not result.eligible[0]


def test_without_assistance_nobody_goes_below_the_amended_minimum():
    assert months(cut(imposed_term_months=95)) == (95, 87)  # in proportion it would be 76.5


def test_with_assistance_the_cut_is_comparable():
    assert months(cut(imposed_term_months=54, substantial_assistance=True)) == (54, 44)  # half of 87, up


def test_a_mandatory_minimum_stops_the_cut():
    """Level 31, III is 135-168 and becomes 29, III: 108-135."""
    assert months(cut(specific_offense_levels=2, imposed_term_months=135)) == (135, 108)
    held = cut(specific_offense_levels=2, imposed_term_months=135, statutory_minimum_months=120)
    assert months(held) == (135, 120)
    assert months(cut(imposed_term_months=120, statutory_minimum_months=120)) == (120, 120)


def test_a_term_in_the_range_stays_in_it_where_a_minimum_holds_the_range_up():
    """Level 29 in III is 108-135 and becomes 27: 87-108; under a minimum of 100 it is 100-108."""
    assert months(cut(imposed_term_months=135, statutory_minimum_months=100)) == (135, 108)
    assert months(cut(imposed_term_months=112, statutory_minimum_months=100)) == (112, 104)  # 112 x 100/108


def test_a_term_above_the_range_stays_above_it():
    assert months(cut(imposed_term_months=180)) == (180, 145)  # 180 x 87/108; the range ends at 108


def test_life_at_the_end_of_a_range_goes_to_the_end_of_the_amended_one():
    """Level 42 in Category I is 360 to life; 40 is 292-365."""
    facts = {"specific_offense_levels": 6, "acceptance": 0, "criminal_history_category": 1}
    assert months(cut(quantity=10_000.0, imposed_term_months=LIFE, **facts)) == (LIFE, 365)
    assert months(cut(quantity=10_000.0, imposed_term_months=360, **facts)) == (360, 292)


def test_life_above_its_range_stays():
    finite = {"criminal_history_category": 1, "acceptance": 0, "imposed_term_months": LIFE}  # 121-151
    assert months(cut(**finite)) == (LIFE, LIFE) and not cut(**finite).eligible[0]


def test_life_becomes_the_amended_minimum_and_counts_no_months():
    """10 kg of heroin is level 36 (2013) and 34 (2014); 43 gives life, 41 in Category I 324-405."""
    result = cut(quantity=10_000.0, specific_offense_levels=7, acceptance=0, criminal_history_category=1,
                 imposed_term_months=LIFE)  # fmt: skip
    assert result.eligible[0] and months(result) == (LIFE, 324) and result.months[0] == 0


@given(
    st.lists(
        st.tuples(
            st.floats(1, 90_000), st.integers(1, 6), st.sampled_from([0, -2, -3]), st.integers(-2, 8),
            st.sampled_from([0, 60, 120, 240]), st.booleans(), st.booleans(),
            st.one_of(st.integers(1, 470), st.just(LIFE)),
        ),
        min_size=1, max_size=40,
    )
)  # fmt: skip
def test_never_longer_never_under_the_floor_and_the_same_for_the_ineligible(people):
    columns = map(np.array, zip(*people, strict=True))
    grams, category, acceptance, plus, minimum, assisted, valve, term = columns
    valve = valve & (minimum > 0)
    result = cut(
        quantity=grams, criminal_history_category=category, acceptance=acceptance,
        specific_offense_levels=plus, statutory_minimum_months=minimum, substantial_assistance=assisted,
        safety_valve=valve, imposed_term_months=term,
    )  # fmt: skip
    assert (result.reduced_term_months <= result.imposed_term_months).all()
    assert (result.reduced_term_months < result.imposed_term_months).tolist() == result.eligible.tolist()
    assert (result.reduced_term_months >= result.law["floor_months"])[result.eligible].all()
    assert not (result.eligible & ~result.law["eligible"]).any()
    assert (result.months >= 0).all()


def test_a_part_of_the_cut_is_whole_months_and_never_none():
    """108 months become 87: half of the 21 is 10.5, rounded up to 11; a hundredth of it is still a month."""
    whole = cut(imposed_term_months=108)
    for part, months_off in ((1.0, 21), (0.5, 11), (0.3, 6), (0.01, 1)):
        assert months(whole.partly(np.array([part]))) == (108, 108 - months_off)
    stays = cut(imposed_term_months=80)
    assert months(stays.partly(np.array([0.5]))) == (80, 80)
    life = cut(quantity=10_000.0, specific_offense_levels=7, acceptance=0, criminal_history_category=1,
               imposed_term_months=LIFE)  # fmt: skip
    assert months(life.partly(np.array([0.5]))) == months(life)


def test_a_narrower_policy_leaves_the_others_at_their_term():
    result = cut(imposed_term_months=np.array([108, 120]))
    only = result.only(np.array([False, True]))
    assert only.eligible.tolist() == [False, True]
    assert only.reduced_term_months.tolist() == [108, 97] and only.months.tolist() == [0, 23]
    assert result.eligible.tolist() == [True, True]
