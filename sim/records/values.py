"""One value as people write it: days, months, ranges, categories, numbers, yes and no.

Every reader takes text without blanks around it and gives a `Value`, or None where it cannot tell: the text
then goes on as it is and is refused with its section and with what would do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from guidelines.manual import CATEGORIES

NAMES = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
         "November", "December")  # fmt: skip
YES, NO = {"yes", "y", "true", "t"}, {"no", "n", "false", "f", "none"}
TICKS = {"x", "✓", "✔", "☒", "☑", "1"}
BLANK = {
    "",
    "-",
    "--",
    "?",
    "n/a",
    "na",
    "#n/a",
    "nan",
    "null",
    "unknown",
    "unk",
    "not known",
    "not stated",
    "tbd",
}
"""Cells that say nothing."""
LIFE = {"life", "life imprisonment", "life without parole", "life without release"}
LONGEST_NUMBER = 24
"""Characters; a number in a court file is shorter."""
OLDEST_TWO_DIGITS = 87
"""Two digits of a year from this on belong to the 1900s: the first Manual is of 1987."""

NUMERAL = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
NUMBER = re.compile(rf"([-+]?)({NUMERAL})", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?", re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})", re.ASCII)
_MONTH_DAY = re.compile(r"([a-z]{3,9})\.? ?(\d{1,2})(?:st|nd|rd|th)?,? ?(\d{4})", re.ASCII)
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]?([a-z]{3,9})\.?,?[ -]?(\d{4}|\d{2})", re.ASCII)
_WEEKDAY = re.compile(r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?[,.]? ")
_SERIAL = re.compile(r"([2-6]\d{4})(?:\.0+)?", re.ASCII)
_TERM = re.compile(
    rf"(?:(?P<years>{NUMERAL}|an?|one) ?(?:years?|yrs?\.?|y))?(?:,? ?(?:and|&)? ?)?"
    rf"(?:(?P<months>{NUMERAL}|one) ?(?:months?|mos?\.?|m))?(?:,? ?(?:and|&)? ?)?"
    r"(?:(?P<days>\d{1,3}|an?|one) ?(?:days?|d))?",
    re.ASCII,
)
_SHEET_DATE = re.compile(r"\d{1,2}-[a-z]{3}|[a-z]{3}-\d{2,4}|.*\d{4}-\d{2}-\d{2}.*", re.ASCII)
_CATEGORY = re.compile(
    r"(?:cat(?:egory)?|chc|ch|criminal history(?: category)?)?[.:]? ?(i{1,3}|iv|vi?|[1-6])(?:\.0+)?", re.ASCII
)
_WHOLE_WORDS = re.compile(
    rf"(?:(?:base|total|final)? ?(?:offense |offence )?(?:level|lvl|ol|bol|tol)[.:]? )?([-+]?(?:{NUMERAL}))"
    r" ?(?:levels?|points?|pts\.?|days?)?",
    re.ASCII,
)
_LESS = re.compile(r"(?:(minus |-)|\()?(\d)(?:\.0+)?\)? ?(?:levels?|points?|pts\.?)?", re.ASCII)
YEARS = (1900, 2199)
"""Years of the days a court file may name."""
ACCEPTANCE = (-2, -3)
ROLES = {"minor": -2, "minimal": -4, "between minor and minimal": -3, "intermediate": -3}
_AMENDMENT = re.compile(r"(\d{3})(?: ?(?:,? ?part |\()?([a-d])\)?(?![a-z]))?", re.ASCII)
_FILLER = re.compile(r"amendments?|amend\.?|amdts?\.?|nos?\.|and|[#&+,;\[\]\"' ]+", re.ASCII)
_SPACES = re.compile(r"\s+")
_DASHES = str.maketrans({"–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "’": "'", "“": '"', "”": '"'})


class Unreadable(ValueError):
    """A cell whose fault can be named: what is wrong, and what would do."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value as the rules want it.

    Attributes
    ----------
    value
        Ready for `guidelines.analyze_case`.
    shown, how
        Where it was read differently from how it was written: what it was read as, and by which convention.
    also
        Other facts the same text states, as (field, value).
    """

    value: Any
    shown: str = ""
    how: str = ""
    also: tuple[tuple[str, Any], ...] = ()


def plain(text: str) -> str:
    """Text with one kind of blank, dash and quote, and none around it."""
    return _SPACES.sub(" ", text).strip().translate(_DASHES)


def long_day(when: date) -> str:
    """A day as it is written out.

    >>> long_day(date(2011, 5, 12))
    '12 May 2011'
    """
    return f"{when.day} {NAMES[when.month - 1]} {when.year}"


def day(text: str) -> Value | None:
    """A day: year first, month first as in the United States, or with the month's name.

    >>> day("5/12/2011")
    Value(value='2011-05-12', shown='12 May 2011', how='month first', also=())
    """
    low = _WEEKDAY.sub("", text.lower(), count=1)
    if found := _ISO.fullmatch(low):
        made = _date(*found.groups())
        return None if made is None else Value(made.isoformat())
    how = ""
    year: str | int
    if found := _YEAR_FIRST.fullmatch(low):
        year, month, number = found.groups()
    elif found := _SLASHED.fullmatch(low):
        month, _, number, year = found.groups()
        how = "month first"
        if int(month) > 12:
            month, number, how = number, month, "day first, since there is no such month"
    elif found := _MONTH_DAY.fullmatch(low):
        name, number, year = found.groups()
        month = str(_month(name))
    elif found := _DAY_MONTH.fullmatch(low):
        number, name, year = found.groups()
        month = str(_month(name))
    elif found := _SERIAL.fullmatch(low):
        made = date(1899, 12, 30) + timedelta(days=int(found[1]))
        return Value(made.isoformat(), long_day(made), "the day number of a spreadsheet")
    else:
        return None
    if len(year) == 2:
        year = int(year) + (1900 if int(year) >= OLDEST_TWO_DIGITS else 2000)
    made = _date(year, month, number)
    return None if made is None else Value(made.isoformat(), long_day(made), how or "written out")


def _month(name: str) -> int:
    """The number of a month by its name or the beginning of it; 0 for none."""
    return next((at for at, full in enumerate(NAMES, 1) if full.lower().startswith(name)), 0)


def _date(year: str | int, month: str, number: str) -> date | None:
    try:
        made = date(int(year), int(month), int(number))
    except ValueError:
        return None
    if not YEARS[0] <= made.year <= YEARS[1]:
        raise Unreadable(f"{made.isoformat()} given; a day from {YEARS[0]} to {YEARS[1]} is accepted")
    return made


def edition(text: str) -> Value | None:
    """A Manual by its day, or by its year: the Manual of a year begins on the first of November."""
    low = text.lower()
    if found := re.fullmatch(r"(?:the )?((?:19|20)\d\d)(?:\.0)?(?: (?:guidelines )?manual)?", low, re.ASCII):
        made = date(int(found[1]), 11, 1)
        return Value(made.isoformat(), long_day(made), "the Manual of that year")
    return day(text)


def number(text: str) -> Value | None:
    """A number, with commas between thousands or without."""
    found = NUMBER.fullmatch(text.rstrip("%").rstrip())
    if found is None or len(text) > LONGEST_NUMBER:
        return None
    digits = found[0].replace(",", "").lstrip("+")
    made = float(digits) if "." in digits else int(digits)
    whole = int(made) if made == int(made) else made
    return Value(whole, digits, "a comma between thousands") if "," in text else Value(whole)


def whole(text: str) -> Value | None:
    """A number of levels, points or days; "none" is 0."""
    low = text.lower()
    if low in ("none", "no"):
        return Value(0)
    found = _WHOLE_WORDS.fullmatch(low)
    return number(found[1]) if found else None


def months(text: str, unit: str = "months") -> Value | None:
    """A term: months, years, both, with days, or life.

    A bare number counts `unit`.

    Examples
    --------
    >>> months("8 years").value, months("life").value, months("a year and a day").also
    (96, 'life', (('imposed_term_days', 1),))
    """
    low = text.lower()
    if low in LIFE:
        return Value("life")
    if low in ("none", "no"):
        return Value(0)
    if (bare := number(text)) is not None:
        if unit == "months":
            return bare
        low = f"{text} {unit}"
    found = _TERM.fullmatch(low)
    if found is None or not any(found.groups()) or len(text) > 2 * LONGEST_NUMBER:
        return None
    years, month, days = (_amount(found[name]) for name in ("years", "months", "days"))
    total = years * 12 + month
    if total != int(total):
        return None
    also = (("imposed_term_days", int(days)),) if days else ()
    if not years and not days:
        return Value(int(total))
    shown = f"{int(total)} months" + (f" and {int(days)} day{'s' if days > 1 else ''}" if days else "")
    return Value(int(total), shown, "years as months" if years else "months and days", also)


def _amount(text: str | None) -> float:
    if text is None:
        return 0
    return 1 if text in ("a", "an", "one") else float(text.replace(",", ""))


def months_range(text: str, unit: str = "months") -> Value | None:
    """A range of months.

    >>> months_range("97-121 months").value, months_range("360 to Life").value
    ([97, 121], [360, 'life'])
    """
    low = text.lower().strip("[]() ")
    if _SHEET_DATE.fullmatch(low):
        raise Unreadable(
            f"{text} given; a spreadsheet made a date of a range: make the column text and write 10-12 months"
        )
    if low in LIFE:
        return Value("life")
    for word in ("months", "mos", "month", "years", "yrs"):
        if low.endswith(word):
            low, unit = low.removesuffix(word).strip(), "years" if word in ("years", "yrs") else "months"
    parts = re.split(r" ?(?:-|,| to ) ?", low)
    if len(parts) not in (1, 2) or not all(parts):
        return None
    ends = [months(part, unit) for part in parts]
    values = [end.value for end in ends if end is not None and not end.also]
    if len(values) != len(parts) or (len(values) == 1 and "life" not in values and parts[0] != low):
        return None
    made = values if len(values) == 2 else values * 2
    shown = "-".join(str(end) for end in made)
    return Value(made, shown, "years as months") if unit == "years" else Value(made)


def category(text: str) -> Value | None:
    """A criminal history category.

    >>> category("Cat. III").value, category("3").value
    ('III', 'III')
    """
    found = _CATEGORY.fullmatch(text.lower())
    if found is None or not text.isascii():
        return None
    roman = found[1].upper()
    return Value(CATEGORIES[int(roman) - 1] if roman.isdigit() else roman)


def yes_no(text: str) -> Value | None:
    """Yes or no, or a tick."""
    low = text.lower()
    if low in YES or low in NO:
        return Value(low in YES)
    if low in TICKS:
        return Value(True, "yes", "a tick")
    return Value(False, "no", "0 for no") if low == "0" else None


def acceptance(text: str) -> Value | None:
    """Levels taken off for acceptance, written with or without the minus sign."""
    if text.lower() in YES | TICKS - {"1"}:
        raise Unreadable(f"{text} given; write how many levels came off, -2 or -3")
    return _less(text, ACCEPTANCE)


def mitigating_role(text: str) -> Value | None:
    """Levels taken off for a mitigating role, or the name of the role."""
    low = text.lower().removesuffix(" participant").removesuffix(" role")
    if low in ROLES:
        return Value(ROLES[low], str(ROLES[low]), "by the name of the role")
    if low in YES | TICKS - {"1"}:
        raise Unreadable(f"{text} given; write how many levels came off, -2, -3 or -4")
    return _less(text, tuple(ROLES.values()))


def _less(text: str, allowed: tuple[int, ...]) -> Value | None:
    low = text.lower()
    if low in NO or low == "0":
        return Value(0)
    found = _LESS.fullmatch(low)
    if found is None:
        return None
    made = -int(found[2])
    if made not in allowed:
        return None
    return Value(made) if found[1] else Value(made, str(made), "levels taken off")


def names(text: str) -> Value | None:
    """Names in a list, with commas or semicolons between them.

    >>> names("brandished; discharged").value
    ['brandished', 'discharged']
    """
    if text.lower() in ("none", "no"):
        return Value([])
    return Value([name.strip() for name in re.split("[;,]", text) if name.strip()])


def amendments(text: str) -> Value | None:
    """Numbers of amendments, with their part.

    >>> amendments("Amendments 782 and 821 Part A").value
    ['782', '821A']
    """
    low = text.lower()
    if low in ("none", "[]"):
        return Value([])
    if re.fullmatch(r"[\w ,;]+", low) and not re.search("[a-z]{3}", low):
        return Value(text.replace(";", " ").replace(",", " ").upper().split())
    if _FILLER.sub("", _AMENDMENT.sub("", low)).strip():
        return None
    return Value([number + part.upper() for number, part in _AMENDMENT.findall(low)]) or None
