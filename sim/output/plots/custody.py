"""People of the stock still in custody, with and without the amendment."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from sim.output.plots.releases import top_of
from sim.output.plots.style import BLUE, INK, VERMILLION, WITH, WITHOUT, Sheet, end_labels, thousands, years
from sim.output.plots.words import month_name, number

FAINT, FULL = 0.18, 0.32


def plot_custody(table: pd.DataFrame, ax: Axes) -> Axes:
    """Two lines from the reference day on, with bands of 50 and 90 percent around the one with the amendment.

    Parameters
    ----------
    table
        Columns month, with, with_low_90, with_low_50, with_high_50, with_high_90, without.
    ax
        Where to draw.
    """
    place = range(len(table))
    for low, high, alpha in (("low_90", "high_90", FAINT), ("low_50", "high_50", FULL)):
        band = table[f"with_{low}"], table[f"with_{high}"]
        ax.fill_between(place, *band, color=BLUE, alpha=alpha, linewidth=0)
    ax.plot(place, table["without"], **WITHOUT)
    ax.plot(place, table["with"], **WITH)
    years(ax, table["month"].tolist())
    ax.set_ylim(0, top_of(table))
    ax.grid(axis="y")
    thousands(ax)
    last = table.iloc[-1]
    names = [(last["with"], "with", BLUE), (last["without"], "without", VERMILLION)]
    end_labels(ax, names, gap=ax.get_ylim()[1] / 18)
    widest = widest_gap(table)
    row = table.iloc[widest]
    if row["without"] > row["with"]:
        ax.plot([widest, widest], [row["with"], row["without"]], color=INK, linewidth=0.9)
        early = widest < len(table) / 2
        ax.annotate(
            f"{month_name(row['month'])}: {number(row['without'] - row['with'])} fewer inside",
            (widest, row["without"]), xytext=(10 if early else 0, 8), textcoords="offset points",
            ha="left" if early else "right", va="bottom",
        )  # fmt: skip
    return ax


def widest_gap(table: pd.DataFrame) -> int:
    """Row with the greatest difference."""
    return int((table["without"] - table["with"]).to_numpy().argmax())


def draw_custody(table: pd.DataFrame, sheet: Sheet) -> None:
    """One area."""
    plot_custody(table, sheet.axes(left=0.62, right=0.62))


def tell_custody(table: pd.DataFrame) -> str:
    """What the picture shows, for those who do not see it."""
    row, first, last = table.iloc[widest_gap(table)], table.iloc[0], table.iloc[-1]
    return (
        f"Line chart of the people of the stock still in custody, from {month_name(first['month'])} "
        f"({number(first['with'])}) to {month_name(last['month'])} ({number(last['with'])} with, "
        f"{number(last['without'])} without). The lines are furthest apart in "
        f"{month_name(row['month'])}: {number(row['with'])} with, 90 percent band "
        f"{number(row['with_low_90'])} to {number(row['with_high_90'])}, and "
        f"{number(row['without'])} without."
    )
