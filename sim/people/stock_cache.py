"""Stocks kept on the disk, so that the same people are not drawn twice.

A file's name is the hash of all that decides what is in it: seed, day, parameters, size, the tables, the code
and the libraries. So nothing has to be thrown away when something changes, and what is read is what would
have been made. A file that is missing, broken or cannot be read or written is no error: the stock is made.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import astuple, dataclass
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path

import numpy as np
import scipy

from sim.base.provenance import program_hash
from sim.people.parameters import Parameters
from sim.people.stock import Stock, synthesize
from sim.people.stock_file import stock_bytes, stock_of

VARIABLE = "MINUSTWO_CACHE"
"""Environment variable: a folder, or ``off``."""
MOST_BYTES = 256_000_000
"""What the files may take in all; those not used for longest go first."""
END = ".stock"


@dataclass(frozen=True)
class StockCache:
    """A folder of stocks.

    Parameters
    ----------
    folder
        Made when something is first written.
    most_bytes
        What the files may take in all.
    """

    folder: Path
    most_bytes: int = MOST_BYTES

    def stock(
        self, seed: int, reference: str, parameters: Parameters, stock: float | None = None, thin: int = 1
    ) -> Stock:
        """The stock that `sim.people.stock.synthesize` makes of the same arguments."""
        kept = self.kept(seed, reference, parameters, stock, thin)
        if kept is not None:
            return kept
        made = synthesize(seed, reference, parameters, stock=stock, thin=thin)
        with suppress(OSError):
            self._write(self._path(seed, reference, parameters, stock, thin), stock_bytes(made))
        return made

    def kept(
        self, seed: int, reference: str, parameters: Parameters, stock: float | None = None, thin: int = 1
    ) -> Stock | None:
        """The same if it is there."""
        path = self._path(seed, reference, parameters, stock, thin)
        anew = partial(synthesize, seed, reference, parameters, stock=stock, thin=thin)
        try:
            found = stock_of(path.read_bytes(), anew)
        except (OSError, ValueError):
            return None
        with suppress(OSError):
            os.utime(path)  # used now
        return found

    def holds(
        self, seed: int, reference: str, parameters: Parameters, stock: float | None = None, thin: int = 1
    ) -> bool:
        """Whether there is a file of it; it may yet turn out to be broken."""
        return self._path(seed, reference, parameters, stock, thin).is_file()

    def _path(
        self, seed: int, reference: str, parameters: Parameters, stock: float | None, thin: int
    ) -> Path:
        asked = repr((seed, str(reference), astuple(parameters), stock, thin))
        return self.folder / (sha256(f"{asked}\n{surroundings()}".encode()).hexdigest() + END)

    def _write(self, path: Path, content: bytes) -> None:
        """Put a file in its place as a whole, after there is room for it."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._make_room(len(content))
        new = path.with_name(f".{path.stem}-{os.getpid()}.part")
        try:
            new.write_bytes(content)
            new.replace(path)
        except BaseException:
            new.unlink(missing_ok=True)
            raise

    def _make_room(self, wanted: int) -> None:
        files = sorted(self._files(), key=lambda file: file[0])
        total = wanted + sum(size for _, size, _ in files)
        for _, size, path in files:
            if total <= self.most_bytes:
                break
            path.unlink(missing_ok=True)
            total -= size

    def _files(self) -> Iterator[tuple[int, int, Path]]:
        """When each was last used, its size, and where it is; what killed processes left among them."""
        for pattern in (f"*{END}", ".*.part"):
            for path in self.folder.glob(pattern):
                with suppress(OSError):
                    known = path.stat()
                    yield known.st_mtime_ns, known.st_size, path


def users_cache() -> StockCache | None:
    """The cache of whoever runs this: where `VARIABLE` says, else in the usual folder of the system.

    Returns
    -------
    StockCache or None
        None if it is turned off, or nobody knows where it could be.
    """
    asked = os.environ.get(VARIABLE)
    if asked is not None:
        return None if asked.strip().lower() in ("", "0", "off", "no") else StockCache(Path(asked))
    try:
        return StockCache(_usual_folder() / "drugs-minus-two")
    except RuntimeError:  # no home
        return None


def _usual_folder() -> Path:
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return Path(local) if local else Path.home() / "AppData" / "Local"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    asked = Path(os.environ.get("XDG_CACHE_HOME") or ".")
    return asked if asked.is_absolute() else Path.home() / ".cache"


@lru_cache(maxsize=1)
def surroundings() -> str:
    """Hash of all that decides about a stock beside what is asked: tables, code, libraries, machine."""
    digest = sha256(program_hash().encode())
    digest.update(f"{np.__version__} {scipy.__version__} {sys.version} {platform.platform()}".encode())
    return digest.hexdigest()
