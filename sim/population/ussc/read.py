"""`read_ussc`: a fiscal year's datafile made checked people, with a report that adds up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd

from sim._version import __version__
from sim.base.errors import PopulationError
from sim.population.population import Population, checked
from sim.population.ussc.cases import case_records
from sim.population.ussc.fields import Fields, Notes, slots
from sim.population.ussc.formats import opened
from sim.population.ussc.people import people_of
from sim.population.ussc.scope import in_scope
from sim.population.ussc.trust import Trust
from sim.population.ussc.variables import Variable, fiscal_year, recognised, variables

NEEDED = ("total_offense_level", "criminal_history_category")
"""Fields without which nothing follows."""
EXPECTED = (
    "case_id", "guideline", "base_offense_level", "drug", "drug_grams", "imposed_term_months", "manual_year",
    "table_minimum_months", "statutory_minimum_months",
)  # fmt: skip
"""Fields every year's whole file has; an extract may lack some, and the report names them."""
MOST_NOTES = 3
"""Notes in the line about a file of which no row can be used: codes nobody listed, averages filled in."""
NOT_IN_FILE = (
    "not in these files: reductions under Rule 35(b) and earlier amendments, commutations, deaths, jail "
    "credit, transfers; the day of sentence (the middle of its month or quarter is taken)"
)
FLOW = "a sentencing year is a flow: people sentenced in it, not the people in prison on a day"
SLOTS = ("drug_", "quantity_grams_")
"""Beginnings of the columns of second and further drugs, left out where nobody has one."""
BATCH = 2_000
"""Rows that are checked at once."""
SET_ASIDE_COLUMNS = ("case_id", "reason")
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Report:
    """What became of the rows of a file.

    Attributes
    ----------
    year, read, used
        Fiscal year; rows of the file and those that became people.
    out_of_scope, refused
        Rows left out because they are no prison terms under the drug guideline, by the first step that left
        them out; and rows in scope set aside, by reason.
    trust
        Recorded ranges held against the Sentencing Table.
    notes
        What else is worth knowing, one line each.
    """

    year: int
    read: int
    used: int
    out_of_scope: Counter[str]
    refused: Counter[str]
    trust: Trust
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The report for a person to read."""
        lines = [f"Fiscal year {self.year}: {self.read:,} rows read"]
        for reason, count in self.out_of_scope.items():
            lines.append(f"  {count:>9,}  out of scope: {reason}")
        for reason, count in self.refused.most_common():
            lines.append(f"  {count:>9,}  set aside: {reason}")
        lines.append(f"  {self.used:>9,}  used")
        lines += [str(self.trust), *(f"  differs: {each}" for each in self.trust.others)]
        return "\n".join([*lines, *(f"Note: {line}" for line in self.notes)])


@dataclass(frozen=True)
class Import:
    """What `read_ussc` gives.

    Attributes
    ----------
    people
        The rows that could be used.
    set_aside
        Rows in scope that could not: columns case_id, reason.
    report
        Counts that add up.
    """

    people: Population
    set_aside: pd.DataFrame
    report: Report

    @property
    def cases(self) -> list[dict[str, object]]:
        """The people as case records for `guidelines.analyze_case`."""
        return case_records(self.people.frame)

    def __repr__(self) -> str:
        return (
            f"<Import of fiscal year {self.report.year}: {self.report.used:,} of {self.report.read:,} rows>"
        )


@dataclass
class _Sofar:
    """What has been read of a file."""

    read: int = 0
    out_of_scope: Counter[str] = field(default_factory=Counter)
    pending: list[pd.DataFrame] = field(default_factory=list)
    frames: list[pd.DataFrame] = field(default_factory=list)
    reasons: list[np.ndarray] = field(default_factory=list)
    cases: list[np.ndarray] = field(default_factory=list)
    years: Counter[int] = field(default_factory=Counter)
    trust: Trust = field(default_factory=Trust)
    notes: Notes = field(default_factory=Notes)


def read_ussc(
    path: str | PathLike[str], year: int | None = None, *, progress: Progress | None = None
) -> Import:
    """Read an individual offender datafile of the Commission.

    Parameters
    ----------
    path
        A zip archive as downloaded, .csv, .csv.xz, .dat with its .sas beside it, .sav or .sas7bdat.
    year
        Fiscal year; from the name ``opafyYYnid`` if left out.
    progress
        Called with what is done and the share of the file that has been read.

    Returns
    -------
    Import
        People, cases, rows set aside and the report.

    Raises
    ------
    PopulationError
        The file is broken, no datafile, of another year, or has nobody in scope; one line says which.
    SimulationError
        A file of SPSS or SAS without pyreadstat.
    """
    place = Path(path)
    chosen = fiscal_year(place, year)
    known: dict[str, list[Variable]] = {}
    for each in variables(chosen):
        known.setdefault(each.field, []).append(each)
    say = progress or (lambda what, share: None)
    sofar = _Sofar()
    try:
        with opened(place) as file:
            there = frozenset(file.names)
            missing = _check_columns(place, chosen, known, there)
            wanted = list(dict.fromkeys(
                column for group in known.values() for each in group for column in slots(each.name, there)
            ))  # fmt: skip
            for block in file.blocks(wanted):
                _add(sofar, Fields(block, known, there, sofar.notes), chosen)
                say("reading", file.done())
    except PopulationError as broken:
        lines = (line if str(place) in line else f"{place}: {line}" for line in broken.problems)
        raise PopulationError(lines) from None
    _check_year(place, chosen, sofar)
    return _import(place, chosen, sofar, missing)


def _check_columns(
    path: Path, year: int, known: dict[str, list[Variable]], there: frozenset[str]
) -> list[str]:
    """Expected fields the file lacks; refuses a file without those everything needs."""

    def lacking(fields: tuple[str, ...]) -> list[str]:
        return [
            known[name][0].name
            for name in fields
            if name in known and not any(slots(each.name, there) for each in known[name])
        ]

    needed = lacking(NEEDED)
    if needed:
        told = f"no column {' and no '.join(needed)}, which fiscal year {year} has"
        hint = "take the Commission's whole file" if recognised(there) else "this is no datafile"
        raise PopulationError([f"{path}: {told}; {hint}"])
    return lacking(EXPECTED)


def _add(sofar: _Sofar, fields: Fields, year: int) -> None:
    first = sofar.read
    sofar.read += fields.rows
    case = fields.text("case_id").astype(object)
    case[case == ""] = [f"row {first + number + 1}" for number in np.flatnonzero(case == "")]
    sofar.trust.add(fields, case, year)
    months, years = fields.number("sentence_month"), fields.number("sentence_year")
    known = ~np.isnan(months) & ~np.isnan(years)
    sofar.years.update((years[known] + (months[known] >= 10)).astype(np.int64).tolist())
    scope = in_scope(fields, sofar.out_of_scope)
    if scope.any():
        frame, reason = people_of(fields.only(scope), year)
        sofar.pending.append(frame)
        sofar.reasons.append(reason)
        sofar.cases.append(case[scope])
        if sum(map(len, sofar.pending)) >= BATCH:
            _check_pending(sofar)


def _check_pending(sofar: _Sofar) -> None:
    """Put the rows that wait through the rules of `Population`; what they break becomes their reason."""
    if not sofar.pending:
        return
    frame = pd.concat(sofar.pending, ignore_index=True)
    waiting = len(sofar.pending)
    reason = np.concatenate(sofar.reasons[-waiting:])
    del sofar.reasons[-waiting:]
    sofar.pending.clear()
    good = np.flatnonzero(reason == "")
    typed, problems = checked(frame.iloc[good])
    for each in problems:
        rows = good[each.broken]
        reason[rows[reason[rows] == ""]] = f"{each.column}: {each.told}"
    sofar.reasons.append(reason)
    unused = [name for name in typed if str(name)[:-1] in SLOTS and typed[name].isna().all()]
    sofar.frames.append(typed.drop(columns=unused)[reason[good] == ""])


def _check_year(path: Path, year: int, sofar: _Sofar) -> None:
    total = sum(sofar.years.values())
    if total and sofar.years[year] * 2 < total:
        likely = sofar.years.most_common(1)[0][0]
        told = f"most rows were sentenced in fiscal year {likely} (SENTMON, SENTYR), not {year}"
        raise PopulationError([f"{path}: {told}; give --year {likely}"])
    if not sofar.read:
        raise PopulationError([f"{path}: no rows"])
    _check_pending(sofar)
    if not sofar.reasons:
        steps = "; ".join(f"{count:,} {reason}" for reason, count in sofar.out_of_scope.items())
        raise PopulationError([f"{path}: none of {sofar.read:,} rows is in scope: {steps}"])


def _import(path: Path, year: int, sofar: _Sofar, missing: list[str]) -> Import:
    reason, case = np.concatenate(sofar.reasons), np.concatenate(sofar.cases)
    used = np.flatnonzero(reason == "")
    twice = pd.Series(case[used]).duplicated().to_numpy()
    reason[used[twice]] = "the case number stands twice (USSCIDN)"
    if not (reason == "").any():
        counts = "; ".join(f"{count:,} {why}" for why, count in Counter(reason.tolist()).most_common())
        told = f"none of {len(reason):,} rows in scope can be used: {counts}"
        raise PopulationError(
            [". ".join([f"{path}: {told}", *sofar.notes.lines()[:MOST_NOTES], str(sofar.trust)])]
        )
    frame = pd.concat(sofar.frames, ignore_index=True)
    sofar.frames.clear()
    if twice.any():
        frame = frame[~twice]
    numbers = pd.to_numeric(pd.Series(case[reason == ""]), errors="coerce")
    whole = numbers.notna().all() and (numbers >= 0).all() and (numbers % 1 == 0).all()
    ids = numbers.astype(np.int64) if whole else np.flatnonzero(reason == "")
    frame.index = pd.Index(ids, name="person_id")
    people = Population.from_frame(
        frame,
        {
            "title": f"People sentenced under §2D1.1 in fiscal year {year}",
            "source": f"U.S. Sentencing Commission, individual offender datafile FY{year}, {path.name}",
            "made_by": f"minustwo {__version__}",
            "fiscal_year": str(year),
            "note": FLOW,
        },
    )
    if people.set_aside:
        raise AssertionError(people.set_aside[0])
    aside = reason != ""
    refused = Counter(reason[aside].tolist())
    notes = [*_lacking(missing), *sofar.notes.lines(), FLOW, NOT_IN_FILE]
    report = Report(year, sofar.read, len(people), sofar.out_of_scope, refused, sofar.trust, tuple(notes))
    if report.read != report.used + refused.total() + report.out_of_scope.total():
        raise AssertionError("rows read are not the sum of rows used and set aside")
    table = pd.DataFrame(dict(zip(SET_ASIDE_COLUMNS, (case[aside], reason[aside]), strict=True)))
    return Import(people, table, report)


def _lacking(missing: list[str]) -> list[str]:
    if not missing:
        return []
    return [
        f"this file lacks {', '.join(missing)}, which the year's whole file has; what they decide is open"
    ]
