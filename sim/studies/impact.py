"""What an impact memorandum counts, person by person and month by month."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from guidelines import LIFE
from sim.base.errors import SimulationError
from sim.eligibility.analysis import Analysis, with_limits_of
from sim.people.attributes import left_out_by
from sim.results.people_table import people_table
from sim.results.results import Result

AGES = (0, 24, 29, 34, 39, 49, 59, 200)  # synthetic ages are the first of a band of five: 20 to 24
TERMS = (0, 24, 60, 120, 180, 240, 360, LIFE - 1, LIFE)
"""Upper ends of the groups of age and of term in months."""
UNKNOWN = "not recorded"


def people_of(analysis: Analysis) -> pd.DataFrame:
    """One row a person: groups by what memoranda are counted by, terms, and years of release.

    Columns drug, district, category, citizenship, race, sex, age, sentenced, term_group (text; `UNKNOWN`
    where it is not recorded), eligible, term, new_term, cut (months; `LIFE` for life), released and
    released_if_granted (years; NaN for never).
    """
    stock = analysis.stock.people
    found = people_table(analysis)
    people = pd.DataFrame(
        {
            "drug": found["drug"],
            "district": found["district"],
            "category": found["criminal_history_category"],
            "eligible": found["eligible"].eq("yes") & found["counted_as"].eq("eligible"),
            "sentenced": found["sentenced_on"].dt.year.astype(str),
            "term": found["imposed_term_months"].astype(float),
            "new_term": found["reduced_term_months"].astype(float),
            "cut": found["cut_months"].astype(float),
            "released": found["release_if_denied"].dt.year,
            "released_if_granted": found["release_if_granted"].dt.year,
        }
    )
    citizen = (
        stock["us_citizen"].map({True: "US citizen", False: "not a US citizen"})
        if "us_citizen" in stock
        else None
    )
    people["citizenship"] = UNKNOWN if citizen is None else citizen.fillna(UNKNOWN).to_numpy()
    for column in ("race", "sex"):
        people[column] = (
            stock[column].astype(object).fillna(UNKNOWN).astype(str).to_numpy()
            if column in stock
            else UNKNOWN
        )
    if "age_at_sentence" in stock:
        age = pd.to_numeric(stock["age_at_sentence"], errors="coerce").to_numpy(float)
        people["age"] = pd.cut(age, AGES, labels=_labels(AGES, "years")).astype(object)
        people["age"] = people["age"].fillna(UNKNOWN)
    people["term_group"] = pd.cut(
        people["term"], TERMS, labels=[*_labels(TERMS[:-1], "months"), "life"]
    ).astype(str)
    return people


def _labels(ends: tuple[int, ...], unit: str) -> list[str]:
    """Groups by their upper ends: up to 24 years, 25 to 29 years, more than 59 years."""
    inner = [f"{low + 1} to {high} {unit}" for low, high in pairwise(ends[1:-1])]
    return [f"up to {ends[1]} {unit}", *inner, f"more than {ends[-2]} {unit}"]


def released_at_once(result: Result) -> pd.Series | None:
    """Years in which the eligible would leave if orders took effect at once and every motion were granted.

    Index the eligible people; NaN for never. None where orders may take effect at once as it is.
    """
    scenario, dates = result.scenario, result.scenario.dates
    if scenario.without_motion or dates.earliest_release <= dates.effective or result.analysis is None:
        return None
    soon = scenario.but({"dates.earliest_release": dates.effective})
    people = people_table(with_limits_of(result.analysis, soon))
    eligible = people["eligible"].eq("yes") & people["counted_as"].eq("eligible")
    years: pd.Series = people.loc[eligible, "release_if_granted"].dt.year
    return years


def decisions_by_month(result: Result) -> pd.Series:
    """Decisions on all motions by month, ineligible ones among them; the last entry is "later"."""
    work = result.motions.groupby("month", sort=False)["decided"].sum()
    asked = float(result["motions"]["value"])
    never = float(result["motions_lapsed"]["value"])
    later = pd.Series({"later": max(asked - never - float(work.sum()), 0.0)})
    found: pd.Series = pd.concat([work, later])
    return found


def left_out_by_limits(result: Result) -> pd.DataFrame:
    """Of the people the law makes eligible, those whom each limit of the scenario leaves out.

    Index the limits; columns all, and alone for those no other limit leaves out.
    """
    if result.analysis is None:
        raise SimulationError("limits are told of a fresh run, not of a stored result")
    people = people_table(result.analysis)
    lawful = people["counted_as"].isin(("eligible", "outside_the_policy")).to_numpy()
    masks = left_out_by(result.analysis.stock.sentenced.attributes, result.scenario.limits)
    times = np.sum([*masks.values()], axis=0)
    rows = {
        name: {"all": int((mask & lawful).sum()), "alone": int((mask & lawful & (times == 1)).sum())}
        for name, mask in masks.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=["all", "alone"])
