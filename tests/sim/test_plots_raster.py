"""Text in images: where matplotlib itself would put it, in the colour asked for."""

from __future__ import annotations

import io
from collections.abc import Callable

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from sim.output.plots.style import DPI, STYLE
from sim.output.plots.twice import drawn


def ours(figure: Figure) -> np.ndarray:
    return drawn(figure, DPI, {})[1][..., :3]


def matplotlibs(figure: Figure) -> np.ndarray:
    FigureCanvasAgg(figure).print_figure(buffer := io.BytesIO(), format="png", dpi=DPI)
    return np.asarray(Image.open(buffer).convert("RGB"))


def image_of(
    draw: Callable[[Figure], np.ndarray], *texts: tuple[float, float, str], **how: object
) -> np.ndarray:
    """A sheet with texts, as red, green and blue, shape (rows, columns, 3)."""
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(3, 1.5))
        for x, y, text in texts:
            figure.text(x, y, text, **how)
        return draw(figure).astype(np.int64)


def edges(image: np.ndarray) -> np.ndarray:
    """First and last row and column with ink."""
    rows, columns = np.nonzero((image < 200).any(axis=2))
    return np.array([rows.min(), rows.max(), columns.min(), columns.max()])


@pytest.mark.parametrize("text", ["Releases", "gypq", "1,234", "left out (J01)", "é § ’ –", "x"])
@pytest.mark.parametrize("where", [(0.1, 0.3), (0.1037, 0.4011), (0.35, 0.52)])
@pytest.mark.parametrize("how", [{}, {"ha": "center", "va": "top"}, {"fontweight": "bold", "fontsize": 7}])
def test_a_text_lies_where_matplotlib_puts_it(text, where, how):
    mine, theirs = (image_of(draw, (*where, text), **how) for draw in (ours, matplotlibs))
    assert mine.shape == theirs.shape == (300, 600, 3)
    np.testing.assert_allclose(edges(mine), edges(theirs), atol=1)
    assert (255 - mine).sum() == pytest.approx((255 - theirs).sum(), rel=0.05)


def test_a_text_has_its_colour_and_what_is_behind_it_shows_through_its_edges():
    image = image_of(ours, (0.1, 0.3, "W" * 5), fontsize=30, color="#0072B2")
    assert (image == [0, 0x72, 0xB2]).all(axis=2).sum() > 500
    shades = np.unique(image.reshape(-1, 3), axis=0)
    assert (np.diff(shades, axis=0) >= 0).all() and len(shades) > 20  # from blue to white, nothing darker
    half = image_of(ours, (0.1, 0.3, "W" * 5), fontsize=30, color="black", alpha=0.5)
    assert 120 < half.min() < 135


@pytest.mark.parametrize(("text", "how"), [("turned", {"rotation": 90}), ("$x^2$", {}), ("two\nlines", {})])
def test_formulas_turned_texts_and_several_lines_are_drawn_too(text, how):
    mine, theirs = (image_of(draw, (0.3, 0.2, text), **how) for draw in (ours, matplotlibs))
    np.testing.assert_allclose(edges(mine), edges(theirs), atol=1)


def test_a_text_drawn_twice_is_twice_the_same_and_other_sizes_are_others():
    twice = image_of(ours, (0.1, 0.2, "again"), (0.5, 0.2, "again"))
    left, right = twice[:, :300], twice[:, 300:]
    np.testing.assert_array_equal(np.diff(edges(left)[:2]), np.diff(edges(right)[:2]))
    small, large = (image_of(ours, (0.1, 0.2, "again"), fontsize=size) for size in (8, 16))
    assert np.diff(edges(large)[2:]) == pytest.approx(2 * np.diff(edges(small)[2:]), rel=0.05)


def test_nothing_is_drawn_of_an_empty_text_or_one_of_blanks():
    assert image_of(ours, (0.1, 0.2, ""), (0.1, 0.5, "   ")).min() == 255
