"""New sentences and commutations: who of them gets less, and how many fewer people are in prison."""

from __future__ import annotations

import numpy as np

from sim.base.fiscal import DAYS_A_MONTH, MONTHS_A_YEAR
from sim.base.published import figure
from sim.projection.prospective import NewSentences
from sim.results.outcomes.inputs import Outcome, OutcomeInputs
from sim.results.quantities_of_interest import mean

CHAIR_YEARS = 5
"""The Commission's chair spoke of the fall in so many years (exante_impact X29)."""


def new_sentences(case: OutcomeInputs) -> list[Outcome]:
    """The amendment for people sentenced from its effective day on."""
    if case.new is None:
        return []
    new, source = case.new.sentences, case.new.source
    known = case.is_the_law or (not case.scenario.amendment.retroactive and _as_enacted(case))

    def row(quantity: str, group: str, value: float, published: str = "") -> Outcome:
        told = bool(published) and known
        return Outcome(
            quantity,
            group,
            value,
            source=source,
            published=figure("exante_impact", published) if told else float("nan"),
            published_source=f"exante_impact {published}" if told else "",
        )

    found = [
        row("new_sentences_affected", "", new.affected, "X27"),
        row("new_sentences_mean_cut_months", "", new.mean_cut_months, "X26"),
    ]
    if case.scenario.charging.sentences_of is not None:
        found += _charging(new, source)
    for years in range(1, case.horizon // MONTHS_A_YEAR + 1):
        last = MONTHS_A_YEAR * years - 1
        name, when = case.month(last), "X29" if years == CHAIR_YEARS else ""
        found.append(row("fewer_in_prison_by_new_sentences", name, float(case.new.fewer[last]), when))
        gone, variance = case.spared.out_in(last).total
        stock = case.scale * float((case.analysis.dates.month_if_denied > last).sum())
        without = stock + float(case.new.without[last])
        found.append(row("drug_prisoners_without", name, without))
        found.append(
            Outcome(
                "drug_prisoners_with", name, without - gone - float(case.new.fewer[last]), variance, source
            )
        )
    return found


def _as_enacted(case: OutcomeInputs) -> bool:
    return case.scenario.amendment.name == "782" and case.scenario.amendment.like is None


def _charging(new: NewSentences, source: str) -> list[Outcome]:
    """A charging policy: who is convicted under a minimum, and who gains from the amendment."""
    later = figure("later_changes", "L06")
    return [
        Outcome("convicted_under_minimum_without", "", new.convicted_before, source=source),
        Outcome(
            "convicted_under_minimum_with",
            "",
            new.convicted_after,
            source=source,
            published=later,
            published_source="later_changes L06, FY2016",
        ),
        Outcome("gain_from_amendment_without_policy", "", new.gain_before, source=source),
        Outcome("gain_from_amendment_with_policy", "", new.gain_after, source=source),
    ]


def commutations(case: OutcomeInputs) -> list[Outcome]:
    """Commutations beside the motions: who meets the criteria, how many leave, and what it saves."""
    commuted = case.analysis.commuted
    if commuted is None:
        return []
    people = case.analysis.stock.sentenced
    source = "scenario: criteria, number and day"
    finite = commuted.granted & ~np.isnat(commuted.release_before)
    months = (commuted.release_before - people.release_on)[finite].astype(np.float64) / DAYS_A_MONTH
    return [
        Outcome(
            "meets_clemency_criteria",
            "",
            case.scale * float(commuted.meets.sum()),
            source=source,
            published=float("nan") if case.own_people else figure("later_changes", "L08"),
            published_source="" if case.own_people else "later_changes L08, 24 April 2014",
        ),
        Outcome("commutations", "", case.scale * float(commuted.granted.sum()), source=source),
        Outcome("commutations_months_earlier", "", mean(months), source=source),
        Outcome(
            "bed_years_saved_by_commutations",
            "",
            case.scale * float(months.sum()) / MONTHS_A_YEAR,
            source=source,
        ),
    ]
