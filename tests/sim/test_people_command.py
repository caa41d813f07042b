"""``minustwo people``: making, checking, listing; exit codes and nothing half-written."""

from __future__ import annotations

import json

import pytest

from sim.cli import BAD_USAGE, DONE, main
from sim.population.population import Population
from sim.population.schema import schema


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("people") / "people.csv"
    assert main(["people", "--seed", "3", "--one-in", "200", "--out", str(path)]) == DONE
    return path


def test_people_are_written_with_seed_and_scenario(made, capsys):
    people = Population.read(made)
    assert people.provenance["seed"] == "3" and people.provenance["scenario"] == "drugs-minus-two"
    assert len(people) == 504


def test_a_good_file_passes(made, capsys):
    assert main(["people", "check", str(made), "--on", "2014-11-01"]) == DONE
    first, *others = capsys.readouterr().out.splitlines()
    assert first == f"{made}: 504 people, 26 columns, no broken rule"
    assert all(line.startswith("  people: 1 of 504 have the position within") for line in others)


def test_a_term_outside_the_range_that_is_called_within_is_counted(tmp_path, capsys):
    head = (
        "drug,quantity_grams,criminal_history_category,imposed_term_months,sentenced_on,district,us_citizen,"
    )
    rows = [f"Heroin,20,I,{term},2012-05-01,Texas Western,true,White,within" for term in (299, 30, 33)]
    sheet = tmp_path / "people.csv"
    sheet.write_text("\n".join([f"{head}race,position", *rows]))
    assert main(["people", "check", str(sheet)]) == DONE
    assert "1 of 3 have the position within or above, and a term that is not" in capsys.readouterr().out


def test_a_bad_file_is_answered_with_every_problem_and_exit_2(made, tmp_path, capsys):
    bad = tmp_path / "bad.csv"
    bad.write_text(made.read_text().replace("Cocaine Base", "Cocain Base").replace("Hispanic", "Hispanik"))
    assert main(["people", "check", str(bad)]) == BAD_USAGE
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2 and all(line.startswith(f"minustwo: error: {bad}: ") for line in lines)
    assert "did you mean Cocaine Base?" in lines[0] and "did you mean Hispanic?" in lines[1]


def test_people_outside_on_the_day_are_told(made, capsys):
    assert main(["people", "check", str(made), "--on", "2015-11-01"]) == BAD_USAGE
    assert "released by 2015-11-01" in capsys.readouterr().err
    assert main(["people", "check", str(made), "--on", "1. November"]) == BAD_USAGE
    assert "write it as 2014-11-01" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([], "give --out FILE, or one of the commands check, columns, import, reach and stock"),
        (["--out", "{}/people.xlsx"], "files ending in .csv or .parquet"),
        (["--out", "{}/none/people.csv"], "No such file or directory"),
        (["--out", "{}"], "people are kept in files ending in"),
        (["--scenario", "drugs-minus-too", "--out", "{}/people.csv"], "drugs-minus-two"),
        (["--one-in", "0", "--out", "{}/people.csv"], "one-in"),
        (["chek", "x"], "check"),
        (["check", "{}/none.csv"], "No such file or directory"),
    ],
)
def test_a_bad_question_gets_a_clear_line_and_writes_nothing(tmp_path, capsys, given, words):
    assert main(["people", *(word.format(tmp_path) for word in given)]) == BAD_USAGE
    assert words in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_every_column_is_listed_with_what_it_may_hold(capsys):
    assert main(["people", "columns"]) == DONE
    text = capsys.readouterr().out
    assert main(["people", "columns", "--json"]) == DONE
    rows = json.loads(capsys.readouterr().out)
    assert [row["column"] for row in rows] == [each.name for each in schema()]
    for row in rows:
        assert row["meaning"] in text and row["allowed"] and row["left_out"], row
    assert {row["column"]: len(row["words"]) for row in rows}["district"] == 94
