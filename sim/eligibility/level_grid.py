"""People in each cell of the Sentencing Table, before and after the amendment."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.eligibility.analysis import Analysis


def level_grid(analysis: Analysis) -> pd.DataFrame:
    """The stock by total offense level and criminal history category, under the law before and as amended.

    Returns
    -------
    pandas.DataFrame
        One row a cell: offense_level, criminal_history_category (1-6), persons_before, persons_after,
        persons_leaving (in the cell before, elsewhere after) and persons_arriving.
    """
    _, greatest = analysis.before.manual.level_limits
    categories = analysis.before.manual.ranges.shape[2] - 1
    cells = [
        (np.asarray(sheet["total_offense_level"], np.int64) - 1) * categories
        + (np.asarray(sheet["criminal_history_category"], np.int64) - 1)
        for sheet in (analysis.before, analysis.after)
    ]
    before, after = cells
    moved = before != after

    def count(cell: NDArray[np.int64]) -> NDArray[np.intp]:
        return np.bincount(cell, minlength=greatest * categories)

    return pd.DataFrame(
        {
            "offense_level": np.repeat(np.arange(1, greatest + 1), categories),
            "criminal_history_category": np.tile(np.arange(1, categories + 1), greatest),
            "persons_before": count(before),
            "persons_after": count(after),
            "persons_leaving": count(before[moved]),
            "persons_arriving": count(after[moved]),
        }
    )
