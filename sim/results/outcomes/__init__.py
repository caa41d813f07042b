"""What releases come to beyond counts: beds, money, routes, destinations, supervision, returns, shares."""

from __future__ import annotations

from sim.results.outcomes.case import Case, Outcome
from sim.results.outcomes.table import COLUMNS, case_of, outcome_table, outcomes, worlds_outcomes

__all__ = ["COLUMNS", "Case", "Outcome", "case_of", "outcome_table", "outcomes", "worlds_outcomes"]
