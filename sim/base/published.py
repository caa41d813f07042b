"""Published figures by their id, so that no statistic is typed into the code."""

from __future__ import annotations

import numpy as np

from guidelines import tables


def figure(table: str, id_: str) -> float:
    """One published number, by the table and the id of its row.

    Raises
    ------
    guidelines.errors.GuidelineError
        No such table or row.
    """
    return float(tables.reference(table).row(id=id_)["value"])


def named(name: str) -> float:
    """One published number by its name in ``tables/reference/row_names.csv``.

    Raises
    ------
    guidelines.errors.GuidelineError
        No such name.
    """
    row = tables.reference("row_names").row(name=name)
    return figure(row["table"], row["id"])


def event(name: str) -> np.datetime64:
    """Day of an event of ``tables/reference/legal_events.csv``, by its name in ``row_names.csv``."""
    row = tables.reference("row_names").row(name=name)
    return np.datetime64(tables.reference(row["table"]).row(id=row["id"])["date"])


def target_value(id_: str, part: str = "") -> float:
    """The published value of a calibration target; `part` where it holds several numbers."""
    return float(tables.reference("calibration_targets").row(id=id_, part=part)["value"])
