"""Districts by size: what share of the eligible motions each may be seen to grant."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from sim.output.plots.releases import FAINT, FULL
from sim.output.plots.style import BLUE, INK, Sheet, aside
from sim.output.plots.words import number

EDGES = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
"""Eligible people at the ticks."""
BELOW = 0.5
"""Room under the lowest interval for names and strokes, in heights of what is above it."""


def plot_districts(table: pd.DataFrame, ax: Axes) -> Axes:
    """Intervals of 50 and 90 percent by the number of eligible people, and a stroke for each district.

    Parameters
    ----------
    table
        Columns district, eligible, value, low_90, low_50, high_50, high_90.
    ax
        Where to draw.
    """
    ordered = table.sort_values("eligible", kind="stable")
    for low, high, alpha in (("low_90", "high_90", FAINT), ("low_50", "high_50", FULL)):
        ax.fill_between(
            ordered["eligible"], ordered[low], ordered[high], color=BLUE, alpha=alpha, linewidth=0
        )
    ax.plot(ordered["eligible"], ordered["value"], color=BLUE, linewidth=1.5)
    lowest = float(table["low_90"].min())
    least = lowest - BELOW * max(1.02 - lowest, 0.2)
    ax.vlines(ordered["eligible"], least, least + 0.03 * (1.02 - least), color=INK, linewidth=0.6)
    ax.set_yticks([tick for tick in ax.get_yticks() if lowest - 0.02 <= tick <= 1.0])
    ax.set_xscale("log")
    first, last = float(ordered["eligible"].iloc[0]), float(ordered["eligible"].iloc[-1])
    ax.set_xlim(0.9 * first, 1.1 * last)
    ax.set_ylim(least, 1.02)
    ax.set_xticks([edge for edge in EDGES if 0.9 * first <= edge <= 1.1 * last])
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    ax.xaxis.set_minor_formatter(lambda value, _: "")
    ax.minorticks_off()
    ax.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
    ax.grid(axis="y")
    ax.set_xlabel("eligible people in the district", loc="right", labelpad=1)
    return ax


def name_the_ends(table: pd.DataFrame, ax: Axes, narrow: bool) -> None:
    """The largest and, where there is room, the smallest district by name."""
    ends = ((table.iloc[0], False),) if narrow else ((table.iloc[0], False), (table.iloc[-1], True))
    for row, right in ends:
        low, high = number(row["low_90"], "share"), number(row["high_90"], "share")
        span = f"{low} to {high}" if low != high else low
        text = f"{row['district']}, {number(row['eligible'])} eligible:\n{span}"
        place = ("data", "axes fraction")
        aside(ax, text, (row["eligible"], 0.06), right=right, va="bottom", xycoords=place)


def height_of_districts(table: pd.DataFrame, width: float) -> float:
    """Inches of the drawing."""
    return 2.7


def draw_districts(table: pd.DataFrame, sheet: Sheet) -> None:
    """One area."""
    ax = plot_districts(table, sheet.axes(left=0.55, right=0.2, bottom=0.42))
    if len(table) > 1:
        name_the_ends(table, ax, sheet.narrow)
    if sheet.narrow:
        ax.set_xticks([edge for edge in (10, 100, 1000) if edge in ax.get_xticks()])


def find_districts(table: pd.DataFrame) -> str:
    """How wide even the largest district may spread around the mean of all."""
    low, high, mean = (f"{100 * table.iloc[0][name]:.0f}" for name in ("low_90", "high_90", "value"))
    if low == high:
        return f"Every district grants {mean} percent"
    return f"Even the largest district may grant {low} to {high} percent, where the mean is {mean}"


def tell_districts(table: pd.DataFrame) -> str:
    """What the picture shows, for those who do not see it."""
    told = []
    for row in (table.iloc[0], table.iloc[-1]):
        low, high = (number(float(row[end]), "share") for end in ("low_90", "high_90"))
        told.append(f"{row['district']} with {number(row['eligible'])} eligible {low} to {high}")
    mean = number(float(table["value"].iloc[0]), "share")
    return (
        f"Intervals around a mean of {mean} that narrow as districts grow, with a stroke for each of "
        f"{len(table)} districts. Ninety percent intervals: {'; '.join(told)}. "
        "All districts have the same expected share: no rates by district are published."
    )
