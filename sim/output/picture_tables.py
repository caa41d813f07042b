"""The numbers of each picture, as a table of their own, taken from the tables of a result."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.base.published import figure
from sim.output.finding import spelled_out
from sim.results.granted_share import granted_share
from sim.results.results import BANDS, Result

EVERYBODY = "all"
PER_CENT = 100.0
REPORTED_GRANTS = {"2015-10": "O01", "2016-04": "O02"}
"""Month up to whose end grants were reported, and the row of outcome_motions."""


def releases_by_month(result: Result) -> pd.DataFrame:
    """Releases by month with and without the amendment; in the first, those of the first day too."""
    table = _with_and_without(result, "releases").drop(columns="drug")
    first, row = f"{result.scenario.dates.earliest_release:%Y-%m}", result.headline.loc["released_first_wave"]
    for name, value in (("first_day", row["value"]), ("first_day_reported", row["published"])):
        table[name] = np.where(table["month"] == first, value, np.nan)
    return table


def releases_by_drug(result: Result) -> pd.DataFrame:
    """The same by drug."""
    table = result.releases_by_month
    drugs = [name for name in table["drug"].unique() if name != EVERYBODY]
    return _with_and_without(result, "releases", drugs)


def in_custody(result: Result) -> pd.DataFrame:
    """Drug prisoners already sentenced in custody at the end of each month, with and without it."""
    return _with_and_without(result, "in_custody").drop(columns="drug")


def time_served(result: Result) -> pd.DataFrame:
    """The eligible by years in custody at release, the mean of each side in every row; none without them."""
    return _before_and_after(result, "served", "served_before_years", "served_after_years", 1.0)


def terms(result: Result) -> pd.DataFrame:
    """The eligible by years of their term."""
    months = 12.0
    return _before_and_after(result, "term", "mean_term_before_months", "mean_term_after_months", months)


def eligibility_waterfall(result: Result) -> pd.DataFrame:
    """The steps from everybody to the eligible, and how many were published to be."""
    table = result.eligibility_waterfall
    published = result.headline["published"].get(
        "counted_eligible", np.nan
    )  # a count as counts were made then
    return table.assign(published=np.where(table["code"] == "eligible", published, np.nan))


def scorecard(result: Result) -> pd.DataFrame:
    """What must follow, what was fitted and what was fed in, beside the published, also in percent of it."""
    table = result.headline[result.headline["role"].isin(["check", "calibrate", "input"])]
    table = table[["label", "unit", "role", "value", "low_90", "high_90", "published", "published_low",
                   "published_high", "in_published_band", "basis"]].copy()  # fmt: skip
    for column in ("value", "low_90", "high_90", "published_low", "published_high"):
        table[f"{column}_percent"] = PER_CENT * table[column] / table["published"]
    return table.assign(label=table["label"].map(spelled_out)).reset_index()


def approval_by_district(result: Result) -> pd.DataFrame:
    """Share of the eligible motions each district may be seen to grant, by the model's spread of rates."""
    table = result.by_group
    if table.empty or result.scenario.without_motion:
        return pd.DataFrame()
    chosen = (table["dimension"] == "district") & (table["quantity"] == "eligible")
    return granted_share(table[chosen].set_index("group")["value"], result.scenario.judges)


def level_grid(result: Result) -> pd.DataFrame:
    """People by level and category, before and after; none where the change leaves those in prison alone."""
    scenario = result.scenario
    affected = scenario.without_motion or scenario.amendment.retroactive
    return result.level_grid if affected else result.level_grid.iloc[:0]


def drug_ladder(result: Result) -> pd.DataFrame:
    """The bands of the drugs people in the stock were sentenced for."""
    table = result.drug_ladder
    return table[table["simulated"]].drop(columns="simulated").reset_index(drop=True)


def one_drug_ladder(result: Result, drug: str) -> pd.DataFrame:
    """The bands of one drug of the table."""
    table = result.drug_ladder
    return table[table["drug"] == drug].drop(columns="simulated").reset_index(drop=True)


def _with_and_without(result: Result, quantity: str, drugs: list[str] | None = None) -> pd.DataFrame:
    table = result.releases_by_month
    table = table[table["drug"].isin(drugs or [EVERYBODY])]
    sides = []
    for side in ("with", "without"):
        part = table[table["quantity"] == f"{quantity}_{side}"].set_index(["drug", "month"])
        part = part[["value", *BANDS]]
        part.columns = [side, *(f"{side}_{band}" for band in BANDS)]
        sides.append(part)
    return pd.concat(sides, axis=1).reset_index()


def _before_and_after(
    result: Result, measure: str, mean_before: str, mean_after: str, divisor: float
) -> pd.DataFrame:
    table = result.terms_before_after
    chosen = (table["group"] == "eligible") & (table["measure"] == measure)
    table = table.loc[chosen, ["from_years", "to_years", "before", "after"]].reset_index(drop=True)
    if not table[["before", "after"]].to_numpy().any():
        return table.iloc[:0]
    for column, quantity in (("mean_before_years", mean_before), ("mean_after_years", mean_after)):
        known = quantity in result.headline.index
        table[column] = result[quantity]["value"] / divisor if known else np.nan
    return table


def docket(result: Result) -> pd.DataFrame:
    """Columns month, decided (in it), granted (up to its end), reported (grants by then, NaN if none were).

    Reports are about the law as it was, and of months alone, so that only such a result has them.
    """
    if result.scenario.without_motion or result.motions.empty:
        return pd.DataFrame(columns=["month", "decided", "granted", "reported"])
    table = result.motions.groupby("month", sort=True)[["decided", "granted"]].sum().reset_index()
    table["reported"] = np.nan
    if result["released_first_wave"]["published"] == result["released_first_wave"]["published"]:
        for month, row in REPORTED_GRANTS.items():
            table.loc[table["month"] == month, "reported"] = figure("outcome_motions", row)
    return table
