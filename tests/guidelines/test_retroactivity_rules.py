"""R1 to R17: each rule of the policy statement with its made-up edge case, and every code reached."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from guidelines import CODES, LIFE, Manual, amended_worksheet, reduction, worksheet
from guidelines.amendments import Amendment
from guidelines.errors import ContradictoryFacts, ImpossibleValue, MissingFact, UnknownName
from guidelines.s1b1_10_rules import Rules

BEFORE_KOONS, AFTER_KOONS = "2016-01-01", "2018-06-04"
WITH_ASSISTANCE = {"substantial_assistance": True}


def test_r1_a_revocation_term_is_not_the_original_term(decide):
    found = decide(
        base_offense_level=32,
        criminal_history_category=1,
        imposed_term_months=18,
        serving_original_term=False,
    )
    assert found.code == "not_serving_original_term"
    assert not found.eligible


def test_r2_an_unlisted_amendment_gives_nothing(decide):
    found = decide(
        amendments="794", base_offense_level=29, criminal_history_category=2, imposed_term_months=97
    )
    assert found.code == "amendment_not_listed"
    assert "range_not_lowered" in found.others


def test_r2_an_amendment_is_listed_only_from_its_day_on(decide):
    facts = dict(base_offense_level=32, criminal_history_category=1, imposed_term_months=121)
    assert decide(order_effective_on="2014-10-31", **facts).code == "amendment_not_listed"
    assert decide(order_effective_on="2014-10-31", **facts).others == ("order_effective_too_early",)


def test_r3_only_the_base_level_moves(decide):
    found = decide(
        base_offense_level=36,
        specific_offense_levels=2,
        acceptance=-3,
        criminal_history_category=2,
        imposed_term_months=200,
    )
    assert (found.table_before, found.table_after) == ((188, 235), (151, 188))
    assert (found.code, found.floor) == ("eligible", 151)
    assert found.after["specific_offense_characteristics"][0] == 2


def test_r3_the_third_acceptance_level_is_kept_as_found_unless_the_switch_recomputes_it(decide):
    facts = dict(base_offense_level=16, acceptance=-3, criminal_history_category=3, imposed_term_months=15)
    assert decide(**facts).after["total_offense_level"][0] == 11
    recomputed = decide(rules={"third_acceptance_level": "recompute"}, **facts)
    assert recomputed.after["acceptance_of_responsibility"][0] == -2
    assert recomputed.after["total_offense_level"][0] == 12


def test_r4_a_departure_in_category_is_ignored(decide):
    found = decide(base_offense_level=34, acceptance=-3, criminal_history_category=6, imposed_term_months=168)
    assert found.table_before == (188, 235)
    assert (found.code, found.floor, found.amended) == ("eligible", 151, (151, 188))


def test_r5_the_same_cell_is_no_lowered_range(decide):
    found = decide(
        base_offense_level=36, specific_offense_levels=6, criminal_history_category=6, imposed_term_months=400
    )
    assert found.table_before == found.table_after == (360, LIFE)
    assert found.code == "range_not_lowered"


@pytest.mark.parametrize(
    ("more", "code", "amended"),
    [(9, "level_cap_43", (LIFE, LIFE)), (8, "eligible", (360, LIFE))],
)
def test_r5_levels_above_43_count_as_43(decide, more, code, amended):
    found = decide(
        base_offense_level=36,
        specific_offense_levels=more,
        criminal_history_category=3,
        imposed_term_months=LIFE,
    )
    assert (found.code, found.table_after) == (code, amended)


METH = {"drug": "meth", "acceptance": -3, "criminal_history_category": 1, "imposed_term_months": 180}


def test_r6_at_least_a_quantity_leaves_the_top_row_open(decide):
    assert decide(quantity=15_000, quantity_is_minimum=True, **METH).code == "needs_quantity_finding"
    assert not decide(quantity=15_000, quantity_is_minimum=True, **METH).eligible
    assert decide(quantity=15_000, **METH).code == "eligible"
    assert (
        decide(quantity=15_000, quantity_is_minimum=True, quantity_maximum=44_999, **METH).code == "eligible"
    )
    assert (
        decide(quantity=15_000, quantity_is_minimum=True, quantity_maximum=45_000, **METH).code
        == "needs_quantity_finding"
    )
    assert decide(quantity=60_000, **METH).code == "quantity_above_top_threshold"
    refused = decide(quantity=15_000, quantity_is_minimum=True, rules={"quantity_findings": "refuse"}, **METH)
    assert refused.code == "eligible"


def test_r6_at_least_a_quantity_in_a_closed_row_is_decided(decide):
    assert decide(quantity=500, quantity_is_minimum=True, **METH).code != "needs_quantity_finding"


def test_r6_at_least_a_quantity_may_leave_a_row_open_that_an_amendment_split(decide):
    # 150-500 g of cocaine base was one row (32) in 2007; since 2010 28 up to 196 g, 30 up to 280 g, then 32.
    facts = dict(drug="crack", quantity=150, criminal_history_category=3, imposed_term_months=160)
    assert (
        decide(amendments="750", on="2007-11-01", quantity_is_minimum=True, **facts).code
        == "needs_quantity_finding"
    )
    assert decide(amendments="750", on="2007-11-01", **facts).code == "eligible"


def test_r6_of_several_drugs_only_the_open_top_is_open(decide):
    case = dict(criminal_history_category=1, imposed_term_months=300, quantity_is_minimum=True)
    top = decide(substance=[["heroin", "cocaine"]], substance_quantity=[[30_000, 10_000]], **case)
    assert top.code == "needs_quantity_finding"
    closed = decide(substance=[["heroin", "cocaine"]], substance_quantity=[[1_000, 1_000]], **case)
    assert closed.code == "eligible"


@pytest.mark.parametrize(("drug", "quantity"), [("heroin", 4.99), ("marijuana", 249), ("Flunitrazepam", 61)])
def test_r6_the_lowest_rows_stay(decide, drug, quantity):
    found = decide(drug=drug, quantity=quantity, criminal_history_category=3, imposed_term_months=12)
    assert found.code == "minimum_base_level"


def test_r6_a_base_level_as_found_is_open_where_rows_of_one_level_move_differently(decide):
    facts = dict(criminal_history_category=1, imposed_term_months=260)
    assert decide(base_offense_level=38, **facts).code == "needs_quantity_finding"
    assert decide(base_offense_level=38, drug="crack", **facts).code == "needs_quantity_finding"
    assert decide(base_offense_level=36, **facts).code == "eligible"
    assert decide(
        base_offense_level=20, drug="Schedule III", criminal_history_category=1, imposed_term_months=40
    ).code == ("needs_quantity_finding")


def test_r6_a_found_base_level_no_row_leads_to_is_inconsistent(decide):
    found = decide(base_offense_level=33, criminal_history_category=1, imposed_term_months=140)
    assert found.code == "record_inconsistent"


def test_r7_the_greater_of_drug_and_career_level_counts(decide):
    facts = dict(
        career_offender=True,
        acceptance=-3,
        criminal_history_category=2,
        imposed_term_months=320,
        drug="heroin",
        quantity=30_000,
    )
    found = decide(**facts)
    assert found.before["override_offense_level"][0] == 37
    assert (found.table_before, found.table_after) == ((292, 365), (262, 327))
    assert found.code == "eligible"
    governed = decide(**{**facts, "quantity": 1_000, "imposed_term_months": 262})
    assert governed.code == "career_offender"
    assert governed.table_before == (262, 327)


def test_r7_an_armed_career_criminal_has_a_code_of_their_own(decide):
    facts = dict(
        base_offense_level=26, override_offense_level=33, criminal_history_category=4, imposed_term_months=190
    )
    assert decide(armed_career_criminal=True, **facts).code == "armed_career_criminal"
    with pytest.raises(ImpossibleValue, match=r"§4B1\.4"):
        decide(**{**facts, "armed_career_criminal": True, "override_offense_level": 0})


def test_r7_a_base_level_from_elsewhere_does_not_move(decide):
    found = decide(
        base_offense_level=38, drug_quantity_based=False, criminal_history_category=1, imposed_term_months=240
    )
    assert found.code == "not_drug_quantity_based"
    with pytest.raises(MissingFact, match="base_offense_level"):
        decide(
            drug="heroin",
            quantity=1000,
            drug_quantity_based=False,
            criminal_history_category=1,
            imposed_term_months=9,
        )


ROW_32_MINOR = dict(
    drug="cocaine",
    quantity=5_000,
    mitigating_role=-2,
    acceptance=-3,
    criminal_history_category=3,
    imposed_term_months=75,
)


def test_r8_the_role_cap_may_take_back_the_two_levels(decide):
    found = decide(**ROW_32_MINOR)
    assert found.table_before == found.table_after == (70, 87)
    assert found.code == "role_cap_offsets"
    kept = decide(rules={"role_cap": "keep"}, **ROW_32_MINOR)
    assert (kept.code, kept.floor) == ("eligible", 57)


def test_r8_the_row_behind_a_found_base_level_is_found_again(decide):
    # 31 with a minor role is row 34; as amended row 32 with the cap: 30.
    found = decide(
        base_offense_level=31, mitigating_role=-2, criminal_history_category=1, imposed_term_months=90
    )
    assert (found.before["table_base_level"][0], found.after["base_offense_level"][0]) == (34, 30)
    assert found.code == "eligible"
    # 30 with a minor role is row 32 (stays 30) or row 30 (falls to 28): the record must say which.
    open_row = decide(
        base_offense_level=30, mitigating_role=-2, criminal_history_category=1, imposed_term_months=90
    )
    assert open_row.code == "needs_quantity_finding"


def test_r9_without_assistance_the_minimum_restricts_both_ranges(decide):
    facts = dict(
        base_offense_level=34, acceptance=-3, criminal_history_category=1, statutory_minimum_months=120
    )
    found = decide(imposed_term_months=130, **facts)
    assert (found.guideline_before, found.amended) == ((120, 135), (120, 120))
    assert (found.code, found.floor) == ("eligible", 120)
    assert decide(imposed_term_months=120, **facts).code == "already_at_statutory_minimum"
    assert (
        decide(imposed_term_months=130, rules={"lowered_means": "minimum"}, **facts).code
        == "mandatory_minimum_controls"
    )
    assert decide(imposed_term_months=108, safety_valve=True, **facts).floor == 87


def test_r9_a_minimum_above_both_ranges_controls(decide):
    found = decide(
        base_offense_level=26,
        criminal_history_category=1,
        imposed_term_months=120,
        statutory_minimum_months=120,
    )
    assert found.code == "mandatory_minimum_controls"
    assert "already_at_statutory_minimum" in found.others


# Table range, statutory minimum 120: below it (87-108), across it (108-135), above it (135-168).
LEVELS = {"below": (28, 29), "across": (30, 31), "above": (32, 33)}


def r9(decide, where, order, **more):
    """R9's table: base level 3 above the total, since acceptance takes three."""
    total = LEVELS[where][1]
    facts = {
        "base_offense_level": total + 3,
        "acceptance": -3,
        "criminal_history_category": 1,
        "statutory_minimum_months": 120,
        "order_effective_on": order,
        "imposed_term_months": 60,
        **WITH_ASSISTANCE,
    }
    return decide(
        amendments=Amendment.load("782").but(
            order_effective_from="2008-03-03", retroactive_from="2008-03-03"
        ),
        **{**facts, **more},
    )


@pytest.mark.parametrize(
    ("where", "order", "code", "amended", "percent_from"),
    [
        ("below", "2014-10-31", "mandatory_minimum_controls", (120, 120), 120),
        ("below", "2014-11-01", "eligible_substantial_assistance", (70, 87), 120),
        ("below", BEFORE_KOONS, "eligible_substantial_assistance", (70, 87), 120),
        ("below", AFTER_KOONS, "not_based_on_lowered_range", (70, 87), 120),
        ("across", "2014-10-31", "already_at_or_below_amended_minimum", (120, 120), 120),
        ("across", BEFORE_KOONS, "eligible_substantial_assistance", (87, 108), 120),
        ("across", AFTER_KOONS, "eligible_substantial_assistance", (87, 108), 120),
        ("above", "2014-10-31", "eligible_substantial_assistance", (120, 135), 135),
        ("above", BEFORE_KOONS, "eligible_substantial_assistance", (108, 135), 135),
        ("above", AFTER_KOONS, "eligible_substantial_assistance", (108, 135), 135),
    ],
)
def test_r9_assistance_and_minimum_by_day_of_the_order(decide, where, order, code, amended, percent_from):
    found = r9(decide, where, order)
    assert (found.code, found.amended) == (code, amended)
    assert found.comparable == pytest.approx(amended[0] * 60 / percent_from)


def test_r9_koons_needs_the_whole_range_below_the_minimum(decide):
    case = dict(base_offense_level=30, criminal_history_category=1, imposed_term_months=60)
    case |= {"order_effective_on": AFTER_KOONS, **WITH_ASSISTANCE}
    assert decide(statutory_minimum_months=121, **case).code == "eligible_substantial_assistance"
    assert decide(statutory_minimum_months=122, **case).code == "not_based_on_lowered_range"


def test_r9_a_minimum_the_amended_table_meets_by_itself_is_no_statutory_stop(decide):
    found = decide(
        base_offense_level=30,
        acceptance=-3,
        chapter_three_levels=2,
        criminal_history_category=5,
        imposed_term_months=120,
        statutory_minimum_months=120,
    )
    assert found.table_after == (120, 150)
    assert found.code == "already_at_or_below_amended_minimum"
    assert "already_at_statutory_minimum" not in found.others


def test_r9_koons_as_a_switch(decide):
    assert r9(decide, "below", AFTER_KOONS, rules={"koons": "never"}).eligible
    assert r9(decide, "below", BEFORE_KOONS, rules={"koons": "always"}).code == "not_based_on_lowered_range"


def test_r9_a_5k1_1_motion_alone_does_not_lift_the_minimum(decide):
    found = r9(decide, "across", BEFORE_KOONS, below_minimum_authority=False, imposed_term_months=125)
    assert (found.amended, found.floor, found.code) == ((120, 120), 120, "eligible")


def test_r9_the_printed_edge(decide):
    found = decide(
        base_offense_level=30,
        criminal_history_category=1,
        statutory_minimum_months=120,
        imposed_term_months=72,
        **WITH_ASSISTANCE,
    )
    assert found.guideline_before == (120, 121)
    assert found.comparable == pytest.approx(46.8)
    assert (found.floor, found.code) == (47, "eligible_substantial_assistance")


def test_r10_the_statutory_maximum_stays(decide):
    facts = dict(criminal_history_category=4, imposed_term_months=120, statutory_maximum_months=120)
    controlled = decide(base_offense_level=32, **facts)
    assert (controlled.guideline_before, controlled.amended) == ((120, 120), (120, 120))
    assert controlled.code == "statutory_maximum_controls"
    lowered = decide(base_offense_level=30, **facts)
    assert (lowered.code, lowered.amended) == ("eligible", (110, 120))


def test_r10_the_maximum_holds_for_assistance_too(decide):
    found = decide(
        base_offense_level=32,
        criminal_history_category=4,
        imposed_term_months=90,
        statutory_maximum_months=120,
        statutory_minimum_months=60,
        **WITH_ASSISTANCE,
    )
    assert found.code == "statutory_maximum_controls"


@pytest.mark.parametrize(
    ("imposed", "code", "lowest"),
    [(110, "eligible", 108), (100, "already_at_or_below_amended_minimum", 100), (300, "eligible", 108)],
)
def test_r11_never_below_the_amended_minimum(decide, imposed, code, lowest):
    found = decide(
        base_offense_level=33 - 1,
        acceptance=0,
        criminal_history_category=1,
        imposed_term_months=imposed,
        specific_offense_levels=1,
    )
    assert (found.table_before, found.table_after) == ((135, 168), (108, 135))
    assert (found.code, found.lowest) == (code, lowest)


def test_r11_before_november_2011_any_below_range_term_could_get_a_comparable_cut(decide):
    facts = dict(drug="crack", quantity=5, criminal_history_category=1, imposed_term_months=50)
    early = decide(amendments="706", on="2006-11-01", order_effective_on="2010-01-01", **facts)
    late = decide(amendments="706", on="2006-11-01", order_effective_on="2011-11-01", **facts)
    assert (early.table_before, early.table_after) == ((63, 78), (51, 63))
    assert (early.code, early.floor) == ("eligible", 40)  # no motion was needed
    assert late.code == "already_at_or_below_amended_minimum"


R12 = dict(
    base_offense_level=34,
    criminal_history_category=1,
    imposed_term_months=90,
    **WITH_ASSISTANCE,
)


def test_r12_the_whole_percentage_or_only_the_assistance_share(decide):
    whole = decide(**R12)
    assert (whole.table_before, whole.table_after) == ((151, 188), (121, 151))
    assert whole.comparable == pytest.approx(90 / 151 * 121)
    assert (whole.code, whole.floor) == ("eligible_substantial_assistance", 72)
    for rules in ({"assistance_share": "assistance_only"}, {}):  # once given, the share is used
        share = decide(rules=rules, **R12, assistance_percent=25)
        assert share.comparable == pytest.approx(0.75 * 121)
        assert (share.code, share.floor) == ("already_at_or_below_amended_minimum", 91)
    with pytest.raises(MissingFact, match="assistance_percent"):
        decide(rules={"assistance_share": "assistance_only"}, **R12, assistance_percent=np.nan)


def test_r12_a_share_above_everything_is_refused(decide):
    with pytest.raises(ImpossibleValue, match=r"assistance_percent: row 0 is 101\.0; 0 to 100"):
        decide(rules={"assistance_share": "assistance_only"}, **R12, assistance_percent=101.0)


@pytest.mark.parametrize(("rounding", "floor"), [("nearest", 72), ("down", 72), ("up", 73)])
def test_r12_rounding_is_a_switch(decide, rounding, floor):
    assert decide(rules={"rounding": rounding}, **R12).floor == floor


@pytest.mark.parametrize(("rounding", "floor"), [("nearest", 39), ("down", 38), ("up", 39)])
def test_r12_a_half_is_rounded_up(decide, rounding, floor):
    found = decide(
        base_offense_level=24,
        criminal_history_category=5,
        imposed_term_months=46,
        rules={"rounding": rounding},
        **WITH_ASSISTANCE,
    )
    assert (found.table_before[0], found.table_after[0]) == (92, 77)
    assert found.comparable == 38.5
    assert found.floor == floor


def test_r12_life_as_the_original_minimum_is_refused_unless_a_number_stands_for_it(decide):
    facts = dict(
        base_offense_level=36,
        specific_offense_levels=8,
        criminal_history_category=1,
        imposed_term_months=300,
        **WITH_ASSISTANCE,
    )
    refused = decide(**facts)
    assert refused.table_before == (LIFE, LIFE)
    assert np.isnan(refused.comparable)
    assert (refused.floor, refused.code) == (360, "already_at_or_below_amended_minimum")
    counted = decide(rules={"life_minimum_months": 480}, **facts)
    assert (counted.floor, counted.code) == (225, "eligible_substantial_assistance")


def test_r13_never_below_time_served(decide):
    facts = dict(base_offense_level=28, criminal_history_category=1, imposed_term_months=120)
    assert decide(time_served_months=70, **facts).floor == 70
    assert decide(time_served_months=69.2, **facts).floor == 70
    assert decide(time_served_months=120, **facts).code == "time_served_exceeds"
    assert decide(**facts).floor == 63


def test_r14_an_order_before_its_day_is_too_early(decide):
    facts = dict(base_offense_level=32, criminal_history_category=1, imposed_term_months=121)
    assert decide(order_effective_on="2015-10-31", **facts).code == "order_effective_too_early"
    assert decide(order_effective_on="2015-11-01", **facts).code == "eligible"
    assert decide(
        amendments=Amendment.load("782").but(order_effective_from="2014-11-01"),
        order_effective_on="2014-11-01",
        **facts,
    ).eligible


@pytest.mark.parametrize(("agreed", "code"), [(96, "eligible"), (80, "already_at_or_below_amended_minimum")])
def test_r15_the_floor_bites_on_agreed_terms(decide, agreed, code):
    found = decide(
        base_offense_level=34, acceptance=-3, criminal_history_category=1, imposed_term_months=agreed
    )
    assert (found.table_before, found.table_after) == ((108, 135), (87, 108))
    assert found.code == code


def test_r16_units_are_counted_again(decide):
    found = decide(
        base_offense_level=32, other_group_level=26, criminal_history_category=1, imposed_term_months=140
    )
    assert [int(s["combined_offense_level"][0]) for s in (found.before, found.after)] == [33, 32]
    assert found.code == "eligible"


def test_r16_another_group_may_set_the_level_alone(decide):
    found = decide(
        base_offense_level=20, other_group_level=35, criminal_history_category=1, imposed_term_months=170
    )
    assert found.code == "other_group_controls"


@pytest.mark.parametrize(
    ("points", "after_points", "categories"),
    [
        (9, 8, (4, 4)),
        (8, 6, (4, 3)),
        (5, 3, (3, 2)),
        (6, 4, (3, 3)),
        (13, 12, (6, 5)),
        (10, 9, (5, 4)),
        (3, 1, (2, 1)),
        (2, 0, (2, 1)),
    ],
)
def test_r17_status_points(decide, points, after_points, categories):
    found = decide(
        amendments="821A",
        base_offense_level=30,
        criminal_history_points=points,
        status_points=2,
        imposed_term_months=300,
    )
    assert int(found.after["criminal_history_points"][0]) == after_points
    assert tuple(int(s["criminal_history_category"][0]) for s in (found.before, found.after)) == categories
    assert found.eligible == (categories[0] != categories[1])
    if not found.eligible:
        assert found.code == "range_not_lowered"


def test_r17_zero_points_take_two_levels_unless_barred(decide):
    facts = dict(base_offense_level=30, criminal_history_points=0, imposed_term_months=97)
    assert decide(amendments="821B", zero_point_offender_excluded=False, **facts).table_after == (78, 97)
    barred = decide(amendments="821B", zero_point_offender_excluded=True, **facts)
    assert barred.code == "range_not_lowered"
    both = decide(amendments=["782", "821B"], zero_point_offender_excluded=False, **facts)
    assert both.table_after == (63, 78)


def test_r17_a_career_offender_stays_in_category_six(decide):
    found = decide(
        amendments="821A",
        base_offense_level=38,
        career_offender=True,
        criminal_history_points=8,
        status_points=2,
        imposed_term_months=400,
    )
    assert found.code == "career_offender"


def test_a_manual_that_already_holds_the_amendment(decide):
    found = decide(
        base_offense_level=32,
        criminal_history_category=1,
        imposed_term_months=121,
        manual_already_amended=True,
    )
    assert found.code == "amendment_already_applied"


@pytest.mark.parametrize("recorded", [{"total_offense_level_found": 30}, {"base_offense_level": 30}])
def test_a_record_that_contradicts_its_own_facts(decide, recorded):
    found = decide(
        drug="heroin", quantity=1_000, criminal_history_category=1, imposed_term_months=121, **recorded
    )
    assert found.code == "record_inconsistent"


def test_a_record_that_agrees_with_its_facts_is_decided(decide):
    found = decide(
        drug="heroin",
        quantity=1_000,
        criminal_history_category=1,
        imposed_term_months=121,
        total_offense_level_found=32,
        base_offense_level=32,
    )
    assert found.code == "eligible"


def test_reasons_that_hold_together_are_all_told(decide):
    found = decide(
        drug="heroin",
        quantity=1,
        career_offender=True,
        criminal_history_category=6,
        imposed_term_months=360,
        time_served_months=400,
    )
    assert found.code == "minimum_base_level"
    assert found.others == ("career_offender", "already_at_or_below_amended_minimum", "time_served_exceeds")


def test_every_code_is_reached_by_a_test_of_this_file():
    text = Path(__file__).read_text(encoding="utf-8")
    assert [code for code in CODES if f'"{code}"' not in text] == []


def test_people_are_decided_alone():
    """A row's answer does not depend on who else is in the table."""
    facts = {
        "base_offense_level": [32, 30, 38, 26],
        "criminal_history_category": [1, 4, 6, 2],
        "imposed_term_months": [121, 200, 360, 60],
        "statutory_minimum_months": [120, 0, 0, 60],
        "substantial_assistance": [False, True, False, True],
        "order_effective_on": ["2015-11-01", "2016-11-01", "2018-11-01", "2018-11-01"],
    }
    manual = Manual.on("2013-11-01")
    before = worksheet(facts, manual)
    together = reduction(before, amended_worksheet(before, "782"), "782")
    for person in range(4):
        one = worksheet({name: column[person] for name, column in facts.items()}, manual)
        alone = reduction(one, amended_worksheet(one, "782"), "782")
        for name in together:
            np.testing.assert_array_equal(alone[name][0], together[name][person], err_msg=name)


def test_nobody_is_no_error():
    columns = "base_offense_level", "imposed_term_months", "criminal_history_category"
    empty = {name: np.zeros(0, dtype=np.int64) for name in columns}
    empty["order_effective_on"] = np.zeros(0, dtype="datetime64[D]")
    before = worksheet(empty, Manual.on("2013-11-01"))
    cut = reduction(before, amended_worksheet(before, "782"), "782")
    assert all(len(column) == 0 for column in cut.values())


def test_the_default_rules_are_the_documented_ones_and_others_are_refused():
    assert Rules().koons == "by_date"
    with pytest.raises(ImpossibleValue, match="koons 'maybe'; by_date or always or never"):
        Rules(koons="maybe")
    with pytest.raises(ImpossibleValue, match="life_minimum_months"):
        Rules(life_minimum_months=-1)
    with pytest.raises(UnknownName, match="did you mean koons"):
        Rules.from_mapping({"kons": "always"})
    assert Rules.from_mapping({"rounding": "up"}).rounding == "up"


def test_a_reduction_tells_what_it_is(decide):
    cut = decide(base_offense_level=32, criminal_history_category=1, imposed_term_months=121).cut
    assert repr(cut) == "<Reduction under amendment 782: 1 of 1 people eligible>"
    assert len(cut) == len(list(cut)) == 8
    with pytest.raises(UnknownName, match="did you mean floor_months"):
        cut["floor"]


def test_no_amendment_is_no_question(decide):
    before = decide(base_offense_level=32, criminal_history_category=1, imposed_term_months=121).before
    with pytest.raises(MissingFact, match="name at least one"):
        reduction(before, before, [])


def test_one_drug_and_several_drugs_exclude_each_other(decide):
    with pytest.raises(ContradictoryFacts, match="drug or substance"):
        decide(
            drug="heroin",
            quantity=5,
            substance=[["heroin"]],
            substance_quantity=[[5]],
            criminal_history_category=1,
            imposed_term_months=9,
        )
