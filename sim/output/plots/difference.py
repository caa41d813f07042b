"""People in custody under other scenarios, less those under the first."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from sim.output.plots.picture import Look, Picture, about_people
from sim.output.plots.releases import HEAD
from sim.output.plots.style import BLUE, GREEN, GREY, ORANGE, VERMILLION, Sheet, thousands, years
from sim.output.plots.words import about, month_name, signed
from sim.studies.comparison import Comparison

LINES: tuple[tuple[str, Any], ...] = (
    (BLUE, "-"),
    (VERMILLION, (0, (4, 1.6))),
    (GREEN, (0, (1, 1))),
    (ORANGE, (0, (5, 1.2, 1, 1.2))),
)
"""Colour and dashes of the scenarios, in their order; a fifth begins again."""


def plot_difference(table: pd.DataFrame, ax: Axes) -> Axes:
    """A line with its 90 percent interval for each scenario, around a line at no difference.

    Parameters
    ----------
    table
        Columns scenario, month, difference, low_90, high_90.
    ax
        Where to draw.
    """
    names = list(dict.fromkeys(table["scenario"]))
    ax.axhline(0, color=GREY, linewidth=0.8)
    for place, name in enumerate(names):
        color, dashes = LINES[place % len(LINES)]
        part = table[table["scenario"] == name]
        along = range(len(part))
        if part["low_90"].notna().any():
            ax.fill_between(along, part["low_90"], part["high_90"], color=color, alpha=0.16, linewidth=0)
        ax.plot(along, part["difference"], color=color, linestyle=dashes, linewidth=1.5)
    years(ax, table[table["scenario"] == names[0]]["month"].tolist())
    ax.spines["bottom"].set_visible(False)
    ax.grid(axis="y")
    thousands(ax)
    return ax


def draw_difference(table: pd.DataFrame, sheet: Sheet) -> None:
    """One area, with the names of the scenarios above it."""
    names = list(dict.fromkeys(table["scenario"]))
    plot_difference(table, sheet.axes(left=0.62, right=0.2, top=HEAD))
    styles = [LINES[place % len(LINES)] for place in range(len(names))]
    sheet.name_lines(
        [
            (name, {"color": color, "linestyle": dashes})
            for name, (color, dashes) in zip(names, styles, strict=True)
        ],
        0.62,
    )


def find_difference(table: pd.DataFrame) -> str:
    """The scenario that differs most, and when."""
    row = table.iloc[int(table["difference"].abs().to_numpy().argmax())]
    if (people := about(abs(row["difference"]))) == "0":
        return "The scenarios leave the same number of people in custody"
    side = "more" if row["difference"] > 0 else "fewer"
    return f"{row['scenario']}: {people} {side} in custody in {month_name(row['month'])}"


def tell_difference(table: pd.DataFrame) -> str:
    """What the picture shows, for those who do not see it."""
    parts = []
    for name in dict.fromkeys(table["scenario"]):
        part = table[table["scenario"] == name]
        row = part.iloc[int(part["difference"].abs().to_numpy().argmax())]
        parts.append(
            f"{name} differs most in {month_name(row['month'])}: {signed(row['difference'])} people, "
            f"90 percent interval {signed(row['low_90'])} to {signed(row['high_90'])}"
        )
    return f"Line chart of differences by month. {'; '.join(parts)}."


def numbers(comparison: Comparison) -> pd.DataFrame:
    """Differences of people in custody, all drugs together."""
    table = comparison.by_month
    chosen = (table["drug"] == "all") & (table["quantity"] == "in_custody")
    return table[chosen].drop(columns=["drug", "quantity"]).reset_index(drop=True)


def files(comparison: Comparison, look: Look | None = None) -> dict[str, bytes]:
    """Names and contents of the files; none if the scenarios have no month in common."""
    table = numbers(comparison)
    if table.empty:
        return {}
    first = comparison.results[0]
    picture = Picture(
        "difference_in_custody",
        find_difference,
        f"drug prisoners in custody at the end of each month, difference from {first.scenario.name}; shaded: "
        "90 percent intervals, from plausible worlds that all scenarios share",
        numbers,
        draw_difference,
        tell_difference,
        lambda table, width: 2.8,
    )
    known = first.provenance
    source = (
        f"Source: Drugs Minus Two {known.get('version')}, scenarios "
        f"{', '.join(result.scenario.name for result in comparison.results)}, seed {first.seed}; "
        f"{about_people(first)}."
    )
    made = {
        "version": known.get("version"),
        "seed": first.seed,
        "scenarios": {result.scenario.name: result.scenario.hash for result in comparison.results},
        "tables_sha256": known.get("tables_sha256"),
    }
    return picture.drawn(table, source, made, look)
