"""21 U.S.C. 841(b): tiers at their thresholds, terms by date, prior record and death."""

from __future__ import annotations

import pytest

from guidelines import LIFE, Manual, law, quantity_base_level
from guidelines.errors import ImpossibleValue, UnknownDrug
from guidelines.usc21_841_mandatory_minimum import (
    ALL_TIERS,
    statutory_maximum_months,
    statutory_minimum_months,
    statutory_terms,
    statutory_tier,
    tier_quantity,
    tier_terms,
)

DAY = "2013-11-01"


@pytest.mark.parametrize(
    ("drug", "five", "ten"),
    [
        ("heroin", 100, 1_000),
        ("cocaine", 500, 5_000),
        ("crack", 28, 280),
        ("PCP", 100, 1_000),
        ("PCP (actual)", 10, 100),
        ("LSD", 1, 10),
        ("fentanyl", 40, 400),
        ("Fentanyl Analogue", 10, 100),
        ("marijuana", 100_000, 1_000_000),
        ("meth", 50, 500),
        ("actual meth", 5, 50),
    ],
)
def test_thresholds(drug, five, ten):
    below_five, below_ten = five * 0.999, ten * 0.999
    got = statutory_minimum_months(drug, [below_five, five, below_ten, ten], DAY)
    assert got.tolist() == [0, 60, 60, 120]


@pytest.mark.parametrize(("day", "months"), [("2010-08-02", 60), ("2010-08-03", 0)])
def test_the_fair_sentencing_act_began_on_its_day(day, months):
    assert int(statutory_minimum_months("crack", 5, day)) == months


def test_thresholds_fall_on_levels_26_and_32_before_782_and_24_and_30_after():
    for begin, levels in (("2010-11-01", (26, 32)), ("2014-11-01", (24, 30))):
        manual = Manual.on(begin)
        for row in law("statutory_thresholds", begin).select(unit="g"):
            level = int(quantity_base_level(row["drug"], float(row["at_least"]), manual))
            assert level == levels[row["tier"].endswith("(A)")], row


@pytest.mark.parametrize(
    ("priors", "death", "before", "since"),
    [
        (0, False, (120, LIFE), (120, LIFE)),
        (1, False, (240, LIFE), (180, LIFE)),
        (2, False, (LIFE, LIFE), (300, LIFE)),
        (5, False, (LIFE, LIFE), (300, LIFE)),
        (0, True, (240, LIFE), (240, LIFE)),
        (1, True, (LIFE, LIFE), (LIFE, LIFE)),
        (2, True, (LIFE, LIFE), (LIFE, LIFE)),
    ],
)
def test_terms_of_the_ten_year_tier_before_and_since_the_first_step_act(priors, death, before, since):
    for day, expected in (("2018-12-20", before), ("2018-12-21", since)):
        got = statutory_terms("heroin", 1_000, day, priors=priors, death_or_serious_injury=death)
        assert tuple(int(m) for m in got) == expected


@pytest.mark.parametrize(
    ("drug", "quantity", "priors", "expected"),
    [
        ("heroin", 100, 0, (60, 480)),
        ("heroin", 100, 1, (120, LIFE)),
        ("heroin", 1, 0, (0, 240)),
        ("heroin", 1, 1, (0, 360)),
        ("marijuana", 49_999, 0, (0, 60)),
        ("marijuana", 50_000, 0, (0, 240)),
        ("marijuana", 10, 1, (0, 120)),
        ("Schedule III", 5, 0, (0, 120)),
        ("Schedule IV", 5, 0, (0, 60)),
        ("Schedule V", 5, 0, (0, 12)),
        ("Schedule V", 5, 1, (0, 48)),
        *(("heroin", 100, priors, (120, LIFE)) for priors in (2, 3)),  # with no line of their own: as one
        *(("heroin", 1, priors, (0, 360)) for priors in (2, 3)),
        *(("marijuana", 10, priors, (0, 120)) for priors in (2, 3)),
        *(("Schedule V", 5, priors, (0, 48)) for priors in (2, 3)),
        ("Hashish", 10_000, 0, (0, 240)),
        ("Hashish Oil", 999, 0, (0, 60)),
    ],
)
def test_terms_of_the_other_tiers(drug, quantity, priors, expected):
    assert tuple(int(m) for m in statutory_terms(drug, quantity, DAY, priors=priors)) == expected
    assert int(statutory_maximum_months(drug, quantity, DAY, priors)) == expected[1]


def test_death_without_a_line_of_its_own_leaves_the_terms():
    assert [int(m) for m in statutory_terms("marijuana", 5, DAY, death_or_serious_injury=True)] == [0, 60]
    assert [int(m) for m in statutory_terms("Schedule III", 5, DAY, death_or_serious_injury=True)] == [0, 180]


def test_plants_count_under_841_only():
    tier = statutory_tier("marijuana", 0, DAY, plants=[49, 50, 100, 1_000])
    assert [ALL_TIERS[i] for i in tier] == ["841(b)(1)(D)", "841(b)(1)(C)", "841(b)(1)(B)", "841(b)(1)(A)"]
    assert ALL_TIERS[int(statutory_tier("marijuana", 0, DAY, plants=1_000, imported=True))] == "841(b)(1)(D)"


def test_drugs_by_index_as_in_the_manuals():
    drugs = Manual.on(DAY).drugs
    index = [drugs.index("Heroin"), drugs.index("Cocaine Base")]
    assert statutory_minimum_months(index, [1_000, 28], DAY).tolist() == [120, 60]


def test_what_the_statute_does_not_know_is_refused():
    with pytest.raises(UnknownDrug, match="no quantity for Ice"):
        statutory_terms("Ice", 50, DAY)
    with pytest.raises(UnknownDrug, match="did you mean"):
        statutory_terms("heroine", 50, DAY)
    with pytest.raises(ImpossibleValue, match="quantity: -1"):
        statutory_terms("heroin", -1, DAY)


@pytest.mark.parametrize(
    ("drug", "day", "five", "ten"),
    [
        ("Cocaine Base", "2010-08-02", 5, 50),
        ("Cocaine Base", "2010-08-03", 28, 280),
        ("Heroin", "2024-01-01", 100, 1_000),
    ],
)
def test_where_a_tier_begins(drug, day, five, ten):
    assert [tier_quantity(tier, drug, day) for tier in ("841(b)(1)(B)", "841(b)(1)(A)")] == [five, ten]


def test_terms_of_a_tier_without_prior_or_injury():
    assert tier_terms("841(b)(1)(A)", "2013-11-01") == (120, LIFE)
    assert tier_terms("841(b)(1)(C)", "2013-11-01") == (0, 240)
