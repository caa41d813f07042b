"""What can be chosen in the explorer: each axis with its choices, one of which is the result's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sim.scenario.scenario import Scenario

LEVELS = (("minus-one", "1 level", "one level off"), ("drugs-minus-two", "2 levels", "two levels off"),
          ("minus-three", "3 levels", "three levels off"))  # fmt: skip
"""Shipped scenarios with one, two and three levels off."""
NARROWER = "justice-department-rule"
"""The shipped scenario with the Justice Department's limits."""
RATES = tuple(percent / 100 for percent in range(50, 101, 10))
"""Shares of the eligible who file, and of their motions that are granted, that can be chosen."""
YEAR = 12
OWN = "as in this scenario"


@dataclass(frozen=True)
class Choice:
    """One value of an axis.

    Attributes
    ----------
    label
        Beside its button.
    told
        In a sentence.
    changed
        What it changes in a scenario, by dotted key.
    """

    label: str
    told: str
    changed: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Axis:
    """One thing that can be chosen; `own` is the number of the result's own choice."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    own: int


def axes_of(scenario: Scenario) -> tuple[Axis, ...]:
    """Levels off, delay, who is left out, and the shares who file and are granted, around a scenario."""
    return (
        levels(scenario),
        delay(scenario),
        excluded(scenario),
        _rate(scenario, "filing", "Eligible people who file", "{} of the eligible filing"),
        _rate(scenario, "approval", "Motions granted", "{} of motions granted"),
    )


def changes(axes: Sequence[Axis], chosen: Sequence[int]) -> dict[str, Any]:
    """What a combination changes in the scenario, by dotted key."""
    every: dict[str, Any] = {}
    for axis, number in zip(axes, chosen, strict=True):
        every |= axis.choices[number].changed
    return every


def levels(scenario: Scenario) -> Axis:
    """One, two or three levels off the cells of Amendment 782; another amendment stays what it is."""
    found: list[Choice] = []
    own = None
    enacted = Scenario.load("drugs-minus-two").amendment.name
    if enacted in (scenario.amendment.name, scenario.amendment.like):
        for name, label, words in LEVELS:
            amendment = Scenario.load(name).amendment
            if amendment == scenario.amendment:
                own = len(found)
            found.append(Choice(label, words, {"amendment": amendment.model_dump(exclude_none=True)}))
    return _axis("levels", "Levels off", found, own, Choice(OWN, f"the amendment {OWN}"))


def delay(scenario: Scenario) -> Axis:
    """No delay or a year's between the day courts may decide and the first day of releases."""
    dates = scenario.dates
    own_months = YEAR * (dates.earliest_release.year - dates.effective.year)
    own_months += dates.earliest_release.month - dates.effective.month
    days = {0: dates.effective, YEAR: a_year_after(dates.effective)}
    found: list[Choice] = []
    own = None
    for months, day in days.items():
        if day == dates.earliest_release:
            own = len(found)
        words = f"releases from {spelled(day)}"
        label = f"{months} months" if months else "none"
        found.append(Choice(label, words, {"dates.earliest_release": day}))
    words = f"releases from {spelled(dates.earliest_release)}"
    return _axis("delay", "Delay of releases", found, own, Choice(f"about {own_months} months", words))


def excluded(scenario: Scenario) -> Axis:
    """Nobody beyond those the law leaves out, or those the Justice Department would have left out."""
    found: list[Choice] = []
    own = None
    for name, label, words in (
        ("drugs-minus-two", "nobody", "nobody left out beyond the law"),
        (NARROWER, "the Justice Department’s rule", "the Justice Department’s narrower rule"),
    ):
        limits = Scenario.load(name).limits
        if limits == scenario.limits:
            own = len(found)
        found.append(Choice(label, words, {"limits": limits.model_dump()}))
    return _axis("excluded", "Who is left out", found, own, Choice(OWN, f"those left out {OWN}"))


def _rate(scenario: Scenario, name: str, label: str, words: str) -> Axis:
    """The shares of `RATES` for a rate of the courts, the scenario's own among them."""
    own = getattr(scenario.judges, f"{name}_rate")
    rates = sorted({*RATES, own})
    found = [
        Choice(
            f"{100 * rate:.3g} %",
            words.format(f"{100 * rate:.3g} %"),
            {} if rate == own else {f"judges.{name}_rate": rate},
        )
        for rate in rates
    ]
    return Axis(name, label, tuple(found), rates.index(own))


def _axis(name: str, label: str, found: list[Choice], own: int | None, otherwise: Choice) -> Axis:
    """An axis, with the scenario's own choice at its end where it is none of the usual ones."""
    if own is None:
        found, own = [*found, otherwise], len(found)
    return Axis(name, label, tuple(found), own)


def a_year_after(day: date) -> date:
    """The same day of the next year; 1 March for 29 February."""
    if (day.month, day.day) == (2, 29):
        return date(day.year + 1, 3, 1)
    return day.replace(year=day.year + 1)


def spelled(day: date) -> str:
    """1 November 2015."""
    return f"{day.day} {day:%B %Y}"
