"""Images from matplotlib's own renderer, with each text drawn as one piece and not letter by letter.

Letters keep their distances; a text as a whole begins at a whole pixel. At 200 dots an inch nobody sees that,
and images take two thirds of the time.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import RendererAgg, get_hinting_flag
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.text import Text
from numpy.typing import NDArray

PIXEL = 64.0
"""What the font library measures in, a pixel being so many."""


class Piece(NamedTuple):
    """A text as it is drawn.

    Attributes
    ----------
    ink
        How much of each pixel is covered, 0 to 255, shape (rows, columns); the lowest row first.
    left, below
        From the point where it begins on the baseline to the left and lower edge, in pixels, down and right
        being positive.
    size
        Width, height and depth below the baseline, in pixels.
    """

    ink: NDArray[np.uint8]
    left: float
    below: float
    size: tuple[float, float, float]


@lru_cache(maxsize=2048)
def _piece(text: str, font_file: str, points: float, dpi: float, hinting: Any) -> Piece:
    font = get_font(font_file)
    font.set_size(points, dpi)
    font.set_text(text, 0.0, flags=hinting)
    width, height = font.get_width_height()
    depth = font.get_descent() / PIXEL
    font.draw_glyphs_to_bitmap(antialiased=True)
    across, down = font.get_bitmap_offset()
    ink = np.array(font.get_image())[::-1]
    return Piece(ink, across / PIXEL, down / PIXEL + depth, (width / PIXEL, height / PIXEL, depth))


class Raster(RendererAgg):
    """The renderer; formulas and turned texts are left to matplotlib."""

    def _of(self, text: str, prop: FontProperties) -> Piece:
        hinting = get_hinting_flag()  # type: ignore[no-untyped-call]
        return _piece(text, findfont(prop), prop.get_size_in_points(), self.dpi, hinting)

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: Any
    ) -> tuple[float, float, float]:
        """Room a text takes, in pixels."""
        if ismath:
            size: tuple[float, float, float]
            size = super().get_text_width_height_descent(s, prop, ismath)  # type: ignore[no-untyped-call]
            return size
        return self._of(s, prop).size

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: Any = False,
        mtext: Text | None = None,
    ) -> None:
        """Draw a text whose baseline begins at a point, y counted from the top."""
        if ismath or angle:
            super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)  # type: ignore[no-untyped-call]
            return
        piece = self._of(s, prop)
        image = np.empty((*piece.ink.shape, 4), np.uint8)
        color, alpha = gc.get_rgb()[:3], gc.get_alpha()
        image[..., :3] = np.round(np.multiply(color, 255)).astype(np.uint8)
        image[..., 3] = piece.ink if alpha == 1 else np.round(piece.ink * alpha).astype(np.uint8)
        bottom = round(y + piece.below) + 1
        self.draw_image(gc, round(x + piece.left), self.height - bottom, image)
