"""Comparisons as tables on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill
from typing import Any, NamedTuple

import pandas as pd

from sim.output.finding import ENOUGH, too_few
from sim.output.plots.words import dated, month_name, of_persons, signed
from sim.results.results import Result
from sim.studies.comparison import Comparison

BY_GROUP = ("drug", "race", "citizenship", "category", "district")
BY = ("total", "month", "outcome", *BY_GROUP)
"""What a comparison can be shown by."""
WIDE = 100
ROW = 126
"""Columns a row needs; in a narrower terminal it stands on two lines."""
SHORT_UNIT = 12
"""Units up to so many letters stand beside each number."""
WITHOUT_DISTRICTS = (
    "(intervals of totals and of districts also hold the spread between districts; these do not)"
)
SHOWN = {
    "eligible": ("eligible for a shorter term", "persons"),
    "released_first_wave": ("released on the first day", "persons"),
    "bed_years_saved": ("bed-years saved", "bed-years"),
}
"""Quantities shown by group."""


class Row(NamedTuple):
    """A line of a table: texts of its columns."""

    label: str
    first: str
    other: str
    difference: str
    band: str

    def text(self, width: int, bands: bool) -> str:
        """The row on one line, or on two where the terminal has no room for one."""
        label, first, other, difference, band = self
        band = band if bands else ""
        if width >= ROW:
            return f"  {label:<45}{first:>17}{other:>18}{difference:>14}  {band}".rstrip()
        return f"  {label}\n{first:>17}{other:>17}{difference:>14}  {band}".rstrip()


def comparison_text(comparison: Comparison, by: str = "total", width: int = ROW) -> str:
    """Differences of every other scenario from the first, by one of `BY`, in so many columns."""
    first, *others = comparison.results
    few = too_few(first)
    worlds = f"{len(first.worlds)} plausible worlds"
    bands = (
        f"no intervals: {worlds} are too few, {ENOUGH} are enough"
        if few
        else f"90 % intervals from {worlds} that all scenarios share"
    )
    leaves_out = by in ("month", "drug", "race", "citizenship", "category") and not few
    lines: list[str | Row] = [
        f"Differences from {_named(first)}",
        f"seed {first.seed}; {bands}",
        *([fill(WITHOUT_DISTRICTS, min(width, WIDE))] if leaves_out else []),
    ]
    for other in others:
        lines += ["", _named(other), *_block(comparison, other.scenario.name, by)]
    return "\n".join(line if isinstance(line, str) else line.text(width, not few) for line in lines)


def _named(result: Result) -> str:
    scenario = result.scenario
    return f"{scenario.name}: {scenario.title}" if scenario.title else scenario.name


def _block(comparison: Comparison, name: str, by: str) -> list[str | Row]:
    if by == "total":
        return _totals(_of(comparison.totals, name))
    if by == "month":
        return _months(_of(comparison.by_month, name))
    if by == "outcome":
        return _outcomes(_of(comparison.outcomes, name))
    table = _of(comparison.by_group, name)
    return _groups(table[table["dimension"] == by])


def _of(table: pd.DataFrame, name: str) -> pd.DataFrame:
    return table[table["scenario"] == name]


def _head(label: str = "") -> Row:
    return Row(label, "first", "other", "difference", "90 % interval")


def _band(row: Mapping[Any, Any], unit: str) -> str:
    low, high = signed(row["low_90"], unit), signed(row["high_90"], unit)
    return "" if low == high else f"{low} to {high}"


def _line(row: Mapping[Any, Any], label: str, unit: str) -> Row:
    first, other = (of_persons(row[side], unit) for side in ("first", "other"))
    return Row(label, first, other, signed(row["difference"], unit), _band(row, unit))


def _totals(table: pd.DataFrame) -> list[str | Row]:
    stock = table["quantity"].str.startswith("stock")
    if (table.loc[stock, "difference"] == 0).all():
        table = table[~stock]
    lines = [_line(row, row["label"], row["unit"]) for row in table.to_dict("records")]
    same = ["  The stock of prisoners is the same in both."] if len(table) < len(stock) else []
    return [_head(), *lines, *same]


def _months(table: pd.DataFrame) -> list[str | Row]:
    if table.empty:
        return ["  no month in common"]
    lines: list[str | Row] = []
    for quantity, label in (("releases", "released in the month"), ("in_custody", "in custody at its end")):
        rows = table[(table["drug"] == "all") & (table["quantity"] == quantity)].to_dict("records")
        lines += [_head(label), *(_line(row, month_name(row["month"]), "persons") for row in rows)]
    return lines


def _outcomes(table: pd.DataFrame) -> list[str | Row]:
    lines: list[str | Row] = []
    same: list[str] = []
    for (label, unit), rows in table.groupby(["label", "unit"], sort=False):
        if (rows["difference"] == 0).all():
            same.append(str(label))
            continue
        whole = str(unit)
        short = whole if len(whole) <= SHORT_UNIT else "persons"  # the long one stands in the heading
        lines.append(_head(str(label)))
        lines += [f"  in {whole}"] if short != whole else []
        lines += [_line(row, f"  {dated(row['group']) or 'all'}", short) for row in rows.to_dict("records")]
    told = fill(f"The same in both: {'; '.join(same)}.", WIDE, initial_indent="  ", subsequent_indent="  ")
    return [*lines, *told.splitlines()] if same else lines


def _groups(table: pd.DataFrame) -> list[str | Row]:
    lines: list[str | Row] = []
    for quantity, (label, unit) in SHOWN.items():
        rows = table[table["quantity"] == quantity].to_dict("records")
        lines += [_head(label), *(_line(row, f"  {row['group']}", unit) for row in rows)]
    return lines
