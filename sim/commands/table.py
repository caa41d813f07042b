"""``minustwo table``: a law table as it stood on a day."""

from __future__ import annotations

import click

from sim.commands._options import warn_of_unread


@click.command(short_help="Any law table as it stood on a day, with its source.")
@click.argument("name", required=False)
@click.option("--on", metavar="DATE", help="A day, such as 2013-11-01.  [default: the latest edition]")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV, every column.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, every column.")
def command(name: str | None, on: str | None, as_csv: bool, as_json: bool) -> None:
    """The law table NAME as it stood on a day, with its section and source; without NAME, the tables.

    Example: minustwo table sentencing_table --on 2013-11-01
    """
    if as_csv and as_json:
        raise click.UsageError("--csv and --json: give one of them")
    from guidelines.tables import edition, editions, law
    from sim.output.table_text import as_csv_text, as_json_text, as_text, listed

    if name is None:
        if on or as_csv:
            raise click.UsageError("--on and --csv need the NAME of a table")
        click.echo(listed(as_json), nl=False)
        return
    table = law(name, on) if on else edition(name, editions(name)[-1])
    shown = as_csv_text if as_csv else as_json_text if as_json else as_text
    click.echo(shown(table), nl=False)
    warn_of_unread(on)
