"""Fair rounds: one process, everybody warm, shuffled order; what counts is the ratio within a round."""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def arguments(doc: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", type=Path)
    return parser


def rounds(contenders: dict[str, Callable[[], Any]], number: int) -> dict[str, list[float]]:
    """Seconds of each contender in each round, after one round that does not count."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    order = list(contenders)
    for run in contenders.values():
        run()
    for turn in range(number):
        random.Random(turn).shuffle(order)
        for name in order:
            begin = time.perf_counter()
            contenders[name]()
            times[name].append(time.perf_counter() - begin)
    return times


def ratio(times: dict[str, list[float]], name: str, to: str) -> float:
    """Median over rounds of the ratio within a round."""
    return statistics.median(a / b for a, b in zip(times[name], times[to], strict=True))


def table(title: str, times: dict[str, list[float]], to: str) -> dict[str, Any]:
    """Print a table of medians and ratios, and give it back for JSON."""
    print(f"\n{title}")
    print(f"{'':34}{'median ms':>12}{'times ' + to:>26}")
    told = {}
    for name in times:
        told[name] = {
            "median_ms": round(1e3 * statistics.median(times[name]), 3),
            "ratio": round(ratio(times, name, to), 3),
        }
        print(f"{name:34}{told[name]['median_ms']:12.2f}{told[name]['ratio']:26.2f}")
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
