"""People of a datafile as case records, the form `minustwo cases` takes."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from guidelines import LIFE
from guidelines.manual import CATEGORIES
from sim.people.terms import ASSISTANCE, POSITIONS
from sim.population.schema import DRUG_SLOTS
from sim.records.source import Source

SAME = (
    "imposed_term_months", "base_offense_level", "total_offense_level", "override_offense_level",
    "consecutive_term_months", "offense_statutory_maximum_months", "criminal_history_points", "status_points",
    "statutory_minimum_months", "statutory_maximum_months", "imposed_term_days",
)  # fmt: skip
"""Fields of a record that are columns of people, left out where empty or 0."""
FLAGS = ("safety_valve", "career_offender", "armed_career_criminal")
LEVELS = ("mitigating_role", "acceptance")
CONVERTED = "converted_weight_kg"
GRAMS_A_KG = 1_000


def case_records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """One record a person, in order."""
    return [_record(case, row) for case, row in zip(frame.index, frame.to_dict("records"), strict=True)]  # type: ignore[arg-type]


def case_source(records: list[dict[str, Any]], name: str) -> Source:
    """Records as a source for `minustwo cases`, numbered from 1."""
    return Source(name, ((number, json.dumps(record)) for number, record in enumerate(records, start=1)))


def _record(case: Any, row: dict[str, Any]) -> dict[str, Any]:
    record: dict[str, Any] = {"case_id": str(case), "sentenced_on": f"{row['sentenced_on']:%Y-%m-%d}"}
    if pd.notna(row.get("manual_edition")) and row["manual_edition"] <= row["sentenced_on"]:
        record["manual_edition"] = f"{row['manual_edition']:%Y-%m-%d}"
    record["criminal_history_category"] = CATEGORIES[int(row["criminal_history_category"]) - 1]
    for name in SAME:
        value = row.get(name)
        if value is not None and pd.notna(value) and value:
            record[name] = "life" if value >= LIFE else int(value)
    record |= {name: True for name in FLAGS if row.get(name)}
    record |= {name: int(row[name]) for name in LEVELS if row.get(name)}
    if row.get("position") == POSITIONS[ASSISTANCE]:
        record["substantial_assistance"] = True
    return record | _quantity(row)


def _quantity(row: dict[str, Any]) -> dict[str, Any]:
    """Drugs with their grams; other drugs by their marihuana equivalent, if they are alone."""
    pairs = [(row["drug"], row.get("quantity_grams"))]
    pairs += [
        (row.get(f"drug_{slot}"), row.get(f"quantity_grams_{slot}")) for slot in range(2, DRUG_SLOTS + 1)
    ]
    given = [(drug, float(grams)) for drug, grams in pairs if isinstance(drug, str) and pd.notna(grams)]
    if not given:
        return {}
    if any(drug == "Other" for drug, _ in given):
        return {CONVERTED: given[0][1] / GRAMS_A_KG} if len(given) == 1 else {}
    return {"drugs": [{"drug": drug, "quantity": grams, "unit": "g"} for drug, grams in given]}
