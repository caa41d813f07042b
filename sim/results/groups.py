"""Counts by drug, race, citizenship, criminal history category and district, exact like the forecast.

Each person adds ``p F`` releases on the first day and ``p S`` bed-months: p is the district's approval
rate, F the chance that the order is there by then and S the months it spares. Sums of these need only the
mean and the mean square of p, as in `sim.projection.project`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from guidelines import LIFE
from guidelines.manual import CATEGORIES
from sim.base.arrays import FloatArray, IntArray
from sim.base.fiscal import MONTHS_A_YEAR
from sim.courts.decisions import Decisions
from sim.eligibility.analysis import Analysis
from sim.people.associations import RACES
from sim.people.flows import DRUGS
from sim.projection.project import bed_months
from sim.projection.spared_people import SparedPeople
from sim.results.results import with_bands
from sim.results.waterfall import ELIGIBLE, LABELS, STEPS, exclusion_step

CITIZENSHIP = ("US citizen", "not US citizen")
COUNTS = ("persons", "eligible", "eligible_day_one", "released_first_wave", "bed_years_saved")
"""Quantities that add up over the groups of a dimension."""
QUANTITIES = (*COUNTS, "mean_cut_months")
"""Columns of the arrays here, in this order."""


@dataclass(frozen=True)
class GroupCounts:
    """Quantities by group.

    Attributes
    ----------
    mean
        Shape (groups, quantities); NaN for the mean cut of a group in which nobody is eligible.
    variance
        Same shape: from the judges' decisions and from the spread between districts.
    """

    mean: FloatArray
    variance: FloatArray


def group_names(analysis: Analysis) -> pd.DataFrame:
    """Dimension and group of each row of the counts."""
    names = [(dimension, name) for dimension, _, names in members_of(analysis) for name in names]
    return pd.DataFrame(names, columns=["dimension", "group"])


def count_groups(
    analysis: Analysis, court: Decisions, scale: float = 1.0, spread: bool = True
) -> GroupCounts:
    """Every quantity for every group.

    Each row of the stock stands for `scale` people; without `spread` variances are 0.
    """
    dates, ordered, cut = analysis.dates, analysis.ordered_dates, analysis.cut
    finite = dates.eligible & (cut.imposed_term_months < LIFE)
    people = SparedPeople(ordered, analysis.stock.district, court, scale, spread)
    saved, square = bed_months(people.begin, people.end, court)
    lasts = people.end < dates.never  # a life term has no length
    saved, square = lasts * saved / MONTHS_A_YEAR, lasts * square / MONTHS_A_YEAR**2
    whole = np.ones(len(dates.eligible)), dates.eligible, dates.on_day_one
    parts = []
    for _, member, names in members_of(analysis):
        months, persons = (
            _total(member, each, len(names)) for each in (np.where(finite, cut.months, 0), finite)
        )
        mean_cut = np.divide(months, persons, out=np.full(len(names), np.nan), where=persons > 0)
        exact = [scale * _total(member, whom, len(names)) for whom in whole]
        drawn = people.first_day(member, len(names)), people.amounts(saved, square, member, len(names))
        mean = np.column_stack([*exact, *(each.mean for each in drawn), mean_cut])
        variance = np.zeros_like(mean)
        variance[:, 3], variance[:, 4] = (each.variance for each in drawn)
        parts.append((mean, variance))
    means, variances = zip(*parts, strict=True)
    return GroupCounts(np.concatenate(means), np.concatenate(variances))


def by_group(analysis: Analysis, court: Decisions, worlds: Sequence[FloatArray]) -> pd.DataFrame:
    """The counts as a table with bands.

    `worlds` holds `GroupCounts.mean` of each plausible world. Columns dimension, group, quantity, value,
    sd and the bands.
    """
    counts = count_groups(analysis, court)
    variance = counts.variance + (np.stack(worlds).var(axis=0, ddof=1) if len(worlds) > 1 else 0.0)
    names = group_names(analysis)
    table = names.loc[names.index.repeat(len(QUANTITIES))].reset_index(drop=True)
    table["quantity"] = np.tile(QUANTITIES, len(names))
    table["value"], table["sd"] = counts.mean.ravel(), np.sqrt(variance).ravel()
    return with_bands(table, table["value"], table["sd"], least=0.0)


def worlds_by_group(analysis: Analysis, worlds: Sequence[FloatArray]) -> pd.DataFrame:
    """Columns world, dimension, group and one for each of `QUANTITIES`."""
    names = group_names(analysis)
    table = pd.concat([names] * len(worlds), ignore_index=True) if worlds else names.iloc[:0].copy()
    table.insert(0, "world", np.repeat(np.arange(len(worlds)), len(names)))
    table[list(QUANTITIES)] = np.concatenate(worlds) if worlds else np.empty((0, len(QUANTITIES)))
    return table


def waterfall_by_group(analysis: Analysis) -> pd.DataFrame:
    """People of each group by the code that leaves them out.

    Columns dimension, group, code, label, persons; the codes in the order of the waterfall, "eligible"
    last. The persons of a group add up to its people, and those of a code within a dimension to its step
    of the waterfall. Codes that leave out nobody at all have no rows; "eligible" always has.
    """
    every = {**LABELS, ELIGIBLE: "eligible"}
    code = exclusion_step(analysis)
    total = np.bincount(code, minlength=len(STEPS))
    met = np.flatnonzero((total > 0) | (np.arange(len(STEPS)) == STEPS.index(ELIGIBLE)))
    codes = np.array(list(every))[met]
    parts = []
    for dimension, member, names in members_of(analysis):
        counts = np.bincount(member * len(every) + code, minlength=len(names) * len(every))
        parts.append(
            pd.DataFrame(
                {
                    "dimension": dimension,
                    "group": np.repeat(np.array(names), len(met)),
                    "code": np.tile(codes, len(names)),
                    "label": np.tile([every[name] for name in codes], len(names)),
                    "persons": counts.reshape(len(names), len(every))[:, met].ravel(),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def members_of(analysis: Analysis) -> list[tuple[str, IntArray, tuple[str, ...]]]:
    """Dimensions of a stock: name, each person's group with shape (people,), names of the groups."""
    people = analysis.stock.sentenced
    known = people.attributes
    district = analysis.stock.people["district"].cat
    return [
        ("drug", people.drug, DRUGS),
        ("race", known["race"].astype(np.int64), RACES),
        ("citizenship", (~known["us_citizen"].astype(np.bool_)).astype(np.int64), CITIZENSHIP),
        ("category", known["criminal_history_category"].astype(np.int64) - 1, CATEGORIES),
        ("district", analysis.stock.district, tuple(map(str, district.categories))),
    ]


def _total(member: IntArray, weight: NDArray[np.generic], groups: int) -> FloatArray:
    return np.bincount(member, weight, groups).astype(np.float64)
