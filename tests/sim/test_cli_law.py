"""``minustwo checklist``, ``table`` and ``diff``: the law itself at the command line."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys

import pytest

from guidelines import Manual, tables
from guidelines.tables.changes import changes
from sim.cli import BAD_USAGE, DONE


def minustwo(*arguments, text=None):
    return subprocess.run(
        [sys.executable, "-c", "import sys; from sim.cli import main; sys.exit(main())", *arguments],
        input=text,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def asked(*arguments, text=None):
    done = minustwo(*arguments, text=text)
    assert (done.returncode, done.stderr) == (DONE, "")
    return done.stdout


def test_a_checklist_by_flags():
    page = asked(
        "checklist",
        "--drug",
        "1 kg heroin",
        "--acceptance",
        "-3",
        "--criminal-history-category",
        "II",
        "--adjustment",
        "2D1.1(b)(1)",
        "--set",
        "imposed_term_months=120",
    )
    lines = page.splitlines()
    assert max(map(len, lines)) <= 78
    assert " 2. [x] §2D1.1(a), (c)  Which drugs and how much, or which base offense level?" in lines
    assert "        drugs: heroin 1 kg" in lines and "        adjustments: 2D1.1(b)(1)" in lines
    assert " 6. [ ] §3B1.2  A mitigating role?" in lines and "        open; tried 0 | -2 | -3 | -4" in lines
    # A kilogram may carry ten years: 97-121, or 120-121 (§5G1.1(b)); no minimum moves 121-151.
    assert "Original range: 121-151 months" in lines and "Amended range: within 97-121 months" in lines


def test_a_checklist_by_a_file_says_the_same(tmp_path):
    record = {"drugs": [{"drug": "heroin", "quantity": 1, "unit": "kg"}], "acceptance": -3}
    file = tmp_path / "case.json"
    file.write_text(json.dumps(record), encoding="utf-8")
    by_flags = asked("checklist", "--drug", "1 kg heroin", "--acceptance", "-3", "--json")
    assert asked("checklist", str(file), "--json") == by_flags
    assert asked("checklist", "-", "--json", text=json.dumps(record)) == by_flags
    told = json.loads(by_flags)
    assert set(told) == {"questions", "together", "answer"}
    (acceptance,) = [q for q in told["questions"] if q["section"] == "§3E1.1"]
    assert acceptance["answer"] == {"acceptance": -3} and acceptance["open"] is None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--acceptance", "-1"], "§3E1.1 edition 2010-11-01, acceptance: -1 given; 0, -2 or -3 is accepted"),
        (["--set", "bse=1"], "--set bse: no such field; see minustwo case --fields"),
        (["--set", "bse"], "--set bse: FIELD=VALUE is accepted"),
        (["--drug", "1 kg herion"], "unknown drug 'herion'; did you mean Heroin?"),
        (["none.json"], "none.json: No such file or directory"),
    ],
)
def test_a_bad_checklist(arguments, words):
    done = minustwo("checklist", *arguments)
    assert done.returncode == BAD_USAGE and words in done.stderr.splitlines()[0]


def test_tables_are_listed_with_their_editions():
    page = asked("table")
    for name in tables.law_tables():
        assert f"\n{name} " in f"\n{page}"
    told = json.loads(asked("table", "--json"))
    assert {each["name"]: tuple(each["editions"]) for each in told} == {
        name: tables.editions(name) for name in tables.law_tables()
    }


@pytest.mark.parametrize("name", tables.law_tables())
def test_every_table_shows_its_source_and_every_row(name):
    begin = tables.editions(name)[-1]
    table = tables.edition(name, begin)
    page = asked("table", name)
    assert page.startswith(f"title: {' '.join(table.meta['title'].split())[:40]}")
    for key in ("section", "unit", "certainty", "effective from", "source"):
        assert f"\n{key}: " in page
    rows = list(csv.DictReader(io.StringIO(asked("table", name, "--csv"))))
    assert rows == [dict(row) for row in table]
    told = json.loads(asked("table", name, "--json"))
    assert told["rows"] == rows and told["effective_from"] == begin


def test_a_table_as_it_stood_on_a_day():
    page = asked("table", "drug_quantity", "--on", "2014-10-31")
    assert "effective from: 2010-11-01\namended by: 748" in page
    heroin = [line.split()[:4] for line in page.splitlines() if line.startswith("Heroin")]
    assert ["Heroin", "g", "1000", "32"] in heroin
    assert ["Heroin", "g", "1000", "30"] in [
        line.split()[:4] for line in asked("table", "drug_quantity").splitlines() if line.startswith("Heroin")
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["table", "drug_quantiy"], "no law table 'drug_quantiy'; did you mean drug_quantity?"),
        (
            ["table", "drug_quantity", "--on", "1987-01-01"],
            "§2D1.1(c) (drug_quantity): 1987-01-01 is before the first",
        ),
        (["table", "drug_quantity", "--on", "x"], "not a date: 'x'; write it as 2014-11-01"),
        (["table", "drug_quantity", "--csv", "--json"], "--csv and --json: give one of them"),
        (["table", "--on", "2014-11-01"], "--on and --csv need the NAME of a table"),
        (["diff", "drug_quantiy", "2013-11-01", "2014-11-01"], "did you mean drug_quantity?"),
        (
            ["diff", "drug_quantity", "2014-11-01", "2013-11-01"],
            "from 2014-11-01 to 2013-11-01 given; the earlier day",
        ),
        (["diff", "drug_quantity", "2014-11-01", "soon"], "not a date: 'soon'"),
        (
            ["diff", "zero_point_offender", "2010-11-01", "2011-11-01"],
            "2011-11-01 is before the first edition held",
        ),
    ],
)
def test_bad_questions(arguments, words):
    done = minustwo(*arguments)
    assert (done.returncode, done.stdout) == (BAD_USAGE, "") and words in done.stderr.splitlines()[0]


def test_a_diff_names_the_amendment_and_every_stretch_that_changed():
    page = asked("diff", "drug_quantity", "2013-11-01", "2014-11-01")
    lines = [" ".join(line.split()) for line in page.splitlines()]
    assert lines[:2] == ["drug_quantity: from 2013-11-01 to 2014-11-01", "2014-11-01: Amendment 782"]
    assert "Heroin 5-10 g 14 12" in lines and "Heroin 30,000-90,000 g 38 36" in lines
    assert not [line for line in lines if line.startswith("Heroin 90,000")]
    told = json.loads(asked("diff", "drug_quantity", "2013-11-01", "2014-11-01", "--json"))
    assert told["editions"] == [{"from": "2014-11-01", "amended_by": "782"}]
    assert len(told["changes"]) == len(lines) - 5


def test_what_changed_is_what_the_levels_say():
    """Each stretch of the diff against the two Manuals, and nothing outside it."""
    old, new = Manual.on("2013-11-01"), Manual.on("2014-11-01")
    from guidelines import quantity_base_level

    counted = 0
    for change in changes("drug_quantity", "2013-11-01", "2014-11-01"):
        first = float(
            change.line["quantity"].removeprefix("less than ").split()[0].split("-")[0].replace(",", "")
        )
        if change.line["quantity"].startswith("less than"):
            first = 0
        drug = change.line["drug"]
        pair = [str(int(quantity_base_level(drug, first, manual))) for manual in (old, new)]
        assert pair == [change.before["level"], change.after["level"]]
        counted += 1
    assert counted > 200


def test_a_table_that_was_not_law_before():
    page = asked("diff", "zero_point_offender", "2013-11-01", "2024-11-01")
    assert (
        "2023-11-01: Amendment 821 Part B" in page
        and "levels                                 -     -2" in page
    )


def test_nothing_changed_is_said():
    page = asked("diff", "sentencing_table", "2000-01-01", "2020-01-01")
    assert page.splitlines()[-1] == "Nothing changed: no edition began in between."


@pytest.mark.parametrize("name", [name for name in tables.law_tables() if len(tables.editions(name)) > 1])
def test_every_later_edition_says_what_began_it(name):
    for begin in tables.editions(name)[1:]:
        assert tables.edition(name, begin).meta["amended_by"]
    assert changes(name, tables.editions(name)[0], tables.editions(name)[-1])
