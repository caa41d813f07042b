"""The official worked examples as case records, by id, where a record can say them."""

from __future__ import annotations

import pytest

from guidelines import analyze_case

# Examples 1 to 3 lower 70-87 to 51-63: 26/II to 24/I, two levels by 782 and a category by 821 Part A.
SEVENTY = {
    "total_offense_level": 26,
    "criminal_history_points": 3,
    "status_points": 2,
    "amendments": [782, "821A"],
}


@pytest.mark.parametrize(
    ("imposed", "assisted", "code", "floor"),
    [
        (70, False, "eligible", 51),
        (56, False, "eligible", 51),
        (56, True, "eligible_substantial_assistance", 41),
    ],
    ids=["1", "2", "3"],
)
def test_1_to_3(imposed, assisted, code, floor):
    answer = analyze_case({**SEVENTY, "imposed_term_months": imposed, "substantial_assistance": assisted})
    assert answer["original"]["guideline_range_months"] == [70, 87]
    assert answer["amended"]["guideline_range_months"] == [51, 63]
    assert (answer["code"], answer["floor_months"]) == (code, floor)


@pytest.mark.parametrize(
    ("found", "applied", "imposed", "amended", "floor"),
    [([135, 168], [135, 168], 101, [108, 135], 81), ([108, 135], [120, 135], 90, [87, 108], 65)],
    ids=["4", "5"],
)
def test_4_and_5_assistance_with_a_statutory_minimum(found, applied, imposed, amended, floor):
    record = {"table_range_months": found, "criminal_history_category": "I", "statutory_minimum_months": 120}
    answer = analyze_case({**record, "imposed_term_months": imposed, "substantial_assistance": True})
    assert answer["original"]["guideline_range_months"] == applied
    assert answer["amended"]["guideline_range_months"] == amended
    assert answer["floor_months"] == floor


def drugs(*found):
    return {
        "drugs": [{"drug": drug, "quantity": quantity, "unit": unit} for quantity, unit, drug in found],
        "manual_edition": "2013-11-01",
    }


@pytest.mark.parametrize(
    ("found", "kilograms", "before", "after"),
    [
        ([(100, "g", "oxymorphone")], 500, 28, 26),
        ([(70, "g", "PCP"), (250, "mg", "LSD")], 95, 24, 22),
        ([(500, "g", "marijuana"), (10_000, "units", "Schedule IV")], 1.125, 10, 8),
        ([(80, "g", "cocaine"), (2, "g", "crack")], 23.142, 18, 16),
    ],
    ids=["6", "7", "8", "9"],
)
def test_6_to_9_converted_weights(found, kilograms, before, after):
    answer = analyze_case(drugs(*found))
    weight = answer["worksheet"][0]
    assert weight["step"] == "converted_weight_kg" and weight["amended"] == pytest.approx(kilograms)
    assert (answer["original"]["base_offense_level"], answer["amended"]["base_offense_level"]) == (
        before,
        after,
    )


def test_10_caps():
    found = [
        (76_000, "units", "Schedule III"),
        (200_000, "units", "Schedule IV"),
        (600_000, "units", "Schedule V"),
    ]
    weight = analyze_case(drugs(*found))["worksheet"][0]
    assert (weight["original"], weight["amended"]) == (59.99, 79.99)


@pytest.mark.parametrize(
    ("table", "limits", "applied"),
    [
        ([51, 63], {"statutory_maximum_months": 48}, [48, 48]),
        ([41, 51], {"statutory_minimum_months": 60}, [60, 60]),
        ([51, 63], {"statutory_maximum_months": 60}, [51, 60]),
    ],
    ids=["11", "12", "13"],
)
def test_11_to_13_statutory_limits(table, limits, applied):
    answer = analyze_case({"table_range_months": table, "amendments": [], **limits})
    assert answer["original"]["guideline_range_months"] == applied


def test_14_the_table():
    record = {"total_offense_level": 15, "criminal_history_category": "III", "amendments": []}
    assert analyze_case(record)["original"]["table_range_months"] == [24, 30]


@pytest.mark.parametrize(("grams", "in_2007", "in_2010"), [(5, 24, 16), (50, 30, 26)], ids=["15", "16"])
def test_15_and_16_crack_under_750(grams, in_2007, in_2010):
    record = {"drugs": [{"drug": "crack", "quantity": grams, "unit": "g"}], "amendments": [750]}
    answer = analyze_case({**record, "manual_edition": "2009-10-31"})
    levels = answer["original"]["base_offense_level"], answer["amended"]["base_offense_level"]
    assert levels == (in_2007, in_2010)


@pytest.mark.parametrize("grams", [0.49, 28, 34.9, 280, 499, 840, 1499, 2800, 4499, 8400])
def test_17_crack_bands_that_did_not_change(grams):
    record = {"drugs": [{"drug": "crack", "quantity": grams, "unit": "g"}], "amendments": [750]}
    answer = analyze_case({**record, "manual_edition": "2009-10-31", "criminal_history_category": "I"})
    assert answer["original"]["base_offense_level"] == answer["amended"]["base_offense_level"]
    assert answer["eligible"] is False


@pytest.mark.parametrize(
    ("drug", "five", "ten"), [("heroin", 100, 1000), ("cocaine", 500, 5000), ("crack", 28, 280)]
)
def test_18_the_statutory_quantities(drug, five, ten):
    for grams, before, after in ((five, [63, 78], [51, 63]), (ten, [121, 151], [97, 121])):
        answer = analyze_case({**drugs((grams, "g", drug)), "criminal_history_category": "I"})
        assert answer["original"]["table_range_months"] == before
        assert answer["amended"]["table_range_months"] == after


def test_20_crack_with_powder_in_2008():
    found = drugs((20, "g", "crack"), (1.5, "kg", "cocaine"), (10, "kg", "marijuana"))
    answer = analyze_case({**found, "manual_edition": "2008-05-01", "amendments": []})
    assert answer["worksheet"][0]["original"] == 710
    assert answer["original"]["base_offense_level"] == 28
