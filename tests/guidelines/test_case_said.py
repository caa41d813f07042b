"""What the desk says to records of many kinds, whole: a change is seen, and read, before it is kept.

Nobody worked these answers out by hand; those that somebody did stand in ``derived.jsonl`` and
``answers.jsonl``. The records are partial ones drawn at random, picked so that together they go every way
through the rules, and some that are refused. ``make fmt`` writes the answers anew.
"""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

from guidelines import CaseError, analyze_cases
from guidelines.case.decision import branch, sentence

SAID = "tests/cases/said.jsonl"
KEPT = [json.loads(line) for line in (Path(__file__).parents[2] / SAID).read_text("utf-8").splitlines()]


def said(answer):
    """All of an answer that says something, as a desk shows it, or what is refused."""
    if isinstance(answer, CaseError):
        return {"refused": list(answer.problems)}
    told = {"sentence": sentence(answer), **answer, "branches": [branch(one) for one in answer["branches"]]}
    told["worksheet"] = [[value for value in line.values() if value] for line in answer["worksheet"]]
    return _speaking(told)


def _speaking(told):
    """Without what says nothing."""
    if not isinstance(told, dict):
        return told
    inner = {name: _speaking(value) for name, value in told.items()}
    return {name: value for name, value in inner.items() if value not in (None, [], {}, "")}


def test_every_answer_is_the_one_that_was_read(generated):
    records = [one["record"] for one in KEPT]
    lines = (
        json.dumps({"record": record, "said": said(answer)}, ensure_ascii=False, separators=(",", ":")) + "\n"
        for record, answer in zip(records, analyze_cases(records), strict=True)
    )
    generated(SAID, "".join(lines))


def test_the_records_reach_every_kind_of_answer():
    codes = {one["said"].get("code") for one in KEPT}
    assert {"eligible", "eligible_substantial_assistance", None} < codes and len(codes) > 15
    assert sum("refused" in one["said"] for one in KEPT) > 10
    assert sum(len(one["said"].get("branches", ())) > 1 for one in KEPT) > 20
    assert sum("release" in one["said"] for one in KEPT) > 20


TURNS = "tests/cases/turns.jsonl"


def test_every_answer_turns_where_it_was_read_to_turn(generated):
    """One number of a record goes up step by step; what is kept is where the answer becomes another."""
    kept = (json.loads(line) for line in (Path(__file__).parents[2] / TURNS).read_text("utf-8").splitlines())
    lines = (json.dumps({**one, "turns": turns(**one)}, ensure_ascii=False) + "\n" for one in kept)
    generated(TURNS, "".join(lines))


def turns(record, field, values, **_):
    first, last, step = values
    numbers = range(first, last + 1, step)
    found = zip(numbers, analyze_cases({**record, field: at} for at in numbers), strict=True)
    each = [(at, brief(answer)) for at, answer in found]
    return [now for before, now in pairwise([(None, None), *each]) if before[1] != now[1]]


def brief(answer):
    """What decides, in a line, without the words."""
    if isinstance(answer, CaseError):
        return "refused: " + "; ".join(re.sub(r"\d+ given", "given", line) for line in answer.problems)
    codes = " or ".join(f"{one['code']}, {one['floor_months']}" for one in answer["branches"])
    told = (answer["code"], answer["floor_months"], answer["possible_range_months"]["amended"], codes)
    warned = [line.partition(":")[0] for line in (*answer["warnings"], *answer["clashes"])]
    return " | ".join(map(str, (*told, ", ".join(answer["decides"]), ", ".join(warned))))
