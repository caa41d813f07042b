"""The Drug Quantity Table as ladders: from which quantity on each base offense level holds."""

from __future__ import annotations

import numpy as np
import pandas as pd

from guidelines.manual import Manual
from sim.people.flows import DRUGS


def drug_ladder(before: Manual, after: Manual) -> pd.DataFrame:
    """The bands of every drug before and after an amendment.

    Parameters
    ----------
    before, after
        The Manual, and the same as amended.

    Returns
    -------
    pandas.DataFrame
        Columns drug, unit (g or units), simulated (whether people in the stock have the drug as their
        primary one), edition (before or after), at_least (where the band begins) and base_offense_level.
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
