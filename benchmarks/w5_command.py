"""W5: how long commands take beyond the interpreter and the import of their own libraries.

python benchmarks/w5_command.py [--rounds 15] [--json FILE]

Every contender is a process of its own, byte-compiled before; the whole run takes three rounds.
"""

from __future__ import annotations

import compileall
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from _rounds import arguments, goal, one_thread, ratio, rounds, table, write

ROOT = Path(__file__).resolve().parent.parent
MAIN = "import sys; from sim.cli import main; sys.exit(main({}))"
LIBRARIES = """
import click, numpy, pandas, pydantic, scipy.special, scipy.linalg, tqdm
import matplotlib
matplotlib.use("Agg")
import matplotlib.figure, matplotlib.backends.backend_svg, matplotlib.backends.backend_agg
"""


def process(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL, cwd=ROOT)


def main() -> None:
    chosen = arguments(__doc__).parse_args()
    one_thread()
    for package in ("guidelines", "sim"):
        compileall.compile_dir(ROOT / package, quiet=2)
    short = {
        "bare interpreter": lambda: process("pass"),
        "--help": lambda: process(MAIN.format(["--help"])),
        "--version": lambda: process(MAIN.format(["--version"])),
        "one range": lambda: process(MAIN.format(["range", "32", "III", "--on", "2013-11-01"])),
    }
    times = rounds(short, chosen.rounds)
    told = {"short": table("Short commands", times, "bare interpreter")}
    goals: dict = {}
    with tempfile.TemporaryDirectory() as folder:
        long = {
            "import of its libraries": lambda: process(LIBRARIES),
            "run": lambda: process(MAIN.format(["run", "--out", f"{folder}/out"])),
            "run --no-pictures": lambda: process(
                MAIN.format(["run", "--no-pictures", "--out", f"{folder}/plain"])
            ),
            "run --worlds 0": lambda: process(
                MAIN.format(["run", "--worlds", "0", "--out", f"{folder}/zero"])
            ),
        }
        taken = rounds(long, min(chosen.rounds, 3))
    told["run"] = table("The main command", taken, "import of its libraries")
    print("\nGoals")
    for name in ("--help", "--version", "one range"):
        goal(goals, f"{name} over a bare interpreter", ratio(times, name, "bare interpreter"), 3)
    base = np.array(taken.cpu["import of its libraries"])
    for name in ("run", "run --no-pictures", "run --worlds 0"):
        goal(goals, f"{name} beyond its imports, s", float(np.median(np.array(taken.cpu[name]) - base)), 1.5)
    told["goals"] = goals
    write(chosen.json, "w5_command", told)


if __name__ == "__main__":
    main()
