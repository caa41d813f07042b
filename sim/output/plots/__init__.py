"""Pictures of a result: each as SVG and PNG with its numbers and a description beside it.

>>> from sim.output.plots import NAMES
>>> NAMES[0]
'releases_by_month'
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.base.side_by_side import Aside
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
    "level_grid",
    "drug_ladder",
    "scorecard",
)
"""Pictures of every result; one without published figures has no scorecard."""
LONGEST = ("level_grid", "drug_ladder", "approval_by_district", "releases_by_drug", "scorecard")
"""Those that take longest to draw, the longest first."""
COMPARED = ("difference_in_custody",)
"""Pictures of a comparison."""


def files(result: Result, drugs: Sequence[str] = (), *, jobs: int = 1) -> dict[str, bytes]:
    """Names and contents of all pictures: SVG, PNG, CSV and description of each.

    Parameters
    ----------
    result
        What to show; a result read from a folder gives the same bytes as the run it came from.
    drugs
        Drugs that get a ladder of their own.
    jobs
        Processes that draw; the bytes are the same.

    Raises
    ------
    sim.base.errors.SimulationError
        A drug without rows in the Drug Quantity Table; the nearest name is given.
    """
    with drawing(result, drugs, jobs=jobs) as drawn:
        return drawn()


@contextmanager
def drawing(
    result: Result, drugs: Sequence[str] = (), *, jobs: int = 1
) -> Iterator[Callable[[], dict[str, bytes]]]:
    """Begin to draw in other processes; arguments and errors as for `files`.

    Yields
    ------
    callable
        Gives what `files` gives, and draws along until everything is there.
    """
    from functools import partial

    from sim.base.side_by_side import shared
    from sim.output.plots.catalogue import files_of, names_of

    shown, names = _shown(result), names_of(result, drugs)
    first = sorted(names, key=lambda name: LONGEST.index(name) if name in LONGEST else len(LONGEST))
    with shared(partial(files_of, shown, drugs), first, jobs) as work:

        def drawn() -> dict[str, bytes]:
            found = dict(zip(first, work.answers(), strict=True))
            return {file: content for name in names for file, content in found[name].items()}

        yield drawn


def _shown(result: Result) -> Result:
    """The result without what no picture needs, as it may be sent to another process."""
    from dataclasses import replace

    from sim.results.results import Result

    unused = {name: getattr(result, name).iloc[:0] for name in Result.TABLES if name.startswith("worlds")}
    return replace(result, analysis=None, forecast=None, **unused)


class Artist:
    """Another process that draws, and imports what it draws with before there is anything to draw.

    Parameters
    ----------
    aside
        The process.
    """

    def __init__(self, aside: Aside) -> None:
        self.aside = aside

    def begin(
        self, result: Result, drugs: Sequence[str] = (), *, jobs: int = 1
    ) -> Callable[[], dict[str, bytes]]:
        """Begin to draw there; arguments as for `files`.

        Returns
        -------
        callable
            Waits for what `files` gives.
        """
        return self.aside.begin(files, _shown(result), jobs=jobs)


@contextmanager
def artist(jobs: int) -> Iterator[Artist]:
    """A process that draws, as long as the block lasts; everything is drawn here where `jobs` is 1.

    Best asked for before anything is imported that pictures have no use for.
    """
    from sim.base.side_by_side import aside

    with aside(_ready, jobs) as process:
        yield Artist(process)


def _ready() -> None:
    from sim.output.plots.picture import warm_up

    warm_up()


def draw(result: Result, folder: str | Path, drugs: Sequence[str] = ()) -> list[Path]:
    """Write all pictures into a folder that is there; see `files`.

    Returns
    -------
    list of pathlib.Path
        The files written.
    """
    written = []
    for name, content in files(result, drugs).items():
        path = Path(folder) / name
        path.write_bytes(content)
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
            told = f"{picture.title}. {picture.tell(picture.numbers(what))}"
            return Shown(name, picture.svg(what).decode(), told)
        there = list(known)
    raise SimulationError(f"no picture {name!r} of this; {nearest(name, there)}")
