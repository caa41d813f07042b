"""Sobol indices: what share of the variance each assumption explains, alone and with the others."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from sim.output.plots.style import BLUE, GREY, NARROW, UNDER, VERMILLION, Sheet, name_rows
from sim.output.plots.tornado import NARROW_ROW, ROOM, ROW
from sim.output.plots.words import number

ROWS = 16
APART = 0.16
"""Rows between the marks of one assumption."""


def plot_sobol(table: pd.DataFrame, ax: Axes, above: bool = False) -> Axes:
    """A row an assumption: a dot for its own share, a diamond for its share with all others.

    Parameters
    ----------
    table
        Columns label, first_order, first_order_within, total, total_within.
    ax
        Where to draw.
    above
        Whether labels stand above their marks, and not left of them.
    """
    rows = table.head(ROWS).to_dict("records")
    down = UNDER if above else 0.0
    for name, color, marker, up in (("first_order", BLUE, "o", -APART), ("total", VERMILLION, "D", APART)):
        for place, row in enumerate(rows):
            middle = place + down + up
            value, within = float(row[name]), float(row[f"{name}_within"])
            ax.plot([value - within, value + within], [middle, middle], color=color, linewidth=1.1)
            ax.plot(value, middle, color=color, marker=marker, markersize=4.2, linestyle="none")
    ax.axvline(0, color=GREY, linewidth=0.7)
    ends = [
        float(row[name]) + sign * float(row[f"{name}_within"])
        for row in rows
        for name in ("first_order", "total")
        for sign in (-1, 1)
    ]
    ax.set_xlim(min(0.0, *ends) - 0.01, max(0.1, *ends) + 0.01)
    name_rows(ax, [str(row["label"]) for row in rows], above)
    ax.grid(axis="x")
    ax.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
    return ax


def find_sobol(table: pd.DataFrame, title: str) -> str:
    """The assumption that explains most, if its interval leaves the next one behind."""
    first, second = (table.iloc[place] for place in (0, min(1, len(table) - 1)))
    if len(table) > 1 and first["total"] - first["total_within"] <= second["total"]:
        return f"{title}: too few samples to tell which assumption explains most"
    return f"What explains most of how {title[:1].lower()}{title[1:]} may vary: {first['label']}"


def height_of_sobol(table: pd.DataFrame, width: float) -> float:
    """Inches the rows need."""
    return (NARROW_ROW if width < NARROW else ROW) * min(len(table), ROWS) + 0.5


def draw_sobol(table: pd.DataFrame, sheet: Sheet) -> None:
    """One area, with room for the labels on the left, or above the marks."""
    left = 0.35 if sheet.narrow else ROOM
    plot_sobol(table, sheet.axes(left=left, right=0.2, top=0.05, bottom=0.3), sheet.narrow)


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
