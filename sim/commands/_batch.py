"""Records in blocks: read, answered (by several processes where there are many), handed on in order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.records.batch import Answer
    from sim.records.record import Record
    from sim.records.source import Entry, Source

BLOCK = 5_000
NAMED = 20
"""Columns handed through that are named."""
Shape = Callable[["Record", "Answer"], Any]


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
    """

    shaped: list[Any] = field(default_factory=list)
    bad: list[int] = field(default_factory=list)
    readings: dict[tuple[str, str], tuple[str, int, int]] = field(default_factory=dict)
    extra: dict[str, None] = field(default_factory=dict)

    def tell(self, other: Answered) -> None:
        """Add what another block had to say."""
        self.bad += other.bad
        for key, (text, line, count) in other.readings.items():
            first, at, sofar = self.readings.get(key, (text, line, 0))
            self.readings[key] = first, at, sofar + count
        self.extra |= dict(islice(other.extra.items(), NAMED))

    def notices(self, name: str, *, lines: bool) -> Iterator[str]:
        """One line for each convention that was needed, and one for what was handed through."""
        for text, line, count in self.readings.values():
            where = f", line {line}" if lines else ""
            more = f"; {count - 1:,} more like it" if count > 1 else ""
            yield f"{name}{where}: {text}{more}"
        if self.extra:
            yield f"{name}: no facts, handed through: {', '.join(islice(self.extra, NAMED))}"


def answered(source: Source, shape: Shape) -> Iterator[Answered]:
    """Answers to the records of a file, block by block."""
    blocks = iter(lambda: list(islice(source.entries, BLOCK)), [])
    how = source.columns, source.places, source.delimiter, shape
    first = list(islice(blocks, 2))
    workers = os.cpu_count() or 1
    if len(first) < 2 or workers < 2:
        for block in (*first, *blocks):
            yield work(block, *how)
        return
    yield from _by_workers(first, blocks, how, workers)


def _by_workers(
    first: list[list[Entry]], blocks: Iterator[list[Entry]], how: tuple[Any, ...], workers: int
) -> Iterator[Answered]:
    from concurrent.futures import Future, ProcessPoolExecutor

    from tqdm import tqdm

    waiting: deque[Future[Answered]] = deque()
    with (
        ProcessPoolExecutor(workers) as pool,
        tqdm(unit=" records", disable=None, leave=False, unit_scale=True) as bar,
    ):
        try:
            for block in (*first, *blocks):
                waiting.append(pool.submit(work, block, *how))
                while waiting and (len(waiting) > 2 * workers or waiting[0].done()):
                    done = waiting.popleft().result()
                    bar.update(len(done.shaped))
                    yield done
            while waiting:
                done = waiting.popleft().result()
                bar.update(len(done.shaped))
                yield done
        finally:
            for left in waiting:
                left.cancel()


def work(block: list[Entry], columns: Any, places: Any, delimiter: str, shape: Shape) -> Answered:
    """One block, in whatever process."""
    import gc

    from sim.records.batch import answered as answers_of

    # The answers of a block hold no cycles; looking for some among a million values takes half the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        out = Answered()
        for (number, _), (record, answer) in zip(
            block, answers_of(block, columns, places, delimiter), strict=True
        ):
            out.shaped.append(shape(record, answer))
            if "error" in answer:
                out.bad.append(number)
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
