"""What a user waits for: seconds by the clock and peak memory of whole commands, held against the goals.

python benchmarks/commands.py [--rounds 5] [--long] [--json FILE]

Every command is a process of its own, after one that does not count. With --long a million case records and
the backtest are timed too, once each. What else the machine does is in these figures.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from _rounds import arguments, goal, write

MINUSTWO = str(Path(sys.executable).parent / "minustwo")
RECORD = {
    "sentenced_on": "2012-05-11", "drugs": [{"drug": "heroin", "quantity": 800, "unit": "g"}],
    "acceptance": -3, "criminal_history_category": "III", "imposed_term_months": 100,
    "statutory_minimum_months": 60,
    "sentence_began_on": "2012-06-01", "jail_credit_days": 40,
}  # fmt: skip
RECORDS = 1_000_000


class Goal(NamedTuple):
    """A command and what it may take."""

    name: str
    words: list[str]
    seconds: float
    megabytes: float
    cache: str = "off"


def measured(words: list[str], cache: str) -> tuple[float, float]:
    """Seconds by the clock and peak memory in MB of one process."""
    begin = time.perf_counter()
    with subprocess.Popen(
        [MINUSTWO, *words],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | {"MINUSTWO_CACHE": cache},
    ) as process:  # fmt: skip
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"minustwo {' '.join(words)}: exit code {process.returncode}")
    return time.perf_counter() - begin, used.ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)


def goals(folder: Path, long: bool) -> list[Goal]:
    """The commands, with the goals of what a user feels."""
    out = ["--out", str(folder / "out")]
    case = folder / "case.json"
    case.write_text(json.dumps(RECORD), encoding="utf-8")
    found = [
        Goal("--help", ["--help"], 0.3, 100),
        Goal("range", ["range", "32", "III", "--on", "2013-11-01"], 0.3, 100),
        Goal("case", ["case", str(case)], 0.3, 100),
        Goal("run, nothing kept", ["run", *out], 6, 600),
        Goal("run, people kept", ["run", *out], 3, 600, str(folder / "cache")),
    ]
    if long:
        many = folder / "many.jsonl"
        lines = (json.dumps({**RECORD, "case_id": str(number)}) for number in range(RECORDS))
        many.write_text("\n".join(lines), encoding="utf-8")
        found += [
            Goal(
                "cases, a million", ["cases", str(many), "--output", str(folder / "answers.jsonl")], 40, 300
            ),
            Goal("backtest", ["backtest"], 120, 1000),
        ]
    return found


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--long", action="store_true", help="a million records and the backtest too")
    parser.set_defaults(rounds=5)
    chosen = parser.parse_args()
    told: dict = {}
    with tempfile.TemporaryDirectory() as name:
        for each in goals(Path(name), chosen.long):
            once = each.seconds >= 10
            if not once:
                measured(each.words, each.cache)
            figures = [measured(each.words, each.cache) for _ in range(1 if once else chosen.rounds)]
            goal(told, f"{each.name}, s", statistics.median(seconds for seconds, _ in figures), each.seconds)
            goal(told, f"{each.name}, MB", max(megabytes for _, megabytes in figures), each.megabytes)
    write(chosen.json, "commands", told)


if __name__ == "__main__":
    main()
