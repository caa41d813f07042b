from __future__ import annotations

from math import nan

import pytest

from sim.output.plots.words import amount, apart, dated, month_name, number, of_persons, quantity, signed


@pytest.mark.parametrize(
    "value, unit, told",
    [
        (46289.6, "persons", "46,290"),
        (25.649, "months", "25.6"),
        (0.1881, "share", "18.8 %"),
        (18.44, "percent", "18.4 %"),
        (72367.7, "bed-years", "72,368"),
        (nan, "months", "none"),
    ],
)
def test_numbers_are_as_short_as_can_be(value, unit, told):
    assert number(value, unit) == told


def test_units_are_named_but_for_shares_which_carry_their_sign():
    assert [amount(25.6, "months"), amount(0.5, "share"), amount(1e4, "persons")] == [
        "25.6 months",
        "50.0 %",
        "10,000 persons",
    ]
    assert [of_persons(25.6, "months"), of_persons(1e4, "persons"), amount(nan, "months")] == [
        "25.6 months",
        "10,000",
        "none",
    ]


@pytest.mark.parametrize(
    "value, unit, told",
    [
        (-8.81, "months", "-8.8"),
        (1607.2, "persons", "+1,607"),
        (-0.012, "share", "-1.2 points"),
        (-1e-12, "persons", "0"),
        (nan, "persons", "none"),
    ],
)
def test_differences_have_a_sign_and_shares_differ_by_points(value, unit, told):
    assert signed(value, unit) == told


def test_a_value_just_outside_a_band_does_not_look_like_its_bound():
    assert apart(0.55031, 0.53, 0.55, "share") == "55.03 %"
    assert apart(0.541, 0.53, 0.55, "share") == "54.1 %"
    assert apart(0.55, 0.53, 0.55, "share") == "55.0 %"
    assert apart(5.0, nan, nan, "months") == "5.0"


@pytest.mark.parametrize(
    "value, unit, told",
    [
        (0.5, "g", "500 mg"),
        (28, "g", "28 g"),
        (1500, "g", "1.5 kg"),
        (3e7, "g", "30 t"),
        (2500, "units", "2,500 units"),
    ],
)
def test_quantities_of_drugs_have_short_units(value, unit, told):
    assert quantity(value, unit) == told


def test_months_have_names():
    assert month_name("2015-11") == "November 2015"
    assert dated("2016-01 to 2016-12") == "2016"
    assert dated("2015-11 to 2015-12") == "November 2015 to December 2015"
    assert dated("already sentenced, to 2024-10") == "already sentenced, to October 2024"
    assert dated("2014-12-31") == "31 December 2014"
    assert dated("within 2 years of release") == "within 2 years of release"


@pytest.mark.parametrize(
    ("value", "told"),
    [(9.99714, "9.997"), (10.04, "10.04"), (10.0, "10.0"), (10.4, "10.4"), (11.0001, "11.0001")],
)
def test_a_number_near_a_bound_is_told_apart_from_it(value, told):
    """9.997 is below 10.0 and must not be told as 10.00."""
    assert apart(value, 10.0, 11.0, "years") == told
