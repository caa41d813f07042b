from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.courts.decisions import court_of
from sim.projection.project import project
from sim.results.groups import COUNTS, count_groups
from sim.results.results import Result
from sim.results.uncertainty import luck


@pytest.fixture(scope="module")
def wide(small: Result) -> pd.DataFrame:
    """Expected values: a row for each dimension and group, a column a quantity."""
    table = small.by_group.set_index(["dimension", "group", "quantity"])["value"]
    return table.unstack("quantity")  # noqa: PD010


@pytest.mark.parametrize("dimension", ["drug", "race", "citizenship", "category", "district"])
def test_the_groups_of_a_dimension_add_up_to_the_headline(small, wide, dimension):
    total = wide.loc[dimension, list(COUNTS)].sum()
    assert total["persons"] == small["stock"]["value"]
    for name in ("eligible", "eligible_day_one", "released_first_wave", "bed_years_saved"):
        assert total[name] == pytest.approx(small[name]["value"])


def test_groups_are_counted_as_a_table_of_people_would(small, wide):
    people = small.analysis.stock.people
    eligible = people[small.analysis.dates.eligible]
    cut = people.assign(cut=small.analysis.cut.months)[small.analysis.dates.eligible]
    assert wide.loc["race", "eligible"].to_dict() == eligible["race"].value_counts().to_dict()
    assert wide.loc["district", "persons"].sum() == len(people)
    some = eligible["district"].value_counts().index[0]
    assert wide.loc[("district", some), "eligible"] == (eligible["district"] == some).sum()
    assert wide.loc[("citizenship", "not US citizen"), "persons"] == (~people["us_citizen"]).sum()
    assert wide.loc[("category", "III"), "persons"] == (people["criminal_history_category"] == 3).sum()
    finite = cut[cut["imposed_term_months"] < 9996]
    mean = finite.groupby("drug", observed=True)["cut"].mean()
    assert wide.loc[("drug", "Heroin"), "mean_cut_months"] == pytest.approx(mean["Heroin"])


def test_means_and_variances_are_those_of_the_exact_forecast(small):
    """Two ways to the same moments: by person here, by month and cell in the forecast."""
    analysis, forecast = small.analysis, small.forecast
    counts = count_groups(analysis, court_of(analysis, small.scenario))
    first, saved = COUNTS.index("released_first_wave"), COUNTS.index("bed_years_saved")
    drugs = slice(0, 6)
    for column, moments, unit in ((first, forecast.first_day, 1), (saved, forecast.bed_months, 12)):
        assert counts.mean[drugs, column] == pytest.approx(moments.mean[:-1, 0] / unit)
        variance = (moments.drawn + moments.districts)[:, 0] / unit**2
        assert counts.variance[drugs, column] == pytest.approx(variance[:-1])
        # Districts decide apart from each other, so their variances add up to that of the total.
        assert counts.variance[-94:, column].sum() == pytest.approx(variance[-1])


def test_without_the_spread_the_means_keep_every_bit_and_have_no_variance(small):
    analysis = small.analysis
    court = court_of(analysis, small.scenario)
    whole, plain = (count_groups(analysis, court, 8, spread=spread) for spread in (True, False))
    np.testing.assert_array_equal(plain.mean, whole.mean)
    assert whole.variance.any() and not plain.variance.any()


def test_a_dimension_of_its_own_gives_what_the_forecast_gives_for_that_grouping(small):
    analysis = small.analysis
    court = court_of(analysis, small.scenario)
    race = analysis.stock.people["race"].cat.codes.to_numpy().astype(np.int64)
    by_race = project(analysis.ordered_dates, analysis.stock.district, race, court)
    table = small.by_group.query("dimension == 'race' and quantity == 'released_first_wave'")
    assert table["value"].to_numpy() == pytest.approx(by_race.first_day.mean[:-1, 0])


def test_bands_hold_the_value_and_widen_with_what_is_not_known(small):
    table = small.by_group.dropna()
    assert (table["low_90"] <= table["low_50"]).all() and (table["low_50"] <= table["value"]).all()
    assert (table["value"] <= table["high_50"]).all() and (table["high_50"] <= table["high_90"]).all()
    wave = table[(table["quantity"] == "released_first_wave") & (table["value"] > 5)]
    assert (wave["sd"] > 0).all()


def test_the_worlds_by_group_add_up_to_the_worlds(small):
    table = small.worlds_by_group
    assert sorted(table["world"].unique()) == list(range(len(small.worlds)))
    for dimension in table["dimension"].unique():
        part = table[table["dimension"] == dimension].groupby("world")
        assert part["eligible"].sum().tolist() == pytest.approx(small.worlds["eligible"].tolist())
        assert part["bed_years_saved"].sum().tolist() == pytest.approx(
            small.worlds["bed_years_saved"].tolist()
        )


def test_the_worlds_by_month_lead_to_the_bands_by_month(small):
    worlds = small.worlds_by_month.query("drug == 'all'").pivot_table("releases_with", "month", "world")
    table = small.releases_by_month.query("drug == 'all' and quantity == 'releases_with'").set_index("month")
    exact = (small.forecast.releases.drawn + small.forecast.releases.districts)[-1, : len(table)]
    inside = luck(small.forecast.releases, int(small["stock"]["value"]))[-1, : len(table)]
    variance = worlds.var(axis=1, ddof=1).reindex(table.index).to_numpy() + exact + inside
    assert table["sd"].to_numpy() == pytest.approx(np.sqrt(variance))


def test_everybody_has_one_cell_before_and_one_after(small):
    table, people = small.level_grid, small["stock"]["value"]
    assert len(table) == 43 * 6
    assert table["persons_before"].sum() == table["persons_after"].sum() == people
    assert table["persons_leaving"].sum() == table["persons_arriving"].sum() > 0.3 * people
    same = table.groupby("criminal_history_category")[["persons_before", "persons_after"]].sum()
    assert (same["persons_before"] == same["persons_after"]).all()  # the amendment changes levels alone
    lower = (table["offense_level"] * (table["persons_before"] - table["persons_after"])).sum()
    # Two levels by 782; crack sentences of before 2007 and 2010 without an earlier cut get those changes too.
    assert 1.9 < lower / table["persons_leaving"].sum() < 2.5


def test_the_ladder_holds_every_row_of_the_quantity_table(small, root: Path):
    edition = small.provenance["editions"]["drug_quantity"]
    file = root / "tables" / "law" / "drug_quantity" / f"{edition}.csv"
    rows = list(csv.DictReader(line for line in file.read_text().splitlines() if not line.startswith("#")))
    table = small.drug_ladder[small.drug_ladder["edition"] == "before"]
    held = {(row["drug"], float(row["at_least"])): int(row["base_offense_level"]) for row in rows}
    shown = zip(zip(table["drug"], table["at_least"], strict=True), table["base_offense_level"], strict=True)
    assert dict(shown) == held
