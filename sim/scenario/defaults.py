"""What a scenario that leaves something out means: the law's own dates and the figures of the tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from guidelines import tables
from guidelines.amendments import Amendment, encoded

__all__ = ["FIGURES", "filled"]

FIGURES: dict[tuple[str, str], tuple[str, str, type[int] | type[float]]] = {
    ("dates", "horizon_months"): ("assumptions", "J04", int),
    ("judges", "approval_rate"): ("calibration_targets", "T21", float),
    ("judges", "approval_spread"): ("assumptions", "J01", float),
    ("judges", "decision_months_median"): ("assumptions", "J02", float),
    ("judges", "decision_months_spread"): ("assumptions", "J03", float),
    ("people", "stock"): ("calibration_targets", "T01", int),
    ("admissions", "yearly_change"): ("assumptions", "J06", float),
    ("admissions", "term_elasticity"): ("assumptions", "J07", float),
}
"""Where the default of a field stands: table of published statistics, row, type."""

AMENDMENT = "782"
NO_MOTION = {"approval_rate": 1.0, "approval_spread": 0.0, "decision_months_median": 0.0}
"""Judges of a change that needs none."""
SECTIONS = ("amendment", "dates", "judges", "limits", "people", "admissions")


def filled(given: Mapping[str, Any]) -> dict[str, Any]:
    """The scenario with its gaps filled; what is given stays as it is, even if it makes no sense."""
    full: dict[str, Any] = dict(given)
    for section in SECTIONS:
        value = full.setdefault(section, {})
        full[section] = dict(value) if isinstance(value, Mapping) else value
    release = full.get("release")
    if isinstance(release, Mapping) and release.get("good_time") == "first_step_act":
        for key, value in NO_MOTION.items():
            _put(full["judges"], key, value)
    for (section, key), (table, row, kind) in FIGURES.items():
        _put(full[section], key, kind(float(tables.reference(table).row(id=row)["value"])))
    _fill_amendment(full["amendment"])
    law = _amendment(full["amendment"])
    in_force = date.fromisoformat(law.effective_from)
    _put(full["amendment"], "manual_before", in_force - timedelta(days=1))
    _put(full["amendment"], "manual_after", in_force)
    _put(full["dates"], "effective", date.fromisoformat(law.retroactive_from))
    released = law.order_effective_from or law.retroactive_from
    _put(full["dates"], "earliest_release", date.fromisoformat(released))
    _put(full["dates"], "reference", date.fromisoformat(law.retroactive_from))
    return full


def _put(section: Any, key: str, value: Any) -> None:
    if isinstance(section, dict):
        section.setdefault(key, value)


def _fill_amendment(amendment: Any) -> None:
    if not isinstance(amendment, dict):
        return
    if "like" in amendment:
        levels = amendment.get("levels")
        label = f"{amendment['like']}{levels:+d}" if isinstance(levels, int) else f"like {amendment['like']}"
        amendment.setdefault("name", label)
    else:
        amendment.setdefault("name", AMENDMENT)


def _amendment(amendment: Any) -> Amendment:
    """The encoded amendment whose dates a scenario takes over; with an unknown one, whichever will do.

    An unknown amendment is reported where the scenario is checked; dates that nobody left out should
    not be reported as missing beside it.
    """
    named = amendment.get("like", amendment.get("name")) if isinstance(amendment, dict) else AMENDMENT
    return Amendment.load(named if named in encoded() else AMENDMENT)
