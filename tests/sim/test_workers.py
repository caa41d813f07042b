"""Work shared with other processes: the same answers in the same order, whatever happens to the workers."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
import warnings
from functools import partial

import pytest

from sim.base import workers as module
from sim.base.workers import begin, processors, workers
from sim.output import plots
from sim.output.plots.catalogue import STANDARD
from sim.results.results import Result
from sim.runner import run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers are copies of the process here")


@pytest.fixture(autouse=True)
def four_processors(monkeypatch):
    """The tests ask for up to four workers, on whatever machine they run."""
    monkeypatch.setattr(module, "processors", lambda: 4)


def square(number: int) -> tuple[int, int]:
    return number**2, os.getpid()


@pytest.mark.parametrize("jobs", [None, 1, 2, 3, 50, 10**9])
@pytest.mark.parametrize("items", [[], [7], list(range(20))])
def test_answers_come_in_the_order_of_the_items(jobs, items):
    steps: list[int] = []
    with workers(jobs) as pool:
        found = begin(square, items, pool)(steps.append)
    assert [answer for answer, _ in found] == [number**2 for number in items]
    assert steps == list(range(1, len(items) + 1))


def test_the_work_is_done_elsewhere_and_by_no_more_processes_than_there_are_processors(monkeypatch):
    with workers(10**9) as pool:
        begun = begin(patient, list(range(20)), pool, chunks=20)
        assert len(multiprocessing.active_children()) == 4
        assert os.getpid() not in {process for _, process in begun()}
    monkeypatch.setattr(module, "processors", lambda: 1)
    with workers(8) as pool:
        assert pool is None


def patient(number: int) -> tuple[int, int]:
    time.sleep(0.02)
    return square(number)


def test_the_processors_are_those_this_process_may_use():
    assert 1 <= processors() <= (os.cpu_count() or 1)


def test_where_no_worker_can_be_started_everything_is_done_here(monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no semaphores")

    monkeypatch.setattr(module, "ProcessPoolExecutor", refuse)
    with workers(4) as pool:
        assert {process for _, process in begin(square, list(range(5)), pool)()} == {os.getpid()}


def dying(number: int, here: int) -> int:
    if os.getpid() != here and number > 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_what_a_killed_worker_leaves_undone_is_done_here():
    with workers(3) as pool:
        assert begin(partial(dying, here=os.getpid()), list(range(9)), pool)() == list(range(9))
        assert begin(partial(dying, here=os.getpid()), list(range(9)), pool)() == list(range(9))


def failing(number: int) -> int:
    if number == 3:
        raise ValueError("three is refused")
    return number


@pytest.mark.parametrize("jobs", [1, 3])
def test_what_goes_wrong_is_told_as_it_is_and_no_worker_is_left(jobs):
    with pytest.raises(ValueError, match="three is refused"), workers(jobs) as pool:
        begin(failing, list(range(9)), pool)()
    assert not multiprocessing.active_children()


def waiting(_: int) -> None:
    time.sleep(60)


def test_workers_end_when_the_work_is_given_up():
    with pytest.raises(KeyboardInterrupt), workers(2) as pool:
        begin(waiting, [1, 2, 3], pool)
        processes = multiprocessing.active_children()
        raise KeyboardInterrupt
    assert len(processes) == 2 and not any(process.is_alive() for process in processes)


def test_workers_end_where_the_system_has_room_for_some_only(monkeypatch):
    """A process limit reached between two workers: the first would wait for work for ever."""
    fork, started = os.fork, []

    def limited() -> int:
        if started:
            raise BlockingIOError("no more processes")
        started.append(fork())
        return started[0]

    monkeypatch.setattr(os, "fork", limited)
    with workers(3) as pool:
        assert pool is None and begin(failing, [0, 1, 2], pool)() == [0, 1, 2]
    for process in multiprocessing.active_children():
        process.join(30)
    assert len(started) == 1 and not multiprocessing.active_children()


def test_a_warning_of_threads_in_what_is_copied_is_no_error(monkeypatch):
    """As newer Pythons warn where the library for linear algebra has threads."""
    fork = os.fork

    def warning() -> int:
        warnings.warn("This process is multi-threaded, use of fork() may", DeprecationWarning, stacklevel=2)
        return fork()

    monkeypatch.setattr(os, "fork", warning)
    with workers(2) as pool:
        assert pool is not None and begin(failing, [0, 1, 2], pool)() == [0, 1, 2]


ORPHANS = """
import os, sys, time
from sim.base import workers as module
module.processors = lambda: 2
with module.workers(2) as pool:
    print(*[child.pid for child in module.active_children()], flush=True)
    time.sleep(60)
"""


def test_workers_do_not_outlive_a_killed_parent(root):
    import subprocess

    parent = subprocess.Popen([sys.executable, "-c", ORPHANS], stdout=subprocess.PIPE, text=True, cwd=root)
    children = [int(number) for number in parent.stdout.readline().split()]
    assert len(children) == 2
    parent.kill()
    parent.wait()
    parent.stdout.close()
    for _ in range(200):
        if not any(os.path.exists(f"/proc/{child}/cmdline") and _lives(child) for child in children):
            return
        time.sleep(0.05)
    pytest.fail("workers outlived their parent")


def _lives(process: int) -> bool:
    with open(f"/proc/{process}/stat") as file:
        return file.read().rpartition(")")[2].split()[0] != "Z"


def test_pictures_have_the_same_bytes_from_one_process_and_from_three(small, monkeypatch):
    monkeypatch.setattr("sim.output.plots.catalogue.STANDARD", STANDARD[:3])
    alone = plots.files(small, ["pcp"])
    with workers(3) as pool:
        assert plots.files(small, ["pcp"], executor=pool) == alone
        assert list(plots.files(small, ["pcp"], executor=pool)) == list(alone)


def test_a_run_has_the_same_digits_from_one_process_and_from_three(small):
    with workers(3) as pool:
        other = run(small.scenario, small.seed, worlds=len(small.worlds), executor=pool)
    for name in Result.TABLES:
        assert getattr(other, name).to_csv() == getattr(small, name).to_csv(), name


@pytest.mark.slow
def test_processes_started_afresh_find_the_same(small, monkeypatch):
    spawn = multiprocessing.get_context("spawn")
    monkeypatch.setattr(module, "get_context", lambda _: spawn)
    with workers(2) as pool:
        other = run(small.scenario, small.seed, worlds=len(small.worlds), executor=pool)
    assert other.worlds.to_csv() == small.worlds.to_csv()
