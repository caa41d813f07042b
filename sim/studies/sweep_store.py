"""The folder of a sweep: one Parquet file a block, a checksum for each, and the file that asked for them.

A block is written under another name, put on the disk and renamed; its checksum is there before it. So a file
with the name of a block is whole, or does not have its checksum and is made again.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from sim.base.errors import SimulationError
from sim.base.files import write_file

PLAN = "_sweep.toml"
CHECKS = "_checks"
ASIDE = "_aside"
"""Names that begin with _ are passed over by readers of Parquet folders."""


class SweepFolder:
    """Blocks on the disk.

    Parameters
    ----------
    folder
        New, empty, or with an earlier sweep.

    Raises
    ------
    SimulationError
        It holds something else, or is a file.
    """

    def __init__(self, folder: str | Path) -> None:
        self.place = Path(folder)
        if self.place.exists() and not self.place.is_dir():
            raise SimulationError(f"{self.place} is a file; give a folder to write into")
        if self.place.is_dir() and any(self.place.iterdir()) and not (self.place / PLAN).is_file():
            raise SimulationError(
                f"{self.place} holds other files and no earlier sweep; give a new or empty folder"
            )

    def begin(self, text: str, keys: Iterable[str]) -> None:
        """Note what is asked, and set aside the blocks that do not belong to it."""
        for name in ("", CHECKS):
            (self.place / name).mkdir(parents=True, exist_ok=True)
        write_file(self.place / PLAN, text.encode())
        wanted = {self.block(key).name for key in keys}
        aside = self.place / ASIDE
        for path in self.place.glob("part-*.parquet"):
            if path.name not in wanted:
                aside.mkdir(exist_ok=True)
                with suppress(FileNotFoundError):  # another run of the sweep was quicker
                    path.replace(aside / path.name)
        for name in wanted:
            if (aside / name).is_file() and not (self.place / name).exists():
                with suppress(FileNotFoundError):
                    (aside / name).replace(self.place / name)

    def block(self, key: str) -> Path:
        """File of a block."""
        return self.place / f"part-{key}.parquet"

    def whole(self, key: str) -> bool:
        """Whether a block is there as it was written."""
        try:
            wanted = self._check(key).read_text(encoding="ascii").strip()
            return sha256(self.block(key).read_bytes()).hexdigest() == wanted
        except (FileNotFoundError, UnicodeDecodeError):
            return False

    def put(self, key: str, content: bytes) -> None:
        """Store a block.

        Raises
        ------
        OSError
            No room or no permission; nothing of the block is left.
        """
        write_file(self._check(key), f"{sha256(content).hexdigest()}\n".encode())
        write_file(self.block(key), content)

    def _check(self, key: str) -> Path:
        return self.place / CHECKS / f"{key}.sha256"
