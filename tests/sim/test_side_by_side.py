"""Work shared with helper processes: the same answers in the same order, whatever happens to the helpers."""

from __future__ import annotations

import os
import signal
import sys
import time
import warnings
from dataclasses import replace
from functools import partial
from multiprocessing import get_context

import pytest

from sim.base import side_by_side
from sim.base.side_by_side import aside, shared
from sim.output import plots
from sim.output.plots.catalogue import STANDARD, files_of
from sim.output.plots.picture import FILES
from sim.results.results import Result
from sim.runner import run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="helpers are copies of the process here")


NAMES = [picture.name for picture in STANDARD[:3]]


def square(number: int) -> tuple[int, int]:
    return number**2, os.getpid()


def patient(number: int) -> tuple[int, int]:
    time.sleep(0.02)
    return square(number)


@pytest.mark.parametrize("jobs", [1, 2, 3, 50])
@pytest.mark.parametrize("items", [[], [7], list(range(20))])
def test_answers_come_in_the_order_of_the_items(jobs, items):
    steps: list[int] = []
    with shared(square, items, jobs) as work:
        found = work.answers(steps.append)
    assert [answer for answer, _ in found] == [number**2 for number in items]
    assert len(steps) == len(items) and steps[-1:] == [len(items)][: len(items)]
    assert steps == sorted(steps)


def test_helpers_and_this_process_both_work():
    with shared(patient, list(range(20)), 3) as work:
        workers = {process for _, process in work.answers()}
    assert os.getpid() in workers and len(workers) > 1


def test_without_helpers_everything_is_done_here(monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no semaphores")

    monkeypatch.setattr(side_by_side, "ProcessPoolExecutor", refuse)
    with shared(square, list(range(5)), 4) as work:
        assert {process for _, process in work.answers()} == {os.getpid()}


def dying(number: int, here: int) -> int:
    if os.getpid() != here:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_what_a_killed_helper_leaves_undone_is_done_here():
    with shared(partial(dying, here=os.getpid()), list(range(9)), 3) as work:
        assert work.answers() == list(range(9))


def failing(number: int) -> int:
    if number == 3:
        raise ValueError("three is refused")
    return number


@pytest.mark.parametrize("jobs", [1, 3])
def test_what_goes_wrong_is_told_as_it_is_and_no_helper_is_left(jobs):
    with pytest.raises(ValueError, match="three is refused"), shared(failing, list(range(9)), jobs) as work:
        work.answers()


def waiting(_: int) -> int:
    time.sleep(60)
    return os.getpid()


def test_helpers_end_when_the_work_is_given_up():
    with pytest.raises(KeyboardInterrupt), shared(waiting, [1, 2, 3], 2) as work:
        assert work.futures
        processes = list(work.pool._processes.values())
        raise KeyboardInterrupt
    assert processes and not any(process.is_alive() for process in processes)


@pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux")
def test_helpers_end_where_the_system_has_room_for_some_only(monkeypatch):
    """A process limit reached between two helpers: the first would wait for work for ever."""
    fork, started = os.fork, []

    def limited() -> int:
        if started:
            raise BlockingIOError("no more processes")
        started.append(fork())
        return started[0]

    monkeypatch.setattr(os, "fork", limited)
    with shared(failing, [0, 1, 2], 3) as work:
        assert not work.futures and work.answers() == [0, 1, 2]
        processes = list(work.pool._processes.values())
    for process in processes:
        process.join(30)
        assert process.exitcode == -signal.SIGTERM
    assert len(processes) == len(started) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux")
def test_a_warning_of_threads_in_what_is_copied_is_no_error(monkeypatch):
    """As newer Pythons warn where the library for linear algebra has threads."""
    fork = os.fork

    def warning() -> int:
        warnings.warn("This process is multi-threaded, use of fork() may", DeprecationWarning, stacklevel=2)
        return fork()

    monkeypatch.setattr(os, "fork", warning)
    with shared(failing, [0, 1, 2], 2) as work:
        assert work.answers() == [0, 1, 2]
    with aside(ready, 2) as other:
        assert other.begin(failing, 1)() == 1


def ready() -> None:
    _seen.append("ready")


_seen: list[str] = []


def seen(end: str) -> tuple[int, list[str]]:
    return os.getpid(), [*_seen, end]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_process_aside_gets_ready_first(jobs):
    with aside(ready, jobs) as other:
        process, told = other.begin(seen, end="done")()
    assert (process == os.getpid()) == (jobs == 1)
    assert told == (["done"] if jobs == 1 else ["ready", "done"]) and _seen == []


def test_what_a_killed_process_aside_leaves_undone_is_done_here():
    with aside(ready, 2) as other:
        assert other.begin(dying, 4, here=os.getpid())() == 4
        assert other.begin(dying, 5, here=os.getpid())() == 5


def test_what_goes_wrong_aside_is_told_and_a_process_nobody_waits_for_ends():
    with pytest.raises(ValueError, match="three is refused"), aside(ready, 2) as other:
        other.begin(failing, 3)()
    with pytest.raises(KeyboardInterrupt), aside(ready, 2) as other:
        other.begin(waiting, 1)
        processes = list(other.pool._processes.values())
        raise KeyboardInterrupt
    assert processes and not any(process.is_alive() for process in processes)


def test_pictures_drawn_aside_have_the_same_bytes(small, monkeypatch):
    monkeypatch.setattr("sim.output.plots.catalogue.STANDARD", STANDARD[:3])
    with plots.artist(2) as artist:
        assert artist.begin(small, jobs=2)() == plots.files(small)


def test_pictures_have_the_same_bytes_from_one_process_and_from_three(small, monkeypatch):
    monkeypatch.setattr("sim.output.plots.catalogue.STANDARD", STANDARD[:3])
    alone = plots.files(small, ["pcp"])
    assert plots.files(small, ["pcp"], jobs=3) == alone
    assert list(plots.files(small, ["pcp"], jobs=3)) == list(alone)


@pytest.mark.slow
def test_processes_started_afresh_find_the_same(small, monkeypatch):
    monkeypatch.setattr(side_by_side, "get_context", lambda _: get_context("spawn"))
    other = run(small.scenario, small.seed, worlds=len(small.worlds), jobs=2)
    assert other.worlds.to_csv() == small.worlds.to_csv()
    monkeypatch.setattr("sim.output.plots.catalogue.STANDARD", STANDARD[:3])
    with shared(partial(files_of, replace(small, analysis=None, forecast=None), ()), NAMES, 2) as drawing:
        assert drawing.futures
        drawn = drawing.answers()
    assert [list(files) for files in drawn] == [[f"{name}.{end}" for end in FILES] for name in NAMES]


def test_a_run_has_the_same_digits_from_one_process_and_from_three(small):
    other = run(small.scenario, small.seed, worlds=len(small.worlds), jobs=3)
    for name in Result.TABLES:
        assert getattr(other, name).to_csv() == getattr(small, name).to_csv(), name
