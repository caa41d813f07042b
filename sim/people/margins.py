"""Published distributions that the stock has to show, as margins for raking."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from guidelines.amendments import Amendment
from sim.base.arrays import FloatArray, IntArray
from sim.base.fiscal import first_day
from sim.base.published import event, figure, named, target_value
from sim.people.associations import RACES
from sim.people.earlier_amendments import cuts_under
from sim.people.flows import DRUGS, LAST_DATA_YEAR, persons_sentenced
from sim.people.margin import Margin, MeanMargin
from sim.people.parameters import Parameters
from sim.people.sentenced import Sentenced
from sim.people.terms import ABOVE, ASSISTANCE, WITHIN, longest_recorded, positions, positions_by_range

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


DESCRIBED_ON = np.datetime64("2012-09-30")
"""The published drugs, citizenship, categories, weapons, races and mean term are those of the prisoners of
this day (stock_drug_prisoners_fy2012.csv)."""
ERAS = (1990, 1996, 2006, 2014)
"""Fiscal years in which the eras with a mean term begin, and the first after them."""
MEAN_TERMS = (
    ("admissions_flow", "A300", True),
    ("admissions_flow", "A09b", True),
    ("ussc_marginals", "M010", False),
)
"""Where the published mean term stands that is used for each era, that of one of its years, and whether it
leaves out those without a prison term."""
LEAST_SHARE = 0.02
"""Cells of the range minimums hold at least this share of the cases."""
EARLY_YEARS_END = 2006
"""Before this fiscal year the share of 1999 stands for convictions under a mandatory minimum."""


def published_margins(
    people: Sentenced, inside: NDArray[np.bool_], first_terms: IntArray, parameters: Parameters
) -> list[Margin | MeanMargin]:
    """Margins of the stock, of the FY2014 flow and of the years before it, over the rows of a flow.

    `inside` says who is in the stock of which career offenders were counted; `first_terms` are terms as
    imposed, in months; shape (people,) each.
    """
    stock, year = people.inside(DESCRIBED_ON).astype(np.float64), last_data_year(people)
    columns = people.attributes
    minimum = columns["statutory_minimum_months"] > 0
    return [
        _range_minimums(people, year),
        _positions(people, year),
        _sentenced_by_era(people),
        *_mean_terms(people, first_terms, parameters),
        *_minimums_by_policy(people, minimum, year),
        Margin("drug", stock_drug(people.drug), _drug_shares(), stock),
        *_race(people.drug, columns["race"], stock),
        _citizens_by_drug(people, stock),
        yes_no("not US citizens", ~columns["us_citizen"], target_value("T03"), stock),
        yes_no("category I", columns["criminal_history_category"] == 1, target_value("T04"), stock),
        yes_no("weapon", columns["weapon"], target_value("T05"), stock),
        yes_no("career offenders", columns["career_offender"], _marginal("M302"), inside.astype(np.float64)),
        _career_offenders_eligible(people, inside),
    ]


def _career_offenders_eligible(people: Sentenced, inside: NDArray[np.bool_]) -> Margin:
    """Career offenders whose range comes from the drug quantity, so that Amendment 782 lowers it.

    Of the people the Commission found eligible few were career offenders; drawn like all others, quantities
    would decide the range of far more of them.
    """
    amendment = Amendment.load("782")
    day = np.datetime64(amendment.order_effective_from)
    career = inside & people.attributes["career_offender"]
    rows, cut = cuts_under(people, amendment, career, day)
    eligible = np.zeros(len(people), np.bool_)
    eligible[rows] = cut.eligible
    share = named("career_offenders_eligible") / target_value("T01")
    return yes_no("career offenders eligible", eligible, share, inside.astype(np.float64))


def _range_minimums(people: Sentenced, year: FloatArray) -> Margin:
    """Minimums of the range, neighbours together until they hold enough cases for a weight of their own."""
    bins = positions()
    held, group = 0.0, np.zeros(len(bins.share), np.int64)
    for place, share in enumerate(bins.share):
        group[place] = group[place - 1] if place and held < LEAST_SHARE else (place and group[place - 1] + 1)
        held = share if place == 0 or group[place] != group[place - 1] else held + share
    group[group == group[-1]] -= held < LEAST_SHARE
    cell = group[bins.bin_of(people.range_minimum_months)]
    share = np.asarray(np.bincount(group, bins.share), np.float64)
    return Margin("range minimum, FY2014 flow", cell, share, year)


def _positions(people: Sentenced, year: FloatArray) -> Margin:
    """Where terms lie relative to the range, by kind of range.

    Drawn positions fall short of the published ones, as the statute undoes some departures and variances.
    """
    begins, share = positions_by_range()
    kind = np.where(people.position == ABOVE, WITHIN, people.position)
    at = np.searchsorted(begins, people.range_minimum_months, side="right") - 1
    cells = np.repeat(np.arange(len(begins)), share.shape[1])
    return Margin("position, FY2014 flow", share.shape[1] * at + kind, share.ravel(), year, cells)


def _sentenced_by_era(people: Sentenced) -> Margin:
    """People sentenced in the eras of the mean terms and after: no other margin may shift them."""
    flow = persons_sentenced(LAST_DATA_YEAR)
    share = np.bincount(np.searchsorted(ERAS, flow["fiscal_year"], side="right") - 1, flow["persons"])
    era = _era(people)
    known = people.sentenced_on < first_day(LAST_DATA_YEAR + 1)
    return Margin("sentenced by era", np.where(known, era, -1), share / share.sum(), known.astype(np.float64))


def _era(people: Sentenced) -> IntArray:
    """Index of `ERAS`, shape (people,)."""
    ends = first_day(np.array(ERAS))
    return np.asarray(np.searchsorted(ends, people.sentenced_on, side="right") - 1, np.int64)


def _mean_terms(people: Sentenced, first_terms: IntArray, parameters: Parameters) -> list[MeanMargin]:
    """Mean terms of earlier years, reached by shorter or longer ranges than those of FY2014.

    The mean of one year is that of all of its era. Nobody has published how the ranges of those years lay;
    the tilt acts on minimums up to a parameter.
    """
    bins, era = positions(), _era(people)
    level = np.minimum(bins.edges, parameters.earlier_ranges_to_months).astype(np.float64)
    at = bins.bin_of(people.range_minimum_months)
    term = np.minimum(first_terms, longest_recorded()).astype(np.float64)
    found = []
    for number, (table, row, prison_only) in enumerate(MEAN_TERMS):
        whom = era == number
        counts = (whom & (term > 0) if prison_only else whom).astype(np.float64)
        name = f"mean term, FY{ERAS[number]}-FY{ERAS[number + 1] - 1}"
        found.append(MeanMargin(name, np.where(whom, at, -1), level, term, figure(table, row), counts))
    return found


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
    """Convictions under a mandatory minimum and relief from it, before and after the policy of 2013.

    The published share of 1999 stands for the years up to 2005, that of FY2013 for those after, that of
    FY2015 for FY2014; relief is that of FY2013 before the policy and that of FY2016 after it. The share in
    the stock then follows; the published one (ussc_marginals.csv M045, of 2016) is a comparison.
    """
    after = people.sentenced_on >= event("fewer_minimums_charged")
    early = people.sentenced_on < first_day(EARLY_YEARS_END)
    cell, relief = minimum.astype(np.int64), _relief(people)
    name = "convicted under a mandatory minimum"
    found = []
    for label, where, counts, share, relieved in (
        ("1999", early, sentenced_in(people, 1999), named("convicted_under_minimum_1999"), ()),
        ("FY2013", ~early & ~after, sentenced_in(people, 2013), _marginal("M310"), ("M313", "M312", "M314")),
        ("FY2014", after, year, _marginal("M028"), ("M037", "M038", "M039")),
    ):
        found.append(Margin(f"{name}, {label} flow", np.where(where, cell, -1), _yes(share), counts))
        if relieved:
            some = np.array([_marginal(row) for row in relieved])
            whom = (~after if label == "FY2013" else after) & minimum
            share_of_each = np.append(1 - some.sum(), some)
            place = np.where(whom, relief, -1)
            found.append(Margin(f"relief, {label} flow", place, share_of_each, counts * minimum))
    return found


def _relief(people: Sentenced) -> IntArray:
    """From a mandatory minimum: 0 none, 1 the safety valve, 2 assistance, 3 both; shape (people,)."""
    valve, assisted = people.attributes["safety_valve"], people.position == ASSISTANCE
    return np.asarray(valve.astype(np.int64) + 2 * assisted, np.int64)


def last_data_year(people: Sentenced) -> FloatArray:
    """1 for those sentenced in the last fiscal year with data, else 0; shape (people,)."""
    return sentenced_in(people, LAST_DATA_YEAR)


def sentenced_in(people: Sentenced, fiscal_year: int) -> FloatArray:
    """1 for those sentenced in a fiscal year, else 0; shape (people,)."""
    begin, end = first_day(fiscal_year), first_day(fiscal_year + 1)
    return ((people.sentenced_on >= begin) & (people.sentenced_on < end)).astype(np.float64)


def _yes(share: float) -> FloatArray:
    return np.array([1 - share, share])


def _drug_shares() -> FloatArray:
    shares: FloatArray = np.array([target_value("T02", name) for name in STOCK_DRUGS])
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
