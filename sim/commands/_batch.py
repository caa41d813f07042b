"""Records in blocks: read, answered (by several processes where there are many), handed on in order."""

from __future__ import annotations

import csv
import os
from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import Any, TextIO

BLOCK = 5_000
Block = list[tuple[int, Any]]
Answers = tuple[list[str], list[int]]


def answered(source: TextIO, by_rows: bool, name: str) -> Iterator[Answers]:
    """Answers to the records of a file, block by block, with the numbers of the lines that had errors."""
    columns: tuple[str, ...] = ()
    numbered: Iterator[tuple[int, Any]] = _lines(source)
    if by_rows:
        columns, numbered = _rows(source, name)
    blocks = iter(lambda: list(islice(numbered, BLOCK)), [])
    first = list(islice(blocks, 2))
    workers = os.cpu_count() or 1
    if len(first) < 2 or workers < 2:
        for block in (*first, *blocks):
            yield _answer(block, columns)
        return
    yield from _by_workers(first, blocks, columns, workers)


def _by_workers(
    first: list[Block], blocks: Iterator[Block], columns: tuple[str, ...], workers: int
) -> Iterator[Answers]:
    from concurrent.futures import Future, ProcessPoolExecutor

    from tqdm import tqdm

    waiting: deque[Future[Answers]] = deque()
    with (
        ProcessPoolExecutor(workers) as pool,
        tqdm(unit=" records", disable=None, leave=False, unit_scale=True) as bar,
    ):
        try:
            for block in (*first, *blocks):
                waiting.append(pool.submit(_answer, block, columns))
                while waiting and (len(waiting) > 2 * workers or waiting[0].done()):
                    done = waiting.popleft().result()
                    bar.update(len(done[0]))
                    yield done
            while waiting:
                done = waiting.popleft().result()
                bar.update(len(done[0]))
                yield done
        finally:
            for left in waiting:
                left.cancel()


def _answer(block: Block, columns: tuple[str, ...]) -> Answers:
    import gc

    from sim.records.batch import answer_lines

    # The answers of a block hold no cycles; looking for some among a million values takes half the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return answer_lines(block, columns)
    finally:
        if collecting:
            gc.enable()


def _lines(source: TextIO) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(source, start=1):
        if line.strip():
            yield number, line


def _rows(source: TextIO, name: str) -> tuple[tuple[str, ...], Iterator[tuple[int, Any]]]:
    from sim.records.batch import unknown_columns

    reader = csv.reader(source, strict=True)
    columns = tuple(cell.strip() for cell in next(reader, ()))
    problems = unknown_columns(columns) if columns else ["no header; a line of field names is accepted"]
    if problems:
        from guidelines import CaseError

        raise CaseError(f"{name}: {problem}" for problem in problems)
    return columns, _cells(reader, name)


def _cells(reader: Any, name: str) -> Iterator[tuple[int, Any]]:
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as broken:
        from guidelines import CaseError

        raise CaseError([f"{name}: line {reader.line_num}: not CSV: {broken}"]) from None
