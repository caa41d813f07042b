"""``minustwo plots``: pictures of a stored result."""

from __future__ import annotations

import click


@click.command(short_help="Draw the pictures of a stored result again.")
@click.argument("folder", metavar="DIR")
@click.option(
    "--drug", "drugs", multiple=True, metavar="NAME", help="A ladder for this drug too; repeatable."
)
def command(folder: str, drugs: tuple[str, ...]) -> None:
    """Draw the pictures of the result in DIR again, from its tables alone.

    With the same versions of the libraries, the files have the same bytes.

    Example: minustwo plots out --drug PCP
    """
    from sim.commands._progress import shown
    from sim.output import store

    with shown("pictures"):
        pictures = store.redraw(folder, drugs)
    click.echo(f"Written to {pictures}/")
