"""Whom an amendment would have reached among people sentenced in a year: a flow, not the people in prison.

Everybody is measured under the Manual before the amendment, whatever Manual was used, and again with the
amendment: the question the Commission's impact estimates answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from guidelines.manual import Manual
from guidelines.s1b1_1_worksheet import worksheet
from guidelines.s1b1_10_rules import CODES
from guidelines.s1b1_10_substitution import amended_worksheet
from sim.base.published import named
from sim.eligibility.analysis import amendment_of
from sim.people.flows import DRUGS
from sim.people.reductions import cut_terms
from sim.population.population import Population
from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Reach:
    """What an amendment does to a year's sentences.

    Attributes
    ----------
    scenario
        Whose amendment it is.
    people, undecided
        People measured; those left out, because only a level of a later Manual is known of them.
    lowered
        Share whose range after statute is lower with the amendment.
    by_code
        Persons and share by code of §1B1.10, with the term imposed as the present one.
    by_group
        People and share with a lower range, by drug and by category.
    published
        The Commission's estimate of that share for the sentences of FY2012; NaN for other amendments.
    """

    scenario: Scenario
    people: int
    undecided: int
    lowered: float
    by_code: pd.DataFrame
    by_group: pd.DataFrame
    published: float

    def __str__(self) -> str:
        """The shares for a person to read."""
        lines = [
            f"{self.people:,} people measured under the Manual of {self.scenario.amendment.manual_before}, "
            "and again with the amendment",
            f"Range lowered: {100 * self.lowered:.1f} percent",
        ]
        if not np.isnan(self.published):
            lines.append(
                f"The Commission's estimate for the sentences of FY2012: {100 * self.published:.1f} "
                "percent; a selected sample need not agree with it"
            )
        if self.undecided:
            lines.append(
                f"{self.undecided:,} more left out: no weight, and a level of a Manual that has the amendment"
            )
        lines.append("By code of §1B1.10, the term imposed being the present one:")
        for row in self.by_code.to_dict("records"):
            lines.append(f"  {row['persons']:>8,}  {100 * row['share']:5.1f}%  {row['code']}")
        for dimension, part in self.by_group.groupby("dimension", sort=False):
            lines.append(f"Range lowered by {dimension}:")
            for row in part.to_dict("records"):
                lines.append(f"  {row['persons']:>8,}  {100 * row['lowered']:5.1f}%  {row['group']}")
        return "\n".join(lines)


def reach(people: Population, scenario: Scenario | str = "drugs-minus-two") -> Reach:
    """Measure a year's people before and with a scenario's amendment.

    Parameters
    ----------
    people
        People sentenced, such as `sim.read_ussc` gives; nobody has to be in prison on a day.
    scenario
        Whose amendment is asked about.
    """
    asked = scenario if isinstance(scenario, Scenario) else Scenario.load(scenario)
    law = amendment_of(asked)
    flow = people.everybody()
    sentenced = flow.sentenced
    facts = sentenced.facts()
    new = np.datetime64(asked.amendment.manual_after.isoformat())
    undecided = (sentenced.measured_on >= new) & ~weighed(facts, len(sentenced))
    rows = np.flatnonzero(~undecided)
    part = sentenced.take(rows).facts() | {
        "order_effective_on": np.datetime64(asked.dates.earliest_release.isoformat())
    }
    before = worksheet(part, Manual.on(asked.amendment.manual_before))
    after = amended_worksheet(before, law)
    code = cut_terms(before, after, (law,)).law["code"]
    lower = (after["guideline_range_minimum_months"] < before["guideline_range_minimum_months"]) | (
        after["guideline_range_maximum_months"] < before["guideline_range_maximum_months"]
    )
    counts = np.bincount(code, minlength=len(CODES))
    by_code = pd.DataFrame({"code": CODES, "persons": counts, "share": counts / max(len(rows), 1)})
    drug = np.array(DRUGS)[sentenced.drug[rows]]
    category = sentenced.attributes["criminal_history_category"][rows]
    groups = pd.concat(
        [_by("drug", drug, lower), _by("criminal history category", category.astype(str), lower)],
        ignore_index=True,
    )
    return Reach(
        asked,
        len(rows),
        int(undecided.sum()),
        float(lower.mean()) if len(rows) else float("nan"),
        by_code[by_code["persons"] > 0].reset_index(drop=True),
        groups,
        published(asked),
    )


def weighed(facts: dict[str, np.ndarray], people: int) -> np.ndarray:
    """Whose base level follows from drugs and weights, shape (people,)."""
    if "substance" in facts:
        return np.asarray((facts["substance"] >= 0).any(axis=1))
    return np.asarray(~np.isnan(np.broadcast_to(facts["quantity"], (people,))))


def published(scenario: Scenario) -> float:
    """The Commission's share of FY2012 sentences with a lower range under Amendment 782."""
    return named("affected_by_782_of_fy2012") if scenario.amendment.name == "782" else float("nan")


def _by(dimension: str, group: np.ndarray, lower: np.ndarray) -> pd.DataFrame:
    table = pd.DataFrame({"group": group, "lowered": lower}).groupby("group")["lowered"].agg(["size", "mean"])
    table = table.rename(columns={"size": "persons", "mean": "lowered"}).reset_index()
    table.insert(0, "dimension", dimension)
    return table
