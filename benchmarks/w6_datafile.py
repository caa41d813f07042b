"""W6: a year's datafile of true shape, 70,000 rows of 27,693 columns: seconds and peak memory of the import.

python benchmarks/w6_datafile.py [--rounds 1] [--rows 70000] [--json FILE]

The files are written anew in the folder of temporary files (2 GB as CSV, 3.4 GB with fixed width).
A third of the rows are in scope, as in FY2014. Every contender is a process of its own.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from _rounds import arguments, goal, rounds, write

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "sim"))
from datafile import columns_of, person  # noqa: E402

YEAR, COLUMNS, WIDTH, SAMPLE = 2018, 27_693, 45_694, 997
SCOPE = 3
MEMORY = """
import resource, sys
from sim.cli import main
code = main({arguments})
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
sys.exit(code and 0 * code)
"""


def rows_of(number: int) -> list[dict[str, object]]:
    """Some different people; a file repeats them with a case number each."""
    return [
        person(YEAR, n, TOTPRISN=60 + n % 90, GDLINEHI="2D1.1" if n % SCOPE == 0 else "2L1.2")
        for n in range(min(number, SAMPLE))
    ]


def written(folder: Path, number: int) -> tuple[Path, Path]:
    """The CSV, and the .dat with its .sas."""
    known = columns_of(YEAR)
    slots = [f"SMAX{n}" for n in range(9, 885)]
    fillers = [f"FILLER{n}" for n in range(COLUMNS - len(known) - len(slots))]
    half = len(fillers) // 2
    names = [
        "USSCIDN",
        *fillers[:half],
        *(name for name in known if name != "USSCIDN"),
        *slots,
        *fillers[half:],
    ]
    lines = [",".join(str(row.get(name, "")) for name in names).encode() for row in rows_of(number)]
    table = folder / "opafy18nid.csv"
    with table.open("wb") as file:
        file.write(",".join(names).encode() + b"\r\n")
        for n in range(number):
            line = lines[n % len(lines)]
            file.write(b"%d,%b\r\n" % (2_000_000 + n, line.split(b",", 1)[1]))
    widths = {name: 7 if name in known else 1 for name in names}
    spare = WIDTH - sum(widths.values())
    widths[fillers[0]] += max(spare, 0)
    start, program = 1, ["INPUT"]
    for name in names:
        program.append(f"{name} {start}-{start + widths[name] - 1}")
        start += widths[name]
    (folder / "fixed").mkdir()
    (folder / "fixed" / "opafy18nid.sas").write_text("\n".join([*program, ";"]))
    fixed = ["".join(str(row.get(name, "")).rjust(widths[name]) for name in names) for row in rows_of(number)]
    data = folder / "fixed" / "opafy18nid.dat"
    with data.open("wb") as file:
        for n in range(number):
            file.write(f"{2_000_000 + n:>7}{fixed[n % len(fixed)][7:]}\r\n".encode())
    return table, data


def process(*arguments_: str) -> int:
    """Peak memory in MB of a command."""
    command = [sys.executable, "-c", MEMORY.format(arguments=list(arguments_))]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    return round(int(done.stderr.split()[-1]) / 1024)


def main() -> None:
    parser = arguments(__doc__)
    parser.set_defaults(rounds=1)
    parser.add_argument("--rows", type=int, default=70_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        table, data = written(Path(name), given.rows)
        print(f"{table.stat().st_size / 1e9:.1f} GB CSV, {data.stat().st_size / 1e9:.1f} GB fixed width")
        memory: dict[str, int] = {}

        def run(what: str, *arguments_: str) -> None:
            memory[what] = process(*arguments_)

        contenders = {
            "import CSV": lambda: run("import CSV", "people", "import", str(table)),
            "import fixed width": lambda: run("import fixed width", "people", "import", str(data)),
            "check": lambda: run("check", "people", "check", str(table)),
        }
        times = rounds(contenders, given.rounds)
    goals: dict = {}
    for what, most in (("import CSV", 60), ("import fixed width", 10), ("check", 1)):
        goal(goals, f"{what}, seconds", times.seconds(what), most)
        goal(goals, f"{what}, peak MB", memory[what], 150)
    write(given.json, "w6", {"goals": goals, "memory": memory})


if __name__ == "__main__":
    main()
