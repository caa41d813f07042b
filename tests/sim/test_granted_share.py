from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sim.courts.judges import Judges

from sim.results.granted_share import CHANCES, granted_share
from sim.results.results import BANDS

ELIGIBLE = pd.Series({"Guam": 11.0, "Texas Western": 3434.0, "Nowhere": 0.0, "Kansas": 488.0})


def test_the_bands_are_those_of_the_beta_binomial_distribution():
    table = granted_share(ELIGIBLE, 0.92, 0.1)
    a, b = Judges(0.92, 0.1, np.empty(0)).beta()
    for row in table.to_dict("records"):
        known = stats.betabinom(row["eligible"], a, b).ppf(CHANCES) / row["eligible"]
        assert [row[band] for band in BANDS] == pytest.approx(known)


def test_without_a_spread_they_are_those_of_the_binomial_distribution():
    for rate in (0.5, 0.92, 1.0):
        for row in granted_share(ELIGIBLE, rate, 0.0).to_dict("records"):
            known = stats.binom(row["eligible"], rate).ppf(CHANCES) / row["eligible"]
            assert [row[band] for band in BANDS] == pytest.approx(known)


def test_districts_as_far_apart_as_can_be_grant_everything_or_nothing():
    row = granted_share(ELIGIBLE, 0.5, 0.5).iloc[0]
    assert [row[band] for band in BANDS] == [0, 0, 1, 1]
    row = granted_share(ELIGIBLE, 0.92, (0.92 * 0.08) ** 0.5).iloc[0]
    assert [row[band] for band in BANDS] == [0, 1, 1, 1]


def test_the_largest_district_stands_first_and_one_without_anybody_is_left_out():
    table = granted_share(ELIGIBLE, 0.92, 0.1)
    assert table["district"].tolist() == ["Texas Western", "Kansas", "Guam"]
    assert set(table["value"]) == {0.92}
    assert table["low_90"].is_monotonic_decreasing  # small districts spread wider


def test_nobody_eligible_is_an_empty_table_with_its_columns():
    table = granted_share(ELIGIBLE * 0, 0.92, 0.1)
    assert table.empty and list(table.columns) == ["district", "eligible", "value", *BANDS]
