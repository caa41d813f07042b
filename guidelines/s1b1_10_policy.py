"""§1B1.10(a), (d), (e): which amendments are listed, from when, and the policy statement by day of the order.

The text in force on the day of the reduction order governs, not that of the day of sentencing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guidelines.amendments import Amendment
from guidelines.arrays import BoolArray
from guidelines.errors import MissingFact
from guidelines.facts import Facts
from guidelines.tables import editions, law


@dataclass(frozen=True)
class Policy:
    """The policy statement on the day of each order: booleans of shape (people,) or one for all."""

    assistance_lifts_minimum: Any
    needs_assistance: Any
    discarded_is_no_basis: Any
    not_below_time_served: Any

    @classmethod
    def on(cls, order: NDArray[np.datetime64]) -> Policy:
        """The rules of every order's day."""
        if not order.size:
            return cls(*(np.zeros(0, dtype=np.bool_) for _ in range(4)))
        first = order.ravel()[0]
        if (order == first).all():
            return cls(*policy_on(str(first)))
        days, which = np.unique(order, return_inverse=True)
        return cls(
            *(np.array(column)[which] for column in zip(*(policy_on(str(d)) for d in days), strict=True))
        )


@lru_cache(maxsize=256)
def policy_on(day: str) -> tuple[bool, bool, bool, bool]:
    """The rules of one day, in the order of the fields of `Policy`."""
    table = law("retroactivity_policy", day)
    names = (
        "assistance_lifts_statutory_minimum",
        "below_range_term_needs_assistance_motion",
        "discarded_range_is_no_basis",
        "term_not_below_time_served",
    )
    a, b, c, d = (bool(table.figure(rule=name)) for name in names)
    return a, b, c, d


@lru_cache(maxsize=256)
def floor_is_limit(day: str) -> bool:
    """Whether an order of that day could not go below the amended range: since Amendment 712 of March 2008.

    Examples
    --------
    >>> floor_is_limit("2008-03-02"), floor_is_limit("2008-03-03")
    (False, True)
    """
    day = max(day, editions("retroactivity_policy")[0])
    return bool(law("retroactivity_policy", day).figure(rule="term_not_below_amended_minimum"))


def as_amendments(given: Any) -> tuple[Amendment, ...]:
    """One amendment or several, by number or as values."""
    several = [given] if isinstance(given, (str, int, Amendment)) else list(given)
    if not several:
        raise MissingFact("§1B1.10: no amendment given; name at least one, such as 782")
    return tuple(a if isinstance(a, Amendment) else Amendment.load(a) for a in several)


def order_day(facts: Facts, laws: tuple[Amendment, ...]) -> NDArray[np.datetime64]:
    """The day the order takes effect: the earliest all amendments allow if left out, or today's text."""
    if "order_effective_on" in facts:
        return facts["order_effective_on"]
    days = [a.order_effective_from or a.retroactive_from or a.effective_from for a in laws]
    latest = max((day for day in days if day), default=editions("retroactivity_policy")[-1])
    return np.array(latest, dtype="datetime64[D]")


def not_listed(laws: tuple[Amendment, ...], order: NDArray[np.datetime64]) -> BoolArray:
    """Whether §1B1.10(d) lacks one of the amendments on the day of the order."""
    unlisted = np.zeros(order.shape, dtype=np.bool_)
    for amendment in laws:
        if not amendment.listed:
            return np.ones(order.shape, dtype=np.bool_)
        unlisted = unlisted | (order < np.datetime64(amendment.retroactive_from))
    return unlisted


def too_early(laws: tuple[Amendment, ...], order: NDArray[np.datetime64]) -> BoolArray:
    """Whether the order takes effect before the day §1B1.10(e) sets."""
    early = np.zeros(order.shape, dtype=np.bool_)
    for amendment in laws:
        if amendment.order_effective_from:
            early = early | (order < np.datetime64(amendment.order_effective_from))
    return early
