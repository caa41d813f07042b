from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from sim.base.errors import SimulationError
from sim.base.workers import workers
from sim.people.stock_cache import StockCache
from sim.runner import run
from sim.scenario.scenario import Scenario
from sim.studies.explorer import BANDED, SHOWN, Explorer, _check_same, explore
from sim.studies.explorer_axes import RATES, a_year_after, axes_of, changes

STANDARD = Scenario.load("drugs-minus-two")


def number_of(explorer: Explorer, axis: str, label: str) -> int:
    (found,) = [each for each in explorer.axes if each.name == axis]
    return [choice.label for choice in found.choices].index(label)


def test_the_grid_has_every_combination_once(grid):
    sizes = [len(axis.choices) for axis in grid.axes]
    assert [axis.name for axis in grid.axes] == ["levels", "delay", "excluded", "filing", "approval"]
    assert sizes == [3, 2, 2, len(RATES) + 1, len(RATES) + 1]
    assert len(grid.table) == np.prod(sizes) * len(SHOWN)
    assert not grid.table.duplicated(["levels", "delay", "excluded", "filing", "approval", "quantity"]).any()


def test_the_result_itself_is_in_the_grid(grid, small):
    own = grid.at(*(axis.own for axis in grid.axes))
    np.testing.assert_allclose(own[BANDED], small.headline.loc[list(SHOWN), BANDED], rtol=1e-9)
    assert list(own["label"]) == list(small.headline.loc[list(SHOWN), "label"])


@pytest.mark.parametrize(
    "chosen",
    [
        ("3 levels", "none", "nobody", "60 %", "50 %"),
        ("1 level", "12 months", "the Justice Department’s rule", "90 %", "100 %"),
        ("2 levels", "12 months", "nobody", "100 %", "70 %"),
    ],
)
def test_a_combination_is_what_the_library_finds_for_it(grid, small, chosen):
    _, delay, _, filing, approval = chosen
    axes = ("levels", "delay", "excluded", "filing", "approval")
    chosen = [number_of(grid, *pair) for pair in zip(axes, chosen, strict=True)]
    asked = small.scenario.but(changes(grid.axes, chosen))
    assert asked.judges.approval_rate == float(approval.removesuffix(" %")) / 100
    assert asked.judges.filing_rate == float(filing.removesuffix(" %")) / 100
    assert (asked.dates.earliest_release == asked.dates.effective) == (delay == "none")
    found = run(asked, small.seed, worlds=len(small.worlds)).headline.loc[list(SHOWN), BANDED]
    np.testing.assert_allclose(grid.at(*chosen)[BANDED], found, rtol=1e-9)


def test_the_choices_are_the_shipped_scenarios(grid):
    levels, delay, excluded, *_ = grid.axes
    for axis, label, scenario in (
        (levels, "1 level", "minus-one"),
        (levels, "2 levels", "drugs-minus-two"),
        (levels, "3 levels", "minus-three"),
        (delay, "none", "no-delay"),
        (excluded, "the Justice Department’s rule", "justice-department-rule"),
    ):
        (choice,) = [each for each in axis.choices if each.label == label]
        assert STANDARD.but(choice.changed).hash == Scenario.load(scenario).hash


def test_more_motions_filed_or_granted_and_more_levels_off_release_more(grid):
    base = [axis.own for axis in grid.axes]
    for axis in (0, 3, 4):
        saved = []
        for number in range(len(grid.axes[axis].choices)):
            chosen = [*base[:axis], number, *base[axis + 1 :]]
            saved.append(grid.at(*chosen).loc["bed_years_saved", "value"])
        assert saved == sorted(saved) and saved[0] < saved[-1]


def test_a_scenario_of_its_own_keeps_its_own_choice_on_every_axis():
    mine = STANDARD.but(
        {
            "dates.earliest_release": date(2015, 5, 1),
            "limits": {"criminal_history_categories": [1]},
            "judges.approval_rate": 0.81,
        }
    )
    levels, delay, excluded, filing, approval = axes_of(mine)
    assert [choice.label for choice in levels.choices] == ["1 level", "2 levels", "3 levels"]
    assert delay.choices[delay.own].label == "about 6 months" and len(delay.choices) == 3
    assert excluded.choices[excluded.own].label == "as in this scenario" and len(excluded.choices) == 3
    assert approval.choices[approval.own].label == "81 %"
    own = [axis.own for axis in (levels, delay, excluded, filing, approval)]
    assert mine.but(changes((levels, delay, excluded, filing, approval), own)).hash == mine.hash


def test_another_amendment_keeps_what_it_is():
    levels, *_ = axes_of(Scenario.load("crack-2011"))
    (choice,) = levels.choices
    assert not choice.changed and levels.own == 0


def test_another_rate_changes_nothing_but_the_rate():
    *_, approval = axes_of(STANDARD)
    assert sum(choice.changed == {} for choice in approval.choices) == 1
    for choice in approval.choices:
        rules = STANDARD.but(choice.changed).judges
        known = STANDARD.judges.model_copy(update={"approval_rate": rules.approval_rate})
        assert rules == known


@pytest.mark.parametrize("day, later", [((2014, 11, 1), (2015, 11, 1)), ((2016, 2, 29), (2017, 3, 1))])
def test_a_year_after_a_day(day, later):
    assert a_year_after(date(*day)) == date(*later)


def test_progress_ends_where_it_says(grid, steps):
    done = [step[1] for step in steps]
    assert done == list(range(len(steps))) and steps[-1][1] == steps[-1][2]


@pytest.mark.parametrize(
    "changed, words",
    [
        ({"tables_sha256": "0" * 64}, "other tables"),
        ({"people": {"file": "mine.csv"}}, "people are not synthetic"),
    ],
)
def test_a_result_that_cannot_be_made_again_gets_no_grid(small, changed, words):
    with pytest.raises(SimulationError, match=words):
        explore(replace(small, provenance=dict(small.provenance) | changed))


def test_what_leaves_nothing_to_choose_gets_no_grid(small):
    with pytest.raises(SimulationError, match="needs no motion"):
        explore(replace(small, scenario=Scenario.load("first-step-act-good-time")))
    with pytest.raises(SimulationError, match="without plausible worlds"):
        explore(replace(small, worlds=small.worlds.iloc[:0]))


def test_a_result_with_parameters_of_its_own_gets_no_grid(small):
    headline = small.headline.copy()
    headline.loc["bed_years_saved", "value"] *= 1.001
    with pytest.raises(SimulationError, match="parameters of its own"):
        explore(replace(small, headline=headline))


def test_a_stored_result_has_six_digits_and_gets_its_grid(small, grid):
    """A number just over one loses up to five millionths of itself."""
    headline = small.headline.copy()
    headline[BANDED] *= 1 + 4.9e-6
    _check_same(replace(small, headline=headline), grid)
    headline[BANDED] *= 1 + 2e-5
    with pytest.raises(SimulationError, match="parameters of its own"):
        _check_same(replace(small, headline=headline), grid)


def test_the_grid_is_the_same_from_three_processes_and_with_kept_people(small, grid, tmp_path):
    for _ in range(2):
        with workers(3) as pool:
            other = explore(small, executor=pool, cache=StockCache(tmp_path))
        assert other.axes == grid.axes
        pd.testing.assert_frame_equal(other.table, grid.table, check_exact=True)
    assert len(list(tmp_path.iterdir())) == 1 + len(small.worlds)
