"""``minustwo diff``: what changed in a law table between two days."""

from __future__ import annotations

import click

from sim.commands._options import warn_of_unread


@click.command(short_help="What changed in a law table, and by which amendment.")
@click.argument("name")
@click.argument("on", metavar="DATE")
@click.argument("until", metavar="DATE")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(name: str, on: str, until: str, as_json: bool) -> None:
    """What changed in the law table NAME from one day to another, and by which amendment.

    Example: minustwo diff drug_quantity 2013-11-01 2014-11-01
    """
    from guidelines.tables.changes import begun, changes
    from sim.output.table_text import changed

    click.echo(changed(name, on, until, begun(name, on, until), changes(name, on, until), as_json), nl=False)
    warn_of_unread(until)
