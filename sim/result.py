"""A result as users hold it: what a run found, with the comparison and the pictures of the rooms after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import ParamSpec

import pandas as pd

from sim import runner
from sim.output import plots, store_read
from sim.results import results
from sim.scenario.scenario import Scenario
from sim.studies import comparison

P = ParamSpec("P")


class Result(results.Result):
    """Everything a run found.

    Attributes
    ----------
    scenario, seed
        What was asked.
    headline
        One row a quantity: value, bands, published figure and whether the value lies in the published band.
    releases_by_month
        Releases, and people of the stock in custody, by month and drug, with and without the amendment.
    eligibility_waterfall
        From all drug prisoners to the eligible, each exclusion by its code; adds up to the person.
    terms_before_after
        Distribution of terms and of time served, before and after.
    uncertainty
        For each quantity of the headline, the share of the variance from draws, districts, people and
        parameters; see `sim.results.uncertainty`.
    by_group
        Eligible people, their mean cut, releases on the first day and bed-years saved by drug, race,
        citizenship, criminal history category and district.
    waterfall_by_group
        The eligibility waterfall for each group of these.
    motions
        Expected motions by district and month: asked, screened, denied, granted, lapsed, waiting, decided.
    level_grid
        People by total offense level and category, before and after.
    drug_ladder
        The Drug Quantity Table before and after.
    outcomes
        What the releases come to: bed-years by year, money, crowding, routes out, destinations, supervision,
        returns, shares, people left out, new sentences; each with its bands and sources.
    worlds, worlds_by_month, worlds_by_group, worlds_outcomes
        The same quantities in each plausible world: what bands and comparisons come from.
    assumed
        What the run took for granted, one line each.
    provenance
        Version, seed, hash of the scenario, editions of the law, hash of the tables.
    analysis, forecast
        The people and the exact forecast behind the tables; None for a result read from a folder.

    Examples
    --------
    >>> import sim
    >>> result = sim.run("drugs-minus-two", worlds=0)
    >>> result["released_first_wave"]["unit"]
    'persons'
    """

    def compare(self, other: results.Result | Scenario | str) -> pd.DataFrame:
        """Differences of another scenario from this one, on the same people and the same worlds.

        Parameters
        ----------
        other
            A result, or a scenario (its shipped name, the path of its file), which is run like this one.

        Returns
        -------
        pandas.DataFrame
            One row a quantity: label, unit, first (this one), other, difference and its bands. The bands come
            from the differences, so what both scenarios share cancels; see `sim.compare`.

        Raises
        ------
        SimulationError
            The results come from different seeds, numbers of worlds or people and share nothing.
        """
        return comparison.compare(self, other).totals.drop(columns="scenario").set_index("quantity")

    def plot(self, name: str) -> object:
        """A picture of this result, such as "releases_by_month", for a notebook; see `sim.plots.show`."""
        return plots.show(self, name)


def _held(found: results.Result) -> Result:
    return found if isinstance(found, Result) else Result(**vars(found))


def _giving_results(made: Callable[P, results.Result]) -> Callable[P, Result]:
    @wraps(made)
    def held(*args: P.args, **kwargs: P.kwargs) -> Result:
        return _held(made(*args, **kwargs))

    return held


def _comparing(made: Callable[P, comparison.Comparison]) -> Callable[P, comparison.Comparison]:
    @wraps(made)
    def held(*args: P.args, **kwargs: P.kwargs) -> comparison.Comparison:
        found = made(*args, **kwargs)
        return replace(found, results=tuple(map(_held, found.results)))

    return held


run, read = _giving_results(runner.run), _giving_results(store_read.read)
compare = _comparing(comparison.compare)
