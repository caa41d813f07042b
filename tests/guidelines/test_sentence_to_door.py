"""From a sentence to the door: each step by its own arithmetic, and what stops it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidelines import LIFE, CaseError, analyze_case, release_date, sentence_to_door
from guidelines.errors import ImpossibleValue, UnknownName

START = "2020-01-01"
HEROIN = [{"drug": "heroin", "quantity": 2, "unit": "kg"}]


def steps(**facts):
    """Steps by name."""
    return {step.name: step for step in sentence_to_door(START, facts.pop("months", 120), **facts)}


def test_a_plain_sentence_ends_with_good_conduct_time():
    found = steps()
    assert (found["full_term"].on, found["full_term"].days) == ("2029-12-31", 3653)
    assert (found["good_conduct_time"].on, found["good_conduct_time"].days) == ("2028-07-09", 540)
    assert found["door"].on == "2028-07-09"
    assert "time_credits_earned" not in found
    assert "drug_program" not in found


@pytest.mark.parametrize(
    ("months", "home"),
    [(120, "2028-01-09"), (40, "2022-08-03")],  # six months are less than a year; 121 of 1,216 days
)
def test_home_confinement_is_the_lesser_of_ten_percent_and_six_months(months, home):
    found = steps(months=months)
    door = date.fromisoformat(found["door"].on)
    assert found["community_placement"].on == door.replace(year=door.year - 1).isoformat()
    expected = home if months == 120 else (door - timedelta(found["full_term"].days // 10)).isoformat()
    assert found["home_confinement"].on == expected


@pytest.mark.parametrize(("months", "off"), [(37, 12), (36, 9), (31, 9), (30, 6), (13, 6)])
def test_the_drug_programme_takes_off_by_the_length_of_the_term(months, off):
    """P5331.02 as a law-firm page tells it: 12 months from 37, 9 from 31, 6 below; so it says."""
    found = steps(months=months, drug_program=True)
    before, after = (date.fromisoformat(found[name].on) for name in ("good_conduct_time", "drug_program"))
    assert (before.year - after.year) * 12 + before.month - after.month == off
    assert found["door"].on == after.isoformat()
    assert "secondary source" in found["drug_program"].note


def test_a_firearm_bars_the_drug_programme_and_time_credits():
    found = steps(drug_program=True, program_days=900, time_credit_bars=["firearm_count"])
    assert found["drug_program"].days == found["time_credits_earned"].days == 0
    assert found["door"].on == "2028-07-09"


@pytest.mark.parametrize(
    ("days", "low", "earned", "moved", "rest"),
    [
        (29, False, 0, 0, 0),
        (300, False, 100, 100, 0),
        (300, True, 150, 150, 0),
        (900, True, 450, 366, 84),  # twelve months back from 9 July 2028 are 366 days
    ],
)
def test_time_credits_move_the_date_by_twelve_months_at_most(days, low, earned, moved, rest):
    found = steps(program_days=days, minimum_or_low_risk=low)
    assert found["time_credits_earned"].days == earned
    assert found["time_credits_to_supervised_release"].days == moved
    left = found.get("time_credits_to_prerelease")
    assert (left.days if left else 0) == rest
    out = date(2028, 7, 9) - timedelta(moved)
    assert found["door"].on == out.isoformat()
    assert not left or left.on == (out - timedelta(rest)).isoformat()


def test_without_supervised_release_all_credits_go_to_prerelease_custody():
    found = steps(program_days=900, supervised_release=False)
    assert found["door"].on == "2028-07-09"
    assert found["time_credits_to_prerelease"].days == 300


def test_a_final_order_of_removal_lets_credits_be_earned_but_not_applied():
    found = steps(program_days=900, time_credit_bars=["final_order_of_removal"], detainer="immigration")
    assert (found["time_credits_earned"].days, found["time_credits_applied"].days) == (300, 0)
    assert found["door"].on == "2028-07-09"
    assert "immigration" in found["door"].note


def test_life_has_no_door():
    found = sentence_to_door(START, LIFE)
    assert [step.name for step in found] == ["sentence_begins", "door"]
    assert found[-1].on == ""


def test_nobody_leaves_before_the_order_has_effect():
    found = steps(months=24, not_before="2021-12-01")
    assert found["door"].on == found["not_before"].on == "2021-12-01"


@given(
    st.dates(min_value=date(1990, 1, 1), max_value=date(2030, 1, 1)),
    st.integers(min_value=1, max_value=500),
    st.integers(min_value=0, max_value=30),
    st.booleans(),
)
def test_without_programmes_the_door_is_the_release_date(start, months, extra, school):
    found = sentence_to_door(start, months, extra_days=extra, school_progress=school)
    expected = release_date(start.isoformat(), months, extra_days=extra, school_progress=school)
    assert found[-1].on == max(str(expected), start.isoformat())
    assert all(step.section for step in found)
    dated = [step.on for step in found if step.name in ("community_placement", "home_confinement")]
    assert all(start.isoformat() <= on <= found[-1].on for on in dated)


@pytest.mark.parametrize(
    ("facts", "error", "words"),
    [
        ({"time_credit_bars": ["fentanyl"]}, UnknownName, "did you mean fentanyl_minimum"),
        ({"detainer": "imigration"}, UnknownName, "did you mean immigration"),
        ({"program_days": 4000}, ImpossibleValue, "up to 3112 days lie between 2020-01-01 and 2028-07-09"),
    ],
)
def test_what_cannot_be_is_refused(facts, error, words):
    with pytest.raises(error, match=words):
        steps(**facts)


@pytest.mark.parametrize(
    ("more", "bars"),
    [
        ({}, 1),  # 450 g of fentanyl with a ten-year minimum is a count under 841(b)(1)(A)(vi)
        ({"statutory_minimum_months": 0}, 0),
        ({"program_days": 0}, 0),
        ({"time_credit_bars": ["fentanyl_minimum"]}, 0),
        ({"drugs": HEROIN}, 0),
        (
            {
                "drugs": [{"drug": "heroin", "quantity": 2, "unit": "kg"}],
                "adjustments": [{"section": "3B1.1(c)"}],
            },
            1,
        ),
    ],
)
def test_credits_on_a_record_that_looks_barred_are_warned_of(more, bars):
    record = {"sentenced_on": START, "drugs": [{"drug": "fentanyl", "quantity": 450, "unit": "g"}],
              "statutory_minimum_months": 120, "sentence_began_on": START, "imposed_term_months": 120,
              "program_days": 600, "amendments": [], **more}  # fmt: skip
    warnings = analyze_case(record)["warnings"]
    assert len([one for one in warnings if "3632(d)(4)(D)" in one]) == bars


def test_days_earned_under_the_longer_term_do_not_spoil_the_shorter_one():
    record = {"sentenced_on": "2013-06-15", "base_offense_level": 32, "criminal_history_category": "III",
              "acceptance": -3, "imposed_term_months": 108, "amendments": [782],
              "sentence_began_on": "2013-07-01", "program_days": 600}  # fmt: skip
    answer = analyze_case(record)
    assert answer["eligible"]
    earned = [
        step["days"]
        for which in ("original", "reduced")
        for step in answer["release"][which]["steps"]
        if step["name"] == "time_credits_earned"
    ]
    # 87 months end on 5 September 2019, 258 days after credits became law: eight periods of thirty days.
    assert earned == [200, 80]


def test_a_record_shows_its_steps():
    record = {"sentence_began_on": START, "imposed_term_months": 60, "program_days": 300, "amendments": []}
    found = analyze_case(record)["release"]["original"]["steps"]
    assert [step["name"] for step in found] == [
        step.name for step in sentence_to_door(START, 60, program_days=300)
    ]
    barred = analyze_case({**record, "firearm_term_months": 60})["release"]["original"]["steps"]
    assert barred[2]["days"] == 540  # 60 months and 60 that follow
    assert [step["days"] for step in barred if step["name"] == "time_credits_earned"] == [0]
    with pytest.raises(CaseError, match="time_credit_bars: 'fentanyl'"):
        analyze_case({**record, "time_credit_bars": ["fentanyl"]})
    with pytest.raises(CaseError, match="imposed_term_days: 1 given without whole months"):
        analyze_case({"imposed_term_days": 1})


@given(
    st.dates(min_value=date(1990, 1, 1), max_value=date(2030, 1, 1)),
    st.integers(min_value=1, max_value=400),
    st.fixed_dictionaries(
        {
            "jail_credit_days": st.integers(0, 400),
            "school_progress": st.booleans(),
            "drug_program": st.booleans(),
            "supervised_release": st.booleans(),
        }
    ),
    st.integers(0, 60),
    st.integers(0, 30),
)
def test_a_record_walks_the_same_way(start, months, facts, lost, extra):
    record = {"sentence_began_on": start.isoformat(), "imposed_term_months": months, "amendments": [],
              "imposed_term_days": extra, "good_time_disallowed_days": lost, **facts}  # fmt: skip
    found = analyze_case(record)["release"]["original"]["steps"]
    alone = sentence_to_door(start, months, extra_days=extra, disallowed_days=lost, **facts)
    assert found == [asdict(step) for step in alone]
    assert start.isoformat() <= alone[-1].on


def test_credit_that_covers_the_term_opens_the_door_on_the_first_day():
    found = steps(months=3, jail_credit_days=200)
    assert found["door"].on == found["time_served"].on == START


def test_before_1994_there_was_no_drug_programme():
    found = {step.name: step for step in sentence_to_door("1990-01-01", 48, drug_program=True)}
    assert (found["drug_program"].days, found["drug_program"].note) == (0, "none: law from 1994-09-13 on")


@pytest.mark.parametrize(
    ("said", "possible"),
    [
        ({}, {"drug_program_possible", "time_credits_possible"}),
        ({"program_days": 0}, {"drug_program_possible"}),
        ({"drug_program": False}, {"time_credits_possible"}),
        ({"time_credit_bars": ["firearm_count"]}, set()),
    ],
)
def test_what_a_silent_record_could_still_earn_is_shown_and_moves_no_day(said, possible):
    found = sentence_to_door("2020-01-01", 120, **said)
    told = {step.name: step.note for step in found if step.name.endswith("possible")}
    assert set(told) == possible
    assert found[-1].on == sentence_to_door("2020-01-01", 120, drug_program=False, program_days=0)[-1].on
    if "time_credits_possible" in told:
        assert "10 or 15 days for every 30" in told["time_credits_possible"]
    if "drug_program_possible" in told:
        assert "up to 12 months" in told["drug_program_possible"]


def test_nothing_is_possible_before_there_was_a_law():
    assert not [step for step in sentence_to_door("1988-01-01", 48) if step.name.endswith("possible")]


@pytest.mark.parametrize("order", ["2015-11-01", "2016-02-15"])
def test_no_placement_of_a_reduced_term_begins_before_the_order(order):
    steps = {step.name: step.on for step in sentence_to_door("2011-06-01", 60, not_before=order)}
    assert steps["community_placement"] == steps["home_confinement"] == steps["door"] == order
    later = {step.name: step.on for step in sentence_to_door("2013-06-01", 60, not_before="2017-03-01")}
    assert later["community_placement"] == "2017-03-01" < later["home_confinement"] < later["door"]


@pytest.mark.parametrize(("begins", "held"), [("1993-09-13", False), ("1993-09-14", True)])
def test_the_drug_program_counts_from_the_first_day_of_its_law(begins, held):
    """18 U.S.C. 3621(e)(2) came on 13 September 1994; a year without good time ends then, or a day before."""
    (step,) = [one for one in sentence_to_door(begins, 12, drug_program=True) if one.name == "drug_program"]
    assert (step.note == "none: law from 1994-09-13 on") != held and bool(step.days) == held
