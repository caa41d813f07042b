"""How far the model is off for each amendment when nothing published about it was fitted."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial

import numpy as np
import pandas as pd

from guidelines import tables
from sim.base.workers import begin
from sim.eligibility.analysis import analyse
from sim.ensemble import members, parameter_sets
from sim.people.parameters import Parameters
from sim.people.stock import synthesize
from sim.runner import run
from sim.scenario.scenario import Scenario
from sim.studies.backtest import told_of
from sim.studies.fit import PEOPLE, THIN
from sim.studies.measures import measured

TABLE = "structural_errors"
SETS = 32
"""Plausible sets of which the median is taken."""
GRANTS_UNTIL = np.datetime64("2015-10-15")


def structural_errors(
    seed: int = 1, executor: Executor | None = None, progress: Callable[[int, int], None] | None = None
) -> pd.DataFrame:
    """The rows of ``structural_errors.csv`` with the predictions of the fits that are kept.

    Parameters
    ----------
    seed
        Decides the people; sets take turns with several draws of them, as in the fit.
    executor
        Where sets are worked out side by side.
    progress
        Called with sets done and sets in all.
    """
    rows = pd.DataFrame([dict(row) for row in tables.reference(TABLE)])
    counted = rows[rows["quantity"] != "grants"]
    asked = counted[["fit", "scenario"]].drop_duplicates().to_numpy().tolist()
    medians: dict[tuple[str, str], pd.Series] = {}
    done, total = 0, len(asked) * SETS
    for fit, scenario in asked:
        work = [(seed + k % PEOPLE, each) for k, each in enumerate(parameter_sets(fit)[:SETS])]
        found = begin(partial(_measured, scenario=scenario), work, executor, chunks=16)(
            lambda ready, before=done: progress(before + ready, total) if progress else None
        )
        done += len(work)
        medians[fit, scenario] = pd.DataFrame(found).median()
    predicted = []
    for row in rows.to_dict("records"):
        if row["quantity"] == "grants":
            result = run(row["scenario"], seed, worlds=2, fit=row["fit"], executor=executor)
            drawn = members(result.scenario, seed, 2, row["fit"])
            predicted.append(told_of(result, drawn).granted(GRANTS_UNTIL)[0])
        else:
            predicted.append(float(medians[row["fit"], row["scenario"]][row["quantity"]]))
    rows["predicted"] = [f"{value:.5g}" for value in predicted]
    rows["error"] = [
        f"{np.log(float(published) / float(value)):.4f}"
        for published, value in zip(rows["published"], rows["predicted"], strict=True)
    ]
    return rows


def _measured(asked: tuple[int, Parameters], scenario: str) -> dict[str, float]:
    seed, parameters = asked
    chosen = Scenario.load(scenario)
    stock = synthesize(seed, str(chosen.dates.reference), parameters, thin=THIN)
    return measured(analyse(stock, chosen), THIN)
