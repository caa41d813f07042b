"""Statutory limits and motions that a record leaves open, where it raises the doubt itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache, lru_cache

import numpy as np

from guidelines.case.fields import EPOCH
from guidelines.case.option import Choice, Option
from guidelines.case.record import Read
from guidelines.errors import GuidelineError
from guidelines.manual import drug_names
from guidelines.s2d1_1_units import PLANTS
from guidelines.tables import LIFE, editions, law
from guidelines.usc21_841_mandatory_minimum import statutory_terms

MIXTURES = {"Ice": "Methamphetamine"}
"""Drugs the statute has no quantity for: what they surely are a mixture with."""


def statute_choices(read: Read) -> Iterator[Choice]:
    """A minimum, a motion, authority to go below the minimum, and the safety valve."""
    given = read.given
    imposed = given.get("imposed_term_months", LIFE)
    minimum = given.get("statutory_minimum_months")
    possible: tuple[int, ...] = (minimum,) if minimum else ()
    if minimum is None and not given.get("safety_valve"):
        possible = doubtful_minima(read)
        if possible:
            yield Choice(
                ("statutory_minimum_months",),
                tuple(
                    Option({"statutory_minimum_months": at}, {"statutory_minimum_months": at})
                    for at in (0, *possible)
                ),
                ordinary=not any(read.quantities()),
            )
    assisted = given.get("substantial_assistance")
    if assisted is None and imposed < LIFE:
        yield _yes_no("substantial_assistance")
    below = [at for at in possible if imposed < at]
    if (
        "below_minimum_authority" not in given
        and possible
        and assisted is not False
        and any(imposed >= at for at in possible)
    ):
        yield _yes_no("below_minimum_authority")
    if minimum and below and assisted is None and "safety_valve" not in given:
        yield _yes_no("safety_valve")


@cache
def _yes_no(name: str) -> Choice:
    return Choice((name,), tuple(Option({name: value}, {name: value}) for value in (False, True)))


def doubtful_minima(read: Read) -> tuple[int, ...]:
    """Statutory minima that may have applied although none was stated, the lowest first.

    A quantity over a line of 21 U.S.C. 841(b) or 960(b) on the day of sentencing; where no quantity is known,
    a term equal to a minimum. Minima by prior convictions (21 U.S.C. 851) are named elsewhere, not gone
    through.
    """
    given = read.given
    if not given.get("drug_quantity_based", True) and "drugs" not in given:
        return ()
    day = given.get("sentenced_on")
    on = read.setting.manual.date if day is None else date.fromordinal(day + EPOCH).isoformat()
    on = max(on, editions("statutory_terms")[0])
    tiers = _tiers(on)
    most = given.get("statutory_maximum_months", LIFE)
    quantities = tuple(read.quantities())
    if quantities:
        reached = max(_reached(name, quantity, on) for name, quantity in quantities)
    else:
        reached = max(
            (low for low, _ in tiers if low == given.get("imposed_term_months")),
            default=0,
        )
    only = {low for low, high in tiers if 0 < low <= reached and high <= most}
    return tuple(sorted(only if quantities else only & {reached}))


@lru_cache(maxsize=256)
def _tiers(on: str) -> tuple[tuple[int, int], ...]:
    """Minimum and maximum of the tiers for a first offender, no death."""
    begin = law("statutory_terms", on).verified
    first = [row for row in begin if row["priors"] == "0" and row["death_or_serious_injury"] == "0"]
    ends = [(row["minimum_months"], row["maximum_months"]) for row in first]
    return tuple((int(low), LIFE if high == "life" else int(high)) for low, high in ends)


@lru_cache(maxsize=65536)
def _reached(name: str, quantity: float, on: str) -> int:
    """The minimum of the tier that a quantity reaches; 0 for none, or a drug the statute does not count."""
    plants = quantity if name in PLANTS else 0
    drug = "Marihuana" if plants else MIXTURES.get(name, name)
    if drug not in drug_names():
        return 0
    try:
        low, _ = statutory_terms(drug, 0 if plants else quantity, on, plants=plants)
    except GuidelineError:
        return 0
    return int(np.asarray(low).ravel()[0])
