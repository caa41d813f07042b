"""Quantity bands of all drugs, before and after an amendment merged; one comparison finds a band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guidelines.arrays import numbers, refuse
from guidelines.errors import ImpossibleValue
from guidelines.manual import Manual
from guidelines.s2d1_1_drug_quantity import band

MANTISSA_BITS = 52
EXPONENT_BITS = 11
MOST_BUCKET_BITS = 5


@dataclass(frozen=True, eq=False)
class MergedBands:
    """Bands of every drug between the merged cut points of two Manuals.

    The bits of a positive float rise with its value, so its top bits number a bucket. A bucket holds at most
    one cut point of a drug, and one comparison with it settles the band. Every exponent a float can have has
    its buckets, for each drug its own, so no quantity can fall into another drug's bands.

    Attributes
    ----------
    count
        Number of different steps: pairs of levels before and after, by role and by place in the ladder.
    shift, bits
        Bits of a quantity that are dropped, and how many number a drug's bucket.
    bucket_cut
        The cut point in each bucket (infinity for none), shape (drugs x buckets,).
    bucket_step
        Step below and from the cut point of each bucket, times `per_step`; (roles, 2 x drugs x buckets).
    sample_drug, sample_quantity, sample_role
        One case of each step, shape (count,).
    listed
        Whether the Manual compiled from has rows for a drug, shape (drugs,).
    """

    count: int
    shift: int
    bits: int
    bucket_cut: NDArray[np.float64]
    bucket_step: NDArray[np.intp]
    sample_drug: NDArray[np.intp]
    sample_quantity: NDArray[np.float64]
    sample_role: NDArray[np.intp]
    listed: NDArray[np.bool_]
    drugs: tuple[str, ...]

    @classmethod
    def of(cls, old: Manual, new: Manual, roles: Sequence[int], per_step: int) -> MergedBands:
        """Merge the bands of two Manuals and number the steps."""
        ladders = []
        for drug in range(len(old.drugs)):
            cuts = np.unique(np.concatenate([old.quantity_cuts[drug], new.quantity_cuts[drug]]))
            ladders.append(cuts[np.isfinite(cuts)])
        mantissa = _bucket_bits(ladders)
        bits, shift = EXPONENT_BITS + mantissa, MANTISSA_BITS - mantissa
        buckets = 1 << bits
        starts = (np.arange(buckets, dtype=np.int64) << shift).view(np.float64)
        bucket_cut = np.full((len(ladders), buckets), np.inf)
        bucket_step = np.zeros((len(roles), len(ladders), buckets, 2), dtype=np.intp)
        samples: dict[tuple[int, ...], tuple[int, float, int]] = {}
        numbered: dict[tuple[int, ...], int] = {}
        for drug, cuts in enumerate(ladders):
            if old.drugs[drug] not in old.listed_drugs:
                continue
            index = np.full(len(cuts), drug, dtype=np.int32)
            was = old.quantity_levels.ravel()[band(index, cuts, old)]
            becomes = new.quantity_levels.ravel()[band(index, cuts, new)]
            lowest, highest = was == old.lowest_level[drug], was == old.highest_level[drug]
            steps = np.zeros((len(roles), len(cuts)), dtype=np.intp)
            for r in range(len(roles)):
                for i, cut in enumerate(cuts):
                    key = (r, int(was[i]), int(becomes[i]), int(lowest[i]), int(highest[i]))
                    steps[r, i] = numbered.setdefault(key, len(numbered)) * per_step
                    samples.setdefault(key, (drug, float(cut), r))
            begun = np.searchsorted(cuts, starts[: _infinite(buckets, mantissa)], side="right") - 1
            inside = cuts[1:].view(np.int64) >> shift
            # A cut point that begins its bucket has begun there already, and is met again by the comparison.
            bucket_step[:, drug, : len(begun), :] = steps[:, begun, None]
            bucket_cut[drug, inside] = cuts[1:]
            bucket_step[:, drug, inside, 0] = steps[:, :-1]
            bucket_step[:, drug, inside, 1] = steps[:, 1:]
        return cls(
            count=len(numbered),
            shift=shift,
            bits=bits,
            bucket_cut=bucket_cut.ravel(),
            bucket_step=bucket_step.reshape(len(roles), -1),
            sample_drug=np.array([drug for drug, _, _ in samples.values()], dtype=np.intp),
            sample_quantity=np.array([quantity for _, quantity, _ in samples.values()]),
            sample_role=np.array([role for _, _, role in samples.values()], dtype=np.intp),
            listed=np.array([name in old.listed_drugs for name in old.drugs]),
            drugs=old.drugs,
        )

    def steps(
        self,
        drug: Any,
        quantity: Any,
        role: Any,
        key: NDArray[np.intp],
        spare: NDArray[np.intp],
        cut: Any,
        beyond: Any,
    ) -> None:
        """Write the step of each row, times `per_step`, into `spare`; the other arrays are working space.

        Raises
        ------
        ImpossibleValue
            A quantity that is NaN, negative or infinite; a drug or role outside what was compiled.
        """
        self._check_drugs(drug)
        np.right_shift(quantity.view(np.int64), self.shift, out=key)
        # Negative numbers, infinity and NaN have the highest bits as unsigned ones.
        if key.view(np.uint64).max() >= _infinite(1 << self.bits, self.bits - EXPONENT_BITS):
            numbers(quantity, "compiled ranges: quantity")
            np.right_shift(np.abs(quantity).view(np.int64), self.shift, out=key)  # what is left is minus zero
        np.copyto(spare, drug)
        np.left_shift(spare, self.bits, out=spare)
        np.add(key, spare, out=key)
        self.bucket_cut.take(key, out=cut, mode="clip")
        np.greater_equal(quantity, cut, out=beyond)
        np.add(key, key, out=key)
        np.copyto(spare, beyond)
        np.add(key, spare, out=key)
        if role is None:
            self.bucket_step[0].take(key, out=spare, mode="clip")
            return
        if role.max() >= len(self.bucket_step):
            refuse(
                role >= len(self.bucket_step),
                role,
                "compiled ranges: role",
                f"0 to {len(self.bucket_step) - 1}",
            )
        np.copyto(spare, role)
        np.multiply(spare, self.bucket_step.shape[1], out=spare)
        np.add(key, spare, out=key)
        self.bucket_step.ravel().take(key, out=spare, mode="clip")

    def _check_drugs(self, drug: Any) -> None:
        unlisted = np.flatnonzero(~self.listed)
        first = unlisted[0] if len(unlisted) else len(self.drugs)
        if drug.max() < first:
            return
        refuse(drug >= len(self.drugs), drug, "compiled ranges: drug", f"0 to {len(self.drugs) - 1}")
        for index in unlisted:
            if (drug == index).any():
                raise ImpossibleValue(
                    f"compiled ranges: {self.drugs[index]} has no rows in the Manual compiled from"
                )


def _infinite(buckets: int, mantissa: int) -> int:
    """Number of the bucket that infinity begins, of as many as there are; NaN and negatives come after."""
    return buckets - (1 << mantissa)


def _bucket_bits(ladders: list[NDArray[np.float64]]) -> int:
    """The least number of mantissa bits at which no bucket holds two cut points of a drug."""
    for mantissa in range(1, MOST_BUCKET_BITS + 1):
        tops = [cuts[1:].view(np.int64) >> (MANTISSA_BITS - mantissa) for cuts in ladders if len(cuts)]
        if all(len(np.unique(top)) == len(top) for top in tops):
            return mantissa
    raise ImpossibleValue("compiled ranges: two cut points of a drug lie too close together to tell apart")
