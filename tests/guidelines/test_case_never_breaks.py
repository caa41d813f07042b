"""Whatever is known of a case and whatever is not: an answer, or the package's own refusal."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from guidelines import CaseError, analyze_case, analyze_cases
from guidelines.case.checklist import checklist
from guidelines.case.decision import sentence
from guidelines.case.fields import FIELDS

sys.path.insert(0, str(Path(__file__).parent))
from random_records import early_record, record

MANY = int(os.environ.get("MINUSTWO_FUZZ", "40"))
VALUES: dict[str, list[Any]] = {
    "drugs": [
        [{"drug": "heroin", "quantity": 1, "unit": "kg"}],
        [{"drug": "crack", "quantity": 300, "unit": "g"}, {"drug": "cocaine", "quantity": 1, "unit": "kg"}],
        [{"drug": "marihuana plants", "quantity": 999, "unit": "plants"}],
        [{"drug": "heroin"}],
        [{"drug": "LSD", "quantity": 100, "unit": "doses"}],
        [{"drug": "methamphetamine", "quantity": 50, "unit": "g", "purity": 0.9}],
    ],
    "converted_weight_kg": [0, 99, 10_000],
    "base_offense_level": [12, 26, 32, 38, 43],
    "total_offense_level": [1, 23, 29, 31, 37, 43, 45, 50],
    "table_range_months": [[97, 121], [360, "life"], [262, 327], [0, 6], ["life", "life"], [120, 150]],
    "guideline_range_months": [[120, 121], [240, 240], [97, 121], [60, 60], [360, "life"]],
    "drug_quantity_based": [True, False],
    "quantity_is_minimum": [True, False],
    "adjustments": [[], [{"section": "2D1.1(b)(1)"}], [{"section": "3C1.1"}]],
    "mitigating_role": [0, -2, -4],
    "low_level_function": ["lowest"],
    "other_group_level": [10, 24, 34],
    "protected_location": [True],
    "protected_drugs": [[{"drug": "heroin", "quantity": 10, "unit": "g"}]],
    "premises_only": [True],
    "cross_reference_level": [38, 43],
    "acceptance": [0, -2, -3],
    "criminal_history_points": [0, 1, 2, 8],
    "status_points": [0, 1, 2],
    "criminal_history_category": ["I", "III", "VI"],
    "zero_point_offender_excluded": [True, False],
    "career_offender": [True, False],
    "armed_career_criminal": [True, False],
    "override_offense_level": [12, 32, 37],
    "firearm_term_months": [60, 300, "life"],
    "firearm_counts": [["carried"], ["brandished", "discharged"]],
    "consecutive_term_months": [60, 300],
    "statutory_minimum_months": [0, 60, 120, 240, "life"],
    "statutory_maximum_months": [12, 240, 480, "life"],
    "offense_statutory_maximum_months": [240, "life"],
    "safety_valve": [True, False],
    "substantial_assistance": [True, False],
    "below_minimum_authority": [True, False],
    "imposed_term_months": [1, 12, 60, 84, 120, 151, 240, "life"],
    "imposed_term_days": [0, 1],
    "earlier_reductions": [
        [{"amendment": "35(b)", "on": "2013-01-01", "term_months": 80}],
        [{"amendment": 706, "on": "2008-06-01", "term_months": 90}],
    ],
    "binding_plea": [True],
    "assistance_percent_only": [0, 50.5, 100],
    "serving_original_term": [True, False],
    "sentence_began_on": ["2000-01-01", "2010-01-01", "2014-05-05"],
    "jail_credit_days": [10, 400],
    "good_time_disallowed_days": [27],
    "time_served_months": [0, 50.2, 300],
    "program_days": [900],
    "minimum_or_low_risk": [True],
    "drug_program": [True],
    "detainer": ["immigration"],
    "sentenced_on": ["1990-06-01", "2004-02-02", "2011-01-05", "2017-01-01", "2025-12-01"],
    "manual_edition": ["1988-06-01", "2001-11-01", "2013-11-01", "2025-11-01"],
    "order_effective_on": ["1990-01-01", "1995-05-05", "2009-01-01", "2015-11-01", "2024-02-01"],
    "amendments": [[], [782], [750, 782], ["821A"], ["821A", "821B"], [706], [505], [516], [599], [130]],
    "rules": [{"assistance_share": "assistance_only"}, {"life_minimum_months": 470}, {"role_cap": "keep"}],
}
COMMON = (
    "drugs", "base_offense_level", "total_offense_level", "table_range_months", "criminal_history_category",
    "imposed_term_months", "substantial_assistance", "acceptance", "sentenced_on",
)  # fmt: skip
"""What a file most often says: enough of these and the case is decided."""


def partial(random: Random) -> dict[str, Any]:
    """Some facts of a case, with a few others put in that may contradict them."""
    if random.random() < 0.6:
        known = {name: random.choice(VALUES[name]) for name in random.sample(COMMON, random.randint(1, 6))}
    else:
        whole = record(random) if random.random() < 0.7 else early_record(random)
        share = random.choice([0.2, 0.5, 0.9])
        known = {name: value for name, value in whole.items() if random.random() < share}
    more = random.sample(sorted(VALUES), random.choice([0, 0, 1, 2, 5]))
    return {**known, **{name: random.choice(VALUES[name]) for name in more}}


def test_the_values_are_of_fields_there_are():
    assert set(VALUES) <= set(FIELDS)


@settings(max_examples=MANY)
@given(st.integers(0, 2**63))
def test_an_answer_or_a_refusal_and_the_same_alone_as_among_others(seed):
    random = Random(seed)
    cases = [partial(random) for _ in range(25)]
    answers = analyze_cases(cases)
    for case, among in zip(cases[::5], answers[::5], strict=True):
        try:
            assert among == analyze_case(case)
        except CaseError as problem:
            assert isinstance(among, CaseError) and among.problems == problem.problems
    for answer in answers:
        if not isinstance(answer, CaseError):
            assert sentence(answer) and "None" not in sentence(answer)
            json.dumps(answer)


@settings(max_examples=MANY // 8)
@given(st.integers(0, 2**63))
def test_a_checklist_answers_what_the_case_answers(seed):
    case = partial(Random(seed))
    try:
        alone = analyze_case(case)
    except CaseError:
        return
    assert checklist(case)[2] == alone
