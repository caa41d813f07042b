"""Plausible worlds: the same for every scenario, but for what a scenario sets itself."""

from __future__ import annotations

from dataclasses import fields

import pytest

from sim.base.courts_kept import CENTRE, NAMES, kept
from sim.base.errors import SimulationError
from sim.ensemble import members, parameter_sets
from sim.people.parameters import Parameters, best, bounds
from sim.scenario.defaults import counting_rules, plausible_rules
from sim.scenario.scenario import Scenario

SHIPPED = Scenario.load("drugs-minus-two")
SET_BY_THE_FIT = [name for name in NAMES if name not in ("approval_rate", "ineligible_motion_share")]


def judged(scenario: Scenario, field: str) -> list[float]:
    return [getattr(member.scenario.judges, field) for member in members(scenario, 1)]


def test_worlds_are_the_same_for_every_scenario():
    for name in ("no-delay", "minus-one", "minus-three"):
        for one, two in zip(members(SHIPPED, 1), members(Scenario.load(name), 1), strict=True):
            assert one.parameters == two.parameters and one.number == two.number
            assert one.scenario.judges == two.scenario.judges


@pytest.mark.parametrize(
    ("field", "value"),
    [("approval_rate", 0.5), ("decision_months_median", 3.0), ("approval_spread", 0.02),
     ("decision_months_spread", 0.0)],
)  # fmt: skip
def test_what_a_scenario_sets_itself_is_the_same_in_all_its_worlds(field, value):
    own = SHIPPED.but({f"judges.{field}": value})
    assert set(judged(own, field)) == {value}
    for other in NAMES:
        if other != field:
            assert judged(own, other) == judged(SHIPPED, other)


def test_a_scenario_keeps_all_that_is_not_about_judges_later_years_or_counting():
    for member in members(SHIPPED, 1):
        drawn = {"judges", "admissions", "counted_as"}
        assert member.scenario.model_dump(exclude=drawn) == SHIPPED.model_dump(exclude=drawn)


@pytest.mark.parametrize("name", ["drugs-minus-two", "crack-2007", "approval-75"])
def test_every_world_has_the_courts_of_one_world_of_the_fit(name):
    scenario = Scenario.load(name)
    fit = kept(scenario.judges.as_of, scenario.amendment.name)
    worlds = [
        tuple(values[field] for field in SET_BY_THE_FIT) for key, values in fit.items() if key != CENTRE
    ]
    found = [
        tuple(getattr(member.scenario.judges, field) for field in SET_BY_THE_FIT)
        for member in members(scenario, 1)
    ]
    assert set(found) <= set(worlds) and len(set(found)) == len(found)


def test_a_rate_of_all_motions_holds_in_every_world():
    for member in members(Scenario.load("approval-75"), 1):
        rules = member.scenario.judges
        assert rules.approval_rate * (1 - rules.ineligible_motion_share) == pytest.approx(0.75)


def test_another_seed_draws_other_judges_for_the_same_parameters():
    one, two = members(SHIPPED, 1), members(SHIPPED, 2)
    assert [member.parameters for member in one] == [member.parameters for member in two]
    assert [member.scenario.judges for member in one] != [member.scenario.judges for member in two]


def test_every_set_lies_within_the_bounds_and_fewer_worlds_are_the_first_ones():
    limits = bounds()
    assert len(set(parameter_sets())) > 10
    for one in (*parameter_sets(), best()):
        for field in fields(Parameters):
            low, high = limits[field.name]
            assert low <= getattr(one, field.name) <= high, field.name
    assert members(SHIPPED, 1, 3) == members(SHIPPED, 1, 8)[:3] and members(SHIPPED, 1, 0) == []


def test_more_worlds_than_were_fitted_are_refused():
    most = len(parameter_sets())
    with pytest.raises(SimulationError, match=f"0 to {most} is accepted"):
        members(SHIPPED, 1, most + 1)


def test_worlds_take_turns_with_the_plausible_counting_rules_unless_the_scenario_has_its_own():
    rules = [counting_rules()[rule] for rule in plausible_rules()]
    found = [member.scenario.counted_as for member in members(SHIPPED, 1, 64)]
    assert all(any(each == rule for each in found) for rule in rules)
    assert all(each in rules for each in found)
    own = SHIPPED.but({"counted_as.jail_credit": True})
    assert {member.scenario.counted_as for member in members(own, 1, 8)} == {own.counted_as}
