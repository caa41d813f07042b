"""18 U.S.C. 924(c): the consecutive terms of firearm counts, by day of sentencing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from guidelines.errors import UnknownName, nearest
from guidelines.tables import LIFE, iso, law

FURTHER = "second_or_subsequent"
MACHINEGUN = "machinegun_destructive_device_or_silencer"
NEEDS_FINAL = "second_needs_a_final_conviction"


def firearm_term_months(
    counts: Sequence[str], on: str | date, *, prior_final_conviction: bool = False
) -> int:
    """Least consecutive term of all firearm counts together, in months; `LIFE` for life.

    Parameters
    ----------
    counts
        What each count was for, in their order: ``possessed_used_or_carried``, ``brandished``,
        ``discharged``, ``short_barreled_firearm``, ``machinegun_destructive_device_or_silencer``.
    on
        Day of sentencing. Until 20 December 2018 every count after the first was a second or subsequent one,
        even of the same case; since then only one after a prior conviction became final (First Step Act 403).
    prior_final_conviction
        Such a conviction stands before the case.

    Raises
    ------
    UnknownName
        Another kind of count.
    DateBeforeFirstEdition
        A day before the terms held.

    Examples
    --------
    >>> [firearm_term_months(["brandished", "discharged"], day) for day in ("2018-12-20", "2018-12-21")]
    [384, 204]
    """
    table = law("firearm_terms", iso(on))
    kinds = [name for name in table.column("rule") if not name.startswith("second")]
    in_one_case = not table.figure(rule=NEEDS_FINAL)
    total = 0
    for place, kind in enumerate(counts):
        if kind not in kinds:
            raise UnknownName(f"18 U.S.C. 924(c), firearm_counts: {kind!r}; {nearest(kind, kinds)}")
        if prior_final_conviction or (place and in_one_case):
            kind = f"{FURTHER}_machinegun" if kind == MACHINEGUN else FURTHER
        total = min(total + table.figure(rule=kind), LIFE)
    return total
