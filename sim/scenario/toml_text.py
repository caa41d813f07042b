"""Writes the few kinds of value a scenario has as TOML; the standard library only reads it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from json import dumps
from typing import Any

__all__ = ["toml_text"]


def toml_text(data: Mapping[str, Any]) -> str:
    """TOML with the keys in the given order: plain values first, then a table for each mapping."""
    lines = _pairs({key: value for key, value in data.items() if not isinstance(value, Mapping)})
    for key, value in data.items():
        if isinstance(value, Mapping):
            lines += ["", f"[{key}]", *_pairs(value)]
    return "\n".join(lines) + "\n"


def _pairs(data: Mapping[str, Any]) -> list[str]:
    return [f"{key} = {_value(value)}" for key, value in data.items() if value != ()]


def _key(key: str) -> str:
    return key if key.replace("_", "").replace("-", "").isalnum() and key.isascii() else dumps(key)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)} = {_value(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    if isinstance(value, date):
        return value.isoformat()
    # TOML's basic strings, numbers and booleans are written as JSON writes them, but for DEL.
    return dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
