"""People, judges and time: what an amendment does to the people in prison.

Names are resolved when first used, so ``import sim`` itself loads neither NumPy nor pandas.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

from sim._version import __version__ as __version__

_HOME = {
    "Courts": "courts.courts",
    "Docket": "courts.docket",
    "Population": "population.population",
    "PopulationError": "base.errors",
    "Result": "results.results",
    "Scenario": "scenario.scenario",
    "ScenarioError": "base.errors",
    "Sensitivity": "studies.sensitivity",
    "SimulationError": "base.errors",
    "Stock": "people.stock",
    "compare": "studies.comparison",
    "one_at_a_time": "studies.sensitivity",
    "read": "output.store_read",
    "run": "runner",
    "sample": "projection.sample",
    "sample_path": "studies.sample_path",
    "sweep": "studies.sweep",
    "synthesize": "people.stock",
    "write": "output.store",
}

TYPE_CHECKING = False  # true to type checkers; `typing` itself takes as long to import as Python to start
if TYPE_CHECKING:
    from typing import Any

    from sim.base.errors import PopulationError as PopulationError
    from sim.base.errors import ScenarioError as ScenarioError
    from sim.base.errors import SimulationError as SimulationError
    from sim.courts.courts import Courts as Courts
    from sim.courts.docket import Docket as Docket
    from sim.output.store import write as write
    from sim.output.store_read import read as read
    from sim.people.stock import Stock as Stock
    from sim.people.stock import synthesize as synthesize
    from sim.population.population import Population as Population
    from sim.projection.sample import sample as sample
    from sim.results.results import Result as Result
    from sim.runner import run as run
    from sim.scenario.scenario import Scenario as Scenario
    from sim.studies.comparison import compare as compare
    from sim.studies.sample_path import sample_path as sample_path
    from sim.studies.sensitivity import Sensitivity as Sensitivity
    from sim.studies.sensitivity import one_at_a_time as one_at_a_time
    from sim.studies.sweep import sweep as sweep

__all__ = sorted([*_HOME, "__version__"])


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _Package(ModuleType):
    """A package whose function ``run`` is not hidden by the submodule ``run`` once that is imported."""

    def __setattr__(self, name: str, value: Any) -> None:
        if _HOME.get(name) == name and isinstance(value, ModuleType):
            value = getattr(value, name)
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
