"""Entries of a file in, answers out, in the same order; a bad entry stops no other."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from guidelines.case import CaseError, analyze_cases
from sim.base.text import json_text
from sim.records.names import Place
from sim.records.record import Record, Unread, from_object, from_row
from sim.records.source import Entry, Source

Answer = dict[str, Any]


def answered(
    entries: Iterable[Entry],
    columns: Sequence[str] = (),
    places: Sequence[Place] = (),
    delimiter: str = ",",
) -> list[tuple[Record, Answer]]:
    """Records with their answers; an answer with ``error`` names the line and every problem of it.

    As in `sim.records.source.Source`; without columns every entry is a line of JSON.
    """
    records: list[Record] = []
    numbers: list[int] = []
    unread: dict[int, CaseError] = {}
    for at, (number, entry) in enumerate(entries):
        numbers.append(number)
        try:
            records.append(_record(entry, columns, places, delimiter))
        except CaseError as problem:
            unread[at] = problem
            records.append(problem.record if isinstance(problem, Unread) else Record())
        except Exception as fault:  # the last resort: whatever it is, it is this line's alone
            unread[at] = _fault(fault, None)
            records.append(Record())
    answers = _analyzed([record.facts for record in records])
    out = []
    for at, (record, answer) in enumerate(zip(records, answers, strict=True)):
        found = unread.get(at, answer)
        if isinstance(found, CaseError):
            problems = list(found.problems)
            found = {"case_id": found.case_id, "error": {"line": numbers[at], "problems": problems}}
        out.append((record, found))
    return out


def as_object(record: Record, answer: Answer) -> Answer:
    """The answer with what was read differently from how it was written, and the columns handed through."""
    if not record.readings and not record.extra:
        return answer
    told = {"read_as": [str(reading) for reading in record.readings]} if record.readings else {}
    return {**answer, **told, **({"extra": record.extra} if record.extra else {})}


def read_records(source: Source) -> Iterator[tuple[int, Record]]:
    """Records of a source that can all be read."""
    for number, entry in source.entries:
        yield number, _record(entry, source.columns, source.places, source.delimiter)


def _record(entry: Any, columns: Sequence[str], places: Sequence[Place], delimiter: str) -> Record:
    if not columns:
        return from_object(parse(entry))
    if isinstance(entry, str):
        try:
            # Strict, so that a quote left open is said; most rows have no quote at all.
            cells = (
                next(csv.reader(entry.splitlines(keepends=True), delimiter=delimiter, strict=True), [])
                if '"' in entry
                else entry.rstrip("\r\n").split(delimiter)
            )
        except csv.Error as broken:
            raise CaseError([f"case record: not a row of cells: {broken}"]) from None
        return from_row(columns, places, cells)
    return from_row(columns, places, entry)


def _analyzed(facts: list[dict[str, Any]]) -> list[Answer | CaseError]:
    """Answers; where something breaks, halves, until the record that breaks it stands alone."""
    try:
        return [each if isinstance(each, CaseError) else {**each} for each in analyze_cases(facts)]
    except Exception as fault:
        if len(facts) == 1:
            return [_fault(fault, facts[0].get("case_id"))]
        middle = len(facts) // 2
        return _analyzed(facts[:middle]) + _analyzed(facts[middle:])


def _fault(fault: Exception, case_id: Any) -> CaseError:
    told = " ".join(f"{type(fault).__name__}: {fault}".split())[:200]
    name = str(case_id) if isinstance(case_id, (str, int)) else None
    return CaseError([f"case record: cannot be worked out ({told}); check its dates and numbers"], name)


def parse(text: str) -> Any:
    """One JSON value; every key once, no NaN."""
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except CaseError:
        raise
    except json.JSONDecodeError as broken:
        line = f"line {broken.lineno}, " if broken.lineno > 1 else ""
        problem = f"not JSON: {broken.msg} at {line}column {broken.colno}; an object of fields is accepted"
    except RecursionError:
        problem = "not readable: nested too deep; an object of fields is accepted"
    except ValueError:
        problem = "not readable: a number of thousands of digits; an object of fields is accepted"
    raise CaseError([f"case record: {problem}"])


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = sorted({key for key, _ in pairs if key in seen or seen.add(key)})  # type: ignore[func-returns-value]
        raise CaseError([f"case record: {', '.join(twice[:5])} given more than once; once is accepted"])
    return found


def _no_number(name: str) -> Any:
    raise CaseError([f"case record: {name} given; a number is accepted, or null where it is not known"])


def as_line(record: Record, answer: Answer) -> str:
    """The answer as one line of JSON."""
    return json_text(as_object(record, answer), separators=(",", ":"), check_circular=False)
