"""Options that are the same in every command."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., object])


class Whole(click.IntRange):
    """A whole number in plain digits: Python would read 1_000, and the digits of any script, as well."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Refuse what nobody writes."""
        if isinstance(value, str) and not re.fullmatch(r"[-+]?[0-9]{1,18}", value):
            self.fail(f"{value!r} given; a whole number of at most 18 plain digits is accepted.", param, ctx)
        return super().convert(value, param, ctx)


def jobs_option(command: Command) -> Command:
    """Add ``--jobs`` to a command."""
    return click.option(
        "--jobs",
        type=Whole(min=1),
        help="Number of worker processes.  [default and most: one for each processor]",
    )(command)


def seed_option(command: Command) -> Command:
    """Add ``--seed`` to a command."""
    return click.option(
        "--seed",
        type=Whole(min=0),
        default=1,
        show_default=True,
        help="Random seed; the same seed gives the same result.",
    )(command)


def people_option(command: Command) -> Command:
    """Add ``--people`` to a command."""
    return click.option(
        "--people",
        metavar="FILE",
        help="Use this file of people (.csv, .parquet) instead of synthetic prisoners.",
    )(command)


def warn_of_unread(day: str | None) -> None:
    """One line on standard error for a day under a Manual that could not be read."""
    from guidelines import tables

    unread = tables.edition("unread_manual", tables.editions("unread_manual")[-1])
    if day is not None and tables.iso(day) >= str(unread.effective_from):
        click.echo(
            f"note: the Manual of {unread.effective_from} could not be read; "
            "what it changed is not held and not shown",
            err=True,
        )
