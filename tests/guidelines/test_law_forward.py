"""Law of 2018 to 2025, and law that real records need: examples with their sources."""

from __future__ import annotations

import csv
import lzma

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from guidelines import CaseError, Manual, analyze_case, statutory_terms, worksheet
from guidelines.errors import ImpossibleValue, ManualNotRead, UnknownName
from guidelines.s2d1_1_characteristics import death_base_level
from guidelines.s2d1_1_drug_quantity import mitigating_role_cap, quantity_base_level
from guidelines.s2d1_1_purity import counted_form
from guidelines.s4_criminal_history import zero_point_bar
from guidelines.s4b1_1_firearm_count import other_counts_range, range_with_firearm_count
from guidelines.s5c1_2_safety_valve import meets_safety_valve, printed_criteria_day
from guidelines.tables import LIFE, edition, editions
from guidelines.usc18_924_firearm_terms import firearm_term_months

Y2013, Y2018, Y2024, Y2025 = (
    Manual.on(day) for day in ("2013-11-01", "2018-11-01", "2024-11-01", "2025-12-01")
)


def lines(name, begin):
    """Rows of an edition without source and certainty, by their first two cells."""
    told = ("source", "certainty")
    return {
        tuple(row.values())[:2]: {k: v for k, v in row.items() if k not in told}
        for row in edition(name, begin)
    }


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        # 818: misrepresented fentanyl gets letters and a second line; 817 conforms the safety valve's words.
        ("2018-11-01", "2023-11-01", {"(b)(13)", "(b)(13)(A)", "(b)(13)(B)", "(b)(18)"}),
        # 833: the mental state of (b)(13)(B), the words "minimal participant" of (b)(17); no level moves.
        ("2023-11-01", "2025-11-01", {"(b)(13)(A)", "(b)(13)(B)", "(b)(17)"}),
    ],
)
def test_characteristics_differ_only_where_the_amendment_says(old, new, changed):
    before, after = (lines("specific_offense_characteristics", begin) for begin in (old, new))
    differ = {key[0] for key in {*before, *after} if before.get(key) != after.get(key)}
    assert {section.removeprefix("2D1.1") for section in differ} == changed
    if new == "2025-11-01":
        levels = [
            {k[0]: (r["levels"], r["floor_level"]) for k, r in sheet.items()} for sheet in (before, after)
        ]
        assert levels[0] == levels[1]


def test_only_the_reckless_disregard_line_of_2025_rests_on_a_secondary_source():
    rows = edition("specific_offense_characteristics", "2025-11-01").select(certainty="secondary")
    assert [row["section"] for row in rows] == ["2D1.1(b)(13)(B)"]


def test_base_levels_for_death_are_tied_to_the_statutory_term_from_2024():
    findings = (
        "mandatory_life",
        "twenty_years_to_life",
        "schedule_iii_thirty_years",
        "schedule_iii_fifteen_years",
    )
    assert [death_base_level(finding, Y2024) for finding in findings] == [43, 38, 30, 26]
    with pytest.raises(UnknownName, match="2024-11-01: no finding 'death_or_serious_injury'"):
        death_base_level("death_or_serious_injury", Y2024)
    with pytest.raises(UnknownName, match="no finding 'mandatory_life'"):
        death_base_level("mandatory_life", Manual.on("2024-10-31"))


@pytest.mark.parametrize(
    ("row", "role", "until_2025", "from_2025"),
    [(32, -2, 30, 30), (34, -2, 31, 31), (36, -2, 33, 32), (38, -2, 34, 32), (38, -4, 32, 30),
     (34, -4, 31, 30), (36, -4, 32, 30), (30, -4, 30, 30), (38, 0, 38, 38)],
)  # fmt: skip
def test_role_caps_of_amendment_833(row, role, until_2025, from_2025):
    """32 less 2, 34 less 3, more than 34 becomes 32; with the four-level reduction 30 (Amendment 833)."""
    assert int(mitigating_role_cap(row, role, Manual.on("2025-10-31"))) == until_2025
    assert int(mitigating_role_cap(row, role, Y2025)) == from_2025


def test_a_low_level_function_generally_warrants_a_reduction_from_november_2025():
    record = {"sentenced_on": "2025-12-10", "drugs": [{"drug": "cocaine", "quantity": 60, "unit": "kg"}],
              "acceptance": -3, "criminal_history_category": "I", "amendments": []}  # fmt: skip
    lowest = analyze_case({**record, "low_level_function": "lowest"})
    other = analyze_case({**record, "low_level_function": "other"})
    # Level 34 less 3 is 31: above 30, so 30 with four levels, and 30 - 4 - 3. With two levels 31 - 2 - 3.
    assert [a["original"]["total_offense_level"] for a in (lowest, other)] == [23, 26]
    assert any("secondary source" in line for line in lowest["assumed"])
    found = analyze_case({**record, "low_level_function": "lowest", "mitigating_role": 0})
    assert found["original"]["total_offense_level"] == 31
    with pytest.raises(CaseError, match=r"low_level_function: 'lowest' given; law from 2025-11-01"):
        analyze_case({**record, "sentenced_on": "2025-10-01", "low_level_function": "lowest"})


def test_acquitted_conduct_leaves_the_quantity_from_november_2024():
    convicted = {"drug": "heroin", "quantity": 90, "unit": "g"}
    drugs = [convicted, {**convicted, "quantity": 900, "acquitted": True}]
    before, after = (
        analyze_case({"sentenced_on": day, "drugs": drugs, "amendments": []})
        for day in ("2024-10-31", "2024-11-01")
    )
    assert before["original"]["base_offense_level"] == 28  # 990 g
    assert after["original"]["base_offense_level"] == 22  # 90 g


def test_pulsifer_closes_the_other_reading():
    three = {"criminal_history_points": 3, "prior_three_point_offense": True, "history_tests": "all"}
    assert bool(meets_safety_valve("2024-03-14", **three))
    assert not bool(meets_safety_valve("2024-03-14", **{**three, "history_tests": "any"}))
    with pytest.raises(ImpossibleValue, match="Pulsifer"):
        meets_safety_valve("2024-03-15", **three)


def test_nothing_is_guessed_about_the_manual_of_2026():
    record = {"sentenced_on": "2026-11-20", "drugs": [{"drug": "heroin", "quantity": 500, "unit": "g"}],
              "criminal_history_category": 1, "amendments": []}  # fmt: skip
    with pytest.raises(ManualNotRead, match=r"2026-11-01.*2025-11-01"):
        Manual.on("2026-11-01")
    assert Manual.on("2026-10-31").has("low_level_function")
    with pytest.raises(CaseError, match="give the edition you mean as manual_edition"):
        analyze_case(record)
    answer = analyze_case({**record, "manual_edition": "2025-11-01"})
    assert answer["original"]["base_offense_level"] == 26  # 400 to 700 g
    assert "could not be read" in answer["warnings"][0]
    assert "2026-11-01 could not be read" in answer["warnings"][0]
    assert analyze_case({**record, "sentenced_on": "2026-10-31"})["warnings"] == []


def test_an_order_under_the_unread_policy_statement_is_warned_of():
    record = {"base_offense_level": 30, "criminal_history_category": 1, "imposed_term_months": 97,
              "statutory_minimum_months": 0}  # fmt: skip
    late = analyze_case({**record, "order_effective_on": "2026-11-01"})
    assert late["eligible"]
    assert "judged by that of 2025-11-01" in late["warnings"][0]
    assert analyze_case({**record, "order_effective_on": "2026-10-31"})["warnings"] == []


def test_without_a_date_the_latest_manual_read_is_meant():
    answer = analyze_case({"drugs": [{"drug": "heroin", "quantity": 500, "unit": "g"}], "amendments": []})
    assert "manual_edition: 2025-11-01, the latest held" in answer["assumed"]


def test_a_line_of_a_secondary_source_says_so_in_the_worksheet():
    record = {"base_offense_level": 30, "adjustments": [{"section": "2D1.1(b)(13)(B)"}], "amendments": []}
    before, after = (
        analyze_case({**record, "sentenced_on": day})["worksheet"] for day in ("2025-10-31", "2025-11-01")
    )
    assert not any("(secondary source)" in line["note"] for line in before)
    assert any("(secondary source)" in line["note"] for line in after)


def test_departures_are_no_step_from_november_2025():
    steps = [Manual.on(day).has_departure_step for day in ("2013-11-01", "2025-10-31", "2025-11-01")]
    assert steps == [True, True, False]


@pytest.mark.parametrize(
    ("day", "points", "two_levels", "minimum"),
    [
        ("2018-12-20", 3, False, False),
        ("2018-12-21", 3, False, True),  # the statute was wider, the Manual printed the old test (817)
        ("2023-10-31", 3, False, True),
        ("2023-11-01", 3, True, True),
        ("2023-11-01", 5, False, False),
    ],
)
def test_the_two_levels_follow_the_printed_criteria(day, points, two_levels, minimum):
    assert bool(meets_safety_valve(printed_criteria_day(Manual.on(day)), points)) == two_levels
    assert bool(meets_safety_valve(day, points)) == minimum


@pytest.mark.parametrize(
    ("section", "rules", "sentenced", "code"),
    [
        ("2D1.1(b)(1)", {}, "2022-06-01", "range_not_lowered"),
        ("3B1.1(c)", {}, "2022-06-01", "range_not_lowered"),
        ("3B1.1(c)", {"zero_point_role_enterprise": "and"}, "2022-06-01", None),
        ("3C1.1", {}, "2022-06-01", None),
    ],
)
def test_an_adjustment_that_bars_the_zero_point_reduction_answers_the_question(
    section, rules, sentenced, code
):
    record = {"sentenced_on": sentenced, "base_offense_level": 30, "criminal_history_points": 0,
              "adjustments": [{"section": section}], "imposed_term_months": 150, "amendments": ["821B"],
              "rules": rules}  # fmt: skip
    answer = analyze_case(record)
    assert answer["code"] == code
    assert any("zero_point_offender_excluded" in line for line in answer["missing"]) == (code is None)


def test_role_and_enterprise_are_two_bars_from_november_2024():
    bars = [zero_point_bar(["3B1.1(b)"], Manual.on(day), "and") for day in ("2024-10-31", "2024-11-01")]
    assert bars == ["", "3B1.1(b)"]


# ---- §4B1.1(c): career offenders with a firearm count ------------------------------------------------


@pytest.mark.parametrize(
    ("low", "high", "acceptance", "term", "together"),
    [
        (151, 188, -3, 60, (262, 327)),  # 211-248 has the smaller minimum (Amendment 642, n.3)
        (151, 188, -2, 60, (292, 365)),
        (151, 188, 0, 60, (360, LIFE)),
        (202, 252, -3, 60, (262, 312)),  # equal minimums: nothing is greater, so the other counts' range
        (292, 365, -3, 60, (352, 425)),
        (360, LIFE, -3, 60, (420, LIFE)),
        (LIFE, LIFE, -3, 60, (LIFE, LIFE)),
        (151, 188, -3, 0, (151, 188)),
    ],
)
def test_the_range_with_the_greater_minimum_governs(low, high, acceptance, term, together):
    got = range_with_firearm_count([low], [high], [acceptance], [term], Y2013)
    assert tuple(int(end[0]) for end in got) == together
    left = other_counts_range(*got, np.array([term]))
    assert int(left[0][0]) == (together[0] - term if together[0] < LIFE else LIFE)


def test_a_firearm_count_alone_takes_the_table():
    got = range_with_firearm_count([0], [0], [-2], [84], Y2013, only_count=True)
    assert [int(end[0]) for end in got] == [292, 365]


def test_before_november_2002_the_table_is_no_law():
    assert editions("career_offender_firearm") == ("2002-11-01",)


def test_the_worksheet_of_a_career_offender_with_a_firearm_count():
    sheet = worksheet(
        {"base_offense_level": 26, "career_offender": True, "statutory_maximum_months": 480, "acceptance": -3,
         "offense_statutory_maximum_months": 240, "firearm_term_months": [0, 60]},
        Y2013,
    )  # fmt: skip
    ends = [f"{kind}_range_{end}_months" for kind in ("table", "guideline") for end in ("minimum", "maximum")]
    # Level 32 by the maximum of one count (20 years), 29 in VI; then 262-327, less 60 for the drug count.
    assert sheet["total_offense_level"].tolist() == [29, 29]
    assert [sheet[end].tolist() for end in ends] == [[151, 262], [188, 327], [151, 202], [188, 267]]


def test_a_recorded_range_of_the_firearm_table_is_recognised():
    record = {"sentenced_on": "2013-06-15", "total_offense_level": 29, "criminal_history_category": 6,
              "career_offender": True, "consecutive_term_months": 60, "table_range_months": [262, 327],
              "imposed_term_months": 202, "amendments": [782]}  # fmt: skip
    answer = analyze_case(record)
    assert (answer["eligible"], answer["code"]) == (False, "career_offender")
    assert answer["original"]["guideline_range_months"] == [202, 267]
    assert analyze_case({**record, "table_range_months": [151, 188]})["original"]["table_range_months"] == [
        151,
        188,
    ]


def test_a_weapon_increase_beside_a_firearm_count_is_kept_and_said():
    record = {"sentenced_on": "2013-06-15", "base_offense_level": 30, "criminal_history_category": 1,
              "firearm_term_months": 60, "imposed_term_months": 97, "amendments": [782],
              "statutory_minimum_months": 0}  # fmt: skip
    weapon = [{"section": "2D1.1(b)(1)"}]
    assert "Amendment 599" in analyze_case({**record, "adjustments": weapon})["warnings"][0]
    assert analyze_case(record)["warnings"] == []
    with pytest.raises(CaseError, match="firearm_term_months: 60 given with consecutive_term_months 24"):
        analyze_case({**record, "consecutive_term_months": 24})


# ---- purity, pills -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("drug", "purity", "name", "share"),
    [
        ("meth", 0.30, "Methamphetamine (actual)", 0.30),
        ("meth", 0.10, "Methamphetamine", 1.0),  # ten to one in every row: neither gives more
        ("meth", 0.101, "Methamphetamine (actual)", 0.101),
        ("amphetamine", 0.5, "Amphetamine (actual)", 0.5),
        ("pcp", 0.05, "PCP", 1.0),
        ("ice", 0.80, "Ice", 1.0),
        ("ice", 0.79, "Methamphetamine (actual)", 0.79),
        ("oxycodone", 0.02, "Oxycodone (actual)", 0.02),
        ("heroin", 0.6, "Heroin", 1.0),
    ],
)
def test_which_weight_counts(drug, purity, name, share):
    assert counted_form(drug, purity, Y2018)[:2] == (name, share)


@pytest.mark.parametrize("purity", [0, -0.1, 1.01])
def test_impossible_purities_are_refused(purity):
    with pytest.raises(ImpossibleValue, match="above 0 up to 1"):
        counted_form("meth", purity, Y2018)


def test_the_drug_itself_has_no_purity():
    with pytest.raises(ImpossibleValue, match="give the mixture as Methamphetamine"):
        counted_form("actual meth", 0.5, Y2018)


@pytest.mark.parametrize(
    ("drug", "level"),
    [
        ({"drug": "meth", "quantity": 440.7, "unit": "g", "purity": 0.3}, 30),  # 132.21 g actual, not 28
        ({"drug": "meth", "quantity": 440.7, "unit": "g", "purity": "30%"}, 30),
        ({"drug": "meth", "quantity": 440.7, "unit": "g", "purity": 30}, 30),
        ({"drug": "meth", "quantity": 440.7, "unit": "g"}, 28),
        (
            {"drug": "oxycodone", "quantity": 1000, "unit": "pills", "each": "30 mg"},
            24,
        ),  # 30 g actual: 201 kg
        ({"drug": "heroin", "quantity": 1000, "unit": "g", "purity": 0.01}, 30),
    ],
)
def test_records_of_a_stated_purity_or_strength(drug, level):
    answer = analyze_case({"manual_edition": "2014-11-01", "drugs": [drug], "amendments": []})
    assert answer["original"]["base_offense_level"] == level


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"purity": 0}, "0.3, 30 or 30% is accepted"),
        ({"purity": "much"}, "purity 'much' given"),
        ({"each": "a lot"}, "such as 30 mg"),
        ({"each": "30 mg", "unit": "g"}, "pills is accepted beside it"),
        ({"acquitted": "no"}, "true or false"),
    ],
)
def test_what_is_no_purity_or_strength_is_refused(more, words):
    drug = {"drug": "meth", "quantity": 10, "unit": "pills", **more}
    with pytest.raises(CaseError, match=words):
        analyze_case({"drugs": [drug], "amendments": []})


# ---- levels above 43, maximums beyond 500 years -------------------------------------------------------


def test_a_level_above_43_is_taken_as_the_report_states_it():
    record = {"sentenced_on": "2013-06-15", "criminal_history_category": 1, "imposed_term_months": "life",
              "base_offense_level": 38, "drugs": [{"drug": "cocaine"}], "amendments": [782]}  # fmt: skip
    answer = analyze_case({**record, "total_offense_level": 46})
    assert answer["original"]["total_offense_level"] == 43
    assert answer["original"]["table_range_months"] == ["life", "life"]
    with pytest.raises(CaseError, match="1 to 99"):
        analyze_case({**record, "total_offense_level": 100})


def test_maximums_of_many_counts_are_accepted():
    assert analyze_case({"statutory_maximum_months": 6480, "base_offense_level": 20, "amendments": []})


# ---- real coded rows of the Commission ----------------------------------------------------------------

FILES = ("ussc_fy2020_drug_extract_half.csv.xz", "ussc_fy2015_new_york_east_half.csv.xz")


def months(text):
    value = float(text)
    return LIFE if value >= 9990 else round(value)


@pytest.mark.parametrize("name", FILES)
def test_every_recorded_range_before_statute_is_a_cell_or_the_firearm_table(shared, name, record_property):
    """XFOLSOR and XCRHISSR give XMINSOR-XMAXSOR; what differs is the table of §4B1.1(c)(3)."""
    path = shared / "data" / "ussc" / name
    if not path.exists():
        pytest.skip(f"{name} is not beside the checkout")
    low, high = Y2018.ranges
    firearm = {
        (int(row["minimum_months"]), months(row["maximum_months"].replace("life", "9996")))
        for row in edition("career_offender_firearm", "2002-11-01")
    }
    cells = by_table = 0
    with lzma.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            keys = {key.upper(): value for key, value in row.items()}
            try:
                level, category = round(float(keys["XFOLSOR"])), round(float(keys["XCRHISSR"]))
                found = months(keys["XMINSOR"]), months(keys["XMAXSOR"])
            except ValueError:
                continue
            level = min(max(level, 1), 43)
            if found == (int(low[level, category]), int(high[level, category])):
                cells += 1
            else:
                assert found in firearm, row
                by_table += 1
    record_property("rows", f"{cells} equal the grid, {by_table} the table of §4B1.1(c)(3)")
    print(f"{name}: {cells} equal the grid, {by_table} the table of §4B1.1(c)(3)")
    assert cells > 300


# ---- §2D1.2, §2D1.8, §2D1.1(d) and (e) ----------------------------------------------------------------

NEAR = {
    "sentenced_on": "2013-06-15",
    "criminal_history_category": 1,
    "amendments": [],
    "protected_location": True,
}


@pytest.mark.parametrize(
    ("drugs", "direct", "young", "level"),
    [
        (15, 5, False, 17),  # Amendment 319: 5 g of heroin near a school, 10 g elsewhere; 1 + 16 beats 2 + 14
        (15, None, False, 18),  # all of it near the school: 2 + 16
        (3, None, False, 14),  # 12 and 2
        (3, None, True, 26),
        (3_000, None, True, 36),  # 34 and 2
    ],
)
def test_the_level_near_a_protected_location(drugs, direct, young, level):
    record = {
        **NEAR,
        "drugs": [{"drug": "heroin", "quantity": drugs, "unit": "g"}],
        "under_18_involved": young,
    }
    if direct is not None:
        record["protected_drugs"] = [{"drug": "heroin", "quantity": direct, "unit": "g"}]
    assert analyze_case(record)["original"]["total_offense_level"] == level


def test_under_782_the_level_near_a_protected_location_falls_with_the_table():
    record = {**NEAR, "drugs": [{"drug": "heroin", "quantity": 15, "unit": "g"}], "amendments": [782],
              "protected_drugs": [{"drug": "heroin", "quantity": 5, "unit": "g"}],
              "imposed_term_months": 24}  # fmt: skip
    answer = analyze_case(record)
    # 15 g: 16, from 2014 on 14; 5 g: 14, from 2014 on 12. 24-30 months become 18-24.
    assert [answer[side]["total_offense_level"] for side in ("original", "amended")] == [17, 15]
    assert answer["eligible"]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"protected_location": None, "under_18_involved": True}, "given without protected_location"),
        ({"protected_drugs": [{"drug": "heroin"}]}, "Heroin without a quantity|heroin without a quantity"),
        (
            {"protected_drugs": [{"drug": "heroin", "quantity": 9, "unit": "kg"}]},
            "a part of the whole is accepted",
        ),
        ({"premises_only": True, "mitigating_role": -2}, r"§2D1.8\(b\)\(1\).*a mitigating role"),
    ],
)
def test_contradictions_about_the_guideline_are_refused(more, words):
    record = {**NEAR, "drugs": [{"drug": "heroin", "quantity": 15, "unit": "g"}], **more}
    with pytest.raises(CaseError, match=words):
        analyze_case(record)


@pytest.mark.parametrize(("kilos", "level"), [(1, 26), (0.1, 22), (0.001, 8)])
def test_premises_alone_are_four_levels_less_and_26_at_most(kilos, level):
    record = {"sentenced_on": "2013-06-15", "drugs": [{"drug": "heroin", "quantity": kilos, "unit": "kg"}],
              "criminal_history_category": 1, "premises_only": True, "amendments": []}  # fmt: skip
    assert analyze_case(record)["original"]["total_offense_level"] == level


def test_a_cross_reference_counts_if_it_is_greater():
    record = {"sentenced_on": "2013-06-15", "drugs": [{"drug": "heroin", "quantity": 1, "unit": "kg"}],
              "criminal_history_category": 1, "amendments": [782], "imposed_term_months": 200}  # fmt: skip
    lower, higher = (analyze_case({**record, "cross_reference_level": level}) for level in (20, 43))
    assert lower["original"]["total_offense_level"] == 32
    assert higher["original"]["total_offense_level"] == 43
    assert (lower["eligible"], higher["eligible"]) == (True, False)


def test_a_sexual_offense_by_drug_adds_two_levels():
    record = {"sentenced_on": "2013-06-15", "base_offense_level": 20, "criminal_history_category": 1,
              "adjustments": [{"section": "2D1.1(e)(1)"}], "amendments": []}  # fmt: skip
    assert analyze_case(record)["original"]["total_offense_level"] == 22


# ---- 18 U.S.C. 924(c) ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "prior", "until_2018", "since"),
    [
        (["possessed_used_or_carried"], False, 60, 60),
        (["brandished"], False, 84, 84),
        (["discharged"], False, 120, 120),
        (["possessed_used_or_carried"] * 2, False, 360, 120),  # 60 and 300; First Step Act 403: 60 and 60
        (["possessed_used_or_carried"], True, 300, 300),
        (["brandished", "machinegun_destructive_device_or_silencer"], False, LIFE, 444),
        (["machinegun_destructive_device_or_silencer"], True, LIFE, LIFE),
    ],
)
def test_terms_of_firearm_counts(counts, prior, until_2018, since):
    days = "2018-12-20", "2018-12-21"
    got = [firearm_term_months(counts, day, prior_final_conviction=prior) for day in days]
    assert got == [until_2018, since]


def test_firearm_counts_of_a_record_give_its_consecutive_term():
    record = {"sentenced_on": "2013-06-15", "base_offense_level": 30, "criminal_history_category": 1,
              "firearm_counts": ["possessed_used_or_carried"], "imposed_term_months": 97, "amendments": [782],
              "sentence_began_on": "2013-06-15"}  # fmt: skip
    answer = analyze_case(record)
    assert answer["floor_months"] == 78  # 28 in I; the firearm term stays
    assert answer["release"]["reduced"]["full_term_date"] == "2024-12-14"  # 78 and 60 months
    assert "firearm_term_months: 60, the least for these counts" in answer["assumed"]
    life = analyze_case({**record, "firearm_counts": ["machinegun_destructive_device_or_silencer"] * 2})
    assert life["release"]["reduced"]["release_date"] is None
    with pytest.raises(CaseError, match="did you mean brandished"):
        analyze_case({**record, "firearm_counts": ["brandish"]})


# ---- fentanyl-related substances ----------------------------------------------------------------------


def test_a_fentanyl_related_substance_counts_by_statute_from_16_july_2025():
    assert [int(m) for m in statutory_terms("fentanyl-related substance", 100, "2025-07-16")] == [120, LIFE]
    with pytest.raises(UnknownName, match="fentanyl-related substance"):
        statutory_terms("fentanyl-related substance", 100, "2025-07-15")


def test_each_later_edition_of_the_names_keeps_the_earlier_ones():
    first, *later = editions("drug_names")
    names = {tuple(row.values()) for row in edition("drug_names", first)}
    for begin in later:
        assert names <= {tuple(row.values()) for row in edition("drug_names", begin)}


@given(
    drug=st.sampled_from(["Methamphetamine", "Amphetamine", "PCP"]),
    grams=st.floats(min_value=0.01, max_value=1e5),
    purity=st.floats(min_value=0.001, max_value=1),
    day=st.sampled_from(editions("drug_quantity")),
)
def test_the_form_that_counts_gives_the_greater_level_of_the_two(drug, grams, purity, day):
    manual = Manual.on(day)
    assume({drug, f"{drug} (actual)"} <= set(manual.listed_drugs))  # the earliest tables had not both
    name, share, _ = counted_form(drug, purity, manual)
    forms = [(drug, grams), (f"{drug} (actual)", grams * purity)]
    mixture, itself = (int(quantity_base_level(form, amount, manual)) for form, amount in forms)
    assert int(quantity_base_level(name, grams * share, manual)) == max(mixture, itself)


@given(
    cells=st.tuples(st.integers(1, 43), st.integers(1, 6)),
    acceptance=st.sampled_from([0, -2, -3]),
    term=st.sampled_from([60, 84, 120, 300, 360]),
)
def test_a_firearm_count_never_lowers_a_career_offenders_range(cells, acceptance, term):
    low, high = (int(end[cells]) for end in Y2013.ranges)
    together = range_with_firearm_count([low], [high], [acceptance], [term], Y2013)
    least, most = (int(end[0]) for end in together)
    assert least >= min(low + term, LIFE)
    assert least <= most <= LIFE
