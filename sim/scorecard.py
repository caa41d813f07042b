"""Every published target beside what the model gives: in its band or not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from guidelines import LIFE, tables
from sim.ensemble import MEMBERS, THIN, members, thin_stock
from sim.fiscal import DAYS_A_MONTH
from sim.margins import last_data_year

from sim.people import Stock
from sim.prospective import new_sentences
from sim.published import figure
from sim.results import Result, with_bands
from sim.run import run
from sim.scenario import Scenario
from sim.targets import DELAY_TARGETS, NO_DELAY_TARGETS, STOCK_TARGETS, target

COLUMNS = ("id", "part", "target", "unit", "role", "value", "low_90", "high_90", "published", "published_low",
           "published_high", "inside")  # fmt: skip


@dataclass(frozen=True)
class Scorecard:
    """The comparison.

    Attributes
    ----------
    rows
        One row a published number; columns `COLUMNS`. ``inside`` is whether the model's value lies in the
        published band.
    """

    rows: pd.DataFrame

    @property
    def by_target(self) -> pd.DataFrame:
        """One row a target: role, and whether every number it holds is inside its band."""
        return self.rows.groupby("id").agg(role=("role", "first"), inside=("inside", "all"))

    @property
    def totals(self) -> pd.DataFrame:
        """Targets inside and in all, by role."""
        return self.by_target.groupby("role")["inside"].agg(["sum", "size"]).rename(columns={"sum": "inside", "size": "targets"})

    @property
    def misses(self) -> list[str]:
        """Targets with role check that are not met."""
        table = self.by_target
        return table.index[(table["role"] == "check") & ~table["inside"]].tolist()


def scorecard(
    seed: int = 1, worlds: int = MEMBERS, progress: Callable[[str, int, int], None] | None = None
) -> Scorecard:
    """Run the two analyses of the Commission and compare every target of ``calibration_targets.csv``."""
    delay = run(Scenario.load("drugs-minus-two"), seed, worlds=worlds, progress=progress)
    no_delay = run(Scenario.load("no-delay"), seed, worlds=worlds, progress=progress)
    found: dict[tuple[str, str], tuple[float, float]] = {}
    for result, rows in ((delay, STOCK_TARGETS | DELAY_TARGETS), (no_delay, NO_DELAY_TARGETS)):
        for quantity, row in rows.items():
            found[row] = _value_and_sd(result, quantity)
    found |= _others(delay, seed, worlds)
    rows = []
    for row in tables.reference("calibration_targets"):
        key = row["id"], row["part"]
        known = target(*key)
        value, sd = found[key]
        rows.append((*key, known.label, known.unit, known.role, value, sd, known.value, known.low, known.high))
    table = pd.DataFrame(rows, columns=["id", "part", "target", "unit", "role", "value", "sd", "published", "published_low", "published_high"])
    table = with_bands(table, table["value"], table["sd"], least=0.0)
    table["inside"] = table["value"].between(table["published_low"], table["published_high"])
    texas = table["id"] == "T28"  # a rank, not a band: the check is that the state comes first
    table.loc[texas, "inside"] = largest_state(delay)[0] == table.loc[texas, "part"]
    return Scorecard(table[list(COLUMNS)])


def largest_state(result: Result) -> tuple[str, pd.Series]:
    """The state most of the first wave's US citizens go to, and expected releases by state.

    The destination is taken to be the state of the district of sentence.
    """
    if result.analysis is None or result.forecast is None:
        raise ValueError("a result read from a folder holds no people; run the scenario again")
    stock = result.analysis.stock
    state = dict(zip(tables.reference("districts").column("district"), tables.reference("districts").column("state"), strict=True))
    wave = result.analysis.dates.on_day_one & stock.people["us_citizen"].to_numpy(dtype=bool)
    chance = float(result.forecast.first_day.mean[-1, 0]) / max(int(result.analysis.dates.on_day_one.sum()), 1)
    by_state = stock.people.loc[wave, "district"].astype(str).map(state).value_counts() * chance
    return str(by_state.index[0]), by_state


def share_served(stock: Stock) -> float:
    """Mean share of the term that is served, of the last year's finite prison terms."""
    flow = stock.flow
    term = stock.first_terms
    whom = last_data_year(flow).astype(bool) & (term > 0) & (term < LIFE)
    served = (flow.releases(term) - flow.sentenced_on).astype(np.float64) + flow.jail_credit_days
    share = np.minimum(served[whom] / (term[whom] * DAYS_A_MONTH), 1.0)
    return float(np.average(share, weights=stock.raked.weights[whom]))


def _value_and_sd(result: Result, quantity: str) -> tuple[float, float]:
    row = result.headline.loc[quantity]
    from scipy.special import ndtri

    return float(row["value"]), float((row["high_50"] - row["value"]) / ndtri(0.75))


def _others(result: Result, seed: int, worlds: int) -> dict[tuple[str, str], tuple[float, float]]:
    """Targets that are no quantity of a run: judges, new sentences, destinations, share served."""
    if result.analysis is None:
        raise ValueError("the scorecard needs the people of the run")
    scenario, stock = result.scenario, result.analysis.stock
    each = []
    for member in members(scenario, seed, worlds):
        people = thin_stock(seed, str(scenario.dates.reference), member.parameters, scenario.people.stock)
        new = new_sentences(people, scenario, THIN)
        each.append((new.mean_cut_months, new.persons, share_served(people), member.scenario.judges.approval_rate))
    spread = np.std(each, axis=0, ddof=1) if len(each) > 1 else np.full(4, np.nan)
    new = new_sentences(stock, scenario)
    motions = 1 - figure("assumptions", "J05")
    rate = scenario.judges.approval_rate
    _, states = largest_state(result)
    texas = float(states.get("Texas", 0.0))
    return {
        ("T20", ""): (rate * motions, float(spread[3]) * motions),
        ("T21", ""): (rate, float(spread[3])),
        ("T28", "Texas"): (texas, texas**0.5),
        ("T29", ""): (new.mean_cut_months, float(spread[0])),
        ("T30", ""): (new.persons, float(spread[1])),
        ("T31", ""): (share_served(stock), float(spread[2])),
    }



