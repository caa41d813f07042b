"""Share of a district's eligible people that is granted a cut: the spread of rates and luck together."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import bdtr

from sim.base.arrays import FloatArray
from sim.courts.decisions import Decisions, approvals
from sim.results.results import BANDS
from sim.scenario.scenario import Judges

CHANCES = (0.05, 0.25, 0.75, 0.95)
"""Of the columns `BANDS`."""


def granted_share(eligible: pd.Series, rules: Judges) -> pd.DataFrame:
    """Mean and bands of the share granted in each district.

    A district's rate is drawn, its people are decided one by one. Smaller districts spread wider.

    `eligible` holds people by district. Columns district, eligible, value and `BANDS` (shares), largest
    district first; districts with nobody eligible are left out.
    """
    counts = eligible.round().astype(np.int64)
    names = {str(name): number for number, name in enumerate(counts.index)}
    court = Decisions(rules.filing_rate, *approvals(rules, names), np.zeros(1), np.ones(1))
    mean = pd.Series(court.shares(len(counts))[0], counts.index)
    kind = np.zeros(len(counts), np.int64)
    for number, (_, _, where) in enumerate(court.kinds):
        kind[where] = number
    chosen = pd.DataFrame({"people": counts, "kind": kind})[counts > 0]
    chosen = chosen.sort_values("people", ascending=False, kind="stable")
    counts = chosen["people"]
    rows = [_quantiles(count, court, which) / count for count, which in chosen.to_numpy().tolist()]
    table = pd.DataFrame(np.array(rows).reshape(-1, len(BANDS)), columns=list(BANDS))
    table.insert(0, "value", mean[counts.index].to_numpy())
    table.insert(0, "eligible", counts.to_numpy())
    table.insert(0, "district", counts.index.astype(str))
    return table


def _quantiles(people: int, court: Decisions, kind: int) -> FloatArray:
    """Quantiles of the number granted of so many eligible people."""
    log_odds, spread, _ = court.kinds[kind]
    rate, weight = court.nodes(log_odds, spread, 8 * float(people) ** 0.5)
    low, high = np.full(len(CHANCES), -1), np.full(len(CHANCES), people)
    while (high - low).max() > 1:  # halved until the first number at which the chance is reached
        middle = np.maximum((low + high) // 2, 0)
        reached = bdtr(middle[:, np.newaxis], people, rate) @ weight >= CHANCES
        low, high = np.where(reached, low, middle), np.where(reached, middle, high)
    return high.astype(np.float64)
