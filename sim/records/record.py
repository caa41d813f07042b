"""One record as somebody wrote it - an object of JSON, a row of a sheet, a form - read into facts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from typing import Any

from guidelines.case import CaseError, analyze_cases
from guidelines.case.fields import DAY, FIELDS, YES_NO, Field, cite
from sim.base.text import visible
from sim.records import drugs, values
from sim.records.names import Place, place_of
from sim.records.values import BLANK, Unreadable, Value, plain

Reader = Callable[[str], Value | None]
UNSTATED_IF_NONE = ("other_group_level", "override_offense_level")
"""Fields for which "none" says that there is no such thing, not that it is 0."""
LONGEST_TEXT, LONGEST_LIST = 10_000, 1_000
"""Letters of one fact and entries of its list: far beyond any court file."""
MOST_FIELDS = 5_000
"""Of a record, columns of a sheet; more are no facts of a client."""
NAMED = 20
"""Fields handed through that are named."""
YEARS_FOR_MONTHS = (5, 10, 15, 20, 25, 30, 35, 40)
"""A statutory limit written as one of these, without a unit, is one of years."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Something that was read differently from how it was written."""

    field: str
    written: str
    shown: str
    how: str

    def __str__(self) -> str:
        return f"{self.field}: {self.written} read as {self.shown} ({self.how})"


@dataclass(slots=True)
class Record:
    """A record that has been read.

    Attributes
    ----------
    facts
        For `guidelines.analyze_case`.
    readings
        What was read differently from how it was written.
    extra
        Columns that are no facts, by their names as written; handed through.
    """

    facts: dict[str, Any] = field(default_factory=dict)
    readings: list[Reading] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)


class Unread(CaseError):
    """A record that cannot be read; what could be read of it is its `record`."""

    def __init__(self, problems: Iterable[str], record: Record) -> None:
        case_id = record.facts.get("case_id")
        super().__init__(problems, None if case_id is None else str(case_id))
        self.record = record


def from_object(given: Any) -> Record:
    """Read an object of fields."""
    if not isinstance(given, Mapping):
        raise CaseError([f"case record: {type(given).__name__} given; an object of fields is accepted"])
    if len(given) > MOST_FIELDS:
        raise CaseError([f"case record: {len(given):,} fields; at most {MOST_FIELDS:,} are read"])
    return _read((str(key), place_of(str(key)), value) for key, value in given.items())


def handed_through(place: str, names: Iterable[str]) -> str:
    """What is said of fields that are no facts; of many the first are named."""
    first = list(islice(names, NAMED + 1))
    more = " and more" if len(first) > NAMED else ""
    return f"{place}: no facts, handed through: {', '.join(first[:NAMED])}{more}"


def from_row(columns: Sequence[str], places: Sequence[Place], cells: Sequence[Any]) -> Record:
    """Read the cells of a row under their headings; empty cells say nothing."""
    if len(cells) < len(columns) or any(cell not in (None, "") for cell in cells[len(columns) :]):
        name = next((str(c) for c, p in zip(cells, places, strict=False) if p.name == "case_id"), None)
        told = f"case record: {len(cells)} cells under {len(columns)} columns; one is missing or needs quotes"
        raise CaseError([told], name or None)
    return _read(zip(columns, places, cells, strict=False))


def _read(entries: Iterable[tuple[str, Place, Any]]) -> Record:
    out = Record()
    parts: dict[int, dict[str, Any]] = {}
    problems: list[str] = []
    for key, place, value in entries:
        if value is None:
            continue
        try:
            if place.kind != "extra":
                _check_size(value)
            if type(value) is str:
                if not value.isascii():
                    _whole_text(value)
            elif type(value) not in (int, bool):
                value = _from_cell(value)
            if place.kind == "field":
                _put(out, place, value)
            elif place.kind == "drug":
                _put_part(out, parts.setdefault(place.number, {}), place, value)
            elif place.kind == "rule":
                if value != "":
                    out.facts["rules"] = {**out.facts.get("rules", {}), place.name: _scalar(value)}
            elif place.kind == "extra":
                if value != "":
                    out.extra[visible(key)] = _harmless(value)
            else:
                problems.append(f"case record: unknown field {key!r}; {place.name}")
        except Unreadable as fault:
            label = place.name if place.kind != "drug" else f"{place.name} of drug {place.number}"
            section = cite(FIELDS[place.name].section) if place.kind == "field" else "§2D1.1(c)"
            if place.kind == "drug":
                parts[place.number] = {"unread": True}
            problems.append(f"{section}, {label}: {fault}")
    listed = [made for _, made in sorted(parts.items()) if made and "unread" not in made]
    if listed:
        out.facts["drugs"] = [*out.facts.get("drugs", []), *listed]
    if problems:
        (rest,) = analyze_cases([out.facts])  # so that all that is wrong with a record is said at once
        problems += rest.problems if isinstance(rest, CaseError) else ()
        raise Unread(problems, out)
    return out


def _check_size(value: Any) -> None:
    """Refuse more text or a longer list than any fact is."""
    most, what = (LONGEST_LIST, "entries") if isinstance(value, list) else (LONGEST_TEXT, "letters")
    if isinstance(value, (str, list)) and len(value) > most:
        raise Unreadable(f"{len(value):,} {what} given; at most {most:,} are read")


def _put(out: Record, place: Place, value: Any) -> None:
    name = place.name
    if name in out.facts:
        raise Unreadable("given more than once; once is accepted")
    if name == "case_id":
        if value != "":
            out.facts[name] = visible(value) if type(value) is str else value
        return
    if type(value) is str:
        made = _value(name, value, place.unit)
        if made is None:
            return
    elif type(value) is list:
        made = _from_list(name, value)
    elif place.unit == "years" and type(value) in (int, float):
        made = _value(name, str(value), "years") or Value(value)
    elif type(value) is int and value > 0 and name in ("acceptance", "mitigating_role"):
        made = READERS[name](str(value)) or Value(value)
    else:
        made = Value(value)
    out.facts[name] = made.value
    _tell(out, name, value, made)


def _tell(out: Record, name: str, written: Any, made: Value) -> None:
    if made.shown and made.shown.lower() != str(written).strip().lower():
        out.readings.append(Reading(name, plain(str(written)), made.shown, made.how))
    for also, value in made.also:
        out.facts.setdefault(also, value)


def _put_part(out: Record, drug: dict[str, Any], place: Place, value: Any) -> None:
    """One of the columns drug, quantity, unit, purity and each."""
    text = plain(value) if type(value) is str else value
    if type(text) is str and text.lower() in BLANK:
        return
    told: Value | None = None
    if place.name == "quantity":
        made, told = drugs.quantity(text) if type(text) is str else ({"quantity": text}, None)
        if type(made["quantity"]) is str:
            named, told = drugs.one_drug(made["quantity"])  # 1.2 kg heroin under Quantity
            made = named if "quantity" in named else made
        if type(made["quantity"]) is str:
            raise Unreadable(f"{text} given; a number with its unit, such as 0.5 kg or 280 g, is accepted")
        if place.unit:
            made.setdefault("unit", drugs.unit(place.unit))
    elif place.name == "unit":
        made = {"unit": drugs.unit(str(text))}
    elif place.name == "drug":
        made, told = drugs.one_drug(str(text))
    else:
        read = values.number(text) if type(text) is str else None
        made = {place.name: read.value if read and not text.endswith("%") else text}
        if read and text.endswith("%"):
            made = {place.name: read.value / 100}
    for part, held in made.items():
        if drug.setdefault(part, held) != held:
            raise Unreadable(f"{held} and {drug[part]} given; one {part} is accepted")
    if told is not None:
        _tell(out, place.name, value, told)


def _from_list(name: str, given: list[Any]) -> Value:
    """A list of JSON: drugs and amendments in it are read as people write them, the rest stays."""
    if name == "amendments":
        listed: list[Any] = []
        for one in given:
            made = values.amendments(plain(one)) if type(one) is str else None
            listed += [one] if made is None else made.value
        return Value(listed)
    if READERS[name] is not drugs.drugs:
        return Value(given)
    found: list[Any] = []
    also: dict[str, Any] = {}
    shown: list[str] = []
    how = ""
    for one in given:
        drug, told = _drug(one)
        found.append(drug)
        if told is not None:
            also.update(told.also)
            shown.append(told.shown)
            how = told.how
    return Value(found, ", ".join(shown), how, tuple(also.items()))


def _drug(given: Any) -> tuple[Any, Value | None]:
    if type(given) is str:
        return drugs.one_drug(given)
    if not isinstance(given, Mapping):
        return given, None
    kept = {key: value for key, value in given.items() if value is not None}
    told = None
    if type(kept.get("quantity")) is str:
        made, told = drugs.quantity(kept["quantity"])
        kept |= made
    if type(kept.get("unit")) is str:
        kept["unit"] = drugs.unit(kept["unit"])
    return kept, told


def _kind(known: Field) -> Reader:
    """How the text of a field is read."""
    name = known.name
    if name in _OWN:
        return _OWN[name]
    if known.accepted == YES_NO:
        return values.yes_no
    if known.accepted == DAY:
        return values.day
    if name.endswith("range_months"):
        return values.months_range
    if known.accepted.startswith("a list of"):
        return values.names
    return values.months if name.endswith("_months") else values.whole


def _converted_weight(text: str) -> Value | None:
    """A converted weight in kilograms, or with its own unit."""
    made, told = drugs.quantity(text)
    factor = {"kg": 1, "g": 1000}.get(made.get("unit", "kg"))
    if factor is None or type(made["quantity"]) is str or {*made} > {"quantity", "unit"}:
        return None
    return Value(made["quantity"] / factor, *((told.shown, told.how, told.also) if told else ()))


def _adjustments(text: str) -> Value | None:
    """Sections such as ``2D1.1(b)(1) +2; 3C1.1``."""
    if text.lower() in ("none", "no"):
        return Value([])
    found = [_ADJUSTMENT.fullmatch(part.strip()) for part in re.split(r"[;\n]|,(?= )", text) if part.strip()]
    if not found or not all(found):
        return None
    sections = [one.groupdict() for one in found if one]
    return Value(
        [
            {"section": one["section"], "levels": int(one["levels"])}
            if one["levels"]
            else {"section": one["section"]}
            for one in sections
        ]
    )


_ADJUSTMENT = re.compile(
    r"§? ?(?P<section>\d[A-Z]\d\.\d+(?:\(\w+\))*)(?:[:,]? ?(?P<levels>[-+]\d{1,2}))?", re.ASCII
)
_OWN: Mapping[str, Reader] = {
    "manual_edition": values.edition,
    "amendments": values.amendments,
    "drugs": drugs.drugs,
    "protected_drugs": drugs.drugs,
    "converted_weight_kg": _converted_weight,
    "adjustments": _adjustments,
    "mitigating_role": values.mitigating_role,
    "acceptance": values.acceptance,
    "criminal_history_category": values.category,
    "assistance_percent_only": values.number,
    "rules": lambda text: None,
    "earlier_reductions": lambda text: None,
}
READERS: Mapping[str, Reader] = {known.name: _kind(known) for known in FIELDS.values()}


@lru_cache(maxsize=65536)
def _value(name: str, text: str, unit: str) -> Value | None:
    """A cell of a field; None where it says nothing. Text nobody can read stays text and is refused later."""
    text = plain(text)
    low = text.lower()
    if low in BLANK or (low in ("none", "no") and name in UNSTATED_IF_NONE):
        return None
    if text[0] in "[{":
        return _from_json(name, text)
    reader = READERS[name]
    made = values.months(text, unit) if unit == "years" and reader is values.months else reader(text)
    if made is None:
        if name == "adjustments":
            raise Unreadable(f"{text} given; sections such as 2D1.1(b)(1) +2; 3C1.1 are accepted")
        return values.number(text) or Value(text)
    if name.startswith("statutory_") and made.value in YEARS_FOR_MONTHS and not unit and text.isdigit():
        raise Unreadable(f"{text} given; months are meant: write {made.value * 12}, or {text} years")
    return made


def _from_json(name: str, text: str) -> Value:
    try:
        made = json.loads(text)
    except (ValueError, RecursionError):
        return Value(text) if name not in READERS else READERS[name](text) or Value(text)
    return _from_list(name, made) if type(made) is list else Value(made)


def _from_cell(value: Any) -> Any:
    """A value of a spreadsheet or of JSON: days as text, whole floats as whole numbers."""
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _harmless(value: Any) -> Any:
    """What is handed through, without what a terminal would obey; lines of a note stay lines."""
    return visible(value, lines=True) if type(value) is str else value


def _scalar(value: Any) -> Any:
    """A switch: a number or a word."""
    made = values.number(plain(value)) if type(value) is str else None
    return value if made is None else made.value


def _whole_text(text: str) -> None:
    """Refuse half a character (a lone surrogate), which no file can hold."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise Unreadable(
            f"{visible(text)} given, which holds half a character; save the file as UTF-8"
        ) from None
