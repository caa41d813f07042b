"""Arrays by name and a note, as the bytes of one file that says itself whether it is whole.

    first line    the format, and the CRC-32 of all that follows, in hexadecimal
    second line   JSON: the note, and for each array its type, its length and the type it is stored as
    the rest      the arrays one after the other

Whole numbers and days are stored in the smallest type that holds them; what is read has the type that was
written.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]

FORMAT = b"drugs-minus-two arrays 1"
KINDS = "biufM"
"""Truth values, whole numbers, floating point and dates."""
SMALLER = (np.int8, np.int16, np.int32)
NONE = np.iinfo(np.int64).min
"""How NumPy writes a date that is none."""


def packed(arrays: Mapping[str, NDArray[Any]], note: Mapping[str, Any]) -> bytes:
    """The bytes of a file.

    Parameters
    ----------
    arrays
        One-dimensional arrays of truth values, numbers or dates.
    note
        Anything JSON can hold.

    Raises
    ------
    ValueError
        An array of another kind or shape.
    """
    rows, parts = [], []
    for name, array in arrays.items():
        if array.ndim != 1 or array.dtype.kind not in KINDS:
            raise ValueError(f"array {name!r} of type {array.dtype} and shape {array.shape} cannot be stored")
        stored = _smallest(array)
        rows.append([name, array.dtype.str, len(array), stored.dtype.str])
        parts.append(stored.tobytes())
    head = json.dumps({"note": note, "arrays": rows}).encode() + b"\n"
    check = crc32(head)
    for part in parts:
        check = crc32(part, check)
    return b"".join([FORMAT, b" %08x\n" % check, head, *parts])


def unpacked(content: bytes) -> tuple[Arrays, Any]:
    """Arrays and note of a file.

    Raises
    ------
    ValueError
        It is no such file, or not whole.
    """
    first = content[: len(FORMAT) + 10]
    if first[:-10] != FORMAT or first[-1:] != b"\n":
        raise ValueError("no file of arrays")
    body = memoryview(content)[len(first) :]
    if b" %08x\n" % crc32(body) != first[-10:]:
        raise ValueError("the file is not as it was written")
    begin = content.index(b"\n", len(first)) + 1
    head = json.loads(content[len(first) : begin])
    arrays: Arrays = {}
    for name, kind, length, stored in head["arrays"]:
        found = np.frombuffer(content, stored, length, begin)
        begin += found.nbytes
        arrays[name] = _restored(found, np.dtype(kind))
    return arrays, head["note"]


def _smallest(array: NDArray[Any]) -> NDArray[Any]:
    """The values in the smallest type that holds them; dates as numbers, none as the least one."""
    if array.dtype.kind == "M":
        array = array.view(np.int64)
        some = array[array != NONE]
    elif array.dtype.kind in "iu":
        some = array
    else:
        return array
    low, high = (int(some.min()), int(some.max())) if len(some) else (0, 0)
    for kind in SMALLER:
        room = np.iinfo(kind)
        if room.min < low and high <= room.max and np.dtype(kind).itemsize < array.dtype.itemsize:
            small = array.astype(kind)
            small[array == NONE] = room.min
            return small
    return array


def _restored(stored: NDArray[Any], wanted: np.dtype[Any]) -> NDArray[Any]:
    if wanted.kind != "M":
        return stored.astype(wanted)
    numbers = stored.astype(np.int64)
    numbers[stored == np.iinfo(stored.dtype).min] = NONE
    return numbers.view(wanted)
