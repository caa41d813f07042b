"""``minustwo compare``: what another scenario would change."""

from __future__ import annotations

import click

from sim.commands._options import Whole, people_option


@click.command(short_help="Differences between scenarios, with their intervals.")
@click.argument("which", metavar="A B [C...]", nargs=-1, required=True)
@click.option(
    "--by",
    type=click.Choice(["total", "month", "outcome", "drug", "race", "citizenship", "category", "district"]),
    default="total",
    show_default=True,
    help="What to show the differences by.",
)
@click.option("--out", metavar="DIR", help="Write tables and a picture into this folder.")
@click.option("--seed", type=Whole(min=0), help="Seed of the runs.  [default: the stored one, else 1]")
@click.option("--worlds", type=Whole(min=0), help="Worlds of the runs.  [default: as stored, else 16]")
@people_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    which: tuple[str, ...],
    by: str,
    out: str | None,
    seed: int | None,
    worlds: int | None,
    people: str | None,
    as_json: bool,
) -> None:
    """Differences of B, C... from A: each a shipped scenario, a TOML file, or the folder of a result.

    People, plausible worlds and districts are the same in all, so a difference is one of rules and not
    of luck. Scenarios are run with the seed of the stored results. Intervals hold the spread between
    plausible worlds; those of totals and of districts also that of approval between districts.

    Example: minustwo compare drugs-minus-two no-delay --by month
    """
    if len(which) < 2:
        raise click.UsageError("give two scenarios or results, or more")
    from pathlib import Path

    from sim.base.workers import workers
    from sim.commands._inputs import population_of
    from sim.commands._progress import columns, shown
    from sim.output import store, store_comparison
    from sim.output.printed_comparison import comparison_text
    from sim.output.store_read import read, shown_from
    from sim.people.stock_cache import users_cache
    from sim.scenario.scenario import Scenario
    from sim.studies.comparison import compare

    if out is not None:
        store.check(out, store_comparison.FORMAT)
    stored = [each for each in which if Path(each).is_dir()]
    asked = [read(each) if each in stored else Scenario.load(each) for each in which]
    with shown_from(*stored), shown("reading") as progress, workers() as executor:
        comparison = compare(
            asked,
            seed=seed,
            worlds=worlds,
            executor=executor,
            cache=users_cache(),
            population=population_of(people),
            progress=progress.step,
        )
        if out is not None:
            store_comparison.write(comparison, out)
    if as_json:
        click.echo(store.as_json(store_comparison.summary(comparison, by)), nl=False)
        return
    click.echo(comparison_text(comparison, by, columns()))
    if out is not None:
        click.echo(f"\nWritten to {out}")
