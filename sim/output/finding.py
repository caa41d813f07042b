"""The finding of a result in plain words: one sentence rounded, with its interval, and what it comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from sim.output.plots.words import MONTHS, about, amount, number
from sim.results.results import BANDS, Result

ENOUGH = 8
"""Plausible worlds from which an interval is told."""
BAND = "90 % interval"
TOLD = (
    "stock", "eligible", "mean_cut_months", "mean_cut_percent", "mean_term_before_months",
    "mean_term_after_months", "share_cut_over_60_months", "eligible_day_one", "eligible_following_year",
    "released_first_wave", "more_released_by_a_year_later", "bed_years_if_all_granted", "bed_years_saved",
    "motions", "motions_granted", "granted_of_all_motions", "granted_of_eligible_motions",
)  # fmt: skip
"""Quantities that pages tell everything about; headline.csv has all."""
LEAST_TOLD = 0.5
"""Fewer people than this are nobody."""


AS_COUNTED = ", as counted"
"""End of the names of what is worked out as the Commission's analyses did."""


def spelled_out(label: str) -> str:
    """The name of a quantity where no heading says who counted."""
    return label.replace(AS_COUNTED, ", as the Commission counted")


def tellable(result: Result) -> Result:
    """The result as it may be told: without intervals where too few plausible worlds are behind them."""
    if not too_few(result):
        return result
    names = ("headline", "releases_by_month", "eligibility_waterfall", "by_group", "outcomes")
    tables = {name: getattr(result, name) for name in names}
    blank = {
        name: table.assign(**{band: np.nan for band in BANDS if band in table})
        for name, table in tables.items()
    }
    return replace(result, **blank)


def too_few(result: Result) -> bool:
    """Whether there are plausible worlds, but not enough for an interval."""
    return 0 < len(result.worlds) < ENOUGH


def day(value: date) -> str:
    """1 November 2015."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def band(row: Mapping[Any, Any]) -> str:
    """The 90 percent interval of a row of the headline; empty where it has no width."""
    low, high = (number(row[end], row["unit"]) for end in ("low_90", "high_90"))
    return "" if low == high or "none" in (low, high) else f"{low} to {high}"


def with_band(row: Mapping[Any, Any], unit: bool = False, named: bool = False) -> str:
    """A value and its interval: 6,976 (5,416 to 8,537)."""
    text = amount(row["value"], row["unit"]) if unit else number(row["value"], row["unit"])
    width = band(row)
    return f"{text} ({BAND + ' ' if named else ''}{width})" if width else text


def headline(result: Result) -> str:
    """The forecast in one sentence, rounded, with its interval."""
    rows = tellable(result).headline.to_dict("index")
    released, eligible = rows["released_first_wave"], rows["eligible"]
    first = day(result.scenario.dates.earliest_release)
    if not (result.scenario.without_motion or result.scenario.amendment.retroactive):
        commuted = commutations(result)
        nobody = "Nobody in prison may ask for a shorter term"
        return f"{commuted + ' ' if commuted else ''}{nobody}; {new_sentences(result)}."
    if released["value"] < LEAST_TOLD:
        return f"{rounded(eligible)} people would be eligible for a shorter term{told_interval(eligible)}."
    return (
        f"{rounded(released)} people would leave prison on the first day, {first}{told_interval(released)}."
    )


def further(result: Result) -> str:
    """Who may ask, and what it comes to: the sentence after the headline; empty where that says all."""
    rows = tellable(result).headline.to_dict("index")
    eligible, saved = rows["eligible"], rows["bed_years_saved"]
    if not (result.scenario.without_motion or result.scenario.amendment.retroactive):
        return ""
    may = "would leave earlier without asking a court" if result.scenario.without_motion else (
        "would be eligible for a shorter term"
    )  # fmt: skip
    return (
        f"{rounded(eligible)} of {about(rows['stock']['value'])} drug prisoners "
        f"{may}{told_interval(eligible)}; "
        f"{rounded(saved).lower()} prison years would be saved in all{told_interval(saved)}."
        + (f" {commuted}" if (commuted := commutations(result)) else "")
    )


def rounded(row: Mapping[Any, Any]) -> str:
    """About 6,100."""
    return f"About {about(row['value'])}"


def told_interval(row: Mapping[Any, Any]) -> str:
    """The interval of a row in brackets, rounded like the value; empty where it has none."""
    if not band(row):
        return ""
    return f" ({BAND} {about(row['low_90'])} to {about(row['high_90'])})"


def commutations(result: Result) -> str:
    """How many leave by commutation, and of how many; empty where the scenario has none."""
    if not (result.scenario.clemency.commutations and len(result.outcomes)):
        return ""
    rows = result.outcomes.set_index("quantity")["value"]
    return (
        f"{number(rows['commutations'])} leave by commutation, of {number(rows['meets_clemency_criteria'])} "
        f"who meet the criteria, on average {number(rows['commutations_months_earlier'])} months early."
    )


def new_sentences(result: Result) -> str:
    """How many fewer people are in prison through new sentences, at the last month that is told."""
    table = result.outcomes
    rows = table[table["quantity"] == "fewer_in_prison_by_new_sentences"] if len(table) else table
    if rows.empty:
        return "what it does to new sentences is not told, for want of data"
    published = rows[rows["published"].notna()]
    row = (published if len(published) else rows).iloc[-1].to_dict()
    year, month = (int(part) for part in row["group"].split("-"))
    return (
        f"new sentences alone leave {with_band(row, named=True)} fewer in prison by the end of "
        f"{MONTHS[month - 1]} {year}"
    )
