"""Everybody sentenced for drug trafficking since the flows begin: facts, range and term of each.

One row a sentence, in the order of fiscal year and drug. Every draw is addressed by the row's number, so
that a longer flow changes nobody who was in it before.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from guidelines import LIFE, tables
from guidelines.manual import Manual, drug_names
from guidelines.s1b1_1_worksheet import worksheet
from guidelines.s3_adjustments import acceptances
from guidelines.usc18_3624_release import release_date
from sim.base.arrays import DateArray, FloatArray, IntArray
from sim.base.fiscal import DAYS_A_MONTH, first_day, fiscal_year_of, length_days
from sim.base.published import event, named
from sim.base.streams import normals, uniforms
from sim.people.associations import cells
from sim.people.attributes import Columns, attributes, facts_of
from sim.people.flows import LAST_DATA_YEAR, persons_sentenced
from sim.people.parameters import Parameters
from sim.people.quantities import LAW_DRUG, base_levels, draw_quantities, next_step
from sim.people.terms import (
    ASSISTANCE,
    COURT,
    GOVERNMENT,
    SPONSORED,
    WITHIN,
    draw_positions,
    imposed_terms,
    share_of_position,
)

GOOD_TIME = "before_first_step_act"
"""Nobody foresaw the First Step Act when the projections of 2014 and 2015 were made."""


NESTED = ("attributes", "found")
"""Attributes of `Sentenced` that are columns by their names."""


@dataclass
class Sentenced:
    """Columns of shape (people,).

    Attributes
    ----------
    number
        Address of the person's draws.
    drug, cell
        Index into `sim.people.flows.DRUGS`, and into the combinations of `sim.people.associations`.
    sentenced_on
        Day of sentence.
    quantity
        Grams of the drug that stands for `drug` in the quantity table.
    attributes
        See `sim.people.attributes.attributes`.
    position
        Index into `sim.people.terms.POSITIONS`.
    range_minimum_months, term_months
        Minimum of the range after statute, and the present term.
    jail_credit_days, programme_days
        Days before the sentence that count, and days taken off by the residential drug programme.
    release_on
        Projected release; NaT for life.
    measured_on
        Day whose Manual the present term was measured by: that of the sentence, or with an amendment under
        which it was cut.
    found
        Facts of people of one's own, taken before what the columns above give.
    """

    number: IntArray
    drug: IntArray
    cell: IntArray
    sentenced_on: DateArray
    quantity: FloatArray
    attributes: Columns
    position: IntArray
    range_minimum_months: IntArray
    term_months: IntArray
    jail_credit_days: IntArray
    programme_days: IntArray
    release_on: DateArray
    measured_on: DateArray
    found: Columns = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.number)

    def take(self, rows: IntArray) -> Sentenced:
        """The given rows of every column."""
        columns = {name: value[rows] for name, value in vars(self).items() if name not in NESTED}
        attributes, found = (
            {name: value[rows] for name, value in columns.items()}
            for columns in (self.attributes, self.found)
        )
        return Sentenced(attributes=attributes, found=found, **columns)

    def inside(self, day: np.datetime64) -> NDArray[np.bool_]:
        """Who has been sentenced by a day and not left by it, shape (people,)."""
        return (self.sentenced_on <= day) & ~(self.release_on <= day)

    def facts(self) -> Columns:
        """The columns `guidelines` works on."""
        drugs = Manual.on(first_edition()).drug_index(LAW_DRUG)
        facts = facts_of(self.attributes) | {
            "drug": drugs[self.drug],
            "quantity": self.quantity,
            "substantial_assistance": self.position == ASSISTANCE,
            "imposed_term_months": self.term_months,
        }
        if "substance" in self.found:  # several drugs: each with its own quantity
            del facts["drug"], facts["quantity"]
        return facts | self.found

    def releases(self, term_months: IntArray, good_time: str = GOOD_TIME) -> DateArray:
        """Release dates if the terms were these, under a method of good conduct time; NaT for life."""
        served = release_date(self.sentenced_on, term_months, self.jail_credit_days, good_time)
        return served - self.programme_days


def sentence(
    seed: int, parameters: Parameters, until: np.datetime64, tilt: FloatArray | None = None, thin: int = 1
) -> Sentenced:
    """Draw everybody sentenced up to a day, under the law of the day, with a term relative to the range.

    `tilt` says how much more often each combination of facts is wanted than the sample has it, shape
    (cells,); one person in `thin` is drawn.
    """
    drug, fiscal_year = _flow(until, thin)
    day = uniforms(seed, "sentenced/day", np.arange(len(drug)))
    sentenced_on = first_day(fiscal_year) + np.floor(day * length_days(fiscal_year)).astype(np.int64)
    # The last year is drawn whole and cut at the day, so that a later day changes nobody.
    number = np.flatnonzero(sentenced_on <= until)
    drug, sentenced_on = drug[number], sentenced_on[number]

    def draw(purpose: str) -> FloatArray:
        return uniforms(seed, f"sentenced/{purpose}", number)

    known = cells()
    cell = known.draw(drug, draw("facts"), np.ones(len(known.persons)) if tilt is None else tilt)
    columns = attributes(known, cell, sentenced_on, draw, parameters)
    quantity, low, high = _ranges(seed, number, drug, sentenced_on, columns, draw("quantity"), parameters)
    position = draw_positions(low, draw("position"), *_variances(sentenced_on, parameters))
    minimum, maximum = columns["statutory_minimum_months"], columns["statutory_maximum_months"]
    term = imposed_terms(
        position,
        low,
        high,
        np.where(columns["safety_valve"], 0, minimum),
        maximum,
        draw("distance"),
        parameters.at_range_minimum_share,
    )
    # Where the statute holds the term up, the departure or variance did not happen.
    position = np.where(np.isin(position, (GOVERNMENT, SPONSORED, COURT)) & (term >= low), WITHIN, position)
    people = Sentenced(
        number=number,
        drug=drug,
        cell=cell,
        sentenced_on=sentenced_on,
        quantity=quantity,
        attributes=columns,
        position=position,
        range_minimum_months=low,
        term_months=term,
        jail_credit_days=jail_credit(term, draw("jail"), parameters),
        programme_days=programme(term, columns, draw("programme"), parameters),
        release_on=sentenced_on,
        measured_on=sentenced_on,
    )
    people.release_on = people.releases(term)
    return people


def _variances(sentenced_on: DateArray, parameters: Parameters) -> tuple[FloatArray, FloatArray]:
    """How frequent departures by the court and sponsored variances were, relative to all of FY2014.

    The court's grew evenly from the day the guidelines became advisory to the published share of FY2013.
    FY2014 has a part before and a part after its change; what the first lacks the second has more.
    """
    advisory, early_minus_two = event("guidelines_advisory"), event("two_levels_no_longer_opposed")
    year = first_day(LAST_DATA_YEAR)
    part = float((early_minus_two - year) / (first_day(LAST_DATA_YEAR + 1) - year))
    sponsored, known = parameters.government_variance_before_2014, court_share_of_fy2013()
    middle = first_day(LAST_DATA_YEAR - 1) + length_days(LAST_DATA_YEAR - 1) // 2
    way = (sentenced_on - advisory) / (middle - advisory)
    grown = parameters.variance_after_booker + (known - parameters.variance_after_booker) * np.clip(way, 0, 1)
    return (
        np.select(
            [sentenced_on < advisory, sentenced_on < early_minus_two],
            [parameters.variance_before_booker, grown],
            (1 - part * known) / (1 - part),
        ),
        np.where(sentenced_on < early_minus_two, sponsored, (1 - part * sponsored) / (1 - part)),
    )


def court_share_of_fy2013() -> float:
    """Departures and variances by the court in FY2013, relative to FY2014."""
    return named("not_sponsored_below_range_fy2013") / share_of_position(COURT)


@lru_cache(maxsize=1)
def first_edition() -> str:
    """Begin date of the first Drug Quantity Table with rows for every drug of the flow."""
    names = {
        drug_names()[int(index)]
        for index in Manual.on(tables.editions("drug_quantity")[-1]).drug_index(LAW_DRUG)
    }
    return next(
        begin
        for begin in tables.editions("drug_quantity")
        if names <= set(tables.edition("drug_quantity", begin).column("drug"))
    )


def _flow(until: np.datetime64, thin: int) -> tuple[IntArray, IntArray]:
    """Drug and fiscal year of everybody sentenced up to the end of the year in which the day lies."""
    flow = persons_sentenced(fiscal_year_of(until))
    persons = flow["persons"].to_numpy() / thin
    whole = np.diff(np.floor(np.concatenate([[0.0], np.cumsum(persons)]) + 0.5)).astype(np.int64)
    return np.repeat(flow["drug"].to_numpy(), whole), np.repeat(flow["fiscal_year"].to_numpy(), whole)


def _ranges(
    seed: int,
    number: IntArray,
    drug: IntArray,
    sentenced_on: DateArray,
    columns: Columns,
    uniform: FloatArray,
    parameters: Parameters,
) -> tuple[FloatArray, IntArray, IntArray]:
    """Quantity, and the range after statute under the Manual of each day.

    The Manual of 1989 stands for the years before it, whose table had no methamphetamine.
    """
    step, spread = (
        uniforms(seed, "sentenced/base level", number),
        normals(seed, "sentenced/base level spread", number),
    )
    changed = {*tables.editions("drug_quantity"), *tables.editions("acceptance_of_responsibility")}
    begins = sorted(begin for begin in changed if begin >= first_edition())
    edition = np.searchsorted(np.array(begins[1:], dtype="datetime64[D]"), sentenced_on, side="right")
    quantity = np.empty(len(number))
    low, high = np.empty(len(number), np.int64), np.empty(len(number), np.int64)
    law_drug = Manual.on(begins[0]).drug_index(LAW_DRUG)
    facts = facts_of(columns)
    for index, begin in enumerate(begins):
        rows = np.flatnonzero(edition == index)
        if not len(rows):
            continue
        manual = Manual.on(begin)
        minimum = columns["statutory_minimum_months"][rows]
        level = base_levels(drug[rows], minimum, step[rows], spread[rows], manual, begin, parameters)
        ratio = next_step(level, minimum, begin, parameters)
        quantity[rows] = draw_quantities(drug[rows], level, ratio, uniform[rows], manual, parameters)
        part = {name: value[rows] for name, value in facts.items()}
        part["acceptance"] = np.maximum(part["acceptance"], acceptances(manual)[-1])
        sheet = worksheet(part | {"drug": law_drug[drug[rows]], "quantity": quantity[rows]}, manual)
        low[rows] = sheet["guideline_range_minimum_months"]
        high[rows] = sheet["guideline_range_maximum_months"]
    return quantity, low, high


def jail_credit(term: IntArray, uniform: FloatArray, parameters: Parameters) -> IntArray:
    """Days in jail before the sentence: exponential around the mean, at most a share of the term."""
    days = -np.log1p(-uniform) * parameters.jail_credit_months * DAYS_A_MONTH
    most = parameters.jail_credit_most * term * DAYS_A_MONTH
    return np.asarray(np.floor(np.minimum(days, most)), np.int64)


def programme(term: IntArray, columns: Columns, uniform: FloatArray, parameters: Parameters) -> IntArray:
    """Days off for the residential drug programme: the published mean, for those who get any.

    A weapon bars from it, and a detainer of the immigration authorities: 28 CFR 550.55(b).
    """
    days = round(named("drug_programme_months_off") * DAYS_A_MONTH)
    barred = columns["weapon"] | ~columns["us_citizen"]
    gets = (uniform < parameters.residential_drug_programme_share) & ~barred
    long_enough = (term >= parameters.programme_from_months) & (term < LIFE)
    return np.where(gets & long_enough, days, 0).astype(np.int64)
