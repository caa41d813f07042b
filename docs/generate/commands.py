"""The help of every command, as the command prints it."""

from __future__ import annotations

from collections.abc import Iterator

import click

from generate.text import fence, page
from sim.commands._group import group


def pages() -> dict[str, str]:
    """File names and texts."""
    parts = [fence(_help(group, "minustwo"))]
    for name, command in _all(group, "minustwo"):
        parts += [f"## {name}", fence(_help(command, name))]
    return {
        "commands.md": page(
            "Commands",
            "What each command prints with `--help`. Progress goes to standard error, and only to a "
            "terminal; results go to standard output or into the folder asked for, whole or not at all.",
            *parts,
        )
    }


def _all(parent: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(parent, info_name=path)
    for name in parent.list_commands(context):
        command = parent.get_command(context, name)
        if command is None:
            raise LookupError(f"{path} lists {name} and has it not")
        yield f"{path} {name}", command
        if isinstance(command, click.Group):
            yield from _all(command, f"{path} {name}")


def _help(command: click.Command, path: str) -> str:
    context = click.Context(command, info_name=path, terminal_width=80, max_content_width=80)
    context.help_option_names = ["-h", "--help"]
    return command.get_help(context)
