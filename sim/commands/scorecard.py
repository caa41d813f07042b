"""`minustwo scorecard`: every published target beside what the model gives."""

from __future__ import annotations

import click

from sim.commands._options import Whole, jobs_option, seed_option


@click.command(short_help="Every published target beside what the model gives.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@click.option(
    "--strict", is_flag=True, help="Exit with 3 if a check is missed in more than half of the draws."
)
@seed_option
@click.option("--worlds", type=Whole(min=0), help="Plausible worlds of the intervals.  [default: 16]")
@click.option(
    "--draws",
    type=Whole(1, 64),
    default=8,
    show_default=True,
    help="Draws of all people to average over, with seeds from SEED on.",
)
@jobs_option
def command(as_json: bool, strict: bool, seed: int, worlds: int | None, draws: int, jobs: int | None) -> None:
    """Compare the model with every target of tables/reference/calibration_targets.csv.

    Targets with role input are fed in or fitted to, calibrate are fitted to, check must follow and were
    never fitted to. Our tolerance is what we allow around a published figure, by judgement; the interval is
    that of nine in ten plausible worlds. The first line is the mean over several draws of all people: with
    one draw, luck decides about the checks that lie near an edge.
    """
    from sim.base.workers import workers
    from sim.commands._progress import columns, shown
    from sim.ensemble import MEMBERS
    from sim.output.scorecard_text import as_data, as_text, missed_in_most
    from sim.people.stock_cache import users_cache
    from sim.studies.scorecard import checks_by_draw, scorecard

    with shown("draws") as progress, workers(jobs) as executor:
        drawn = checks_by_draw(range(seed, seed + draws), progress.step, executor=executor)
        number = MEMBERS if worlds is None else worlds
        card = scorecard(seed, number, progress.step, executor=executor, cache=users_cache())
    if as_json:
        from json import dumps

        click.echo(dumps(as_data(card, seed, drawn), indent=2))
    else:
        click.echo(as_text(card, seed, drawn, columns()))
    if strict and missed_in_most(drawn):
        raise click.exceptions.Exit(3)
