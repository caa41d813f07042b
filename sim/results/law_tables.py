"""The law as tables beside the people: the Sentencing Table by cell, the Drug Quantity Table as ladders."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from guidelines.manual import Manual
from sim.eligibility.analysis import Analysis
from sim.people.flows import DRUGS


def level_grid(analysis: Analysis) -> pd.DataFrame:
    """The stock by total offense level and criminal history category, under the law before and as amended.

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


def drug_ladder(before: Manual, after: Manual) -> pd.DataFrame:
    """The bands of every drug before and after an amendment.

    Columns drug, unit (g or units), simulated (whether people in the stock have the drug as their primary
    one), edition (before or after), at_least (where the band begins) and base_offense_level.
    """
    parts = []
    for edition, manual in (("before", before), ("after", after)):
        for name in manual.listed_drugs:
            row = manual.name_index(name)
            held = np.isfinite(manual.quantity_cuts[row])
            parts.append(
                pd.DataFrame(
                    {
                        "drug": name,
                        "unit": manual.drug_units[row],
                        "simulated": name in DRUGS,
                        "edition": edition,
                        "at_least": manual.quantity_cuts[row][held],
                        "base_offense_level": manual.quantity_levels[row][held].astype(np.int64),
                    }
                )
            )
    return pd.concat(parts, ignore_index=True)
