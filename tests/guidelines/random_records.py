"""Complete records at random: facts as a court would have found them, edges more often than not."""

from __future__ import annotations

from random import Random
from typing import Any

DRUGS = [
    "Heroin",
    "Cocaine",
    "Cocaine Base",
    "Methamphetamine",
    "Methamphetamine (actual)",
    "Ice",
    "Marihuana",
    "LSD",
    "PCP",
    "Fentanyl",
    "Fentanyl Analogue",
    "Hashish",
    "Schedule III substances",
    "Schedule IV substances",
    "Schedule V substances",
    "Flunitrazepam",
]
COUNTED = {"Schedule III substances", "Schedule IV substances", "Schedule V substances", "Flunitrazepam"}
QUANTITIES = [
    0,
    0.05,
    0.4,
    0.5,
    1,
    2,
    2.8,
    4.99,
    5,
    10,
    22.4,
    25,
    28,
    50,
    100,
    112,
    196,
    250,
    280,
    499.9,
    500,
    840,
    1000,
    1500,
    2500,
    2800,
    5000,
    8400,
    10_000,
    15_000,
    25_200,
    30_000,
    45_000,
    60_000,
    90_000,
    150_000,
    450_000,
    1_000_000,
]
AMENDMENTS = [*([[782]] * 11), ["821A"], ["821B"], [782, "821A"], [782, "821A", "821B"], [794]]
FORWARD = ["2014-11-01", "2015-11-01", "2018-11-01", "2023-11-01", "2024-11-01", "2025-12-01"]
EDITIONS = ["2006-11-01", "2007-11-01", "2008-05-01", "2009-11-01", "2010-11-01", "2012-11-01", "2013-11-01"]
ADJUSTMENTS = [("2D1.1(b)(1)", 2), ("3B1.1(a)", 4), ("3C1.1", 2), ("3B1.4", 2), ("3B1.3", 2)]
EARLY = [
    "1987-11-01", "1988-06-01", "1989-11-01", "1990-11-01", "1991-11-01", "1992-11-01", "1993-11-01",
    "1994-11-01", "1995-11-01", "1997-11-01", "2000-11-01", "2000-12-16", "2001-05-01", "2001-11-01",
    "2002-11-01", "2003-11-01", "2004-11-01", "2005-11-01", "2006-03-27",
]  # fmt: skip
EARLY_AMENDMENTS = [  # Manuals they may be put into: first, first no more
    ("1987-11-01", "1989-11-01", [126]),
    ("1987-11-01", "1989-11-01", [130]),
    ("1987-11-01", "1989-11-01", [126, 130]),
    ("1992-11-01", "1993-11-01", [499]),
    ("1989-11-01", "1994-11-01", [505]),
    ("1989-11-01", "1995-11-01", [516]),
    ("1989-11-01", "1994-11-01", [505, 516]),
    ("1987-11-01", "2007-11-01", [706]),
    ("1987-11-01", "2007-11-01", [750]),
    ("1987-11-01", "2007-11-01", [706, 750]),
    ("1987-11-01", "2007-11-01", [782]),
    ("1987-11-01", "2007-11-01", [750, 782]),
]
SINGLE = {126: ["3-Methylfentanyl", "Alpha-Methylfentanyl", "Fentanyl"], 130: ["Glutethimide"],
          499: ["Phenylcyclohexamine (PCE)"]}  # fmt: skip
"""Drugs whose one conversion an amendment lowered."""
SCHEDULES = ("Schedule I or II Depressants", *sorted(COUNTED - {"Flunitrazepam"}))
SINCE = {
    "Methamphetamine": "1989",
    "Methamphetamine (actual)": "1989",
    "Ice": "1991",
    "Flunitrazepam": "1997",
}
STATED = {"substantial_assistance": False, "statutory_minimum_months": 0, "safety_valve": False}
CATEGORIES = ["I", "II", "III", "IV", "V", "VI"]


def record(random: Random, manual_edition: str | None = None) -> dict[str, Any]:
    """One complete record, under any Manual or a given one."""

    def sometimes(share: float) -> bool:
        return random.random() < share

    on = random.choice(EDITIONS) if sometimes(0.4) else "2013-11-01"
    amendments = random.choice(AMENDMENTS)
    if on < "2010-11-01" and sometimes(0.5):
        amendments = random.choice([[750], [750, 782], [706]]) if on < "2007-11-01" else [750]
    if sometimes(0.2):
        on, amendments = random.choice(FORWARD), random.choice(AMENDMENTS)
    on = manual_edition or on
    case: dict[str, Any] = {"manual_edition": on, "amendments": amendments}
    source = random.random()
    if source < 0.55:
        case["drugs"] = [_quantity({"drug": random.choice(DRUGS)}, random)]
    elif source < 0.75:
        # A fentanyl analogue has rows of its own, but no conversion rate in these editions.
        mixed = [name for name in DRUGS if name != "Fentanyl Analogue"]
        drugs = [{"drug": random.choice(mixed)} for _ in range(random.randint(2, 4))]
        case["drugs"] = [_quantity(drug, random) for drug in drugs]
    elif source < 0.95:
        case["base_offense_level"] = random.choice([12, 14, 20, 22, 24, 26, 28, 30, 31, 32, 33, 34, 36, 38])
        if sometimes(0.3) or on < "2010-11-01" or case["base_offense_level"] == 12:
            # Else the desk goes through the drugs that fall by more than others.
            case["drugs"] = [
                {"drug": random.choice(["Heroin", "Cocaine Base", "Schedule III substances", "Marihuana"])}
            ]
    else:
        case["base_offense_level"] = random.choice([26, 38, 43])
        case["drug_quantity_based"] = False
    _mixtures(case, random)
    if sometimes(0.1) and not any("purity" in one for one in case.get("drugs", [])):
        case["quantity_is_minimum"] = True
    if sometimes(0.3):
        case["mitigating_role"] = random.choice([-2, -3, -4])
    elif on >= "2025-11-01" and sometimes(0.5):
        case["low_level_function"] = random.choice(["lowest", "other"])
    _guideline(case, random)
    case["acceptance"] = random.choice([0, -2, -3, -3])
    if sometimes(0.5):
        found = random.sample(ADJUSTMENTS, random.randint(1, 3))
        case["adjustments"] = [{"section": section, "levels": levels} for section, levels in found]
    if sometimes(0.1):
        case["other_group_level"] = random.randint(18, 40)
    if sometimes(0.12):
        case["career_offender"] = True
        if sometimes(0.4):
            case["firearm_term_months"] = random.choice([60, 84, 120, 300])
    elif sometimes(0.05):
        case["armed_career_criminal"] = True
        case["override_offense_level"] = random.choice([33, 34])
    _history(case, random)
    _statute(case, random)
    case["imposed_term_months"] = (
        "life" if sometimes(0.03) else random.choice([random.randint(1, 400), 60, 120, 121, 151, 240])
    )
    if sometimes(0.2):
        case["time_served_months"] = random.choice([random.randint(0, 200), random.randint(0, 4000) / 20])
    if sometimes(0.4):
        early, late = (
            ["2014-10-31", "2014-11-01", "2015-10-31"],
            ["2015-11-01", "2018-06-03", "2018-06-04", "2024-02-01"],
        )
        case["order_effective_on"] = random.choice(early if sometimes(0.2) else late)
    if sometimes(0.03):
        case["serving_original_term"] = False
    if sometimes(0.03):
        case["manual_already_amended"] = True
    if sometimes(0.04):
        case["total_offense_level"] = random.randint(1, 50)
    if sometimes(0.4):
        case["rules"] = _rules(random)
    _leave_nothing_open(case, random)
    return case


def _leave_nothing_open(case: dict[str, Any], random: Random) -> None:
    """State what a silence would leave open."""
    for name, ordinary in STATED.items():
        case.setdefault(name, ordinary)
    case.setdefault("adjustments", [])
    imposed = case["imposed_term_months"]
    minimum = case["statutory_minimum_months"]
    below = imposed != "life" and (minimum == "life" or imposed < minimum)
    if case["substantial_assistance"] and minimum and not below:
        case.setdefault("below_minimum_authority", random.random() < 0.5)
    if case.get("career_offender"):
        case.setdefault("statutory_maximum_months", "life")


def _mixtures(case: dict[str, Any], random: Random) -> None:
    """A purity, or a drug of which the defendant was acquitted."""
    drugs = [one for one in case.get("drugs", []) if "quantity" in one]
    if len(drugs) == 1 and random.random() < 0.2:
        drugs[0].update(drug=random.choice(["Methamphetamine", "PCP", "Heroin"]))
        if drugs[0]["unit"] != "units":
            drugs[0]["purity"] = random.choice(
                [0.05, 0.1, 0.101, 0.3, 0.8, 1, round(random.random(), 3) or 1]
            )
        else:
            drugs[0].update(unit="g", purity=0.5)
    elif len(drugs) > 1 and random.random() < 0.2:
        drugs[0]["acquitted"] = True


def _guideline(case: dict[str, Any], random: Random) -> None:
    """Now and then a guideline that refers to §2D1.1."""
    kind = random.random()
    if kind < 0.05:
        case["protected_location"] = True
        case["under_18_involved"] = random.random() < 0.4
    elif kind < 0.08 and not case.get("mitigating_role") and "low_level_function" not in case:
        case["premises_only"] = True
    elif kind < 0.11:
        case["cross_reference_level"] = random.choice([12, 26, 38, 43])


def _quantity(drug: dict[str, Any], random: Random) -> dict[str, Any]:
    amount = (
        random.choice(QUANTITIES)
        if random.random() < 0.7
        else round(random.uniform(0, 3000), random.randint(0, 3))
    )
    if drug["drug"] in COUNTED:
        return {**drug, "quantity": amount * random.choice([1, 10, 100]), "unit": "units"}
    unit = random.choice(["g", "g", "kg", "mg"])
    return {
        **drug,
        "quantity": {"g": amount, "kg": round(amount / 1000, 9), "mg": amount * 1000}[unit],
        "unit": unit,
    }


def _history(case: dict[str, Any], random: Random) -> None:
    needs_points = any(str(number).startswith("821") for number in case["amendments"])
    if needs_points or random.random() < 0.5:
        points = random.choice([0, 0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, random.randint(0, 20)])
        case["criminal_history_points"] = points
        case["status_points"] = random.choice([0, 2]) if points >= 2 else 0
        if case["manual_edition"] >= "2023-11-01":  # one with seven others, or none
            case["status_points"] = random.choice([0, 1]) if points >= 8 else 0
        case["zero_point_offender_excluded"] = random.random() < 0.3
        if random.random() < 0.1:
            case["criminal_history_category"] = random.choice(CATEGORIES)
    else:
        case["criminal_history_category"] = random.choice(CATEGORIES)


def _statute(case: dict[str, Any], random: Random) -> None:
    if random.random() < 0.5:
        case["statutory_minimum_months"] = random.choice([0, 60, 60, 120, 120, 240, "life"])
    least = case.get("statutory_minimum_months", 0)
    if case.get("career_offender") or random.random() < 0.3:
        most = [240, 480, "life"] if least in (0, 60, 120, 240) else ["life"]
        if least == 0:
            most += [12, 48, 60, 120]
        case["statutory_maximum_months"] = random.choice(most)
        if case.get("career_offender") and random.random() < 0.3:
            case["offense_statutory_maximum_months"] = random.choice([12, 60, 240, 480, "life"])
    if random.random() < 0.15:
        case["safety_valve"] = True
    if random.random() < 0.3:
        case["substantial_assistance"] = True
        if random.random() < 0.3:
            case["below_minimum_authority"] = random.random() < 0.5


def _rules(random: Random) -> dict[str, Any]:
    choices = {
        "koons": ["by_date", "always", "never"],
        "rounding": ["nearest", "down", "up"],
        "role_cap": ["recompute", "keep"],
        "lowered_means": ["either_end", "minimum"],
        "quantity_findings": ["allow", "refuse"],
        "life_minimum_months": [None, 470],
    }
    return {
        name: random.choice(choices[name]) for name in random.sample(sorted(choices), random.randint(1, 3))
    }


def early_record(random: Random) -> dict[str, Any]:
    """One complete record under a Manual of 1987 to 2006; half of those that can have Amendment 505."""

    def sometimes(share: float) -> bool:
        return random.random() < share

    on = random.choice(EARLY)
    fitting = [numbers for first, last, numbers in EARLY_AMENDMENTS if first <= on < last]
    case: dict[str, Any] = {"manual_edition": on, "amendments": random.choice([[], *fitting])}
    # Not every schedule converts as a whole before Amendment 517, nor pure methamphetamine in 1989.
    mixed = [name for name in DRUGS if name != "Fentanyl Analogue" and (name not in COUNTED or on >= "1997")]
    names = [name for name in (*DRUGS, *SCHEDULES[:1]) if on >= SINCE.get(name, "")]
    single = [name for number in case["amendments"] for name in SINGLE.get(number, ())]
    if single and sometimes(0.7):
        several = [{"drug": random.choice([*single, "Heroin"])} for _ in range(random.randint(1, 2))]
        case["drugs"] = [_quantity(drug, random) for drug in several]
    elif sometimes(0.25):
        mixed = [
            name for name in mixed if on >= {**SINCE, "Methamphetamine (actual)": "1990-11-01"}.get(name, "")
        ]
        several = [{"drug": random.choice(mixed)} for _ in range(random.randint(2, 4))]
        case["drugs"] = [_early_quantity(drug, on, random) for drug in several]
    elif sometimes(0.1) and on < "1995-11-01":
        case["drugs"] = [_early_quantity({"drug": name}, on, random) for name in SCHEDULES[:2]]
    elif sometimes(0.15):
        plants = random.choice([1, 20, 49, 50, 51, 99, 100, 400, 999, 1000, 5000])
        case["drugs"] = [{"drug": "Marihuana plants", "quantity": plants, "unit": "plants"}]
        if sometimes(0.3) and on >= "1989-11-01":
            case["drugs"].append(_early_quantity({"drug": "Marihuana"}, on, random))
    elif sometimes(0.75):
        case["drugs"] = [_early_quantity({"drug": random.choice(names)}, on, random)]
    else:
        case["base_offense_level"] = random.choice([12, 20, 26, 32, 36])
        case["drugs"] = [{"drug": random.choice(["Heroin", "Cocaine", "Cocaine Base", "Marihuana"])}]
        if {*case["amendments"]} & {*SINGLE, 516}:
            case["amendments"] = []  # conversions: without the drugs they say nothing
    case["acceptance"] = random.choice([0, -2, -3] if on >= "1992-11-01" else [0, -2])
    if sometimes(0.5):
        found = random.sample(ADJUSTMENTS[:3], random.randint(1, 3))
        case["adjustments"] = [{"section": section, "levels": levels} for section, levels in found]
    if sometimes(0.25):
        case["mitigating_role"] = random.choice([-2, -3, -4])
    if sometimes(0.1):
        case["other_group_level"] = random.randint(18, 40)
    if sometimes(0.12):
        case["career_offender"] = True
    case["criminal_history_category"] = random.choice(CATEGORIES)
    _statute(case, random)
    case.pop("offense_statutory_maximum_months", None)
    if on < "1994-11-01":
        case["safety_valve"] = False
    case["imposed_term_months"] = random.choice([random.randint(1, 400), 60, 120, 121, 151, 292])
    case["order_effective_on"] = random.choice(
        ["2008-03-03", "2010-05-01", "2012-01-01", "2014-11-01", "2019-01-01"]
    )
    _leave_nothing_open(case, random)
    return case


def _early_quantity(drug: dict[str, Any], on: str, random: Random) -> dict[str, Any]:
    """A quantity in the unit of the day: schedules III to V were weighed until Amendment 517."""
    name = drug["drug"]
    if name in SCHEDULES:
        amount = random.choice(QUANTITIES) * random.choice([1, 10, 100])
        return {**drug, "quantity": amount, "unit": "units" if on >= "1995-11-01" else "g"}
    return _quantity(drug, random)
