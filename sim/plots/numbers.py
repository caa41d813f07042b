"""Many short texts of one size, each centred on its point, drawn without a layout of its own for each."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.text import Text
from matplotlib.transforms import Bbox

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

    def __init__(self, ax: Axes, numbers: Sequence[Number], size: float) -> None:
        super().__init__()
        self.numbers, self.zorder = list(numbers), Text.zorder
        self.pattern = Text(0, 0, "0", horizontalalignment="center", fontsize=size, transform=ax.transData)
        ax.add_artist(self)

    def extents(self, renderer: RendererBase) -> list[Bbox]:
        """The room each takes, in pixels; digits are taken to be equally wide."""
        font = self.pattern.get_fontproperties()
        one, high, below = renderer.get_text_width_height_descent("0", font, False)
        two, three = (renderer.get_text_width_height_descent(text, font, False)[0] for text in ("00", "0,0"))
        across = self.pattern.get_transform().transform([number[:2] for number in self.numbers] or [(0, 0)])
        found = []
        for (x, y), (_, _, text, _) in zip(across, self.numbers, strict=False):
            commas = text.count(",")
            width = one + (len(text) - commas - 1) * (two - one) + commas * (three - two)
            found.append(Bbox.from_bounds(x - width / 2, y - (high - below) / 2, width, high - below))
        return found

    def draw(self, renderer: RendererBase) -> None:
        """Draw each; an SVG gets the middle of each text as its anchor."""
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
