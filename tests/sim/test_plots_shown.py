from __future__ import annotations

import pytest

from sim.base.errors import SimulationError
from sim.output import plots
from sim.studies.comparison import compare


def test_a_notebook_shows_the_drawing_of_the_file_and_reads_its_description(small):
    shown = plots.show(small, "in_custody")
    files = plots.files(small)
    assert shown._repr_svg_().encode() == files["in_custody.svg"]
    assert repr(shown).split(". ")[0].endswith("than without the amendment")
    assert repr(shown).split(". ", 1)[1] in files["in_custody.txt"].decode()


def test_a_comparison_has_its_own_picture(small, small_no_delay):
    shown = plots.show(compare([small, small_no_delay]), "difference_in_custody")
    assert shown.svg.startswith("<?xml") and "no-delay differs most in" in repr(shown)


@pytest.mark.parametrize(
    "name, hint", [("in_custdy", "did you mean in_custody?"), ("x", "did you mean|known: ")]
)
def test_a_picture_nobody_knows_is_answered_with_the_nearest(small, name, hint):
    with pytest.raises(SimulationError, match=f"no picture '{name}' of this; .*{hint}"):
        plots.show(small, name)
