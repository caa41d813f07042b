"""Partial records: everything that follows from them, what was assumed, what is missing."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from guidelines import CaseError, Manual, analyze_case, guideline_range
from guidelines.case.columns import served_months
from guidelines.tables import LIFE


def months(value):
    return LIFE if value == "life" else value


@pytest.mark.parametrize("level", range(1, 43))
@pytest.mark.parametrize("category", range(1, 7))
def test_level_category_and_term_give_the_decision(level, category):
    answer = analyze_case(
        {
            "total_offense_level": level,
            "criminal_history_category": category,
            "imposed_term_months": "life",
            "statutory_minimum_months": 0,
        }
    )
    manual = Manual.on("2013-11-01")
    before, after = (
        tuple(int(end) for end in guideline_range(max(at, 1), category, manual)) for at in (level, level - 2)
    )
    assert tuple(map(months, answer["original"]["guideline_range_months"])) == before
    assert tuple(map(months, answer["amended"]["guideline_range_months"])) == after
    assert answer["code"] == ("range_not_lowered" if before == after else "eligible")
    if before != after:
        assert months(answer["floor_months"]) == after[0]
    assert any(
        line.startswith("base_offense_level: from the Drug Quantity Table") for line in answer["assumed"]
    )


def test_a_level_of_43_may_have_been_more():
    answer = analyze_case(
        {"total_offense_level": 43, "criminal_history_category": "I", "imposed_term_months": "life"}
    )
    assert (answer["code"], answer["amended"]["table_range_months"]) == (None, None)
    assert answer["missing"][0].startswith("base_offense_level and adjustments (a level above 43")


@pytest.mark.parametrize(
    ("found", "amended", "code"),
    [
        ([70, 87], [57, 71], "eligible"),
        ([97, 121], [78, 97], "eligible"),
        ([0, 6], [0, 6], "range_not_lowered"),
    ],
)
def test_a_range_and_a_term_are_enough_where_every_cell_with_it_moves_alike(found, amended, code):
    answer = analyze_case({"table_range_months": found, "imposed_term_months": 80})
    assert (answer["amended"]["table_range_months"], answer["code"]) == (amended, code)
    assert answer["original"]["total_offense_level"] is None
    assert answer["original"]["criminal_history_category"] is None


def test_a_range_that_moves_differently_by_category_needs_it():
    moving = {"table_range_months": [360, "life"], "imposed_term_months": 400}
    answer = analyze_case(moving)
    assert answer["eligible"] is None and {"criminal_history_category", "total_offense_level"} <= {
        *answer["decides"]
    }
    assert analyze_case({**moving, "criminal_history_category": "VI"})["missing"][0] == "total_offense_level"
    whole = analyze_case({**moving, "criminal_history_category": "VI", "total_offense_level": 42})
    assert whole["code"] == "range_not_lowered"
    assert (
        analyze_case({**moving, "criminal_history_category": "VI", "total_offense_level": 37})["code"]
        == "eligible"
    )


def test_an_applicable_range_leads_back_to_the_table():
    limits = {
        "guideline_range_months": [120, 135],
        "statutory_minimum_months": 120,
        "imposed_term_months": 125,
    }
    answer = analyze_case(limits)
    assert answer["original"]["table_range_months"] == [108, 135]
    assert answer["amended"]["guideline_range_months"] == [120, 120]
    hidden = analyze_case({**limits, "guideline_range_months": [120, 120], "imposed_term_months": 120})
    assert hidden["code"] == "already_at_statutory_minimum"  # whatever table range lay behind it
    assert hidden["original"]["table_range_months"] is None
    valve = analyze_case({**limits, "guideline_range_months": [108, 135], "safety_valve": True})
    assert valve["amended"]["guideline_range_months"] == [87, 108]


def test_only_drugs():
    answer = analyze_case({"drugs": [{"drug": "crack", "quantity": 28, "unit": "g"}]})
    assert (answer["original"]["base_offense_level"], answer["amended"]["base_offense_level"]) == (26, 24)
    assert answer["original"]["guideline_range_months"] is None
    assert answer["worksheet"][0]["note"] == "28 g Cocaine Base: row from 28 g"
    assert "criminal_history_category or criminal_history_points" in answer["missing"]
    assert "imposed_term_months" in answer["missing"]


@pytest.mark.parametrize(
    ("kilograms", "levels"), [(99.999, (24, 22)), (100, (26, 24)), (30_000, (38, 36)), (90_000, (38, 38))]
)
def test_only_a_converted_weight(kilograms, levels):
    answer = analyze_case({"converted_weight_kg": kilograms})
    assert (answer["original"]["base_offense_level"], answer["amended"]["base_offense_level"]) == levels


def test_only_points():
    answer = analyze_case({"criminal_history_points": 8, "status_points": 2, "amendments": ["821A"]})
    assert (
        answer["original"]["criminal_history_category"],
        answer["amended"]["criminal_history_category"],
    ) == ("IV", "III")
    assert [line["step"] for line in answer["worksheet"]] == [
        "criminal_history_points",
        "criminal_history_category",
    ]
    assert answer["code"] is None and answer["missing"]


def test_career_offender_without_a_maximum_is_not_guessed():
    record = {"base_offense_level": 32, "acceptance": -3, "career_offender": True, "imposed_term_months": 200}
    answer = analyze_case(record)
    assert answer["original"]["criminal_history_category"] == "VI"
    assert answer["original"]["total_offense_level"] is None and answer["code"] is None
    assert answer["missing"][0] == "statutory_maximum_months or override_offense_level"
    assert analyze_case({**record, "statutory_maximum_months": 480})["code"] == "career_offender"
    assert analyze_case({**record, "override_offense_level": 34})["code"] == "career_offender"


def test_an_armed_career_criminal_needs_the_level():
    answer = analyze_case(
        {"base_offense_level": 32, "criminal_history_category": "VI", "armed_career_criminal": True}
    )
    assert answer["missing"] == [
        "override_offense_level",
        "imposed_term_months",
        "sentence_began_on (for the release dates)",
    ]


def test_base_and_total_leave_the_adjustments_as_they_were():
    """Adjustments that are not itemised are what lies between the two, and stay (§1B1.10(b)(1))."""
    record = {
        "base_offense_level": 36,
        "total_offense_level": 35,
        "criminal_history_category": "II",
        "imposed_term_months": 200,
    }
    answer = analyze_case(record)
    assert (answer["amended"]["total_offense_level"], answer["code"], answer["floor_months"]) == (
        33,
        "eligible",
        151,
    )
    assert any(line.startswith("adjustments and acceptance: what lies between") for line in answer["assumed"])
    assert analyze_case({**record, "acceptance": -3})["floor_months"] == 151  # +2 were not itemised
    itemised = analyze_case({**record, "acceptance": -3, "adjustments": []})
    assert itemised["code"] == "record_inconsistent"
    assert any("35 recorded, 33 from the other facts" in line["note"] for line in itemised["worksheet"])


@pytest.mark.parametrize(
    ("amendments", "given", "needed"),
    [
        (["821A"], {}, ["criminal_history_points", "status_points"]),
        (["821A"], {"criminal_history_points": 8}, ["status_points"]),
        (["821B"], {"criminal_history_points": 0}, ["zero_point_offender_excluded"]),
        (["821B"], {"criminal_history_points": 1}, []),
        ([750], {}, ["base_offense_level or drugs"]),
    ],
)
def test_what_the_amendment_turns_on_is_not_assumed(amendments, given, needed):
    record = {"total_offense_level": 28, "imposed_term_months": 150, "amendments": amendments}
    if "criminal_history_points" not in given:
        record["criminal_history_category"] = "II"
    answer = analyze_case({**record, **given})
    lacking = [name for name in answer["missing"] if not name.startswith("sentence_began_on")]
    assert lacking == needed
    assert (answer["code"] is None) == bool(needed)


def test_what_no_open_fact_can_change_is_decided():
    """Status points bring category I with or without the two levels of §4C1.1; only the floor hangs on it."""
    record = {
        "total_offense_level": 28, "imposed_term_months": 87, "amendments": ["821A", "821B"],
        "criminal_history_points": 2, "status_points": 2,
    }  # fmt: skip
    answer = analyze_case(record)
    assert answer["eligible"] and answer["floor_months"] is None
    floors = {tuple(branch["if"]["zero_point_offender_excluded"]): branch["floor_months"]
              for branch in answer["branches"]}  # fmt: skip
    assert floors == {(True,): 78, (False,): 63}


def test_without_a_term_what_does_not_hang_on_it_is_decided():
    answer = analyze_case(
        {"drugs": [{"drug": "heroin", "quantity": 90, "unit": "kg"}], "criminal_history_category": "I"}
    )
    assert (answer["code"], answer["eligible"]) == ("quantity_above_top_threshold", False)
    lowered = analyze_case({"base_offense_level": 32, "criminal_history_category": "I"})
    assert (lowered["code"], lowered["floor_months"]) == (None, 97)
    assisted = analyze_case(
        {"base_offense_level": 32, "criminal_history_category": "I", "substantial_assistance": True}
    )
    assert assisted["floor_months"] is None


def test_a_share_of_assistance_that_is_needed_is_asked_for():
    record = {
        "total_offense_level": 34,
        "criminal_history_category": "I",
        "substantial_assistance": True,
        "rules": {"assistance_share": "assistance_only"},
    }
    answer = analyze_case({**record, "imposed_term_months": 90})
    assert answer["code"] is None and answer["missing"][0] == "assistance_percent_only"
    assert analyze_case({**record, "imposed_term_months": 160})["code"] == "eligible"


def test_the_manual_is_the_one_of_the_day_of_sentencing():
    crack = {"drugs": [{"drug": "crack", "quantity": 50, "unit": "g"}], "amendments": []}
    levels = {
        day: analyze_case({**crack, "sentenced_on": day})["original"]["base_offense_level"]
        for day in ("2007-10-31", "2007-11-01", "2010-10-31", "2010-11-01", "2014-11-01")
    }
    assert levels == {
        "2007-10-31": 32,
        "2007-11-01": 30,
        "2010-10-31": 30,
        "2010-11-01": 26,
        "2014-11-01": 24,
    }
    ex_post_facto = analyze_case({**crack, "sentenced_on": "2011-05-01", "manual_edition": "2007-11-01"})
    assert ex_post_facto["original"]["base_offense_level"] == 30
    assert not [line for line in ex_post_facto["assumed"] if line.startswith("manual_edition")]


def test_no_day_means_the_last_manual_before_the_amendment():
    answer = analyze_case({"base_offense_level": 32})
    assert answer["assumed"][0] == "manual_edition: 2010-11-01, the last before the amendment"
    assert answer["edition"]["original"] == "2010-11-01"


@pytest.mark.parametrize("sentenced", ["2007-01-08", "2008-06-02", "2009-12-01", "2012-05-01"])
def test_a_level_of_an_older_manual_falls_by_what_the_amendment_itself_takes_off(sentenced):
    """Cocaine base falls by more under the older Manuals; that is said, not mixed in."""
    record = {"sentenced_on": sentenced, "total_offense_level": 29, "criminal_history_category": "I"}
    answer = analyze_case({**record, "imposed_term_months": 100})
    assert (answer["code"], answer["amended"]["total_offense_level"]) == ("eligible", 27)
    assert any("a row that amendment 782 lowers by 2 levels" in line for line in answer["assumed"])


@pytest.mark.parametrize(
    ("began", "jail", "order", "months"),
    [
        ("2010-05-01", 0, "2015-11-01", 66),
        ("2010-05-02", 0, "2015-11-01", 65 + 30 / 31),
        ("2010-05-01", 30, "2015-11-01", 67),
        ("2010-04-30", 0, "2015-11-01", 66 + 2 / 31),
        ("2015-11-02", 0, "2015-11-01", 0),
        ("NaT", 0, "2015-11-01", 0),
    ],
)
def test_months_served_on_the_day_of_the_order(began, jail, order, months):
    days = np.array([began, began], dtype="datetime64[D]"), np.array([jail, jail])
    served = served_months(*days, np.array([order, order], dtype="datetime64[D]"))
    assert served.tolist() == pytest.approx([months, months])


def test_a_total_that_already_holds_two_levels_of_4c1_1():
    record = {
        "manual_edition": "2024-01-01",
        "amendments": [],
        "base_offense_level": 30,
        "criminal_history_points": 0,
    }
    answer = analyze_case({**record, "zero_point_offender_excluded": False, "total_offense_level": 25})
    assert answer["original"]["total_offense_level"] == 25
    (net,) = [line for line in answer["worksheet"] if line["step"] == "chapter_three_adjustments"]
    assert net["original"] == -3


def test_an_override_is_shown_in_the_original_analysis_alone():
    record = {
        "base_offense_level": 30,
        "career_offender": True,
        "override_offense_level": 34,
        "amendments": [],
    }
    (line,) = [each for each in analyze_case(record)["worksheet"] if each["step"] == "override_offense_level"]
    assert (line["original"], line["amended"]) == (34, None)


def test_days_may_be_dates_and_whole_numbers_may_be_floats():
    record = {"total_offense_level": 29.0, "criminal_history_category": "II", "imposed_term_months": 97.0}
    by_text = analyze_case({**record, "sentenced_on": "2013-01-07"})
    assert analyze_case({**record, "sentenced_on": date(2013, 1, 7)}) == by_text
    assert analyze_case({**record, "case_id": 7})["case_id"] == "7"


@pytest.mark.parametrize(
    ("record", "says"),
    [
        (
            {
                "guideline_range_months": [120, 150],
                "statutory_minimum_months": 120,
                "criminal_history_category": "I",
            },
            "no cell of the Sentencing Table after the statutory limits gives criminal_history_category I, "
            "guideline_range_months 120-150, statutory limits 120-life; the nearest range is",
        ),
        ({"table_range_months": "live"}, "table_range_months: 'live' given"),
        (
            {"drugs": [{"drug": " ", "quantity": 1, "unit": "g"}]},
            "drugs 1: drug ' ' given; a name of the Manual",
        ),
        ({"case_id": 1.5}, "case record, case_id: 1.5 given; text of up to 500 letters is accepted"),
    ],
)
def test_no_such_cell_or_value(record, says):
    record = {"manual_edition": "2013-11-01", **record}
    with pytest.raises(CaseError) as caught:
        analyze_case(record)
    assert says.removeprefix("case record, ") in str(caught.value)


def test_life_as_a_range():
    answer = analyze_case({"table_range_months": "life", "amendments": []})
    assert answer["original"]["guideline_range_months"] == ["life", "life"]


def test_821b_without_points_asks_for_them():
    record = {"total_offense_level": 28, "criminal_history_category": "I", "imposed_term_months": 87}
    answer = analyze_case({**record, "amendments": ["821B"]})
    assert answer["missing"][0] == "criminal_history_points" and answer["code"] is None
    barred = analyze_case(
        {**record, "amendments": ["821B"], "criminal_history_points": 0, "zero_point_offender_excluded": True}
    )
    assert barred["code"] == "range_not_lowered"
    some = analyze_case(
        {
            **record,
            "amendments": ["821B"],
            "criminal_history_points": 1,
            "zero_point_offender_excluded": False,
        }
    )
    assert some["code"] == "range_not_lowered"
