"""Published figures are held against the law they are about, and against no other."""

from __future__ import annotations

import pytest

from guidelines import tables
from sim.results.glossary import GLOSSARY, LABELS, units
from sim.results.targets import (
    DELAY_TARGETS,
    MINIMUM_TARGET,
    NO_DELAY_TARGETS,
    STOCK_TARGETS,
    target,
    targets_of,
)
from sim.scenario.scenario import Scenario

DELAY, NO_DELAY = Scenario.load("drugs-minus-two"), Scenario.load("no-delay")


def test_each_analysis_of_the_commission_has_its_own_figures():
    delay, none = targets_of(DELAY), targets_of(NO_DELAY)
    assert set(delay) == {*MINIMUM_TARGET, *DELAY_TARGETS}
    assert set(none) == {*MINIMUM_TARGET, *NO_DELAY_TARGETS}
    assert (delay["counted_eligible"].id, none["counted_eligible"].id) == ("T09", "T08")
    assert (delay["counted_eligible_day_one"].value, none["counted_eligible_day_one"].value) == (7950, 4600)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("judges.approval_rate", 0.5),
        ("limits.exclude_weapon", True),
        ("dates.earliest_release", "2015-10-01"),
    ],
)
def test_another_rule_is_held_against_the_stock_alone(key, value):
    assert set(targets_of(DELAY.but({key: value}))) == set(MINIMUM_TARGET)


def test_what_the_commission_counted_is_compared_as_it_counted_and_what_happened_as_it_is():
    """The first wave and who is in custody are real; the memoranda are not."""
    for quantity, row in {**DELAY_TARGETS, **NO_DELAY_TARGETS}.items():
        told = target(*row).basis
        memorandum = "exante_impact" in told or row[0] in ("T08",)
        assert quantity.startswith("counted_") == memorandum, quantity


def test_another_name_is_no_other_rule():
    assert set(targets_of(DELAY.but({"name": "mine", "title": "x"}))) == set(targets_of(DELAY))


def test_a_stock_of_another_day_is_held_against_nothing():
    assert targets_of(DELAY.but({"dates.reference": "2015-06-01"})) == {}


def test_every_target_held_is_a_row_with_role_and_band():
    for quantity, (id_, part) in {**STOCK_TARGETS, **DELAY_TARGETS, **NO_DELAY_TARGETS}.items():
        row = tables.reference("calibration_targets").row(id=id_, part=part)
        known = target(id_, part)
        assert quantity in GLOSSARY and known.role in ("input", "calibrate", "check", "backtest")
        assert (known.value, known.low, known.high) == tuple(float(row[n]) for n in ("value", "low", "high"))
        assert known.low <= known.value <= known.high


def test_units_of_targets_and_quantities_go_together():
    alike = {"fraction": "share", "probability": "share"}
    for quantity, row in {**STOCK_TARGETS, **DELAY_TARGETS, **NO_DELAY_TARGETS}.items():
        unit = target(*row).unit
        assert alike.get(unit, unit) == units(quantity), quantity


def test_labels_are_told_apart_within_their_unit():
    told = [(label, units(name)) for name, label in LABELS.items()]
    assert len(set(told)) == len(told)
