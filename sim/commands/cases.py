"""``minustwo cases``: many court files at once."""

from __future__ import annotations

import click

MANY = 10
ERRORS = 3


@click.command(short_help="Many court files: a line of JSON in, a line of JSON out.")
@click.argument("file", metavar="FACTS.jsonl|FACTS.csv|-")
@click.option("--output", metavar="FILE", help="Write there instead of standard output (-).")
@click.option("--csv", "as_csv", is_flag=True, help="Read CSV whatever the file is called (with -).")
def command(file: str, output: str | None, as_csv: bool) -> None:
    """The analysis of many case records, one a line, answered in the same order.

    A record with errors gets {"case_id", "error"} on its line and stops no other; the exit code is then 3.
    CSV has a header of field names; see minustwo case --fields.
    """
    import sys

    from sim.commands._batch import answered
    from sim.commands._files import opened, written

    by_rows = as_csv or file.lower().endswith(".csv")
    name = "standard input" if file == "-" else file
    bad: list[int] = []
    count = 0
    with opened(file) as source:
        if output is None:
            for lines, wrong in answered(source, by_rows, name):
                sys.stdout.write("\n".join(lines) + "\n")
                bad += wrong
                count += len(lines)
        else:
            with written(output, file) as target:
                for lines, wrong in answered(source, by_rows, name):
                    target.write("\n".join(lines) + "\n")
                    bad += wrong
                    count += len(lines)
    sys.stdout.flush()
    if bad:
        shown = ", ".join(map(str, bad[:MANY])) + (" and more" if len(bad) > MANY else "")
        plural = "record" if count == 1 else "records"
        click.echo(f"minustwo: {len(bad):,} of {count:,} {plural} had errors: line {shown}", err=True)
        raise click.exceptions.Exit(ERRORS)
