"""§2D1.1(a)(1)-(4), (b), units of quantity, and the safety valve."""

from __future__ import annotations

import pytest

from guidelines import Manual, quantity_base_level, worksheet
from guidelines.errors import ImpossibleValue, UnknownDrug, UnknownName
from guidelines.s2d1_1_characteristics import characteristics, death_base_level
from guidelines.s2d1_1_units import PLANT, own_quantity
from guidelines.s5c1_2_safety_valve import meets_safety_valve

M2013 = Manual.on("2013-11-01")


@pytest.mark.parametrize(
    ("finding", "prior", "on", "level"),
    [
        ("death_or_serious_injury", True, "2013-11-01", 43),
        ("death_or_serious_injury", False, "2013-11-01", 38),
        ("schedule_iii_death_or_serious_injury", True, "2013-11-01", 30),
        ("schedule_iii_death_or_serious_injury", False, "2013-11-01", 26),
        ("mandatory_life", False, "2024-11-01", 43),
        ("twenty_years_to_life", True, "2024-11-01", 38),
    ],
)
def test_base_levels_for_death(finding, prior, on, level):
    assert death_base_level(finding, Manual.on(on), prior_conviction=prior) == level


def test_a_finding_of_another_edition():
    with pytest.raises(UnknownName, match=r"2009-11-01: no finding .*; known: death_or_serious_injury"):
        death_base_level("mandatory_life", M2013)
    with pytest.raises(UnknownName, match="no finding"):
        death_base_level("schedule_iii_death_or_serious_injury", Manual.on("2008-11-01"))


@pytest.mark.parametrize(
    ("sections", "on", "expected"),
    [
        ([], "2013-11-01", (0, 0)),
        (["(b)(1)"], "2013-11-01", (2, 0)),
        (["§2D1.1(b)(1)", "2D1.1(b)(12)"], "2013-11-01", (4, 0)),
        (["(b)(3)"], "2013-11-01", (2, 26)),
        (["(b)(12)", "(b)(3)"], "2013-11-01", (4, 28)),
        (["(b)(1)", "(b)(3)"], "2013-11-01", (4, 26)),
        (["(b)(13)(C)", "(b)(13)(D)"], "2013-11-01", (6, 30)),
        (["(b)(13)(D)", "(b)(16)"], "2013-11-01", (4, 28)),
        (["(b)(14)(D)", "(b)(18)"], "2018-11-01", (4, 28)),
        (["(b)(13)"], "2018-11-01", (4, 0)),
        (["(b)(13)(A)", "(b)(13)(B)"], "2023-11-01", (4, 0)),
    ],
)
def test_characteristics_with_their_floors(sections, on, expected):
    assert characteristics(sections, Manual.on(on)) == expected


def test_levels_and_floor_in_the_worksheet_are_the_steps_one_after_the_other():
    levels, floor = characteristics(["(b)(3)", "(b)(12)"], M2013)
    facts = {"specific_offense_levels": levels, "specific_offense_floor": floor}
    for base in range(6, 39, 2):
        step_by_step = max(base + 2, 26) + 2
        sheet = worksheet({"base_offense_level": base, **facts}, M2013)
        assert sheet["chapter_two_level"][0] == step_by_step


def test_cultivation_was_put_in_in_2014():
    def name(on, section):
        return Manual.on(on).table("specific_offense_characteristics").row(section=section)["name"]

    assert name("2013-11-01", "2D1.1(b)(14)") == "Aggravating role plus factor"
    assert name("2014-11-01", "2D1.1(b)(14)") == "Marihuana cultivation on public land"
    assert name("2014-11-01", "2D1.1(b)(17)") == "Safety valve"


def test_an_unknown_characteristic():
    with pytest.raises(UnknownName, match=r"2010-11-01: no '\(b\)\(19\)'; did you mean 2D1\.1\(b\)\(9\)"):
        characteristics(["(b)(19)"], M2013)


@pytest.mark.parametrize(
    ("drug", "quantity", "unit", "name", "own"),
    [
        ("heroin", 1, "kg", "Heroin", 1000),
        ("heroin", 50, "mg", "Heroin", 0.05),
        ("LSD", 50, "mg", "LSD", 0.05),
        ("crack", 2, "oz", "Cocaine Base", 56.7),
        ("marijuana", 100, "pounds", "Marihuana", 45_360),
        ("marijuana", 60, "plants", PLANT, 60),
        ("LSD", 1_000, "doses", "LSD", 0.4),
        ("ecstasy", 100, "doses", "3,4-Methylenedioxymethamphetamine/MDMA", 25),
        ("Schedule IV", 500, "pills", "Schedule IV substances", 500),
        ("GHB", 1, "liter", "gamma-hydroxybutyric acid", 1000),
        ("oxycodone", 2, "g", "Oxycodone (actual)", 2),
    ],
)
def test_units(drug, quantity, unit, name, own):
    assert own_quantity(drug, quantity, unit, M2013) == (name, pytest.approx(own, rel=1e-15))


def test_milligrams_meet_the_cut_points_exactly():
    for cut in (50, 100, 200, 300, 400, 500, 600, 700, 800):
        _, grams = own_quantity("LSD", cut, "mg", M2013)
        below, at = quantity_base_level("LSD", [cut / 1000 * 0.999999, grams], M2013)
        assert at >= below
        assert grams == cut / 1000


@pytest.mark.parametrize(
    ("drug", "unit", "error", "says"),
    [
        ("heroin", "plants", ImpossibleValue, "Heroin is not counted in plants; give g"),
        ("heroin", "doses", ImpossibleValue, "no weight of a dose of Heroin is held"),
        ("heroin", "pills", ImpossibleValue, "Heroin is weighed, not counted"),
        ("Schedule IV", "g", ImpossibleValue, "counted in unit, not in g"),
        ("heroin", "stone", ImpossibleValue, "unknown unit 'stone'"),
        ("heroin", "kgs", ImpossibleValue, "did you mean kg"),
        ("herion", "g", UnknownDrug, "did you mean Heroin"),
    ],
)
def test_units_that_do_not_fit(drug, unit, error, says):
    with pytest.raises(error, match=says):
        own_quantity(drug, 1, unit, M2013)


@pytest.mark.parametrize(
    ("on", "facts", "met"),
    [
        ("2018-12-20", {"criminal_history_points": 1}, True),
        ("2018-12-20", {"criminal_history_points": 2}, False),
        ("2018-12-21", {"criminal_history_points": 4}, True),
        ("2018-12-21", {"criminal_history_points": 5}, False),
        ("2018-12-21", {"criminal_history_points": 6, "one_point_priors": 2}, True),
        ("2018-12-21", {"criminal_history_points": 3, "prior_three_point_offense": True}, False),
        (
            "2018-12-21",
            {"criminal_history_points": 3, "prior_three_point_offense": True, "history_tests": "all"},
            True,
        ),
        ("2018-12-21", {"criminal_history_points": 2, "prior_two_point_violent_offense": True}, False),
        ("2018-12-20", {"criminal_history_points": 0, "violence_or_weapon": True}, False),
        ("2018-12-20", {"criminal_history_points": 0, "death_or_serious_injury": True}, False),
        ("2018-12-20", {"criminal_history_points": 0, "aggravating_role": True}, False),
        ("2018-12-20", {"criminal_history_points": 0, "truthful_disclosure": False}, False),
    ],
)
def test_the_safety_valve_before_and_after_the_first_step_act(on, facts, met):
    assert bool(meets_safety_valve(on, **facts)) == met
