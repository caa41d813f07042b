"""On which line each key of a TOML text stands, for messages; the standard library's reader forgets it."""

from __future__ import annotations

import re
import tomllib

__all__ = ["Key", "key_lines"]

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
