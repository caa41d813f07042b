"""What a fit of the stock, and a forecast made with it, may look at."""

from __future__ import annotations

from dataclasses import dataclass

from sim.base.errors import SimulationError
from sim.base.published import published_by

IN_USE = "2015-11"
"""The fit that is used where no other is asked for."""


@dataclass(frozen=True)
class Evidence:
    """What a fit may look at.

    Attributes
    ----------
    as_of
        Last day of publication.
    without
        Amendment of whose effect nothing is looked at.
    """

    as_of: str
    without: str = ""

    def allows(self, published_on: str, about: str) -> bool:
        """Whether a figure may be looked at: by its day, and by the amendment whose effect it tells."""
        return published_by(published_on, self.as_of) and (not about or about != self.without)


FITS = {
    IN_USE: Evidence("2015-11-02"),
    "2014-07": Evidence("2014-07-31"),
    "without 706": Evidence("2015-11-02", "706"),
    "without 750": Evidence("2015-11-02", "750"),
    "without 782": Evidence("2015-11-02", "782"),
}
"""Fits that are kept in ``tables/reference/stock_ensemble.csv``, the one in use first."""


def evidence_of(fit: str) -> Evidence:
    """What a fit looked at."""
    if fit not in FITS:
        raise SimulationError(f"no fit {fit!r} is kept; there are {', '.join(FITS)}")
    return FITS[fit]
