"""§2D1.1(a)(1)-(4) and (b): base levels for death or injury, specific offense characteristics by edition."""

from __future__ import annotations

import re
from collections.abc import Iterable

from guidelines.errors import UnknownName, nearest
from guidelines.manual import Manual

FINDINGS = (
    "death_or_serious_injury",
    "schedule_iii_death_or_serious_injury",
    "mandatory_life",
    "twenty_years_to_life",
    "schedule_iii_thirty_years",
    "schedule_iii_fifteen_years",
)


def death_base_level(finding: str, manual: Manual, *, prior_conviction: bool = False) -> int:
    """Base offense level of §2D1.1(a)(1)-(4).

    Parameters
    ----------
    finding
        One of `FINDINGS`; the last four, tied to the statutory term, are those of the Manuals since
        1 November 2024.
    manual
        The edition.
    prior_conviction
        Whether the offense followed a qualifying prior conviction.

    Raises
    ------
    UnknownName
        The finding is none of this edition's.

    Examples
    --------
    >>> death_base_level("death_or_serious_injury", Manual.on("2013-11-01"), prior_conviction=True)
    43
    """
    table = manual.table("death_or_serious_injury")
    rows = table.select(finding=finding)
    if not rows:
        raise UnknownName(
            f"§{table.section} edition {table.effective_from}: no finding {finding!r}; "
            f"{nearest(finding, table.column('finding'))}"
        )
    by_prior = {row["prior_conviction"]: int(row["base_offense_level"]) for row in rows}
    return by_prior.get(str(int(prior_conviction)), by_prior.get("", 0))


def characteristics(sections: Iterable[str], manual: Manual) -> tuple[int, int]:
    """Levels of the specific offense characteristics found, and the least level they leave.

    The characteristics apply in the order of their paragraphs, each floor before the next increase; of the
    lettered lines of one paragraph the greatest applies. The result goes into the facts
    ``specific_offense_levels`` and ``specific_offense_floor``: the level is the greater of base plus levels
    and the floor.

    Parameters
    ----------
    sections
        Such as ``2D1.1(b)(1)`` or ``(b)(13)(C)``.
    manual
        The edition; the numbers of the paragraphs are its own.

    Raises
    ------
    UnknownName
        A section this edition does not have; the nearest is named.

    Examples
    --------
    >>> characteristics(["(b)(1)", "(b)(3)", "(b)(12)"], Manual.on("2013-11-01"))
    (6, 28)
    """
    table = manual.table("specific_offense_characteristics")
    known = {row["section"]: row for row in table.verified}
    by_paragraph: dict[int, tuple[int, int]] = {}
    for given in sections:
        section = "2D1.1" + given.strip().removeprefix("§").removeprefix("2D1.1")
        if section not in known:
            raise UnknownName(
                f"§{table.section} edition {table.effective_from}: no {given!r}; "
                f"{nearest(section, known, listed=30)}"
            )
        paragraph = int(re.findall(r"\((\d+)\)", section)[0])
        line = int(known[section]["levels"]), int(known[section]["floor_level"] or 0)
        by_paragraph[paragraph] = max(line, by_paragraph.get(paragraph, line))
    levels = floor = 0
    for paragraph in sorted(by_paragraph):
        more, least = by_paragraph[paragraph]
        levels += more
        floor = max(floor + more if floor else 0, least)
    return levels, floor
