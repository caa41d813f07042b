"""What courts do with motions: how many they grant, how districts differ, and when they decide."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.scenario.scenario import Scenario

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Judges:
    """Approval and delay.

    Attributes
    ----------
    rate
        Mean share of the legally eligible who are granted a cut.
    spread
        Standard deviation of that share between districts.
    decided_by
        Chance that a motion that will be granted has its order by the beginning of each month, shape
        (months,).
    """

    rate: float
    spread: float
    decided_by: FloatArray

    @property
    def square(self) -> float:
        """Mean square of a district's rate."""
        return self.rate**2 + self.spread**2

    @property
    def all_or_nothing(self) -> bool:
        """Whether districts are as far apart as can be: each grants everything or nothing."""
        return self.spread > 0 and self.spread**2 >= self.rate * (1 - self.rate) * (1 - 1e-9)

    def until_never(self, months: int) -> FloatArray:
        """`decided_by` over so many months, of which the last stands for "never" and not for time.

        Raises
        ------
        ValueError
            There are fewer months.
        """
        if len(self.decided_by) < months:
            raise ValueError(f"judges over {len(self.decided_by)} months for a forecast of {months}")
        decided = self.decided_by[:months].copy()
        if months > 1:
            decided[-1] = decided[-2]
        return decided

    def beta(self) -> tuple[float, float]:
        """Parameters of the beta distribution of a district's rate; a spread of 0 has none.

        Raises
        ------
        ValueError
            No spread between districts.
        """
        if self.spread == 0:
            raise ValueError("districts do not differ: the rate is one number, not a distribution")
        size = self.rate * (1 - self.rate) / self.spread**2 - 1
        return self.rate * size, (1 - self.rate) * size


def judges(scenario: Scenario, months: int) -> Judges:
    """The judges of a scenario over so many months from the month of the reference day.

    Courts may decide from the day of effect on; the delay until the order is log-normal.
    """
    from scipy.special import ndtr

    rules = scenario.judges
    reference = np.datetime64(scenario.dates.reference.isoformat(), "M")
    effective = np.datetime64(scenario.dates.effective.isoformat(), "M")
    since = np.arange(months) - (effective - reference).astype(int)
    if rules.decision_months_median == 0 or rules.decision_months_spread == 0:
        decided = (since >= rules.decision_months_median).astype(np.float64)
    else:
        away = np.log(np.maximum(since, 1e-300) / rules.decision_months_median) / rules.decision_months_spread
        decided = np.where(since > 0, ndtr(away), 0.0)
    return Judges(rules.approval_rate, rules.approval_spread, decided)
