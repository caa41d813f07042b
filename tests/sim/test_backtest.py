"""The backtest: every figure once, roles by date, and arithmetic a statistician can redo."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from guidelines import tables
from sim.base.errors import SimulationError
from sim.base.published import published_by
from sim.cli import main
from sim.ensemble import members
from sim.output.backtest_text import as_data, as_text
from sim.output.plots.backtest import drawing, find, in_percent, tell
from sim.results.evidence import FITS, IN_USE
from sim.results.structural import STATES, spreads
from sim.runner import run
from sim.studies.backtest import (
    COLUMNS,
    GIVEN_TO_COURTS,
    LARGEST,
    LEFT_OUT,
    Backtest,
    backtest,
    backtests,
    held_by_draw,
    told_of,
)
from sim.studies.fit import FITTED_TO

KEPT = Path(__file__).parents[2] / "docs" / "backtest.txt"
ROWS = tables.reference("backtest_rows")
AS_OF = FITS[IN_USE].as_of


@pytest.fixture(scope="module")
def found() -> Backtest:
    return backtest(seed=1, worlds=3)


@pytest.fixture(scope="module")
def told():
    result = run("drugs-minus-two", 1, worlds=3)
    return told_of(result, members(result.scenario, 1, 3))


def test_every_figure_and_every_check_of_the_scenarios_stands_there_once_with_its_date(found):
    assert not found.rows.duplicated(["id", "quantity"]).any() and found.rows["quantity"].all()
    listed = [*found.rows["id"], *found.largest["id"]]
    for row in [*ROWS, *tables.reference("precedent_targets")]:
        id_ = row.get("id") or row["precedent"]
        assert listed.count(id_) == (id_ not in GIVEN_TO_COURTS), id_
    targets = tables.reference("calibration_targets")
    unfitted = {row["id"] for row in targets if row["role"] in ("check", "backtest")} - set(GIVEN_TO_COURTS)
    assert unfitted <= set(listed)
    fitted = {row["id"] for row in targets} - unfitted
    assert not fitted & set(listed), "a fitted or fed figure is no test"
    assert found.rows["published_on"].str.fullmatch(r"\d{4}(-\d{2}){0,2}").all()
    assert not found.rows[["published", "forecast", "low_90", "high_90"]].isna().any(axis=None)


def test_roles_are_those_written_down_before_and_follow_from_the_dates(found):
    later = ~found.rows["published_on"].map(lambda day: published_by(day, AS_OF))
    assert ((found.rows["role"] == "backtest") == later).all()
    assert set(found.rows.loc[later, "id"]) == {"T07", "O02", "O03", "O04", "O05", "O06", "O07", "O08"}
    written = {row["id"]: row["role"] for row in ROWS}
    for row in [*found.rows.to_dict("records"), *found.largest.to_dict("records")]:
        assert written.get(row["id"], row["role"]) == row["role"]
    assert ROWS.meta["as_of"] == AS_OF


def test_nothing_that_is_fitted_was_published_after_the_day_the_forecast_is_as_of():
    for row in tables.reference("calibration_targets"):
        fitted = row["id"] in {id_ for id_, _ in FITTED_TO.values()}
        assert not fitted or published_by(row["published_on"], AS_OF), row
        if row["role"] == "backtest":
            assert not published_by(row["published_on"], AS_OF)
        assert row["id"] not in GIVEN_TO_COURTS or row["role"] == "input", "what courts are given is no check"


@pytest.mark.slow
def test_an_earlier_forecast_has_more_later_figures():
    """As of July 2014 the first wave is the future, and so is what was fitted to it since."""
    early = backtest(1, 2, fit="2014-07").rows.set_index("id")
    assert set(early.loc[["T18", "T19", "T22", "T23", "T25", "T26", "O01"], "role"]) == {"backtest"}
    assert set(early.loc[["T09", "P15", "T17"], "role"]) == {"check"}


@pytest.mark.slow
def test_left_out_forecasts_look_at_nothing_about_their_amendment(found):
    """The median of 782's eligible moves once T08 is no longer fitted; 706 was never fitted to."""
    without = backtest(1, 2, fit=LEFT_OUT).rows.set_index(["id", "quantity"])["forecast"]
    usual = found.rows.set_index(["id", "quantity"])["forecast"]
    assert without["P01", "counted_eligible"] == usual["P01", "counted_eligible"]
    assert without["T09", "counted_eligible"] != usual["T09", "counted_eligible"]
    assert without["P15", "counted_eligible"] != usual["P15", "counted_eligible"]


def test_errors_intervals_and_scores_can_be_redone_by_hand(found):
    for row in found.rows.to_dict("records"):
        low, high, true = row["low_90"], row["high_90"], row["published"]
        assert row["held"] == (low <= true <= high)
        assert row["error"] == pytest.approx((row["forecast"] - true) / true)
        missed = max(low - true, true - high, 0)
        assert row["score"] == pytest.approx((high - low + 20 * missed) / true)


def test_the_share_held_has_its_exact_interval():
    made = {name: 1.0 for name in COLUMNS} | {"role": "check", "family": "f", "commission": np.nan}
    none, both, one = (
        Backtest(
            pd.DataFrame([made | {"held": first}, made | {"held": second}]), pd.DataFrame()
        ).by_family.iloc[0]
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
    later = found.rows[found.rows["role"] == "backtest"].set_index("id")
    assert later.loc["O02", "commission"] == later.loc["O03", "commission"] == 46290
    assert later.loc["O04", "nothing_changes"] == 134 and later.loc["O06", "nothing_changes"] == 0


def test_grants_grow_with_time_and_never_pass_the_eligible_times_the_rate(told):
    days = ("2014-11-01", "2015-06-01", "2015-10-15", "2016-04-01", "2030-01-01")
    grants = [told.granted(np.datetime64(day))[0] for day in days]
    assert grants[0] == 0
    assert all(np.diff(grants) > 0)
    eligible = told.result.headline.loc["eligible", "value"]
    rules = told.result.scenario.judges
    most = eligible * rules.filing_rate * rules.approval_rate
    assert 0.9 * most < grants[-1] < most


def test_a_part_of_the_eligible_is_that_of_the_groups(told):
    groups = told.result.by_group
    groups = groups[groups["quantity"] == "eligible"].set_index(["dimension", "group"])["value"]
    eligible = groups["category"].sum()
    assert told._share_of_eligible("category=I II")[0] == pytest.approx(
        (groups["category", "I"] + groups["category", "II"]) / eligible
    )
    texas = [row["district"] for row in tables.reference("districts") if row["state"] == "Texas"]
    assert len(texas) == 4
    share, worlds = told._share_of_eligible("state=Texas")
    assert share == pytest.approx(groups["district"][texas].sum() / eligible)
    assert len(worlds) == 3 and np.abs(np.log(worlds / share)).max() < 3 * spreads()[STATES]
    assert worlds.std() > 0


@pytest.mark.slow
def test_draws_are_those_of_their_seeds_and_are_counted(found):
    draws = dict(zip((1, 2), backtests((1, 2), 3), strict=True))
    pd.testing.assert_frame_equal(draws[1].rows, found.rows)
    counted = held_by_draw(draws)
    assert list(counted.index) == [1, 2]
    checks = found.rows[found.rows["role"] == "check"]
    assert counted.loc[1, ("check", "held")] == checks["held"].sum()
    assert (counted["check", "figures"] == len(checks)).all()
    text = as_text(draws)
    assert text.splitlines()[0] == "Averaged over 2 draws of all people, the 90 percent intervals hold"
    assert f"{counted['check', 'held'].mean():.1f} of {len(checks)} check figures" in text


def test_text_fits_a_page_and_data_have_no_nan(found):
    text = as_text({1: found}, found)
    assert (
        text.startswith("In one draw of all people, the 90 percent intervals hold\n")
        and "1 draws" not in text
    )
    assert max(map(len, text.splitlines())) <= 110
    narrow = as_text({1: found}, found, 80)
    assert max(map(len, narrow.splitlines())) <= 80
    told = " ".join(narrow.split())
    assert all(label in told for label in found.rows["label"])
    assert "backtest: motions decided" in text and "O03" in text
    data = as_data({1: found})
    assert len(data["rows"]) == len(found.rows) and data["draws"][0]["seed"] == 1
    assert {row["id"] for row in data["largest"]} == {"T28"} | {
        row["id"] for row in ROWS if row["family"] == LARGEST
    }
    assert data["rows"][-1]["commission"] is None or data["rows"][0]["commission"] is None


def test_the_picture_has_a_mark_for_each_figure_and_says_which_are_missed(found):
    table = in_percent(found.rows)
    assert np.allclose(table["forecast"], 100 * (1 + found.rows["error"]))
    assert find(table).endswith(f"hold {int(found.rows['held'].sum())} of {len(found.rows)} figures")
    assert tell(table).count(" percent") == int((~found.rows["held"]).sum())
    assert drawing(found, 1, "svg").count(b"motions granted, all (motions decided)") >= 1
    with pytest.raises(SimulationError, match="no format 'gif'"):
        drawing(found, 1, "gif")


def test_a_picture_of_no_known_kind_is_refused_before_any_work(capsys):
    assert main(["backtest", "--picture", "backtest.gif"]) == 2
    assert "give a name that ends in .svg or .png or .pdf" in capsys.readouterr().err


def test_without_worlds_there_is_no_interval_to_hold_anything(capsys):
    with pytest.raises(ValueError, match="take 2 or more"):
        backtest(worlds=1)
    assert main(["backtest", "--worlds", "1"]) == 2
    assert "1 is not in the range" in capsys.readouterr().err


def test_a_fit_that_is_not_kept_is_refused_in_one_line(capsys):
    assert main(["backtest", "--fit", "2012-01"]) != 0
    assert "no fit '2012-01' is kept; there are 2015-11, 2014-07" in capsys.readouterr().err


@pytest.mark.slow
def test_the_backtest_in_the_documentation_is_the_one_the_command_prints():
    """Word for word; numbers to a few parts in a hundred, as last digits may round the other way."""
    number = re.compile(r"(?<![\w-])\d[\d,]*(?:\.\d+)?")
    kept, now = KEPT.read_text(encoding="utf-8"), as_text({1: backtest()}) + "\n"
    hint = "run: minustwo backtest > docs/backtest.txt"
    assert kept.startswith("Averaged over 8 draws"), hint
    kept, now = (text[text.index("     published") :] for text in (kept, now))
    assert re.sub(r" +", " ", number.sub("#", kept)) == re.sub(r" +", " ", number.sub("#", now)), hint
    values = [[float(word.replace(",", "")) for word in number.findall(text)] for text in (kept, now)]
    assert values[1] == pytest.approx(values[0], rel=0.02, abs=0.02), hint
