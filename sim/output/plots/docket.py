"""The docket: decisions by month, and the motions granted so far beside what was reported."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sim.output.plots.style import BLUE, INK, VERMILLION, Sheet, thousands, years
from sim.output.plots.words import about, month_name, number

HEAD = 0.24
GRANTED: dict[str, Any] = {"color": BLUE, "linewidth": 1.5, "linestyle": "-"}
DECIDED: dict[str, Any] = {"color": VERMILLION, "linewidth": 1.3, "linestyle": (0, (3.2, 1.8))}


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


def draw_docket(table: pd.DataFrame, sheet: Sheet) -> None:
    """Decisions in each month, and grants up to its end; diamonds: reported."""
    left = 0.6
    ax = sheet.axes(left=left, right=0.2, top=HEAD)
    place = range(len(table))
    ax.plot(place, table["granted"], **GRANTED)
    ax.plot(place, table["decided"], drawstyle="steps-mid", **DECIDED)
    told = table["reported"].notna().to_numpy()
    where = [number_ for number_, there in zip(place, told, strict=True) if there]
    ax.plot(where, table["reported"][told], marker="D", linestyle="none", color=INK, markersize=5)
    ax.set_ylim(0, 1.08 * float(table[["granted", "decided", "reported"]].max().max()) or 1.0)
    years(ax, table["month"].tolist(), every=2 if sheet.narrow else 1)
    ax.grid(axis="y")
    thousands(ax)
    sheet.name_lines([("granted so far", GRANTED), ("decided in the month", DECIDED)], left)


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
