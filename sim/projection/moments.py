"""Mean and variance of counts: what a forecast is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Quantity = Literal["bed_months", "first_day", "left", "releases", "in_custody"]
"""Totals whose exact distribution can be asked for."""


@dataclass(frozen=True)
class Moments:
    """Mean and variance of counts, split by where the variance comes from; arrays of shape (..., months).

    Attributes
    ----------
    mean
        Expected count.
    drawn
        Variance from the independent decisions on single motions.
    districts
        Variance from the spread of approval between districts.
    """

    mean: FloatArray
    drawn: FloatArray
    districts: FloatArray

    @property
    def sd(self) -> FloatArray:
        """Standard deviation."""
        return np.sqrt(self.drawn + self.districts)
