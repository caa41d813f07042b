"""§1B1.1(a): the questions of a drug case in their order, and what the unanswered ones leave open.

A question is answered by a field of the case record. For one that is not, the answers it may have are put
into the record one after the other; whatever else is open stays open, as in `guidelines.analyze_case`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from guidelines.case import CaseAnswer, CaseError, analyze_case, analyze_cases
from guidelines.case.questions import Question, Record, questions
from guidelines.tables import LIFE

RAISING = {"adjustments", "other_group_level", "career_offender", "statutory_minimum_months"}
LOWERING = {
    "mitigating_role",
    "acceptance",
    "safety_valve",
    "statutory_maximum_months",
    "substantial_assistance",
}


@dataclass(frozen=True)
class Open:
    """What an unanswered question leaves open.

    Attributes
    ----------
    choices
        The answers that were tried, by name.
    original, amended
        Lowest minimum and highest maximum of the applicable ranges they lead to, in months.
    decides
        Whether eligibility hangs on it: two of its answers decide differently while all else is the same.
    """

    choices: tuple[str, ...]
    original: tuple[int, int] | None
    amended: tuple[int, int] | None
    decides: bool


@dataclass(frozen=True)
class Item:
    """A question with its answer (fields of the record), or with what it leaves open."""

    question: Question
    answer: Record
    open: Open | None


def checklist(record: Record) -> tuple[list[Item], Open, CaseAnswer]:
    """The questions with what is known, all open ones together, and the analysis of what is known.

    Parameters
    ----------
    record
        As for `guidelines.analyze_case`.

    Returns
    -------
    tuple
        Every question in its order; what the open ones leave open together, each answered alike at its
        lowest and highest; the answer of `analyze_case`.

    Raises
    ------
    CaseError
        As `analyze_case`.

    Examples
    --------
    >>> items, together, answer = checklist({"total_offense_level": 29, "criminal_history_category": "II",
    ...     "imposed_term_months": 120})
    >>> [item.question.section for item in items if item.open and item.open.decides][:2]
    ['§5G1.1(b)', '§5G1.1(a)']
    """
    answer = analyze_case(record)
    known = {name: value for name, value in record.items() if value is not None}
    asked = questions(answer["edition"]["original"])
    items = []
    for question in asked:
        given = _answers(question, known)
        items.append(Item(question, given, None if given else _open(question, known)))
    return items, _together(known, [item.question for item in items if item.open]), answer


def _answers(question: Question, known: Record) -> dict[str, Any]:
    return {name: known[name] for name in question.fields if name in known}


def _open(question: Question, known: Record) -> Open:
    answers = analyze_cases([_with(known, change) for _, change in question.choices])
    outcomes = {_outcome(found) for found in answers if not isinstance(found, CaseError)}
    original, amended = _spans(answers)
    return Open(tuple(name for name, _ in question.choices), original, amended, len(outcomes) > 1)


def _together(known: Record, unanswered: list[Question]) -> Open:
    """All open questions at once: all that raise a range at their hardest, all that lower it likewise."""
    manuals = [question for question in unanswered if question.fields[0] == "sentenced_on"]
    varied = [change for question in manuals for _, change in question.choices] or [{}]
    hardest = [q.choices[-1][1] for q in unanswered if q.fields[0] in RAISING]
    mildest = [q.choices[-1][1] for q in unanswered if q.fields[0] in LOWERING]
    answers = analyze_cases(
        [_with(known, *extreme, change) for extreme in ([], hardest, mildest) for change in varied]
    )
    outcomes = {found["eligible"] for found in answers if not isinstance(found, CaseError)}
    original, amended = _spans(answers)
    return Open((), original, amended, outcomes not in ({True}, {False}))


def _with(known: Record, *changes: Record) -> dict[str, Any]:
    record = {**known}
    for change in changes:
        for name, value in change.items():
            record[name] = [*record[name], *value] if name == "adjustments" and name in record else value
    return record


def _outcome(answer: CaseAnswer) -> frozenset[bool | None]:
    """Eligible or not; where it is open, what it may be."""
    return frozenset(branch["eligible"] for branch in answer["branches"]) or frozenset([answer["eligible"]])


def _spans(answers: Iterable[CaseAnswer | CaseError]) -> list[tuple[int, int] | None]:
    """Lowest minimum and highest maximum of the original and of the amended ranges."""
    good = [answer for answer in answers if not isinstance(answer, CaseError)]
    spans: list[tuple[int, int] | None] = []
    for when in ("original", "amended"):
        ranges = [answer["possible_range_months"][when] for answer in good]
        ends = [[LIFE if month == "life" else int(month) for month in found] for found in ranges if found]
        spans.append((min(low for low, _ in ends), max(high for _, high in ends)) if ends else None)
    return spans
