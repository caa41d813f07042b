"""Turns what is wrong with a scenario into lines a person can act on: file, line, key, what would do."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from sim.base.errors import ScenarioError, SweepError
from sim.scenario.toml import Key

__all__ = ["problems", "toml_of"]

SYMBOL = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
MOST = 90
"""Problems of one file that are put into words: nobody reads more before mending these."""
KIND = {"int": "a whole number", "float": "a number", "bool": "true or false", "str": "text in quotes"}


def _broken(broken: tomllib.TOMLDecodeError, text: str, place: str) -> str:
    """One line on text that is no TOML, with the line and column."""
    found = re.fullmatch(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", str(broken), re.DOTALL)
    if not found:
        return f"{place}: not valid TOML: {broken}"
    line, column = found[2] or str(text.count("\n") + 1), found[3]
    at = f", column {column}" if column else ", at the end"
    return f"{place}:{line}{at}: not valid TOML: {found[1][:1].lower()}{found[1][1:]}"


def toml_of(text: str, place: str, refused: type[ScenarioError] | type[SweepError]) -> dict[str, Any]:
    """What a TOML text says; `refused` is raised, with one line, where it cannot be read."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as broken:
        raise refused([_broken(broken, text, place)]) from None
    except RecursionError:
        raise refused([f"{place}: not readable: tables or lists are nested too deep"]) from None
    except ValueError as broken:  # a number of thousands of digits
        raise refused([f"{place}: not readable: {broken}"]) from None


def problems(
    wrong: ValidationError, model: type[BaseModel], place: str, lines: Mapping[Key, int]
) -> list[str]:
    """One line for each problem, in the order of the file; of very many the first."""
    found = sorted(wrong.errors(include_url=False), key=lambda error: _line(error["loc"], lines))
    told = []
    for error in found[:MOST]:
        loc: Key = error["loc"]
        line = _line(loc, lines)
        at = f"{place}:{line}" if line else place
        key = ".".join(str(part) for part in loc)
        told.append(f"{at}: {key + ': ' if key else ''}{_words(error, model, loc)}")
    return told + ([f"{place}: and {len(found) - MOST:,} more problems"] if len(found) > MOST else [])


def _line(loc: Key, lines: Mapping[Key, int]) -> int:
    """Line of the key, or of the nearest table around it; 0 if the file has neither."""
    for length in range(len(loc), 0, -1):
        if loc[:length] in lines:
            return lines[loc[:length]]
    return 0


def _words(error: Any, model: type[BaseModel], loc: Key) -> str:
    kind, given = error["type"], error.get("input")
    if kind == "extra_forbidden":
        return _unknown(model, loc)
    if kind == "missing":
        return "is missing"
    if kind == "value_error":
        return str(error["ctx"]["error"])
    owner = _owner(model, loc)
    names = [part for part in loc if isinstance(part, str)]
    field = owner.model_fields.get(names[-1]) if owner and names else None
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return f"must be a table, not {given!r}"
    if kind == "literal_error":
        return f"{given!r} is not known; allowed: {error['ctx']['expected']}"
    bounds = _bounds(field)
    if kind in ("greater_than_equal", "greater_than", "less_than_equal", "less_than"):
        return f"{given!r} is not allowed; {bounds or error['msg'].lower()}"
    if kind.endswith(("_type", "_parsing", "_from_float")) or kind == "finite_number":
        wanted = next((words for name, words in KIND.items() if kind.startswith(name)), "")
        wanted = "a finite number" if kind == "finite_number" else wanted
        return f"must be {wanted or 'something else'}{f', {bounds}' if bounds else ''}, not {given!r}"
    if kind == "string_pattern_mismatch":
        return f"{given!r} is not allowed; use lower-case letters, digits, hyphens and dots"
    return f"{error['msg'][:1].lower()}{error['msg'][1:]}, not {given!r}"


def _unknown(model: type[BaseModel], loc: Key) -> str:
    """Name the nearest key of the same table, or the table where the key would be right."""
    owner = _owner(model, loc)
    known = [*(owner.model_fields if owner else ()), *(["based_on"] if owner is model else [])]
    name = str(loc[-1])
    close = get_close_matches(name, known, n=1)
    if close:
        return f"unknown key; did you mean {close[0]}?"
    everywhere = {
        inner: section
        for section, field in model.model_fields.items()
        if (part := _model(field)) and part is not owner
        for inner in part.model_fields
    }
    if elsewhere := get_close_matches(name, everywhere, n=1, cutoff=0.8):
        return f"unknown key; {elsewhere[0]} belongs under [{everywhere[elsewhere[0]]}]"
    return f"unknown key; known here: {', '.join(known)}"


def _owner(model: type[BaseModel], loc: Key) -> type[BaseModel] | None:
    """The model in which the last part of a place is a field."""
    owner: type[BaseModel] | None = model
    for part in [part for part in loc if isinstance(part, str)][:-1]:
        field = owner.model_fields.get(part) if owner else None
        owner = _model(field) if field else None
    return owner


def _model(field: FieldInfo) -> type[BaseModel] | None:
    for kind in (field.annotation, *get_args(field.annotation)):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return kind
    return None


def _bounds(field: FieldInfo | None) -> str:
    """Say what numbers a field takes: "0 to 1 is allowed"."""
    metadata: list[Any] = list(field.metadata) if field else []
    for kind in get_args(field.annotation) if field else ():
        metadata += [item for inner in (kind, *get_args(kind)) for item in getattr(inner, "__metadata__", ())]
    flat = [item for entry in metadata for item in (*getattr(entry, "metadata", ()), entry)]
    found = {name: getattr(item, name) for item in flat for name in SYMBOL if hasattr(item, name)}
    if "ge" in found and "le" in found:
        return f"{found['ge']} to {found['le']} is allowed"
    return " and ".join(f"{SYMBOL[name]} {bound}" for name, bound in found.items())
