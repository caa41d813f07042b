"""`minustwo backtest`: the forecast beside what must follow and what came later."""

from __future__ import annotations

import click

from sim.commands._options import jobs_option, seed_option


@click.command(short_help="The forecast beside every check and later figure.")
@click.option(
    "--format", "kind", type=click.Choice(["text", "csv", "json"]), default="text", show_default=True,
    help="How to print it; csv holds the figures without the summary.",
)  # fmt: skip
@seed_option
@click.option(
    "--worlds", type=click.IntRange(min=2), help="Plausible worlds behind the intervals.  [default: 16]"
)
@click.option(
    "--picture", metavar="FILE", help="Draw it into FILE too, whose name ends in .svg, .png or .pdf."
)
@jobs_option
def command(kind: str, seed: int, worlds: int | None, picture: str | None, jobs: int | None) -> None:
    """Hold the forecast against every check and every figure published after its latest input.

    Each figure stands beside the forecast, its 90 percent interval, the error, and whether the interval holds
    it; by group follow the share held with its exact interval, the median error beside those of two naive
    forecasts (nothing changes; the Commission's own), and the interval score.

    Example: minustwo backtest --picture backtest.png
    """
    from pathlib import Path

    from sim.base.files import write_file
    from sim.base.workers import workers
    from sim.ensemble import MEMBERS
    from sim.output.backtest_text import as_data, as_text
    from sim.output.plots.backtest import drawing
    from sim.output.plots.picture import FORMATS
    from sim.people.stock_cache import users_cache
    from sim.studies.backtest import backtest

    ending = Path(picture or "backtest.svg").suffix.lower().removeprefix(".")
    if ending not in FORMATS:
        raise click.UsageError(f"--picture {picture}: give a name that ends in .{' or .'.join(FORMATS)}")
    with workers(jobs) as executor:
        found = backtest(seed, MEMBERS if worlds is None else worlds, executor=executor, cache=users_cache())
    if picture:
        write_file(picture, drawing(found, seed, ending))
    if kind == "csv":
        click.echo(found.rows.to_csv(index=False, lineterminator="\n"), nl=False)
    elif kind == "json":
        from json import dumps

        click.echo(dumps(as_data(found, seed), indent=2))
    else:
        click.echo(as_text(found, seed))
