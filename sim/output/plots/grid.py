"""The Sentencing Table filled with people, before and after the amendment."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, PowerNorm

from sim.output.plots.style import BLUE, GREY, NARROW, Sheet, luminance
from sim.output.plots.words import about, number

CATEGORIES = ("I", "II", "III", "IV", "V", "VI")
ROW = 0.16
"""Inches a level takes."""
SHADES = LinearSegmentedColormap.from_list("people", ["#ffffff", BLUE])
DARK = 0.179
"""Luminance under which white stands out more than black; at it, both have a contrast of 4.6."""


def plot_grid(table: pd.DataFrame, ax: Axes, side: str, most: float) -> Axes:
    """One side of the grid: people as shade and number.

    Parameters
    ----------
    table
        Columns offense_level, criminal_history_category, persons_before, persons_after; a row a cell, level
        by level.
    ax
        Where to draw.
    side
        ``before`` or ``after``.
    most
        People in the darkest cell, the same on both sides.
    """
    persons = f"persons_{side}"
    shade = PowerNorm(0.6, 0, most)
    levels = table["offense_level"]
    grid = table[persons].to_numpy().reshape(-1, len(CATEGORIES))
    across = [0.5 + place for place in range(len(CATEGORIES) + 1)]
    down = [float(levels.min()) - 0.5 + place for place in range(len(grid) + 1)]
    ax.pcolormesh(across, down, grid, cmap=SHADES, norm=shade)
    ax.set_ylim(down[-1], down[0])
    for row in table.to_dict("records"):
        place = (row["criminal_history_category"], row["offense_level"])
        if row[persons]:
            color = "white" if luminance(SHADES(shade(row[persons]))) < DARK else "black"
            ax.text(*place, number(row[persons]), color=color, size=7, ha="center", va="center_baseline")
    ax.set_xticks(range(1, len(CATEGORIES) + 1), CATEGORIES)
    ax.set_yticks(range(int(levels.min()), int(levels.max()) + 1))
    ax.tick_params(length=0, labelsize=7)
    ax.xaxis.tick_top()
    for spine in ax.spines.values():
        spine.set_visible(True)
        spine.set_color(GREY)
    return ax


def rows_with_people(table: pd.DataFrame) -> pd.DataFrame:
    """The levels from the lowest to the highest with anybody on either side."""
    there = table.loc[(table["persons_before"] + table["persons_after"]) > 0, "offense_level"]
    if there.empty:
        return table
    return table[table["offense_level"].between(there.min(), there.max())]


def height_of_grid(table: pd.DataFrame, width: float) -> float:
    """Inches the levels need; a narrow picture has one side below the other."""
    one = ROW * rows_with_people(table)["offense_level"].nunique() + 0.5
    return 2 * one if width < NARROW else one


def draw_grid(table: pd.DataFrame, sheet: Sheet) -> None:
    """Both sides, on one scale of shades."""
    shown = rows_with_people(table)
    most = max(1.0, float(shown[["persons_before", "persons_after"]].max().max()))
    shape = (2, 1) if sheet.narrow else (1, 2)
    areas = sheet.grid(*shape, left=0.42, right=0.14, top=0.45, bottom=0.05, between=(0.4, 0.5))
    for ax, side in zip(areas, ("before", "after"), strict=True):
        plot_grid(shown, ax, side, most)
        ax.set_title(side, fontsize=8.5, fontweight="bold", pad=17)
        ax.annotate("level", (0, 1), xycoords="axes fraction", xytext=(-4, 5), textcoords="offset points",
                    ha="right", fontsize=7, color=GREY)  # fmt: skip


def find_grid(table: pd.DataFrame) -> str:
    """How many people change their cell."""
    moved, everybody = (about(table[name].sum()) for name in ("persons_leaving", "persons_before"))
    if moved == "0":
        return "Nobody moves to another cell of the Sentencing Table"
    return f"{moved} of {everybody} drug prisoners move to another cell of the Sentencing Table"


def tell_grid(table: pd.DataFrame) -> str:
    """What the picture shows, for those who do not see it."""
    moved = int(table["persons_leaving"].sum())
    everybody = int(table["persons_before"].sum())
    parts = []
    for side in ("before", "after"):
        row = table.iloc[int(table[f"persons_{side}"].to_numpy().argmax())]
        category = CATEGORIES[int(row["criminal_history_category"]) - 1]
        parts.append(
            f"{side}, the fullest cell is level {row['offense_level']}, category {category}, with "
            f"{number(row[f'persons_{side}'])} people"
        )
    return (
        "Two grids of offense level by criminal history category with the people in each cell. "
        f"{number(moved)} of {number(everybody)} people change their cell; {'; '.join(parts)}."
    )
