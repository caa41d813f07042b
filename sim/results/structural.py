"""What the model lacks: how far it was off for amendments it had not been fitted to, put into every world.

For each amendment and family of quantities, ``structural_errors.csv`` holds the logarithm of what was
published over the median of the worlds of a fit without that amendment: one number a family and amendment,
the mean over its rows: figures of one memorandum are one piece of evidence. With a prior of `prior_errors`
errors of size `prior_size`, an error of the next amendment is t-distributed with ``n0 + n`` degrees of
freedom and the scale ``sqrt((n0 s0^2 + sum e^2) / (n0 + n))`` (A. Gelman and others, Bayesian Data Analysis,
3rd ed. 2013, section 2.6). Each plausible world gets one factor a family, which all its quantities share.

How the eligible are made up has two families in which every group has a factor of its own: states, and
groups of people (race, citizenship, category, drug). Their error for an amendment is the root of the mean
square over its rows, since groups do not err in the same direction; that of groups of people is of the log
odds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from guidelines import tables
from guidelines.manual import CATEGORIES
from sim.base.arrays import FloatArray
from sim.base.streams import uniforms
from sim.people.associations import RACES
from sim.people.flows import DRUGS
from sim.results.evidence import IN_USE, evidence_of
from sim.results.groups import CITIZENSHIP

COUNTS, AT_ONCE, TERMS = FAMILIES = ("counts", "shares at once", "cuts and terms")
STATES, FACTS = COMPOSITION = ("states", "groups of people")
"""Families in which every group has a factor of its own."""
PACE = "pace of grants"
"""Told, and in no factor: the worlds of courts step from amendment to amendment by themselves, and those of
the fit in use were given the figure it is the error of."""
OF_QUANTITY: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            "eligible", "released_early", "more_under_supervision", "returns_of_released_early",
            "returns_brought_forward", "motions", "motions_screened", "motions_denied", "motions_granted",
            "motions_lapsed",
        ),
        (COUNTS,),
    ),
    **dict.fromkeys(("share_at_once", "share_leaving_within_a_year"), (AT_ONCE,)),
    **dict.fromkeys(
        (
            "eligible_day_one", "eligible_following_year", "released_first_wave",
            "more_released_by_a_year_later", "first_wave_route", "first_wave_destination",
        ),
        (COUNTS, AT_ONCE),
    ),
    **dict.fromkeys(
        (
            "mean_cut_months", "mean_cut_percent", "mean_term_before_months", "mean_term_after_months",
            "ordered_mean_cut_percent", "ordered_mean_term_after_months",
            "share_cut_over_60_months", "wave_mean_term_years", "wave_mean_served_years",
            "share_cut_over_12_months", "share_cut_over_36_months", "share_cut_over_120_months",
            "wave_mean_served_without_years", "served_before_years", "served_after_years",
        ),
        (TERMS,),
    ),
    **dict.fromkeys(
        ("bed_years_if_all_granted", "bed_years_saved", "bed_years_saved_by_year", "cost_saved_average"),
        (COUNTS, TERMS),
    ),
}  # fmt: skip
"""Families a quantity is a product of; no amendment tells how far the others are off (the size of the stock,
new sentences)."""
SHARES = (
    "wave_not_citizens", "wave_cocaine_or_methamphetamine", "stock_subject_to_minimum",
    "powder_share_of_cocaine", "share_male",
)  # fmt: skip
"""Shares of a group of people that nothing published fixes."""
GROUPS: Mapping[str, tuple[str, ...]] = {
    "drug": DRUGS, "race": RACES, "citizenship": CITIZENSHIP, "category": CATEGORIES,
}  # fmt: skip
"""Dimensions of groups of people, and their groups."""
PARTED = ("eligible", "eligible_day_one", "released_first_wave", "bed_years_saved")
"""Quantities by group whose parts move; who is inside is as published."""
BY_STATE = ("first_wave_destination",)
"""Outcomes whose groups are states."""
LEVELS = {"crowding_with": "crowding_without", "drug_prisoners_with": "drug_prisoners_without"}
"""What lies below another outcome by what the amendment saves, and moves with it."""
TAIL = 0.95
BASES = (2, 3, 5)
"""Primes of the low-discrepancy points, one a family."""
BLOCK = 16
"""Worlds whose factors are balanced: of mean nought, of the spread asked for, and unlike between families."""
YEAR = 12


@lru_cache(maxsize=16)
def spreads(fit: str = IN_USE) -> Mapping[str, float]:
    """Standard deviation of the log factor of each family.

    That of a normal distribution with the same 90 percent as the t distribution.
    """
    from scipy.special import ndtri

    return {family: half_width(family, fit) / float(ndtri(TAIL)) for family in (*FAMILIES, *COMPOSITION)}


def half_width(family: str, fit: str = IN_USE) -> float:
    """Half the width of the 90 percent interval of the log factor of a family."""
    from scipy.special import stdtrit

    errors, known = errors_of(family, fit), tables.reference("structural_errors").meta
    number, size = float(known["prior_errors"]), float(known["prior_size"])
    degrees = number + len(errors)
    scale = ((number * size**2 + sum(error**2 for error in errors)) / degrees) ** 0.5
    return float(scale * stdtrit(degrees, TAIL))


def errors_of(family: str, fit: str = IN_USE) -> tuple[float, ...]:
    """One error of the model for each amendment that a fit may look at."""
    amendments = dict.fromkeys(tables.reference("structural_errors").column("amendment"))
    found = [errors_about(family, name, fit) for name in amendments]
    return tuple(error for error in found if error is not None)


def errors_about(family: str, amendment: str, fit: str = IN_USE) -> float | None:
    """The error of the model for one amendment, None where nothing that a fit may look at tells it."""
    evidence, rows = evidence_of(fit), tables.reference("structural_errors")
    each = [
        float(row["error"])
        for row in rows.select(family=family, amendment=amendment)
        if evidence.allows(row["published_on"], amendment)
    ]
    if not each:
        return None
    return float(np.mean(np.square(each)) ** 0.5 if family in COMPOSITION else np.mean(each))


def log_factors(number: int, fit: str = IN_USE) -> dict[str, float]:
    """Logarithm of the factor of each family in a plausible world, the same for every scenario and seed.

    Those of states (``state=Texas``), of groups of people (``race=Black``) and of `SHARES` by their names.
    Where groups of people divide a whole, the log odds of one move by the difference of two factors.
    """
    scores, own = _block(number // BLOCK)[number % BLOCK], _own_block(number // BLOCK)
    sizes = spreads(fit)
    found = {family: float(score) * sizes[family] for score, family in zip(scores, FAMILIES, strict=True)}
    for name, score in own.items():
        size = sizes[STATES] if name.startswith("state=") else sizes[FACTS]
        parted = name.partition("=")[0] in GROUPS
        found[name] = float(score[number % BLOCK]) * (size / 2**0.5 if parted else size)
    return found


def factor(quantity: str, logs: Mapping[str, float]) -> float:
    """What a quantity is multiplied by, as counted too."""
    quantity = quantity.removeprefix("counted_")
    return float(np.exp(sum(logs.get(family, 0.0) for family in OF_QUANTITY.get(quantity, ()))))


def scaled(found: Mapping[str, float], logs: Mapping[str, float]) -> dict[str, float]:
    """Quantities of the headline in a world."""
    return {name: moved(name, value, logs) for name, value in found.items()}


def moved(quantity: str, value: float, logs: Mapping[str, float]) -> float:
    """A quantity in a world: times its factors, and a share of `SHARES` by its log odds."""
    if quantity in SHARES and 0 < value < 1:
        odds = value / (1 - value) * float(np.exp(logs.get(quantity, 0.0)))
        return odds / (1 + odds)
    return value * factor(quantity, logs)


def scaled_outcomes(
    found: Mapping[tuple[str, str], float], logs: Mapping[str, float]
) -> dict[tuple[str, str], float]:
    """Outcomes of a world; levels move by what is saved."""
    scaled_ = {key: value * factor(key[0], logs) for key, value in found.items()}
    for (name, group), value in found.items():
        if (base := found.get((LEVELS.get(name, ""), group))) is not None:
            scaled_[name, group] = base + factor("bed_years_saved", logs) * (value - base)
    for name in BY_STATE:
        keys = [key for key in found if key[0] == name]
        own = np.exp([logs.get(f"state={state}", 0.0) for _, state in keys])
        parts = _parted(np.array([scaled_[key] for key in keys]), own)
        scaled_ |= dict(zip(keys, parts.tolist(), strict=True))
    return scaled_


def scaled_releases(
    releases: FloatArray, without: FloatArray, day_one: int, logs: Mapping[str, float]
) -> FloatArray:
    """Releases of a world by month, shape (groups, months).

    Who has left earlier than without the amendment, summed up to each month, is multiplied; so as many have
    left in the end. How many could leave at once matters most on the first day, and not after a year.
    """
    early = np.cumsum(releases - without, axis=-1)
    near = np.clip(1 - (np.arange(early.shape[-1]) - day_one) / YEAR, 0, 1)
    moved = early * factor("released_early", logs) * np.exp(logs.get(AT_ONCE, 0.0) * near)
    return np.asarray(without + np.diff(moved, axis=-1, prepend=0.0))


def scaled_groups(
    groups: FloatArray,
    quantities: tuple[str, ...],
    names: Sequence[tuple[str, str]],
    logs: Mapping[str, float],
) -> FloatArray:
    """Quantities by group of a world, shape (groups, quantities).

    `names` holds dimension and group of each row.
    """
    found = np.asarray(groups * np.array([factor(name, logs) for name in quantities]))
    own = np.exp([logs.get(_own_name(dimension, group), 0.0) for dimension, group in names])
    columns = [quantities.index(name) for name in PARTED]
    for dimension in dict.fromkeys(dimension for dimension, _ in names):
        rows = np.array([each == dimension for each, _ in names])
        for column in columns:
            found[rows, column] = _parted(found[rows, column], own[rows])
    return found


def _own_name(dimension: str, group: str) -> str:
    """The name of a group's own factor; a district has that of its state."""
    return f"state={_states()[group]}" if dimension == "district" else f"{dimension}={group}"


@lru_cache(maxsize=1)
def _states() -> Mapping[str, str]:
    """State of each judicial district."""
    return {row["district"]: row["state"] for row in tables.reference("districts")}


def _parted(parts: FloatArray, own: FloatArray) -> FloatArray:
    """Parts of a whole, each moved by a factor of its own; the whole stays."""
    moved_ = parts * own
    return moved_ * (parts.sum() / moved_.sum()) if moved_.sum() > 0 else parts


@lru_cache(maxsize=8)
def _own_block(block: int) -> Mapping[str, FloatArray]:
    """Normal scores of every group in one block of worlds, each of mean nought and spread one."""
    from scipy.special import ndtri

    even = ndtri((np.arange(BLOCK) + 0.5) / BLOCK)
    even /= even.std(ddof=1)
    states = [f"state={state}" for state in dict.fromkeys(_states().values())]
    people = [f"{dimension}={group}" for dimension, groups in GROUPS.items() for group in groups]
    worlds = np.arange(block * BLOCK, (block + 1) * BLOCK)
    return {
        name: even[np.argsort(uniforms(0, f"structural/{name}", worlds))]
        for name in (*states, *people, *SHARES)
    }


def _halton(numbers: NDArray[np.int64], base: int) -> FloatArray:
    """Halton points: digits mirrored at the point (`scipy.stats` would take a second to load)."""
    found, step, left = np.zeros(len(numbers)), 1.0 / base, numbers.copy()
    while left.any():
        left, digit = np.divmod(left, base)
        found += digit * step
        step /= base
    return found


@lru_cache(maxsize=8)
def _block(block: int) -> FloatArray:
    """Normal scores of one block of worlds, shape (BLOCK, families)."""
    from scipy.special import ndtri

    numbers = np.arange(1 + block * BLOCK, 1 + (block + 1) * BLOCK)
    scores: FloatArray = ndtri(np.column_stack([_halton(numbers, base) for base in BASES]))
    orthogonal, triangle = np.linalg.qr(scores - scores.mean(axis=0))
    found: FloatArray = np.asarray(orthogonal) * np.sign(np.diag(triangle)) * (BLOCK - 1) ** 0.5
    return found
