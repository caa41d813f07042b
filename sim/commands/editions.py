"""``minustwo editions``: which law is held from when, and what is not."""

from __future__ import annotations

import click


@click.command(short_help="Which law tables are held from when, and what is not held.")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(name: str | None, as_json: bool) -> None:
    """The editions of every law table on one screen, or all editions of the table NAME with their sources.

    Example: minustwo editions drug_quantity
    """
    from sim.output.editions_text import all_editions, editions_of

    click.echo(all_editions(as_json) if name is None else editions_of(name, as_json), nl=False)
