"""What a scenario that leaves something out means: the law's own dates, the figures and rules of tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from guidelines import tables
from guidelines.amendments import Amendment, encoded
from sim.base import courts_kept
from sim.scenario.changes import CountedAs

FIGURES: dict[tuple[str, str], tuple[str, str, type[int] | type[float]]] = {
    ("dates", "horizon_months"): ("assumptions", "J01", int),
    ("people", "stock"): ("calibration_targets", "T01", int),
    ("admissions", "yearly_change"): ("assumptions", "J02", float),
    ("admissions", "term_elasticity"): ("assumptions", "J03", float),
}
"""Where the default of a field stands: table of published statistics, row, type."""

AMENDMENT = "782"
NO_MOTION = {
    "filing_rate": 1.0,
    "approval_rate": 1.0,
    "approval_spread": 0.0,
    "whole_cut_share": 1.0,
    "ineligible_motion_share": 0.0,
    "decision_months_median": 0.0,
    "order_strength": 0.0,
}
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
    _fill_courts(full["judges"], full["amendment"])
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


def _fill_courts(judges: Any, amendment: Any) -> None:
    if not isinstance(judges, dict):
        return
    named = amendment if isinstance(amendment, dict) else {}
    as_of = judges.setdefault("as_of", courts_kept.AS_OF[-1])
    fit = _courts(as_of, named.get("like"), named.get("name"))
    share, given = judges.get("approval_rate_all_motions"), "approval_rate" in judges
    for name, value in fit[courts_kept.CENTRE].items():
        judges.setdefault(name, value)
    if isinstance(share, int | float) and not given:
        judges["approval_rate"] = of_eligible(share, judges["ineligible_motion_share"])


def assumed_courts(judges: Any, amendment: Any) -> Mapping[str, Mapping[str, float]]:
    """The fit behind what a scenario leaves out about courts, by world (`sim.base.courts_kept.kept`)."""
    return _courts(judges.as_of, amendment.like, amendment.name)


def _courts(as_of: object, like: object, name: object) -> Mapping[str, Mapping[str, float]]:
    # A day without a fit is reported where the scenario is checked.
    day = str(as_of) if as_of in courts_kept.AS_OF else courts_kept.AS_OF[-1]
    return courts_kept.kept(day, like or name)


def of_eligible(share: float, ineligible: Any) -> float:
    """Share of the motions of eligible people that is granted, from that of all motions; at most 1."""
    lawful = 1 - ineligible if isinstance(ineligible, int | float) else 1.0
    return min(max(share / lawful, 0.0), 1.0) if lawful > 0 else 1.0


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


@lru_cache(maxsize=1)
def counting_rules() -> Mapping[str, CountedAs]:
    """Every rule of ``tables/reference/counting_rules.csv`` by its id; the first is the default."""
    return {
        row["id"]: CountedAs(
            jail_credit=row["jail_credit"] == "yes",
            drug_programme=row["drug_programme"] == "yes",
            citizens_near_release=row["citizens_near_release"] == "yes",
            sentenced_until=date.fromisoformat(row["sentenced_until"]) if row["sentenced_until"] else None,
            least_months_left=float(row["least_months_left"]),
        )
        for row in tables.reference("counting_rules")
    }


@lru_cache(maxsize=1)
def plausible_rules() -> tuple[str, ...]:
    """Ids of those that the published figures leave plausible, the default first."""
    return tuple(row["id"] for row in tables.reference("counting_rules") if row["plausible"] == "yes")
