"""Published figures by their id, so that no statistic is typed into the code."""

from __future__ import annotations

import re

import numpy as np

from guidelines import tables


def figure(table: str, id_: str) -> float:
    """One published number, by the table and the id of its row."""
    return float(tables.reference(table).row(id=id_)["value"])


def named(name: str) -> float:
    """One published number by its name in ``tables/reference/row_names.csv``."""
    row = tables.reference("row_names").row(name=name)
    return figure(row["table"], row["id"])


def event(name: str) -> np.datetime64:
    """Day of an event of ``tables/reference/legal_events.csv``, by its name in ``row_names.csv``."""
    row = tables.reference("row_names").row(name=name)
    return np.datetime64(tables.reference(row["table"]).row(id=row["id"])["date"])


def target_value(id_: str, part: str = "") -> float:
    """The published value of a calibration target; `part` where it holds several numbers."""
    return float(tables.reference("calibration_targets").row(id=id_, part=part)["value"])


def published_by(published_on: str, day: str) -> bool:
    """Whether a text was out by a day; a month or a year alone counts as its last day, no date as never.

    Examples
    --------
    >>> published_by("2014-07-18", "2014-07-31"), published_by("2014", "2014-07-31"), published_by("", "2014")
    (True, False, False)
    """
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", published_on):
        return False  # a period, such as FY2014, says when something was, not when it was told
    after = (np.datetime64(published_on) + 1).astype("datetime64[D]")  # the text's own unit later
    return bool(after <= np.datetime64(day, "D") + 1)
