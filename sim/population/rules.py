"""What must hold between the columns of a table of people, whoever made it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from guidelines import LIFE, tables
from guidelines.s5c1_2_safety_valve import category_may_pass
from guidelines.usc18_3624_release import LONGEST, release_date
from sim.base.arrays import BoolArray
from sim.people.sentenced import GOOD_TIME
from sim.people.terms import ASSISTANCE, POSITIONS
from sim.population.columns import Problem
from sim.population.schema import MOST_DAYS

Columns = Callable[[str], NDArray[Any]]


def broken(frame: pd.DataFrame) -> list[Problem]:
    """Rules between columns that are broken.

    The frame has one type a column (`conform`); rules whose columns are not there are passed over, and so
    are rows whose cells could not be read.
    """

    def values(name: str) -> NDArray[Any]:
        column = frame[name]
        words = isinstance(column.dtype, pd.CategoricalDtype)
        return column.cat.codes.to_numpy() if words else column.to_numpy()

    return [
        Problem.where(name, told, wrong)
        for name, needed, rule in RULES
        if set(needed) <= set(frame.columns)
        for told, wrong in rule(values)
        if wrong.any()
    ]


Rule = Callable[[Columns], Iterator[tuple[str, BoolArray]]]


def _sentenced_on(of: Columns) -> Iterator[tuple[str, BoolArray]]:
    first = tables.editions("specific_offense_characteristics")[0]
    yield f"before the first Guidelines Manual, {first}", of("sentenced_on") < np.datetime64(first)


def _quantity(of: Columns) -> Iterator[tuple[str, BoolArray]]:
    nothing = np.isnan(of("quantity_grams"))
    for name in ("base_offense_level", "marihuana_equivalent_grams"):
        nothing = nothing & np.isnan(of(name).astype(np.float64))
    yield "empty, and so are base_offense_level and marihuana_equivalent_grams; give one of them", nothing


def _armed(of: Columns) -> Iterator[tuple[str, BoolArray]]:
    level = of("override_offense_level").astype(np.float64)
    yield "without override_offense_level, which §4B1.4 sets", of("armed_career_criminal") & np.isnan(level)


def _status(of: Columns) -> Iterator[tuple[str, BoolArray]]:
    yield (
        "above criminal_history_points, of which they are part",
        of("status_points") > of("criminal_history_points"),
    )


def _minimum(of: Columns) -> Iterator[tuple[str, BoolArray]]:
    yield (
        "above statutory_maximum_months",
        of("statutory_minimum_months") > of("statutory_maximum_months"),
    )


def _maximum(of: Columns) -> Iterator[tuple[str, BoolArray]]:
    yield "above statutory_maximum_months", of("imposed_term_months") > of("statutory_maximum_months")


def _below_minimum(of: Columns) -> Iterator[tuple[str, BoolArray]]:
    low = of("imposed_term_months") < of("statutory_minimum_months")
    relieved = of("safety_valve").astype(np.bool_) | (of("position") == ASSISTANCE)
    yield (
        "below statutory_minimum_months with neither safety_valve nor the position "
        f"{POSITIONS[ASSISTANCE]!r}; 21 U.S.C. 841(b) leaves the court no such term",
        low & ~relieved,
    )


def _first_term(of: Columns) -> Iterator[tuple[str, BoolArray]]:
    yield (
        "shorter than imposed_term_months; an earlier amendment only shortens a term",
        of("first_term_months") < of("imposed_term_months"),
    )


def _safety_valve_weapon(of: Columns) -> Iterator[tuple[str, BoolArray]]:
    yield "with a weapon, which bars it: 18 U.S.C. 3553(f)(2)", of("safety_valve") & of("weapon")


def _safety_valve_role(of: Columns) -> Iterator[tuple[str, BoolArray]]:
    leads = of("aggravating_role") > 0
    yield "with an aggravating role, which bars it: 18 U.S.C. 3553(f)(4)", of("safety_valve") & leads


def _safety_valve_history(of: Columns) -> Iterator[tuple[str, BoolArray]]:
    known = np.nan_to_num(of("criminal_history_category").astype(np.float64), nan=1)  # unreadable cells
    bars = ~category_may_pass(of("sentenced_on"), known)
    yield (
        "outside Category I before the First Step Act: 18 U.S.C. 3553(f)(1) allowed one point",
        of("safety_valve") & bars,
    )


def _roles(of: Columns) -> Iterator[tuple[str, BoolArray]]:
    both = (of("mitigating_role") < 0) & (of("aggravating_role") > 0)
    yield "beside an aggravating role; §3B1.1 and §3B1.2 exclude each other", both


def _release(of: Columns) -> Iterator[tuple[str, BoolArray]]:
    release, life = of("release_on"), of("imposed_term_months") >= LIFE
    yield "a day for a life term; leave the cell empty", life & ~np.isnat(release)
    yield "empty for a term that ends; leave out the column to have it worked out", ~life & np.isnat(release)
    yield "not after sentenced_on", release <= of("sentenced_on")


def _agrees(of: Columns) -> Iterator[tuple[str, BoolArray]]:
    term, credit, release = of("imposed_term_months"), of("jail_credit_days"), of("release_on")
    programme = of("programme_days")
    known = (term >= 0) & ((term <= LONGEST) | (term == LIFE)) & ~np.isnat(of("sentenced_on"))
    for days in (credit, programme):
        known = known & (days >= 0) & (days <= MOST_DAYS)
    rows = np.flatnonzero(known)
    worked_out = projected_release(of("sentenced_on")[rows], term[rows], credit[rows], programme[rows])
    other = np.zeros(len(known), np.bool_)
    day = release[rows].astype("datetime64[D]")
    other[rows] = (worked_out != day) & ~np.isnat(day) & ~np.isnat(worked_out)
    yield (
        "not what term, jail credit, good conduct time and programme days give; leave out programme_days to "
        "have the difference taken as such, or leave out release_on",
        other,
    )


def projected_release(
    sentenced_on: NDArray[Any], term: NDArray[Any], credit: NDArray[Any], programme: NDArray[Any]
) -> NDArray[np.datetime64]:
    """Release by term, jail credit, good conduct time and programme days, shape (people,); NaT for life."""
    start = sentenced_on.astype("datetime64[D]")
    end = release_date(start, term.astype(np.int64), credit.astype(np.int64), GOOD_TIME)
    return end - programme.astype(np.int64)


LEVEL_FROM = ("quantity_grams", "base_offense_level", "marihuana_equivalent_grams")
"""What a base level follows from; a person needs one of them."""
RULES: tuple[tuple[str, tuple[str, ...], Rule], ...] = (
    ("sentenced_on", ("sentenced_on",), _sentenced_on),
    ("statutory_minimum_months", ("statutory_minimum_months", "statutory_maximum_months"), _minimum),
    ("imposed_term_months", ("imposed_term_months", "statutory_maximum_months"), _maximum),
    (
        "imposed_term_months",
        ("imposed_term_months", "statutory_minimum_months", "safety_valve", "position"),
        _below_minimum,
    ),
    ("quantity_grams", LEVEL_FROM, _quantity),
    ("armed_career_criminal", ("armed_career_criminal", "override_offense_level"), _armed),
    ("status_points", ("status_points", "criminal_history_points"), _status),
    ("first_term_months", ("first_term_months", "imposed_term_months"), _first_term),
    ("safety_valve", ("safety_valve", "weapon"), _safety_valve_weapon),
    ("safety_valve", ("safety_valve", "aggravating_role"), _safety_valve_role),
    (
        "safety_valve",
        ("safety_valve", "criminal_history_category", "sentenced_on"),
        _safety_valve_history,
    ),
    ("mitigating_role", ("mitigating_role", "aggravating_role"), _roles),
    ("release_on", ("release_on", "imposed_term_months", "sentenced_on"), _release),
    (
        "release_on",
        ("release_on", "imposed_term_months", "sentenced_on", "jail_credit_days", "programme_days"),
        _agrees,
    ),
)
"""Column a rule speaks about, the columns it needs, and the rule."""
