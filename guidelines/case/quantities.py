"""Why a base level: the drug, its quantity, and where its row of the Drug Quantity Table begins."""

from __future__ import annotations

from functools import lru_cache

from guidelines.case.analysis import Worked
from guidelines.case.record import DRUG, Read
from guidelines.manual import Manual
from guidelines.s2d1_1_drug_quantity import band

AS_FOUND = "as found"


def why_base_levels(worked: Worked) -> list[str]:
    """One reason for each record of a group; empty for groups without a single drug or level found."""
    reads = worked.reads
    if reads[0].kind != DRUG:
        return []
    held = reads[0].setting
    manuals = (held.manual, held.amended) if held.laws else (held.manual,)
    # Whatever else is open: drug and quantity are the same in all completions of a record.
    first = worked.rows.begins[:-1]
    drug, amount = (worked.rows.columns.facts.raw(name)[first] for name in ("drug", "quantity"))
    known = (drug >= 0) & (amount == amount)
    begins = []
    for manual in manuals:
        begin = amount.copy()
        begin[known] = manual.quantity_cuts.ravel()[band(drug[known], amount[known], manual)]
        begins.append(begin.tolist())
    told = known.tolist()
    return [
        _why(read, manuals[0], tuple(begin[i] for begin in begins)) if told[i] else AS_FOUND
        for i, read in enumerate(reads)
    ]


def _why(read: Read, manual: Manual, begins: tuple[float, ...]) -> str:
    unit = manual.drug_units[read.drug] or "g"
    what = "converted weight" if read.converted else manual.drugs[read.drug]
    least = "at least " if read.given.get("quantity_is_minimum") else ""
    return f"{least}{plain(read.quantity)} {unit} {what}: {_rows(begins, unit)}"


@lru_cache(maxsize=4096)
def _rows(begins: tuple[float, ...], unit: str) -> str:
    rows = f"row from {plain(begins[0])} {unit}"
    if begins[-1] != begins[0]:
        rows += f", amended from {plain(begins[-1])} {unit}"
    return rows


def plain(number: float) -> str:
    """A number without needless zeros.

    >>> plain(1000.0), plain(0.05), plain(28.35)
    ('1,000', '0.05', '28.35')
    """
    return f"{number:,.6f}".rstrip("0").rstrip(".")
