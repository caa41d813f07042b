"""Manuals of 1987 to 2005 through the desk: printed examples, plants by number, what is not held."""

from __future__ import annotations

import pytest

from guidelines import CaseError, Manual, analyze_case, analyze_cases
from guidelines.s2d1_1_equivalency import combined_base_level, converted_weight_grams
from guidelines.s2d1_1_units import own_quantity

FOUND = {
    "acceptance": -2, "criminal_history_category": "I", "imposed_term_months": 121,
    "statutory_minimum_months": 0, "substantial_assistance": False, "safety_valve": False, "adjustments": [],
}  # fmt: skip


def base_levels(on, drugs, amendments=()):
    case = {**FOUND, "manual_edition": on, "amendments": list(amendments)}
    named = [{"drug": drug, "quantity": quantity, "unit": unit} for drug, quantity, unit in drugs]
    answer = analyze_case({**case, "drugs": named})
    amended = answer["amended"]["base_offense_level"] if amendments else None
    return answer["original"]["base_offense_level"], amended


@pytest.mark.parametrize(
    ("on", "level"),
    [("1987-11-01", 14), ("1990-11-01", 22), ("1994-11-01", 22), ("1995-11-01", 14), ("2013-11-01", 14)],
)
def test_sixty_plants_by_the_edition(on, level):
    """Rows of their own in 1987; from 1989 a kilogram each from 50 plants on (516 struck it); then 100 g."""
    assert base_levels(on, [("marijuana", 60, "plants")])[0] == level


def test_plants_of_all_entries_count_together_and_with_weight():
    assert base_levels("1990-11-01", [("marijuana", 25, "plants"), ("marijuana", 25, "plants")])[0] == 20
    assert base_levels("1990-11-01", [("marijuana", 25, "plants"), ("marijuana", 24, "plants")])[0] == 12
    # 60 kg of plants and 30 kg of leaves; under Amendment 516 they are 6 kg and 30 kg
    both = [("marijuana", 60, "plants"), ("marijuana", 30, "kg")]
    assert base_levels("1990-11-01", both, [516]) == (24, 18)


@pytest.mark.parametrize(
    ("plants", "original", "amended"), [(49, 12, 12), (50, 20, 14), (999, 30, 24), (1000, 32, 26)]
)
def test_amendment_516_at_the_desk(plants, original, amended):
    assert base_levels("1994-11-01", [("marijuana", plants, "plants")], [516]) == (original, amended)


def test_depressants_and_schedule_three_are_added_at_the_desk_until_1995():
    two = [("Schedule I or II Depressants", 10, "kg"), ("Schedule III substances", 10, "kg")]
    assert base_levels("1991-11-01", two[:1])[0] == 18
    assert base_levels("1991-11-01", two)[0] == 20


def test_doses_of_lsd_say_when_the_carrier_counts():
    """Until Amendment 488 a weighed carrier counted whole: 0.05 mg a dose is only for want of a weight."""
    case = {**FOUND, "manual_edition": "1990-11-01", "amendments": []}
    doses = analyze_case({**case, "drugs": [{"drug": "LSD", "quantity": 2000, "unit": "doses"}]})
    weighed = analyze_case({**case, "drugs": [{"drug": "LSD", "quantity": 12, "unit": "g"}]})
    assert (doses["original"]["base_offense_level"], weighed["original"]["base_offense_level"]) == (16, 32)
    assert "carrier" in str(doses) and "carrier" not in str(weighed)


EXAMPLES = {  # number of the example, edition, drugs, level; Appendix C, the amendment named
    "1: 396 (a)": ("1991-11-01", [("PCP", 70, "g"), ("LSD", 250, "mg")], 24),
    "1: 396 (a), 1990": ("1990-11-01", [("PCP", 70, "g"), ("LSD", 250, "mg")], 24),
    "2: 396 (c)": ("1991-11-01", [("cocaine", 80, "g"), ("marijuana", 5, "kg")], 18),
    "2: 396 (c), 1990": ("1990-11-01", [("cocaine", 80, "g"), ("marijuana", 5, "kg")], 18),
    "5: 20, 700-999 g": ("1987-11-01", [("heroin", 999.9, "g")], 30),
    "5: 20, 400-699 g": ("1987-11-01", [("heroin", 699.9, "g")], 28),
    "6: 319, 5 g": ("1990-11-01", [("heroin", 5, "g")], 14),
    "6: 319, 15 g": ("1990-11-01", [("heroin", 15, "g")], 16),
    "7: 456": ("1992-11-01", [("cocaine", 25, "g")], 14),
    "10: 609, 800 pills of 250 mg": ("2001-05-01", [("MDMA", 200, "g")], 26),
    "10: 609, 8,000 pills": ("2001-05-01", [("MDMA", 2, "kg")], 32),
    "11: 657, 364 tablets of 550 mg": ("2002-11-01", [("oxycodone", 364 * 0.55, "g")], 26),
    "12: 684, oxymorphone": ("2006-11-01", [("oxymorphone", 100, "g")], 28),
    "12: 684, morphine": ("2006-11-01", [("morphine", 10, "kg")], 34),
}


@pytest.mark.parametrize("number", EXAMPLES)
def test_printed_examples(number):
    on, drugs, level = EXAMPLES[number]
    assert base_levels(on, drugs)[0] == level


def test_printed_example_4_caps_of_1995():
    """517: 56 + 4.99 (of 6.25) + 0.999 (of 1.25) is 61.989 kg, capped at 59.99."""
    three = [["Schedule III substances", "Schedule IV substances", "Schedule V substances"]]
    amounts = [[56_000, 100_000, 200_000]]
    manual = Manual.on("1995-11-01")
    assert converted_weight_grams(three, amounts, manual).tolist() == [59_990.0]
    assert combined_base_level(three, amounts, manual).tolist() == [20]


def test_printed_example_13_ghb_by_the_printed_factor():
    """667: the reason says level 26 for three gallons; the factor printed gives 24."""
    manual = Manual.on("2004-11-01")
    name, amount = own_quantity("GHB", 11_355, "ml", manual)
    assert converted_weight_grams([[name]], [[amount]], manual)[0] == pytest.approx(99_924, rel=1e-4)
    assert combined_base_level([[name]], [[amount]], manual).tolist() == [24]


def test_printed_example_14_retroactive_505():
    assert base_levels("1990-11-01", [("cocaine", 1500, "kg")], [505]) == (42, 38)
    assert base_levels("1990-11-01", [("cocaine", 1500, "kg")], [505, 782]) == (42, 38)


def test_a_record_of_a_cell_that_is_not_held_or_of_a_third_level_too_early_is_refused_with_the_reason():
    told = analyze_cases(
        [
            {**FOUND, "manual_edition": "1988-06-01", "base_offense_level": 6, "amendments": [],
             "acceptance": -2},
            {**FOUND, "manual_edition": "1988-06-01", "base_offense_level": 20, "amendments": [],
             "acceptance": -3},
        ]
    )  # fmt: skip
    assert "could not be verified" in str(told[0])
    assert "no third level yet" in str(told[1])


def test_the_caps_of_782_take_the_place_of_earlier_ones_whatever_they_excepted():
    """59.99 kg and 99.8 kg of crack at 20 kg a gram were 26; 79.99 and 17.8 kg lie below 100 kg: 22."""
    two = [("Schedule III substances", 450_000, "units"), ("crack", 4.99, "g")]
    assert base_levels("2001-11-01", two, [782]) == (26, 22)


def test_amendment_599_is_refused_with_what_to_ask_instead():
    record = {**FOUND, "manual_edition": "1998-05-01", "total_offense_level": 31, "amendments": [599]}
    with pytest.raises(CaseError, match=r"without 2D1.1\(b\)\(1\)"):
        analyze_case(record)


@pytest.mark.parametrize(("order", "warned"), [("1994-10-31", True), ("1994-11-01", False)])
def test_orders_made_while_all_later_amendments_counted_are_warned_of(order, warned):
    case = {
        **FOUND, "manual_edition": "1988-06-01", "amendments": [126], "order_effective_on": order,
        "drugs": [{"drug": "Alpha-Methylfentanyl", "quantity": 100, "unit": "g"}],
    }  # fmt: skip
    assert any("all later amendments counted" in line for line in analyze_case(case)["warnings"]) == warned


FIRST = {"sentenced_on": "1988-11-05", "criminal_history_category": "III", "statutory_minimum_months": 0,
         "order_effective_on": "2015-11-01", "substantial_assistance": False}  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "before", "after"),
    [
        # The rows of the first table up to 34 are those of 1989: 782 takes two levels off them.
        ({"drug": "heroin", "quantity": 900, "unit": "g"}, 30, 28),
        ({"drug": "cocaine", "quantity": 20, "unit": "kg"}, 34, 32),
        # Its last row, 36, begins at 10 kg of heroin; 782 has 34 from 10, 36 from 30 and 38 from 90 kg.
        ({"drug": "heroin", "quantity": 12, "unit": "kg"}, 36, 34),
        ({"drug": "heroin", "quantity": 30, "unit": "kg"}, 36, 36),
        ({"drug": "heroin", "quantity": 95, "unit": "kg"}, 36, 36),
        # Crack falls by 706, 750 and 782: 50 g are 32, and 24 from 28 g on in 2014.
        ({"drug": "crack", "quantity": 50, "unit": "g"}, 32, 24),
    ],
)
def test_later_amendments_are_put_into_the_rows_the_first_table_had(facts, before, after):
    answer = analyze_case({**FIRST, "drugs": [facts], "amendments": [782], "imposed_term_months": 500})
    found = [answer[when]["base_offense_level"] for when in ("original", "amended")]
    assert found == [before, after]
    assert answer["eligible"] is (after < before)


@pytest.mark.parametrize("amendment", [706, 782])
def test_a_level_or_a_range_as_found_under_the_first_manual_needs_no_table_of_its_own(amendment):
    record = {**FIRST, "amendments": [amendment], "imposed_term_months": 160}
    by_level = analyze_case({**record, "total_offense_level": 32})
    by_range = analyze_case({**record, "guideline_range_months": [151, 188]})
    assert by_level["eligible"] and by_range["eligible"]
    assert by_level["floor_months"] == by_range["floor_months"] == 121
    other = analyze_case({**record, "total_offense_level": 32, "drug_quantity_based": False})
    assert other["code"] == "not_drug_quantity_based"
    # Level 36 was the open end of the table: how much drug there was decides.
    heroin = {"base_offense_level": 36, "drugs": [{"drug": "heroin"}], "acceptance": -2}
    last = analyze_case({**record, "amendments": [782], **heroin})
    assert last["eligible"] is None and last["decides"] == ["drugs"]


def test_before_november_1989_a_career_offenders_level_stood_against_that_after_acceptance():
    """Amendment 266: 36 less two is 34, no more than the table's 34; two levels less leave the table's."""
    record = {"career_offender": True, "base_offense_level": 36, "acceptance": -2, "amendments": []}
    levels = [
        analyze_case({**record, "sentenced_on": day, "override_offense_level": level})["original"]
        for day in ("1989-10-31", "1989-11-01")
        for level in (34, 35, 37)
    ]
    assert [each["total_offense_level"] for each in levels] == [34, 35, 37, 34, 34, 35]
