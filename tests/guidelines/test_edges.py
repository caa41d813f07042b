"""Where one number, one `or` or one default would change an answer: bounds, neutral facts, first and last."""

from __future__ import annotations

import re
import sys
from itertools import pairwise, product
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from guidelines import (
    LIFE,
    Amendment,
    CaseError,
    GuidelineError,
    Manual,
    Rules,
    amended_worksheet,
    analyze_case,
    analyze_cases,
    guideline_range,
    meets_safety_valve,
    quantity_base_level,
    reduction,
    release_date,
    sentence_to_door,
    tables,
    worksheet,
)
from guidelines.case.cells import cells_of
from guidelines.case.checklist import checklist
from guidelines.case.choices import choices
from guidelines.case.decision import branch, sentence
from guidelines.case.doubts import early_policy
from guidelines.case.fields import BAD, FIELDS
from guidelines.case.questions import questions
from guidelines.case.reading import read
from guidelines.case.setting import amendment_key, period, setting
from guidelines.errors import MissingFact, nearest
from guidelines.facts import FACTS, Facts
from guidelines.manual import last_manual_read
from guidelines.s1b1_1_worksheet import effective_minimum
from guidelines.s2d1_1_base_level import base_levels
from guidelines.s2d1_1_characteristics import death_base_level
from guidelines.s2d1_1_drug_quantity import mitigating_role_cap
from guidelines.s2d1_1_role_cap import rows_of_capped
from guidelines.s3_adjustments import units
from guidelines.s4_criminal_history import career_offender_level, category_from_points, points_from_priors
from guidelines.s4b1_1_firearm_count import range_with_firearm_count
from guidelines.s5c1_2_safety_valve import category_may_pass
from guidelines.s5g1_1_statutory_limits import restrict_range
from guidelines.tables.changes import changes
from guidelines.tables.table import read_table
from guidelines.usc21_841_mandatory_minimum import statutory_terms, tier_terms

sys.path.insert(0, str(Path(__file__).parent))
from random_records import record

OLD = Manual.on("2013-11-01")
seeds = st.integers(min_value=0, max_value=2**63)

# --- bounds -------------------------------------------------------------------------------------------------

WORDS = re.compile(r"(\d[\d,]*)(?: to | or more whole months up to )(\d[\d,]*)(?! or more)")
BOUNDED = {name: found for name, field in FIELDS.items() if (found := WORDS.search(field.accepted))}


@pytest.mark.parametrize("name", sorted(BOUNDED))
def test_a_field_takes_what_its_words_say_and_nothing_beside_it(name):
    low, high = (int(end.replace(",", "")) for end in BOUNDED[name].groups())
    check = FIELDS[name].check
    assert check(low) is not BAD and check(high) is not BAD
    assert check(low - 1) is BAD and check(high + 1) is BAD and check(high * 2 + 1) is BAD


def test_every_field_of_numbers_says_its_bounds():
    unsaid = {name for name, field in FIELDS.items() if field.check(7) is not BAD and name not in BOUNDED}
    # Text, and months, whose words say the highest alone.
    assert {name for name in unsaid if "up to" not in FIELDS[name].accepted} == set()


# The Manual's own bounds: 43 levels (§5A), six categories, §3B1.2, §3E1.1, §4A1.1(d) and (e).
LAWFUL = {
    "base_offense_level": (0, 43), "specific_offense_floor": (0, 43), "cross_reference_level": (0, 43),
    "override_offense_level": (0, 43), "mitigating_role": (-4, 0), "acceptance": (-3, 0),
    "criminal_history_points": (0, 999), "status_points": (0, 2), "criminal_history_category": (1, 6),
    "imposed_term_months": (0, LIFE), "statutory_minimum_months": (0, LIFE),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(LAWFUL))
def test_a_fact_of_many_people_has_the_bounds_of_the_law(name):
    low, high = LAWFUL[name]
    assert Facts({name: [low, high]})[name].tolist() == [low, high]
    for beyond in (low - 1, high + 1):
        with pytest.raises(GuidelineError, match=f"{beyond} given|row 1 is {beyond}"):
            Facts({name: [high, beyond]})[name]


def test_one_value_holds_for_everybody_and_facts_are_those_of_one_person_without_a_column():
    assert Facts({"acceptance": -3}).people == 1
    assert Facts({"acceptance": -3, "mitigating_role": [0, -2, -4]}).people == 3


# --- what says nothing --------------------------------------------------------------------------------------

NEUTRAL = {
    "protected_location": False, "premises_only": False, "quantity_is_minimum": False, "mitigating_role": 0,
    "acceptance": 0, "status_points": 0, "career_offender": False, "armed_career_criminal": False,
    "statutory_minimum_months": 0, "statutory_maximum_months": "life", "safety_valve": False,
    "substantial_assistance": False, "consecutive_term_months": 0, "serving_original_term": True,
    "manual_already_amended": False, "jail_credit_days": 0, "good_time_disallowed_days": 0,
    "school_progress": True, "drug_program": False, "imposed_term_days": 0, "earlier_reductions": [],
    "adjustments": [], "rules": {}, "drug_quantity_based": True, "zero_point_offender_excluded": True,
}  # fmt: skip
DECIDED = ("eligible", "code", "other_codes", "original", "amended", "floor_months", "comparable_term_months",
           "reduction_months", "total_term_months", "release")  # fmt: skip


@settings(max_examples=3)
@given(seeds)
def test_a_fact_that_says_what_its_absence_says_changes_no_answer(seed):
    random = Random(seed)
    cases = [record(random) for _ in range(40)]
    told = []
    for case in cases:
        free = [name for name in NEUTRAL if name not in case]
        told.append({**case, **{name: NEUTRAL[name] for name in free if not _bears(name, case)}})
    for case, plain, full in zip(cases, analyze_cases(cases), analyze_cases(told), strict=True):
        if isinstance(plain, CaseError):
            assert isinstance(full, CaseError), (case, full)
            continue
        for key in DECIDED:
            assert full[key] == plain[key], (key, case)


def _bears(name, case):
    """Whether it would say something beside what else stands in a record."""
    if name == "drug_quantity_based":  # with a base level alone it may not have come from the table
        return "base_offense_level" in case
    if name == "status_points":
        return "criminal_history_points" not in case
    if name == "zero_point_offender_excluded":  # adjustments tell it, where it is not given
        return True
    if name == "consecutive_term_months":
        return "firearm_term_months" in case
    return name == "mitigating_role" and "low_level_function" in case


PEOPLE = {
    "drug": "Heroin", "quantity": 1000.0, "criminal_history_category": 2, "imposed_term_months": 140,
}  # fmt: skip
NOTHING = {
    "quantity_is_minimum": False, "drug_quantity_based": True, "mitigating_role": 0,
    "specific_offense_levels": 0, "specific_offense_floor": 0, "protected_location": False,
    "under_18_involved": False, "premises_only": False, "cross_reference_level": 0, "chapter_three_levels": 0,
    "other_group_level": 0, "override_offense_level": 0, "career_offender": False,
    "armed_career_criminal": False, "acceptance": 0, "zero_point_offender_excluded": True,
    "statutory_minimum_months": 0, "statutory_maximum_months": LIFE, "offense_statutory_maximum_months": 0,
    "firearm_term_months": 0, "safety_valve": False, "substantial_assistance": False,
    "below_minimum_authority": False, "consecutive_term_months": 0, "time_served_months": 0.0,
    "serving_original_term": True, "manual_already_amended": False, "total_offense_level_found": 0,
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(NOTHING))
@pytest.mark.parametrize("on", ["2013-11-01", "2023-11-01"])
def test_a_column_that_says_nothing_changes_nobody(name, on):
    assert FACTS[name].default in (NOTHING[name], None)
    manual = Manual.on(on)
    decided = []
    for facts in (PEOPLE, {**PEOPLE, name: NOTHING[name]}):
        before = worksheet(facts, manual)
        after = worksheet(facts, Manual.on("2014-11-01"))
        cut = reduction(before, after, "782")
        decided.append(
            [int(before["total_offense_level"][0]), int(cut["code"][0]), int(cut["floor_months"][0])]
        )
    assert decided[0] == decided[1]


# --- many people are each one alone -------------------------------------------------------------------------

KINDS = [
    {"substance": [0, -1], "substance_quantity": [900.0, 0.0]},
    {"substance": [-1, 0], "substance_quantity": [0.0, 900.0]},
    {"substance": [0, 3], "substance_quantity": [900.0, 40.0]},
    {"base_offense_level": 27, "drug_quantity_based": False},
    {"base_offense_level": 30},
    {"base_offense_level": 30, "mitigating_role": -3},
]
ABSENT = {
    "substance": [-1, -1], "substance_quantity": [0.0, 0.0], "base_offense_level": 0,
    "drug_quantity_based": True, "mitigating_role": 0,
}  # fmt: skip


@pytest.mark.parametrize("both", [*product(range(len(KINDS)), repeat=2)])
def test_the_base_levels_of_two_people_are_those_of_each(both):
    def of(*people):
        return base_levels(Facts({name: [{**ABSENT, **one}[name] for one in people] for name in ABSENT}), OLD)

    alone = [of(KINDS[kind]) for kind in both]
    row, base = of(*(KINDS[kind] for kind in both))
    assert row.tolist() == [int(each[0][0]) for each in alone]
    assert base.tolist() == [int(each[1][0]) for each in alone]


def test_the_first_substance_of_the_list_is_one():
    by_index = Facts({"substance": [[0, -1]], "substance_quantity": [[900.0, 0.0]]})
    name = worksheet_names()[0]
    by_name = Facts({"substance": [[name, ""]], "substance_quantity": [[900.0, 0.0]]})
    assert [part.tolist() for part in base_levels(by_index, OLD)] == [
        part.tolist() for part in base_levels(by_name, OLD)
    ]


def worksheet_names():
    from guidelines.s2d1_1_substances import substances_of

    return substances_of(OLD).names


# --- the Sentencing Table backwards -------------------------------------------------------------------------


@example(24, 6, 120, LIFE, (False, False, False, True, False))
@given(
    st.integers(1, 43), st.integers(1, 6), st.sampled_from([0, 0, 60, 120, 240]),
    st.sampled_from([LIFE, LIFE, 480, 240]), st.tuples(*[st.booleans()] * 5),
)  # fmt: skip
def test_the_cells_found_are_all_that_the_facts_allow_and_no_others(level, category, least, most, shown):
    low, high = guideline_range(level, category, OLD)
    table = int(low), int(high)
    applicable = restricted(table, least, most)
    level_given, category_given = level if shown[0] else None, category if shown[1] else None
    table_given, applicable_given = table if shown[2] else None, applicable if shown[3] else None
    minimum, maximum = (least, most) if shown[4] else (None, None)
    begin, _ = period(None, amendment_key([782]))
    held = setting(begin, amendment_key([782]), "{}")
    found = cells_of(held, level_given, category_given, table_given, applicable_given, minimum, maximum)
    if table_given is None and applicable_given is None:
        assert all(
            (cell.category, cell.table, cell.minimum, cell.maximum) == (0, None, 0, LIFE) for cell in found
        )
        assert {min(cell.level, 43) for cell in found} == ({level} if level_given else set(range(1, 44)))
        return
    if not found:  # two limits at once that nobody stated explain no range
        assert (minimum, maximum) == (None, None) and least == most
        return
    told = {(min(cell.level, 43), cell.category) for cell in found}
    levels = [level] if level_given else range(1, 44)
    categories = [category] if category_given else range(1, 7)
    limits = [(least, most)] if shown[4] else [(0, LIFE)]
    pairs = list(product(levels, categories))
    fits = {pair for pair in pairs if fit(pair, table_given, applicable_given, limits)}
    if not fits:  # then a limit of whole years nobody stated explains it: its lower end, or its upper one
        low, high = applicable_given
        limits = [(low, LIFE)] * (low % 12 == 0) + [(0, high)] * (high % 12 == 0 and high < LIFE)
        fits = {pair for pair in pairs if fit(pair, table_given, applicable_given, limits)}
        assert all(cell.minimum == low or cell.maximum == high for cell in found)
    assert told == fits


def fit(cell, table, applicable, limits):
    found = tuple(int(end) for end in guideline_range(*cell, OLD))
    return (table is None or found == table) and (
        applicable is None or any(restricted(found, *each) == applicable for each in limits)
    )


def restricted(table, least, most):
    """§5G1.1(a), (b), (c) in the words of the Manual."""
    low, high = table
    if most < low:
        return most, most
    if least > high:
        return least, least
    return max(low, least), min(high, most)


# --- the Drug Quantity Table --------------------------------------------------------------------------------


@pytest.mark.parametrize("on", ["2006-11-01", "2013-11-01", "2014-11-01", "2018-11-01"])
def test_a_level_as_found_leads_to_the_highest_row_the_cap_turns_into_it(on):
    manual = Manual.on(on)
    rows = rows_of_capped(manual.role_cap, manual.quantity_levels)
    levels = np.unique(manual.quantity_levels[manual.quantity_levels >= 0])
    assert rows.shape == manual.role_cap.shape and (rows[0] == np.arange(rows.shape[1])).all()
    for size, level in product(range(1, len(rows)), range(rows.shape[1])):
        leading = [int(row) for row in levels if manual.role_cap[size, row] == level]
        assert rows[size, level] == (max(leading) if leading else level)


@pytest.mark.parametrize("level", range(1, 44))
@pytest.mark.parametrize("on", ["2013-11-01", "2014-11-01"])
def test_a_base_level_that_no_row_gives_is_said_not_to_come_from_the_table(level, on):
    manual = Manual.on(on)
    printed = {int(row["base_offense_level"]) for row in tables.law("drug_quantity", on)}
    capped = {int(manual.role_cap[size, row]) for size in range(5) for row in printed}
    answer = analyze_case({"base_offense_level": level, "criminal_history_category": "I",
                           "manual_edition": on, "amendments": [], "imposed_term_months": 60})  # fmt: skip
    said = f"drug_quantity_based: no, {level} is no row of the Drug Quantity Table"
    assert (said in answer["assumed"]) == (level not in capped)


DAYS = ["2006-11-01", "2010-11-01", "2013-11-01", "2014-11-01", "2018-11-01"]


@pytest.mark.parametrize(("on", "until"), [*pairwise(DAYS), (DAYS[0], DAYS[-1])])
def test_the_changed_stretches_of_a_ladder_are_as_long_as_they_can_be_and_cover_all_that_changed(on, until):
    told = {}
    for change in changes("drug_quantity", on, until):
        ends = [float(end.replace(",", "")) for end in re.findall(r"[\d,.]*\d", change.line["quantity"])]
        if change.line["quantity"].startswith("less than"):
            ends = [0.0, *ends]
        levels = tuple(side and int(side["level"]) for side in (change.before, change.after))
        told.setdefault(change.line["drug"], []).append((ends[0], ends[1] if ends[1:] else np.inf, levels))
    ladders = [ladder(tables.law("drug_quantity", day)) for day in (on, until)]
    for drug in {*ladders[0], *ladders[1]}:
        steps = [each.get(drug, {}) for each in ladders]
        cuts = sorted({cut for each in steps for cut in each})
        for at in {*cuts, *(cut + 1e-6 for cut in cuts), *(cut * (1 - 1e-9) for cut in cuts)}:
            levels = tuple(level_at(each, at) for each in steps)
            holding = [stretch for stretch in told.get(drug, []) if stretch[0] <= at < stretch[1]]
            assert [stretch[2] for stretch in holding] == ([levels] if levels[0] != levels[1] else [])
        for one, other in pairwise(told.get(drug, [])):
            assert one[1] < other[0] or one[2] != other[2]


def ladder(table):
    out = {}
    for row in table:
        out.setdefault(row["drug"], {})[float(row["at_least"])] = int(row["base_offense_level"])
    return out


def level_at(steps, quantity):
    reached = [cut for cut in steps if cut <= quantity]
    return steps[max(reached)] if reached else None


# --- what is assumed, and what is not made up ---------------------------------------------------------------


def test_with_neither_day_nor_amendment_the_law_is_the_latest_held():
    answer = analyze_case({"amendments": [], "base_offense_level": 30, "criminal_history_category": "I"})
    latest = tables.editions("drug_quantity")[-1]
    assert answer["edition"]["original"] == latest and answer["edition"]["law"] <= last_manual_read()
    assert f"manual_edition: {last_manual_read()}, the latest held" in answer["assumed"]
    stated = analyze_case({"amendments": [], "base_offense_level": 30, "criminal_history_category": "I",
                           "manual_edition": last_manual_read()})  # fmt: skip
    assert stated["edition"] == answer["edition"] and stated["original"] == answer["original"]


def test_no_points_are_made_up_where_none_were_found():
    facts = {"base_offense_level": [30, 30], "criminal_history_category": [1, 1],
             "zero_point_offender_excluded": [False, True]}  # fmt: skip
    manual = Manual.on("2023-11-01")
    assert worksheet(facts, manual)["total_offense_level"].tolist() == [30, 30]
    known = worksheet({**facts, "criminal_history_points": [0, 0]}, manual)
    assert known["total_offense_level"].tolist() == [28, 30]
    answer = analyze_case(
        {
            "manual_edition": "2023-11-01",
            "amendments": [],
            "base_offense_level": 30,
            "criminal_history_category": 1,
            "zero_point_offender_excluded": False,
        }
    )
    assert answer["original"]["total_offense_level"] in (None, 30)


def test_the_answers_a_question_tries_are_those_of_the_law():
    asked = {question.fields[0]: question for question in questions("2013-11-01")}

    def tried(field):
        return [change[field] for _, change in asked[field].choices]

    assert tried("mitigating_role") == [0, -2, -3, -4]
    assert tried("acceptance") == [0, -2, -3]
    weights = [change["converted_weight_kg"] for _, change in asked["drugs"].choices]
    printed = {
        float(row["at_least"]) / 1000
        for on in ("2013-11-01", tables.editions("drug_quantity")[-1])
        for row in tables.law("drug_quantity", on)
        if row["drug"] in ("Marihuana", "Converted Drug Weight")
    }
    assert set(weights) == printed
    assert [name for name, _ in asked["drugs"].choices][-1] == f"{max(printed):,}"


# --- the line on the floor ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("served", "section", "floor"),
    [(0, "§1B1.10(b)(2)(A)", 108), (107.9, "§1B1.10(b)(2)(A)", 108), (108, "§1B1.10(b)(2)(A)", 108),
     (108.2, "§1B1.10(b)(2)(C)", 109), (110, "§1B1.10(b)(2)(C)", 110)],
)  # fmt: skip
def test_the_floor_is_laid_to_the_rule_that_makes_it(served, section, floor):
    answer = analyze_case({"total_offense_level": 31, "criminal_history_category": "III",
                           "imposed_term_months": 140, "time_served_months": served})  # fmt: skip
    line = [line for line in answer["worksheet"] if line["step"] == "floor_months"][-1]
    assert (line["section"], answer["floor_months"]) == (section, floor)


@pytest.mark.parametrize(("served", "section"), [(0, "§1B1.10(b)(2)(B)"), (90, "§1B1.10(b)(2)(C)")])
def test_a_comparable_floor_is_laid_to_assistance_unless_time_served_is_more(served, section):
    answer = analyze_case({"total_offense_level": 31, "criminal_history_category": "III",
                           "imposed_term_months": 100, "substantial_assistance": True,
                           "time_served_months": served})  # fmt: skip
    line = [line for line in answer["worksheet"] if line["step"] == "floor_months"][-1]
    assert line["section"] == section
    assert answer["floor_months"] == max(round(answer["comparable_term_months"]), served)


def test_the_checklist_of_nothing_but_a_level_asks_for_the_rest():
    items, _, _ = checklist({"total_offense_level": 20, "imposed_term_months": 40})
    open_fields = {item.question.fields[0] for item in items if item.open}
    assert "criminal_history_points" in open_fields and "drugs" not in open_fields


# --- functions of their own ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "levels", [[30, 0], [30, 30], [30, 26], [30, 25], [30, 22], [30, 21], [5, 0], [1, 1]]
)
def test_one_person_alone_is_worth_the_units_of_a_row(levels):
    row = units([levels], OLD)
    assert units(levels, OLD) == row[0] == sum(worth(levels[0] - level) for level in levels if level)


def worth(below):
    """§3D1.4(a) to (c): 1 to 4 levels below the highest one unit, 5 to 8 half of one, more nothing."""
    return 1.0 if below <= 4 else 0.5 if below <= 8 else 0.0


MOST = {
    "firearm_term_months": (1, 6000), "imposed_term_months": (1, 6000), "statutory_minimum_months": (0, 6000),
    "statutory_maximum_months": (1, LIFE - 1), "offense_statutory_maximum_months": (1, LIFE - 1),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(MOST))
def test_months_of_a_field_begin_where_the_law_lets_them(name):
    low, high = MOST[name]
    check = FIELDS[name].check
    assert [check(low), check(high), check("life")] == [low, high, LIFE]
    assert [check(low - 1), check(high + 1)] == [BAD, BAD]


@pytest.mark.parametrize("name", ["criminal_history_points", "one_point_priors"])
def test_points_that_nobody_has_are_refused(name):
    known = {"criminal_history_points": 999, "one_point_priors": 999}
    assert meets_safety_valve("2019-11-01", **known).tolist() is True
    with pytest.raises(GuidelineError, match="1000 given"):
        meets_safety_valve("2019-11-01", **{**known, name: 1000})


def test_what_is_not_said_to_a_function_of_the_law_is_what_is_usual():
    door = {"jail_credit_days": 0, "extra_days": 0, "school_progress": True, "disallowed_days": 0,
            "not_before": None, "drug_program": None, "program_days": None, "minimum_or_low_risk": False,
            "time_credit_bars": (), "supervised_release": True, "detainer": None}  # fmt: skip
    for begins in ("2012-06-01", "2019-03-15"):
        assert sentence_to_door(begins, 120) == sentence_to_door(begins, 120, **door)
    for day in np.arange("2012-06-01", "2012-06-08", dtype="datetime64[D]"):
        assert release_date(day, 120) == release_date(day, 120, 0, extra_days=0, disallowed_days=0,
                                                      last_weekday=False, school_progress=True)  # fmt: skip
    usual = {"one_point_priors": 0, "prior_three_point_offense": False,
             "prior_two_point_violent_offense": False, "violence_or_weapon": False,
             "death_or_serious_injury": False, "aggravating_role": False,
             "truthful_disclosure": True}  # fmt: skip
    for points in range(7):
        for on in ("2013-11-01", "2019-11-01"):
            assert meets_safety_valve(on, points) == meets_safety_valve(on, points, **usual)
    finding = "death_or_serious_injury"
    assert death_base_level(finding, OLD) == death_base_level(finding, OLD, prior_conviction=False)


def test_no_day_of_a_programme_lies_before_there_were_credits():
    gone = {"term_months": 60, "minimum_or_low_risk": True}
    assert sentence_to_door("2010-06-01", program_days=0, **gone)
    with pytest.raises(GuidelineError, match="up to 0 days lie between"):
        sentence_to_door("2010-06-01", program_days=1, **gone)


@pytest.mark.parametrize(("given", "share"), [(1.5, 0.015), (0.5, 0.5), (1, 1.0), (100, 1.0), ("1.5%", 0.015),
                                              ("0.5%", 0.005), ("80", 0.8), (2, 0.02)])  # fmt: skip
def test_a_purity_above_1_is_percent(given, share):
    def level(purity):
        mixture = {"drug": "methamphetamine", "quantity": 3000, "unit": "g", "purity": purity}
        return analyze_case({"drugs": [mixture], "criminal_history_category": "I"})["original"]

    assert level(given) == level(share)


@pytest.mark.parametrize("given", [0, -1, 100.5, 101, "101%", "0", "", "1_0", "1_0%", "１０%", "nan", "inf"])
def test_a_purity_that_cannot_be_is_refused(given):
    mixture = {"drug": "methamphetamine", "quantity": 3000, "unit": "g", "purity": given}
    with pytest.raises(CaseError, match="purity"):
        analyze_case({"drugs": [mixture]})


DATED = {"total_offense_level": 31, "criminal_history_category": "III", "imposed_term_months": 140}


@pytest.mark.parametrize("name", ["jail_credit_days", "good_time_disallowed_days"])
def test_a_fact_is_said_to_play_no_part_exactly_where_it_plays_none(name):
    without = analyze_case({**DATED, name: 30})
    assert f"{name}: sentence_began_on is not given" in without["unused"]
    dated = analyze_case({**DATED, "sentence_began_on": "2010-03-01", name: 30})
    assert not [line for line in dated["unused"] if line.startswith(name)]
    assert dated["release"] != analyze_case({**DATED, "sentence_began_on": "2010-03-01"})["release"]


def test_orders_under_several_policies_are_judged_each_by_its_own():
    days = ["2008-06-01", "2012-06-01", "2014-11-01", "2019-06-01"]
    facts = {"base_offense_level": 32, "criminal_history_category": 2, "imposed_term_months": 100,
             "statutory_minimum_months": 120, "substantial_assistance": True}  # fmt: skip

    def cut(on):
        before = worksheet({**facts, "order_effective_on": on}, Manual.on("2007-11-01"))
        return reduction(before, amended_worksheet(before, "706"), "706")

    for pair in product(days, days):
        together = cut(list(pair))
        for at, day in enumerate(pair):
            alone = cut([day])
            for name in ("code", "floor_months", "amended_range_minimum_months", "comparable_months"):
                np.testing.assert_equal(together[name][at], alone[name][0])


def test_a_table_of_remarks_alone_is_no_table(tmp_path):
    path = tmp_path / "2013-11-01.csv"
    head = "".join(f"# {key}: x\n" for key in ("title", "section", "unit", "source", "certainty"))
    path.write_text(head)
    with pytest.raises(GuidelineError, match="column names missing"):
        read_table(path, "nothing")


@pytest.mark.parametrize(
    ("more", "doubted"),
    [({}, True), ({"program_days": None}, False), ({"time_credit_bars": []}, False),
     ({"statutory_minimum_months": None}, False), ({"statutory_minimum_months": 0}, False)],
)  # fmt: skip
def test_time_credits_are_doubted_only_where_asked_for_on_a_record_with_a_minimum(more, doubted):
    record = {"drugs": [{"drug": "fentanyl", "quantity": 500, "unit": "g"}], "program_days": 100,
              "statutory_minimum_months": 120, "imposed_term_months": 150, "criminal_history_category": "I",
              "minimum_or_low_risk": True, "sentence_began_on": "2019-06-03"}  # fmt: skip
    told = analyze_case({**record, **more})["warnings"]
    assert any("no time credits for" in line for line in told) == doubted


@settings(max_examples=3)
@given(seeds)
def test_nothing_is_said_to_be_assumed_that_the_record_gives(seed):
    random = Random(seed)
    cases = [{**record(random), "sentence_began_on": "2010-03-01"} for _ in range(40)]
    for case in cases:
        for name in ("jail_credit_days", "good_time_disallowed_days", "consecutive_term_months"):
            if random.random() < 0.5:
                case.setdefault(name, 0)
    for case, answer in zip(cases, analyze_cases(cases), strict=True):
        if not isinstance(answer, CaseError):
            assert not {line.split(":")[0] for line in answer["assumed"]} & set(case), (case, answer)
            for name in ("jail_credit_days", "good_time_disallowed_days", "consecutive_term_months"):
                if not (name == "consecutive_term_months" and "firearm_term_months" in case):
                    assert (f"{name}: 0" in answer["assumed"]) == (name not in case)


STANDING = {
    "order_effective_on": "2016-01-01", "adjustments": [], "mitigating_role": 0, "acceptance": 0,
    "quantity_is_minimum": False, "career_offender": False, "armed_career_criminal": False,
    "statutory_minimum_months": 0, "statutory_maximum_months": 480, "substantial_assistance": False,
    "time_served_months": 20, "serving_original_term": True,
}  # fmt: skip


def test_what_stands_for_a_fact_is_said_until_the_record_gives_it():
    case = {"drugs": [{"drug": "heroin", "quantity": 1, "unit": "kg"}], "criminal_history_category": "II",
            "imposed_term_months": 140, "sentenced_on": "2012-03-01"}  # fmt: skip
    told = analyze_case(case)["assumed"]
    assert {name for line in told for name in line.split(":")[0].split(", ")} == set(STANDING)
    for name, value in STANDING.items():
        left = analyze_case({**case, name: value})["assumed"]
        assert [line for line in told if line not in left] == [line for line in told if name in line]
        assert set(left) - set(told) == (
            {"safety_valve: no"} if name == "statutory_minimum_months" else set()
        )
    begun = analyze_case({**case, "sentence_began_on": "2012-04-01"})["assumed"]
    credited = ("jail_credit_days", "good_time_disallowed_days", "consecutive_term_months")
    assert begun == [line for line in told if "serv" not in line] + [f"{name}: 0" for name in credited]


@pytest.mark.parametrize("term, authority, told", [(200, None, True), (200, True, False), (240, None, False)])
def test_authority_is_said_to_be_assumed_below_the_minimum_alone(term, authority, told):
    assumed = analyze_case({
        "base_offense_level": 34, "criminal_history_category": "III", "imposed_term_months": term,
        "statutory_minimum_months": 240, "substantial_assistance": True, "below_minimum_authority": authority,
    })["assumed"]  # fmt: skip
    assert any(line.startswith("below_minimum_authority: yes") for line in assumed) == told


@pytest.mark.parametrize("override, amended", [(30, 38), (37, 38), (38, 38), (39, 39)])
def test_adjustments_told_by_the_total_stay_where_a_lower_override_sets_nothing(override, amended):
    answer = analyze_case({
        "drugs": [{"drug": "heroin", "quantity": 40, "unit": "kg"}], "total_offense_level": 40,
        "career_offender": True, "override_offense_level": override, "criminal_history_category": "VI",
        "imposed_term_months": 400, "sentenced_on": "2012-03-01",
    })  # fmt: skip
    assert answer["original"]["total_offense_level"] == 40
    assert answer["amended"]["total_offense_level"] == amended


@pytest.mark.parametrize(("drug", "model"), [("Cocaine Base", "Cocaine"), ("Heroin", "Cocaine")])
def test_a_drug_that_takes_anothers_thresholds_has_its_level_at_every_quantity(drug, model):
    change = {"table": "drug_quantity", "kind": "thresholds", "drug": drug, "thresholds_of": model}
    manual = OLD.with_amendments(Amendment.from_mapping({"number": "x", "change": [change]}))
    for cut in OLD.quantity_cuts[int(OLD.drug_index(model))]:
        for quantity in (cut, cut * (1 - 1e-9), cut * (1 + 1e-9)):
            if np.isfinite(quantity):
                (level,) = quantity_base_level([drug], [quantity], manual)
                assert level == quantity_base_level([model], [quantity], OLD)[0]


@pytest.mark.parametrize("levels", [-1, -2])
def test_a_lower_ladder_is_lower_at_every_quantity_by_as_much_or_ends_at_its_foot(levels):
    manual = OLD.with_amendments(Amendment.from_mapping({"number": "x", "like": "782", "levels": levels}))
    for drug in OLD.listed_drugs:
        cuts = OLD.quantity_cuts[int(OLD.drug_index(drug))]
        for cut in cuts[np.isfinite(cuts)]:
            for quantity in (cut, cut * (1 - 1e-9), cut * (1 + 1e-9)):
                (was,), (becomes,) = (quantity_base_level([drug], [quantity], m) for m in (OLD, manual))
                lowered = quantity_base_level([drug], [quantity], Manual.on("2014-11-01"))[0]
                foot = int(OLD.quantity_levels[int(OLD.drug_index(drug))][cuts >= 0].min())
                assert becomes in (was + levels, foot) if lowered < was else becomes == was


@pytest.mark.parametrize(
    ("limits", "told"),
    [((90, LIFE), "minimum of 90"), ((95, LIFE), "minimum of 95"), ((120, LIFE), "minimum of 120"),
     ((0, 100), "maximum of 100"), ((0, 90), "maximum of 90"), ((0, 60), "maximum of 60")],
)  # fmt: skip
def test_a_range_that_a_limit_explains_says_so_and_which(limits, told):
    (low,), (high,) = guideline_range([29], 1, OLD)
    found = restricted((int(low), int(high)), *limits)
    record = {"total_offense_level": 29, "criminal_history_category": "I", "imposed_term_months": 100}
    (line,) = analyze_case({**record, "guideline_range_months": list(found)})["clashes"]
    assert f"a statutory {told} months would explain it" in line


@pytest.mark.parametrize(
    ("name", "found", "told"),
    [("guideline", [70, 87], "of level 27"), ("guideline", [78, 97], "of level 28"),
     ("guideline", [97, 121], "of category II"), ("guideline", [95, 97], "not stated"),
     ("guideline", [95, 110], "not stated"), ("table", [78, 97], "of level 28"),
     ("table", [90, 108], "not stated"), ("table", [87, 100], "not stated")],
)  # fmt: skip
def test_a_range_that_no_limit_explains_is_that_of_another_cell_or_misread(name, found, told):
    record = {"total_offense_level": 29, "criminal_history_category": "I", "imposed_term_months": 100}
    (line,) = analyze_case({**record, f"{name}_range_months": found})["clashes"]
    assert told in line
    assert "a statutory minimum of" not in line and "a statutory maximum of" not in line


def test_one_person_who_lacks_a_needed_share_is_named_among_those_who_do_not():
    facts = {"base_offense_level": 32, "criminal_history_category": 2, "imposed_term_months": 60,
             "substantial_assistance": True, "assistance_percent": [20.0, np.nan]}  # fmt: skip
    switches = Rules(assistance_share="assistance_only")
    before = worksheet(facts, OLD)
    with pytest.raises(GuidelineError, match="row 1 needs assistance_percent"):
        reduction(before, amended_worksheet(before, "782", rules=switches), "782", switches)


@pytest.mark.parametrize("edition", ["1987-11-01", "2006-11-01", "2013-11-01", "2018-11-01"])
def test_the_answers_a_question_tries_differ_and_are_told_apart(edition):
    asked = questions(edition)
    assert ["weapon", {"adjustments": [{"section": "2D1.1(b)(1)"}]}] in [
        list(c) for q in asked for c in q.choices
    ]
    for question in asked:
        names = [name for name, _ in question.choices]
        changes_tried = [str(change) for _, change in question.choices]
        assert len(set(names)) == len(names) and len(set(changes_tried)) == len(changes_tried)
        assert not any(str(LIFE) in name for name in names)


def test_a_policy_that_began_on_a_day_holds_on_that_day():
    first = tables.editions("retroactivity_policy")[0]
    day = np.datetime64(first).astype(int)
    assert early_policy(int(day)) and not early_policy(int(day) - 1)


@pytest.mark.parametrize("name", sorted(set(tables.law_tables()) - {"drug_quantity"}))
def test_every_line_whose_figures_differ_is_a_change_and_no_other(name):
    for on, until in pairwise(tables.editions(name)):
        old, new = tables.law(name, on), tables.law(name, until)
        for change in changes(name, on, until):
            assert change.before != change.after
            for table, side in ((old, change.before), (new, change.after)):
                rows = table.select(**{c: v for c, v in change.line.items() if c in table.columns})
                assert (side is None) == (not rows or set(change.line) - set(table.columns) != set())
                assert side is None or side in [{c: row[c] for c in side} for row in rows]
                assert not side or not set(side) & set(change.line)
        same = [c for c in old.columns if c in new.columns and c not in ("source", "certainty", "condition")]
        told = sorted([row[c] for c in same] for row in old) != sorted([row[c] for c in same] for row in new)
        assert not told or changes(name, on, until)


def test_a_flag_is_0_or_1_and_nothing_else():
    assert Facts({"safety_valve": [0, 1]})["safety_valve"].tolist() == [False, True]
    for other in (2, -1, 0.5):
        with pytest.raises(GuidelineError, match="safety_valve"):
            Facts({"safety_valve": [0, other]})["safety_valve"]


@pytest.mark.parametrize(
    ("numbers", "title"), [([782], "amendment 782"), ([706, 782], "amendments 706 and 782")]
)
def test_one_amendment_is_one_and_two_are_several(numbers, title):
    begin, _ = period(None, amendment_key(numbers))
    assert setting(begin, amendment_key(numbers), "{}").title == title


@pytest.mark.parametrize(("based", "doubted"), [(False, False), (True, True)])
def test_a_minimum_is_doubted_only_where_the_level_came_from_a_quantity(based, doubted):
    answer = analyze_case({"base_offense_level": 32, "drug_quantity_based": based, "imposed_term_months": 120,
                           "criminal_history_category": "I", "acceptance": -3})  # fmt: skip
    named = [line for line in (*answer["decides"], *answer["missing"]) if "statutory_minimum_months" in line]
    assert bool(named) == doubted


def test_in_the_first_manual_a_career_offender_loses_acceptance_only_where_that_level_governs():
    facts = {"base_offense_level": [36, 20, 20], "career_offender": [True, True, False], "acceptance": -2,
             "statutory_maximum_months": 240, "criminal_history_category": 6}  # fmt: skip
    sheet = worksheet(facts, Manual.on("1988-01-01"))
    assert sheet["acceptance_of_responsibility"].tolist() == [-2, 0, -2]


@pytest.mark.parametrize("term", [12, 200, 400])
def test_a_category_that_is_not_known_is_missing_whether_or_not_it_decides(term):
    answer = analyze_case({"drugs": [{"drug": "heroin", "quantity": 40, "unit": "kg"}],
                           "sentenced_on": "2012-03-01", "imposed_term_months": term})  # fmt: skip
    assert "criminal_history_category or criminal_history_points" in answer["missing"]


def test_points_alone_give_their_category():
    record = {"criminal_history_points": 5, "status_points": 2, "sentenced_on": "2012-03-01"}
    answer = analyze_case({**record, "amendments": ["821A"]})
    categories = [answer[when]["criminal_history_category"] for when in ("original", "amended")]
    lines = [line["original"] for line in answer["worksheet"]]
    assert categories == ["III", "II"] and lines == [5, "III"]


def test_people_with_and_without_drugs_need_the_level_found_of_those_without():
    facts = {"substance": [["Heroin"], [""]], "substance_quantity": [[1000.0], [0.0]]}
    with pytest.raises(MissingFact, match="needs base_offense_level"):
        base_levels(Facts(facts), OLD)
    _, base = base_levels(Facts({**facts, "base_offense_level": [0, 24]}), OLD)
    assert base.tolist() == [32, 24]


def test_what_is_nought_stays_nought():
    """A minimum the safety valve lifts, the least level a role cap can meet, good time of a life term."""
    lifted = Facts({"safety_valve": [1, 0], "statutory_minimum_months": [120, 120]})
    assert effective_minimum(lifted).tolist() == [0, 120]
    assert mitigating_role_cap([0, 38], [-2, 0], OLD).tolist() == [0, 38]
    served = {"base_offense_level": 43, "criminal_history_category": "I", "sentence_began_on": "2012-03-01"}
    life = analyze_case(served | {"imposed_term_months": "life"})["release"]["original"]
    assert (life["release_date"], life["good_conduct_time_days"]) == (None, 0)


def test_an_earlier_order_may_leave_the_term_as_it_was_and_never_lengthens_it():
    record = {"base_offense_level": 32, "criminal_history_category": "I", "imposed_term_months": 121,
              "sentenced_on": "2012-03-01", "acceptance": 0, "statutory_minimum_months": 0}  # fmt: skip
    earlier = {"amendment": "35(b)", "on": "2013-01-01"}
    analyze_case(record | {"earlier_reductions": [earlier | {"term_months": 121}]})
    with pytest.raises(CaseError, match="122 months given after 121"):
        analyze_case(record | {"earlier_reductions": [earlier | {"term_months": 122}]})


ONE_COUNT = {"sentenced_on": "2011-05-12", "criminal_history_category": "I", "imposed_term_months": 70}


def test_a_role_is_counted_back_to_the_row_before_the_cap():
    """Base level 30 with four levels for the role is row 32: a kilogram of heroin, a minimum of ten years."""
    record = ONE_COUNT | {"drugs": [{"drug": "heroin"}], "base_offense_level": 30}
    (with_role,) = analyze_case(record | {"mitigating_role": -4})["warnings"]
    (without,) = analyze_case(record)["warnings"]
    assert "60 or 120 months" in with_role and "60 months" in without and "120" not in without


def test_the_first_drug_of_the_table_is_a_drug_too():
    """Under the Manual of 2007 crack reaches five years at level 24, heroin at 26."""
    record = ONE_COUNT | {"sentenced_on": "2008-05-01", "imposed_term_months": 55, "base_offense_level": 24}
    assert Manual.on("2008-05-01").drugs[0] == "Heroin"
    assert analyze_case(record | {"drugs": [{"drug": "heroin"}]})["warnings"] == []
    assert "a minimum of 60 months" in analyze_case(record)["warnings"][0]


def test_every_manual_a_record_may_be_of_is_in_what_all_open_questions_span():
    known = {"drugs": [{"drug": "crack", "quantity": 50, "unit": "g"}], "acceptance": -3,
             "mitigating_role": 0, "adjustments": [], "quantity_is_minimum": False, "career_offender": False,
             "criminal_history_category": "I", "imposed_term_months": 100, "statutory_minimum_months": 0,
             "statutory_maximum_months": "life", "safety_valve": False, "substantial_assistance": False,
             "serving_original_term": True, "other_group_level": 4}  # fmt: skip
    items, together, _ = checklist(known)
    (of_manuals,) = [item.open for item in items if item.open]
    assert of_manuals.original[0] < 60 < 100 < of_manuals.original[1]
    assert together.original == of_manuals.original


def test_a_career_offender_needs_a_maximum_of_more_than_a_year_and_may_have_none():
    assert career_offender_level([0, 12, 13], OLD).tolist() == [0, 0, 12]


def test_a_day_before_the_first_edition_names_the_first():
    with pytest.raises(GuidelineError, match="1900-01-01 is before the first edition held, 1987-11-01"):
        tables.law("sentencing_table", "1900-01-01")


def test_a_minimum_alone_may_make_the_difference_of_the_two_ranges():
    ranges = {"table_range_months": [70, 87], "guideline_range_months": [80, 87]}
    analyze_case(ONE_COUNT | ranges | {"statutory_minimum_months": 80, "imposed_term_months": 80})
    with pytest.raises(CaseError, match=r"80-87 given with table_range_months 70-87"):
        analyze_case(ONE_COUNT | ranges)


@pytest.mark.parametrize(
    ("found", "limit"),
    [([120, 121], "minimum of 120"), ([97, 100], "maximum of 100"), ([90, 121], ""), ([110, 130], "")],
)
def test_a_statutory_limit_explains_a_range_only_where_it_would_give_just_that(found, limit):
    record = ONE_COUNT | {"base_offense_level": 30, "acceptance": 0, "imposed_term_months": 100}
    (clash,) = analyze_case(record | {"guideline_range_months": found})["clashes"]
    assert "level 30 in category I gives 97-121" in clash
    assert (limit in clash) if limit else ("months would explain it" not in clash)


def test_points_of_another_category_are_a_clash_that_names_both():
    record = ONE_COUNT | {"base_offense_level": 30, "acceptance": 0}
    (clash,) = analyze_case(record | {"criminal_history_points": 5})["clashes"]
    assert clash.startswith("criminal history category I is recorded, 5 points give III;")
    assert analyze_case(record | {"criminal_history_points": 1})["clashes"] == []


def test_a_converted_weight_is_told_to_a_milligram():
    drugs = [{"drug": "heroin", "quantity": 0.1234567891, "unit": "kg"}, {"drug": "cocaine", "quantity": 1}]
    lines = analyze_case(ONE_COUNT | {"drugs": [drugs[0], drugs[1] | {"unit": "g"}]})["worksheet"]
    (weight,) = [line for line in lines if line["step"] == "converted_weight_kg"]
    assert weight["original"] == weight["amended"] == 123.656789


def test_any_level_from_the_highest_to_the_lowest_may_be_an_armed_career_criminals():
    record = {"sentenced_on": "2011-05-12", "criminal_history_category": "IV", "imposed_term_months": 170,
              "total_offense_level": 31, "armed_career_criminal": True}  # fmt: skip
    (levels,) = [one for one in choices(read(record)) if one.asks == ("override_offense_level",)]
    assert [one.says["override_offense_level"] for one in levels.options] == list(range(43, 0, -1))


def test_without_two_priors_in_the_statute_those_of_one_apply():
    terms = [statutory_terms("Heroin", grams, "2012-01-01", priors=2) for grams in (10, 200, 1_500)]
    one = [statutory_terms("Heroin", grams, "2012-01-01", priors=1) for grams in (10, 200)]
    first = statutory_terms("Heroin", 1_500, "2012-01-01")
    assert terms[:2] == one and int(terms[2][0]) == LIFE and int(first[0]) == 120


@pytest.mark.parametrize(("months", "told"), [(12, False), (13, True)])
def test_a_minimum_of_a_year_is_that_of_a_protected_place_and_no_doubt(months, told):
    record = ONE_COUNT | {"drugs": [{"drug": "heroin", "quantity": 50, "unit": "g"}]}
    warned = analyze_case(record | {"statutory_minimum_months": months})["warnings"]
    assert any("is no minimum of this quantity" in line for line in warned) == told


def test_whether_a_quantity_is_a_least_one_is_each_persons_own():
    facts = {"drug": "Heroin", "quantity": 30_000.0, "acceptance": -3, "criminal_history_category": 1,
             "imposed_term_months": 151, "order_effective_on": np.datetime64("2015-11-01")}  # fmt: skip
    both = outcome(facts | {"quantity_is_minimum": [True, False]})
    assert both == [*outcome(facts | {"quantity_is_minimum": [True]}), *outcome(facts)]


def outcome(facts):
    before, rules = worksheet(facts, OLD), Rules(quantity_findings="refuse")
    after = amended_worksheet(before, "782", rules=rules)
    return reduction(before, after, "782", rules).code_names().tolist()


@pytest.mark.parametrize(("served", "told"), [(35, False), (36, True)])
def test_the_sentence_says_when_time_served_holds_the_floor_a_month_above_the_comparable_term(served, told):
    """Half of 70 months, on the government's motion."""
    record = {"total_offense_level": 29, "criminal_history_category": "I", "imposed_term_months": 43,
              "statutory_minimum_months": 0, "substantial_assistance": True, "assistance_percent_only": 50,
              "rules": {"assistance_share": "assistance_only"}, "time_served_months": served}  # fmt: skip
    answer = analyze_case(record)
    assert (answer["floor_months"], answer["comparable_term_months"]) == (served, 35)
    assert (f"not below {served} months (statutory minimum, time served)" in sentence(answer)) == told


def test_two_terms_run_together_up_to_the_longest_that_is_held():
    record = ONE_COUNT | {"base_offense_level": 32, "imposed_term_months": 5_000}
    whole = analyze_case(record | {"consecutive_term_months": 1_000})["total_term_months"]
    assert (whole["imposed"], whole["consecutive"]) == (6_000, 1_000)
    with pytest.raises(CaseError, match="together up to 6000 is accepted"):
        analyze_case(record | {"consecutive_term_months": 1_001})


def test_a_role_lowers_what_directly_involved_a_protected_place_too():
    """Level 38: 34 with a minimal role, 32 as that is above 32; less four, and two for the place (§2D1.2)."""
    drugs = [{"drug": "heroin", "quantity": 35, "unit": "kg"}]
    record = {"sentenced_on": "2012-01-01", "drugs": drugs, "protected_drugs": drugs, "acceptance": 0,
              "protected_location": True, "mitigating_role": -4}  # fmt: skip
    assert analyze_case(record)["original"]["total_offense_level"] == 30


def test_of_days_that_are_none_the_first_is_named():
    with pytest.raises(GuidelineError, match=r": \['soon'\] given; days such as 2015-11-01 are accepted"):
        Facts({"order_effective_on": ["soon", "later"]})["order_effective_on"]


def test_names_of_letters_are_listed_before_those_of_digits():
    assert nearest("tea", ["1-Test", "Abc", "2-Test", "Xyz"]) == "known: Abc, Xyz, 1-Test, 2-Test"


@pytest.mark.parametrize(("level", "open_"), [(22, False), (23, True)])
def test_a_least_level_up_to_eight_below_the_total_may_have_set_it(level, open_):
    """Acceptance, and what else may lower a total, come to eight levels at most."""
    record = {"total_offense_level": 31, "criminal_history_category": "I", "imposed_term_months": 125}
    assert (
        "base_offense_level" in analyze_case(record | {"cross_reference_level": level})["decides"]
    ) == open_


def test_a_drug_the_statute_does_not_name_has_no_maximum_of_its_quantity():
    record = {"criminal_history_category": "I", "statutory_minimum_months": 0}
    for drug, months, told in (("codeine", 300, False), ("heroin", 240, False), ("heroin", 241, True)):
        drugs = [{"drug": drug, "quantity": 20, "unit": "g"}]
        warned = analyze_case(record | {"drugs": drugs, "imposed_term_months": months})["warnings"]
        assert any("the maximum of this quantity" in line for line in warned) == told


@pytest.mark.parametrize(("total", "open_"), [(20, False), (21, True)])
def test_a_capped_level_may_lie_under_a_total_up_to_five_levels_less(total, open_):
    """Level 30 by the cap, four for the role, three for acceptance and two for the safety valve: 21."""
    record = {"mitigating_role": -4, "total_offense_level": total, "criminal_history_category": "I"}
    assert ("base_offense_level" in analyze_case(record | {"imposed_term_months": 46})["decides"]) == open_


def test_what_lay_in_a_protected_place_is_each_persons_own():
    """A batch in which one record tells it apart and another does not."""
    drugs = [{"drug": "heroin", "quantity": 2, "unit": "kg"}]
    part = [{"drug": "heroin", "quantity": 50, "unit": "g"}]
    near = ONE_COUNT | {"drugs": drugs, "protected_location": True}
    whole, told = analyze_cases([near, near | {"protected_drugs": part}])
    assert whole["original"] == analyze_case(near)["original"]
    assert whole["original"]["total_offense_level"] > told["original"]["total_offense_level"]


def _term_of(months):
    return release_date("2012-06-01", months, method="before_first_step_act")


TAKEN = {
    "priors": (lambda n: statutory_terms("Heroin", 100, "2012-01-01", priors=n), 0, 99),
    "points": (lambda n: category_from_points(n, OLD), 0, 999),
    "prior sentences": (lambda n: points_from_priors(n, 0, 0, 0, OLD), 0, 999),
    "points of the safety valve": (lambda n: meets_safety_valve("2013-11-01", n), 0, 999),
    "one-point priors": (lambda n: meets_safety_valve("2019-11-01", 999, one_point_priors=n), 0, 999),
    "category of the safety valve": (lambda n: category_may_pass("2013-11-01", n), 1, 6),
    "maximum of a career offender": (lambda n: career_offender_level(n, OLD), 0, LIFE),
    "acceptance beside a firearm count": (lambda n: range_with_firearm_count(51, 63, n, 60, OLD), -3, 0),
    "term of a firearm count": (lambda n: range_with_firearm_count(51, 63, -3, n, OLD), 0, LIFE),
    "role": (lambda n: mitigating_role_cap(32, n, OLD), -4, 0),
    "base level": (lambda n: mitigating_role_cap(n, 0, OLD), 0, 43),
    "level": (lambda n: guideline_range(n, 1, OLD), 1, 43),
    "category": (lambda n: guideline_range(30, n, OLD), 1, 6),
    "minimum": (lambda n: restrict_range(51, 63, n, LIFE), 0, LIFE),
    "maximum": (lambda n: restrict_range(51, 63, 0, n), 0, LIFE),
    "term": (_term_of, 0, LIFE),
    "days of jail": (lambda n: release_date("2012-06-01", 400, n, "before_first_step_act"), 0, 100_000),
    "days lost": (
        lambda n: release_date("2012-06-01", 400, 0, "before_first_step_act", disallowed_days=n), 0, 100_000
    ),
    "days beside the months": (
        lambda n: release_date("2012-06-01", 400, 0, "before_first_step_act", extra_days=n), 0, 100_000
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(TAKEN))
def test_a_rule_takes_numbers_from_its_first_to_its_last(name):
    call, low, high = TAKEN[name]
    for number in (low, high):
        call(number)
    for number in (low - 1, high + 1):
        with pytest.raises(GuidelineError):
            call(number)


@given(st.sets(st.integers(0, 45), min_size=1))
def test_a_possible_answer_names_the_very_numbers_it_depends_on(levels):
    one = {
        "eligible": False,
        "code": "range_not_lowered",
        "floor_months": None,
        "if": {"total_offense_level": [*levels]},
    }
    words = branch(one).removeprefix("No, if total offense level is ")
    runs = [part.split(" to ") for part in re.split(", | or ", words)]
    assert sorted(levels) == [at for run in runs for at in range(int(run[0]), int(run[-1]) + 1)]


BOUNDS = {
    "base_offense_level": (0, 43), "mitigating_role": (-4, 0), "specific_offense_levels": (-10, 40),
    "specific_offense_floor": (0, 43), "cross_reference_level": (0, 43), "chapter_three_levels": (-20, 40),
    "other_group_level": (0, 60), "override_offense_level": (0, 43), "acceptance": (-3, 0),
    "criminal_history_points": (0, 999), "status_points": (0, 2), "criminal_history_category": (1, 6),
    "statutory_minimum_months": (0, LIFE), "statutory_maximum_months": (0, LIFE),
    "offense_statutory_maximum_months": (0, LIFE), "firearm_term_months": (0, LIFE),
    "imposed_term_months": (0, LIFE), "imposed_term_days": (0, 31), "consecutive_term_months": (0, LIFE),
    "total_offense_level_found": (0, 99),
}  # fmt: skip


def test_every_fact_that_is_a_number_has_its_bounds():
    assert {fact.name: (fact.low, fact.high) for fact in FACTS.values() if fact.kind == "int"} == BOUNDS


def test_a_role_caps_the_level_at_which_the_ceiling_begins_too():
    """Amendment 640: levels above 30 become 30."""
    assert mitigating_role_cap([30, 31, 32], -2, Manual.on("2003-11-01")).tolist() == [30, 30, 30]


def test_a_level_that_is_not_the_drugs_has_no_minimum_by_priors():
    record = {"base_offense_level": 26, "criminal_history_category": "I", "imposed_term_months": 240,
              "sentenced_on": "2012-05-01"}  # fmt: skip
    for based in (True, False):
        warned = analyze_case(record | {"drug_quantity_based": based})["warnings"]
        assert any("21 U.S.C. 851" in line for line in warned) == based


def test_where_no_limit_is_stated_none_is_said():
    with pytest.raises(CaseError, match="guideline_range_months 61-73, statutory limits 0-life; the nearest"):
        analyze_case({"guideline_range_months": [61, 73], "criminal_history_category": "I"})


@pytest.mark.parametrize(("number", "taken"), [(10**500 - 1, True), (10**500, False)])
def test_an_id_is_a_number_of_five_hundred_digits_at_most(number, taken):
    assert (FIELDS["case_id"].check(number) is not BAD) == taken


def test_a_sentence_on_the_first_day_of_a_manual_nobody_read_is_told():
    first = tables.editions("unread_manual")[-1]
    day_before = str(np.datetime64(first) - 1)
    record = {"total_offense_level": 29, "criminal_history_category": "I", "imposed_term_months": 100}
    for on, told in ((day_before, False), (first, True)):
        facts = {"sentenced_on": on, "amendments": [], "manual_edition": "2025-11-01"}
        warned = analyze_case(record | facts)["warnings"]
        assert any(first in line for line in warned) == told


@pytest.mark.parametrize(("crack", "level"), [(0.24, 14), (0.25, 12)])
def test_two_levels_come_off_a_mixture_from_a_quarter_gram_of_cocaine_base_on(crack, level):
    """Note 10(D) of 2008: 20 kg a gram, and 4 kg for the heroin: 8.8 and 9 kg are level 14; 4 kg are 12."""
    drugs = [
        {"drug": "crack", "quantity": crack, "unit": "g"},
        {"drug": "heroin", "quantity": 4, "unit": "g"},
    ]
    record = {"manual_edition": "2008-11-01", "amendments": [], "drugs": drugs}
    assert analyze_case(record)["original"]["base_offense_level"] == level


def test_before_the_first_terms_held_the_first_stand():
    assert tier_terms("841(b)(1)(B)", "1980-01-01") == (60, 480)


@pytest.mark.parametrize(("total", "told"), [(33, True), (34, False)])
def test_a_range_the_level_gives_by_itself_is_none_of_a_firearm_count(total, told):
    """262-327 in category VI is level 34; beside 33 only §4B1.1(c)(3) gives it."""
    record = {"sentenced_on": "2012-05-01", "career_offender": True, "total_offense_level": total,
              "table_range_months": [262, 327], "consecutive_term_months": 60,
              "imposed_term_months": 262}  # fmt: skip
    assert any("§4B1.1(c)(3)" in line for line in analyze_case(record)["assumed"]) == told
