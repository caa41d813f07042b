"""The way from all drug prisoners to the eligible by drug, race, citizenship, category and district."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.eligibility.analysis import Analysis
from sim.results.groups import members_of
from sim.results.waterfall import ELIGIBLE, LABELS, STEPS, exclusion_step


def waterfall_by_group(analysis: Analysis) -> pd.DataFrame:
    """People of each group by the code that leaves them out.

    Returns
    -------
    pandas.DataFrame
        Columns dimension, group, code, label, persons; the codes in the order of the waterfall, "eligible"
        last. The persons of a group add up to its people, and those of a code within a dimension to its step
        of the waterfall. Codes that leave out nobody at all have no rows; "eligible" always has.
    """
    every = {**LABELS, ELIGIBLE: "eligible"}
    code = exclusion_step(analysis)
    total = np.bincount(code, minlength=len(STEPS))
    met = np.flatnonzero((total > 0) | (np.arange(len(STEPS)) == STEPS.index(ELIGIBLE)))
    codes = np.array(list(every))[met]
    parts = []
    for dimension, member, names in members_of(analysis):
        counts = np.bincount(member * len(every) + code, minlength=len(names) * len(every))
        parts.append(
            pd.DataFrame(
                {
                    "dimension": dimension,
                    "group": np.repeat(np.array(names), len(met)),
                    "code": np.tile(codes, len(names)),
                    "label": np.tile([every[name] for name in codes], len(names)),
                    "persons": counts.reshape(len(names), len(every))[:, met].ravel(),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
