"""Whatever is put to the commands: an answer or one line a problem and a documented exit, never a traceback.

``MINUSTWO_FUZZ`` is the base of the number of examples, 100 times as many in all: 2,500 in the normal run,
200,000 in `make test-all` (arguments 92,000, scenarios, sweeps 40,000, sheets 20,000, bytes 20,000, batches
of up to 25 records 10,000, people in sheets 10,000, in Parquet 4,000, edited results 4,000, their pages 50).
"""

from __future__ import annotations

import csv
import io
import json
import os
from contextlib import redirect_stderr, suppress
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guidelines.case.fields import FIELDS
from sim.base.errors import SimulationError
from sim.cli import main
from sim.output import store
from sim.output.finding import headline
from sim.output.store_read import read
from sim.population.schema import INDEX, schema
from sim.runner import run
from sim.scenario.scenario import Scenario

BASE = int(os.environ.get("MINUSTWO_FUZZ", "25"))


def many(times: float) -> settings:
    """So many times the base of examples; 100 times in all."""
    return settings(
        max_examples=max(1, int(BASE * times)),
        deadline=None,
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.filter_too_much,
        ],
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


@many(5)
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


@many(10)
@given(st.lists(st.lists(st.sampled_from([*map(str, LITERALS)]), min_size=1, max_size=6), max_size=6),
       st.lists(st.sampled_from(sorted(FIELDS)), min_size=1, max_size=6),
       st.sampled_from(["utf-8", "utf-16", "cp1252"]))  # fmt: skip
def test_sheets(rows, header, encoding):
    text = "\n".join(",".join(cells) for cells in [header, *rows])
    code, _ = answer(["cases", "{path}", "--output", "{out}"], "facts.csv", text.encode(encoding, "replace"))
    assert code in DOCUMENTED


@many(10)
@given(st.binary(max_size=300))
def test_bytes(content):
    for command in ("case", "cases", "checklist"):
        assert answer([command, "{path}"], "facts", content)[0] in DOCUMENTED
    for name in ("people.csv", "people.parquet"):
        assert answer(["people", "check", "{path}"], name, content)[0] in DOCUMENTED


CELLS = st.sampled_from([str(value) for value in LITERALS if value != "\ud800"]) | st.text(max_size=6)
PEOPLE = [INDEX, *(column.name for column in schema())]
ROW = {
    "drug": "Heroin", "quantity_grams": "900", "sentenced_on": "2009-05-01",
    "criminal_history_category": "II", "imposed_term_months": "140", "sentence_began_on": "2009-06-01",
    "district": "Texas Western", "us_citizen": "true", "race": "Black",
}  # fmt: skip


@many(5)
@given(st.lists(st.dictionaries(st.sampled_from(PEOPLE) | st.text(max_size=6), CELLS, max_size=4),
                min_size=1, max_size=5),
       st.sampled_from(["utf-8", "utf-16", "cp1252"]), st.booleans())  # fmt: skip
def test_people_with_cells_of_any_kind(rows, encoding, whole):
    rows = [{**ROW, **row} if whole else row for row in rows]
    names = list(dict.fromkeys(name for row in rows for name in row))
    sheet = io.StringIO()
    csv.writer(sheet).writerows([names, *([row.get(name, "") for name in names] for row in rows)])
    content = sheet.getvalue().encode(encoding, "replace")
    for more in ([], ["--on", "2014-11-01"]):
        assert answer(["people", "check", "{path}", *more], "people.csv", content)[0] in DOCUMENTED


ODD = st.sampled_from(
    [1, -1, 2.5, 1e300, float("nan"), None, True, "Heroin", "", b"x", [1], {"a": 1}, "2009-05-01",
     pd.Timestamp("2009-05-01"), pd.Timestamp("2009-05-01", tz="UTC"), pd.Timedelta(1, "D")]
)  # fmt: skip


@many(2)
@given(st.dictionaries(st.sampled_from(PEOPLE), ODD, max_size=4), st.booleans())
def test_people_in_parquet_with_columns_of_any_kind(odd, named):
    frame = pd.DataFrame([{**ROW, **odd}] * 2)
    content = io.BytesIO()
    frame.to_parquet(content, index=named)
    assert answer(["people", "check", "{path}"], "people.parquet", content.getvalue())[0] in DOCUMENTED


@pytest.fixture(scope="module")
def stored(tmp_path_factory) -> dict[str, bytes]:
    """Files of a small stored result."""
    small = run(Scenario.load("drugs-minus-two").but({"people.stock": 500}), seed=1, worlds=8)
    folder = store.write(small, tmp_path_factory.mktemp("stored") / "out", pictures=False)
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


KINDS = [
    "",
    "x",
    "-1",
    "1e400",
    "nan",
    "9" * 400,
    "1_0",
    "2014-13-01",
    "True",
    "\x1b[31m",
    "0",
    "99999-01-01",
]


def edited(files: dict[str, bytes], draw: st.DataObject) -> dict[str, bytes]:
    """The files after somebody changed a number, a row, a column or a key, and put the hash right."""
    name = draw.draw(st.sampled_from(sorted(name for name in files if name.endswith((".csv", ".json")))))
    held = json.loads(files["summary.json"])
    if name.endswith(".json"):
        node = held
        while True:
            key = draw.draw(st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node))))
            if not (isinstance(node[key], (dict, list)) and node[key] and draw.draw(st.booleans())):
                break
            node = node[key]
        if draw.draw(st.booleans()):
            del node[key]
        else:
            node[key] = draw.draw(st.sampled_from([None, True, 0, -1, 1e300, "", "x", [], {}, [1], {"a": 1}]))
        return {**files, "summary.json": json.dumps(held).encode()}
    rows = list(csv.reader(files[name].decode().splitlines()))
    row, column = (draw.draw(st.integers(0, len(each) - 1)) for each in (rows, rows[0]))
    cell = draw.draw(st.sampled_from(KINDS))
    match draw.draw(st.sampled_from(["cell", "column", "row", "empty", "twice", "narrower"])):
        case "cell":
            rows[row][column] = cell
        case "column":
            rows[1:] = [[*each[:column], cell, *each[column + 1 :]] for each in rows[1:]]
        case "row":
            del rows[row]
        case "empty":
            del rows[1:]
        case "twice":
            rows += rows[1:]
        case "narrower":
            rows = [[*each[:column], *each[column + 1 :]] for each in rows]
    sheet = io.StringIO()
    csv.writer(sheet, lineterminator="\n").writerows(rows)
    content = sheet.getvalue().encode()
    held.setdefault("files", {})[name] = sha256(content).hexdigest()
    return {**files, name: content, "summary.json": json.dumps(held).encode()}


@many(2)
@given(st.data())
def test_stored_results_that_somebody_edited_are_read_or_refused(stored, draw):
    with TemporaryDirectory() as folder:
        for name, content in edited(stored, draw).items():
            (Path(folder) / name).write_bytes(content)
        with suppress(SimulationError):
            assert headline(read(folder))


@many(1 / 40)
@given(st.data())
def test_stored_results_that_somebody_edited_are_shown_or_refused(stored, draw):
    told = io.StringIO()
    with TemporaryDirectory() as folder:
        for name, content in edited(stored, draw).items():
            (Path(folder) / name).write_bytes(content)
        with redirect_stderr(told):
            assert main(["report", folder, "--no-explorer", "--html", f"{folder}/page.html"]) in DOCUMENTED
    assert "a fault of minustwo" not in told.getvalue()


KEYS = st.sampled_from(
    ["name", "title", "based_on", "amendment", "dates.reference", "judges.approval_rate", "limits", "x.y",
     "people.stock", "scenarios", "seeds", "worlds", "thin", "parameters", "[judges]",
     '"judges.approval_rate"', "[[amendment.change]]"]
)  # fmt: skip
TOML = st.sampled_from(
    ['"a"', '"drugs-minus-two"', '["drugs-minus-two"]', '["\\u0000.toml"]', "1", "-1", "1e400", "nan", "[]",
     "2014-11-01", "{a = 1}", "[[[1]]]", "true", "[0.5, 2]", "9" * 30]
)  # fmt: skip


@many(20)
@given(st.lists(st.tuples(KEYS, TOML), max_size=6))
def test_scenarios_and_sweeps(pairs):
    text = "\n".join(key if key.startswith("[") else f"{key} = {value}" for key, value in pairs)
    assert answer(["scenarios", "{path}"], "asked.toml", text.encode())[0] in DOCUMENTED
    text += '\nscenarios = ["no such scenario"]'
    assert answer(["sweep", "{path}", "--out", "{out}"], "asked.toml", text.encode())[0] in DOCUMENTED - {0}


@many(46)
@given(st.sampled_from(["range", "table", "diff", "case", "cases", "plots", "people", "compare", "no", ""]),
       st.lists(st.sampled_from(["--json", "--on", "-", "--", "--csv", "32", "VI", "2014-11-01", "9" * 50,
                                 "\x1b", "-1", "drug_quantity", "/nowhere"]), max_size=4))  # fmt: skip
def test_arguments(command, arguments):
    if "-" in arguments and command in ("case", "cases"):
        return  # would wait for standard input
    assert main([command, *arguments]) in DOCUMENTED
