"""Sweeps: scenarios x parameters x seeds, read from TOML, as blocks of work with keys of their content."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from itertools import product
from math import prod
from os import PathLike
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError, field_validator

from sim.base.errors import ScenarioError, SimulationError, SweepError
from sim.base.provenance import program_hash
from sim.ensemble import members
from sim.people.parameters import Parameters, best
from sim.population.population import Population
from sim.scenario.problems import problems, toml_of
from sim.scenario.scenario import Scenario
from sim.scenario.sections import Section
from sim.scenario.toml import key_lines

FORMAT = 1
TASKS_A_BLOCK = 6
"""Tasks that share a stock and are stored together: with the full stock about a second's work."""
MOST_RUNS = 100_000
"""Runs of one sweep: some hours of a machine."""
UNCOUNTED, MOST_TOLD = 10**18, 10
"""A number of runs nobody reads, and how many keys a message names."""
MOST_SEED = 2**63 - 1
"""What a column of whole numbers holds."""
Value = bool | int | float | str


class SweepFile(Section):
    """What a sweep file may hold."""

    scenarios: Annotated[
        list[str], Field(min_length=1, description="shipped names, or paths to scenario files")
    ]
    seeds: Annotated[list[int] | int, Field(description="a list, or a number n for the seeds 1 to n")] = 1
    worlds: Annotated[int, Field(ge=0)] = Field(
        0, description="plausible worlds to run instead of the fitted values"
    )
    thin: Annotated[int, Field(ge=1, le=64)] = Field(
        1, description="draw one person in so many, each standing for so many"
    )
    parameters: dict[str, list[Value]] = Field(
        {}, description="keys of a scenario, such as judges.approval_rate, and the values they take"
    )
    stock: dict[str, list[float]] = Field({}, description="parameters of the stock, and the values they take")

    @field_validator("seeds", mode="before")
    @classmethod
    def _seeds(cls, given: object) -> object:
        each = given if isinstance(given, list) else [given]
        least = 0 if isinstance(given, list) else 1
        if not all(type(seed) is int and least <= seed <= MOST_SEED for seed in each):
            raise ValueError(
                f"a number n for the seeds 1 to n, or a list of numbers from 0 to {MOST_SEED} is accepted, "
                f"not {given!r}"
            )
        return given


@dataclass(frozen=True)
class Task:
    """One run of a sweep.

    Attributes
    ----------
    scenario, seed, parameters, thin
        What is run.
    world
        Number of the plausible world, -1 for the fitted values.
    axes
        Value of each swept key.
    population, people
        People of one's own, and their hash.
    """

    scenario: Scenario
    seed: int
    parameters: Parameters
    thin: int
    world: int
    axes: Mapping[str, Value]
    population: Population | None = None
    people: str = ""

    @property
    def stock(self) -> tuple[object, ...]:
        """What decides the people: tasks that share it share their people."""
        people = (self.seed, self.scenario.dates.reference, self.scenario.people.stock, self.thin)
        return (*people, self.parameters, self.people)

    def content(self) -> dict[str, object]:
        """All that its rows depend on."""
        named = {"scenario": self.scenario.name, "hash": self.scenario.hash, "axes": dict(self.axes)}
        run = {"seed": self.seed, "thin": self.thin, "world": self.world}
        own = {"people": self.people} if self.people else {}
        return named | run | own | {"parameters": asdict(self.parameters)}


@dataclass(frozen=True)
class Block:
    """Tasks that are computed and stored together."""

    key: str
    tasks: tuple[Task, ...]


@dataclass(frozen=True)
class Plan:
    """A whole sweep.

    Attributes
    ----------
    blocks
        In a fixed order; each key is a hash of all that its rows depend on, tables and program included.
    text
        The file it was read from.
    """

    blocks: tuple[Block, ...]
    text: str

    @property
    def tasks(self) -> int:
        """Number of runs."""
        return sum(len(block.tasks) for block in self.blocks)


def load_plan(path: str | PathLike[str], population: Population | None = None) -> Plan:
    """Read a sweep file, to be run on synthetic people or on those of one's own.

    Raises
    ------
    SweepError
        What is wrong with it, one line a problem.
    """
    place = Path(path)
    try:
        text = place.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        raise SweepError([f"{place}: no such file"]) from None
    except UnicodeDecodeError as broken:
        raise SweepError([f"{place}: not UTF-8 text, as TOML must be (byte {broken.start})"]) from None
    return plan_of(text, str(place), place.parent, population)


def plan_of(
    text: str, place: str = "sweep", folder: Path | None = None, population: Population | None = None
) -> Plan:
    """A sweep from TOML text; paths of scenarios are taken from `folder`.

    Raises
    ------
    SweepError
        What is wrong with it, one line a problem.
    """
    try:
        file = SweepFile.model_validate(toml_of(text, place, SweepError))
    except ValidationError as wrong:
        raise SweepError(problems(wrong, SweepFile, place, key_lines(text))) from None
    _check_size(file, place)
    tasks = _tasks(file, place, folder or Path())
    if population is not None:
        if file.stock or file.thin > 1:
            raise SweepError(
                [f"{place}: stock and thin make synthetic people; leave them out with people of your own"]
            )
        own = population.hash
        tasks = [replace(task, population=population, people=own) for task in tasks]
    groups: dict[tuple[object, ...], list[Task]] = {}
    for task in tasks:
        groups.setdefault(task.stock, []).append(task)
    blocks = [
        tuple(group[at : at + TASKS_A_BLOCK])
        for group in groups.values()
        for at in range(0, len(group), TASKS_A_BLOCK)
    ]
    return Plan(tuple(Block(_key(block), block) for block in blocks), text)


def _check_size(file: SweepFile, place: str) -> None:
    """Refuse a sweep that would never end, before anything is made of it."""
    axes: dict[str, Sequence[Value]] = {**file.parameters, **file.stock}
    sizes = {
        "scenarios": len(file.scenarios),
        "seeds": file.seeds if isinstance(file.seeds, int) else len(file.seeds),
        "worlds": max(file.worlds, 1),
        **{name: len(values) for name, values in axes.items()},
    }
    runs = prod(sizes.values())
    if runs > MOST_RUNS:
        several = [f"{size:,} {name}" for name, size in sizes.items() if size > 1]
        told = " x ".join([*several[:MOST_TOLD], *(["..."] if len(several) > MOST_TOLD else [])])
        count = f"{runs:,}" if runs < UNCOUNTED else f"more than {UNCOUNTED:,}"
        raise SweepError(
            [
                f"{place}: {told} are {count} runs; at most {MOST_RUNS:,} are made of one file: give fewer "
                "values, or several files"
            ]
        )


def _tasks(file: SweepFile, place: str, folder: Path) -> list[Task]:
    seeds = list(range(1, file.seeds + 1)) if isinstance(file.seeds, int) else file.seeds
    wrong: list[str] = []
    axes_of: dict[str, Sequence[Value]] = {**file.parameters, **file.stock}
    for name, values in {**axes_of, "seeds": seeds}.items():
        if not values:
            wrong.append(f"{place}: {name}: no values")
        if len(set(values)) < len(values):
            wrong.append(f"{place}: {name}: a value stands twice")
    names = [Path(name).stem for name in file.scenarios]
    wrong += [
        f"{place}: scenarios: {name} stands twice"
        for name, times in sorted(Counter(names).items())
        if times > 1
    ]
    found = []
    by_problem: dict[str, list[Mapping[str, Value]]] = {}
    for name in dict.fromkeys(file.scenarios):
        try:
            base = Scenario.load(name if Path(name).name == name and "." not in name else folder / name)
        except ScenarioError as problem:
            wrong += problem.problems
            continue
        for values in product(*axes_of.values()):
            axes = dict(zip(axes_of, values, strict=True))
            try:
                scenario = base.but({key: axes[key] for key in file.parameters})
                parameters = best().but(**{key: float(axes[key]) for key in file.stock})
                found += _worlds(file, scenario, parameters, axes, seeds)
            except SimulationError as problem:
                for line in str(problem).splitlines():
                    by_problem.setdefault(line, []).append(axes)
    for line, cases in by_problem.items():
        more = f" and {len(cases) - 1:,} more" if len(cases) > 1 else ""
        wrong.append(f"{place}: {cases[0]}{more}: {line}")
    if wrong:
        raise SweepError(list(dict.fromkeys(wrong)))
    return sorted(found, key=lambda task: task.seed)  # stable: more seeds leave the earlier blocks alone


def _worlds(
    file: SweepFile,
    scenario: Scenario,
    parameters: Parameters,
    axes: Mapping[str, Value],
    seeds: list[int],
) -> list[Task]:
    found = []
    for seed in seeds:
        if not file.worlds:
            found.append(Task(scenario, seed, parameters, file.thin, -1, axes))
        for member in members(scenario, seed, file.worlds):
            chosen = member.parameters.but(**{key: float(axes[key]) for key in file.stock})
            found.append(Task(member.scenario, seed, chosen, file.thin, member.number, axes))
    return found


def _key(tasks: tuple[Task, ...]) -> str:
    content = {
        "format": FORMAT,
        "program": program_hash(),
        "tasks": [task.content() for task in tasks],
    }
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]
