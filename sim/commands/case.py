"""``minustwo case``: one court file in, the worksheet and the decision out."""

from __future__ import annotations

import click

HELP = """The analysis of one case record: a JSON object or a sheet of one row.

FILE may be - for standard input. Every fact is optional: a partial record gives everything that follows from
it, lists what it assumed and names what is missing.

\b
Example:
  echo '{"total_offense_level": 31, "criminal_history_category": "III",
         "imposed_term_months": 140}' | minustwo case - --explain
"""


@click.command(help=HELP, short_help="One court file: worksheet, decision, floor, dates.")
@click.argument("file", metavar="FILE|-", required=False)
@click.option("--explain", is_flag=True, help="Print the whole worksheet with the reason of each line.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
@click.option("--html", metavar="OUT", help="Write one self-contained page to OUT; - is standard output.")
@click.option(
    "--picture",
    metavar="FILE",
    help="Draw it from sentence to door into FILE (.svg, .png or .pdf); - prints SVG.",
)
@click.option("--fields", is_flag=True, help="List the fields a record may have.")
def command(
    file: str | None, explain: bool, as_json: bool, html: str | None, picture: str | None, fields: bool
) -> None:
    """Analyse one case record."""
    if fields:
        from sim.output.cases.text import fields_listed

        click.echo(fields_listed(), nl=False)
        return
    if file is None:
        raise click.UsageError("Missing argument 'FILE|-'; minustwo case --fields lists what it may hold.")
    from sim.base.files import is_standard_output, write_file

    taken = [name for name, to in (("--html", html), ("--picture", picture)) if is_standard_output(to)]
    if len(taken) > 1 or (taken and (as_json or explain)):
        raise click.UsageError(f"{taken[0]} - takes standard output for itself; give {taken[0]} a file.")
    from guidelines import CaseError, analyze_case
    from sim.commands._inputs import read_one
    from sim.records.batch import as_object

    name = "standard input" if file == "-" else file
    record = read_one(file)
    try:
        answer = as_object(record, {**analyze_case(record.facts)})
    except CaseError as problem:
        raise CaseError([f"{name}: {line}" for line in problem.problems], problem.case_id) from None
    if html is not None:
        from datetime import date

        from sim.output.cases.page import page

        read_as = map(str, record.readings)
        made = page(answer, record.facts, made_on=date.today(), read_as=read_as)
        write_file(html, made.encode(), [file])
    if picture is not None:
        from pathlib import Path

        from sim.output.plots.door import drawing

        kind = "svg" if is_standard_output(picture) else Path(picture).suffix.lstrip(".").lower()
        write_file(picture, drawing(answer, kind), [file])
    if taken:
        return
    if as_json:
        from sim.base.text import json_text

        click.echo(json_text(answer, indent=2))
    elif html is None or explain:
        from datetime import date

        from sim.output.cases.text import explained, summary
        from sim.output.cases.words import as_of

        shown = as_of(answer, date.today())
        click.echo(explained(shown) if explain else summary(shown), nl=False)
