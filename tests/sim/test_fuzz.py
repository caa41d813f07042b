"""Whatever is put to the commands: an answer or one line a problem and a documented exit, never a traceback.

``MINUSTWO_FUZZ`` gives the number of examples of each property; `make test-all` asks for many.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guidelines.case.fields import FIELDS
from sim.cli import main

MANY = settings(
    max_examples=int(os.environ.get("MINUSTWO_FUZZ", "40")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
DOCUMENTED = {0, 1, 2, 3}
LITERALS = [
    None, True, False, 0, -1, 1, 2.0, 1e300, -1e-300, 10**30, 140, 31, "", "III", "I", "life", "heroin", "²",
    "1 kg heroin", "782", "0782", "2014-11-01", "9999-01-01", "0001-01-01", "2014-W44-6", "1_000", "ı",
    "\ud800", "\x1b[31m\n", "=1+1", [], {}, [821], ["750A"], [97, 121], [[[]]], {"a": 1}, {"levels": 2.0},
    {"drug": "heroin", "quantity": 20, "unit": "g"}, [{"drug": "heroin", "quantity": "1e300", "unit": "kg"}],
    {"change": ["a"]},
]  # fmt: skip
VALUES = st.recursive(
    st.sampled_from(LITERALS) | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
RECORDS = st.dictionaries(st.sampled_from(sorted(FIELDS)) | st.text(max_size=8), VALUES, max_size=9)


def answer(arguments: list[str], name: str, content: bytes) -> tuple[int, str]:
    """Exit code and answers of a command on a file of its own; any exception is a failure."""
    with TemporaryDirectory() as folder:
        path, out = Path(folder) / name, Path(folder) / "answers"
        path.write_bytes(content)
        code = main([part.format(path=path, out=out) for part in arguments])
        return code, out.read_text(encoding="utf-8") if out.exists() else ""


@MANY
@given(st.lists(RECORDS, min_size=1, max_size=25))
def test_each_record_gets_its_own_answer_whatever_the_others_are(records):
    lines = "\n".join(json.dumps(record) for record in [*records, {"case_id": "last"}])
    code, answers = answer(["cases", "{path}", "--output", "{out}"], "facts.jsonl", lines.encode())
    assert code in (0, 3)
    told = [json.loads(line) for line in answers.splitlines()]
    assert len(told) == len(records) + 1
    assert told[-1]["case_id"] == "last" and "error" not in told[-1]
    for line in told:
        assert "error" not in line or (line["error"]["line"] and line["error"]["problems"])


@MANY
@given(st.lists(st.lists(st.sampled_from([*map(str, LITERALS)]), min_size=1, max_size=6), max_size=6),
       st.lists(st.sampled_from(sorted(FIELDS)), min_size=1, max_size=6),
       st.sampled_from(["utf-8", "utf-16", "cp1252"]))  # fmt: skip
def test_sheets(rows, header, encoding):
    text = "\n".join(",".join(cells) for cells in [header, *rows])
    code, _ = answer(["cases", "{path}", "--output", "{out}"], "facts.csv", text.encode(encoding, "replace"))
    assert code in DOCUMENTED


@MANY
@given(st.binary(max_size=300))
def test_bytes(content):
    for command in ("case", "cases", "checklist"):
        assert answer([command, "{path}"], "facts", content)[0] in DOCUMENTED
    for name in ("people.csv", "people.parquet"):
        assert answer(["people", "check", "{path}"], name, content)[0] in DOCUMENTED


KEYS = st.sampled_from(
    ["name", "title", "based_on", "amendment", "dates.reference", "judges.approval_rate", "limits", "x.y",
     "people.stock", "scenarios", "seeds", "worlds", "thin", "parameters", "[judges]",
     '"judges.approval_rate"', "[[amendment.change]]"]
)  # fmt: skip
TOML = st.sampled_from(
    ['"a"', '"drugs-minus-two"', '["drugs-minus-two"]', '["\\u0000.toml"]', "1", "-1", "1e400", "nan", "[]",
     "2014-11-01", "{a = 1}", "[[[1]]]", "true", "[0.5, 2]", "9" * 30]
)  # fmt: skip


@MANY
@given(st.lists(st.tuples(KEYS, TOML), max_size=6))
def test_scenarios_and_sweeps(pairs):
    text = "\n".join(key if key.startswith("[") else f"{key} = {value}" for key, value in pairs)
    assert answer(["scenarios", "{path}"], "asked.toml", text.encode())[0] in DOCUMENTED
    text += '\nscenarios = ["no such scenario"]'
    assert answer(["sweep", "{path}", "--out", "{out}"], "asked.toml", text.encode())[0] in DOCUMENTED - {0}


@MANY
@given(st.sampled_from(["range", "table", "diff", "case", "cases", "plots", "people", "compare", "no", ""]),
       st.lists(st.sampled_from(["--json", "--on", "-", "--", "--csv", "32", "VI", "2014-11-01", "9" * 50,
                                 "\x1b", "-1", "drug_quantity", "/nowhere"]), max_size=4))  # fmt: skip
def test_arguments(command, arguments):
    if "-" in arguments and command in ("case", "cases"):
        return  # would wait for standard input
    assert main([command, *arguments]) in DOCUMENTED
