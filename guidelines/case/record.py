"""A checked record: what the rules are asked about, and what it leaves open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from guidelines.case.adjustments import Adjustments
from guidelines.case.cells import Cell
from guidelines.case.fields import day
from guidelines.case.setting import Setting
from guidelines.s1b1_10_policy import floor_is_limit
from guidelines.s2d1_1_substances import substance_names
from guidelines.s2d1_1_units import PLANTS

DRUG, SEVERAL, CELL, NOTHING = "drug", "several", "cell", "nothing"
"""Where the base level comes from: a drug or a level found; several drugs; a total or a range; nowhere."""

NO_ADJUSTMENTS = Adjustments()


@dataclass(frozen=True, slots=True)
class Option:
    """One value of an unknown fact: columns of the rules, and the same as fields of a record.

    ``above_range`` marks a value that only a term above the range speaks for.
    """

    columns: Mapping[str, int]
    says: Mapping[str, Any]
    above_range: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """An unknown fact.

    Attributes
    ----------
    asks
        The fields that would settle it, as listed for a person.
    options
        Its values. The first is the ordinary one, where there is one.
    ordinary
        Whether it has an ordinary value; without one nothing is assumed.
    """

    asks: tuple[str, ...]
    options: tuple[Option, ...]
    ordinary: bool = True


@dataclass(slots=True)
class Read:
    """A checked record.

    Attributes
    ----------
    given
        The fields that were given, checked (days since 1970, categories 1-6, life as `LIFE`).
    setting, assumed_manual
        The law, and what was assumed about the Manual.
    kind
        `DRUG`, `SEVERAL`, `CELL` or `NOTHING`.
    drug, quantity, substances
        Index into ``Manual.drugs`` (-1 unknown) with its quantity (NaN unknown); or several drugs.
    protected
        Drugs directly involved under §2D1.2(a)(1), where they were told apart.
    adjustments
        Sums of the adjustments found.
    cells
        Cells of the Sentencing Table the total or the range found allow, for `by_total`.
    category
        1-6, 0 if unknown; from the points if no category was found.
    role_note
        Why there is a mitigating role, where it was not found.
    net
        Adjustments were not itemised: the recorded total or range says what they come to.
    choices
        What the record leaves open.
    warnings
        What a reader must see first.
    comparable_from
        Term a comparable reduction starts from, where earlier reductions made the present one; else NaN.
    notes
        What was decided about single facts, for the list of what the answer rests on.
    """

    case_id: str | None
    given: dict[str, Any]
    setting: Setting
    assumed_manual: str = ""
    kind: str = NOTHING
    drug: int = -1
    quantity: float = float("nan")
    substances: dict[int, float] = field(default_factory=dict)
    protected: dict[int, float] = field(default_factory=dict)
    converted: bool = False
    adjustments: Adjustments = NO_ADJUSTMENTS
    cells: tuple[Cell, ...] = ()
    category: int = 0
    role_note: str = ""
    net: bool = False
    choices: tuple[Choice, ...] = ()
    warnings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    comparable_from: float = float("nan")

    @property
    def group(self) -> tuple[Any, ...]:
        """Records of one group go through the rules together."""
        columns = {name for choice in self.choices for name in choice.options[0].columns}
        points = "criminal_history_points" in self.given or "criminal_history_points" in columns
        history = 2 if points else 1 if self.category or "criminal_history_category" in columns else 0
        return id(self.setting), self.kind, history

    @property
    def base_known(self) -> bool:
        """Whether the base level follows from the record."""
        return self.kind in (DRUG, SEVERAL)

    @property
    def by_total(self) -> bool:
        """Whether the level is the total recorded, or that of the range recorded."""
        return self.kind == CELL or self.net

    @property
    def floor_is_limit(self) -> bool:
        """Whether the bottom of the amended range was a limit on the day of the order."""
        return floor_is_limit(day(self.given.get("order_effective_on", self.setting.order_on)))

    def quantities(self) -> Iterator[tuple[str, float]]:
        """Drugs as the statute counts them, with their quantities."""
        if self.converted:
            return
        if self.kind == DRUG and self.quantity == self.quantity:
            yield self.setting.manual.drugs[self.drug], self.quantity
        names = substance_names()
        for index, quantity in self.substances.items():
            yield names[index], quantity
        for one in self.given.get("drugs", ()):
            if str(one.get("unit", "")).lower() in PLANTS and one.get("quantity"):
                yield PLANTS[0], float(one["quantity"])
