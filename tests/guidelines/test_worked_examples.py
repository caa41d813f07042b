"""The official worked examples, by id. 19 is an estimate for the country and belongs to the simulation."""

from __future__ import annotations

import re

import pytest

from guidelines import Manual
from guidelines.amendments import Amendment
from guidelines.s2d1_1_drug_quantity import quantity_base_level
from guidelines.s2d1_1_equivalency import combined_base_level, converted_weight_grams
from guidelines.s5a_sentencing_table import guideline_range
from guidelines.s5g1_1_statutory_limits import restrict_range
from guidelines.tables import LIFE

M2013, M2014 = "2013-11-01", "2014-11-01"


def level(drugs, quantities, on):
    return int(combined_base_level([drugs], [quantities], Manual.on(on))[0])


def grams(drugs, quantities, on):
    return float(converted_weight_grams([drugs], [quantities], Manual.on(on))[0])


SEVENTY = dict(
    amendments="782",
    base_offense_level=28,
    acceptance=0,
    chapter_three_levels=-1,
    criminal_history_category=1,
)


@pytest.fixture
def seventy(decide):
    """The examples' own ranges: 27/I and 24/I lie three levels apart."""
    three = Amendment.from_toml('number = "three"\nlike = "782"\nlevels = -3')

    def decision(**facts):
        found = decide(**{**SEVENTY, "amendments": three, **facts})
        assert (found.table_before, found.table_after) == ((70, 87), (51, 63))
        return found

    return decision


def test_1_floor(seventy):
    assert (seventy(imposed_term_months=70).code, seventy(imposed_term_months=70).floor) == ("eligible", 51)


def test_2_floor_below_the_range_without_a_motion(seventy):
    found = seventy(imposed_term_months=56)
    assert (found.code, found.floor) == ("eligible", 51)


def test_3_comparable_reduction(seventy):
    found = seventy(imposed_term_months=56, substantial_assistance=True)
    assert (found.code, found.floor) == ("eligible_substantial_assistance", 41)
    assert found.comparable == pytest.approx(51 * 0.8)


def test_4_assistance_and_minimum_below_the_range(decide):
    found = decide(
        base_offense_level=36,
        acceptance=-3,
        criminal_history_category=1,
        statutory_minimum_months=120,
        imposed_term_months=101,
        substantial_assistance=True,
    )
    assert (found.guideline_before, found.amended) == ((135, 168), (108, 135))
    assert found.floor == 81


def test_5_assistance_and_minimum_within_the_range(decide):
    found = decide(
        base_offense_level=34,
        acceptance=-3,
        criminal_history_category=1,
        statutory_minimum_months=120,
        imposed_term_months=90,
        substantial_assistance=True,
    )
    assert (found.table_before, found.guideline_before, found.amended) == ((108, 135), (120, 135), (87, 108))
    assert found.floor == 65


def test_6_a_drug_without_rows():
    assert grams(["Oxymorphone"], [100], M2014) == 500_000
    assert (level(["Oxymorphone"], [100], M2014), level(["Oxymorphone"], [100], M2013)) == (26, 28)


@pytest.mark.parametrize(
    ("drugs", "quantities", "kilograms", "after", "before"),
    [
        (["PCP", "LSD"], [70, 0.25], 95, (20, 16, 22), (22, 18, 24)),
        (["marijuana", "Schedule IV"], [500, 10_000], 1.125, (6, 6, 8), (8, 8, 10)),
        (["cocaine", "crack"], [80, 2], 23.142, (14, 12, 16), (16, 14, 18)),
    ],
    ids=["7", "8", "9"],
)
def test_7_to_9_combinations(drugs, quantities, kilograms, after, before):
    assert grams(drugs, quantities, M2014) == pytest.approx(1000 * kilograms, rel=1e-12)
    for on, levels in ((M2014, after), (M2013, before)):
        alone = [level([drug], [quantity], on) for drug, quantity in zip(drugs, quantities, strict=True)]
        assert (*alone, level(drugs, quantities, on)) == levels


def test_10_caps():
    case = ["Schedule III", "Schedule IV", "Schedule V"], [76_000, 200_000, 600_000]
    assert grams(*case, M2014) == 79_990
    assert grams(["Schedule IV", "marijuana"], [200_000, 1], M2014) == 9_991
    assert grams(["Schedule V", "marijuana"], [600_000, 1], M2014) == 2_491
    assert grams(*case, M2013) == 59_990


@pytest.mark.parametrize(
    ("table", "minimum", "maximum", "expected"),
    [((51, 63), 0, 48, (48, 48)), ((41, 51), 60, LIFE, (60, 60)), ((51, 63), 0, 60, (51, 60))],
    ids=["11", "12", "13"],
)
def test_11_to_13_statutory_limits(table, minimum, maximum, expected):
    assert tuple(int(m) for m in restrict_range(*table, minimum, maximum)) == expected


def test_14_table():
    assert tuple(int(m) for m in guideline_range(15, 3, Manual.on("2016-11-01"))) == (24, 30)


@pytest.mark.parametrize(("quantity", "in_2007", "in_2010"), [(5, 24, 16), (50, 30, 26)], ids=["15", "16"])
def test_15_and_16_crack(quantity, in_2007, in_2010):
    assert int(quantity_base_level("crack", quantity, Manual.on("2007-11-01"))) == in_2007
    assert int(quantity_base_level("crack", quantity, Manual.on("2010-11-01"))) == in_2010


@pytest.mark.parametrize("quantity", [0.49, 28, 34.9, 280, 499, 840, 1499, 2800, 4499, 8400, 9000])
def test_17_crack_bands_that_did_not_change(quantity):
    before, after = (
        quantity_base_level("crack", quantity, Manual.on(d)) for d in ("2007-11-01", "2010-11-01")
    )
    assert before == after


@pytest.mark.parametrize("quantity", [0.5, 27.9, 35, 279, 500, 839, 1500, 2799, 4500, 8399])
def test_17_crack_fell_everywhere_else(quantity):
    before, after = (
        quantity_base_level("crack", quantity, Manual.on(d)) for d in ("2007-11-01", "2010-11-01")
    )
    assert after < before


@pytest.mark.parametrize(
    ("drug", "five_year", "ten_year"), [("heroin", 100, 1000), ("cocaine", 500, 5000), ("crack", 28, 280)]
)
def test_18_the_statutory_quantities(drug, five_year, ten_year):
    for on, low, high in ((M2013, 26, 32), (M2014, 24, 30)):
        manual = Manual.on(on)
        assert quantity_base_level(drug, [five_year, ten_year], manual).tolist() == [low, high]
    ranges = {
        lvl: tuple(int(m) for m in guideline_range(lvl, 1, Manual.on(M2014))) for lvl in (24, 26, 30, 32)
    }
    assert ranges == {24: (51, 63), 26: (63, 78), 30: (97, 121), 32: (121, 151)}


def test_20_crack_with_powder_in_2008():
    case = ["crack", "cocaine", "marijuana"], [20, 1_500, 10_000]
    assert grams(*case, "2008-05-01") == 710_000
    assert level(*case, "2008-05-01") == 28


def test_every_example_has_its_test(oracle):
    covered = set()
    for name in globals():
        if found := re.match(r"test_(\d+)(?:_(?:to|and)_(\d+))?_", name):
            first, last = int(found[1]), int(found[2] or found[1])
            covered |= {str(number) for number in range(first, last + 1)}
    assert {row["id"] for row in oracle("worked_examples")} - covered == {"19"}
