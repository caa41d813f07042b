"""``minustwo desk``: the desk in a browser on this machine."""

from __future__ import annotations

import click

from sim.commands._options import Whole


@click.command(short_help="The desk in a browser: a form, the answer as one types, a docket.")
@click.option(
    "--port",
    type=Whole(0, 65535),
    default=0,
    show_default="any free one",
    help="Port of this machine.",
)
@click.option("--open", "open_browser", is_flag=True, help="Open the browser.")
def command(port: int, open_browser: bool) -> None:
    """Answer in a browser what case and cases answer in a terminal.

    The desk listens on this machine alone, at an address nobody can guess; it stores nothing unless you save
    it and sends nothing anywhere. Ctrl-C ends it.

    Example: minustwo desk --open
    """
    from sim.desk.server import serve

    def began(address: str) -> None:
        click.echo(f"The desk is at {address}\nCtrl-C ends it.")
        if open_browser:
            click.launch(address)

    try:
        serve(port, began)
    except KeyboardInterrupt:
        click.echo("\nThe desk has ended; nothing was stored.")
