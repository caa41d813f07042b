"""Chance: the only source of randomness in the project.

Every draw has an address: (seed, purpose, replicate, person). The first two make the key of a Philox
counter-based generator, the last two its counter. So a person's number can be worked out alone, and it is
the same whatever the order, the chunks or the number of people asked for, and whatever other purposes
drew. The scenario is no part of the address: two scenarios share draws person by person, and a
difference between them is a difference of rules, not of luck.

`uniforms` are equal bit by bit on every machine. `normals` goes through the inverse of the
normal distribution, whose last bits depend on the mathematical library.
"""

from __future__ import annotations

from operator import index
from zlib import crc32

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.base.arrays import FloatArray

__all__ = ["normals", "uniforms"]

WordArray = NDArray[np.uint64]

WORDS_PER_COUNT = 4  # Philox4x64 gives four words for one value of its counter
WASTE = 8  # words worth throwing away for one that is used, before people are looked up run by run
GAP = 2048  # ids between two people that are worth a new generator


def uniforms(seed: int, purpose: str, person_id: ArrayLike, replicate: int = 0) -> FloatArray:
    """One number in [0, 1) per person for one decision.

    Parameters
    ----------
    seed : int
        Zero or more, of any size.
    purpose : str
        What the draw decides, such as ``"approval"``; other purposes have independent numbers.
    person_id : array_like of int
        Zero or more, in any order, of any shape; the same id always gets the same number.
    replicate : int
        Which repetition of the whole history, from zero.

    Returns
    -------
    ndarray of float64
        The shape of `person_id`. Multiples of 2**-53.

    Raises
    ------
    ValueError
        For an empty purpose, or a seed, replicate or id that is negative or no integer.

    Notes
    -----
    Philox4x64-10: J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw, "Parallel random numbers: as easy
    as 1, 2, 3", SC'11. NumPy keeps the words of its bit generators unchanged between versions, unlike
    the distributions made from them, which is why only the words are used here.
    """
    return np.asarray((_words(seed, purpose, person_id, replicate) >> np.uint64(11)) * 2.0**-53)


def normals(seed: int, purpose: str, person_id: ArrayLike, replicate: int = 0) -> FloatArray:
    """One standard normal number per person: the normal quantile of a uniform one.

    Arguments, shape and errors as for `uniforms`. Always finite, and increasing in the number that
    `uniforms` gives for the same address.
    """
    from scipy.special import ndtri  # a third of a second to import

    # The middle of one of 2**52 equal steps: never 0 or 1, whose quantile is infinite.
    unit = ((_words(seed, purpose, person_id, replicate) >> np.uint64(12)) + 0.5) * 2.0**-52
    normal: FloatArray = ndtri(unit)
    return normal


def _words(seed: int, purpose: str, person_id: ArrayLike, replicate: int) -> WordArray:
    """One 64-bit word per person, the shape of `person_id`; checks the address."""
    seed, replicate = _whole("seed", seed), _whole("replicate", replicate, below=2**64)
    if not purpose:
        raise ValueError("streams: the purpose of a draw must be named")
    ids = np.asarray(person_id)
    if ids.size == 0:
        return np.empty(ids.shape, np.uint64)
    if not np.issubdtype(ids.dtype, np.integer):
        raise ValueError(f"streams: person_id must be whole numbers, not {ids.dtype}")
    first, last = int(ids.min()), int(ids.max())
    if first < 0:
        raise ValueError(f"streams: person_id must be zero or more, found {first}")
    sequence = np.random.SeedSequence(entropy=seed, spawn_key=(crc32(purpose.encode()),))
    key = sequence.generate_state(2, np.uint64).astype(np.uint64, copy=False)
    flat = ids.ravel()
    if last - first < WASTE * flat.size + GAP:
        words = _run(key, replicate, first, last)
        if len(words) > flat.size or (flat[1:] <= flat[:-1]).any():
            words = words[flat - flat.dtype.type(first)]
    else:
        order = np.argsort(flat, kind="stable")
        words = np.empty(flat.size, np.uint64)
        for piece in np.split(order, np.flatnonzero(np.diff(flat[order]) > GAP) + 1):
            near = flat[piece]
            words[piece] = _run(key, replicate, int(near[0]), int(near[-1]))[near - near[0]]
    return words.reshape(ids.shape)


def _run(key: WordArray, replicate: int, first: int, last: int) -> WordArray:
    """The words of the people first, first + 1, ..., last."""
    count, skip = divmod(first, WORDS_PER_COUNT)
    generator = np.random.Philox(key=key, counter=np.array([count, replicate, 0, 0], dtype=np.uint64))
    return generator.random_raw(skip + last - first + 1)[skip:]


def _whole(name: str, value: int, below: int | None = None) -> int:
    """Check that value is a whole number from zero on, and return it as a plain int."""
    try:
        number = index(value)
    except TypeError:
        raise ValueError(f"streams: {name} must be a whole number, not {value!r}") from None
    if isinstance(value, bool) or number < 0 or (below is not None and number >= below):
        raise ValueError(f"streams: {name} must be a whole number, zero or more, not {value!r}")
    return number
