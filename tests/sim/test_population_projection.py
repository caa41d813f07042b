"""The matrix form against a loop of convolutions, and against the survival of `sim.prospective`."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import SimulationError
from sim.population_projection import (
    draw_weights,
    lengths_of,
    project_draws,
    project_stays,
    responses,
    transitions,
    weights_of,
)
from sim.prospective import in_custody, remaining

MONTHS = 60
stays = st.lists(st.floats(0, 100) | st.just(np.inf), min_size=1, max_size=30).map(np.array)


def convolved(weights, admitted):
    """One draw after the other: the share still inside after each month, folded with admissions."""
    found = []
    for row in weights:
        inside = 1 - np.cumsum(row)[: len(admitted)]
        found.append(np.convolve(admitted, inside)[: len(admitted)])
    return np.array(found)


def some(draws=20, seed=1):
    draw = np.random.default_rng(seed)
    weights = draw.dirichlet(np.ones(MONTHS + 1), draws)
    return weights, draw.uniform(50, 150, MONTHS)


def test_the_matrix_product_is_a_loop_of_convolutions():
    weights, admitted = some()
    found = project_stays(weights, responses(admitted))
    assert found.without == pytest.approx(convolved(weights, admitted), rel=1e-12)
    assert (found.fewer == 0).all()


@given(stay=stays)
def test_it_is_the_survival_of_new_sentences(stay):
    admitted = np.linspace(10, 20, MONTHS)
    people = np.linspace(1, 2, len(stay))
    weights = weights_of(lengths_of(stay, MONTHS), people, MONTHS)[np.newaxis]
    expected = in_custody(admitted, remaining(stay, people, MONTHS))
    assert project_stays(weights, responses(admitted)).without[0] == pytest.approx(expected, abs=1e-9)


def test_an_amendment_changes_only_those_admitted_from_its_month_on():
    """From month 24 on half of the sentences are five months shorter; each part by its own convolution."""
    draw = np.random.default_rng(3)
    before = draw.integers(10, 50, 400)
    after = np.where(np.arange(400) % 2, before - 5, before)
    weight = draw.uniform(1, 3, 400)
    admitted = draw.uniform(50, 150, MONTHS)
    rows = weights_of(before, weight, MONTHS)[np.newaxis]
    found = project_stays(
        rows, responses(admitted, effective_month=24, transition=transitions(before, after, weight, MONTHS))
    )
    late = np.where(np.arange(MONTHS) >= 24, admitted, 0)
    changed = weights_of(after, weight, MONTHS)[np.newaxis]
    expected = convolved(rows, admitted - late) + convolved(changed, late)
    assert found.with_amendment == pytest.approx(expected, rel=1e-12)
    assert (found.fewer[0, :28] == pytest.approx(0, abs=1e-9)) and found.fewer[0, 40] > 1


def test_lengths_without_an_example_stay_as_they_are():
    found = transitions(np.array([3, 3]), np.array([2, 1]), np.array([1.0, 3.0]), 4)
    assert found.sum(axis=1) == pytest.approx(1)
    assert found[3].tolist() == [0, 0.75, 0.25, 0, 0]
    assert found[2].tolist() == [0, 0, 1, 0, 0]


def test_drawn_weights_have_the_mean_and_covariance_of_the_members():
    members, _ = some(draws=6)
    draws = 40_000
    found = draw_weights(members, draws, seed=2)
    spread = members.std(axis=0, ddof=1)
    away = (found.mean(axis=0) - members.mean(axis=0)) / (spread / np.sqrt(draws))
    assert np.abs(away).max() < 5
    one, two = 3, 17
    wanted = np.cov(members[:, one], members[:, two])[0, 1]
    assert np.cov(found[:, one], found[:, two])[0, 1] == pytest.approx(
        wanted, abs=6 * spread[one] * spread[two] / np.sqrt(draws)
    )
    assert found.sum(axis=1) == pytest.approx(1)
    assert np.array_equal(draw_weights(members, 10, seed=2), found[:10])


def test_draws_can_be_projected_without_their_weights():
    members, admitted = some(draws=6)
    answers = responses(admitted, effective_month=5, transition=np.roll(np.eye(MONTHS + 1), -1, axis=1))
    one = project_stays(draw_weights(members, 50, seed=2), answers)
    two = project_draws(members, answers, 50, seed=2)
    assert two.without == pytest.approx(one.without, rel=1e-9)
    assert two.with_amendment == pytest.approx(one.with_amendment, rel=1e-9)
    assert np.abs(two.fewer).max() > 1
    single = project_draws(members[:1], answers, 3, seed=2)
    assert single.without == pytest.approx(project_stays(members[[0, 0, 0]], answers).without)


def test_one_member_has_no_spread():
    members, _ = some(draws=1)
    assert np.array_equal(draw_weights(members, 3, seed=1), np.repeat(members, 3, axis=0))


def test_a_factor_on_admissions_goes_through():
    weights, admitted = some(draws=3)
    answers = responses(admitted)
    level = np.array([1.0, 2.0, 0.5])
    scaled = project_stays(weights, answers, level).without
    assert scaled == pytest.approx(level[:, np.newaxis] * project_stays(weights, answers).without)


def test_wrong_shapes_are_refused():
    with pytest.raises(SimulationError, match="go together"):
        responses(np.ones(5), effective_month=2)
    with pytest.raises(SimulationError, match=r"it is \(6, 6\)"):
        responses(np.ones(5), effective_month=2, transition=np.eye(4))
