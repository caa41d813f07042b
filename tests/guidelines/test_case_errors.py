"""What cannot be: one line each, with section, edition, what was given and what would be accepted."""

from __future__ import annotations

import pytest

from guidelines import CaseError, analyze_case
from guidelines.case.fields import BAD, FIELDS

DRUG = {"drug": "heroin", "quantity": 1, "unit": "kg"}
E = "edition 2010-11-01"


@pytest.mark.parametrize(
    ("record", "says"),
    [
        ({"acceptance": -1}, f"§3E1.1 {E}, acceptance: -1 given; 0, -2 or -3 is accepted"),
        ({"acceptance": True}, f"§3E1.1 {E}, acceptance: True given; 0, -2 or -3 is accepted"),
        ({"mitigating_role": 2}, f"§3B1.2 {E}, mitigating_role: 2 given; 0, -2, -3 or -4 is accepted"),
        (
            {"base_offense_level": 44},
            f"§2D1.1(a) {E}, base_offense_level: 44 given; a whole number from 1 to 43",
        ),
        ({"total_offense_level": 12.5}, f"§1B1.1(a) {E}, total_offense_level: 12.5 given; a whole number"),
        (
            {"criminal_history_category": "VII"},
            f"§4A1.1 {E}, criminal_history_category: 'VII' given; I to VI",
        ),
        (
            {"criminal_history_points": -1},
            f"§4A1.1 {E}, criminal_history_points: -1 given; a whole number from 0",
        ),
        ({"imposed_term_months": 0}, f"§1B1.10(b) {E}, imposed_term_months: 0 given; 1 or more whole months"),
        (
            {"imposed_term_months": 9996},
            'imposed_term_months: 9996 given; 1 or more whole months up to 6000 or "life"',
        ),
        ({"imposed_term_months": "lief"}, f"§1B1.10(b) {E}, imposed_term_months: 'lief' given; 1 or more"),
        ({"safety_valve": "yes"}, f"§5C1.2 {E}, safety_valve: 'yes' given; true or false is accepted"),
        (
            {"table_range_months": [121, 97]},
            f"§5A {E}, table_range_months: [121, 97] given; two of whole months",
        ),
        (
            {"sentenced_on": "2012-02-30"},
            "§1B1.11 edition 2010-11-01, sentenced_on: '2012-02-30' given; a day such as",
        ),
        (
            {"sentenced_on": "20120201"},
            "sentenced_on: '20120201' given; a day such as 2015-11-01 is accepted",
        ),
        (
            {"sentenced_on": "1987-05-01"},
            "§2D1.1(c): 1987-05-01 is before the first Manual, 1987-11-01: no guideline sentence",
        ),
        ({"acceptence": -3}, "case record: unknown field 'acceptence'; did you mean acceptance?"),
        ({"amendments": 782}, "§1B1.10(d)"),
        ({"amendments": [7.82]}, "§1B1.10(d), amendments: 7.82 given; numbers such as 782"),
        ({"amendments": [782, 782]}, "§1B1.10(d), amendments: 782, 782 given; each once is accepted"),
        (
            {"amendments": [{"number": "x", "levels": -1}, {"levels": -1, "number": "x"}]},
            "each once is accepted",
        ),
        ({"amendments": ["78Z"]}, "§1B1.10(d): unknown amendment '78Z'; did you mean 782?"),
        ({"amendments": [821]}, "§1B1.10(d), amendments: 821 given; 821A or 821B would do"),
        ({"amendments": ["750A"]}, "§1B1.10(d), amendments: 750A given; 750 would do"),
        ({"amendments": ["0782"]}, "§1B1.10(d), amendments: 0782 given; 782 would do"),
        ({"amendments": ["²"]}, "§1B1.10(d), amendments: ² given; numbers such as 782 would do"),
        ({"sentenced_on": "2014-W44-6"}, "sentenced_on: '2014-W44-6' given; a day such as 2015-11-01"),
        (
            {"amendments": [379]},
            "§1B1.10(d): amendment 379: it is listed, but changes 2S1.3, which no drug case meets",
        ),
        ({"rules": {"kons": "never"}}, "rules: unknown switch 'kons'; did you mean koons?"),
        ({"rules": {"koons": "maybe"}}, "rules: koons 'maybe'; by_date or always or never is accepted"),
        (
            {"rules": []},
            "§1B1.10 edition 2010-11-01, rules: [] given; an object of named switches is accepted",
        ),
        ({"drugs": []}, f"§2D1.1(c) {E}, drugs: an empty list given; at least one"),
        (
            {"drugs": ["heroin"]},
            f"§2D1.1(c) {E}, drugs 1: 'heroin' given; {{drug, quantity, unit}} is accepted",
        ),
        (
            {"drugs": [{**DRUG, "drug": "herion"}]},
            f"§2D1.1 {E}: unknown drug 'herion'; did you mean Heroin? (drugs 1)",
        ),
        (
            {"drugs": [{**DRUG, "quantity": -1}]},
            f"§2D1.1(c) {E}, drugs 1: quantity -1 given; a number of zero or more",
        ),
        ({"drugs": [{**DRUG, "quantity": float("nan")}]}, "quantity nan given; a number of zero or more"),
        ({"drugs": [{**DRUG, "unit": "kgs"}]}, f"§2D1.1 {E}: unknown unit 'kgs'; did you mean kg? (drugs 1)"),
        ({"drugs": [{**DRUG, "unit": None}]}, f"§2D1.1(c) {E}, drugs 1: unit None given; mg, g, kg, lb, oz"),
        ({"drugs": [{**DRUG, "unit": "plants"}]}, f"§2D1.1 {E}: Heroin is not counted in plants; give g"),
        (
            {"drugs": [{**DRUG, "pur1ty": 1}]},
            f"§2D1.1(c) {E}, drugs 1: unknown field 'pur1ty'; did you mean purity?",
        ),
        (
            {"drugs": [{"drug": "heroin"}]},
            "drugs: heroin without a quantity; give quantity and unit, or base_offense_level",
        ),
        (
            {"adjustments": [{"section": "2D1.1(b)(99)", "levels": 2}]},
            f"§2D1.1(b)(99) {E}, adjustments: no such section",
        ),
        (
            {"adjustments": [{"section": "2D1.1(b)(1)", "levels": 3}]},
            f"§2D1.1(b)(1) {E}, adjustments: 3 levels given; 2",
        ),
        (
            {"adjustments": [{"section": "3E1.1", "levels": -3}]},
            f"§3E1.1 {E}, adjustments: belongs elsewhere; give acceptance",
        ),
        (
            {"adjustments": [{"section": "3A1.4", "levels": 12}]},
            "§3A1.4 edition 2010-11-01, adjustments: belongs elsewhere",
        ),
        (
            {"adjustments": [{"levels": 2}]},
            "adjustments 1: section None given; text such as 2D1.1(b)(1) is accepted",
        ),
        (
            {"adjustments": [{"section": "3C1.1", "levels": "2"}]},
            "adjustments 1: levels '2' given; a whole number",
        ),
        (
            {"adjustments": [{"section": "2D1.1(b)(13)(A)"}, {"section": "2D1.1(b)(13)(C)"}]},
            f"§2D1.1(b)(13) {E}, adjustments: 2D1.1(b)(13)(A) and 2D1.1(b)(13)(C) given; the greatest",
        ),
    ],
)
def test_impossible_values(record, says):
    with pytest.raises(CaseError) as caught:
        analyze_case(record)
    assert len(caught.value.problems) == 1
    assert says in caught.value.problems[0]


@pytest.mark.parametrize(
    ("record", "says"),
    [
        (
            {"status_points": 2, "criminal_history_points": 1},
            "status_points: 2 given with criminal_history_points 1",
        ),
        (
            {"status_points": 1, "criminal_history_points": 3},
            "status_points: 1 given with 2 other points; 0 or 2",
        ),
        (
            {"statutory_minimum_months": 240, "statutory_maximum_months": 120},
            f"§5G1.1 {E}, statutory_minimum_months: 240 given with statutory_maximum_months 120; a min",
        ),
        (
            {"manual_edition": "2013-11-01", "sentenced_on": "2013-10-31"},
            "manual_edition: 2013-11-01 given with",
        ),
        ({"sentenced_on": "2013-06-01", "sentence_began_on": "2013-05-01"}, "jail_credit_days"),
        (
            {"sentenced_on": "2016-06-01", "order_effective_on": "2015-11-01"},
            "given with order_effective_on 2015-11-01",
        ),
        (
            {"drugs": [DRUG], "converted_weight_kg": 1000},
            f"§2D1.1 n.8(D) {E}, converted_weight_kg: given together",
        ),
        (
            {"table_range_months": [97, 121], "guideline_range_months": [120, 121]},
            f"§5G1.1 {E}, guideline_range_months: 120-121 given with table_range_months 97-121; the same",
        ),
        (
            {"table_range_months": [70, 88]},
            "§5A edition 1992-11-01: no cell of the Sentencing Table gives "
            "table_range_months 70-88; the nearest range is 70-87",
        ),
        (
            {"total_offense_level": 10, "table_range_months": [70, 87]},
            "total_offense_level 10, table_range_months 70-87",
        ),
        ({"imposed_term_months": 5000, "consecutive_term_months": 2000}, "together up to 6000 is accepted"),
        (
            {"drugs": [DRUG, {"drug": "cocaine"}], "base_offense_level": 32},
            "some with and some without a quantity",
        ),
    ],
)
def test_contradictions(record, says):
    with pytest.raises(CaseError) as caught:
        analyze_case(record)
    assert len(caught.value.problems) == 1
    assert says in caught.value.problems[0]


def test_all_problems_at_once():
    record = {
        "case_id": 12,
        "acceptance": -1,
        "acceptence": -3,
        "drugs": [{"drug": "herion", "quantity": -1, "unit": 7}],
        "adjustments": [{"section": "9Z9.9"}],
        "statutory_minimum_months": 240,
        "statutory_maximum_months": 120,
    }
    with pytest.raises(CaseError) as caught:
        analyze_case(record)
    assert caught.value.case_id == "12"
    told = "\n".join(caught.value.problems)
    for word in (
        "acceptance: -1",
        "'acceptence'",
        "'herion'",
        "quantity -1",
        "unit 7",
        "9Z9.9",
        "minimum up to",
    ):
        assert word in told
    assert str(caught.value) == told and len(caught.value.problems) == 7


@pytest.mark.parametrize("record", [[], "text", 7, None, True])
def test_a_record_is_an_object(record):
    with pytest.raises(CaseError, match="an object of fields is accepted"):
        analyze_case(record)


def test_null_says_that_it_is_not_known():
    assert analyze_case({"base_offense_level": None, "total_offense_level": 30}) == analyze_case(
        {"total_offense_level": 30}
    )


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("converted_weight_kg", 0, 1_000_000_000), ("cross_reference_level", 1, 43),
        ("base_offense_level", 1, 43), ("total_offense_level", 1, 99), ("other_group_level", 1, 60),
        ("criminal_history_points", 0, 999), ("override_offense_level", 1, 43),
        ("statutory_minimum_months", 0, 6_000), ("statutory_maximum_months", 1, 9_995),
        ("offense_statutory_maximum_months", 1, 9_995), ("firearm_term_months", 1, 6_000),
        ("imposed_term_months", 1, 6_000), ("imposed_term_days", 0, 31),
        ("consecutive_term_months", 0, 6_000), ("assistance_percent_only", 0, 100),
        ("jail_credit_days", 0, 100_000), ("good_time_disallowed_days", 0, 100_000),
        ("program_days", 0, 100_000), ("time_served_months", 0, 6_000),
    ],
)  # fmt: skip
def test_both_ends_of_a_number_are_accepted_and_nothing_beyond(name, first, last):
    check = FIELDS[name].check
    assert [check(first), check(last)] == [first, last]
    assert check(first - 1) is BAD and check(last + 1) is BAD
