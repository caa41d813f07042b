"""TOML beside what the standard library reads: the line of each key, for messages, and writing."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from json import dumps
from typing import Any

Key = tuple[str | int, ...]

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*|\n|[\[\]{}=,.]|[^\s\[\]{}=,."\'#]+',
    re.DOTALL,
)


def key_lines(text: str) -> dict[Key, int]:
    """Line, from 1, of each key and each table of a valid TOML text.

    A key is the tuple of its parts, with the number of the table in an array of tables:
    ``("judges", "approval_rate")`` or ``("amendment", "change", 0, "table")``. What stands inside a value,
    such as an inline table, is on the line of its key or passed over.
    """
    lines: dict[Key, int] = {}
    counts: dict[Key, int] = {}
    table: Key = ()
    statement: list[str] = []
    begin, line, depth = 1, 1, 0
    for match in _TOKEN.finditer(f"{text}\n"):
        token = match[0]
        if token == "\n" and not depth and statement:
            if statement[0] == "[":
                table = _resolved(_parts(statement), counts)
                if statement[1] == "[":
                    counts[table] = counts.get(table, -1) + 1
                    table = (*table, counts[table])
                lines.setdefault(table, begin)
            else:
                lines.setdefault((*table, *_parts(statement[: statement.index("=")])), begin)
            statement = []
        elif token != "\n" and not token.startswith("#"):
            begin = begin if statement else line
            statement.append(token)
            depth += (token in "[{") - (token in "]}")
        line += token.count("\n")
    return lines


def _parts(tokens: list[str]) -> Key:
    """Parts of a dotted key or of a heading, without brackets and quotes."""
    return tuple(
        str(tomllib.loads(f"key = {token}")["key"]) if token[0] in "\"'" else token
        for token in tokens
        if token not in "[.]"
    )


def _resolved(name: Key, counts: dict[Key, int]) -> Key:
    """Put the number of the current table after each part that names an array of tables."""
    found: Key = ()
    for place, part in enumerate(name):
        found = (*found, part)
        if found in counts and place < len(name) - 1:
            found = (*found, counts[found])
    return found


def toml_text(data: Mapping[str, Any]) -> str:
    """TOML with the keys in the given order: plain values first, then a table for each mapping."""
    lines = _pairs({key: value for key, value in data.items() if not isinstance(value, Mapping)})
    for key, value in data.items():
        if isinstance(value, Mapping):
            lines += ["", f"[{key}]", *_pairs(value)]
    return "\n".join(lines) + "\n"


def _pairs(data: Mapping[str, Any]) -> list[str]:
    return [f"{key} = {_written(value)}" for key, value in data.items() if value != ()]


def _written_key(key: str) -> str:
    return key if key.replace("_", "").replace("-", "").isalnum() and key.isascii() else dumps(key)


def _written(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_written_key(key)} = {_written(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_written(item) for item in value) + "]"
    if isinstance(value, date):
        return value.isoformat()
    # TOML's basic strings, numbers and booleans are written as JSON writes them, but for DEL.
    return dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
