"""Drugs of a record in their own units, each looked up once for all records that name it alike."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from guidelines.case.fields import BAD, _number, entries
from guidelines.errors import GuidelineError, ImpossibleValue
from guidelines.manual import Manual
from guidelines.s2d1_1_equivalency import substance_index
from guidelines.s2d1_1_purity import counted_form
from guidelines.s2d1_1_substances import substances_of
from guidelines.s2d1_1_units import COUNTED, DOSES, MANY_PLANTS, PLANT, own_quantity

KEYS = ("drug", "quantity", "unit", "purity", "each", "acquitted")
STRENGTH = re.compile(r"(\d+(?:\.\d+)?)\s*(mg|g|milligrams?|grams?)")
PERCENT = 100
_amount = _number(1e12)


def drugs_of(
    given: Sequence[Any], manual: Manual, problems: list[str], notes: list[str]
) -> tuple[dict[int, float], list[tuple[int, str]]]:
    """Substance indices to quantities in their own unit, and drugs named without a quantity.

    `given` holds ``{drug, quantity, unit}``; the quantity may be absent where a base level was found.
    ``purity`` (0.3, 30 or "30%"), ``each`` (what one pill holds, "30 mg") and ``acquitted`` as they are
    known. The same drug twice is added up exactly. Every problem is added to `problems`, and to `notes`
    what was decided about a mixture or acquitted conduct.
    """
    exact: dict[int, Decimal] = {}
    named: list[tuple[int, str]] = []
    where = f"§2D1.1(c) edition {manual.label}, drugs"
    if not given:
        problems.append(f"{where}: an empty list given; at least one {{drug, quantity, unit}} is accepted")
    for place, one in entries(given, KEYS, where, "drug, quantity, unit", problems):
        number = place.removeprefix(f"{where} ")
        name, amount, unit = one.get("drug"), one.get("quantity"), one.get("unit")
        if not isinstance(name, str) or not name.strip():
            problems.append(f"{place}: drug {name!r} given; a name of the Manual or a common one is accepted")
            continue
        wrong = len(problems)
        purity, each = _purity(one.get("purity")), one.get("each")
        if purity is BAD:
            problems.append(f"{place}: purity {one['purity']!r} given; 0.3, 30 or 30% is accepted")
            purity = None
        if each is not None and not (isinstance(each, str) and STRENGTH.fullmatch(each.strip())):
            problems.append(
                f"{place}: each {each!r} given; the strength of one pill such as 30 mg is accepted"
            )
            each = unit = None
        if one.get("acquitted") not in (None, True, False):
            problems.append(f"{place}: acquitted {one['acquitted']!r} given; true or false is accepted")
        if amount is not None and _amount(amount) is BAD:
            problems.append(f"{place}: quantity {amount!r} given; a number of zero or more is accepted")
        if amount is not None and not isinstance(unit, str):
            problems.append(
                f"{place}: unit {unit!r} given; mg, g, kg, lb, oz, units, plants or doses is accepted"
            )
        try:
            index, factor, why = _measure(
                name, unit if isinstance(unit, str) else None, manual, purity, each and each.strip()
            )
        except GuidelineError as problem:
            problems.append(f"{problem} (drugs {number})")
        if len(problems) > wrong:
            continue
        if one.get("acquitted"):
            if manual.has("acquitted_conduct"):
                notes.append(f"drugs {number}: left out, acquitted conduct (§1B1.3(c))")
                continue
            notes.append(f"drugs {number}: counted, acquitted conduct was relevant conduct until 2024-10-31")
        if why:
            notes.append(f"drugs {number}: §2D1.1(c) {why}")
        if amount is None:
            kinds = substances_of(manual)
            named.append((kinds.by_name["marihuana"] if kinds.names[index] == PLANT else index, name))
            continue
        # Decimal: 0.1 kg is 100 g, and the quantity at which a row begins belongs to the row.
        exact[index] = exact.get(index, Decimal(0)) + Decimal(repr(amount)) * factor
    found = {index: amount for index, amount in exact.items() if amount}  # none of a drug makes no mixture
    counted = _on_one_line(_with_plants_counted(found or exact, manual), manual)
    return {index: float(amount) for index, amount in counted.items()}, named


def _with_plants_counted(exact: Mapping[int, Decimal], manual: Manual) -> dict[int, Decimal]:
    """Plants of all entries together by the rate their number has: one kilogram each from 50 on until 1995.

    At 100 grams a plant is so much marihuana, which has rows of its own; at a kilogram it stays a plant,
    since Amendment 516 lowered that rate and no other.
    """
    kinds = substances_of(manual)
    plant, weighed = kinds.by_name[PLANT.lower()], kinds.by_name["marihuana"]
    if plant not in exact:
        return dict(exact)
    others = {index: amount for index, amount in exact.items() if index != plant}
    name, _ = own_quantity(PLANT, float(exact[plant]), "plants", manual)
    if name == MANY_PLANTS:
        return {**others, kinds.by_name[MANY_PLANTS.lower()]: exact[plant]}
    grams = exact[plant] * Decimal(repr(float(kinds.grams_per_unit[plant])))
    return {**others, weighed: others.get(weighed, Decimal(0)) + grams}


def _on_one_line(exact: Mapping[int, Decimal], manual: Manual) -> Mapping[int, Decimal]:
    """Drugs that share one printed line are added as they are: depressants and schedule III until 1995."""
    lines = {int(substances_of(manual).line[index]) for index in exact}
    return {lines.pop(): sum(exact.values(), Decimal(0))} if len(lines) == 1 else exact


def _purity(given: Any) -> Any:
    """Purity as a share; None if it is not given. A number above 1, or with a percent sign, is percent."""
    if given is None:
        return None
    text = given.strip() if isinstance(given, str) else ""
    share = _amount_of(text.removesuffix("%").strip()) if text else _amount(given)
    if share is BAD or not 0 < share <= PERCENT:
        return BAD
    return share / PERCENT if share > 1 or text.endswith("%") else share


def _amount_of(text: str) -> Any:
    if not text.isascii() or "_" in text:  # Python reads 1_000 and digits of any script
        return BAD
    try:
        return _amount(float(text))
    except ValueError:
        return BAD


@lru_cache(maxsize=4096)
def _measure(
    name: str, unit: str | None, manual: Manual, purity: float | None = None, each: str | None = None
) -> tuple[int, Decimal, str]:
    """Index of the drug that counts, its amount in one unit given, and why it is that one."""
    kinds = substances_of(manual)
    if each is not None:
        if unit is not None and unit.strip().lower() not in COUNTED:
            raise ImpossibleValue(f"§2D1.1(c), each: {each} given with {unit}; pills is accepted beside it")
        strength, measure = STRENGTH.fullmatch(each).groups()  # type: ignore[union-attr]
        pill, held, why = _measure(name, measure, manual, purity)
        return pill, held * Decimal(strength), why
    why, share = "", Decimal(1)
    if purity is not None:
        name, part, why = counted_form(name, purity, manual)
        share = Decimal(repr(part))
    if unit is None:
        counted = kinds.unit[int(substance_index([name], manual)[0])]
        unit = {"unit": "units", "plant": "plants"}.get(counted, counted)
    own, factor = own_quantity(name, 1.0, unit, manual)
    index = kinds.by_name[own.lower()]
    if unit.strip().lower() in DOSES:
        # What a dose weighs, and when a weight found goes before it, is said by the table.
        said = (str(note) for note in manual.table("dose_weights").meta["note"])
        why = next((note for note in said if note.startswith(f"{own}:")), why)
    return index, Decimal(repr(factor)) * share, why


def listed(index: int, manual: Manual) -> int:
    """Index into ``Manual.drugs`` of a drug with rows of its own in this edition, else -1."""
    return int(substances_of(manual).quantity_drug[index])


@lru_cache(maxsize=64)
def weight_drug(manual: Manual) -> int:
    """Index into ``Manual.drugs`` of the rows converted weights are looked up in."""
    return manual.drugs.index(substances_of(manual).weight_row)
