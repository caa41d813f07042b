"""21 U.S.C. §§ 841(b), 960(b): minimum and maximum terms by quantity, date, prior record and death.

The day is that of sentencing: the cocaine base quantities of 3 August 2010 and the terms of 21 December
2018 reach sentences imposed from then on. Ice, flunitrazepam and converted weights have no quantity of
their own in the statute and are refused: give the mixture or the pure weight.
"""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guidelines.arrays import FloatArray, IntArray, numbers, refuse, whole_numbers, yes_or_no
from guidelines.errors import UnknownDrug
from guidelines.manual import Manual, drug_names, last_manual_read
from guidelines.tables import editions, iso, law, months

ALL_TIERS = (
    "841(b)(1)(A)",
    "841(b)(1)(B)",
    "841(b)(1)(C)",
    "841(b)(1)(D)",
    "841(b)(1)(E)",
    "841(b)(2)",
    "841(b)(3)",
)
MOST_PRIORS = 2


def statutory_tier(
    drug: ArrayLike,
    quantity: ArrayLike,
    on: str | date,
    *,
    plants: ArrayLike = 0,
    imported: ArrayLike = False,
) -> IntArray:
    """Which tier of 841(b) an offense reaches: index into `ALL_TIERS`, shape (people,).

    Parameters
    ----------
    drug
        Names, or indices into ``Manual.drugs``.
    quantity
        Grams (of pure drug for the "(actual)" forms) or units.
    on
        Day of sentencing.
    plants
        Number of marihuana plants, whatever they weigh; counts under 841 only.
    imported
        Whether the offense is one of 960 (no plant count).

    Raises
    ------
    UnknownDrug
        A drug the statute has no quantity for.
    """
    day = iso(on)
    index = _drug_index(drug, day)
    what = f"21 U.S.C. 841(b) on {day}"
    amount = numbers(quantity, f"{what}, quantity")
    count = numbers(plants, f"{what}, plants")
    count = np.where(yes_or_no(imported, f"{what}, imported"), 0.0, count)
    index, amount, count = np.broadcast_arrays(index, amount, count)
    weight_cuts, plant_cuts, lowest = _cuts(law("statutory_thresholds", day).effective_from, day)
    tier: IntArray = lowest[index]
    for i in (2, 1, 0):
        reached = (amount >= weight_cuts[i, index]) | (count >= plant_cuts[i, index])
        tier = np.where(reached, np.int32(i), tier)
    return tier


def statutory_terms(
    drug: ArrayLike,
    quantity: ArrayLike,
    on: str | date,
    *,
    priors: ArrayLike = 0,
    death_or_serious_injury: ArrayLike = False,
    plants: ArrayLike = 0,
    imported: ArrayLike = False,
) -> tuple[IntArray, IntArray]:
    """Statutory minimum and maximum in months (life is `guidelines.LIFE`), shape (people,).

    Parameters
    ----------
    drug, quantity, on, plants, imported
        As in `statutory_tier`.
    priors
        Qualifying prior convictions (felony drug offenses until 2018-12-20, then serious drug or violent
        felonies for tiers A and B); more than two count as two.
    death_or_serious_injury
        Whether death or serious bodily injury resulted.

    Raises
    ------
    ImpossibleValue
        Terms after a prior conviction, or a death, on a day for which they were not read.

    Examples
    --------
    >>> [m.tolist() for m in statutory_terms("crack", [28, 50, 280], "2010-08-02")]
    [[60, 120, 120], [480, 9996, 9996]]
    >>> [m.tolist() for m in statutory_terms("crack", [28, 50, 280], "2010-08-03")]
    [[60, 60, 120], [480, 480, 9996]]
    """
    day = iso(on)
    tier = statutory_tier(drug, quantity, day, plants=plants, imported=imported)
    record = np.minimum(whole_numbers(priors, "21 U.S.C. 841(b), priors", 0, 99), MOST_PRIORS)
    death = yes_or_no(death_or_serious_injury, "21 U.S.C. 841(b), death_or_serious_injury").astype(np.int32)
    low, high = _terms(law("statutory_terms", day).effective_from)
    found = low[tier, record, death]
    refuse(
        found < 0,
        record,
        f"21 U.S.C. 841(b) on {day}, priors",
        f"the terms after prior convictions, and after a death, are held from {terms_of_priors_held_from()} "
        "on; take the minimum and the maximum from the judgment",
    )
    return found, high[tier, record, death]


def tier_terms(tier: str, on: str | date) -> tuple[int, int]:
    """Minimum and maximum in months of a tier of 841(b), without a prior or an injury.

    Parameters
    ----------
    tier
        One of `ALL_TIERS`.
    on
        Day of sentencing; before the first edition held, that edition.

    Examples
    --------
    >>> tier_terms("841(b)(1)(B)", "2013-11-01")
    (60, 480)
    """
    day = max(iso(on), editions("statutory_terms")[0])
    row = law("statutory_terms", day).row(tier=tier, priors=0, death_or_serious_injury=0)
    return months(row["minimum_months"]), months(row["maximum_months"])


def statutory_limits(on: str | date) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Every minimum and every maximum that some tier of 841(b) has, in months, rising; life is `LIFE`.

    Parameters
    ----------
    on
        Day of sentencing; before the first edition held, that edition.

    Examples
    --------
    >>> statutory_limits("2013-11-01")[0]
    (0, 60, 120, 240, 9996)
    """
    rows = law("statutory_terms", max(iso(on), editions("statutory_terms")[0])).verified
    least, most = (
        tuple(sorted({months(row[f"{end}_months"]) for row in rows})) for end in ("minimum", "maximum")
    )
    return least, most


def tier_quantity(tier: str, drug: str, on: str | date) -> float:
    """Grams of a drug from which a tier of 841(b) with a minimum is reached.

    Raises
    ------
    UnknownName
        The statute has no quantity for it.

    Examples
    --------
    >>> tier_quantity("841(b)(1)(A)", "Cocaine Base", "2013-11-01")
    280.0
    """
    return float(law("statutory_thresholds", iso(on)).row(drug=drug, tier=tier, unit="g")["at_least"])


def statutory_minimum_months(
    drug: ArrayLike, quantity: ArrayLike, on: str | date, priors: ArrayLike = 0, death: ArrayLike = False
) -> IntArray:
    """The statutory minimum in months alone; see `statutory_terms`."""
    return statutory_terms(drug, quantity, on, priors=priors, death_or_serious_injury=death)[0]


def statutory_maximum_months(
    drug: ArrayLike, quantity: ArrayLike, on: str | date, priors: ArrayLike = 0, death: ArrayLike = False
) -> IntArray:
    """The statutory maximum in months alone; see `statutory_terms`."""
    return statutory_terms(drug, quantity, on, priors=priors, death_or_serious_injury=death)[1]


def _drug_index(drug: ArrayLike, day: str) -> IntArray:
    # The newest Manual knows every drug that still has rows; older ones those that lost them.
    array = np.asarray(drug)
    if array.dtype.kind not in "iu":
        names = editions("drug_quantity")
        manual = Manual.on(min(max(day, names[0]), last_manual_read()))
        array = np.array([manual.name_index(str(n)) for n in array.ravel().tolist()], dtype=np.int32).reshape(
            array.shape
        )
    counted = {row["drug"] for row in law("statutory_tiers", day)}
    names = drug_names()
    for i in np.unique(array).tolist():
        name = names[i] if 0 <= i < len(names) else f"index {i}"
        if name not in counted:
            raise UnknownDrug(
                f"21 U.S.C. 841(b) on {day}: the statute has no quantity for {name}; "
                f"known: {', '.join(sorted(counted))}"
            )
    return array.astype(np.int32, copy=False)


@lru_cache(maxsize=16)
def _cuts(thresholds: str, day: str) -> tuple[FloatArray, FloatArray, NDArray[np.int32]]:
    names = drug_names()
    weight = np.full((3, len(names)), np.inf)
    plants = np.full((3, len(names)), np.inf)
    lowest = np.zeros(len(names), dtype=np.int32)
    for row in (*law("statutory_thresholds", thresholds).verified, *law("statutory_tiers", day).verified):
        drug, tier, least = names.index(row["drug"]), ALL_TIERS.index(row["tier"]), float(row["at_least"])
        if least == 0:
            lowest[drug] = tier
        else:
            (plants if row["unit"] == "plants" else weight)[tier, drug] = least
    return weight, plants, lowest


@cache
def terms_of_priors_held_from() -> str:
    """First day from which the terms after prior convictions, and after a death, are held, ISO.

    Examples
    --------
    >>> terms_of_priors_held_from()
    '2006-11-01'
    """
    return next(
        begin
        for begin in editions("statutory_terms")
        if law("statutory_terms", begin).select(death_or_serious_injury="1")
    )


@lru_cache(maxsize=16)
def _terms(edition: str) -> tuple[IntArray, IntArray]:
    low = np.zeros((len(ALL_TIERS), MOST_PRIORS + 1, 2), dtype=np.int32)
    high = np.zeros_like(low)
    rows = {
        (ALL_TIERS.index(r["tier"]), int(r["priors"]), int(r["death_or_serious_injury"])): r
        for r in law("statutory_terms", edition).verified
    }
    all_held = edition >= terms_of_priors_held_from()
    for cell in np.ndindex(low.shape):
        tier, priors, death = cell
        if not all_held and (priors or death) and cell not in rows:
            low[cell] = -1
            continue
        # Without a line for two priors the line for one applies; without one for death, the ordinary one.
        row = next(
            rows[key]
            for key in ((tier, p, d) for d in (death, 0) for p in range(priors, -1, -1))
            if key in rows
        )
        low[cell], high[cell] = months(row["minimum_months"]), months(row["maximum_months"])
    return low, high
