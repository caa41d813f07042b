"""One record in, the whole analysis out."""

from __future__ import annotations

import doctest
import importlib
import json
import pkgutil
from pathlib import Path

import pytest

from guidelines import CODES, CaseError, analyze_case, analyze_cases
from guidelines import case as package
from guidelines.case.decision import SENTENCES, sentence

RULES = Path(__file__).parents[1] / "cases" / "rules.jsonl"
CASES = [json.loads(line) for line in RULES.read_text(encoding="utf-8").splitlines()]
PLAIN = {
    "base_offense_level": 32,
    "acceptance": -3,
    "criminal_history_category": "I",
    "imposed_term_months": 100,
}


def differs(expected, answer, path=""):
    """Where an answer is not what a case expects."""
    for key, value in expected.items():
        if isinstance(value, dict):
            yield from differs(value, answer[key] or {}, f"{path}{key}.")
        elif answer.get(key) != value:
            yield f"{path}{key}: {answer.get(key)} instead of {value}"


@pytest.mark.parametrize("case", CASES, ids=[case["record"]["case_id"] for case in CASES])
def test_rules_r1_to_r17(case):
    answer = analyze_case(case["record"])
    assert not list(differs(case["expect"], answer)), case["sentence"]


def test_every_rule_has_its_case():
    assert {case["rule"] for case in CASES} == {f"R{number}" for number in range(1, 18)}


MORE = {
    "amendment_already_applied": {**PLAIN, "manual_edition": "2014-11-01"},
    "record_inconsistent": {**PLAIN, "total_offense_level": 30, "adjustments": []},
    "armed_career_criminal": {**PLAIN, "armed_career_criminal": True, "override_offense_level": 34},
    "mandatory_minimum_controls": {**PLAIN, "statutory_minimum_months": 120, "imposed_term_months": 120},
    "already_at_statutory_minimum": {**PLAIN, "base_offense_level": 34, "statutory_minimum_months": 120,
                                     "imposed_term_months": 120},
    "time_served_exceeds": {**PLAIN, "time_served_months": 100},
}  # fmt: skip


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_reached(code):
    answers = [analyze_case(case["record"]) for case in CASES if case["expect"].get("code") == code]
    answers += [analyze_case(MORE[code])] if code in MORE else []
    assert answers and {answer["code"] for answer in answers} == {code}
    for answer in answers:
        undecided = code in ("record_inconsistent", "needs_quantity_finding")
        assert answer["eligible"] is (None if undecided else code.startswith("eligible"))
        assert code not in answer["other_codes"]
        assert "{" not in sentence(answer) and "None" not in sentence(answer)


def test_every_code_has_a_sentence():
    assert set(SENTENCES) == set(CODES)


def test_the_record_of_the_description():
    answer = analyze_case(
        {"case_id": "made-up", "manual_edition": "2010-11-01", "base_offense_level": 32, "acceptance": -2,
         "criminal_history_category": "I", "statutory_minimum_months": 120, "substantial_assistance": True,
         "imposed_term_months": 72}
    )  # fmt: skip
    assert answer["eligible"] and answer["code"] == "eligible_substantial_assistance"
    assert answer["original"] == {
        "base_offense_level": 32, "total_offense_level": 30, "criminal_history_category": "I",
        "table_range_months": [97, 121], "guideline_range_months": [120, 121],
    }  # fmt: skip
    assert answer["amended"] == {
        "base_offense_level": 30, "total_offense_level": 28, "criminal_history_category": "I",
        "table_range_months": [78, 97], "guideline_range_months": [78, 97],
    }  # fmt: skip
    assert (answer["floor_months"], answer["comparable_term_months"], answer["reduction_months"]) == (
        47,
        46.8,
        25,
    )
    editions = {"law": "2010-11-01", "original": "2010-11-01", "amended": "2014-11-01"}
    assert answer["edition"] == editions
    assert answer["worksheet"][0] == {
        "section": "§2D1.1(c)", "step": "base_offense_level", "original": 32, "amended": 30, "unit": "levels",
        "note": "as found",
    }  # fmt: skip
    assert json.loads(json.dumps(answer)) == answer


def test_the_keys_are_always_the_same():
    keys = {
        "case_id", "eligible", "code", "other_codes", "original", "amended", "floor_months",
        "floor_is_limit",
        "comparable_term_months", "reduction_months", "release", "worksheet", "assumed", "missing", "edition",
        "warnings", "decides", "branches", "unused", "total_term_months",
        "possible_range_months", "clashes",
    }  # fmt: skip
    for record in ({}, PLAIN, {"criminal_history_points": 3}, {"table_range_months": [0, 6]}):
        assert set(analyze_case(record)) == keys


def test_release_dates_are_those_of_the_worked_example():
    """RETROACTIVITY: 121 and 97 months from 1 June 2012, 200 days of jail credit."""
    record = {
        "total_offense_level": 30, "criminal_history_category": "II", "sentence_began_on": "2012-06-01",
        "jail_credit_days": 200, "imposed_term_months": 121, "table_range_months": [108, 135],
    }  # fmt: skip
    before = analyze_case({**record, "rules": {"good_time": "before_first_step_act"}})["release"]["original"]
    after = analyze_case({**record, "rules": {"good_time": "first_step_act"}})["release"]["original"]
    by_date = analyze_case(record)["release"]["original"]
    steps = [dates.pop("steps") for dates in (before, after, by_date)]
    assert [[step["on"] for step in one if step["name"] == "door"] for one in steps] == [
        ["2020-08-25"],
        ["2020-06-16"],
        ["2020-06-16"],
    ]
    assert before == {
        "full_term_date": "2021-12-12",
        "good_conduct_time_days": 474,
        "release_date": "2020-08-25",
    }
    assert after == {
        "full_term_date": "2021-12-12",
        "good_conduct_time_days": 544,
        "release_date": "2020-06-16",
    }
    assert by_date == after  # still inside on 19 July 2019
    lost = analyze_case({**record, "good_time_disallowed_days": 54})["release"]["original"]
    assert lost["good_conduct_time_days"] == 490


def test_a_life_term_has_no_release_date():
    organizer = [{"section": "3B1.1(a)", "levels": 4}]
    life = {**PLAIN, "base_offense_level": 36, "adjustments": organizer, "criminal_history_category": "IV"}
    answer = analyze_case(
        {**life, "acceptance": 0, "imposed_term_months": "life", "sentence_began_on": "2013-01-01"}
    )
    assert answer["code"] == "eligible"
    assert answer["release"]["original"]["release_date"] is None
    assert answer["reduction_months"] is None


def test_whoever_was_released_before_the_order_is_not_serving_the_term():
    record = {**PLAIN, "imposed_term_months": 87, "sentence_began_on": "2008-01-01"}
    answer = analyze_case(record)
    assert answer["release"]["original"]["release_date"] < "2015-11-01"
    assert answer["code"] == "not_serving_original_term"
    assert analyze_case({**record, "sentence_began_on": "2012-01-01"})["code"] == "eligible"


def test_time_served_follows_from_the_dates():
    line = next(
        line
        for line in analyze_case({**PLAIN, "sentence_began_on": "2010-05-01", "jail_credit_days": 30})[
            "worksheet"
        ]
        if line["step"] == "time_served_months"
    )
    assert line["amended"] == pytest.approx(67, abs=0.05)  # 1 April 2010 to 1 November 2015
    answer = analyze_case(
        {**PLAIN, "imposed_term_months": 87, "sentence_began_on": "2010-05-01", "jail_credit_days": 30}
    )
    assert answer["floor_months"] == max(70, 67)


def test_original_analysis_alone():
    answer = analyze_case({**PLAIN, "amendments": [], "manual_edition": "2013-11-01"})
    assert (answer["code"], answer["eligible"], answer["amended"]) == (None, None, None)
    assert answer["original"]["guideline_range_months"] == [87, 108]
    assert answer["missing"] == [] and answer["edition"]["amended"] is None
    assert all(line["amended"] is None for line in answer["worksheet"])


def test_a_hypothetical_amendment():
    three = {"number": "minus-three", "like": "782", "levels": -3}
    answer = analyze_case({**PLAIN, "amendments": [three]})
    assert answer["amended"]["base_offense_level"] == 29


def test_a_batch_says_what_each_record_alone_would():
    records = [case["record"] for case in CASES] * 2 + list(MORE.values()) + [{"acceptance": 5}, 7, {}]
    for record, together in zip(records, analyze_cases(records), strict=True):
        try:
            alone = analyze_case(record)
        except CaseError as problem:
            assert isinstance(together, CaseError) and together.problems == problem.problems
        else:
            assert together == alone


def test_a_record_that_spoils_its_group_stands_alone():
    # No conversion rate for a fentanyl analogue: found out only when the group is worked out.
    mixed = [
        {"drug": "Heroin", "quantity": 1, "unit": "kg"},
        {"drug": "Fentanyl Analogue", "quantity": 1, "unit": "g"},
    ]
    good = [{"drug": "Heroin", "quantity": 1, "unit": "kg"}, {"drug": "Cocaine", "quantity": 1, "unit": "kg"}]
    answers = analyze_cases(
        [{"drugs": good}] * 3 + [{"drugs": mixed, "case_id": "x"}] + [{"drugs": good}] * 4
    )
    assert [isinstance(answer, CaseError) for answer in answers] == [False] * 3 + [True] + [False] * 4
    assert answers[3].case_id == "x" and "Fentanyl Analogue has no conversion rate" in str(answers[3])


@pytest.mark.parametrize("name", [module.name for module in pkgutil.iter_modules(package.__path__)])
def test_the_examples_of_the_parts(name):
    assert doctest.testmod(importlib.import_module(f"guidelines.case.{name}")).failed == 0
