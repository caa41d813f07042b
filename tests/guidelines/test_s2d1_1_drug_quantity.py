"""§2D1.1(c) and (a)(5): every band of every edition, at its edges; the oracles of Amendment 782."""

from __future__ import annotations

import numpy as np
import pytest

from guidelines import Manual
from guidelines.errors import ImpossibleValue, UnknownDrug
from guidelines.s2d1_1_drug_quantity import mitigating_role_cap, quantity_base_level
from guidelines.tables import edition, editions


def test_amendment_782_moves_every_band_as_the_oracle_says(oracle):
    before, after = Manual.on("2010-11-01"), Manual.on("2014-11-01")
    amended = before.with_amendments("782")
    rows = oracle("amendment_782_shift")
    assert len(rows) == 333
    drugs = [row["drug"] for row in rows]
    quantities = [float(row["at_least"]) for row in rows]
    old = [int(row["level_before"]) for row in rows]
    new = [int(row["level_after"]) for row in rows]
    assert quantity_base_level(drugs, quantities, before).tolist() == old
    assert quantity_base_level(drugs, quantities, after).tolist() == new
    assert quantity_base_level(drugs, quantities, amended).tolist() == new


@pytest.mark.parametrize("begin", editions("drug_quantity"))
def test_a_band_holds_its_first_quantity_and_not_the_next_one(begin):
    manual = Manual.on(begin)
    rows = edition("drug_quantity", begin).rows
    drug = np.array([manual.drug_index(row["drug"]) for row in rows])
    first = np.array([float(row["at_least"]) for row in rows])
    level = np.array([int(row["base_offense_level"]) for row in rows])
    np.testing.assert_array_equal(quantity_base_level(drug, first, manual), level)
    inner = first > 0
    just_below = np.nextafter(first[inner], 0)
    np.testing.assert_array_equal(
        quantity_base_level(drug[inner], just_below, manual), level[np.flatnonzero(inner) - 1]
    )
    just_above = np.nextafter(first, np.inf)
    np.testing.assert_array_equal(quantity_base_level(drug, just_above, manual), level)


def test_the_greatest_quantity_has_the_drugs_highest_level():
    manual = Manual.on("2014-11-01")
    listed = [manual.drugs.index(name) for name in manual.listed_drugs]
    huge = quantity_base_level(listed, 1e300, manual)
    np.testing.assert_array_equal(huge, manual.highest_level[listed])


def test_mitigating_role_as_the_oracle_says(oracle):
    before, after = Manual.on("2010-11-01"), Manual.on("2014-11-01")
    for row in oracle("amendment_782_mitigating_role"):
        role = int(row["mitigating_role"])
        for manual, when in ((before, "before"), (after, "after")):
            got = int(mitigating_role_cap(int(row[f"table_level_{when}"]), role, manual))
            assert got == int(row[f"base_level_{when}"]), row


def test_the_minimal_participants_ceiling_began_in_2010():
    assert int(mitigating_role_cap(38, -4, Manual.on("2009-11-01"))) == 34
    assert int(mitigating_role_cap(38, -4, Manual.on("2010-11-01"))) == 32


def test_the_role_cap_of_2025():
    manual = Manual.on("2025-11-01")
    assert mitigating_role_cap([32, 34, 36, 38], -2, manual).tolist() == [30, 31, 32, 32]
    assert mitigating_role_cap([32, 34, 36, 38], -4, manual).tolist() == [30, 30, 30, 30]


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (np.nan, r"quantity: row 1 is nan; numbers of zero or more are accepted"),
        (-5, r"row 1 is -5\.0"),
        (np.inf, r"row 1 is inf"),
    ],
)
def test_a_bad_quantity_is_named_with_its_row(bad, says):
    with pytest.raises(ImpossibleValue, match=says):
        quantity_base_level("heroin", [1.0, bad, 3.0], Manual.on("2013-11-01"))
    with pytest.raises(ImpossibleValue, match=r"§2D1.1\(c\) edition 2010-11-01.*2 such rows"):
        quantity_base_level("heroin", [bad, 1.0, bad], Manual.on("2013-11-01"))


@pytest.mark.parametrize(
    ("drug", "says"),
    [
        ("herion", "unknown drug 'herion'; did you mean Heroin"),
        ("tea", "known: "),
        ("Schedule III Hydrocodone", "has no rows of its own in this edition; convert it"),
    ],
)
def test_an_unknown_drug_is_named_with_the_nearest(drug, says):
    with pytest.raises(UnknownDrug, match=says):
        quantity_base_level(drug, 5, Manual.on("2016-11-01"))


def test_indices_out_of_range_are_refused():
    with pytest.raises(ImpossibleValue, match=r"indices from 0 to \d+ are"):
        quantity_base_level([len(Manual.on("2016-11-01").drugs)], 5, Manual.on("2016-11-01"))


def test_a_drug_without_own_rows_yet():
    with pytest.raises(UnknownDrug, match="2006-11-01: Ketamine has no rows"):
        quantity_base_level("ketamine", 5, Manual.on("2006-11-01"))


@pytest.mark.parametrize(("role", "says"), [(-1, "-1 given"), (1, "from -4 to 0"), (-5, "from -4 to 0")])
def test_only_the_adjustments_of_3b1_2_are_accepted(role, says):
    with pytest.raises(ImpossibleValue, match=says):
        mitigating_role_cap(32, role, Manual.on("2013-11-01"))


def test_an_index_means_the_same_drug_in_every_edition():
    for begin in editions("drug_quantity"):
        manual = Manual.on(begin)
        for name in manual.listed_drugs:
            assert manual.drugs[int(manual.drug_index(name))] == name
            assert manual.drug_units[manual.drugs.index(name)] in ("g", "units", "plants")


def test_common_names_whatever_their_case():
    manual = Manual.on("2013-11-01")
    assert [manual.drugs[i] for i in manual.drug_index(["crack", " METH ", "Marijuana"])] == [
        "Cocaine Base",
        "Methamphetamine",
        "Marihuana",
    ]
