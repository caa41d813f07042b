"""The rules by which the Commission may have counted, from one table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from guidelines import tables
from sim.scenario.changes import CountedAs

TABLE = "counting_rules"


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
        for row in tables.reference(TABLE)
    }


@lru_cache(maxsize=1)
def plausible_rules() -> tuple[str, ...]:
    """Ids of those that the published figures leave plausible, the default first."""
    return tuple(row["id"] for row in tables.reference(TABLE) if row["plausible"] == "yes")
