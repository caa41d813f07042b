"""The stand-in for a slow model: exact for what it can follow, honest about what it cannot."""

from __future__ import annotations

import numpy as np
import pytest

from sim.base.errors import SimulationError
from sim.studies.emulator import Emulator

LOW, HIGH = np.array([0.0, 10.0]), np.array([1.0, 30.0])


def inputs(runs: int) -> np.ndarray:
    random = np.random.default_rng(5)
    return LOW + (HIGH - LOW) * random.random((runs, 2))


def test_a_polynomial_is_followed_exactly():
    x = inputs(40)
    y = np.column_stack([3 + 2 * x[:, 0] - 0.1 * x[:, 1] ** 2, x[:, 1]])
    emulator = Emulator.fit(x, y, LOW, HIGH)
    other = inputs(7) * 0.9 + 0.5
    told = np.column_stack([3 + 2 * other[:, 0] - 0.1 * other[:, 1] ** 2, other[:, 1]])
    assert emulator.predict(other) == pytest.approx(told) and emulator.explained == pytest.approx([1, 1])


def test_luck_is_averaged_away_and_counted_as_unexplained():
    x = inputs(4000)
    signal = 10 * x[:, 0]
    luck = np.random.default_rng(6).normal(0, 3, len(x))
    emulator = Emulator.fit(x, (signal + luck)[:, None], LOW, HIGH)
    assert emulator.predict(np.array([[0.5, 20.0]]))[0, 0] == pytest.approx(5, abs=0.3)
    assert emulator.explained[0] == pytest.approx(signal.var() / (signal.var() + 9), abs=0.05)


def test_too_few_runs_are_refused():
    with pytest.raises(SimulationError, match="4 sets of 2 parameters drawn: at least 5 are needed"):
        Emulator.fit(inputs(4), np.ones((4, 1)), LOW, HIGH)


def test_a_level_is_that_of_the_runs_it_is_taken_from_and_slopes_stay():
    x = inputs(40)
    emulator = Emulator.fit(x, 3 + 2 * x[:, :1], LOW, HIGH)
    near = x[:5]
    levelled = emulator.levelled(near, 10 + 2 * near[:, :1] + np.array([[-1], [1], [0], [2], [-2]]))
    assert levelled.predict(x) == pytest.approx(10 + 2 * x[:, :1])
    assert emulator.predict(x) == pytest.approx(3 + 2 * x[:, :1])  # the other is as it was
