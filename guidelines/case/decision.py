"""The decision of an answer in a sentence, for each code of the closed list."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

SENTENCES: Mapping[str, str] = {
    "eligible": (
        "Eligible. The applicable range was lowered from {was} to {becomes} months, so the court may "
        "reduce the term of {imposed}, but not below {floor} months (§1B1.10(b)(2)(A), (C))."
    ),
    "eligible_substantial_assistance": (
        "Eligible. The range was lowered from {was} to {becomes} months, and the term of {imposed} was"
        " below the range on the government's motion, so the court may go down to the comparable term"
        "{comparable} (§1B1.10(b)(2)(B))."
    ),
    "not_serving_original_term": (
        "Not eligible: on the day of the order the original term is no longer being served (18 U.S.C. "
        "3582(c)(2); §1B1.10 n.7(A) of 2016)."
    ),
    "amendment_not_listed": "Not eligible: §1B1.10(d) does not list the amendment on the day of the order.",
    "order_effective_too_early": (
        "Not eligible: the order would take effect before the day §1B1.10(e) sets for this amendment."
    ),
    "amendment_already_applied": (
        "Not eligible: the amendment was in force at sentencing, or the court gave it already."
    ),
    "record_inconsistent": ("Cannot be decided: what was recorded is not what the other facts give. {clash}"),
    "not_drug_quantity_based": (
        "Not eligible: the base level did not come from the Drug Quantity Table (§1B1.10(a)(2)(B))."
    ),
    "quantity_above_top_threshold": (
        "Not eligible: the quantity reaches the drug's highest row, before and after (§1B1.10(a)(2)(B))."
    ),
    "minimum_base_level": (
        "Not eligible: the quantity lies in the drug's lowest row, before and after (§1B1.10(a)(2)(B))."
    ),
    "career_offender": "Not eligible: the range came from §4B1.1, which the amendment did not change.",
    "armed_career_criminal": "Not eligible: the range came from §4B1.4, which the amendment did not change.",
    "role_cap_offsets": (
        "Not eligible: the mitigating-role cap of §2D1.1(a)(5) gives back the levels the amendment takes off."
    ),
    "level_cap_43": "Not eligible: the level stays at 43 or more, which counts as 43 (Ch.5 Pt.A n.2).",
    "other_group_controls": "Not eligible: another group of counts sets the level (§3D1.4).",
    "range_not_lowered": "Not eligible: the range is the same before and after (§1B1.10(a)(2)(B)).",
    "mandatory_minimum_controls": (
        "Not eligible: the statutory minimum sets the range, before and after (§5G1.1; §1B1.10 n.1(A))."
    ),
    "statutory_maximum_controls": (
        "Not eligible: the statutory maximum sets the range, before and after (§5G1.1(a))."
    ),
    "not_based_on_lowered_range": (
        "Not eligible: the statutory minimum lay above the whole table range, so the term was not based on "
        "the range that was lowered (Koons v. United States, 2018)."
    ),
    "already_at_statutory_minimum": (
        "Nothing to reduce: the term is at or below {floor}the statutory minimum."
    ),
    "already_at_or_below_amended_minimum": (
        "Nothing to reduce: the term is at or below {floor}the least the court may reach (§1B1.10(b)(2))."
    ),
    "time_served_exceeds": (
        "Nothing to reduce: the time already served reaches the term (§1B1.10(b)(2)(C))."
    ),
    "needs_quantity_finding": (
        "Cannot be decided yet: how much drug the record supports decides whether the base level falls. "
        "The amended column shows the lowest outcome."
    ),
}
NO_LIMIT = (
    "Eligible. The applicable range was lowered from {was} to {becomes} months, so the court may reduce the "
    "term of {imposed}; the amended range points to {floor} months, no limit on the day of the order."
)
"""Before Amendment 712."""
COMPARABLE = (
    "Eligible. The range was lowered from {was} to {becomes} months, and the term of {imposed} was "
    "below the range, so the court may go down to the comparable term{comparable} (§1B1.10(b)(2)(B), as in "
    "force on the day of the order)."
)
"""From 2008 to 2011: no motion was needed."""
LOWERED = "Eligible. The applicable range was lowered whatever the open facts are; how far the court may go:"
NOT_ASKED = "No amendment was asked for: the original analysis alone."
OPEN = "Not decided yet: it depends on {decides}."
TOO_LITTLE = "Not decided yet: too little is known; what it would take is listed under missing facts."


def sentence(answer: Mapping[str, Any]) -> str:
    """The decision of an answer of `guidelines.case.analyze_case` in a sentence.

    Examples
    --------
    >>> sentence({"code": None, "edition": {"amended": None}})
    'No amendment was asked for: the original analysis alone.'
    """
    code = answer["code"]
    if code is None:
        return _undecided(answer) if answer["edition"]["amended"] else NOT_ASKED
    floor, less = answer["floor_months"], answer["reduction_months"]
    branches = answer.get("branches", ())
    if answer["eligible"] and floor is None:
        return f"{LOWERED} " + " ".join(f"{branch(one)}." for one in branches)
    comparable = answer["comparable_term_months"]
    form = SENTENCES[code]
    if code == "eligible":
        limit = answer.get("floor_is_limit", True)
        form = COMPARABLE if comparable is not None else form if limit else NO_LIMIT
    if not answer["eligible"]:
        floor = "" if floor is None else f"{floor} months, "
    told = form.format(
        was=_range(answer, "original"),
        becomes=_range(answer, "amended"),
        floor=floor,
        imposed=_term(answer["floor_months"], less),
        comparable=_comparable(comparable, floor),
        clash=" ".join(f"{line[0].upper()}{line[1:]}." for line in answer.get("clashes", ())),
    )
    others = [branch(one) for one in branches if one["floor_months"] != floor]
    if answer["eligible"] and others:
        told += " But: " + " ".join(f"{one}." for one in others)
    told += _in_all(answer)
    return told.replace("life months", "life").strip()


def _term(floor: int | str | None, less: int | None) -> str:
    """The term imposed: floor and reduction together."""
    if not isinstance(floor, int) or less is None:
        return "life"
    return f"{floor + less} months" if less else f"{floor} months and some days"


def _comparable(months_exact: float | None, floor: int | str | None) -> str:
    """The comparable term, and what the court may reach of it."""
    if months_exact is None:
        return f", in whole months {floor}"
    told = f", {months_exact:g} months"
    if isinstance(floor, int) and floor >= months_exact + 1:
        return f"{told}, but not below {floor} months (statutory minimum, time served)"
    return told if months_exact == floor else f"{told}, in whole months {floor}"


def _range(answer: Mapping[str, Any], when: str) -> str:
    """The applicable range; where the open facts move it, how far it may lie."""
    if found := (answer[when] or {}).get("guideline_range_months"):
        return months(found)
    return f"(somewhere within) {months((answer.get('possible_range_months') or {}).get(when))}"


def _in_all(answer: Mapping[str, Any]) -> str:
    """The whole term with the consecutive ones, where there are any."""
    whole = answer.get("total_term_months")
    if not answer["eligible"] or not whole or whole["lowest"] is None or answer["floor_months"] is None:
        return ""
    parts = f"{answer['floor_months']} and {whole['consecutive']} consecutive"
    return f" With the consecutive term {whole['lowest']} months in all ({parts})."


def _undecided(answer: Mapping[str, Any]) -> str:
    """What it hangs on, and each possible answer."""
    decides = answer.get("decides", ())
    if not decides:
        return TOO_LITTLE
    told = OPEN.format(decides=_and([plain(name) for name in decides]))
    branches = [one for one in answer.get("branches", ()) if one["if"] and one["eligible"] is not None]
    if 1 < len(branches) <= MOST_BRANCHES:
        told += " " + " ".join(f"{branch(one)}." for one in branches)
    return told


PLAIN = {
    "below_minimum_authority": "a motion that let the court go below the minimum (3553(e), Rule 35(b))",
    "substantial_assistance": "a government motion for assistance that led to the term",
    "imposed_term_months": "the term imposed",
    "drugs": "which drug and how much",
    "assistance_percent_only": "the share of the cut that came from assistance",
    "zero_point_offender_excluded": "whether a bar of §4C1.1(a) applies",
    "safety_valve": "whether the safety valve applied",
}
"""Fields whose names do not say enough."""
_UNIT = re.compile(r"_(months|on)\b")
MOST_BRANCHES = 4


def branch(one: Mapping[str, Any]) -> str:
    """One possible answer in words.

    >>> branch({"eligible": True, "code": "eligible", "floor_months": 70,
    ...         "if": {"statutory_minimum_months": [0, 60]}})
    'Yes, down to 70 months, if statutory minimum is none or 60 months'
    """
    if one["eligible"]:
        told = f"Yes, down to {one['floor_months']} months".replace("life months", "life")
    else:
        told = "Open" if one["eligible"] is None else "No"
    if not one["if"]:
        return told
    return f"{told}, if {_and([_is(name, values) for name, values in one['if'].items()])}"


def branch_lines(answer: Mapping[str, Any]) -> list[str]:
    """The possible answers that `sentence` does not tell; where there are many, the refusals in one line."""
    branches, said = answer.get("branches", ()), sentence(answer)
    told = [branch(one) for one in branches]
    if len(told) > MOST_BRANCHES:
        others = [line for line in told if not line.startswith("No")]
        told = [*others, "No, in every other case"] if len(others) < len(told) - 1 else told
    return [line for line in told if line not in said] if len(branches) > 1 else []


YES_NO = {
    "substantial_assistance": (
        "the term came from a government motion for assistance",
        "no government motion for assistance led to the term",
    ),
    "below_minimum_authority": (
        "a motion under 3553(e) or Rule 35(b) let the court go below the minimum",
        "no motion under 3553(e) or Rule 35(b) let the court go below the minimum",
    ),
    "zero_point_offender_excluded": ("a bar of §4C1.1(a) applies", "no bar of §4C1.1(a) applies"),
    "safety_valve": ("the safety valve applied", "the safety valve did not apply"),
}
"""Facts that are a sentence of their own, true and false."""


def _is(name: str, values: Sequence[Any]) -> str:
    if name in YES_NO and len(values) == 1:
        return YES_NO[name][not values[0]]
    unit = " months" if name.endswith("_months") and values != [0] else ""
    values = ["none" if name == "statutory_minimum_months" and not value else value for value in values]
    if all(isinstance(value, bool) for value in values):
        told = " or ".join("yes" if value else "no" for value in values)
    elif all(type(value) is int for value in values):
        told = _runs(values)
    else:
        told = " or ".join(str(months(value) if isinstance(value, list) else value) for value in values)
    named = "the drug" if name == "drugs" else plain(name)
    return f"{named} is {told}{unit}".replace("life months", "life")


def _runs(values: Sequence[int]) -> str:
    """Whole numbers, three or more that follow each other as a run; what lies between is not said with them.

    >>> _runs([13, 1, 2, 3, 4, 8, 9])
    '1 to 4, 8, 9 or 13'
    """
    runs: list[list[int]] = []
    for value in sorted(values):
        if runs and value == runs[-1][-1] + 1:
            runs[-1].append(value)
        else:
            runs.append([value])
    told = [part for run in runs for part in ([f"{run[0]} to {run[-1]}"] if len(run) > 2 else map(str, run))]
    return " or ".join([", ".join(told[:-1]), told[-1]]) if len(told) > 1 else told[0]


def plain(name: str) -> str:
    """A field as a person says it.

    >>> plain("statutory_minimum_months"), plain("statutory_maximum_months or override_offense_level")
    ('statutory minimum', 'statutory maximum or override offense level')
    """
    if name in PLAIN:
        return PLAIN[name]
    return _UNIT.sub("", name).replace("_", " ")


def _and(parts: Sequence[str]) -> str:
    """Parts joined as in a sentence."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def months(ends: Any) -> str:
    """A range as it is written.

    >>> months([97, 121]), months([360, "life"]), months(["life", "life"]), months(None)
    ('97-121', '360-life', 'life', '-')
    """
    if ends is None:
        return "-"
    low, high = ends
    return f"{low}" if low == high else f"{low}-{high}"
