"""One court record in, the whole analysis out: `analyze_case`, and `analyze_cases` for many at once.

A record is a mapping of the fields in `guidelines.case.fields.FIELDS`. Every one is optional except what
the result cannot do without: a partial record gives all that follows from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from guidelines.case.analysis import work
from guidelines.case.answer import answers
from guidelines.case.reading import read
from guidelines.case.record import Read
from guidelines.case.typed import CaseAnswer
from guidelines.errors import CaseError, GuidelineError

__all__ = ["CaseAnswer", "CaseError", "analyze_case", "analyze_cases"]

NOT_YET = CaseError(["case record: not worked out"])
"""Holds the place of an answer."""


def analyze_case(record: Mapping[str, Any]) -> CaseAnswer:
    """The whole analysis of one court record.

    Parameters
    ----------
    record
        Facts and switches; see `guidelines.case.fields.FIELDS` and `guidelines.Rules`.

    Returns
    -------
    CaseAnswer
        A dict: code and eligibility, original and amended levels and ranges, floor, comparable term, release
        dates, the worksheet line by line, what was assumed, what is missing, the editions. Plain Python
        values, ready for JSON; life is ``"life"``. ``eligible`` is None where it is not decided; ``decides``
        and ``missing`` say what it would take.

    Raises
    ------
    CaseError
        An unknown field, an impossible value or a contradiction; with every problem of the record.

    Examples
    --------
    >>> answer = analyze_case({"base_offense_level": 30, "criminal_history_category": "I",
    ...     "statutory_minimum_months": 120, "substantial_assistance": True, "imposed_term_months": 72})
    >>> answer["code"], answer["original"]["guideline_range_months"], answer["floor_months"]
    ('eligible_substantial_assistance', [120, 121], 47)
    """
    (answer,) = analyze_cases([record])
    if isinstance(answer, CaseError):
        raise answer
    return answer


def analyze_cases(records: Iterable[Any]) -> list[CaseAnswer | CaseError]:
    """The analysis of many records, those alike in shape together.

    Parameters
    ----------
    records
        As for `analyze_case`.

    Returns
    -------
    list
        In the order of the records: an answer each, or the CaseError that `analyze_case` would raise.
    """
    results: list[CaseAnswer | CaseError] = []
    groups: dict[tuple[Any, ...], list[tuple[int, Read]]] = {}
    for place, record in enumerate(records):
        try:
            checked = read(record)
        except CaseError as problem:
            results.append(problem)
            continue
        results.append(NOT_YET)
        groups.setdefault(checked.group, []).append((place, checked))
    for members in groups.values():
        _answer(members, results)
    return results


def _answer(members: list[tuple[int, Read]], results: list[CaseAnswer | CaseError]) -> None:
    """Work a group out; where a record spoils it, halve the group until that record stands alone."""
    try:
        found = answers(work([checked for _, checked in members]))
    except GuidelineError as problem:
        if len(members) == 1:
            place, checked = members[0]
            # A record has one row, or a row for each way to complete it: their numbers say nothing.
            results[place] = CaseError([getattr(problem, "of_one", str(problem))], checked.case_id)
            return
        middle = len(members) // 2
        _answer(members[:middle], results)
        _answer(members[middle:], results)
        return
    for (place, _), answer in zip(members, found, strict=True):
        results[place] = cast(CaseAnswer, answer)
