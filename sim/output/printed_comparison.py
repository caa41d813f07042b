"""Comparisons as tables on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill
from typing import Any

import pandas as pd

from sim.output.plots.words import amount, number, signed
from sim.results.results import Result
from sim.studies.comparison import Comparison

BY_GROUP = ("drug", "race", "citizenship", "category", "district")
BY = ("total", "month", "outcome", *BY_GROUP)
"""What a comparison can be shown by."""
WIDE = 100
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


def comparison_text(comparison: Comparison, by: str = "total") -> str:
    """Differences of every other scenario from the first, by one of `BY`."""
    first, *others = comparison.results
    lines = [
        f"Differences from {_named(first)}",
        f"seed {first.seed}; 90 % intervals from {len(first.worlds)} plausible worlds that all scenarios "
        f"share",
        *([WITHOUT_DISTRICTS] if by in ("month", "drug", "race", "citizenship", "category") else []),
    ]
    for other in others:
        lines += ["", _named(other), *_block(comparison, other.scenario.name, by)]
    return "\n".join(lines)


def _named(result: Result) -> str:
    scenario = result.scenario
    return f"{scenario.name}: {scenario.title}" if scenario.title else scenario.name


def _block(comparison: Comparison, name: str, by: str) -> list[str]:
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


def _row(label: str, first: str, other: str, difference: str, band: str) -> str:
    return f"  {label:<45}{first:>17}{other:>18}{difference:>14}  {band}".rstrip()


def _head(label: str = "") -> str:
    return _row(label, "first", "other", "difference", "90 % interval")


def _band(row: Mapping[Any, Any], unit: str) -> str:
    low, high = signed(row["low_90"], unit), signed(row["high_90"], unit)
    return "" if low == high else f"{low} to {high}"


def _line(row: Mapping[Any, Any], label: str, unit: str) -> str:
    first, other = (
        number(row[side]) if unit == "persons" else amount(row[side], unit) for side in ("first", "other")
    )
    return _row(label, first, other, signed(row["difference"], unit), _band(row, unit))


def _totals(table: pd.DataFrame) -> list[str]:
    stock = table["quantity"].str.startswith("stock")
    if (table.loc[stock, "difference"] == 0).all():
        table = table[~stock]
    lines = [_line(row, row["label"], row["unit"]) for row in table.to_dict("records")]
    same = ["  The stock of prisoners is the same in both."] if len(table) < len(stock) else []
    return [_head(), *lines, *same]


def _months(table: pd.DataFrame) -> list[str]:
    if table.empty:
        return ["  no month in common"]
    lines = []
    for quantity, label in (("releases", "released in the month"), ("in_custody", "in custody at its end")):
        rows = table[(table["drug"] == "all") & (table["quantity"] == quantity)].to_dict("records")
        lines += [_head(label), *(_line(row, row["month"], "persons") for row in rows)]
    return lines


def _outcomes(table: pd.DataFrame) -> list[str]:
    lines, same = [], []
    for (label, unit), rows in table.groupby(["label", "unit"], sort=False):
        if (rows["difference"] == 0).all():
            same.append(str(label))
            continue
        whole = str(unit)
        short = whole if len(whole) <= SHORT_UNIT else "persons"  # the long one stands in the heading
        lines.append(_head(str(label)))
        lines += [f"  in {whole}"] if short != whole else []
        lines += [_line(row, f"  {row['group'] or 'all'}", short) for row in rows.to_dict("records")]
    told = fill(f"The same in both: {'; '.join(same)}.", WIDE, initial_indent="  ", subsequent_indent="  ")
    return [*lines, *told.splitlines()] if same else lines


def _groups(table: pd.DataFrame) -> list[str]:
    lines = []
    for quantity, (label, unit) in SHOWN.items():
        rows = table[table["quantity"] == quantity].to_dict("records")
        lines += [_head(label), *(_line(row, f"  {row['group']}", unit) for row in rows)]
    return lines
