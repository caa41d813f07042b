"""``minustwo scenarios``: what is shipped, and what a scenario file may hold."""

from __future__ import annotations

import click


@click.command(short_help="The scenarios that are shipped, or the text of one.")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print every field, and a hash, as JSON.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of scenario files.")
def command(name: str | None, as_json: bool, schema: bool) -> None:
    """List the shipped scenarios; with NAME (or a path), print the text of that one after checking it.

    Start your own from one of them: minustwo scenarios drugs-minus-two > mine.toml
    """
    if schema and (name or as_json):
        raise click.UsageError("--schema goes with nothing else")
    if schema:
        from sim.scenario.schema import schema_text

        click.echo(schema_text(), nl=False)
    elif as_json:
        click.echo(_as_json(name))
    elif name:
        from sim.scenario.scenario import Scenario

        click.echo(Scenario.load(name).text, nl=False)
    else:
        from sim.scenario.library import titles

        shipped = titles()
        width = max(map(len, shipped))
        for each, title in shipped.items():
            click.echo(f"{each:<{width}}  {title}")


def _as_json(name: str | None) -> str:
    from sim.base.text import json_text
    from sim.scenario.library import names
    from sim.scenario.scenario import Scenario

    scenarios = [Scenario.load(each) for each in ((name,) if name else names())]
    told = [{**each.model_dump(mode="json", exclude_none=True), "hash": each.hash} for each in scenarios]
    return json_text(told[0] if name else told, indent=2)
