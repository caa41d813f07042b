"""Sobol indices: what share of the variance each assumption explains, alone and with the others."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from sim.output.plots.style import BLUE, GREY, VERMILLION, Sheet
from sim.output.plots.tornado import ROOM
from sim.output.plots.words import number

ROWS = 16
ROW = 0.24
"""Inches from row to row."""
APART = 0.16
"""Rows between the marks of one assumption."""


def plot_sobol(table: pd.DataFrame, ax: Axes) -> Axes:
    """A row an assumption: a dot for its own share, a diamond for its share with all others.

    Parameters
    ----------
    table
        Columns label, first_order, first_order_within, total, total_within.
    ax
        Where to draw.
    """
    rows = table.head(ROWS).to_dict("records")
    for name, color, marker, up in (("first_order", BLUE, "o", -APART), ("total", VERMILLION, "D", APART)):
        for place, row in enumerate(rows):
            value, within = float(row[name]), float(row[f"{name}_within"])
            ax.plot([value - within, value + within], [place + up, place + up], color=color, linewidth=1.1)
            ax.plot(value, place + up, color=color, marker=marker, markersize=4.2, linestyle="none")
    for place, row in enumerate(rows):
        ax.annotate(
            str(row["label"]), (0, place), xycoords=("axes fraction", "data"), xytext=(-6, 0),
            textcoords="offset points", ha="right", va="center", annotation_clip=False,
        )  # fmt: skip
    ax.axvline(0, color=GREY, linewidth=0.7)
    ends = [
        float(row[name]) + sign * float(row[f"{name}_within"])
        for row in rows
        for name in ("first_order", "total")
        for sign in (-1, 1)
    ]
    ax.set_xlim(min(0.0, *ends) - 0.01, max(0.1, *ends) + 0.01)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x")
    ax.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
    return ax


def height_of_sobol(table: pd.DataFrame, width: float) -> float:
    """Inches the rows need."""
    return ROW * min(len(table), ROWS) + 0.5


def draw_sobol(table: pd.DataFrame, sheet: Sheet) -> None:
    """One area, with room for the labels on the left."""
    plot_sobol(table, sheet.axes(left=ROOM, right=0.2, top=0.05, bottom=0.3))


def tell_sobol(table: pd.DataFrame) -> str:
    """What the picture shows, for those who do not see it."""
    told = [
        f"{row['label']} {number(row['first_order'], 'share')} alone, {number(row['total'], 'share')} with "
        "others"
        for row in table.head(5).to_dict("records")
    ]
    return (
        f"Dots and diamonds for the {min(len(table), ROWS)} assumptions that explain most of the variance, "
        f"of {len(table)}. Most: {'; '.join(told)}."
    )
