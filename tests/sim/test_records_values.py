"""The grammar of one value: what people write, and what it is read as."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidelines.case import CaseError
from guidelines.case.fields import FIELDS
from sim.records.names import place_of
from sim.records.record import READERS, from_object

SAME = ""


@pytest.mark.parametrize(
    ("name", "text", "value", "shown"),
    [
        ("case_id", "007", "007", SAME),
        ("case_id", "3", "3", SAME),
        ("sentenced_on", "2013-01-01", "2013-01-01", SAME),
        ("sentenced_on", "2013-01-01 00:00:00", "2013-01-01", SAME),
        ("sentenced_on", "5/12/2011", "2011-05-12", "12 May 2011"),
        ("sentenced_on", "05-12-11", "2011-05-12", "12 May 2011"),
        ("sentenced_on", "25.12.2011", "2011-12-25", "25 December 2011"),
        ("sentenced_on", "6/1/98", "1998-06-01", "1 June 1998"),
        ("sentenced_on", "May 12, 2011", "2011-05-12", "12 May 2011"),
        ("sentenced_on", "Thursday, Sept. 8, 2011", "2011-09-08", "8 September 2011"),
        ("sentenced_on", "12-May-11", "2011-05-12", "12 May 2011"),
        ("sentenced_on", "1st of May", "1st of May", SAME),
        ("sentenced_on", "40675", "2011-05-12", "12 May 2011"),
        ("sentenced_on", "2/30/2011", "2/30/2011", SAME),
        ("sentenced_on", "2014-W44-6", "2014-W44-6", SAME),
        ("sentenced_on", "2001-04-18garbage", "2001-04-18garbage", SAME),
        ("manual_edition", "2010 Manual", "2010-11-01", "1 November 2010"),
        ("imposed_term_months", "97", 97, SAME),
        ("imposed_term_months", "97.0", 97, SAME),
        ("imposed_term_months", "97 months", 97, SAME),
        ("imposed_term_months", "8 years", 96, "96 months"),
        ("imposed_term_months", "8 yrs, 3 mos.", 99, "99 months"),
        ("imposed_term_months", "8.5 years", 102, "102 months"),
        ("imposed_term_months", "LIFE", "life", SAME),
        ("imposed_term_months", "1_000", "1_000", SAME),
        ("imposed_term_months", "time served", "time served", SAME),
        ("statutory_minimum_months", "10 years", 120, "120 months"),
        ("statutory_minimum_months", "none", 0, SAME),
        ("criminal_history_category", "Cat. III", "III", SAME),
        ("criminal_history_category", "category 4", "IV", SAME),
        ("criminal_history_category", "ı", "ı", SAME),
        ("criminal_history_category", "7", 7, SAME),
        ("acceptance", "3", -3, "-3"),
        ("acceptance", "-3 levels", -3, SAME),
        ("acceptance", "(3)", -3, "-3"),
        ("acceptance", "no", 0, SAME),
        ("acceptance", "+3", 3, SAME),
        ("mitigating_role", "minor role", -2, "-2"),
        ("base_offense_level", "Level 32", 32, SAME),
        ("base_offense_level", "32²", "32²", SAME),
        ("criminal_history_points", "٣", "٣", SAME),
        ("safety_valve", "Y", True, SAME),
        ("safety_valve", "x", True, "yes"),
        ("safety_valve", "FALSE", False, SAME),
        ("career_offender", "maybe", "maybe", SAME),
        ("amendments", "782, 821A", ["782", "821A"], SAME),
        ("amendments", "Amendments 782 and 821, Part A", ["782", "821A"], SAME),
        ("amendments", "[782]", [782], SAME),
        ("amendments", "none", [], SAME),
        ("table_range_months", "97–121 months", [97, 121], SAME),
        ("table_range_months", "360 to Life", [360, "life"], SAME),
        ("table_range_months", "[97, 121]", [97, 121], SAME),
        ("guideline_range_months", "10-12 years", [120, 144], "120-144"),
        ("guideline_range_months", "life", "life", SAME),
        ("converted_weight_kg", "3,000 kg", 3000, "3000"),
        ("converted_weight_kg", "500 g", 0.5, SAME),
        ("assistance_percent_only", "24%", 24, SAME),
        ("adjustments", "2D1.1(b)(1) +2; 3C1.1",
         [{"section": "2D1.1(b)(1)", "levels": 2}, {"section": "3C1.1"}], SAME),
        ("adjustments", '[{"section": "3C1.1"}]', [{"section": "3C1.1"}], SAME),
        ("drugs", "heroin", [{"drug": "heroin"}], SAME),
        ("drugs", "1.2 kg heroin", [{"drug": "heroin", "quantity": 1.2, "unit": "kg"}], SAME),
        ("drugs", "1,200 grams of crack", [{"drug": "crack", "quantity": 1200, "unit": "g"}], "1200"),
        ("drugs", "meth (actual) 2 lbs.", [{"drug": "meth (actual)", "quantity": 2, "unit": "lb"}], SAME),
        ("drugs", "1 kilo heroin + 20 g coke", [{"drug": "heroin", "quantity": 1, "unit": "kg"},
                                                {"drug": "coke", "quantity": 20, "unit": "g"}], SAME),
        ("rules", '{"koons": "never"}', {"koons": "never"}, SAME),
    ],
)  # fmt: skip
def test_a_value_as_people_write_it(name, text, value, shown):
    record = from_object({name: text})
    assert record.facts[name] == value
    assert [reading.shown for reading in record.readings] == ([shown] if shown else [])


def test_a_year_and_a_day_is_months_and_a_day():
    assert from_object({"imposed_term_months": "a year and a day"}).facts == {
        "imposed_term_months": 12,
        "imposed_term_days": 1,
    }


def test_at_least_is_a_finding_of_a_minimum():
    facts = from_object({"drug": "crack", "quantity": "280+ g"}).facts
    assert facts == {"drugs": [{"drug": "crack", "quantity": 280, "unit": "g"}], "quantity_is_minimum": True}


@pytest.mark.parametrize("blank", ["", "  ", "n/a", "?", "Unknown", "-", None])
def test_cells_that_say_nothing(blank):
    for name in FIELDS:
        if name != "case_id":
            assert from_object({name: blank}).facts == {}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"statutory_minimum_months": "10"}, "months are meant: write 120, or 10 years"),
        ({"acceptance": "yes"}, "write how many levels came off, -2 or -3"),
        ({"guideline_range_months": "12-Oct"}, "a spreadsheet made a date of a range"),
        ({"guideline_range_months": "2024-12-10"}, "a spreadsheet made a date of a range"),
        ({"drug": "heroin", "quantity": "100-400 g"}, "write the quantity found"),
        ({"drug": "heroin", "quantity": "1,2 kg"}, "write 1.2 kg with a point"),
        ({"drug": "heroin", "quantity": "1 kg", "unit": "g"}, "one unit is accepted"),
        ({"case_id": "\ud800"}, "half a character"),
        ({"sentenced_on": "9999-01-01"}, "a day from 1900 to 2199 is accepted"),
        ({"acceptence": -3}, "did you mean acceptance?"),
        ({"Acceptance": -3, "acceptance": -2}, "given more than once"),
    ],
)
def test_what_would_be_a_guess_is_refused_in_one_line(given, says):
    with pytest.raises(CaseError) as caught:
        from_object(given)
    assert says in str(caught.value) and len(caught.value.problems) == 1


def test_numbers_of_thousands_of_digits_are_text_that_is_refused_later():
    digits = "1" * 5000
    for name in ("criminal_history_category", "imposed_term_months", "base_offense_level"):
        assert from_object({name: digits}).facts == {name: digits}


def test_every_field_of_a_record_is_read():
    assert set(READERS) == set(FIELDS)
    for name in FIELDS:
        assert place_of(name).name == name and place_of(name.replace("_", " ").title()).name == name


@pytest.mark.parametrize(
    "name", ["Judge", "Notes", "District", "Date of birth", "Release date", "AUSA", "Race"]
)
def test_other_columns_are_handed_through(name):
    assert from_object({name: "x"}).extra == {name: "x"}


@pytest.mark.parametrize(
    ("heading", "name", "number", "unit"),
    [
        ("Sentence (months)", "imposed_term_months", 1, ""),
        ("Statutory max. (years)", "statutory_maximum_months", 1, "years"),
        ("5K1.1", "substantial_assistance", 1, ""),
        ("Offence Level", "total_offense_level", 1, ""),
        ("Qty (g)", "quantity", 1, "g"),
        ("Drug 2", "drug", 2, ""),
        ("drug2 quantity", "quantity", 2, ""),
    ],
)
def test_headings_as_offices_write_them(heading, name, number, unit):
    place = place_of(heading)
    assert (place.name, place.number, place.unit) == (name, number, unit)


def test_a_drug_may_stand_in_the_column_of_its_quantity():
    assert from_object({"Drug quantity": "1.2 kg heroin"}).facts == {
        "drugs": [{"drug": "heroin", "quantity": 1.2, "unit": "kg"}]
    }


def test_columns_of_drugs_make_a_list():
    row = {"Drug": "heroin", "Quantity (kg)": "1.2", "Drug 2": "crack", "Quantity 2": "20 g", "Drug 3": ""}
    assert from_object(row).facts == {
        "drugs": [
            {"drug": "heroin", "quantity": 1.2, "unit": "kg"},
            {"drug": "crack", "quantity": 20, "unit": "g"},
        ]
    }


def test_what_a_terminal_would_obey_is_written_out():
    record = from_object(
        {"case_id": "a\x1b[31m\nCode: eligible", "Notes\x07": "one\ntwo\x9b", "Judge": "Zoë"}
    )
    assert record.facts == {"case_id": "a\\x1b[31m\\nCode: eligible"}
    assert record.extra == {"Notes\\x07": "one\ntwo\\x9b", "Judge": "Zoë"}


PIECES = (
    '1|12|1,200|-|/|5/12/2011| kg| g |heroin|and|;|life|years|months|(|)|at least |+|Cat. |III|[|{|"|782|'
    "821A| part |é|²|\n|%|10-12|to |none|\ud800|\x1b|" + "1" * 3000 + "|" + "a" * 3000
).split("|")
NAMES = [*FIELDS, "drug", "quantity", "unit", "purity", "each", "rules.koons", "Notes"]


@given(st.sampled_from(NAMES), st.lists(st.sampled_from(PIECES), max_size=9).map("".join))
def test_any_text_is_read_or_refused_in_a_line(name, text):
    try:
        record = from_object({name: text})
    except CaseError as refused:
        assert refused.problems and all("\n" not in problem for problem in refused.problems)
    else:
        assert json.dumps([record.facts, record.extra], ensure_ascii=False).encode("utf-8")
