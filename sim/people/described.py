"""The prisoners of the day that the published table of drug prisoners is about."""

from __future__ import annotations

import numpy as np

from guidelines import LIFE
from sim.people.margins import DESCRIBED_ON, STOCK_DRUGS, stock_drug
from sim.people.stock import Stock


def described(stock: Stock) -> dict[str, float]:
    """Drugs, citizenship, Category I, weapons and mean term of the flow's people inside on that day.

    By the names these quantities have in the headline of a run, which tells them for its own day.
    """
    rows = np.flatnonzero(stock.flow.inside(DESCRIBED_ON))
    people, weights = stock.flow.take(rows), stock.raked.weights[rows]
    known, finite = people.attributes, people.term_months < LIFE

    def share(holds: np.ndarray) -> float:
        return float(np.average(holds, weights=weights))

    drug = stock_drug(people.drug)
    return {
        "stock_mean_term_months": float(np.average(people.term_months[finite], weights=weights[finite])),
        "stock_not_citizens": share(~known["us_citizen"]),
        "stock_category_i": share(known["criminal_history_category"] == 1),
        "stock_weapon": share(known["weapon"]),
        **{f"stock_{name}": share(drug == code) for code, name in enumerate(STOCK_DRUGS)},
    }
