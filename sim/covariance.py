"""Covariances between months: for bands of whole curves, and of any total with weights by month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.grouped import Counts
from sim.judges import Judges

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Covariance:
    """Covariances of releases up to the end of each month, and so of people in custody; (months, months).

    Attributes
    ----------
    drawn
        From the independent decisions on single motions.
    districts
        From the spread of approval between districts.
    """

    drawn: FloatArray
    districts: FloatArray

    @property
    def total(self) -> FloatArray:
        """Both together."""
        return self.drawn + self.districts

    def variance_of(self, weight: FloatArray) -> float:
        """Variance of a sum over months of weight times people, such as the cost of those in custody.

        Parameters
        ----------
        weight
            Shape (months,).
        """
        return float(weight @ self.total @ weight)


def left_covariance(counts: Counts, judges: Judges, group: int | None = None) -> Covariance:
    """Exact covariances between months of the releases up to their end.

    A person who waits from q to e has left by the grant in month m with chance ``p F(m)`` and then also in
    every later month before e. So two months have the person in common if q is not after the first and
    e after the second.

    Parameters
    ----------
    counts
        Counted people.
    judges
        Approval and delay.
    group
        One group; all together if left out.
    """
    months = counts.months
    decided = judges.until_never(months)
    whose, granted, denied, people = counts.by_months
    if group is not None:
        here = whose == group
        granted, denied, people = granted[here], denied[here], people[here]
    pairs = np.bincount(granted * months + denied, people, months**2).reshape(months, months)
    by_first = np.cumsum(pairs, axis=0)  # q up to the first month
    later = by_first.sum(axis=1, keepdims=True) - np.cumsum(by_first, axis=1)  # and e after the second
    common = np.triu(later)
    common = common + np.triu(common, 1).T
    earlier = np.minimum.outer(decided, decided)
    drawn = common * (judges.rate * earlier - judges.square * np.outer(decided, decided))
    whom = slice(None) if group is None else slice(group, group + 1)
    here = counts.by_month_granted[whom].sum(axis=0) - counts.by_month_denied[whom].sum(axis=0)
    change = np.cumsum(here, axis=1) * decided
    return Covariance(drawn, judges.spread**2 * change.T @ change)
