"""A second, simple way to the answer: one person, plain Python, the table files read afresh.

Written from the rules R1-R17 of the policy statement and the tables, without the package's rules. Slow and
wordy on purpose; where it and the package disagree, one of them has misread the law.
"""

from __future__ import annotations

import csv
import math
from bisect import bisect_right
from fractions import Fraction
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import Any

LAW = Path(__file__).resolve().parents[2] / "tables" / "law"
LIFE = 9996
CATEGORIES = ["", "I", "II", "III", "IV", "V", "VI"]
CRACK = "Cocaine Base"
GRAMS = {
    "mg": Fraction(1, 1000),
    "g": Fraction(1),
    "kg": Fraction(1000),
    "units": Fraction(1),
    "plants": Fraction(1),
}
BY_DRUG = {"782": "2014-11-01", "706": "2007-11-01", "750": "2010-11-01"}  # edition that has its quantities
IN_FORCE = {
    "126": "1989-11-01",
    "130": "1989-11-01",
    "499": "1993-11-01",
    "505": "1994-11-01",
    "516": "1995-11-01",
    "706": "2007-11-01",
    "750": "2011-11-01",
    "782": "2014-11-01",
    "821A": "2023-11-01",
    "821B": "2023-11-01",
}
LISTED = {
    "126": "1989-11-01",
    "130": "1989-11-01",
    "499": "1993-11-01",
    "505": "1995-11-01",
    "516": "1995-11-01",
    "706": "2008-03-03",
    "750": "2011-11-01",
    "782": "2014-11-01",
    "821A": "2023-11-01",
    "821B": "2023-11-01",
}
EFFECTIVE = {
    "126": "1989-11-01",
    "130": "1989-11-01",
    "499": "1993-11-01",
    "505": "1995-11-01",
    "516": "1995-11-01",
    "706": "2008-03-03",
    "750": "2011-11-01",
    "782": "2015-11-01",
    "821A": "2024-02-01",
    "821B": "2024-02-01",
}
ONTO_505 = {"706", "750", "782"}  # written for rows that 505 had cut off
RATES = {  # amendments of single conversions: the lines, and the edition that has the new rates
    "126": (("3-Methylfentanyl", "Alpha-Methylfentanyl", "Fentanyl"), "1989-11-01"),
    "130": (("Glutethimide", "Hydrocodone Cough Syrup", "Paregoric"), "1989-11-01"),
    "499": (("Phenylcyclohexamine (PCE)",), "1993-11-01"),
}
RENAMED = {"Phenylcyclohexamine (PCE)": "N-ethyl-1-phenylcyclohexylamine (PCE)"}  # by 499
CAPS_782 = {"59990": "79990", "4990": "9990", "999": "2490", "999990": "2999990"}  # grams; Amendment 782
FIRST_TABLE_UNTIL, FIRST_TOP = "1989-11-01", 36
CAP_505 = 38  # Amendment 505 struck the rows of 40 and 42
PLANTS = "Marihuana plants"
ONE_RATE = "1995-11-01"  # Amendment 516: until then a plant counted a kilogram from fifty on
VALVE_FLOOR_FROM = "2001-11-01"  # Amendment 624
CAREER_ACCEPTANCE_FROM = "1989-11-01"  # Amendment 266
ONE_LINE_UNTIL = "1995-11-01"  # Amendment 517 parted depressants and schedule III
LOW_LEVEL_FROM, ACQUITTED_OUT = "2025-11-01", "2024-11-01"  # Amendments 833 and 826
PURE = {"Methamphetamine": "Methamphetamine (actual)", "PCP": "PCP (actual)"}
FIREARM_TABLE = {0: (360, LIFE), -2: (292, 365), -3: (262, 327)}  # Amendment 642
ASSISTANCE_NEEDED, LIFTS_MINIMUM, KOONS = "2011-11-01", "2014-11-01", "2018-06-04"


@cache
def rows(table: str, on: str) -> tuple[dict[str, str], ...]:
    begins = sorted(path.stem for path in (LAW / table).glob("*.csv") if path.stem <= on)
    if not begins:
        return ()
    lines = (LAW / table / f"{begins[-1]}.csv").read_text(encoding="utf-8").splitlines()
    return tuple(csv.DictReader([line for line in lines if not line.startswith("#")]))


@cache
def ladder(drug: str, on: str) -> tuple[tuple[Fraction, int], ...]:
    found = [
        (Fraction(r["at_least"]), int(r["base_offense_level"]))
        for r in rows("drug_quantity", on)
        if r["drug"] == drug
    ]
    return tuple(sorted(found))


def ladder_with(drug: str, on: str, amendments: tuple[str, ...]) -> tuple[tuple[Fraction, int], ...]:
    """The drug's rows with the amendments in them; older cocaine base is first brought up to date."""
    steps = ladder(drug, on)
    if "505" in amendments and on < IN_FORCE["505"]:
        steps = tuple(step for step in steps if step[1] <= CAP_505)
    for number in amendments:
        if number not in BY_DRUG or (number in ("706", "750") and drug != CRACK) or IN_FORCE[number] <= on:
            continue
        if number == "782" and drug != CRACK and steps != ladder_up_to(drug, "2010-11-01", on):
            continue
        steps = ladder_up_to(drug, BY_DRUG[number], on) if steps else steps
    return steps


def ladder_up_to(drug: str, edition: str, on: str) -> tuple[tuple[Fraction, int], ...]:
    """The rows of an edition that have their like in the Manual of a day: the first ended at level 36."""
    most = FIRST_TOP if on < FIRST_TABLE_UNTIL else 99
    return tuple(step for step in ladder(drug, edition) if step[1] <= most)


def unlike_2010(case: dict[str, Any]) -> bool:
    """Whether a drug of the record had other rows than those Amendment 782 lowered."""
    named = {one["drug"] for one in case.get("drugs", [])}
    pure = {PURE[one["drug"]] for one in case.get("drugs", []) if "purity" in one and one["drug"] in PURE}
    on = case["manual_edition"]
    return any(
        ladder_with(drug, on, ("505",)) != ladder_up_to(drug, "2010-11-01", on)
        for drug in {*named, *pure} - {CRACK}
    )


def falls(drug: str, on: str, amendments: tuple[str, ...]) -> bool:
    """Whether the amendments lower any quantity of the drug."""
    old, new = ladder(drug, on), ladder_with(drug, on, amendments)
    return any(level_on(new, at) < level_on(old, at) for at, _ in (*old, *new))


def level_on(steps: tuple[tuple[Fraction, int], ...], quantity: Fraction) -> int:
    return steps[bisect_right(steps, quantity, key=itemgetter(0)) - 1][1]


def capped(row: int, role: int, on: str) -> int:
    """§2D1.1(a)(5)."""
    if not role:
        return row
    level = row
    for rule in rows("mitigating_role_cap", on):
        if rule["rule"] == "reduction" and int(rule["base_offense_level"]) == row:
            level = row + int(rule["value"])
    for rule in rows("mitigating_role_cap", on):
        if rule["rule"] == "ceiling" and row >= int(rule["base_offense_level"]):
            level = min(level, int(rule["value"]))  # Amendment 833: above 34 it becomes 32
    for rule in rows("mitigating_role_cap", on):
        if rule["rule"] == "ceiling_after_reduction" and role == int(rule["mitigating_role"]):
            level = min(level, int(rule["value"]))
    return level


def several(drugs: dict[str, Fraction], on: str, amendments: tuple[str, ...]) -> int:
    """Several drugs: converted, capped from the inside out, not below a least level."""
    with_782 = "782" in amendments and on < IN_FORCE["782"]
    if with_782 or ("750" in amendments and on < "2011-11-01"):
        crack_on = "2010-11-01"
    else:
        crack_on = max(on, "2007-11-01") if "706" in amendments else on
    limits = rows("drug_equivalency_limits", on)
    if with_782:
        limits = tuple({**r, "value": CAPS_782.get(r["value"], r["value"])} for r in limits)
    crack_rule = (
        {}
        if crack_on == "2010-11-01"
        else {r["limit"]: Fraction(r["value"]) for r in limits if r["groups"] == CRACK}
    )
    limits = [r for r in limits if r["groups"] != CRACK]

    def rate(drug: str, alone: int) -> tuple[Fraction, str]:
        changed = [
            since for number, (lines, since) in RATES.items() if number in amendments and drug in lines
        ]
        if changed and on < changed[0]:
            grams, _ = next(
                (Fraction(r["grams_per_unit"]), r["group"])
                for r in rows("drug_equivalency", changed[0])
                if RENAMED.get(drug, drug) in (r["quantity_drug"], r["drug"])
            )
            return grams, rate_of(drug, alone)[1]
        return rate_of(drug, alone)

    def rate_of(drug: str, alone: int) -> tuple[Fraction, str]:
        for r in rows("drug_equivalency", crack_on if drug == CRACK else on):
            if drug in (r["quantity_drug"], r["drug"]) and r["only_at_base_level"] in ("", str(alone)):
                return Fraction(r["grams_per_unit"]), r["group"]
        raise KeyError(drug)

    def level(which: dict[str, Fraction]) -> int:
        weights: dict[str, Fraction] = {}
        least = 0
        for drug, quantity in which.items():
            alone = level_on(ladder_with(drug, on, amendments), quantity) if drug == CRACK else 0
            grams, group = rate(drug, alone)
            weights[group] = weights.get(group, Fraction(0)) + grams * quantity
            for r in limits:
                if r["limit"] == "base_offense_level_at_least" and group in r["groups"].split("; "):
                    least = max(least, int(r["value"]))
        caps = [
            (r["groups"].split("; "), Fraction(r["value"]))
            for r in limits
            if r["limit"] == "combined_weight_grams_at_most"
        ]
        for groups, most in sorted(caps, key=lambda cap: len(cap[0])):
            inside = sum((weights.pop(g, Fraction(0)) for g in groups), Fraction(0))
            weights[groups[-1]] = min(inside, most)
        total = sum(weights.values(), Fraction(0))
        return max(level_on(ladder_with("Marihuana", on, amendments), total), least)

    whole = level(drugs)
    if crack_rule and CRACK in drugs and len(drugs) > 1:
        base = drugs[CRACK]
        if (
            crack_rule["cocaine_base_exception_grams_less_than"]
            <= base
            < crack_rule["cocaine_base_exception_grams_at_least"]
        ):
            others = level({d: q for d, q in drugs.items() if d != CRACK})
            return max(whole + int(crack_rule["cocaine_base_combination_levels"]), min(others, whole))
    return whole


def drugs_found(case: dict[str, Any], on: str, amendments: tuple[str, ...]) -> dict[str, Fraction]:
    """Each drug with its quantity; plants as marihuana, at the rate of the day or of Amendment 516."""
    drugs: dict[str, Fraction] = {}
    for one in case.get("drugs", []):
        if one.get("acquitted") and on >= ACQUITTED_OUT:
            continue
        if one.get("quantity") is not None:
            amount = Fraction(str(one["quantity"])) * GRAMS[one["unit"]]
            drugs[one["drug"]] = drugs.get(one["drug"], Fraction(0)) + amount
    drugs = {name: amount for name, amount in drugs.items() if amount} or drugs  # none of it is no mixture
    if PLANTS in drugs and not ladder(PLANTS, on):
        plants = drugs.pop(PLANTS)
        each = 1000 if on < ONE_RATE and plants >= 50 and "516" not in amendments else 100
        drugs["Marihuana"] = drugs.get("Marihuana", Fraction(0)) + plants * each
    one_line = "Schedule I or II Depressants", "Schedule III substances"
    if on < ONE_LINE_UNTIL and set(drugs) == set(one_line):
        drugs = {one_line[0]: sum(drugs.values(), Fraction(0))}
    return drugs


def by_plants(case: dict[str, Any], on: str, amendments: tuple[str, ...]) -> dict[str, Any]:
    """Amendment 516: the same plants weigh less, and nothing else moves."""
    role = role_of(case, on)
    row, new_row = (
        level_on(ladder("Marihuana", on), found["Marihuana"]) if len(found) == 1 else several(found, on, ())
        for found in (drugs_found(case, on, ()), drugs_found(case, on, amendments))
    )
    levels = [at for _, at in ladder("Marihuana", on)]
    return {
        "row": row, "base": capped(row, role, on), "new_row": new_row, "new_base": capped(new_row, role, on),
        "top": max(levels), "bottom": min(levels),
    }  # fmt: skip


def base_levels(
    case: dict[str, Any], on: str, amendments: tuple[str, ...], rules: dict[str, Any]
) -> dict[str, Any]:
    """Row and base level before and after; whether the row after is open; whether the record fits itself."""
    role = role_of(case, on)
    found = case.get("base_offense_level")
    if not case.get("drug_quantity_based", True):
        return {"row": found, "base": found, "new_row": found, "new_base": found}
    if (here := drugs_found(case, on, amendments)) and here != drugs_found(case, on, ()):
        return by_plants(case, on, amendments)
    drugs = drugs_found(case, on, ())
    purity = next((one.get("purity") for one in case.get("drugs", []) if "quantity" in one), None)
    if drugs:
        if len(drugs) == 1 and ladder(next(iter(drugs)), on):
            ((drug, quantity),) = drugs.items()
            old, new = ladder(drug, on), ladder_with(drug, on, amendments)
            row, new_row = level_on(old, quantity), level_on(new, quantity)
            if purity is not None and drug in PURE:  # Note (B): whichever of the two gives more
                itself = quantity * Fraction(str(purity))
                row = max(row, level_on(ladder(PURE[drug], on), itself))
                new_row = max(new_row, level_on(ladder_with(PURE[drug], on, amendments), itself))
            end = next((at for at, _ in old if at > quantity), None)
            inside = [at for at, _ in new if at > quantity and (end is None or at < end)]
            open_row = any(level_on(new, at) != new_row for at in inside)
            ends = {"top": old[-1][1], "bottom": old[0][1]}
        else:
            row, new_row = several(drugs, on, ()), several(drugs, on, amendments)
            levels = [int(r["base_offense_level"]) for r in rows("drug_quantity", on)]
            ends = {"top": max(levels), "bottom": min(levels)}
            open_row = row == ends["top"]
        base = capped(row, role, on)
        new_base = capped(new_row, role, on) if rules["role_cap"] == "recompute" else base + new_row - row
        return {
            "row": row, "base": base, "new_row": new_row, "new_base": new_base, **ends,
            "open": open_row and case.get("quantity_is_minimum", False),
            "inconsistent": found is not None and found != base,
        }  # fmt: skip
    named = [one["drug"] for one in case.get("drugs", [])]
    if (
        not named
        and not role
        and not any(
            capped(int(r["base_offense_level"]), size, on) == found
            for r in rows("drug_quantity", on)
            for size in (0, -2, -3, -4)
        )
    ):
        return base_levels({**case, "drug_quantity_based": False}, on, amendments, rules)
    return by_level_found(tuple(named), found, role, on, amendments, rules["role_cap"])


@cache
def by_level_found(
    named: tuple[str, ...], found: int, role: int, on: str, amendments: tuple[str, ...], role_cap: str
) -> dict[str, Any]:
    """Every row of the table that may lie behind a level found, and where the amendment takes it."""
    table = rows("drug_quantity", on)
    top = max(int(r["base_offense_level"]) for r in table)
    known = sorted({r["drug"] for r in table})
    moved = any(ladder_with(d, on, amendments) != ladder(d, on) for d in known)
    possible = named or tuple(
        d for d in known if ladder(d, on)[-1][1] == top and (not moved or falls(d, on, amendments))
    )
    outcomes = set()
    behind = []
    for drug in possible:
        old, new = ladder(drug, on), ladder_with(drug, on, amendments)
        for at in sorted({at for at, _ in old} | {at for at, _ in new}):
            row, new_row = level_on(old, at), level_on(new, at)
            if capped(row, role, on) == found:
                behind.append(row)
                outcomes.add(
                    (capped(new_row, role, on) if role_cap == "recompute" else found + new_row - row, new_row)
                )
    levels = [int(r["base_offense_level"]) for r in table]
    ends = {"top": max(levels), "bottom": min(levels)}
    if named:
        ends = {"top": ladder(named[0], on)[-1][1], "bottom": ladder(named[0], on)[0][1]}
    if not outcomes:
        return {
            "row": found,
            "base": found,
            "new_row": found,
            "new_base": found,
            "inconsistent": True,
            **ends,
        }
    new_base, new_row = min(outcomes)
    return {
        "row": max(behind),
        "base": found,
        "new_row": min(row for _, row in outcomes),
        "new_base": new_base,
        "open": len({base for base, _ in outcomes}) > 1,
        **ends,
    }


def group_level(drug_group: int, other: int) -> int:
    """R16, §3D1.4."""
    if not other:
        return drug_group
    high, low = max(drug_group, other), min(drug_group, other)
    apart = high - low
    units = 2.0 if apart <= 4 else 1.5 if apart <= 8 else 1.0
    return high + {2.0: 2, 1.5: 1, 1.0: 0}[units]


def role_of(case: dict[str, Any], on: str) -> int:
    """§3B1.2 as found, or what §2D1.1(e)(2) generally warrants."""
    if "mitigating_role" not in case and on >= LOW_LEVEL_FROM and "low_level_function" in case:
        return {"lowest": -4, "other": -2}[case["low_level_function"]]
    return case.get("mitigating_role", 0)


def chapter_two(case: dict[str, Any], level: int) -> int:
    """§2D1.2(a), §2D1.8(a)(2) and §2D1.1(d) on the level of §2D1.1."""
    if case.get("protected_location"):
        level = max(level + 2, 26 if case.get("under_18_involved") else 13)
    if case.get("premises_only"):
        level = min(level - 4, 26)
    return max(level, case.get("cross_reference_level", 0))


def with_firearm(case: dict[str, Any], table: tuple[int, int], acceptance: int) -> tuple[int, int]:
    """§4B1.1(c)(2): the range of all counts together."""
    term = case.get("firearm_term_months", 0)
    if not (case.get("career_offender") and term):
        return table
    together = min(table[0] + term, LIFE), min(table[1] + term, LIFE)
    return max(together, FIREARM_TABLE[acceptance], key=lambda pair: pair[0])


def others_of(case: dict[str, Any], table: tuple[int, int]) -> tuple[int, int]:
    """The same without the firearm term, which runs after it."""
    term = case.get("firearm_term_months", 0) if case.get("career_offender") else 0
    return tuple(end if end >= LIFE else end - term for end in table)


def category_by_points(points: int) -> int:
    return [points >= least for least in (0, 2, 4, 7, 10, 13)].count(True)


@cache
def table_range(level: int, category: int, on: str) -> tuple[int, int]:
    for r in rows("sentencing_table", on):
        if r["offense_level"] == str(level) and r["criminal_history_category"] == CATEGORIES[category]:
            return tuple(
                LIFE if r[end] == "life" else int(r[end]) for end in ("minimum_months", "maximum_months")
            )
    raise KeyError((level, category))


def restrict(low: int, high: int, minimum: int, maximum: int) -> tuple[int, int]:
    """R9 and R10, §5G1.1."""
    if maximum < low:
        return maximum, maximum
    if minimum > high:
        return minimum, minimum
    return max(low, minimum), min(high, maximum)


def months(value: Any) -> int:
    return LIFE if value == "life" else value


DEFAULT_RULES = {
    "koons": "by_date",
    "rounding": "nearest",
    "role_cap": "recompute",
    "lowered_means": "either_end",
    "quantity_findings": "allow",
    "life_minimum_months": None,
}


def analyze(case: dict[str, Any]) -> dict[str, Any]:
    """Code, other codes, levels, ranges, floor and comparable term of a complete record."""
    rules = {**DEFAULT_RULES, **case.get("rules", {})}
    asked = tuple(str(number) for number in case.get("amendments", [782]))
    on = case["manual_edition"]
    amendments = ("505", *asked) if ONTO_505 & set(asked) and on < IN_FORCE["505"] else asked
    order = case.get("order_effective_on") or max((EFFECTIVE.get(number, "") for number in asked), default="")
    order = order or "2026-01-01"  # no day is known: the text of today
    get, armed = case.get, bool(case.get("armed_career_criminal"))
    quantity = base_levels(case, on, amendments, rules)

    # Chapters Two to Four, before and after: only the listed provision changes (R3).
    specific = sum(a["levels"] for a in get("adjustments", []) if a["section"].startswith("2"))
    three = sum(a["levels"] for a in get("adjustments", []) if not a["section"].startswith("2"))
    maximum = months(get("statutory_maximum_months", "life"))
    of_one_count = months(get("offense_statutory_maximum_months", 0)) or maximum
    override = get("override_offense_level", 0)
    if get("career_offender") and not override:
        for r in rows("career_offender", on):
            least = r["statutory_maximum_months_at_least"]
            if of_one_count >= (LIFE if least == "life" else int(least)):
                override = max(override, int(r["offense_level"]))
    points, status = get("criminal_history_points"), get("status_points", 0)
    minimum = 0 if get("safety_valve") else months(get("statutory_minimum_months", 0))
    valve_floor = 17 if get("safety_valve") and months(get("statutory_minimum_months", 0)) >= 60 else 0
    valve_floor = valve_floor if on >= VALVE_FLOOR_FROM else 0

    def levels(base: int, after: bool, taken: int | None) -> dict[str, int]:
        adjusted = chapter_two(case, base + specific) + role_of(case, on) + three
        combined = group_level(adjusted, get("other_group_level", 0))
        before_acceptance = max(combined, override)
        acceptance = get("acceptance", 0) if taken is None else taken
        if taken is None and acceptance == -3 and before_acceptance < 16:
            acceptance = -2
        if on < CAREER_ACCEPTANCE_FROM and get("career_offender") and override > combined + acceptance:
            before_acceptance, acceptance = override, 0
        level = max(before_acceptance + acceptance, valve_floor)
        none = (new_points if after else points) == 0  # Part A may leave nobody's points but none
        law = on >= IN_FORCE["821B"] or (after and "821B" in amendments)
        barred = get("zero_point_offender_excluded", True) or get("career_offender") or armed
        if none and not barred and law:
            level -= 2
        return {
            "combined": combined,
            "acceptance": acceptance,
            "uncapped": level,
            "total": min(max(level, 1), 43),
        }

    new_points = points
    if "821A" in amendments and status:
        others = points - status
        new_points = others + (1 if others >= 7 else 0)
    old = levels(quantity["base"], False, None)
    new = levels(quantity["new_base"], True, old["acceptance"])
    if get("career_offender"):
        category = new_category = 6
    elif points is None:
        category = new_category = CATEGORIES.index(case["criminal_history_category"])
    else:
        category = (
            CATEGORIES.index(case["criminal_history_category"])
            if get("criminal_history_category")
            else category_by_points(points)
        )
        new_category = category if new_points == points else category_by_points(new_points)

    if armed and on >= "1990-11-01" and not get("career_offender"):  # §4B1.4(c)(3)
        category, new_category = max(category, 4), max(new_category, 4)

    # Ranges (R4, R5, R9, R10).
    old_table, new_table = (
        with_firearm(case, table_range(side["total"], column, on), side["acceptance"])
        for side, column in ((old, category), (new, new_category))
    )
    imposed = months(case["imposed_term_months"])
    assisted = get("substantial_assistance", False)
    authority = assisted and get("below_minimum_authority", imposed < minimum)
    lifted = authority and minimum > 0 and order >= LIFTS_MINIMUM
    old_range = restrict(*others_of(case, old_table), minimum, maximum)
    new_range = restrict(*others_of(case, new_table), 0 if lifted else minimum, maximum)

    def lowered(was: tuple[int, int], becomes: tuple[int, int]) -> bool:
        return becomes[0] < was[0] or (rules["lowered_means"] == "either_end" and becomes[1] < was[1])

    # The floor (R11, R12), the court's lack of power below a minimum, time served (R13).
    floor: int = new_range[0]
    comparable = None
    start = old_range[0]
    if start >= LIFE and rules["life_minimum_months"]:
        start = rules["life_minimum_months"]
    if imposed < old_range[0] and (assisted or order < ASSISTANCE_NEEDED) and start < LIFE:
        comparable = Fraction(new_range[0]) * imposed / start
        rounded = {
            "nearest": math.floor(comparable + Fraction(1, 2)),
            "down": math.floor(comparable),
            "up": math.ceil(comparable),
        }
        floor = min(rounded[rules["rounding"]], new_range[0])
    bound = 0 if authority else min(minimum, maximum)
    floor = max(floor, bound)
    by_statute = bound > 0 and floor == bound and new_table[0] < bound
    served = math.ceil(get("time_served_months", 0))

    table_lowered = lowered(old_table, new_table)
    moved = any(number in (*BY_DRUG, "505") and IN_FORCE[number] > on for number in amendments)
    based = get("drug_quantity_based", True)
    same_row = moved and based and quantity["row"] == quantity["new_row"]
    governs = override > 0 and override >= old["combined"]  # R7: governed at first, so nothing changes
    if get("career_offender") and points is not None and new_points < points:
        governs = True
    recorded = get("total_offense_level")
    reasons = {
        "not_drug_quantity_based": moved and not based,
        "quantity_above_top_threshold": same_row and quantity["row"] == quantity["top"],
        "minimum_base_level": same_row and quantity["row"] == quantity["bottom"],
        "career_offender": governs and not armed,
        "armed_career_criminal": governs and armed,
        "role_cap_offsets": quantity["new_row"] < quantity["row"]
        and quantity["new_base"] == quantity["base"],
        "level_cap_43": new["uncapped"] < old["uncapped"] and new["uncapped"] >= 43,
        "other_group_controls": get("other_group_level", 0) > 0
        and quantity["new_base"] < quantity["base"]
        and new["combined"] >= old["combined"],
    }
    true = {
        "not_serving_original_term": not get("serving_original_term", True),
        "amendment_not_listed": any(order < LISTED.get(number, "9999") for number in asked),
        "order_effective_too_early": any(order < EFFECTIVE.get(number, "") for number in asked),
        "amendment_already_applied": get("manual_already_amended", False)
        or all(IN_FORCE.get(n, "9999") <= on for n in asked),
        "record_inconsistent": quantity.get("inconsistent", False)
        or (recorded is not None and recorded not in (old["total"], old["uncapped"]))
        or (
            points is not None
            and not get("career_offender")
            and not armed
            and category != category_by_points(points)
        ),
        **{name: not table_lowered and holds for name, holds in reasons.items()},
        "range_not_lowered": not table_lowered and not any(reasons.values()),
        "mandatory_minimum_controls": table_lowered
        and not lowered(old_range, new_range)
        and minimum > 0
        and not lifted
        and new_range[0] == minimum
        and new_table[0] < minimum,
        "statutory_maximum_controls": table_lowered
        and not lowered(old_range, new_range)
        and new_range[1] == maximum
        and new_table[1] > maximum,
        "not_based_on_lowered_range": table_lowered
        and lifted
        and old_table[1] < minimum
        and (rules["koons"] == "always" or (rules["koons"] == "by_date" and order >= KOONS)),
        "already_at_statutory_minimum": by_statute and floor >= imposed,
        "already_at_or_below_amended_minimum": not by_statute and floor >= imposed,
        "time_served_exceeds": served >= imposed,
    }
    codes = [name for name, holds in true.items() if holds]
    uncertain = quantity.get("open", False)
    if rules["quantity_findings"] == "refuse" and get("quantity_is_minimum"):
        uncertain = False
    if codes:
        code = codes.pop(0)
    elif uncertain:
        code = "needs_quantity_finding"
    else:
        code = "eligible" if comparable is None or not assisted else "eligible_substantial_assistance"
    return {
        "code": code,
        "others": codes,
        "original": (quantity["base"], old["total"], CATEGORIES[category], old_table, old_range),
        "amended": (quantity["new_base"], new["total"], CATEGORIES[new_category], new_table, new_range),
        "floor": max(floor, served),
        "comparable": comparable,
    }
