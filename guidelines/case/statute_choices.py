"""Statutory limits and motions that a record leaves open, where it raises the doubt itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache, lru_cache

import numpy as np

from guidelines.arrays import IntArray
from guidelines.case.fields import EPOCH
from guidelines.case.record import Choice, Option, Read
from guidelines.errors import GuidelineError
from guidelines.manual import Manual, drug_names
from guidelines.s2d1_1_drug_quantity import quantity_base_level
from guidelines.s2d1_1_units import PLANTS
from guidelines.s5c1_2_safety_valve import category_may_pass
from guidelines.tables import LIFE, editions, law
from guidelines.usc21_841_mandatory_minimum import (
    statutory_limits,
    statutory_terms,
    terms_of_priors_held_from,
)

STATUTES = ("statutory_terms", "statutory_thresholds", "statutory_tiers")
PURE = {"Ice": "Methamphetamine (actual)"}
"""Drugs the statute has no quantity for: what all of it may be."""


def statute_choices(read: Read) -> Iterator[Choice]:
    """A minimum, a motion, authority to go below the minimum, the safety valve; what the term consists of."""
    given = read.given
    imposed = given.get("imposed_term_months", LIFE)
    minimum = given.get("statutory_minimum_months")
    possible: tuple[int, ...] = (minimum,) if minimum else ()
    if minimum is None and not given.get("safety_valve"):
        possible = doubtful_minima(read)
        prior = minima_by_priors(read)
        if possible or prior:
            options = [(at, False) for at in (0, *possible)] + [(at, True) for at in prior]
            yield Choice(
                ("statutory_minimum_months",),
                tuple(
                    Option({"statutory_minimum_months": at}, {"statutory_minimum_months": at}, above_range)
                    for at, above_range in options
                ),
                ordinary=not any(read.quantities()),
            )
    assisted, authority = given.get("substantial_assistance"), given.get("below_minimum_authority")
    if assisted is None and imposed < LIFE:
        yield _yes_no("substantial_assistance")
    below = [at for at in possible if imposed < at]
    if authority is None and possible and assisted is not False and any(imposed >= at for at in possible):
        yield _yes_no("below_minimum_authority")
    by_motion = assisted and authority is not False
    if minimum and below and not by_motion and "safety_valve" not in given and valve_may_apply(read):
        yield _yes_no("safety_valve")
    more = given.get("consecutive_term_months", 0)  # the whole term may have been given
    if more and more < imposed < LIFE:
        yield Choice(
            ("imposed_term_months",),
            (
                Option({}, {"imposed_term_months": imposed}),
                Option(
                    {"imposed_term_months": imposed - more},
                    {"imposed_term_months": imposed - more},
                    above_range=True,
                ),
            ),
        )


@cache
def _yes_no(name: str) -> Choice:
    return Choice((name,), tuple(Option({name: value}, {name: value}) for value in (False, True)))


def doubtful_minima(read: Read) -> tuple[int, ...]:
    """Statutory minima that may have applied although none was stated, the lowest first.

    A quantity over a line of 21 U.S.C. 841(b) or 960(b) on the day of sentencing; where none is known, a base
    level or a converted weight in the rows of such quantities; else a term equal to a minimum.
    """
    given, manual = read.given, read.setting.manual
    if not given.get("drug_quantity_based", True) and "drugs" not in given:
        return ()
    on = statute_day(read)
    tiers = _tiers(on)
    most = given.get("statutory_maximum_months", LIFE)
    quantities = tuple(read.quantities())
    if quantities:
        reached = max(_reached(name, quantity, on) for name, quantity in quantities)
    elif read.base_known:
        drug = "" if read.converted or read.drug < 0 else manual.drugs[read.drug]
        reached = _reached_by_level(manual, PURE.get(drug, drug), _level(read), on)
    else:
        reached = 0
    only = {low for low, high in tiers if 0 < low <= reached and high <= most}
    if not quantities:
        only |= {low for low, high in tiers if 0 < low == given.get("imposed_term_months") and high <= most}
    return tuple(sorted(only))


def valve_may_apply(read: Read) -> bool:
    """Whether some score of the category passes the safety valve on the day of sentencing."""
    # Category VI is that of a career offender, whose points may be few; but two at least.
    points = 2 if read.given.get("career_offender") else read.category
    on = day_of_sentence(read)
    return on >= editions("safety_valve")[0] and (not points or bool(category_may_pass(on, points)))


def statute_day(read: Read) -> str:
    """The day whose statute counts: that of sentencing, else that of the Manual."""
    return _period(day_of_sentence(read))


def day_of_sentence(read: Read) -> str:
    """The day of sentencing, else that of the Manual."""
    day = read.given.get("sentenced_on")
    return read.setting.manual.date if day is None else date.fromordinal(day + EPOCH).isoformat()


@lru_cache(maxsize=65536)
def _period(on: str) -> str:
    """The first day of the period of one statute that a day lies in, from the first held on."""
    begins = {begin for name in STATUTES for begin in editions(name)}
    return max((begin for begin in begins if begin <= on), default=min(begins))


def minima_by_priors(read: Read) -> tuple[int, ...]:
    """A minimum by prior convictions, or a death, that a term above the range is equal to."""
    given = read.given
    if not given.get("drug_quantity_based", True) and "drugs" not in given:
        return ()
    if given.get("statutory_maximum_months", LIFE) < LIFE:
        return ()
    # Before the first day these terms are held from, the first that are held say what may have been.
    on = max(statute_day(read), terms_of_priors_held_from())
    others = {*statutory_limits(on)[0]} - {0, *doubtful_minima(read)}
    return tuple(others & {given.get("imposed_term_months")})


def minima_of_quantity(read: Read) -> frozenset[int]:
    """Every minimum the statute has for the quantities found, with any record and after a death; 0 for none.

    Empty where a quantity is not known, or one the statute does not count.
    """
    on = max(statute_day(read), terms_of_priors_held_from())
    return frozenset().union(
        *(_any_terms(name, _line(name, amount, on), on)[0] for name, amount in read.quantities())
    )


def greatest_maximum(read: Read) -> int:
    """The greatest maximum of the quantities found, without a prior or a death; life where not known."""
    on = statute_day(read)
    highest = [_any_terms(name, _line(name, amount, on), on)[1] for name, amount in read.quantities()]
    return max(highest, default=LIFE)


def _level(read: Read) -> int:
    """The highest row of the Drug Quantity Table that the base level found, or the weight, may be of."""
    manual = read.setting.manual
    if read.quantity == read.quantity:
        return int(quantity_base_level(read.drug, read.quantity, manual))
    found, role = read.given.get("base_offense_level", 0), -read.given.get("mitigating_role", 0)
    return int(manual.row_of_capped[role, found])


@lru_cache(maxsize=4096)
def _reached_by_level(manual: Manual, drug: str, level: int, on: str) -> int:
    """The greatest minimum whose quantity the drug, or any if it is not known, has in a row up to a level."""
    reached = 0
    for row in law("statutory_thresholds", on).select(unit="g"):
        name, grams = row["drug"], float(row["at_least"])
        held = name in manual.listed_drugs and drug in ("", name)
        if held and quantity_base_level(name, grams, manual) <= level:
            reached = max(reached, _reached(name, grams, on))
    return reached


@lru_cache(maxsize=256)
def _tiers(on: str) -> tuple[tuple[int, int], ...]:
    """Minimum and maximum of the tiers for a first offender, no death."""
    begin = law("statutory_terms", on).verified
    first = [row for row in begin if row["priors"] == "0" and row["death_or_serious_injury"] == "0"]
    ends = [(row["minimum_months"], row["maximum_months"]) for row in first]
    return tuple((int(low), LIFE if high == "life" else int(high)) for low, high in ends)


def _reached(name: str, quantity: float, on: str) -> int:
    """The minimum of the tier that a quantity reaches; 0 for none, or a drug the statute does not count."""
    low, _ = _terms(name, _line(name, quantity, on), on)
    return int(low.ravel()[0]) if low.size else 0


@lru_cache(maxsize=4096)
def _any_terms(name: str, line: float, on: str) -> tuple[frozenset[int], int]:
    """Minima a quantity from a line on, or less of it, can carry, and its maximum for a first offender."""
    low, high = _terms(name, line, on)
    if not low.size:
        return frozenset(), LIFE
    lines = [each for each in _lines(name, on) if each <= line]
    some = {at for each in lines for at in _terms(name, each, on, True)[0].ravel().tolist()}
    return frozenset(some), int(high.ravel()[0])


def _line(name: str, quantity: float, on: str) -> float:
    """The statutory line that a quantity reaches: those between two lines have the same terms."""
    return max(line for line in _lines(name, on) if line <= quantity)


@lru_cache(maxsize=4096)
def _lines(name: str, on: str) -> tuple[float, ...]:
    """Quantities of a drug from which a tier of 841(b) is reached, with 0."""
    drug, unit = ("Marihuana", "plants") if name in PLANTS else (PURE.get(name, name), "g")
    tables = law("statutory_thresholds", on), law("statutory_tiers", on)
    rows = [row for table in tables for row in table.select(drug=drug)]
    return (0.0, *(float(row["at_least"]) for row in rows if row["unit"] in (unit, "units")))


@lru_cache(maxsize=4096)
def _terms(name: str, quantity: float, on: str, any_record: bool = False) -> tuple[IntArray, IntArray]:
    """Minimum and maximum of the tier, with each record and after a death if wanted; empty if none counts."""
    plants = quantity if name in PLANTS else 0
    drug = "Marihuana" if plants else PURE.get(name, name)
    none = np.zeros(0, dtype=np.int32)
    if drug not in drug_names():
        return none, none
    priors = np.arange(3)[:, None] if any_record else 0
    death = np.array([False, True]) if any_record else False
    try:
        return statutory_terms(
            drug, 0 if plants else quantity, on, plants=plants, priors=priors, death_or_serious_injury=death
        )
    except GuidelineError:
        return none, none
