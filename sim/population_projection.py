r"""People in prison over many years for thousands of draws of what is not known, as one matrix product.

If every month is alike but for the number admitted, the people in prison are linear in the shares of the
lengths of stay. So the answer to each length is worked out once, as a row of months; a draw is a row of
weights on the lengths, and ten thousand projections are the product of two matrices. An amendment for new
sentences is a second matrix of answers, in which those admitted from its month on stay their new lengths.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import SimulationError
from sim.streams import normals

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Responses:
    """People in prison at the end of each month if everybody stayed one length.

    Attributes
    ----------
    without, with_amendment
        Shape (lengths, months); row l belongs to a stay that ends in the l-th month after the month of
        sentence, the last row to those who are still inside after all months.
    """

    without: FloatArray
    with_amendment: FloatArray

    @property
    def months(self) -> int:
        """Number of months."""
        return int(self.without.shape[1])


@dataclass(frozen=True)
class Projected:
    """People in prison who were sentenced from the first month on, shape (draws, months)."""

    without: FloatArray
    with_amendment: FloatArray

    @property
    def fewer(self) -> FloatArray:
        """How many fewer there are under the amendment."""
        return self.without - self.with_amendment


def responses(
    admitted: ArrayLike, *, effective_month: int | None = None, transition: FloatArray | None = None
) -> Responses:
    """Answers of the number of people in prison to each length of stay.

    Parameters
    ----------
    admitted
        People sentenced in each month, shape (months,).
    effective_month
        Month from which on new sentences are under the amendment; never if left out.
    transition
        Share of those with each length without it who have each length with it, shape (lengths, lengths),
        with ``months + 1`` lengths; see `transitions`.

    Raises
    ------
    SimulationError
        An amendment without transition or the other way round, or a wrong shape.
    """
    flow = np.asarray(admitted, np.float64)
    months = len(flow)
    if (effective_month is None) != (transition is None):
        raise SimulationError("responses: an effective month and the transition to new lengths go together")
    without = _response(flow)
    if transition is None or effective_month is None:
        return Responses(without, without)
    if transition.shape != (months + 1, months + 1):
        raise SimulationError(
            f"responses: the transition has shape {transition.shape}; over {months} months it is "
            f"({months + 1}, {months + 1})"
        )
    later = np.where(np.arange(months) >= effective_month, flow, 0.0)
    return Responses(without, _response(flow - later) + transition @ _response(later))


def lengths_of(stay_months: ArrayLike, months: int) -> IntArray:
    """Row of `Responses` of each stay, sentences spread over their month: half of it has passed at its end.

    Parameters
    ----------
    stay_months
        Months from sentence to release, infinite for life, shape (people,).
    months
        Months of the projection.
    """
    return np.clip(np.ceil(np.minimum(stay_months, months + 1.0) - 0.5), 0, months).astype(np.int64)


def weights_of(length: IntArray, weight: FloatArray, months: int) -> FloatArray:
    """Share of each length, shape (months + 1,)."""
    found = np.bincount(length, weight, months + 1)
    share: FloatArray = found / found.sum()
    return share


def transitions(before: IntArray, after: IntArray, weight: FloatArray, months: int) -> FloatArray:
    """How lengths change under an amendment, among the same people; who has no example does not change.

    Parameters
    ----------
    before, after
        Length of each person without and with it, shape (people,).
    weight
        People each stands for, shape (people,).
    months
        Months of the projection.

    Returns
    -------
    FloatArray
        Rows that add up to one, shape (months + 1, months + 1).
    """
    size = months + 1
    found = np.bincount(before * size + after, weight, size**2).reshape(size, size)
    total = found.sum(axis=1, keepdims=True)
    return np.where(total > 0, found / np.where(total > 0, total, 1.0), np.eye(size))


def draw_weights(members: FloatArray, draws: int, seed: int) -> FloatArray:
    """Rows of weights with the mean and the covariance of those of the plausible worlds.

    Parameters
    ----------
    members
        Weights of each plausible world, shape (members, lengths).
    draws
        How many rows.
    seed
        Decides them.

    Returns
    -------
    FloatArray
        Shape (draws, lengths); a normal distribution over the differences between members, so that a rare
        length may have a weight slightly under zero.
    """
    count = len(members)
    if count < 2:
        return np.repeat(np.asarray(members, np.float64), draws, axis=0)
    middle = members.mean(axis=0)
    number = np.arange(draws * count)
    lots = normals(seed, "projection/weights", number).reshape(draws, count)
    drawn: FloatArray = middle + lots @ (members - middle) / np.sqrt(count - 1)
    return drawn


def project_stays(weights: FloatArray, answers: Responses, level: ArrayLike = 1.0) -> Projected:
    """People in prison for every draw.

    Parameters
    ----------
    weights
        Share of each length, shape (draws, lengths).
    answers
        What each length leads to.
    level
        Factor on all admissions, one number or one a draw.
    """
    scale = np.asarray(level, np.float64)
    scaled = weights * (scale[:, np.newaxis] if scale.ndim else scale)
    without = scaled @ answers.without
    if answers.with_amendment is answers.without:
        return Projected(without, without)
    return Projected(without, scaled @ answers.with_amendment)


def project_draws(members: FloatArray, answers: Responses, draws: int, seed: int) -> Projected:
    """People in prison for the draws of `draw_weights`, without the weights themselves.

    Draws are sums of the members' differences, and so are their projections: only the members are put
    through the months.

    Parameters
    ----------
    members, draws, seed
        As for `draw_weights`.
    answers
        What each length leads to.
    """
    count = len(members)
    own = project_stays(np.asarray(members, np.float64), answers)
    if count < 2:
        return Projected(*(np.repeat(rows, draws, axis=0) for rows in (own.without, own.with_amendment)))
    lots = normals(seed, "projection/weights", np.arange(draws * count)).reshape(draws, count)
    lots = (lots - lots.sum(axis=1, keepdims=True) / count) / np.sqrt(count - 1) + 1 / count
    without = lots @ own.without
    if own.with_amendment is own.without:
        return Projected(without, without)
    return Projected(without, lots @ own.with_amendment)


def _response(admitted: FloatArray) -> FloatArray:
    """Of those admitted, who is inside at the end of each month, by length; shape (lengths, months)."""
    months = len(admitted)
    sums = np.concatenate([[0.0], np.cumsum(admitted)])
    end = np.arange(1, months + 1)
    begin = np.maximum(end - np.arange(months + 1)[:, np.newaxis], 0)
    found: FloatArray = sums[end] - sums[begin]
    return found
