"""A tornado of assumptions: how far each, moved alone, could move a quantity."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from sim.output.plots.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    NARROW,
    ORANGE,
    PALE,
    SMALL,
    UNDER,
    Sheet,
    amounts,
    name_rows,
)
from sim.output.plots.words import number, signed

ROWS = 16
"""Assumptions shown; all are in the numbers."""
ROW, NARROW_ROW = 0.24, 0.36
"""Inches from bar to bar; a narrow picture has the labels above them."""
ROOM = 2.3
"""Inches for the labels."""
LOW, HIGH, CHOICE = BLUE, ORANGE, GREEN
PALE_BAR = 0.35
"""Opacity of what the fit has ruled out."""
NEAR = 0.008
"""A bar shorter than this share of the drawing does not get its value written beside it."""


def plot_tornado(table: pd.DataFrame, ax: Axes, above: bool = False) -> Axes:
    """A row an assumption: bars from no difference to that of its least and its largest value.

    Parameters
    ----------
    table
        Columns label, kind, span, luck, low_at, high_at, low_difference, high_difference and, where the fit
        leaves a narrower range, plausible_low_difference, plausible_high_difference.
    ax
        Where to draw.
    above
        Whether labels stand above their bars, and not left of them.
    """
    rows = table[table["span"] > 0].head(ROWS).to_dict("records")
    down, high = (UNDER, 0.5) if above else (0.0, 0.72)
    for row_place, row in enumerate(rows):
        place = row_place + down
        ax.barh(
            row_place, 2 * row["luck"], left=-row["luck"], height=1.0, color=PALE, linewidth=0, zorder=0.5
        )
        narrowed = row.get("plausible_low_difference", float("nan")) == row.get("plausible_low_difference")
        for side, color in (("low", LOW), ("high", HIGH)):
            difference = row[f"{side}_difference"]
            shade = CHOICE if row["kind"] == "law" else color
            alpha = PALE_BAR if narrowed else 1.0
            ax.barh(place, difference, height=high, color=shade, alpha=alpha, linewidth=0)
            if narrowed:
                ax.barh(place, row[f"plausible_{side}_difference"], height=high / 2, color=shade, linewidth=0)
    ends = [_end(row, side) for row in rows for side in ("low", "high")] or [1.0]
    least, most = min(0.0, *ends), max(0.0, *ends)
    ax.set_xlim(least - 0.1 * (most - least), most + 0.1 * (most - least))
    for place, row in enumerate(rows):
        _values(ax, place + down, row, NEAR * (most - least))
    ax.axvline(0, color=INK, linewidth=0.8)
    name_rows(ax, [str(row["label"]) for row in rows], above)
    amounts(ax)
    ax.xaxis.set_major_formatter(lambda value, _: signed(value))
    return ax


def _values(ax: Axes, place: float, row: dict[Any, Any], near: float) -> None:
    """Write the values at the ends of the bars, where there is an end of its own."""
    ends = {side: _end(row, side) for side in ("low", "high")}
    for side, end in ends.items():
        other = ends["high" if side == "low" else "low"]
        hidden = end * other > 0 and (abs(end), side) < (abs(other), "high" if side == "low" else "low")
        if abs(end) <= near or hidden:
            continue
        right = end > 0
        ax.annotate(
            value_text(row[f"{side}_at"]), (end, place), xytext=(3 if right else -3, 0),
            textcoords="offset points", ha="left" if right else "right", va="center", fontsize=SMALL,
            color=GREY,
        )  # fmt: skip


def _end(row: dict[Any, Any], side: str) -> float:
    """Where the bars of a side end: the longer one, if the narrower range reaches further by luck."""
    bound, plausible = float(row[f"{side}_difference"]), row.get(f"plausible_{side}_difference", float("nan"))
    return max(bound, plausible, key=abs) if bound * plausible > 0 else bound


def value_text(value: object) -> str:
    """A value as short as it can be told: 0.85, 12, never."""
    return f"{value:.3g}" if isinstance(value, float) else str(value).replace("_", " ")


def height_of_tornado(table: pd.DataFrame, width: float) -> float:
    """Inches the bars need."""
    return (NARROW_ROW if width < NARROW else ROW) * min(int((table["span"] > 0).sum()), ROWS) + 0.5


def draw_tornado(table: pd.DataFrame, sheet: Sheet) -> None:
    """One area, with room for the labels on the left, or above the bars."""
    left = 0.35 if sheet.narrow else ROOM
    plot_tornado(table, sheet.axes(left=left, right=0.35, top=0.05, bottom=0.3), sheet.narrow)


def tell_tornado(table: pd.DataFrame) -> str:
    """What the picture shows, for those who do not see it."""
    moving = table[table["span"] > 0]
    told = []
    for row in moving.head(5).to_dict("records"):
        sides = [
            f"{value_text(row[f'{side}_at'])}: {signed(row[f'{side}_difference'])}"
            for side in ("low", "high")
        ]
        told.append(f"{row['label']}, now {value_text(row['from'])} ({'; '.join(dict.fromkeys(sides))})")
    still = table.loc[table["span"] == 0, "label"].tolist()
    without = f" Without any effect: {', '.join(still)}." if still else ""
    most = float(table["luck"].max())
    luck = f" Where people are made anew, up to {number(most)} may be luck." if most else ""
    shown = min(len(moving), ROWS)
    return (
        f"Horizontal bars for the {shown} assumptions that move it furthest, of {len(table)}. The furthest: "
        f"{'; '.join(told)}.{luck}{without}"
    )
