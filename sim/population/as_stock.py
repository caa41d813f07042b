"""A table of people made into the columns the simulation works on."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sim.people.raking import Raked
from sim.people.sentenced import Sentenced
from sim.people.stock import Stock

ATTRIBUTES = (
    "criminal_history_category", "weapon", "violence", "other_characteristic", "safety_valve",
    "mitigating_role", "aggravating_role", "obstruction", "acceptance", "career_offender",
    "statutory_minimum_months", "statutory_maximum_months", "us_citizen",
)  # fmt: skip


def stock_of(frame: pd.DataFrame, assumed: tuple[str, ...], origin: Mapping[str, str]) -> Stock:
    """The people as a stock.

    Parameters
    ----------
    frame
        Every column of the schema that has no ``ABSENT`` default, one type each.
    assumed
        What stands for columns that were left out.
    origin
        Where the people come from.
    """
    columns = {name: frame[name].to_numpy() for name in ATTRIBUTES}
    attributes = {
        name: values if values.dtype == np.bool_ else values.astype(np.int64)
        for name, values in columns.items()
    }
    nothing = np.zeros(len(frame), np.int64)
    people = Sentenced(
        number=np.arange(len(frame), dtype=np.int64),
        drug=frame["drug"].cat.codes.to_numpy().astype(np.int64),
        cell=nothing,
        sentenced_on=frame["sentenced_on"].to_numpy().astype("datetime64[D]"),
        quantity=frame["quantity_grams"].to_numpy().astype(np.float64),
        attributes=attributes | {"race": frame["race"].cat.codes.to_numpy().astype(np.int64)},
        position=frame["position"].cat.codes.to_numpy().astype(np.int64),
        range_minimum_months=nothing,
        term_months=frame["imposed_term_months"].to_numpy().astype(np.int64),
        jail_credit_days=frame["jail_credit_days"].to_numpy().astype(np.int64),
        programme_days=frame["programme_days"].to_numpy().astype(np.int64),
        release_on=frame["release_on"].to_numpy().astype("datetime64[D]"),
    )
    return Stock(
        people=frame,
        sentenced=people,
        flow=people,
        first_terms=frame["first_term_months"].to_numpy().astype(np.int64),
        raked=Raked(np.ones(len(frame)), {}, {}, 0, True),
        earlier=[],
        unscaled=float(len(frame)),
        assumed=assumed,
        origin=origin,
    )
