"""Checks of array arguments: what is wrong, in which row, how often, and what would do."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guidelines.errors import ImpossibleValue

IntArray: TypeAlias = NDArray[np.int32]
FloatArray: TypeAlias = NDArray[np.float64]
BoolArray: TypeAlias = NDArray[np.bool_]
DateArray: TypeAlias = NDArray[np.datetime64]


def refuse(bad: BoolArray, values: NDArray[Any], what: str, accepted: str) -> None:
    """Raise ImpossibleValue for the first row that is bad; say how many rows are."""
    if not bad.any():
        return
    first, count = int(np.argmax(bad)), int(bad.sum())
    value = np.broadcast_to(values, bad.shape).ravel()[first]
    of_one = f"{what}: {value} given; {accepted}"
    if bad.ndim == 0:
        raise ImpossibleValue(of_one)
    more = f" ({count} such rows in all)" if count > 1 else ""
    raise ImpossibleValue(f"{what}: row {first} is {value}{more}; {accepted}", of_one)


def whole_numbers(values: ArrayLike, what: str, low: int, high: int) -> IntArray:
    """Whole numbers from low to high as int32, same shape."""
    array = np.asarray(values)
    accepted = f"whole numbers from {low} to {high} are accepted"
    if array.dtype.kind == "b":
        array = array.astype(np.int32)
    if array.dtype.kind not in "iuf":
        raise ImpossibleValue(f"{what}: {np.ravel(array)[:1].tolist()} given; {accepted}")
    if array.size:
        if array.dtype.kind == "f":
            with np.errstate(invalid="ignore"):
                refuse(~(np.floor(array) == array), array, what, accepted)
        if array.min() < low or array.max() > high:
            refuse((array < low) | (array > high), array, what, accepted)
    return array.astype(np.int32, copy=False)


def numbers(values: ArrayLike, what: str, *, missing: bool = False) -> FloatArray:
    """Finite numbers of zero or more as float64; NaN only where `missing` says so."""
    array = np.asarray(values)
    accepted = "numbers of zero or more are accepted"
    if array.dtype.kind == "O":
        try:
            array = array.astype(np.float64)
        except (TypeError, ValueError):
            raise ImpossibleValue(f"{what}: not all are numbers; {accepted}") from None
    if array.dtype.kind not in "iuf":
        raise ImpossibleValue(f"{what}: {np.ravel(array)[:1].tolist()} given; {accepted}")
    array = array.astype(np.float64, copy=False)
    good = (array >= 0) & (array < np.inf)
    if missing:
        good |= np.isnan(array)
    refuse(~good, array, what, accepted)
    return array


def yes_or_no(values: ArrayLike, what: str) -> BoolArray:
    """Truth values; 0 and 1 are taken as such."""
    array = np.asarray(values)
    if array.dtype.kind == "b":
        return array
    return whole_numbers(array, f"{what} (yes or no)", 0, 1).astype(np.bool_)
