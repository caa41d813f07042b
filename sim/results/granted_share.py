"""What share of a district's eligible motions is granted: the spread between districts and luck together."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import betaln, gammaln, xlog1py, xlogy

from sim.courts.judges import Judges
from sim.results.results import BANDS

FloatArray = NDArray[np.float64]

CHANCES = (0.05, 0.25, 0.75, 0.95)
"""Of the columns `BANDS`."""


def granted_share(eligible: pd.Series, rate: float, spread: float) -> pd.DataFrame:
    """Mean and bands of the share granted in each district.

    A district's rate is drawn from the beta distribution of the judges, its motions are decided one by one:
    the number granted is beta-binomial. Smaller districts spread wider.

    Parameters
    ----------
    eligible
        Eligible people by district.
    rate, spread
        Mean of the rate, and its standard deviation between districts.

    Returns
    -------
    pandas.DataFrame
        Columns district, eligible, expected and `BANDS` (shares), largest district first; districts with
        nobody eligible are left out.
    """
    counts = eligible.round().astype(np.int64)
    counts = counts[counts > 0].sort_values(ascending=False, kind="stable")
    judges = Judges(rate, spread, np.empty(0))
    rows = [_quantiles(int(count), judges) / count for count in counts]
    table = pd.DataFrame(np.array(rows).reshape(-1, len(BANDS)), columns=list(BANDS))
    table.insert(0, "value", rate)
    table.insert(0, "eligible", counts.to_numpy())
    table.insert(0, "district", counts.index.astype(str))
    return table


def _quantiles(motions: int, judges: Judges) -> FloatArray:
    """Quantiles of the number granted of so many motions."""
    granted = np.arange(motions + 1)
    if judges.all_or_nothing:
        everything: FloatArray = np.where(np.array(CHANCES) <= 1 - judges.rate, 0.0, float(motions))
        return everything
    choices = gammaln(motions + 1) - gammaln(granted + 1) - gammaln(motions - granted + 1)
    if judges.spread == 0:
        log = choices + xlogy(granted, judges.rate) + xlog1py(motions - granted, -judges.rate)
    else:
        a, b = judges.beta()
        log = choices + betaln(granted + a, motions - granted + b) - betaln(a, b)
    below: FloatArray = np.cumsum(np.exp(log))
    places = np.searchsorted(below, np.array(CHANCES) * below[-1])
    return np.asarray(places, np.float64)
