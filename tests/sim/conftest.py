from __future__ import annotations

import pytest

from sim.people.stock import Stock, synthesize
from sim.result import run
from sim.results.results import Result
from sim.scenario.scenario import Scenario
from sim.studies.explorer import Explorer, explore

SMALL = {"people.stock": 3000, "dates.horizon_months": 30}
"""A stock that keeps the tests quick; the law and the calendar are those of the shipped scenario."""


@pytest.fixture(scope="session")
def stock() -> Stock:
    """One person in eight of the stock of 1 November 2014."""
    return synthesize(1, "2014-11-01", thin=8)


@pytest.fixture(scope="session")
def small() -> Result:
    """The 2015 law on a small stock."""
    return run(Scenario.load("drugs-minus-two").but(SMALL), seed=1, worlds=2)


@pytest.fixture(scope="session")
def small_no_delay() -> Result:
    """The same people without the year's delay."""
    return run(Scenario.load("no-delay").but(SMALL), seed=1, worlds=2)


@pytest.fixture(scope="session")
def steps() -> list[tuple[str, int, int]]:
    """What `grid` said of its progress."""
    return []


@pytest.fixture(scope="session")
def grid(small: Result, steps: list[tuple[str, int, int]]) -> Explorer:
    """Other rules around the small result."""
    return explore(small, lambda *step: steps.append(step))
