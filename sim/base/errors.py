"""What can be wrong with a question put to the simulation.

::

    SimulationError (a ValueError)
    ├── PopulationError    people that cannot be read or contradict the law; carries every problem at once
    ├── ScenarioError      a scenario that cannot be read or makes no sense; carries every problem at once
    └── SweepError         a sweep file that cannot be read or makes no sense; carries every problem at once
"""

from __future__ import annotations

from collections.abc import Iterable


class SimulationError(ValueError):
    """The simulation cannot answer the question as it was put."""


class _Problems(SimulationError):
    """Several problems at once.

    Parameters
    ----------
    problems : iterable of str
        One line for each problem, complete in itself: where, what was given, what would do.
    """

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class PopulationError(_Problems):
    """A table of people cannot be used."""


class ScenarioError(_Problems):
    """A scenario cannot be used."""


class SweepError(_Problems):
    """A sweep file cannot be used."""
