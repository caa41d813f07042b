"""Sobol indices: how much of the variance each assumption explains, alone and with the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.errors import SimulationError
from sim.ensemble import THIN
from sim.scenario.scenario import Scenario
from sim.studies.factors import Assumptions, Factor, factors, judged
from sim.studies.sensitivity import evaluated

FEWEST = 8
"""Base samples below which nothing can be said."""
MOST = 4096
"""Some hours of a machine; the indices are known to a percent long before."""
RESAMPLES = 200


def sobol(
    scenario: Scenario,
    samples: int,
    seed: int = 1,
    *,
    quantities: Sequence[str],
    thin: int = THIN,
    executor: Executor | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> pd.DataFrame:
    """First-order and total Sobol indices of all numeric assumptions, uniform between their bounds.

    Every set of assumptions makes its own people, from the same draws.

    Parameters
    ----------
    scenario, seed
        As for `sim.run`; the seed decides the sets as well.
    samples
        Base samples, a power of two; each takes as many runs as there are assumptions, and two more.
    quantities
        Which quantities of the headline.
    thin, executor, progress
        As for `sim.studies.sensitivity.one_at_a_time`.

    Returns
    -------
    pandas.DataFrame
        Columns quantity, id, factor, label, first_order, total, and of each the half width of its 95
        percent interval (``_within``). A quantity that nothing moves has no rows.

    Raises
    ------
    SimulationError
        SALib is missing, or `samples` is no power of two from 8 to 4,096.
    """
    sampler, analyzer = require_salib()
    check_samples(samples)
    # Judges before the stock: in the order of the samples, they share the people of the set before them.
    moved = [each for each in factors(scenario) if each.kind != "law" and each.name != "horizon_months"]
    moved.sort(key=lambda factor: factor.kind == "stock")
    problem = {
        "num_vars": len(moved),
        "names": [factor.name for factor in moved],
        "bounds": [[float(value) for value in factor.bounds] for factor in moved],
    }
    points: NDArray[np.float64] = sampler.sample(problem, samples, calc_second_order=False, seed=seed)
    base = Assumptions(scenario)
    asked = [_at(base, moved, point) for point in points]
    say = progress or (lambda what, done, total: None)
    values = evaluated(asked, seed, thin, executor, lambda done: say("Sobol samples", done, len(asked)))
    found = np.array([[each[name] for name in quantities] for each in values])
    parts = [
        _indices(analyzer, problem, moved, name, found[:, place], seed)
        for place, name in enumerate(quantities)
        if np.ptp(found[:, place]) > 0
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def check_samples(samples: int) -> None:
    """Refuse a number of samples that Sobol's sequence has no balance for, or that would never end."""
    if samples > MOST:
        raise SimulationError(f"{samples:,} samples are asked for; at most {MOST:,} are made")
    if samples < FEWEST or samples & (samples - 1):
        below = max(FEWEST, 1 << (max(samples, 1).bit_length() - 1))
        near = f"{below}" if samples <= FEWEST else f"{below} or {2 * below}"
        raise SimulationError(
            f"{samples} samples: Sobol's sequence takes a power of two from 8 on, such as {near}"
        )


def require_salib() -> tuple[Any, Any]:
    """Sampler and analyzer of SALib."""
    try:
        from SALib.analyze import sobol as analyzer
        from SALib.sample import sobol as sampler
    except ModuleNotFoundError:
        raise SimulationError(
            "Sobol indices need SALib: pip install 'drugs-minus-two[sensitivity]'; without --sobol, each "
            "assumption is moved alone"
        ) from None
    return sampler, analyzer


def _at(base: Assumptions, moved: Sequence[Factor], point: NDArray[np.float64]) -> Assumptions:
    """The assumptions of one sample; the spread between districts as wide as the rate allows at most."""
    values = {factor: float(value) for factor, value in zip(moved, point, strict=True)}
    court = {factor.name: value for factor, value in values.items() if factor.kind == "judges"}
    stock = {factor.name: value for factor, value in values.items() if factor.kind == "stock"}
    scenario = judged(base.scenario, court) if court else base.scenario
    return replace(base, scenario=scenario, parameters=base.parameters.but(**stock))


def _indices(
    analyzer: Any, problem: dict[str, Any], moved: Sequence[Factor], quantity: str,
    values: NDArray[np.float64], seed: int,
) -> pd.DataFrame:  # fmt: skip
    found = analyzer.analyze(
        problem, values, calc_second_order=False, num_resamples=RESAMPLES, conf_level=0.95, seed=seed
    )
    table = pd.DataFrame(
        {
            "quantity": quantity,
            "id": [factor.id for factor in moved],
            "factor": [factor.name for factor in moved],
            "label": [factor.label for factor in moved],
            "first_order": found["S1"],
            "first_order_within": found["S1_conf"],
            "total": found["ST"],
            "total_within": found["ST_conf"],
        }
    )
    return table.sort_values("total", ascending=False, kind="stable")
