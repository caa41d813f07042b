"""The form: the fields of a record in the order of §1B1.1, as elements of a page and back as a record."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from guidelines.case.fields import DAY, FIELDS, YES_NO, Field, cite
from guidelines.manual import Manual
from guidelines.s2d1_1_substances import substances_of
from guidelines.tables import editions
from sim.output.cases.words import label
from sim.output.html.markup import safe
from sim.records.record import Record, from_object
from sim.records.template import CHOICES, PARTS

MORE = "more"
"""Id of the last part, which is folded and holds every field that no other part names."""
TYPED = {
    "case_id": "whatever the office calls it",
    "amendments": "such as 782 or 782, 821A; 782 if left out",
    "adjustments": "such as 2D1.1(b)(1) +2; 3C1.1 +2",
}
"""What to type where the rules take a list."""
MOST_DRUGS = 9


def record_of(given: Mapping[str, Sequence[str]]) -> Record:
    """What was typed, read as a row of a sheet would be.

    Parameters
    ----------
    given
        Name of a field to what was typed; ``drug`` and ``quantity`` once for each drug.

    Raises
    ------
    CaseError
        As `sim.records.record.from_object`.
    """
    typed: dict[str, str] = {name: given[name][0] for name in FIELDS if given.get(name) and name != "drugs"}
    for number, (drug, amount) in enumerate(_drugs_typed(given), start=1):
        typed[f"drug {number}"], typed[f"quantity {number}"] = drug, amount
    return from_object(typed)


def _drugs_typed(given: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    pairs = zip(given.get("drug", ()), given.get("quantity", ()), strict=False)
    return [(drug, amount) for drug, amount in pairs if drug.strip() or amount.strip()][:MOST_DRUGS]


def typed_as(facts: Mapping[str, Any]) -> dict[str, list[str]]:
    """What to type for facts; the way back from `record_of`."""
    out = {name: [_text(name, value)] for name, value in facts.items() if name in FIELDS and name != "drugs"}
    for one in facts.get("drugs") or ():
        amount = " ".join(str(one[part]) for part in ("quantity", "unit") if one.get(part) is not None)
        if (pure := one.get("purity")) is not None:
            amount += f" at {pure if isinstance(pure, str) else f'{pure * (100 if pure <= 1 else 1):g}%'}"
        amount += f" of {one['each']}" if one.get("each") else ""
        amount += ", acquitted" if one.get("acquitted") else ""
        out.setdefault("drug", []).append(str(one.get("drug", "")))
        out.setdefault("quantity", []).append(amount)
    return out


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name.endswith("range_months") and isinstance(value, list) and len(value) == 2:
        return f"{value[0]}-{value[1]}"
    if name == "amendments" and isinstance(value, list) and not any(isinstance(one, dict) for one in value):
        return ", ".join(map(str, value)) or "none"
    return json.dumps(value) if isinstance(value, (list, dict)) else str(value)


def form(typed: Mapping[str, Sequence[str]]) -> str:
    """The fields with what was typed, part by part."""
    named = {name for *_, names in PARTS for name in names}
    rest = [name for name in FIELDS if name not in named]
    parts = [_part(name, title, fields, typed) for name, title, fields in PARTS]
    unfolded = " open" if any(typed.get(name, [""])[0] for name in rest) else ""
    inside = "".join(_field(name, typed) for name in rest)
    parts.append(
        f'<details id="{MORE}"{unfolded}><summary>More facts, seldom needed</summary>\n'
        f'<div class="fields">{inside}</div></details>'
    )
    return "\n".join(parts)


def _part(name: str, title: str, fields: Iterable[str], typed: Mapping[str, Sequence[str]]) -> str:
    inside = "".join(_drugs(typed) if field == "drugs" else _field(field, typed) for field in fields)
    return (
        f'<fieldset id="{name}"><legend>{safe(title)}</legend><div class="fields">{inside}</div></fieldset>'
    )


def _field(name: str, typed: Mapping[str, Sequence[str]]) -> str:
    known = FIELDS[name]
    value = (typed.get(name) or [""])[0]
    choices = CHOICES.get(name, ("yes", "no") if known.accepted == YES_NO else ())
    cited = "" if name == "case_id" else f"{cite(known.section)}: "
    hint = f"{cited}{known.meaning}" + ("" if choices else f"; {_accepted(known)}")
    if choices and (not value or value in choices):
        options = "".join(
            f'<option value="{safe(one)}"{" selected" if one == value else ""}>{safe(one)}</option>'
            for one in choices
        )
        control = f'<option value="">not known</option>{options}'
        control = f'<select id="f-{name}" name="{name}" aria-describedby="h-{name}">{control}</select>'
    else:
        control = (
            f'<input id="f-{name}" name="{name}" value="{safe(value)}" aria-describedby="h-{name}" '
            'autocomplete="off" spellcheck="false">'
        )
    return (
        f'<div class="field" data-field="{name}"><label for="f-{name}">{safe(label(name))}</label>{control}'
        f'<p class="hint" id="h-{name}">{safe(hint)}</p></div>'
    )


def _accepted(known: Field) -> str:
    """What may be typed: more than the rules take, since it is read as people write it."""
    if known.accepted == DAY:
        return "such as 5/12/2011"
    if known.name.endswith("range_months"):
        return "such as 97-121"
    if known.name.endswith("_months"):
        return "such as 97, 8 years or life"
    return TYPED.get(known.name, known.accepted)


def _drugs(typed: Mapping[str, Sequence[str]]) -> str:
    names = "".join(f"<option>{safe(name)}</option>" for name in drug_names())
    rows = "".join(_drug(*pair) for pair in (*_drugs_typed(typed), ("", "")))
    return (
        f'<div class="field wide" data-field="drugs" id="f-drugs" tabindex="-1">{rows}'
        '<p class="hint" id="h-drugs">A line for each drug: its name, and how much with the unit, such as '
        "1.2 kg, 280 g, 3 oz, 200 plants, 440 g at 30%, 1,000 pills of 30 mg; at least 280 g where that was "
        "the finding.</p>"
        '<button type="submit" formaction="./" class="another">Another drug</button>'
        f'<datalist id="names">{names}</datalist></div>'
    )


def _drug(drug: str, amount: str) -> str:
    return (
        '<div class="drug"><label>Drug <input name="drug" list="names" autocomplete="off" spellcheck="false" '
        f'aria-describedby="h-drugs" value="{safe(drug)}"></label> <label>Quantity <input name="quantity" '
        f'autocomplete="off" aria-describedby="h-drugs" value="{safe(amount)}"></label></div>'
    )


@lru_cache(maxsize=1)
def drug_names() -> tuple[str, ...]:
    """Names to choose from: those of the newest Manual and the common ones."""
    return tuple(sorted(substances_of(Manual.on(editions("drug_quantity")[-1])).by_name))


def fields_named(text: str) -> Iterator[str]:
    """Fields whose names stand in a line of an answer or of an error."""
    words = set(text.replace(",", " ").replace(":", " ").replace("_", " ").split())
    for name in FIELDS:
        if name in text or (
            set(name.split("_")) <= words and name.replace("_", " ") in text.replace("_", " ")
        ):
            yield name
