"""§2D1.1 comment n.8 (n.10 before 2014): several drugs, and drugs without rows of their own.

Each drug is converted to its marihuana equivalent (from 2018: converted drug weight), the sums of some
schedules are capped, and some drugs have a least level. One listed drug alone is never converted.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guidelines.arrays import BoolArray, FloatArray, IntArray, numbers
from guidelines.errors import ImpossibleValue, UnknownDrug, nearest
from guidelines.manual import Manual
from guidelines.s2d1_1_drug_quantity import quantity_base_level
from guidelines.s2d1_1_substances import NONE, Substances, substances_of

CRACK = "Cocaine Base"


def combined_base_level(substance: ArrayLike, quantity: ArrayLike, manual: Manual) -> IntArray:
    """Base offense level of all drugs of a case together, before (a)(5), shape (people,).

    Parameters
    ----------
    substance
        Names, or indices from `substance_index`, shape (people, drugs); -1 or an empty name for none.
    quantity
        Each drug's quantity in its own unit (g, ml, units, plants), shape (people, drugs).
    manual
        The edition.

    Returns
    -------
    IntArray
        Levels. One listed drug alone goes through its own rows; everything else is converted.

    Raises
    ------
    UnknownDrug
        A drug nobody knows, or one this edition cannot convert.
    ImpossibleValue
        A quantity that is NaN, negative or infinite; a case without any drug.

    Examples
    --------
    >>> manual = Manual.on("2014-11-01")
    >>> combined_base_level([["cocaine", "crack"], ["Oxymorphone", ""]], [[80, 2], [100, 0]], manual).tolist()
    [16, 26]
    """
    index, amount, kinds = _checked(substance, quantity, manual)
    own_row = kinds.quantity_drug[index]
    line = np.where(index == NONE, NONE, kinds.line[index])
    first = np.take_along_axis(line, np.argmax(index != NONE, axis=-1)[..., None], axis=-1)
    alone = ((line == first) | (index == NONE)).all(axis=-1) & (kinds.quantity_drug[first[:, 0]] != NONE)
    level = np.zeros(len(index), dtype=np.int32)
    if alone.any():
        level[alone] = quantity_base_level(own_row.max(axis=-1)[alone], amount.sum(axis=-1)[alone], manual)
    several = ~alone
    if several.any():
        level[several] = _converted_level(index[several], amount[several], kinds, manual)
    return level


def converted_weight_grams(substance: ArrayLike, quantity: ArrayLike, manual: Manual) -> FloatArray:
    """Marihuana equivalent or converted drug weight of all drugs of a case, with every cap, grams, (people,).

    Parameters and errors as in `combined_base_level`.

    Examples
    --------
    >>> float(converted_weight_grams([["cocaine", "crack"]], [[80, 2]], Manual.on("2014-11-01"))[0])
    23142.0
    """
    index, amount, kinds = _checked(substance, quantity, manual)
    return _weight(index, amount, kinds, manual)


def converted_weight_level(grams: ArrayLike, manual: Manual) -> IntArray:
    """Level of a marihuana equivalent or converted drug weight in grams, shape (people,)."""
    return quantity_base_level(substances_of(manual).weight_row, grams, manual)


def substance_index(names: ArrayLike, manual: Manual) -> IntArray:
    """Indices of drugs with or without rows of their own, same shape; -1 for an empty name.

    An index means the same drug in every edition. Common names are accepted.

    Raises
    ------
    UnknownDrug
        A name nobody knows, with the nearest one.
    """
    kinds = substances_of(manual)
    array = np.asarray(names)
    if array.dtype.kind in "iu":
        if array.size and (array.min() < NONE or array.max() >= len(kinds.names)):
            raise ImpossibleValue(f"§2D1.1 drug index: {NONE} to {len(kinds.names) - 1} are accepted")
        return array.astype(np.int32, copy=False)
    flat = []
    for name in array.ravel().tolist():
        wanted = str(name or "").strip().lower()
        found = kinds.by_name.get(wanted, NONE)
        if wanted and found == NONE:
            raise UnknownDrug(
                f"§2D1.1 edition {manual.label}: unknown drug {name!r}; "
                f"{nearest(str(name), [*kinds.names, *kinds.by_name])}"
            )
        flat.append(found)
    return np.array(flat, dtype=np.int32).reshape(array.shape)


def _checked(
    substance: ArrayLike, quantity: ArrayLike, manual: Manual
) -> tuple[IntArray, FloatArray, Substances]:
    kinds = substances_of(manual)
    index = np.atleast_2d(substance_index(substance, manual))
    given = np.atleast_2d(np.asarray(quantity, dtype=np.float64))
    if index.shape != given.shape:
        raise ImpossibleValue(
            f"§2D1.1: drugs have shape {index.shape}, quantities {given.shape}; give each drug its quantity"
        )
    amount = np.zeros(given.shape)
    used = index != NONE
    amount[used] = numbers(given[used], f"§2D1.1 edition {manual.label}, quantity")
    empty = ~used.any(axis=-1)
    if empty.any():
        raise ImpossibleValue(f"§2D1.1: row {int(np.argmax(empty))} has no drug; give at least one")
    return index, amount, kinds


def _weight(
    index: IntArray, amount: FloatArray, kinds: Substances, manual: Manual, *, without: int = NONE
) -> FloatArray:
    """Converted weight with every cap, shape (people,); one drug may be left out."""
    used = (index != NONE) & (index != without)
    rate = kinds.grams_per_unit[index]
    crack = kinds.by_name[CRACK.lower()]
    if kinds.crack_rates:
        # 2007-11-01 to 2008-04-30: the rate depends on the level of the cocaine base alone.
        base = np.where(index == crack, amount, 0.0).sum(axis=-1)
        level = quantity_base_level(CRACK, base, manual)
        by_level = np.array([kinds.crack_rates[int(found)] for found in level])
        rate = np.where(index == crack, by_level[:, None], rate)
    unknown = used & np.isnan(rate)
    if unknown.any():
        name = kinds.names[int(index[unknown][0])]
        raise UnknownDrug(
            f"§2D1.1 comment n.8 edition {manual.label}: {name} has no conversion rate in this edition"
        )
    weight = np.where(used, rate * amount, 0.0)
    group = kinds.group[index]
    capped = np.zeros(len(index))
    done = np.zeros(index.shape, dtype=np.bool_)
    # The capped sets lie one inside the other: V, IV + V, III + IV + V, hydrocodone + III + IV + V.
    for groups, most in kinds.caps:
        inside = np.isin(group, groups)
        capped = np.minimum(np.where(inside & ~done, weight, 0.0).sum(axis=-1) + capped, most)
        done = inside
    total: FloatArray = np.where(done, 0.0, weight).sum(axis=-1) + capped
    return total


def _converted_level(index: IntArray, amount: FloatArray, kinds: Substances, manual: Manual) -> IntArray:
    level = _least(index, converted_weight_level(_weight(index, amount, kinds, manual), manual), kinds)
    if not kinds.crack_levels:
        return level
    # Amendment 715: cocaine base with other drugs, two levels less, with three exceptions.
    crack = kinds.by_name[CRACK.lower()]
    base = np.where(index == crack, amount, 0.0).sum(axis=-1)
    others = (index != NONE) & (index != crack)
    both: BoolArray = (index == crack).any(axis=-1) & others.any(axis=-1)
    least, most = kinds.crack_exceptions
    both = both & (base >= least) & (base < most)
    if both.any():
        alone = converted_weight_level(_weight(index, amount, kinds, manual, without=crack), manual)
        alone = _least(np.where(others, index, NONE), alone, kinds)
        level = np.where(both, np.maximum(level + kinds.crack_levels, alone), level)
    return level


def _least(index: NDArray[np.int32], level: IntArray, kinds: Substances) -> IntArray:
    """The least level of some drugs, alone or with others."""
    least = np.where(index != NONE, kinds.least_level[index], 0).max(axis=-1)
    return np.asarray(np.maximum(level, least), dtype=np.int32)
