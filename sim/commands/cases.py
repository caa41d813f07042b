"""``minustwo cases``: many court files at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from sim.base.text import visible
from sim.commands._options import Whole, jobs_option

if TYPE_CHECKING:
    from sim.records.source import Source

MANY = 10
ERRORS = 3


@click.command(short_help="Many court files: JSON lines or a sheet in, an answer each out.")
@click.argument("file", metavar="FACTS|-", required=False)
@click.option("--output", metavar="FILE", help="Write the answers there; .csv and .xlsx make a sheet.")
@click.option("--pages", metavar="DIR", help="Write the docket and one page a client to print.")
@click.option("--template", metavar="FILE", help="Write an empty sheet to fill in, .csv or .xlsx, and stop.")
@click.option("--from", "kind", type=click.Choice(["ussc"]), help="FACTS is a datafile of the Commission.")
@click.option("--year", type=Whole(), help="Fiscal year of the datafile.  [default: as in its name]")
@jobs_option
def command(
    file: str | None,
    output: str | None,
    pages: str | None,
    template: str | None,
    kind: str | None,
    year: int | None,
    jobs: int | None,
) -> None:
    """The analysis of many case records, answered in the same order.

    FACTS is lines of JSON or a sheet (CSV, tabs, semicolons, .xlsx) whose first line names the facts; what it
    is follows from what stands in it. Days, terms, weights and names are read as people write them, and what
    was read differently from how it was written is said. A record with errors gets {"case_id", "error"} and
    stops no other; the exit code is then 3. See minustwo case --fields.

    With --output or --pages the docket is printed: whom to file for first and why, who lacks which fact, who
    is out by which rule.

    Example: minustwo cases clients.xlsx --output answers.xlsx --pages pages
    """
    if template is not None:
        from sim.records.template import write_template

        write_template(template)
        click.echo(f"{template}: fill in a row for each client, then minustwo cases {template}")
        return
    if file is None:
        raise click.UsageError("Missing argument 'FACTS|-'; --template FILE writes a sheet to fill in.")
    from pathlib import Path

    from guidelines import CaseError
    from sim.base.files import is_standard_output

    if output and pages and not is_standard_output(output):
        target, folder = Path(output).resolve(), Path(pages).resolve()
        if folder in (target, *target.parents):
            raise click.UsageError(
                f"--output {output} lies in --pages {pages}, which holds the docket and the pages alone; "
                "another folder is accepted."
            )
    from sim.commands._answers import answers_written
    from sim.commands._batch import Answered, answered
    from sim.output.cases.docket import Docket, as_text
    from sim.records.source import opened

    told = Answered(docket=Docket())
    count = 0
    with (
        _datafile(file, year) if kind else opened(file) as source,
        answers_written(output, pages, source, file) as writer,
    ):
        for block in answered(source, writer.shape, docket=writer.docket, jobs=jobs):
            told.tell(block)
            writer.put(block.shaped, told)
            count += len(block.shaped)
        if not count:
            raise CaseError([f"{source.name}: no record under the headings"])
    for line in (*source.notices, *told.notices(source.name)):
        click.echo(f"minustwo: {visible(line)}", err=True)
    if writer.docket and told.docket is not None:
        click.echo(as_text(told.docket), nl=False, err=is_standard_output(output))
    if told.bad:
        shown = ", ".join(map(str, told.bad[:MANY])) + (" and more" if len(told.bad) > MANY else "")
        plural = "record" if count == 1 else "records"
        click.echo(f"minustwo: {len(told.bad):,} of {count:,} {plural} had errors: line {shown}", err=True)
        raise click.exceptions.Exit(ERRORS)


@contextmanager
def _datafile(file: str, year: int | None) -> Iterator[Source]:
    """The people of a datafile as records, with its report on standard error."""
    from sim.commands._progress import shown
    from sim.population.ussc.cases import case_source
    from sim.population.ussc.read import read_ussc

    with shown("reading") as progress:
        data = read_ussc(file, year, progress=progress.share)
    click.echo(str(data.report), err=True)
    yield case_source(data.cases, file)
