"""Commutations: who meets the criteria, and who of them leaves on the day, whatever courts decide."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from guidelines.s1b1_1_worksheet import Worksheet
from sim.base.arrays import BoolArray
from sim.base.fiscal import DAYS_A_MONTH, MONTHS_A_YEAR
from sim.people.attributes import within
from sim.people.stock import Stock
from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Commuted:
    """Columns of shape (people,).

    Attributes
    ----------
    meets
        Has served long enough on the reference day, would get a lower range today, and is within the limits.
    granted
        Leaves by commutation.
    release_before
        Projected release without it; NaT for life.
    """

    meets: BoolArray
    granted: BoolArray
    release_before: NDArray[np.datetime64]


def commute(
    stock: Stock, before: Worksheet, after: Worksheet, scenario: Scenario
) -> tuple[Stock, Commuted | None]:
    """The stock with the commutations of a scenario done, and who got them; None where there are none.

    As large a share of the stock gets one as `commutations` are of all drug prisoners: every so many-th of
    those who meet the criteria, as nothing published says who was picked.

    `before` and `after` are the worksheets at sentencing and with the amendment in force: "a lower
    sentence today".
    """
    rules, people = scenario.clemency, stock.sentenced
    if not rules.commutations or rules.on is None:
        return stock, None
    day = np.datetime64(rules.on.isoformat())
    served = (np.datetime64(scenario.dates.reference.isoformat()) - people.sentenced_on).astype(np.float64)
    years = (served + people.jail_credit_days) / (DAYS_A_MONTH * MONTHS_A_YEAR)
    lower = after["guideline_range_minimum_months"] < before["guideline_range_minimum_months"]
    later = ~(people.release_on <= day)
    meets = lower & later & (years >= rules.served_years) & within(people.attributes, rules.limits)
    those = np.flatnonzero(meets)
    count = min(round(rules.commutations / scenario.people.stock * len(people)), len(those))
    granted = np.zeros(len(people), np.bool_)
    granted[those[((np.arange(count) + 0.5) * len(those) / max(count, 1)).astype(np.int64)]] = True
    freed = replace(people, release_on=np.where(granted, day, people.release_on))
    return replace(stock, sentenced=freed), Commuted(meets, granted, people.release_on)
