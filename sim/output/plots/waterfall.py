"""From all drug prisoners to the eligible, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from sim.output.plots.style import BLUE, GREY, INK, ORANGE, SMALL, Sheet
from sim.output.plots.words import about, number

INSIDE = 0.17
"""Share of all people a bar must have before its interval, so that its number stands in it."""
ROW, NARROW_ROW = 0.235, 0.36
"""Inches from bar to bar; a narrow picture has the labels above them."""


def plot_waterfall(table: pd.DataFrame, ax: Axes, above: bool = False) -> Axes:
    """A bar a step: everybody, then who leaves at each step, then the eligible.

    Parameters
    ----------
    table
        Columns label, persons (leaving), remaining, low_90, high_90, published; first row everybody, last row
        the eligible. The interval is that of the persons leaving, in the last row of the eligible.
    ax
        Where to draw.
    above
        Whether labels stand above their bars, and not left of them.
    """
    last = len(table) - 1
    everybody = float(table["remaining"].iloc[0])
    for row, step in enumerate(table.to_dict("records")):
        whole = row in (0, last)
        start = 0.0 if whole else float(step["remaining"])
        end = start + float(step["remaining"] if whole else step["persons"])
        place = row + 0.16 if above else row
        high = 0.44 if above else 0.68
        ax.barh(
            place, end - start, left=start, height=high, color=BLUE if whole else ORANGE, edgecolor="white",
            hatch=None if whole else "////", linewidth=0.0,
        )  # fmt: skip
        low_90, high_90 = float(step["low_90"]), float(step["high_90"])
        if low_90 < high_90:  # of a step, counted from where the step before has left off
            ends = (low_90, high_90) if whole else (end - high_90, end - low_90)
            ax.plot(ends, [place, place], color=INK, linewidth=1.0, marker="|", markersize=4)
        if not above and row < last:
            ax.plot(
                [start, start] if not whole else [end, end],
                [row + 0.34, row + 0.66],
                color=GREY,
                linewidth=0.6,
            )
        if step["published"] == step["published"]:
            ax.plot(step["published"], place, marker="D", markersize=5, color=INK, markeredgecolor="white")
        _label(ax, step, place, (start, end), everybody, above=above, whole=whole)
    ax.set_ylim(last + 0.6, -0.6)
    ax.set_xlim(0, 1.02 * everybody)
    ax.set_axis_off()
    return ax


def _label(
    ax: Axes, step: Mapping[Any, Any], place: float, ends: tuple[float, float], everybody: float, *,
    above: bool, whole: bool,
) -> None:  # fmt: skip
    """The name of a step and its number, away from bar and interval."""
    weight = "bold" if whole else "normal"
    text = number(step["remaining"]) if whole else f"−{number(step['persons'])}"
    published = f" (published {number(step['published'])})" if step["published"] == step["published"] else ""
    if above:
        ax.annotate(
            f"{step['label']}  {text}{published}", (0, place - 0.25), va="bottom", ha="left",
            fontweight=weight, fontsize=SMALL,
        )  # fmt: skip
        return
    spread = max(ends[1], step["high_90"] if whole else ends[1], step["published"] if published else 0.0)
    left = spread > 0.6 * everybody
    wide = step["low_90"] < step["high_90"]
    interval = f"({number(step['low_90'])} to {number(step['high_90'])})" if wide else ""
    before = min(ends[1], step["low_90"]) if wide else ends[1]
    inside = whole and before > INSIDE * everybody  # there is room for the number
    if inside and not left:
        ax.annotate(
            interval, (spread, place), xytext=(5, 0), textcoords="offset points", va="center", fontsize=SMALL
        )
    elif not inside:
        text = f"{text}  {interval}".rstrip()
    reach = ends[0] if whole else min(ends[0], ends[1] - max(step["high_90"], 0.0))
    ground = None
    if left and not inside and reach < INSIDE * everybody:  # no room before the bar: on it
        reach, ground = ends[1], {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
    ax.annotate(
        text, (before if inside else reach if left else spread, place),
        xytext=(-5 if left or inside else 5, 0), textcoords="offset points",
        ha="right" if left or inside else "left", va="center", fontweight=weight,
        fontsize=SMALL, color="white" if inside else INK, bbox=ground,
    )  # fmt: skip
    ax.annotate(
        f"{step['label']}{published}", (0, place), xytext=(-6, 0), textcoords="offset points", ha="right",
        va="center", fontweight=weight, annotation_clip=False,
    )  # fmt: skip


def height_of_waterfall(table: pd.DataFrame, width: float) -> float:
    """Inches the bars need."""
    return (ROW if width >= NARROW_FROM else NARROW_ROW) * len(table) + 0.1


NARROW_FROM = 5.4


def draw_waterfall(table: pd.DataFrame, sheet: Sheet) -> None:
    """One area, with room for the labels on the left where there is any."""
    above = sheet.width < NARROW_FROM
    plot_waterfall(table, sheet.axes(left=0.14 if above else 2.75, right=0.2, top=0.02, bottom=0.02), above)


def find_waterfall(table: pd.DataFrame) -> str:
    """How many are left of how many."""
    everybody, left = float(table["remaining"].iloc[0]), float(table["remaining"].iloc[-1])
    if about(left) == "0":
        return f"None of {about(everybody)} drug prisoners is eligible for a shorter term"
    return f"About {about(left)} of {about(everybody)} drug prisoners are eligible for a shorter term"


def tell_waterfall(table: pd.DataFrame) -> str:
    """What the picture shows, for those who do not see it."""
    steps = [f"{row['label']} {number(row['persons'])}" for row in table.iloc[1:-1].to_dict("records")]
    last = table.iloc[-1]
    interval = (
        f", 90 percent interval {number(last['low_90'])} to {number(last['high_90'])}"
        if last["low_90"] < last["high_90"]
        else ""
    )
    published = f"; published: {number(last['published'])}" if last["published"] == last["published"] else ""
    return (
        f"Bars that start from {number(table['remaining'].iloc[0])} {table['label'].iloc[0]} and take off, "
        f"step by step: {'; '.join(steps)}. There remain {number(last['remaining'])} eligible{interval}"
        f"{published}."
    )
