"""Chapters Three to Five as plain functions, at their thresholds."""

from __future__ import annotations

import numpy as np
import pytest

from guidelines import LIFE, Manual
from guidelines.errors import ImpossibleValue, UnknownName
from guidelines.s3_adjustments import (
    acceptance_of_responsibility,
    adjustment,
    combined_offense_level,
    total_offense_level,
    units,
)
from guidelines.s4_criminal_history import (
    career_offender_level,
    category_from_points,
    points_from_priors,
    status_points,
    zero_point_levels,
)
from guidelines.s5a_sentencing_table import clamp, guideline_range, zone
from guidelines.s5g1_1_statutory_limits import restrict_range

MANUAL = Manual.on("2013-11-01")


@pytest.mark.parametrize(
    ("section", "levels"),
    [
        ("3B1.1(a)", 4),
        ("3B1.1(b)", 3),
        ("3B1.1(c)", 2),
        ("3B1.2(a)", -4),
        ("§3B1.2(b)", -2),
        ("3B1.3", 2),
        ("3B1.4", 2),
        ("3C1.1", 2),
        ("3C1.2", 2),
        ("3A1.3", 2),
        ("3A1.4", 12),
    ],
)
def test_adjustments_by_section(section, levels):
    assert adjustment(section, MANUAL) == levels


def test_an_unknown_adjustment():
    with pytest.raises(UnknownName, match=r"did you mean 3B1\.1"):
        adjustment("3B1.1(d)", MANUAL)


@pytest.mark.parametrize(("below", "worth"), [(0, 1), (4, 1), (5, 0.5), (8, 0.5), (9, 0), (20, 0)])
def test_units_of_a_second_group(below, worth):
    assert units([[30, 30 - below]], MANUAL).tolist() == [1 + worth]


@pytest.mark.parametrize(
    ("groups", "more"),
    [
        ([30], 0),
        ([30, 25], 1),
        ([30, 30], 2),
        ([30, 30, 25], 3),
        ([30] * 3, 3),
        ([30] * 3 + [25], 4),
        ([30] * 5, 4),
        ([30] * 5 + [25], 5),
        ([30] * 9, 5),
    ],
)
def test_the_increase_for_units(groups, more):
    assert combined_offense_level([groups], MANUAL).tolist() == [30 + more]


@pytest.mark.parametrize(
    ("level", "accepted", "taken"), [(16, -3, -3), (15, -3, -2), (40, -2, -2), (40, 0, 0)]
)
def test_the_third_level_of_acceptance_from_16(level, accepted, taken):
    assert int(acceptance_of_responsibility(level, accepted, MANUAL)) == taken


def test_one_level_of_acceptance_does_not_exist():
    with pytest.raises(ImpossibleValue, match="-1 given; 0, -2 and -3"):
        acceptance_of_responsibility(20, -1, MANUAL)


def test_totals_are_clamped():
    assert total_offense_level([0, 1, 43, 45], [-2, -2, 0, 0], MANUAL).tolist() == [1, 1, 43, 43]
    assert clamp([-9, 99], MANUAL).tolist() == [1, 43]


def test_category_at_every_number_of_points():
    expected = [1, 1, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6]
    assert category_from_points(np.arange(15), MANUAL).tolist() == expected


def test_points_from_priors_with_their_ceilings():
    assert int(points_from_priors(2, 1, 3, 1, MANUAL)) == 6 + 2 + 3 + 1
    assert int(points_from_priors(0, 0, 9, 9, MANUAL)) == 4 + 3


@pytest.mark.parametrize(("others", "old", "new"), [(0, 2, 0), (6, 2, 0), (7, 2, 1), (20, 2, 1)])
def test_status_points_before_and_after_821(others, old, new):
    assert int(status_points(others, True, MANUAL)) == old
    assert int(status_points(others, True, Manual.on("2023-11-01"))) == new
    assert int(status_points(others, False, MANUAL)) == 0


@pytest.mark.parametrize(
    ("months", "level"),
    [
        (LIFE, 37),
        (480, 34),
        (300, 34),
        (299, 32),
        (240, 32),
        (239, 29),
        (180, 29),
        (120, 24),
        (60, 17),
        (13, 12),
        (12, 0),
    ],
)
def test_career_offender_levels(months, level):
    assert int(career_offender_level(months, MANUAL)) == level


def test_zero_points_only_since_2023():
    assert zero_point_levels([0, 0, 1], [False, True, False], Manual.on("2023-11-01")).tolist() == [-2, 0, 0]
    assert zero_point_levels([0], [False], MANUAL).tolist() == [0]


@pytest.mark.parametrize(
    ("level", "category", "before", "since"),
    [
        (6, 1, "A", "A"),
        (8, 2, "B", "B"),
        (11, 1, "C", "B"),
        (12, 1, "C", "C"),
        (13, 1, "D", "C"),
        (14, 1, "D", "D"),
        (43, 6, "D", "D"),
    ],
)
def test_zones_before_and_since_2010(level, category, before, since):
    assert str(zone(level, category, Manual.on("2009-11-01"))) == before
    assert str(zone(level, category, Manual.on("2010-11-01"))) == since


@pytest.mark.parametrize(("level", "category"), [(0, 1), (44, 1), (30, 0), (30, 7), (30.5, 1), (np.nan, 1)])
def test_no_range_outside_the_table(level, category):
    with pytest.raises(ImpossibleValue, match=r"Ch\.5 Pt\.A edition 2010-11-01"):
        guideline_range(level, category, MANUAL)


def test_ranges_of_life():
    assert [int(m) for m in guideline_range(43, 1, MANUAL)] == [LIFE, LIFE]
    assert [int(m) for m in guideline_range(42, 6, MANUAL)] == [360, LIFE]


def test_the_statutory_minimum_may_not_exceed_the_maximum():
    with pytest.raises(ImpossibleValue, match="minimum above the statutory maximum: row 1"):
        restrict_range([97, 97], [121, 121], [60, 120], [240, 60])


def test_life_against_the_limits():
    assert [int(m) for m in restrict_range(LIFE, LIFE, 0, 480)] == [480, 480]
    assert [int(m) for m in restrict_range(235, 293, LIFE, LIFE)] == [LIFE, LIFE]
    assert [int(m) for m in restrict_range(360, LIFE, 240, LIFE)] == [360, LIFE]
