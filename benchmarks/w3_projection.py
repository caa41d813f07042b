"""W3: 10,000 draws of a projection over 360 months.

python benchmarks/w3_projection.py [--draws 10000] [--rounds 15] [--json FILE]
"""

from __future__ import annotations

import numpy as np
from _rounds import arguments, goal, ratio, rounds, table, write
from scipy.fft import irfft, next_fast_len, rfft

from sim.population_projection import draw_weights, project_draws, project_stays, responses

MONTHS = 360


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--draws", type=int, default=10_000)
    chosen = parser.parse_args()
    draw = np.random.default_rng(1)
    members = draw.dirichlet(np.ones(MONTHS + 1), 16)
    weights = draw_weights(members, chosen.draws, seed=1)
    admitted = draw.uniform(1500, 2500, MONTHS)
    answers = responses(admitted)
    identity = np.eye(MONTHS + 1)
    both = responses(admitted, effective_month=24, transition=identity)

    def loop() -> np.ndarray:
        inside = 1 - np.cumsum(weights, axis=1)[:, :MONTHS]
        return np.array([np.convolve(admitted, row)[:MONTHS] for row in inside])

    def fft(rows: int = 500) -> np.ndarray:
        size = next_fast_len(2 * MONTHS, real=True)
        flow, found = rfft(admitted, size), np.empty((chosen.draws, MONTHS))
        for at in range(0, chosen.draws, rows):
            inside = 1 - np.cumsum(weights[at : at + rows], axis=1)[:, :MONTHS]
            found[at : at + rows] = irfft(rfft(inside, size) * flow, size)[:, :MONTHS]
        return found

    expected = loop()
    for found in (
        project_draws(members, answers, chosen.draws, 1).without,
        project_stays(weights, answers).without,
        fft(),
        project_stays(weights, both).with_amendment,
    ):
        assert np.allclose(found, expected, rtol=1e-9)
    out = np.empty((chosen.draws, MONTHS))
    times = rounds(
        {
            "matrix product": lambda: np.matmul(weights, answers.without, out=out),
            "members put through, then drawn": lambda: project_draws(members, answers, chosen.draws, 1),
            "response matrix": lambda: project_stays(weights, answers),
            "with a prospective cut": lambda: project_stays(weights, both),
            "FFT in pieces": fft,
            "loop of np.convolve": loop,
            "drawing the weights": lambda: draw_weights(members, chosen.draws, seed=1),
            "quantiles of all months": lambda: np.quantile(expected, [0.05, 0.5, 0.95], axis=0),
        },
        chosen.rounds,
    )
    told = {
        "draws": chosen.draws,
        "times": table(f"{chosen.draws:,} draws, {MONTHS} months", times, "matrix product"),
    }
    goals: dict = {}
    print("\nGoals")
    goal(goals, "response matrix over its product", ratio(times, "response matrix", "matrix product"), 3)
    loops = {
        name: ratio(times, "loop of np.convolve", name)
        for name in ("response matrix", "members put through, then drawn")
    }
    for name, faster in loops.items():
        goal(goals, f"loop over {name}", faster, 50, least=True)
    told["goals"] = goals
    write(chosen.json, "w3_projection", told)


if __name__ == "__main__":
    main()
