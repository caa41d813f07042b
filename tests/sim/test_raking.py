"""Raking: exact where margins agree, plain about it where they do not, against fitting by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.base.errors import SimulationError
from sim.people.margin import Margin, MeanMargin
from sim.people.raking import rake, systematic_counts

ONES = np.ones(6)


def shares(table: np.ndarray, axis: int) -> np.ndarray:
    return table.sum(axis=axis) / table.sum()


def margins_of(table: np.ndarray) -> tuple[list[Margin], np.ndarray, np.ndarray]:
    """Margins over rows and columns of a table, one row a cell."""
    row, column = (axis.ravel() for axis in np.indices(table.shape))
    counts = np.ones(table.size)
    return (
        [Margin("row", row, shares(table, 1), counts), Margin("column", column, shares(table, 0), counts)],
        row,
        column,
    )


def fitted_by_hand(start: np.ndarray, rows: np.ndarray, columns: np.ndarray, rounds: int) -> np.ndarray:
    """Iterative proportional fitting of a dense table, as in a textbook."""
    table = start.astype(float).copy()
    for _ in range(rounds):
        table *= (rows / (table.sum(axis=1) / table.sum()))[:, np.newaxis]
        table *= columns / (table.sum(axis=0) / table.sum())
    return table / table.sum()


@given(
    st.lists(st.lists(st.floats(0.5, 9), min_size=3, max_size=3), min_size=2, max_size=4),
    st.lists(st.lists(st.floats(0.5, 9), min_size=3, max_size=3), min_size=4, max_size=4),
)
def test_weights_are_those_of_fitting_a_dense_table_by_hand(start, wanted):
    start = np.array(start)
    wanted = np.array(wanted[: len(start)])
    margins, _, _ = margins_of(wanted)
    raked = rake(start.ravel(), margins, tolerance=1e-12, rounds=2000)
    by_hand = fitted_by_hand(start, shares(wanted, 1), shares(wanted, 0), 2000)
    assert raked.weights / raked.weights.sum() == pytest.approx(by_hand.ravel(), abs=1e-8)


def test_margins_that_agree_are_met():
    table = np.array([[3.0, 1.0, 2.0], [1.0, 4.0, 5.0]])
    margins, row, column = margins_of(table)
    raked = rake(np.ones(6), margins)
    assert raked.settled and max(raked.gaps.values()) < 1e-4
    assert np.bincount(row, raked.weights) / raked.weights.sum() == pytest.approx(shares(table, 1), abs=1e-4)
    assert np.bincount(column, raked.weights) / raked.weights.sum() == pytest.approx(
        shares(table, 0), abs=1e-4
    )


def test_alike_rows_keep_the_proportion_of_their_weights():
    cell = np.array([0, 0, 1, 1, 1, 0])
    raked = rake(np.array([1.0, 3.0, 2.0, 2.0, 5.0, 1.0]), [Margin("m", cell, np.array([0.2, 0.8]), ONES)])
    assert raked.weights[1] / raked.weights[0] == pytest.approx(3)
    assert raked.weights[4] / raked.weights[2] == pytest.approx(2.5)
    assert raked.weights[cell == 0].sum() / raked.weights.sum() == pytest.approx(0.2, abs=1e-4)


def test_a_contradiction_is_told_by_margin_and_ends_early():
    cell = np.array([0, 1, 0, 1, 0, 1])
    margins = [
        Margin("this year", cell, np.array([0.3, 0.7]), ONES),
        Margin("race", np.array([0, 0, 1, 1, 0, 1]), np.array([0.5, 0.5]), ONES),
        Margin("that year", cell, np.array([0.4, 0.6]), ONES),
    ]
    raked = rake(np.ones(6), margins, rounds=1000)
    assert not raked.settled and raked.rounds < 50
    assert raked.gaps["this year"] == pytest.approx(0.1, abs=1e-3)
    assert raked.gaps["that year"] < 1e-3


def test_slow_progress_is_no_contradiction():
    cells = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    start = np.array([1.0, 1e-3, 1e-3, 1.0])
    half = np.array([0.5, 0.5])
    margins = [
        Margin("row", cells[:, 0], np.array([0.9, 0.1]), np.ones(4)),
        Margin("column", cells[:, 1], half, np.ones(4)),
    ]
    raked = rake(start, margins, rounds=5000)
    assert raked.settled and raked.rounds > 5


def test_shares_hold_within_each_group():
    cell = np.array([0, 1, 2, 3, 2, 2])
    margin = Margin("by drug", cell, np.array([0.25, 0.75, 0.9, 0.1]), ONES, np.array([0, 0, 1, 1]))
    weights = rake(np.ones(6), [margin]).weights
    sums = np.bincount(cell, weights)
    assert sums[0] / (sums[0] + sums[1]) == pytest.approx(0.25, abs=1e-4)
    assert sums[2] / (sums[2] + sums[3]) == pytest.approx(0.9, abs=1e-4)
    assert sums[:2].sum() / sums.sum() == pytest.approx(1 / 3)  # between groups nothing is asked


def test_rows_that_count_nowhere_get_the_factors_of_their_cells_too():
    cell = np.array([0, 1, 0, 1, -1, 0])
    counts = np.array([1.0, 1.0, 0.0, 0.0, 1.0, 0.0])
    raked = rake(np.ones(6), [Margin("inside", cell, np.array([0.2, 0.8]), counts)])
    assert raked.weights[2] == pytest.approx(raked.weights[0]) == raked.factors["inside"][0]
    assert raked.weights[3] == pytest.approx(raked.weights[1])
    assert raked.weights[4] == 1
    assert raked.weights[0] / raked.weights[:2].sum() == pytest.approx(0.2, abs=1e-4)


def test_rows_outside_a_margin_are_not_part_of_its_shares():
    cell = np.array([0, 1, -1, -1, -1, -1])
    raked = rake(np.ones(6), [Margin("m", cell, np.array([0.5, 0.5]), ONES)])
    assert raked.settled and raked.weights.tolist() == [1] * 6


def test_a_cell_with_a_share_of_nothing_empties_and_one_without_rows_is_named():
    cell = np.array([0, 1, 2, 0, 1, 2])
    raked = rake(np.ones(6), [Margin("m", cell, np.array([0.5, 0.5, 0.0, 0.0]), ONES)])
    assert raked.settled and raked.weights[2] < 1e-3
    missing = rake(np.ones(6), [Margin("m", cell, np.array([0.3, 0.3, 0.3, 0.1]), ONES)])
    assert not missing.settled and missing.empty == {"m": [3]}


@pytest.mark.parametrize(
    ("margin", "words"),
    [
        (lambda: Margin("m", np.zeros(6, int), np.array([0.6, 0.3]), ONES), "add up to 1"),
        (lambda: Margin("m", np.zeros(6, int), np.array([1.2, -0.2]), ONES), "must not be negative"),
        (lambda: Margin("m", np.full(6, 2), np.array([0.5, 0.5]), ONES), "cells 2 to 2; -1 to 1"),
        (lambda: Margin("m", np.zeros(5, int), np.array([1.0]), ONES), "different lengths"),
        (lambda: Margin("m", np.zeros(6, int), np.array([1.0]), ONES, np.zeros(2, int)), "different lengths"),
    ],
)
def test_a_margin_that_nobody_could_meet_is_refused(margin, words):
    with pytest.raises(SimulationError, match=words):
        margin()


def test_two_margins_of_one_name_are_refused():
    margin = Margin("m", np.zeros(6, int), np.array([1.0]), ONES)
    with pytest.raises(SimulationError, match="margins of one name: m, m"):
        rake(ONES, [margin, margin])


@given(st.lists(st.floats(0, 40), min_size=1, max_size=60), st.floats(0, 1, exclude_max=True))
def test_whole_people_never_stray_by_one_from_the_running_total(weights, offset):
    counts = systematic_counts(np.array(weights), offset)
    away = np.cumsum(counts) - np.cumsum(weights)
    assert (counts >= 0).all() and np.abs(away).max() <= 1 + 1e-9
    assert counts.sum() in (np.floor(np.sum(weights)), np.ceil(np.sum(weights)), np.round(np.sum(weights)))


def test_whole_people_are_the_weights_on_average():
    weights = np.array([0.3, 1.7, 0.25, 2.5])
    offsets = (np.arange(4000) + 0.5) / 4000
    mean = np.mean([systematic_counts(weights, offset) for offset in offsets], axis=0)
    assert mean == pytest.approx(weights, abs=1e-3)


def test_a_mean_is_met_by_a_tilt_that_is_exponential_in_the_level():
    level, value = np.array([0.0, 1.0, 3.0]), np.array([10.0, 12.0, 20.0, 11.0, 13.0, 30.0])
    cell, start = np.array([0, 1, 2, 0, 1, 2]), np.array([1.0, 2.0, 1.0, 3.0, 1.0, 2.0])
    raked = rake(start, [MeanMargin("mean", cell, level, value, 14.0, ONES)], tolerance=1e-10)
    assert raked.settled and np.average(value, weights=raked.weights) == pytest.approx(14)
    tilt = np.log(raked.weights / start)
    assert tilt[:3] == pytest.approx(tilt[3:])  # rows of a level move together
    assert (tilt[1] - tilt[0]) / 1 == pytest.approx((tilt[2] - tilt[0]) / 3)
    assert tilt[2] < tilt[0]  # the mean had to fall


def test_rows_outside_a_mean_are_left_alone_and_only_some_need_count():
    level, value = np.array([0.0, 1.0]), np.array([10.0, 20.0, 10.0, 20.0, 99.0, 99.0])
    cell, counts = np.array([0, 1, 0, 1, -1, -1]), np.array([1.0, 1.0, 0.0, 0.0, 0.0, 0.0])
    raked = rake(ONES, [MeanMargin("mean", cell, level, value, 12.0, counts)], tolerance=1e-10)
    assert raked.weights[4:] == pytest.approx([1, 1])
    assert raked.weights[:2] / raked.weights[:2].sum() == pytest.approx([0.8, 0.2])
    assert raked.weights[2:4] / raked.weights[2:4].sum() == pytest.approx([0.8, 0.2])


def test_a_mean_and_shares_are_met_together():
    random = np.random.default_rng(2)
    group, level = random.integers(0, 2, 400), random.integers(0, 6, 400)
    value, start = 10.0 * level + random.normal(0, 2, 400), random.random(400)
    raked = rake(start, [
        Margin("group", group, np.array([0.3, 0.7]), np.ones(400)),
        MeanMargin("mean", level, np.arange(6.0), value, 18.0, np.ones(400)),
    ])  # fmt: skip
    share = raked.weights[group == 0].sum() / raked.weights.sum()
    assert raked.settled and share == pytest.approx(0.3, abs=1e-3)
    assert np.average(value, weights=raked.weights) == pytest.approx(18, rel=1e-3)


def test_a_mean_no_weights_can_reach_is_reported():
    raked = rake(ONES, [MeanMargin("mean", np.arange(6) % 2, np.array([0.0, 1.0]), 5 + ONES, 40.0, ONES)])
    assert not raked.settled and raked.gaps["mean"] == pytest.approx(1 - 6 / 40)


def test_a_cell_without_a_row_is_reported_and_does_not_keep_the_others_from_their_share():
    cell = np.array([0, 0, 1, 1, 1, 1])
    raked = rake(ONES, [Margin("three", cell, np.array([0.3, 0.6, 0.1]), ONES)])
    assert raked.empty == {"three": [2]} and not raked.settled
    assert raked.weights[:2].sum() / raked.weights.sum() == pytest.approx(1 / 3)
    assert raked.gaps["three"] == pytest.approx(0.1)
