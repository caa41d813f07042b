"""Work shared with other processes through one executor; the answers are the same without."""

from __future__ import annotations

import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.process import BaseProcess
from typing import TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")

CHUNKS = 8


def processors() -> int:
    """Processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def workers(jobs: int | None = None) -> Iterator[Executor | None]:
    """An executor of worker processes that end with the block, and with this process whatever happens to it.

    Parameters
    ----------
    jobs
        Number of processes; never more than there are processors, and as many if left out.

    Yields
    ------
    concurrent.futures.Executor or None
        None where one process is asked for, or the system has no room for others: everything is done here.

    Examples
    --------
    >>> import sim
    >>> with sim.workers(2) as executor:
    ...     result = sim.run("drugs-minus-two", worlds=2, executor=executor)
    >>> len(result.worlds)
    2
    """
    number = min(jobs or processors(), processors())
    before: set[BaseProcess] = set(active_children())
    pool = _started(number) if number > 1 else None
    try:
        yield pool
    except BaseException:
        _terminate_all_but(before)
        raise
    finally:
        if pool is not None:
            pool.shutdown(cancel_futures=True)


def begin(
    function: Callable[[Item], Answer],
    items: Sequence[Item],
    executor: Executor | None = None,
    chunks: int = CHUNKS,
) -> Callable[..., list[Answer]]:
    """Begin to work on items.

    Parameters
    ----------
    function
        What to do with each item; it is sent to other processes, so it has to be importable.
    items
        What to work on.
    executor
        Where; here, once the answers are asked for, if left out.
    chunks
        Parts the items are handed out in: few where they share much that is sent, more for even progress.

    Returns
    -------
    callable
        Waits for the answers and returns them in the order of the items. What an executor left undone because
        a worker was killed is done here. Its argument, if any, is called with the number of answers so far.
    """
    coming: Iterator[Answer] = iter(())
    if executor is not None and items:
        with suppress(BrokenExecutor, OSError):
            coming = executor.map(function, items, chunksize=-(-len(items) // chunks))

    def answers(step: Callable[[int], None] | None = None) -> list[Answer]:
        found: list[Answer] = []

        def put(answer: Answer) -> None:
            found.append(answer)
            if step:
                step(len(found))

        with suppress(BrokenExecutor):
            for answer in coming:
                put(answer)
        for item in items[len(found) :]:
            put(function(item))
        return found

    return answers


def _started(number: int) -> ProcessPoolExecutor | None:
    """A pool whose processes run; None where they cannot be started."""
    # A copy of this process knows everything at once. On macOS system libraries do not survive being copied.
    context = get_context("fork" if sys.platform == "linux" else "spawn")
    before: set[BaseProcess] = set(active_children())
    try:
        pool = ProcessPoolExecutor(number, mp_context=context, initializer=_leave_with_parent)
        with warnings.catch_warnings():
            # Newer Pythons warn of threads in what is copied: those of the library for linear algebra, which
            # ends them before and begins anew after, and that of a progress bar, which no worker needs.
            warnings.filterwarnings("ignore", ".*multi-threaded, use of fork", DeprecationWarning)
            pool.submit(os.getpid)
    except (OSError, NotImplementedError):
        _terminate_all_but(before)  # else those that were started would wait for work for ever
        return None
    return pool


def _terminate_all_but(others: set[BaseProcess]) -> None:
    for child in active_children():
        if child not in others:
            child.terminate()


def _leave_with_parent() -> None:
    """In a worker: leave Ctrl-C to the process that started it, and do not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:

        def leave() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=leave, daemon=True).start()
