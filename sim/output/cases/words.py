"""Facts and figures of a case in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from guidelines.case.fields import FIELDS
from sim.records.values import long_day

SPECIAL = {
    "case_id": "Case",
    "drugs": "Drugs",
    "base_offense_level": "Base offense level, as found",
    "total_offense_level": "Total offense level, as found",
    "drug_quantity_based": "Base level from the Drug Quantity Table",
    "converted_weight_kg": "Converted drug weight",
    "acceptance": "Acceptance of responsibility",
    "jail_credit_days": "Jail credit",
    "good_time_disallowed_days": "Good time disallowed",
    "rules": "Doubtful points settled",
}
_NAMES = re.compile("|".join(rf"\b{name}\b" for name in sorted(FIELDS, key=len, reverse=True) if "_" in name))
_DAYS = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
UNITS = {"_months": "months", "_days": "days", "_kg": "kg"}


def label(name: str) -> str:
    """The name of a field as a reader knows it.

    >>> label("statutory_minimum_months"), label("acceptance")
    ('Statutory minimum', 'Acceptance of responsibility')
    """
    if name in SPECIAL:
        return SPECIAL[name]
    for end in UNITS:
        name = name.removesuffix(end)
    return name.replace("_", " ").capitalize()


def figure(value: Any) -> str:
    """A figure of a worksheet: life, a range, a number, nothing.

    >>> figure([97, 121]), figure([360, "life"]), figure(1200), figure(None)
    ('97-121', '360-life', '1,200', '-')
    """
    if value is None:
        return "-"
    if isinstance(value, (list, tuple)) and len(value) == 2:
        low, high = value
        return str(low) if low == high else f"{low}-{high}"
    return f"{value:,}" if isinstance(value, (int, float)) else str(value)


def in_words(line: str) -> str:
    """A line of an answer with the labels of fields in place of their names, and days written out.

    >>> in_words("jail_credit_days: 0"), in_words("the record of 2014-03-05 states no safety_valve")
    ('Jail credit: 0', 'the record of 5 March 2014 states no safety valve')
    """
    plain = _NAMES.sub(lambda found: label(found[0]).lower(), line)
    plain = _DAYS.sub(lambda found: day(found[0]), plain)
    return plain[:1].upper() + plain[1:] if line.partition(":")[0].split(", ")[0] in FIELDS else plain


def day(text: str | None) -> str:
    """A day of an answer as it is written out; life where there is none.

    >>> day("2016-03-05"), day(None)
    ('5 March 2016', 'life')
    """
    if text is None:
        return "life"
    try:
        return long_day(date.fromisoformat(text))
    except ValueError:
        return text


def as_of(answer: Mapping[str, Any], made_on: date) -> Mapping[str, Any]:
    """An answer as it stands on a day: with a warning where the person has probably left prison by then.

    Only where the day of the order is assumed: the answer itself hangs on no clock.
    """
    end = (answer["release"]["original"] or {}).get("release_date")
    if not answer["eligible"] or not end or end > made_on.isoformat():
        return answer
    if not any(line.startswith("order_effective_on: ") for line in answer["assumed"]):
        return answer
    told = (
        f"18 U.S.C. 3582(c)(2): without a reduction the projected release was {day(end)}; a term no longer "
        "served cannot be reduced. Check that it still is, and give order_effective_on"
    )
    return {**answer, "warnings": [told, *answer["warnings"]]}


def facts_in_words(facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each fact of a record, named and written out.

    >>> list(facts_in_words({"imposed_term_months": 97, "safety_valve": True}))
    [('Safety valve', 'yes'), ('Imposed term', '97 months')]
    """
    order = {name: place for place, name in enumerate(FIELDS)}
    for name in sorted(facts, key=lambda name: order.get(name, len(order))):
        if name != "case_id" and facts[name] is not None:
            yield label(name), _value(name, facts[name])


def _value(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "drugs" and isinstance(value, (list, tuple)):
        return "; ".join(_drug(one) for one in value)
    if name.endswith("range_months"):
        return f"{figure(value)} months".replace("life months", "life")
    if isinstance(value, Mapping):
        return ", ".join(f"{key.replace('_', ' ')} {_value(key, held)}" for key, held in value.items())
    if isinstance(value, (list, tuple)):
        return "; ".join(_value("", one) for one in value) or "none"
    if name.endswith("_on") or name == "manual_edition":
        return day(str(value))
    unit = next((word for end, word in UNITS.items() if name.endswith(end) and value != "life"), "")
    return f"{figure(value) if unit else value} {unit}".strip()


def _drug(one: Any) -> str:
    if not isinstance(one, Mapping):
        return str(one)
    amount = [figure(one["quantity"])] if one.get("quantity") is not None else []
    rest = [f"{key} {held}" for key, held in one.items() if key not in ("drug", "quantity", "unit")]
    named = " ".join([*amount, str(one.get("unit") or ""), str(one.get("drug") or "")])
    return ", ".join([" ".join(named.split()), *rest])
