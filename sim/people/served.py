"""How much of a term is served."""

from __future__ import annotations

import numpy as np

from guidelines import LIFE
from sim.base.fiscal import DAYS_A_MONTH
from sim.people.margins import last_data_year
from sim.people.stock import Stock


def share_served(stock: Stock) -> float:
    """Mean share of the term that is served, of the finite prison terms of the last year with data."""
    flow, term = stock.flow, stock.first_terms
    whom = last_data_year(flow).astype(bool) & (term > 0) & (term < LIFE)
    some = flow.take(np.flatnonzero(whom))
    days = (some.releases(term[whom]) - some.sentenced_on).astype(np.float64) + some.jail_credit_days
    share = np.minimum(days / (term[whom] * DAYS_A_MONTH), 1.0)
    return float(np.average(share, weights=stock.raked.weights[whom]))
