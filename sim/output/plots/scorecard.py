"""The forecast against the published figures: each value with its interval beside the published band."""

from __future__ import annotations

from textwrap import wrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.output.plots.style import BLUE, GREY, INK, PALE, VERMILLION, Sheet
from sim.output.plots.words import ROLES, apart, number, of_persons

ROW = 0.3
"""Inches from row to row."""
LINE = 54
"""Letters of a name with its numbers on a line."""
WIDE = 5.6
"""Inches from which names and numbers stand beside the rows."""
LETTERS, BROAD = 31, 9.0
"""Letters of a label on a line; inches from which twice as many have room."""
FORECAST, PUBLISHED = 44, 94
"""Points right of the drawing where the two columns of numbers end."""
NARROWEST, WIDEST = 60.0, 145.0
"""Percent of the published figure that the scale shows at least."""
TICKS = 4


def plot_scorecard(table: pd.DataFrame, ax: Axes, above: bool = False, letters: int = LETTERS) -> Axes:
    """A row a figure, in percent of the published one: band in grey, forecast as a point with its interval.

    Parameters
    ----------
    table
        Columns label, role, unit, value, published, in_published_band and value_percent, low_90_percent,
        high_90_percent, published_low_percent, published_high_percent.
    ax
        Where to draw.
    above
        Whether names and numbers stand above their rows, and not beside them.
    letters
        Letters of a name on a line, where it stands beside.
    """
    ax.axvline(100, color=GREY, linewidth=0.7)
    names = _names(table)
    places, bottom = _places(names, letters if not above else None)
    for name, place, row in zip(names, places, table.to_dict("records"), strict=True):
        low, high = row["published_low_percent"], row["published_high_percent"]
        ax.barh(place, high - low, left=low, height=0.36 if above else 0.58, color=PALE, linewidth=0)
        met = row["in_published_band"] is True
        color = BLUE if met else VERMILLION
        ax.plot([row["low_90_percent"], row["high_90_percent"]], [place, place], color=color, linewidth=1.3)
        ax.plot(
            row["value_percent"], place, color=color, linestyle="none", markeredgecolor="white",
            marker="o" if met else "X", markersize=6 if met else 7.5, markeredgewidth=0.7,
        )  # fmt: skip
        unit = row["unit"]
        if above:
            value, published = of_persons(row["value"], unit), number(row["published"], unit)
            numbers = f"{value}, published {published}".replace(" %", "\N{NO-BREAK SPACE}%")
            text = "\n".join(wrap(f"{name}: {numbers}", LINE))
            ax.annotate(
                text, (0, place - 0.24), xycoords=("axes fraction", "data"), va="bottom", color=INK,
                fontsize=7,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5}, annotation_clip=False,
            )  # fmt: skip
            continue
        _beside(ax, place, -6, "\n".join(_lines(name, letters)), INK, side=0)
        _beside(ax, place, FORECAST, number(row["value"], unit), color)
        _beside(ax, place, PUBLISHED, number(row["published"], unit), INK)
        if unit not in ("share", "percent", "persons"):
            _beside(ax, place, PUBLISHED + 5, unit, GREY, align="left")
    least = min(NARROWEST, 0.97 * float(table["low_90_percent"].min()))
    most = max(WIDEST, 1.03 * float(table["high_90_percent"].max()))
    ax.set_xlim(least, most)
    ax.set_ylim(bottom - 0.4, -0.8 if above else -0.6)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=TICKS, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:.0f} %")
    if not above:
        for x, text in ((FORECAST, "forecast"), (PUBLISHED, "published")):
            _beside(ax, -1, x, text, GREY)
    return ax


def _names(table: pd.DataFrame) -> list[str]:
    """The labels; a figure that is no check says what else it is."""
    return [
        label if role == "check" else f"{label} ({ROLES.get(role, role)})"
        for label, role in zip(table["label"], table["role"], strict=True)
    ]


def _lines(label: str, letters: int) -> list[str]:
    """The label on as few lines as it takes, of about the same length."""
    ways = [wrap(label, width, break_long_words=False) for width in range(1, letters + 1)]
    return min(ways, key=lambda lines: (len(lines), max(map(len, lines))))


def _places(names: list[str], letters: int | None) -> tuple[np.ndarray, float]:
    """The middle of each row and where the last ends, in rows of two lines; longer names take more."""
    lines = np.array([2 if letters is None else max(2, len(_lines(name, letters))) for name in names])
    ends = np.cumsum(lines / 2)
    return ends - lines / 4 - 0.5, float(ends[-1]) if len(names) else 0.0


def _beside(
    ax: Axes, place: float, points: float, text: str, color: str, side: int = 1, align: str = "right"
) -> None:
    """Write a text some points away from the left (0) or right (1) edge, at the height of a row."""
    ax.annotate(
        text, (side, place), xycoords=("axes fraction", "data"), xytext=(points, 0),
        textcoords="offset points", ha=align, va="center", color=color, annotation_clip=False,
    )  # fmt: skip


def height_of_scorecard(table: pd.DataFrame, width: float) -> float:
    """Inches the rows need."""
    if width < WIDE:
        return 1.8 * ROW * len(table) + 0.55
    return ROW * _places(_names(table), _letters(width))[1] + 0.55


def _letters(width: float) -> int:
    return LETTERS if width < BROAD else 2 * LETTERS


def draw_scorecard(table: pd.DataFrame, sheet: Sheet) -> None:
    """One area, with room for names on the left and numbers on the right."""
    if sheet.width < WIDE:
        plot_scorecard(table, sheet.axes(left=0.2, right=0.2, top=0.05, bottom=0.28), above=True)
    else:
        letters = _letters(sheet.width)
        left = 2.15 * letters / LETTERS
        plot_scorecard(table, sheet.axes(left=left, right=2.0, top=0.25, bottom=0.28), letters=letters)


def find_scorecard(table: pd.DataFrame) -> str:
    """How many lie within our tolerance."""
    checks = table[table["role"] == "check"]
    met = int(checks["in_published_band"].fillna(False).astype(bool).sum())
    return f"{met} of {len(checks)} numbers that were never fitted lie within our tolerance"


def tell_scorecard(table: pd.DataFrame) -> str:
    """What the picture shows, for those who do not see it."""
    met = table["in_published_band"].fillna(False).astype(bool)
    missed = []
    for row in table[~met].to_dict("records"):
        low, high, unit = row["published_low"], row["published_high"], row["unit"]
        value = apart(row["value"], low, high, unit)
        missed.append(f"{row['label']} {value}, accepted {number(low, unit)} to {number(high, unit)}")
    told = f" Outside: {'; '.join(missed)}." if missed else ""
    return (
        f"One row for each of {len(table)} published numbers with the forecast and its 90 percent interval. "
        f"The forecast lies within our tolerance of the published figure for {int(met.sum())}.{told}"
    )
