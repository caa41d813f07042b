"""People as analysts bring them, or as the simulation makes them: one checked table.

>>> from sim.population.population import Population
>>> people = Population.synthesize("drugs-minus-two", seed=1, thin=200)
>>> len(people), people.frame["drug"].cat.categories[0]
(504, 'Cocaine')
>>> people.stock("2014-11-01").sentenced.term_months.shape
(504,)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from guidelines.tables import files_hash
from sim._version import __version__
from sim.base.errors import PopulationError
from sim.people.stock import Stock, synthesize
from sim.population.as_stock import stock_of
from sim.population.as_written import as_written
from sim.population.columns import Problem, conform
from sim.population.files import read_people, write_people
from sim.population.rules import LEVEL_FROM, broken, projected_release
from sim.population.schema import ABSENT, FOLLOWS, REQUIRED, schema
from sim.scenario.scenario import Scenario

SYNTHETIC = "synthetic people drawn from published statistics; nobody in this file is a real person"


@dataclass(frozen=True, eq=False)
class Population:
    """A table of people who passed every check. Make one with `read`, `from_frame` or `synthesize`.

    Rows that break a rule are set aside and counted. A table is refused where a column is missing, unknown or
    wrong in more than half of the rows.

    Attributes
    ----------
    frame
        One row a person, index ``person_id``, one type a column; the columns of
        `sim.population.schema.schema` that were given.
    provenance
        Where the people come from; stands inside written files.
    set_aside
        What the rows broke that were left out, one line a rule with the rows of the file.
    notices
        What was read differently from how it was written, and which columns were not used.
    """

    frame: pd.DataFrame
    provenance: Mapping[str, str] = field(default_factory=dict)
    set_aside: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()

    @classmethod
    def from_frame(cls, frame: pd.DataFrame, provenance: Mapping[str, str] | None = None) -> Population:
        """Check a frame and take in the rows that break no rule.

        Parameters
        ----------
        frame
            Columns of `sim.population.schema.schema`; those without a default must be there.
        provenance
            Where the people come from.

        Raises
        ------
        PopulationError
            What is wrong with the table as a whole, one line each.
        """
        kept, told = _taken(frame, lambda problem: problem.line())
        return cls(kept, dict(provenance or {}), told)

    @classmethod
    def synthesize(cls, scenario: Scenario | str, seed: int = 1, *, thin: int = 1) -> Population:
        """The synthetic stock of a scenario.

        Parameters
        ----------
        scenario
            A scenario, its name or its file; its reference day and the size of its stock count.
        seed
            Decides every draw.
        thin
            Only one person in so many.
        """
        asked = scenario if isinstance(scenario, Scenario) else Scenario.load(scenario)
        made = synthesize(seed, asked.dates.reference, stock=asked.people.stock, thin=thin)
        told = {
            "title": f"Federal drug prisoners on {asked.dates.reference}",
            "note": SYNTHETIC,
            "made_by": f"minustwo {__version__}",
            "scenario": asked.name,
            "scenario_hash": asked.hash,
            "seed": str(seed),
            "one_in": str(thin),
            "tables_sha256": files_hash(),
        }
        return cls.from_frame(made.people, told)

    @classmethod
    def read(cls, path: str | PathLike[str]) -> Population:
        """Read and check a sheet (CSV, tabs, semicolons, JSON lines, .xlsx) or a Parquet file.

        Raises
        ------
        PopulationError
            What is wrong with the table as a whole, with file, column, number of rows and the first lines.
        SimulationError
            Another kind of file, or Parquet without pyarrow.
        """
        frame, provenance, head = read_people(Path(path))
        frame, notices = as_written(frame)
        label, first = ("line", head + 1) if head else ("row", 1)
        kept, told = _taken(frame, lambda problem: f"{path}: {problem.line(label, first)}")
        return cls(kept, provenance, told, tuple(notices))

    @staticmethod
    def validate(frame: pd.DataFrame) -> tuple[Problem, ...]:
        """Every broken rule, with the number of rows and the first of them; none if all is well.

        Parameters
        ----------
        frame
            As for `from_frame`.
        """
        return tuple(checked(frame)[1])

    def write(self, path: str | PathLike[str]) -> Path:
        """Write a file ending in .csv or .parquet, whole or not at all.

        Raises
        ------
        SimulationError
            Another ending, or Parquet without pyarrow.
        OSError
            No permission or no room.
        """
        place = Path(path)
        write_people(self.frame, self.provenance, place)
        return place

    @property
    def assumed(self) -> tuple[str, ...]:
        """Rows set aside, and what stands for columns that were left out, one line each."""
        aside = tuple(f"people: set aside: {line}" for line in self.set_aside)
        return aside + tuple(
            "people: position follows from the term and the range of everybody"
            if each.name == "position"
            else f"people: {each.name} {each.without} for everybody ({each.meaning})"
            for each in schema()
            if each.name not in self.frame.columns and each.default not in (REQUIRED, FOLLOWS, ABSENT)
            if each.name != "programme_days" or "release_on" not in self.frame.columns
        )

    @property
    def hash(self) -> str:
        """SHA-256 of every column; the same people have the same."""
        digest = sha256()
        for name, values in _completed(self.frame).items():
            words = isinstance(values.dtype, pd.CategoricalDtype)
            plain = values.cat.codes.to_numpy() if words else values.to_numpy()
            digest.update(str(name).encode() + np.ascontiguousarray(plain).tobytes())
        return digest.hexdigest()

    def stock(self, reference: date | str) -> Stock:
        """The people who are inside on a day as a stock, ready for `sim.run`; the others are counted.

        Raises
        ------
        PopulationError
            Nobody is inside on the day.
        """
        frame = _completed(self.frame)
        inside, told = _inside(frame, np.datetime64(str(reference)))
        if not inside.any():
            raise PopulationError([f"{told}; nobody is left, so the scenario needs another reference day"])
        origin = {**self.provenance, "people_sha256": self.hash}
        assumed = (told, *self.assumed) if told else self.assumed
        kept = frame if inside.all() else frame[inside]
        return stock_of(kept, assumed, origin, position_given="position" in self.frame)

    def everybody(self) -> Stock:
        """All people of the table, whether or not they are inside on a day."""
        frame = _completed(self.frame)
        origin = {**self.provenance, "people_sha256": self.hash}
        return stock_of(frame, self.assumed, origin, position_given="position" in self.frame)

    def outside(self, reference: date | str) -> str:
        """One line on people who are not inside on a day; "" where everybody is."""
        return _inside(_completed(self.frame), np.datetime64(str(reference)))[1]

    def __len__(self) -> int:
        """Number of people."""
        return len(self.frame)

    def __repr__(self) -> str:
        told = self.provenance.get("title", "people")
        return f"<Population: {len(self):,} rows, {len(self.frame.columns)} columns; {told}>"


def checked(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Problem]]:
    """A frame with one type a column, and every rule it breaks."""
    typed, problems = conform(frame)
    if not len(typed):
        problems.append(Problem("people", "there are none"))
    return typed, problems + broken(_with_defaults(typed))


def _inside(frame: pd.DataFrame, day: np.datetime64) -> tuple[np.ndarray, str]:
    """Who is inside on a day, shape (people,), and one line on the others."""
    late = frame["sentenced_on"].to_numpy() > day
    gone = ~late & (frame["release_on"].to_numpy() <= day)
    counts = [
        f"{int(who.sum()):,} {told} {day}"
        for told, who in (("sentenced after", late), ("released by", gone))
        if who.any()
    ]
    told = f"people: of {len(frame):,} in the table not inside and left out: {', '.join(counts)}"
    return ~(late | gone), told if counts else ""


def _taken(frame: pd.DataFrame, line: Callable[[Problem], str]) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The rows that break no rule, and one line on each rule that others broke."""
    typed, problems = checked(frame)
    if not problems:
        return typed, ()
    stays = np.ones(len(typed), np.bool_)
    for problem in problems:
        stays[problem.broken] = False
    of_all = [each for each in problems if not each.persons or 2 * each.persons > len(typed)]
    if of_all or not stays.any():
        raise PopulationError(line(problem) for problem in problems)
    return conform(typed[stays])[0], tuple(line(problem) for problem in problems)


def _with_defaults(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with the defaults of the columns that were left out."""
    unknown = np.full(len(frame), np.nan)
    added: dict[str, Any] = {name: unknown for name in LEVEL_FROM if name not in frame.columns}
    for each in schema():
        if each.name in frame.columns or each.default in (REQUIRED, FOLLOWS, ABSENT):
            continue
        if each.name == "programme_days" and "release_on" in frame.columns:
            continue
        if each.kind == "word":
            codes = np.full(len(frame), each.words.index(each.default))
            added[each.name] = pd.Categorical.from_codes(codes, pd.Index(list(each.words)))
        else:
            kind = np.bool_ if each.kind == "yes_no" else np.int32
            added[each.name] = np.full(len(frame), each.default, kind)
    return frame.assign(**added)


def _completed(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with every column a stock needs, in the order of the schema.

    A release date that was given is kept: what it differs by from term and credits counts as programme days
    (less than nothing where good conduct time was lost), for the present term and the reduced one alike.
    """
    whole = _with_defaults(frame)
    if "first_term_months" not in whole:
        whole["first_term_months"] = whole["imposed_term_months"]
    start = whole["sentenced_on"].to_numpy()
    term, credit = (whole[name].to_numpy() for name in ("imposed_term_months", "jail_credit_days"))
    if "release_on" not in whole:
        released = projected_release(start, term, credit, whole["programme_days"].to_numpy())
        whole["release_on"] = released.astype("datetime64[s]")
    elif "programme_days" not in whole:
        plain = projected_release(start, term, credit, np.zeros(len(whole), np.int64))
        days = (plain - whole["release_on"].to_numpy().astype("datetime64[D]")).astype(np.int64)
        whole["programme_days"] = np.where(np.isnat(plain), 0, days).astype(np.int32)
    return whole[[each.name for each in schema() if each.name in whole]]
