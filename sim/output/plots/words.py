"""Numbers as people read them, for pictures, tables on the screen and descriptions."""

from __future__ import annotations

import re
from math import isnan

ROLES = {"input": "fed in", "calibrate": "fitted", "check": "check"}
"""What a published figure is to the forecast."""
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip
DATE, WHOLE_YEAR = re.compile(r"\b(\d{4}-\d\d)(?:-(\d\d))?\b"), re.compile(r"\b(\d{4})-01 to \1-12\b")


def number(value: float, unit: str = "persons", more: int = 0) -> str:
    """A value in its unit, as short as it can be read without loss of meaning: 46,290; 25.6; 18.8 %.

    Shares become percent; persons and bed-years are whole; months, years and percent have one digit; `more`
    asks for further digits.
    """
    if isnan(value):
        return "none"
    if unit in ("share", "fraction"):
        return f"{100 * value:.{1 + more}f} %"
    if unit == "percent":
        return f"{value:.{1 + more}f} %"
    if unit in ("months", "years"):
        return f"{value:.{1 + more}f}"
    return f"{value:,.{more}f}"


def about(value: float) -> str:
    """A count as a sentence has it, to two digits, or three from 10,000 on: 6,100; 43,300; 101,000."""
    if isnan(value):
        return "none"
    digits = 3 if abs(value) >= 10_000 else 2
    return f"{float(f'{value:.{digits}g}'):,.0f}"


def interval(low: float, high: float, named: str = "") -> str:
    """From one count to another, after its name; empty where there is no interval."""
    return "" if isnan(low) or isnan(high) else f"{named}{number(low)} to {number(high)}"


def apart(value: float, low: float, high: float, unit: str) -> str:
    """A value with as many digits as it takes to see on which side of two bounds it lies: 55.03 %."""
    for more in range(4):
        shown = number(value, unit, more)
        if value in (low, high) or shown not in (number(low, unit, more), number(high, unit, more)):
            break
    return shown


def amount(value: float, unit: str, text: str | None = None) -> str:
    """The number with the name of its unit: 25.6 months; `text` may stand for the number."""
    text = number(value, unit) if text is None else text
    return text if unit in ("share", "fraction", "percent") or text == "none" else f"{text} {unit}"


def of_persons(value: float, unit: str, text: str | None = None) -> str:
    """The same where all that has no unit is people."""
    return amount(value, unit, text).removesuffix(" persons")


def month_name(month: str) -> str:
    """November 2015 for 2015-11."""
    year, number_ = month.split("-")
    return f"{MONTHS[int(number_) - 1]} {year}"


def dated(text: str) -> str:
    """A text with its months and days in words: November 2015 for 2015-11; 2016 for 2016-01 to 2016-12."""
    return DATE.sub(
        lambda found: f"{int(found[2])} {month_name(found[1])}" if found[2] else month_name(found[1]),
        WHOLE_YEAR.sub(r"\1", text),
    )


def quantity(value: float, unit: str) -> str:
    """An amount of a drug with a short unit: 500 mg, 28 g, 1.5 kg, 30 t, 2,500 units."""
    if unit != "g":
        return f"{value:,.0f} {unit}"
    for size, name in ((1e6, "t"), (1e3, "kg"), (1.0, "g")):
        if value >= size:
            return f"{value / size:,.4g} {name}"
    return f"{value * 1e3:,.4g} mg"


def signed(value: float, unit: str = "persons") -> str:
    """A difference with its sign: +1,607; -8.8; 0. Shares and percent differ by percentage points."""
    if isnan(value):
        return "none"
    text = number(abs(value), unit).replace(" %", " points")
    if not any(digit in text for digit in "123456789"):
        return text
    return f"{'+' if value > 0 else '-'}{text}"
