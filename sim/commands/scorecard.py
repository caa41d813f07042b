"""`minustwo scorecard`: every published target beside what the model gives."""

from __future__ import annotations

import click


@click.command(short_help="Every published target beside what the model gives.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@click.option("--strict", is_flag=True, help="Exit with 3 if a target with role check is missed.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Decides every draw.")
@click.option(
    "--worlds", type=click.IntRange(min=0), help="Plausible worlds of the intervals.  [default: 16]"
)
def command(as_json: bool, strict: bool, seed: int, worlds: int | None) -> None:
    """Compare the model with every target of tables/reference/calibration_targets.csv.

    Targets with role input are fed in or fitted to, calibrate are fitted to, check must follow and were
    never looked at in the fit. The interval is that of nine in ten plausible worlds; a target is met when
    the model's value lies in the published band.
    """
    from sim.base.workers import workers
    from sim.ensemble import MEMBERS
    from sim.output.scorecard_text import as_data, as_text
    from sim.people.stock_cache import users_cache
    from sim.studies.scorecard import scorecard

    with workers() as executor:
        card = scorecard(seed, MEMBERS if worlds is None else worlds, executor=executor, cache=users_cache())
    if as_json:
        from json import dumps

        click.echo(dumps(as_data(card, seed), indent=2))
    else:
        click.echo(as_text(card, seed))
    if strict and card.misses:
        raise click.exceptions.Exit(3)
