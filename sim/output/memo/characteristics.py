"""The tables by characteristic that commissioners know: who is eligible, and how far terms would fall."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from guidelines import LIFE
from sim.base.published import figure
from sim.output.memo.content import Table
from sim.output.plots.releases import SHORT
from sim.results.results import Result
from sim.studies.impact import UNKNOWN, released_at_once

OLDEST = "1999"
"""Sentences up to this year are counted together."""
YEARS = 15
"""Years of release that get a row of their own."""
COUNTS = ("drug prisoners", "eligible")
UNITS = {
    "drug prisoners": "persons", "eligible": "persons", "share of the eligible": "share",
    "mean term now, months": "months", "mean new term, months": "months", "mean cut, months": "months",
    "mean cut, percent": "percent",
}  # fmt: skip
NO_LIFE = "Means leave out terms of life."
YOUNG = (
    "Ages are those of people who later violated supervision, who are younger: the mean age at sentence "
    "of drug traffickers was {:.0f} in fiscal year 2013."
)


BY: tuple[tuple[str, str, str], ...] = (
    ("drug", "primary drug", "size"),
    ("category", "criminal history category", "name"),
    ("citizenship", "citizenship", "size"),
    ("race", "race or ethnicity", "size"),
    ("sex", "sex", "size"),
    ("age", "age at sentence", "group"),
    ("sentenced", "year of sentence", "group"),
    ("term_group", "current term", "group"),
)
"""Column, name of the characteristic, and the order of its groups."""


def tables_by_characteristic(people: pd.DataFrame, own: bool) -> list[Table]:
    """One table a characteristic that is known of anybody; `own` people have ages of their own."""
    found = []
    for column, name, order in BY:
        if column not in people or (people[column] == UNKNOWN).all():
            continue
        named = people.assign(
            drug=people["drug"].map(lambda drug: SHORT.get(drug, drug)),
            sentenced=people["sentenced"].where(people["sentenced"] > OLDEST, f"up to {OLDEST}"),
        )
        frame = _by(named, column, name, ORDERS[order])
        note = "" if own or column != "age" else YOUNG.format(figure("ussc_marginals", "M012"))
        found.append(Table(f"by_{column}", f"Eligible people by {name}", frame, UNITS, note))
    return found


def by_district(people: pd.DataFrame) -> Table | None:
    """The same by district of sentencing, where it is known."""
    if (people["district"] == UNKNOWN).all():
        return None
    frame = _by(people, "district", "district", ORDERS["size"])
    shown = ("district", "eligible", "share of the eligible", "mean cut, months")
    note = f"{NO_LIFE} The file of the table has the terms, too."
    caption = "Eligible people by district of sentencing"
    return Table("by_district", caption, frame, UNITS, note, shown, halves=True)


def _as_grouped(table: pd.DataFrame) -> pd.DataFrame:
    return table.loc[sorted(table.index, key=_first_number)]


def _first_number(name: str) -> tuple[int, int]:
    """Groups by size: "up to" first, then by their lower end, life and what is unknown last."""
    digits = "".join(letter if letter.isdigit() else " " for letter in name).split()
    if not digits:
        return (9, 0)
    return (0 if name.startswith("up to") else 1, int(digits[0]))


ORDERS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "size": lambda table: table.sort_values("eligible", ascending=False, kind="stable"),
    "name": lambda table: table.sort_index(),
    "group": _as_grouped,
}


def _by(
    people: pd.DataFrame, column: str, name: str, ordered: Callable[[pd.DataFrame], pd.DataFrame]
) -> pd.DataFrame:
    eligible = people[people["eligible"]]
    finite = eligible[eligible["term"] < LIFE]
    sides = finite.groupby(column)[["term", "new_term", "cut"]].mean()
    table = pd.DataFrame(
        {
            "drug prisoners": people.groupby(column).size(),
            "eligible": eligible.groupby(column).size(),
        }
    )
    table["eligible"] = table["eligible"].fillna(0).astype(int)
    table["share of the eligible"] = table["eligible"] / max(1, len(eligible))
    table["mean term now, months"] = sides["term"]
    table["mean new term, months"] = sides["new_term"]
    table["mean cut, months"] = sides["cut"]
    table["mean cut, percent"] = 100 * sides["cut"] / sides["term"]
    table = ordered(table)
    everybody = {
        "drug prisoners": len(people), "eligible": len(eligible), "share of the eligible": 1.0,
        "mean term now, months": finite["term"].mean(), "mean new term, months": finite["new_term"].mean(),
        "mean cut, months": finite["cut"].mean(),
        "mean cut, percent": 100 * finite["cut"].mean() / finite["term"].mean() if len(finite) else np.nan,
    }  # fmt: skip
    table.loc["all"] = pd.Series(everybody)
    return table.rename_axis(name).reset_index()


def cut_quartiles(people: pd.DataFrame) -> Table:
    """Mean, median and quartiles of the cut of the eligible."""
    finite = people[people["eligible"] & (people["term"] < LIFE)]
    measures = {
        "term now, months": finite["term"],
        "new term, months": finite["new_term"],
        "cut, months": finite["cut"],
        "cut, percent of the term": 100 * finite["cut"] / finite["term"],
    }
    rows = [[name, values.mean(), *values.quantile([0.25, 0.5, 0.75])] for name, values in measures.items()]
    heads = ["of the eligible", "mean", "lower quartile", "median", "upper quartile"]
    frame = pd.DataFrame(rows, columns=heads)
    return Table("cut", "How far terms fall", frame, dict.fromkeys(heads[1:], "months"), NO_LIFE)


def years_of_release(result: Result, people: pd.DataFrame) -> Table:
    """Projected year of release of the eligible, as things are and if every motion is granted.

    Where orders may not take effect at once, a column says what would be if they did.
    """
    eligible = people[people["eligible"]]
    columns = {"as things are": eligible["released"], "every motion granted": eligible["released_if_granted"]}
    dates = result.scenario.dates
    if (soon := released_at_once(result)) is not None:
        columns["every motion granted, no delay"] = soon
    counted = pd.DataFrame({name: years.value_counts() for name, years in columns.items()})
    counted = counted.fillna(0).astype(int).sort_index()
    last = int(counted.index.min()) + YEARS if len(counted) else 0
    later = counted.loc[counted.index > last].sum()
    counted = counted.loc[counted.index <= last]
    counted.index = [str(int(year)) for year in counted.index]
    if later.any():
        counted.loc[f"after {last}"] = later
    never = [int(years.isna().sum()) for years in columns.values()]
    if any(never):
        counted.loc["life"] = never
    frame = counted.rename_axis("year of release").reset_index()
    note = (
        f"Orders may take effect from {dates.earliest_release:%-d %B %Y}; without delay, from "
        f"{dates.effective:%-d %B %Y}, "
        "more people are eligible, as fewer are out by then."
        if len(columns) > 2
        else ""
    )
    return Table(
        "by_year_of_release", "Projected year of release of the eligible", frame,
        dict.fromkeys(columns, "persons"), note,
    )  # fmt: skip
