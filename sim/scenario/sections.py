"""The parts of a scenario: which keys there are, what they mean and what values they take."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from typing import Annotated, Any, Literal
from unicodedata import category

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from guidelines import tables
from guidelines.amendments import Amendment, encoded
from guidelines.errors import GuidelineError, nearest
from guidelines.manual import Manual
from sim.base.courts_kept import AS_OF

__all__ = ["Dates", "Day", "HypotheticalChange", "Judges", "Limits", "People", "ScenarioAmendment", "Section"]


def _day(value: object) -> object:
    """Accept a date of TOML or ISO text, and nothing with a time of day."""
    if isinstance(value, str):
        with suppress(GuidelineError):
            return date.fromisoformat(tables.iso(value))
    if type(value) is date:
        return value
    told = value.isoformat() if isinstance(value, datetime) else repr(value)
    raise ValueError(f"{told} is not a day; write it as 2014-11-01")


def _manual_day(value: object) -> object:
    """Accept a day from the first edition of the drug guideline that is held."""
    day, first = _day(value), tables.editions("drug_quantity")[0]
    if isinstance(day, date) and day < date.fromisoformat(first):
        raise ValueError(f"{day} is before the first edition of the drug guideline here, {first}")
    return day


NO_AMENDMENT = "none"
"""Name for: no guideline amendment at all, the question is about a statute."""

Day = Annotated[date, BeforeValidator(_day)]
ManualDay = Annotated[date, BeforeValidator(_manual_day)]
Rate = Annotated[float, Field(ge=0, le=1)]
Category = Annotated[int, Field(ge=1, le=6)]


class Section(BaseModel):
    """A part of a scenario: cannot be changed, knows no other keys, takes no text for a number."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    @field_validator("*")
    @classmethod
    def _plain(cls, value: Any, info: ValidationInfo) -> Any:
        several = info.field_name in ("description", "source")
        for place, letter in enumerate(value if isinstance(value, str) else "", start=1):
            if category(letter)[0] == "C" and not (several and letter in "\n\t"):
                raise ValueError(
                    f"character {place} is {letter!r}, which cannot be shown; plain text is accepted"
                    + ("" if several else ", in one line")
                )
        return value


class HypotheticalChange(Section):
    """One change of a hypothetical amendment to the Drug Quantity Table."""

    kind: Literal["lower", "thresholds"] = Field(
        description="lower: the cells another amendment lowered; thresholds: one drug takes another's"
    )
    like: str | None = Field(None, description="for lower: the amendment whose cells are lowered")
    levels: int | None = Field(None, ge=-20, le=0, description="for lower: how far, in offense levels")
    drugs: list[str] | None = Field(
        None, description="for lower: these drugs only, by their names in the Manual"
    )
    drug: str | None = Field(None, description="for thresholds: the drug that changes")
    thresholds_of: str | None = Field(None, description="for thresholds: the drug whose quantities it takes")

    def law(self) -> dict[str, Any]:
        """The change as `guidelines` reads it."""
        return {"table": "drug_quantity", **self.model_dump(exclude_none=True)}


class ScenarioAmendment(Section):
    """The change of law, and the Manuals before and after it."""

    like: str | None = Field(None, description="start a hypothetical amendment from this encoded one")
    name: str = Field(
        min_length=1, description='an encoded amendment, with `like` a name of your own, or "none"'
    )
    levels: int | None = Field(
        None, ge=-20, le=0, description="lower the cells that amendment lowered by this many offense levels"
    )
    change: tuple[HypotheticalChange, ...] = Field(
        (), strict=False, description="changes of a hypothetical amendment"
    )
    manual_before: ManualDay = Field(
        description="the Manual people were sentenced under: any day it was in force"
    )
    manual_after: ManualDay = Field(
        description="the first Manual with the amendment: who was sentenced from this day on has it already"
    )
    retroactive: bool = Field(
        True, description="false: only new sentences change, nobody already sentenced may ask for a cut"
    )

    @field_validator("like")
    @classmethod
    def _encoded(cls, value: str | None) -> str | None:
        if value is not None and value not in encoded():
            raise ValueError(_unknown_amendment(value))
        return value

    @field_validator("name")
    @classmethod
    def _encoded_or_own(cls, value: str, info: ValidationInfo) -> str:
        known = (*encoded(), NO_AMENDMENT)
        if "like" in info.data and info.data["like"] is None and value not in known:
            raise ValueError(f"{_unknown_amendment(value)}; a hypothetical amendment also needs `like`")
        return value

    @field_validator("manual_after")
    @classmethod
    def _in_order(cls, value: date, info: ValidationInfo) -> date:
        before = info.data.get("manual_before")
        if before is not None and value < before:
            raise ValueError(f"{value} is before manual_before, {before}")
        return value

    @model_validator(mode="after")
    def _lawful(self) -> ScenarioAmendment:
        if self.name == NO_AMENDMENT and (self.like or self.change or self.levels is not None):
            raise ValueError(f"{NO_AMENDMENT} stands for no amendment; a hypothetical one needs another name")
        try:
            Manual.on(self.manual_before).with_amendments(self.law())
        except GuidelineError as broken:
            raise ValueError(str(broken)) from None
        return self

    def law(self) -> Amendment:
        """The amendment as `guidelines` applies it."""
        if self.name == NO_AMENDMENT:
            return Amendment(NO_AMENDMENT, title="no guideline amendment")
        if self.like is None and not self.change and self.levels is None:
            return Amendment.load(self.name)
        data: dict[str, Any] = {"number": self.name}
        if self.like is not None:
            data["like"] = self.like
        if self.levels is not None:
            data["levels"] = self.levels
        if self.change:
            data["change"] = [change.law() for change in self.change]
        return Amendment.from_mapping(data)


class Dates(Section):
    """When what may happen."""

    effective: Day = Field(description="first day on which courts may decide motions")
    earliest_release: Day = Field(description="first day on which an order may take effect")
    reference: Day = Field(description="the day whose stock of prisoners is put through the amendment")
    horizon_months: int = Field(ge=1, le=600, description="months that are projected, from the reference day")

    @field_validator("earliest_release")
    @classmethod
    def _not_before_effect(cls, value: date, info: ValidationInfo) -> date:
        effective = info.data.get("effective")
        if effective is not None and value < effective:
            raise ValueError(f"{value} is before effective, {effective}; no order can take effect before")
        return value


class Judges(Section):
    """What courts do: who asks, who is left out by law, what is granted, and when.

    Three rates are told apart: of all motions, of the motions of eligible people, and of the eligible. A
    scenario may set the first or the second; results show all three.
    """

    as_of: str = Field(
        AS_OF[-1], description="fit the values left out come from: read from what had been published by then"
    )
    filing_rate: Rate = Field(description="share of the eligible who ask and are answered unless they leave")
    approval_rate: Rate = Field(description="share of the motions of eligible people that is granted")
    approval_rate_all_motions: Rate | None = Field(
        None, description="share of all motions that is granted, instead of approval_rate"
    )
    approval_spread: float = Field(
        ge=0, le=5, description="standard deviation between districts of the log-odds of approval"
    )
    approval_by_district: dict[str, Rate] = Field(
        default_factory=dict, description="approval_rate of single districts, by the district's name"
    )
    whole_cut_share: Rate = Field(
        description="share of the granted who get the whole cut; the others get a part of it"
    )
    ineligible_motion_share: float = Field(
        ge=0, lt=1, description="share of all motions that come from people the law leaves out"
    )
    ineligible_motion_spread: float = Field(
        ge=0, le=5, description="standard deviation between districts of the log-odds of that share"
    )
    decision_months_median: float = Field(ge=0, le=240, description="months from effect to decision, median")
    decision_months_spread: float = Field(
        ge=0, le=3, description="standard deviation of the logarithm of those months"
    )
    order_strength: float = Field(
        ge=0, le=10, description="how far those who can leave sooner come first; 0: no order"
    )
    monthly_capacity: int | None = Field(
        None,
        ge=1,
        description="most motions all courts together decide in a month; no limit if left out",
    )

    @field_validator("as_of")
    @classmethod
    def _fitted(cls, value: str) -> str:
        if value not in AS_OF:
            raise ValueError(f"no fit of courts as of {value!r} is kept; there are {' and '.join(AS_OF)}")
        return value

    @field_validator("approval_by_district")
    @classmethod
    def _districts(cls, value: dict[str, float]) -> dict[str, float]:
        known = tables.reference("districts").column("district")
        for name in value:
            if name not in known:
                raise ValueError(f"no district {name!r}; {nearest(name, known)}")
        return dict(sorted(value.items()))

    @model_validator(mode="after")
    def _one_rate(self) -> Judges:
        share = self.approval_rate_all_motions
        if share is not None:
            lawful = 1 - self.ineligible_motion_share
            if share > lawful * (1 + 1e-9):
                raise ValueError(
                    f"approval_rate_all_motions = {share} and ineligible_motion_share = "
                    f"{self.ineligible_motion_share:.3g} contradict each other: at most {lawful:.3g} of all "
                    "motions are by eligible people; lower one of the two"
                )
            if abs(share - lawful * self.approval_rate) > 1e-6:
                raise ValueError(
                    f"approval_rate = {self.approval_rate} and approval_rate_all_motions = {share} "
                    f"contradict each other where {lawful:.3g} of all motions are by eligible people; "
                    "set one of the two"
                )
        return self


class Limits(Section):
    """Who is left out of a narrower policy, beyond those the law itself leaves out."""

    criminal_history_categories: tuple[Category, ...] = Field(
        (1, 2, 3, 4, 5, 6),
        min_length=1,
        strict=False,
        description="categories I-VI, as 1-6, that may get a cut",
    )
    exclude_weapon: bool = Field(False, description="leave out a weapon enhancement, §2D1.1(b)(1)")
    exclude_violence: bool = Field(False, description="leave out violence, §2D1.1(b)(2)")
    exclude_aggravating_role: bool = Field(False, description="leave out organizers and managers, §3B1.1")
    exclude_obstruction: bool = Field(False, description="leave out obstruction of justice, §3C1.1")
    exclude_924c: bool = Field(False, description="leave out a conviction under 18 U.S.C. § 924(c)")

    @field_validator("criminal_history_categories")
    @classmethod
    def _each_once(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        if len(set(value)) < len(value):
            raise ValueError("a category stands twice")
        return tuple(sorted(value))


class People(Section):
    """The stock of prisoners; the seed is no part of a scenario."""

    stock: int = Field(
        ge=1, le=2_000_000, description="drug prisoners on 1 November 2014; other days follow from it"
    )


def _unknown_amendment(name: str) -> str:
    return f"no amendment {name!r} is encoded; {nearest(name, encoded())}"
