"""The fits of courts that are kept: what courts do with motions, as known on a day."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from guidelines import tables

TABLE, EVIDENCE, PARAMETERS = "courts", "courts_evidence", "courts_parameters"
AS_OF = ("2014-07", "2015-11-02")
"""Days up to which published figures were read, the latest last."""
AMENDMENTS = ("706", "782")
"""Amendments whose courts are told; others are taken to be like the last."""
CENTRE = "centre"
NAMES = (
    "filing_rate",
    "approval_rate",
    "approval_spread",
    "whole_cut_share",
    "ineligible_motion_share",
    "ineligible_motion_spread",
    "decision_months_median",
    "decision_months_spread",
    "order_strength",
)
"""Fields of the judges of a scenario that a fit gives."""


def kept(as_of: str, amendment: object) -> Mapping[str, Mapping[str, float]]:
    """Values of `NAMES` by world, the centre among them.

    An amendment whose courts have not been seen is taken to be like the last of `AMENDMENTS`.
    """
    return _kept(as_of, str(amendment) if amendment in AMENDMENTS else AMENDMENTS[-1])


@lru_cache(maxsize=8)
def _kept(as_of: str, amendment: str) -> Mapping[str, Mapping[str, float]]:
    return {
        row["world"]: {name: float(row[name]) for name in NAMES}
        for row in tables.reference(TABLE)
        if row["as_of"] == as_of and row["amendment"] == amendment
    }
