from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.special import expit

from sim.courts.decisions import log_odds_of
from sim.results.granted_share import CHANCES, granted_share
from sim.results.results import BANDS
from sim.scenario.scenario import Judges, Scenario

ELIGIBLE = pd.Series({"Guam": 11.0, "Texas Western": 3434.0, "Nowhere": 0.0, "Kansas": 488.0})


def rules(rate: float, spread: float, **more: object) -> Judges:
    return Scenario.load("drugs-minus-two").judges.model_copy(
        update={"filing_rate": 1.0, "approval_rate": rate, "approval_spread": spread, **more}
    )


def test_the_bands_are_those_of_binomials_mixed_over_districts():
    table = granted_share(ELIGIBLE, rules(0.92, 1.1))
    place = np.linspace(-9, 9, 4001)
    density = stats.norm.pdf(place)
    rates = expit(log_odds_of(0.92, 1.1) + 1.1 * place)
    for row in table.to_dict("records"):
        number = np.arange(row["eligible"] + 1)[:, np.newaxis]
        below = stats.binom.cdf(number, row["eligible"], rates) @ density / density.sum()
        known = np.searchsorted(below, CHANCES) / row["eligible"]
        assert [row[band] for band in BANDS] == pytest.approx(known)


def test_without_a_spread_they_are_those_of_the_binomial_distribution():
    for rate in (0.5, 0.92, 1.0):
        for row in granted_share(ELIGIBLE, rules(rate, 0.0)).to_dict("records"):
            known = stats.binom(row["eligible"], rate).ppf(CHANCES) / row["eligible"]
            assert [row[band] for band in BANDS] == pytest.approx(known)


def test_who_does_not_ask_is_granted_nothing_and_a_district_may_have_its_own_rate():
    table = granted_share(ELIGIBLE, rules(0.5, 0.7, filing_rate=0.8, approval_by_district={"Kansas": 1.0}))
    assert dict(zip(table["district"], table["value"], strict=True)) == pytest.approx(
        {"Texas Western": 0.4, "Kansas": 0.8, "Guam": 0.4}
    )
    kansas = table.set_index("district").loc["Kansas"]
    assert [kansas[band] for band in BANDS] == pytest.approx(stats.binom(488, 0.8).ppf(CHANCES) / 488)


def test_the_largest_district_stands_first_and_one_without_anybody_is_left_out():
    table = granted_share(ELIGIBLE, rules(0.92, 1.0))
    assert table["district"].tolist() == ["Texas Western", "Kansas", "Guam"]
    assert table["value"].to_numpy() == pytest.approx(0.92)
    assert table["low_90"].is_monotonic_decreasing  # small districts spread wider


def test_nobody_eligible_is_an_empty_table_with_its_columns():
    table = granted_share(ELIGIBLE * 0, rules(0.92, 1.0))
    assert table.empty and list(table.columns) == ["district", "eligible", "value", *BANDS]
