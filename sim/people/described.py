"""Two published figures as a stock has them: who was inside on a day, and how much of a term is served."""

from __future__ import annotations

import numpy as np

from guidelines import LIFE
from sim.base.fiscal import DAYS_A_MONTH
from sim.people.margins import DESCRIBED_ON, STOCK_DRUGS, last_data_year, stock_drug
from sim.people.stock import Stock


def described(stock: Stock) -> dict[str, float]:
    """Drugs, citizenship, Category I, weapons and mean term of the flow's people inside on `DESCRIBED_ON`.

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


def share_served(stock: Stock) -> float:
    """Mean share of the term that is served, of the finite prison terms of the last year with data."""
    flow, term = stock.flow, stock.first_terms
    whom = last_data_year(flow).astype(bool) & (term > 0) & (term < LIFE)
    some = flow.take(np.flatnonzero(whom))
    days = (some.releases(term[whom]) - some.sentenced_on).astype(np.float64) + some.jail_credit_days
    share = np.minimum(days / (term[whom] * DAYS_A_MONTH), 1.0)
    return float(np.average(share, weights=stock.raked.weights[whom]))
