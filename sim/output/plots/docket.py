"""The docket: decisions by month, and the motions granted so far beside what was reported."""

from __future__ import annotations

import pandas as pd

from sim.output.plots.style import BLUE, INK, NARROW, VERMILLION, Sheet, thousands, years
from sim.output.plots.words import about, month_name, number

PANELS = (("decided", "decided in the month", VERMILLION), ("granted", "granted since the beginning", BLUE))
"""Column of each area, its title and its colour."""


def find_docket(table: pd.DataFrame) -> str:
    """Forecast and report at the first reported month, else the busiest month."""
    told = table[table["reported"].notna()]
    if len(told):
        row = told.iloc[0]
        return (
            f"About {about(row['granted'])} motions granted by {month_name(row['month'])} in the forecast, "
            f"{number(row['reported'])} reported"
        )
    row = table.iloc[int(table["decided"].to_numpy().argmax())]
    return f"Courts decide most in {month_name(row['month'])}: about {about(row['decided'])} motions"


def height_of_docket(table: pd.DataFrame, width: float) -> float:
    """Inches of the two areas, one below the other where there is no room."""
    return 4.6 if width < NARROW else 2.5


def draw_docket(table: pd.DataFrame, sheet: Sheet) -> None:
    """Decisions in each month, and grants up to its end; diamonds: reported."""
    shape = (2, 1) if sheet.narrow else (1, 2)
    areas = sheet.grid(*shape, left=0.5, between=(0.6, 0.55))
    for ax, (column, title, color) in zip(areas, PANELS, strict=True):
        ax.plot(range(len(table)), table[column], color=color, linewidth=1.5)
        ax.set_title(title, loc="left", fontsize=8.5, fontweight="bold", pad=5)
        years(ax, table["month"].tolist())
        ax.grid(axis="y")
        thousands(ax)
    reported = table["reported"].to_numpy(float)
    areas[1].plot(range(len(table)), reported, marker="D", linestyle="none", color=INK, markersize=5)
    for ax, columns in zip(areas, (["decided"], ["granted", "reported"]), strict=True):
        ax.set_ylim(0, 1.08 * float(table[columns].max().max()) or 1.0)


def tell_docket(table: pd.DataFrame) -> str:
    """What the picture shows, for those who do not see it."""
    last = table.iloc[-1]
    reported = "; ".join(
        f"{number(row['granted'])} granted by {month_name(row['month'])}, {number(row['reported'])} reported"
        for row in table[table["reported"].notna()].to_dict("records")
    )
    most = table.iloc[int(table["decided"].to_numpy().argmax())]
    return (
        f"{number(last['granted'])} motions are granted by {month_name(last['month'])}; most are decided in "
        f"{month_name(most['month'])}, {number(most['decided'])}. {reported + '.' if reported else ''}"
    ).strip()
