"""One run as the outcomes see it, and one row of what they find."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from sim.courts.decisions import Decisions
from sim.eligibility.analysis import Analysis
from sim.projection.prospective import NewCustody
from sim.projection.spared_people import SparedPeople
from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Outcome:
    """One number.

    Attributes
    ----------
    quantity, group
        Entry of the glossary, and for whom or when; empty for everybody.
    value
        Expected.
    variance
        From the judges' decisions and the spread between districts; 0 where they do not enter.
    source
        Published figures and assumptions it rests on beside the run itself.
    unit
        Where the glossary's unit needs more, such as the year of prices.
    published, published_source
        What was published about the same, for the law that was in force.
    """

    quantity: str
    group: str
    value: float
    variance: float = 0.0
    source: str = ""
    unit: str = ""
    published: float = float("nan")
    published_source: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from the others."""
        return self.quantity, self.group


@dataclass(frozen=True)
class OutcomeInputs:
    """A stock put through a scenario.

    Attributes
    ----------
    scenario, analysis
        What was asked, and the people.
    court
        Chances of each step of a motion.
    new
        Custody of those sentenced later; None where the amendment does not follow the last year with data.
    scale
        People each row of the stock stands for.
    spread
        Whether the variance of each outcome is wanted beside its value.
    """

    scenario: Scenario
    analysis: Analysis
    court: Decisions
    new: NewCustody | None = None
    scale: float = 1.0
    spread: bool = True

    @cached_property
    def spared(self) -> SparedPeople:
        """The months people may be spared."""
        dates, district = self.analysis.ordered_dates, self.analysis.stock.district
        return SparedPeople(dates, district, self.court, self.scale, self.spread)

    @cached_property
    def citizen(self) -> NDArray[np.bool_]:
        """US citizens, shape (people,)."""
        return self.analysis.stock.sentenced.attributes["us_citizen"].astype(np.bool_)

    @cached_property
    def is_the_law(self) -> bool:
        """Whether the scenario is the law that was in force, so that published results speak about it."""
        return not self.own_people and self.scenario.hash == _hash_of_the_law()

    @property
    def own_people(self) -> bool:
        """Whether the people are somebody's own, whom no national figure is about."""
        return bool(self.analysis.stock.origin)

    @property
    def day_one_month(self) -> int:
        """Month of the first day that orders take effect."""
        return self.analysis.dates.day_one_month

    @property
    def horizon(self) -> int:
        """Months that are projected."""
        return min(self.scenario.dates.horizon_months, self.analysis.dates.never)

    def month(self, number: int) -> str:
        """Name of a month, such as 2015-11, counted from the month of the reference day."""
        first = np.datetime64(self.scenario.dates.reference.isoformat(), "M")
        return str(first + np.timedelta64(number, "M"))

    def years_after(self, years: tuple[int, ...]) -> list[int]:
        """The months so many years after the month of the first day, within the horizon."""
        months = [self.day_one_month + 12 * number for number in years]
        return [month for month in months if month < self.horizon]


@cache
def _hash_of_the_law() -> str:
    return Scenario.load("drugs-minus-two").hash
