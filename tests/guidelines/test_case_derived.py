"""Cases whose answers were worked out by hand from the tables: every kind where a yes could be wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from guidelines import CaseError, analyze_case, analyze_cases
from guidelines.case.checklist import checklist
from guidelines.case.decision import sentence

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases" / "derived.jsonl").read_text().splitlines()
]
KNOWN = {
    "sentenced_on": "2013-05-01", "total_offense_level": 31, "criminal_history_category": "I",
    "imposed_term_months": 100,
}  # fmt: skip


def told(answer):
    original, amended = answer["original"], answer["amended"] or {}
    return {
        **{name: answer[name] for name in ("eligible", "code", "floor_months")},
        "range": original["guideline_range_months"],
        "amended_range": amended.get("guideline_range_months"),
        "total": original["total_offense_level"],
        "amended_total": amended.get("total_offense_level"),
    }


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_as_derived_by_hand(case):
    found = told(analyze_case(case["record"]))
    assert {name: found[name] for name in case["expect"]} == case["expect"], case["kind"]


def test_many_at_once_and_the_checklist_say_the_same():
    records = [case["record"] for case in CASES]
    answers = analyze_cases(records)
    assert answers[::5] == [analyze_case(record) for record in records[::5]]
    assert answers[::9] == [checklist(record)[2] for record in records[::9]]


def test_how_far_a_doubted_motion_would_go_is_said():
    """100 of 108 is the same share of 87: 81; whether a motion led below the range is not known."""
    answer = analyze_case({**KNOWN, "statutory_minimum_months": 0})
    assert (answer["eligible"], answer["floor_months"]) == (True, 87)
    assert [one["floor_months"] for one in answer["branches"]] == [87, 81]
    assert "down to 81 months, if the term came from a government motion" in sentence(answer)


def test_a_comparable_term_below_the_minimum_is_not_called_the_floor():
    """130 of 168 is 104.46 of 135; without a motion under 3553(e) the ten years stay."""
    record = {**KNOWN, "total_offense_level": 35, "imposed_term_months": 130, "safety_valve": False,
              "statutory_minimum_months": 120, "substantial_assistance": True}  # fmt: skip
    answer = analyze_case(record)
    assert [one["floor_months"] for one in answer["branches"]] == [120, 104]
    assert "104.464 months, but not below 120 months" in sentence(answer)


ANOTHER_RULE = [
    {"cross_reference_level": 38},
    {"protected_location": True, "under_18_involved": True, "total_offense_level": 23},
    {"premises_only": True, "total_offense_level": 23},
    {"adjustments": [{"section": "2D1.1(b)(13)(D)"}]},
    {"quantity_is_minimum": True},
]


@pytest.mark.parametrize("stated", ANOTHER_RULE)
def test_a_stated_fact_that_may_set_the_level_counts_where_only_a_total_is_known(stated):
    """§2D1.1(d), §2D1.2, §2D1.8, a floor of §2D1.1(b), the open top row: the amendment may change nothing."""
    record = {**KNOWN, "statutory_minimum_months": 0, "substantial_assistance": False, **stated}
    answer = analyze_case(record)
    assert answer["eligible"] is None and answer["decides"] == ["base_offense_level"]
    no_term = analyze_case({name: value for name, value in record.items() if name != "imposed_term_months"})
    assert "base_offense_level" in no_term["decides"]
    assert no_term["amended"]["total_offense_level"] is None
    assert not any(told.startswith("base_offense_level") for told in answer["assumed"] + no_term["assumed"])
    without = {
        name: value for name, value in record.items() if name not in {*stated} - {"total_offense_level"}
    }
    assert analyze_case(without)["eligible"] is not None


@pytest.mark.parametrize("number", [126, 130, 499, 516, 715])
def test_an_amendment_of_single_conversions_asks_for_the_drugs(number):
    record = {**KNOWN, "sentenced_on": "1988-06-01" if number < 499 else "1992-12-01"}
    with pytest.raises(CaseError, match="give drugs with their quantities"):
        analyze_case({**record, "amendments": [number]})


def test_a_career_offender_is_no_zero_point_offender():
    record = {**KNOWN, "amendments": ["821B"], "sentenced_on": "2019-06-01", "career_offender": True,
              "override_offense_level": 34, "acceptance": -3, "criminal_history_points": 0,
              "zero_point_offender_excluded": False}  # fmt: skip
    assert analyze_case(record)["eligible"] is False


@pytest.mark.parametrize(("days", "eligible"), [(0, False), (15, True)])
def test_days_beside_the_months_lie_above_a_floor_of_these_months(days, eligible):
    term = {"imposed_term_months": 87, "imposed_term_days": days, "sentence_began_on": "2013-06-01"}
    record = {**KNOWN, **term, "statutory_minimum_months": 0, "substantial_assistance": False}
    answer = analyze_case(record)
    assert (answer["eligible"], answer["floor_months"], answer["reduction_months"]) == (eligible, 87, 0)
    if eligible:
        release = answer["release"]
        assert release["reduced"]["full_term_date"] < release["original"]["full_term_date"]
        assert "the term of 87 months and some days, but not below 87" in sentence(answer)


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"consecutive_term_months": 30, "imposed_term_months": 140}, "on the guideline counts alone"),
        (
            {"statutory_minimum_months": 120, "safety_valve": False, "substantial_assistance": False},
            "neither a motion nor the safety valve",
        ),
        ({"total_offense_level": 27, "imposed_term_months": 240}, "prior convictions"),
        (
            {"amendments": ["821B"], "criminal_history_points": 0, "zero_point_offender_excluded": False,
             "firearm_term_months": 60},
            "18 U.S.C. 924(c) is recorded",
        ),
    ],
    ids=["consecutive", "unlawful", "priors", "bar"],
)  # fmt: skip
def test_what_the_record_says_against_itself_is_told_first(facts, told):
    assert any(told in line for line in analyze_case({**KNOWN, **facts})["warnings"])


def test_a_base_level_alone_raises_the_doubt_of_its_quantities():
    """36 to 34: 135-168 and 108-135; quantities of level 36 carry ten years, so the floor may be 120."""
    record = {"sentenced_on": "2013-05-01", "base_offense_level": 36, "adjustments": [], "acceptance": -3,
              "criminal_history_category": "I", "imposed_term_months": 135}  # fmt: skip
    floors = [one["floor_months"] for one in analyze_case(record)["branches"]]
    assert sorted(floors) == [108, 120]
    below_the_lines = {**record, "base_offense_level": 24, "imposed_term_months": 37}
    assert not any("minimum" in line for line in analyze_case(below_the_lines)["warnings"])
    stated = analyze_case({**record, "statutory_minimum_months": 0})
    assert (stated["floor_months"], stated["branches"]) == (108, [])


def test_acceptance_is_read_off_the_total_where_only_it_is_missing():
    record = {**KNOWN, "drugs": [{"drug": "heroin", "quantity": 1, "unit": "kg"}],
              "adjustments": [{"section": "2D1.1(b)(1)"}], "statutory_minimum_months": 0,
              "imposed_term_months": 120}  # fmt: skip
    answer = analyze_case(record)
    assert (answer["eligible"], answer["floor_months"]) == (True, 87)
    assert not any(line.startswith("acceptance") for line in answer["assumed"])
    assert analyze_case({**record, "total_offense_level": 30})["code"] == "record_inconsistent"


@pytest.mark.parametrize("facts", [{}, {"acceptance": -3}, {"base_offense_level": 34, "acceptance": -3}])
def test_a_total_as_found_holds_the_two_levels_of_a_zero_point_offender(facts):
    """§4C1.1 took two levels off before the total was written down; they come off once."""
    record = {"sentenced_on": "2024-05-01", "total_offense_level": 29, "criminal_history_points": 0,
              "zero_point_offender_excluded": False, "amendments": [], **facts}  # fmt: skip
    answer = analyze_case(record)
    original = answer["original"]
    assert (original["total_offense_level"], original["guideline_range_months"]) == (29, [87, 108])
    assert answer["clashes"] == []


ARMED = {"armed_career_criminal": True, "override_offense_level": 33, "acceptance": -3,
         "statutory_minimum_months": 0, "adjustments": []}  # fmt: skip


def test_an_armed_career_criminal_is_no_zero_point_offender():
    """§4C1.1(a)(7) bars who had a firearm, and category IV is the least (§4B1.4(c)): 33 less 3, 135-168."""
    record = {**ARMED, "amendments": ["821B"], "base_offense_level": 28, "criminal_history_points": 0,
              "zero_point_offender_excluded": False, "imposed_term_months": 140}  # fmt: skip
    answer = analyze_case(record)
    assert (answer["eligible"], answer["code"]) == (False, "armed_career_criminal")
    assert answer["original"]["table_range_months"] == [135, 168] == answer["amended"]["table_range_months"]


@pytest.mark.parametrize(
    ("category", "floor", "told"), [("II", 188, True), ("IV", 188, False), ("V", 210, False)]
)
def test_an_armed_career_criminals_category_is_four_at_least(category, floor, told):
    """40 kg of heroin: 38, then 36, over 33; less 3 that is 33: 188-235 in IV, 210-262 in V."""
    drugs = [{"drug": "heroin", "quantity": 40, "unit": "kg"}]
    record = {**ARMED, "drugs": drugs, "criminal_history_category": category, "imposed_term_months": 300}
    answer = analyze_case(record)
    assert (answer["eligible"], answer["floor_months"]) == (True, floor)
    assert any("§4B1.4(c)" in line for line in answer["warnings"]) == told
    before_it_was_law = {**record, "manual_edition": "1989-11-01", "amendments": [], "acceptance": -2}
    assert analyze_case(before_it_was_law)["original"]["criminal_history_category"] == category


def test_none_of_a_drug_makes_no_mixture():
    crack, none = ({"drug": drug, "quantity": at, "unit": "g"} for drug, at in (("crack", 28), ("Ice", 0)))
    alone, beside = (
        {**KNOWN, "drugs": drugs, "manual_edition": "2013-11-01"} for drugs in ([crack], [none, crack])
    )
    for record in (alone, beside):
        del record["total_offense_level"], record["sentenced_on"]
        assert analyze_case(record)["original"]["base_offense_level"] == 26


def test_one_of_the_aggravating_roles_counts():
    record = {**KNOWN, "adjustments": [{"section": "3B1.1(a)"}, {"section": "3B1.1(c)"}]}
    with pytest.raises(CaseError, match=r"3B1.1\(a\) and 3B1.1\(c\) given; the greatest of one paragraph"):
        analyze_case(record)


@pytest.mark.parametrize(("served", "told"), [(150, True), (91, False), (93, False), (94, True)])
def test_time_served_that_the_dates_contradict_is_told(served, told):
    """From March 2008 to November 2015: 92 months."""
    record = {
        **KNOWN,
        "imposed_term_months": 200,
        "sentenced_on": "2008-02-01",
        "sentence_began_on": "2008-03-01",
        "time_served_months": served,
    }
    assert any("by the dates 92" in line for line in analyze_case(record)["warnings"]) == told
    assert not any("by the dates" in line for line in analyze_case({**record, "amendments": []})["warnings"])


def test_a_yes_by_an_assumed_day_before_koons_is_told():
    """Range 70-87 under a minimum of 120 that a motion lifted: since 4 June 2018 no basis for a reduction."""
    record = {"total_offense_level": 27, "criminal_history_category": "I", "imposed_term_months": 70,
              "statutory_minimum_months": 120, "substantial_assistance": True,
              "below_minimum_authority": True}  # fmt: skip
    answer = analyze_case(record)
    assert answer["eligible"] and any("Koons" in line for line in answer["warnings"])
    for on, code in (
        ("2018-06-03", "eligible_substantial_assistance"),
        ("2018-06-04", "not_based_on_lowered_range"),
    ):
        stated = analyze_case({**record, "order_effective_on": on})
        assert stated["code"] == code and not any("Koons" in line for line in stated["warnings"])
    others = (
        {"statutory_minimum_months": 87},
        {"below_minimum_authority": False},
        {"rules": {"koons": "never"}},
    )
    for change in others:
        assert not any("Koons" in line for line in analyze_case({**record, **change})["warnings"])


@pytest.mark.parametrize(("total", "open_"), [(17, False), (18, True), (37, True)])
def test_a_level_held_down_for_premises_may_stand_under_any_total_from_there_on(total, open_):
    """§2D1.8(a)(2): 26 at most, less what else may lower a total."""
    record = {"premises_only": True, "total_offense_level": total, "criminal_history_category": "I",
              "imposed_term_months": 330}  # fmt: skip
    assert ("base_offense_level" in analyze_case(record)["decides"]) == open_


def test_a_range_that_is_not_the_levels_own_is_told_with_the_nearest_of_that_level():
    with pytest.raises(CaseError, match="range_months 108-135; the nearest range is 135-168"):
        analyze_case({"total_offense_level": 33, "table_range_months": [108, 135]})


@pytest.mark.parametrize(("level", "more", "told"), [
    (43, {}, True), (42, {}, False), (43, {"rules": {"life_minimum_months": 470}}, False),
    (43, {"substantial_assistance": False}, False), (43, {"imposed_term_months": "life"}, False),
])  # fmt: skip
def test_a_no_for_want_of_a_share_of_life_says_so(level, more, told):
    record = {"total_offense_level": level, "criminal_history_category": "I", "imposed_term_months": 200,
              "base_offense_level": 38, "acceptance": 0, "substantial_assistance": True}  # fmt: skip
    assert any("the range is life" in line for line in analyze_case({**record, **more})["warnings"]) == told


@pytest.mark.parametrize("name", ["sentenced_on", "sentence_began_on"])
def test_a_reduction_before_the_sentence_is_refused(name):
    made = [{"amendment": "35(b)", "on": "2010-01-05", "term_months": 90}]
    record = {"total_offense_level": 31, "criminal_history_category": "I", "imposed_term_months": 100}
    with pytest.raises(CaseError, match=f"2010-01-05 given with {name} 2010-01-06; a day after it"):
        analyze_case({**record, "earlier_reductions": made, name: "2010-01-06"})
    assert analyze_case({**record, "earlier_reductions": made, name: "2010-01-05"})["eligible"] is not None
