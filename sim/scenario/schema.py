"""JSON Schema of scenario files, for editors that complete and check TOML."""

from __future__ import annotations

from json import dumps
from typing import Any

from guidelines import tables
from guidelines.amendments import encoded
from sim.scenario import library as scenario_library
from sim.scenario.defaults import FIGURES, SECTIONS, filled
from sim.scenario.scenario import Scenario

__all__ = ["schema", "schema_text"]


def schema() -> dict[str, Any]:
    """What a scenario file may hold; keys that have a default from the tables are not required."""
    whole = Scenario.model_json_schema()
    parts = whole["$defs"]
    named = {section: _name(Scenario.model_fields[section].annotation) for section in SECTIONS}
    full = filled({})
    _not_required(whole, SECTIONS)
    for section in SECTIONS:
        part = parts[named[section]]
        _not_required(part, full[section])
    for (section, key), (table, row, kind) in FIGURES.items():
        value = kind(float(tables.reference(table).row(id=row)["value"]))
        parts[named[section]]["properties"][key]["default"] = value
    parts[named["amendment"]]["properties"]["like"] = {
        "description": parts[named["amendment"]]["properties"]["like"]["description"],
        "enum": list(encoded()),
        "title": "Like",
    }
    whole["properties"]["based_on"] = {
        "description": "start from this shipped scenario; the keys of the file are laid over its own",
        "enum": list(scenario_library.names()),
        "title": "Based On",
    }
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **whole, "title": "Scenario"}


def schema_text() -> str:
    """The schema as it is kept in ``scenarios/schema.json``."""
    return dumps(schema(), indent=2, sort_keys=True) + "\n"


def _name(model: Any) -> str:
    return str(model.__name__)


def _not_required(part: dict[str, Any], keys: Any) -> None:
    required = [key for key in part.get("required", ()) if key not in keys]
    part.pop("required", None)
    if required:
        part["required"] = required
