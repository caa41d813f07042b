"""§1B1.1: the steps in order, the facts they need, and what they say when something is wrong."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from guidelines import LIFE, Manual, amended_worksheet, worksheet
from guidelines.errors import ContradictoryFacts, ImpossibleValue, MissingFact, UnknownFact, UnknownName
from guidelines.facts import FACTS, Facts
from guidelines.s1b1_1_worksheet import STEPS

MANUAL = Manual.on("2013-11-01")
CASE = {
    "drug": "heroin",
    "quantity": 1_000,
    "mitigating_role": -2,
    "specific_offense_levels": 2,
    "chapter_three_levels": 2,
    "acceptance": -3,
    "criminal_history_points": 5,
    "statutory_minimum_months": 60,
}


def only(sheet):
    return {name: int(sheet[name][0]) for name in sheet}


def test_one_column_a_step_in_the_manuals_order():
    sheet = worksheet(CASE, MANUAL)
    assert list(sheet) == [step.name for step in STEPS]
    assert only(sheet) == {
        "table_base_level": 32,
        "base_offense_level": 30,
        "specific_offense_characteristics": 2,
        "chapter_two_level": 32,
        "mitigating_role": -2,
        "chapter_three_adjustments": 2,
        "adjusted_offense_level": 32,
        "combined_offense_level": 32,
        "override_offense_level": 0,
        "level_before_acceptance": 32,
        "acceptance_of_responsibility": -3,
        "safety_valve_floor": 0,
        "zero_point_offender": 0,
        "uncapped_offense_level": 29,
        "total_offense_level": 29,
        "criminal_history_points": 5,
        "criminal_history_category": 3,
        "table_range_minimum_months": 108,
        "table_range_maximum_months": 135,
        "guideline_range_minimum_months": 108,
        "guideline_range_maximum_months": 135,
    }
    assert repr(sheet) == "<Worksheet of 1 people, Manual 2010-11-01, 21 steps>"


def test_a_data_frame_is_as_good_as_a_mapping():
    frame = pd.DataFrame(
        {"drug": ["heroin", "crack"], "quantity": [1000.0, 28.0], "criminal_history_category": [1, 2]}
    )
    assert worksheet(frame, MANUAL)["total_offense_level"].tolist() == [32, 26]


def test_a_floor_holds_for_chapter_two():
    assert (
        only(
            worksheet(
                {**CASE, "quantity": 5, "specific_offense_levels": 3, "specific_offense_floor": 27}, MANUAL
            )
        )["chapter_two_level"]
        == 27
    )


def test_the_safety_valve_lifts_the_minimum_but_not_its_floor_of_17():
    case = {
        "drug": "heroin",
        "quantity": 100,
        "specific_offense_levels": -2,
        "mitigating_role": -4,
        "acceptance": -3,
        "criminal_history_category": 1,
        "statutory_minimum_months": 60,
    }
    without, with_valve = (only(worksheet({**case, "safety_valve": v}, MANUAL)) for v in (False, True))
    assert (without["total_offense_level"], without["guideline_range_minimum_months"]) == (17, 60)
    assert (with_valve["total_offense_level"], with_valve["guideline_range_minimum_months"]) == (17, 24)
    lower = only(worksheet({**case, "safety_valve": True, "chapter_three_levels": -2}, MANUAL))
    assert (lower["safety_valve_floor"], lower["total_offense_level"]) == (17, 17)
    small = only(
        worksheet(
            {**case, "safety_valve": True, "chapter_three_levels": -2, "statutory_minimum_months": 0}, MANUAL
        )
    )
    assert small["total_offense_level"] == 15


def test_career_offender_by_table_or_as_found():
    case = {
        "drug": "heroin",
        "quantity": 1,
        "career_offender": True,
        "acceptance": -3,
        "criminal_history_category": 2,
    }
    by_table = only(worksheet({**case, "statutory_maximum_months": 240}, MANUAL))
    assert (by_table["override_offense_level"], by_table["criminal_history_category"]) == (32, 6)
    assert (by_table["table_range_minimum_months"], by_table["guideline_range_maximum_months"]) == (151, 188)
    assert only(worksheet({**case, "override_offense_level": 34}, MANUAL))["override_offense_level"] == 34


def test_people_with_and_without_a_found_level_in_one_table():
    facts = {
        "drug": [0, -1, 1],
        "quantity": [1000.0, np.nan, np.nan],
        "base_offense_level": [0, 26, 38],
        "drug_quantity_based": [True, True, False],
        "criminal_history_category": 1,
    }
    before = worksheet(facts, MANUAL)
    assert before["base_offense_level"].tolist() == [32, 26, 38]
    after = amended_worksheet(before, "782")
    assert after["base_offense_level"].tolist() == [30, 24, 38]
    assert not after.uncertain.any()


def test_yes_and_no_may_be_numbers_and_a_table_may_be_empty():
    case = {**CASE, "safety_valve": 1, "criminal_history_points": True}
    assert worksheet(case, MANUAL)["criminal_history_points"].tolist() == [1]
    nobody = {"drug": [], "quantity": [], "criminal_history_category": []}
    sheet = worksheet({name: np.array(column, dtype=np.int64) for name, column in nobody.items()}, MANUAL)
    assert sheet["total_offense_level"].shape == (0,)


def test_several_drugs():
    facts = {
        "substance": [["cocaine", "crack"], ["heroin", ""]],
        "substance_quantity": [[80, 2], [1000, 0]],
        "criminal_history_category": 1,
    }
    before = worksheet(facts, MANUAL)
    assert before["base_offense_level"].tolist() == [18, 32]
    assert amended_worksheet(before, "782")["base_offense_level"].tolist() == [16, 30]


def test_what_was_assumed_is_listed():
    sheet = worksheet({"drug": "heroin", "quantity": 1_000, "criminal_history_category": 1}, MANUAL)
    assert sheet.assumed["acceptance"] == 0
    assert sheet.assumed["statutory_maximum_months"] == LIFE
    assert "drug" not in sheet.assumed
    found = worksheet({"base_offense_level": 30, "criminal_history_category": 1}, MANUAL)
    amended_worksheet(found, "782")
    assert "top of the Drug Quantity Table" in found.assumed["drug"]


def test_steps_without_their_facts_are_missing_and_say_what_they_need():
    sheet = worksheet({"drug": "heroin", "quantity": 1_000}, MANUAL)
    assert sheet["total_offense_level"][0] == 32
    assert "table_range_minimum_months" not in sheet
    with pytest.raises(MissingFact, match="needs criminal_history_category or criminal_history_points"):
        sheet["table_range_minimum_months"]
    nothing = worksheet({"criminal_history_category": 2}, MANUAL)
    assert len(nothing) == 0
    assert set(nothing.missing) == {step.name for step in STEPS}
    assert amended_worksheet(nothing, "782").missing == nothing.missing
    with pytest.raises(UnknownName, match="did you mean total_offense_level"):
        sheet["total_level"]


def test_points_and_category():
    assert only(worksheet({**CASE, "criminal_history_category": 2}, MANUAL))["criminal_history_category"] == 2
    assert (
        only(worksheet({**CASE, "status_points": 2}, Manual.on("2023-11-01")))["criminal_history_points"] == 3
    )


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"acceptence": -3}, UnknownFact, "did you mean acceptance"),
        ({"acceptance": -1}, ImpossibleValue, "0, -2 and -3 are accepted"),
        ({"acceptance": 3}, ImpossibleValue, "whole numbers from -3 to 0"),
        ({"criminal_history_points": 5.5}, ImpossibleValue, "whole numbers"),
        ({"criminal_history_points": "five"}, ImpossibleValue, "whole numbers"),
        ({"status_points": 2, "criminal_history_points": 1}, ImpossibleValue, "at most that"),
        ({"safety_valve": "yes"}, ImpossibleValue, r"safety_valve \(yes or no\)"),
        ({"quantity": "much"}, ImpossibleValue, "numbers of zero or more"),
        ({"quantity": np.array([1, None, "x"], dtype=object)}, ImpossibleValue, "not all are numbers"),
        ({"time_served_months": -1}, None, ""),
        ({"quantity": [1.0, 2.0], "acceptance": [-3, -3, 0]}, ImpossibleValue, "has 2 rows, others 3"),
        ({"acceptance": [[-3]]}, ImpossibleValue, r"has shape \(1, 1\)"),
        ({"base_offense_level": 99}, ImpossibleValue, "from 0 to 43"),
        ({"quantity": np.nan}, ImpossibleValue, "numbers of zero or more"),
    ],
)
def test_bad_facts(change, error, says):
    if error is None:
        worksheet({**CASE, **change}, MANUAL)  # a fact no step of the worksheet reads
        return
    with pytest.raises(error, match=says):
        worksheet({**CASE, **change}, MANUAL)


def test_facts_are_checked_when_they_are_read():
    facts = Facts({"order_effective_on": "whenever", "substance": [["a"]], "name": "X"}, ignore=["name"])
    with pytest.raises(ImpossibleValue, match="days such as 2015-11-01"):
        facts["order_effective_on"]
    with pytest.raises(MissingFact, match="imposed_term_months is needed"):
        facts["imposed_term_months"]
    assert facts.get("acceptance", -2).tolist() == [-2]
    assert facts.changed(acceptance=-3)["acceptance"].tolist() == [-3]


def test_a_found_level_is_needed_where_nothing_else_leads_to_one():
    with pytest.raises(ImpossibleValue, match="row 1 is 0; give the level found"):
        worksheet({"base_offense_level": [30, 0], "criminal_history_category": 1}, MANUAL)


def test_a_step_is_written_once():
    sheet = worksheet(CASE, MANUAL)
    with pytest.raises(ContradictoryFacts, match="already there"):
        sheet.put("total_offense_level", np.array([1]))


def test_every_default_of_a_fact_is_allowed_for_it():
    for fact in FACTS.values():
        if fact.default is not None:
            Facts({})[fact.name]
            assert fact.meaning
