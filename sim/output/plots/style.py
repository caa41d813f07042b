"""The house style: one font, Okabe-Ito colours with dashes, room for title and source at every width.

A picture is as many pixels wide as it is asked to be, at 100 an inch. Letters keep their size, at least 7
points (10 pixels); the drawing gets what room there is, and what stands side by side in a wide picture stands
one below the other in a narrow one.
"""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.typing import ColorType

WIDTH = 6.0
"""Inches, where nothing else is asked for."""
PIXELS = 100
"""Pixels an inch on a page."""
NARROW = 4.8
"""Inches below which a picture has no room for two things side by side."""
FONT = "DejaVu Sans"
FALLBACK = "'DejaVu Sans', Verdana, sans-serif"
"""The font that widths were measured with, and what is closest to it where it is missing."""

BLUE, VERMILLION, GREEN, ORANGE = "#0072B2", "#D55E00", "#009E73", "#E69F00"
"""Okabe and Ito's colours, told apart with every kind of colour vision."""
INK, GREY, PALE = "#1a1a1a", "#595959", "#d9d9d9"
LETTERS_IN: dict[ColorType, ColorType] = {VERMILLION: "#B34F00", GREEN: "#007A59", ORANGE: "#8F6200"}
"""Darker shades for letters, which need a contrast of 4.5 on white; lines and areas need 3 (WCAG 2.2)."""

WITH: dict[str, Any] = {"color": BLUE, "linewidth": 1.5, "linestyle": "-"}
WITHOUT: dict[str, Any] = {"color": VERMILLION, "linewidth": 1.3, "linestyle": (0, (3.2, 1.8)), "zorder": 2.5}
"""With and without the amendment: told apart by colour and by dash."""

STYLE: dict[str, Any] = {
    "font.family": [FONT],
    "font.size": 8.0,
    "text.color": INK,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": False,
    "axes.unicode_minus": True,
    "grid.color": PALE,
    "grid.linewidth": 0.6,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 8.0,
    "ytick.labelsize": 8.0,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "pdf.fonttype": 42,
    "legend.frameon": False,
    "svg.fonttype": "none",
    "path.simplify": False,
    "text.hinting": "none",  # so that letters are as wide at every number of dots an inch
}
"""Settings in force while a picture is drawn and saved, and at no other time."""

MARGIN = 0.14
TITLE, SUBTITLE, SMALL = 10.5, 8.0, 7.0
LINE = {TITLE: 0.19, SUBTITLE: 0.15, SMALL: 0.13}
"""Inches from line to line at each size."""
YEAR, AMOUNT = 0.46, 0.55
"""Inches from one year, and from one number of people, to the next along a scale."""
OVER, UNDER = 0.26, 0.2
"""Rows between the middle of a row and its name above it, and what it shows below."""
LETTERS = {TITLE: 10.6, SUBTITLE: 15.5, SMALL: 18.5}
"""Letters that fit on an inch at each size."""


class Sheet:
    """A figure with its title, its subtitle (the units) and its source line, and the room between them.

    Parameters
    ----------
    height
        Inches of the room for the drawing; title and source come on top of it.
    title, subtitle, source
        Text, wrapped here.
    width
        Inches.
    change
        What is put through: "the amendment", or "the change" where no court decides.
    """

    def __init__(
        self, height: float, title: str, subtitle: str, source: str, width: float = WIDTH,
        change: str = "the amendment",
    ) -> None:  # fmt: skip
        self.width, self.change = width, change
        head = [(line, TITLE, "bold", INK) for line in self._lines(title, TITLE)]
        head += [(line, SUBTITLE, "normal", GREY) for line in self._lines(subtitle, SUBTITLE)]
        foot = self._lines(source, SMALL)
        self.top = MARGIN + sum(LINE[size] for _, size, _, _ in head) + 0.08
        self.bottom = MARGIN + LINE[SMALL] * len(foot)
        self.height = height
        self.total = self.top + height + self.bottom
        self.figure = Figure(figsize=(width, self.total))
        down = MARGIN
        for line, size, weight, color in head:
            self._write(MARGIN, down, line, size, weight, color)
            down += LINE[size]
        down = self.total - self.bottom + 0.06
        for line in foot:
            self._write(MARGIN, down, line, SMALL, "normal", GREY)
            down += LINE[SMALL]

    @property
    def narrow(self) -> bool:
        """Whether there is no room for two things side by side."""
        return self.width < NARROW

    def _lines(self, text: str, size: float) -> list[str]:
        return wrap(text, int(LETTERS[size] * (self.width - 2 * MARGIN) + 2.5))

    def _write(self, x: float, down: float, text: str, size: float, weight: str, color: str) -> None:
        place = (x / self.width, 1 - down / self.total)
        # A dollar sign in a scenario's title is a dollar sign, no formula.
        self.figure.text(
            *place, text, fontsize=size, fontweight=weight, color=color, va="top", parse_math=False
        )

    def axes(self, left: float = 0.62, right: float = 0.2, top: float = 0.05, bottom: float = 0.32) -> Axes:
        """One area for drawing; what is left around it is given in inches."""
        width, height = self.width - left - right, self.height - top - bottom
        where = (
            left / self.width,
            (self.bottom + bottom) / self.total,
            width / self.width,
            height / self.total,
        )
        return self.figure.add_axes(where)

    def grid(
        self, rows: int, columns: int, *, left: float = 0.5, right: float = 0.15, top: float = 0.22,
        bottom: float = 0.3, between: tuple[float, float] = (0.25, 0.45),
    ) -> list[Axes]:  # fmt: skip
        """Areas in rows and columns, row by row; `between` is the room between columns and between rows."""
        across, down = between
        width = (self.width - left - right - across * (columns - 1)) / columns
        height = (self.height - top - bottom - down * (rows - 1)) / rows
        areas = []
        for row in range(rows):
            for column in range(columns):
                x = left + column * (width + across)
                y = self.bottom + bottom + (rows - 1 - row) * (height + down)
                where = (x / self.width, y / self.total, width / self.width, height / self.total)
                areas.append(self.figure.add_axes(where))
        return areas

    def name_lines(self, lines: Sequence[tuple[str, dict[str, Any]]], left: float) -> None:
        """Names of lines in a row above the drawing, each beside a piece of its line; `left` in inches."""
        handles = [Line2D([], [], label=name, **style) for name, style in lines]
        where = ((MARGIN if self.narrow else left) / self.width, 1 - (self.top - 0.05) / self.total)
        legend = self.figure.legend(
            handles=handles, loc="upper left", bbox_to_anchor=where, ncols=len(lines), borderaxespad=0,
            borderpad=0, handlelength=1.8 if self.narrow else 2.4, columnspacing=1.0,
        )  # fmt: skip
        for text, (_, style) in zip(legend.get_texts(), lines, strict=True):
            text.set_color(LETTERS_IN.get(style["color"], style["color"]))

    def with_and_without(self, left: float) -> None:
        """Name the two lines of most pictures above the drawing."""
        self.name_lines([(f"with {self.change}", WITH), (f"without {self.change}", WITHOUT)], left)


def columns_in(width: float, most: int, least: float = 1.45) -> int:
    """How many small areas fit side by side, each at least so many inches wide."""
    return max(1, min(most, int((width - 0.6) / least)))


def aside(ax: Axes, text: str, where: tuple[float, float], *, right: bool, **more: Any) -> None:
    """Write a remark beside a point of a drawing, on white, so that no line runs through it."""
    ax.annotate(
        text, where, xytext=(8 if right else -8, 0), textcoords="offset points", linespacing=1.35,
        ha="left" if right else "right", zorder=5,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5}, **{"va": "center", **more},
    )  # fmt: skip


def inches(ax: Axes) -> float:
    """How wide an area is."""
    return float(ax.get_window_extent().width / ax.figure.dpi)


def amounts(ax: Axes, most: int = 6) -> None:
    """At most so many round numbers along the scale, and no more than have room."""
    ax.xaxis.set_major_locator(MaxNLocator(nbins=min(most, int(inches(ax) / AMOUNT)), steps=[1, 2, 5, 10]))


def name_rows(ax: Axes, names: Sequence[str], above: bool) -> None:
    """Names of rows 0, 1, 2...: left of the drawing, or in it over what stands in each row."""
    for place, name in enumerate(names):
        where = (0, place - OVER) if above else (0, place)
        ax.annotate(
            name, where, xycoords=("axes fraction", "data"), xytext=(0 if above else -6, 0),
            textcoords="offset points", ha="left" if above else "right", va="center", annotation_clip=False,
            zorder=5, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0} if above else None,
        )  # fmt: skip
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)


def legible(figure: Figure) -> None:
    """Letters in the colours of lines, dark enough to be read; those at ticks are ink from the start."""
    of_axes = (artist for ax in figure.axes for artist in ax.get_children())
    for text in (*figure.texts, *of_axes):
        if isinstance(text, Text):
            color = text.get_color()
            text.set_color(LETTERS_IN.get(color, color))


def luminance(color: ColorType) -> float:
    """Relative luminance of a colour, 0 for black to 1 for white (WCAG 2.2)."""
    parts = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(color))
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def thousands(ax: Axes, axis: str = "y") -> None:
    """Ticks with a comma between thousands."""
    formatter = FuncFormatter(lambda value, _: f"{value:,.0f}")
    (ax.yaxis if axis == "y" else ax.xaxis).set_major_formatter(formatter)


def years(ax: Axes, months: Sequence[str]) -> None:
    """Ticks at Januaries of months such as 2015-11, whose positions are 0, 1, 2...; as many as have room."""
    januaries = [place for place, month in enumerate(months) if month.endswith("-01")]
    needed = YEAR * len(januaries) / inches(ax)
    every = next((step for step in (1, 2, 3, 5, 10) if step >= needed), 20)
    chosen = [place for place in januaries if int(months[place][:4]) % every == 0]
    ax.set_xticks(chosen, [months[place][:4] for place in chosen])
    ax.set_xlim(-0.5, len(months) - 0.5)
