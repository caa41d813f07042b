"""``minustwo cases``: many court files at once."""

from __future__ import annotations

import click

MANY = 10
ERRORS = 3


@click.command(short_help="Many court files: JSON lines or a sheet in, an answer each out.")
@click.argument("file", metavar="FACTS|-")
@click.option("--output", metavar="FILE", default="-", help="Write there instead of standard output (-).")
def command(file: str, output: str) -> None:
    """The analysis of many case records, answered in the same order.

    FACTS is lines of JSON or a sheet (CSV, tabs, semicolons, .xlsx) whose first line names the facts; what it
    is follows from what stands in it. Days, terms, weights and names are read as people write them, and what
    was read differently from how it was written is said. A record with errors gets {"case_id", "error"} and
    stops no other; the exit code is then 3. See minustwo case --fields.
    """
    from sim.base.files import text_written
    from sim.commands._batch import Answered, answered
    from sim.records.batch import as_line
    from sim.records.source import opened

    told = Answered()
    count = 0
    with opened(file) as source:
        with text_written(output, [file]) as target:
            for block in answered(source, as_line):
                target.write("\n".join(block.shaped) + "\n")
                told.tell(block)
                count += len(block.shaped)
        for line in (*source.notices, *told.notices(source.name, lines=True)):
            click.echo(f"minustwo: {line}", err=True)
    if told.bad:
        shown = ", ".join(map(str, told.bad[:MANY])) + (" and more" if len(told.bad) > MANY else "")
        plural = "record" if count == 1 else "records"
        click.echo(f"minustwo: {len(told.bad):,} of {count:,} {plural} had errors: line {shown}", err=True)
        raise click.exceptions.Exit(ERRORS)
