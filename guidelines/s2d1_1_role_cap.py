"""§2D1.1(a)(5) as an array: what the mitigating-role cap makes of every level of the Drug Quantity Table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from guidelines.arrays import IntArray

SIZES = 5
"""Sizes of the §3B1.2 adjustment that index the result: 0 (none), 2, 3 and 4; 1 does not occur."""


def capped_levels(rows: Iterable[Mapping[str, str]], greatest: int) -> IntArray:
    """Base level by size of the adjustment and level of the table, shape (5, greatest + 1).

    A level between two listed ones (only hypothetical amendments make them) takes the step of the lower one.

    Parameters
    ----------
    rows
        The table ``mitigating_role_cap``; none before it was law.
    greatest
        The greatest offense level.
    """
    level = np.arange(greatest + 1, dtype=np.int32)
    out = np.tile(level, (SIZES, 1))
    by_rule: dict[str, list[Mapping[str, str]]] = {}
    for row in rows:
        by_rule.setdefault(row["rule"], []).append(row)
    for row in sorted(by_rule.get("reduction", []), key=lambda r: int(r["base_offense_level"])):
        reached = level >= int(row["base_offense_level"])
        out[1:, reached] = level[reached] + int(row["value"])
    for row in by_rule.get("ceiling", []):
        out[1:, level >= int(row["base_offense_level"])] = int(row["value"])
    for row in by_rule.get("ceiling_after_reduction", []):
        size = -int(row["mitigating_role"])
        out[size] = np.minimum(out[size], int(row["value"]))
    return out


def rows_of_capped(capped: IntArray, table_levels: IntArray) -> IntArray:
    """The highest level of the table that the cap turns into a level as found, same shape as `capped`.

    A level no row leads to stays itself.
    """
    out = np.tile(np.arange(capped.shape[1], dtype=np.int32), (len(capped), 1))
    for level in np.unique(table_levels[table_levels >= 0]):
        for size in range(1, len(out)):
            out[size, capped[size, level]] = level
    return out
