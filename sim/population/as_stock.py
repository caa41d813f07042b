"""A table of people made into the columns the simulation works on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.people.flows import DRUGS
from sim.people.raking import Raked
from sim.people.sentenced import Sentenced
from sim.people.stock import Stock
from sim.people.terms import POSITIONS
from sim.population.found import by_term, found_facts, misplaced
from sim.population.schema import COUNTED_UNDER, column

ATTRIBUTES = (
    "criminal_history_category", "weapon", "violence", "other_characteristic", "safety_valve",
    "mitigating_role", "aggravating_role", "obstruction", "acceptance", "career_offender",
    "statutory_minimum_months", "statutory_maximum_months", "us_citizen",
)  # fmt: skip


def stock_of(
    frame: pd.DataFrame, assumed: tuple[str, ...], origin: Mapping[str, str], *, position_given: bool = True
) -> Stock:
    """The people as a stock.

    `frame` has every column of the schema without an ``ABSENT`` default; unless the position was given,
    it follows from term and range.
    """
    columns = {name: frame[name].to_numpy() for name in ATTRIBUTES}
    attributes = {
        name: values if values.dtype == np.bool_ else values.astype(np.int64)
        for name, values in columns.items()
    }
    nothing = np.zeros(len(frame), np.int64)
    sentenced_on = measured_on = frame["sentenced_on"].to_numpy().astype("datetime64[D]")
    if "manual_edition" in frame:
        used = frame["manual_edition"].to_numpy().astype("datetime64[D]")
        measured_on = np.where(np.isnat(used), sentenced_on, used)
    people = Sentenced(
        number=np.arange(len(frame), dtype=np.int64),
        drug=counted_under()[frame["drug"].cat.codes.to_numpy()],
        cell=nothing,
        sentenced_on=sentenced_on,
        quantity=frame["quantity_grams"].to_numpy().astype(np.float64),
        attributes=attributes | {"race": frame["race"].cat.codes.to_numpy().astype(np.int64)},
        position=frame["position"].cat.codes.to_numpy().astype(np.int64),
        range_minimum_months=nothing,
        term_months=frame["imposed_term_months"].to_numpy().astype(np.int64),
        jail_credit_days=frame["jail_credit_days"].to_numpy().astype(np.int64),
        programme_days=frame["programme_days"].to_numpy().astype(np.int64),
        release_on=frame["release_on"].to_numpy().astype("datetime64[D]"),
        measured_on=measured_on,
    )
    found, told = found_facts(people, frame)
    people = replace(people, found=found)
    first_terms = frame["first_term_months"].to_numpy().astype(np.int64)
    if position_given:
        told = (*told, *misplaced(people, first_terms))
    else:
        people = replace(people, position=by_term(people))
        frame = frame.assign(position=pd.Categorical.from_codes(people.position, pd.Index(POSITIONS)))
    return Stock(
        people=frame,
        sentenced=people,
        flow=people,
        first_terms=first_terms,
        raked=Raked(np.ones(len(frame)), {}, {}, 0, True),
        earlier=[],
        unscaled=float(len(frame)),
        assumed=(*assumed, *told),
        origin=origin,
    )


def counted_under() -> NDArray[np.int64]:
    """Index into `DRUGS` of every word of the column drug, shape (words,)."""
    names = [COUNTED_UNDER.get(word, word) for word in column("drug").words]
    return np.array([DRUGS.index(name if name in DRUGS else "Other") for name in names], np.int64)
