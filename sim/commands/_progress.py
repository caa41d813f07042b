"""Progress on standard error, when that is a terminal."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tqdm import tqdm


PERCENT = 100
PLENTY = 200


class Progress:
    """A bar that is told what is being done; silent without a terminal."""

    def __init__(self, bar: tqdm[Any]) -> None:
        self.bar = bar

    def step(self, what: str, done: int, total: int) -> None:
        """Move the bar."""
        self.bar.total = total
        self.bar.set_description(what, refresh=False)
        self.bar.update(done - self.bar.n)
        self.bar.refresh()

    def share(self, what: str, done: float) -> None:
        """Move the bar to a share of the whole."""
        self.step(what, round(PERCENT * done), PERCENT)

    def say(self, what: str) -> None:
        """Name what is being done now."""
        self.bar.set_description(what)


@contextmanager
def shown(what: str) -> Iterator[Progress]:
    """A bar while something long is done; what stays in the end is the time it took."""
    from tqdm import tqdm

    form = "{desc} {percentage:3.0f}% |{bar:24}| {elapsed}"
    bar: tqdm[Any]
    quiet = not sys.stderr.isatty() or os.environ.get("TERM") == "dumb"  # which cannot draw over a line
    with tqdm(total=1, desc=what, file=sys.stderr, disable=quiet, bar_format=form) as bar:
        yield Progress(bar)
        bar.update((bar.total or bar.n) - bar.n)
        bar.set_description("done")


def columns() -> int:
    """Columns of the terminal; plenty where there is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else PLENTY
