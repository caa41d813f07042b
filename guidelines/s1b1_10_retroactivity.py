"""§1B1.10: may the term be reduced, to what range and how far. Whether to do it is discretion, not law.

The steps follow the policy statement in force on the day of the order. Two worksheets go in - at sentencing
and with the listed change alone (`amended_worksheet`) - and a code, a range and a floor come out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from guidelines.arrays import BoolArray, FloatArray, IntArray, refuse
from guidelines.errors import MissingFact, UnknownName, nearest
from guidelines.facts import Facts
from guidelines.s1b1_1_worksheet import Worksheet, effective_minimum
from guidelines.s1b1_10_policy import Policy, as_amendments, not_listed, order_day, too_early
from guidelines.s1b1_10_rules import CODES, Rules
from guidelines.s1b1_10_substitution import amended_worksheet, drugs
from guidelines.s4b1_1_firearm_count import counted_firearm_term, other_counts_range
from guidelines.s5g1_1_statutory_limits import restrict_range
from guidelines.tables import LIFE

if TYPE_CHECKING:
    import pandas as pd

    from guidelines.amendments import Amendment

__all__ = ["CODES", "Reduction", "Rules", "amended_worksheet", "reduction"]

COLUMNS = (
    "code",
    "eligible",
    "amended_range_minimum_months",
    "amended_range_maximum_months",
    "comparable_months",
    "floor_months",
    "lowest_term_months",
    "other_codes",
)
HALF = 0.5
PERCENT = 100


@dataclass(frozen=True)
class Reduction(Mapping[str, NDArray[Any]]):
    """What §1B1.10 allows, one column each, shape (people,).

    ``code`` indexes `CODES`; ``eligible`` is True for the first two; ``floor_months`` is the least term the
    court may reach, time served included; ``comparable_months`` the unrounded term of (b)(2)(B), NaN
    elsewhere; ``lowest_term_months`` the floor where eligible, else the present term; ``other_codes`` a bit
    mask of the other codes that are also true (bit i for ``CODES[i]``).
    """

    columns: Mapping[str, NDArray[Any]]
    rules: Rules
    amendments: tuple[str, ...]

    def __getitem__(self, name: str) -> NDArray[Any]:
        """One column, shape (people,)."""
        if name not in self.columns:
            raise UnknownName(f"§1B1.10 reduction: no column {name!r}; {nearest(name, self.columns)}")
        return self.columns[name]

    def __iter__(self) -> Iterator[str]:
        """Names of the columns, in order."""
        return iter(self.columns)

    def __len__(self) -> int:
        """Number of columns."""
        return len(self.columns)

    def __repr__(self) -> str:
        """One line for a person to read."""
        laws, eligible = ", ".join(self.amendments), int(self["eligible"].sum())
        return f"<Reduction under amendment {laws}: {eligible} of {len(self['code'])} people eligible>"

    def to_frame(self) -> pd.DataFrame:
        """The columns as a pandas table with the codes as text, one row a person; needs pandas."""
        import pandas as pd

        return pd.DataFrame({**self, "code": self.code_names()})

    def code_names(self) -> NDArray[np.str_]:
        """The primary code of each person as text."""
        names: NDArray[np.str_] = np.array(CODES)[self["code"]]
        return names

    def other_code_names(self, person: int) -> tuple[str, ...]:
        """The other true codes of one person, in the order of `CODES`."""
        mask = int(self["other_codes"][person])
        return tuple(code for i, code in enumerate(CODES) if mask >> i & 1)


def reduction(
    before: Worksheet,
    after: Worksheet,
    amendments: Amendment | str | Sequence[Amendment | str],
    rules: Rules | None = None,
) -> Reduction:
    """Eligibility, amended range and floor under §1B1.10.

    Parameters
    ----------
    before
        The worksheet at sentencing; its facts are used. Needs ``imposed_term_months``.
    after
        `amended_worksheet` of it, or any worksheet of the same people.
    amendments
        What was put in: numbers or `Amendment` values.
    rules
        Switches for the doubtful points.

    Raises
    ------
    MissingFact
        No present term, or no category in the worksheets.

    Examples
    --------
    >>> from guidelines.manual import Manual
    >>> from guidelines.s1b1_1_worksheet import worksheet
    >>> facts = {"base_offense_level": 30, "criminal_history_category": 1, "imposed_term_months": 72,
    ...          "statutory_minimum_months": 120, "substantial_assistance": True}
    >>> before = worksheet(facts, Manual.on("2013-11-01"))
    >>> cut = reduction(before, amended_worksheet(before, "782"), "782")
    >>> str(cut.code_names()[0]), int(cut["floor_months"][0]), round(float(cut["comparable_months"][0]), 1)
    ('eligible_substantial_assistance', 47, 46.8)
    """
    chosen = rules or Rules()
    laws = as_amendments(amendments)
    facts = before.facts
    imposed = facts["imposed_term_months"]
    assisted = facts["substantial_assistance"]
    order = order_day(facts, laws)
    policy = Policy.on(order)
    minimum = effective_minimum(facts)
    maximum = facts["statutory_maximum_months"]
    authority = facts.get("below_minimum_authority", assisted)
    lifted = assisted & authority & (minimum > 0) & policy.assistance_lifts_minimum

    old = before["table_range_minimum_months"], before["table_range_maximum_months"]
    new = after["table_range_minimum_months"], after["table_range_maximum_months"]
    was = before["guideline_range_minimum_months"], before["guideline_range_maximum_months"]
    others = other_counts_range(*new, counted_firearm_term(facts, before.manual))
    becomes = restrict_range(*others, np.where(lifted, 0, minimum), maximum)

    floor, comparable = _floor(facts, policy, was[0], becomes[0], chosen)
    # A statutory minimum that no motion lifted stops every cut, comparable ones too.
    binding = np.where(authority & assisted, np.int32(0), np.minimum(minimum, maximum))
    floor = np.maximum(floor, binding)
    bound_by_statute = (binding > 0) & (floor == binding) & (new[0] < binding)
    served = np.where(policy.not_below_time_served, np.ceil(facts["time_served_months"]), 0).astype(np.int32)

    # A term of 87 months and 15 days lies above a floor of 87.
    part = facts["imposed_term_days"] > 0
    nothing_left, all_served = ((least > imposed) | ((least == imposed) & ~part) for least in (floor, served))
    table_lowered = lowered(old, new, chosen)
    koons = _koons(chosen, policy) & lifted & (old[1] < minimum)
    true: dict[str, BoolArray] = {
        "not_serving_original_term": ~facts["serving_original_term"],
        "amendment_not_listed": not_listed(laws, order),
        "order_effective_too_early": too_early(laws, order),
        "amendment_already_applied": facts["manual_already_amended"],
        "record_inconsistent": before.inconsistent | after.inconsistent,
        **why_not_lowered(before, after, table_lowered),
        **_statute(old, new, minimum, maximum, lifted, was, becomes, chosen),
        "not_based_on_lowered_range": koons & table_lowered,
        "already_at_statutory_minimum": bound_by_statute & nothing_left,
        "already_at_or_below_amended_minimum": ~bound_by_statute & nothing_left,
        "time_served_exceeds": all_served,
    }
    # From 2008 to 2011 any term below the range allowed a comparable one, without a motion.
    code = np.where(np.isnan(comparable) | ~assisted, np.int8(0), np.int8(1))
    refused = np.zeros(before.people, dtype=np.bool_)
    mask = np.zeros(before.people, dtype=np.int64)
    for name in CODES[2:-1]:
        holds = np.broadcast_to(true[name], refused.shape)
        if holds.any():
            code = np.where(holds & ~refused, np.int8(CODES.index(name)), code)
            refused = refused | holds
            mask += holds.astype(np.int64) << CODES.index(name)
    if chosen.quantity_findings == "allow" or not facts["quantity_is_minimum"].any():
        open_question = after.uncertain & ~refused
    else:
        open_question = after.uncertain & ~refused & ~facts["quantity_is_minimum"]
    code = np.where(open_question, np.int8(CODES.index("needs_quantity_finding")), code)
    mask &= ~(np.int64(1) << code.astype(np.int64))
    eligible = code <= 1
    least = np.maximum(floor, served)
    return Reduction(
        dict(
            zip(
                COLUMNS,
                (
                    code,
                    eligible,
                    *becomes,
                    comparable,
                    least,
                    np.where(eligible, np.minimum(least, imposed), imposed),
                    mask,
                ),
                strict=True,
            )
        ),
        chosen,
        tuple(amendment.number for amendment in laws),
    )


def _koons(rules: Rules, policy: Policy) -> Any:
    if rules.koons == "by_date":
        return policy.discarded_is_no_basis
    return np.bool_(rules.koons == "always")


def _floor(
    facts: Facts, policy: Policy, old_minimum: IntArray, new_minimum: IntArray, rules: Rules
) -> tuple[IntArray, FloatArray]:
    """(b)(2)(A) and (B): the amended minimum, or the comparable term after assistance."""
    imposed = facts["imposed_term_months"].astype(np.float64)
    start_term = facts.get("comparable_from_months", np.nan)
    imposed = np.where(np.isnan(start_term), imposed, start_term)
    below = (imposed < old_minimum) & (facts["substantial_assistance"] | ~np.asarray(policy.needs_assistance))
    comparable = np.full(facts.people, np.nan)
    if not below.any():
        return new_minimum, comparable
    start = old_minimum.astype(np.float64)
    life = old_minimum >= LIFE
    if rules.life_minimum_months is None:
        below = below & ~life
    else:
        start = np.where(life, rules.life_minimum_months, start)
    fixed = facts.get("consecutive_term_months", 0) * (rules.comparable_over == "whole_term")
    percent_from = np.where(start + fixed > 0, start + fixed, 1.0)
    share = (imposed + fixed) / percent_from
    given = facts["assistance_percent"]
    if rules.assistance_share == "assistance_only":
        lacking = below & np.isnan(given)
        if lacking.any():
            raise MissingFact(
                f"§1B1.10(b)(2)(B): row {int(np.argmax(lacking))} needs assistance_percent "
                "under assistance_share = assistance_only"
            )
    refuse(given > PERCENT, given, "§1B1.10(b)(2)(B) assistance_percent", "0 to 100 is accepted")
    share = np.where(np.isnan(given), share, 1.0 - given / PERCENT)
    comparable = np.where(below, np.maximum((new_minimum + fixed) * share - fixed, 0.0), np.nan)
    rounded = np.where(below, _whole_months(comparable, rules), 0).astype(np.int32)
    return np.where(below, rounded, new_minimum), comparable


def _whole_months(months: FloatArray, rules: Rules) -> FloatArray:
    # A product such as 70 * 0.7 may miss the whole number by the last bit; that is no fraction of a month.
    exact = np.round(months, 9)
    if rules.rounding == "down":
        return np.asarray(np.floor(exact))
    if rules.rounding == "up":
        return np.asarray(np.ceil(exact))
    return np.asarray(np.floor(exact + HALF))


def _statute(
    old: tuple[IntArray, IntArray],
    new: tuple[IntArray, IntArray],
    minimum: IntArray,
    maximum: IntArray,
    lifted: BoolArray,
    was: tuple[IntArray, IntArray],
    becomes: tuple[IntArray, IntArray],
    rules: Rules,
) -> dict[str, BoolArray]:
    """Which statutory limit keeps the applicable range where it was, although the table range fell."""
    stays = lowered(old, new, rules) & ~lowered(was, becomes, rules)
    applied = np.where(lifted, np.int32(0), minimum)
    by_minimum = stays & (applied > 0) & (becomes[0] == applied) & (new[0] < applied)
    by_maximum = stays & (becomes[1] == maximum) & (new[1] > maximum)
    return {"mandatory_minimum_controls": by_minimum, "statutory_maximum_controls": by_maximum}


def lowered(old: tuple[IntArray, IntArray], new: tuple[IntArray, IntArray], rules: Rules) -> BoolArray:
    """Whether a range (minimum, maximum) fell, shape (people,)."""
    fell: BoolArray = new[0] < old[0]
    if rules.lowered_means == "either_end":
        fell = fell | (new[1] < old[1])
    return fell


def why_not_lowered(before: Worksheet, after: Worksheet, table_lowered: BoolArray) -> dict[str, BoolArray]:
    """The most specific reasons why the table range did not fall, one column a code.

    ``range_not_lowered`` is true only where none of the others is.
    """
    facts = before.facts
    stays = ~table_lowered
    based = facts["drug_quantity_based"]
    rows_moved = before.manual.table("drug_quantity").rows != after.manual.table("drug_quantity").rows
    same_row = stays & based & rows_moved & (before["table_base_level"] == after["table_base_level"])
    same_base = before["base_offense_level"] == after["base_offense_level"]
    fell = after["base_offense_level"] < before["base_offense_level"]
    combined_fell = after["combined_offense_level"] < before["combined_offense_level"]
    override = before["override_offense_level"]
    governs = stays & (override >= before["combined_offense_level"]) & (override > 0)
    if "criminal_history_points" in before and "criminal_history_points" in after:
        # §4B1.1 gives category VI whatever the points.
        fewer = after["criminal_history_points"] < before["criminal_history_points"]
        governs = governs | (stays & fewer & facts["career_offender"])
    armed = facts["armed_career_criminal"]
    reasons = {
        "not_drug_quantity_based": stays & ~based & rows_moved,
        "quantity_above_top_threshold": same_row
        & (before["table_base_level"] == _end_of_rows(before, "highest")),
        "minimum_base_level": same_row & (before["table_base_level"] == _end_of_rows(before, "lowest")),
        "career_offender": governs & ~armed,
        "armed_career_criminal": governs & armed,
        "role_cap_offsets": stays & same_base & (after["table_base_level"] < before["table_base_level"]),
        "level_cap_43": stays
        & (after["uncapped_offense_level"] < before["uncapped_offense_level"])
        & (after["uncapped_offense_level"] >= before.manual.level_limits[1]),
        "other_group_controls": stays & fell & ~combined_fell & (facts["other_group_level"] > 0),
    }
    explained = np.zeros(before.people, dtype=np.bool_)
    for holds in reasons.values():
        explained = explained | holds
    reasons["range_not_lowered"] = stays & ~explained
    return reasons


def _end_of_rows(sheet: Worksheet, end: str) -> IntArray:
    """The drug's highest or lowest level; where the drug is not known, that of all drugs."""
    manual = sheet.manual
    ends = manual.highest_level if end == "highest" else manual.lowest_level
    listed = ends[ends >= 0]
    overall = listed.max() if end == "highest" else listed.min()
    drug = drugs(sheet)
    level: IntArray = np.where(drug >= 0, ends[drug], overall).astype(np.int32)
    return level
