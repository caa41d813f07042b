"""Scenarios: what is assumed about law, dates, judges and people, read from TOML.

>>> from sim.scenario.scenario import Scenario
>>> scenario = Scenario.load("drugs-minus-two")
>>> scenario.dates.earliest_release.isoformat()
'2015-11-01'
>>> scenario.but({"judges.approval_rate": 0.5}).judges.approval_rate
0.5
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from json import dumps
from os import PathLike
from typing import Any

from pydantic import Field, PrivateAttr, ValidationError, model_validator

from guidelines.errors import nearest
from sim.base.courts_kept import CENTRE
from sim.base.errors import ScenarioError
from sim.scenario import library as scenario_library
from sim.scenario.changes import (
    Admissions,
    Charging,
    Clemency,
    Costs,
    CountedAs,
    MandatoryMinimums,
    Release,
)
from sim.scenario.defaults import NO_MOTION, assumed_courts, filled
from sim.scenario.problems import problems, toml_of
from sim.scenario.sections import NO_AMENDMENT, Dates, Judges, Limits, People, ScenarioAmendment, Section
from sim.scenario.toml import Key, key_lines, toml_text

__all__ = [
    "Admissions",
    "Charging",
    "Clemency",
    "Costs",
    "CountedAs",
    "Dates",
    "Judges",
    "Limits",
    "MandatoryMinimums",
    "People",
    "Release",
    "Scenario",
    "ScenarioAmendment",
]


class Scenario(Section):
    """Everything a run assumes, but the seed.

    What is left out has its default in the tables: the dates of the amendment's own retroactivity, the
    published figures, and `tables/reference/assumptions.csv`. Two scenarios are equal when all their
    fields are.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]*$", description="short name, in lower case with hyphens")
    title: str = Field("", description="one line, shown in tables and pictures")
    description: str = Field("", description="what the scenario asks")
    source: str = Field("", description="where its assumptions come from")
    amendment: ScenarioAmendment
    dates: Dates
    judges: Judges
    limits: Limits
    people: People
    admissions: Admissions
    mandatory_minimums: MandatoryMinimums = Field(
        default_factory=MandatoryMinimums, description="mandatory minimums that a statute lowers"
    )
    release: Release = Field(default_factory=Release, description="good conduct time")
    counted_as: CountedAs = Field(
        default_factory=CountedAs, description="how the Commission is taken to have counted"
    )
    charging: Charging = Field(default_factory=Charging, description="a charging policy for new sentences")
    clemency: Clemency = Field(default_factory=Clemency, description="commutations beside the motions")
    costs: Costs = Field(default_factory=Costs, description="a marginal cost of a place in prison")

    _text: str = PrivateAttr("")

    @model_validator(mode="before")
    @classmethod
    def _fill(cls, data: Any) -> Any:
        return filled(data) if isinstance(data, Mapping) else data

    @model_validator(mode="after")
    def _one_question(self) -> Scenario:
        until = self.counted_as.sentenced_until
        if until is not None and until > self.dates.reference:
            raise ValueError(
                f"counted_as.sentenced_until = {until} is after dates.reference, {self.dates.reference}: "
                "nobody inside was sentenced later; give an earlier day, or leave it out"
            )
        if self.without_motion:
            if self.amendment.name != NO_AMENDMENT or self.mandatory_minimums.change:
                raise ValueError(
                    "good_time = first_step_act needs no motion and is looked at alone: set amendment.name = "
                    f'"{NO_AMENDMENT}" and change no mandatory minimum'
                )
            told = {name: getattr(self.judges, name) for name in NO_MOTION}
            if told != NO_MOTION:
                raise ValueError(
                    "good_time = first_step_act needs no motion: leave out "
                    f"{', '.join(name for name, value in told.items() if value != NO_MOTION[name])}"
                )
        return self

    @property
    def without_motion(self) -> bool:
        """Whether releases come earlier by the statute's own force, so that no court decides anything."""
        return self.release.good_time != Release().good_time

    @classmethod
    def load(cls, name_or_path: str | PathLike[str]) -> Scenario:
        """Read a shipped scenario by its name, or a file by its path.

        Raises
        ------
        ScenarioError
            No such scenario or file, broken TOML, or keys and values that make no sense; `problems` holds
            one line for each, with file, line and key.

        Examples
        --------
        >>> import sim
        >>> usual = sim.Scenario.load("drugs-minus-two")
        >>> few = usual.but({"people.stock": 2000})
        >>> (usual.people.stock, few.people.stock)
        (100888, 2000)
        """
        path = scenario_library.find(name_or_path)
        return cls.from_toml(scenario_library.read(path), str(path))

    @classmethod
    def of(cls, what: Scenario | str | PathLike[str]) -> Scenario:
        """A scenario as it is, or what `load` reads for a name or a path.

        Raises
        ------
        ScenarioError
            As for `load`, or something else was given.
        """
        if isinstance(what, cls):
            return what
        if isinstance(what, (str, PathLike)):
            return cls.load(what)
        raise ScenarioError(
            [
                "a scenario is a shipped name such as 'drugs-minus-two', the path of a TOML file, or a "
                f"sim.Scenario; {type(what).__name__} was given"
            ]
        )

    @classmethod
    def from_toml(cls, text: str, place: str = "scenario") -> Scenario:
        """Read a scenario from TOML text; `place` stands for the file in messages.

        Raises
        ------
        ScenarioError
            As for `load`.
        """
        data = toml_of(text, place, ScenarioError)
        try:
            lines = key_lines(text)
            based_on = data.pop("based_on", None)
            if based_on is not None:
                data = cls._over(based_on, data, place, lines)
            scenario = cls.model_validate(data)
        except ValidationError as wrong:
            raise ScenarioError(problems(wrong, cls, place, lines)) from None
        scenario._text = text
        return scenario

    @classmethod
    def _over(
        cls, based_on: Any, data: dict[str, Any], place: str, lines: Mapping[Key, int]
    ) -> dict[str, Any]:
        """The shipped scenario a file starts from, with the file's own keys laid over it."""
        where = f"{place}:{lines[('based_on',)]}: based_on"
        if not isinstance(based_on, str) or based_on not in scenario_library.names():
            hint = nearest(str(based_on), scenario_library.names())
            raise ScenarioError([f"{where}: no shipped scenario {based_on!r}; {hint}"])
        start, judges = cls.load(based_on), data.get("judges")
        base = start.model_dump(exclude_none=True, exclude={"name", "title", "description", "source"})
        touched = {f"judges.{name}" for name in judges} if isinstance(judges, Mapping) else set()
        base["judges"] = start._courts_beside(touched | set(data))
        if "amendment" in data:
            del base["amendment"], base["dates"]  # another amendment brings its own Manuals and dates
        return _laid_over(base, data)

    def _courts_beside(self, changed: set[str]) -> dict[str, Any]:
        """What stays of the judges when these keys change, by dotted key.

        What came from the fit of courts comes anew where the fit is another one; of the two rates that mean
        the same, the one that is given decides.
        """
        data = self.judges.model_dump(exclude_none=True)
        if "judges.as_of" in changed or any(key.split(".")[0] == "amendment" for key in changed):
            assumed = assumed_courts(self.judges, self.amendment)[CENTRE]
            data = {name: value for name, value in data.items() if value != assumed.get(name)}
        of_all = "judges.approval_rate_all_motions"
        if "judges.approval_rate" in changed:
            data.pop("approval_rate_all_motions", None)
        elif of_all in changed or "approval_rate_all_motions" in data:
            data.pop("approval_rate", None)
        return data

    @property
    def text(self) -> str:
        """The TOML it was read from, with its comments; else TOML made from its fields."""
        return self._text or toml_text(self.model_dump(exclude_none=True))

    @property
    def hash(self) -> str:
        """SHA-256 of all that can change a result: every field but name, title, description and source."""
        rules = self.model_dump(mode="json", exclude={"name", "title", "description", "source"})
        return sha256(dumps(rules, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    def but(self, changed: Mapping[str, Any]) -> Scenario:
        """The same scenario with other values, by dotted key: ``{"judges.approval_rate": 0.5}``.

        Raises
        ------
        ScenarioError
            A key nobody knows or a value that makes no sense.
        """
        data = self.model_dump(exclude_none=True)
        data["judges"] = self._courts_beside(set(changed))
        for key, value in changed.items():
            *sections, last = key.split(".")
            part = data
            for section in sections:
                part = part.setdefault(section, {})
                if not isinstance(part, dict):
                    raise ScenarioError([f"{key}: unknown key; {section} is a value and holds no others"])
            part[last] = value
        try:
            return type(self).model_validate(data)
        except ValidationError as wrong:
            raise ScenarioError(problems(wrong, type(self), self.name, {})) from None

    def __eq__(self, other: object) -> bool:
        """Whether all fields are the same; comments and layout of the text do not count."""
        return isinstance(other, Scenario) and self.model_dump() == other.model_dump()

    def __hash__(self) -> int:
        """Hash of the fields that can change a result."""
        return hash(self.hash)

    def __repr__(self) -> str:
        """Name, title and the beginning of the hash."""
        return f"<Scenario {self.name}: {self.title or 'no title'} ({self.hash[:12]})>"


def _laid_over(base: dict[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        below = merged.get(key)
        both = isinstance(below, dict) and isinstance(value, Mapping)
        merged[key] = _laid_over(below, value) if both else value  # type: ignore[arg-type]
    return merged
