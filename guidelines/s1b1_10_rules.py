"""The doubtful points of retroactivity as named switches, and the closed list of codes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal, get_args, get_type_hints

from guidelines.errors import ImpossibleValue, UnknownName, nearest

CODES = (
    "eligible",
    "eligible_substantial_assistance",
    "not_serving_original_term",
    "amendment_not_listed",
    "order_effective_too_early",
    "amendment_already_applied",
    "record_inconsistent",
    "not_drug_quantity_based",
    "quantity_above_top_threshold",
    "minimum_base_level",
    "career_offender",
    "armed_career_criminal",
    "role_cap_offsets",
    "level_cap_43",
    "other_group_controls",
    "range_not_lowered",
    "mandatory_minimum_controls",
    "statutory_maximum_controls",
    "not_based_on_lowered_range",
    "already_at_statutory_minimum",
    "already_at_or_below_amended_minimum",
    "time_served_exceeds",
    "needs_quantity_finding",
)
"""Outcomes of §1B1.10, in the order in which the first that applies is reported."""

UNDECIDED = ("needs_quantity_finding", "record_inconsistent")
"""Codes under which eligibility cannot be decided."""


@dataclass(frozen=True)
class Rules:
    """How doubtful points are decided. Defaults follow the policy statement's own text where it speaks.

    Attributes
    ----------
    koons
        Whether a term is "based on" a table range that lay wholly below the statutory minimum:
        ``by_date`` (no from 4 June 2018 on, by the day the order takes effect), ``always`` or ``never``.
    assistance_share
        What carries over to the amended minimum: the ``whole`` percentage of the original reduction, or
        ``assistance_only`` (fact ``assistance_percent``).
    comparable_over
        What a comparable reduction is a share of: the ``guideline_counts``, or the ``whole_term`` with the
        consecutive terms, which stay.
    rounding
        Of a comparable term to whole months: ``nearest`` (a half upwards), ``down``, ``up``.
    role_cap
        §2D1.1(a)(5) on the amended row: ``recompute``, or ``keep`` the cut as first given.
    lowered_means
        A range is lowered if ``either_end`` falls, or only if the ``minimum`` does.
    quantity_findings
        A court that found "at least" a quantity may find more: ``allow`` answers
        ``needs_quantity_finding`` where it matters; ``refuse`` takes the quantity found as the quantity.
    life_minimum_months
        What stands for life as the original minimum in a percentage; None refuses to compute it, and the
        ordinary floor holds.
    third_acceptance_level
        Where the amended level falls below 16: ``keep`` the third level as found, or ``recompute`` §3E1.1.
    zero_point_role_enterprise
        §4C1.1 bars an aggravating role ``or`` a continuing criminal enterprise, or only both (``and``).
    good_time
        ``by_date``, ``before_first_step_act`` or ``first_step_act``.
    """

    koons: Literal["by_date", "always", "never"] = "by_date"
    assistance_share: Literal["whole", "assistance_only"] = "whole"
    comparable_over: Literal["guideline_counts", "whole_term"] = "guideline_counts"
    rounding: Literal["nearest", "down", "up"] = "nearest"
    role_cap: Literal["recompute", "keep"] = "recompute"
    lowered_means: Literal["either_end", "minimum"] = "either_end"
    quantity_findings: Literal["allow", "refuse"] = "allow"
    life_minimum_months: int | None = None
    third_acceptance_level: Literal["keep", "recompute"] = "keep"
    zero_point_role_enterprise: Literal["or", "and"] = "or"
    good_time: Literal["by_date", "before_first_step_act", "first_step_act"] = "by_date"

    def __post_init__(self) -> None:
        """Refuse values that are none of the choices."""
        for field in fields(self):
            value = getattr(self, field.name)
            allowed = get_args(_HINTS[field.name])
            if field.name == "life_minimum_months":
                if value is not None and (
                    isinstance(value, bool) or not isinstance(value, int) or value <= 0
                ):
                    raise ImpossibleValue(
                        f"rules: life_minimum_months {value!r}; None or whole months are accepted"
                    )
            elif value not in allowed:
                raise ImpossibleValue(f"rules: {field.name} {value!r}; {' or '.join(allowed)} is accepted")

    @classmethod
    def from_mapping(cls, given: dict[str, Any]) -> Rules:
        """Rules from named switches; the rest keep their defaults.

        Raises
        ------
        UnknownName
            A switch nobody knows, with the nearest name.
        """
        known = [field.name for field in fields(cls)]
        for name in given:
            if name not in known:
                raise UnknownName(f"rules: unknown switch {name!r}; {nearest(name, known)}")
        return cls(**given)


_HINTS = get_type_hints(Rules)
