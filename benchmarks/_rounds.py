"""Fair rounds: one process, everybody warm, shuffled order; what counts is the ratio within a round.

Ratios are of the clock. Seconds that are held against a goal are those of the processor, by this process and
its children, so that what else the machine does is not counted; where several threads work, they add up.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any


def arguments(doc: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", type=Path)
    return parser


def one_thread() -> None:
    """Begin again with one thread for linear algebra, where that is not so yet."""
    wanted = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    if any(os.environ.get(name) != number for name, number in wanted.items()):
        sys.stdout.flush()
        os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | wanted)


class Times(dict[str, list[float]]):
    """Seconds of the clock of each contender in each round; ``cpu`` has those of the processor."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__({name: [] for name in names})
        self.cpu: dict[str, list[float]] = {name: [] for name in self}

    def seconds(self, name: str) -> float:
        """Median seconds of the processor."""
        return statistics.median(self.cpu[name])


def _processor() -> float:
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


def rounds(contenders: dict[str, Callable[[], Any]], number: int) -> Times:
    """Seconds of each contender in each round, after one round that does not count."""
    times = Times(contenders)
    order = list(contenders)
    for run in contenders.values():
        run()
    for turn in range(number):
        random.Random(turn).shuffle(order)
        for name in order:
            begin, worked = time.perf_counter(), _processor()
            contenders[name]()
            times[name].append(time.perf_counter() - begin)
            times.cpu[name].append(_processor() - worked)
    return times


def ratio(times: Times, name: str, to: str) -> float:
    """Median over rounds of the ratio within a round."""
    return statistics.median(a / b for a, b in zip(times[name], times[to], strict=True))


def table(title: str, times: Times, to: str) -> dict[str, Any]:
    """Print a table of medians and ratios, and give it back for JSON."""
    print(f"\n{title}")
    print(f"{'':34}{'median ms':>12}{'least ms':>12}{'processor ms':>14}  times {to}")
    told = {}
    for name in times:
        told[name] = {
            "median_ms": round(1e3 * statistics.median(times[name]), 3),
            "least_ms": round(1e3 * min(times[name]), 3),
            "processor_ms": round(1e3 * times.seconds(name), 3),
            "ratio": round(ratio(times, name, to), 3),
        }
        found = told[name]
        print(
            f"{name:34}{found['median_ms']:12.2f}{found['least_ms']:12.2f}{found['processor_ms']:14.2f}"
            f"{found['ratio']:10.2f}"
        )
    return told


def goal(told: dict[str, Any], name: str, got: float, bound: float, *, least: bool = False) -> None:
    """Hold a measured number against its goal."""
    got = float(got)
    met = got >= bound if least else got <= bound
    told[name] = {"measured": round(got, 4), "goal": bound, "least": least, "met": met}
    print(
        f"  {name}: {got:.3g}, {'at least' if least else 'at most'} {bound:g}: {'met' if met else 'MISSED'}"
    )


def write(path: Path | None, name: str, content: dict[str, Any]) -> None:
    if path is not None:
        path.write_text(json.dumps({name: content}, indent=2) + "\n", encoding="utf-8")
