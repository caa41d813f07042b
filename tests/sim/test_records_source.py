"""Files of records of every kind, whole and broken."""

from __future__ import annotations

import io
import json
from datetime import date

import pytest

from guidelines import CaseError, analyze_case
from sim.records.batch import answered, as_line, parse
from sim.records.source import source

RECORD = {
    "case_id": "José",
    "total_offense_level": 29,
    "criminal_history_category": "II",
    "imposed_term_months": 97,
}
SHEET = "Case ID,Total offense level,Category,Sentence\nJosé,29,II,97\n"


def read(content: bytes, name: str = "facts"):
    """Answers, what was handed through, and the notices of a file."""
    opened = source(io.BytesIO(content), name)
    found = answered(opened.entries, opened.columns, opened.places, opened.delimiter)
    return [answer for _, answer in found], [record for record, _ in found], opened.notices


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (json.dumps(RECORD).encode(), ""),
        (json.dumps(RECORD, indent=2, ensure_ascii=False).encode(), ""),
        (json.dumps([RECORD], indent=2).encode(), ""),
        (SHEET.encode(), ""),
        (SHEET.encode("utf-8-sig"), ""),
        (SHEET.replace(",", ";").encode(), ""),
        (SHEET.replace(",", "\t").encode(), ""),
        (("Our clients, 2014\n\n" + SHEET).encode(), ""),
        (("sep=;\n" + SHEET.replace(",", ";")).encode(), ""),
        (SHEET.replace("\n", "\r\n").encode(), ""),
        (SHEET.encode("cp1252"), "line 2 is not UTF-8; read as Windows-1252"),
        (SHEET.encode("utf-16"), "read as UTF-16"),
        (SHEET.encode("utf-16-le"), "read as UTF-16"),
    ],
)
def test_the_same_record_in_every_kind_of_file(content, says):
    answers, _, notices = read(content)
    assert answers == [analyze_case(RECORD)]
    assert (says in notices[0] and len(notices) == 1) if says else not notices


def test_an_excel_file_is_read_with_its_days_and_numbers():
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["a title over the sheet"])
    book.active.append(["Case", "Sentenced", "Total level", "Category", "Sentence", "Judge"])
    book.active.append([12, date(2011, 5, 12), 29.0, "II", 97, "Doe"])
    book.active.append([None] * 6)
    made = io.BytesIO()
    book.save(made)
    answers, records, notices = read(made.getvalue())
    facts = {"case_id": 12, "sentenced_on": "2011-05-12", "total_offense_level": 29,
             "criminal_history_category": "II", "imposed_term_months": 97}  # fmt: skip
    assert [record.facts for record in records] == [facts] and answers == [analyze_case(facts)]
    assert records[0].extra == {"Judge": "Doe"} and notices == ["facts: no facts, handed through: Judge"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "nothing in it"),
        (b"\n\n", "nothing in it"),
        (b"PK\x03\x04 broken", "not an Excel file that can be read"),
        (b"\xd0\xcf\x11\xe0 old", "an old Excel file (.xls); save it as .xlsx or as CSV"),
        (b"age,judge\n1,2\n", "no heading of it is known"),
        (b"case_id,acceptence\n1,2\n", "unknown column 'acceptence'; did you mean acceptance?"),
        (b"case_id,acceptance,Acceptance\n1,2,3\n", "column 'acceptance' is there twice"),
    ],
)
def test_a_file_that_is_none_is_refused_in_one_line(content, says):
    with pytest.raises(CaseError) as caught:
        read(content)
    assert says in str(caught.value) and len(caught.value.problems) == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "not JSON: Expecting property name enclosed in double quotes at column 2"),
        ('{"a":\n1,}', "at line 2, column"),
        ('{"a": 1, "b": 2, "a": 3}', "a given more than once; once is accepted"),
        ('{"rules": {"koons": "always", "koons": "never"}}', "koons given more than once"),
        ('{"a": NaN}', "NaN given; a number is accepted, or null"),
        ('{"a": -Infinity}', "-Infinity given"),
        ("[" * 100_000, "not readable"),
        ('{"a": ' + "1" * 5000 + "}", "not readable"),
    ],
)
def test_text_that_is_no_record(text, says):
    with pytest.raises(CaseError) as caught:
        parse(text)
    assert says in str(caught.value) and len(caught.value.problems) == 1


def test_a_cell_may_run_over_lines():
    answers, records, _ = read(b'case_id,notes,acceptance\na,"one\ntwo, ""three""",-3\nb,,-2\n')
    assert [answer["case_id"] for answer in answers] == ["a", "b"]
    assert records[0].extra == {"notes": 'one\ntwo, "three"'}


BROKEN = [
    '{"adjustments": [{"section": "3C1.1", "levels": 2.5}]}',
    '{"sentence_began_on": "9999-01-01", "imposed_term_months": 100, "total_offense_level": 30}',
    '{"sentence_began_on": "0001-01-01", "jail_credit_days": 900, "imposed_term_months": 90}',
    '{"amendments": [{"change": ["a"]}]}',
    '{"amendments": [{"effective_from": "0001-01-01"}]}',
    '{"criminal_history_category": ' + "1" * 5000 + "}",
    '{"case_id": "\\ud800"}',
    '{"imposed_term_months": 1e300}',
    '{"drugs": [{"drug": "heroin", "quantity": 1e300, "unit": "kg"}]}',
    '{"drugs": "Percocet 30 pills"}',
    '{"rules": {"koons": []}}',
    '{"rules": 5}',
    '{"amendments": {"a": 1}}',
    '{"amendments": [[[]]]}',
    '{"table_range_months": [1, 2, 3]}',
    '{"case_id": {"a": 1}}',
    "[1, 2]",
    "null",
    "not json",
    '{"acceptance": -1}',
    "{" * 5000,
]


def test_one_bad_record_stops_no_other():
    good = json.dumps(RECORD)
    lines = [line for broken in BROKEN for line in (broken, good)]
    opened = source(io.BytesIO("\n".join([good, *lines]).encode()), "facts")
    found = answered(opened.entries, opened.columns, opened.places, opened.delimiter)
    expected = analyze_case(RECORD)
    assert len(found) == len(lines) + 1
    assert all(answer == expected for _, answer in found[::2])
    for number, (_, answer) in enumerate(found):
        if number % 2:
            assert answer["error"]["line"] == number + 1 and all(answer["error"]["problems"]), BROKEN[
                number // 2
            ]
    assert all(as_line(*one).encode("utf-8") for one in found)


def test_whatever_breaks_breaks_its_own_record_alone(monkeypatch):
    from sim.records import batch

    def fragile(facts):
        if any(one.get("case_id") == "bad" for one in facts):
            raise OverflowError("date value out of range")
        return [{"case_id": one.get("case_id")} for one in facts]

    monkeypatch.setattr(batch, "analyze_cases", fragile)
    ids = [*map(str, range(40)), "bad", "x", "bad"]
    answers, *_ = read("\n".join(json.dumps({"case_id": one}) for one in ids).encode())
    assert [answer["case_id"] for answer in answers] == ids
    assert [answer["error"]["line"] for answer in answers if "error" in answer] == [41, 43]


def test_percocet_is_not_taken_for_powder_cocaine():
    answers, *_ = read(b'{"drugs": "Percocet 30 pills"}')
    assert "powder" not in answers[0]["error"]["problems"][0]
