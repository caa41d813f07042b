"""Many short texts of one size, each centred on its point, drawn without a layout of its own for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.text import Text
from matplotlib.transforms import Bbox, ScaledTranslation, Transform, blended_transform_factory

from sim.output.plots.style import POINTS

Number = tuple[float, float, str, str]
"""Where it is in data units, what it says, and its colour."""


class Numbers(Artist):
    """Texts of digits and commas, on one line each.

    A `matplotlib.text.Text` for each of the hundreds in a grid would take most of the time of the picture.

    Parameters
    ----------
    ax
        Where they are added.
    numbers
        Place, text and colour of each.
    size
        Points.
    """

    align: Literal["center", "right"] = "center"

    def __init__(self, ax: Axes, numbers: Sequence[Number], size: float) -> None:
        super().__init__()
        self.numbers, self.zorder = list(numbers), Text.zorder
        where = self._places(ax)
        self.pattern = Text(0, 0, "0", horizontalalignment=self.align, fontsize=size, transform=where)
        ax.add_artist(self)

    def _places(self, ax: Axes) -> Transform:
        return ax.transData

    def extents(self, renderer: RendererBase) -> list[Bbox]:
        """The room each takes, in pixels; it stands on its digits, whatever hangs below them."""
        font = self.pattern.get_fontproperties()
        _, high, below = renderer.get_text_width_height_descent("0", font, False)
        places = self.pattern.get_transform().transform([number[:2] for number in self.numbers] or [(0, 0)])
        part = 0.5 if self.align == "center" else 1.0
        return [
            Bbox.from_bounds(x - part * width, y - (high - below) / 2, width, high - below)
            for (x, y), width in zip(places, self._widths(renderer), strict=False)
        ]

    def _widths(self, renderer: RendererBase) -> list[float]:
        """Digits are taken to be equally wide."""
        font = self.pattern.get_fontproperties()
        one, two, three = (
            renderer.get_text_width_height_descent(text, font, False)[0] for text in ("0", "00", "0,0")
        )
        commas = [text.count(",") for _, _, text, _ in self.numbers]
        return [
            one + (len(number[2]) - comma - 1) * (two - one) + comma * (three - two)
            for number, comma in zip(self.numbers, commas, strict=True)
        ]

    def draw(self, renderer: RendererBase) -> None:
        """Draw each; an SVG gets the middle of each text as its anchor, the end of those that end there."""
        if not self.get_visible():
            return
        font = self.pattern.get_fontproperties()
        height = renderer.get_canvas_width_height()[1]
        gc = renderer.new_gc()
        for room, (x, y, text, color) in zip(self.extents(renderer), self.numbers, strict=True):
            self.pattern.set_position((x, y))
            gc.set_foreground(color)
            baseline = height - room.y0 if renderer.flipy() else room.y0
            renderer.draw_text(gc, room.x0, baseline, text, font, 0, ismath=False, mtext=self.pattern)
        gc.restore()
        self.stale = False


class Labels(Numbers):
    """Texts that end left of an area, each at a height in data units.

    Labelling as many ticks takes matplotlib longer than all the rest of a picture with a row a district.

    Parameters
    ----------
    ax
        The area.
    labels
        Height, text and colour of each.
    size, away
        Points: of the letters, and from their end to the area.
    """

    align = "right"

    def __init__(self, ax: Axes, labels: Sequence[tuple[float, str, str]], size: float, away: float) -> None:
        self.away = away
        super().__init__(ax, [(0.0, *label) for label in labels], size)

    def _places(self, ax: Axes) -> Transform:
        away = ScaledTranslation(-self.away / POINTS, 0.0, ax.figure.dpi_scale_trans)
        return blended_transform_factory(ax.transAxes, ax.transData) + away

    def _widths(self, renderer: RendererBase) -> list[float]:
        font = self.pattern.get_fontproperties()
        texts = [text for _, _, text, _ in self.numbers]
        return [renderer.get_text_width_height_descent(text, font, False)[0] for text in texts]
