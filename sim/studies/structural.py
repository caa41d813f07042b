"""How far the model is off for each amendment when nothing published about it was fitted."""

from __future__ import annotations

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
from sim.results.quantities_of_interest import describe_cut
from sim.results.structural import FACTS, SHARES
from sim.runner import run
from sim.scenario.scenario import Scenario
from sim.studies.backtest import told_of
from sim.studies.fit import PEOPLE, THIN
from sim.studies.measures import measured, share_among

TABLE = "structural_errors"
SETS = 32
"""Plausible sets of which the median is taken."""
GRANTS_UNTIL = np.datetime64("2015-10-15")


def structural_errors(seed: int = 1, executor: Executor | None = None) -> pd.DataFrame:
    """The rows of ``structural_errors.csv`` with the predictions of the fits that are kept.

    Sets take turns with several draws of people, as in the fit.
    """
    rows = pd.DataFrame([dict(row) for row in tables.reference(TABLE)])
    rows["column"] = rows["quantity"].where(rows["among"] == "", rows["among"])
    counted = rows[rows["quantity"] != "grants"]
    asked = counted[["fit", "scenario"]].drop_duplicates().to_numpy().tolist()
    medians: dict[tuple[str, str], pd.Series] = {}
    for fit, scenario in asked:
        work = [(seed + k % PEOPLE, each) for k, each in enumerate(parameter_sets(fit)[:SETS])]
        found = begin(partial(_measured, scenario=scenario), work, executor, chunks=16)()
        medians[fit, scenario] = pd.DataFrame(found).median()
    predicted = []
    for row in rows.to_dict("records"):
        if row["quantity"] == "grants":
            result = run(row["scenario"], seed, worlds=2, fit=row["fit"], executor=executor)
            drawn = members(result.scenario, seed, 2, row["fit"])
            predicted.append(told_of(result, drawn).granted(GRANTS_UNTIL)[0])
        else:
            predicted.append(float(medians[row["fit"], row["scenario"]][row["column"]]))
    rows["predicted"] = [f"{value:.5g}" for value in predicted]
    rows["error"] = [
        f"{error_of(row['family'], float(row['published']), float(row['predicted'])):.4f}"
        for row in rows.to_dict("records")
    ]
    return rows.drop(columns="column")


def error_of(family: str, published: float, predicted: float) -> float:
    """Logarithm of published over predicted, of the odds for groups of people."""
    found = np.log(published / predicted)
    return float(found - np.log((1 - published) / (1 - predicted)) if family == FACTS else found)


def _measured(asked: tuple[int, Parameters], scenario: str) -> dict[str, float]:
    seed, parameters = asked
    chosen = Scenario.load(scenario)
    stock = synthesize(seed, str(chosen.dates.reference), parameters, thin=THIN)
    analysis = analyse(stock, chosen)
    asked_ = {row["among"] for row in tables.reference(TABLE).select(scenario=scenario) if row["among"]}
    waves = {name: value for name, value in describe_cut(analysis, THIN).items() if name in SHARES}
    return measured(analysis, THIN) | waves | {among: share_among(analysis, among) for among in asked_}
