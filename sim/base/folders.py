"""Folders that are written whole or not at all.

What is new is written beside the old under a temporary name, put on the disk, and renamed. Whoever looks at
the folder sees the old content or the new one; what fails on the way leaves the old one and nothing else.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sim.base.errors import SimulationError


@contextmanager
def replaced(folder: str | Path) -> Iterator[Path]:
    """A new folder to write into; in the end it takes the place of `folder` with all that was in there.

    Parameters
    ----------
    folder
        The folder; folders above it that are missing are made.

    Yields
    ------
    pathlib.Path
        An empty folder beside it.

    Raises
    ------
    SimulationError
        The folder cannot be exchanged: a file, the current folder, or a mounted one.
    OSError
        No permission or no room; ``filename`` is the folder, and nothing has changed.
    """
    target = Path(folder).resolve()
    check_exchangeable(target)
    new, old = _beside(target, f"part-{os.getpid()}"), _beside(target, "previous")
    made: list[Path] = []
    try:
        _make_parents(target, made)
        _tidy(target, old)
        new.mkdir()
        yield new
        for place in (new, *(each for each in new.iterdir() if each.is_dir())):
            _sync(place)
        _exchange(target, new, old)
    except BaseException as problem:
        shutil.rmtree(new, ignore_errors=True)
        for above in reversed(made):
            with suppress(OSError):
                above.rmdir()
        if isinstance(problem, OSError) and problem.errno is not None:
            told = f"{os.strerror(problem.errno)}; nothing was written"
            raise OSError(problem.errno, told, str(folder)) from problem
        raise


def put(path: Path, content: bytes) -> None:
    """Write a file and wait until the disk has it."""
    path.parent.mkdir(exist_ok=True)
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def check_exchangeable(target: Path) -> None:
    """Refuse what cannot be exchanged as a whole.

    Raises
    ------
    SimulationError
        A file, the current folder or one above it, or a mounted folder.
    """
    if target.exists() and not target.is_dir():
        raise SimulationError(f"{target} is a file; give a folder to write into")
    if Path.cwd().is_relative_to(target):
        raise SimulationError(f"{target} is the current folder or above it; give one inside, such as out")
    if os.path.ismount(target):
        raise SimulationError(
            f"{target} is a mounted folder; give a folder inside it, such as {target / 'out'}"
        )


def check_writable(folder: str | Path) -> None:
    """Try whether `replaced` could begin, before work is put into what would be written.

    Raises
    ------
    SimulationError, OSError
        As for `replaced`.
    """
    try:
        with replaced(folder):
            raise _OnlyTrying
    except _OnlyTrying:
        pass


class _OnlyTrying(Exception):
    """Ends `replaced` without writing."""


def _beside(target: Path, what: str) -> Path:
    return target.with_name(f".{target.name}.{what}")


def _make_parents(target: Path, made: list[Path]) -> None:
    """Make the folders above, from the top, and note each."""
    for above in [above for above in target.parents if not above.exists()][::-1]:
        above.mkdir()
        made.append(above)


def _tidy(target: Path, old: Path) -> None:
    """Put right what a killed process left: its unfinished folders, or an old one moved aside."""
    if old.exists():
        if target.exists():
            shutil.rmtree(old)
        else:
            old.rename(target)
    for left in target.parent.glob(f".{target.name}.part-*"):
        process = left.name.rpartition("-")[2]
        if process.isdigit() and not _alive(int(process)):
            shutil.rmtree(left, ignore_errors=True)


def _alive(process: int) -> bool:
    if os.name != "posix" or process == os.getpid():
        return process != os.getpid()
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _exchange(target: Path, new: Path, old: Path) -> None:
    """Rename, and take it back if that stops half-way."""
    try:
        if target.exists():
            target.rename(old)
        new.rename(target)
    except BaseException:
        if old.exists() and not target.exists():
            old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)
    _sync(target.parent)


def _sync(folder: Path) -> None:
    """Wait until the disk has the names in a folder; where folders cannot be opened, go on."""
    with suppress(PermissionError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
