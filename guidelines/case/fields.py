"""The fields of a case record: name, section, what is accepted, what it means."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from guidelines.errors import nearest
from guidelines.facts import FACTS
from guidelines.manual import CATEGORIES
from guidelines.tables import LIFE
from guidelines.usc18_3624_door import DETAINERS
from guidelines.usc18_3624_release import LONGEST

BAD = object()
"""What a check returns for a value that cannot be."""

EPOCH = date(1970, 1, 1).toordinal()
MOST_DAYS = 100_000
MOST_KILOGRAMS = 1_000_000_000
MOST_EXTRA_DAYS = 31
LONGEST_NAME = 500
Check = Callable[[Any], Any]


@dataclass(frozen=True)
class Field:
    """One field of a case record.

    Attributes
    ----------
    name, section
        The key, and the section a problem with it is reported under.
    accepted
        What is accepted, in words.
    meaning
        What it says, with its unit.
    check
        Value to value as the rules want it, or `BAD`.
    """

    name: str
    section: str
    accepted: str
    meaning: str
    check: Check


def _name(value: Any) -> Any:
    if type(value) is int and abs(value) < 10**LONGEST_NAME:
        value = str(value)
    return value if isinstance(value, str) and len(value) <= LONGEST_NAME else BAD


def _day(value: Any) -> Any:
    """Days since 1970-01-01."""
    if isinstance(value, date):
        return value.toordinal() - EPOCH
    if not isinstance(value, str) or len(value) != len("2014-11-01") or value[7] != "-":
        return BAD  # 2014-W44-6 is a day of ISO 8601 too, and nobody's way to write one
    try:
        return date.fromisoformat(value).toordinal() - EPOCH
    except ValueError:
        return BAD


def _flag(value: Any) -> Any:
    return value if type(value) is bool else BAD


def _whole(low: int, high: int) -> Check:
    def check(value: Any) -> Any:
        if type(value) is float and value.is_integer():
            value = int(value)
        return value if type(value) is int and low <= value <= high else BAD

    return check


def _one_of(*allowed: int) -> Check:
    def check(value: Any) -> Any:
        return value if type(value) is int and value in allowed else BAD

    return check


def _word(*allowed: str) -> Check:
    def check(value: Any) -> Any:
        return value if value in allowed else BAD

    return check


def _number(high: float) -> Check:
    def check(value: Any) -> Any:
        if type(value) not in (int, float) or not 0 <= value <= high or not math.isfinite(value):
            return BAD
        return float(value)

    return check


def _months(low: int, high: int = LONGEST) -> Check:
    whole = _whole(low, high)

    def check(value: Any) -> Any:
        return LIFE if value == "life" else whole(value)

    return check


def _category(value: Any) -> Any:
    if type(value) is int and 1 <= value <= len(CATEGORIES):
        return value
    if isinstance(value, str) and value.isascii() and value.upper() in CATEGORIES:
        return CATEGORIES.index(value.upper()) + 1
    return BAD


_any_months = _months(0)


def _range(value: Any) -> Any:
    if value == "life":
        return LIFE, LIFE
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        return BAD
    low, high = (_any_months(end) for end in value)
    return (low, high) if low is not BAD and high is not BAD and low <= high else BAD


def _list(value: Any) -> Any:
    return value if isinstance(value, (list, tuple)) else BAD


def _object(value: Any) -> Any:
    return value if isinstance(value, Mapping) else BAD


DAY = "a day such as 2015-11-01"
YES_NO = "true or false"
MONTHS = f'whole months up to {LONGEST} or "life"'
MOST_LEVEL = FACTS["total_offense_level_found"].high
MOST_MAXIMUM = LIFE - 1
MAXIMUM = f'whole months up to {MOST_MAXIMUM} or "life"'

_ALL = (
    Field("case_id", "case record", f"text of up to {LONGEST_NAME} letters", "echoed in the answer", _name),
    Field("sentenced_on", "1B1.11", DAY, "day of sentencing", _day),
    Field("manual_edition", "1B1.11", DAY, "a day on which the Manual used was in force", _day),
    Field("amendments", "1B1.10(d)", 'a list such as [782] or [782, "821A"]', "amendments to apply", _list),
    Field("order_effective_on", "1B1.10(e)", DAY, "from when the order has effect", _day),
    Field("drugs", "2D1.1(c)", "a list of {drug, quantity, unit}", "drugs as found", _list),
    Field(
        "converted_weight_kg",
        "2D1.1 n.8(D)",
        f"kilograms from 0 to {MOST_KILOGRAMS:,}",
        "marihuana equivalent or converted drug weight, if the court found only that",
        _number(MOST_KILOGRAMS),
    ),
    Field("protected_location", "2D1.2", YES_NO, "the guideline is §2D1.2", _flag),
    Field(
        "protected_drugs",
        "2D1.2(a)(1)",
        "a list as for drugs",
        "the part that directly involved the protected location or person; all of them if not given",
        _list,
    ),
    Field("under_18_involved", "2D1.2(a)(3)", YES_NO, "a person under 18 was involved", _flag),
    Field(
        "premises_only", "2D1.8(a)(2)", YES_NO, "no part in the offense but the use of the premises", _flag
    ),
    Field(
        "cross_reference_level",
        "2D1.1(d)",
        "a level from 1 to 43",
        "level under the guideline a cross reference leads to (§2A1.1, §2X1.1), as found",
        _whole(1, 43),
    ),
    Field("quantity_is_minimum", "2D1.1(c)", YES_NO, 'the court found "at least" this quantity', _flag),
    Field("base_offense_level", "2D1.1(a)", "a whole number from 1 to 43", "as found", _whole(1, 43)),
    Field("drug_quantity_based", "2D1.1(a)", YES_NO, "it came from the Drug Quantity Table", _flag),
    Field(
        "total_offense_level",
        "1B1.1(a)",
        f"a whole number from 1 to {MOST_LEVEL}",
        "as found; a level above 43 as the report states it",
        _whole(1, MOST_LEVEL),
    ),
    Field("adjustments", "2D1.1(b), Ch.3", "a list of {section, levels}", "as found", _list),
    Field("mitigating_role", "3B1.2", "0, -2, -3 or -4", "as found", _one_of(0, -2, -3, -4)),
    Field(
        "low_level_function",
        "2D1.1(e)(2)",
        "lowest or other",
        "primary function in the trafficking, for Manuals from 2025-11-01",
        _word("lowest", "other"),
    ),
    Field(
        "other_group_level", "3D1.4", "a level from 1 to 60", "adjusted level of another group", _whole(1, 60)
    ),
    Field("acceptance", "3E1.1", "0, -2 or -3", "as found", _one_of(0, -2, -3)),
    Field("criminal_history_points", "4A1.1", "a whole number from 0 to 999", "total", _whole(0, 999)),
    Field("status_points", "4A1.1", "0, 1 or 2", "status points within that total", _one_of(0, 1, 2)),
    Field("criminal_history_category", "4A1.1", "I to VI or 1 to 6", "as found", _category),
    Field("zero_point_offender_excluded", "4C1.1", YES_NO, "an exclusion applies", _flag),
    Field("career_offender", "4B1.1", YES_NO, "a career offender", _flag),
    Field("armed_career_criminal", "4B1.4", YES_NO, "an armed career criminal", _flag),
    Field("override_offense_level", "4B1.1, 4B1.4", "a level from 1 to 43", "level of it", _whole(1, 43)),
    Field(
        "table_range_months",
        "5A",
        'two of whole months or "life", such as [97, 121]',
        "range of the Sentencing Table as found, before statute",
        _range,
    ),
    Field(
        "guideline_range_months",
        "5G1.1",
        'two of whole months or "life", such as [120, 121]',
        "applicable range as found, after statute",
        _range,
    ),
    Field("statutory_minimum_months", "5G1.1(b)", MONTHS, "over all counts", _months(0)),
    Field(
        "statutory_maximum_months", "5G1.1(a)", MAXIMUM, "over all counts, stacked", _months(1, MOST_MAXIMUM)
    ),
    Field(
        "offense_statutory_maximum_months",
        "4B1.1(b)",
        MAXIMUM,
        "greatest maximum of one count, which sets the career offender level",
        _months(1, MOST_MAXIMUM),
    ),
    Field(
        "firearm_counts",
        "18 U.S.C. 924(c)",
        "a list of kinds such as brandished",
        "firearm counts in their order, if the term is not given",
        _list,
    ),
    Field(
        "firearm_prior_conviction",
        "18 U.S.C. 924(c)(1)(C)",
        YES_NO,
        "a conviction under 924(c) was final before",
        _flag,
    ),
    Field(
        "firearm_term_months",
        "4B1.1(c)",
        MONTHS,
        "mandatory term of a count under 18 U.S.C. 924(c) or 929(a)",
        _months(1),
    ),
    Field("safety_valve", "5C1.2", YES_NO, "18 U.S.C. 3553(f) applied", _flag),
    Field(
        "substantial_assistance",
        "1B1.10(b)(2)(B)",
        YES_NO,
        "a government motion led to a term below the range",
        _flag,
    ),
    Field("below_minimum_authority", "1B1.10(c)", YES_NO, "a 3553(e) or Rule 35(b) motion", _flag),
    Field("imposed_term_months", "1B1.10(b)", f"1 or more {MONTHS}", "on the guideline counts", _months(1)),
    Field(
        "imposed_term_days",
        "18 U.S.C. 3624(b)",
        "days from 0 to 31",
        "days of the term beside its months: a year and a day is 12 months and 1 day",
        _whole(0, MOST_EXTRA_DAYS),
    ),
    Field(
        "earlier_reductions",
        "1B1.10(b)",
        "a list of {amendment, on, term_months, term_days}; 35(b) for the amendment under Rule 35(b)",
        "what the term was reduced to since, in order; imposed_term_months is the term at sentencing",
        _list,
    ),
    Field("binding_plea", "1B1.10", YES_NO, "a term agreed under Rule 11(c)(1)(C)", _flag),
    Field(
        "consecutive_term_months",
        "5G1.2(a)",
        f"whole months from 0 to {LONGEST}",
        "kept unchanged",
        _whole(0, LONGEST),
    ),
    Field(
        "assistance_percent_only", "1B1.10(b)(2)(B)", "0 to 100", "percent, by assistance alone", _number(100)
    ),
    Field("serving_original_term", "1B1.10(a)", YES_NO, "neither finished nor revocation", _flag),
    Field("manual_already_amended", "1B1.10(a)", YES_NO, "the court gave the amendment already", _flag),
    Field("sentence_began_on", "18 U.S.C. 3585", DAY, "first day of the sentence", _day),
    Field(
        "jail_credit_days",
        "18 U.S.C. 3585(b)",
        f"days from 0 to {MOST_DAYS}",
        "before it",
        _whole(0, MOST_DAYS),
    ),
    Field(
        "good_time_disallowed_days",
        "18 U.S.C. 3624(b)",
        f"days from 0 to {MOST_DAYS}",
        "disallowed or forfeited",
        _whole(0, MOST_DAYS),
    ),
    Field(
        "school_progress",
        "18 U.S.C. 3624(b)",
        YES_NO,
        "a diploma or progress towards one; yes if not given",
        _flag,
    ),
    Field("drug_program", "18 U.S.C. 3621(e)(2)(B)", YES_NO, "residential treatment completed", _flag),
    Field(
        "program_days",
        "18 U.S.C. 3632(d)(4)",
        f"days from 0 to {MOST_DAYS}",
        "successful programming that earns time credits",
        _whole(0, MOST_DAYS),
    ),
    Field("minimum_or_low_risk", "18 U.S.C. 3632(d)(4)", YES_NO, "over two assessments", _flag),
    Field(
        "time_credit_bars",
        "18 U.S.C. 3632(d)(4)(D)",
        "a list of names of the table time_credit_exclusions",
        "convictions that earn no time credits",
        _list,
    ),
    Field(
        "supervised_release", "18 U.S.C. 3624(g)(3)", YES_NO, "part of the sentence; yes if not given", _flag
    ),
    Field("detainer", "18 U.S.C. 3624", "immigration or other", "who waits at the door", _word(*DETAINERS)),
    Field(
        "time_served_months",
        "1B1.10(b)(2)(C)",
        f"months from 0 to {LONGEST}",
        "if the dates are not known",
        _number(LONGEST),
    ),
    Field("rules", "1B1.10", "an object of named switches", "switches for the doubtful points", _object),
)
FIELDS: Mapping[str, Field] = {field.name: field for field in _ALL}
CHECKS: Mapping[str, Check] = {field.name: field.check for field in _ALL}


def cite(section: str) -> str:
    """A section as it is printed: with the section sign, unless it is a chapter, a statute or no law."""
    return section if section.startswith(("18 ", "Ch.", "case", "rules")) else f"§{section}"


def refusal(field: Field, given: Any, edition: str) -> str:
    """One line for a value that cannot be."""
    held = f" edition {edition}" if edition else ""
    return f"{cite(field.section)}{held}, {field.name}: {given!r} given; {field.accepted} is accepted"


def entries(
    given: Iterable[Any], keys: Sequence[str], where: str, like: str, problems: list[str]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The objects of a list with no other keys than these, each with its place; others are problems."""
    for number, one in enumerate(given, start=1):
        place = f"{where} {number}"
        if not isinstance(one, Mapping):
            problems.append(f"{place}: {one!r} given; {{{like}}} is accepted")
        elif unknown := [key for key in one if key not in keys]:
            problems.extend(f"{place}: unknown field {key!r}; {nearest(str(key), keys)}" for key in unknown)
        else:
            yield place, one


def day(days: int) -> str:
    """A day as ISO text."""
    return date.fromordinal(days + EPOCH).isoformat()
