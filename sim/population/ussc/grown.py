"""A stock grown from imported years: whoever was sentenced in them and has not left by a day.

The same rules as for the synthetic stock: jail credit and the drug programme are drawn (no file has them),
earlier amendments are applied, good conduct time is earned. Years that were not imported are filled in by the
synthetic people of those years.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sim.base.errors import PopulationError
from sim.base.fiscal import fiscal_year_of
from sim.base.streams import uniforms
from sim.people.earlier_amendments import apply_earlier
from sim.people.parameters import best
from sim.people.sentenced import Sentenced, jail_credit, programme
from sim.people.stock import synthesize
from sim.population.population import Population
from sim.population.ussc.read import NOT_IN_FILE, Import

YEAR_STEP = 100_000_000
"""A person's number: fiscal year times this plus the Commission's number, which is unique in a year only."""
SYNTHETIC_FROM = 1_000_000_000_000
"""Numbers of synthetic people begin here."""
MOST_FILLED = 0.10
"""Share of synthetic people up to which a stock counts as grown from real ones."""


@dataclass(frozen=True)
class Grown:
    """A stock grown from imported years.

    Attributes
    ----------
    people
        The people inside on the day.
    real, synthetic
        How many come from datafiles, and how many fill in years that were not imported.
    lines
        What was done, one line each.
    """

    people: Population
    real: int
    synthetic: int
    lines: tuple[str, ...]


def grow_stock(
    imports: Sequence[Import], on: str, seed: int = 1, *, fill: bool = False, thin: int = 1
) -> Grown:
    """The people inside on a day, from years of sentences.

    Parameters
    ----------
    imports
        One for each fiscal year.
    on
        The day, such as 2014-11-01.
    seed
        Random seed of credits, earlier motions and the people filled in.
    fill
        Allow more than `MOST_FILLED` of the people to be synthetic.
    thin
        Draw one synthetic person in so many; for tests.
    """
    years = [each.report.year for each in imports]
    twice = sorted({year for year in years if years.count(year) > 1})
    if twice:
        raise PopulationError([f"fiscal year {', '.join(map(str, twice))} is given twice"])
    day = np.datetime64(on)
    flow = Population.from_frame(pd.concat([_numbered(each) for each in imports])).everybody()
    known = _credited(flow.sentenced, seed)
    sentenced, earlier = apply_earlier(known, seed, best(), day)
    inside = np.flatnonzero(sentenced.inside(day))
    if not len(inside):
        raise PopulationError([f"nobody sentenced in {_spans(years)} was in prison on {day}"])
    real = flow.people.iloc[inside].assign(
        first_term_months=known.term_months[inside].astype(np.int32),
        imposed_term_months=sentenced.term_months[inside].astype(np.int32),
        jail_credit_days=sentenced.jail_credit_days[inside].astype(np.int32),
        release_on=sentenced.release_on[inside].astype("datetime64[s]"),
    )
    filled = _synthetic(years, day, seed, thin)
    share = len(filled) / (len(filled) + len(real))
    lines = (
        f"{len(real):,} people of the datafiles of fiscal years {_spans(years)} were inside on {day}",
        f"{len(filled):,} synthetic people fill in the other years: {100 * share:.1f} percent of the stock",
        *(
            f"Amendment {done.amendment}, from {done.effective}: {len(done.rows):,} of the datafiles' people "
            "were given a shorter term"
            for done in earlier
        ),
        "jail credit, the drug programme and who was granted an earlier motion are drawn",
        NOT_IN_FILE,
    )
    if share > MOST_FILLED and not fill:
        raise PopulationError(
            [f"{lines[1]}; import more years, or allow it with --fill (without: {100 * MOST_FILLED:g})"]
        )
    together = pd.concat([real, filled]).drop(columns="programme_days")  # follows from the release
    told = {
        "title": f"People inside on {day}, grown from the sentences of fiscal years {_spans(years)}",
        "note": "; ".join(lines[:2]) + f"; numbers from {SYNTHETIC_FROM} are synthetic people",
        "seed": str(seed),
    }
    return Grown(Population.from_frame(together, told), len(real), len(filled), lines)


def _numbered(each: Import) -> pd.DataFrame:
    frame = each.people.frame
    ids = each.report.year * YEAR_STEP + frame.index.to_numpy(np.int64)
    return frame.set_axis(pd.Index(ids, name="person_id"))


def _credited(people: Sentenced, seed: int) -> Sentenced:
    """The same with jail credit and days of the drug programme drawn, as for synthetic people."""
    parameters = best()

    def draw(purpose: str) -> np.ndarray:
        return uniforms(seed, f"grown/{purpose}", people.number)

    known = replace(
        people,
        jail_credit_days=jail_credit(people.term_months, draw("jail"), parameters),
        # What is there already are days and consecutive terms that the months do not hold.
        programme_days=people.programme_days
        + programme(people.term_months, people.attributes, draw("programme"), parameters),
    )
    return replace(known, release_on=known.releases(known.term_months))


def _synthetic(years: Sequence[int], day: np.datetime64, seed: int, thin: int) -> pd.DataFrame:
    """Synthetic people inside on the day who were sentenced in other years."""
    people = synthesize(seed, str(day), thin=thin).people
    year = np.array([fiscal_year_of(each) for each in people["sentenced_on"].to_numpy()])
    other = people[~np.isin(year, years)]
    ids = SYNTHETIC_FROM + other.index.to_numpy(np.int64)
    return other.set_axis(pd.Index(ids, name="person_id")).assign(armed_career_criminal=False)


def _spans(years: Sequence[int]) -> str:
    """Years in words: 2002-2014, 2016."""
    ordered, told = sorted(years), []
    while ordered:
        first = last = ordered.pop(0)
        while ordered and ordered[0] == last + 1:
            last = ordered.pop(0)
        told.append(str(first) if first == last else f"{first}-{last}")
    return ", ".join(told)
