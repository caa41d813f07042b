"""Checks and later outcomes beside the forecast: errors, bands held, naive forecasts, a score."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from guidelines import tables
from sim.base.fiscal import MONTHS_A_YEAR
from sim.base.published import figure
from sim.courts.decisions import decisions
from sim.ensemble import MEMBERS, members
from sim.people.stock_cache import StockCache
from sim.results.quantities_of_interest import DAYS_A_YEAR
from sim.results.results import Result, with_bands
from sim.results.targets import PRECEDENT
from sim.runner import run
from sim.scenario.scenario import Scenario

COLUMNS = ("id", "quantity", "family", "role", "published_on", "label", "unit", "published", "forecast",
           "low_90", "high_90", "error", "held", "score", "nothing_changes", "commission")  # fmt: skip
OUTCOMES = "drugs-minus-two"
SCENARIOS = {
    OUTCOMES: "782, with delay",
    "no-delay": "782, no delay",
    "crack-2007": "706, crack",
    PRECEDENT: "750, crack",
}
"""Scenarios whose checks are shown, and the family their rows are counted in."""
OUTSIDE = 0.10
"""Share of the outcomes that a 90 percent band may miss."""
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Backtest:
    """Every figure beside its forecast.

    Attributes
    ----------
    rows
        One row a published figure; columns `COLUMNS`. `error` is forecast over published less one; `score`
        the interval score of the 90 percent band over the published figure (smaller is better);
        `nothing_changes` and `commission` are the two naive forecasts, NaN where there is none.
    """

    rows: pd.DataFrame

    @property
    def by_family(self) -> pd.DataFrame:
        """One row a role and family: median errors, bands held with the exact interval, mean score."""
        groups: list[tuple[str, str, pd.DataFrame]] = [("all", "all", self.rows)]
        groups += [(str(role), "all", each) for role, each in self.rows.groupby("role")]
        for (role, name), each in self.rows.groupby(["role", "family"]):
            groups.append((str(role), str(name), each))
        return pd.DataFrame([{"role": role, "family": name} | _summary(each) for role, name, each in groups])


def backtest(
    seed: int = 1,
    worlds: int = MEMBERS,
    progress: Progress | None = None,
    *,
    executor: Executor | None = None,
    cache: StockCache | None = None,
) -> Backtest:
    """Hold the forecast against every check of its scenarios and every outcome of ``backtest_rows.csv``.

    Parameters
    ----------
    seed
        Decides every draw.
    worlds
        Plausible worlds the bands come from.
    progress, executor, cache
        As in `sim.run`.

    Raises
    ------
    ValueError
        Too few worlds for a band.
    """
    if worlds < 2:
        raise ValueError(f"{worlds} plausible worlds give no band to hold a figure; take 2 or more")
    results = {
        name: run(Scenario.load(name), seed, worlds=worlds, executor=executor, cache=cache, progress=progress)
        for name in SCENARIOS
    }
    rows = [row for name, result in results.items() for row in _checks(result, SCENARIOS[name])]
    rows += _outcomes(results[OUTCOMES], seed, worlds)
    table = pd.DataFrame(rows)
    table["error"] = table["forecast"] / table["published"] - 1
    table["held"] = table["published"].between(table["low_90"], table["high_90"])
    width, away = table["high_90"] - table["low_90"], pd.Series(0.0, table.index)
    for short in (table["low_90"] - table["published"], table["published"] - table["high_90"]):
        away += short.clip(lower=0.0)
    table["score"] = (width + 2 / OUTSIDE * away) / table["published"]
    return Backtest(table[list(COLUMNS)])


def _checks(result: Result, family: str) -> list[dict[str, Any]]:
    """Rows of the headline whose published figure was never fitted."""
    dated = {row["id"]: row["published_on"] for row in tables.reference("calibration_targets")}
    dated |= {row["id"]: row["source_date"] for row in tables.reference("precedents")}
    shown = result.headline[result.headline["role"] == "check"]
    return [
        {str(name): value for name, value in row.items()}
        | {
            "id": row["target"],
            "family": family,
            "published_on": dated[row["target"]],
            "forecast": row["value"],
            "nothing_changes": np.nan,
            "commission": np.nan,
        }
        for row in shown.reset_index().to_dict("records")
    ]


def _outcomes(result: Result, seed: int, worlds: int) -> list[dict[str, Any]]:
    """The outcomes of ``backtest_rows.csv``."""
    held = tables.reference("backtest_rows")
    found = []
    for row in held:
        known = tables.reference("outcome_motions").row(id=row["id"])
        if row["until"]:
            bands = _grants(result, np.datetime64(row["until"]), seed, worlds)
        else:
            bands = result[row["quantity"]].rename({"value": "forecast"})
        found.append(
            {name: bands[name] for name in ("forecast", "low_90", "high_90")}
            | {
                "id": row["id"],
                "quantity": row["quantity"],
                "family": row["family"],
                "role": "backtest" if known["source_date"] > held.meta["as_of"] else "check",
                "published_on": known["source_date"],
                "label": f"{known['metric']} {known['subgroup']}",
                "unit": known["unit"],
                "published": float(known["value"]),
                "nothing_changes": _published(row["nothing_changes"]),
                "commission": _published(row["commission"]),
            }
        )
    return found


def _grants(result: Result, until: np.datetime64, seed: int, worlds: int) -> pd.Series:
    """Motions granted by a day: the eligible, the rate, and who has an order by then and before leaving.

    When the eligible of the run would leave if denied is taken for those of every world.
    """
    if result.analysis is None:
        raise ValueError("the backtest needs the people of the run")
    dates = result.analysis.dates
    begin = np.datetime64(result.scenario.dates.reference.isoformat(), "M").astype("datetime64[D]")
    days = np.minimum(dates.if_denied[dates.eligible], until).astype("datetime64[D]") - begin
    months = days.astype(np.float64) * (MONTHS_A_YEAR / DAYS_A_YEAR)
    granted_in = dates.month_if_granted[dates.eligible]

    def granted(scenario: Scenario, eligible: float) -> float:
        court = decisions(scenario, dates)
        return eligible * court.rate * float(court.decided_at(granted_in, months).mean())

    eligible = result.headline["value"].astype(float)["eligible"]
    drawn = zip(members(result.scenario, seed, worlds), result.worlds["eligible"], strict=True)
    each = [granted(member.scenario, float(number)) for member, number in drawn]
    table = pd.DataFrame({"forecast": [granted(result.scenario, float(eligible))]})
    return with_bands(table, table["forecast"], pd.Series([np.std(each, ddof=1)]), least=0.0).iloc[0]


def _published(reference: str) -> float:
    """The figure a row names as table/id; nought where it names none."""
    return figure(*reference.split("/")) if reference else 0.0


def _summary(rows: pd.DataFrame) -> dict[str, float]:
    """Counts, medians and means over some rows; a naive median only where every row has that forecast."""
    interval = binomtest(int(rows["held"].sum()), len(rows)).proportion_ci(1 - OUTSIDE, method="exact")

    def median_error(column: str) -> float:
        return float((rows[column] / rows["published"] - 1).abs().median(skipna=False))

    return {
        "figures": len(rows),
        "held": int(rows["held"].sum()),
        "held_low": interval.low,
        "held_high": interval.high,
        "median_error": median_error("forecast"),
        "median_error_nothing_changes": median_error("nothing_changes"),
        "median_error_commission": median_error("commission"),
        "score": float(rows["score"].mean()),
    }
