"""What releases come to beyond counts: beds, money, routes, destinations, supervision, returns, shares."""

from __future__ import annotations

from sim.results.outcomes.inputs import Outcome, OutcomeInputs
from sim.results.outcomes.table import COLUMNS, outcome_inputs, outcome_table, outcomes, worlds_outcomes

__all__ = [
    "COLUMNS",
    "Outcome",
    "OutcomeInputs",
    "outcome_inputs",
    "outcome_table",
    "outcomes",
    "worlds_outcomes",
]
