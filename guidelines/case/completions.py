"""Records completed in every way their open facts allow, as rows that go through the rules together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any

import numpy as np

from guidelines.arrays import BoolArray, IntArray
from guidelines.case.columns import Columns
from guidelines.case.record import Read
from guidelines.s1b1_1_worksheet import Worksheet, effective_minimum

OWN_COLUMNS = ("total", "shift", "own")
"""Columns an option may set that are no facts."""
TRIED = ("statutory_minimum_months", "substantial_assistance", "below_minimum_authority")
"""Facts that are tried in such ways only as the term allows."""


@dataclass(frozen=True)
class Rows:
    """The completions of the records of a group.

    Attributes
    ----------
    columns
        One row a completion; those of a record stand together, in the order of `itertools.product` over the
        options of its choices: the ordinary one first.
    begins
        First row of each record, and the end, shape (people + 1,).
    above_range
        Which completions hold an option that only a term above the range speaks for.
    """

    columns: Columns
    begins: IntArray
    above_range: BoolArray

    def of(self, i: int) -> slice:
        """The rows of one record."""
        return slice(int(self.begins[i]), int(self.begins[i + 1]))


def completed(reads: Sequence[Read], known: Columns) -> Rows:
    """Every completion of every record."""
    sizes = [prod(len(choice.options) for choice in read.choices) for read in reads]
    begins = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    above = np.zeros(begins[-1], dtype=np.bool_)
    if begins[-1] == len(reads):
        return Rows(_with_authority(known), begins, above)
    rows = known.taken(np.repeat(np.arange(len(reads)), sizes))
    changed: dict[str, Any] = {}
    for read, start, inner in zip(reads, begins.tolist(), sizes, strict=False):
        end = start + inner
        for choice in read.choices:
            inner //= len(choice.options)
            for at, option in enumerate(choice.options):
                for name, value in option.columns.items():
                    if name not in changed:
                        held = getattr(rows, name) if name in OWN_COLUMNS else rows.facts.raw(name)
                        changed[name] = held.copy()
                    changed[name][start:end].reshape(-1, len(choice.options), inner)[:, at] = value
                if option.above_range:
                    above[start:end].reshape(-1, len(choice.options), inner)[:, at] = True
    own = {name: changed.pop(name) for name in OWN_COLUMNS if name in changed}
    return Rows(_with_authority(replace(rows, facts=rows.facts.changed(**changed), **own)), begins, above)


def _with_authority(rows: Columns) -> Columns:
    """Authority to go below a statutory minimum: as stated, else shown by a term below it on a motion."""
    facts = rows.facts
    minimum = effective_minimum(facts)
    shown = facts["substantial_assistance"] & (facts["imposed_term_months"] < minimum)
    authority = facts["below_minimum_authority"] | (shown & ~rows.authority_known)
    return replace(rows, facts=facts.changed(below_minimum_authority=authority))


def possible(rows: Rows, reads: Sequence[Read], before: Worksheet) -> BoolArray:
    """Which completions can be: not against the record, nor against the law that made the term.

    A motion that led to a term below the range needs such a term; authority to go below a minimum needs a
    motion; a minimum that is not stated is none that the term lies below without one of them; and what only a
    term above the range speaks for needs one. Where none of a record's can be, all stay. A term below a
    minimum that is stated shows no authority: that is asked for.
    """
    facts, sizes = rows.columns.facts, np.diff(rows.begins)
    if (sizes == 1).all():
        return np.ones(facts.people, dtype=np.bool_)
    tried = {
        name: np.repeat([any(name in c.options[0].columns for c in read.choices) for read in reads], sizes)
        for name in TRIED
    }
    minimum, imposed = effective_minimum(facts), facts["imposed_term_months"]
    assisted, authority = facts["substantial_assistance"], facts["below_minimum_authority"]
    wrong = before.inconsistent.copy()
    if "guideline_range_minimum_months" in before:
        inside = imposed >= before["guideline_range_minimum_months"]
        wrong |= tried["substantial_assistance"] & assisted & inside
    lawful = (imposed >= minimum) | (assisted & authority)
    wrong |= tried["statutory_minimum_months"] & ~lawful
    wrong |= tried["below_minimum_authority"] & authority & (~assisted | (minimum == 0))
    if "table_range_maximum_months" in before:
        term = np.repeat([read.given.get("imposed_term_months", 0) for read in reads], sizes)
        stated = np.repeat([read.given.get("statutory_minimum_months", 0) for read in reads], sizes)
        wrong |= rows.above_range & (term <= np.maximum(before["table_range_maximum_months"], stated))
    kept = ~wrong
    none = ~np.logical_or.reduceat(kept, rows.begins[:-1])
    return np.asarray(kept | np.repeat(none, sizes))
