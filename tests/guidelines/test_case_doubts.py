"""Nothing doubtful passes in silence: each kind stands in the warnings, or is refused in one line."""

import pytest

from guidelines import CaseError, analyze_case, analyze_cases
from guidelines.case.decision import sentence
from guidelines.tables import reference
from guidelines.usc21_841_mandatory_minimum import statutory_terms

HEROIN = {"drugs": [{"drug": "heroin", "quantity": 20, "unit": "g"}], "criminal_history_category": "I"}
LEVEL = {"total_offense_level": 25, "criminal_history_category": "I", "statutory_minimum_months": 0}
BASE = {"base_offense_level": 32, "acceptance": -3, "criminal_history_category": "I",
        "statutory_minimum_months": 120, "sentenced_on": "2012-01-15"}  # fmt: skip
VALVE = {**BASE, "safety_valve": True, "imposed_term_months": 87}


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ({**HEROIN, "imposed_term_months": 299}, "above 240, the maximum of this quantity"),
        ({**HEROIN, "imposed_term_months": 40}, "lies above the range of 27-33 months"),
        ({**LEVEL, "imposed_term_months": "life"}, "the term of life lies above the range of 57-71"),
        ({**LEVEL, "imposed_term_months": 72}, "lies above the range of 57-71"),
        (
            {"guideline_range_months": [57, 71], "statutory_minimum_months": 0, "imposed_term_months": 72},
            "lies above the range of 57-71",
        ),
        ({**HEROIN, "statutory_minimum_months": 60, "imposed_term_months": 60}, "60 months is no minimum of"),
        ({**LEVEL, "substantial_assistance": True, "imposed_term_months": 60}, "is not below the range"),
        ({**LEVEL, "imposed_term_months": 60, "sentence_began_on": "2014-01-01", "jail_credit_days": 9000},
         "more than the term"),
        (
            {"total_offense_level": 34, "career_offender": True, "override_offense_level": 34,
             "criminal_history_category": "II", "imposed_term_months": 262},
            "category II is recorded for a career offender",
        ),
        (
            {"total_offense_level": 34, "career_offender": True, "override_offense_level": 34,
             "criminal_history_points": 0, "imposed_term_months": 262},
            "without criminal history points",
        ),
        (
            {"drugs": [{"drug": "heroin", "quantity": 15, "unit": "g"}], "criminal_history_category": "I",
             "sentenced_on": "2012-06-01", "acceptance": -3, "imposed_term_months": 12},
            "the third level needs 16 before it, the amendment leaves 14",
        ),
        ({**VALVE, "firearm_term_months": 60}, "a firearm count is recorded beside the safety valve"),
        ({**VALVE, "adjustments": [{"section": "2D1.1(b)(1)"}]}, "a weapon increase"),
        ({**VALVE, "adjustments": [{"section": "3B1.1(c)"}]}, "an aggravating role"),
        ({**VALVE, "career_offender": True, "statutory_maximum_months": 480}, "no score of this category"),
        (
            {**LEVEL, "sentenced_on": "1993-05-01", "safety_valve": True, "imposed_term_months": 60},
            "the safety valve came on 1994-09-23",
        ),
        (
            {**HEROIN, "sentenced_on": "2012-01-15", "manual_edition": "2006-11-01", "amendments": [706, 782],
             "imposed_term_months": 30},
            "amendment 706 came before the day of sentencing",
        ),
        (
            {"drugs": [{"drug": "ephedrine", "quantity": 3, "unit": "kg"}], "sentenced_on": "2003-06-01",
             "criminal_history_category": "I", "imposed_term_months": 235},
            "its chemical tables are not held",
        ),
    ],
)  # fmt: skip
def test_a_doubtful_fact_stands_in_the_warnings(record, told):
    answer = analyze_case(record)
    assert sum(told in line for line in answer["warnings"]) == 1, answer["warnings"]


@pytest.mark.parametrize(
    "record",
    [
        {**LEVEL, "imposed_term_months": 71},
        {**LEVEL, "statutory_minimum_months": 120, "imposed_term_months": 120},
        {**HEROIN, "statutory_minimum_months": 240, "imposed_term_months": 240},  # after a death
        {**LEVEL, "substantial_assistance": True, "imposed_term_months": 50},
        {**VALVE},
        {
            "drugs": [{"drug": "ice", "quantity": 45, "unit": "g"}],
            "criminal_history_category": "I",
            "statutory_minimum_months": 60,
            "imposed_term_months": 97,
            "sentenced_on": "2013-02-01",
        },
        {
            "drugs": [{"drug": "marihuana plants", "quantity": 300, "unit": "plants"}],
            "amendments": [],
            "criminal_history_category": "I",
            "statutory_minimum_months": 60,
            "imposed_term_months": 60,
            "sentenced_on": "2003-02-01",
        },
    ],
)
def test_an_ordinary_record_has_no_warning(record):
    assert analyze_case(record)["warnings"] == []


GAPS = {
    "N06": {"sentenced_on": "1990-06-01", "amendments": [], "imposed_term_months": 70,
            "drugs": [{"drug": "methamphetamine", "quantity": 200, "unit": "g"}]},
    "N07": {"sentenced_on": "1995-12-01", "amendments": [782], "imposed_term_months": 200,
            "drugs": [{"drug": "cocaine", "quantity": 6, "unit": "kg"}]},
    "N08": {"sentenced_on": "1996-06-01", "amendments": [782], "imposed_term_months": 33,
            "drugs": [{"drug": "Schedule III substances", "quantity": 30_000, "unit": "units"}]},
    "N14": {"sentenced_on": "1989-03-01", "amendments": [126], "order_effective_on": "1990-05-01",
            "drugs": [{"drug": "fentanyl", "quantity": 100, "unit": "g"}], "imposed_term_months": 90},
}  # fmt: skip


@pytest.mark.parametrize("gap", GAPS)
def test_law_that_is_not_held_is_said_where_it_bears_on_the_case_and_nowhere_else(gap):
    what = next(row["what"] for row in reference("law_not_held") if row["id"] == gap)
    record = {**GAPS[gap], "criminal_history_category": "I"}
    assert sum(what in line for line in analyze_case(record)["warnings"]) == 1
    later = {**record, "sentenced_on": "2007-11-15", "amendments": [], "order_effective_on": None}
    assert not any("Not held" in line for line in analyze_case(later)["warnings"])


def test_terms_after_priors_or_a_death_are_refused_until_they_were_read():
    assert statutory_terms("heroin", 10, "1995-12-01", priors=1)[1] == 360  # Amendment 506 prints it
    for more in ({"priors": 1}, {"death_or_serious_injury": True}):
        with pytest.raises(ValueError, match="held from 2006-11-01"):
            statutory_terms("heroin", 1000, "1995-12-01", **more)
    assert statutory_terms("heroin", 1000, "2006-11-01", priors=1)[0] == 240


def test_a_minimum_by_priors_is_a_doubt_before_its_terms_were_read_too():
    found = analyze_case(
        {"sentenced_on": "1995-12-01", "criminal_history_category": "I", "amendments": [706],
         "drugs": [{"drug": "crack", "quantity": 60, "unit": "g"}], "imposed_term_months": 240}
    )  # fmt: skip
    assert found["eligible"] is None and "statutory_minimum_months" in found["decides"]


@pytest.mark.parametrize(
    ("sentenced", "amendments", "eligible"),
    [
        ("2014-10-31", [782], True),
        ("2014-11-01", [782], False),
        ("2016-03-01", [782], False),
        ("2016-03-01", ["821A"], False),  # no status points
    ],
)
def test_only_a_range_lowered_after_sentencing_counts(sentenced, amendments, eligible):
    record = {**LEVEL, "sentenced_on": sentenced, "manual_edition": "2013-11-01", "amendments": amendments,
              "imposed_term_months": 60, "criminal_history_points": 1, "status_points": 0}  # fmt: skip
    answer = analyze_case(record)
    assert answer["eligible"] is eligible
    assert (answer["code"] == "amendment_already_applied") is (amendments == [782] and not eligible)


def test_an_order_of_before_march_2008_knows_no_limit():
    record = {**LEVEL, "sentenced_on": "1993-12-01", "imposed_term_months": 60, "amendments": [505]}
    record |= {"drugs": [{"drug": "heroin", "quantity": 120, "unit": "kg"}], "acceptance": -3}
    record |= {"total_offense_level": 37, "imposed_term_months": 210}
    early, late = analyze_cases({**record, "order_effective_on": day} for day in ("2008-03-02", "2008-03-03"))
    assert (early["floor_is_limit"], late["floor_is_limit"]) == (False, True)
    assert early["floor_months"] == late["floor_months"] == 168
    assert "no limit" in sentence(early) and "not below" not in sentence(early)
    assert "not below 168 months" in sentence(late)


@pytest.mark.parametrize(
    ("record", "line"),
    [
        ({**LEVEL, "amendments": [int("1" * 300)]}, "numbers such as 782 would do"),
        ({"case_id": "x" * 200_000}, "text of up to 500 letters is accepted"),
        ({**LEVEL, "acceptance": -3, "sentenced_on": "1992-05-01"}, "0 and -2 (no third level yet)"),
        (
            {"total_offense_level": 4, "criminal_history_category": "II", "sentenced_on": "1988-03-01",
             "amendments": []},
            "total offense level: 4 given; cells of levels 1 to 5",
        ),
    ],
)  # fmt: skip
def test_a_refusal_of_one_record_counts_no_rows_and_prints_no_page(record, line):
    with pytest.raises(CaseError) as refused:
        analyze_case(record)
    (told,) = refused.value.problems
    assert line in told and "row" not in told and len(told) <= 1003
    assert refused.value.case_id is None


def test_a_base_level_no_row_gives_with_the_role_is_a_clash_that_says_what_would_do():
    record = {"base_offense_level": 32, "mitigating_role": -2, "acceptance": -3, "imposed_term_months": 70,
              "criminal_history_category": "I", "sentenced_on": "2012-12-01"}  # fmt: skip
    answer = analyze_case(record)
    assert answer["code"] == "record_inconsistent"
    assert answer["clashes"] == [
        "base offense level 32 is recorded, no row gives it with a mitigating role of -2 (§2D1.1(a)(5)); "
        "give the level after the cap: 30 where 32 is the row before the cap"
    ]
    assert analyze_case({**record, "base_offense_level": 30})["code"] != "record_inconsistent"


BELOW = {
    "sentenced_on": "2012-07-13",
    "drugs": [{"drug": "ice", "quantity": 400, "unit": "g"}],
    "acceptance": -3,
    "criminal_history_category": "I",
    "statutory_minimum_months": 120,
    "imposed_term_months": 100,
}


@pytest.mark.parametrize(
    ("more", "eligible", "decides"),
    [
        ({}, None, ["substantial_assistance", "safety_valve"]),
        ({"substantial_assistance": False}, None, ["safety_valve"]),
        ({"safety_valve": False}, None, ["substantial_assistance"]),
        ({"substantial_assistance": False, "safety_valve": False}, False, []),
        ({"safety_valve": True}, True, []),
        ({"substantial_assistance": True}, True, []),
        ({"substantial_assistance": True, "below_minimum_authority": False}, None, ["safety_valve"]),
        # A score of category II passes the safety valve only since 21 December 2018.
        ({"substantial_assistance": False, "criminal_history_category": "II"}, False, []),
        ({"criminal_history_category": "II"}, None, ["substantial_assistance"]),
    ],
)
def test_what_allowed_a_term_below_the_minimum_is_asked_for_and_never_presumed(more, eligible, decides):
    answer = analyze_case(BELOW | more)
    assert answer["eligible"] is eligible and answer["decides"] == decides
    clash = any("neither a motion nor the safety valve allowed it" in line for line in answer["warnings"])
    assert clash == (eligible is False)


def test_a_total_far_below_a_cross_reference_is_no_sign_that_it_played_no_part():
    """§2D1.1(d) takes the greater level: 38 leaves no total of 27, so one of the two is wrong."""
    record = {"sentenced_on": "2011-05-12", "criminal_history_category": "III", "imposed_term_months": 97}
    for found in ({"total_offense_level": 27}, {"guideline_range_months": [87, 108]}):
        assert analyze_case(record | found)["eligible"] is True
        answer = analyze_case(record | found | {"cross_reference_level": 38})
        assert answer["eligible"] is None and answer["decides"] == ["base_offense_level"]
