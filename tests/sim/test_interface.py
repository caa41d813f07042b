"""The front door: names and results where scenarios are asked for, and sentences where neither is given."""

from __future__ import annotations

import doctest
import importlib

import pandas as pd
import pytest

import guidelines
import sim
from sim.base.errors import ScenarioError, SimulationError


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    """Files of two shipped scenarios on a small stock."""
    folder = tmp_path_factory.mktemp("few")
    for name in ("drugs-minus-two", "no-delay"):
        text = f'based_on = "{name}"\nname = "few-{name}"\n[people]\nstock = 3000\n'
        (folder / f"{name}.toml").write_text(text)
    return folder


def test_a_scenario_may_be_given_as_itself_or_as_a_file(small, few):
    for given in (small.scenario, few / "drugs-minus-two.toml", str(few / "drugs-minus-two.toml")):
        found = sim.run(given, small.seed, worlds=0).headline["value"]
        pd.testing.assert_series_equal(found, small.headline["value"])


def test_a_name_is_a_shipped_scenario():
    assert sim.Scenario.of("no-delay") == sim.Scenario.load("no-delay")
    with pytest.raises(ScenarioError, match="did you mean no-delay"):
        sim.run("no-dela")


@pytest.mark.parametrize("wrong", [42, None, ["drugs-minus-two"], {"name": "x"}])
def test_what_is_no_scenario_gets_a_sentence(wrong):
    with pytest.raises(ScenarioError, match=f"shipped name .*{type(wrong).__name__} was given"):
        sim.run(wrong)


def test_a_result_is_compared_with_a_scenario_by_running_it_alike(small, few):
    asked = str(few / "no-delay.toml")
    table = small.compare(asked)
    other = sim.run(asked, small.seed, worlds=len(small.worlds))
    pd.testing.assert_frame_equal(table, small.compare(other))
    assert {"first", "other", "difference"} <= set(table.columns)
    assert table.loc["eligible", "difference"] == pytest.approx(
        other["eligible"]["value"] - small["eligible"]["value"]
    )
    both = sim.compare(small, asked).totals
    assert both["scenario"].unique().tolist() == ["few-no-delay"]
    pd.testing.assert_frame_equal(table, both.drop(columns="scenario").set_index("quantity"))


def test_every_result_a_user_holds_can_be_compared_and_drawn(small, small_no_delay, tmp_path):
    read = sim.read(sim.write(small, tmp_path / "out", pictures=False))
    compared = sim.compare(read, small_no_delay).results
    assert all(isinstance(each, sim.Result) for each in (small, read, *compared))
    assert read.compare(small_no_delay).loc["eligible", "difference"] > 0


def test_one_alone_is_no_comparison():
    with pytest.raises(SimulationError, match="two results or scenarios"):
        sim.compare("no-delay")


def test_a_notebook_shows_results_comparisons_and_pictures(small, small_no_delay):
    text = small._repr_html_()
    assert small.scenario.title in text and small["eligible"]["label"] in text
    assert "no-delay" in sim.compare(small, small_no_delay)._repr_html_()
    assert "<svg" in small.plot("releases_by_month")._repr_svg_()
    with pytest.raises(SimulationError, match="no picture 'releases'"):
        small.plot("releases")


def test_worksheets_and_reductions_become_frames():
    manual = guidelines.Manual.on("2013-11-01")
    before = guidelines.worksheet(
        {
            "drug": ["heroin", "crack"],
            "quantity": [1200.0, 30.0],
            "criminal_history_category": [3, 1],
            "imposed_term_months": [121, 63],
        },
        manual,
    )
    after = guidelines.amended_worksheet(before, "782")
    sheet, cut = before.to_frame(), guidelines.reduction(before, after, "782").to_frame()
    assert len(sheet) == len(cut) == 2
    assert (after.to_frame()["base_offense_level"] == sheet["base_offense_level"] - 2).all()
    assert set(cut["code"]) <= set(guidelines.CODES)
    assert list(sheet.columns) == list(before)


@pytest.mark.parametrize(
    "name",
    [
        "base.workers",
        "courts.courts",
        "output.store_read",
        "people.stock",
        "result",
        "runner",
        "scenario.scenario",
        "studies.comparison",
    ],
)
def test_the_examples_of_the_reference_run(name):
    assert doctest.testmod(importlib.import_module(f"sim.{name}")).failed == 0
