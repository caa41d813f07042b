"""On which line each key of a TOML text stands, for messages; the standard library's reader forgets it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

__all__ = ["Key", "key_lines"]

Key = tuple[str | int, ...]

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*|\n|[\[\]{}=,.]|[^\s\[\]{}=,."\'#]+',
    re.DOTALL,
)


def key_lines(text: str) -> dict[Key, int]:
    """Line, from 1, of each key and each table of a valid TOML text.

    A key is the tuple of its parts, with the number of the table in an array of tables:
    ``("judges", "approval_rate")`` or ``("amendment", "change", 0, "table")``. Tables inside an array that
    is written as a value are passed over.
    """
    lines: dict[Key, int] = {}
    counts: dict[Key, int] = {}
    table: Key = ()
    tokens = _tokens(text)
    for token, line in tokens:
        if token == "\n":
            continue
        if token == "[":
            first = next(tokens)[0]
            if first == "[":
                name = (*_resolve((), counts), *_key(next(tokens)[0], tokens, "]"))
                name = _resolve(name, counts)
                number = counts.get(name, -1) + 1
                counts[name] = number
                table = (*name, number)
            else:
                table = _resolve(_key(first, tokens, "]"), counts)
            lines.setdefault(table, line)
            while next(tokens, ("\n", 0))[0] != "\n":
                pass
        else:
            _pair(token, line, table, tokens, lines)
    return lines


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    """Tokens with the line they begin on, comments left out."""
    line = 1
    for match in _TOKEN.finditer(text):
        token = match[0]
        if not token.startswith("#"):
            yield token, line
        line += token.count("\n")


def _key(first: str, tokens: Iterator[tuple[str, int]], end: str) -> Key:
    """Parts of a dotted key whose first token is given, up to and with the token that ends it."""
    parts = [_plain(first)]
    for token, _ in tokens:
        if token == end:
            break
        if token != ".":
            parts.append(_plain(token))
    return tuple(parts)


def _plain(token: str) -> str:
    """Take the quotes off a part of a key."""
    return str(tomllib.loads(f"key = {token}")["key"]) if token[0] in "\"'" else token


def _resolve(name: Key, counts: dict[Key, int]) -> Key:
    """Put the number of the current table after each part that names an array of tables."""
    found: Key = ()
    for place, part in enumerate(name):
        found = (*found, part)
        if found in counts and place < len(name) - 1:
            found = (*found, counts[found])
    return found


def _pair(first: str, line: int, table: Key, tokens: Iterator[tuple[str, int]], lines: dict[Key, int]) -> str:
    """Note a key and the keys of its inline tables, and return the token that ended its value."""
    name = (*table, *_key(first, tokens, "="))
    lines.setdefault(name, line)
    depth = 0
    for token, _ in tokens:
        if token == "{" and not depth:
            _inline(name, tokens, lines)
        elif token in "[{":
            depth += 1
        elif depth and token in "]}":
            depth -= 1
        elif not depth and token in "\n,}":
            return token
    return "\n"


def _inline(name: Key, tokens: Iterator[tuple[str, int]], lines: dict[Key, int]) -> None:
    for token, line in tokens:
        if token == "}":
            return
        if token not in "\n," and _pair(token, line, name, tokens, lines) == "}":
            return
