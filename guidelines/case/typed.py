"""The answer to a case as types: what a reader of the library may rely on."""

from __future__ import annotations

from typing import Any, TypedDict

Months = int | str
"""Whole months, or "life"."""


class Levels(TypedDict):
    """Levels and ranges, original or amended; None where they are not known or vary with an open fact."""

    base_offense_level: int | None
    total_offense_level: int | None
    criminal_history_category: str | None
    table_range_months: list[Months] | None
    guideline_range_months: list[Months] | None


Branch = TypedDict(
    "Branch",
    {"eligible": bool | None, "code": str, "floor_months": Months | None, "if": dict[str, list[Any]]},
)
"""One possible answer, and the facts behind it."""


class AnswerDates(TypedDict):
    """AnswerDates of one term, ISO; None for life. ``steps`` leads from the sentence to the door."""

    full_term_date: str | None
    good_conduct_time_days: int
    release_date: str | None
    steps: list[dict[str, Any]]


class Line(TypedDict):
    """One step of the worksheet, before and after."""

    section: str
    step: str
    original: Any
    amended: Any
    unit: str
    note: str


class CaseAnswer(TypedDict):
    """The answer of `guidelines.analyze_case`.

    ``eligible`` is None while it is not decided; ``decides`` then names the facts that would settle it and
    ``branches`` each possible answer. ``floor_is_limit`` is False for an order of before March 2008, when the
    amended range pointed to a term and set no limit. ``unused`` are fields that played no part, ``clashes``
    recorded facts that contradict each other, ``possible_range_months`` how far the applicable range may lie.
    """

    case_id: str | None
    eligible: bool | None
    code: str | None
    other_codes: list[str]
    decides: list[str]
    branches: list[Branch]
    original: Levels
    amended: Levels | None
    floor_months: Months | None
    floor_is_limit: bool
    comparable_term_months: float | None
    reduction_months: int | None
    possible_range_months: dict[str, list[Months] | None]
    total_term_months: dict[str, Any] | None
    release: dict[str, AnswerDates | None]
    worksheet: list[Line]
    clashes: list[str]
    warnings: list[str]
    assumed: list[str]
    missing: list[str]
    unused: list[str]
    edition: dict[str, str | None]
