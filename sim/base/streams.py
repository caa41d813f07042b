"""Chance: the only source of randomness in the project.

Every draw has an address: (seed, purpose, replicate, person). The first two make the key of a Philox
counter-based generator, the last two its counter. So a person's number can be worked out alone, and it is
the same whatever the order, the chunks or the number of people asked for, and whatever other purposes
drew. The scenario is no part of the address: two scenarios share draws person by person, and a
difference between them is a difference of rules, not of luck.

`uniforms` and `integers` are equal bit by bit on every machine. `normals` goes through the inverse of the
normal distribution, whose last bits depend on the mathematical library.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from operator import index
from zlib import crc32

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["integers", "normals", "uniforms", "uniforms_between", "words_between"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
WordArray = NDArray[np.uint64]

WORDS_PER_COUNT = 4  # Philox4x64 gives four words for one value of its counter
CHUNK = 1 << 16  # words held at a time; no result depends on it
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
    return _words(seed, purpose, person_id, replicate, _unit)


def uniforms_between(seed: int, purpose: str, first: int, stop: int, replicate: int = 0) -> FloatArray:
    """The numbers of the people first, first + 1, ..., stop - 1: those of `uniforms`, without a list of ids.

    Arguments and errors as for `uniforms`; shape (stop - first,).
    """
    seed, replicate = _whole("seed", seed), _whole("replicate", replicate, below=2**64)
    first, stop = _whole("first", first), _whole("stop", stop)
    if not purpose:
        raise ValueError("streams: the purpose of a draw must be named")
    if stop < first:
        raise ValueError(f"streams: stop must not be below first, found {stop} and {first}")
    return _run(_key(seed, purpose), replicate, first, stop, _unit)


def words_between(seed: int, purpose: str, first: int, stop: int, replicate: int = 0) -> WordArray:
    """The 64-bit words that `uniforms_between` makes its numbers of: ``(word >> 11) * 2**-53``."""
    seed, replicate = _whole("seed", seed), _whole("replicate", replicate, below=2**64)
    generator = _generator(_key(seed, purpose), replicate, first)
    return generator.random_raw(stop - first)


def normals(seed: int, purpose: str, person_id: ArrayLike, replicate: int = 0) -> FloatArray:
    """One standard normal number per person: the normal quantile of a uniform one.

    Arguments, shape and errors as for `uniforms`. Always finite, and increasing in the number that
    `uniforms` gives for the same address.
    """
    from scipy.special import ndtri  # a third of a second to import

    normal: FloatArray = ndtri(_words(seed, purpose, person_id, replicate, _open_unit))
    return normal


def integers(
    seed: int, purpose: str, person_id: ArrayLike, high: ArrayLike, low: ArrayLike = 0, replicate: int = 0
) -> IntArray:
    """One whole number in [low, high) per person, each as likely as the other.

    Arguments and errors as for `uniforms`; `low` and `high` broadcast against `person_id`. The
    probabilities are equal to within ``(high - low) * 2**-53``.
    """
    low, high = np.asarray(low), np.asarray(high)
    for name, bound in (("low", low), ("high", high)):
        if not np.issubdtype(bound.dtype, np.integer):
            raise ValueError(f"streams: {name} must be whole numbers, not {bound.dtype}")
    width = high.astype(np.int64) - low.astype(np.int64)
    if width.size and (width.min() < 1 or width.max() > 2**52):
        raise ValueError("streams: high must be above low, by at most 2**52")
    unit = uniforms(seed, purpose, person_id, replicate)
    # Rounding cannot reach `high`: the largest unit is 1 - 2**-53, half a step or more below for every width.
    drawn: IntArray = low.astype(np.int64) + np.floor(unit * width).astype(np.int64)
    return drawn


def _unit(words: WordArray, out: FloatArray) -> None:
    np.multiply(words >> np.uint64(11), 2.0**-53, out=out)


def _open_unit(words: WordArray, out: FloatArray) -> None:
    """Convert to the middle of one of 2**52 equal steps: never 0 or 1, whose normal quantile is infinite."""
    np.add(words >> np.uint64(12), 0.5, out=out)
    np.multiply(out, 2.0**-52, out=out)


@lru_cache(maxsize=256)
def _key(seed: int, purpose: str) -> WordArray:
    sequence = np.random.SeedSequence(entropy=seed, spawn_key=(crc32(purpose.encode()),))
    return sequence.generate_state(2, np.uint64).astype(np.uint64, copy=False)


def _words(
    seed: int,
    purpose: str,
    person_id: ArrayLike,
    replicate: int,
    convert: Callable[[WordArray, FloatArray], None],
) -> FloatArray:
    """Look up one word per person and convert it; checks the address."""
    seed = _whole("seed", seed)
    replicate = _whole("replicate", replicate, below=2**64)
    if not purpose:
        raise ValueError("streams: the purpose of a draw must be named")
    ids = np.asarray(person_id)
    if ids.size == 0:
        return np.empty(ids.shape)
    if not np.issubdtype(ids.dtype, np.integer):
        raise ValueError(f"streams: person_id must be whole numbers, not {ids.dtype}")
    first, last = int(ids.min()), int(ids.max())
    if first < 0:
        raise ValueError(f"streams: person_id must be zero or more, found {first}")

    def run(start: int, stop: int) -> FloatArray:
        return _run(_key(seed, purpose), replicate, start, stop, convert)

    flat = ids.ravel()
    if last - first + 1 == flat.size and bool((flat[1:] > flat[:-1]).all()):
        found = run(first, last + 1)
    elif last - first < WASTE * flat.size + CHUNK:
        found = run(first, last + 1)[flat - flat.dtype.type(first)]
    else:
        order = np.argsort(flat, kind="stable")
        ordered = flat[order]
        breaks = np.flatnonzero(np.diff(ordered) > GAP) + 1
        found = np.empty(flat.size)
        for piece in np.split(np.arange(flat.size), breaks):
            near = ordered[piece]
            found[order[piece]] = run(int(near[0]), int(near[-1]) + 1)[near - near[0]]
    return found.reshape(ids.shape)


def _run(
    key: WordArray,
    replicate: int,
    start: int,
    stop: int,
    convert: Callable[[WordArray, FloatArray], None],
) -> FloatArray:
    """Convert the words of the people start, start + 1, ..., stop - 1, a chunk at a time."""
    generator = _generator(key, replicate, start)
    out = np.empty(stop - start)
    for begin in range(0, out.size, CHUNK):
        chunk = out[begin : begin + CHUNK]
        convert(generator.random_raw(chunk.size), chunk)
    return out


def _generator(key: WordArray, replicate: int, start: int) -> np.random.Philox:
    """The generator whose next word is that of the person start."""
    count, skip = divmod(start, WORDS_PER_COUNT)
    generator = np.random.Philox(key=key, counter=np.array([count, replicate, 0, 0], dtype=np.uint64))
    if skip:
        generator.random_raw(skip)
    return generator


def _whole(name: str, value: int, below: int | None = None) -> int:
    """Check that value is a whole number from zero on, and return it as a plain int."""
    try:
        number = index(value)
    except TypeError:
        raise ValueError(f"streams: {name} must be a whole number, not {value!r}") from None
    if isinstance(value, bool) or number < 0 or (below is not None and number >= below):
        raise ValueError(f"streams: {name} must be a whole number, zero or more, not {value!r}")
    return number
