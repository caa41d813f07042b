"""Runs a sweep on any executor: finished blocks are kept, and a second start does only what is missing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, as_completed
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path

from sim.base.errors import SimulationError
from sim.base.files import write_file
from sim.base.workers import workers
from sim.studies.sweep_plan import Block, Plan, load_plan, plan_of
from sim.studies.sweep_rows import block_bytes, require_parquet

__all__ = ["Plan", "Swept", "dask_executor", "load_plan", "plan_of", "sweep"]

PATIENCE = 3
"""Times in a row a pool may break down before any block is finished."""
Progress = Callable[[int, int], None]


PLAN = "_sweep.toml"
CHECKS = "_checks"
ASIDE = "_aside"
"""Names that begin with _ are passed over by readers of Parquet folders."""


@dataclass(frozen=True)
class Swept:
    """What a sweep did.

    Attributes
    ----------
    blocks, computed
        Number of blocks, and how many were not there yet.
    failed
        One line for each block that could not be computed; the others are stored.
    """

    blocks: int
    computed: int
    failed: tuple[str, ...] = ()


def sweep(
    plan: Plan,
    folder: str | Path,
    *,
    jobs: int | None = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Swept:
    """Compute what is missing of a sweep and store it.

    Parameters
    ----------
    plan
        What to run (`load_plan`).
    folder
        New, empty, or with an earlier sweep; its Parquet files are one data set.
    jobs
        Processes on this machine, at most as many as there are processors. One that is killed is replaced.
    executor
        Used instead, such as that of a Dask client (`dask_executor`); it is left open.
    progress
        Called with the number of finished blocks and of all.

    Returns
    -------
    Swept
        What was done.

    Raises
    ------
    SimulationError
        The folder holds something else, pyarrow is missing, or worker processes keep failing.
    OSError
        No room or no permission; finished blocks are kept.
    """
    require_parquet()
    store = SweepFolder(folder)
    store.begin(plan.text, [block.key for block in plan.blocks])
    missing = {block.key: block for block in plan.blocks if not store.whole(block.key)}
    computed, failed, broken = 0, [], 0
    say = progress or (lambda done, total: None)
    say(len(plan.blocks) - len(missing), len(plan.blocks))
    while missing:
        before = len(missing)
        with nullcontext(executor) if executor else workers(jobs) as pool:
            try:
                for block, content in _finished(pool, list(missing.values())):
                    del missing[block.key]
                    if isinstance(content, str):
                        failed.append(content)
                    else:
                        store.put(block.key, content)
                        computed += 1
                    say(len(plan.blocks) - len(missing), len(plan.blocks))
            except WorkersDied:
                broken = broken + 1 if len(missing) == before else 0
                if executor is not None or broken >= PATIENCE:
                    stored = len(plan.blocks) - len(missing)
                    raise SimulationError(
                        f"worker processes kept failing; {stored} of {len(plan.blocks)} blocks are saved in "
                        f"{store.place}. Run the same command to resume"
                    ) from None
    return Swept(len(plan.blocks), computed, tuple(failed))


def _finished(pool: Executor | None, blocks: list[Block]) -> Iterator[tuple[Block, bytes | str]]:
    """Blocks as they come, with their bytes or what was wrong."""
    done: Iterable[tuple[Block, Callable[[], bytes]]]
    if pool is None:
        done = ((block, partial(block_bytes, block)) for block in blocks)
    else:
        waiting: dict[Future[bytes], Block] = {pool.submit(block_bytes, block): block for block in blocks}
        done = ((waiting[future], future.result) for future in as_completed(waiting))
    broken: Exception | None = None
    for block, content in done:
        try:
            yield block, content()
        except SimulationError as problem:
            yield block, f"{block.tasks[0].scenario.name}, seed {block.tasks[0].seed}: {problem}"
        except _deaths() as problem:
            broken = problem  # what others have finished meanwhile is worth keeping
    if broken is not None:
        raise WorkersDied from broken


class WorkersDied(Exception):
    """Some blocks are not done because those who worked on them are gone."""


def _deaths() -> tuple[type[Exception], ...]:
    """What a future says when its worker died."""
    if "distributed" not in sys.modules:
        return (BrokenExecutor,)
    from distributed.scheduler import KilledWorker

    return (BrokenExecutor, KilledWorker)


@contextmanager
def dask_executor(address: str) -> Iterator[Executor]:
    """The executor of a running Dask cluster, such as ``tcp://127.0.0.1:8786``.

    Raises
    ------
    SimulationError
        Dask is missing, or nobody answers at the address.
    """
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise SimulationError(
            "--dask needs the extra `cluster`: pip install 'drugs-minus-two[cluster]'"
        ) from None
    try:
        client = Client(address, timeout="10s")
    except (OSError, ValueError) as problem:
        raise SimulationError(
            f"no Dask scheduler at {address!r} ({problem}); give one like tcp://host:8786"
        ) from None
    with client:
        yield client.get_executor()


class SweepFolder:
    """Blocks on the disk: one Parquet file each, a checksum for each, and the file that asked for them.

    A block is written under another name, put on the disk and renamed; its checksum is there before it. So a
    file with the name of a block is whole, or does not have its checksum and is made again.

    Parameters
    ----------
    folder
        New, empty, or with an earlier sweep.
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

        After an OSError nothing of the block is left.
        """
        write_file(self._check(key), f"{sha256(content).hexdigest()}\n".encode())
        write_file(self.block(key), content)

    def _check(self, key: str) -> Path:
        return self.place / CHECKS / f"{key}.sha256"
