"""``minustwo plots``: pictures of a stored result."""

from __future__ import annotations

import click

from sim.commands._options import Whole


@click.command(short_help="Draw the pictures of a stored result again.")
@click.argument("folder", metavar="DIR")
@click.option(
    "--drug", "drugs", multiple=True, metavar="NAME", help="A ladder for this drug too; repeatable."
)
@click.option(
    "--width",
    metavar="PIXELS",
    type=Whole(),
    default=600,
    show_default=True,
    help="Width on a page, 320 to 1600.",
)
@click.option(
    "--format",
    "formats",
    metavar="NAMES",
    default="svg,png",
    show_default=True,
    help="Some of svg, png, pdf.",
)
@click.option(
    "--scale", type=click.FloatRange(0.5, 6), default=2.0, show_default=True,
    help="Dots of a PNG for each pixel; 2 for print.",
)  # fmt: skip
@click.option(
    "--theme", type=click.Choice(["house", "newsroom"]), default="house", show_default=True,
    help="newsroom: no title and source in the drawing; they stand in its text file.",
)  # fmt: skip
def command(folder: str, drugs: tuple[str, ...], width: int, formats: str, scale: float, theme: str) -> None:
    """Draw the pictures of the result in DIR again, from its tables alone.

    Letters keep their size at every width; what has no room side by side is drawn one below the other. With
    the same versions of the libraries, the files have the same bytes.

    Example: minustwo plots out --width 360 --format svg,pdf
    """
    from sim.commands._progress import shown
    from sim.output import store
    from sim.output.plots.picture import Look

    look = Look(
        width, tuple(name.strip().lower() for name in formats.split(",") if name.strip()), scale, theme
    )
    with shown("pictures"):
        pictures = store.redraw(folder, drugs, look)
    click.echo(f"Written to {pictures}/")
