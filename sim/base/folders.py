"""Folders that are written whole or not at all.

What is new is written beside the old (see `sim.base.files`), put on the disk, and renamed. Whoever looks at
the folder sees the old content or the new one; what fails on the way leaves the old one and nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sim.base.errors import SimulationError
from sim.base.files import NEW, OLD, STANDARD, beside, locked, sync, told_with

Check = Callable[[Path], None]
LITTER = (".DS_Store", "Thumbs.db")
"""What a system leaves in folders that were looked at; it goes with them."""


@contextmanager
def replaced(folder: str | Path, check: Check = lambda held: None) -> Iterator[Path]:
    """A new folder to write into; in the end it takes the place of `folder` with all that was in there.

    What is yielded is an empty folder beside it; folders above that are missing are made. `check` raises
    where what the folder holds must not go: at the beginning, and again about what was there in the end.
    After an OSError, which names the folder, nothing has changed.
    """
    target = Path(folder).resolve()
    check_exchangeable(folder)
    made: list[Path] = []
    try:
        with told_with(folder, "nothing was written"):
            _make_parents(target, made)
            with beside(target) as place:
                if target.exists():
                    check(target)
                new = place / NEW
                new.mkdir()
                yield new
                for each in (new, *(each for each in new.iterdir() if each.is_dir())):
                    sync(each)
                _exchange(target, new, place / OLD, check)
                sync(target.parent)
    except BaseException:
        for above in reversed(made):
            with suppress(OSError):
                above.rmdir()
        raise


def put(path: Path, content: bytes) -> None:
    """Write a file and wait until the disk has it."""
    path.parent.mkdir(exist_ok=True)
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def check_exchangeable(folder: str | Path) -> None:
    """Refuse what cannot be exchanged as a whole."""
    if str(folder) == STANDARD:
        raise SimulationError(
            "several files are written, and - is standard output; give a folder, such as out"
        )
    target = Path(folder).resolve()
    if target.exists() and not target.is_dir():
        raise SimulationError(f"{target} is a file; give a folder to write into")
    if Path.cwd().is_relative_to(target):
        raise SimulationError(f"{target} is the current folder or above it; give one inside, such as out")
    if os.path.ismount(target):
        raise SimulationError(
            f"{target} is a mounted folder; give a folder inside it, such as {target / 'out'}"
        )


def check_writable(folder: str | Path, check: Check = lambda held: None) -> None:
    """Try whether `replaced` could begin, before work is put into what would be written."""
    with suppress(_OnlyTrying), replaced(folder, check):
        raise _OnlyTrying


def refuse_others(
    folder: str | Path, place: Path, what: str, ours: Callable[[str], bool], earlier: bool = True
) -> None:
    """Refuse to replace a folder that holds a file nobody here wrote.

    `folder` is what the user calls it, `place` where it lies now, `what` what is written there, in words;
    `ours` tells by its path within the folder whether a file is part of that, `earlier` whether what must
    be there of an earlier one is.
    """
    if not earlier and any(place.iterdir()):
        raise SimulationError(f"{folder} holds other files and no earlier {what}; give a new or empty folder")
    files = (each for each in place.rglob("*") if each.is_symlink() or not each.is_dir())
    names = (each.relative_to(place).as_posix() for each in files)
    others = sorted(name for name in names if not (ours(name) or name in LITTER))
    if others:
        named = ", ".join(others[:3]) + (f" and {len(others) - 3} more" if len(others) > 3 else "")
        raise SimulationError(
            f"{folder} holds {named} beside an earlier {what} that would be replaced; move what you want to "
            "keep, or give another folder"
        )


class _OnlyTrying(Exception):
    """Ends `replaced` without writing."""


def _make_parents(target: Path, made: list[Path]) -> None:
    """Make the folders above, from the top, and note each."""
    for above in [above for above in target.parents if not above.exists()][::-1]:
        with suppress(FileExistsError):  # another writer was quicker
            above.mkdir()
            made.append(above)


def _exchange(target: Path, new: Path, old: Path, check: Check) -> None:
    """Rename both, and take it back if that stops half-way."""
    with locked(target.parent):
        try:
            if target.exists():
                target.rename(old)
                check(old)
            new.rename(target)
            if old.exists():
                old.rename(new)  # it has had its time: nobody puts it back now
        except BaseException:
            if old.exists() and not target.exists():
                old.rename(target)
            raise
