"""Pictures of a result: each as SVG and PNG with its numbers and a description beside it.

>>> from sim.output.plots import NAMES
>>> NAMES[0]
'releases_by_month'
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sim.output.plots.picture import Look
    from sim.output.plots.shown import Shown
    from sim.results.results import Result
    from sim.studies.comparison import Comparison
    from sim.studies.sensitivity import Sensitivity

NAMES = (
    "releases_by_month",
    "in_custody",
    "time_served",
    "terms",
    "eligibility_waterfall",
    "releases_by_drug",
    "approval_by_district",
    "docket",
    "level_grid",
    "drug_ladder",
    "scorecard",
)
"""Pictures of every result; one without published figures has no scorecard."""
LONGEST = ("level_grid", "drug_ladder", "approval_by_district", "releases_by_drug", "scorecard")
"""Those that take longest to draw, the longest first."""
COMPARED = ("difference_in_custody",)
"""Pictures of a comparison."""


def files(
    result: Result, drugs: Sequence[str] = (), look: Look | None = None, *, executor: Executor | None = None
) -> dict[str, bytes]:
    """Names and contents of all pictures: drawings (SVG and PNG, or as asked), CSV and description of each.

    Parameters
    ----------
    result
        What to show; a result read from a folder gives the same bytes as the run it came from.
    drugs
        Drugs that get a ladder of their own.
    look
        Width, formats and scale; the default is 600 pixels as SVG and as PNG of twice as many dots.
    executor
        Worker processes that draw; the bytes are the same without.

    Raises
    ------
    sim.base.errors.SimulationError
        A drug without rows in the Drug Quantity Table; the nearest name is given.
    """
    from functools import partial

    from sim.base.workers import begin
    from sim.output.plots.catalogue import files_of, names_of

    names = names_of(result, drugs)
    first = sorted(names, key=lambda name: LONGEST.index(name) if name in LONGEST else len(LONGEST))
    drawn = begin(partial(files_of, _shown(result), drugs, look), first, executor, chunks=len(first))()
    found = dict(zip(first, drawn, strict=True))
    return {file: content for name in names for file, content in found[name].items()}


def _shown(result: Result) -> Result:
    """The result without what no picture needs, as it may be sent to another process."""
    from dataclasses import replace

    from sim.results.results import Result

    unused = {name: getattr(result, name).iloc[:0] for name in Result.TABLES if name.startswith("worlds")}
    return replace(result, analysis=None, forecast=None, **unused)


def draw(result: Result, folder: str | Path, drugs: Sequence[str] = ()) -> list[Path]:
    """Write all pictures into a folder that is there; see `files`.

    Returns
    -------
    list of pathlib.Path
        The files written.
    """
    from sim.base.files import write_file

    written = []
    for name, content in files(result, drugs).items():
        path = Path(folder) / name
        write_file(path, content)
        written.append(path)
    return written


def show(what: Result | Comparison | Sensitivity, name: str) -> Shown:
    """One picture of a result or a comparison, for a notebook.

    Parameters
    ----------
    what
        A result, or what `sim.compare` or `sim.one_at_a_time` gives.
    name
        One of `NAMES` for a result, of `COMPARED` for a comparison, ``tornado_`` and the name of a quantity
        for an analysis of assumptions.

    Raises
    ------
    sim.base.errors.SimulationError
        No such picture; the nearest name is given.
    """
    from guidelines.errors import nearest
    from sim.base.errors import SimulationError
    from sim.output.plots import difference
    from sim.output.plots.catalogue import pictures
    from sim.output.plots.shown import Shown
    from sim.studies.comparison import Comparison
    from sim.studies.sensitivity import Sensitivity

    if isinstance(what, Sensitivity):
        from sim.output.plots import sensitivity

        return sensitivity.show(what, name)
    if isinstance(what, Comparison):
        drawn, there = difference.files(what), list(COMPARED)
        if f"{name}.svg" in drawn:
            return Shown(name, drawn[f"{name}.svg"].decode(), drawn[f"{name}.txt"].decode())
    else:
        known = {picture.name: picture for picture in pictures(what)}
        if name in known:
            picture = known[name]
            table = picture.numbers(what)
            told = f"{picture.title(table)}. {picture.tell(table)}"
            return Shown(name, picture.svg(what).decode(), told)
        there = list(known)
    raise SimulationError(f"no picture {name!r} of this; {nearest(name, there)}")
