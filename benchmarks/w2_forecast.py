"""W2: exact moments, and the exact distribution of a total.

python benchmarks/w2_forecast.py [--rounds 15] [--json FILE]

The people are the synthetic stock of 1 November 2014. A hundred million are the same people many times over
with as many different pairs of months as a stock of that size would have.
"""

from __future__ import annotations

import resource
import tracemalloc

import numpy as np
from _rounds import arguments, goal, one_thread, rounds, table, write

from sim.courts.decisions import court_of
from sim.eligibility.analysis import analyse
from sim.people.stock import synthesize
from sim.projection.grouped import Counts, count_people
from sim.projection.project import project, project_counts
from sim.scenario.scenario import Scenario


def stock():
    scenario = Scenario.load("drugs-minus-two")
    people = synthesize(1, "2014-11-01")
    analysis = analyse(people, scenario)
    return people, analysis, court_of(analysis, scenario)


def spread_out(counts: Counts, people: int) -> Counts:
    """So many people: everybody as often, and again with dates up to three months to either side."""
    parts = []
    for shift in range(-3, 4):
        index = list(np.unravel_index(counts.cell, counts.shape))
        last = counts.months - 1
        index[2:] = [np.where(each == last, each, np.clip(each + shift, 0, last - 1)) for each in index[2:]]
        kept = index[2] < index[3]
        cell = np.ravel_multi_index(tuple(each[kept] for each in index), counts.shape)
        order = np.argsort(cell, kind="stable")
        once, number = np.unique(cell[order], return_inverse=True)
        amount = np.bincount(number, counts.people[kept][order]).astype(np.int64)
        parts.append(Counts(counts.without, once, amount, counts.day_one, counts.day_one_month))
    whole = parts[0]
    for part in parts[1:]:
        whole = whole + part
    return whole.times(max(1, people // int(whole.without.sum())))


def memory_of(counts: Counts, court) -> float:
    """Megabytes of the counts, and of all that a forecast from them takes beside."""
    fresh = Counts(counts.without, counts.cell, counts.people, counts.day_one, counts.day_one_month)
    held = sum(each.nbytes for each in (counts.without, counts.cell, counts.people, counts.day_one))
    tracemalloc.start()
    project_counts(fresh, court)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return (held + peak) / 1e6


def main() -> None:
    chosen = arguments(__doc__).parse_args()
    one_thread()
    people, analysis, court = stock()
    dates, district, drug = analysis.dates, people.district, people.sentenced.drug
    counts = count_people(dates, district, drug)
    many = spread_out(counts, 10**8)
    project_counts(many, court)
    print(
        f"{counts.eligible:,} eligible of {len(district):,}; "
        f"{many.without.sum():,} people in {len(many.cell):,} cells"
    )
    told: dict = {"eligible": counts.eligible, "cells of 1e8": len(many.cell)}
    size = 7 * 8 * counts.months * counts.districts * counts.groups
    source, target = np.ones(size, np.uint8), np.zeros(size, np.uint8)
    times = rounds(
        {
            "copy of seven tables": lambda: np.copyto(target, source),
            "moments, from people": lambda: project(dates, district, drug, court),
            "moments, counted": lambda: project_counts(counts, court),
            "moments, 1e8 counted": lambda: project_counts(many, court),
            "distribution of bed-months": lambda: project_counts(counts, court).distribution("bed_months"),
            "the same, 1e8 people": lambda: project_counts(many, court).distribution("bed_months"),
            "distribution of the first day": lambda: project_counts(counts, court).distribution("first_day"),
        },
        chosen.rounds,
    )
    told["exact"] = table("Exact", times, "copy of seven tables")
    goals: dict = {}
    print("\nGoals")
    seconds = {name: times.seconds(name) for name in times}
    goal(goals, "moments from people, ms", 1e3 * seconds["moments, from people"], 20)
    goal(goals, "moments of 1e8 counted, s", seconds["moments, 1e8 counted"], 0.1)
    goal(goals, "memory for 1e8 counted, MB", memory_of(many, court), 200)
    goal(goals, "distribution of bed-months, s", seconds["distribution of bed-months"], 0.1)
    goal(goals, "the same for 1e8 people, s", seconds["the same, 1e8 people"], 0.1)
    told["goals"] = goals
    told["peak MB of this process"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    write(chosen.json, "w2_forecast", told)


if __name__ == "__main__":
    main()
