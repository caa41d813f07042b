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


def event(id_: str) -> np.datetime64:
    """Day of an event of ``tables/reference/legal_events.csv``."""
    return np.datetime64(tables.reference("legal_events").row(id=id_)["date"])


def target(id_: str, part: str = "") -> float:
    """The published value of a calibration target; `part` where it holds several numbers."""
    return float(tables.reference("calibration_targets").row(id=id_, part=part)["value"])
