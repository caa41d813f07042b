"""Work shared with helper processes; the result is the same whatever their number, down to none.

This process works too; each takes the next item of the list when it is done with one, so that all end at
about the same time. What a helper cannot do, because none could be started or one was killed, is done here.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import get_context, parent_process
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")

MOST_JOBS = 4
"""More processes than this are worth it to none of the work here."""
LOCKED_SECONDS = 5.0
"""Longer than any process takes to say which item it takes: whoever holds the list up was killed."""
_held: list[tuple[Callable[[Any], Any], Sequence[Any], Claims]] = []
"""In a helper, what it has to do with which items."""


def processors() -> int:
    """Processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Claims:
    """Which item is next, for several processes that each take one after the other.

    Parameters
    ----------
    items
        How many there are.
    context
        How the processes are started.
    """

    def __init__(self, items: int, context: BaseContext) -> None:
        self.items = items
        self._next = context.Value("l", 0)

    @property
    def taken(self) -> int:
        """How many items somebody has taken."""
        return min(int(self._next.value), self.items)

    def __iter__(self) -> Iterator[int]:
        """The places of the items that this process gets."""
        while self._next.get_lock().acquire(timeout=LOCKED_SECONDS):
            try:
                place = self._next.value
                self._next.value = place + 1
            finally:
                self._next.get_lock().release()
            if place >= self.items:
                return
            yield place


class Shared(Generic[Item, Answer]):
    """Items being worked on; see `shared`."""

    def __init__(
        self,
        function: Callable[[Item], Answer],
        items: Sequence[Item],
        helpers: int = 0,
        pool: ProcessPoolExecutor | None = None,
        claims: Claims | None = None,
    ) -> None:
        self.function, self.items, self.pool, self.claims = function, items, pool, claims
        self.futures: list[Future[dict[int, Answer]]] = []
        if pool is not None:
            with _starting():
                self.futures = [pool.submit(_work) for _ in range(helpers)]
            if not self.futures:  # where one could not be started, nobody waits for those that could
                _terminate(pool)

    def answers(self, step: Callable[[int], None] | None = None) -> list[Answer]:
        """Work along until everything is done.

        Parameters
        ----------
        step
            Called with the number of items that are done, once an item.

        Returns
        -------
        list
            One answer an item, in their order.
        """
        found: dict[int, Answer] = {}
        told = 0

        def put(place: int, answer: Answer, done: int = 0) -> None:
            nonlocal told
            found[place] = answer
            told = max(told, done, len(found))
            if step:
                step(told)

        for place in self.claims or range(len(self.items)):
            answer = self.function(self.items[place])
            put(place, answer, self.claims.taken - len(self.futures) if self.claims else 0)
        for future in self.futures:
            with suppress(BrokenExecutor):
                for place, answer in future.result().items():
                    put(place, answer)
        for place, item in enumerate(self.items):
            if place not in found:  # a helper was killed
                put(place, self.function(item))
        return [found[place] for place in range(len(self.items))]


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
    helpers = min(jobs, len(items)) - 1
    claims = _claims(len(items)) if helpers > 0 else None
    pool = _processes(helpers, _begin, function, items, claims) if claims else None
    if pool is None:
        yield Shared(function, items)
        return
    with ending(pool):
        yield Shared(function, items, helpers, pool, claims)


class Aside:
    """A process that gets ready for one thing while this one does other work; see `aside`."""

    def __init__(self, pool: ProcessPoolExecutor | None = None) -> None:
        self.pool = pool

    def begin(self, function: Callable[..., Answer], *args: Any, **named: Any) -> Callable[[], Answer]:
        """Begin to call a function there.

        Returns
        -------
        callable
            Waits for the answer. Where there is no process, or it was killed, the function is called here.
        """
        future: Future[Answer] | None = None
        if self.pool is not None:
            work = pickle.dumps((function, args, named))  # here, as a thread would do it by and by
            with _starting():
                future = self.pool.submit(_call, work)

        def answer() -> Answer:
            if future is not None and self.pool is not None:
                with suppress(BrokenExecutor):
                    found = future.result()
                    self.pool.shutdown(wait=False)  # it leaves while this process goes on
                    return found
            return function(*args, **named)

        return answer


@contextmanager
def aside(ready: Callable[[], object], jobs: int) -> Iterator[Aside]:
    """Start a process that gets ready for what is asked of it later; where `jobs` is 1, start none.

    Parameters
    ----------
    ready
        What it does first. Where processes are started afresh it has to be importable.
    jobs
        Processes asked for; the one it starts is not asked for work of `shared` and counts beside them.

    Yields
    ------
    Aside
        The process ends with the block at the latest.
    """
    pool = _processes(1, leave_with_parent) if jobs > 1 else None
    if pool is None:
        yield Aside()
        return
    with ending(pool):
        with _starting():
            pool.submit(ready)
        yield Aside(pool)


@contextmanager
def ending(pool: ProcessPoolExecutor) -> Iterator[None]:
    """End the processes of a pool with the block: when their work is done, or at once where it fails."""
    try:
        yield
        pool.shutdown()
    except BaseException:
        _terminate(pool)
        pool.shutdown(cancel_futures=True)
        raise


def _terminate(pool: ProcessPoolExecutor) -> None:
    for process in list((pool._processes or {}).values()):
        process.terminate()


def _processes(number: int, begin: Callable[..., None], *given: Any) -> ProcessPoolExecutor | None:
    """Other processes; none where the system has no room for them."""
    try:
        return ProcessPoolExecutor(number, mp_context=_context(), initializer=begin, initargs=given)
    except (OSError, NotImplementedError):
        return None


def _claims(items: int) -> Claims | None:
    try:
        return Claims(items, _context())
    except (OSError, ImportError):
        return None


def _context() -> BaseContext:
    # A copy of this process knows everything at once. On macOS system libraries do not survive being copied.
    return get_context("fork" if sys.platform == "linux" else "spawn")


@contextmanager
def _starting() -> Iterator[None]:
    """Where processes start when first asked: what they cannot do is done here."""
    with suppress(BrokenExecutor, OSError), warnings.catch_warnings():
        # Python warns of threads in what is copied. They are those of the library for linear algebra, which
        # ends them before and begins anew after, and that of a progress bar; no other process needs one.
        warnings.filterwarnings("ignore", ".*multi-threaded, use of fork", DeprecationWarning)
        yield


def _begin(function: Callable[[Any], Any], items: Sequence[Any], claims: Claims) -> None:
    _held.append((function, items, claims))
    leave_with_parent()


def _call(work: bytes) -> Any:
    function, args, named = pickle.loads(work)
    return function(*args, **named)


def _work() -> dict[int, Any]:
    function, items, claims = _held[-1]
    return {place: function(items[place]) for place in claims}


def leave_with_parent() -> None:
    """In a helper: leave Ctrl-C to the process that started it, and do not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()


def _leave_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
