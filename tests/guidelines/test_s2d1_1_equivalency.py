"""§2D1.1 comment n.8: rates, caps, least levels, and cocaine base with other drugs from 2007 to 2010."""

from __future__ import annotations

import numpy as np
import pytest

from guidelines import Manual
from guidelines.errors import ImpossibleValue, UnknownDrug
from guidelines.s2d1_1_drug_quantity import quantity_base_level
from guidelines.s2d1_1_equivalency import (
    combined_base_level,
    converted_weight_grams,
    converted_weight_level,
    substance_index,
)
from guidelines.s2d1_1_substances import substances_of
from guidelines.tables import edition, editions
from guidelines.usc21_841_mandatory_minimum import statutory_terms

ONE_GRAM = 1.0
M2013 = Manual.on("2013-11-01")


def one(drugs, quantities, on="2013-11-01"):
    return int(combined_base_level([drugs], [quantities], Manual.on(on))[0])


def weight(drugs, quantities, on="2013-11-01"):
    return float(converted_weight_grams([drugs], [quantities], Manual.on(on))[0])


def test_a_single_listed_drug_goes_through_its_own_row_and_not_through_the_rounded_rate():
    assert weight(["crack"], [28]) == 99_988
    assert one(["crack"], [28]) == int(quantity_base_level("crack", 28, M2013)) == 26
    assert int(converted_weight_level(99_988, M2013)) == 24


def test_the_same_drug_twice_is_one_drug():
    assert one(["crack", "crack"], [14, 14]) == 26
    assert one(["crack", "", "Cocaine Base"], [14, 0, 14]) == 26


@pytest.mark.parametrize("begin", editions("drug_equivalency"))
def test_every_rate_of_every_edition_is_used(begin):
    manual = Manual.on(begin)
    rows = [row for row in edition("drug_equivalency", begin) if not row["only_at_base_level"]]
    rates = np.array([float(row["grams_per_unit"]) for row in rows])
    names = [[row["drug"]] for row in rows]
    limited = {"Schedule III", "Schedule IV", "Schedule V"}
    got = converted_weight_grams(names, np.full((len(rows), 1), ONE_GRAM), manual)
    free = [not any(row["group"].startswith(s) for s in limited) for row in rows]
    np.testing.assert_allclose(got[free], rates[free], rtol=0)


@pytest.mark.parametrize(
    ("drugs", "level"),
    [
        (["Codeine", "marijuana"], 12),
        (["Khat", "marijuana"], 12),
        (["Psilocybin", "marijuana"], 12),
        (["Flunitrazepam", "Schedule IV"], 8),
        (["Hashish", "marijuana"], 6),
    ],
)
def test_least_levels_hold_alone_and_with_others(drugs, level):
    assert one(drugs, [1, 1]) == level


def test_synthetics_have_a_least_level_only_since_2018():
    assert one(["Synthetic cathinone (except Schedule III, IV, V)"], [1], "2018-11-01") == 12
    with pytest.raises(UnknownDrug, match="no conversion rate in this edition"):
        one(["Synthetic cathinone (except Schedule III, IV, V)"], [1])


def test_hydrocodone_had_a_cap_of_its_own():
    case = ["Schedule III Hydrocodone", "Schedule III"], [2_000_000, 100_000]
    assert weight(*case, "2013-11-01") == 999_990
    assert weight(*case, "2014-11-01") == 2_000_000 + 79_990


def test_caps_do_not_reach_other_drugs():
    assert weight(["Schedule V", "heroin"], [600_000, 1]) == 999 + 1_000
    assert weight(["Schedule IV", "Schedule V"], [200_000, 600_000]) == 4_990


@pytest.mark.parametrize(
    ("crack", "level", "rate"),
    [(2, 18, 10_000), (4, 22, 15_000), (5, 24, 16_000), (20, 26, 5_000), (500, 34, 6_000)],
)
def test_in_2007_the_rate_of_cocaine_base_depended_on_its_own_level(crack, level, rate):
    assert one(["crack"], [crack], "2007-11-01") == level
    assert weight(["crack", "marijuana"], [crack, 0], "2007-11-01") == crack * rate


@pytest.mark.parametrize(
    ("crack", "other", "level", "why"),
    [
        (20, 1_500, 28, "two levels less"),
        (0.24, 1_500, 26, "under 250 mg: no reduction"),
        (0.25, 1_500, 26, "not below the level of the cocaine alone"),
        (4_500, 1_500, 38, "4.5 kg or more: no reduction"),
        (4_499, 1_500, 36, "just under 4.5 kg"),
    ],
)
def test_in_2008_cocaine_base_with_others_took_two_levels_less_with_three_exceptions(
    crack, other, level, why
):
    assert one(["crack", "cocaine"], [crack, other], "2008-05-01") == level, why


def test_since_2010_nothing_is_taken_off():
    # 20 g x 3,571 + 1.5 kg x 200 = 371.42 kg: 26 in 2010.
    assert one(["crack", "cocaine"], [20, 1_500], "2010-11-01") == 26


def test_converted_weight_has_rows_of_its_own_since_2018():
    assert int(converted_weight_level(100_000, Manual.on("2018-11-01"))) == 24
    assert int(converted_weight_level(100_000, M2013)) == 26
    assert one(["converted drug weight"], [100_000]) == 26
    assert one(["marihuana equivalent"], [100_000], "2018-11-01") == 24


def test_plants_weigh_a_hundred_grams():
    assert weight(["marijuana plants"], [100]) == 10_000
    assert one(["marijuana plants"], [100]) == int(quantity_base_level("marijuana", 10_000, M2013))


def test_names_and_their_errors():
    assert substance_index(["", None, "mdma"], M2013).tolist()[:2] == [-1, -1]
    assert substance_index(np.array([0, -1]), M2013).tolist() == [0, -1]
    with pytest.raises(UnknownDrug, match="unknown drug 'oxycodon'; did you mean"):
        substance_index(["oxycodon"], M2013)
    with pytest.raises(ImpossibleValue, match="-1 to"):
        substance_index(np.array([9999]), M2013)
    with pytest.raises(ImpossibleValue, match="row 1 has no drug"):
        combined_base_level([["heroin"], [""]], [[1], [1]], M2013)
    with pytest.raises(ImpossibleValue, match="give each drug its quantity"):
        combined_base_level([["heroin", "lsd"]], [[1]], M2013)
    with pytest.raises(ImpossibleValue, match="zero or more"):
        combined_base_level([["heroin", "lsd"]], [[1, -1]], M2013)


def test_an_index_is_accepted_from_none_to_the_last_drug_and_no_further():
    last = len(substances_of(M2013).names) - 1
    assert substance_index([-1, 0, last], M2013).tolist() == [-1, 0, last]
    for index in (-2, last + 1):
        with pytest.raises(ImpossibleValue, match=f"-1 to {last} are accepted"):
            substance_index([0, index], M2013)
    last = len(M2013.drugs) - 1
    assert M2013.drug_index([0]).tolist() == [0]
    for index in (-1, last + 1):
        with pytest.raises(ImpossibleValue, match=f"0 to {last} are accepted"):
            M2013.drug_index([0, index])
    for index in (-1, 10**6):
        with pytest.raises(UnknownDrug, match=f"no quantity for index {index}"):
            statutory_terms([0, index], 1000, "2013-11-01")


def test_a_short_name_behind_the_name_of_the_manual_is_a_name_of_the_drug():
    for name, on in (
        ("PCE", "1992-12-01"),
        ("PCE", "2012-12-01"),
        ("Ritalin", "2012-12-01"),
        ("LAAM", "2012-12-01"),
    ):
        whole = next(
            row["drug"] for row in Manual.on(on).table("drug_equivalency") if f"({name})" in row["drug"]
        )
        assert substance_index([name], Manual.on(on)) == substance_index([whole], Manual.on(on))
    assert "wet" not in substances_of(Manual.on("2012-12-01")).by_name
