"""The rules run once over every point of their discrete inputs, into a table the fast path only indexes.

The fast path cannot drift from the rules, because it is made by them: each cell of the table is what
`worksheet`, `amended_worksheet` and `reduction` answer for it. It serves the plain case - one drug, a sum of
adjustments, a category, statutory limits of a few kinds; everything else goes through the rules themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guidelines.arrays import refuse
from guidelines.bands import MergedBands
from guidelines.errors import ImpossibleValue
from guidelines.manual import CATEGORIES, Manual
from guidelines.s1b1_1_worksheet import worksheet
from guidelines.s1b1_10_policy import as_amendments
from guidelines.s1b1_10_retroactivity import reduction
from guidelines.s1b1_10_rules import Rules
from guidelines.s1b1_10_substitution import amended_worksheet
from guidelines.tables import LIFE

if TYPE_CHECKING:
    from guidelines.amendments import Amendment

COLUMNS = ("minimum_months", "maximum_months", "amended_minimum_months", "amended_maximum_months")
"""Applicable range and amended range of a cell, int16 each."""

ROLES = (0, -2, -4)
"""Adjustments of §3B1.2 that differ in their cap; -3 caps as -2 does."""

CHUNK = 49_152
"""Rows at a time: the buffers stay in the cache, and temporaries below 2 MB."""


@dataclass(frozen=True)
class StatuteClass:
    """Statutory limits that many people share.

    Attributes
    ----------
    minimum_months, maximum_months
        Over all counts; 0 for no minimum (or a safety valve), `LIFE` for life.
    below_minimum_authority
        The court could go below the minimum on the government's motion (3553(e), Rule 35(b)).
    """

    minimum_months: int = 0
    maximum_months: int = LIFE
    below_minimum_authority: bool = False


@dataclass(frozen=True, eq=False)
class CompiledRanges:
    """Outcome table of a Manual and its amended twin. Make one with `compile_ranges`.

    Attributes
    ----------
    bands
        Quantity steps of all drugs, the cut points before and after merged.
    outcomes
        Months of `COLUMNS`, int16, shape (steps, adjustments, categories, statute classes, 4).
    codes
        Code of `reduction` for a term above the amended range, same shape without the last axis.
    adjustments
        Least and greatest sum of adjustments.
    statutes
        The statute classes.
    """

    bands: MergedBands
    outcomes: NDArray[np.int16]
    codes: NDArray[np.int8]
    adjustments: tuple[int, int]
    statutes: tuple[StatuteClass, ...]

    def __repr__(self) -> str:
        """One line for a person to read."""
        return f"<CompiledRanges: {self.codes.size} cells, {self.outcomes.nbytes // 1024} KiB>"

    def lookup(
        self,
        drug: NDArray[np.uint8],
        quantity: NDArray[np.float64],
        adjustment: NDArray[np.int8],
        category: NDArray[np.uint8],
        statute: NDArray[np.uint8],
        role: NDArray[np.uint8] | None = None,
        *,
        out: NDArray[np.int16] | None = None,
        codes: NDArray[np.int8] | None = None,
    ) -> NDArray[np.int16]:
        """Applicable and amended range of many people.

        Parameters
        ----------
        drug
            Indices into ``Manual.drugs``, uint8, shape (people,).
        quantity
            In the drug's own unit, float64.
        adjustment
            Sum of all adjustments from base to total level (characteristics, role, Chapter Three,
            acceptance), int8, within `adjustments`.
        category
            1-6, uint8.
        statute
            Indices into `statutes`, uint8.
        role
            Indices into `ROLES`, uint8; None for no mitigating role at all.
        out
            Where to write, int16, shape (people, 4), contiguous.
        codes
            Where to write codes, int8, shape (people,); None for no codes.

        Returns
        -------
        NDArray
            `out`: months of `COLUMNS`, shape (people, 4).

        Raises
        ------
        ImpossibleValue
            A column of another type or length, or a value outside the compiled table.
        """
        people = len(quantity)
        given: dict[str, tuple[NDArray[Any], Any]] = {
            "drug": (drug, np.uint8),
            "quantity": (quantity, np.float64),
            "adjustment": (adjustment, np.int8),
            "category": (category, np.uint8),
            "statute": (statute, np.uint8),
        }
        if role is not None:
            given["role"] = (role, np.uint8)
        for name, (column, kind) in given.items():
            if column.dtype != kind or column.shape != (people,):
                raise ImpossibleValue(
                    f"compiled ranges: {name} is {column.dtype} of shape {column.shape}; "
                    f"{np.dtype(kind)} of shape ({people},) is accepted"
                )
        if out is None:
            out = np.empty((people, len(COLUMNS)), dtype=np.int16)
        if out.shape != (people, len(COLUMNS)) or out.dtype != np.int16 or not out.flags.c_contiguous:
            raise ImpossibleValue(
                f"compiled ranges: out is {out.dtype} of shape {out.shape}; contiguous int16 ({people}, 4)"
            )
        if people:
            self._fill(drug, quantity, adjustment, category, statute, role, out, codes)
        return out

    def _fill(
        self,
        drug: Any,
        quantity: Any,
        adjustment: Any,
        category: Any,
        statute: Any,
        role: Any,
        out: Any,
        codes: Any,
    ) -> None:
        people = len(quantity)
        rows = min(CHUNK, people)
        classes = len(self.statutes)
        # One cell's four months are one 64-bit word, so one gather writes them all.
        words = self.outcomes.reshape(-1, len(COLUMNS)).view(np.uint64).ravel()
        answers = out.view(np.uint64).reshape(-1)
        flat_codes = self.codes.ravel()
        cell, spare = np.empty(rows, dtype=np.intp), np.empty(rows, dtype=np.intp)
        cut, beyond = np.empty(rows), np.empty(rows, dtype=np.bool_)
        small, other = np.empty(rows, dtype=np.int16), np.empty(rows, dtype=np.int16)
        # The first adjustment and category 1 have index 0.
        origin = np.int16(-self.adjustments[0] * len(CATEGORIES) * classes - classes)
        for start in range(0, people, CHUNK):
            part = slice(start, min(start + CHUNK, people))
            if part.stop - start < rows:
                rows = part.stop - start
                cell, spare, cut, beyond = cell[:rows], spare[:rows], cut[:rows], beyond[:rows]
                small, other = small[:rows], other[:rows]
            self._check(adjustment[part], category[part], statute[part])
            # Sums of small numbers in small numbers: a quarter of the traffic.
            np.copyto(small, adjustment[part])
            np.multiply(small, np.int16(len(CATEGORIES) * classes), out=small)
            np.copyto(other, category[part])
            np.multiply(other, np.int16(classes), out=other)
            np.add(small, other, out=small)
            np.copyto(other, statute[part])
            np.add(small, other, out=small)
            np.add(small, origin, out=small)
            self.bands.steps(
                drug[part], quantity[part], None if role is None else role[part], cell, spare, cut, beyond
            )
            np.copyto(cell, small)
            np.add(cell, spare, out=cell)
            words.take(cell, out=answers[part], mode="clip")
            if codes is not None:
                flat_codes.take(cell, out=codes[part], mode="clip")

    def _check(self, adjustment: Any, category: Any, statute: Any) -> None:
        (first, last), most = self.adjustments, len(self.statutes) - 1
        if adjustment.min() < first or adjustment.max() > last:
            bad = (adjustment < first) | (adjustment > last)
            refuse(bad, adjustment, "compiled ranges: adjustment", f"{first} to {last} is compiled")
        if category.min() < 1 or category.max() > len(CATEGORIES):
            bad = (category < 1) | (category > len(CATEGORIES))
            refuse(bad, category, "compiled ranges: category", f"1 to {len(CATEGORIES)}")
        if statute.max() > most:
            refuse(statute > most, statute, "compiled ranges: statute class", f"0 to {most}")


def compile_ranges(
    manual: Manual,
    amendments: str | Amendment | Sequence[str | Amendment],
    statutes: Sequence[StatuteClass] = (StatuteClass(),),
    *,
    adjustments: tuple[int, int] = (-12, 20),
    order_effective_on: str | None = None,
    rules: Rules | None = None,
) -> CompiledRanges:
    """Run the rules over every cell: quantity step, adjustment, category, statute class.

    Parameters
    ----------
    manual
        The edition at sentencing.
    amendments
        What is put in.
    statutes
        The statute classes people have.
    adjustments
        Least and greatest sum of adjustments, role and acceptance included.
    order_effective_on, rules
        As for `reduction`.

    Examples
    --------
    >>> table = compile_ranges(Manual.on("2013-11-01"), "782")
    >>> case = (0, "u1"), (1000.0, "f8"), (-3, "i1"), (3, "u1"), (0, "u1")
    >>> table.lookup(*(np.array([value], kind) for value, kind in case)).tolist()
    [[108, 135, 87, 108]]
    """
    chosen = rules or Rules()
    laws = as_amendments(amendments)
    new = manual.with_amendments(*laws)
    first, last = adjustments
    cells_a_step = (last - first + 1) * len(CATEGORIES) * len(statutes)
    if first > last or not statutes or cells_a_step > np.iinfo(np.int16).max:
        raise ImpossibleValue(
            f"compiled ranges: adjustments {first} to {last} with {len(statutes)} statute classes make "
            f"{cells_a_step} cells a step; 1 to {np.iinfo(np.int16).max} are accepted"
        )
    bands = MergedBands.of(manual, new, ROLES, per_step=cells_a_step)
    shape = (bands.count, last - first + 1, len(CATEGORIES), len(statutes))
    step, level, category, statute = (axis.ravel() for axis in np.indices(shape))
    kinds = [np.array([getattr(s, name) for s in statutes]) for name in StatuteClass.__dataclass_fields__]
    role = np.array(ROLES)[bands.sample_role[step]]
    facts: dict[str, ArrayLike] = {
        "drug": bands.sample_drug[step],
        "quantity": bands.sample_quantity[step],
        "mitigating_role": role,
        "chapter_three_levels": level + first - role,
        "criminal_history_category": category + 1,
        "statutory_minimum_months": kinds[0][statute],
        "statutory_maximum_months": kinds[1][statute],
        "substantial_assistance": kinds[2][statute],
        "imposed_term_months": LIFE,
    }
    if order_effective_on is not None:
        facts["order_effective_on"] = np.datetime64(order_effective_on)
    before = worksheet(facts, manual)
    after = amended_worksheet(before, *laws, rules=chosen)
    cut = reduction(before, after, laws, chosen)
    outcomes = np.stack(
        [
            before["guideline_range_minimum_months"],
            before["guideline_range_maximum_months"],
            cut["amended_range_minimum_months"],
            cut["amended_range_maximum_months"],
        ],
        axis=-1,
    ).astype(np.int16)
    return CompiledRanges(
        bands=bands,
        outcomes=np.ascontiguousarray(outcomes.reshape(*shape, len(COLUMNS))),
        codes=np.ascontiguousarray(cut["code"].astype(np.int8).reshape(shape)),
        adjustments=adjustments,
        statutes=tuple(statutes),
    )
