"""The group of commands: one file each in ``sim/commands``, imported when it is asked for."""

from __future__ import annotations

import os
from difflib import get_close_matches
from importlib import import_module

import click

from sim._version import __version__

FOLDER = os.path.dirname(__file__)
MAINTAINERS = ("fit",)
"""Commands that remake what is shipped; the help lists them apart."""


class LazyGroup(click.Group):
    """A group whose commands are the files of a folder, each with a click command named ``command``."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the commands, in alphabetical order."""
        files = (os.path.splitext(name) for name in os.listdir(FOLDER) if not name.startswith("_"))
        return sorted(stem.replace("_", "-") for stem, end in files if end == ".py")

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the file of a command, if there is one."""
        if cmd_name not in self.list_commands(ctx):
            return None
        found: click.Command = import_module(f"sim.commands.{cmd_name.replace('-', '_')}").command
        found.name = cmd_name
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands, those of maintainers apart."""
        names = self.list_commands(ctx)
        for title, listed in (
            ("Commands", [name for name in names if name not in MAINTAINERS]),
            ("For maintainers", [name for name in names if name in MAINTAINERS]),
        ):
            commands = [(name, self.get_command(ctx, name)) for name in listed]
            with formatter.section(title):
                formatter.write_dl([(name, each.get_short_help_str(70)) for name, each in commands if each])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the nearest command where there is none."""
        if args and not args[0].startswith("-") and args[0] not in self.list_commands(ctx):
            known = self.list_commands(ctx)
            close = get_close_matches(args[0], known, n=1)
            hint = f"did you mean {close[0]}?" if close else f"known: {', '.join(known)}"
            raise click.UsageError(f"no command {args[0]!r}; {hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(
    cls=LazyGroup,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "terminal_width": 80, "max_content_width": 80},
)
@click.version_option(__version__, prog_name="minustwo", message="%(prog)s %(version)s")
def group() -> None:
    """Federal drug sentences under the guidelines, before and after an amendment.

    \b
    Examples:
      minustwo run                       forecast Amendment 782, tables and pictures into out/
      minustwo case client.json          one client's reduction, with the worksheet
      minustwo range 32 III              one cell of the Sentencing Table

    Exit codes: 0 done, 1 failed, 2 bad usage or bad file, 3 done with errors in some records or a strict
    check missed, 130 stopped.
    """  # noqa: D301
