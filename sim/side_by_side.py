"""Work shared with helper processes; the result is the same whatever their number, down to none.

This process works too: the helpers take items from the front of the list, it takes them from the end. What a
helper cannot do, because none could be started or one was killed, is done here.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")

MOST_JOBS = 4
"""More processes than this are worth it to none of the work here."""
_held: list[Callable[[Any], Any]] = []
"""In a helper, what it has to do with each item."""


def processors() -> int:
    """Processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Shared(Generic[Item, Answer]):
    """Items being worked on; see `shared`."""

    def __init__(
        self, function: Callable[[Item], Answer], items: Sequence[Item], pool: ProcessPoolExecutor | None
    ) -> None:
        self.function, self.items, self.pool = function, items, pool
        self.futures: list[Future[Answer]] = []
        if pool is not None:
            with suppress(BrokenExecutor, OSError), warnings.catch_warnings():
                # Python warns of threads in what is copied. They are those of the library for linear algebra,
                # which ends them before and begins anew after, and that of a progress bar; no helper has one.
                warnings.filterwarnings("ignore", ".*multi-threaded, use of fork", DeprecationWarning)
                self.futures = [pool.submit(_one, item) for item in items]

    def answers(self, step: Callable[[int], None] | None = None) -> list[Answer]:
        """Work along until everything is done.

        Parameters
        ----------
        step
            Called with the number of items that are done.

        Returns
        -------
        list
            One answer an item, in their order.
        """
        found: dict[int, Answer] = {}
        for place in reversed(range(len(self.items))):
            if not self.futures or self.futures[place].cancel():
                found[place] = self.function(self.items[place])
                if step:
                    step(len(found) + sum(future.done() for future in self.futures[:place]))
        for place, item in enumerate(self.items):
            if place not in found:
                found[place] = self._of_helper(place, item)
                if step:
                    step(len(found))
        return [found[place] for place in range(len(self.items))]

    def _of_helper(self, place: int, item: Item) -> Answer:
        try:
            return self.futures[place].result()
        except BrokenExecutor:
            return self.function(item)


@contextmanager
def shared(
    function: Callable[[Item], Answer], items: Sequence[Item], jobs: int
) -> Iterator[Shared[Item, Answer]]:
    """Begin to work on items in helper processes.

    Parameters
    ----------
    function
        What to do with each item. Where processes are started afresh it has to be importable, and is sent
        once to each.
    items
        What to work on; the longest first is best.
    jobs
        Processes in all, this one included.

    Yields
    ------
    Shared
        Its `answers` are taken inside the block; the helpers end with it.
    """
    pool = _pool(function, min(jobs, len(items)) - 1)
    if pool is None:
        yield Shared(function, items, None)
        return
    with ending(pool):
        yield Shared(function, items, pool)


@contextmanager
def ending(pool: ProcessPoolExecutor) -> Iterator[None]:
    """End the processes of a pool with the block: when their work is done, or at once where it fails."""
    try:
        yield
        pool.shutdown()
    except BaseException:
        for process in list((pool._processes or {}).values()):
            process.terminate()
        pool.shutdown(cancel_futures=True)
        raise


def _pool(function: Callable[[Any], Any], helpers: int) -> ProcessPoolExecutor | None:
    """Helpers that hold the function; none where the system has no room for them."""
    if helpers < 1:
        return None
    # A copy of this process knows everything at once. On macOS system libraries do not survive being copied.
    context = get_context("fork" if sys.platform == "linux" else "spawn")
    try:
        return ProcessPoolExecutor(helpers, mp_context=context, initializer=_begin, initargs=(function,))
    except (OSError, NotImplementedError):
        return None


def _begin(function: Callable[[Any], Any]) -> None:
    _held.append(function)
    leave_with_parent()


def _one(item: Any) -> Any:
    return _held[-1](item)


def leave_with_parent() -> None:
    """In a helper: leave Ctrl-C to the process that started it, and do not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()


def _leave_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
