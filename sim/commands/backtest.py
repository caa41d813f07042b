"""`minustwo backtest`: the forecast beside what must follow and what came later."""

from __future__ import annotations

import click

from sim.commands._options import Whole, jobs_option, seed_option


@click.command(short_help="The forecast beside every check and later figure.")
@click.option(
    "--format", "kind", type=click.Choice(["text", "csv", "json"]), default="text", show_default=True,
    help="How to print it; csv holds the figures without the summary.",
)  # fmt: skip
@seed_option
@click.option("--worlds", type=Whole(min=2), help="Plausible worlds behind the intervals.  [default: 16]")
@click.option(
    "--picture",
    metavar="FILE",
    help="Draw it into FILE too, whose name ends in .svg, .png or .pdf; - prints SVG.",
)
@click.option(
    "--draws",
    type=Whole(1, 64),
    default=8,
    show_default=True,
    help="Draws of all people to average over, with seeds from SEED on.",
)
@click.option(
    "--fit", metavar="FIT", help="Whose evidence to use, such as 2014-07.  [default: the one in use]"
)
@jobs_option
def command(
    kind: str,
    seed: int,
    worlds: int | None,
    picture: str | None,
    draws: int,
    fit: str | None,
    jobs: int | None,
) -> None:
    """Hold the forecast against every check and every figure published after its latest input.

    Each figure stands beside the forecast, its 90 percent interval, the error, and whether the interval holds
    it; by group follow the share held with its exact interval, the median error beside those of two naive
    forecasts (nothing changes; the Commission's own), and the interval score. The first line is the mean over
    several draws of all people. Then each amendment is forecast with nothing published about it fitted.

    Example: minustwo backtest --picture backtest.png
    """
    from pathlib import Path

    from sim.base.files import is_standard_output, write_file
    from sim.base.workers import workers
    from sim.commands._progress import columns, shown
    from sim.ensemble import MEMBERS
    from sim.output.backtest_text import as_data, as_text
    from sim.output.plots.backtest import drawing
    from sim.output.plots.picture import FORMATS
    from sim.people.stock_cache import users_cache
    from sim.results.evidence import IN_USE, evidence_of
    from sim.studies.backtest import LEFT_OUT, backtest, backtests

    drawn = is_standard_output(picture)
    if drawn and kind != "text":
        raise click.UsageError("--picture - takes standard output for itself; give --picture a file.")
    ending = "svg" if drawn else Path(picture or "backtest.svg").suffix.lower().removeprefix(".")
    if ending not in FORMATS:
        raise click.UsageError(f"--picture {picture}: give a name that ends in .{' or .'.join(FORMATS)}")
    chosen, number, cache = fit or IN_USE, MEMBERS if worlds is None else worlds, users_cache()
    evidence_of(chosen)
    seeds = range(seed, seed + draws)
    with shown("draws") as progress, workers(jobs) as executor:
        each = backtests(seeds, number, progress.step, fit=chosen, executor=executor, cache=cache)
        without = None
        if chosen == IN_USE and kind != "csv":
            without = backtest(seed, number, fit=LEFT_OUT, executor=executor, cache=cache)
    found = dict(zip(seeds, each, strict=True))
    if picture:
        write_file(picture, drawing(each[0], seed, ending))
    if kind == "csv":
        click.echo(each[0].rows.to_csv(index=False, lineterminator="\n"), nl=False)
    elif kind == "json":
        from json import dumps

        click.echo(dumps(as_data(found, without), indent=2))
    else:
        click.echo(as_text(found, without, columns()), err=drawn)
