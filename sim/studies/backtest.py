"""Checks and later outcomes beside the forecast: errors, intervals that hold, naive forecasts, a score."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from guidelines import tables
from sim.base.arrays import FloatArray
from sim.base.fiscal import MONTHS_A_YEAR
from sim.base.published import figure, published_by
from sim.base.workers import begin
from sim.courts.decisions import Decisions, decisions
from sim.eligibility.analysis import Analysis, analyse
from sim.ensemble import MEMBERS, THIN, Member, members, thin_stock
from sim.people.stock_cache import StockCache
from sim.results.evidence import FITS, IN_USE, Evidence
from sim.results.quantities_of_interest import DAYS_A_YEAR
from sim.results.results import Result, sd_of, with_bands
from sim.results.structural import AT_ONCE, COUNTS, OF_QUANTITY, TERMS, moved
from sim.results.targets import PRECEDENT, target
from sim.results.uncertainty import people_alike
from sim.runner import run
from sim.scenario.scenario import Scenario
from sim.studies.fit import FITTED_TO, fitted_on
from sim.studies.measures import MEASURES, groups_named, measured
from sim.studies.scorecard import RANKED, largest_state

COLUMNS = ("id", "quantity", "about", "family", "role", "published_on", "label", "unit", "published",
           "forecast", "low_90", "high_90", "error", "held", "score", "nothing_changes",
           "commission")  # fmt: skip
OUTCOMES = "drugs-minus-two"
SCENARIOS = {
    OUTCOMES: "782, with delay",
    "no-delay": "782, no delay",
    "crack-2007": "706, crack",
    PRECEDENT: "750, crack",
}
"""Scenarios whose checks are shown, and the analysis they are about."""
LEFT_OUT = "left out"
"""Each scenario with the fit that looked at nothing published about its amendment."""
WAVE, GRANTS = "first wave", "grants"
LARGEST = "largest group"
PROSPECTIVE = ("T29", "new_sentences_mean_cut_months")
"""A check that is no quantity of the headline, and the outcome it is compared with."""
BANDED = ("forecast", "low_90", "high_90")
GIVEN_TO_COURTS = {"O01": "C10", "T22": "C11"}
"""Figures that the courts of a fit are given, and the row of ``courts_evidence.csv`` that says since when."""
OUTSIDE = 0.10
"""Share of the outcomes that a 90 percent interval may miss."""
FEWEST = 20
"""Under so many independent figures no claim is made of how often intervals hold."""
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Backtest:
    """Every figure beside its forecast.

    Attributes
    ----------
    rows
        One row a published figure; columns `COLUMNS`. `error` is forecast over published less one; `score`
        the interval score of the 90 percent interval over the published figure (smaller is better);
        `nothing_changes` and `commission` are the two naive forecasts, NaN where there is none.
    largest
        Figures that name a largest group: id, about, role, published_on, label, published, forecast, and the
        share of the plausible worlds that name the published one.
    """

    rows: pd.DataFrame
    largest: pd.DataFrame

    @property
    def by_family(self) -> pd.DataFrame:
        """One row a role and family: median errors, intervals that hold, mean score and width."""
        groups: list[tuple[str, str, pd.DataFrame]] = [("all", "all", self.rows)]
        groups += [(str(role), "all", each) for role, each in self.rows.groupby("role")]
        for (role, name), each in self.rows.groupby(["role", "family"]):
            groups.append((str(role), str(name), each))
        return pd.DataFrame([{"role": role, "family": name} | _summary(each) for role, name, each in groups])

    @property
    def by_about(self) -> pd.DataFrame:
        """One row an analysis or round, whose figures are one piece of evidence: the same."""
        return pd.DataFrame([{"about": name} | _summary(each) for name, each in self.rows.groupby("about")])


def backtest(
    seed: int = 1,
    worlds: int = MEMBERS,
    progress: Progress | None = None,
    *,
    fit: str = IN_USE,
    executor: Executor | None = None,
    cache: StockCache | None = None,
) -> Backtest:
    """Hold the forecast against every check of its scenarios and every figure of ``backtest_rows.csv``.

    Parameters
    ----------
    seed
        Decides every draw.
    worlds
        Plausible worlds the intervals come from.
    progress, executor, cache
        As in `sim.run`.
    fit
        Whose evidence the forecast rests on: one of `sim.results.evidence.FITS`, or `LEFT_OUT`. What was
        published after its day has the role backtest.

    Raises
    ------
    ValueError
        Too few worlds for an interval.
    SimulationError
        No such fit is kept.
    """
    if worlds < 2:
        raise ValueError(f"{worlds} plausible worlds give no interval to hold a figure; take 2 or more")
    rows: list[dict[str, Any]] = []
    largest: list[dict[str, Any]] = []
    day = ""
    for name in SCENARIOS:
        scenario = Scenario.load(name)
        if day != (day := str(scenario.dates.reference)):
            thin_stock.cache_clear()  # people of another day are not asked for again, and take much memory
        chosen = f"without {scenario.amendment.name}" if fit == LEFT_OUT else fit
        result = run(
            scenario, seed, worlds=worlds, executor=executor, cache=cache, progress=progress, fit=chosen
        )
        drawn = members(scenario, seed, worlds, chosen)
        told = told_of(result, drawn, cache)
        rows += _checks(result, name, FITS[chosen])
        for row in tables.reference("backtest_rows").select(scenario=name):
            if not _given(row["id"], FITS[chosen]):
                (largest if row["family"] == LARGEST else rows).append(told.row(row, FITS[chosen]))
        if name == OUTCOMES:
            rows.append(_prospective(result, FITS[chosen]))
            largest.append(_state(result, FITS[chosen]))
    table = pd.DataFrame(rows)
    table["error"] = table["forecast"] / table["published"] - 1
    table["held"] = table["published"].between(table["low_90"], table["high_90"])
    width, away = table["high_90"] - table["low_90"], pd.Series(0.0, table.index)
    for short in (table["low_90"] - table["published"], table["published"] - table["high_90"]):
        away += short.clip(lower=0.0)
    table["score"] = (width + 2 / OUTSIDE * away) / table["published"]
    table = table.sort_values(["role", "about"], kind="stable", ignore_index=True)
    return Backtest(table[list(COLUMNS)], pd.DataFrame(largest))


def backtests(
    seeds: Sequence[int],
    worlds: int = MEMBERS,
    progress: Progress | None = None,
    *,
    fit: str = IN_USE,
    executor: Executor | None = None,
    cache: StockCache | None = None,
) -> list[Backtest]:
    """The same for several draws of all people, one a seed: one draw may flatter."""
    say = progress or (lambda what, done, total: None)
    work = partial(_draw, worlds=worlds, fit=fit, cache=cache)
    return begin(work, list(seeds), executor, chunks=len(seeds))(lambda done: say("draws", done, len(seeds)))


def held_by_draw(draws: Mapping[int, Backtest]) -> pd.DataFrame:
    """Figures whose interval holds them: one row a seed, columns `held` and `figures` of each role."""
    return pd.DataFrame(
        {
            seed: {
                (role, name): value
                for role, rows in each.rows.groupby("role")
                for name, value in (("held", int(rows["held"].sum())), ("figures", len(rows)))
            }
            for seed, each in draws.items()
        }
    ).T.rename_axis("seed")


def _draw(seed: int, worlds: int, fit: str, cache: StockCache | None) -> Backtest:
    return backtest(seed, worlds, fit=fit, cache=cache)


def _given(id_: str, evidence: Evidence) -> bool:
    """Whether the courts of a fit were given a figure, so that it is no test of them."""
    if id_ not in GIVEN_TO_COURTS or evidence.without == "782":
        return False
    row = tables.reference("courts_evidence").row(id=GIVEN_TO_COURTS[id_])
    return published_by(row["published_on"], evidence.as_of)


def _role(published_on: str, evidence: Evidence) -> str:
    return "check" if published_by(published_on, evidence.as_of) else "backtest"


def _checks(result: Result, name: str, evidence: Evidence) -> Iterable[dict[str, Any]]:
    """Rows of the headline whose published figure was not fitted."""
    dated = {(row["id"], row["part"]): row["published_on"] for row in tables.reference("calibration_targets")}
    dated |= {(row["id"], ""): row["source_date"] for row in tables.reference("precedents")}
    fitted = fitted_on(evidence)
    for row in result.headline.reset_index().to_dict("records"):
        quantity, held = row["quantity"], row["target"]
        later = quantity in FITTED_TO and FITTED_TO[quantity][1] == name and quantity not in fitted
        told = row["role"] in ("check", "backtest") or later or held in GIVEN_TO_COURTS
        if held == "" or not told or _given(held, evidence):
            continue
        if quantity.startswith("stock") and name != OUTCOMES:
            continue  # one stock, told by both scenarios about it
        day = next(day for (id_, _), day in dated.items() if id_ == held)
        families = OF_QUANTITY.get(quantity.removeprefix("counted_"), ())
        yield {str(column): value for column, value in row.items()} | {
            "id": held,
            "about": WAVE if quantity.startswith(("wave", "released")) else SCENARIOS[name],
            "family": GRANTS if quantity.startswith("released") else _family(families),
            "role": _role(day, evidence),
            "published_on": day,
            "forecast": row["value"],
            "nothing_changes": _unchanged(quantity, name),
            "commission": figure("exante_impact", "X22") if quantity == "released_first_wave" else np.nan,
        }


def _unchanged(quantity: str, scenario: str) -> float:
    """What would be if nobody's term changed, NaN where nobody has published it for the day."""
    if quantity.removeprefix("counted_").startswith("mean_term"):
        return target("T06").value if scenario in (OUTCOMES, "no-delay") else np.nan
    return np.nan if quantity.startswith(("stock", "wave")) else 0.0


def _family(families: tuple[str, ...]) -> str:
    """The family a quantity's row is counted in: of several the one that tells most of it."""
    return next((one for one in (AT_ONCE, TERMS, COUNTS) if one in families), "composition")


def _prospective(result: Result, evidence: Evidence) -> dict[str, Any]:
    """The check of new sentences."""
    id_, quantity = PROSPECTIVE
    row = result.outcomes[result.outcomes["quantity"] == quantity].iloc[0]
    known, day = target(id_), tables.reference("calibration_targets").row(id=id_)["published_on"]
    return {name: float(row[name]) for name in ("low_90", "high_90")} | {
        "id": id_,
        "quantity": quantity,
        "about": "782, new sentences",
        "family": TERMS,
        "role": _role(day, evidence),
        "published_on": day,
        "label": known.label,
        "unit": known.unit,
        "published": known.value,
        "forecast": float(row["value"]),
        "nothing_changes": 0.0,
        "commission": known.value,
    }


def _state(result: Result, evidence: Evidence) -> dict[str, Any]:
    """The state most of the first wave went to."""
    known = next(row for row in tables.reference("calibration_targets") if row["id"] == RANKED)
    each = result.worlds_outcomes
    each = each[each["quantity"] == "first_wave_destination"]
    answers = each.loc[each.groupby("world")["value"].idxmax(), "group"]
    return {
        "id": RANKED,
        "about": WAVE,
        "role": _role(known["published_on"], evidence),
        "published_on": known["published_on"],
        "label": known["target"],
        "published": known["part"],
        "forecast": largest_state(result)[0],
        "worlds": float((answers == known["part"]).mean()),
    }


def _measures(
    result: Result, drawn: Sequence[Member], cache: StockCache | None
) -> Iterable[dict[str, float]]:
    """`measured` of each world."""
    for member in drawn:
        day, size = str(member.scenario.dates.reference), member.scenario.people.stock
        people = thin_stock(result.seed, day, member.parameters, size, cache)
        yield measured(analyse(people, member.scenario), THIN)


def told_of(result: Result, drawn: Sequence[Member], cache: StockCache | None = None) -> Told:
    """What a run and its worlds tell."""
    return Told(result, drawn, pd.DataFrame(_measures(result, drawn, cache)))


@dataclass(frozen=True)
class Told:
    """What a run tells of the figures of ``backtest_rows.csv``.

    Attributes
    ----------
    result, drawn
        The run and its worlds.
    measures
        `measured` of each world.
    """

    result: Result
    drawn: Sequence[Member]
    measures: pd.DataFrame

    @property
    def analysis(self) -> Analysis:
        """The people of the run."""
        if self.result.analysis is None:
            raise ValueError("the backtest needs the people of the run")
        return self.result.analysis

    def row(self, held: Mapping[str, str], evidence: Evidence) -> dict[str, Any]:
        """One figure beside its forecast."""
        table, id_ = held["figure"].split("/")
        known = tables.reference(table).row(id=id_)
        found = {
            "id": held["id"],
            "quantity": held["quantity"] + (f" of {held['among']}" if held["among"] else ""),
            "about": held["about"],
            "family": held["family"],
            "role": _role(known["source_date"], evidence),
            "published_on": known["source_date"],
            "label": f"{known['metric']}, {known['subgroup']}",
            "unit": known["unit"],
        }
        if held["family"] == LARGEST:
            published = float(known["value"])
            return found | {
                "published": f"{published:.0f}",
                "forecast": f"{MEASURES[held['quantity']](self.analysis):.0f}",
                "worlds": float((self.measures[held["quantity"]] == published).mean()),
            }
        value, each, luck = self._told(held)
        table_ = with_bands(
            pd.DataFrame({"forecast": [value]}),
            pd.Series([value]),
            pd.Series([(np.var(each, ddof=1) + luck) ** 0.5]),
            least=0.0,
        )
        return (
            found
            | dict(zip(BANDED, table_.loc[0, list(BANDED)], strict=True))
            | {
                "published": float(known["value"]),
                "nothing_changes": _published(held["nothing_changes"]),
                "commission": _published(held["commission"]),
            }
        )

    def _told(self, held: Mapping[str, str]) -> tuple[float, FloatArray, float]:
        """Value, value in each world, and the variance from who is inside."""
        quantity, among = held["quantity"], held["among"]
        eligible = self.result.headline["value"].astype(float)["counted_eligible"]
        alike = people_alike(self.analysis.stock)
        part, parts = self._share_of_eligible(among) if among else (1.0, np.ones(len(self.drawn)))
        if quantity == "grants":
            value, each = self.granted(np.datetime64(held["until"]))
            return value * part, each * parts, 0.0
        if quantity == "persons_eligible":
            worlds = self.result.worlds["counted_eligible"].to_numpy(float)
            return eligible * part, worlds * parts, eligible * part * (1 - part) * alike
        if quantity == "share_of_eligible":
            return part, parts, part * (1 - part) / eligible * alike
        if quantity in MEASURES:
            value, measures = MEASURES[quantity](self.analysis), self.measures[quantity].to_numpy(float)
            each = np.array(
                [moved(quantity, value, m.lacking) for value, m in zip(measures, self.drawn, strict=True)]
            )
            share = (
                value * (1 - value) / eligible * alike if quantity.startswith(("share", "powder")) else 0.0
            )
            return value, each, share
        row = self.result[quantity]
        # The interval of the headline, as the spread of worlds around its value.
        value, high = float(row["value"]), float(row["high_90"])
        return value, np.array([0.0, 0.0]), float(sd_of(value, high)) ** 2

    def _share_of_eligible(self, among: str) -> tuple[float, FloatArray]:
        """Share of a group in the eligible, in the run and in each world."""
        dimension, groups = groups_named(among)
        own = self.result.by_group
        own = own[(own["dimension"] == dimension) & (own["quantity"] == "eligible")]
        worlds = self.result.worlds_by_group
        worlds = worlds[worlds["dimension"] == dimension]
        each = worlds[worlds["group"].isin(groups)].groupby("world")["eligible"].sum()
        return (
            float(own.loc[own["group"].isin(groups), "value"].sum() / own["value"].sum()),
            (each / worlds.groupby("world")["eligible"].sum()).to_numpy(float),
        )

    def granted(self, until: np.datetime64) -> tuple[float, FloatArray]:
        """Motions granted by a day: the eligible, the rate, and who has an order by then and before leaving.

        When the eligible of the run would leave if denied is taken for those of every world.
        """
        dates = self.analysis.ordered_dates
        begin_ = np.datetime64(self.result.scenario.dates.reference.isoformat(), "M").astype("datetime64[D]")
        days = np.minimum(dates.if_denied[dates.eligible], until).astype("datetime64[D]") - begin_
        months = days.astype(np.float64) * (MONTHS_A_YEAR / DAYS_A_YEAR)
        granted_in = dates.month_if_granted[dates.eligible]

        def of(court: Decisions, eligible: float) -> float:
            return eligible * court.rate * float(court.decided_at(granted_in, months).mean())

        eligible = self.result.headline["value"].astype(float)["eligible"]
        each = [
            of(decisions(member.scenario, dates), float(number))
            for member, number in zip(self.drawn, self.result.worlds["eligible"], strict=True)
        ]
        if self.result.forecast is None:
            raise ValueError("the backtest needs the forecast of the run")
        return of(self.result.forecast.court, float(eligible)), np.array(each)


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
        "width": float(((rows["high_90"] - rows["low_90"]) / rows["forecast"]).median()),
    }
