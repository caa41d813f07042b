"""Drugs as people write them: ``1.2 kg heroin; 20 g crack``, or a column each for name, quantity and unit."""

from __future__ import annotations

import re
from typing import Any

from sim.records.values import LONGEST_NUMBER, NUMERAL, Unreadable, Value, plain

LONGEST_DRUG = 500
"""Letters of one drug with its quantity; longer text is taken as a name, which nobody knows."""
UNITS = {
    spelling: unit
    for unit, spellings in {
        "mg": "mg mgs milligram milligrams",
        "g": "g gm gms gram grams",
        "kg": "kg kgs kilo kilos kilogram kilograms",
        "lb": "lb lbs pound pounds",
        "oz": "oz ozs ounce ounces",
        "ml": "ml milliliter milliliters",
        "liter": "liter liters litre litres",
        "plants": "plant plants",
        "doses": "dose doses hit hits",
        "pills": "pill pills tab tabs tablet tablets cap caps capsule capsules",
        "units": "unit units",
    }.items()
    for spelling in spellings.split()
}
"""Spellings of units, in lower case and without a period."""
_UNIT = "|".join(sorted(UNITS, key=len, reverse=True)) + "|dosage units?"
_LEAST = r"(?:at least |more than |over |>=? ?|≥ ?)"
_AMOUNT = rf"(?P<least>{_LEAST})?(?P<amount>{NUMERAL})(?P<plus> ?\+)? ?(?P<unit>(?:{_UNIT})\b)?\.?"
_MORE = (
    r"(?:,? (?:at |of )?(?P<purity>\d+(?:\.\d+)? ?%)(?: pure)?)?"
    r"(?:,? of (?P<each>\d+(?:\.\d+)? ?mg)(?: each)?)?(?P<acquitted>,? acquitted)?"
)
_ALONE = re.compile(_AMOUNT + _MORE, re.ASCII | re.I)
_FIRST = re.compile(rf"{_AMOUNT} (?:of )?(?P<drug>[^\d\W].*)", re.ASCII | re.I | re.S)
_LAST = re.compile(rf"(?P<drug>[^\d\W].*?)[ ,:]*\(?{_AMOUNT}\)?", re.ASCII | re.I | re.S)
_SEVERAL = re.compile(
    r"(?:;|\n)(?![^()]*\))|(?:(?<!\d),|,(?=\s)| and | & | ?\+ )"
    rf"(?=\s*{_LEAST}?(?:{NUMERAL}) ?(?:{_UNIT})\b)",
    re.ASCII | re.I,
)


def unit(text: str) -> str:
    """A unit under the name the rules know; text that is none stays as it is."""
    low = text.lower().rstrip(".")
    return "units" if low.startswith("dosage unit") else UNITS.get(low, text)


def quantity(text: str) -> tuple[dict[str, Any], Value | None]:
    """What a cell of a quantity says: quantity, and unit, purity and strength where they stand there too.

    >>> quantity("1.2 kilos")[0], quantity("280+ g")[0]
    ({'quantity': 1.2, 'unit': 'kg'}, {'quantity': 280, 'unit': 'g'})
    >>> quantity("440 g at 30%")[0], quantity("1,000 pills of 30 mg")[0]["each"]
    ({'quantity': 440, 'unit': 'g', 'purity': '30%'}, '30 mg')
    """
    found = _ALONE.fullmatch(plain(text))
    if found is None or len(found["amount"]) > LONGEST_NUMBER:
        if re.fullmatch(rf"(?:{NUMERAL}) ?(?:-|to|–) ?(?:{NUMERAL}).*", text, re.ASCII):
            raise Unreadable(f"{text} given; write the quantity found, or the base offense level")
        if re.fullmatch(r"\d+,\d{1,2}\b.*", text, re.ASCII):
            raise Unreadable(f"{text} given; write {text.replace(',', '.')} with a point, or all digits")
        return {"quantity": text}, None
    return _measured(found)


def _measured(found: re.Match[str]) -> tuple[dict[str, Any], Value | None]:
    digits = found["amount"].replace(",", "")
    made: dict[str, Any] = {"quantity": float(digits) if "." in digits else int(digits)}
    if found["unit"]:
        made["unit"] = unit(found["unit"])
    said = found.groupdict()
    made |= {name: said[name] for name in ("purity", "each") if said.get(name)}
    if said.get("acquitted"):
        made["acquitted"] = True
    told = Value(made, digits, "a comma between thousands") if "," in found["amount"] else None
    if found["least"] or found["plus"]:
        told = Value(made, f"at least {digits}", "a finding of a minimum", (("quantity_is_minimum", True),))
    return made, told


def one_drug(text: str) -> tuple[dict[str, Any], Value | None]:
    """A drug with its quantity before or after it, or the name alone.

    >>> one_drug("300 grams of crack")[0], one_drug("LSD")[0]
    ({'drug': 'crack', 'quantity': 300, 'unit': 'g'}, {'drug': 'LSD'})
    >>> one_drug("Heroin (1.2 kg)")[0]
    {'drug': 'Heroin', 'quantity': 1.2, 'unit': 'kg'}
    """
    text = plain(text)
    for pattern in (_FIRST, _LAST) if len(text) <= LONGEST_DRUG else ():
        found = pattern.fullmatch(text)
        if found and found["unit"] and len(found["amount"]) <= LONGEST_NUMBER:
            made, told = _measured(found)
            return {"drug": found["drug"].strip(), **made}, told
    return {"drug": text}, None


def drugs(text: str) -> Value:
    """Several drugs in one cell.

    >>> [one["drug"] for one in drugs("1,200 g heroin, 20 g crack and 3 oz cocaine").value]
    ['heroin', 'crack', 'cocaine']
    """
    read = [one_drug(part) for part in _SEVERAL.split(text) if part and part.strip()]
    told = [value for _, value in read if value is not None]
    also = tuple(dict.fromkeys(one for value in told for one in value.also))
    if not told:
        return Value([made for made, _ in read])
    return Value([made for made, _ in read], ", ".join(value.shown for value in told), told[0].how, also)
