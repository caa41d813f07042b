"""Attributes that share one line of a docstring, each documented by itself.

``number, title: str`` stands for two attributes with one description; napoleon knows this of parameters only.
"""

from __future__ import annotations

import re

from sphinx.application import Sphinx

SHARED = re.compile(r"^\w+(, \w+)+$")
BEFORE_NAPOLEON = 400


def split(app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]) -> None:
    """Repeat the description for each name of a line in the section Attributes."""
    if "Attributes" not in lines:
        return
    place = lines.index("Attributes") + 2
    made: list[str] = []
    while place < len(lines) and not re.match(r"^-{3,}$", lines[min(place + 1, len(lines) - 1)]):
        names = lines[place].split(", ") if SHARED.match(lines[place]) else [lines[place]]
        after = place + 1
        while after < len(lines) and (lines[after].startswith(" ") or not lines[after]):
            after += 1
        for each in names:
            made += [each, *lines[place + 1 : after]]
        place = after
    lines[lines.index("Attributes") + 2 : place] = made


def setup(app: Sphinx) -> dict[str, bool]:
    """Come before napoleon."""
    app.connect("autodoc-process-docstring", split, priority=BEFORE_NAPOLEON)
    return {"parallel_read_safe": True}
