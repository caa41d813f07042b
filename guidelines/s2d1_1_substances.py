"""Drugs of an edition with their conversion rates, groups, caps and least levels, as arrays."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from guidelines import tables
from guidelines.arrays import FloatArray, IntArray
from guidelines.manual import Manual, drug_names

SHORT = re.compile(r".+ \(([A-Za-z]+)\)")
"""A name with a short or a trade name behind it, such as PCE; forms are none."""
FORMS = ("actual", "dry", "wet")
NONE = -1
"""Index that stands for no drug."""


@dataclass(frozen=True, eq=False)
class Substances:
    """What §2D1.1 comment n.8 says of every drug; arrays have shape (drugs,).

    Attributes
    ----------
    names, by_name
        Names in an order that is the same in every edition; lower-case names and common names to indices.
    unit
        What the drug is counted in: g, ml, unit or plant.
    grams_per_unit
        Rate to grams of marihuana equivalent or converted weight; NaN where this edition has none.
    quantity_drug
        Index into ``Manual.drugs`` where the drug has rows of its own, else -1.
    line
        Index of the drug whose printed line in the quantity table counts this one too; mostly its own.
    group, least_level
        Index of the equivalency group; least base offense level of the group.
    caps
        Groups and the most their sum may weigh in grams, smallest set first.
    crack_rates, crack_levels, crack_exceptions
        Cocaine base with other drugs, 2007-2010: rates by its own level; levels off, and the least and
        most grams between which they come off.
    weight_row
        Name of the rows of the quantity table that converted weights are looked up in.
    """

    names: tuple[str, ...]
    by_name: Mapping[str, int]
    unit: tuple[str, ...]
    grams_per_unit: FloatArray
    quantity_drug: IntArray
    line: IntArray
    group: IntArray
    least_level: IntArray
    caps: tuple[tuple[tuple[int, ...], float], ...]
    crack_rates: Mapping[int, float]
    crack_levels: int
    crack_exceptions: tuple[float, float]
    weight_row: str


@lru_cache(maxsize=1)
def substance_names() -> tuple[str, ...]:
    """Every drug of any edition: those of the quantity table first, then those that are only converted."""
    seen = dict.fromkeys(drug_names())
    for begin in tables.editions("drug_equivalency"):
        for row in tables.edition("drug_equivalency", begin):
            seen.setdefault(row["quantity_drug"] or row["drug"])
    return tuple(seen)


@lru_cache(maxsize=64)
def substances_of(manual: Manual) -> Substances:
    """The drugs of an edition."""
    names = substance_names()
    index = {name: i for i, name in enumerate(names)}
    rows = manual.table("drug_equivalency").verified
    limits = manual.table("drug_equivalency_limits").verified
    groups = tuple(dict.fromkeys(row["group"] for row in rows))
    rate = np.full(len(names), np.nan)
    group = np.full(len(names), -1, dtype=np.int32)
    own_units = {name: unit.rstrip("s") for name, unit in zip(manual.drugs, manual.drug_units, strict=True)}
    unit = {**dict.fromkeys(names, "g"), **{name: u for name, u in own_units.items() if u}}
    by_name = {name.lower(): i for i, name in enumerate(names)}
    crack_rates = {}
    for row in rows:
        here = index[row["quantity_drug"] or row["drug"]]
        by_name.setdefault(row["drug"].lower(), here)
        if (short := SHORT.fullmatch(row["drug"])) and short[1].lower() not in FORMS:
            by_name.setdefault(short[1].lower(), here)
        unit[names[here]] = row["unit"]
        group[here] = groups.index(row["group"])
        if row["only_at_base_level"]:
            crack_rates[int(row["only_at_base_level"])] = float(row["grams_per_unit"])
            rate[here] = 0.0  # replaced by the rate of the level it has alone
        else:
            rate[here] = float(row["grams_per_unit"])
    weight_row = "Converted Drug Weight" if "Converted Drug Weight" in manual.listed_drugs else "Marihuana"
    rate[index["Converted Drug Weight"]] = 1.0
    for row in tables.law("drug_names", manual.date):
        common, meant = row["common_name"].lower(), by_name[row["drug"].lower()]
        elsewhere = common in by_name and np.isnan(rate[by_name[common]])  # a drug of other editions only
        if common not in by_name or elsewhere:
            by_name[common] = meant
    for common in ("marihuana equivalent", "converted drug weight"):
        by_name[common] = index[weight_row]
    least = np.zeros(len(names), dtype=np.int32)
    caps = []
    other = {}
    for row in limits:
        members = tuple(groups.index(name) for name in row["groups"].split("; ") if name in groups)
        if row["limit"] == "base_offense_level_at_least":
            least[np.isin(group, members)] = int(row["value"])
        elif row["limit"] == "combined_weight_grams_at_most":
            caps.append((members, float(row["value"])))
        else:
            other[row["limit"]] = float(row["value"])
    shared = {}
    if manual.has("combined_drug_lines"):
        shared = {row["drug"]: row["line"] for row in manual.table("combined_drug_lines").verified}
    own_rows = [manual.drugs.index(name) if name in manual.listed_drugs else NONE for name in names]
    return Substances(
        names=names,
        by_name=by_name,
        unit=tuple(unit[name] for name in names),
        grams_per_unit=rate,
        quantity_drug=np.array(own_rows, dtype=np.int32),
        line=np.array([index[shared.get(name, name)] for name in names], dtype=np.int32),
        group=group,
        least_level=least,
        caps=tuple(sorted(caps, key=lambda cap: len(cap[0]))),
        crack_rates=crack_rates,
        crack_levels=int(other.get("cocaine_base_combination_levels", 0)),
        crack_exceptions=(
            other.get("cocaine_base_exception_grams_less_than", 0.0),
            other.get("cocaine_base_exception_grams_at_least", np.inf),
        ),
        weight_row=weight_row,
    )
