"""Drugs of a record in their own units, each looked up once for all records that name it alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from guidelines.case.fields import BAD, _number
from guidelines.errors import GuidelineError, nearest
from guidelines.manual import Manual
from guidelines.s2d1_1_equivalency import substance_index
from guidelines.s2d1_1_substances import substances_of
from guidelines.s2d1_1_units import PLANT, own_quantity

KEYS = ("drug", "quantity", "unit")
_amount = _number(1e12)


def drugs_of(
    given: Sequence[Any], manual: Manual, problems: list[str]
) -> tuple[dict[int, float], list[tuple[int, str]]]:
    """Substance indices to quantities in their own unit, and drugs named without a quantity.

    Parameters
    ----------
    given
        ``{drug, quantity, unit}`` each; the quantity may be absent where a base level was found.
    manual
        The edition.
    problems
        Every problem found is added.

    Returns
    -------
    tuple
        Index to quantity (the same drug twice is added up exactly), and index and name of the others.
    """
    exact: dict[int, Decimal] = {}
    named: list[tuple[int, str]] = []
    where = f"§2D1.1(c) edition {manual.label}, drugs"
    if not given:
        problems.append(f"{where}: an empty list given; at least one {{drug, quantity, unit}} is accepted")
    for number, one in enumerate(given, start=1):
        place = f"{where} {number}"
        if not isinstance(one, Mapping):
            problems.append(f"{place}: {one!r} given; {{drug, quantity, unit}} is accepted")
            continue
        unknown = [key for key in one if key not in KEYS]
        if unknown:
            problems.extend(f"{place}: unknown field {key!r}; {nearest(str(key), KEYS)}" for key in unknown)
            continue
        name, amount, unit = one.get("drug"), one.get("quantity"), one.get("unit")
        if not isinstance(name, str) or not name.strip():
            problems.append(f"{place}: drug {name!r} given; a name of the Manual or a common one is accepted")
            continue
        wrong = len(problems)
        if amount is not None and _amount(amount) is BAD:
            problems.append(f"{place}: quantity {amount!r} given; a number of zero or more is accepted")
        if amount is not None and not isinstance(unit, str):
            problems.append(
                f"{place}: unit {unit!r} given; mg, g, kg, lb, oz, units, plants or doses is accepted"
            )
        try:
            index, factor = _measure(name, unit if isinstance(unit, str) else None, manual)
        except GuidelineError as problem:
            problems.append(f"{problem} (drugs {number})")
        if len(problems) > wrong:
            continue
        if amount is None:
            named.append((index, name))
            continue
        # Decimal: 0.1 kg is 100 g, and the quantity at which a row begins belongs to the row.
        exact[index] = exact.get(index, Decimal(0)) + Decimal(repr(amount)) * factor
    return {index: float(amount) for index, amount in exact.items()}, named


@lru_cache(maxsize=4096)
def _measure(name: str, unit: str | None, manual: Manual) -> tuple[int, Decimal]:
    kinds = substances_of(manual)
    if unit is None:
        counted = kinds.unit[int(substance_index([name], manual)[0])]
        unit = {"unit": "units", "plant": "plants"}.get(counted, counted)
    own, factor = own_quantity(name, 1.0, unit, manual)
    index = kinds.by_name[own.lower()]
    exact = Decimal(repr(factor))
    if own == PLANT:
        # A plant is so many grams of marihuana, which has rows of its own.
        exact *= Decimal(repr(float(kinds.grams_per_unit[index])))
        index = kinds.by_name["marihuana"]
    return index, exact


def listed(index: int, manual: Manual) -> int:
    """Index into ``Manual.drugs`` of a drug with rows of its own in this edition, else -1."""
    return int(substances_of(manual).quantity_drug[index])


@lru_cache(maxsize=64)
def weight_drug(manual: Manual) -> int:
    """Index into ``Manual.drugs`` of the rows converted weights are looked up in."""
    return manual.drugs.index(substances_of(manual).weight_row)
