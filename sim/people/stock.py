"""The stock of drug prisoners on a day: whoever was sentenced by then and has not left.

Flows of sentences, the law of each year, earlier amendments and time served make the stock; weights make it
meet the published margins; systematic rounding makes whole people of the weights.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from guidelines import tables
from sim.base.arrays import FloatArray
from sim.base.errors import SimulationError
from sim.base.published import target_value
from sim.base.streams import uniforms
from sim.people.associations import RACES, cells, pick
from sim.people.earlier_amendments import Earlier, apply_earlier
from sim.people.flows import DRUGS, FIRST_YEAR
from sim.people.margins import last_data_year, published_margins
from sim.people.parameters import Parameters, best, prior_middle
from sim.people.raking import Raked, rake, systematic_counts
from sim.people.sentenced import Sentenced, sentence
from sim.people.terms import POSITIONS

MOST_THIN = 1_000
"""Of the published stock a hundred people are left then; fewer are no sample."""
CALIBRATED_ON = np.datetime64("2014-11-01")
"""The number of people inside is that of about this day."""
FIRST_LOOK = 8
"""The sample of associations is corrected after a first look at one person in so many."""


@dataclass(frozen=True)
class Stock:
    """People inside on a day.

    Attributes
    ----------
    people
        One row a person, index ``person_id``; see `COLUMNS`.
    sentenced
        The same people as the columns the law works on.
    flow, first_terms
        Everybody sentenced, of whom the stock is a part, and their terms as first imposed, shape
        (sentenced,).
    raked
        Weights of everybody sentenced, and how well they met the margins.
    earlier
        What earlier amendments did.
    unscaled
        People the flows alone put inside on the day of calibration, before they are scaled to the published
        number.
    assumed
        What was taken for granted about the people, one line each.
    origin
        Where people come from that were brought along; empty for synthetic ones.
    """

    people: pd.DataFrame
    sentenced: Sentenced
    flow: Sentenced
    first_terms: NDArray[np.int64]
    raked: Raked
    earlier: list[Earlier]
    unscaled: float
    assumed: tuple[str, ...] = ()
    origin: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        """One line for a person to read."""
        return f"<Stock: {len(self.people):,} people of {len(self.flow):,} sentenced>"

    @property
    def district(self) -> NDArray[np.int64]:
        """Index of the district that sentenced each person, shape (people,)."""
        return self.people["district"].cat.codes.to_numpy().astype(np.int64)


def synthesize(
    seed: int,
    reference: date | str,
    parameters: Parameters | None = None,
    *,
    stock: float | None = None,
    thin: int = 1,
) -> Stock:
    """The stock of drug prisoners on a day.

    Parameters
    ----------
    seed
        The run's seed; one seed gives the same people on every machine.
    reference
        The day.
    parameters
        What nobody has published; the values of the table if left out.
    stock
        People inside on `CALIBRATED_ON`; the published number if left out.
    thin
        Draw one person in so many, at most `MOST_THIN`, each standing for so many.

    Returns
    -------
    Stock
        About 100,888 people for 1 November 2014.

    Raises
    ------
    SimulationError
        A day before the first flow, or a sample of too few.

    Examples
    --------
    >>> import sim
    >>> few = sim.synthesize(1, "2014-11-01", stock=2000)
    >>> len(few.people)
    2000
    """
    if not 1 <= thin <= MOST_THIN:
        raise SimulationError(f"one person in {thin:,} asked for; one in 1 to {MOST_THIN:,} is accepted")
    chosen = parameters or best()
    day = np.datetime64(str(reference))
    if day < (first := np.datetime64(f"{FIRST_YEAR - 1}-10-01")):
        raise SimulationError(
            f"no stock of {day}: the synthetic flows begin on {first}; give people of your own (--people) "
            "for an earlier day"
        )
    until = max(day, CALIBRATED_ON)
    sentenced = sentence(seed, chosen, until, sample_correction(seed), thin)
    first_terms = sentenced.term_months
    flow, earlier = apply_earlier(sentenced, seed, chosen, CALIBRATED_ON)
    raked = _weighted(flow, first_terms, chosen)
    counted = flow.inside(CALIBRATED_ON)
    a_year = last_data_year(flow).astype(np.bool_)
    unscaled = thin * float(raked.weights[counted].sum() / raked.weights[a_year].mean())
    weight = raked.weights * ((stock or target_value("T01")) / thin / raked.weights[counted].sum())
    if day != CALIBRATED_ON:  # the weights are those of that day, the terms those of this one
        flow, earlier = apply_earlier(sentenced, seed, chosen, day)
    rows = np.flatnonzero(flow.inside(day))
    offset = float(uniforms(seed, "people/systematic rounding", np.array([0]))[0])
    counts = systematic_counts(weight[rows], offset)
    return stock_of_rows(seed, np.repeat(rows, counts), flow, first_terms, raked, earlier, unscaled)


def stock_of_rows(
    seed: int,
    rows: NDArray[np.int64],
    flow: Sentenced,
    first_terms: NDArray[np.int64],
    raked: Raked,
    earlier: list[Earlier],
    unscaled: float,
) -> Stock:
    """The stock that some rows of a flow make; see `Stock` for the others.

    Each row of the flow stands there as often as it makes a person.
    """
    people = flow.take(rows)
    return Stock(
        people=_frame(people, seed, first_terms[rows]),
        sentenced=people,
        flow=flow,
        first_terms=first_terms,
        raked=raked,
        earlier=earlier,
        unscaled=unscaled,
        assumed=() if raked.settled else (_conflict(raked),),
    )


def _conflict(raked: Raked) -> str:
    """One line on margins that cannot all hold, the worst ones first."""
    worst = sorted(raked.gaps.items(), key=lambda item: -item[1])[:3]
    told = ", ".join(f"{name} by {100 * gap:.1f} points" for name, gap in worst)
    return f"published margins of the stock contradict each other and are missed: {told}"


def _weighted(flow: Sentenced, first_terms: NDArray[np.int64], parameters: Parameters) -> Raked:
    margins = published_margins(flow, flow.inside(CALIBRATED_ON), first_terms, parameters)
    return rake(np.ones(len(flow)), margins)


@lru_cache(maxsize=8)
def sample_correction(seed: int) -> FloatArray:
    """How much more often each combination of facts is needed than the selected sample has it.

    A first look at a thin flow is raked; the mean weight that each level of a margin gets is what the
    sample lacks of it. It only makes the later weights more even, so one correction, with parameters that no
    fit moves, serves every set of them.
    """
    parameters = prior_middle()
    sentenced = sentence(seed, parameters, CALIBRATED_ON, thin=FIRST_LOOK)
    flow, _ = apply_earlier(sentenced, seed, parameters, CALIBRATED_ON)
    weights = _weighted(flow, sentenced.term_months, parameters).weights
    known = cells()
    tilt = np.ones(len(known.persons))
    for level in (
        known.us_citizen + 2 * known.drug,
        (known.criminal_history_category == 1).astype(np.int64),
        known.weapon,
        known.race + len(RACES) * known.drug,
        (known.statutory_minimum_months > 0).astype(np.int64),
    ):
        here = level[flow.cell]
        fine = np.bincount(here, weights, level.max() + 1)
        had = np.bincount(here, tilt[flow.cell], level.max() + 1)
        tilt *= np.divide(fine, had, out=np.ones_like(fine), where=had > 0)[level]
    tilt.flags.writeable = False
    return tilt


def _frame(people: Sentenced, seed: int, first_terms: NDArray[np.int64]) -> pd.DataFrame:
    """Facts as a table for readers; categories as words."""
    known = people.attributes
    ids = np.arange(len(people))
    table = pd.DataFrame(
        {
            "drug": _words(people.drug, DRUGS),
            "quantity_grams": people.quantity,
            "sentenced_on": people.sentenced_on.astype("datetime64[s]"),
            "criminal_history_category": known["criminal_history_category"].astype(np.int8),
            "weapon": known["weapon"],
            "violence": known["violence"],
            "other_characteristic": known["other_characteristic"],
            "safety_valve": known["safety_valve"],
            "mitigating_role": known["mitigating_role"].astype(np.int8),
            "aggravating_role": known["aggravating_role"].astype(np.int8),
            "obstruction": known["obstruction"],
            "acceptance": known["acceptance"].astype(np.int8),
            "career_offender": known["career_offender"],
            "statutory_minimum_months": known["statutory_minimum_months"].astype(np.int32),
            "statutory_maximum_months": known["statutory_maximum_months"].astype(np.int32),
            "position": _words(people.position, POSITIONS),
            "first_term_months": first_terms.astype(np.int32),
            "imposed_term_months": people.term_months.astype(np.int32),
            "jail_credit_days": people.jail_credit_days.astype(np.int32),
            "programme_days": people.programme_days.astype(np.int32),
            "release_on": people.release_on.astype("datetime64[s]"),
            "us_citizen": known["us_citizen"],
            "race": _words(known["race"], RACES),
        },
        index=pd.Index(ids, name="person_id"),
    )
    code = {"drug": {name: number for number, name in enumerate(DRUGS)}}
    citizen = known["us_citizen"].astype(np.int64)
    known_places = tables.reference("ussc_pv_districts")
    place = pick(known_places, (people.drug, citizen), ("drug", "us_citizen"),
                 uniforms(seed, "people/district", ids), code)  # fmt: skip
    table["district"] = _chosen(known_places.column("district"), place, _districts())
    known_ages = tables.reference("ussc_pv_sex_age")
    who = pick(known_ages, (people.drug,), ("drug",), uniforms(seed, "people/sex and age", ids), code)
    table["sex"] = _chosen(known_ages.column("sex"), who, ("male", "female"))
    table["age_at_sentence"] = np.array(known_ages.column("age"), np.int8)[who]
    return table


def _chosen(column: Sequence[str], rows: NDArray[np.int64], names: Sequence[str]) -> pd.Categorical[str]:
    """The words of a column in the given rows of its table."""
    code = {name: number for number, name in enumerate(names)}
    return _words(np.array([code[word] for word in column], np.int64)[rows], names)


def _words(code: NDArray[np.int64], names: Sequence[str]) -> pd.Categorical[str]:
    return pd.Categorical.from_codes(code, pd.Index(list(names)))


def _districts() -> list[str]:
    return tables.reference("districts").column("district")
