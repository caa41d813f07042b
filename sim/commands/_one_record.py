"""A file that holds one record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sim.base.text import visible

if TYPE_CHECKING:
    from sim.records.record import Record


def read_one(path: str) -> Record:
    """The record of a file, or of standard input for ``-``; what was read differently is said."""
    from itertools import islice

    from guidelines import CaseError
    from sim.records.batch import read_records
    from sim.records.source import opened

    with opened(path) as source:
        try:
            records = list(islice(read_records(source), 2))
        except CaseError as problem:
            raise CaseError(
                [f"{source.name}: {line}" for line in problem.problems], problem.case_id
            ) from None
        if len(records) != 1:
            how_many = "several records" if records else "no record"
            raise CaseError([f"{source.name}: {how_many} in it; one is accepted (minustwo cases reads many)"])
        for line in source.notices:
            click.echo(f"minustwo: {visible(line)}", err=True)
    (_, record) = records[0]
    tell(record, source.name)
    return record


def tell(record: Record, name: str) -> None:
    """Say on standard error what was read differently from how it was written, and what was not used."""
    for reading in record.readings:
        click.echo(f"minustwo: {visible(name)}: {visible(reading)}", err=True)
    if record.extra:
        click.echo(
            visible(f"minustwo: {name}: no facts, handed through: {', '.join(record.extra)}"), err=True
        )
