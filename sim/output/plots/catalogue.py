"""Which pictures there are, with their titles and units."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from guidelines.errors import nearest
from sim.base.errors import SimulationError
from sim.output import picture_tables as tables
from sim.output.plots import (
    before_after,
    custody,
    districts,
    docket,
    grid,
    ladder,
    releases,
    scorecard,
    waterfall,
)
from sim.output.plots.picture import Look, Picture, law_line
from sim.results.results import Result

BANDS = "shaded: 50 and 90 percent intervals"
LADDER = "base offense level by quantity (logarithmic scale), before and after; no cap for mitigating roles"


def _flat(table: pd.DataFrame, width: float) -> float:
    return 2.8


STANDARD = (
    Picture(
        "releases_by_month",
        releases.find_releases,
        f"drug prisoners released in each month, of those already sentenced; {BANDS}",
        tables.releases_by_month,
        releases.draw_releases,
        releases.tell_releases,
        _flat,
    ),
    Picture(
        "in_custody",
        custody.find_custody,
        "drug prisoners already sentenced, in custody at the end of each month; nobody sentenced "
        f"later is counted; {BANDS}",
        tables.in_custody,
        custody.draw_custody,
        custody.tell_custody,
        _flat,
    ),
    Picture(
        "time_served",
        before_after.find_served,
        "eligible people by years in custody at release, jail credit included, if every motion is granted",
        tables.time_served,
        before_after.draw_before_after,
        before_after.tell_before_after,
        _flat,
    ),
    Picture(
        "terms",
        before_after.find_terms,
        "eligible people by years of the term, good conduct credit not taken off, if every motion is granted",
        tables.terms,
        before_after.draw_before_after,
        before_after.tell_before_after,
        _flat,
    ),
    Picture(
        "eligibility_waterfall",
        waterfall.find_waterfall,
        "drug prisoners; everyone is counted once, at the first reason that applies; brackets and line: "
        "90 percent intervals; diamond: published, as the Commission counted",
        tables.eligibility_waterfall,
        waterfall.draw_waterfall,
        waterfall.tell_waterfall,
        waterfall.height_of_waterfall,
    ),
    Picture(
        "releases_by_drug",
        releases.find_by_drug,
        "drug prisoners released in each month by primary drug; numbers: with and without, in the month "
        f"with most releases; {BANDS}",
        tables.releases_by_drug,
        releases.draw_by_drug,
        releases.tell_by_drug,
        releases.height_by_drug,
    ),
    Picture(
        "approval_by_district",
        districts.find_districts,
        "percent of the eligible whose motion a district grants, by how many are eligible there; line: mean "
        "of all; shaded: 50 and 90 percent intervals; strokes at the bottom: the districts",
        tables.approval_by_district,
        districts.draw_districts,
        districts.tell_districts,
        districts.height_of_districts,
    ),
    Picture(
        "docket",
        docket.find_docket,
        "motions decided in each month, those of people the law leaves out among them, and motions granted "
        "since the beginning; diamonds: reported",
        tables.docket,
        docket.draw_docket,
        docket.tell_docket,
        docket.height_of_docket,
    ),
    Picture(
        "level_grid",
        grid.find_grid,
        "drug prisoners by total offense level and criminal history category; the darker, the more",
        tables.level_grid,
        grid.draw_grid,
        grid.tell_grid,
        grid.height_of_grid,
    ),
    Picture(
        "drug_ladder",
        ladder.find_ladders,
        LADDER,
        tables.drug_ladder,
        ladder.draw_ladders,
        ladder.tell_ladders,
        ladder.height_of_ladders,
        source=law_line,
    ),
    Picture(
        "scorecard",
        scorecard.find_scorecard,
        "in percent of the published figure; grey: our tolerance around it; line: 90 percent interval of the "
        "forecast; dot: within our tolerance, cross: outside",
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


def files_of(result: Result, drugs: Sequence[str], look: Look | None, name: str) -> dict[str, bytes]:
    """Names and contents of one picture's files; none if there is nothing to show."""
    return next(each for each in _known(result, drugs) if each.name == name).files(result, look)


def _known(result: Result, drugs: Sequence[str]) -> list[Picture]:
    return [_worded(each, result) for each in STANDARD] + [_one_ladder(result, drug) for drug in drugs]


def _worded(picture: Picture, result: Result) -> Picture:
    """The picture in the words of a change that needs no motion, where the scenario is one."""
    if not result.scenario.without_motion:
        return picture
    told = picture.subtitle.replace(", if every motion is granted", "")
    return replace(picture, subtitle=told, change="the change")


def _one_ladder(result: Result, drug: str) -> Picture:
    known = list(dict.fromkeys(result.drug_ladder["drug"]))
    found = {name.lower(): name for name in known}.get(drug.strip().lower())
    if found is None:
        hint = nearest(drug, known, listed=30)
        raise SimulationError(f"no drug {drug!r} in the Drug Quantity Table; {hint}")
    name = re.sub(r"[^a-z0-9]+", "_", found.lower()).strip("_")
    return Picture(
        f"drug_ladder_{name}",
        lambda table: f"{found}: {ladder.find_ladders(table).replace('of a drug ', '').lower()}",
        LADDER,
        lambda result: tables.one_drug_ladder(result, found),
        ladder.draw_ladders,
        ladder.tell_ladders,
        ladder.height_of_ladders,
        source=law_line,
    )
