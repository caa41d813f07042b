"""Small cells of one's own people: what would tell of fewer than so many is not shown.

A row is suppressed where one of its counts lies between 1 and the least less one, or where the rest of
its people would. Where a single row of a table is, the next smallest goes with it, so that it cannot be
worked out from the total.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.output.memo.content import HIDDEN, Table

LEAST = 10
"""People a cell must have to be shown, where nothing else is asked for."""


def suppressed(table: Table, counts: Sequence[str], least: int) -> Table:
    """The table without its small cells.

    Parameters
    ----------
    table
        Any table; columns that are not there are passed over.
    counts
        Columns that count people, the first of which holds all of a row.
    least
        Smallest count that is shown; 0 or 1 shows everything.
    """
    there = [name for name in counts if name in table.frame]
    if least <= 1 or not there or table.frame.empty:
        return table
    values = table.frame[there].astype(float).fillna(0.0)
    rest = values[there[0]].to_numpy()[:, None] - values[there[1:]].to_numpy()
    cells = np.hstack([values.to_numpy(), rest])
    small: NDArray[np.bool_] = np.any((cells > 0) & (cells < least), axis=1)
    if small.sum() == 1 and len(small) > 1:
        size = values[there[-1]].where(~small, np.inf).replace(0.0, np.inf)
        small[int(size.to_numpy().argmin())] = True
    if not small.any():
        return table
    frame = table.frame.astype(object)
    frame.loc[small, [name for name in frame.columns[1:]]] = HIDDEN
    note = f"{table.note} Rows that would tell of fewer than {least} people are suppressed.".strip()
    return replace(table, frame=frame, note=note)


def merged(steps: pd.DataFrame, least: int) -> pd.DataFrame:
    """The waterfall with its small steps in one row, so that none is told by what is left before and after.

    Parameters
    ----------
    steps
        Columns label, persons, remaining; first row everybody, last row the eligible.
    least
        As for `suppressed`.
    """
    first, middle, last = steps.iloc[:1], steps.iloc[1:-1], steps.iloc[-1:]
    ordered = middle.sort_values("persons", kind="stable")
    count = int((ordered["persons"] < least).sum())
    if least <= 1 or not count:
        return steps
    while count < len(ordered) and (count < 2 or ordered["persons"].iloc[:count].sum() < least):
        count += 1
    small = ordered.iloc[:count]
    others = small.iloc[:1].assign(label="other reasons", code="", persons=small["persons"].sum())
    kept = pd.concat([first, middle.drop(index=small.index), others, last], ignore_index=True)
    leaving = kept["persons"].where(kept.index < len(kept) - 1, 0)
    return kept.assign(remaining=int(first["remaining"].iloc[0]) - leaving.cumsum())
