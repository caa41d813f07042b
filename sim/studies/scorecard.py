"""Every published target beside what the model gives: in its band or not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from guidelines import tables
from sim.base.workers import begin
from sim.eligibility.analysis import analyse
from sim.ensemble import MEMBERS, THIN, members, thin_stock
from sim.people.described import described, share_served
from sim.people.parameters import best
from sim.people.stock import Stock, synthesize
from sim.people.stock_cache import StockCache
from sim.projection.prospective import new_sentences
from sim.results.quantities_of_interest import sentenced_within_a_decade, share_at_once
from sim.results.results import Result, sd_of, with_bands
from sim.results.targets import (
    AFFECTED_YEAR,
    DELAY_TARGETS,
    MINIMUM_TARGET,
    NO_DELAY_TARGETS,
    PRECEDENT,
    STOCK_TARGETS,
    target,
)
from sim.runner import run
from sim.scenario.scenario import Scenario

COLUMNS = ("id", "part", "target", "unit", "role", "value", "low_90", "high_90", "published", "published_low",
           "published_high", "inside")  # fmt: skip
OTHERS = ("T01", "T29", "T30", "T31", "T301", "T302", "T303", "T304", "T21")
"""Targets that are no quantity of a run."""
RANKED = "T28"
"""A target without a band: the check is that the state it names comes first."""
Progress = Callable[[str, int, int], None]


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
        counted = self.by_target.groupby("role")["inside"].agg(["sum", "size"])
        return counted.rename(columns={"sum": "inside", "size": "targets"})

    @property
    def misses(self) -> list[str]:
        """Targets with role check that are not met."""
        table = self.by_target
        return table.index[(table["role"] == "check") & ~table["inside"]].tolist()


def scorecard(
    seed: int = 1,
    worlds: int = MEMBERS,
    progress: Progress | None = None,
    *,
    executor: Executor | None = None,
    cache: StockCache | None = None,
) -> Scorecard:
    """Run the two analyses of the Commission and compare every target of ``calibration_targets.csv``.

    Parameters
    ----------
    seed
        Decides every draw.
    worlds
        Plausible worlds the intervals come from; under two there are none.
    progress, executor, cache
        As in `sim.run`.
    """
    delay, no_delay = (
        run(Scenario.load(name), seed, worlds=worlds, executor=executor, cache=cache, progress=progress)
        for name in ("drugs-minus-two", "no-delay")
    )
    found: dict[tuple[str, str], tuple[float, float]] = _others(delay, no_delay, seed, worlds, cache)
    for result, held in ((delay, MINIMUM_TARGET | DELAY_TARGETS), (no_delay, NO_DELAY_TARGETS)):
        found |= {key: _value_and_sd(result, quantity) for quantity, key in held.items()}
    first = largest_state(delay)[0]
    rows = []
    for published in tables.reference("calibration_targets"):
        known = target(published["id"], published["part"])
        value, sd = found[known.id, known.part]
        inside = first == known.part if known.id == RANKED else known.low <= value <= known.high
        rows.append(
            {
                "id": known.id,
                "part": known.part,
                "target": known.label,
                "unit": known.unit,
                "role": known.role,
                "value": value,
                "sd": sd,
                "published": known.value,
                "published_low": known.low,
                "published_high": known.high,
                "inside": inside,
            }
        )
    table = pd.DataFrame(rows)
    return Scorecard(with_bands(table, table["value"], table["sd"], least=0.0)[list(COLUMNS)])


def checks_by_draw(
    seeds: Sequence[int],
    progress: Progress | None = None,
    *,
    executor: Executor | None = None,
    cache: StockCache | None = None,
) -> pd.DataFrame:
    """Which checks are met when all people are drawn again with the same parameters.

    Where many values lie near an edge of our tolerance, luck decides about one draw; the mean over several
    draws does not hang on it.

    One row a seed, one column a target with role check; whether the value lies within our tolerance.
    """
    say = progress or (lambda what, done, total: None)
    made = begin(partial(_draw, cache=cache), list(seeds), executor, chunks=len(seeds))
    cards = made(lambda done: say("draws", done, len(seeds)))
    table = pd.DataFrame(
        [card.by_target.loc[card.by_target["role"] == "check", "inside"] for card in cards],
        index=pd.Index(list(seeds), name="seed"),
    )
    return table.astype(bool)


def _draw(seed: int, cache: StockCache | None) -> Scorecard:
    return scorecard(seed, worlds=0, cache=cache)


def largest_state(result: Result) -> tuple[str, pd.Series]:
    """The state most of the first wave's US citizens go to, and expected releases by state."""
    table = result.outcomes
    by_state = table[table["quantity"] == "first_wave_destination"].set_index("group")["value"]
    return str(by_state.index[0]), by_state


def _value_and_sd(result: Result, quantity: str) -> tuple[float, float]:
    """Value and standard deviation of a quantity of the headline."""
    value, high = result.headline.loc[quantity, ["value", "high_90"]].to_numpy(dtype=float)
    return float(value), float(sd_of(float(value), float(high)))


def _others(
    result: Result, no_delay: Result, seed: int, worlds: int, cache: StockCache | None
) -> dict[tuple[str, str], tuple[float, float]]:
    """Targets that are no quantity of a run: flows, judges, new sentences, destinations, share served."""
    if result.analysis is None or no_delay.analysis is None:
        raise ValueError("the scorecard needs the people of the run")
    scenario = result.scenario
    each = []
    day, size = str(scenario.dates.reference), scenario.people.stock
    earlier = Scenario.load(PRECEDENT)
    long_ago = str(earlier.dates.reference)
    for member in members(scenario, seed, worlds):
        people = thin_stock(seed, day, member.parameters, size, cache)
        lately = sentenced_within_a_decade(analyse(people, no_delay.scenario))
        then = thin_stock(seed, long_ago, member.parameters, size, cache)
        at_once = share_at_once(analyse(then, earlier))
        each.append(
            (
                *_of_the_flow(people, scenario, THIN),
                lately,
                at_once,
                member.scenario.judges.approval_rate,
                *described(people).values(),
            )
        )
    make = cache.stock if cache else synthesize
    then = make(seed, long_ago, best(), stock=size, thin=1)
    values = (
        *_of_the_flow(result.analysis.stock, scenario),
        sentenced_within_a_decade(no_delay.analysis),
        share_at_once(analyse(then, earlier)),
        scenario.judges.approval_rate,
        *(told := described(result.analysis.stock)).values(),
    )
    spread = np.std(each, axis=0, ddof=1) if len(each) > 1 else np.full(len(values), np.nan)
    rows = [(row, "") for row in OTHERS] + [STOCK_TARGETS[quantity] for quantity in told]
    found = {row: (value, float(sd)) for row, value, sd in zip(rows, values, spread, strict=True)}
    eligible_motions = 1 - scenario.judges.ineligible_motion_share
    rate, sd = found["T21", ""]
    part = target(RANKED, "Texas").part
    state = float(largest_state(result)[1].get(part, 0.0))
    return found | {
        ("T20", ""): (rate * eligible_motions, sd * eligible_motions),
        (RANKED, part): (state, state**0.5),
    }


def _of_the_flow(stock: Stock, scenario: Scenario, thin: int = 1) -> tuple[float, ...]:
    """T01, T29, T30, T31, T301 and T302."""
    new = new_sentences(stock, scenario, thin)
    year = new_sentences(stock, scenario, thin, AFFECTED_YEAR)
    return (
        stock.unscaled,
        year.mean_cut_months,
        new.persons,
        share_served(stock),
        year.affected,
        year.mean_before_months,
    )
