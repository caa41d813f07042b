"""Yes, no or undecided: what the unknown facts of a record leave open."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guidelines import CaseError, analyze_case, analyze_cases

sys.path.insert(0, str(Path(__file__).parent))
from random_records import record

from guidelines.case.decision import branch as in_words
from guidelines.case.reading import read
from guidelines.case.statute_choices import doubtful_minima
from guidelines.tables import LIFE

MANY = int(os.environ.get("MINUSTWO_FUZZ", "120")) // 10
CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases" / "answers.jsonl").read_text().splitlines()
]


def differs(expected, answer):
    for name, value in expected.items():
        if name == "decides":
            if not set(value) <= set(answer["decides"]):
                yield f"decides {answer['decides']}, not {value}"
        elif answer[name] != value:
            yield f"{name}: {answer[name]} instead of {value}"


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_cases_a_practitioner_typed(case):
    assert not list(differs(case["expect"], analyze_case(case["record"]))), case["sentence"]


def test_each_possible_answer_comes_with_the_facts_behind_it():
    (hidden,) = [case["record"] for case in CASES if case["id"] == "hidden-minimum"]
    answer = analyze_case(hidden)
    told = {branch["eligible"]: branch for branch in answer["branches"]}
    assert told[True]["floor_months"] == 70 and told[False]["if"] == {"statutory_minimum_months": [120]}
    assert any("21 U.S.C. 841(b)" in line for line in answer["warnings"])
    assert analyze_case({**hidden, "statutory_minimum_months": 0})["eligible"]
    assert analyze_case({**hidden, "statutory_minimum_months": 120})["eligible"] is False


@pytest.mark.parametrize(
    ("grams", "sentenced", "doubtful"),
    [(279.9, "2012-05-01", False), (280, "2012-05-01", True), (49.9, "2010-08-02", False),
     (50, "2010-08-02", True)],
)  # fmt: skip
def test_the_line_of_the_statute_on_the_day_of_sentencing(grams, sentenced, doubtful):
    record = {
        "sentenced_on": sentenced, "drugs": [{"drug": "crack", "quantity": grams, "unit": "g"}],
        "criminal_history_category": "I", "imposed_term_months": 120, "statutory_maximum_months": "life",
    }  # fmt: skip
    warned = any("60 or 120" in line for line in analyze_case(record)["warnings"])
    assert warned == doubtful


HIDDEN = (
    "acceptance", "adjustments", "criminal_history_category", "criminal_history_points", "status_points",
    "zero_point_offender_excluded", "statutory_minimum_months", "substantial_assistance",
    "below_minimum_authority", "safety_valve", "imposed_term_months", "override_offense_level",
)  # fmt: skip
ESSENTIAL = {
    "criminal_history_category", "criminal_history_points", "status_points", "zero_point_offender_excluded",
    "imposed_term_months", "override_offense_level", "below_minimum_authority",
}  # fmt: skip
"""Facts whose silence has no ordinary answer."""


def lawful(random, count=20):
    """Whole records that do not contradict themselves, and whose term the law allows.

    A term lies below a minimum only with authority or the safety valve.
    """
    drawn = [record(random) for _ in range(count)]
    return [case for case in drawn if not (_below_without_authority(case) or _barred_all_the_same(case))]


def _barred_all_the_same(case):
    """Said to be open to §4C1.1 although an adjustment found may bar it."""
    return case.get("zero_point_offender_excluded") is False and bool(case["adjustments"])


def _below_without_authority(case):
    imposed, minimum = (
        LIFE if case[name] == "life" else case[name]
        for name in ("imposed_term_months", "statutory_minimum_months")
    )
    assisted = case["substantial_assistance"] and case.get("below_minimum_authority", True)
    return imposed < minimum and not assisted and not case["safety_valve"]


@settings(max_examples=MANY)
@given(seed=st.integers(0, 2**63), data=st.data())
def test_no_yes_or_no_that_a_completion_contradicts(seed, data):
    """Hide facts without an ordinary answer: a yes or no holds for the record as it was, whole."""
    random = Random(seed)
    whole = lawful(random)
    names = data.draw(st.sets(st.sampled_from(sorted(ESSENTIAL)), min_size=1))
    short = [{name: value for name, value in case.items() if name not in names} for case in whole]
    for case, one, less in zip(whole, analyze_cases(whole), analyze_cases(short), strict=True):
        if isinstance(one, CaseError) or isinstance(less, CaseError) or one["eligible"] is None:
            continue
        assert less["eligible"] in (None, one["eligible"]), (case, sorted(names))


@settings(max_examples=MANY)
@given(seed=st.integers(0, 2**63), data=st.data())
def test_a_true_fact_never_turns_an_answer_into_its_opposite(seed, data):
    """Of the facts that are open, any one is put back."""
    random = Random(seed)
    whole = lawful(random)
    names = data.draw(st.sets(st.sampled_from(sorted(ESSENTIAL)), min_size=2))
    put_back = data.draw(st.sampled_from(sorted(names)))
    short = [{name: value for name, value in case.items() if name not in names} for case in whole]
    more = [
        {**less, **({put_back: case[put_back]} if put_back in case else {})}
        for less, case in zip(short, whole, strict=True)
    ]
    for less, one in zip(analyze_cases(short), analyze_cases(more), strict=True):
        if isinstance(one, CaseError) or isinstance(less, CaseError):
            continue
        if less["eligible"] is not None and one["eligible"] is not None:
            assert less["eligible"] == one["eligible"]


@settings(max_examples=MANY // 3)
@given(seed=st.integers(0, 2**63))
def test_a_minimum_the_quantity_can_carry_never_turns_an_answer_round_when_it_is_hidden(seed):
    random = Random(seed)
    whole, short = [], []
    for case in lawful(random, 300):
        less = {name: value for name, value in case.items() if name != "statutory_minimum_months"}
        carried = doubtful_minima(read(less))
        stated = {**less, "statutory_minimum_months": random.choice((0, *carried))}
        if carried and not case["safety_valve"] and not _below_without_authority(stated):
            whole.append(stated)
            short.append(less)
    assert whole
    for case, one, less in zip(whole, analyze_cases(whole), analyze_cases(short), strict=True):
        if one["eligible"] is not None:
            assert less["eligible"] in (None, one["eligible"]), case


WARNED = [
    ({"statutory_maximum_months": 60, "imposed_term_months": 100}, "above the statutory maximum of 60"),
    ({"criminal_history_category": "VI", "safety_valve": True}, "3553(f)(1): no score of this category"),
    ({"imposed_term_months": 120}, "exactly 120 months, which may be a statutory minimum"),
    ({"binding_plea": True}, "Rule 11(c)(1)(C)"),
]


@pytest.mark.parametrize(("change", "says"), WARNED)
def test_what_a_reader_must_see_first(change, says):
    plain = {
        "sentenced_on": "2012-05-01", "total_offense_level": 29, "criminal_history_category": "I",
        "imposed_term_months": 100,
    }  # fmt: skip
    assert not any(says in line for line in analyze_case(plain)["warnings"])
    assert any(says in line for line in analyze_case({**plain, **change})["warnings"])


def test_an_order_before_the_sentence_began_is_refused():
    record = {
        "total_offense_level": 29,
        "sentence_began_on": "2017-01-01",
        "order_effective_on": "2016-01-01",
    }
    with pytest.raises(CaseError, match="sentence_began_on: 2017-01-01 given with order_effective_on"):
        analyze_case(record)


def test_a_group_of_ones_own_counts_at_any_level():
    """3D1.4: own level 2 beside a group of 3 is a second unit, two levels more; less two for acceptance."""
    record = {"base_offense_level": 6, "mitigating_role": -4, "acceptance": -2, "other_group_level": 3,
              "criminal_history_category": "I", "drug_quantity_based": False, "amendments": []}  # fmt: skip
    assert analyze_case(record)["original"]["total_offense_level"] == 3
    deeper = {**record, "adjustments": [{"section": "2D1.1(b)(17)", "levels": -2}]}
    assert analyze_case({**deeper, "manual_edition": "2016-11-01"})["original"]["total_offense_level"] == 3


def test_a_clash_names_both_facts_and_what_would_reconcile_them():
    (case,) = [case for case in CASES if case["id"] == "departed-category"]
    (line,) = analyze_case(case["record"])["clashes"]
    for words in ("235-293 is recorded", "gives 262-327", "category V", "§4A1.3", "§1B1.10 n.1(A)"):
        assert words in line
    later = analyze_case({**case["record"], "manual_edition": "2025-11-01"})
    assert not any("departure" in line for line in later["clashes"])
    limit = {
        "total_offense_level": 29,
        "criminal_history_category": "I",
        "guideline_range_months": [100, 108],
    }
    (line,) = analyze_case({**limit, "imposed_term_months": 100})["clashes"]
    assert "a statutory minimum of 100 months would explain it" in line


@pytest.mark.parametrize(("recorded", "clash"), [(43, False), (45, False), (40, True)])
def test_a_total_above_the_table_recorded_as_it_was_counted_is_no_clash(recorded, clash):
    """45 is treated as 43 (Ch.5 Pt.A n.2): either may stand in a record."""
    record = {"base_offense_level": 43, "adjustments": [{"section": "3C1.1"}], "acceptance": 0}
    told = analyze_case({**record, "total_offense_level": recorded})["clashes"]
    assert any("total offense level" in line for line in told) == clash


def test_what_played_no_part_is_said():
    record = {"total_offense_level": 29, "criminal_history_category": "I", "imposed_term_months": 100}
    assert analyze_case(record)["unused"] == []
    told = analyze_case({**record, "acceptance": -3, "jail_credit_days": 3})["unused"]
    assert told == [
        "acceptance: the total or the range recorded holds it",
        "jail_credit_days: sentence_began_on is not given",
    ]


@settings(max_examples=MANY)
@given(seed=st.integers(0, 2**63), data=st.data())
def test_what_a_branch_says_holds_whatever_else_is_open(seed, data):
    """With the facts of a branch put into the record, the answer is that branch's."""
    random = Random(seed)
    names = data.draw(st.sets(st.sampled_from(sorted(ESSENTIAL)), min_size=1))
    short = [{name: value for name, value in case.items() if name not in names} for case in lawful(random)]
    asked, expected = [], []
    for case, answer in zip(short, analyze_cases(short), strict=True):
        for branch in [] if isinstance(answer, CaseError) else answer["branches"]:
            if set(branch["if"]) <= names and branch["eligible"] is not None:
                asked.append(case | {name: random.choice(values) for name, values in branch["if"].items()})
                expected.append(branch["eligible"])
    for case, answer, eligible in zip(asked, analyze_cases(asked), expected, strict=True):
        assert not isinstance(answer, CaseError) and answer["eligible"] is eligible, case


@pytest.mark.parametrize(
    ("name", "values", "told"),
    [
        ("statutory_minimum_months", [60, 120], "statutory minimum is 60 or 120 months"),
        ("statutory_minimum_months", [0], "statutory minimum is none"),
        ("statutory_maximum_months", ["life"], "statutory maximum is life"),
        ("imposed_term_months", [1, 2, 3, 4], "the term imposed is 1 to 4 months"),
        ("imposed_term_months", [5, 1, 2, 3, 4], "the term imposed is 1 to 5 months"),
        ("total_offense_level", [20, 21], "total offense level is 20 or 21"),
        ("criminal_history_category", [*"ABCDE"], "criminal history category is A or B or C or D or E"),
        ("career_offender", [True, False], "career offender is yes or no"),
        ("safety_valve", [False], "the safety valve did not apply"),
        ("safety_valve", [True, False], "whether the safety valve applied is yes or no"),
        ("table_range_months", [[97, 121], [120, 150]], "table range is 97-121 or 120-150 months"),
    ],
)
def test_the_facts_of_a_branch_in_words(name, values, told):
    assert in_words({"eligible": False, "if": {name: values}}) == f"No, if {told}"


@pytest.mark.parametrize(("level", "eligible"), [(30, True), (42, None), (12, None)])
def test_a_base_level_of_an_unknown_drug_goes_through_the_drugs_that_fall_by_more(level, eligible):
    """Under a Manual of 1990 Amendment 782 brings 706 and 750 with it, and cocaine base falls by six."""
    record = {"sentenced_on": "1990-11-05", "base_offense_level": level, "amendments": [782],
              "acceptance": -2, "criminal_history_category": "III", "imposed_term_months": 500,
              "statutory_minimum_months": 0, "substantial_assistance": False}  # fmt: skip
    answer = analyze_case(record)
    assert answer["eligible"] is eligible
    for branch in answer["branches"]:
        (name,) = branch["if"]["drugs"]
        drug = "Cocaine" if name == "another" else name.split(" or ")[0]
        alone = analyze_case({**record, "drugs": [{"drug": drug}]})
        assert (alone["eligible"], alone["floor_months"]) == (branch["eligible"], branch["floor_months"])
    if eligible is None:
        assert answer["decides"] == ["drugs"]
