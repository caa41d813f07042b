"""The forecast against the published figures: each value with its interval beside the published band."""

from __future__ import annotations

from textwrap import wrap

import pandas as pd
from matplotlib.axes import Axes

from sim.output.plots.style import BLUE, GREY, INK, PALE, VERMILLION, Sheet
from sim.output.plots.words import number

ROW = 0.3
"""Inches from row to row."""
LETTERS = 31
"""Letters of a label on a line."""
FORECAST, PUBLISHED = 44, 94
"""Points right of the drawing where the two columns of numbers end."""
NARROWEST, WIDEST = 60.0, 145.0
"""Percent of the published figure that the scale shows at least."""


def plot_scorecard(table: pd.DataFrame, ax: Axes) -> Axes:
    """A row a figure, in percent of the published one: band in grey, forecast as a point with its interval.

    Parameters
    ----------
    table
        Columns label, unit, value, published, in_published_band and value_percent, low_90_percent,
        high_90_percent, published_low_percent, published_high_percent.
    ax
        Where to draw.
    """
    ax.axvline(100, color=GREY, linewidth=0.7)
    for place, row in enumerate(table.to_dict("records")):
        low, high = row["published_low_percent"], row["published_high_percent"]
        ax.barh(place, high - low, left=low, height=0.58, color=PALE, linewidth=0)
        met = row["in_published_band"] is True
        color = BLUE if met else VERMILLION
        ax.plot([row["low_90_percent"], row["high_90_percent"]], [place, place], color=color, linewidth=1.3)
        ax.plot(
            row["value_percent"], place, color=color, linestyle="none", markeredgecolor="white",
            marker="o" if met else "X", markersize=6 if met else 7.5, markeredgewidth=0.7,
        )  # fmt: skip
        _beside(ax, place, -6, "\n".join(_lines(str(row["label"]))), INK, side=0)
        unit = row["unit"]
        _beside(ax, place, FORECAST, number(row["value"], unit), color)
        _beside(ax, place, PUBLISHED, number(row["published"], unit), INK)
        if unit not in ("share", "percent", "persons"):
            _beside(ax, place, PUBLISHED + 5, unit, GREY, align="left")
    least = min(NARROWEST, 0.97 * float(table["low_90_percent"].min()))
    most = max(WIDEST, 1.03 * float(table["high_90_percent"].max()))
    ax.set_xlim(least, most)
    ax.set_ylim(len(table) - 0.4, -0.6)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:.0f} %")
    for x, text in ((FORECAST, "forecast"), (PUBLISHED, "published")):
        _beside(ax, -1, x, text, GREY)
    return ax


def _lines(label: str) -> list[str]:
    """The label on as few lines as it takes, of about the same length."""
    fewest = len(wrap(label, LETTERS))
    even = (wrap(label, width) for width in range(-(-len(label) // fewest), LETTERS + 1))
    return next(lines for lines in even if len(lines) == fewest)


def _beside(
    ax: Axes, place: float, points: float, text: str, color: str, side: int = 1, align: str = "right"
) -> None:
    """Write a text some points away from the left (0) or right (1) edge, at the height of a row."""
    ax.annotate(
        text, (side, place), xycoords=("axes fraction", "data"), xytext=(points, 0),
        textcoords="offset points", ha=align, va="center", color=color, annotation_clip=False,
    )  # fmt: skip


def height_of_scorecard(table: pd.DataFrame) -> float:
    """Inches the rows need."""
    return ROW * len(table) + 0.55


def draw_scorecard(table: pd.DataFrame, sheet: Sheet) -> None:
    """One area, with room for names on the left and numbers on the right."""
    plot_scorecard(table, sheet.axes(left=2.15, right=2.0, top=0.25, bottom=0.28))


def tell_scorecard(table: pd.DataFrame) -> str:
    """What the picture shows, for those who do not see it."""
    met = table["in_published_band"].fillna(False).astype(bool)
    missed = [
        f"{row['label']} {number(row['value'], row['unit'])}, published "
        f"{number(row['published_low'], row['unit'])} to {number(row['published_high'], row['unit'])}"
        for row in table[~met].to_dict("records")
    ]
    told = f" Outside: {'; '.join(missed)}." if missed else ""
    return (
        f"One row for each of {len(table)} published numbers with the forecast and its 90 percent interval. "
        f"The forecast lies inside the published band for {int(met.sum())}.{told}"
    )
