"""``minustwo case`` and ``minustwo cases``: what a person at a desk types."""

from __future__ import annotations

import csv
import html.parser
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from guidelines import analyze_case
from sim.cli import BAD_USAGE, DONE

RULES = Path(__file__).parents[1] / "cases" / "rules.jsonl"
CASES = [json.loads(line) for line in RULES.read_text(encoding="utf-8").splitlines()]
RECORD = {
    "case_id": "made-up",
    "base_offense_level": 32,
    "acceptance": -2,
    "criminal_history_category": "I",
    "statutory_minimum_months": 120,
    "substantial_assistance": True,
    "imposed_term_months": 72,
    "sentence_began_on": "2013-06-01",
}
ERRORS = 3


def minustwo(*arguments, text=None, **how):
    return subprocess.run(
        [sys.executable, "-c", "import sys; from sim.cli import main; sys.exit(main())", *arguments],
        **({"input": text} if text is not None else {}),
        capture_output="stdout" not in how,
        text=True,
        encoding="utf-8",
        **how,
    )


def told(text, *arguments):
    done = minustwo("case", "-", *arguments, text=text if isinstance(text, str) else json.dumps(text))
    assert (done.returncode, done.stderr) == (DONE, "")
    return done.stdout


@pytest.fixture(scope="module")
def answered(tmp_path_factory):
    """Every rule's record through the command, in one batch."""
    file = tmp_path_factory.mktemp("rules") / "rules.jsonl"
    file.write_text("".join(json.dumps(case["record"]) + "\n" for case in CASES), encoding="utf-8")
    done = minustwo("cases", str(file))
    assert (done.returncode, done.stderr) == (DONE, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case["record"]["case_id"] for case in CASES])
def test_rules_r1_to_r17_at_the_command_line(answered, number):
    case, answer = CASES[number], answered[number]
    assert answer == analyze_case(case["record"])
    assert answer["case_id"] == case["record"]["case_id"]
    assert answer["code"] == case["expect"]["code"], case["sentence"]


def test_the_worksheet_prints_on_paper():
    page = told(RECORD, "--explain")
    assert max(map(len, page.splitlines())) <= 78
    lines = page.splitlines()
    assert lines[0] == "Case made-up"
    assert "§2D1.1(c)         base offense level                      32       30  levels" in lines
    assert "§5G1.1            guideline range                    120-121    78-97  months" in lines
    assert "Code: eligible_substantial_assistance" in lines
    assert f"{'Lowest term':<46}47 months" in lines
    for words in (
        "72 of 120, the same share of 78",
        "Projected release without a reduction         ",
        "Assumed, since the record",
    ):
        assert words in page


def test_the_worksheet_holds_every_line_of_the_answer():
    page = told(CASES[3]["record"], "--explain")
    for line in analyze_case(CASES[3]["record"])["worksheet"]:
        assert line["section"] in page and line["step"].removesuffix("_months").replace("_", " ") in page


def test_without_explain_the_decision_alone():
    page = told(RECORD)
    assert "Section" not in page and f"{'Lowest term':<46}47 months" in page
    assert "--explain lists them" in page


def test_json_is_the_answer():
    assert json.loads(told(RECORD, "--json")) == analyze_case(RECORD)


def test_a_partial_record_names_what_is_missing():
    page = told({"drugs": [{"drug": "heroin", "quantity": 1, "unit": "kg"}]}, "--explain")
    assert "Not decided yet: it depends on criminal history category" in " ".join(page.split())
    assert "  - criminal history category or criminal history points" in page
    assert "1,000 g Heroin: row from 1,000 g" in page


class Page(html.parser.HTMLParser):
    """Which elements a page has, and what it asks for from elsewhere."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.outside, self.open = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.outside += [value for name, value in attrs if name in ("src", "href", "action")]
        if tag not in ("meta", "br", "link", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_stands_alone(tmp_path):
    out = tmp_path / "case.html"
    done = minustwo("case", "-", "--html", str(out), text=json.dumps({**RECORD, "case_id": "<b>&"}))
    assert (done.returncode, done.stdout, done.stderr) == (DONE, "", "")
    text = out.read_text(encoding="utf-8")
    page = Page(text)
    assert not page.open and set(page.outside) == {"#main", "data:,"}
    assert "url(" not in text and "@import" not in text
    names = [tag for tag, _ in page.tags]
    assert ("html", {"lang": "en"}) in page.tags and names.count("h1") == 1 and names.count("caption") == 2
    assert names.count("script") == 1 and "b" not in names and "Case &lt;b&gt;&amp;" in text
    assert all(attrs.get("scope") in ("col", "row") for tag, attrs in page.tags if tag == "th")
    assert "prefers-color-scheme: dark" in text and "@media print" in text
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "{",
            "standard input: case record: not JSON: Expecting property name",
        ),
        ("[]", "standard input: no record in it; one is accepted (minustwo cases reads many)"),
        ("[{}, {}]", "standard input: several records in it; one is accepted"),
        ("[1]", "standard input: case record: int given; an object of fields is accepted"),
        (
            '{"acceptance": NaN}',
            "case record: NaN given; a number is accepted, or null where it is not known",
        ),
        ('{"acceptance": -3, "acceptance": 0}', "acceptance given more than once; once is accepted"),
        (
            '{"acceptance": -1}',
            "standard input: §3E1.1 edition 2010-11-01, acceptance: -1 given; 0, -2 or -3",
        ),
        ('{"imposed_term_months": 1' + "0" * 5000 + "}", "not readable: a number of thousands of digits"),
    ],
)
def test_a_bad_record_gets_one_clear_line(text, words):
    done = minustwo("case", "-", text=text)
    assert (done.returncode, done.stdout) == (BAD_USAGE, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("minustwo: error: standard input: ") and words in line


def test_all_problems_of_a_record_are_told():
    done = minustwo("case", "-", text='{"acceptance": -1, "mitigating_role": 9, "bae_offense_level": 2}')
    assert len(done.stderr.splitlines()) == 3 and "did you mean base_offense_level?" in done.stderr
    done = minustwo("case", "-", text='{"acceptance": -1, "mitigating_role": 9, "jail_credit_days": -5}')
    assert len(done.stderr.splitlines()) == 3
    assert all(line.startswith("minustwo: error: standard input: ") for line in done.stderr.splitlines())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["case"], "Missing argument 'FILE|-'"),
        (["case", "none.json"], "none.json: No such file or directory"),
        (["cases", "none.jsonl"], "none.jsonl: No such file or directory"),
        (
            ["case", "-", "--html", "/no/such/folder/a.html"],
            "/no/such/folder/a.html: No such file",
        ),
    ],
)
def test_bad_files(arguments, words):
    done = minustwo(*arguments, text="{}")
    assert done.returncode == BAD_USAGE and words in done.stderr and "Traceback" not in done.stderr


def test_the_fields_are_listed():
    listed = minustwo("case", "--fields").stdout
    for field in ("case_id", "drugs", "assistance_percent_only", "good_time", "koons"):
        assert f"\n{field}" in listed
    assert max(map(len, listed.splitlines())) <= 80


BAD = [
    '{"case_id": "b", "acceptance": 5}',
    "not json",
    "",
    '{"case_id": "d", "acceptence": 1}',
    "[1]",
    '"\ud800"',
]


def test_one_bad_line_never_stops_the_others(tmp_path):
    good = json.dumps(RECORD)
    lines = [good, *BAD, good]
    file, out = tmp_path / "facts.jsonl", tmp_path / "out.jsonl"
    file.write_bytes("\n".join(lines).encode("utf-8", "surrogatepass"))
    done = minustwo("cases", str(file), "--output", str(out))
    assert done.returncode == ERRORS and done.stdout.startswith("7 records: 0 to file for, 2 prob")
    assert done.stderr.splitlines()[-1] == "minustwo: 5 of 7 records had errors: line 2, 3, 5, 6, 7"
    answers = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert answers[0] == answers[-1] == analyze_case(RECORD)
    assert [answer["error"]["line"] for answer in answers[1:-1]] == [2, 3, 5, 6, 7]
    assert answers[1] == {
        "case_id": "b",
        "error": {
            "line": 2,
            "problems": ["§3E1.1 edition 2010-11-01, acceptance: 5 given; 0, -2 or -3 is accepted"],
        },
    }
    assert [answer["case_id"] for answer in answers[1:-1]] == ["b", None, "d", None, None]
    assert "str given; an object of fields" in answers[5]["error"]["problems"][0]


def test_csv_says_what_json_says(tmp_path):
    rows = [
        {"case_id": "007", "drug": "heroin", "quantity": "1", "unit": "kg", "acceptance": "-3",
         "criminal_history_category": "II", "imposed_term_months": "140", "rules.koons": "never"},
        {"case_id": "8", "drugs": "1 kg heroin; 20 g cocaine base", "criminal_history_category": "2",
         "imposed_term_months": "life", "substantial_assistance": "no", "amendments": "782 821A"},
        {"case_id": "9", "table_range_months": "97-121", "criminal_history_category": "I",
         "imposed_term_months": "100", "adjustments": '[{"section": "3C1.1", "levels": 2}]'},
    ]  # fmt: skip
    records = [
        {"case_id": "007", "drugs": [{"drug": "heroin", "quantity": 1, "unit": "kg"}], "acceptance": -3,
         "criminal_history_category": "II", "imposed_term_months": 140, "rules": {"koons": "never"}},
        {"case_id": "8", "drugs": [{"drug": "heroin", "quantity": 1, "unit": "kg"},
                                   {"drug": "cocaine base", "quantity": 20, "unit": "g"}],
         "criminal_history_category": 2, "imposed_term_months": "life", "substantial_assistance": False,
         "amendments": [782, "821A"]},
        {"case_id": "9", "table_range_months": [97, 121], "criminal_history_category": "I",
         "imposed_term_months": 100, "adjustments": [{"section": "3C1.1", "levels": 2}]},
    ]  # fmt: skip
    file = tmp_path / "facts.csv"
    with file.open("w", newline="", encoding="utf-8-sig") as target:
        writer = csv.DictWriter(target, sorted({name for row in rows for name in row}))
        writer.writeheader()
        writer.writerows(rows)
    done = minustwo("cases", str(file))
    assert (done.returncode, done.stderr) == (DONE, "")
    assert [json.loads(line) for line in done.stdout.splitlines()] == [analyze_case(each) for each in records]
    again = minustwo("cases", "-", text=file.read_text(encoding="utf-8"))
    assert again.stdout == done.stdout


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "case_id,acceptence\n1,-3\n",
            "standard input: unknown column 'acceptence'; did you mean acceptance?",
        ),
        ("case_id,case_id\n1,2\n", "standard input: column 'case_id' is there twice"),
        ("", "standard input: nothing in it; JSON, or a sheet with a line of headings is accepted"),
        (
            "age,judge\n1,2\n",
            "standard input: line 1: no heading of it is known; give lines of JSON, or a sheet as "
            "minustwo cases --template writes one",
        ),
    ],
)
def test_a_csv_file_that_is_none(text, words):
    done = minustwo("cases", "-", text=text)
    assert (done.returncode, done.stdout) == (BAD_USAGE, "")
    assert done.stderr.splitlines() == [f"minustwo: error: {words}"]


def test_a_csv_row_of_another_length_is_an_error_of_its_own():
    done = minustwo("cases", "-", text="case_id,acceptance\na,-3\nb\nc,-2\n")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == ERRORS
    assert answers[1] == {
        "case_id": "b",
        "error": {
            "line": 3,
            "problems": ["case record: 1 cells under 2 columns; one is missing or needs quotes"],
        },
    }
    assert "error" not in answers[0] and "error" not in answers[2]


def test_many_records_by_several_processes_come_in_order(tmp_path):
    file = tmp_path / "many.jsonl"
    count = 25_000
    with file.open("w", encoding="utf-8") as target:
        for number in range(count):
            target.write(json.dumps({"case_id": str(number), "total_offense_level": number % 43 + 1}) + "\n")
        target.write("{\n")
    done = minustwo("cases", str(file))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["case_id"] for answer in answers[:-1]] == [str(number) for number in range(count)]
    assert [a["original"]["total_offense_level"] for a in answers[:-1]] == [n % 43 + 1 for n in range(count)]
    assert done.returncode == ERRORS
    assert done.stderr == f"minustwo: 1 of 25,001 records had errors: line {count + 1}\n"


def test_a_quote_left_open_costs_its_own_row_alone():
    text = 'case_id,acceptance\nok,-2\n"a,-3\nb,-3\n' + "".join(f"{i},-2\n" for i in range(80))
    done = minustwo("cases", "-", text=text)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["case_id"] for answer in answers] == ["ok", None, "b", *map(str, range(80))]
    assert "not a row of cells" in answers[1]["error"]["problems"][0] and done.returncode == ERRORS


@pytest.mark.parametrize("command", [["case", "-", "--explain"], ["cases", "-"]])
def test_a_closed_pipe_ends_quietly(command, tmp_path):
    facts = tmp_path / "facts"
    facts.write_text(json.dumps(RECORD) + "\n", encoding="utf-8")
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w") as pipe, open(facts) as source:
        done = minustwo(*command, stdin=source, stdout=pipe, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (DONE, "")
