"""``minustwo run``: the main job."""

from __future__ import annotations

import atexit
import gc
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from sim.output.plots import Artist
    from sim.results.results import Result
    from sim.scenario.scenario import Scenario


@click.command(short_help="Forecast a scenario, and write tables and pictures.")
@click.argument("scenario", default="drugs-minus-two")
@click.option("--out", metavar="DIR", default="out", show_default=True, help="Folder to write into.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Decides every draw.")
@click.option(
    "--worlds",
    type=click.IntRange(min=0),
    help="Plausible worlds that bands come from; 0: none.  [default: 16]",
)
@click.option("--people", metavar="FILE", help="People of your own (.csv, .parquet), not synthetic ones.")
@click.option("--no-pictures", is_flag=True, help="Write no pictures.")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    help="Processes that share the work.  [default: one a processor, at most 4]",
)
@click.option("--no-cache", is_flag=True, help="Draw the people anew, and keep none for the next run.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def command(
    scenario: str,
    out: str,
    seed: int,
    worlds: int | None,
    people: str | None,
    no_pictures: bool,
    jobs: int | None,
    no_cache: bool,
    as_json: bool,
) -> None:
    """Put the stock of prisoners through SCENARIO, a shipped name or a TOML file.

    Prints the headline beside the published figures and writes DIR: summary.json, tables as CSV, and
    pictures. An earlier result in DIR is replaced.

    A Parquet file of people with more than a million rows is read in pieces, and gives the headline and the
    months alone.

    Synthetic people are kept in the user's cache folder (or the one MINUSTWO_CACHE names; "off" for none), at
    most 256 MB, so that the next run with the same seed has them at hand.

    Example: minustwo run no-delay --out no-delay
    """
    with _without_collection(), _artist(jobs, no_pictures) as artist:
        from sim.commands._progress import shown
        from sim.commands._speed import means
        from sim.output import store
        from sim.runner import run
        from sim.scenario.scenario import Scenario

        asked = Scenario.load(scenario)
        if people is not None and _in_pieces(people, asked, out, as_json):
            return
        store.check(out)
        with shown("people") as progress:
            given: dict[str, Any] = {} if worlds is None else {"worlds": worlds}
            given |= means(jobs, keep=not no_cache, alone=True)
            if people is not None:
                from sim.population.population import Population

                given["population"] = Population.read(people)
            result = run(asked, seed, progress=progress.step, **given)
            progress.say("pictures and files" if not no_pictures else "files")
            drawn = not no_pictures and artist.begin(result, jobs=given["jobs"])
            told = _told(result, as_json)
            store.write(result, out, pictures=drawn)
    click.echo(told, nl=False)
    if not as_json:
        click.echo(f"\nWritten to {out}{'/' if not out.endswith('/') else ''}")


def _told(result: Result, as_json: bool) -> str:
    """What is printed."""
    from sim.output import store
    from sim.output.printed import headline_text

    return store.as_json(store.summary(result)) if as_json else f"{headline_text(result, _columns())}\n"


def _artist(jobs: int | None, no_pictures: bool) -> AbstractContextManager[Artist]:
    """A process that draws; a copy of this one where it can be, with what both need and nothing else."""
    from sim.commands._speed import processes

    number = 1 if no_pictures else processes(jobs)
    if number > 1:
        from sim.output import picture_tables  # noqa: F401  # what both need, once
    from sim.output.plots import artist

    return artist(number)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Do not look for unreachable objects: it takes a tenth of the time, and saves 20 of 600 MB.

    When the interpreter ends it would look once more through all there is.
    """
    before = gc.isenabled()
    gc.disable()
    atexit.register(gc.freeze)
    try:
        yield
    finally:
        if before:
            gc.enable()


def _in_pieces(people: str, asked: Scenario, out: str, as_json: bool) -> bool:
    """Forecast a file that is too large to be held; false for others."""
    from sim.commands._progress import shown
    from sim.output import store, store_people
    from sim.studies.people_file import forecast_file, too_large

    if not too_large(people):
        return False
    store.check(out, store_people.FORMAT)
    with shown("people") as progress:
        found = forecast_file(people, asked, progress=progress.step)
    store_people.write(found, out)
    if as_json:
        click.echo(store.as_json(store_people.summary(found)), nl=False)
    else:
        click.echo(f"{found}\n\nWritten to {out}{'/' if not out.endswith('/') else ''}")
    return True


def _columns() -> int:
    """Columns of the terminal; plenty where there is none."""
    import shutil

    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 200
