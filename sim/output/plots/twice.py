"""A drawing and its image in one go: laid out once, written as SVG and drawn as pixels at the same time.

Laying out takes matplotlib longer than either. The drawing is made in points, as always; whatever is drawn is
handed on to matplotlib's own renderer of images, enlarged. The pixels are those of an image drawn by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import StringIO
from typing import Any, NoReturn

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Bbox, Transform, TransformedPath
from matplotlib.typing import ColorType
from numpy.typing import NDArray

from sim.output.plots.raster import Raster
from sim.output.plots.style import POINTS


def drawn(figure: Figure, dpi: float, about: Mapping[str, Any]) -> tuple[str, NDArray[np.uint8]]:
    """A figure as SVG and as an image.

    Parameters
    ----------
    figure
        What to draw.
    dpi
        Dots an inch of the image.
    about
        Metadata of the SVG, as `matplotlib.figure.Figure.savefig` takes it.

    Returns
    -------
    tuple of str and NDArray
        The text of the SVG; red, green, blue and opacity of each pixel, shape (rows, columns, 4).
    """
    figure.dpi = POINTS
    renderer = Twice(figure, dpi, about)
    figure.draw(renderer)
    renderer.finalize()  # type: ignore[no-untyped-call]
    return renderer.text.getvalue(), np.asarray(renderer.raster.buffer_rgba())  # type: ignore[no-untyped-call]


class Twice(RendererSVG):
    """Writes SVG, and hands on what it writes to a renderer of pixels.

    Parameters
    ----------
    figure
        What will be drawn.
    dpi
        Dots an inch of the image.
    about
        Metadata of the SVG.
    """

    def __init__(self, figure: Figure, dpi: float, about: Mapping[str, Any]) -> None:
        width, height = figure.get_size_inches()
        self.text = StringIO()
        super().__init__(width * POINTS, height * POINTS, self.text, image_dpi=dpi, metadata=about)  # type: ignore[no-untyped-call]
        self.raster = Raster(width * dpi, height * dpi, dpi)  # type: ignore[no-untyped-call]
        self.scale = dpi / POINTS
        self.enlarged = Affine2D().scale(self.scale)

    def draw_path(
        self, gc: GraphicsContextBase, path: Path, transform: Transform, rgbFace: ColorType | None = None
    ) -> None:
        """Draw a line or an area."""
        super().draw_path(gc, path, transform, rgbFace)  # type: ignore[no-untyped-call]
        self.raster.draw_path(self._clipped(gc), path, transform + self.enlarged, rgbFace)  # type: ignore[no-untyped-call]

    def draw_markers(
        self,
        gc: GraphicsContextBase,
        marker_path: Path,
        marker_trans: Transform,
        path: Path,
        trans: Transform,
        rgbFace: ColorType | None = None,
    ) -> None:
        """Draw the same mark at every point of a path."""
        super().draw_markers(gc, marker_path, marker_trans, path, trans, rgbFace)  # type: ignore[no-untyped-call]
        mark = marker_trans + self.enlarged
        self.raster.draw_markers(self._clipped(gc), marker_path, mark, path, trans + self.enlarged, rgbFace)

    def draw_path_collection(self, *args: Any, **more: Any) -> None:
        """Draw each path of a collection by itself, so that both get it."""
        RendererBase.draw_path_collection(self, *args, **more)

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
        super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)  # type: ignore[no-untyped-call]
        across, down = self.scale * x, self.scale * y
        self.raster.draw_text(self._clipped(gc), across, down, s, prop, angle, ismath, mtext)

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: Any
    ) -> tuple[float, float, float]:
        """Room a text takes, in points; as the letters are not hinted, it is the same at every size."""
        width, height, depth = self.raster.get_text_width_height_descent(s, prop, ismath)
        return width / self.scale, height / self.scale, depth / self.scale

    def draw_image(self, *args: Any, **more: Any) -> NoReturn:
        """Refuse what would be missing from the image."""
        raise NotImplementedError("pictures are drawn with lines, areas and texts alone")

    draw_gouraud_triangles = draw_image

    def _clipped(self, gc: GraphicsContextBase) -> GraphicsContextBase:
        """The same pen for the image, whose renderer enlarges lines and dashes by itself, but no bounds."""
        pen = GraphicsContextBase()
        pen.copy_properties(gc)
        room = gc.get_clip_rectangle()
        if room is not None:
            pen.set_clip_rectangle(Bbox(self.scale * room.get_points()))
        outline, where = gc.get_clip_path()
        if isinstance(outline, Path) and where is not None:
            pen.set_clip_path(TransformedPath(outline, where + self.enlarged))
        return pen
