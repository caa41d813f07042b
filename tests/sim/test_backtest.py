"""The backtest: every figure once, roles by date, and arithmetic a statistician can redo."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from guidelines import tables
from sim.base.errors import SimulationError
from sim.cli import main
from sim.output.backtest_text import as_data, as_text
from sim.output.plots.backtest import drawing, find, in_percent, tell
from sim.results.results import Result
from sim.runner import run
from sim.studies.backtest import COLUMNS, Backtest, _grants, backtest
from sim.studies.fit import FITTED_TO

KEPT = Path(__file__).parents[2] / "docs" / "backtest.txt"


@pytest.fixture(scope="module")
def found() -> Backtest:
    return backtest(seed=1, worlds=3)


@pytest.fixture(scope="module")
def result() -> Result:
    return run("drugs-minus-two", 1, worlds=3)


def test_every_outcome_and_every_check_of_the_scenarios_stands_there_once_with_its_date(found):
    assert not found.rows.duplicated(["id", "quantity"]).any() and found.rows["quantity"].all()
    listed = list(found.rows["id"])
    for row in [*tables.reference("backtest_rows"), *tables.reference("precedent_targets")]:
        assert listed.count(row.get("id") or row["precedent"]) == 1
    assert {"T09", "T11", "T13", "T15", "T16", "T22"} <= set(listed)
    assert not {"T08", "T10", "T25", "T20", "T21"} & set(listed), "a fitted or fed figure is no test"
    assert found.rows["published_on"].str.fullmatch(r"\d{4}(-\d{2}){0,2}").all()


def test_only_what_was_published_after_the_latest_input_is_a_backtest(found):
    as_of = tables.reference("backtest_rows").meta["as_of"]
    later = found.rows["published_on"] > as_of
    assert ((found.rows["role"] == "backtest") == later).all()
    assert set(found.rows.loc[later, "id"]) == {"O02", "O03", "O04", "O05", "O06"}


def test_nothing_the_stock_is_fitted_to_was_published_after_the_day_the_forecast_is_as_of():
    as_of = tables.reference("backtest_rows").meta["as_of"]
    dated = {row["id"]: row["published_on"] for row in tables.reference("calibration_targets")}
    fitted = {dated[id_] for id_, _ in FITTED_TO.values()}
    assert "" not in fitted and max(fitted) <= as_of
    assert {id_ for id_, day in dated.items() if day > as_of} == {"T07"}, "compared with, never fitted"
    assert "T07" not in {id_ for id_, _ in FITTED_TO.values()}


def test_errors_bands_and_scores_can_be_redone_by_hand(found):
    for row in found.rows.to_dict("records"):
        low, high, true = row["low_90"], row["high_90"], row["published"]
        assert row["held"] == (low <= true <= high)
        assert row["error"] == pytest.approx((row["forecast"] - true) / true)
        missed = max(low - true, true - high, 0)
        assert row["score"] == pytest.approx((high - low + 20 * missed) / true)


def test_the_share_held_has_its_exact_interval():
    made = {name: 1.0 for name in COLUMNS} | {"role": "check", "family": "f", "commission": np.nan}
    none, both, one = (
        Backtest(pd.DataFrame([made | {"held": first}, made | {"held": second}])).by_family.iloc[0]
        for first, second in ((False, False), (True, True), (True, False))
    )
    assert (none["held_low"], none["held_high"]) == pytest.approx((0, 1 - 0.05**0.5))
    assert (both["held_low"], both["held_high"]) == pytest.approx((0.05**0.5, 1))
    assert one["held_low"] == pytest.approx(1 - 0.95**0.5)
    assert none["median_error_nothing_changes"] == 0
    assert np.isnan(none["median_error_commission"])


def test_a_naive_median_is_not_taken_over_fewer_figures_than_ours(found):
    summary = found.by_family.set_index(["role", "family"])
    assert np.isnan(summary.loc[("all", "all"), "median_error_nothing_changes"])
    assert summary.loc[("backtest", "grants"), "median_error_nothing_changes"] == 1
    commission = [46290 / 26850 - 1, 46290 / 30852 - 1]
    assert summary.loc[("backtest", "grants"), "median_error_commission"] == pytest.approx(
        np.mean(commission)
    )


def test_grants_grow_with_time_and_never_pass_the_eligible_times_the_rate(result):
    days = [
        np.datetime64(day) for day in ("2014-11-01", "2015-06-01", "2015-10-15", "2016-04-01", "2030-01-01")
    ]
    grants = [_grants(result, day, 1, 3)["forecast"] for day in days]
    assert grants[0] == 0
    assert all(np.diff(grants) > 0)
    eligible = result.headline.loc["eligible", "value"]
    rules = result.scenario.judges
    most = eligible * rules.filing_rate * rules.approval_rate
    assert 0.9 * most < grants[-1] < most


def test_text_fits_a_page_and_data_have_no_nan(found):
    text = as_text(found, 1)
    assert max(map(len, text.splitlines())) <= 110
    assert "backtest: grants" in text and "O03" in text
    data = as_data(found, 1)
    assert len(data["rows"]) == len(found.rows)
    assert data["rows"][0]["commission"] is None


def test_the_picture_has_a_mark_for_each_figure_and_says_which_are_missed(found):
    table = in_percent(found.rows)
    assert np.allclose(table["forecast"], 100 * (1 + found.rows["error"]))
    assert find(table).endswith(f"hold {int(found.rows['held'].sum())} of {len(found.rows)} figures")
    assert tell(table).count(" percent") == int((~found.rows["held"]).sum())
    assert drawing(found, 1, "svg").count(b"motions granted all (grants)") >= 1
    with pytest.raises(SimulationError, match="no format 'gif'"):
        drawing(found, 1, "gif")


def test_a_picture_of_no_known_kind_is_refused_before_any_work(capsys):
    assert main(["backtest", "--picture", "backtest.gif"]) == 2
    assert "give a name that ends in .svg or .png or .pdf" in capsys.readouterr().err


def test_without_worlds_there_is_no_band_to_hold_anything(capsys):
    with pytest.raises(ValueError, match="take 2 or more"):
        backtest(worlds=1)
    assert main(["backtest", "--worlds", "1"]) == 2
    assert "1 is not in the range" in capsys.readouterr().err


@pytest.mark.slow
def test_the_backtest_in_the_documentation_is_the_one_the_command_prints():
    """Word for word; numbers to a few parts in a hundred, as last digits may round the other way."""
    number = re.compile(r"(?<![\w-])\d[\d,]*(?:\.\d+)?")
    kept, now = KEPT.read_text(encoding="utf-8"), as_text(backtest(), 1) + "\n"
    hint = "run: minustwo backtest > docs/backtest.txt"
    assert re.sub(r" +", " ", number.sub("#", kept)) == re.sub(r" +", " ", number.sub("#", now)), hint
    values = [[float(word.replace(",", "")) for word in number.findall(text)] for text in (kept, now)]
    assert values[1] == pytest.approx(values[0], rel=0.02, abs=0.02), hint
