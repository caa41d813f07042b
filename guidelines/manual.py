"""`Manual`: the editions of every table in force on one day, with their numbers as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property, lru_cache
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guidelines import tables
from guidelines.amendments import Amendment
from guidelines.amendments.amending import put_into
from guidelines.arrays import FloatArray, IntArray, refuse
from guidelines.errors import (
    AmendmentDoesNotApply,
    DateBeforeFirstEdition,
    ManualNotRead,
    UnknownDrug,
    nearest,
)
from guidelines.s2d1_1_role_cap import capped_levels, rows_of_capped
from guidelines.tables import LIFE, Table

CATEGORIES = ("I", "II", "III", "IV", "V", "VI")


@lru_cache(maxsize=1)
def drug_names() -> tuple[str, ...]:
    """Every drug that has rows of its own in some edition of the Drug Quantity Table.

    The order is that of first appearance, so that an index means the same drug in every edition.
    """
    seen: dict[str, None] = {}
    for begin in tables.editions("drug_quantity"):
        seen.update(dict.fromkeys(tables.edition("drug_quantity", begin).column("drug")))
    return tuple(seen)


class Manual:
    """The law as it stood on a day, or as listed amendments make it.

    Make one with `Manual.on`. Arrays are built when first asked for and kept with the instance.

    Attributes
    ----------
    date
        The day, ISO.
    editions
        Begin date of the edition in force of every table that has one on that day.
    amendments
        Numbers of the amendments put into it with `with_amendments`.
    """

    def __init__(
        self,
        day: str,
        amended: Mapping[str, Table] | None = None,
        amendments: tuple[str, ...] = (),
        unfit: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.date = day
        self.unfit = unfit
        self._amended = dict(amended or {})
        self.amendments = amendments
        self._with: dict[tuple[object, ...], Manual] = {}
        held = {}
        for name in tables.law_tables():
            begun = [begin for begin in tables.editions(name) if begin <= day]
            if begun:
                held[name] = begun[-1]
        self.editions: Mapping[str, str] = MappingProxyType(held)

    @classmethod
    def on(cls, day: str | date) -> Manual:
        """The Manual in force on a day.

        Raises
        ------
        DateBeforeFirstEdition
            The day is before the first Drug Quantity Table held.
        ManualNotRead
            The day is under a Manual that could not be read.
        """
        return _on(tables.iso(day))

    def __repr__(self) -> str:
        """One line for a person to read."""
        return f"<Manual {self.label}>"

    @property
    def label(self) -> str:
        """Edition of the Drug Quantity Table, and what amends it: used in messages."""
        plus = f" with amendment {', '.join(self.amendments)}" if self.amendments else ""
        return f"{self.editions['drug_quantity']}{plus}"

    def has(self, name: str) -> bool:
        """Whether a table is law in this Manual."""
        return name in self._amended or name in self.editions

    def table(self, name: str) -> Table:
        """One table of this Manual.

        Raises
        ------
        UnknownTable, DateBeforeFirstEdition
            No such table, or none yet on that day.
        """
        return self._amended.get(name) or tables.law(name, self.date)

    def with_amendments(self, *amendments: str | Amendment) -> Manual:
        """The same Manual with only what the listed amendments changed (§1B1.10(b)(1)).

        Amendments an amendment builds on are put in first where this Manual is older than they are.

        Raises
        ------
        AmendmentDoesNotApply
            The rows to be changed do not stand in this Manual.
        """
        key = tuple(
            # The rest of an amendment says when it may be applied, and changes no table.
            each if isinstance(each, str) else (each.number, each.builds_on, repr(each.changes))
            for each in amendments
        )
        if key not in self._with:
            self._with[key] = put_into(self, amendments)
        return self._with[key]

    def amended(
        self, changed: Iterable[Table], number: str, unfit: Mapping[str, str] = MappingProxyType({})
    ) -> Manual:
        """A Manual with some tables exchanged: what `with_amendments` makes its result from.

        Parameters
        ----------
        changed
            The tables.
        number
            Number of the amendment.
        unfit
            Drugs whose rows are not as the amendment found them, with the reason they are refused for.
        """
        tables_now = {**self._amended, **{table.name: table for table in changed}}
        return Manual(self.date, tables_now, (*self.amendments, number), {**self.unfit, **unfit})

    # ---- drugs -----------------------------------------------------------------------------------

    @property
    def drugs(self) -> tuple[str, ...]:
        """Drugs with rows of their own in some edition: the index means the same in every Manual."""
        return drug_names()

    @cached_property
    def listed_drugs(self) -> tuple[str, ...]:
        """Drugs with rows of their own in this edition."""
        here = set(self.table("drug_quantity").column("drug"))
        return tuple(name for name in self.drugs if name in here)

    @cached_property
    def _index_by_name(self) -> dict[str, int]:
        index = {name.lower(): i for i, name in enumerate(self.drugs)}
        for row in tables.law("drug_names", self.date):
            if row["drug"].lower() in index:
                index.setdefault(row["common_name"].lower(), index[row["drug"].lower()])
        return index

    def drug_index(self, names: ArrayLike) -> IntArray:
        """Indices into `drugs` of names (or of indices, which are checked), same shape.

        Common names (crack, meth, marijuana) are accepted; letter case is ignored.

        Raises
        ------
        UnknownDrug
            A name nobody knows, with the nearest one; or a drug without rows in this edition.
        """
        array = np.asarray(names)
        if array.dtype.kind in "iu":
            refuse(
                (array < 0) | (array >= len(self.drugs)),
                array,
                f"§2D1.1(c) edition {self.label}, drug index",
                f"indices from 0 to {len(self.drugs) - 1} are accepted",
            )
            index = array.astype(np.int32, copy=False)
        else:
            flat = [self.name_index(str(name)) for name in array.ravel().tolist()]
            index = np.array(flat, dtype=np.int32).reshape(array.shape)
        for name, reason in self.unfit.items():
            if (index == self.drugs.index(name)).any():
                raise AmendmentDoesNotApply(reason)
        unlisted = ~self._listed[index]
        if unlisted.any():
            name = self.drugs[int(np.atleast_1d(index)[np.argmax(np.atleast_1d(unlisted))])]
            raise UnknownDrug(
                f"§2D1.1(c) edition {self.label}: {name} has no rows of its own in this edition; "
                f"convert it (drug equivalency) or take one of: {', '.join(self.listed_drugs)}"
            )
        return index

    def name_index(self, name: str) -> int:
        """Index of one drug by name, whether or not this edition has rows for it."""
        found = self._index_by_name.get(name.strip().lower())
        if found is None:
            raise UnknownDrug(
                f"§2D1.1(c) edition {self.label}: unknown drug {name!r}; "
                f"{nearest(name.strip(), [*self.listed_drugs, *self._index_by_name])}"
            )
        return found

    @cached_property
    def _listed(self) -> NDArray[np.bool_]:
        return np.array([name in self.listed_drugs for name in self.drugs])

    @cached_property
    def drug_units(self) -> tuple[str, ...]:
        """Unit of each of `drugs`: g or units (empty where the edition does not list the drug)."""
        unit = {row["drug"]: row["unit"] for row in self.table("drug_quantity")}
        return tuple(unit.get(name, "") for name in self.drugs)

    # ---- §2D1.1(c) -------------------------------------------------------------------------------

    @cached_property
    def _bands(self) -> tuple[FloatArray, IntArray]:
        ladders: dict[str, list[tuple[float, int]]] = {name: [] for name in self.drugs}
        for row in self.table("drug_quantity").verified:
            ladders[row["drug"]].append((float(row["at_least"]), int(row["base_offense_level"])))
        longest = max(len(ladder) for ladder in ladders.values())
        width = 1 << (longest - 1).bit_length()
        cuts = np.full((len(self.drugs), width), np.inf)
        levels = np.full((len(self.drugs), width), -1, dtype=np.int32)
        for i, name in enumerate(self.drugs):
            for j, (at_least, level) in enumerate(sorted(ladders[name])):
                cuts[i, j], levels[i, j] = at_least, level
        return cuts, levels

    @property
    def quantity_cuts(self) -> FloatArray:
        """Beginnings of the bands, shape (drugs, bands), in the drug's unit; padded with infinity."""
        return self._bands[0]

    @property
    def quantity_levels(self) -> IntArray:
        """Base offense levels of the bands, shape (drugs, bands); padded with -1."""
        return self._bands[1]

    @cached_property
    def lowest_level(self) -> IntArray:
        """Each drug's lowest base offense level, shape (drugs,)."""
        return self.quantity_levels[:, 0]

    @cached_property
    def highest_level(self) -> IntArray:
        """Each drug's highest base offense level, shape (drugs,)."""
        top: IntArray = self.quantity_levels.max(axis=1)
        return top

    # ---- §5A -------------------------------------------------------------------------------------

    @cached_property
    def ranges(self) -> IntArray:
        """Months, shape (2, levels + 1, categories + 1): minimum and maximum; row and column 0 unused."""
        grid = np.zeros((2, self.level_limits[1] + 1, len(CATEGORIES) + 1), dtype=np.int32)
        for row in self.table("sentencing_table").verified:
            cell = int(row["offense_level"]), CATEGORIES.index(row["criminal_history_category"]) + 1
            grid[(0, *cell)] = tables.months(row["minimum_months"])
            grid[(1, *cell)] = tables.months(row["maximum_months"])
        return grid

    @cached_property
    def level_limits(self) -> tuple[int, int]:
        """Least and greatest total offense level (Ch.5 Pt.A n.2)."""
        limits = self.table("offense_level_limits")
        return limits.figure(rule="least"), limits.figure(rule="greatest")

    # ---- Chapter Two, (a)(5) ---------------------------------------------------------------------

    @cached_property
    def role_cap(self) -> IntArray:
        """Base level after §2D1.1(a)(5), shape (adjustments 0 to 4, levels 0 to 43).

        Indexed by the size of the §3B1.2 adjustment and the level of the quantity table.
        """
        rows = self.table("mitigating_role_cap").verified if self.has("mitigating_role_cap") else ()
        return capped_levels(rows, self.level_limits[1])

    @cached_property
    def row_of_capped(self) -> IntArray:
        """Level of the quantity table behind a base level as found, same shape and index as `role_cap`."""
        return rows_of_capped(self.role_cap, self.quantity_levels)

    # ---- Chapter Four ----------------------------------------------------------------------------

    @cached_property
    def category_points(self) -> IntArray:
        """Least points of categories I to VI, shape (6,)."""
        table = self.table("criminal_history_category")
        return np.array(
            [table.figure("points_at_least", criminal_history_category=c) for c in CATEGORIES], dtype=np.int32
        )

    @cached_property
    def career_offender_steps(self) -> tuple[IntArray, IntArray]:
        """§4B1.1(b): statutory maximum in months (life is `LIFE`) and level, rising."""
        rows = self.table("career_offender").verified
        steps = sorted(
            (tables.months(r["statutory_maximum_months_at_least"]), int(r["offense_level"])) for r in rows
        )
        months, levels = zip(*steps, strict=True)
        return np.array(months, dtype=np.int32), np.array(levels, dtype=np.int32)

    @cached_property
    def has_departure_step(self) -> bool:
        """Whether departures are a step of the Manual (§1B1.1(b)); Amendment 836 took them out in 2025."""
        return bool(self.table("departures").figure(rule="departure_step"))

    def rules_of(self, name: str) -> Mapping[str, int]:
        """A table of rule and value as a mapping."""
        table = self.table(name)
        return {row["rule"]: int(row["value"]) for row in table.verified}


@lru_cache(maxsize=64)
def _on(day: str) -> Manual:
    manual = Manual(day)
    if "drug_quantity" not in manual.editions:
        first = tables.editions("drug_quantity")[0]
        raise DateBeforeFirstEdition(
            f"§2D1.1(c): {day} is before the first Manual, {first}: no guideline sentence, and 18 U.S.C. "
            "3582(c)(2) does not reach it; an offense that went on after that day is a guideline case"
        )
    if manual.has("unread_manual"):
        unread = manual.table("unread_manual")
        raise ManualNotRead(
            f"§1B1.11: the Manual of {unread.effective_from} could not be read and nothing is guessed; "
            f"for {day} give the edition you mean as manual_edition (the last read is {last_manual_read()})"
        )
    return manual


def last_manual_read() -> str:
    """Begin date of the last Manual that was read, ISO."""
    unread = tables.edition("unread_manual", tables.editions("unread_manual")[-1])
    return unread.row(rule="last_manual_read")["value"]


__all__ = ["CATEGORIES", "LIFE", "Manual", "drug_names", "last_manual_read"]
