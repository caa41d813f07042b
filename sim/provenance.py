"""Where a result comes from: version, seed, scenario, editions of the law, and the tables themselves."""

from __future__ import annotations

from hashlib import sha256

from guidelines import tables
from guidelines.manual import Manual
from sim._version import __version__
from sim.scenario import Scenario


def provenance(scenario: Scenario, seed: int, before: Manual, after: Manual) -> dict[str, object]:
    """What a reader needs to make the same result again.

    Parameters
    ----------
    scenario, seed
        What was asked.
    before, after
        The law people were sentenced under, and the same with the amendment.
    """
    return {
        "version": __version__,
        "seed": seed,
        "scenario": scenario.name,
        "scenario_hash": scenario.hash,
        "manual_before": before.label,
        "manual_after": after.label,
        "editions": dict(before.editions),
        "tables_sha256": tables_hash(),
    }


def tables_hash() -> str:
    """SHA-256 over the rows of every table, whatever the layout of the files."""
    every = [tables.edition(name, begin) for name in tables.law_tables() for begin in tables.editions(name)]
    every += [tables.reference(name) for name in tables.reference_tables()]
    digest = sha256()
    for table in every:
        digest.update(repr((table.label, table.columns, [tuple(row.values()) for row in table])).encode())
    return digest.hexdigest()
