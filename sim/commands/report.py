"""``minustwo report``: a result as one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sim.commands._options import people_option

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sim.commands._progress import Progress
    from sim.results.results import Result
    from sim.studies.explorer import Explorer

MOST_BYTES = 2_000_000
"""A page that can be sent by mail and opened anywhere."""


@click.command(short_help="A stored result as one self-contained HTML page.")
@click.argument("out", metavar="OUT")
@click.option(
    "--compare",
    "others",
    multiple=True,
    metavar="SCENARIO",
    help="Show what this one changes too: a shipped name, a TOML file or the folder of a result; repeatable.",
)
@click.option(
    "--html", metavar="FILE", help="File to write, - for standard output.  [default: report.html in OUT]"
)
@people_option
@click.option("--no-explorer", is_flag=True, help="Leave out the choices; quicker.")
@click.option("--open", "opened", is_flag=True, help="Open the page in the browser.")
def command(
    out: str, others: tuple[str, ...], html: str | None, people: str | None, no_explorer: bool, opened: bool
) -> None:
    """Write the result in the folder OUT as one HTML page that loads nothing.

    It shows what was found beside what was published, in words, pictures and tables, with method and
    limits, and lets the reader choose levels, delay, approval and who is left out.

    Example: minustwo report out --compare no-delay --html page.html
    """
    import os
    from pathlib import Path

    from sim.base.errors import SimulationError
    from sim.base.files import is_standard_output, refuse_input, write_file
    from sim.base.workers import workers
    from sim.commands._inputs import population_of
    from sim.commands._progress import shown
    from sim.output.finding import headline
    from sim.output.report import page
    from sim.output.store_read import read, shown_from
    from sim.people.stock_cache import users_cache
    from sim.scenario.scenario import Scenario
    from sim.studies.comparison import compare

    result = read(out)
    file = html if html is not None else str(Path(out) / "report.html")
    stored = (each for each in Path(out).rglob("*") if each.suffix != ".html")
    refuse_input(file, (*stored, *others))
    with shown_from(out, *filter(os.path.isdir, others)), shown("reading") as progress, workers() as executor:
        asked = [read(name) if Path(name).is_dir() else Scenario.load(name) for name in others]
        comparison = (
            compare(
                [result, *asked],
                population=population_of(people),
                executor=executor,
                cache=users_cache(),
                progress=progress.step,
            )
            if asked
            else None
        )
        explorer, why = (None, "") if no_explorer else _explorer(result, progress, executor)
        progress.say("page")
        content = page(result, comparison, explorer, why).encode()
        size = len(content)
        if size > MOST_BYTES:
            raise SimulationError(
                f"the page would have {size / 1000:,.0f} kB, more than {MOST_BYTES / 1000:,.0f}; compare "
                "with fewer scenarios"
            )
        write_file(file, content)
    told = is_standard_output(file)  # then standard output holds the page alone
    with shown_from(out):
        click.echo(headline(result), err=told)
    if why:
        click.echo(f"\nWithout choices to try out: {why}.", err=told)
    click.echo(f"\nWritten to {'standard output' if told else file} ({size / 1000:,.0f} kB)", err=told)
    if opened and not told:
        click.launch(file)


def _explorer(result: Result, progress: Progress, executor: Executor | None) -> tuple[Explorer | None, str]:
    """The grid, or why there is none."""
    from sim.base.errors import SimulationError
    from sim.people.stock_cache import users_cache
    from sim.studies.explorer import explore

    try:
        return explore(result, progress.step, executor=executor, cache=users_cache()), ""
    except SimulationError as reason:
        return None, str(reason)
