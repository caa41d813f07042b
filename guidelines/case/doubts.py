"""What a reader of an answer must see first: doubts the record raises, law that is not held, limits."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

import numpy as np

from guidelines import tables
from guidelines.case.cells import month, shown
from guidelines.case.columns import served_months
from guidelines.case.fields import day
from guidelines.case.record import Read
from guidelines.case.statute_choices import (
    day_of_sentence,
    doubtful_minima,
    greatest_maximum,
    minima_by_priors,
    minima_of_quantity,
    statute_day,
    valve_may_apply,
)
from guidelines.manual import CATEGORIES, Manual, last_manual_read
from guidelines.s1b1_10_policy import floor_is_limit, policy_on
from guidelines.s2d1_1_substances import substances_of
from guidelines.s3_adjustments import acceptances
from guidelines.s4_criminal_history import CATEGORY_VI
from guidelines.tables import LIFE

YEAR = 12
DAYS_IN_MONTH = 31
CHEMICALS = "List I chemicals"
SCHEDULES = "782"
METHAMPHETAMINE = "Methamphetamine"


def doubts(read: Read, answer: dict[str, Any]) -> Iterator[str]:
    """One line for each, those about the law first.

    `answer` holds levels, ranges and the decision, as far as they are worked out.
    """
    given, laws = read.given, read.setting.laws
    order = given.get("order_effective_on")
    yield from _unread_manual(given.get("sentenced_on"), order)
    if laws:
        yield from early_policy(order if order is not None else read.setting.order_on)
    yield from read.warnings
    yield from _not_held(read)
    yield from _term(read, answer)
    yield from _history(read)
    if laws:
        yield from _served(read)
        yield from _by_assumed_day(read, answer)
    if given.get("safety_valve"):
        yield from _safety_valve(read)
    yield from _minimum(read)
    if laws and "statutory_minimum_months" not in given and not given.get("safety_valve"):
        yield from _unstated_minimum(read, answer)
    if answer["amended"]:
        yield from _third_level(read, answer["original"], answer["amended"])
    if laws and given.get("binding_plea"):
        yield (
            "Rule 11(c)(1)(C): the term is taken to rest on the range, as it usually does (Hughes v. United "
            "States, 2018); not so where the agreement shows another basis"
        )


def _unread_manual(sentenced: int | None, order: int | None) -> Iterator[str]:
    """Where the Manual of a day, in days since 1970, could not be read."""
    (begin,) = tables.editions("unread_manual")
    if sentenced is not None and day(sentenced) >= begin:
        yield (
            f"§1B1.11: the Manual of {begin} could not be read; this is the law of the edition asked for, "
            "right only if that edition governs"
        )
    if order is not None and day(order) >= begin:
        yield (
            f"§1B1.10: the policy statement of the Manual of {begin} could not be read; "
            f"the order is judged by that of {last_manual_read()}"
        )


@lru_cache(maxsize=4096)
def early_policy(order: int) -> tuple[str, ...]:
    """What is to be said of an order, in days since 1970, under a policy statement that is not ours."""
    on = day(order)
    if on < tables.editions("retroactivity_policy")[0]:
        return ()  # no amendment was listed: refused with that reason
    policy, told = tables.law("retroactivity_policy", on), []
    if any(int(row["value"]) for row in policy.select(rule="all_later_amendments_count")):
        told.append(
            f"§1B1.10 of {on}: all later amendments counted then, and the cut could not pass the fall of "
            "the range's maximum; that is not computed: only the amendment named is put in"
        )
    if not floor_is_limit(on):
        told.append(
            f"§1B1.10 of {on}: the lowest term shown is what the amended range points to; it was no limit "
            "before Amendment 712 made it one"
        )
    return (*told, *_gap("N14", on))


@cache
def _gap(which: str, on: str) -> tuple[str, ...]:
    """The line of the table of law that is not held, on a day it concerns; else none."""
    row = next(row for row in tables.reference("law_not_held") if row["id"] == which)
    if not row["from"] <= on <= (row["until"] or on):
        return ()
    would = f"; {row['what_would_do']}" if row["what_would_do"] else ""
    return (f"Not held: {row['what']} ({row['why']}){would}",)


def _not_held(read: Read) -> Iterator[str]:
    """Law that bears on this record and is not held."""
    manual = read.setting.manual
    names = {name for name, _ in read.quantities()}
    if not names:
        return
    capped, chemicals = _special(manual)
    if names & capped and any(law.number == SCHEDULES for law in read.setting.laws):
        yield from _gap("N08", manual.date)
    if METHAMPHETAMINE in names and "statutory_minimum_months" not in read.given:
        yield from _gap("N06", statute_day(read))
    if names & chemicals:
        yield (
            "§2D1.11: its chemical tables are not held; the level here is that of §2D1.1, right where the "
            "offense was to make the drug"
        )


@lru_cache(maxsize=64)
def _special(manual: Manual) -> tuple[frozenset[str], frozenset[str]]:
    """Drugs of the groups whose converted weight has a cap, and listed chemicals."""
    kinds = substances_of(manual)
    capped = {group for members, _ in kinds.caps for group in members}
    names = (name for name, group in zip(kinds.names, kinds.group.tolist(), strict=True) if group in capped)
    rows = manual.table("drug_equivalency")
    return frozenset(names), frozenset(row["drug"] for row in rows if row["group"].startswith(CHEMICALS))


def _term(read: Read, answer: dict[str, Any]) -> Iterator[str]:
    """A term against the range, the statute and the time spent."""
    given = read.given
    imposed, least = given.get("imposed_term_months"), given.get("statutory_minimum_months", 0)
    if imposed is None:
        return
    most = given.get("statutory_maximum_months", LIFE)
    if imposed > most:
        yield (
            f"§5G1.1(a): a term of {month(imposed)} months lies above the statutory maximum of {most}; "
            "correct one of them, or add up the maxima where the court stacked the counts (§5G1.2(d))"
        )
    by_motion = given.get("substantial_assistance", True) and given.get("below_minimum_authority", True)
    if imposed < least and not given.get("safety_valve", valve_may_apply(read)) and not by_motion:
        yield (
            f"§5G1.1(b): a term of {imposed} months lies below the statutory minimum of {month(least)}, and "
            "by the record neither a motion nor the safety valve allowed it; correct one of them"
        )
    possible = answer["possible_range_months"]["original"]
    low, high = (LIFE if end == "life" else end for end in possible or (0, LIFE))
    more = given.get("consecutive_term_months", 0)
    if imposed > high >= imposed - more > 0:
        yield (
            f"§5G1.2(a): the term of {month(imposed)} months lies above the range and less the consecutive "
            f"{more} does not; imposed_term_months is the term on the guideline counts alone"
        )
    elif high < imposed <= most and imposed != least and not _by_priors(read, answer):
        yield from _above(read, imposed, (low, high))
    open_minimum = "statutory_minimum_months" not in given and doubtful_minima(read)
    if given.get("substantial_assistance") and possible and low <= imposed <= high and not open_minimum:
        yield (
            f"§1B1.10(b)(2)(B): a motion for assistance is recorded, but the term of {month(imposed)} months "
            f"is not below the range of {shown((low, high))}; it gave no comparable term"
        )
    of_life = low >= LIFE > imposed and read.setting.rules.life_minimum_months is None
    if given.get("substantial_assistance") and of_life:
        yield (
            f"§1B1.10(b)(2)(B): the range is life and the term {imposed} months on a motion for assistance; "
            "no share of life is worked out, so a comparable term may be left out: the switch "
            "life_minimum_months says how many months life is taken as"
        )
    if given.get("jail_credit_days", 0) > imposed * DAYS_IN_MONTH and imposed < LIFE:
        yield (
            f"18 U.S.C. 3585(b): {given['jail_credit_days']} days of jail credit are more than the term "
            f"of {imposed} months; correct one of them"
        )


def _above(read: Read, imposed: int, found: tuple[int, int]) -> Iterator[str]:
    """A term above the range that nothing recorded explains."""
    term = "life" if imposed >= LIFE else f"{imposed} months"
    told = f"the term of {term} lies above the range of {shown(found)} months"
    most = greatest_maximum(read) if "statutory_maximum_months" not in read.given else LIFE
    if imposed > most:
        yield (
            f"21 U.S.C. 841(b): {told}, and above {month(most)}, the maximum of this quantity without a "
            "prior conviction or a death; correct the term or the quantity, or state the statutory limits"
        )
    else:
        why = "a departure or variance" if read.setting.manual.has_departure_step else "a variance"
        if "statutory_minimum_months" not in read.given:
            why += ", or a statutory minimum that is not stated,"
        yield f"§5G1.1: {told}; {why} would explain it, else a fact is misread: check it first"
    yield from _gap("N07", statute_day(read))


def _history(read: Read) -> Iterator[str]:
    """Category, points and career offender that do not go together."""
    given = read.given
    if not given.get("career_offender"):
        yield from _armed(read)
        return
    category = given.get("criminal_history_category", CATEGORY_VI)
    if category != CATEGORY_VI:
        yield (
            f"§4B1.1(b): category {CATEGORIES[category - 1]} is recorded for a career offender, whose "
            "category is VI in every case; VI is used: correct one of them (a departure under §4A1.3 is no "
            "part of the applicable range)"
        )
    if given.get("criminal_history_points") == 0:
        yield (
            "§4B1.1(a): a career offender without criminal history points is recorded; two convictions that "
            "count bring points: correct one of them"
        )


def _armed(read: Read) -> Iterator[str]:
    """A category below that of every armed career criminal."""
    manual, category = read.setting.manual, read.given.get("criminal_history_category")
    if not (read.given.get("armed_career_criminal") and category and manual.has("armed_career_criminal")):
        return
    least = manual.rules_of("armed_career_criminal")["category_at_least"]
    if category < least:
        yield (
            f"§4B1.4(c): category {CATEGORIES[category - 1]} is recorded for an armed career criminal, whose "
            f"category is {CATEGORIES[least - 1]} at least; that is used: correct one of them"
        )


def _served(read: Read) -> Iterator[str]:
    """Time served as told that is not what the dates come to."""
    told, began = (read.given.get(name) for name in ("time_served_months", "sentence_began_on"))
    if told is None or began is None:
        return
    order = read.given.get("order_effective_on", read.setting.order_on)
    days = np.array([began, order], dtype="datetime64[D]")
    jail = np.array([read.given.get("jail_credit_days", 0)], dtype=np.int32)
    by_dates = float(served_months(days[:1], jail, days[1:])[0])
    if abs(told - by_dates) > 1:
        yield (
            f"§1B1.10(b)(2)(C): time_served_months {told:g} is recorded, by the dates {by_dates:.0f} are "
            "served on the day of the order; the number recorded is used: leave it out, or correct a date"
        )


def _by_assumed_day(read: Read, answer: dict[str, Any]) -> Iterator[str]:
    """A yes that hangs on an order before *Koons*, where no day of the order is stated."""
    given, original = read.given, answer["original"] or {}
    table, least = original.get("table_range_months"), given.get("statutory_minimum_months", 0)
    assumed = day(read.setting.order_on)
    changed = next(on for on in tables.editions("retroactivity_policy") if policy_on(on)[2])
    assisted = given.get("substantial_assistance") and not given.get("safety_valve")
    by_day = read.setting.rules.koons == "by_date" and "order_effective_on" not in given and assumed < changed
    if not (by_day and assisted and table and least):
        return
    high = LIFE if table[1] == "life" else table[1]
    if given.get("below_minimum_authority", True) and high < least and answer["eligible"] is not False:
        yield (
            f"Koons v. United States: the minimum of {month(least)} months lies above the whole table range "
            f"of {shown((table[0], high))}; an order from {changed} on may not reduce the term, and one of "
            f"{assumed} is only assumed: state order_effective_on"
        )


def _third_level(read: Read, original: dict[str, Any], amended: dict[str, Any]) -> Iterator[str]:
    """The third level of acceptance where the amended level is too low for it."""
    taken, held = read.given.get("acceptance", 0), read.setting
    if taken != acceptances(held.manual)[-1]:
        return
    was, becomes = (sheet["total_offense_level"] for sheet in (original, amended))
    if was is None or becomes is None or becomes >= was:
        return
    least = held.manual.rules_of("acceptance_of_responsibility").get("third_level_from_offense_level", 0)
    if becomes - taken < least <= was - taken and held.rules.third_acceptance_level == "keep":
        yield (
            f"§3E1.1(b): the third level needs {least} before it, the amendment leaves {becomes - taken}; it "
            "is kept as found (§1B1.10(b)(1)). Courts may see it otherwise: the switch third_acceptance_level"
        )


def _safety_valve(read: Read) -> Iterator[str]:
    """The safety valve against what bars it (18 U.S.C. 3553(f)(1)-(4))."""
    given, found = read.given, read.adjustments
    section, begin = "18 U.S.C. 3553(f)", tables.editions("safety_valve")[0]
    if day_of_sentence(read) < begin:
        yield f"{section}: the safety valve came on {begin}, after the day of sentencing; correct one of them"
        return
    if not valve_may_apply(read):
        yield (
            f"{section}(1): no score of this category passes the safety valve on the day of sentencing; "
            "correct the category or safety_valve"
        )
    bars = []
    if given.get("firearm_term_months"):
        bars.append("(2): a firearm count")
    elif "(b)(1) " in found.specific_sections:
        bars.append("(2): a weapon increase, which may be another's,")
    if "3B1.1" in found.chapter_three_sections:
        bars.append("(4): an aggravating role")
    for bar in bars:
        yield (
            f"{section}{bar} is recorded beside the safety valve; right only where the court found that it "
            "is no bar"
        )


def _minimum(read: Read) -> Iterator[str]:
    """A statutory minimum that no tier of these quantities has."""
    least = read.given.get("statutory_minimum_months", 0)
    tiers = minima_of_quantity(read)
    if least > YEAR and tiers and least not in tiers and not read.given.get("armed_career_criminal"):
        told = ", ".join(str(month(at)) for at in sorted(tiers) if at)
        yield (
            f"21 U.S.C. 841(b), 960(b): {month(least)} months is no minimum of this quantity "
            f"({f'it can carry {told}' if told else 'it carries none'}); right where another count carries "
            "it, else correct the minimum or the quantity"
        )


def _unstated_minimum(read: Read, answer: dict[str, Any]) -> Iterator[str]:
    """What in the record speaks for a statutory minimum that it does not state."""
    minima = doubtful_minima(read)
    least = " or ".join(str(at) for at in minima)
    law, state = "21 U.S.C. 841(b), 960(b)", "State statutory_minimum_months (0 if none was charged)"
    if minima and any(read.quantities()):
        if answer["eligible"] is not False:
            yield (
                f"{law}: this quantity can carry a minimum of {least} months, and the record states none. "
                f"{state} or safety_valve"
            )
    elif minima and answer["eligible"] is None and read.given.get("imposed_term_months") in minima:
        yield (
            f"{law}: the term is exactly {read.given['imposed_term_months']} months, which may be a "
            f"statutory minimum, and the record states none. {state}"
        )
    elif minima and read.base_known and answer["eligible"] is not False:
        yield (
            f"{law}: quantities of this base level can carry a minimum of {least} months, and the record "
            f"states none. {state} or safety_valve"
        )
    if _by_priors(read, answer):
        yield (
            f"21 U.S.C. 851: the term lies above the range and is exactly "
            f"{month(read.given['imposed_term_months'])} months, which a minimum by prior convictions, or "
            f"after a death, would explain. {state}"
        )


def _by_priors(read: Read, answer: dict[str, Any]) -> bool:
    """Whether a minimum by prior convictions is asked for."""
    asked = "statutory_minimum_months" not in read.given and answer["eligible"] is None
    return asked and bool(minima_by_priors(read))
