"""What the desk says to records of many kinds, whole: a change is seen, and read, before it is kept.

Nobody worked these answers out by hand; those that somebody did stand in ``derived.jsonl`` and
``answers.jsonl``. The records are partial ones drawn at random, picked so that together they go every way
through the rules, and some that are refused. ``make fmt`` writes the answers anew.
"""

from __future__ import annotations

import json
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
