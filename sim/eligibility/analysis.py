"""The law and the calendar for one stock: everything a forecast needs before judges come in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guidelines import tables
from guidelines.amendments import Amendment
from guidelines.manual import Manual
from guidelines.s1b1_1_worksheet import Worksheet, worksheet
from guidelines.s1b1_10_retroactivity import reduction
from guidelines.s1b1_10_rules import Rules
from guidelines.s1b1_10_substitution import amended_worksheet
from sim.base.arrays import IntArray
from sim.base.errors import SimulationError
from sim.base.streams import uniforms
from sim.eligibility.calendar import ReleaseDates, release_dates
from sim.eligibility.clemency import Commuted, commute
from sim.eligibility.minimums import cut_terms_under_lower_minimums, lowered_minimums
from sim.people.attributes import within
from sim.people.earlier_amendments import sheets
from sim.people.reductions import Cut
from sim.people.sentenced import Sentenced
from sim.people.stock import Stock
from sim.scenario.changes import CountedAs
from sim.scenario.scenario import Scenario

CHAPTER_FOUR = {"criminal_history_points", "zero_point_offender"}
"""Tables about criminal history points, which the synthetic people do not have."""


@dataclass(frozen=True)
class Analysis:
    """A stock put through an amendment.

    Attributes
    ----------
    stock
        The people.
    before, after
        Their worksheets under the Manual before, and with the listed change alone.
    unlimited
        What §1B1.10 allows and what a court would usually do.
    cut
        The same within the scenario's limits.
    dates
        Releases with and without, as things are: what courts and the Bureau see.
    ordered, ordered_dates
        The cut and the dates that courts order where they grant a motion: for some a part of the whole.
    counted
        The same as the Commission is taken to have counted; `dates` where it never counted.
    commuted
        Who leaves by commutation, where the scenario has any.
    """

    stock: Stock
    before: Worksheet
    after: Worksheet
    unlimited: Cut
    cut: Cut
    dates: ReleaseDates
    ordered: Cut
    ordered_dates: ReleaseDates
    counted: ReleaseDates
    commuted: Commuted | None = None


def analyse(stock: Stock, scenario: Scenario, rules: Rules | None = None) -> Analysis:
    """§1B1.10 and release dates for everybody in a stock.

    Refused where the amendment changes what the synthetic people have no facts for.
    """
    law = amendment_of(scenario)
    people = stock.sentenced
    answerable(law, people)
    before, after = sheets_of(stock, scenario, law, rules)
    stock, commuted = commute(stock, before, after, scenario)
    if scenario.without_motion:
        unlimited = without_motion(before, after, law, rules)
    else:
        lower = lowered_minimums(people, scenario.mandatory_minimums)
        unlimited = cut_terms_under_lower_minimums(
            before, after, law, lower, scenario.mandatory_minimums.reach, rules
        )
    limited = _limited(stock, unlimited, scenario)
    return Analysis(stock, before, after, unlimited, **limited, commuted=commuted)


def with_limits_of(known: Analysis, scenario: Scenario) -> Analysis:
    """The same people under the same law, within the limits of a scenario that differs in nothing else."""
    return replace(known, **_limited(known.stock, known.unlimited, scenario))


def as_counted(known: Analysis, scenario: Scenario, rules: CountedAs) -> Analysis:
    """The same, counted by other rules."""
    return replace(known, counted=release_dates(known.stock.sentenced, known.cut, scenario, rules))


def _limited(stock: Stock, unlimited: Cut, scenario: Scenario) -> dict[str, Any]:
    """Who is left within the scenario's limits, and when they leave: by whole cuts, as ordered, counted."""
    people = stock.sentenced
    cut = ordered = unlimited.only(within(people.attributes, scenario.limits))
    dates = ordered_dates = counted = release_dates(people, cut, scenario)
    if scenario.judges.whole_cut_share < 1:
        ordered = cut.partly(part_of_cut(people.number, scenario.judges.whole_cut_share))
        ordered_dates = release_dates(people, ordered, scenario)
    if not scenario.without_motion and not stock.origin:
        counted = release_dates(people, cut, scenario, scenario.counted_as)
    return {
        "cut": cut, "dates": dates, "ordered": ordered, "ordered_dates": ordered_dates, "counted": counted
    }  # fmt: skip


def part_of_cut(number: IntArray, whole: float) -> NDArray[np.float64]:
    """The part of the cut that a court orders if it grants: all of it for such a share, shape (people,).

    For the others every part from the least on is as likely. It is drawn once for each person, whatever
    the seed of the judges: given these parts, forecasts stay exact.
    """
    least = float(tables.reference("assumptions").row(id="J04")["value"])
    part = least + (1 - least) * uniforms(0, "courts/part of the cut", number)
    return np.where(uniforms(0, "courts/whole cut", number) < whole, 1.0, part)


def sheets_of(
    stock: Stock, scenario: Scenario, law: Amendment, rules: Rules | None = None
) -> tuple[Worksheet, Worksheet]:
    """Worksheets before and with the amendment, with what §1B1.10 asks for beside the people's facts."""
    people, manual = stock.sentenced, Manual.on(scenario.amendment.manual_before)
    facts = {
        "order_effective_on": np.datetime64(scenario.dates.earliest_release.isoformat()),
        "manual_already_amended": people.measured_on
        >= np.datetime64(scenario.amendment.manual_after.isoformat()),
    }
    if stock.origin:  # nobody knows whether people of one's own were asked about an earlier amendment
        before = worksheet(people.facts() | facts, manual)
        return before, amended_worksheet(before, law, rules=rules)
    return sheets(people, law, manual, facts, rules)


def amendment_of(scenario: Scenario) -> Amendment:
    """The scenario's amendment, its orders taking effect from the scenario's own day on.

    One that never was is listed from the scenario's effective day where the scenario makes it retroactive.
    """
    law = scenario.amendment.law().but(order_effective_from=scenario.dates.earliest_release.isoformat())
    if not scenario.amendment.retroactive:
        return replace(law, retroactive_from="")
    return law if law.listed else law.but(retroactive_from=scenario.dates.effective.isoformat())


def answerable(law: Amendment, people: Sentenced) -> None:
    """Refuse an amendment of criminal history points for people who have categories only."""
    touched = {str(change["table"]) for change in law.changes}
    if touched & CHAPTER_FOUR and "criminal_history_points" not in people.found:
        raise SimulationError(
            f"amendment {law.number} changes {', '.join(sorted(touched & CHAPTER_FOUR))}: the synthetic "
            "people have a criminal history category but no points, and nothing published says how the "
            "points lie within a category; give people with the column criminal_history_points "
            "(--people), or use `minustwo cases` on records with points"
        )


def without_motion(before: Worksheet, after: Worksheet, law: Amendment, rules: Rules | None) -> Cut:
    """Nobody's term is cut, and everybody is asked whether the release comes earlier all the same."""
    present = np.asarray(before.facts["imposed_term_months"], np.int64)
    everybody = np.ones(len(present), np.bool_)
    return Cut(reduction(before, after, law, rules), everybody, present, present)
