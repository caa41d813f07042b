"""§1B1.1: the steps of the Guidelines in their order, one column a step. The worksheet is the trace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from guidelines.arrays import BoolArray, IntArray
from guidelines.errors import ContradictoryFacts, MissingFact, UnknownName, nearest
from guidelines.facts import Facts
from guidelines.manual import Manual
from guidelines.s1b1_1_chapter_four import (
    categories,
    overrides,
    points_now,
    safety_valve_floor,
)
from guidelines.s2d1_1_base_level import base_levels, by_quantity
from guidelines.s2d1_2_related_guidelines import chapter_two_level
from guidelines.s3_adjustments import (
    acceptance_of_responsibility,
    combined_offense_level,
    total_offense_level,
)
from guidelines.s4_criminal_history import zero_point_levels
from guidelines.s4b1_1_firearm_count import counted_firearm_term, other_counts_range, range_with_firearm_count
from guidelines.s5a_sentencing_table import guideline_range
from guidelines.s5g1_1_statutory_limits import restrict_range

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Step:
    """One column of the worksheet: its name, section and unit."""

    name: str
    section: str
    unit: str


STEPS = (
    Step("table_base_level", "§2D1.1(c)", "levels"),
    Step("base_offense_level", "§2D1.1(a)(5)", "levels"),
    Step("specific_offense_characteristics", "§2D1.1(b)", "levels"),
    Step("chapter_two_level", "§1B1.1(a)(2)", "levels"),
    Step("mitigating_role", "§3B1.2", "levels"),
    Step("chapter_three_adjustments", "§3A1.1-§3C1.4", "levels"),
    Step("adjusted_offense_level", "§1B1.1(a)(3)", "levels"),
    Step("combined_offense_level", "§3D1.4", "levels"),
    Step("override_offense_level", "§4B1.1, §4B1.4", "levels"),
    Step("level_before_acceptance", "§1B1.1(a)(4), (6)", "levels"),
    Step("acceptance_of_responsibility", "§3E1.1", "levels"),
    Step("safety_valve_floor", "§5C1.2(b)", "levels"),
    Step("zero_point_offender", "§4C1.1", "levels"),
    Step("uncapped_offense_level", "§1B1.1(a)(1)-(6)", "levels"),
    Step("total_offense_level", "Ch.5 Pt.A n.2", "levels"),
    Step("criminal_history_points", "§4A1.1", "points"),
    Step("criminal_history_category", "Ch.5 Pt.A", "category"),
    Step("table_range_minimum_months", "Ch.5 Pt.A", "months"),
    Step("table_range_maximum_months", "Ch.5 Pt.A", "months"),
    Step("guideline_range_minimum_months", "§5G1.1", "months"),
    Step("guideline_range_maximum_months", "§5G1.1", "months"),
)
"""The columns in the Manual's order. Levels taken off are negative."""

_BY_NAME = {step.name: step for step in STEPS}


class Worksheet(Mapping[str, NDArray[Any]]):
    """One column a step, shape (people,), in the Manual's order.

    Attributes
    ----------
    manual, facts
        What it was worked out from.
    assumed
        Facts that were absent, with what stood for them.
    missing
        Steps that could not be done, with the fact they need.
    uncertain
        Amended worksheets: True where the amended base level depends on a finding the record lacks; the
        column then shows the lowest it may be.
    inconsistent
        True where a recorded level is not the one the other facts give.
    """

    def __init__(self, manual: Manual, facts: Facts) -> None:
        self.manual = manual
        self.facts = facts
        self.missing: dict[str, str] = {}
        self._columns: dict[str, NDArray[Any]] = {}
        self.uncertain: BoolArray = np.zeros(facts.people, dtype=np.bool_)
        self.inconsistent: BoolArray = np.zeros(facts.people, dtype=np.bool_)

    @property
    def assumed(self) -> Mapping[str, Any]:
        """Facts that were absent, with what stood for them."""
        return self.facts.assumed

    @property
    def people(self) -> int:
        """Number of people."""
        return self.facts.people

    def to_frame(self) -> pd.DataFrame:
        """The steps as a pandas table, one row a person; needs pandas."""
        import pandas as pd

        return pd.DataFrame(dict(self))

    def __getitem__(self, name: str) -> NDArray[Any]:
        """One column, shape (people,)."""
        if name in self._columns:
            return self._columns[name]
        if name in self.missing:
            raise MissingFact(f"{_BY_NAME[name].section}: {name} needs {self.missing[name]}")
        raise UnknownName(f"worksheet: no step {name!r}; {nearest(name, _BY_NAME, listed=30)}")

    def __iter__(self) -> Iterator[str]:
        """Names of the columns, in order."""
        return (step.name for step in STEPS if step.name in self._columns)

    def __len__(self) -> int:
        """Number of columns."""
        return len(self._columns)

    def __contains__(self, name: object) -> bool:
        """Whether the column is there."""
        return name in self._columns

    def __repr__(self) -> str:
        """One line for a person to read."""
        return f"<Worksheet of {self.people} people, Manual {self.manual.label}, {len(self)} steps>"

    def put(self, name: str, values: NDArray[Any]) -> None:
        """Write the column of a step; a step is written once."""
        if name in self._columns:
            raise ContradictoryFacts(f"worksheet: step {name} is already there")
        self._columns[name] = np.broadcast_to(values, (self.people,))

    def with_rows(self, rows: NDArray[np.intp], other: Worksheet) -> Worksheet:
        """The same with some people's columns from a worksheet of theirs, such as one of another Manual."""
        found = copy(self)
        found._columns = {name: _with_rows(column, rows, other[name]) for name, column in self.items()}
        found.uncertain = _with_rows(self.uncertain, rows, other.uncertain)
        found.inconsistent = _with_rows(self.inconsistent, rows, other.inconsistent)
        return found

    def lacks(self, fact: str, *steps: str) -> None:
        """Note steps that cannot be done without a fact."""
        self.missing.update(dict.fromkeys(steps, fact))


def _with_rows(column: NDArray[Any], rows: NDArray[np.intp], values: NDArray[Any]) -> NDArray[Any]:
    changed = column.copy()
    changed[rows] = values
    return changed


def worksheet(facts: Mapping[str, Any] | Facts, manual: Manual) -> Worksheet:
    """Work out every step the facts allow.

    Parameters
    ----------
    facts
        Columns of `guidelines.facts.FACTS`; a column or one value for all.
    manual
        The edition.

    Returns
    -------
    Worksheet
        Columns of `STEPS`. A step whose facts are absent is listed in ``missing``.

    Raises
    ------
    GuidelineError
        A fact that is unknown, impossible or contradicts another.

    Examples
    --------
    >>> sheet = worksheet({"drug": "heroin", "quantity": 1000, "specific_offense_levels": 2, "acceptance": -3,
    ...                    "criminal_history_category": 3}, Manual.on("2013-11-01"))
    >>> steps = "base_offense_level", "total_offense_level", "table_range_minimum_months"
    >>> [int(sheet[step][0]) for step in steps]
    [32, 31, 135]
    """
    known = facts if isinstance(facts, Facts) else Facts(facts)
    sheet = Worksheet(manual, known)
    levels = base_levels(known, manual)
    if levels is None:
        sheet.lacks("drug and quantity, or base_offense_level", *_BY_NAME)
        return sheet
    complete(sheet, *levels)
    found = known.get("base_offense_level", 0)
    recorded = known.get("total_offense_level_found", 0)
    sheet.inconsistent = (by_quantity(known) & (found > 0) & (found != sheet["base_offense_level"])) | (
        (recorded > 0) & ~is_total(recorded, sheet)
    )
    return sheet


def complete(sheet: Worksheet, row: IntArray, base: IntArray, acceptance: IntArray | None = None) -> None:
    """All steps, from base level to applicable range.

    Parameters
    ----------
    sheet
        Empty.
    row, base
        Level of the Drug Quantity Table, and base offense level after (a)(5).
    acceptance
        Levels of §3E1.1 as found in another worksheet, to be kept whatever the level; else by the rule.
    """
    facts, manual = sheet.facts, sheet.manual
    sheet.put("table_base_level", row)
    sheet.put("base_offense_level", base)
    characteristics = facts["specific_offense_levels"]
    sheet.put("specific_offense_characteristics", characteristics)
    chapter_two = chapter_two_level(facts, base, manual)
    sheet.put("chapter_two_level", chapter_two)
    adjustment = facts["mitigating_role"]
    sheet.put("mitigating_role", adjustment)
    sheet.put("chapter_three_adjustments", facts["chapter_three_levels"])
    adjusted = chapter_two + adjustment + facts["chapter_three_levels"]
    sheet.put("adjusted_offense_level", adjusted)
    combined = adjusted
    other = facts["other_group_level"]
    if other.any():
        several = other > 0
        combined = adjusted.copy()
        groups = np.stack([adjusted, other], axis=-1)[several]
        # One's own group counts whatever its level: adjustments may take it to 0 or below.
        combined[several] = combined_offense_level(
            groups, manual, counted=np.ones(groups.shape, dtype=np.bool_)
        )
    sheet.put("combined_offense_level", combined)
    override = overrides(facts, manual)
    sheet.put("override_offense_level", override)
    before = np.maximum(combined, override)
    taken = (
        acceptance_of_responsibility(before, facts["acceptance"], manual)
        if acceptance is None
        else acceptance
    )
    if (
        facts["career_offender"].any()
        and not manual.rules_of("career_offender_acceptance")["acceptance_applies"]
    ):
        # Until Amendment 266 the level of §4B1.1 stood against the other one after acceptance, and had none.
        by_table = facts["career_offender"] & (override > combined + taken)
        before, taken = np.where(by_table, override, before), np.where(by_table, np.int32(0), taken)
    sheet.put("level_before_acceptance", before)
    sheet.put("acceptance_of_responsibility", taken)
    after = before + taken
    floor = safety_valve_floor(facts, manual)
    sheet.put("safety_valve_floor", floor)
    after = np.maximum(after, floor)
    points = points_now(facts, manual)
    zero = np.zeros(facts.people, dtype=np.int32)
    if points is not None:
        zero = zero_point_levels(points, facts["zero_point_offender_excluded"], manual)
        sheet.put("criminal_history_points", points)
    else:
        sheet.lacks("criminal_history_points", "criminal_history_points")
    sheet.put("zero_point_offender", zero)
    sheet.put("uncapped_offense_level", after + zero)
    total = total_offense_level(after, zero, manual)
    sheet.put("total_offense_level", total)
    category = categories(facts, points, manual)
    if category is None:
        sheet.lacks(
            "criminal_history_category or criminal_history_points",
            *(step.name for step in STEPS[STEPS.index(_BY_NAME["criminal_history_category"]) :]),
        )
        return
    sheet.put("criminal_history_category", category)
    low, high = guideline_range(total, category, manual)
    firearm = counted_firearm_term(facts, manual)
    if firearm.any():
        low, high = range_with_firearm_count(low, high, taken, firearm, manual)
    sheet.put("table_range_minimum_months", low)
    sheet.put("table_range_maximum_months", high)
    low, high = other_counts_range(low, high, firearm)
    low, high = restrict_range(low, high, effective_minimum(facts), facts["statutory_maximum_months"])
    sheet.put("guideline_range_minimum_months", low)
    sheet.put("guideline_range_maximum_months", high)


def is_total(recorded: IntArray, sheet: Worksheet) -> BoolArray:
    """Whether a total level as recorded is the worksheet's; reports state levels above 43 too."""
    total, uncapped = sheet["total_offense_level"], sheet["uncapped_offense_level"]
    return np.asarray((recorded == total) | (recorded == uncapped))


def effective_minimum(facts: Facts) -> IntArray:
    """Statutory minimum in months, 0 where the safety valve lifted it, shape (people,)."""
    minimum: IntArray = np.where(facts["safety_valve"], np.int32(0), facts["statutory_minimum_months"])
    return minimum
