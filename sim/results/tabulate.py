"""The tables of a result, made from the analysis, the exact forecast and the spread of plausible worlds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from guidelines import LIFE
from sim.base.arrays import FloatArray
from sim.base.fiscal import MONTHS_A_YEAR, fiscal_year_of
from sim.base.provenance import provenance
from sim.eligibility.analysis import Analysis
from sim.eligibility.calendar import month_starts, served_months
from sim.people.flows import DRUGS, LAST_DATA_YEAR
from sim.people.parameters import Parameters
from sim.projection.admissions import told as admissions_told
from sim.projection.project import Forecast
from sim.projection.prospective import tells_of_new_sentences
from sim.results.glossary import LABELS, WITHOUT_MOTION, units
from sim.results.glossary_assumptions import facts_taken
from sim.results.groups import by_group, waterfall_by_group, worlds_by_group
from sim.results.law_tables import drug_ladder, level_grid
from sim.results.motions import motions_by_month
from sim.results.outcomes.table import outcome_inputs, outcome_table, outcomes, worlds_outcomes
from sim.results.people_table import far_outside
from sim.results.quantities_of_interest import counting_told, describe, describe_counted
from sim.results.results import BANDS, Result, with_bands
from sim.results.targets import Target, targets_of
from sim.results.uncertainty import exact_bands, luck, variances
from sim.results.waterfall import ELIGIBLE, STEPS, waterfall
from sim.scenario.scenario import Scenario

GROUPS = (*DRUGS, "all")
CHANCES = (0.05, 0.25, 0.75, 0.95)
"""Of the columns `BANDS`."""
FAR_MONTHS = 24
"""Beyond so many months what is told of all in prison hangs on how many are sentenced later."""


@dataclass(frozen=True)
class World:
    """What one plausible world gives: quantities, releases by drug and month, groups, outcomes, steps."""

    quantities: Mapping[str, float]
    releases: FloatArray
    without: FloatArray
    groups: FloatArray | None = None
    outcomes: Mapping[tuple[str, str], float] | None = None
    steps: FloatArray | None = None


def result_tables(
    scenario: Scenario,
    seed: int,
    parameters: Parameters,
    analysis: Analysis,
    forecast: Forecast,
    worlds: Sequence[World],
) -> Result:
    """All tables of a run.

    No plausible worlds leave bands of the judges' draws alone.
    """
    found = describe(analysis, forecast, scenario, parameters) | describe_counted(analysis)
    steps = _with_intervals(waterfall(analysis), [world.steps for world in worlds if world.steps is not None])
    steps_by_group = waterfall_by_group(analysis)
    terms, grid = terms_before_after(analysis), level_grid(analysis)
    own = outcomes(outcome_inputs(analysis, scenario, forecast.court))
    before, after = analysis.before.manual, analysis.after.manual
    ladder, where_from = (
        drug_ladder(before, after),
        provenance(scenario.name, scenario.hash, seed, before, after),
    )
    each = pd.DataFrame([dict(world.quantities) for world in worlds], columns=list(found))
    variance = variances(found, analysis, forecast, each)
    by_groups = [world.groups for world in worlds if world.groups is not None]
    later = [world.outcomes for world in worlds if world.outcomes is not None]
    origin = analysis.stock.origin
    targets = {} if origin else targets_of(scenario)  # what was published is about all drug prisoners
    told = headline(found, variance.sum(axis=1), targets, labels(scenario))
    if not worlds:
        for name, quantiles in exact_bands(forecast, CHANCES).items():
            told.loc[name, list(BANDS)] = quantiles
    steps.loc[steps["code"] == ELIGIBLE, list(BANDS)] = told.loc[["eligible"], list(BANDS)].to_numpy()
    return Result(
        scenario=scenario,
        seed=seed,
        headline=told,
        releases_by_month=by_month(scenario, forecast, worlds, people_drawn=not origin),
        eligibility_waterfall=steps,
        waterfall_by_group=steps_by_group,
        terms_before_after=terms,
        uncertainty=variance.div(variance.sum(axis=1).where(variance.sum(axis=1) > 0), axis=0),
        assumed=assumed(analysis, scenario, parameters),
        analysis=analysis,
        forecast=forecast,
        worlds=each,
        by_group=by_group(analysis, forecast.court, by_groups),
        motions=motions_by_month(analysis, scenario, forecast.court),
        level_grid=grid,
        drug_ladder=ladder,
        worlds_by_month=worlds_by_month(scenario, forecast, worlds),
        worlds_by_group=worlds_by_group(analysis, by_groups),
        outcomes=outcome_table(own, later),
        worlds_outcomes=worlds_outcomes(later),
        provenance=where_from | ({"people": dict(origin)} if origin else {}),
    )


def _with_intervals(table: pd.DataFrame, worlds: Sequence[FloatArray]) -> pd.DataFrame:
    """The waterfall with `BANDS` of the people at each step, from the spread between plausible worlds.

    `worlds` holds `step_counts` in each world; fewer than two give no intervals.
    """
    middle = table["persons"].where(table["code"] != ELIGIBLE, table["remaining"]).astype(float)
    spread = np.zeros(len(table))
    if len(worlds) > 1:
        of_step = dict(zip(STEPS, np.std(worlds, axis=0, ddof=1), strict=True))
        spread = np.array([of_step.get(code, 0.0) for code in table["code"]])
    return with_bands(table, middle, pd.Series(spread), least=0.0)


def labels(scenario: Scenario) -> Mapping[str, str]:
    """What each quantity is called in a scenario."""
    return LABELS | WITHOUT_MOTION if scenario.without_motion else LABELS


def headline(
    found: Mapping[str, float],
    variance: pd.Series,
    targets: Mapping[str, Target],
    labels: Mapping[str, str] = LABELS,
) -> pd.DataFrame:
    """One row a quantity, with bands and the published figure it is held against."""
    names = list(found)
    table = pd.DataFrame(index=pd.Index(names, name="quantity"))
    table["label"] = [labels[name] for name in names]
    table["unit"] = [units(name) for name in names]
    table["value"] = [found[name] for name in names]
    table = with_bands(table, table["value"], np.sqrt(variance.reindex(names)), least=0.0)
    blank = Target("", "", "", "", "", "", np.nan, np.nan, np.nan)
    held = [targets.get(name, blank) for name in names]
    for column, attribute in (("target", "id"), ("published", "value"), ("published_low", "low"),
                              ("published_high", "high"), ("role", "role"), ("basis", "basis")):  # fmt: skip
        table[column] = [getattr(target, attribute) for target in held]
    inside = table["value"].between(table["published_low"], table["published_high"])
    table["in_published_band"] = inside.where(table["published_low"].notna()).astype("boolean")
    return table


def by_month(
    scenario: Scenario, forecast: Forecast, worlds: Sequence[World], *, people_drawn: bool = True
) -> pd.DataFrame:
    """Releases and people in custody by month and drug, with and without the amendment, with bands."""
    months = min(scenario.dates.horizon_months, forecast.without.shape[1] - 1)
    starts = month_starts(scenario, months)
    spreads = {
        "releases_with": [w.releases for w in worlds],
        "releases_without": [w.without for w in worlds],
        "in_custody_with": [_inside(w.releases, w.without) for w in worlds],
        "in_custody_without": [_inside(w.without, w.without) for w in worlds],
    }
    parts = []
    for name, moments in forecast.series.items():
        variance = (moments.drawn + moments.districts)[:, :months]
        variance = variance + _spread([rows[:, :months] for rows in spreads[name]])
        if len(worlds) > 1 and people_drawn:
            variance = variance + luck(moments, int(forecast.without[-1].sum()))[:, :months]
        parts.append(
            pd.DataFrame(
                {
                    "month": np.tile(starts.astype("datetime64[M]").astype(str), len(GROUPS)),
                    "drug": np.repeat(GROUPS, months),
                    "quantity": name,
                    "value": moments.mean[:, :months].ravel(),
                    "sd": np.sqrt(variance).ravel(),
                }
            )
        )
    table = pd.concat(parts, ignore_index=True)
    return with_bands(table, table["value"], table["sd"], least=0.0)


def worlds_by_month(scenario: Scenario, forecast: Forecast, worlds: Sequence[World]) -> pd.DataFrame:
    """Columns world, month, drug, releases_with, releases_without: the months of `by_month` in each world."""
    months = min(scenario.dates.horizon_months, forecast.without.shape[1] - 1)
    names = month_starts(scenario, months).astype("datetime64[M]").astype(str)
    empty = np.empty(0)
    columns = [
        np.concatenate([empty, *(rows[:, :months].ravel() for rows in each)])
        for each in ([w.releases for w in worlds], [w.without for w in worlds])
    ]
    return pd.DataFrame(
        {
            "world": np.repeat(np.arange(len(worlds)), len(GROUPS) * months),
            "month": np.tile(names, len(GROUPS) * len(worlds)),
            "drug": np.tile(np.repeat(GROUPS, months), len(worlds)),
            "releases_with": columns[0],
            "releases_without": columns[1],
        }
    )


def terms_before_after(analysis: Analysis) -> pd.DataFrame:
    """People by year of term and of time served, before and after: the eligible, the first wave, the others.

    Columns group, measure (term or served), from_years, to_years, before, after. Life stands in a row of
    its own with from_years NaN.
    """
    cut, dates, people = analysis.cut, analysis.dates, analysis.stock.sentenced
    served = [served_months(people, day) for day in (dates.if_denied, dates.if_granted)]
    present = cut.imposed_term_months
    reduced = np.where(dates.eligible, cut.reduced_term_months, present)
    terms = [np.where(term >= LIFE, np.nan, term) for term in (present, reduced)]
    parts = []
    everybody = np.ones(len(people), np.bool_)
    for group, whom in (
        ("eligible", dates.eligible),
        ("first wave", dates.on_day_one),
        ("not eligible", ~dates.eligible),
        ("everybody", everybody),
    ):
        for measure, (before, after) in (("term", terms), ("served", served)):
            longest = int(np.nanmax(np.concatenate([before[whom], [0.0]])) // MONTHS_A_YEAR) + 1
            edges = np.arange(longest + 1)
            first, second = (
                np.histogram(months[whom] / MONTHS_A_YEAR, edges)[0] for months in (before, after)
            )
            life = [int(np.isnan(months[whom]).sum()) for months in (before, after)]
            parts.append(
                pd.DataFrame(
                    {
                        "group": group,
                        "measure": measure,
                        "from_years": [*edges[:-1].astype(float), np.nan],
                        "to_years": [*edges[1:].astype(float), np.nan],
                        "before": [*first, life[0]],
                        "after": [*second, life[1]],
                    }
                )
            )
    return pd.concat(parts, ignore_index=True)


def assumed(analysis: Analysis, scenario: Scenario, parameters: Parameters) -> tuple[str, ...]:
    """What the run took for granted, one line each."""
    lines = facts_taken(analysis.before.assumed)
    lines += analysis.stock.assumed
    if analysis.stock.origin and (told := far_outside(analysis)):
        lines.append(told)
    if scenario.without_motion:
        lines.append("nobody loses good conduct time, and every release is worked out anew on the first day")
    else:
        whole = scenario.judges.whole_cut_share
        part = f"; {100 * (1 - whole):.0f} percent of the granted get a part of that cut" if whole < 1 else ""
        lines.append(f"a court that grants keeps the person's place relative to the range{part}")
        lines.append("whoever asks, asks once; whoever leaves before the decision has no answer")
    if analysis.counted is not analysis.dates:
        lines.append(counting_told(scenario.counted_as))
    lines.append("nobody dies, escapes or is deported before release")
    if scenario.mandatory_minimums.change:
        lines.append("courts apply the lower mandatory minimums on the days of the amendment, and as often")
    if tells_of_new_sentences(analysis.stock, scenario) and scenario.dates.horizon_months > FAR_MONTHS:
        lines.append(f"beyond two years: {admissions_told(scenario.admissions)}")
    if fiscal_year_of(np.datetime64(scenario.dates.reference.isoformat())) > LAST_DATA_YEAR + 1:
        lines.append(f"sentences after fiscal year {LAST_DATA_YEAR} are as many and of the kind of that year")
    if scenario.limits.exclude_924c:
        lines.append("a firearm count under 18 U.S.C. 924(c) is not told apart from other weapons")
    return tuple(lines)


def _inside(releases: FloatArray, without: FloatArray) -> FloatArray:
    inside: FloatArray = without.sum(axis=1, keepdims=True) - np.cumsum(releases, axis=1)
    return inside


def _spread(worlds: Sequence[FloatArray]) -> FloatArray | float:
    """Variance between worlds, month by month; worlds may differ in how far they reach."""
    if len(worlds) < 2:
        return 0.0
    months = max(rows.shape[1] for rows in worlds)
    whole = np.stack([np.pad(rows, ((0, 0), (0, months - rows.shape[1])), mode="edge") for rows in worlds])
    variance: FloatArray = whole.var(axis=0, ddof=1)
    return variance
