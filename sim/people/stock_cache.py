"""Stocks kept on the disk, so that the same people are not drawn twice.

A file is what `numpy.savez` writes. Its name holds a hash of all that decides what is in it (seed, day,
parameters, size, tables, code, libraries) and a hash of its content. So nothing has to be thrown away when
something changes, and what is read is what would have been made. A file that is missing, broken, somebody
else's or cannot be read or written is no error: the stock is made.
"""

from __future__ import annotations

import io
import json
import os
import platform
import re
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import astuple, dataclass, fields
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from sim.base.files import write_file
from sim.base.provenance import program_hash
from sim.people.earlier_amendments import Earlier
from sim.people.parameters import Parameters
from sim.people.raking import Raked
from sim.people.sentenced import NESTED, Sentenced
from sim.people.stock import Stock, stock_of_rows, synthesize

VARIABLE = "MINUSTWO_CACHE"
"""Environment variable: a folder, or ``off``."""
MOST_BYTES = 256_000_000
"""What the files may take in all; those not used for longest go first."""
NAME = re.compile(r"[0-9a-f]{64}-([0-9a-f]{64})\.npz")
NO_DAY = np.iinfo(np.int32).min
"""How a date that is none is stored."""


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
        asked = repr((seed, str(reference), astuple(parameters), stock, thin))
        key = sha256(f"{asked}\n{surroundings()}".encode()).hexdigest()
        for path in self.folder.glob(f"{key}-*.npz"):
            with suppress(Exception):  # whatever is wrong with a file, the stock can be made without it
                kept = _stock(_own_content(path), key, seed)
                os.utime(path)  # used now
                return kept
        made = synthesize(seed, reference, parameters, stock=stock, thin=thin)
        with suppress(OSError):
            self._write(key, _content(made, key))
        return made

    def _write(self, key: str, content: bytes) -> None:
        """Put a file in its place as a whole, after there is room for it."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        files = sorted(self._files(), key=lambda file: file[0])
        total = len(content) + sum(size for _, size, _ in files)
        for _, size, path in files:
            if total <= self.most_bytes:
                break
            with suppress(OSError, ValueError):
                _own_content(path)  # a file we did not write stays
                path.unlink()
                total -= size
        path = self.folder / f"{key}-{sha256(content).hexdigest()}.npz"
        write_file(path, content)
        path.chmod(0o600)

    def _files(self) -> Iterator[tuple[int, int, Path]]:
        """When each was last used, its size, and where it is."""
        for path in self.folder.iterdir():
            with suppress(OSError):
                if NAME.fullmatch(path.name):
                    known = path.lstat()
                    yield known.st_mtime_ns, known.st_size, path


def _own_content(path: Path) -> bytes:
    """The bytes of a file that is ours, and as it was written."""
    with path.open("rb") as file:
        known = os.fstat(file.fileno())
        if os.name == "posix" and (
            known.st_uid != os.geteuid() or known.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        ):
            raise ValueError(f"{path} is not this user's own")
        content = file.read()
    if not path.name.endswith(f"-{sha256(content).hexdigest()}.npz"):
        raise ValueError(f"{path} is not as it was written")
    return content


def _content(stock: Stock, key: str) -> bytes:
    """A stock as the bytes of a file; people and dates are made of it again."""
    flow = stock.flow
    arrays: dict[str, NDArray[Any]] = {
        "rows": np.searchsorted(flow.number, stock.sentenced.number),
        "first_terms": stock.first_terms,
        "weights": stock.raked.weights,
    }
    arrays |= {f"flow/{field.name}": getattr(flow, field.name) for field in fields(Sentenced)
               if field.name not in NESTED}  # fmt: skip
    arrays |= {f"attributes/{name}": column for name, column in flow.attributes.items()}
    arrays |= {f"factors/{name}": factor for name, factor in stock.raked.factors.items()}
    for number, done in enumerate(stock.earlier):
        rows = {"rows": done.rows, "before": done.term_before_months, "after": done.term_after_months}
        arrays |= {f"earlier{number}/{name}": column for name, column in rows.items()}
    raked = stock.raked
    note = {
        "key": key,
        "unscaled": stock.unscaled,
        "raked": [raked.gaps, raked.rounds, raked.settled, raked.empty],
        "earlier": [(done.amendment, done.effective) for done in stock.earlier],
    }
    file = io.BytesIO()
    small: dict[str, Any] = {name: _small(array) for name, array in arrays.items()}
    np.savez(file, note=np.frombuffer(json.dumps(note).encode(), np.uint8), **small)
    return file.getvalue()


def _stock(content: bytes, key: str, seed: int) -> Stock:
    """The stock of a file; whatever is wrong raises an Exception."""
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        note = json.loads(file["note"].tobytes())
        if note["key"] != key:
            raise ValueError("the stock of another question")
        arrays = {name: _wide(file[name]) for name in file.files if name != "note"}

    def under(folder: str) -> dict[str, NDArray[Any]]:
        head = f"{folder}/"
        return {name.removeprefix(head): array for name, array in arrays.items() if name.startswith(head)}

    columns: dict[str, Any] = dict(under("flow"))
    flow = Sentenced(attributes=under("attributes"), **columns)
    gaps, rounds, settled, empty = note["raked"]
    raked = Raked(arrays["weights"], under("factors"), gaps, rounds, settled, empty)
    earlier = [
        Earlier(*named, *(arrays[f"earlier{number}/{column}"] for column in ("rows", "before", "after")))
        for number, named in enumerate(note["earlier"])
    ]
    return stock_of_rows(seed, arrays["rows"], flow, arrays["first_terms"], raked, earlier, note["unscaled"])


def _small(array: NDArray[Any]) -> NDArray[Any]:
    """Whole numbers in as many bytes as the largest needs, dates in four bytes as days since 1970."""
    if array.dtype.kind == "M":
        days = array.astype("datetime64[D]")
        return np.where(np.isnat(days), NO_DAY, days.astype(np.int64)).astype(np.int32).view("V4")
    if array.dtype.kind == "i" and array.size:
        ends = (np.min_scalar_type(int(array.min())), np.min_scalar_type(int(array.max())))
        return array.astype(np.result_type(*ends))
    return array


def _wide(array: NDArray[Any]) -> NDArray[Any]:
    """What was made small, as it was."""
    if array.dtype.kind == "V":
        days = array.view(np.int32)
        return np.where(days == NO_DAY, np.datetime64("NaT", "D"), days.astype("datetime64[D]"))
    return array.astype(np.int64) if array.dtype.kind in "iu" else array


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
