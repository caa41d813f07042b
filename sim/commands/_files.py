"""Reading what is asked about, and writing so that nothing is ever half-written."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO


def read_text(path: str) -> str:
    """The text of a file, or of standard input for ``-``; bytes that are no UTF-8 are kept as such."""
    with opened(path) as file:
        return file.read()


@contextmanager
def opened(path: str) -> Iterator[TextIO]:
    """A file to read text from, or standard input for ``-``."""
    where: str | int = sys.stdin.fileno() if path == "-" else path
    with open(
        where, encoding="utf-8-sig", errors="surrogateescape", newline="", closefd=path != "-"
    ) as stream:
        yield stream


@contextmanager
def written(path: str) -> Iterator[TextIO]:
    """A file to write text to, under another name until all of it is there."""
    unfinished = f"{path}.unfinished"
    try:
        with open(unfinished, "w", encoding="utf-8", newline="") as file:
            yield file
        os.replace(unfinished, path)
    except BaseException:
        if os.path.exists(unfinished):
            os.remove(unfinished)
        raise


def write_text(path: str, text: str) -> None:
    """Write a whole file, or nothing of it."""
    with written(path) as file:
        file.write(text)
