"""Published distributions that the stock has to show, as margins for raking."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.associations import RACES
from sim.fiscal import first_day
from sim.flows import DRUGS
from sim.published import event, figure, target
from sim.raking import FloatArray, IntArray, Margin
from sim.sentenced import Sentenced
from sim.terms import ASSISTANCE, positions

LAST_DATA_YEAR = 2014
STOCK_DRUGS = ("cocaine", "methamphetamine", "marijuana", "heroin", "other")
_STOCK_DRUG = {
    "Cocaine": "cocaine",
    "Cocaine Base": "cocaine",
    "Heroin": "heroin",
    "Marihuana": "marijuana",
    "Methamphetamine": "methamphetamine",
    "Other": "other",
}
_STOCK = "stock_drug_prisoners_fy2012"
_NOT_CITIZENS = {"Cocaine": "S18", "Marihuana": "S19", "Methamphetamine": "S20", "Cocaine Base": "S21"}
_RACE_WITHIN = {
    "Cocaine Base": {"Black": "S11"},
    "Cocaine": {"Hispanic": "S12", "Black": "S13"},
    "Marihuana": {"Hispanic": "S14"},
    "Methamphetamine": {"White": "S15", "Hispanic": "S16"},
}
_RACE = {"Black": "S08", "Hispanic": "S09", "White": "S10"}


def published_margins(people: Sentenced, inside: NDArray[np.bool_]) -> list[Margin]:
    """Margins of the stock, and of the FY2014 flow, over the rows of a flow.

    Parameters
    ----------
    people
        The flow.
    inside
        Who is in the stock, shape (people,).
    """
    stock, year = inside.astype(np.float64), last_data_year(people)
    columns = people.attributes
    minimum = columns["statutory_minimum_months"] > 0
    bins = positions()
    return [
        Margin("range minimum, FY2014 flow", bins.bin_of(people.range_minimum_months), bins.share, year),
        *_minimums_by_policy(people, minimum, year),
        Margin("drug", stock_drug(people.drug), _drug_shares(), stock),
        *_race(people.drug, columns["race"], stock),
        _citizens_by_drug(people, stock),
        yes_no("not US citizens", ~columns["us_citizen"], target("T03"), stock),
        yes_no("category I", columns["criminal_history_category"] == 1, target("T04"), stock),
        yes_no("weapon", columns["weapon"], target("T05"), stock),
        yes_no("career offenders", columns["career_offender"], _marginal("M302"), stock),
        yes_no("subject to a mandatory minimum", subject_to_minimum(people), target("T07"), stock),
    ]


def yes_no(name: str, holds: NDArray[np.bool_], share: float, counts: FloatArray) -> Margin:
    """Margin of a fact that holds or not, and the share for whom it does."""
    return Margin(name, holds.astype(np.int64), _yes(share), counts)


def _marginal(row: str) -> float:
    return figure("ussc_marginals", row)


def stock_drug(drug: IntArray) -> IntArray:
    """Index into `STOCK_DRUGS`: the published stock does not tell crack from powder."""
    return np.array([STOCK_DRUGS.index(_STOCK_DRUG[name]) for name in DRUGS])[drug]


def subject_to_minimum(people: Sentenced) -> NDArray[np.bool_]:
    """Convicted under a mandatory minimum and relieved neither by the safety valve nor by assistance."""
    columns = people.attributes
    relieved = columns["safety_valve"] | (people.position == ASSISTANCE)
    subject: NDArray[np.bool_] = (columns["statutory_minimum_months"] > 0) & ~relieved
    return subject


def _minimums_by_policy(people: Sentenced, minimum: NDArray[np.bool_], year: FloatArray) -> list[Margin]:
    """Convictions under a mandatory minimum, before and after the charging policy of 2013.

    The published share of 1999 stands for all years before, that of FY2015 for FY2014. The share in the
    stock then follows; the published one (ussc_marginals.csv M045, of 2016) is no margin but a comparison.
    """
    after = people.sentenced_on >= event("D03")
    cell = minimum.astype(np.int64)
    in_1999 = (people.sentenced_on >= first_day(1999)) & (people.sentenced_on < first_day(2000))
    before_share, after_share = _yes(figure("admissions_flow", "A07")), _yes(_marginal("M028"))
    name = "convicted under a mandatory minimum"
    return [
        Margin(f"{name}, 1999 flow", np.where(after, -1, cell), before_share, in_1999.astype(np.float64)),
        Margin(f"{name}, FY2014 flow", np.where(after, cell, -1), after_share, year),
    ]


def last_data_year(people: Sentenced) -> FloatArray:
    """1 for those sentenced in the last fiscal year with data, else 0; shape (people,)."""
    begin, end = first_day(LAST_DATA_YEAR), first_day(LAST_DATA_YEAR + 1)
    return ((people.sentenced_on >= begin) & (people.sentenced_on < end)).astype(np.float64)


def _yes(share: float) -> FloatArray:
    return np.array([1 - share, share])


def _drug_shares() -> FloatArray:
    shares: FloatArray = np.array([target("T02", name) for name in STOCK_DRUGS])
    shares /= shares.sum()  # published to two digits, they add up to 0.99
    return shares


def _citizens_by_drug(people: Sentenced, stock: FloatArray) -> Margin:
    """Citizenship within each drug for which it is published."""
    order = {DRUGS.index(name): place for place, name in enumerate(_NOT_CITIZENS)}
    place = np.array([order.get(code, -1) for code in range(len(DRUGS))])[people.drug]
    foreign = ~people.attributes["us_citizen"]
    share = np.concatenate([_yes(figure(_STOCK, row)) for row in _NOT_CITIZENS.values()])
    cell = np.where(place >= 0, 2 * place + foreign, -1)
    return Margin("not US citizens within drug", cell, share, stock, np.repeat(np.arange(len(order)), 2))


def _race(drug: IntArray, race: IntArray, stock: FloatArray) -> list[Margin]:
    """Race and ethnicity over all, and within each drug for which some of it is published."""
    overall = _with_rest({name: figure(_STOCK, row) for name, row in _RACE.items()})
    margins = [Margin("race", overall[1][race], overall[0], stock)]
    for name, rows in _RACE_WITHIN.items():
        share, cell = _with_rest({other: figure(_STOCK, row) for other, row in rows.items()})
        here = np.where(drug == DRUGS.index(name), cell[race], -1)
        margins.append(Margin(f"race within {name}", here, share, stock))
    return margins


def _with_rest(shares: dict[str, float]) -> tuple[FloatArray, IntArray]:
    """Shares with a last one for the races not named, and the cell of each race."""
    names = list(shares)
    cell = np.array([names.index(race) if race in shares else len(names) for race in RACES])
    return np.array([*shares.values(), 1 - sum(shares.values())]), cell
