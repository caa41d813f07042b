"""W1: applicable and amended range of many people, against the copy floor and the peers.

python benchmarks/w1_ranges.py [--sizes 100000 1000000] [--rounds 15] [--json FILE]

One process, all contenders warm, rounds in shuffled order. Whose answer differs gets no time. The
score is the median over rounds of the ratio to the floor, a plain copy of the bytes read and written, in the
same round.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pandas as pd

from guidelines import Manual, amended_worksheet, worksheet
from guidelines.compiled import StatuteClass, compile_ranges
from guidelines.manual import CATEGORIES
from guidelines.s5g1_1_statutory_limits import restrict_range

OLD = Manual.on("2013-11-01")
NEW = OLD.with_amendments("782")
STATUTES = (StatuteClass(), StatuteClass(60, 480), StatuteClass(120), StatuteClass(240), StatuteClass(0, 240))
MINIMUM = np.array([s.minimum_months for s in STATUTES], dtype=np.int32)
MAXIMUM = np.array([s.maximum_months for s in STATUTES], dtype=np.int32)
GOALS = {"floor": 8.0, "pandas joins": 30.0, "natural NumPy": 10.0, "temporaries MB": 2.0}


def people(size: int, seed: int = 1) -> tuple[np.ndarray, ...]:
    draw = np.random.default_rng(seed)
    return (
        draw.integers(0, 21, size).astype(np.uint8),
        10 ** draw.uniform(-1, 6, size),
        draw.integers(-8, 13, size).astype(np.int8),
        draw.integers(1, 7, size).astype(np.uint8),
        draw.integers(0, len(STATUTES), size).astype(np.uint8),
    )


def readable(drug, quantity, adjustment, category, statute):
    """The rules themselves."""
    facts = {
        "drug": drug.astype(np.int32),
        "quantity": quantity,
        "chapter_three_levels": adjustment,
        "criminal_history_category": category,
        "statutory_minimum_months": MINIMUM[statute],
        "statutory_maximum_months": MAXIMUM[statute],
    }
    before = worksheet(facts, OLD)
    after = amended_worksheet(before, "782")
    ends = [s[f"guideline_range_{end}_months"] for s in (before, after) for end in ("minimum", "maximum")]
    return np.stack(ends, axis=-1).astype(np.int16)


def natural_numpy(drug, quantity, adjustment, category, statute):
    """What one writes without thinking of speed: a mask and a search per drug."""
    answer = np.empty((len(drug), 4), dtype=np.int16)
    for column, manual in ((0, OLD), (2, NEW)):
        base = np.zeros(len(drug), dtype=np.int64)
        for index in range(21):
            mine = drug == index
            cuts = manual.quantity_cuts[index]
            cuts = cuts[np.isfinite(cuts)]
            base[mine] = manual.quantity_levels[index][
                np.searchsorted(cuts, quantity[mine], side="right") - 1
            ]
        level = np.clip(base + adjustment, 1, 43)
        low, high = manual.ranges[0][level, category], manual.ranges[1][level, category]
        answer[:, column], answer[:, column + 1] = restrict_range(
            low, high, MINIMUM[statute], MAXIMUM[statute]
        )
    return answer


def ladder(manual: Manual) -> pd.DataFrame:
    table = pd.DataFrame(list(manual.table("drug_quantity")))
    frame = pd.DataFrame(
        {
            "drug": [manual.drugs.index(name) for name in table["drug"]],
            "quantity": table["at_least"].astype(float),
            "base": table["base_offense_level"].astype(int),
        }
    )
    return frame.sort_values("quantity")


def range_frame(manual: Manual) -> pd.DataFrame:
    cells = [
        (level, c, *manual.ranges[:, level, c])
        for level in range(1, 44)
        for c in range(1, len(CATEGORIES) + 1)
    ]
    return pd.DataFrame(cells, columns=["level", "category", "low", "high"])


LADDERS = {id(manual): ladder(manual) for manual in (OLD, NEW)}
RANGES = range_frame(OLD)
LIMITS = pd.DataFrame({"statute": range(len(STATUTES)), "least": MINIMUM, "most": MAXIMUM})


def pandas_joins(drug, quantity, adjustment, category, statute):
    """Joins of tables: merge_asof on the quantity, then merges on the cell and on the statute class."""
    frame = pd.DataFrame(
        {
            "row": np.arange(len(drug)),
            "drug": drug.astype(np.int64),
            "quantity": quantity,
            "adjustment": adjustment.astype(np.int64),
            "category": category.astype(np.int64),
            "statute": statute.astype(np.int64),
        }
    ).sort_values("quantity")
    answer = np.empty((len(drug), 4), dtype=np.int16)
    frame = frame.merge(LIMITS, on="statute", how="left")
    for column, manual in ((0, OLD), (2, NEW)):
        found = pd.merge_asof(frame, LADDERS[id(manual)], on="quantity", by="drug")
        found["level"] = (found["base"] + found["adjustment"]).clip(1, 43)
        found = found.merge(RANGES, on=["level", "category"], how="left")
        low = found[["low", "least"]].max(axis=1)
        high = found[["high", "most"]].min(axis=1)
        rows = found["row"].to_numpy()
        answer[rows, column] = np.minimum(low, found["most"])
        answer[rows, column + 1] = np.maximum(high, found["least"])
    return answer


def measure(size: int, rounds: int) -> dict[str, object]:
    columns = people(size)
    table = compile_ranges(OLD, "782", STATUTES)
    out = np.empty((size, 4), dtype=np.int16)
    moved = sum(column.itemsize for column in columns) + out.itemsize * 4
    source, target = np.ones(size * moved, dtype=np.uint8), np.zeros(size * moved, dtype=np.uint8)
    contenders = {
        "copy floor": lambda: np.copyto(target, source),
        "compiled table": lambda: table.lookup(*columns, out=out),
        "readable rules": lambda: readable(*columns),
        "natural NumPy": lambda: natural_numpy(*columns),
        "pandas joins": lambda: pandas_joins(*columns),
    }
    expected = readable(*columns)
    for name, run in list(contenders.items())[1:]:
        if not np.array_equal(run(), expected):
            print(f"{name} gives another answer and gets no time", file=sys.stderr)
            del contenders[name]
    tracemalloc.start()
    contenders["compiled table"]()
    temporaries = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    times: dict[str, list[float]] = {name: [] for name in contenders}
    order = list(contenders)
    for _ in range(rounds):
        random.Random(len(times["copy floor"])).shuffle(order)
        for name in order:
            begin = time.perf_counter()
            contenders[name]()
            times[name].append(time.perf_counter() - begin)

    def ratio(name: str, to: str) -> float:
        return statistics.median(a / b for a, b in zip(times[name], times[to], strict=True))

    return {
        "people": size,
        "bytes a person": moved,
        "ns a person": {name: round(1e9 * statistics.median(t) / size, 2) for name, t in times.items()},
        "times the floor": {name: round(ratio(name, "copy floor"), 2) for name in times},
        "times the compiled table": {name: round(ratio(name, "compiled table"), 1) for name in times},
        "temporaries MB": round(temporaries, 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    results = [measure(size, chosen.rounds) for size in chosen.sizes]
    for result in results:
        print(f"\n{result['people']:,} people, {result['bytes a person']} bytes read and written each")
        print(f"{'':16}{'ns a person':>14}{'times floor':>14}{'times compiled':>16}")
        floor, compiled = result["times the floor"], result["times the compiled table"]
        for name, ns in result["ns a person"].items():
            print(f"{name:16}{ns:14.2f}{floor[name]:14.2f}{compiled[name]:16.1f}")
        print(f"temporaries of the compiled path: {result['temporaries MB']} MB")
    last = results[-1]
    got = {
        "floor": last["times the floor"]["compiled table"],
        "pandas joins": last["times the compiled table"].get("pandas joins", 0.0),
        "natural NumPy": last["times the compiled table"].get("natural NumPy", 0.0),
        "temporaries MB": last["temporaries MB"],
    }
    print(f"\ngoals at {last['people']:,} people")
    for name, goal in GOALS.items():
        below = name in ("floor", "temporaries MB")
        met = got[name] <= goal if below else got[name] >= goal
        bound = f"{'at most' if below else 'at least'} {goal:g}"
        print(f"  {name:16}{got[name]:8.2f}  {bound}: {'met' if met else 'MISSED'}")
    if chosen.json:
        chosen.json.write_text(
            json.dumps({"w1_ranges": results, "goals": GOALS}, indent=2) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
