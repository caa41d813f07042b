"""What is installed may be used, changed and passed on: the licence of each locked package is on a list."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

ALLOWED = re.compile(
    r"\b(MIT|BSD|Apache|PSF|Python Software Foundation|ISC|MPL|Mozilla|HPND|Matplotlib|LGPL|CC0|0BSD)"
    r"|Unlicense|Public Domain|Zlib",
    re.IGNORECASE,
)
ELSEWHERE = {
    "appnope": "BSD-2-Clause",
    "cffi": "MIT-0",
    "colorama": "BSD-3-Clause",
    "pycparser": "BSD-3-Clause",
}
"""Packages of other systems and Pythons, which are not installed here: what their metadata state."""
LOCK = Path(__file__).parents[2] / "requirements.lock"


@pytest.mark.parametrize("name", re.findall(r"^([A-Za-z0-9_.-]+)==", LOCK.read_text(), re.MULTILINE))
def test_the_licence_of_what_is_locked_is_on_the_list(name):
    try:
        found = distribution(name)
    except PackageNotFoundError:
        assert ALLOWED.search(ELSEWHERE[name])
        return
    about = found.metadata
    kinds = [line for line in about.get_all("Classifier") or [] if line.startswith("License")]
    stated = [about.get("License-Expression") or "", (about.get("License") or "")[:200], *kinds]
    if not any(stated):  # only the text of the licence is there
        stated = [path.read_text()[:200] for path in found.files or [] if "LICEN" in path.name.upper()]
    # What is joined by AND holds together: every part is on the list.
    allowed = (all(map(ALLOWED.search, text.split(" AND "))) for text in stated)
    assert any(allowed), (name, stated)
