"""The backtest drawn: a row a figure, forecast and interval in percent of what was published."""

from __future__ import annotations

import re
from textwrap import fill

import pandas as pd

from sim._version import __version__
from sim.output.plots.picture import Look, Picture
from sim.output.plots.style import BLUE, GREY, INK, VERMILLION, Sheet
from sim.studies.backtest import Backtest

ROW = 0.2
"""Inches from row to row."""
TICKS = (5, 10, 20, 50, 100, 200, 500, 1000)
"""Percent, some of which are marked on the logarithmic scale."""
LEAST = 5.0
"""Percent at which the scale begins."""
LETTERS = 65
"""Letters of a name on a line."""
TWICE = re.compile(r", crack \d{4} \(Amendment \d+\)")
"""What a name and its analysis both say."""
SHARES = ["forecast", "low_90", "high_90", "commission"]


def drawing(found: Backtest, seed: int, kind: str) -> bytes:
    """The picture as an image of a kind: svg, png or pdf.

    Raises
    ------
    SimulationError
        No such kind of image.
    """
    picture = Picture(
        "backtest", find, "in percent of the published figure, logarithmic; line: 90 percent interval; blue: "
        "the interval holds the figure, orange cross: not; small diamond: the Commission's forecast",
        lambda found: in_percent(found.rows), draw, tell, height,
    )  # fmt: skip
    source = f"Source: Drugs Minus Two {__version__}, minustwo backtest, seed {seed}; synthetic prisoners."
    look = Look(formats=(kind,))
    made = {"version": __version__, "seed": seed}
    return picture.drawn(picture.numbers(found), source, made, look)[f"backtest.{kind}"]


def in_percent(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with forecasts in percent of the published figure, columns `SHARES`."""
    return rows.assign(**{name: 100 * rows[name] / rows["published"] for name in SHARES})


def find(table: pd.DataFrame) -> str:
    """How many figures the intervals hold."""
    return f"The forecast's 90 percent intervals hold {int(table['held'].sum())} of {len(table)} figures"


def height(table: pd.DataFrame, width: float) -> float:
    """Inches the rows need."""
    return ROW * len(table) + 0.5


def draw(table: pd.DataFrame, sheet: Sheet) -> None:
    """A row a figure, named on the left."""
    ax = sheet.axes(left=3.2, right=0.2, top=0.1, bottom=0.28)
    ax.axvline(100, color=GREY, linewidth=0.7)
    for place, row in enumerate(table.to_dict("records")):
        color, marker = (BLUE, "o") if row["held"] else (VERMILLION, "X")
        ax.plot([max(row["low_90"], LEAST), row["high_90"]], [place, place], color=color, linewidth=1.3)
        ax.plot(
            max(row["forecast"], LEAST), place, color=color, linestyle="none", marker=marker, markersize=5.5
        )
        ax.plot(row["commission"], place, color=INK, linestyle="none", marker="D", markersize=3)
    ax.set_ylim(len(table) - 0.4, -0.6)
    names = [
        fill(f"{TWICE.sub('', row['label'])} ({row['about']})", LETTERS) for row in table.to_dict("records")
    ]
    ax.set_yticks(range(len(table)), names, fontsize=6.5)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.set_xscale("log")
    low, high = ax.get_xlim()
    ticks = [tick for tick in TICKS if low <= tick <= high]
    ax.set_xticks(ticks, [f"{tick} %" for tick in ticks])
    ax.minorticks_off()


def tell(table: pd.DataFrame) -> str:
    """What the picture shows, for those who do not see it."""
    missed = table[~table["held"].astype(bool)]
    told = "; ".join(
        f"{row['label']} ({row['about']}) {row['forecast']:.0f} percent" for _, row in missed.iterrows()
    )
    return (
        f"One row for each of {len(table)} published figures. Intervals that miss theirs: {told or 'none'}."
    )
