"""How many people were sentenced for drug trafficking in each fiscal year, by primary drug."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from guidelines import tables
from sim.base.published import named

DRUGS = ("Cocaine", "Cocaine Base", "Heroin", "Marihuana", "Methamphetamine", "Other")
"""Primary drugs of the simulation, by their names in the Manual; the rest is Other."""
FIRST_YEAR = 1990
"""Flows start here: the Commission's own analysis found eligible people sentenced from 1992-93 on."""
LAST_DATA_YEAR = 2014
"""Fiscal year of the datafile of terms and ranges."""


@lru_cache(maxsize=1)
def published_totals() -> dict[int, float]:
    """Drug-trafficking offenders sentenced in the fiscal years for which a total could be read.

    Of FY2001 that of all drug offenses could be read; traffickers are as large a part of it as in FY2012.
    """
    trafficking = named("sentenced_fy2012") / named("sentenced_fy2012_all_drug_offenses")
    return {
        1992: named("sentenced_fy1992"),
        2001: trafficking * named("sentenced_fy2001_all_drug_offenses"),
        2010: named("sentenced_fy2010"),
        2012: named("sentenced_fy2012"),
        2013: named("sentenced_fy2013"),
        2014: named("sentenced_fy2014"),
    }


@lru_cache(maxsize=1)
def _cocaine() -> dict[tuple[int, str], float]:
    """Crack and powder cases by fiscal year."""
    rows = tables.reference("ussc_marginals").select(metric="offenders sentenced by drug and race")
    found = {}
    for row in rows:
        words = row["subgroup"].split()
        if words[-1] == "all":
            name = "Cocaine Base" if words[1] == "crack" else "Cocaine"
            found[int(words[0][2:]), name] = float(row["value"])
    return found


def persons_sentenced(last_year: int) -> pd.DataFrame:
    """Expected people sentenced per fiscal year and drug.

    Totals between the published years lie on a straight line; before the first and after the last published
    year they stay level. Crack and powder are the published counts of FY1996-FY2014, and before that the
    FY1996 counts scaled with the total. The rest is split as in FY2012.

    Columns fiscal_year, drug (index into `DRUGS`) and persons.
    """
    totals = published_totals()
    years = np.arange(FIRST_YEAR, last_year + 1)
    total = np.interp(years, list(totals), list(totals.values()))
    cocaine = _cocaine()
    first, last = min(year for year, _ in cocaine), max(year for year, _ in cocaine)
    rest_share = _rest_shares()
    parts = []
    for year, persons in zip(years, total, strict=True):
        known = min(max(int(year), first), last)
        scale = min(1.0, persons / np.interp(first, list(totals), list(totals.values())))
        scale = scale if year < first else 1.0
        two = [scale * cocaine[known, name] for name in DRUGS[:2]]
        parts.append([*two, *(max(persons - sum(two), 0.0) * rest_share)])
    table = np.array(parts)
    return pd.DataFrame(
        {
            "fiscal_year": np.repeat(years, len(DRUGS)),
            "drug": np.tile(np.arange(len(DRUGS)), len(years)),
            "persons": table.ravel(),
        }
    )


def _rest_shares() -> np.ndarray:
    """Heroin, marijuana, methamphetamine and other among the cases that are not cocaine, FY2012."""
    shares = "primary drug, share of all drug offenders"
    table = tables.reference("ussc_marginals")
    value = {
        name: float(table.row(metric=shares, subgroup=f"FY2012 {name}")["value"])
        for name in ("cocaine, both forms", "heroin", "marijuana", "methamphetamine")
    }
    known = np.array([value["heroin"], value["marijuana"], value["methamphetamine"]])
    rest = np.append(known, 1 - known.sum() - value["cocaine, both forms"])
    return rest / rest.sum()  # type: ignore[no-any-return]
