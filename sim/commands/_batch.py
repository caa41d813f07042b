"""Records in blocks: read, answered (by several processes where there are many), handed on in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.output.cases.docket import Docket
    from sim.records.batch import Answer
    from sim.records.record import Record
    from sim.records.source import Entry, Source

BLOCK = 5_000
WAITING = 4
"""Blocks that are worked on or done and not yet handed on; more would only take memory."""
Shape = Callable[[int, "Record", "Answer"], Any]


@dataclass
class Answered:
    """What came of one block.

    Attributes
    ----------
    shaped
        The answers, as `Shape` makes them.
    bad
        Lines with errors.
    readings
        By field and convention: the first thing read differently from how it was written, its line, how many.
    extra
        Names that are no facts, in records of JSON.
    docket
        The clients of the block; None where nobody asked.
    """

    shaped: list[Any] = field(default_factory=list)
    bad: list[int] = field(default_factory=list)
    readings: dict[tuple[str, str], tuple[str, int, int]] = field(default_factory=dict)
    extra: dict[str, None] = field(default_factory=dict)
    docket: Docket | None = None

    def tell(self, other: Answered) -> None:
        """Add what another block had to say."""
        from sim.records.record import NAMED

        self.bad += other.bad
        for key, (text, line, count) in other.readings.items():
            first, at, sofar = self.readings.get(key, (text, line, 0))
            self.readings[key] = first, at, sofar + count
        self.extra |= dict(islice(other.extra.items(), NAMED + 1))
        if self.docket is not None and other.docket is not None:
            self.docket.merge(other.docket)

    def notices(self, name: str) -> Iterator[str]:
        """One line for each convention that was needed, and one for what was handed through."""
        for text, line, count in self.readings.values():
            more = f"; {count - 1:,} more like it" if count > 1 else ""
            yield f"{name}, line {line}: {text}{more}"
        if self.extra:
            from sim.records.record import handed_through

            yield handed_through(name, self.extra)


def answered(
    source: Source, shape: Shape, *, docket: bool = False, jobs: int | None = None
) -> Iterator[Answered]:
    """Answers to the records of a file, block by block.

    `shape` is sent to other processes; with `docket` a docket of the clients is kept.
    """
    from sim.base.workers import workers

    blocks = iter(lambda: list(islice(source.entries, BLOCK)), [])
    do = partial(
        work,
        columns=source.columns,
        places=source.places,
        delimiter=source.delimiter,
        shape=shape,
        docket=docket,
    )
    first = list(islice(blocks, 2))
    if len(first) < 2:
        yield from map(do, first)
        return
    with workers(jobs) as executor:
        if executor is None:
            yield from map(do, chain(first, blocks))
        else:
            yield from _shared(chain(first, blocks), do, executor)


def _shared(
    blocks: Iterator[list[Entry]], do: Callable[[list[Entry]], Answered], executor: Executor
) -> Iterator[Answered]:
    from tqdm import tqdm

    waiting: deque[tuple[list[Entry], Future[Answered] | None]] = deque()
    with tqdm(unit=" records", disable=None, leave=False, unit_scale=True) as bar:

        def next_done() -> Answered:
            block, future = waiting.popleft()
            try:
                done = do(block) if future is None else future.result()
            except BrokenExecutor:  # somebody killed a worker: what it had is done here
                done = do(block)
            bar.update(len(block))
            return done

        for block in blocks:
            try:
                waiting.append((block, executor.submit(do, block)))
            except BrokenExecutor:
                waiting.append((block, None))
            if len(waiting) >= WAITING:
                yield next_done()
        while waiting:
            yield next_done()


def work(
    block: list[Entry], *, columns: Any, places: Any, delimiter: str, shape: Shape, docket: bool
) -> Answered:
    """One block, in whatever process."""
    import gc

    from sim.records.batch import answered as answers_of

    # The answers of a block hold no cycles; looking for some among a million values takes half the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        out = Answered(docket=_new_docket() if docket else None)
        answers = answers_of(block, columns, places, delimiter)
        for (number, _), (record, answer) in zip(block, answers, strict=True):
            out.shaped.append(shape(number, record, answer))
            if "error" in answer:
                out.bad.append(number)
            if out.docket is not None:
                out.docket.add_answer(number, answer)
            for reading in record.readings:
                key = reading.field, reading.how
                text, line, count = out.readings.get(key, (str(reading), number, 0))
                out.readings[key] = text, line, count + 1
            if record.extra and not columns:
                out.extra |= dict.fromkeys(record.extra)
        return out
    finally:
        if collecting:
            gc.enable()


def _new_docket() -> Docket:
    from datetime import date

    from sim.output.cases.docket import Docket

    return Docket(made_on=date.today())
