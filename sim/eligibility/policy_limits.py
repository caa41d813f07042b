"""Who a narrower policy leaves in."""

from __future__ import annotations

import numpy as np

from sim.people.attributes import Columns
from sim.people.reductions import BoolArray
from sim.scenario.sections import Limits


def within(known: Columns, limits: Limits) -> BoolArray:
    """Who a narrower policy leaves in, shape (people,).

    Parameters
    ----------
    known
        See `sim.people.attributes.attributes`. A firearm count under 18 U.S.C. 924(c) is not told apart
        from other weapons there, so leaving it out leaves out every weapon.
    limits
        Who is left out.
    """
    inside: BoolArray = np.isin(known["criminal_history_category"], limits.criminal_history_categories)
    for excluded, column in (
        (limits.exclude_weapon or limits.exclude_924c, known["weapon"]),
        (limits.exclude_violence, known["violence"]),
        (limits.exclude_aggravating_role, known["aggravating_role"].astype(np.int64) > 0),
        (limits.exclude_obstruction, known["obstruction"]),
    ):
        if excluded:
            inside = inside & ~column.astype(np.bool_)
    return inside
