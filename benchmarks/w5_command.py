"""W5: how long commands take beyond the interpreter and the import of their own libraries.

python benchmarks/w5_command.py [--rounds 15] [--json FILE] [--main]

Every contender is a process of its own, byte-compiled before; the main command takes three rounds, or with
--main as many as asked for and nothing else is run. It uses all processors: what counts for its user is the
clock, which means little while others use them too. The import of its libraries is that of a plain script,
one after the other; the command imports some in a second process meanwhile, and that is to its credit.
"""

from __future__ import annotations

import compileall
import itertools
import os
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


def process(code: str, cache: str = "off") -> None:
    environment = os.environ | {"MINUSTWO_CACHE": cache}
    command = [sys.executable, "-c", code]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT, env=environment)


def short(number: int) -> tuple[dict, dict]:
    """Commands that answer at once."""
    contenders = {
        "bare interpreter": lambda: process("pass"),
        "--help": lambda: process(MAIN.format(["--help"])),
        "--version": lambda: process(MAIN.format(["--version"])),
        "one range": lambda: process(MAIN.format(["range", "32", "III", "--on", "2013-11-01"])),
    }
    times = rounds(contenders, number)
    told = table("Short commands", times, "bare interpreter")
    goals: dict = {}
    for name in ("--help", "--version", "one range"):
        goal(goals, f"{name} over a bare interpreter", ratio(times, name, "bare interpreter"), 3)
    return told, goals


def long(number: int, folder: str) -> tuple[dict, dict]:
    """The main command, with the people of an earlier run at hand but for the first."""
    new = itertools.count()

    def run(*more: str, cache: str = f"{folder}/cache") -> None:
        process(MAIN.format(["run", "--out", f"{folder}/out{'-'.join(more)}", *more]), cache)

    contenders = {
        "import of its libraries": lambda: process(LIBRARIES),
        "run, first time": lambda: run(cache=f"{folder}/new-{next(new)}"),
        "run": run,
        "run --jobs 1": lambda: run("--jobs", "1"),
        "run --no-pictures": lambda: run("--no-pictures"),
        "run --no-pictures --worlds 0": lambda: run("--no-pictures", "--worlds", "0"),
    }
    taken = rounds(contenders, number)
    told = table("The main command", taken, "import of its libraries")
    goals: dict = {}
    for what, times in (("by the clock", taken), ("of the processor", taken.cpu)):
        base = np.array(times["import of its libraries"])
        for name in list(contenders)[1:]:
            beyond = float(np.median(np.array(times[name]) - base))
            goal(goals, f"{name} beyond its imports, s {what}", beyond, 1.5)
    return told, goals


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--main", action="store_true", help="the main command alone")
    chosen = parser.parse_args()
    one_thread()
    for package in ("guidelines", "sim"):
        compileall.compile_dir(ROOT / package, quiet=2)
    told, goals = {}, {}
    if not chosen.main:
        told["short"], goals = short(chosen.rounds)
    with tempfile.TemporaryDirectory() as folder:
        told["run"], more = long(chosen.rounds if chosen.main else min(chosen.rounds, 3), folder)
    told["goals"] = goals | more
    write(chosen.json, "w5_command", told)


if __name__ == "__main__":
    main()
