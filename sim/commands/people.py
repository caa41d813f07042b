"""``minustwo people``: make synthetic people, check a table of one's own, list the columns."""

from __future__ import annotations

import click


@click.group(short_help="Make synthetic people, or check a table of your own.", invoke_without_command=True)
@click.option(
    "--scenario", default="drugs-minus-two", show_default=True, help="Shipped name or file: day and number."
)
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Decides every draw.")
@click.option(
    "--one-in", type=click.IntRange(min=1), default=1, show_default=True, help="Only one person in so many."
)
@click.option(
    "--out", metavar="FILE", help="File to write, ending in .csv or .parquet; - for standard output."
)
@click.pass_context
def command(context: click.Context, scenario: str, seed: int, one_in: int, out: str | None) -> None:
    """Write the synthetic prisoners of a scenario to FILE, one row a person, with where they come from.

    The people are drawn from published statistics; nobody in the file is a real person.

    Example: minustwo people --out people.csv
    """
    if context.invoked_subcommand is not None:
        return
    if out is None:
        raise click.UsageError("give --out FILE, or one of the commands check and columns")
    from sim.population.files import check_place
    from sim.population.population import Population
    from sim.scenario.scenario import Scenario

    asked = Scenario.load(scenario)
    check_place(out)
    people = Population.synthesize(asked, seed, thin=one_in)
    people.write(out)
    told = out == "-"
    click.echo(f"{len(people):,} synthetic people written to {'standard output' if told else out}", err=told)


@command.command("check", short_help="Check a table of people; every problem at once.")
@click.argument("file")
@click.option("--on", metavar="DAY", help="Also ask that everybody is inside on this day.")
def check(file: str, on: str | None) -> None:
    """Check FILE, ending in .csv or .parquet: columns, values, and what the law lets stand together.

    Example: minustwo people check people.csv --on 2014-11-01
    """
    from sim.population.population import Population

    people = Population.read(file)
    if on is not None:
        people.stock(_day(on))
    several = "people" if len(people) > 1 else "person"
    click.echo(f"{file}: {len(people):,} {several}, {len(people.frame.columns)} columns, no broken rule")
    for line in people.assumed:
        click.echo(f"  {line}")


@command.command("columns", short_help="The columns of a table of people.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def columns(as_json: bool) -> None:
    """List every column with type, unit, allowed values and what holds without it.

    Example: minustwo people columns
    """
    from sim.population.schema import KINDS, schema

    rows = [
        {
            "column": each.name,
            "type": KINDS[each.kind],
            "unit": each.unit,
            "allowed": each.allowed,
            "left_out": each.without,
            "meaning": each.meaning,
        }
        for each in schema()
    ]
    if as_json:
        from json import dumps

        full = [{**row, "words": list(each.words)} for row, each in zip(rows, schema(), strict=True)]
        click.echo(dumps(full, indent=2, ensure_ascii=False))
        return
    for row in rows:
        unit = f" [{row['unit']}]" if row["unit"] else ""
        click.echo(f"{row['column']}{unit}: {row['meaning']}")
        click.echo(f"    {row['allowed']}; left out: {row['left_out']}")


def _day(text: str) -> str:
    from datetime import date

    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        told = f"{text!r} is not a day; write it as 2014-11-01"
        raise click.BadParameter(told, param_hint="--on") from None
