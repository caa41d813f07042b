"""From all drug prisoners to the eligible, step by step."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from sim.output.plots.style import BLUE, GREY, INK, ORANGE, Sheet
from sim.output.plots.words import number

ROW = 0.235
"""Inches from bar to bar."""


def plot_waterfall(table: pd.DataFrame, ax: Axes) -> Axes:
    """A bar a step: everybody, then who leaves at each step, then the eligible.

    Parameters
    ----------
    table
        Columns label, persons (leaving), remaining; first row everybody, last row the eligible.
    ax
        Where to draw.
    """
    last = len(table) - 1
    everybody = float(table["remaining"].iloc[0])
    for row, (label, persons, remaining) in enumerate(
        zip(table["label"], table["persons"], table["remaining"], strict=True)
    ):
        whole = row in (0, last)
        width = remaining if whole else persons
        start = 0 if whole else remaining
        hatch = None if whole else "////"
        ax.barh(
            row, width, left=start, height=0.68, color=BLUE if whole else ORANGE, edgecolor="white",
            hatch=hatch, linewidth=0.0,
        )  # fmt: skip
        if row < last:
            ax.plot([remaining, remaining], [row - 0.34, row + 1.34], color=GREY, linewidth=0.6)
        text = number(remaining) if whole else f"−{number(persons)}"
        inside = start + width > 0.86 * everybody
        ax.annotate(
            text, (start if inside and not whole else start + width, row),
            xytext=(-4 if inside else 4, 0), textcoords="offset points",
            ha="right" if inside else "left", va="center", fontweight="bold" if whole else "normal",
            color="white" if inside and whole else INK,
        )  # fmt: skip
        ax.annotate(
            str(label), (0, row), xytext=(-6, 0), textcoords="offset points", ha="right", va="center",
            fontweight="bold" if whole else "normal", annotation_clip=False,
        )  # fmt: skip
    ax.set_ylim(last + 0.6, -0.6)
    ax.set_xlim(0, 1.02 * everybody)
    ax.set_axis_off()
    return ax


def height_of_waterfall(table: pd.DataFrame) -> float:
    """Inches the bars need."""
    return ROW * len(table) + 0.1


def draw_waterfall(table: pd.DataFrame, sheet: Sheet) -> None:
    """One area, with room for the labels on the left."""
    plot_waterfall(table, sheet.axes(left=2.75, right=0.2, top=0.02, bottom=0.02))


def tell_waterfall(table: pd.DataFrame) -> str:
    """What the picture shows, for those who do not see it."""
    steps = [f"{row['label']} {number(row['persons'])}" for row in table.iloc[1:-1].to_dict("records")]
    return (
        f"Bars that start from {number(table['remaining'].iloc[0])} {table['label'].iloc[0]} and take off, "
        f"step by step: {'; '.join(steps)}. There remain {number(table['remaining'].iloc[-1])} eligible."
    )
