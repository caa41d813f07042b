"""The facts most files hold, in the order of §1B1.1: what the template and the form of the desk ask for."""

from __future__ import annotations

PARTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("client", "Client and Manual", ("case_id", "sentenced_on", "manual_edition", "amendments")),
    ("drugs", "Drugs and base level (§2D1.1)", ("drugs", "base_offense_level", "quantity_is_minimum")),
    ("adjustments", "Adjustments (Chapters Two and Three)",
     ("adjustments", "mitigating_role", "other_group_level", "acceptance", "total_offense_level")),
    ("history", "Criminal history (Chapter Four)",
     ("criminal_history_points", "status_points", "criminal_history_category", "zero_point_offender_excluded",
      "career_offender")),
    ("range", "Range and statute (Chapter Five)",
     ("statutory_minimum_months", "statutory_maximum_months", "safety_valve", "guideline_range_months")),
    ("sentence", "Sentence",
     ("imposed_term_months", "consecutive_term_months", "substantial_assistance", "below_minimum_authority")),
    ("release", "Release", ("sentence_began_on", "jail_credit_days", "order_effective_on")),
)  # fmt: skip
"""Id, heading, fields. A field that is named in no part is read all the same."""
