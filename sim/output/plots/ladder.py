"""The Drug Quantity Table as a ladder: base offense level by quantity, before and after."""

from __future__ import annotations

from collections import Counter

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator

from sim.output.plots.releases import HEAD, SHORT
from sim.output.plots.style import WITH, WITHOUT, Sheet, columns_in
from sim.output.plots.words import quantity

BELOW, BEYOND = 4.0, 4.0
"""The lowest band starts at nothing and the highest never ends: drawn so many times past the last step."""
TICKS = 2.0
"""Quantities named on an inch, at most."""
LEVELS = {1: "one", 2: "two", 3: "three", 4: "four"}


def plot_ladder(table: pd.DataFrame, ax: Axes) -> Axes:
    """Steps of one drug: quantity on a logarithmic scale, level on the other.

    Parameters
    ----------
    table
        Columns drug, unit, edition (before, after), at_least, base_offense_level; one drug.
    ax
        Where to draw.
    """
    positive = table.loc[table["at_least"] > 0, "at_least"]
    first = float(positive.min()) / BELOW if len(positive) else 1.0
    last = float(positive.max()) * BEYOND if len(positive) else 10.0
    unit = str(table["unit"].iloc[0])
    for edition, style in (("before", WITHOUT), ("after", WITH)):
        bands = table[table["edition"] == edition].sort_values("at_least")
        starts = [max(float(start), first) for start in bands["at_least"]]
        levels = bands["base_offense_level"].tolist()
        ax.plot([*starts, last], [*levels, levels[-1]], drawstyle="steps-post", **style)
    ax.set_xscale("log")
    ax.set_xlim(first, last)
    inches = ax.get_window_extent().width / ax.figure.dpi
    ax.xaxis.set_major_locator(LogLocator(numticks=max(3, int(TICKS * inches))))
    ax.xaxis.set_major_formatter(lambda value, _: quantity(value, unit))
    ax.xaxis.set_minor_formatter(lambda value, _: "")
    ax.minorticks_off()
    ax.set_yticks(range(6, 43, 4))
    ax.set_ylim(4, 40.5)
    ax.grid(axis="y")
    return ax


def draw_ladders(table: pd.DataFrame, sheet: Sheet) -> None:
    """One small area a drug; a single one takes the whole width."""
    drugs = list(dict.fromkeys(table["drug"]))
    if len(drugs) == 1:
        areas = [sheet.axes(left=0.45, right=0.25, top=0.3 + HEAD, bottom=0.32)]
    else:
        across = columns_in(sheet.width, 3)
        rows = -(-len(drugs) // across)
        areas = sheet.grid(rows, across, left=0.4, right=0.25, top=0.25 + HEAD, between=(0.32, 0.6))
    sheet.name_lines([("before", WITHOUT), ("after", WITH)], 0.4)
    for drug, ax in zip(drugs, areas, strict=False):
        bands = table[table["drug"] == drug]
        plot_ladder(bands, ax)
        ax.set_title(SHORT.get(drug, drug), loc="left", fontsize=8.5, fontweight="bold", pad=5)
    for ax in areas[len(drugs) :]:
        ax.set_axis_off()


def height_of_ladders(table: pd.DataFrame, width: float) -> float:
    """Inches the areas need."""
    drugs = table["drug"].nunique()
    return HEAD + (3.2 if drugs == 1 else 1.9 * -(-drugs // columns_in(width, 3)) + 0.2)


def find_ladders(table: pd.DataFrame) -> str:
    """By how many levels the same quantity starts lower, at most of the steps."""
    levels = table.pivot_table(
        "base_offense_level", ["drug", "at_least"], "edition", aggfunc="max", sort=False
    )
    reached = levels.reindex(columns=["before", "after"]).sort_index(level=1, kind="stable")
    reached = reached.groupby("drug", sort=False).ffill().fillna(0).astype(int)
    lower = (reached["before"] - reached["after"]).groupby("drug", sort=False)
    by_drug = lower.agg(lambda steps: Counter(steps).most_common(1)[0][0])
    moved = by_drug[by_drug != 0]
    if moved.empty:
        return "Most quantities of a drug start at the same level as before"
    some = len(set(moved)) == 1 and len(moved) < len(by_drug)
    which = " and ".join(SHORT.get(str(drug), str(drug)) for drug in moved.index)
    usual = Counter(moved).most_common(1)[0][0]
    steps = LEVELS.get(abs(usual), str(abs(usual)))
    start = f"start {steps} level{'s' if abs(usual) > 1 else ''} {'lower' if usual > 0 else 'higher'}"
    return f"{which}: most quantities {start}" if some else f"Most quantities of a drug {start}"


def tell_ladders(table: pd.DataFrame) -> str:
    """What the picture shows, for those who do not see it."""
    parts = []
    for drug in dict.fromkeys(table["drug"]):
        bands = table[table["drug"] == drug]
        unit = str(bands["unit"].iloc[0])
        sides = []
        for edition in ("before", "after"):
            side = bands[bands["edition"] == edition].sort_values("at_least")
            levels, top = side["base_offense_level"], quantity(side["at_least"].iloc[-1], unit)
            sides.append(f"{edition}, from level {levels.iloc[0]} to level {levels.iloc[-1]} at {top}")
        parts.append(f"{SHORT.get(drug, drug)}: {'; '.join(sides)}")
    return f"Base offense level by quantity of the drug, as steps. {'. '.join(parts)}."
