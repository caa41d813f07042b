"""``minustwo run``: the main job."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sim.commands._options import Whole, jobs_option, people_option, seed_option

if TYPE_CHECKING:
    from sim.results.results import Result
    from sim.scenario.scenario import Scenario


@click.command(short_help="Forecast a scenario, and write tables and pictures.")
@click.argument("scenario", default="drugs-minus-two")
@click.option("--out", metavar="DIR", default="out", show_default=True, help="Folder to write into.")
@seed_option
@click.option(
    "--worlds",
    type=Whole(min=0),
    help="Plausible worlds behind the intervals; 0 for none.  [default: 16]",
)
@people_option
@click.option(
    "--people-out", metavar="FILE", help="One row a person: code, why, range, cut, dates (.csv, .parquet)."
)
@click.option("--no-pictures", is_flag=True, help="Write no pictures.")
@jobs_option
@click.option("--no-cache", is_flag=True, help="Draw the people anew, and keep none for the next run.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def command(
    scenario: str,
    out: str,
    seed: int,
    worlds: int | None,
    people: str | None,
    people_out: str | None,
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
    from sim.base.files import is_standard_output
    from sim.base.workers import workers
    from sim.commands._inputs import population_of, write_people_table
    from sim.commands._progress import shown
    from sim.ensemble import MEMBERS
    from sim.output import store
    from sim.people.stock_cache import users_cache
    from sim.population.files import check_place
    from sim.runner import run
    from sim.scenario.scenario import Scenario

    table_printed = is_standard_output(people_out)
    if table_printed and as_json:
        raise click.UsageError("--people-out - takes standard output for itself; give --people-out a file.")
    asked = Scenario.load(scenario)
    if people_out is not None:
        check_place(people_out)
    if people is not None and _in_pieces(people, asked, out, as_json):
        return
    store.check(out)
    with shown("people") as progress, workers(jobs) as executor:
        result = run(
            asked,
            seed,
            population=population_of(people),
            worlds=MEMBERS if worlds is None else worlds,
            executor=executor,
            cache=None if no_cache else users_cache(),
            progress=progress.step,
        )
        progress.say("files" if no_pictures else "pictures and files")
        result = store.as_written(result)  # what is printed, drawn and stored are the same numbers
        told = _told(result, as_json)
        store.write(result, out, pictures=not no_pictures, executor=executor)
        if people_out is not None:
            write_people_table(result, people_out, [people] if people else [])
    click.echo(told, nl=False, err=table_printed)
    if not as_json:
        click.echo(f"\nWritten to {out}{'/' if not out.endswith('/') else ''}", err=table_printed)


def _told(result: Result, as_json: bool) -> str:
    """What is printed."""
    from sim.commands._progress import columns
    from sim.output import store
    from sim.output.printed import headline_text

    return store.as_json(store.summary(result)) if as_json else f"{headline_text(result, columns())}\n"


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
