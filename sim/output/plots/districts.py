"""Districts as dots: what share of the eligible motions each may be seen to grant."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from sim.output.plots.style import BLUE, GREY, SMALL, Sheet
from sim.output.plots.words import number

ROW = 0.138
"""Inches from district to district."""
COLUMNS = 2


def plot_districts(table: pd.DataFrame, ax: Axes, rows: int, least: float) -> Axes:
    """A row a district: a dot at the mean share granted, lines for the 50 and the 90 percent interval.

    Parameters
    ----------
    table
        Columns district, eligible, value, low_90, low_50, high_50, high_90.
    ax
        Where to draw.
    rows
        Rows of the tallest column.
    least
        Where the scale begins.
    """
    places = range(len(table))
    ax.axvline(table["value"].iloc[0], color=GREY, linewidth=0.6)
    ax.hlines(places, table["low_90"], table["high_90"], color=BLUE, linewidth=0.8)
    ax.hlines(places, table["low_50"], table["high_50"], color=BLUE, linewidth=2.2)
    ax.scatter(
        table["value"], places, s=13, color="white", edgecolors=BLUE, linewidths=0.9, zorder=3, marker="o"
    )
    names = zip(table["district"], table["eligible"], strict=True)
    ax.set_xlim(least, 1.005)
    ax.set_ylim(rows - 0.3, -0.7)
    labels = [f"{district}  {number(count)}" for district, count in names]
    ax.set_yticks(places, labels, size=SMALL)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x")
    ax.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f}")
    ax.locator_params(axis="x", nbins=5)
    return ax


def height_of_districts(table: pd.DataFrame) -> float:
    """Inches the rows need."""
    return ROW * -(-len(table) // COLUMNS) + 0.5


def draw_districts(table: pd.DataFrame, sheet: Sheet) -> None:
    """Two columns, read one after the other."""
    rows = -(-len(table) // COLUMNS)
    least = max(0.0, float(table["low_90"].min()) - 0.02)
    areas = sheet.grid(1, COLUMNS, left=1.68, right=0.25, top=0.05, bottom=0.3, between=(1.68, 0.0))
    for column, ax in enumerate(areas):
        part = table.iloc[column * rows : (column + 1) * rows].reset_index(drop=True)
        if len(part):
            plot_districts(part, ax, rows, least)
        else:
            ax.set_axis_off()


def tell_districts(table: pd.DataFrame) -> str:
    """What the picture shows, for those who do not see it."""
    told = []
    for row in (table.iloc[0], table.iloc[-1]):
        low, high = (number(float(row[end]), "share") for end in ("low_90", "high_90"))
        told.append(f"{row['district']} with {number(row['eligible'])} eligible {low} to {high}")
    mean = number(float(table["value"].iloc[0]), "share")
    return (
        f"One row for each of {len(table)} districts, the one with most eligible people first, around a mean "
        f"of {mean}. Ninety percent intervals: {'; '.join(told)}. "
        "All districts have the same expected share: no rates by district are published."
    )
