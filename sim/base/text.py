"""Text from outside, made harmless: what a terminal, a table or a page would obey is shown escaped."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any
from unicodedata import category

_OBEYED = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def visible(value: object, *, lines: bool = False) -> str:
    r"""Text in which control and format characters, and halves of characters, stand escaped.

    Parameters
    ----------
    value
        What somebody else gave: an id, a name, the name of a file.
    lines
        Whether line breaks and tabs may stay.

    Examples
    --------
    >>> print(visible("A-1\nCode: eligible\x1b[31m"))
    A-1\nCode: eligible\x1b[31m
    """
    text = str(value)
    if text.isprintable():
        return text
    return "".join(
        letter if letter.isprintable() or category(letter) == "Zs" or (lines and letter in "\n\t")
        else letter.encode("unicode_escape").decode()
        for letter in text
    )  # fmt: skip


def json_text(value: Any, **how: Any) -> str:
    """JSON, as text that can be read and that no terminal obeys; what is read from it is what was given."""
    text = _encoder(**how).encode(value)
    return text if text.isascii() and "\x7f" not in text else _OBEYED.sub(_escaped, text)


@lru_cache(maxsize=8)
def _encoder(**how: Any) -> json.JSONEncoder:
    return json.JSONEncoder(ensure_ascii=False, **how)


def _escaped(found: re.Match[str]) -> str:
    return found[0] if found[0] == "\n" else f"\\u{ord(found[0]):04x}"
