"""What a table of people holds: every column with type, unit and allowed values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from guidelines import LIFE, tables
from guidelines.facts import FACTS
from guidelines.manual import CATEGORIES
from guidelines.usc18_3624_release import LONGEST
from sim.people.associations import RACES
from sim.people.flows import DRUGS
from sim.people.terms import POSITIONS

REQUIRED = object()
"""Default of a column that must be there."""
FOLLOWS = object()
"""Default of a column that follows from the others where it is left out."""
ABSENT = object()
"""Default of a column that nothing needs."""

INDEX = "person_id"
KINDS = {
    "word": "one of the words",
    "whole": "whole number",
    "number": "number",
    "months": f"whole months, or life ({LIFE} in frames and Parquet)",
    "category": "I to VI, or 1 to 6",
    "yes_no": "true or false",
    "day": "day, such as 2014-11-01",
}
AGES = 15, 105
"""Ages the Commission's codebook allows."""
EXACT = (
    "Methamphetamine (actual)", "Ice", "PCP", "PCP (actual)", "Amphetamine", "Amphetamine (actual)", "LSD",
    "Fentanyl", "Fentanyl Analogue", "Hashish", "Hashish Oil",
)  # fmt: skip
"""Drugs with rows of their own in the Drug Quantity Table that results count under another name."""
COUNTED_UNDER = {"Methamphetamine (actual)": "Methamphetamine", "Ice": "Methamphetamine"}
"""Which of `DRUGS` a drug of `EXACT` is counted under; the others are Other."""
DRUG_SLOTS = 5
"""Drugs of one person, the primary one first."""
MOST_MONTHS = 9_989
"""Longest maximum: counts are added up, and the Commission writes 9990 for more."""
MOST_GRAMS = 1e10
"""Ten thousand tonnes, more than any case; catches a column of another unit."""
MOST_DAYS = 40_000
"""More days than anybody's sentence has; catches a column of another unit."""


@dataclass(frozen=True)
class Column:
    """One column of a table of people.

    Attributes
    ----------
    name, kind, unit
        Kind is one of `KINDS`.
    meaning
        What it says.
    default
        What stands for everybody where the column is left out; `REQUIRED`, `FOLLOWS` or `ABSENT`.
    words
        Allowed words.
    low, high
        Limits of numbers, both allowed.
    only
        Allowed whole numbers, where they are few.
    blank
        Whether a cell may be empty: not known.
    """

    name: str
    kind: str
    unit: str
    meaning: str
    default: Any = REQUIRED
    words: tuple[str, ...] = ()
    low: float = 0
    high: float = float("inf")
    only: tuple[int, ...] = ()
    blank: bool = False

    @property
    def allowed(self) -> str:
        """Allowed values, as a reader is told."""
        if self.words:
            return ", ".join(self.words) if len(self.words) < 10 else f"{len(self.words)} names"
        if self.only:
            return ", ".join(map(str, self.only))
        if self.kind in ("whole", "number", "months") and self.high < float("inf"):
            return f"{self.low:g} to {self.high:g}" + (", or life" if self.kind == "months" else "")
        return {"number": "above 0"}.get(self.kind, KINDS[self.kind])

    @property
    def without(self) -> str:
        """What holds without the column, as a reader is told."""
        if self.default is REQUIRED:
            return "required"
        if self.default is FOLLOWS:
            return "follows from the others"
        if self.default is ABSENT:
            return "not used"
        default = self.default
        return ("true" if default else "false") if isinstance(default, bool) else _shown(default)


def _shown(value: Any) -> str:
    return "life" if value == LIFE else str(value)


@lru_cache(maxsize=1)
def schema() -> tuple[Column, ...]:
    """Every column, in the order of a written file."""
    roles = tuple(row for row in range(FACTS["mitigating_role"].low, 1) if row != -1)
    districts = tuple(tables.reference("districts").column("district"))
    drugs = (*DRUGS, *EXACT)
    return (
        Column("drug", "word", "", "primary drug; Other goes by its marihuana equivalent", words=drugs),
        Column("quantity_grams", "number", "grams", "quantity of the drug, for Other of its equivalent; may "
               "be empty beside base_offense_level", high=MOST_GRAMS, blank=True),
        Column("sentenced_on", "day", "", "day of sentence"),
        Column("criminal_history_category", "category", "category", "Criminal History Category"),
        Column("imposed_term_months", "months", "months", "present term", high=LONGEST),
        Column("district", "word", "", "district that sentenced", words=districts),
        Column("us_citizen", "yes_no", "", "citizen of the United States"),
        Column("race", "word", "", "race and ethnicity", words=RACES),
        Column("weapon", "yes_no", "", "§2D1.1(b)(1), two levels", False),
        Column("violence", "yes_no", "", "§2D1.1(b)(2), two levels", False),
        Column("other_characteristic", "yes_no", "", "another increase of two levels, §2D1.1(b)", False),
        Column("safety_valve", "yes_no", "", "18 U.S.C. 3553(f) applied, two levels less", False),
        Column("mitigating_role", "whole", "levels", "§3B1.2", 0, only=roles),
        Column("aggravating_role", "whole", "levels", "§3B1.1", 0, only=(0, 2, 3, 4)),
        Column("obstruction", "yes_no", "", "§3C1.1 or another two levels of Chapter Three", False),
        Column("acceptance", "whole", "levels", "§3E1.1", 0, only=(0, -2, -3)),
        Column("career_offender", "yes_no", "", "§4B1.1", False),
        Column("statutory_minimum_months", "months", "months", "over all counts", 0, high=LONGEST),
        Column("statutory_maximum_months", "months", "months", "over all counts", LIFE, high=MOST_MONTHS),
        Column("position", "word", "", "the term relative to the range", "within", words=POSITIONS),
        Column("first_term_months", "months", "months", "term as first imposed", FOLLOWS, high=LONGEST),
        Column("jail_credit_days", "whole", "days", "18 U.S.C. 3585(b)", 0, high=MOST_DAYS),
        Column("programme_days", "whole", "days", "taken off, 18 U.S.C. 3621(e)", 0, high=MOST_DAYS),
        Column("release_on", "day", "", "projected release with the present term; empty for life", FOLLOWS,
               blank=True),
        Column("sex", "word", "", "sex", ABSENT, words=("male", "female"), blank=True),
        Column("age_at_sentence", "whole", "years", "age, or first year of its band of five", ABSENT,
               low=AGES[0], high=AGES[1], blank=True),
        *_found(drugs),
    )  # fmt: skip


def _found(drugs: tuple[str, ...]) -> Iterator[Column]:
    """Columns for what was found in a case, where it is known; none of them has to be there."""
    top = FACTS["base_offense_level"].high
    most = MOST_MONTHS
    for name, kind, unit, meaning, low, high in (
        ("marihuana_equivalent_grams", "number", "grams", "of all drugs, where quantity_grams is empty",
         0, MOST_GRAMS),
        ("imposed_term_days", "whole", "days", "days of the term beside its months", 0, 31),
        ("manual_edition", "day", "", "edition of the Manual used; else that of the day of sentence", 0, 0),
        ("base_offense_level", "whole", "levels", "as found, after §2D1.1(a)(5)", 1, top),
        ("total_offense_level", "whole", "levels", "as found; closes what other levels leave open", 1, 99),
        ("table_minimum_months", "months", "months", "minimum of the range before statute", 0, LONGEST),
        ("override_offense_level", "whole", "levels", "§4B1.1, §4B1.4 as found, before acceptance", 1, top),
        ("armed_career_criminal", "yes_no", "", "§4B1.4; needs override_offense_level", 0, 1),
        ("offense_statutory_maximum_months", "months", "months", "greatest maximum of one count", 1, most),
        ("firearm_term_months", "months", "months", "18 U.S.C. 924(c) term within §4B1.1(c)", 0, most),
        ("consecutive_term_months", "months", "months", "terms served after imposed_term_months", 0, most),
        ("criminal_history_points", "whole", "points", "total, status points included", 0, 999),
        ("status_points", "whole", "points", "status points within the total", 0, 2),
        ("zero_point_offender_excluded", "yes_no", "", "a bar of §4C1.1 applies; assumed if left out", 0, 1),
    ):  # fmt: skip
        yield Column(name, kind, unit, meaning, ABSENT, low=low, high=high, blank=kind != "yes_no")
    for slot in range(2, DRUG_SLOTS + 1):
        yield Column(f"drug_{slot}", "word", "", "another drug", ABSENT, words=drugs, blank=True)
        yield Column(
            f"quantity_grams_{slot}", "number", "grams", "quantity of it", ABSENT, high=MOST_GRAMS, blank=True
        )


def column(name: str) -> Column:
    """One column by its name."""
    return {each.name: each for each in schema()}[name]


__all__ = [
    "ABSENT", "CATEGORIES", "COUNTED_UNDER", "DRUG_SLOTS", "EXACT", "FOLLOWS", "INDEX", "KINDS", "REQUIRED",
    "Column", "column", "schema",
]  # fmt: skip
