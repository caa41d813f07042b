"""People, judges and time: what an amendment does to the people in prison.

Names are resolved when first used, so ``import sim`` itself loads neither NumPy nor pandas.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sim._version import __version__ as __version__

_HOME = {
    "Comparison": "studies.comparison",
    "Courts": "courts.courts",
    "Parameters": "people.parameters",
    "Population": "population.population",
    "PopulationError": "base.errors",
    "Result": "result",
    "Scenario": "scenario.scenario",
    "ScenarioError": "base.errors",
    "Sensitivity": "studies.sensitivity",
    "SimulationError": "base.errors",
    "Stock": "people.stock",
    "compare": "result",
    "one_at_a_time": "studies.sensitivity",
    "read": "result",
    "read_ussc": "population.ussc.read",
    "run": "result",
    "sample_path": "studies.sample_path",
    "sweep": "studies.sweep",
    "synthesize": "people.stock",
    "users_cache": "people.stock_cache",
    "workers": "base.workers",
    "write": "output.store",
}

if TYPE_CHECKING:
    from sim.base.errors import PopulationError as PopulationError
    from sim.base.errors import ScenarioError as ScenarioError
    from sim.base.errors import SimulationError as SimulationError
    from sim.base.workers import workers as workers
    from sim.courts.courts import Courts as Courts
    from sim.output import plots as plots
    from sim.output.store import write as write
    from sim.people.parameters import Parameters as Parameters
    from sim.people.stock import Stock as Stock
    from sim.people.stock import synthesize as synthesize
    from sim.people.stock_cache import users_cache as users_cache
    from sim.population.population import Population as Population
    from sim.population.ussc.read import read_ussc as read_ussc
    from sim.result import Result as Result
    from sim.result import compare as compare
    from sim.result import read as read
    from sim.result import run as run
    from sim.scenario.scenario import Scenario as Scenario
    from sim.studies.comparison import Comparison as Comparison
    from sim.studies.sample_path import sample_path as sample_path
    from sim.studies.sensitivity import Sensitivity as Sensitivity
    from sim.studies.sensitivity import one_at_a_time as one_at_a_time
    from sim.studies.sweep import sweep as sweep

_MODULES = {"plots": "output.plots"}
__all__ = sorted([*_HOME, *_MODULES, "__version__"])


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        value = import_module(f"{__name__}.{_MODULES[name]}")
    elif name in _HOME:
        value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
