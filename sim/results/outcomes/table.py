"""All outcomes of a run as one table, with bands from the judges and from plausible worlds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from sim.courts.decisions import Decisions
from sim.eligibility.analysis import Analysis
from sim.projection.prospective import new_custody
from sim.results.glossary import GLOSSARY, LABELS, units
from sim.results.outcomes.beds import bed_years, crowding, money
from sim.results.outcomes.community import released_early, returns, supervision
from sim.results.outcomes.composition import left_out, shares
from sim.results.outcomes.departures import destinations, routes
from sim.results.outcomes.inputs import Outcome, OutcomeInputs
from sim.results.outcomes.sentences import commutations, new_sentences
from sim.results.results import BANDS, with_bands
from sim.scenario.scenario import Scenario

COLUMNS = ("quantity", "group", "label", "unit", "value", *BANDS, "source", "published", "published_source")
PARTS = (
    bed_years,
    money,
    crowding,
    routes,
    destinations,
    supervision,
    released_early,
    returns,
    shares,
    left_out,
    new_sentences,
    commutations,
)
"""In the order of the table."""
World = Mapping[tuple[str, str], float]


def outcome_inputs(
    analysis: Analysis,
    scenario: Scenario,
    court: Decisions,
    scale: float = 1.0,
    thin: int = 1,
    spread: bool = True,
) -> OutcomeInputs:
    """What outcomes work on; `scale` is the people a row of the stock stands for, `thin` one of the flow.

    Without `spread` outcomes have no variance.
    """
    new = (
        None if analysis.stock.origin else new_custody(analysis.stock, scenario, thin)
    )  # own people: no flow
    return OutcomeInputs(scenario, analysis, court, new, scale, spread)


def outcomes(case: OutcomeInputs) -> list[Outcome]:
    """Every outcome of a run; which there are depends on what the scenario asks and what was published."""
    return [each for part in PARTS for each in part(case)]


def outcome_table(found: Sequence[Outcome], worlds: Sequence[World]) -> pd.DataFrame:
    """The outcomes with their bands.

    `worlds` holds the value of each outcome by its key, in each plausible world. Columns `COLUMNS`.
    """
    table = pd.DataFrame(
        {
            "quantity": [each.quantity for each in found],
            "group": [each.group for each in found],
            "label": [LABELS[each.quantity] for each in found],
            "unit": [each.unit or units(each.quantity) for each in found],
            "value": [each.value for each in found],
        }
    )
    spread = np.array([[world.get(each.key, 0.0) for world in worlds] for each in found])
    variance = np.array([each.variance for each in found])
    if len(worlds) > 1:
        variance = variance + spread.reshape(len(found), -1).var(axis=1, ddof=1)
    sd = pd.Series(np.sqrt(variance))
    table = with_bands(table, table["value"], sd, least_of(table["quantity"]))
    table["source"] = [each.source for each in found]
    table["published"] = [each.published for each in found]
    table["published_source"] = [each.published_source for each in found]
    return table[list(COLUMNS)]


def least_of(quantity: pd.Series) -> pd.Series:
    """The least each quantity can be: nobody is fewer than none, prisons may be below capacity."""
    return quantity.map(lambda name: -np.inf if GLOSSARY[name].may_be_negative else 0.0)


def worlds_outcomes(worlds: Sequence[World]) -> pd.DataFrame:
    """Columns world, quantity, group, value: the outcomes in each plausible world."""
    rows = [(number, *key, value) for number, world in enumerate(worlds) for key, value in world.items()]
    return pd.DataFrame(rows, columns=["world", "quantity", "group", "value"])
