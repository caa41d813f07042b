"""``minustwo people``: make synthetic people, import real ones, check a table of one's own."""

from __future__ import annotations

import click

from sim.commands._options import Whole, seed_option


@click.group(short_help="Make synthetic people, or check a table of your own.", invoke_without_command=True)
@click.option(
    "--scenario", default="drugs-minus-two", show_default=True, help="Shipped name or file: day and number."
)
@seed_option
@click.option("--one-in", type=Whole(min=1), default=1, show_default=True, help="Sample one person in N.")
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
        raise click.UsageError(
            "give --out FILE, or one of the commands check, columns, import, reach and stock"
        )
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
    """Check FILE, a sheet or a Parquet file: columns, values, and what the law lets stand together.

    Example: minustwo people check people.csv --on 2014-11-01
    """
    from sim.base.errors import PopulationError

    _no_datafile(file)
    from sim.population.population import Population  # heavy, and not needed for a datafile

    people = Population.read(file)
    if people.set_aside:
        raise PopulationError(people.set_aside)
    if on is not None and (outside := people.outside(_day(on))):
        raise PopulationError([outside])
    several = "people" if len(people) > 1 else "person"
    click.echo(f"{file}: {len(people):,} {several}, {len(people.frame.columns)} columns, no broken rule")
    for line in (*people.notices, *people.everybody().assumed):
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


@command.command("import", short_help="Make people of a datafile of the Sentencing Commission.")
@click.argument("file")
@click.option("--year", type=Whole(), help="Fiscal year.  [default: as in the name opafyYYnid]")
@click.option("--out", metavar="FILE", help="File of people to write, ending in .csv or .parquet.")
@click.option("--set-aside", metavar="FILE", help="CSV of the rows that could not be used, with reasons.")
def import_(file: str, year: int | None, out: str | None, set_aside: str | None) -> None:
    """Read FILE, an individual offender datafile (opafyYYnid), and print what became of its rows.

    FILE is the zip as downloaded, .csv, .csv.xz, .dat with its .sas beside it, .sav of SPSS or .sas7bdat
    of SAS. People sentenced to prison under the drug guideline are kept; everybody else is counted, by
    reason. The report also says how many of the recorded ranges the library recomputes.

    Example: minustwo people import opafy14nid_csv.zip --out people.parquet --set-aside refused.csv
    """
    from sim.base.files import refuse_input, written
    from sim.commands._inputs import spare_arrow
    from sim.commands._progress import shown

    if not (out or "").lower().endswith(".parquet"):
        spare_arrow()
    from sim.population.files import check_place
    from sim.population.ussc.read import read_ussc

    if out is not None:
        refuse_input(out, [file])
        check_place(out)
    with shown("reading") as progress:
        data = read_ussc(file, year, progress=progress.share)
    if out is not None:
        data.people.write(out)
    if set_aside is not None:
        with written(set_aside, [file]) as target:
            data.set_aside.to_csv(target, index=False, lineterminator="\n")
    click.echo(str(data.report))
    for place, what in ((out, f"{len(data.people):,} people"), (set_aside, f"{len(data.set_aside):,} rows")):
        if place is not None:
            click.echo(f"{what} written to {place}")


@command.command("stock", short_help="The people in prison on a day, grown from several years of datafiles.")
@click.argument("files", nargs=-1, required=True, metavar="YEARS...")
@click.option("--on", metavar="DAY", required=True, help="The day, such as 2014-11-01.")
@click.option("--out", metavar="FILE", required=True, help="File to write, ending in .csv or .parquet.")
@seed_option
@click.option("--fill", is_flag=True, help="Allow more than a tenth of the people to be synthetic.")
def stock(files: tuple[str, ...], on: str, out: str, seed: int, fill: bool) -> None:
    """Grow a stock from YEARS, datafiles named opafyYYnid: whoever was sentenced in them and has not left.

    Jail credit and the drug programme are drawn, earlier amendments are applied and good conduct time is
    earned, as for the synthetic stock, whose people fill in the years that are not given.

    Example: minustwo people stock opafy*nid.zip --on 2014-11-01 --out stock.parquet
    """
    from sim.base.files import refuse_input
    from sim.commands._progress import shown
    from sim.population.files import check_place
    from sim.population.ussc.grown import grow_stock
    from sim.population.ussc.read import read_ussc

    day = _day(on)
    refuse_input(out, files)
    check_place(out)
    with shown("reading") as progress:
        imports = [read_ussc(file, progress=progress.share) for file in files]
        progress.say("stock")
        grown = grow_stock(imports, day, seed, fill=fill)
        grown.people.write(out)
    for each in imports:
        report = each.report
        click.echo(f"Fiscal year {report.year}: {report.used:,} of {report.read:,} rows used. {report.trust}")
    for line in grown.lines:
        click.echo(line)
    click.echo(f"{len(grown.people):,} people written to {out}")


@command.command("reach", short_help="Whom an amendment would have reached among people sentenced in a year.")
@click.argument("file")
@click.option(
    "--scenario", default="drugs-minus-two", show_default=True, help="Whose amendment is asked about."
)
def reach_(file: str, scenario: str) -> None:
    """Measure the people of FILE before and with the amendment of a scenario, in prison or not.

    FILE is a table of people, such as minustwo people import writes. Everybody is measured under the Manual
    before the amendment, whatever Manual was used.

    Example: minustwo people reach people.parquet
    """
    from sim.commands._inputs import population_of
    from sim.scenario.scenario import Scenario
    from sim.studies.reach import reach

    asked = Scenario.load(scenario)
    people = population_of(file)
    assert people is not None
    click.echo(str(reach(people, asked)))


def _no_datafile(file: str) -> None:
    """Answer a file of the Commission with the one line that says what it is."""
    from pathlib import Path

    from sim.base.errors import PopulationError
    from sim.population.ussc.recognise import foreign

    if told := foreign(Path(file)):
        raise PopulationError([told])


def _day(text: str) -> str:
    from guidelines.errors import GuidelineError
    from guidelines.tables import iso

    try:
        return iso(text)
    except GuidelineError:
        told = f"{text!r} is not a day; write it as 2014-11-01"
        raise click.BadParameter(told, param_hint="--on") from None
