"""What commands read: the people of ``--people``, a file of one record; and ``--people-out``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from sim.base.text import visible

if TYPE_CHECKING:
    from sim.population.population import Population
    from sim.records.record import Record
    from sim.results.results import Result


def population_of(file: str | None) -> Population | None:
    """The people of a file, with a line on each rule that rows broke; None without a file."""
    if file is None:
        return None
    from sim.population.population import Population

    people = Population.read(file)
    for line in people.set_aside:
        click.echo(f"minustwo: set aside: {line}", err=True)
    return people


def spare_arrow() -> None:
    """Keep pandas from loading Arrow, a third of the memory, for a command that writes no Parquet.

    Nothing changes where pandas is loaded already; no value depends on it.
    """
    if "pandas" not in sys.modules:
        sys.modules["pyarrow"] = None  # type: ignore[assignment]  # to pandas, as if it were not installed


def write_people_table(result: Result, path: str, inputs: list[str]) -> None:
    """Write `Result.people` as .csv or .parquet."""
    import io

    from sim.base.files import write_file
    from sim.results.people_table import in_words

    if path.lower().endswith(".parquet"):
        content = io.BytesIO()
        result.people.to_parquet(content)
        write_file(path, content.getvalue(), inputs)
    else:
        text = in_words(result.people).to_csv(lineterminator="\n", date_format="%Y-%m-%d")
        write_file(path, text.encode(), inputs)


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
    from sim.records.record import handed_through

    if record.extra:
        click.echo(f"minustwo: {visible(handed_through(name, record.extra))}", err=True)
