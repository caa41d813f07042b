"""Distributions before and after: terms, and time served."""

from __future__ import annotations

from math import isnan

import pandas as pd
from matplotlib.axes import Axes

from sim.output.plots.style import BLUE, INK, WITH, WITHOUT, Sheet, thousands
from sim.output.plots.words import number


def plot_before_after(table: pd.DataFrame, ax: Axes) -> Axes:
    """Two outlines over the same years, with the mean of each.

    Parameters
    ----------
    table
        Columns from_years, to_years, before, after, mean_before_years, mean_after_years. A row without years
        counts life and is written out, not drawn.
    ax
        Where to draw.
    """
    finite = table[table["from_years"].notna()]
    edges = [*finite["from_years"], finite["to_years"].iloc[-1]]
    most = float(finite[["before", "after"]].max().max())
    if most == 0:
        ax.set_axis_off()
        ax.text(0.5, 0.5, "nobody is eligible", transform=ax.transAxes, ha="center", va="center")
        return ax
    ax.stairs(finite["after"], edges, fill=True, color=BLUE, alpha=0.16, linewidth=0)
    ax.stairs(finite["after"], edges, **WITH)
    ax.stairs(finite["before"], edges, **WITHOUT)
    top = 1.32 * most
    ax.set_ylim(0, top)
    ax.set_xlim(0, float(edges[-1]))
    ax.grid(axis="y")
    thousands(ax)
    ax.set_xlabel("years", loc="right", labelpad=1)
    means = table.iloc[0]
    ordered = means["mean_after_years"] <= means["mean_before_years"]
    for column, style, left in (("after", WITH, ordered), ("before", WITHOUT, not ordered)):
        mean = means[f"mean_{column}_years"]
        if isnan(mean):
            continue
        color, dashes = style["color"], style["linestyle"]
        ax.plot([mean, mean], [0, 0.9 * top], color=color, linestyle=dashes, linewidth=1.0)
        ax.annotate(
            f"mean\n{number(mean, 'years')}", (mean, 0.985 * top), va="top", color=color,
            xytext=(-3 if left else 3, 0), textcoords="offset points", ha="right" if left else "left",
            linespacing=1.3, bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
        )  # fmt: skip
    life = table[table["from_years"].isna()]
    if len(life) and life[["before", "after"]].to_numpy().sum():
        before, after = (number(float(life[column].iloc[0])) for column in ("before", "after"))
        ax.annotate(
            f"not drawn: life, {before} before and {after} after", (1.0, 0.62), xycoords="axes fraction",
            ha="right", color=INK, fontsize=7.5,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
        )  # fmt: skip
    return ax


def draw_before_after(table: pd.DataFrame, sheet: Sheet) -> None:
    """One area."""
    plot_before_after(table, sheet.axes(left=0.55, right=0.25, top=0.24, bottom=0.4))
    sheet.name_lines([("before", WITHOUT), ("after", WITH)], 0.55)


def _finding(table: pd.DataFrame, what: str) -> str:
    before, after = (table[f"mean_{side}_years"].iloc[0] for side in ("before", "after"))
    if isnan(before) or isnan(after):
        return f"{what} is life, before or after"
    if number(before, "years") == number(after, "years"):
        return f"{what} stays at {number(before, 'years')} years"
    falls = "falls" if after < before else "rises"
    return f"{what} {falls} from {number(before, 'years')} to {number(after, 'years')} years"


def find_terms(table: pd.DataFrame) -> str:
    """The mean of the terms, before and after."""
    return _finding(table, "The mean term of the eligible")


def find_served(table: pd.DataFrame) -> str:
    """The mean of the time served, before and after."""
    return _finding(table, "Mean time served by the eligible")


def tell_before_after(table: pd.DataFrame) -> str:
    """What the picture shows, for those who do not see it."""
    finite = table[table["from_years"].notna()]
    life = table[table["from_years"].isna()]
    parts = []
    for column in ("before", "after"):
        row = finite.iloc[int(finite[column].to_numpy().argmax())]
        mean = number(table[f"mean_{column}_years"].iloc[0], "years")
        parts.append(
            f"{column}, the mean is {mean} years and most people ({number(row[column])}) are between "
            f"{row['from_years']:.0f} and {row['to_years']:.0f} years"
        )
    excluded = f" Life is not drawn: {life['before'].sum():,} before, {life['after'].sum():,} after."
    return f"Two distributions over years. {'; '.join(parts).capitalize()}.{excluded if len(life) else ''}"
