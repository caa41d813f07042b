"""Files that are written whole or not at all, and nothing of the user's lost on the way.

What is new is written into a folder of a random name beside the target, put on the disk and renamed. Nobody
can know that name, so nothing of the user's has it and no link waits there. The folder is locked while its
writer lives; what a killed one left is known by that and by what stands in it, and the next writer takes it
away.

Windows has no such locks. A file or folder is written whole or not at all there too, but what a killed writer
left stays, and of two that write to one folder at the same time one may fail.
"""

from __future__ import annotations

import errno
import io
import os
import shutil
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from threading import Event
from typing import BinaryIO, TextIO

from sim.base.errors import SimulationError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

STANDARD = "-"
"""Standard input where something is read, standard output where it is written."""
PREFIX, MARKER, NEW, OLD = ".minustwo-", "unfinished", "new", "old"
MARK = "drugs-minus-two: left by a run that was stopped; it would have become\n"
TRIES, PAUSE = 1000, 0.01
"""How often, and how many seconds apart, a lock is asked for that somebody else holds."""
PASSED_THROUGH = ("/dev/std", "/dev/fd/", "/proc/")
"""Names of what a process already has open: written through, even where a regular file stands behind."""


@contextmanager
def written(path: str | Path, inputs: Iterable[str | Path] = ()) -> Iterator[BinaryIO]:
    """A file to write bytes to, in place as a whole when the block ends, or not at all.

    ``-`` is standard output. Links are followed; a device or a pipe is written through.

    `inputs` are read meanwhile, and must not be written over. An OSError names the path, and what was
    there still is.
    """
    if is_standard_output(path):
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    refuse_input(path, inputs)
    with told_with(path):
        known = _known(path)
    if known is not None and (
        not stat.S_ISREG(known.st_mode) or str(Path(path).absolute()).startswith(PASSED_THROUGH)
    ):
        with told_with(path), open(path, "wb") as through:
            yield through
        return
    target = Path(os.path.realpath(path))
    with told_with(path, "nothing was written"):
        if known is not None and not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        with beside(target) as place:
            new = place / NEW
            with new.open("xb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            if known is not None:
                new.chmod(stat.S_IMODE(known.st_mode))
            os.replace(new, target)
            sync(target.parent)


@contextmanager
def text_written(path: str | Path, inputs: Iterable[str | Path] = ()) -> Iterator[TextIO]:
    """The same for text, as UTF-8."""
    with written(path, inputs) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        try:
            yield text
            text.flush()
        finally:
            text.detach()


def write_file(path: str | Path, content: bytes, inputs: Iterable[str | Path] = ()) -> None:
    """Write a whole file, or nothing of it; see `written`."""
    with written(path, inputs) as file:
        file.write(content)


def is_standard_output(path: str | Path | None) -> bool:
    """Whether a path the user gave stands for standard output."""
    return str(path) in (STANDARD, "/dev/stdout")


def refuse_input(path: str | Path, inputs: Iterable[str | Path]) -> None:
    """Refuse to write over what is read, also what standard input is redirected from."""
    if str(path) == STANDARD:
        return
    for each in inputs:
        with suppress(OSError):
            read = os.stat(0 if str(each) == STANDARD else each)
            if os.path.samestat(os.stat(path), read) and stat.S_ISREG(read.st_mode):
                raise SimulationError(f"{path} is what is read here; give another file to write to")


def check_file(path: str | Path) -> None:
    """Try whether `written` could begin, before work is put into what would be written."""
    if is_standard_output(path) or (_known(path) is not None and not Path(path).is_file()):
        return
    with told_with(path), beside(Path(os.path.realpath(path))):
        pass


@contextmanager
def beside(target: Path) -> Iterator[Path]:
    """A folder for what will take the place of `target`, on the same disk; it is gone when the block ends."""
    with locked(target.parent):
        _remove_left(target.parent)
        place = Path(mkdtemp(prefix=PREFIX, dir=target.parent))
        lock = _lock(place)
        try:
            (place / MARKER).write_bytes(MARK.encode() + os.fsencode(target.name))
        except BaseException:
            _remove(place)
            raise
    try:
        yield place
    except FileNotFoundError as problem:
        if place.exists():
            raise
        raise OSError(errno.EIO, "the folder it was written in has gone") from problem
    finally:
        if not (place / OLD).exists() or os.path.lexists(target):  # else what was moved aside is all there is
            _remove(place)
        if lock is not None:
            os.close(lock)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other writers from beginning or exchanging anything in a folder meanwhile."""
    handle = _lock(folder, TRIES)
    try:
        yield
    finally:
        if handle is not None:
            os.close(handle)


@contextmanager
def told_with(path: str | Path, more: str = "") -> Iterator[None]:
    """Name the path the user gave where the system refuses, not a name of ours."""
    try:
        yield
    except BrokenPipeError:
        raise  # whoever read has seen enough
    except OSError as problem:
        named = problem.filename
        if problem.errno is None or not (named is None or PREFIX in str(named) or str(named) == str(path)):
            raise
        message = problem.strerror or os.strerror(problem.errno)
        raise OSError(problem.errno, f"{message}; {more}" if more else message, str(path)) from problem


def sync(folder: Path) -> None:
    """Wait until the disk has the names in a folder; where folders cannot be opened, go on."""
    with suppress(PermissionError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _known(path: str | Path) -> os.stat_result | None:
    """What stands at a path, links followed; None where nothing does."""
    try:
        return os.stat(path)
    except FileNotFoundError:
        return None


def _lock(folder: Path, tries: int = 1) -> int | None:
    """An open handle that locks a folder until it is closed; None where that cannot be had in time."""
    if fcntl is None:
        return None
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    for left in range(tries, 0, -1):
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return handle
        if left > 1:
            Event().wait(PAUSE)
    os.close(handle)
    return None


def _remove_left(folder: Path) -> None:
    """Put right what killed processes left in a folder; what they had moved aside goes back to its place."""
    for left in folder.glob(f"{PREFIX}*"):
        with suppress(OSError):
            lock = _lock(left) if os.lstat(left).st_uid == os.geteuid() else None
            if lock is None:
                continue
            try:
                name = _left_of(left)
                if name is None:
                    continue
                old, target = left / OLD, folder / name
                if name and old.exists() and not os.path.lexists(target):
                    old.rename(target)
                _remove(left)
            finally:
                os.close(lock)


def _remove(place: Path) -> None:
    """Remove a folder of ours, last what says that it is one."""
    with suppress(OSError):
        (place / NEW).unlink()
    for inside in (place / NEW, place / OLD):
        shutil.rmtree(inside, ignore_errors=True)
    with suppress(OSError):
        (place / MARKER).unlink(missing_ok=True)
        place.rmdir()


def _left_of(place: Path) -> str | None:
    """What a folder of ours would have become, empty if it was just begun; None if it is not ours."""
    inside = set(os.listdir(place))
    if not inside:
        return ""
    if not inside <= {MARKER, NEW, OLD} or MARKER not in inside:
        return None
    mark, content = MARK.encode(), (place / MARKER).read_bytes()
    if content.startswith(mark):
        name = os.fsdecode(content.removeprefix(mark))
        return name if name == os.path.basename(name) else None
    return "" if mark.startswith(content) and inside == {MARKER} else None
