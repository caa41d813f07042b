"""The Drug Quantity Table as a ladder: base offense level by quantity, before and after."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from sim.output.plots.releases import SHORT
from sim.output.plots.style import BLUE, VERMILLION, WITH, WITHOUT, Sheet
from sim.output.plots.words import quantity

BELOW, BEYOND = 4.0, 4.0
"""The lowest band starts at nothing and the highest never ends: drawn so many times past the last step."""


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
    ax.xaxis.set_major_formatter(lambda value, _: quantity(value, unit))
    ax.xaxis.set_minor_formatter(lambda value, _: "")
    ax.minorticks_off()
    ax.set_yticks(range(6, 43, 4))
    ax.set_ylim(4, 40.5)
    ax.grid(axis="y")
    return ax


def name_the_sides(table: pd.DataFrame, ax: Axes) -> None:
    """Write before left above the middle step, and after right below it."""
    for edition, color, left in (("before", VERMILLION, True), ("after", BLUE, False)):
        bands = table[(table["edition"] == edition) & (table["at_least"] > 0)].sort_values("at_least")
        if bands.empty:
            continue
        step = bands.iloc[(2 * len(bands)) // 3 if left else len(bands) // 2]
        ax.annotate(
            edition, (step["at_least"], step["base_offense_level"] - (0 if left else 1)), color=color,
            xytext=(-6 if left else 7, 2 if left else -2), textcoords="offset points",
            ha="right" if left else "left", va="bottom" if left else "top",
        )  # fmt: skip


def draw_ladders(table: pd.DataFrame, sheet: Sheet) -> None:
    """One small area a drug; a single one takes the whole width."""
    drugs = list(dict.fromkeys(table["drug"]))
    if len(drugs) == 1:
        areas = [sheet.axes(left=0.45, right=0.25, top=0.3, bottom=0.32)]
    else:
        areas = sheet.grid(-(-len(drugs) // 3), 3, left=0.4, right=0.25, top=0.25, between=(0.32, 0.6))
    for drug, ax in zip(drugs, areas, strict=False):
        bands = table[table["drug"] == drug]
        plot_ladder(bands, ax)
        ax.set_title(SHORT.get(drug, drug), loc="left", fontsize=8.5, fontweight="bold", pad=5)
        name_the_sides(bands, ax)
    for ax in areas[len(drugs) :]:
        ax.set_axis_off()


def height_of_ladders(table: pd.DataFrame) -> float:
    """Inches the areas need."""
    drugs = table["drug"].nunique()
    return 3.2 if drugs == 1 else 1.9 * -(-drugs // 3) + 0.2


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
