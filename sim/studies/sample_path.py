"""One imagined history, person by person, for inspection."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.base.errors import SimulationError
from sim.courts.courts import Courts
from sim.courts.motions import NEVER, Docket, history
from sim.results.results import Result


def sample_path(
    result: Result, *, courts: Courts | None = None, seed: int | None = None, replicate: int = 0
) -> pd.DataFrame:
    """What one drawn history does to each person of a run.

    Nothing published tells how a motion's time divides between filing and deciding; here it is filed on a
    day between the first on which courts may decide and the decision, each as likely as the other. Orders
    count from the beginning of the month after the decision, as in the exact forecast; those signed before
    the first day that orders may take effect, on it.

    Parameters
    ----------
    result
        A run.
    courts
        Rules that depend on the past; none if left out.
    seed
        The run's own if left out.
    replicate
        Which history.

    Returns
    -------
    pandas.DataFrame
        Index ``person_id``; columns eligible, filed_on (first motion), decided_on (last decision), granted,
        motions (how many were decided), refiled, release_on (NaT for life).

    Raises
    ------
    SimulationError
        The result was read from a folder and holds no people.
    """
    analysis, forecast = result.analysis, result.forecast
    if analysis is None or forecast is None:
        raise SimulationError("this result was read from a folder and holds no people; run it again")
    dates = analysis.ordered_dates
    docket = Docket.of(dates, analysis.stock.district, forecast.court, result.scenario.dates.effective)
    path = history(docket, courts or Courts(), result.seed if seed is None else seed, replicate)
    origin = (dates.day_one.astype("datetime64[M]") - dates.day_one_month).astype("datetime64[D]")
    rows, people = docket.person, len(dates.eligible)

    def days(numbers: np.ndarray) -> np.ndarray:
        every = np.full(people, np.datetime64("NaT"), "datetime64[s]")
        some = numbers < NEVER
        every[rows[some]] = origin + numbers[some]
        return every

    granted = np.zeros(people, np.bool_)
    granted[rows] = path.granted.any(axis=0)
    motions = np.zeros(people, np.int8)
    decided = path.decided < NEVER
    motions[rows] = decided.sum(axis=0)
    last = np.where(decided, path.decided, -NEVER).max(axis=0)
    last = np.where(decided.any(axis=0), last, NEVER)
    release = dates.if_denied.copy()
    order = np.flatnonzero(path.arrival < len(docket.starts))
    there = origin + docket.starts[path.arrival[order]]
    early = np.maximum(dates.if_granted[rows[order]], there)
    denied = dates.if_denied[rows[order]]
    release[rows[order]] = np.where(np.isnat(denied), early, np.minimum(early, denied))
    return pd.DataFrame(
        {
            "eligible": dates.eligible,
            "filed_on": days(path.filed[0]),
            "decided_on": days(last),
            "granted": granted,
            "motions": motions,
            "refiled": motions > 1,
            "release_on": release.astype("datetime64[s]"),
        },
        index=analysis.stock.people.index,
    )
