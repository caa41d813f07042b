"""The few outcomes that stand under the headline on the screen; the rest is in outcomes.csv."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.output.plots.words import dated, number, of_persons
from sim.results.results import Result

SHOWN = {
    "cost_saved_average": "first",
    "crowding_without": "first",
    "crowding_with": "first",
    "first_wave_route": "first",
    "more_under_supervision": "second",
    "returns_brought_forward": "first",
    "new_sentences_affected": "first",
    "new_sentences_mean_cut_months": "first",
    "convicted_under_minimum_without": "first",
    "convicted_under_minimum_with": "first",
    "gain_from_amendment_without_policy": "first",
    "gain_from_amendment_with_policy": "first",
    "fewer_in_prison_by_new_sentences": "published, else fifth",
    "meets_clemency_criteria": "first",
    "commutations": "first",
    "commutations_months_earlier": "first",
    "bed_years_saved_by_commutations": "first",
}
"""Quantities of the table of outcomes, and which of their rows is shown."""
PLACES = {"first": 0, "second": 1, "published, else fifth": 4}


def outcome_rows(result: Result) -> list[dict[str, Any]]:
    """The chosen rows, in the form of rows of the headline; none where the result has no outcomes."""
    found: list[dict[str, Any]] = []
    if result.outcomes.empty:
        return found
    by_quantity = dict(iter(result.outcomes.groupby("quantity", sort=False)))
    for name, which in SHOWN.items():
        rows = by_quantity.get(name)
        place = PLACES[which]
        if rows is None or len(rows) <= place:
            continue
        row = {str(key): value for key, value in rows.iloc[place].items()}
        group = f", {dated(row['group'])}" if row["group"] else ""
        found.append(row | {"label": f"{row['label']}{group}"})
    return found


def outcome_line(row: Mapping[Any, Any]) -> str:
    """One row: label, value with its band, and what was published."""
    low, high = (number(row[end], row["unit"]) for end in ("low_90", "high_90"))
    band = "" if low == high or "none" in (low, high) else f" ({low} to {high})"
    value = of_persons(row["value"], row["unit"])
    told = row["published"] == row["published"]
    published = f"; published {number(row['published'], row['unit'])}" if told else ""
    return f"  {row['label']}: {value}{band}{published}"
