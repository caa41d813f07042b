"""The few numbers about the stock that nobody has published, with their bounds; read from one table."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from guidelines import tables
from sim.base.errors import SimulationError

TABLE = "stock_parameters"


@dataclass(frozen=True)
class Parameters:
    """One set of values of ``tables/reference/stock_parameters.csv``; units and meaning stand there."""

    uncharged_level_mean: float
    uncharged_level_sd: float
    ten_year_decay: float
    five_year_decay: float
    top_tail_exponent: float
    variance_before_booker: float
    government_variance_before_2014: float
    acceptance_share: float
    other_characteristics_share: float
    chapter_three_share: float
    jail_credit_months: float
    residential_drug_programme_share: float
    earlier_motion_share: float
    violence_share: float
    at_range_minimum_share: float
    jail_credit_most: float
    programme_from_months: float
    placement_lag_months: float
    variance_after_booker: float
    earlier_ranges_to_months: float

    def but(self, **changed: float) -> Parameters:
        """The same with some values changed.

        Raises
        ------
        SimulationError
            An unknown name, or a value outside the bounds of the table.
        """
        known = bounds()
        for name, value in changed.items():
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                hint = f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(known)}"
                raise SimulationError(f"unknown parameter {name!r}{hint}")
            low, high = known[name]
            if not low <= value <= high:
                raise SimulationError(f"parameter {name} = {value}: it lies between {low} and {high}")
        return replace(self, **changed)


def best() -> Parameters:
    """The values of the table."""
    table = tables.reference(TABLE)
    values = {row["name"]: float(row["value"]) for row in table}
    return Parameters(**{field.name: values[field.name] for field in fields(Parameters)})


def prior_middle() -> Parameters:
    """The middle of the plausible values of each parameter, which no fit moves."""
    known = bounds()
    return Parameters(**{field.name: sum(known[field.name]) / 2 for field in fields(Parameters)})


def bounds() -> Mapping[str, tuple[float, float]]:
    """Lowest and highest plausible value of each parameter."""
    return {row["name"]: (float(row["low"]), float(row["high"])) for row in tables.reference(TABLE)}
