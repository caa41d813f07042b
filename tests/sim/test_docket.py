"""A sheet typed by hand through ``minustwo cases``: answers, docket, pages, template."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from guidelines import analyze_case
from sim.commands._group import group
from sim.commands.cases import ERRORS
from sim.output.cases.docket import FILE, LEFT, Docket, as_text, entry
from sim.output.cases.page import page
from sim.output.cases.sheet import HEADINGS, row
from sim.output.cases.words import as_of
from sim.records.record import from_object
from sim.records.template import columns, template

MESSY = Path(__file__).parents[1] / "cases" / "messy.csv"
RECORD = {"case_id": "A", "base_offense_level": 32, "acceptance": -3, "criminal_history_category": "I",
          "imposed_term_months": 97, "sentence_began_on": "2013-06-01"}  # fmt: skip


def cases(*arguments, code=0, text=None):
    done = CliRunner().invoke(group, ["cases", *map(str, arguments)], input=text)
    assert done.exit_code == code, done.output
    return done


def refused(*arguments, text=None):
    return str(CliRunner().invoke(group, ["cases", *map(str, arguments)], input=text).exception)


def test_a_sheet_of_thirty_rows_typed_by_hand():
    done = cases(MESSY, code=ERRORS)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == 30
    refused = {answer["case_id"]: answer["error"]["problems"] for answer in answers if "error" in answer}
    assert len(refused) <= 3 and all(problems for problems in refused.values())
    assert "write how many levels came off" in refused["AB. Bell"][0]
    by_name = {answer["case_id"]: answer for answer in answers}
    abbott = by_name["A. Abbott"]
    assert (abbott["original"]["guideline_range_months"], abbott["floor_months"]) == ([87, 108], 70)
    assert abbott["extra"] == {"Judge": "Doe", "Notes": "made up"}
    assert "sentenced_on: 5/12/2011 read as 12 May 2011 (month first)" in abbott["read_as"]
    assert by_name["X. Xu"]["eligible"] is not True  # at least 30 kg: how much more decides
    said = [line for line in done.stderr.splitlines() if "month first" in line]
    assert len(said) == 2 and "7 more like it" in said[0]  # once a column, not once a row


def test_the_docket_says_whom_to_file_for_first_and_why(tmp_path):
    text = cases(MESSY, "--output", tmp_path / "answers.csv", code=ERRORS).stdout
    assert max(map(len, text.splitlines())) <= 78
    answers = [json.loads(line) for line in cases(MESSY, code=ERRORS).stdout.splitlines()]
    eligible = [answer for answer in answers if answer.get("eligible")]
    assert "A. Abbott: down to 70 months, 27 less; release 23" in text
    dated = [answer for answer in eligible if answer["release"]["reduced"]]
    # All whose dates are known were to leave by 2020, without a reduction too.
    assert f"{len(eligible) - len(dated)} to file for, {len(dated)} probably out of prison already" in text
    soonest = min(dated, key=lambda answer: answer["release"]["reduced"]["release_date"])
    assert f"1. {soonest['case_id']}: " in text  # what is won first is filed for first
    assert (
        "motion for assistance that led to the term: N. Nguyen" in text
    )  # below the range, and no word of a motion
    assert "B. Baker" in text[text.index("Not eligible, by rule:") :] and "how many levels came off" in text
    with (tmp_path / "answers.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [one["case_id"] for one in rows][:2] == ["A. Abbott", "B. Baker"] and len(rows) == 30
    assert rows[0]["Judge"] == "Doe" and rows[0]["projected_release_if_reduced"] == "2015-12-23"


def test_excel_holds_what_csv_holds(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    for name in ("a.csv", "a.xlsx"):
        cases(MESSY, "--output", tmp_path / name, code=ERRORS)
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        expected = list(csv.reader(file))
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    found = [
        ["" if cell is None else str(cell) for cell in cells] for cells in sheet.iter_rows(values_only=True)
    ]
    assert found == expected


def test_a_page_a_client_and_the_docket_that_links_them(tmp_path):
    folder = tmp_path / "pages"
    cases(MESSY, "--pages", folder, code=ERRORS)
    names = {path.name for path in folder.iterdir()}
    docket = (folder / "docket.html").read_text(encoding="utf-8")
    assert len(names) >= 28
    for name in names - {"docket.html"}:
        assert f'href="{name}"' in docket
    client = (folder / "0002-a-abbott.html").read_text(encoding="utf-8")
    words = ("12 May 2011", "0.8 kg heroin", "not legal advice", "Drug Quantity Table of 1 November 2010",
             str(date.today().year), "month first", "§1B1.10(b)(2)(A)", "23 December 2015")  # fmt: skip
    assert [each for each in words if each not in client] == []
    cases(MESSY, "--pages", folder, code=ERRORS)  # its own folder may be written again
    (folder / "mine.txt").write_text("mine", encoding="utf-8")
    assert "beside an earlier docket" in refused(MESSY, "--pages", folder)
    assert (folder / "mine.txt").exists()


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_the_template_is_read_as_it_is_filled_in(tmp_path, ending):
    file = tmp_path / f"clients{ending}"
    cases("--template", file)
    filled = {
        "case id": "A",
        "drug": "heroin",
        "quantity": "0.8 kg",
        "acceptance": "-3",
        "safety valve": "no",
    }
    filled |= {"criminal history category": "III", "imposed term months": "97"}
    cells = [filled.get(name, "") for name, *_ in columns()]
    if ending == ".csv":
        with file.open("a", encoding="utf-8", newline="") as target:
            csv.writer(target).writerow(cells)
    else:
        openpyxl = pytest.importorskip("openpyxl")
        book = openpyxl.load_workbook(file)
        assert book.active.data_validations.dataValidation  # lists to choose from
        book.active.append(cells)
        book.save(file)
    done = cases(file)
    (answer,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert answer["case_id"] == "A" and answer["floor_months"] == 70 and not done.stderr


def test_a_template_replaces_no_file_and_explains_every_column(tmp_path):
    file = tmp_path / "t.csv"
    cases("--template", file)
    assert "is there already" in refused("--template", file)
    assert "ending in .csv or .xlsx" in refused("--template", "t.doc")
    names, told = list(csv.reader(io.StringIO(template(".csv").decode("utf-8-sig"))))
    assert len(names) == len(told) and all(told)
    assert from_object(dict.fromkeys(names, "")).extra == {}


def test_a_cell_is_no_formula():
    answer = {**analyze_case(RECORD), "case_id": "=cmd()"}
    assert (
        row(answer, {"note": "+1"}, ("note",))[0] == "'=cmd()"
        and row(answer, {"note": "+1"}, ("note",))[-1] == "'+1"
    )
    assert len(row(answer, {}, ())) == len(HEADINGS)


def test_a_docket_merged_from_parts_is_the_docket_of_the_whole():
    answers = [analyze_case({**RECORD, "case_id": str(n), "imposed_term_months": 60 + n}) for n in range(60)]
    whole, parts = Docket(), Docket()
    for at in range(0, 60, 20):
        part = Docket()
        for number, answer in enumerate(answers[at : at + 20], start=at + 1):
            part.add(entry(number, answer))
            whole.add(entry(number, answer))
        parts.merge(part)
    assert as_text(parts) == as_text(whole) and parts.counts == whole.counts
    few = Docket(keep=3)
    for number, answer in enumerate(answers, start=1):
        few.add(entry(number, answer))
    assert few.first(FILE) == whole.first(FILE)[:3] and few.counts == whole.counts


def test_nothing_of_a_record_is_markup():
    answer = analyze_case({**RECORD, "case_id": "<script>"})
    made = page(answer, {"case_id": "<script>", "drugs": "<b>"}, made_on=date(2026, 1, 2), read_as=["<i>"])
    assert made.count("<script>") == 1 and "<b>" not in made and "<i>" not in made
    assert "2 January 2026" in made


def test_an_empty_sheet_is_said():
    assert "no record under the headings" in str(
        CliRunner().invoke(group, ["cases", "-"], input="case_id,acceptance\n").exception
    )


@pytest.mark.parametrize("inside", ["pages", "pages/answers.csv", "pages/deep/answers.csv"])
def test_answers_are_not_written_into_the_folder_of_the_pages(tmp_path, inside):
    (tmp_path / "pages").mkdir()
    done = cases(MESSY, "--output", tmp_path / inside, "--pages", tmp_path / "pages", code=2)
    assert "holds the docket and the pages alone" in done.stderr
    assert not any((tmp_path / "pages").iterdir())


def test_who_was_to_leave_by_today_is_told_apart_unless_the_day_of_the_order_is_stated():
    answer = analyze_case(RECORD)
    end = date.fromisoformat(answer["release"]["original"]["release_date"])
    before, after = end - timedelta(days=1), end
    assert entry(1, answer, before).kind == FILE == entry(1, answer).kind
    assert entry(1, answer, after).kind == LEFT
    stated = analyze_case(RECORD | {"order_effective_on": "2015-11-01"})
    assert entry(1, stated, after).kind == FILE and as_of(stated, after) is stated
    assert as_of(answer, before) is answer
    assert as_of(answer, after)["warnings"][0].startswith("18 U.S.C. 3582(c)(2): without a reduction")
    assert "no longer served cannot be reduced" in page(answer, RECORD, made_on=after)
    assert "no longer served" not in page(answer, RECORD, made_on=before)
    docket = Docket(made_on=after)
    docket.add_answer(1, answer)
    assert "0 to file for, 1 probably out of prison already" in as_text(docket)


def test_all_that_is_wrong_with_a_row_is_said_at_once_and_its_own_columns_stay(tmp_path):
    sheet = tmp_path / "clients.csv"
    sheet.write_text(
        "Case,Sentenced on,Drug,Quantity,Acceptance,Category,Judge\n"
        "Fox,July 2009,ice,half a kilo,yes,VII,Smith\n"
    )
    cases(sheet, "--output", tmp_path / "answers.csv", code=ERRORS)
    with (tmp_path / "answers.csv").open(encoding="utf-8-sig", newline="") as file:
        (told,) = csv.DictReader(file)
    assert told["Judge"] == "Smith" and told["case_id"] == "Fox"
    for part in (
        "'July 2009' given",
        "half a kilo given; a number with its unit",
        "yes given",
        "'VII' given",
    ):
        assert part in told["problems"], told["problems"]
