"""``minustwo sweep``: scenarios x parameters x seeds."""

from __future__ import annotations

import click

from sim.base.text import visible
from sim.commands._options import jobs_option, people_option


@click.command(short_help="Run scenarios x parameters x seeds, side by side.")
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--out", metavar="DIR", default="sweep", show_default=True, help="Folder to write into.")
@people_option
@jobs_option
@click.option(
    "--dask",
    metavar="ADDRESS",
    help="A Dask scheduler instead, such as tcp://host:8786; whoever runs it can run code here.",
)
def command(file: str, out: str, people: str | None, jobs: int | None, dask: str | None) -> None:
    """Run every combination that FILE asks for, and keep the results as a Parquet data set in DIR.

    What is finished is kept: after a stop, the same command does only what is missing. Open DIR with
    pandas.read_parquet or DuckDB; one row a scenario, quantity, month and statistic.

    \b
    FILE is TOML:
      scenarios = ["drugs-minus-two", "no-delay"]
      seeds = 3
      [parameters]
      "judges.approval_rate" = [0.5, 0.75, 0.92]
    """  # noqa: D301
    from contextlib import nullcontext

    from sim.commands._inputs import population_of
    from sim.commands._progress import shown
    from sim.studies.sweep import dask_executor, load_plan, sweep

    if dask and jobs is not None:
        raise click.UsageError("--jobs and --dask: choose one")
    plan = load_plan(file, population_of(people))
    with shown("blocks") as progress, dask_executor(dask) if dask else nullcontext() as executor:
        done = sweep(
            plan,
            out,
            jobs=jobs,
            executor=executor,
            progress=lambda finished, total: progress.step("blocks", finished, total),
        )
    kept = done.blocks - done.computed - len(done.failed)
    click.echo(f"{plan.tasks} runs in {done.blocks} blocks: {done.computed} computed, {kept} already there")
    for line in done.failed:
        click.echo(f"failed: {visible(line)}", err=True)
    click.echo(f"Written to {out}{'/' if not out.endswith('/') else ''}")
    if done.failed:
        raise click.exceptions.Exit(3)
