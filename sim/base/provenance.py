"""Where a result comes from: version, seed, scenario, editions of the law, the tables and the program."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import guidelines
from guidelines.manual import Manual
from guidelines.tables import files_hash
from sim._version import __version__

SHOWS = ("output", "commands", "desk", "result.py", "cli.py")
"""Rooms that decide no number."""


def provenance(scenario: str, content: str, seed: int, before: Manual, after: Manual) -> dict[str, object]:
    """What a reader needs to make the same result again.

    `content` is the hash of the scenario; `before` and `after` are the law without and with the
    amendment.
    """
    return {
        "version": __version__,
        "seed": seed,
        "scenario": scenario,
        "scenario_hash": content,
        "manual_before": before.label,
        "manual_after": after.label,
        "editions": dict(before.editions),
        "tables_sha256": files_hash(),
    }


@lru_cache(maxsize=1)
def program_hash() -> str:
    """SHA-256 over all that decides a result: the tables (CSV and TOML) and the Python of every room.

    What only shows results is left out, so that another title of a picture throws nothing away.
    """
    digest = sha256(files_hash().encode())
    for root in (Path(str(guidelines.__file__)).parent, Path(__file__).resolve().parents[1]):
        for path in sorted(root.rglob("*.py")):
            name = path.relative_to(root)
            if name.parts[0] not in SHOWS:
                digest.update(f"{name.as_posix()}\0".encode() + path.read_bytes())
    return digest.hexdigest()
