"""``minustwo range``: one cell of the Sentencing Table."""

from __future__ import annotations

import click


@click.command(short_help="The guideline range of an offense level and a category.")
@click.argument("level")
@click.argument("category")
@click.option("--on", metavar="DATE", help="A day, such as 2013-11-01.  [default: the latest Manual held]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(level: str, category: str, on: str | None, as_json: bool) -> None:
    """The guideline range of total offense LEVEL (1-43) and criminal history CATEGORY (I-VI or 1-6).

    Example: minustwo range 32 III --on 2013-11-01
    """
    from sim.range_answer import answer

    click.echo(answer(level, category, on, as_json), nl=False)
