"""Which facts go together: cells of real cases, drawn by drug.

The cases are a selected sample (people released and then violated), so `tilts` correct its levels; what the
cells carry over is only which facts come together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from guidelines import LIFE, Table, tables
from sim.base.arrays import FloatArray, IntArray
from sim.base.errors import SimulationError
from sim.people.flows import DRUGS

RACES = ("Black", "Hispanic", "White", "Other")


@dataclass(frozen=True)
class Cells:
    """Combinations of facts seen in real cases; every array has shape (cells,)."""

    drug: IntArray
    criminal_history_category: IntArray
    weapon: IntArray
    safety_valve: IntArray
    career_offender: IntArray
    mitigating_role: IntArray
    aggravating_role: IntArray
    statutory_minimum_months: IntArray
    statutory_maximum_months: IntArray
    us_citizen: IntArray
    race: IntArray
    persons: FloatArray

    def draw(self, drug: IntArray, uniform: FloatArray, tilt: FloatArray) -> IntArray:
        """A cell for each person, among those of the person's drug.

        `drug` is an index into `DRUGS`, `uniform` one draw in [0, 1) a person; `tilt` says how much
        more often each cell is wanted than the sample has it, shape (cells,).
        """
        weight = self.persons * tilt
        chosen = np.empty(len(drug), np.int64)
        for code in range(len(DRUGS)):
            rows = np.flatnonzero(self.drug == code)
            whom = np.flatnonzero(drug == code)
            edges = np.cumsum(weight[rows])
            position = np.searchsorted(edges, uniform[whom] * edges[-1], side="right")
            chosen[whom] = rows[np.minimum(position, len(rows) - 1)]
        return chosen


@lru_cache(maxsize=1)
def cells() -> Cells:
    """The cells of ``tables/reference/ussc_pv_associations.csv``."""
    table = tables.reference("ussc_pv_associations")

    def column(name: str, code: Mapping[str, int] | None = None) -> IntArray:
        words = table.column(name)
        return np.array([int(word) if code is None else code[word] for word in words], np.int64)

    def months(name: str) -> IntArray:
        return np.array([LIFE if word == "life" else int(word) for word in table.column(name)], np.int64)

    return Cells(
        drug=column("drug", {name: code for code, name in enumerate(DRUGS)}),
        criminal_history_category=column("criminal_history_category"),
        weapon=column("weapon"),
        safety_valve=column("safety_valve"),
        career_offender=column("career_offender"),
        mitigating_role=column("mitigating_role"),
        aggravating_role=column("aggravating_role"),
        statutory_minimum_months=months("statutory_minimum_months"),
        statutory_maximum_months=months("statutory_maximum_months"),
        us_citizen=column("us_citizen"),
        race=column("race", {name: code for code, name in enumerate(RACES)}),
        persons=column("persons").astype(np.float64),
    )


def pick(
    table: Table,
    by: tuple[IntArray, ...],
    keys: tuple[str, ...],
    uniform: FloatArray,
    code: Mapping[str, Mapping[str, int]],
) -> IntArray:
    """Draw a row of a table of counts for each person, within the rows that share the person's keys.

    `by` holds the person's codes, shape (people,) each, and `keys` the columns they stand for; `code` has
    the codes of their words, unless these are whole numbers. The row of each person, shape (people,).
    """
    persons = np.array(table.column("persons"), np.float64)
    marks = [
        np.array([code[key][word] if key in code else int(word) for word in table.column(key)], np.int64)
        for key in keys
    ]
    pairs = zip(marks, by, strict=True)
    width = tuple(1 + max(int(mark.max()), int(of.max(initial=0))) for mark, of in pairs)
    people = np.ravel_multi_index(by, width)
    places = np.ravel_multi_index(tuple(marks), width)
    chosen = np.full(len(uniform), -1, np.int64)
    for place in np.unique(places):
        whom = np.flatnonzero(people == place)
        found = np.flatnonzero(places == place)
        edges = np.cumsum(persons[found])
        at = np.searchsorted(edges, uniform[whom] * edges[-1], side="right")
        chosen[whom] = found[np.minimum(at, len(found) - 1)]
    if (chosen < 0).any():
        codes = [int(of[chosen < 0][0]) for of in by]
        told = ", ".join(f"{key} {number}" for key, number in zip(keys, codes, strict=True))
        raise SimulationError(f"{table.label}: no row with {told}; people of that kind cannot be drawn")
    return chosen
