"""A drawing and its image made in one go: the image matplotlib makes alone, the drawing with everything."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from collections.abc import Callable

import matplotlib
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from sim.output.plots import style
from sim.output.plots.png import png_bytes
from sim.output.plots.style import DPI, STYLE
from sim.output.plots.twice import drawn

SVG = "{http://www.w3.org/2000/svg}"
UP = np.arange(6.0)


def steps(ax: Axes) -> None:
    ax.plot(UP, UP**2, drawstyle="steps-mid", **style.WITHOUT)
    ax.fill_between(UP, UP, UP**2, step="mid", color=style.BLUE, alpha=0.3, linewidth=0)


def bars(ax: Axes) -> None:
    ax.barh(UP, UP, color=style.ORANGE, edgecolor="white", hatch="////", linewidth=0.0)


def marks(ax: Axes) -> None:
    ax.plot(UP, UP, marker="X", color=style.GREEN, markeredgecolor="white", linestyle="none")
    ax.scatter(UP, 5 - UP, s=[5, 10, 15, 20, 25, 30], color=["red", "blue"] * 3, edgecolors="black")
    ax.hlines(UP, 0, UP, color=style.BLUE, linewidth=2.2)


def shades(ax: Axes) -> None:
    ax.pcolormesh(UP, UP, np.outer(UP[1:], UP[1:]))


def cut_off(ax: Axes) -> None:
    ax.plot(UP, UP, linewidth=8)
    ax.set_xlim(1.5, 3.5)
    ax.set_ylim(1.6, 3.1)
    (round_,) = ax.plot(UP, 5 - UP, linewidth=20)
    round_.set_clip_path(matplotlib.patches.Circle((2, 2.5), 0.4, transform=ax.transData))


def sheet(draw: Callable[[Axes], None]) -> Figure:
    figure = Figure(figsize=(3, 2))
    draw(figure.add_axes((0.1, 0.1, 0.8, 0.8)))
    return figure


@pytest.mark.parametrize("draw", [steps, bars, marks, shades, cut_off])
def test_the_image_is_the_one_that_is_drawn_alone(draw):
    with matplotlib.rc_context({**STYLE, "xtick.labelbottom": False, "ytick.labelleft": False}):
        _, mine = drawn(sheet(draw), DPI, {})
        FigureCanvasAgg(sheet(draw)).print_figure(buffer := io.BytesIO(), format="png", dpi=DPI)
    theirs = np.asarray(Image.open(buffer))
    assert mine.shape == theirs.shape == (400, 600, 4) and mine[..., 3].min() == 255
    assert len(np.unique(theirs.reshape(-1, 4), axis=0)) > 10
    apart = np.abs(mine.astype(int) - theirs).max(axis=2)
    assert (apart > 8).sum() < 40  # lines are moved to whole pixels: a corner may go to the one beside


def test_the_drawing_has_everything_and_the_letters_as_letters():
    with matplotlib.rc_context(STYLE):
        text, _ = drawn(sheet(lambda ax: (bars(ax), ax.set_title("Of all"))[0]), DPI, {"Title": "bars"})
    root = ET.fromstring(text)
    assert root.get("width") == "216pt" and root.find(f"{SVG}title").text == "bars"
    assert "Of all" in {each.text for each in root.iter(f"{SVG}text")}
    assert len(list(root.iter(f"{SVG}path"))) > 6


def test_what_could_be_in_the_drawing_alone_is_refused():
    with matplotlib.rc_context(STYLE), pytest.raises(NotImplementedError, match="lines, areas and texts"):
        drawn(sheet(lambda ax: ax.imshow(np.eye(3))), DPI, {})


def test_a_png_has_every_pixel_its_texts_and_its_size():
    image = np.random.default_rng(1).integers(0, 256, (7, 5, 4), dtype=np.uint8)
    image[..., 3] = 255
    content = png_bytes(image, {"Title": "§1B1.10 – “who”", "Comment": "{}"}, 200)
    read = Image.open(io.BytesIO(content))
    assert read.mode == "RGB" and read.size == (5, 7)
    np.testing.assert_array_equal(np.asarray(read), image[..., :3])
    assert read.info["Title"] == "§1B1.10 – “who”" and read.info["Comment"] == "{}"
    assert read.info["dpi"] == pytest.approx((200, 200), abs=0.01)
    with pytest.raises((OSError, SyntaxError)):
        Image.open(io.BytesIO(content[:-20] + b"\0" + content[-19:])).load()
