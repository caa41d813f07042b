"""What each assumption is called where readers see it; its meaning, unit and basis stand in its table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from guidelines.facts import FACTS

ASSUMPTIONS = {
    "uncharged_level_mean": "base level, no minimum: mean",
    "uncharged_level_sd": "base level, no minimum: spread",
    "ten_year_decay": "quantities beyond the ten-year line",
    "five_year_decay": "quantities beyond the five-year line",
    "top_tail_exponent": "fall of quantities above level 38",
    "variance_before_booker": "court departures before 2005",
    "variance_after_booker": "court departures of 2005",
    "earlier_ranges_to_months": "earlier ranges differ up to",
    "government_variance_before_2014": "government variances before 2014",
    "acceptance_share": "acceptance of responsibility",
    "other_characteristics_share": "other increases under §2D1.1(b)",
    "chapter_three_share": "increases under Chapter Three",
    "jail_credit_months": "months of jail credit",
    "jail_credit_most": "jail credit at most",
    "residential_drug_programme_share": "share in the drug programme",
    "programme_from_months": "terms that allow the programme",
    "earlier_motion_share": "earlier crack motions decided",
    "violence_share": "increase for violence",
    "at_range_minimum_share": "terms at the range minimum",
    "placement_lag_months": "order to halfway house",
    "filing_rate": "eligible people who ask",
    "approval_rate": "approval of eligible motions",
    "approval_spread": "spread of approval by district",
    "whole_cut_share": "cuts granted whole",
    "ineligible_motion_share": "motions the law leaves out",
    "ineligible_motion_spread": "spread of those by district",
    "order_strength": "who can leave sooner, first",
    "decision_months_median": "months to the order, median",
    "decision_months_spread": "months to the order, spread",
    "yearly_change": "yearly change of new sentences",
    "term_elasticity": "new terms follow ranges by",
    "horizon_months": "months projected",
    "koons": "Koons: range below the minimum",
    "assistance_share": "credit for assistance",
    "comparable_over": "comparable cut: of what term",
    "rounding": "rounding of comparable terms",
    "role_cap": "mitigating-role cap",
    "lowered_means": "when a range is lowered",
    "quantity_findings": "new quantity findings",
    "third_acceptance_level": "third acceptance level",
    "zero_point_role_enterprise": "role or enterprise, §4C1.1",
    "good_time": "good conduct time",
}
"""Parameters of the stock, fields of the judges and switches of the law, in a few words each."""


def assumption_label(name: str) -> str:
    """The label; a name without one, in plain letters."""
    return ASSUMPTIONS.get(name, name.replace("_", " "))


FACTS_TAKEN = {
    "drug_quantity_based": "every base offense level comes from the quantity of a drug",
    "specific_offense_floor": "no specific offense characteristic sets a lowest level",
    "other_group_level": "nobody has a second group of counts",
    "override_offense_level": "the levels of career offenders come from the table of §4B1.1",
    "protected_location": "nobody was sentenced under §2D1.2 (protected places)",
    "premises_only": "nobody only lent premises (§2D1.8)",
    "cross_reference_level": "no cross reference of §2D1.1(d) applies",
    "offense_statutory_maximum_months": "no count has a statutory maximum of its own",
    "firearm_term_months": "nobody has a mandatory term for a firearm (18 U.S.C. § 924(c))",
    "assistance_percent": "courts did not say what share of a cut came from assistance",
    "armed_career_criminal": "nobody is an armed career criminal (§4B1.4)",
    "quantity_is_minimum": "courts found the quantity itself, not just “at least” a quantity",
    "time_served_months": "nobody has served so long that time served limits the cut (§1B1.10(b)(2)(C))",
    "serving_original_term": "everybody serves the original term, nobody a term for breaking supervision",
    "manual_already_amended": "nobody had the amendment at sentencing",
    "imposed_term_days": "every term is of whole months",
    "mitigating_role": "nobody has a mitigating role (§3B1.2)",
    "specific_offense_levels": "nobody has a specific offense characteristic",
    "chapter_three_levels": "nobody has an increase under Chapter Three",
    "career_offender": "nobody is a career offender (§4B1.1)",
    "acceptance": "nobody has the reduction for acceptance of responsibility (§3E1.1)",
    "statutory_minimum_months": "nobody is subject to a statutory minimum",
    "statutory_maximum_months": "no statutory maximum is below life",
    "safety_valve": "nobody has the safety valve",
    "substantial_assistance": "nobody was sentenced below the range for assistance",
    "consecutive_term_months": "nobody has a further consecutive term",
}
"""What stands for a fact that the people do not have, in words."""


def facts_taken(assumed: Mapping[str, Any]) -> list[str]:
    """One line for each fact that something stands for; the fact's meaning where no words are held."""
    return [_taken(name, value) for name, value in assumed.items()]


def _taken(name: str, value: Any) -> str:
    if isinstance(value, str):
        return f"the {name.replace('_', ' ')} of everybody is {value}"
    if name in FACTS_TAKEN:
        return FACTS_TAKEN[name]
    if isinstance(value, bool):
        return f"true of {'everybody' if value else 'nobody'}: {FACTS[name].meaning}"
    return f"for everybody, {FACTS[name].meaning}: {value}"
