"""How much faster a sweep is with two workers, and how many blocks of half a second it takes to show.

python benchmarks/sweep_workers.py [--scenarios 60] [--json FILE]

The work is the sweep's own, one scenario at so many approval rates; 500 scenarios take some minutes. Workers
are started, and have imported everything, before the clock runs.
"""

from __future__ import annotations

import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from _rounds import arguments, goal, one_thread, write


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--scenarios", type=int, default=60)
    chosen = parser.parse_args()
    one_thread()
    from sim.studies.sweep import plan_of, sweep
    from sim.studies.sweep_rows import block_bytes

    rates = [round(0.5 + 0.4 * k / chosen.scenarios, 6) for k in range(chosen.scenarios)]
    plan = plan_of(f'scenarios = ["drugs-minus-two"]\n[parameters]\n"judges.approval_rate" = {rates}\n')
    block_bytes(plan.blocks[0])
    seconds = {}
    for workers in (1, 2, 2, 1):
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            list(pool.map(block_bytes, [plan.blocks[0]] * 2 * workers))  # everybody has the stock
            with tempfile.TemporaryDirectory() as folder:
                begin = time.perf_counter()
                sweep(plan, f"{folder}/sweep", executor=pool)
                seconds.setdefault(workers, []).append(time.perf_counter() - begin)
    one, two = min(seconds[1]), min(seconds[2])
    blocks = len(plan.blocks)
    print(
        f"{plan.tasks} runs in {blocks} blocks of {one / blocks:.2f} s: "
        f"{one:.1f} s with one worker, {two:.1f} s with two"
    )
    goals: dict = {}
    goal(goals, "share of twice the speed", one / two / 2, 0.95, least=True)
    write(
        chosen.json,
        "sweep_workers",
        {"runs": plan.tasks, "blocks": blocks, "seconds": seconds, "goals": goals},
    )


if __name__ == "__main__":
    main()
