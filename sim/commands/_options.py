"""Options that are the same in every command."""

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


def people_option(command: Command) -> Command:
    """Add ``--people`` to a command."""
    return click.option(
        "--people",
        metavar="FILE",
        help="Use this file of people (.csv, .parquet) instead of synthetic prisoners.",
    )(command)
