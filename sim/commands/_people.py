"""What ``--people`` and ``--people-out`` read and write."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sim.population.population import Population
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
