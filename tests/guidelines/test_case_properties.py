"""Laws of the law, on whole records."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guidelines import CaseError, analyze_case, analyze_cases
from guidelines.tables import LIFE

sys.path.insert(0, str(Path(__file__).parent))
from random_records import DRUGS, record

seeds = st.integers(min_value=0, max_value=2**63)
COUNT = 40


def month(value):
    return LIFE if value == "life" else value


def records(seed, count=COUNT, **fixed):
    random = Random(seed)
    return [{**record(random, fixed.get("manual_edition")), **fixed} for _ in range(count)]


@settings(max_examples=4)
@given(seeds)
def test_a_reduced_term_is_never_longer_than_imposed_nor_below_the_floor(seed):
    cases = records(seed)
    for case, answer in zip(cases, analyze_cases(cases), strict=True):
        if not answer["eligible"]:
            assert answer["release"]["reduced"] is None and answer["reduction_months"] in (None, 0)
            continue
        imposed, floor = month(case["imposed_term_months"]), month(answer["floor_months"])
        assert floor < imposed
        if answer["comparable_term_months"] is None:
            assert floor >= month(answer["amended"]["guideline_range_months"][0])
        assert floor >= case.get("time_served_months", 0)
        if imposed < LIFE:
            assert answer["reduction_months"] == imposed - floor > 0


def crack_among_others_by_levels(case):
    """A mix that §2D1.1 n.10(D) of 2007 to 2009 converted by its crack level, which 750 undoes.

    782 is written on top of 750, so with it such a mix is converted by weight again, and may rise.
    """
    named = {each.get("drug") for each in case.get("drugs", ())}
    return (
        len(named) > 1 and "Cocaine Base" in named and "2007-11-01" <= case["manual_edition"] < "2010-11-01"
    )


def test_a_mix_with_crack_of_2009_may_rise_when_750_comes_with_782():
    (answer,) = analyze_cases(
        [
            {
                "manual_edition": "2009-11-01",
                "amendments": [782],
                "drugs": [
                    {"drug": "Schedule III substances", "quantity": 450_000, "unit": "units"},
                    {"drug": "Cocaine Base", "quantity": 0.5, "unit": "g"},
                ],
                "criminal_history_category": "V",
                "imposed_term_months": 240,
            }
        ]
    )
    assert answer["original"]["base_offense_level"] == 20  # Schedule III alone may not go higher
    assert answer["amended"]["base_offense_level"] == 22  # 0.5 g of crack are 1,785 g of marihuana
    assert not answer["eligible"]


@settings(max_examples=4)
@given(seeds)
def test_782_never_raises_a_level_or_a_range(seed):
    cases = [case for case in records(seed, amendments=[782]) if not crack_among_others_by_levels(case)]
    for case, answer in zip(cases, analyze_cases(cases), strict=True):
        before, after = answer["original"], answer["amended"]
        assert after["base_offense_level"] <= before["base_offense_level"]
        assert after["total_offense_level"] <= before["total_offense_level"]
        ends = list(zip(after["table_range_months"], before["table_range_months"], strict=True))
        # §4B1.1(c)(2) takes the range with the greater minimum, whose maximum may be the greater too.
        chosen = case.get("career_offender") and case.get("firearm_term_months")
        for low, high in ends[: 1 if chosen else 2]:
            assert month(low) <= month(high)


@settings(max_examples=4)
@given(seeds)
def test_the_same_manual_before_and_after_changes_nobody(seed):
    cases = records(seed, manual_edition="2014-11-01", amendments=[782])
    for answer in analyze_cases(cases):
        assert answer["original"] == answer["amended"] or answer["amended"]["guideline_range_months"]
        for key in ("base_offense_level", "total_offense_level", "table_range_months"):
            assert answer["original"][key] == answer["amended"][key]
        assert answer["code"] in (
            "amendment_already_applied",
            "not_serving_original_term",
            "amendment_not_listed",
            "order_effective_too_early",
        )


@settings(max_examples=30)
@given(
    st.sampled_from(DRUGS), st.lists(st.floats(0, 1e6), min_size=2, max_size=30), st.sampled_from([0, -2, -4])
)
def test_more_quantity_never_lowers_a_level(drug, amounts, role):
    unit = "units" if drug.startswith(("Schedule", "Flunitrazepam")) else "g"
    cases = [
        {"drugs": [{"drug": drug, "quantity": amount, "unit": unit}], "mitigating_role": role}
        for amount in sorted(amounts)
    ]
    answers = analyze_cases(cases)
    for when in ("original", "amended"):
        levels = [answer[when]["base_offense_level"] for answer in answers]
        assert levels == sorted(levels)


ONE_FACT = [
    ("case_id", "another", {"case_id"}),
    ("time_served_months", 20.0, {"floor_months", "reduction_months", "worksheet", "assumed", "branches"}),
    ("consecutive_term_months", 300, {"warnings", "assumed", "total_term_months"}),
    ("good_time_disallowed_days", 10, {"assumed", "unused"}),
    ("order_effective_on", "2016-01-01", {"assumed", "warnings"}),
    ("quantity_is_minimum", False, {"assumed", "unused"}),
]


@pytest.mark.parametrize(("name", "value", "counts_in"), ONE_FACT)
@settings(max_examples=2)
@given(seed=seeds)
def test_two_cases_that_differ_in_one_fact_differ_only_where_it_counts(name, value, counts_in, seed):
    fixed = {"manual_edition": "2013-11-01", "amendments": [782], "imposed_term_months": 150}
    cases = records(seed, 30, **fixed)
    for case in cases:
        for left_out in (name, "order_effective_on", "rules"):
            case.pop(left_out, None)
    others = [{**case, name: value} for case in cases]
    for one, other in zip(analyze_cases(cases), analyze_cases(others), strict=True):
        differing = {key for key in one if one[key] != other[key]}
        assert differing <= counts_in


def test_the_dates_count_only_where_they_are_given():
    case = {"total_offense_level": 29, "criminal_history_category": "I", "imposed_term_months": 100}
    one, other = analyze_case(case), analyze_case({**case, "sentence_began_on": "2013-06-01"})
    differing = {key for key in one if one[key] != other[key]}
    assert differing == {"release", "assumed", "missing", "worksheet"}


TRIED = {
    "adjustments": [[], [{"section": "3B1.1(a)"}]], "acceptance": [0, -2, -3], "mitigating_role": [0, -2, -4],
    "protected_location": [False, True], "premises_only": [False, True], "cross_reference_level": [20, 43],
    "quantity_is_minimum": [False, True], "status_points": [0, 2], "school_progress": [False, True],
    "zero_point_offender_excluded": [False, True], "offense_statutory_maximum_months": [240, 480],
    "firearm_prior_conviction": [False, True], "assistance_percent_only": [10, 60], "drug_program": [True],
    "below_minimum_authority": [False, True], "jail_credit_days": [0, 200], "detainer": ["immigration"],
    "good_time_disallowed_days": [0, 40], "program_days": [0, 300], "minimum_or_low_risk": [False, True],
    "supervised_release": [False, True],
}  # fmt: skip


@pytest.mark.parametrize("amendments", [[782], ["821A"], ["821B"], []], ids=str)
@pytest.mark.parametrize(
    "known",
    [
        {"total_offense_level": 31},
        {"table_range_months": [151, 188], "sentence_began_on": "2013-06-01"},
        {"drugs": [{"drug": "heroin", "quantity": 400, "unit": "g"}], "substantial_assistance": False},
        {"base_offense_level": 32, "protected_location": True, "statutory_minimum_months": 60},
    ],
    ids=["total", "range", "drug", "base"],
)
def test_a_fact_called_unused_may_be_anything(known, amendments):
    record = {"sentenced_on": "2013-05-01", "criminal_history_category": "III", "imposed_term_months": 150,
              "amendments": amendments, **known}  # fmt: skip

    def core(answer):
        return {key: value for key, value in answer.items() if key not in ("assumed", "unused")}

    for name, values in TRIED.items():
        first, *others = analyze_cases([{**record, name: value} for value in values] + [record])
        if isinstance(first, CaseError) or not any(one.startswith(f"{name}:") for one in first["unused"]):
            continue
        assert all(core(other) == core(first) for other in others if not isinstance(other, CaseError)), name


def test_what_a_total_holds_is_told():
    record = {"total_offense_level": 31, "criminal_history_points": 8, "status_points": 2, "acceptance": -3,
              "amendments": ["821A"], "imposed_term_months": 150, "protected_location": True}  # fmt: skip
    told = {line.partition(":")[0] for line in analyze_case(record)["unused"]}
    assert told == {"acceptance", "protected_location"}
