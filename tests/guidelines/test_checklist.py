"""The questions of §1B1.1 and what the open ones leave open."""

from __future__ import annotations

import pytest

from guidelines import CaseError, Manual, analyze_case, guideline_range
from guidelines.case.checklist import checklist
from guidelines.case.questions import questions

KNOWN = {"total_offense_level": 29, "criminal_history_category": "II", "imposed_term_months": 97}


def by_field(items):
    return {item.question.fields[0]: item for item in items}


def test_the_order_is_that_of_the_manual():
    asked = questions("2010-11-01")
    assert [question.fields[0] for question in asked] == [
        "sentenced_on",
        "drugs",
        "quantity_is_minimum",
        "adjustments",
        "adjustments",
        "mitigating_role",
        "other_group_level",
        "acceptance",
        "criminal_history_points",
        "career_offender",
        "statutory_minimum_months",
        "statutory_maximum_months",
        "safety_valve",
        "substantial_assistance",
        "imposed_term_months",
        "serving_original_term",
    ]
    assert all(question.section.startswith("§") and question.text.endswith("?") for question in asked)


@pytest.mark.parametrize("edition", ["2006-11-01", "2010-11-01", "2014-11-01", "2018-11-01"])
def test_every_answer_that_is_tried_is_a_field_of_a_record(edition):
    for question in questions(edition):
        for _, change in question.choices:
            analyze_case(
                {**change, "amendments": [], "manual_edition": change.get("manual_edition", "2018-11-01")}
            )


def test_what_is_known_is_answered_and_the_rest_is_open():
    items, _, answer = checklist(KNOWN)
    found = by_field(items)
    assert answer == analyze_case(KNOWN)
    assert found["drugs"].answer == {"total_offense_level": 29} and found["drugs"].open is None
    assert found["acceptance"].open is None  # a total level says it
    assert (
        found["statutory_minimum_months"].answer == {} and found["statutory_minimum_months"].open is not None
    )


def test_an_open_question_shows_the_range_it_leaves_open():
    items, _, _ = checklist(
        {
            "drugs": [{"drug": "heroin", "quantity": 1, "unit": "kg"}],
            "criminal_history_category": "II",
            "imposed_term_months": 120,
        }
    )
    left = by_field(items)["acceptance"].open
    assert left.choices == ("0", "-2", "-3")
    manual = Manual.on("2013-11-01")
    low, high = guideline_range([29, 32], 2, manual)
    assert left.original == (int(low[0]), int(high[1]))
    low, high = guideline_range([27, 30], 2, manual)
    assert left.amended == (int(low[0]), int(high[1]))


@pytest.mark.parametrize(
    ("field", "record", "decides"),
    [
        ("statutory_minimum_months", {**KNOWN, "imposed_term_months": 120}, True),
        ("safety_valve", KNOWN, False),  # without a statutory minimum it lifts nothing
        ("safety_valve", {**KNOWN, "statutory_minimum_months": 120, "imposed_term_months": 120}, True),
        ("substantial_assistance", KNOWN, False),
        ("substantial_assistance", {**KNOWN, "imposed_term_months": 75}, True),
        ("serving_original_term", KNOWN, True),
        ("imposed_term_months", {"total_offense_level": 29, "criminal_history_category": "II"}, True),
        ("imposed_term_months", {"total_offense_level": 42, "criminal_history_category": "VI"}, False),
        ("sentenced_on", KNOWN, False),
    ],
)
def test_whether_eligibility_hangs_on_a_question(field, record, decides):
    items, _, _ = checklist(record)
    assert by_field(items)[field].open.decides == decides


def test_together_the_open_questions_leave_at_least_as_much_as_each():
    record = {
        "drugs": [{"drug": "heroin", "quantity": 1, "unit": "kg"}],
        "criminal_history_category": "I",
        "imposed_term_months": 120,
    }
    items, together, _ = checklist(record)
    for item in items:
        if item.open and item.open.original:
            assert together.original[0] <= item.open.original[0]
            assert together.original[1] >= item.open.original[1]
    assert together.decides


def test_nothing_answered_leaves_everything_open():
    items, together, answer = checklist({})
    assert all(item.open for item in items)
    assert together.original == (0, 9996) and together.decides and answer["code"] is None


def test_everything_answered_leaves_nothing_open():
    record = {
        **KNOWN,
        "sentenced_on": "2013-01-01",
        "statutory_minimum_months": 0,
        "statutory_maximum_months": "life",
        "safety_valve": False,
        "substantial_assistance": False,
        "serving_original_term": True,
    }
    items, together, answer = checklist(record)
    assert not any(item.open for item in items)
    assert together.original == (97, 121) and not together.decides and answer["code"] == "eligible"


def test_a_bad_answer_is_refused_as_in_a_record():
    with pytest.raises(CaseError, match="acceptance: -1 given"):
        checklist({"acceptance": -1})
