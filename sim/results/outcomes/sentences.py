"""New sentences: who of them gets less, and how many fewer people are in prison because of it."""

from __future__ import annotations

from sim.base.fiscal import MONTHS_A_YEAR
from sim.base.published import figure
from sim.results.outcomes.inputs import Outcome, OutcomeInputs

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
