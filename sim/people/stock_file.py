"""A stock as one file: the people, and of everybody sentenced what forecasts ask for.

Of the flow behind a stock the sentences of the last years with data are stored; whoever asks for others gets
them too, worked out anew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import lru_cache, partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.people.array_file import Arrays, packed, unpacked
from sim.people.flows import LAST_DATA_YEAR
from sim.people.history import Earlier
from sim.people.margins import sentenced_in
from sim.people.raking import Raked
from sim.people.sentenced import NESTED, DateArray, IntArray, Sentenced
from sim.people.stock import Stock

YEARS = 3
"""Fiscal years whose sentences are stored."""


def stock_bytes(stock: Stock) -> bytes:
    """The bytes of a file."""
    flow = stock.flow
    late = np.zeros(len(flow), np.bool_)
    for year in range(LAST_DATA_YEAR - YEARS + 1, LAST_DATA_YEAR + 1):
        late |= sentenced_in(flow, year) > 0
    rows = np.flatnonzero(late)
    first, last = (int(rows[0]), int(rows[-1]) + 1) if len(rows) else (0, 0)
    arrays: Arrays = {
        "sentenced_on": flow.sentenced_on,
        "first_terms": stock.first_terms,
        "weights": stock.raked.weights,
    }
    arrays |= _columns("people", stock.sentenced)
    arrays |= _columns("late", flow.take(np.arange(first, last)))
    arrays |= {f"factors/{name}": factor for name, factor in stock.raked.factors.items()}
    table, words = _table(stock.people)
    arrays |= table
    for number, done in enumerate(stock.earlier):
        arrays[f"earlier/{number}/rows"] = done.rows
        arrays[f"earlier/{number}/before"] = done.term_before_months
        arrays[f"earlier/{number}/after"] = done.term_after_months
    note = {
        "first": first,
        "unscaled": stock.unscaled,
        "assumed": stock.assumed,
        "gaps": stock.raked.gaps,
        "rounds": stock.raked.rounds,
        "settled": stock.raked.settled,
        "empty": stock.raked.empty,
        "factors": list(stock.raked.factors),
        "earlier": [(done.amendment, done.effective) for done in stock.earlier],
        "columns": list(stock.people.columns),
        "words": words,
    }
    return packed(arrays, note)


def _flow(anew: Callable[[], Stock]) -> Sentenced:
    return anew().flow


def stock_of(content: bytes, anew: Callable[[], Stock]) -> Stock:
    """The stock of a file.

    Parameters
    ----------
    content
        The bytes.
    anew
        Makes the whole stock, should somebody ask for what is not stored.

    Raises
    ------
    ValueError
        The file is not whole, or not that of a stock.
    """
    arrays, note = unpacked(content)
    try:
        return Stock(
            people=_frame(arrays, note),
            sentenced=_sentenced("people", arrays),
            flow=KeptFlow(
                arrays["sentenced_on"], _sentenced("late", arrays), note["first"], partial(_flow, anew)
            ),
            first_terms=arrays["first_terms"],
            raked=Raked(
                arrays["weights"],
                {name: arrays[f"factors/{name}"] for name in note["factors"]},
                note["gaps"],
                note["rounds"],
                note["settled"],
                note["empty"],
            ),
            earlier=[
                Earlier(*named, *(arrays[f"earlier/{number}/{what}"] for what in ("rows", "before", "after")))
                for number, named in enumerate(note["earlier"])
            ],
            unscaled=note["unscaled"],
            assumed=tuple(note["assumed"]),
        )
    except (KeyError, TypeError) as missing:
        raise ValueError(f"no file of a stock: {missing}") from missing


class KeptFlow(Sentenced):
    """Everybody sentenced: the days and one stretch of rows at hand, the rest worked out when asked for.

    Parameters
    ----------
    sentenced_on
        Day of sentence of everybody, shape (sentenced,).
    part
        The rows at hand.
    first
        Which row the part begins with.
    anew
        Makes all columns.
    """

    def __init__(
        self, sentenced_on: DateArray, part: Sentenced, first: int, anew: Callable[[], Sentenced]
    ) -> None:
        self.sentenced_on = sentenced_on
        self._part, self._first, self._anew = part, first, anew
        self.found = {}

    def __len__(self) -> int:
        return len(self.sentenced_on)

    def __getattr__(self, name: str) -> Any:
        if name not in (field.name for field in fields(Sentenced)):
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")
        whole = self._anew()
        self.__dict__.update(vars(whole))
        return self.__dict__[name]

    def take(self, rows: IntArray) -> Sentenced:
        """The given rows of every column."""
        if len(rows) and self._first <= rows.min() and rows.max() < self._first + len(self._part):
            return self._part.take(rows - self._first)
        return Sentenced(**{field.name: getattr(self, field.name) for field in fields(Sentenced)}).take(rows)


def _columns(whose: str, people: Sentenced) -> Arrays:
    """Every column by its name; facts of the case have one more slash."""
    plain = {name: value for name, value in vars(people).items() if name not in NESTED}
    return {f"{whose}/{name}": value for name, value in plain.items()} | {
        f"{whose}/attributes/{name}": value for name, value in people.attributes.items()
    }


def _sentenced(whose: str, arrays: Arrays) -> Sentenced:
    head = f"{whose}/attributes/"
    facts = {name.removeprefix(head): value for name, value in arrays.items() if name.startswith(head)}
    names = [field.name for field in fields(Sentenced) if field.name not in NESTED]
    columns: dict[str, Any] = {name: arrays[f"{whose}/{name}"] for name in names}
    return Sentenced(attributes=facts, **columns)


def _table(people: pd.DataFrame) -> tuple[Arrays, dict[str, list[str]]]:
    """Columns of the table for readers; of words their codes, and the words apart."""
    arrays: Arrays = {"table": people.index.to_numpy()}
    words: dict[str, list[str]] = {}
    for name in people.columns:
        column = people[name]
        if isinstance(column.dtype, pd.CategoricalDtype):
            words[name] = column.cat.categories.to_list()
            arrays[f"table/{name}"] = column.cat.codes.to_numpy()
        else:
            arrays[f"table/{name}"] = column.to_numpy()
    return arrays, words


def _frame(arrays: Arrays, note: dict[str, Any]) -> pd.DataFrame:
    columns: dict[str, NDArray[Any] | pd.Categorical[str]] = {}
    for name in note["columns"]:
        column = arrays[f"table/{name}"]
        words = note["words"].get(name)
        columns[name] = column if words is None else pd.Categorical.from_codes(column, _index(tuple(words)))
    return pd.DataFrame(columns, index=pd.Index(arrays["table"], name="person_id"))


@lru_cache(maxsize=64)
def _index(words: tuple[str, ...]) -> pd.Index[str]:
    """The words of a column, made once for all the stocks of a run."""
    return pd.Index(words)
