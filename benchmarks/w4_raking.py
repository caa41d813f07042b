"""W4: raking on nine overlapping margins over a million cells, a quarter of them with anybody in them.

python benchmarks/w4_raking.py [--rounds 15] [--json FILE]

The peer is the `ipfn` package in its NumPy form, if it is installed; and iterative fitting over the dense
table as one writes it in NumPy. All stop at the same gap; answers are compared first.
"""

from __future__ import annotations

import numpy as np
from _rounds import arguments, goal, ratio, rounds, table, write

from sim.people.margin import Margin
from sim.people.raking import rake

SHAPE = (10, 10, 10, 10, 10, 10)
PAIRS = ((0,), (1,), (2,), (0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (0, 5))
TOLERANCE = 1e-6


def world():
    draw = np.random.default_rng(1)
    dense = np.where(draw.random(SHAPE) < 0.26, draw.gamma(1.0, 1.0, SHAPE), 0.0)
    goal_table = dense * np.prod(
        [
            draw.uniform(0.5, 2, SHAPE[axis]).reshape([-1 if k == axis else 1 for k in range(6)])
            for axis in range(6)
        ][0:1]
    )
    for axis in range(6):
        goal_table = goal_table * draw.uniform(0.5, 2, SHAPE[axis]).reshape(
            [-1 if k == axis else 1 for k in range(6)]
        )
    return dense, goal_table


def margin_of(full: np.ndarray, axes: tuple[int, ...]) -> np.ndarray:
    return full.sum(axis=tuple(k for k in range(6) if k not in axes))


def dense_numpy(dense: np.ndarray, wanted: list[np.ndarray]) -> np.ndarray:
    found = dense.copy()
    total = wanted[0].sum()
    for _ in range(200):
        gap = 0.0
        for axes, target in zip(PAIRS, wanted, strict=True):
            now = margin_of(found, axes)
            gap = max(gap, float(np.abs(now - target).max() / total))
            factor = np.divide(target, now, out=np.ones_like(now), where=now > 0)
            found *= factor.reshape([SHAPE[k] if k in axes else 1 for k in range(6)])
        if gap < TOLERANCE:
            break
    return found


def main() -> None:
    chosen = arguments(__doc__).parse_args()
    dense, goal_table = world()
    wanted = [margin_of(goal_table, axes) for axes in PAIRS]
    rows = np.flatnonzero(dense)
    places = np.unravel_index(rows, SHAPE)
    weights = dense.ravel()[rows] * (goal_table.sum() / dense.sum())
    ones = np.ones(len(rows))
    margins = [
        Margin(
            str(axes),
            np.ravel_multi_index(tuple(places[k] for k in axes), tuple(SHAPE[k] for k in axes)).astype(
                np.int64
            ),
            (target / target.sum()).ravel(),
            ones,
        )
        for axes, target in zip(PAIRS, wanted, strict=True)
    ]

    def ours() -> np.ndarray:
        return rake(weights, margins, tolerance=TOLERANCE).weights

    expected = dense_numpy(dense, wanted).ravel()[rows]
    assert np.allclose(ours(), expected, rtol=1e-3), "another answer"
    keys = margins[-1].cell
    contenders = {
        "one pass of nine bincounts": lambda: [np.bincount(keys, weights, 100) for _ in PAIRS],
        "rake": ours,
        "dense NumPy": lambda: dense_numpy(dense, wanted),
    }
    try:
        from ipfn.ipfn import ipfn

        def peer() -> np.ndarray:
            start = dense * (goal_table.sum() / dense.sum())
            return ipfn(
                start, [t.copy() for t in wanted], [list(a) for a in PAIRS], convergence_rate=TOLERANCE
            ).iteration()

        found = np.asarray(peer()).ravel()[rows]
        if np.allclose(found, expected, rtol=1e-2):
            contenders["ipfn, NumPy form"] = peer
        else:
            print("ipfn gives another answer and gets no time")
    except ImportError:
        print("ipfn is not installed and left out")
    times = rounds(contenders, chosen.rounds)
    told = {
        "rows": len(rows),
        "rounds of raking": rake(weights, margins, tolerance=TOLERANCE).rounds,
        "times": table(f"{dense.size:,} cells, {len(rows):,} with anybody, nine margins", times, "rake"),
    }
    goals: dict = {}
    print("\nGoals")
    if "ipfn, NumPy form" in contenders:
        goal(goals, "ipfn over rake", ratio(times, "ipfn, NumPy form", "rake"), 6, least=True)
    goal(goals, "dense NumPy over rake", ratio(times, "dense NumPy", "rake"), 6, least=True)
    told["goals"] = goals
    write(chosen.json, "w4_raking", told)


if __name__ == "__main__":
    main()
