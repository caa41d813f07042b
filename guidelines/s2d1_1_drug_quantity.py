"""§2D1.1: base offense level of drug trafficking. §2D1.11 (chemicals) is out of scope.

The level of a single listed drug always comes from its own rows: the printed conversion rates are rounded,
and converting would land one row too low at every cocaine base threshold.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guidelines.arrays import FloatArray, IntArray, numbers, whole_numbers
from guidelines.errors import ImpossibleValue
from guidelines.manual import Manual


def quantity_base_level(drug: ArrayLike, quantity: ArrayLike, manual: Manual) -> IntArray:
    """Base offense level of the Drug Quantity Table, §2D1.1(c), before (a)(5).

    Parameters
    ----------
    drug
        Names, or indices into ``manual.drugs``; shape (people,) or one for all.
    quantity
        In the drug's own unit (``manual.drug_units``: grams or units); shape (people,) or one for all.
    manual
        The edition.

    Returns
    -------
    IntArray
        Levels, shape (people,). The quantity at which a band begins belongs to the band.

    Raises
    ------
    UnknownDrug
        A name nobody knows, or a drug without rows in this edition.
    ImpossibleValue
        A quantity that is NaN, negative or infinite.

    Examples
    --------
    >>> quantity_base_level(["heroin", "crack"], [1000, 28], Manual.on("2013-11-01")).tolist()
    [32, 26]
    """
    index = manual.drug_index(drug)
    amount = numbers(quantity, f"§2D1.1(c) edition {manual.label}, quantity")
    index, amount = np.broadcast_arrays(index, amount)
    level: IntArray = manual.quantity_levels.ravel()[band(index, amount, manual)]
    return level


def band(index: IntArray, amount: FloatArray, manual: Manual) -> NDArray[np.intp]:
    """Flat positions in `Manual.quantity_levels` of checked drug indices and quantities.

    A binary search in every row at once; exact at the cut points because it only compares.
    """
    cuts = manual.quantity_cuts
    width = cuts.shape[1]
    flat = cuts.ravel()
    position: NDArray[np.intp] = index.astype(np.intp) * width
    step = width // 2
    while step:
        position += step * (flat[position + step] <= amount)
        step //= 2
    return position


def mitigating_role_cap(base_level: ArrayLike, mitigating_role: ArrayLike, manual: Manual) -> IntArray:
    """Base offense level after §2D1.1(a)(5), shape (people,).

    Parameters
    ----------
    base_level
        Level of the Drug Quantity Table, 0-43.
    mitigating_role
        Adjustment under §3B1.2 as found: 0, -2, -3 or -4.
    manual
        The edition.

    Raises
    ------
    ImpossibleValue
        A level outside 0-43 or another adjustment.

    Examples
    --------
    >>> mitigating_role_cap([38, 38, 32, 32], [0, -2, -2, -4], Manual.on("2014-11-01")).tolist()
    [38, 34, 30, 30]
    """
    _, greatest = manual.level_limits
    level = whole_numbers(base_level, f"§2D1.1(a)(5) edition {manual.label}, base level", 0, greatest)
    return manual.role_cap[-role(mitigating_role), level]


def role(mitigating_role: ArrayLike) -> IntArray:
    """A checked §3B1.2 adjustment: 0, -2, -3 or -4."""
    size = whole_numbers(mitigating_role, "§3B1.2 mitigating_role", -4, 0)
    if (size == -1).any():
        raise ImpossibleValue("§3B1.2 mitigating_role: -1 given; 0, -2, -3 and -4 are accepted")
    return size
