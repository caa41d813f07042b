"""The option ``--jobs``, the same in every command."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., object])


def jobs_option(command: Command) -> Command:
    """Add ``--jobs`` to a command."""
    return click.option(
        "--jobs",
        type=click.IntRange(min=1),
        help="Number of worker processes.  [default and most: one for each processor]",
    )(command)
