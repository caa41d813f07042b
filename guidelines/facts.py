"""The facts of a case, one column each: what they are called, what they may be, what holds without them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guidelines.arrays import numbers, whole_numbers, yes_or_no
from guidelines.errors import ImpossibleValue, MissingFact, UnknownFact, nearest
from guidelines.tables import LIFE


@dataclass(frozen=True)
class Fact:
    """One column of facts.

    Attributes
    ----------
    name, kind
        Column; kind is int, float, bool, date, drug or grid (several drugs a person).
    default
        What holds when the column is absent; it is then listed as assumed. None: nothing can stand for it.
    low, high
        Limits of whole numbers.
    meaning
        What it says, with its unit.
    """

    name: str
    kind: str
    default: Any
    meaning: str
    low: int = 0
    high: int = LIFE


_ALL = (
    Fact("drug", "drug", None, "name, or index into Manual.drugs"),
    Fact("quantity", "float", None, "in the drug's own unit (grams or units)"),
    Fact("substance", "grid", None, "several drugs, shape (people, drugs); -1 or '' for none"),
    Fact("substance_quantity", "grid", None, "each drug's quantity in its own unit, shape (people, drugs)"),
    Fact("quantity_is_minimum", "bool", False, "the court found only 'at least' this quantity"),
    Fact("quantity_maximum", "float", np.nan, "the most the record allows, same unit; NaN: not known"),
    Fact("base_offense_level", "int", None, "as found, after §2D1.1(a)(5); 0: by drug and quantity", 0, 43),
    Fact("drug_quantity_based", "bool", True, "the base level came from the Drug Quantity Table"),
    Fact("mitigating_role", "int", 0, "§3B1.2 as found: 0, -2, -3, -4", -4, 0),
    Fact("specific_offense_levels", "int", 0, "sum of §2D1.1(b) as found", -10, 40),
    Fact("specific_offense_floor", "int", 0, "greatest floor among them; 0: none", 0, 43),
    Fact("protected_location", "bool", False, "§2D1.2 is the guideline"),
    Fact("under_18_involved", "bool", False, "§2D1.2(a)(3): a person under 18 was involved"),
    Fact("protected_substance", "grid", None, "drugs directly involved (§2D1.2(a)(1)), as substance"),
    Fact("protected_substance_quantity", "grid", None, "their quantities, as substance_quantity"),
    Fact("premises_only", "bool", False, "§2D1.8(a)(2): no part but the use of the premises"),
    Fact("cross_reference_level", "int", 0, "level of §2D1.1(d) as found; 0: none", 0, 43),
    Fact("chapter_three_levels", "int", 0, "sum of Chapter Three, without §3B1.2 and §3E1.1", -20, 40),
    Fact("other_group_level", "int", 0, "adjusted level of another group of counts (§3D1.4); 0: none", 0, 60),
    Fact("override_offense_level", "int", 0, "§4B1.1 or §4B1.4 level as found; 0: by table or none", 0, 43),
    Fact("career_offender", "bool", False, "§4B1.1 applies"),
    Fact("armed_career_criminal", "bool", False, "§4B1.4 applies; needs override_offense_level"),
    Fact("acceptance", "int", 0, "§3E1.1 as found: 0, -2, -3", -3, 0),
    Fact("criminal_history_points", "int", None, "total as found, status points included", 0, 999),
    Fact("status_points", "int", 0, "status points within that total", 0, 2),
    Fact("criminal_history_category", "int", None, "1-6 as found; follows from the points if absent", 1, 6),
    Fact("zero_point_offender_excluded", "bool", True, "a bar of §4C1.1 applies"),
    Fact("statutory_minimum_months", "int", 0, "over all counts; 0: none"),
    Fact("statutory_maximum_months", "int", LIFE, "over all counts, stacked if the court stacked them"),
    Fact("offense_statutory_maximum_months", "int", 0, "greatest maximum of one count; 0: as above"),
    Fact("firearm_term_months", "int", 0, "mandatory term of a 924(c) or 929(a) count; 0: none"),
    Fact("safety_valve", "bool", False, "18 U.S.C. 3553(f) applied: no statutory minimum"),
    Fact("substantial_assistance", "bool", False, "a government motion led to a term below the range"),
    Fact("below_minimum_authority", "bool", None, "3553(e) or Rule 35(b); default: substantial_assistance"),
    Fact("assistance_percent", "float", np.nan, "share of the cut that came from assistance, percent"),
    Fact("comparable_from_months", "float", np.nan, "term a comparable reduction starts from; NaN: imposed"),
    Fact("imposed_term_months", "int", None, "present term on the guideline counts; LIFE for life"),
    Fact("imposed_term_days", "int", 0, "days of that term beside its months", 0, 31),
    Fact("consecutive_term_months", "int", 0, "fixed consecutive terms, kept unchanged"),
    Fact("time_served_months", "float", 0.0, "months served on the present term, jail credit included"),
    Fact("serving_original_term", "bool", True, "not a revocation term, not a finished one"),
    Fact("manual_already_amended", "bool", False, "the Manual used, or the court, already gave it"),
    Fact("total_offense_level_found", "int", 0, "as recorded, for a check; 0: not recorded", 0, 99),
    Fact("order_effective_on", "date", None, "from when the order has effect; default: the earliest allowed"),
)  # fmt: skip
FACTS: Mapping[str, Fact] = {fact.name: fact for fact in _ALL}


class Facts:
    """Facts of many people, checked, every column with shape (people,).

    Parameters
    ----------
    facts
        Mapping or data frame of column to values; a single value holds for everybody.
    ignore
        Columns that are no facts and may be there all the same.

    Raises
    ------
    UnknownFact
        A column nobody knows, with the nearest name.
    ImpossibleValue
        Columns of different lengths; a value outside what the fact may be.
    """

    def __init__(self, facts: Mapping[str, Any], *, ignore: Iterable[str] = ()) -> None:
        names = [str(name) for name in facts.keys()]  # noqa: SIM118 - a data frame iterates alike, but is no Mapping
        allowed = set(ignore)
        for name in names:
            if name not in FACTS and name not in allowed:
                raise UnknownFact(f"facts: unknown fact {name!r}; {nearest(name, FACTS, listed=50)}")
        self._given = {name: np.asarray(facts[name]) for name in names if name in FACTS}
        lengths = {name: array.shape[0] for name, array in self._given.items() if array.ndim}
        for name, array in self._given.items():
            if array.ndim != 2 if FACTS[name].kind == "grid" else array.ndim > 1:
                raise ImpossibleValue(
                    f"facts: {name} has shape {array.shape}; "
                    "one value a person is accepted, for several drugs one row a person"
                )
        self.people = max(lengths.values(), default=1)
        for name, length in lengths.items():
            if length != self.people:
                raise ImpossibleValue(
                    f"facts: {name} has {length} rows, others {self.people}; "
                    "give one value a person or one for all"
                )
        self._checked: dict[str, NDArray[Any]] = {}
        self.assumed: dict[str, Any] = {}

    def __contains__(self, name: str) -> bool:
        """Whether the column is there."""
        return name in self._given

    def __getitem__(self, name: str) -> NDArray[Any]:
        """One fact, shape (people,) (a read-only view where one value holds for all)."""
        if name not in self._checked:
            fact = FACTS[name]
            if name not in self._given:
                if fact.default is None:
                    raise MissingFact(f"facts: {name} is needed ({fact.meaning})")
                self.assumed[name] = fact.default
            values = self._given.get(name, np.asarray(fact.default))
            self._checked[name] = np.broadcast_to(_check(fact, values), (self.people,))
        return self._checked[name]

    def get(self, name: str, default: Any) -> NDArray[Any]:
        """One fact, or a default for everybody that is not listed as assumed."""
        return self[name] if name in self else np.broadcast_to(np.asarray(default), (self.people,))

    def raw(self, name: str) -> NDArray[Any]:
        """A fact as it was given, unchecked."""
        return self._given[name]

    def taken(self, rows: NDArray[np.integer[Any]]) -> Facts:
        """The facts of these people, in this order."""
        return Facts({name: array[rows] if array.ndim else array for name, array in self._given.items()})

    def changed(self, **columns: Any) -> Facts:
        """The same facts with some columns exchanged."""
        return Facts({**self._given, **columns})


def _check(fact: Fact, values: NDArray[Any]) -> NDArray[Any]:
    what = f"fact {fact.name}"
    if fact.kind == "int":
        return whole_numbers(values, what, fact.low, fact.high)
    if fact.kind == "bool":
        return yes_or_no(values, what)
    if fact.kind == "float":
        return numbers(values, what, missing=True)
    try:
        return values.astype("datetime64[D]")
    except (TypeError, ValueError):
        raise ImpossibleValue(
            f"{what}: {values.ravel()[:1].tolist()} given; days such as 2015-11-01 are accepted"
        ) from None
