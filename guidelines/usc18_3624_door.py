"""18 U.S.C. §§ 3585, 3621-3632: from a sentence to the door, each step with its section and its date.

One person at a time, for a worksheet; dates of many people are in `guidelines.usc18_3624_release`. Each step
is the most the law allows on the facts given: how much of it the Bureau of Prisons grants is its own choice.
"""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np

from guidelines.arrays import DateArray, whole_numbers
from guidelines.errors import ImpossibleValue, UnknownName, nearest
from guidelines.tables import LIFE, edition, editions, iso, law
from guidelines.usc18_3624_release import (
    LOWER_RATE,
    MONTHS_IN_YEAR,
    at_full_rate,
    first_step_act_day,
    full_term_date,
    release_date,
    term_days,
)

DETAINERS = {"immigration": "to the immigration authorities", "other": "to another authority"}
PERCENT = 100
FIREARM = "firearm_count"
REMOVAL = "final_order_of_removal"
MOST_DAYS = 100_000


@dataclass(frozen=True)
class Step:
    """One step between the sentence and the door.

    Attributes
    ----------
    name, section
        What it is and where it stands.
    on
        The day it leads to, ISO; empty where the step moves no date or there is none.
    days
        Days it gives; None where it gives none of its own.
    note
        Why, and how sure the figure is where it is not the statute's own.
    """

    name: str
    section: str
    on: str = ""
    days: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class TermDates:
    """Dates of one term, as the arrays of `guidelines.usc18_3624_release` work them out for many at once.

    Attributes
    ----------
    full, length
        Last day of the term without good conduct time, and its days.
    door
        Release with good conduct time alone.
    full_rate
        Whether good conduct time is earned at the full rate.
    """

    full: date
    length: int
    door: date
    full_rate: bool


def sentence_to_door(
    start_date: str | date,
    term_months: int,
    *,
    extra_days: int = 0,
    jail_credit_days: int = 0,
    method: str = "by_date",
    school_progress: bool = True,
    disallowed_days: int = 0,
    not_before: str | date | None = None,
    drug_program: bool | None = None,
    program_days: int | None = None,
    minimum_or_low_risk: bool = False,
    time_credit_bars: Collection[str] = (),
    supervised_release: bool = True,
    detainer: str | None = None,
    dates: TermDates | None = None,
) -> tuple[Step, ...]:
    """The steps from a sentence to the door, in the order in which they are taken.

    Parameters
    ----------
    start_date, term_months, extra_days, jail_credit_days, method, school_progress, disallowed_days
        As in `guidelines.release_date`; `guidelines.LIFE` for life.
    not_before
        Day from which a reduction order has effect; nobody leaves earlier by it.
    drug_program
        The residential drug treatment was completed (18 U.S.C. 3621(e)(2)(B)). None: not known, and what it
        could add is a step without a day.
    program_days
        Days of successful programming that earn time credits (18 U.S.C. 3632(d)(4)). None: likewise.
    minimum_or_low_risk
        Minimum or low risk over two assessments: the higher rate of credits.
    time_credit_bars
        Names of the table ``time_credit_exclusions`` that apply.
    supervised_release
        The sentence includes supervised release, to which credits may move the date (3624(g)(3)).
    detainer
        ``immigration`` or ``other``: the last step is a hand-over, not freedom.
    dates
        The dates of the term where they are worked out already; then what they rest on is not looked at.

    Returns
    -------
    tuple of Step
        The last one is the door.

    Raises
    ------
    UnknownName
        A bar or a detainer nobody knows.
    ImpossibleValue
        More days of programming than the sentence has.

    Examples
    --------
    >>> how = {"drug_program": False, "program_days": 600, "minimum_or_low_risk": True}
    >>> for step in sentence_to_door("2022-01-10", 60, **how):
    ...     print(step.name, step.on, step.days)
    sentence_begins 2022-01-10 None
    full_term 2027-01-09 1826
    good_conduct_time 2026-04-14 270
    time_credits_earned  300
    time_credits_to_supervised_release 2025-06-18 300
    community_placement 2024-06-18 None
    home_confinement 2024-12-18 None
    door 2025-06-18 None
    """
    start = date.fromisoformat(iso(start_date))
    bars = _bars(time_credit_bars)
    if detainer is not None and detainer not in DETAINERS:
        raise UnknownName(f"detainer {detainer!r}; {nearest(detainer, DETAINERS)}")
    steps = [Step("sentence_begins", "18 U.S.C. 3585(a)", start.isoformat())]
    if jail_credit_days:
        steps.append(Step("jail_credit", "18 U.S.C. 3585(b)", days=jail_credit_days))
    if term_months >= LIFE:
        return (*steps, Step("door", "18 U.S.C. 3624(a)", note="a term for life has no release date"))
    if dates is None:
        how = extra_days, jail_credit_days, method, school_progress, disallowed_days
        dates = _term_dates(start, term_months, *how)
    full, length, door = dates.full, dates.length, dates.door
    steps.append(Step("full_term", "18 U.S.C. 3585(b), 3624(a)", full.isoformat(), length))
    credit = (full - door).days
    steps.append(
        Step(
            "good_conduct_time",
            "18 U.S.C. 3624(b)",
            door.isoformat(),
            credit,
            _good_time(credit, dates.full_rate, door),
        )
    )
    if drug_program:
        steps.append(_drug_program(start, door, term_months, FIREARM in bars))
        door = date.fromisoformat(steps[-1].on)
    if program_days:
        shortened = not_before is not None
        credits, door = _time_credits(
            start, door, program_days, minimum_or_low_risk, bars, supervised_release, shortened
        )
        steps += credits
    steps += _possible(door, term_months, bars, drug_program is None, program_days is None)
    if door < start:
        door = start
        note = "the credit covers the term"
        steps.append(Step("time_served", "18 U.S.C. 3585(b)", door.isoformat(), note=note))
    earliest = start if not_before is None else max(start, date.fromisoformat(iso(not_before)))
    if door < earliest:
        door = earliest
        steps.append(
            Step("not_before", "§1B1.10(e)", door.isoformat(), note="the day the order takes effect")
        )
    steps += _prerelease(earliest, door, length)
    where = DETAINERS.get(detainer or "", "")
    note = f"handed over {where}" if where else ""
    return (*steps, Step("door", "18 U.S.C. 3624(a)", door.isoformat(), note=note))


def _term_dates(
    start: date, months: int, extra: int, jail: int, method: str, school: bool, lost: int
) -> TermDates:
    begin = np.datetime64(start)
    return TermDates(
        _day(full_term_date(begin, months, jail, extra)),
        int(term_days(begin, months, extra)),
        _day(
            release_date(
                begin, months, jail, method, extra_days=extra, school_progress=school, disallowed_days=lost
            )
        ),
        bool(at_full_rate(begin, school)),
    )


def _bars(given: Collection[str]) -> frozenset[str]:
    if not given:
        return frozenset()
    known = law("time_credit_exclusions", editions("time_credit_exclusions")[-1]).column("bar")
    for name in given:
        if name not in known:
            raise UnknownName(f"18 U.S.C. 3632(d)(4)(D), time_credit_bars: {name!r}; {nearest(name, known)}")
    return frozenset(given)


def _good_time(credit: int, full_rate: bool, door: date) -> str:
    if not credit:
        return "none: a term of a year or less, or all of it disallowed"
    begins = editions("good_time")
    held = begins[max(bisect_right(begins, door.isoformat()), 1) - 1]
    return _rate(held, full_rate, np.datetime64(door) < first_step_act_day())


@lru_cache(maxsize=64)
def _rate(begin: str, full_rate: bool, served: bool) -> str:
    row = edition("good_time", begin).row(rule="days_per_year" if full_rate else LOWER_RATE)
    basis = "served" if served else "of the sentence imposed"
    return f"{row['value']} days a year {basis} ({row['source']}{_sure(row)})"


def _sure(row: Mapping[str, str]) -> str:
    return "; secondary source" if row["certainty"] == "secondary" else ""


def _drug_program(start: date, door: date, term_months: int, firearm: bool) -> Step:
    name, section = "drug_program", "18 U.S.C. 3621(e)(2)(B)"
    if firearm:
        return Step(
            name, section, door.isoformat(), 0, "none: the offense involved a firearm (28 CFR 550.55(b)(5))"
        )
    first = editions("drug_program")[0]
    if door.isoformat() < first:
        return Step(name, section, door.isoformat(), 0, f"none: law from {first} on")
    row = _program_row(law("drug_program", door).effective_from, term_months)
    out = min(door, max(_months_before(door, int(row["months_at_most"])), start))
    note = f"up to {row['months_at_most']} months, nonviolent offenses only ({row['source']}{_sure(row)})"
    return Step(name, section, out.isoformat(), (door - out).days, note)


def _possible(
    door: date, term_months: int, bars: frozenset[str], program: bool, credits: bool
) -> Iterator[Step]:
    """What the record is silent about could add; no date is moved by it."""
    on = door.isoformat()
    if program and FIREARM not in bars and (held := bisect_right(editions("drug_program"), on)):
        begin = editions("drug_program")[held - 1]
        most = _program_row(begin, term_months)["months_at_most"]
        note = f"not counted: up to {most} months, nonviolent offenses only"
        yield Step("drug_program_possible", "18 U.S.C. 3621(e)(2)(B)", note=note)
    if credits and not bars and (held := bisect_right(editions("time_credits"), on)):
        note = _credit_note(editions("time_credits")[held - 1])
        yield Step("time_credits_possible", "18 U.S.C. 3632(d)(4)", note=note)


@lru_cache(maxsize=4096)
def _program_row(begin: str, term_months: int) -> Mapping[str, str]:
    """What the drug programme takes off at most, by the length of the term."""
    rows = sorted(edition("drug_program", begin).verified, key=lambda row: int(row["term_months_at_least"]))
    return [row for row in rows if int(row["term_months_at_least"]) <= term_months][-1]


@lru_cache(maxsize=16)
def _credit_note(begin: str) -> str:
    rules = {row["rule"]: int(row["value"]) for row in edition("time_credits", begin).verified}
    least, more = rules["days_per_period"], rules["further_days_minimum_or_low_risk"]
    return (
        f"not counted: {least} or {least + more} days for every {rules['period_days']} of programmes; "
        f"{rules['supervised_release_months_at_most']} months of them at most bring the door nearer"
    )


def _time_credits(
    start: date,
    door: date,
    program_days: int,
    low: bool,
    bars: frozenset[str],
    supervised_release: bool,
    shortened: bool,
) -> tuple[list[Step], date]:
    begins = date.fromisoformat(editions("time_credits")[0])
    most = max((door - max(start, begins)).days, 0)
    given = int(whole_numbers(program_days, "18 U.S.C. 3632(d)(4), program_days", 0, MOST_DAYS))
    if given > most and shortened:  # they were earned under the longer term
        given = most
    if given > most:
        raise ImpossibleValue(
            f"18 U.S.C. 3632(d)(4), program_days: {given} given; up to {most} days lie between "
            f"{max(start, begins)} and {door}"
        )
    section = "18 U.S.C. 3632(d)(4)"
    barred = sorted(bars - {REMOVAL})
    if barred:
        told = ", ".join(name.replace("_", " ") for name in barred)
        return [
            Step("time_credits_earned", f"{section}(D)", days=0, note=f"none: {told} (secondary source)")
        ], door
    rules = {row["rule"]: int(row["value"]) for row in law("time_credits", door).verified}
    rate = rules["days_per_period"] + (rules["further_days_minimum_or_low_risk"] if low else 0)
    earned = given // rules["period_days"] * rate
    steps = [
        Step(
            "time_credits_earned",
            f"{section}(A)",
            days=earned,
            note=f"{rate} days for every {rules['period_days']}",
        )
    ]
    if REMOVAL in bars:
        return [
            *steps,
            Step("time_credits_applied", f"{section}(E)", days=0, note="none: a final order of removal"),
        ], door
    left = earned
    if supervised_release:
        cap = rules["supervised_release_months_at_most"]
        out = min(door, max(door - timedelta(earned), _months_before(door, cap), start))
        moved = (door - out).days
        left -= moved
        steps.append(
            Step(
                "time_credits_to_supervised_release",
                "18 U.S.C. 3624(g)(3)",
                out.isoformat(),
                moved,
                f"up to {cap} months",
            )
        )
        door = out
    if left:
        out = max(door - timedelta(left), start)
        steps.append(
            Step(
                "time_credits_to_prerelease",
                "18 U.S.C. 3624(g)(2)",
                out.isoformat(),
                left,
                "the rest, in prerelease custody",
            )
        )
    return steps, door


def _prerelease(start: date, door: date, length: int) -> list[Step]:
    """Second Chance Act: still custody, in a halfway house or at home."""
    begins = editions("prerelease_custody")
    held = bisect_right(begins, door.isoformat())
    if not held:
        return []
    months, percent, least = _at_most(begins[held - 1])
    house = max(_months_before(door, months), start)
    home = max(door - timedelta(length * percent // PERCENT), _months_before(door, least), start)
    return [
        Step(
            "community_placement",
            "18 U.S.C. 3624(c)(1)",
            house.isoformat(),
            note=f"from here at the earliest: the last {months} months",
        ),
        Step(
            "home_confinement",
            "18 U.S.C. 3624(c)(2)",
            home.isoformat(),
            note=f"from here at the earliest: the lesser of {percent} percent of the term and {least} months",
        ),
    ]


@lru_cache(maxsize=16)
def _at_most(begin: str) -> tuple[int, int, int]:
    """Months in the community, percent of the term at home, months at home."""
    table = edition("prerelease_custody", begin)
    return (
        table.figure(rule="community_months_at_most"),
        table.figure(rule="home_confinement_percent_of_term_at_most"),
        table.figure(rule="home_confinement_months_at_most"),
    )


def _months_before(day: date, months: int) -> date:
    whole = day.year * MONTHS_IN_YEAR + day.month - 1 - months
    year, month = divmod(whole, MONTHS_IN_YEAR)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _day(day: DateArray) -> date:
    found = day.item()
    assert isinstance(found, date)
    return found
