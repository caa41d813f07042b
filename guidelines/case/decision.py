"""The decision of an answer in a sentence, for each code of the closed list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SENTENCES: Mapping[str, str] = {
    "eligible": (
        "Eligible. The applicable range was lowered from {was} to {becomes} months, so the court may "
        "reduce the term of {imposed} months, but not below {floor} months (§1B1.10(b)(2)(A), (C))."
    ),
    "eligible_substantial_assistance": (
        "Eligible. The range was lowered from {was} to {becomes} months, and the term of {imposed} months was"
        " below the range on the government's motion, so the court may go down to the comparable term, "
        "{comparable} months, in whole months {floor} (§1B1.10(b)(2)(B))."
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
        "Not eligible: the Manual used at sentencing already held the amendment, or the court gave it."
    ),
    "record_inconsistent": (
        "Cannot be decided: what was recorded is not what the other facts give; the worksheet shows where."
    ),
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
        "Nothing to reduce: the term is at or below {floor} months, the statutory minimum."
    ),
    "already_at_or_below_amended_minimum": (
        "Nothing to reduce: the term is at or below {floor} months, the least the court may reach "
        "(§1B1.10(b)(2))."
    ),
    "time_served_exceeds": (
        "Nothing to reduce: the time already served reaches the term (§1B1.10(b)(2)(C))."
    ),
    "needs_quantity_finding": (
        "Cannot be decided yet: how much drug the record supports decides whether the base level falls. "
        "The amended column shows the lowest outcome."
    ),
}
NOT_ASKED = "No amendment was asked for: the original analysis alone."
OPEN = "Cannot be decided: too little is known; what it would take is listed under missing facts."


def sentence(answer: Mapping[str, Any]) -> str:
    """The decision of an answer of `guidelines.case.analyze_case` in a sentence.

    Examples
    --------
    >>> sentence({"code": None, "edition": {"amended": None}})
    'No amendment was asked for: the original analysis alone.'
    """
    code = answer["code"]
    if code is None:
        return OPEN if answer["edition"]["amended"] else NOT_ASKED
    floor, less = answer["floor_months"], answer["reduction_months"]
    original, amended = answer["original"], answer["amended"]
    imposed = "life" if less is None or floor is None else floor + less
    return (
        SENTENCES[code]
        .format(
            was=months(original["guideline_range_months"]),
            becomes=months(amended["guideline_range_months"]),
            floor=floor,
            imposed=imposed,
            comparable=answer["comparable_term_months"],
        )
        .replace("life months", "life")
    )


def months(ends: Any) -> str:
    """A range as it is written.

    >>> months([97, 121]), months([360, "life"]), months(["life", "life"]), months(None)
    ('97-121', '360-life', 'life', '-')
    """
    if ends is None:
        return "-"
    low, high = ends
    return f"{low}" if low == high else f"{low}-{high}"
