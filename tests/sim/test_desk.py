"""The desk without a browser: who may ask, what a form is read as, what is sent back."""

from __future__ import annotations

import html
import io
import json
import re
import socket
from datetime import date
from pathlib import Path

import pytest

pytest.importorskip("flask", reason="flask is not installed: pip install 'drugs-minus-two[desk]'")

from guidelines import analyze_case
from guidelines.case.decision import sentence
from guidelines.case.fields import FIELDS
from sim.base.errors import SimulationError
from sim.desk.app import MOST_BYTES, MOST_ROWS, create_app
from sim.desk.form import record_of, typed_as
from sim.desk.server import HOST, serve

TOKEN, AT = "secret-token", "127.0.0.1:8000"
MESSY = Path(__file__).parents[1] / "cases" / "messy.csv"
TYPED = {
    "case_id": "A <b>",
    "sentenced_on": "5/12/2011",
    "drug": ["heroin", ""],
    "quantity": ["0.8 kg", ""],
    "acceptance": "-3",
    "criminal_history_category": "III",
    "imposed_term_months": "8 years",
}
FACTS = {
    "case_id": "A <b>",
    "sentenced_on": "2011-05-12",
    "drugs": [{"drug": "heroin", "quantity": 0.8, "unit": "kg"}],
    "acceptance": -3,
    "criminal_history_category": "III",
    "imposed_term_months": 96,
}


@pytest.fixture
def client():
    return create_app(TOKEN, [AT, "localhost:8000"], lambda: date(2026, 1, 2)).test_client()


def post(client, where, data, **how):
    return client.post(f"/{TOKEN}/{where}", data=data, base_url=f"http://{AT}", **how)


def words(reply):
    return html.unescape(re.sub(r"<[^>]+>", " ", reply.get_data(as_text=True)))


def test_what_is_typed_is_answered_as_the_library_answers_it(client):
    reply = post(client, "answer", TYPED)
    assert reply.status_code == 200 and sentence(analyze_case(FACTS)) in words(reply)
    assert "5/12/2011 read as 12 May 2011" in words(reply) and "<b>" not in reply.get_data(as_text=True)


def test_an_open_answer_names_the_fields_that_would_settle_it(client):
    text = post(client, "answer", {"drug": "heroin", "quantity": "0.8 kg"}).get_data(as_text=True)
    (opened,) = re.findall(r'data-open="([^"]*)"', text)
    assert {"criminal_history_category", "imposed_term_months"} <= set(opened.split())
    assert 'href="#f-criminal_history_category"' in text and text.index("still-title") < text.index(
        "worksheet"
    )


def test_a_fact_that_cannot_be_read_is_named(client):
    text = post(client, "answer", {**TYPED, "acceptance": "yes"}).get_data(as_text=True)
    assert 'data-wrong="acceptance"' in text and "write how many levels came off" in text


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        (f"/{TOKEN}/", {"Host": "evil.example"}, 403),
        (f"/{TOKEN}/", {"Host": "127.0.0.1:8001"}, 403),
        (f"/{TOKEN}/", {"Host": AT, "Origin": "http://evil.example"}, 403),
        (f"/{TOKEN}/", {"Host": AT, "Origin": "null"}, 403),
        (f"/{TOKEN}x/", {"Host": AT}, 404),
        ("/", {"Host": AT}, 404),
        ("//", {"Host": AT}, 404),
        (f"/{TOKEN}/nothing", {"Host": AT}, 404),
        (f"/{TOKEN}/", {"Host": AT}, 200),
        (f"/{TOKEN}/", {"Host": "localhost:8000", "Origin": f"http://{AT}"}, 200),
    ],
)
def test_only_its_own_pages_may_ask(client, address, headers, status):
    reply = client.get(address, headers=headers)
    assert reply.status_code == status
    if status != 200:
        assert TOKEN not in reply.get_data(as_text=True).replace(address, "")
    assert reply.headers["Cache-Control"] == "no-store" and reply.headers["Referrer-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in reply.headers["Content-Security-Policy"]


def test_every_field_stands_in_the_form_once(client):
    text = client.get(f"/{TOKEN}/", base_url=f"http://{AT}").get_data(as_text=True)
    for name in FIELDS:
        assert text.count(f'data-field="{name}"') == 1, name
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids)) and not re.search(r'(?:src|href)="(?:https?:)?//', text)


def test_facts_come_back_from_the_form_as_they_went_in():
    facts = {
        **FACTS,
        "drugs": [*FACTS["drugs"], {"drug": "crack", "quantity": 3, "unit": "oz"}],
        "safety_valve": False,
        "guideline_range_months": [97, "life"],
        "amendments": ["782", "821A"],
        "adjustments": [{"section": "3C1.1", "levels": 2}],
        "rules": {"koons": "never"},
        "statutory_maximum_months": "life",
    }
    assert record_of(typed_as(facts)).facts == facts


def test_a_sheet_gives_the_docket_and_each_client_a_page(client):
    with MESSY.open("rb") as file:
        reply = post(client, "docket", {"file": (file, "messy.csv")}, content_type="multipart/form-data")
    text = words(reply)
    assert (
        reply.status_code == 200
        and "30 records: " in text
        and "A. Abbott" in text[text.index("File first") :]
    )
    assert "write how many levels came off" in text and "5/12/2011 read as 12 May 2011" in text
    kept = re.search(r'action="client"[^>]*><input[^>]*value="([^"]*)"', reply.get_data(as_text=True))
    record = html.unescape(kept[1])
    page = words(post(client, "client", {"records": record}))
    name = json.loads(record)["case_id"]
    assert name in page and "2 January 2026" in page and "not legal advice" in page
    assert f'value="{name}"' in post(client, "", {"records": record}).get_data(as_text=True)


def test_what_is_saved_is_what_was_typed_and_can_be_read_again(client):
    reply = post(client, "save/facts", TYPED)
    assert json.loads(reply.data) == FACTS
    assert reply.headers["Content-Disposition"] == 'attachment; filename="A--b.json"'
    again = post(
        client, "docket", {"file": (io.BytesIO(reply.data), "a.json")}, content_type="multipart/form-data"
    )
    assert 'value="0.8 kg"' in again.get_data(as_text=True)
    assert b"Facts as entered" in post(client, "save/page", TYPED).data
    lines = "\n".join([json.dumps(FACTS), json.dumps({**FACTS, "case_id": "=B"})])
    csv_file = post(client, "save/answers.csv", {"records": lines}).data.decode("utf-8-sig")
    assert csv_file.startswith("case_id,answer") and "\n'=B,eligible" in csv_file
    pytest.importorskip("openpyxl")
    assert post(client, "save/answers.xlsx", {"records": lines}).data.startswith(b"PK")


@pytest.mark.parametrize(
    ("content", "name", "status", "says"),
    [
        (b"", "a.csv", 422, "nothing in it"),
        (b"case_id,acceptence\n1,2\n", "a.csv", 422, "did you mean acceptance?"),
        (b"PK\x03\x04", "a.xlsx", 422, "not an Excel file"),
        (b"case_id\n" + b"x\n" * (MOST_ROWS + 1), "a.csv", 422, "more than 2,000 clients"),
        (b"x" * (MOST_BYTES + 1), "a.csv", 413, "more than 8 MB"),
        (b"x", "", 400, "No file was chosen"),
    ],
)
def test_a_file_that_is_none_is_refused_in_one_line(client, content, name, status, says):
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    body = head + content + b"\r\n--x--\r\n"
    reply = post(client, "docket", body, content_type="multipart/form-data; boundary=x")
    assert reply.status_code == status and says in words(reply)


def test_the_empty_sheets_are_there_to_be_filled_in(client):
    for ending, begins in (("csv", b"\xef\xbb\xbfcase id"), ("xlsx", b"PK")):
        if ending == "xlsx":
            pytest.importorskip("openpyxl")
        assert client.get(f"/{TOKEN}/template.{ending}", base_url=f"http://{AT}").data.startswith(begins)


def test_a_port_that_is_taken_is_one_line():
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SimulationError, match=f"port {port} is taken by another program"):
            serve(port, lambda address: None)


def test_the_desk_listens_on_this_machine_alone_and_ends_with_the_process():
    said = []

    def began(address):
        said.append(address)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        serve(0, began)
    with pytest.raises(KeyboardInterrupt):
        serve(0, began)
    assert all(re.fullmatch(r"http://127\.0\.0\.1:\d+/[\w-]{32}/", address) for address in said)
    assert said[0].split("/")[3] != said[1].split("/")[3]


@pytest.mark.parametrize(
    "facts",
    [
        {"amendments": [750, 782], "total_offense_level": 27},
        {"amendments": [], "total_offense_level": 27},
        {"amendments": ["821A"], "table_range_months": [70, 87], "rules": {"koons": "never"}},
        {"adjustments": [{"section": "2D1.1(b)(1)", "levels": 2}], "firearm_counts": ["brandished"] * 2},
        {"guideline_range_months": ["life", "life"], "time_credit_bars": ["fentanyl_leader"]},
        {"earlier_reductions": [{"amendment": 706, "term_months": 90}], "imposed_term_months": 120},
        {"drugs": [{"drug": "methamphetamine", "quantity": 440.7, "unit": "g", "purity": 0.305}]},
        {"drugs": [{"drug": "oxycodone", "quantity": 1000, "unit": "pills", "each": "30 mg"},
                   {"drug": "heroin", "quantity": 1, "unit": "kg", "acquitted": True}]},
    ],
)  # fmt: skip
def test_facts_that_were_saved_stand_in_the_form_as_they_were(facts):
    """A form that lost a purity, or took two amendments for a range, answered otherwise when typed in."""
    again = record_of(typed_as(facts)).facts
    one, other = ({**each, "amendments": [*map(str, each.get("amendments", []))]} for each in (facts, again))
    pure = [part.pop("purity", None) for each in (one, other) for part in each.get("drugs", [])]
    assert one == other and pure in ([], [None] * len(pure), [0.305, "30.5%"])
