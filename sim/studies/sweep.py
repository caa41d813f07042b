"""Runs a sweep on any executor: finished blocks are kept, and a second start does only what is missing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, as_completed
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sim.base.errors import SimulationError
from sim.base.workers import workers
from sim.studies.sweep_plan import Block, Plan, load_plan, plan_of
from sim.studies.sweep_rows import block_bytes, require_parquet
from sim.studies.sweep_store import SweepFolder

__all__ = ["Plan", "Swept", "dask_executor", "load_plan", "plan_of", "sweep"]

PATIENCE = 3
"""Times in a row a pool may break down before any block is finished."""
Progress = Callable[[int, int], None]


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
