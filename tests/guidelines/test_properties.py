"""Laws of the law: what must hold for every case, whatever its facts."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from guidelines import CODES, LIFE, Amendment, Manual, Rules, amended_worksheet, reduction, worksheet
from guidelines.manual import drug_names
from guidelines.s2d1_1_drug_quantity import quantity_base_level
from guidelines.s2d1_1_equivalency import combined_base_level
from guidelines.tables import editions

OLD, NEW = Manual.on("2013-11-01"), Manual.on("2014-11-01")
LISTED = [OLD.drugs.index(name) for name in OLD.listed_drugs]
quantities = st.one_of(
    st.floats(min_value=0, max_value=1e9),
    st.sampled_from(sorted({float(cut) for cut in OLD.quantity_cuts.ravel() if np.isfinite(cut)})),
)
months = st.one_of(st.integers(min_value=1, max_value=500), st.just(LIFE))
facts = st.fixed_dictionaries(
    {
        "drug": st.sampled_from(LISTED),
        "quantity": quantities,
        "mitigating_role": st.sampled_from([0, 0, -2, -3, -4]),
        "specific_offense_levels": st.integers(-2, 8),
        "chapter_three_levels": st.integers(0, 6),
        "acceptance": st.sampled_from([0, -2, -3]),
        "other_group_level": st.sampled_from([0, 0, 0, 18, 30, 40]),
        "career_offender": st.booleans(),
        "criminal_history_points": st.integers(2, 20),
        "status_points": st.sampled_from([0, 2]),
        "zero_point_offender_excluded": st.booleans(),
        "statutory_minimum_months": st.sampled_from([0, 60, 120, 240]),
        "statutory_maximum_months": st.sampled_from([240, 480, LIFE]),
        "safety_valve": st.booleans(),
        "substantial_assistance": st.booleans(),
        "below_minimum_authority": st.booleans(),
        "quantity_is_minimum": st.booleans(),
        "imposed_term_months": months,
        "time_served_months": st.floats(min_value=0, max_value=300),
        "order_effective_on": st.sampled_from(["2015-11-01", "2018-06-04", "2024-02-01"]),
    }
)
rules = st.builds(
    Rules,
    koons=st.sampled_from(["by_date", "always", "never"]),
    rounding=st.sampled_from(["nearest", "down", "up"]),
    role_cap=st.sampled_from(["recompute", "keep"]),
    lowered_means=st.sampled_from(["either_end", "minimum"]),
    quantity_findings=st.sampled_from(["allow", "refuse"]),
    life_minimum_months=st.sampled_from([None, 470]),
    third_acceptance_level=st.sampled_from(["keep", "recompute"]),
)


def decide(case, amendment, switches):
    before = worksheet(case, OLD)
    after = amended_worksheet(before, amendment, rules=switches)
    return before, after, reduction(before, after, amendment, switches)


@given(st.sampled_from(editions("drug_quantity")), st.integers(0, 40), quantities, quantities)
def test_more_quantity_never_lowers_a_level(begin, drug, one, other):
    manual = Manual.on(begin)
    name = manual.listed_drugs[drug % len(manual.listed_drugs)]
    less, more = quantity_base_level(name, sorted([one, other]), manual)
    assert less <= more


@given(st.sampled_from(LISTED), quantities)
def test_782_never_raises_a_level_and_lowers_it_by_two_or_not_at_all(drug, quantity):
    fall = int(quantity_base_level(drug, quantity, OLD)) - int(quantity_base_level(drug, quantity, NEW))
    assert fall in (0, 2)


@given(
    st.lists(st.tuples(st.sampled_from(LISTED), quantities), min_size=1, max_size=4),
    st.tuples(st.sampled_from(LISTED), quantities),
)
def test_one_more_drug_never_lowers_the_level_where_all_are_converted(drugs, more):
    rated = {OLD.drugs.index(n) for n in OLD.listed_drugs} - {drug_names().index("Fentanyl Analogue")}
    case = [d for d in drugs if d[0] in rated] + [
        (OLD.drugs.index("Heroin"), 0.0),
        (OLD.drugs.index("Cocaine"), 0.0),
    ]
    if more[0] not in rated:
        return

    def level(these):
        return int(combined_base_level([[d for d, _ in these]], [[q for _, q in these]], NEW)[0])

    assert level([*case, more]) >= level(case)


@given(facts, rules)
def test_a_reduced_term_is_never_longer_than_imposed_nor_below_the_floor(case, switches):
    _, _, cut = decide(case, "782", switches)
    eligible, lowest, floor = (
        bool(cut["eligible"][0]),
        int(cut["lowest_term_months"][0]),
        int(cut["floor_months"][0]),
    )
    assert lowest <= case["imposed_term_months"]
    if eligible:
        assert lowest == floor < case["imposed_term_months"]
        assert floor >= case["time_served_months"]
        if not case["substantial_assistance"]:
            assert floor >= cut["amended_range_minimum_months"][0]
        unlifted = not (case["substantial_assistance"] and case["below_minimum_authority"])
        if unlifted and not case["safety_valve"]:
            assert floor >= case["statutory_minimum_months"]
    else:
        assert lowest == case["imposed_term_months"]
    assert eligible == CODES[int(cut["code"][0])].startswith("eligible")


@given(facts, rules, st.sampled_from(["782", "821A", "821B"]))
def test_an_amendment_never_raises_a_range(case, switches, amendment):
    before, after, _ = decide(case, amendment, switches)
    for end in ("minimum", "maximum"):
        assert after[f"table_range_{end}_months"][0] <= before[f"table_range_{end}_months"][0]


@given(facts, rules)
def test_the_same_law_before_and_after_changes_nobody(case, switches):
    before = worksheet(case, NEW)
    after = amended_worksheet(before, "782", rules=switches)
    cut = reduction(before, after, "782", switches)
    for step in before:
        assert before[step][0] == after[step][0], step
    assert not cut["eligible"][0]


@given(facts)
def test_minus_three_is_never_less_lenient_than_minus_one(case):
    floors = []
    for levels in (-1, -3):
        amendment = Amendment.from_toml(f'number = "n"\nlike = "782"\nlevels = {levels}')
        after = amended_worksheet(worksheet(case, OLD), amendment)
        floors.append(int(after["table_range_minimum_months"][0]))
    # The role cap's steps are not even, so the base level is compared only without one.
    if case["mitigating_role"] == 0:
        assert floors[1] <= floors[0]


@given(facts, st.sampled_from(["below_minimum_authority", "safety_valve", "substantial_assistance"]))
def test_a_fact_of_the_statutory_minimum_counts_only_where_there_is_one(case, fact):
    none = {**case, "statutory_minimum_months": 0}
    if fact == "substantial_assistance":
        return
    results = [decide({**none, fact: value}, "782", Rules())[2] for value in (True, False)]
    for name in results[0]:
        np.testing.assert_array_equal(results[0][name], results[1][name])


@given(facts)
def test_imposed_term_and_time_served_do_not_move_a_range(case):
    one = decide(case, "782", Rules())[2]
    other = decide({**case, "imposed_term_months": 77, "time_served_months": 1.0}, "782", Rules())[2]
    for end in ("minimum", "maximum"):
        np.testing.assert_array_equal(
            one[f"amended_range_{end}_months"], other[f"amended_range_{end}_months"]
        )
