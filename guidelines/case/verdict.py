"""What the completions of a record agree on; where they do not, what decides and each possible answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guidelines.arrays import BoolArray, IntArray
from guidelines.case.analysis import Worked
from guidelines.case.cells import month
from guidelines.case.record import Option, Read
from guidelines.s1b1_10_rules import CODES, UNDECIDED

BY_TERM = frozenset({
    "eligible", "eligible_substantial_assistance", "already_at_statutory_minimum",
    "already_at_or_below_amended_minimum", "time_served_exceeds", "needs_quantity_finding",
})  # fmt: skip
"""Codes that depend on the term imposed."""
WITH_FLOOR = BY_TERM - {"needs_quantity_finding"}
"""Codes under which a floor says something: the range was lowered."""
OPEN = -1
_BY_TERM_BITS = sum(1 << bit for bit, code in enumerate(CODES) if code in BY_TERM)
_by_term = np.array([code in BY_TERM for code in CODES])
_with_floor = np.array([code in WITH_FLOOR for code in CODES])
_undecided = np.array([code in UNDECIDED for code in CODES])


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one record.

    Attributes
    ----------
    row
        The completion that is shown: the ordinary one where it can be.
    eligible, code
        What all completions agree on; None where they do not, or where a fact nobody can try is lacking.
    decides
        Fields that would settle the question.
    branches
        Each possible answer with the facts behind it; empty where there is one.
    varies
        Columns of the rules that are not the same in the completions shown.
    spans
        Lowest minimum and highest maximum of the applicable range, original and amended, in all completions;
        empty where there is one.
    """

    row: int
    eligible: bool | None = None
    code: str | None = None
    decides: tuple[str, ...] = ()
    branches: tuple[dict[str, Any], ...] = ()
    varies: frozenset[str] = field(default=frozenset())
    spans: tuple[tuple[int, int] | None, tuple[int, int] | None] | None = None


def verdicts(worked: Worked) -> list[Verdict]:
    """One verdict for each record of a group."""
    begins = worked.rows.begins
    sizes = np.diff(begins)
    several = sizes > 1
    first = _first_possible(worked.possible, begins)
    if worked.cut is None:
        return [
            _one(worked, read, i, int(first[i]), None) if several[i] else Verdict(int(first[i]))
            for i, read in enumerate(worked.reads)
        ]
    outcome = _outcomes(worked)
    codes, kept = worked.cut["code"], worked.possible
    low = np.minimum.reduceat(np.where(kept, outcome, np.int8(1)), begins[:-1])
    high = np.maximum.reduceat(np.where(kept, outcome, np.int8(OPEN)), begins[:-1])
    floors = worked.cut["floor_months"]
    other = kept & (outcome == 1) & (floors != np.repeat(floors[first], sizes))
    one_floor = ~np.logical_or.reduceat(other, begins[:-1])
    rows, agreed, found = first.tolist(), ((low == high) & one_floor).tolist(), outcome[first].tolist()
    shown, many = codes[first].tolist(), several.tolist()
    out = []
    for i, read in enumerate(worked.reads):
        if agreed[i] and found[i] != OPEN and all(choice.ordinary for choice in read.choices):
            out.append(Verdict(rows[i], bool(found[i]), CODES[shown[i]]))
        elif many[i]:
            out.append(_one(worked, read, i, rows[i], outcome))
        else:
            out.append(_open(worked, read, rows[i], CODES[shown[i]]))
    return out


def _first_possible(kept: BoolArray, begins: IntArray) -> IntArray:
    """First row of each record that can be."""
    rows = np.flatnonzero(kept)
    return np.asarray(rows[np.searchsorted(rows, begins[:-1])], dtype=np.int32)


def _outcomes(worked: Worked) -> NDArray[np.int8]:
    """1 eligible, 0 not, `OPEN` where the row itself lacks something."""
    assert worked.cut is not None
    known, code = worked.rows.columns, worked.cut["code"]
    lacks = _undecided[code] | (_by_term[code] & ~known.imposed_known)
    lacks |= known.share_lacking & _with_floor[code] & ~np.isnan(worked.cut["comparable_months"])
    return np.where(lacks, np.int8(OPEN), (code <= 1).astype(np.int8))


def _open(worked: Worked, read: Read, row: int, code: str) -> Verdict:
    """A single completion that lacks something."""
    if code == "record_inconsistent":
        return Verdict(row, None, code)
    if "imposed_term_months" not in read.given:
        return Verdict(row, decides=("imposed_term_months",))
    if code in UNDECIDED:
        return Verdict(row, None, code, ("drugs",))
    return Verdict(row, decides=("assistance_percent_only",))


def _one(worked: Worked, read: Read, i: int, row: int, outcome: NDArray[np.int8] | None) -> Verdict:
    """A record with several completions, or one whose facts have no ordinary value."""
    rows = worked.rows.of(i)
    kept = np.flatnonzero(worked.possible[rows]) + rows.start
    every = list(product(*(choice.options for choice in read.choices)))
    options = [every[at - rows.start] for at in kept.tolist()]
    ordinary = [at for at, each in zip(kept.tolist(), options, strict=True) if _is_ordinary(read, each)]
    shown = np.array(ordinary or kept.tolist())
    if outcome is None:
        return Verdict(row, varies=_varying(worked, shown), spans=_spans(worked, kept))
    assert worked.cut is not None
    found, codes = outcome[kept], worked.cut["code"][kept]
    agreed = bool((found == found[0]).all()) and found[0] != OPEN
    if agreed:
        code = _shared_code(worked, kept)
        branches, _ = _branches(worked, kept, options, found) if found[0] else ((), ())
        return Verdict(
            row, bool(found[0]), code, branches=branches if len(branches) > 1 else (),
            varies=_varying(worked, shown), spans=_spans(worked, kept),
        )  # fmt: skip
    branches, decides = _branches(worked, kept, options, found)
    if (found == OPEN).any():
        lacking = _open(worked, read, row, CODES[codes[found == OPEN][0]])
        decides = tuple(dict.fromkeys((*decides, *lacking.decides)))
    one_code = CODES[codes[0]] if (codes == codes[0]).all() and _undecided[codes[0]] else None
    if one_code == "record_inconsistent":
        return Verdict(row, None, one_code)
    known = "imposed_term_months" in read.given or one_code is not None
    varies = _varying(worked, kept if known else shown)
    return Verdict(row, None, one_code if known else None, decides, branches, varies, _spans(worked, kept))


def _is_ordinary(read: Read, options: Sequence[Option]) -> bool:
    return all(
        one is choice.options[0] for one, choice in zip(options, read.choices, strict=True) if choice.ordinary
    )


def _shared_code(worked: Worked, kept: IntArray) -> str:
    """A code that is true of all completions, else that of the first."""
    assert worked.cut is not None
    codes = worked.cut["code"][kept]
    true = worked.cut["other_codes"][kept] | (np.int64(1) << codes.astype(np.int64))
    common = int(np.bitwise_and.reduce(true))
    if not worked.rows.columns.imposed_known[kept[0]]:
        common &= ~_BY_TERM_BITS
    return next((code for bit, code in enumerate(CODES) if common >> bit & 1), CODES[codes[0]])


def _varying(worked: Worked, rows: IntArray) -> frozenset[str]:
    """Columns that are not the same in these completions."""
    if len(rows) < 2:
        return frozenset()
    names, columns = worked.stacked
    here = columns[:, rows]
    differ = (here != here[:, :1]).any(axis=1)
    return frozenset(names[at] for at in np.flatnonzero(differ).tolist())


def _spans(worked: Worked, rows: IntArray) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    """Lowest minimum and highest maximum of the applicable ranges in these completions."""
    before, cut = (
        None
        if sheet is None or low not in sheet
        else (int(sheet[low][rows].min()), int(sheet[high][rows].max()))
        for sheet, low, high in (
            (worked.before, "guideline_range_minimum_months", "guideline_range_maximum_months"),
            (worked.cut, "amended_range_minimum_months", "amended_range_maximum_months"),
        )
    )
    return before, cut


def _branches(
    worked: Worked, kept: IntArray, options: Sequence[Sequence[Option]], found: NDArray[np.int8]
) -> tuple[tuple[dict[str, Any], ...], tuple[str, ...]]:
    """Each possible answer with facts that suffice for it and what the court may do; what yes or no hangs on.

    Where nothing known decides, all that is open is named.
    """
    cut = worked.cut
    assert cut is not None
    ends = [
        (outcome, int(cut["floor_months"][row]) if outcome == 1 else int(cut["code"][row]))
        for row, outcome in zip(kept.tolist(), found.tolist(), strict=True)
    ]
    codes = {
        end: CODES[int(cut["code"][row])] for end, row in zip(ends[::-1], kept[::-1].tolist(), strict=True)
    }
    says = [{name: value for option in one for name, value in option.says.items()} for one in options]
    leaves, decides = _tree(says, ends)
    branches = tuple(
        {
            "eligible": None if outcome == OPEN else bool(outcome),
            "code": codes[outcome, detail],
            "floor_months": month(detail) if outcome == 1 else None,
            "if": {name: [_plain(value) for value in values] for name, values in facts.items()},
        }
        for facts, (outcome, detail) in leaves
    )
    names = dict.fromkeys(name for one in says for name in one)
    return branches, decides or tuple(name for name in names if len(_split(name, says)) > 1)


Facts = Mapping[str, list[Any]]
End = tuple[int, int]
Leaves = list[tuple[Facts, End]]


def _tree(says: Sequence[Mapping[str, Any]], ends: Sequence[End]) -> tuple[Leaves, tuple[str, ...]]:
    """Facts with the one end they lead to whatever the others are, and the facts that part yes from no.

    Together the leaves cover all completions.
    """
    if ends.count(ends[0]) == len(ends):
        return [({}, ends[0])], ()
    names = dict.fromkeys(name for one in says for name in one)
    splits = {name: _split(name, says) for name in names}
    splits = {name: parts for name, parts in splits.items() if len(parts) > 1}
    if not splits:
        return [({}, end) for end in dict.fromkeys(ends)], ()
    # A fact that is only asked after another says nothing before it; then the one that decides most.
    asked = [name for name in splits if all(name in one for one in says)] or list(splits)
    name = min(
        asked,
        key=lambda each: (
            sum(len({ends[at] for at in part}) for part in splits[each].values()) / len(splits[each])
        ),
    )
    below: dict[str, tuple[list[Any], Leaves]] = {}
    decides: dict[str, None] = {}
    for value, members in splits[name].items():
        part = [ends[at] for at in members]
        one = part.count(part[0]) == len(part)
        leaves, deeper = ([({}, part[0])], ()) if one else _tree([says[at] for at in members], part)
        values, _ = below.setdefault(repr(leaves), ([], leaves))
        values.append(value)
        decides |= dict.fromkeys(deeper)
    outcomes = {frozenset(outcome for _, (outcome, _) in leaves) for _, leaves in below.values()}
    out = [
        ({name: values, **facts} if len(below) > 1 and values != [None] else facts, end)
        for values, leaves in below.values()
        for facts, end in leaves
    ]
    return out, (name, *decides) if len(outcomes) > 1 else tuple(decides)


def _split(name: str, says: Sequence[Mapping[str, Any]]) -> Mapping[Any, list[int]]:
    """Completions by the value of one fact; None where it was not asked."""
    parts: dict[Any, list[int]] = {}
    for at, one in enumerate(says):
        parts.setdefault(one.get(name), []).append(at)
    return parts


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [month(end) for end in value]
    return month(value) if type(value) is int else value
