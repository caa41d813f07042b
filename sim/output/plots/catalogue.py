"""Which pictures there are, with their titles and units."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from guidelines.errors import nearest
from sim.base.errors import SimulationError
from sim.output import picture_tables as tables
from sim.output.plots import before_after, custody, districts, grid, ladder, releases, scorecard, waterfall
from sim.output.plots.picture import Picture
from sim.results.results import Result

BANDS = "shaded: 50 and 90 percent bands"
LADDER = "base offense level by quantity (logarithmic scale), without the cap for mitigating roles"
FLAT = 2.6


def _flat(table: pd.DataFrame) -> float:
    return FLAT


def _by_drug(table: pd.DataFrame) -> float:
    return 1.75 * -(-table["drug"].nunique() // 3) + 0.2


STANDARD = (
    Picture(
        "releases_by_month",
        "Releases of drug prisoners, with and without the amendment",
        f"people of the stock released in each month; {BANDS}",
        tables.releases_by_month,
        releases.draw_releases,
        releases.tell_releases,
        _flat,
    ),
    Picture(
        "in_custody",
        "Drug prisoners in custody, with and without the amendment",
        f"people of the stock inside at the end of each month, nobody new counted; {BANDS}",
        tables.in_custody,
        custody.draw_custody,
        custody.tell_custody,
        _flat,
    ),
    Picture(
        "time_served",
        "Time served by the eligible, before and after the amendment",
        "people by years in custody at release, jail credit included, if every motion is granted",
        tables.time_served,
        before_after.draw_before_after,
        before_after.tell_before_after,
        _flat,
    ),
    Picture(
        "terms",
        "Prison terms of the eligible, before and after the amendment",
        "people by years of the term, good conduct credit not taken off, if every motion is granted",
        tables.terms,
        before_after.draw_before_after,
        before_after.tell_before_after,
        _flat,
    ),
    Picture(
        "eligibility_waterfall",
        "Who is eligible, and who is not",
        "people; everyone is counted once, at the first reason that applies",
        tables.eligibility_waterfall,
        waterfall.draw_waterfall,
        waterfall.tell_waterfall,
        waterfall.height_of_waterfall,
    ),
    Picture(
        "releases_by_drug",
        "Releases by primary drug, with and without the amendment",
        f"people released in each month; in numbers the month with most releases; {BANDS}",
        tables.releases_by_drug,
        releases.draw_by_drug,
        releases.tell_by_drug,
        _by_drug,
    ),
    Picture(
        "approval_by_district",
        "What share of the eligible motions a district may be seen to grant",
        "percent of the eligible people of a district (their number beside its name); dot: expected, the "
        "same for all, as no rates by district are published; lines: 50 and 90 percent intervals from the "
        "assumed spread between districts (J01) and luck",
        tables.approval_by_district,
        districts.draw_districts,
        districts.tell_districts,
        districts.height_of_districts,
    ),
    Picture(
        "level_grid",
        "People in the Sentencing Table, before and after the amendment",
        "people of the stock by total offense level and criminal history category; outlined: cells that "
        "more than half of the people leave (before) or have newly come to (after)",
        tables.level_grid,
        grid.draw_grid,
        grid.tell_grid,
        grid.height_of_grid,
    ),
    Picture(
        "drug_ladder",
        "The Drug Quantity Table, before and after the amendment",
        LADDER,
        tables.drug_ladder,
        ladder.draw_ladders,
        ladder.tell_ladders,
        ladder.height_of_ladders,
    ),
    Picture(
        "scorecard",
        "The forecast against the published figures",
        "in percent of the published figure; grey: published band; line: 90 percent interval of the "
        "forecast; dot: inside the band, cross: outside",
        tables.scorecard,
        scorecard.draw_scorecard,
        scorecard.tell_scorecard,
        scorecard.height_of_scorecard,
    ),
)


def pictures(result: Result, drugs: Sequence[str] = ()) -> list[Picture]:
    """The pictures a result gets; a scenario without published figures has no scorecard.

    Raises
    ------
    SimulationError
        A drug without rows in the Drug Quantity Table.
    """
    return [each for each in _known(result, drugs) if len(each.numbers(result))]


def names_of(result: Result, drugs: Sequence[str] = ()) -> list[str]:
    """Names of the pictures a result may get; errors as for `pictures`."""
    return [each.name for each in _known(result, drugs)]


def files_of(result: Result, drugs: Sequence[str], name: str) -> dict[str, bytes]:
    """Names and contents of one picture's files; none if there is nothing to show."""
    return next(each for each in _known(result, drugs) if each.name == name).files(result)


def _known(result: Result, drugs: Sequence[str]) -> list[Picture]:
    return [_worded(each, result) for each in STANDARD] + [_one_ladder(result, drug) for drug in drugs]


def _worded(picture: Picture, result: Result) -> Picture:
    """The picture in the words of a change that needs no motion, where the scenario is one."""
    if not result.scenario.without_motion:
        return picture
    title, subtitle = (
        text.replace(", if every motion is granted", "").replace("the amendment", "the change")
        for text in (picture.title, picture.subtitle)
    )
    return replace(picture, title=title, subtitle=subtitle)


def _one_ladder(result: Result, drug: str) -> Picture:
    known = list(dict.fromkeys(result.drug_ladder["drug"]))
    found = {name.lower(): name for name in known}.get(drug.strip().lower())
    if found is None:
        hint = nearest(drug, known, listed=30)
        raise SimulationError(f"no drug {drug!r} in the Drug Quantity Table; {hint}")
    name = re.sub(r"[^a-z0-9]+", "_", found.lower()).strip("_")
    return Picture(
        f"drug_ladder_{name}",
        f"{found} in the Drug Quantity Table, before and after the amendment",
        LADDER,
        lambda result: tables.one_drug_ladder(result, found),
        ladder.draw_ladders,
        ladder.tell_ladders,
        ladder.height_of_ladders,
    )
