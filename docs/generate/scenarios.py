"""The shipped scenarios with their text, and every key a scenario may have."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from generate.text import facts, fence, page, plain
from sim.scenario.library import names
from sim.scenario.scenario import Scenario
from sim.scenario.schema import schema_text


def pages() -> dict[str, str]:
    """File names and texts."""
    return {"scenarios.md": _shipped(), "scenario_keys.md": _keys()}


def _shipped() -> str:
    parts = []
    for name in names():
        scenario = Scenario.load(name)
        parts.append(f"## {name}")
        parts.append(
            facts(
                {
                    "title": scenario.title,
                    "asks": scenario.description,
                    "source": scenario.source,
                    "hash": scenario.hash[:12],
                }
            )
        )
        parts.append(fence(f"minustwo run {name} --out {name}", "console"))
        parts.append(fence(scenario.text, "toml"))
    return page(
        "Scenarios",
        "A scenario is a question: what is assumed about law, dates, judges and people. These are shipped; "
        "each is one command away. `minustwo compare drugs-minus-two NAME` tells what it would change. What "
        "a file may hold is listed under [keys of a scenario](scenario_keys.md).",
        *parts,
    )


def _keys() -> str:
    schema = json.loads(schema_text())
    parts = []
    for name, about in schema["properties"].items():
        section = _section(about, schema["$defs"])
        if section is None:
            continue
        parts.append(f"## [{name}]")
        parts.append(plain(str(section.get("description", about.get("description", "")))))
        parts.append("\n".join(["| Key | Value | Default | Meaning |", "|---|---|---|---|", *_rows(section)]))
    plain_keys = [(name, about) for name, about in schema["properties"].items() if not _refers(about)]
    top = [_row(name, about) for name, about in plain_keys]
    return page(
        "Keys of a scenario",
        "What is left out has its default, taken from the tables or from the scenario named by `based_on`. "
        "`minustwo scenarios --schema` prints the same as a JSON Schema, for editors that complete and "
        "check.",
        "## At the top",
        "\n".join(["| Key | Value | Default | Meaning |", "|---|---|---|---|", *top]),
        *parts,
    )


def _section(about: Mapping[str, Any], known: Mapping[str, Any]) -> Mapping[str, Any] | None:
    asked = _refers(about)
    return known[asked.rsplit("/", 1)[1]] if asked else None


def _refers(about: Mapping[str, Any]) -> str:
    """The section a key stands for, if it does."""
    places = (about, *about.get("anyOf", ()), *about.get("allOf", ()))
    return next((str(each["$ref"]) for each in places if "$ref" in each), "")


def _rows(section: Mapping[str, Any]) -> Iterator[str]:
    for name, about in section.get("properties", {}).items():
        yield _row(name, about)


def _row(name: str, about: Mapping[str, Any]) -> str:
    default = about.get("default")
    told = "" if default in (None, [], "") else f"`{json.dumps(default)}`"
    return f"| `{name}` | {_kind(about)} | {told} | {plain(str(about.get('description', '')))} |"


def _kind(about: Mapping[str, Any]) -> str:
    if "enum" in about:
        return " or ".join(f"`{each}`" for each in about["enum"])
    if "const" in about:
        return f"`{about['const']}`"
    if "anyOf" in about:
        kinds = (_kind(each) for each in about["anyOf"] if each.get("type") != "null")
        return " or ".join(dict.fromkeys(kinds))
    if about.get("type") == "array":
        return f"list of {_kind(about.get('items', {})) or 'values'}"
    if about.get("format") == "date":
        return "day"
    kind = {"number": "number", "integer": "whole number", "boolean": "true or false", "string": "text"}
    told = kind.get(about.get("type", ""), "table")
    if "minimum" in about and "maximum" in about:
        return f"{told}, {about['minimum']} to {about['maximum']}"
    return told
