"""Rules of courts that make a motion's fate depend on what happened before: capacity and second motions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.base.arrays import IntArray
from sim.base.errors import SimulationError

DAYS_A_WEEK = 7


@dataclass(frozen=True)
class Courts:
    """What sampling can follow and the exact forecast cannot.

    Parameters
    ----------
    weekly_capacity
        Most motions a court decides in a week: one number for every district, or one for each; no limit if
        left out. Motions are decided in the order in which they become ready; those of people who have
        left meanwhile still take their turn.
    refiling_share
        Chance that somebody whose motion is denied, and who is still inside by then, files again.
    refiling_weeks
        Weeks from a denial to the next motion.
    motions
        Most motions a person files.

    Raises
    ------
    SimulationError
        A value outside its bounds.

    Examples
    --------
    >>> import sim
    >>> result = sim.run("drugs-minus-two", worlds=0)
    >>> path = sim.sample_path(result, courts=sim.Courts(weekly_capacity=5))
    >>> bool(path["granted"].sum() < path["eligible"].sum())
    True
    """

    weekly_capacity: int | tuple[int, ...] | None = None
    refiling_share: float = 0.0
    refiling_weeks: int = 26
    motions: int = 2

    def __post_init__(self) -> None:
        capacity = self.weekly_capacity
        each = () if capacity is None else (capacity,) if isinstance(capacity, int) else capacity
        if not all(isinstance(one, int) and one >= 1 for one in each):
            raise SimulationError(f"courts: weekly_capacity is a whole number from 1 on, not {capacity!r}")
        if not 0 <= self.refiling_share <= 1:
            raise SimulationError(f"courts: refiling_share lies between 0 and 1, not {self.refiling_share!r}")
        for name in ("refiling_weeks", "motions"):
            value = getattr(self, name)
            if not isinstance(value, int) or value < 1:
                raise SimulationError(f"courts: {name} is a whole number from 1 on, not {value!r}")

    @property
    def plain(self) -> bool:
        """Whether no rule depends on the past, so that the exact forecast answers as well."""
        return self.weekly_capacity is None and (self.refiling_share == 0 or self.motions == 1)

    def capacities(self, districts: int) -> IntArray | None:
        """Capacity of each district, shape (districts,).

        Raises
        ------
        SimulationError
            Another number of districts.
        """
        if self.weekly_capacity is None:
            return None
        if isinstance(self.weekly_capacity, int):
            return np.full(districts, self.weekly_capacity, np.int64)
        if len(self.weekly_capacity) != districts:
            raise SimulationError(
                f"courts: weekly_capacity has {len(self.weekly_capacity)} numbers for {districts} districts"
            )
        return np.array(self.weekly_capacity, np.int64)


def decided_days(ready: IntArray, person: IntArray, district: IntArray, capacity: IntArray) -> IntArray:
    """Day on which each motion is decided, when a court takes so many a week in the order they are ready.

    Parameters
    ----------
    ready
        Day from which a motion could be decided, shape (motions,).
    person
        Who files; decides who comes first among motions ready on one day, shape (motions,).
    district
        The court, shape (motions,).
    capacity
        Motions a week, shape (districts,).

    Returns
    -------
    IntArray
        The day it is ready if the week has a place left, else the first day of the first week that has.

    Notes
    -----
    If places are numbered through the weeks, C a week, the k-th motion of a court gets place
    ``max(place of the one before + 1, C week)``, so ``place - k`` is a running maximum of ``C week - k``.
    """
    order = np.lexsort((person, ready, district))
    court = district[order]
    week = ready[order] // DAYS_A_WEEK
    begins = np.flatnonzero(np.append(True, court[1:] != court[:-1])[: len(court)])
    number = np.arange(len(court)) - np.repeat(begins, np.diff(np.append(begins, len(court))))
    places = capacity[court]
    free = places * week - number
    # A step between courts that no place can bridge keeps their running maxima apart.
    step = (int(np.abs(free).max(initial=0)) + 1) * 2
    place = np.maximum.accumulate(free + court * step) - court * step + number
    given = place // places
    found = np.empty(len(ready), np.int64)
    found[order] = np.where(given == week, ready[order], given * DAYS_A_WEEK)
    return found
