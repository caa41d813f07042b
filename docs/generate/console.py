"""A directive that runs commands while the pages are built, and shows them with what they printed.

Commands of one page share a folder that begins with the JSON files beside the pages, so what one writes the
next can read. A command that fails stops the build, unless ``:code:`` says which exit code is meant.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

MOST = 1800
"""Seconds after which a command is taken to hang."""
_FOLDERS: dict[str, tempfile.TemporaryDirectory[str]] = {}


class Console(SphinxDirective):
    """``{console}``: shell commands, each after a ``$``; ``:code:`` is that of the last."""

    has_content = True
    option_spec: ClassVar = {"code": int, "lines": int}

    def run(self) -> list[nodes.Node]:
        """Run the commands and put what they print under each."""
        folder = _folder(self.env.docname, Path(self.env.srcdir))
        asked = commands(self.content)
        shown = []
        for place, command in enumerate(asked, start=1):
            done = run(command, folder)
            meant = self.options.get("code", 0) if place == len(asked) else 0
            if done.returncode != meant:
                raise self.error(f"{command!r} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
            lines = (done.stdout + done.stderr).rstrip().splitlines()
            most = self.options.get("lines", len(lines))
            shown += [f"$ {command}", *lines[:most], *(["..."] if len(lines) > most else [])]
        text = "\n".join(shown)
        return [nodes.literal_block(text, text, language="text")]


def _folder(page: str, pages: Path) -> Path:
    """The folder of a page, made when its first command comes."""
    if page not in _FOLDERS:
        _FOLDERS[page] = tempfile.TemporaryDirectory()
        for file in pages.glob("*.json"):
            shutil.copy(file, _FOLDERS[page].name)
    return Path(_FOLDERS[page].name)


def commands(lines: Sequence[str]) -> list[str]:
    """The commands of a block: each begins with ``$`` and goes on to the next."""
    text = "\n".join(lines)
    return [each.strip() for each in re.split(r"^\$ ", text, flags=re.MULTILINE) if each.strip()]


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command with the project's own `minustwo` first on the path."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env={**os.environ, "PATH": path, "COLUMNS": "100"},
        capture_output=True,
        text=True,
        timeout=MOST,
        check=False,
    )


def setup(app: Sphinx) -> dict[str, bool]:
    """Make the directive known."""
    app.add_directive("console", Console)
    return {"parallel_read_safe": True}
