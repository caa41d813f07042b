"""Parts of a scenario beside the amendment: mandatory minimums, good conduct time, costs, later years."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationInfo, WithJsonSchema, field_validator, model_validator

from guidelines import LIFE
from sim.scenario.sections import Day, Limits, Section

__all__ = [
    "Admissions",
    "Charging",
    "Clemency",
    "Costs",
    "CountedAs",
    "MandatoryMinimums",
    "MinimumChange",
    "Release",
]


def _months(value: object) -> object:
    """Accept the word life beside whole months."""
    return LIFE if value == "life" else value


_WRITTEN = WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1, "maximum": LIFE}, {"const": "life"}]})
Minimum = Annotated[int, BeforeValidator(_months), _WRITTEN]


class MinimumChange(Section):
    """One mandatory minimum that a statute lowers."""

    from_months: Minimum = Field(ge=1, le=LIFE, description='the minimum as it was, in months, or "life"')
    to_months: int = Field(ge=0, lt=LIFE, description="the minimum that takes its place, in months")
    limits: Limits = Field(
        default_factory=lambda: Limits(), description="who is left out of this change; nobody by default"
    )

    @field_validator("to_months")
    @classmethod
    def _lower(cls, value: int, info: ValidationInfo) -> int:
        was = info.data.get("from_months")
        if was is not None and value >= was:
            told = "life" if was == LIFE else was
            raise ValueError(f"{value} is not lower than from_months, {told}")
        return value


class MandatoryMinimums(Section):
    """Mandatory minimums that a statute lowers for people already sentenced."""

    change: tuple[MinimumChange, ...] = Field((), strict=False, description="each minimum that is lowered")
    reach: Literal["statute", "amendment"] = Field(
        "statute",
        description="statute: everybody whose range after the lower minimum is lower; amendment: only those "
        "whose range of the Sentencing Table the amendment lowers (§1B1.10)",
    )

    @field_validator("change")
    @classmethod
    def _each_once(cls, value: tuple[MinimumChange, ...]) -> tuple[MinimumChange, ...]:
        if len({change.from_months for change in value}) < len(value):
            raise ValueError("a minimum stands twice under from_months")
        return value


class Release(Section):
    """How good conduct time is counted for everybody still inside; no motion is needed for it."""

    good_time: Literal["before_first_step_act", "first_step_act"] = Field(
        "before_first_step_act",
        description="18 U.S.C. § 3624(b): 54 days for each year served, or, with first_step_act, for each "
        "year of the sentence imposed",
    )


class Charging(Section):
    """A charging policy for new sentences: against whom no mandatory minimum is charged any more."""

    sentences_of: int | None = Field(
        None,
        ge=1990,
        le=2014,  # the years of the flows, which `sim.people.flows` reads
        description="the policy, for new sentences like those of this fiscal year, from before it",
    )
    limits: Limits = Field(
        default_factory=lambda: Limits(), description="who is left out of the policy; nobody by default"
    )


class Clemency(Section):
    """Commutations: prisoners who meet the criteria leave on one day, whatever courts decide."""

    commutations: int = Field(0, ge=0, description="how many of the drug prisoners get one; 0 for none")
    on: Day | None = Field(None, description="the day on which they leave")
    served_years: float = Field(
        0, ge=0, le=100, description="years in custody that are asked for, on the reference day"
    )
    limits: Limits = Field(default_factory=lambda: Limits(), description="who does not meet the criteria")

    @model_validator(mode="after")
    def _dated(self) -> Clemency:
        if self.commutations and self.on is None:
            raise ValueError("commutations needs `on`, the day on which they leave")
        return self


class Costs(Section):
    """A marginal cost of a place in prison; none has been published that could be used by default."""

    marginal_cost_per_year: float | None = Field(
        None, gt=0, description="US dollars saved for each inmate-year that is not served; no default"
    )
    price_year: str | None = Field(None, description="the year of these prices, such as FY2015")
    source: str | None = Field(None, description="where the figure comes from")

    @model_validator(mode="after")
    def _complete(self) -> Costs:
        if self.marginal_cost_per_year is not None and not (self.price_year and self.source):
            raise ValueError("marginal_cost_per_year needs price_year and source beside it")
        return self


class Admissions(Section):
    """How many are sentenced from the reference day on, and how their terms follow an amended range.

    An assumption about years to come; it touches new sentences alone, nobody already inside.
    """

    course: Literal["constant", "trend", "as it was"] = Field(
        "constant",
        description="as many a year as in the last year with data; the yearly change of the last two years "
        "goes on; or as many as were sentenced, as far as published later (no forecast)",
    )
    yearly_change: float = Field(
        ge=-0.5, le=0.5, description="further change of the number a year, as a fraction, compounding"
    )
    term_elasticity: float = Field(
        ge=0,
        le=1.5,
        description="percent a new term changes for each percent its range does",
    )


class CountedAs(Section):
    """How the Commission is taken to have counted the people of its analyses.

    It touches what is compared with those analyses alone; courts decide about people as they are.
    """

    jail_credit: bool = Field(False, description="its projected releases allow for jail before the sentence")
    drug_programme: bool = Field(True, description="they allow for the residential drug programme")
    citizens_near_release: bool = Field(
        True, description="US citizens in a halfway house or at home on the reference day are on its list"
    )
    sentenced_until: Day | None = Field(None, description="last day of sentence in its records")
    least_months_left: float = Field(
        0.0, ge=0, le=24, description="whoever has less left on the day courts may begin is not on its list"
    )
