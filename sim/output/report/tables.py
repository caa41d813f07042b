"""The tables of the page, from the tables of a result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.output.finding import AS_COUNTED, BAND, TOLD, band
from sim.output.html.markup import mark, table
from sim.output.plots.releases import SHORT
from sim.output.plots.words import ROLES, apart, dated, month_name, number, of_persons, signed
from sim.output.printed import GROUPS, ORDER, headings
from sim.results.results import Result
from sim.studies.comparison import Comparison

DIMENSIONS = {
    "drug": "primary drug",
    "race": "race or ethnicity",
    "citizenship": "citizenship",
    "category": "criminal history category",
}
SOURCES = {
    "draws": "single decisions",
    "districts": "differences between districts",
    "people": "who is inside",
    "worlds": "what is not known about prisoners and judges",
    "parameters": "what is not known about prisoners and judges",
}
"""Columns of the uncertainty table in words."""
ALL = "all"
FEW = 12
"""Rows of a quantity that do not get a table of their own."""
ALL_OF_IT = 0.9995
"""A share that is written as 100.0 percent."""


def headline(result: Result) -> str:
    """Every quantity that was published or is told, with its interval beside the published figure."""
    rows: list[list[object]] = []
    records = [
        {"name": name, **row}
        for name, row in result.headline.to_dict("index").items()
        if name in TOLD or row["published"] == row["published"]
    ]
    width = 7 if any(row["published"] == row["published"] for row in records) else 3
    for heading in ORDER:
        members = [row for row in records if _group(str(row["name"])) == heading]
        if members:
            rows += [[headings(result)[heading]], *(_beside(row)[:width] for row in members)]
    heads = ("Quantity", "Forecast", BAND, "Published", "Our tolerance", "Used as", "Forecast is")[:width]
    told = "The forecast beside the published figures" if width > 3 else "The forecast"
    return table(told, heads, rows, figures=range(1, min(width, 5)), groups=True)


def _group(name: str) -> str:
    return next(heading for heading, fits in GROUPS if fits(name))


def _beside(row: Mapping[Any, Any]) -> list[object]:
    known = row["published"] == row["published"]
    unit = row["unit"]
    shown = apart(row["value"], row["published_low"], row["published_high"], unit)
    ends = f"{number(row['published_low'], unit)} to {number(row['published_high'], unit)}" if known else ""
    return [
        row["label"].removesuffix(AS_COUNTED),
        of_persons(row["value"], unit, shown),
        band(row),
        number(row["published"], unit) if known else "",
        ends,
        ROLES.get(row["role"], ""),
        mark(row["in_published_band"]),
    ]


def first_day_rows(result: Result) -> list[list[str]]:
    """The numbers all called those of the first day: what each counts, its interval, what it means."""
    if result.scenario.without_motion or not result.scenario.amendment.retroactive:
        return []
    rows = result.headline.to_dict("index")
    begin = result.scenario.dates.earliest_release
    may, leave = rows["eligible_day_one"], rows["released_first_wave"]
    found = [
        [
            "eligible to leave on the first day",
            number(may["value"]),
            band(may),
            "if every motion were granted in time",
        ],
        [
            "leave on the first day",
            number(leave["value"]),
            band(leave),
            "motions granted and decided by then",
        ],
    ]
    months = result.releases_by_month
    month = months[
        (months["drug"] == ALL)
        & (months["quantity"] == "releases_with")
        & (months["month"] == f"{begin:%Y-%m}")
    ]
    if len(month):
        row = {**month.iloc[0].to_dict(), "unit": "persons"}
        meaning = "all who leave in the month, those whose term ends anyway among them"
        found.append([f"leave in {month_name(str(row['month']))}", number(row["value"]), band(row), meaning])
    if leave["published"] == leave["published"]:
        meaning = "reported afterwards, beside those who leave on the first day"
        meaning += "; the courts were fitted to it, so it is no test" if leave["role"] == "input" else ""
        found.append(["reported", number(leave["published"]), "", meaning])
    return found


def first_day(result: Result) -> str:
    """The same as a table; nothing where no court decides."""
    rows = first_day_rows(result)
    heads = ("What is counted", "People", BAND, "What it means")
    return (
        table("Numbers of the first day, and how they differ", heads, rows, figures=(1, 2), prose=(3,))
        if rows
        else ""
    )


def waterfall(result: Result) -> str:
    """From everybody to the eligible."""
    steps = result.eligibility_waterfall
    last = len(steps) - 1
    rows = [
        (
            row["label"],
            "" if place in (0, last) else number(row["persons"]),
            number(row["remaining"]),
            "" if place == 0 else band({**row, "unit": "persons"}),
        )
        for place, row in enumerate(steps.to_dict("records"))
    ]
    heads = ("Step", "Leave", "Remain", f"{BAND} of those who leave; last row: of the eligible")
    return table("From all drug prisoners to the eligible", heads, rows, figures=(1, 2, 3))


def months(result: Result) -> str:
    """Releases and people in custody, month by month."""
    held = result.releases_by_month
    held = held[held["drug"] == ALL]
    sides = {str(name): part.set_index("month") for name, part in held.groupby("quantity", sort=False)}
    rows = []
    for month in dict.fromkeys(held["month"]):
        cells: list[object] = [month_name(month)]
        for quantity in ("releases", "in_custody"):
            with_ = {**sides[f"{quantity}_with"].loc[month].to_dict(), "unit": "persons"}
            without = float(sides[f"{quantity}_without"].loc[month, "value"])
            cells += [number(with_["value"]), band(with_), number(without)]
        rows.append(cells)
    what = "the change" if result.scenario.without_motion else "the amendment"
    heads = (
        "Month", f"Released with {what}", BAND, "without", f"In custody with {what}", BAND, "without",
    )  # fmt: skip
    return table(
        f"Drug prisoners already sentenced, with and without {what}", heads, rows, figures=range(1, 7)
    )


def groups(result: Result, dimensions: Mapping[str, str]) -> str:
    """Eligible, released on the first day and bed-years saved by group."""
    held = result.by_group
    rows: list[list[object]] = []
    for dimension, heading in dimensions.items():
        part = held[held["dimension"] == dimension]
        if len(dimensions) > 1:
            rows.append([f"By {heading}"])
        for group, each in part.groupby("group", sort=False):
            known = each.set_index("quantity").to_dict("index")
            cells: list[object] = [SHORT.get(str(group), group), number(known["persons"]["value"])]
            for name in ("eligible", "released_first_wave", "bed_years_saved"):
                cells += [number(known[name]["value"]), band({**known[name], "unit": "persons"})]
            cells.append(number(known["mean_cut_months"]["value"], "months"))
            rows.append(cells)
    heads = (
        "Group", "People", "Eligible", BAND, "Released on the first day", BAND, "Bed-years saved", BAND,
        "Mean cut, months",
    )  # fmt: skip
    caption = "By group" if len(dimensions) > 1 else f"By {next(iter(dimensions.values()))}"
    return table(caption, heads, rows, figures=range(1, 9), groups=True)


def outcomes(caption: str, held: pd.DataFrame) -> str:
    """Beds, money, crowding, routes, destinations and whatever else follows from the releases.

    What all rows of a quantity have in common, its source, stands once beside its name.
    """
    rows: list[list[object]] = []
    for _, part in held.groupby("quantity", sort=False):
        records = part.to_dict("records")
        sources = {row["source"] for row in records}
        shared = records[0]["source"] if len(sources) == 1 else ""
        rows.append([f"{records[0]['label']} ({dated(shared)})" if shared else records[0]["label"]])
        for row in records:
            known = row["published"]
            rows.append(
                [
                    dated(row["group"]) or "in all",
                    of_persons(row["value"], row["unit"]),
                    band(row),
                    number(known, row["unit"]) if known == known else "",
                    _basis("" if shared else row["source"], row["published_source"]),
                ]
            )
    heads = ("Quantity", "Forecast", BAND, "Published", "Source")
    return table(caption, heads, rows, figures=(1, 2, 3), prose=(4,), groups=True)


def _basis(source: str, published: str) -> str:
    """Where a number comes from, and the published one beside it."""
    told = [source, f"published: {published}" if published else ""]
    return "; ".join(part for part in told if part)


def uncertainty(result: Result) -> str:
    """Share of each quantity's variance by where it comes from, where it comes from more than one."""
    held = _spread(result)
    several = held[held.max(axis=1) < ALL_OF_IT]
    if several.empty:
        return ""
    labels = result.headline["label"].to_dict()
    rows = [
        [labels[name], *(number(float(row[column]), "share") for column in held.columns)]
        for name, row in several.iterrows()
    ]
    heads = ["Quantity", *(_source(str(column), result) for column in held.columns)]
    return table("Share of the variance by source", heads, rows, figures=range(1, len(heads)))


def of_one_source(result: Result) -> dict[str, list[str]]:
    """Labels of the other quantities, by their only source in words."""
    held, labels = _spread(result), result.headline["label"].to_dict()
    found: dict[str, list[str]] = {}
    for name, row in held[held.max(axis=1) >= ALL_OF_IT].iterrows():
        source = str(row.idxmax())
        alike = found.setdefault(_source(source, result), [])
        if labels[name] not in alike:
            alike.append(labels[name])
    return found


def _source(name: str, result: Result) -> str:
    """A source of variance in words; no judge is one where none decides."""
    told = SOURCES.get(name, name)
    return told.replace(" and judges", "") if result.scenario.without_motion else told


def _spread(result: Result) -> pd.DataFrame:
    held = result.uncertainty.dropna(how="all")
    held = held[held.index.isin(TOLD)]
    return held[held.sum(axis=1) > 0]


def editions(result: Result) -> str:
    """The edition of each table of law."""
    known = result.provenance.get("editions")
    held = known.items() if isinstance(known, Mapping) else ()
    rows = [(str(name).replace("_", " "), begin) for name, begin in held]
    return table("Tables of law, by the day their edition begins", ("Table", "In force from"), rows)


def totals(comparison: Comparison, name: str) -> str:
    """Differences of one scenario from the first, quantity by quantity."""
    held = comparison.totals[comparison.totals["scenario"] == name]
    held = held[held["quantity"].isin(TOLD)]
    rows = [
        [row["label"], *_differences(row, row["unit"])]
        for row in held.to_dict("records")
        if not pd.isna(row["difference"])
    ]
    heads = ("Quantity", comparison.results[0].scenario.name, name, "Difference", BAND)
    return table(f"{name} less {comparison.results[0].scenario.name}", heads, rows, figures=range(1, 5))


def group_differences(comparison: Comparison, name: str) -> str:
    """Differences of bed-years saved and people eligible by group, districts left out."""
    held = comparison.by_group[comparison.by_group["scenario"] == name]
    rows: list[list[object]] = []
    for dimension, heading in DIMENSIONS.items():
        part = held[held["dimension"] == dimension]
        rows.append([f"By {heading}"])
        for group, each in part.groupby("group", sort=False):
            known = each.set_index("quantity").to_dict("index")
            cells: list[object] = [SHORT.get(str(group), group)]
            for quantity, unit in (("eligible", "persons"), ("bed_years_saved", "bed-years")):
                cells += [signed(known[quantity]["difference"], unit), _signed_band(known[quantity], unit)]
            rows.append(cells)
    heads = ("Group", "Eligible", BAND, "Bed-years saved", BAND)
    return table(f"{name}: differences by group", heads, rows, figures=range(1, 5), groups=True)


def _differences(row: Mapping[Any, Any], unit: str) -> list[object]:
    sides = [of_persons(row[side], unit) for side in ("first", "other")]
    return [*sides, signed(row["difference"], unit), _signed_band(row, unit)]


def _signed_band(row: Mapping[Any, Any], unit: str) -> str:
    low, high = (signed(row[end], unit) for end in ("low_90", "high_90"))
    return "" if low == high or "none" in (low, high) else f"{low} to {high}"
