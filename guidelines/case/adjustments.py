"""Adjustments of a record, checked against the sections of the edition."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from guidelines.case.fields import BAD, _whole, entries
from guidelines.errors import nearest
from guidelines.manual import Manual
from guidelines.s2d1_1_characteristics import characteristics
from guidelines.tables import Table

KEYS = ("section", "levels")
ELSEWHERE = {
    "3B1.2": "mitigating_role",
    "3E1.1": "acceptance",
    "3D1.4": "other_group_level",
    "4B1.1": "career_offender",
    "4B1.4": "armed_career_criminal",
    "4C1.1": "criminal_history_points",
    "2D1.1(a)": "base_offense_level with drug_quantity_based",
    "3A1.4": "total_offense_level with criminal_history_category (its floor and category are not encoded)",
}
_levels = _whole(-12, 12)


@dataclass(frozen=True)
class Adjustments:
    """Sums of what was found: Chapter Two with its floor, Chapter Three; and their sections."""

    specific: int = 0
    floor: int = 0
    chapter_three: int = 0
    specific_sections: str = ""
    chapter_three_sections: str = ""


def adjustments_of(given: Sequence[Any], manual: Manual, problems: list[str]) -> Adjustments:
    """Sums of the adjustments found.

    `given` holds ``{section, levels}``; levels may be absent where the section has one number only. Every
    problem is added to `problems`.
    """
    pairs = []
    found = len(problems)
    where = f"§2D1.1(b), Ch.3 edition {manual.label}, adjustments"
    for place, one in entries(given, KEYS, where, "section, levels", problems):
        section, levels = one.get("section"), one.get("levels")
        if not isinstance(section, str):
            problems.append(f"{place}: section {section!r} given; text such as 2D1.1(b)(1) is accepted")
        elif levels is not None and _levels(levels) is BAD:
            problems.append(f"{place}: levels {levels!r} given; a whole number from -12 to 12 is accepted")
        else:
            checked = None if levels is None else _levels(levels)
            pairs.append((section.strip().removeprefix("§").strip(), checked))
    if len(problems) > found:
        return Adjustments()
    sums, wrong = _sums(tuple(pairs), manual)
    problems.extend(wrong)
    return sums


@lru_cache(maxsize=4096)
def _sums(pairs: tuple[tuple[str, int | None], ...], manual: Manual) -> tuple[Adjustments, tuple[str, ...]]:
    wrong: list[str] = []
    two: list[tuple[str, int]] = []
    three: list[tuple[str, int]] = []
    for section, levels in pairs:
        place = f"§{section} edition {manual.label}, adjustments"
        other = next((field for start, field in ELSEWHERE.items() if section.startswith(start)), None)
        if other:
            wrong.append(f"{place}: belongs elsewhere; give {other}")
            continue
        name = "specific_offense_characteristics" if section.startswith("2D1.1(b)") else "chapter_three"
        table = manual.table(name)
        known: dict[str, list[int]] = {}
        for row in table:
            known.setdefault(row["section"], []).append(int(row["levels"]))
        if section not in known:
            wrong.append(f"{place}: no such section; {nearest(section, known, listed=40)}")
            continue
        allowed = known[section]
        if levels is None and len(allowed) == 1:
            levels = allowed[0]
        if levels not in allowed:
            wrong.append(f"{place}: {levels} levels given; {' or '.join(map(str, allowed))} is accepted")
            continue
        (two if name == "specific_offense_characteristics" else three).append((section, levels))
    wrong.extend(_doubled([*two, *three], manual))
    if wrong:
        return Adjustments(), tuple(wrong)
    specific, floor = characteristics([section for section, _ in two], manual)
    return (
        Adjustments(
            specific,
            floor,
            sum(levels for _, levels in three),
            _told(two, manual.table("specific_offense_characteristics")),
            _told(three, manual.table("chapter_three")),
        ),
        (),
    )


def _told(found: list[tuple[str, int]], table: Table) -> str:
    """Sections with their levels; a line known from a secondary source says so."""
    secondary = {row["section"] for row in table.select(certainty="secondary")}
    return ", ".join(
        f"§{section} {levels:+d}{' (secondary source)' if section in secondary else ''}"
        for section, levels in found
    )


ALTERNATIVE = re.compile(r"\([A-Z]\)$|(?<=^3B1\.1)\([a-c]\)$")
"""What tells apart the lines of which one applies: (A) and (B) of a paragraph, the three roles of §3B1.1."""


def _doubled(found: list[tuple[str, int]], manual: Manual) -> list[str]:
    by_paragraph: dict[str, list[str]] = {}
    for section, _ in found:
        by_paragraph.setdefault(ALTERNATIVE.sub("", section), []).append(section)
    return [
        f"§{paragraph} edition {manual.label}, adjustments: {' and '.join(sections)} given; "
        "the greatest of one paragraph, once, is accepted"
        for paragraph, sections in by_paragraph.items()
        if len(sections) > 1
    ]
