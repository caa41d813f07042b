"""Reading text that is asked about, and writing text so that nothing is ever half-written."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from sim.base import files


def read_text(path: str) -> str:
    """The text of a file, or of standard input for ``-``; bytes that are no UTF-8 are kept as such."""
    with opened(path) as file:
        return file.read()


@contextmanager
def opened(path: str) -> Iterator[TextIO]:
    """A file to read text from, or standard input for ``-``."""
    where: str | int = sys.stdin.fileno() if path == files.STANDARD else path
    with open(
        where, encoding="utf-8-sig", errors="surrogateescape", newline="", closefd=path != files.STANDARD
    ) as stream:
        yield stream


@contextmanager
def written(path: str, *inputs: str) -> Iterator[TextIO]:
    """A file to write text to as UTF-8, or standard output for ``-``; see `sim.base.files.written`."""
    with files.written(path, inputs) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        try:
            yield text
            text.flush()
        finally:
            text.detach()


def write_text(path: str, text: str, *inputs: str) -> None:
    """Write a whole file, or nothing of it, and none of `inputs`."""
    files.write_file(path, text.encode(), inputs)
