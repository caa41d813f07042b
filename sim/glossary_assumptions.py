"""What each assumption is called where readers see it; its meaning, unit and basis stand in its table."""

from __future__ import annotations

ASSUMPTIONS = {
    "uncharged_level_mean": "base level without a minimum, mean",
    "uncharged_level_sd": "base level without a minimum, spread",
    "ten_year_decay": "quantities beyond the ten-year line",
    "five_year_decay": "quantities beyond the five-year line",
    "top_tail_exponent": "fall of quantities above level 38",
    "variance_before_booker": "court departures before 2005",
    "variance_after_booker": "court departures 2005 to 2014",
    "government_variance_before_2014": "government variances before 2014",
    "acceptance_share": "acceptance of responsibility",
    "other_characteristics_share": "other increases under §2D1.1(b)",
    "chapter_three_share": "increases under Chapter Three",
    "jail_credit_months": "months of jail credit",
    "jail_credit_most": "jail credit at most",
    "residential_drug_programme_share": "share in the drug programme",
    "programme_from_months": "terms that allow the programme",
    "minimum_remaining_months": "nearest release still counted",
    "earlier_motion_share": "earlier crack motions decided",
    "violence_share": "increase for violence",
    "at_range_minimum_share": "terms at the range minimum",
    "placement_lag_months": "order to halfway house",
    "approval_rate": "approval of the eligible",
    "approval_spread": "spread of approval by district",
    "decision_months_median": "months to the order, median",
    "decision_months_spread": "months to the order, spread",
    "horizon_months": "months projected",
    "koons": "Koons: range below the minimum",
    "assistance_share": "credit for assistance",
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
