"""Drug prisoners already sentenced who are still in custody, with and without the amendment."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from sim.output.plots.releases import FAINT, FULL, HEAD, top_of
from sim.output.plots.style import BLUE, INK, WITH, WITHOUT, Sheet, aside, thousands, years
from sim.output.plots.words import about, interval, month_name, number


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
    widest = widest_gap(table)
    row = table.iloc[widest]
    if row["without"] > row["with"]:
        ax.plot([widest, widest], [row["with"], row["without"]], color=INK, linewidth=0.9)
        text = f"{month_name(row['month'])}:\n{number(row['without'] - row['with'])} fewer"
        early = widest < 0.55 * len(table)
        where = (widest, row["without"]) if early else (widest, row["with"])
        aside(ax, text, where, right=early, va="bottom" if early else "top")
    return ax


def widest_gap(table: pd.DataFrame) -> int:
    """Row with the greatest difference."""
    return int((table["without"] - table["with"]).to_numpy().argmax())


def draw_custody(table: pd.DataFrame, sheet: Sheet) -> None:
    """One area."""
    plot_custody(table, sheet.axes(left=0.62, right=0.2, top=HEAD))
    sheet.with_and_without(0.62)


def find_custody(table: pd.DataFrame) -> str:
    """The month with the greatest difference."""
    row = table.iloc[widest_gap(table)]
    if (fewer := about(row["without"] - row["with"])) == "0":
        return "The amendment leaves no fewer drug prisoners in custody in any month"
    return f"{fewer} fewer drug prisoners in custody in {month_name(row['month'])} than without the amendment"


def tell_custody(table: pd.DataFrame) -> str:
    """What the picture shows, for those who do not see it."""
    row, first, last = table.iloc[widest_gap(table)], table.iloc[0], table.iloc[-1]
    return (
        f"Line chart of the drug prisoners still in custody, from {month_name(first['month'])} "
        f"({number(first['with'])}) to {month_name(last['month'])} ({number(last['with'])} with, "
        f"{number(last['without'])} without). The lines are furthest apart in "
        f"{month_name(row['month'])}: {number(row['with'])} with"
        f"{interval(row['with_low_90'], row['with_high_90'], ', 90 percent interval ')}, and "
        f"{number(row['without'])} without."
    )
