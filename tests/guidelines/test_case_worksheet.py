"""The lines of the worksheet: units of drugs, adjustments with their floors, overrides, notes."""

from __future__ import annotations

import pytest

from guidelines import CaseError, analyze_case

M2013 = {"manual_edition": "2013-11-01"}


def line(record, step):
    (found,) = [one for one in analyze_case({**M2013, **record})["worksheet"] if one["step"] == step]
    return found


def levels(*drugs):
    found = [{"drug": drug, "quantity": quantity, "unit": unit} for quantity, unit, drug in drugs]
    answer = analyze_case({**M2013, "drugs": found})
    return answer["original"]["base_offense_level"], answer["amended"]["base_offense_level"]


@pytest.mark.parametrize(
    ("drug", "expected"),
    [
        ((1_000, "g", "heroin"), (32, 30)),
        ((1, "kg", "heroin"), (32, 30)),
        ((999_999, "mg", "heroin"), (30, 28)),
        ((2.2, "lb", "heroin"), (30, 28)),  # 997.92 g
        ((2.21, "lb", "heroin"), (32, 30)),
        ((1, "oz", "crack"), (26, 24)),  # 28.35 g
        ((0.98, "oz", "crack"), (24, 22)),
        ((100, "plants", "marijuana"), (16, 14)),  # 10 kg
        ((99, "plants", "marihuana"), (14, 12)),
        ((250, "doses", "LSD"), (16, 14)),  # 100 mg, whatever the carrier weighs
        ((249, "doses", "LSD"), (14, 12)),
        ((40_000, "units", "Schedule IV"), (12, 10)),  # as 2.5 kg of marihuana
    ],
)
def test_units(drug, expected):
    assert levels(drug) == expected


def test_quantities_are_exact_at_the_beginning_of_a_row():
    """8.4 kg and 0.28 kg as floats times 1000 are not 8400 and 280; here they are."""
    assert levels((8.4, "kg", "crack"))[0] == 38 and levels((8.3999999, "kg", "crack"))[0] == 36
    assert levels((0.28, "kg", "crack"))[0] == 32
    tenths = [(0.1, "kg", "heroin")] * 10
    assert levels(*tenths) == (32, 30)  # ten tenths are one, whatever a sum of floats says


def test_plants_and_loose_marihuana_add_up():
    assert levels((50, "plants", "marijuana"), (5, "kg", "marijuana")) == (16, 14)


def test_why_a_base_level():
    record = {"drugs": [{"drug": "crack", "quantity": 1, "unit": "oz"}], "quantity_is_minimum": True}
    assert line(record, "base_offense_level")["note"] == "at least 28.35 g Cocaine Base: row from 28 g"
    weight = line({"converted_weight_kg": 100}, "base_offense_level")
    assert weight["note"] == "100,000 g converted weight: row from 100,000 g"


def test_a_row_that_begins_elsewhere_is_named():
    record = {"drugs": [{"drug": "heroin", "quantity": 40_000, "unit": "g"}]}
    assert line(record, "base_offense_level")["note"] == "40,000 g Heroin: row from 30,000 g"
    low = line({"drugs": [{"drug": "heroin", "quantity": 7, "unit": "g"}]}, "base_offense_level")
    assert low["note"] == "7 g Heroin: row from 5 g, amended from 0 g"


def test_role_cap_lines():
    record = {"drugs": [{"drug": "cocaine", "quantity": 5, "unit": "kg"}], "mitigating_role": -2}
    row, base = line(record, "table_base_level"), line(record, "base_offense_level")
    assert (row["section"], row["original"], row["amended"]) == ("§2D1.1(c)", 32, 30)
    assert (base["section"], base["original"], base["amended"]) == ("§2D1.1(a)(5)", 30, 30)


def test_a_floor_of_a_characteristic():
    record = {
        "base_offense_level": 20,
        "adjustments": [{"section": "2D1.1(b)(3)"}, {"section": "2D1.1(b)(12)"}],
    }
    characteristic = line(record, "specific_offense_characteristics")
    assert characteristic["note"] == "§2D1.1(b)(3) +2, §2D1.1(b)(12) +2"
    floor = line(record, "chapter_two_level")
    assert (floor["original"], floor["amended"], floor["note"]) == (28, 28, "at least 28")
    assert line(record, "total_offense_level")["original"] == 28


@pytest.mark.parametrize(
    ("edition", "section", "total"),
    [("2008-11-01", "2D1.1(b)(4)", 32), ("1996-06-01", "2D1.1(b)(3)", 32), ("1990-06-01", "2D1.1(b)(1)", 32)],
)
def test_a_characteristic_has_the_paragraph_and_the_levels_of_its_edition(edition, section, total):
    record = {"base_offense_level": 30, "manual_edition": edition, "amendments": []}
    found = analyze_case({**record, "adjustments": [{"section": section}]})
    assert found["original"]["total_offense_level"] == total


def test_a_characteristic_that_an_edition_does_not_have_is_refused():
    record = {"base_offense_level": 30, "manual_edition": "1990-06-01", "amendments": []}
    with pytest.raises(CaseError, match=r"2D1\.1\(b\)\(4\) edition 1989-11-01, adjustments: no such section"):
        analyze_case({**record, "adjustments": [{"section": "2D1.1(b)(4)"}]})


@pytest.mark.parametrize(
    ("adjustment", "says"),
    [
        ("weapon", "adjustments 1: 'weapon' given; {section, levels} is accepted"),
        ({"section": "3C1.1", "level": 2}, "adjustments 1: unknown field 'level'; did you mean levels?"),
        (
            {"section": "3B1.5"},
            "§3B1.5 edition 2010-11-01, adjustments: None levels given; 2 or 4 is accepted",
        ),
    ],
)
def test_bad_adjustments(adjustment, says):
    with pytest.raises(CaseError) as caught:
        analyze_case({**M2013, "adjustments": [adjustment]})
    assert says in str(caught.value)


def test_overrides_name_which_level_governs():
    record = {"career_offender": True, "statutory_maximum_months": "life"}
    by_drug = line({**record, "base_offense_level": 38}, "override_offense_level")
    assert (by_drug["section"], by_drug["original"], by_drug["note"]) == (
        "§4B1.1(b)",
        37,
        "the drug level is greater",
    )
    by_table = line({**record, "base_offense_level": 30}, "override_offense_level")
    assert by_table["note"] == "the greater of the two governs: this one"
    armed = {"armed_career_criminal": True, "override_offense_level": 34, "criminal_history_category": "VI"}
    assert line({**armed, "base_offense_level": 30}, "override_offense_level")["section"] == "§4B1.4"


def test_a_career_offender_with_a_total_needs_the_acceptance():
    record = {"career_offender": True, "statutory_maximum_months": "life", "imposed_term_months": 300}
    answer = analyze_case({**record, "total_offense_level": 34})
    assert answer["code"] == "career_offender"  # 37 less three levels, the only way to 34
    answer = analyze_case({**record, "total_offense_level": 37})
    assert answer["eligible"] is None and answer["decides"] == ["acceptance"]
    governed = analyze_case({**record, "total_offense_level": 34, "acceptance": -3})
    assert governed["code"] == "career_offender"
    drug = analyze_case({**record, "total_offense_level": 35, "acceptance": -3})
    assert (drug["code"], drug["amended"]["total_offense_level"]) == ("eligible", 34)
    by_range = analyze_case({**record, "table_range_months": [360, "life"], "acceptance": -3})
    assert "total_offense_level" in by_range["decides"]


def test_what_was_recorded_otherwise_is_named():
    base = line(
        {"drugs": [{"drug": "heroin", "quantity": 1, "unit": "kg"}], "base_offense_level": 30},
        "base_offense_level",
    )
    assert base["note"].endswith("; 30 recorded")
    history = {"total_offense_level": 30, "criminal_history_points": 13, "criminal_history_category": "V"}
    assert line(history, "criminal_history_category")["note"] == "V recorded"
    table = {"total_offense_level": 30, "criminal_history_category": "I", "table_range_months": [108, 135]}
    assert line(table, "table_range_months")["note"] == "108-135 recorded"
    assert analyze_case({**table, "imposed_term_months": 120})["code"] == "record_inconsistent"


@pytest.mark.parametrize(
    ("more", "note"),
    [
        (
            {"substantial_assistance": True},
            "statutory minimum 120; not applied to the amended range (§1B1.10(c))",
        ),
        ({"substantial_assistance": False, "safety_valve": False}, "statutory minimum 120"),
        (
            {"imposed_term_months": 120, "statutory_maximum_months": 240},
            "statutory minimum 120; statutory maximum 240",
        ),
        ({"statutory_minimum_months": 60, "substantial_assistance": True}, "statutory minimum 60"),
        ({"amendments": [], "substantial_assistance": True}, "statutory minimum 120"),
    ],
)
def test_a_minimum_that_is_lifted_from_the_amended_range_is_noted_there_alone(more, note):
    record = {"base_offense_level": 32, "acceptance": -3, "criminal_history_category": "I",
              "statutory_minimum_months": 120, "imposed_term_months": 90, **more}  # fmt: skip
    assert line(record, "guideline_range_months")["note"] == note


def test_notes_on_statute_and_history():
    valve = {
        "base_offense_level": 30,
        "criminal_history_category": "I",
        "statutory_minimum_months": 120,
        "safety_valve": True,
    }
    assert line(valve, "guideline_range_months")["note"] == "18 U.S.C. 3553(f): no statutory minimum"
    most = {"base_offense_level": 30, "criminal_history_category": "I", "statutory_maximum_months": 100}
    assert line(most, "guideline_range_months")["note"] == "statutory maximum 100"
    floor = {
        "base_offense_level": 18,
        "acceptance": -3,
        "criminal_history_category": "I",
        **{k: valve[k] for k in ("safety_valve", "statutory_minimum_months")},
    }
    assert line(floor, "safety_valve_floor")["amended"] == 17
    assert (
        line({"base_offense_level": 14, "acceptance": -3}, "acceptance_of_responsibility")["original"] == -2
    )
    zero = {
        "base_offense_level": 30,
        "criminal_history_points": 0,
        "zero_point_offender_excluded": False,
        "amendments": ["821B"],
    }
    assert (line(zero, "zero_point_offender")["original"], line(zero, "zero_point_offender")["amended"]) == (
        0,
        -2,
    )
    status = {
        "base_offense_level": 30,
        "criminal_history_points": 8,
        "status_points": 2,
        "amendments": ["821A"],
    }
    points = line(status, "criminal_history_points")
    assert (points["original"], points["amended"], points["note"]) == (8, 6, "2 of them status points")


def test_an_open_quantity_shows_the_lowest_outcome():
    record = {"base_offense_level": 38, "criminal_history_category": "I", "imposed_term_months": 250}
    base = line(record, "base_offense_level")
    assert base["amended"] == 36 and base["note"].endswith("amended: the lowest the record allows")
    answer = analyze_case({**M2013, **record})
    assert answer["code"] == "needs_quantity_finding"
    assert "drugs, with the quantity the record supports" in answer["missing"]


@pytest.mark.parametrize(
    ("edition", "plants", "original", "amended"),
    [
        ("1994-11-01", 1000, 32, 26),
        ("1994-11-01", 999, 30, 24),
        ("1988-06-01", 1000, 26, 26),
        ("1990-06-01", 49, 12, 12),
    ],
)
def test_plants_count_by_the_note_of_their_edition(edition, plants, original, amended):
    """Rows of their own in 1987; one kilogram each from 50 plants on until 1995; then 100 grams: 516."""
    record = {
        "manual_edition": edition, "amendments": [516], "criminal_history_category": "I",
        "drugs": [{"drug": "marijuana", "quantity": plants, "unit": "plants"}], "imposed_term_months": 121,
    }  # fmt: skip
    found = analyze_case(record)
    levels = [found[side]["base_offense_level"] for side in ("original", "amended")]
    assert levels == [original, amended]


@pytest.mark.parametrize(
    ("base", "levels", "note"),
    [(32, -3, "as found"), (16, -3, "as found"), (14, -2, "the third level needs 16 or more before it")],
)
def test_acceptance_says_what_was_found_and_why_it_is_less_than_stated(base, levels, note):
    stated = line({"base_offense_level": base, "acceptance": -3}, "acceptance_of_responsibility")
    assert (stated["original"], stated["note"]) == (levels, note)


@pytest.mark.parametrize(
    ("facts", "note"),
    [
        ({"base_offense_level": 32, "adjustments": [], "acceptance": -3}, ""),
        ({"base_offense_level": 32, "adjustments": [], "acceptance": -3, "total_offense_level": 29}, ""),
        ({"total_offense_level": 29}, "as found"),
        (
            {"base_offense_level": 43, "adjustments": [{"section": "3C1.1"}], "acceptance": 0},
            "45 counts as 43 (Ch.5 Pt.A n.2)",
        ),
    ],
)
def test_a_total_says_where_it_comes_from(facts, note):
    assert line(facts, "total_offense_level")["note"] == note
