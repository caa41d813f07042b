from __future__ import annotations

import io
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from scipy.special import expit

from sim.base.errors import SimulationError
from sim.courts.decisions import log_odds_of
from sim.output import store, store_comparison
from sim.output.finding import ENOUGH
from sim.output.plots import difference
from sim.output.plots.style import Sheet
from sim.output.printed_comparison import BY, comparison_text
from sim.results.results import Result
from sim.runner import run
from sim.studies.comparison import Comparison, compare


@pytest.fixture(scope="module")
def compared(small: Result, small_no_delay: Result) -> Comparison:
    return compare([small, small_no_delay])


def renamed(result: Result, name: str) -> Result:
    return replace(result, scenario=result.scenario.but({"name": name}))


def test_a_difference_is_that_of_the_two_results(small, small_no_delay, compared):
    table = compared.totals.set_index("quantity")
    assert list(table.index) == list(small.headline.index)
    for name in ("eligible", "mean_cut_months", "bed_years_saved"):
        here, there = small[name]["value"], small_no_delay[name]["value"]
        assert list(table.loc[name, ["first", "other", "difference"]]) == [here, there, there - here]
    assert set(table["scenario"]) == {"no-delay"}
    # Without the year's delay more people still had a term to be cut.
    assert table.loc["eligible", "difference"] > 0


def test_bands_come_from_the_differences_world_by_world(small, small_no_delay, compared):
    row = compared.totals.set_index("quantity").loc["eligible"]
    sd = np.std(small_no_delay.worlds["eligible"] - small.worlds["eligible"], ddof=1)
    assert row["high_90"] - row["low_90"] == pytest.approx(2 * 1.6448536 * sd)
    assert row["high_50"] - row["low_50"] == pytest.approx(2 * 0.6744898 * sd)
    assert (row["high_90"] + row["low_90"]) / 2 == pytest.approx(row["difference"])


def test_the_same_rules_under_another_name_differ_in_nothing(small):
    same = compare([small, renamed(small, "twin")])
    for table in (same.totals, same.by_month, same.by_group):
        known = table.dropna()
        assert (known[["difference", "low_90", "high_90"]] == 0).all(axis=None) and len(known)


def test_a_comparison_the_other_way_round_has_the_other_sign(small, small_no_delay, compared):
    back = compare([small_no_delay, small])
    for one, other in ((compared.totals, back.totals), (compared.by_group, back.by_group)):
        assert one["difference"].to_numpy() == pytest.approx(-other["difference"].to_numpy(), nan_ok=True)
        assert one["low_90"].to_numpy() == pytest.approx(-other["high_90"].to_numpy(), nan_ok=True)


def test_districts_widen_the_band_where_judges_differ(small):
    """Districts at the same place in two spreads: the difference of a total has a variance by hand."""
    wider = run(small.scenario.but({"name": "wider", "judges.approval_spread": 2.0}), seed=1, worlds=0)
    found = (
        compare([run(small.scenario, seed=1, worlds=0), wider])
        .totals.set_index("quantity")
        .loc["bed_years_saved"]
    )
    assert np.isnan(found["low_90"])  # without worlds there is no band
    both = compare([small, run(wider.scenario, seed=1, worlds=2)])
    row = both.totals.set_index("quantity").loc["bed_years_saved"]
    district = small.by_group.query("dimension == 'district' and quantity == 'bed_years_saved'")["value"]
    rate = small.scenario.judges.approval_rate
    sds = []
    for spread in (2.0, small.scenario.judges.approval_spread):
        place = np.linspace(-9, 9, 4001)
        density = np.exp(-(place**2) / 2) / np.exp(-(place**2) / 2).sum()
        share = expit(log_odds_of(rate, spread) + spread * place)
        sds.append((density @ share**2 - rate**2) ** 0.5)
    by_hand = ((sds[0] - sds[1]) / rate) ** 2 * (district**2).sum()
    worlds = np.var(both.results[1].worlds["bed_years_saved"] - small.worlds["bed_years_saved"], ddof=1)
    assert ((row["high_90"] - row["low_90"]) / 2 / 1.6448536) ** 2 == pytest.approx(
        by_hand + worlds, rel=1e-6
    )


@pytest.mark.parametrize("dimension", ["drug", "race", "citizenship", "category", "district"])
def test_differences_of_groups_add_up_to_that_of_the_total(compared, dimension):
    table = compared.by_group
    part = table[(table["dimension"] == dimension) & (table["quantity"] == "bed_years_saved")]
    total = compared.totals.set_index("quantity").loc["bed_years_saved", "difference"]
    assert part["difference"].sum() == pytest.approx(total)


def test_months_are_compared_where_both_have_them(small, small_no_delay, compared):
    table = compared.by_month
    rows = table[(table["drug"] == "all") & (table["quantity"] == "releases")].set_index("month")[
        "difference"
    ]
    sides = [
        each.releases_by_month.query("drug == 'all' and quantity == 'releases_with'").set_index("month")[
            "value"
        ]
        for each in (small, small_no_delay)
    ]
    assert rows.to_dict() == pytest.approx((sides[1] - sides[0]).to_dict())
    inside = table[(table["drug"] == "all") & (table["quantity"] == "in_custody")].set_index("month")[
        "difference"
    ]
    assert inside.to_numpy() == pytest.approx(-rows.cumsum().to_numpy(), abs=1e-6)
    shorter = run(small.scenario.but({"name": "shorter", "dates.horizon_months": 5}), seed=1, worlds=2)
    assert set(compare([small, shorter]).by_month["month"]) == set(rows.index[:5])


def test_bands_by_month_come_from_the_worlds_by_month(small, small_no_delay, compared):
    sides = [
        each.worlds_by_month.query("drug == 'Heroin'").pivot_table("releases_with", "month", "world")
        for each in (small, small_no_delay)
    ]
    spread = sides[1] - sides[0]
    table = compared.by_month[compared.by_month["drug"] == "Heroin"].set_index(["quantity", "month"])
    for quantity, by_hand in (("releases", spread), ("in_custody", spread.cumsum())):
        width = table.loc[quantity, "high_90"] - table.loc[quantity, "low_90"]
        assert width.to_numpy() == pytest.approx(
            2 * 1.6448536 * by_hand.std(axis=1, ddof=1).to_numpy(), abs=1e-6
        )
        assert width.max() > 0


def test_results_without_a_month_in_common_are_compared_in_total(small):
    moved = small.releases_by_month.assign(month=small.releases_by_month["month"].str.replace("20", "30"))
    other = replace(renamed(small, "later"), releases_by_month=moved)
    found = compare([small, other])
    assert found.by_month.empty and len(found.totals)
    assert "no month in common" in comparison_text(found, "month")
    assert difference.files(found) == {}


@pytest.mark.parametrize(
    "other, words",
    [
        (lambda one: replace(renamed(one, "x"), seed=2), "with seed 1, x with 2"),
        (lambda one: replace(renamed(one, "x"), worlds=one.worlds.iloc[:1]), "number of worlds 2, x with 1"),
        (lambda one: one, "two scenarios are called drugs-minus-two"),
    ],
)
def test_results_that_share_nothing_are_refused(small, other, words):
    with pytest.raises(SimulationError, match=words):
        compare([small, other(small)])


def test_one_result_alone_is_no_comparison(small):
    with pytest.raises(SimulationError, match="two results or scenarios"):
        compare([small])


def test_stored_results_compare_like_fresh_ones(small, small_no_delay, tmp_path):
    again = [
        store.read(store.write(each, tmp_path / each.scenario.name, pictures=False))
        for each in (small, small_no_delay)
    ]
    for name in store_comparison.TABLES:
        fresh = compare([store.as_written(each) for each in (small, small_no_delay)])
        pd.testing.assert_frame_equal(getattr(compare(again), name), getattr(fresh, name))


@pytest.mark.parametrize("by", BY)
def test_the_text_names_what_is_compared_and_by_what(compared, by):
    told = comparison_text(compared, by)
    assert told.startswith("Differences from drugs-minus-two: ") and "\nno-delay: " in told
    expected = {
        "total": "bed-years saved",
        "month": "November 2015",
        "outcome": "halfway house",
        "race": "Hispanic",
        "district": "Maine",
    }
    assert expected.get(by, "released on the first day") in told
    assert max(len(line) for line in told.splitlines()) <= 130


def of_many_worlds(compared: Comparison) -> Comparison:
    """The same, from worlds enough to give intervals."""
    results = tuple(replace(each, worlds=pd.concat([each.worlds] * ENOUGH)) for each in compared.results)
    return replace(compared, results=results)


@pytest.mark.parametrize("by", BY)
def test_the_text_says_which_bands_leave_the_districts_out(compared, by):
    said = "these do not" in comparison_text(of_many_worlds(compared), by)
    assert said == (by not in ("total", "outcome", "district"))


def test_the_text_has_the_numbers_of_the_table(compared):
    row = compared.totals.set_index("quantity").loc["eligible"]
    line = next(
        line for line in comparison_text(compared).splitlines() if "eligible for a shorter term" in line
    )
    assert f"{row['first']:,.0f}" in line and f"+{row['difference']:,.0f}" in line


def test_a_narrow_terminal_gets_every_number_on_lines_that_fit(compared):
    known = of_many_worlds(compared)
    wide, narrow = comparison_text(known), comparison_text(known, "total", 80)
    assert max(len(line) for line in narrow.splitlines()) <= 80 < max(len(line) for line in wide.splitlines())
    assert sorted(wide.split()[20:]) == sorted(narrow.split()[20:])


def test_few_worlds_give_no_interval(compared):
    few = replace(compared, results=tuple(replace(each, worlds=each.worlds[:2]) for each in compared.results))
    told = comparison_text(few)
    assert "no intervals: 2 plausible worlds are too few" in told
    row = compared.totals.set_index("quantity").loc["eligible"]
    line = next(line for line in told.splitlines() if "eligible for a shorter term" in line)
    assert " to " not in line and f"+{row['difference']:,.0f}" in line


def test_a_comparison_is_written_with_its_tables_and_picture(compared, tmp_path):
    folder = store_comparison.write(compared, tmp_path / "out")
    told = json.loads((folder / "summary.json").read_text())
    assert [each["scenario"] for each in told["provenance"]] == ["drugs-minus-two", "no-delay"]
    assert len(told["differences"]) == len(compared.totals)
    table = pd.read_csv(folder / "by_group.csv")
    expected = compared.by_group["difference"].tolist()
    assert table["difference"].tolist() == pytest.approx(expected, rel=1e-5, abs=1e-9, nan_ok=True)
    image = Image.open(io.BytesIO((folder / "pictures" / "difference_in_custody.png").read_bytes()))
    assert image.width == 1200
    assert set(json.loads(image.info["Comment"])["scenarios"]) == {"drugs-minus-two", "no-delay"}
    shown = pd.read_csv(folder / "pictures" / "difference_in_custody.csv")
    assert shown["difference"].tolist() == pytest.approx(
        difference.numbers(compared)["difference"].tolist(), rel=1e-5
    )
    store_comparison.write(compared, folder)  # an earlier comparison is replaced
    with pytest.raises(SimulationError, match="no earlier result"):
        store.write(compared.results[0], folder, pictures=False)
    with pytest.raises(SimulationError, match="holds a comparison; a result is needed"):
        store.read(folder)


def test_the_picture_has_a_line_of_its_own_for_every_scenario(small, small_no_delay):
    other = renamed(small_no_delay, "also")
    table = difference.numbers(compare([small, small_no_delay, other]))
    sheet = Sheet(2.6, "title", "subtitle", "source")
    difference.draw_difference(table, sheet)
    (ax,) = sheet.figure.axes
    lines = [line for line in ax.get_lines() if len(line.get_ydata()) > 2]
    assert [line.get_ydata().tolist() for line in lines] == [
        table.loc[table["scenario"] == name, "difference"].tolist() for name in ("no-delay", "also")
    ]
    assert lines[0].get_linestyle() != lines[1].get_linestyle()
    assert [text.get_text() for text in sheet.figure.legends[0].get_texts()] == ["no-delay", "also"]


def test_drawings_are_the_same_bytes_twice(compared):
    first = difference.files(compared)
    assert first == difference.files(compared)
    assert Image.open(io.BytesIO(first["difference_in_custody.png"])).height > 500
