"""Lines in, lines out, without the command around it."""

from __future__ import annotations

import json

import pytest

from guidelines import CaseError, analyze_case
from sim.records.batch import answer_lines, from_cells, parse, unknown_columns

GOOD = {
    "case_id": "a",
    "total_offense_level": 29,
    "criminal_history_category": "II",
    "imposed_term_months": 97,
}


def test_a_bad_line_stops_no_other():
    lines = [(1, json.dumps(GOOD)), (4, "{"), (5, '{"case_id": "b", "acceptance": 9}'), (9, json.dumps(GOOD))]
    out, bad = answer_lines(lines)
    answers = [json.loads(line) for line in out]
    assert bad == [4, 5] and answers[0] == answers[3] == analyze_case(GOOD)
    assert answers[1]["error"]["line"] == 4 and answers[1]["case_id"] is None
    assert answers[2]["case_id"] == "b" and "acceptance: 9 given" in answers[2]["error"]["problems"][0]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "not JSON: Expecting property name enclosed in double quotes at column 2"),
        ('{"a":\n1,}', "at line 2, column 3"),
        ('{"a": 1, "b": 2, "a": 3}', "a given more than once; once is accepted"),
        ('{"rules": {"koons": "always", "koons": "never"}}', "koons given more than once"),
        ('{"a": NaN}', "NaN given; a number is accepted, or null"),
        ('{"a": -Infinity}', "-Infinity given"),
        ("[" * 100_000, "not readable"),
        ('{"a": ' + "1" * 5000 + "}", "not readable"),
        ('"\ud800"', "the text is not UTF-8; save it as UTF-8"),
    ],
)
def test_text_that_is_no_record(text, says):
    with pytest.raises(CaseError) as caught:
        parse(text)
    assert says in str(caught.value) and len(caught.value.problems) == 1


@pytest.mark.parametrize(
    ("name", "cell", "value"),
    [
        ("case_id", "007", "007"),
        ("sentenced_on", "2013-01-01", "2013-01-01"),
        ("criminal_history_category", "3", 3),
        ("criminal_history_category", "III", "III"),
        ("acceptance", "-3", -3),
        ("imposed_term_months", "life", "life"),
        ("imposed_term_months", " 97 ", 97),
        ("time_served_months", "12.5", 12.5),
        ("safety_valve", "Yes", True),
        ("safety_valve", "FALSE", False),
        ("amendments", "782, 821A", ["782", "821A"]),
        ("amendments", "[782]", [782]),
        ("table_range_months", "97-121", [97, 121]),
        ("table_range_months", "360–life", [360, "life"]),
        ("table_range_months", "life", "life"),
        ("table_range_months", "[97, 121]", [97, 121]),
        ("drugs", "heroin", [{"drug": "heroin"}]),
        (
            "drugs",
            "1.5 kg cocaine base; 20 g heroin",
            [
                {"drug": "cocaine base", "quantity": 1.5, "unit": "kg"},
                {"drug": "heroin", "quantity": 20, "unit": "g"},
            ],
        ),
        ("adjustments", '[{"section": "3C1.1"}]', [{"section": "3C1.1"}]),
        ("rules", '{"koons": "never"}', {"koons": "never"}),
    ],
)
def test_cells(name, cell, value):
    assert from_cells([name], [cell]) == {name: value}


def test_drug_columns_and_switches():
    columns = ["drug", "quantity", "unit", "rules.koons", "rules.life_minimum_months", "acceptance"]
    assert from_cells(columns, ["heroin", "1", "kg", "never", "470", ""]) == {
        "drugs": [{"drug": "heroin", "quantity": 1, "unit": "kg"}],
        "rules": {"koons": "never", "life_minimum_months": 470},
    }


def test_a_row_that_does_not_fit_the_header():
    with pytest.raises(CaseError, match="1 cells under 2 columns") as caught:
        from_cells(["case_id", "acceptance"], ["x"])
    assert caught.value.case_id == "x"


def test_columns_are_fields():
    assert unknown_columns(["case_id", "drug", "rules.koons"]) == []
    assert unknown_columns(["acceptence", "unit", "unit"]) == [
        "unknown column 'acceptence'; did you mean acceptance?",
        "column 'unit' is there twice",
    ]
