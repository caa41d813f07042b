"""The program behind the pages: addresses, and who may ask."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from secrets import compare_digest

from flask import Flask, Response, abort, request
from werkzeug.exceptions import HTTPException

from guidelines.case import CaseError
from sim.base.errors import SimulationError
from sim.desk import pages
from sim.desk.form import record_of, typed_as
from sim.output.cases.docket import Docket
from sim.output.cases.sheet import HEADINGS, WIDTHS, csv_text, row
from sim.records.batch import answered, as_object, parse
from sim.records.excel import Sheet
from sim.records.record import Record, from_object
from sim.records.source import Source, source
from sim.records.template import template

MOST_BYTES = 8 * 1024 * 1024
MOST_ROWS = 2_000
"""Clients of a sheet the desk takes; `minustwo cases` takes any number."""
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'none'; object-src 'none'; form-action 'self'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Of every answer; what a page may load or run stands in the page itself."""


def create_app(token: str, hosts: Sequence[str], today: Callable[[], date]) -> Flask:
    """The desk.

    Parameters
    ----------
    token
        First part of every address; whoever does not know it finds nothing.
    hosts
        Names and ports the desk answers to, such as ``127.0.0.1:8000``.
    today
        The day that stands on pages.
    """
    app = Flask("minustwo desk", static_folder=None, template_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=MOST_BYTES, MAX_FORM_MEMORY_SIZE=MOST_BYTES, MAX_FORM_PARTS=1000)

    @app.before_request
    def who_asks() -> None:
        origin = request.headers.get("Origin")
        if request.host not in hosts:
            abort(403, "This desk answers only to its own address on this machine.")
        if origin not in (None, *(f"http://{host}" for host in hosts)):
            abort(403, "Another page asked; only the desk's own pages may.")
        if not compare_digest(str((request.view_args or {}).get("token", "")).encode(), token.encode()):
            abort(404, "There is no such page. The address minustwo desk printed is the one to use, whole.")

    @app.after_request
    def guarded(response: Response) -> Response:
        response.headers.update(HEADERS)
        return response

    @app.errorhandler(HTTPException)
    def refused(problem: HTTPException) -> tuple[str, int]:
        code = problem.code or 500
        line = str(problem.description)
        if code == 500:
            line = "The desk failed on this. The facts are still in the form; please report what they were."
        if code == 413:
            line = (
                f"That is more than {MOST_BYTES // 1024 // 1024} MB; minustwo cases reads files of any size."
            )
        return pages.message("Not here", line), code

    @app.errorhandler(CaseError)
    @app.errorhandler(SimulationError)
    def unread(problem: ValueError) -> tuple[str, int]:
        return pages.message("This cannot be read", str(problem)), 422

    @app.get("/<token>/")
    def begin(token: str) -> str:
        return pages.desk({}, Record(), today())

    @app.post("/<token>/")
    def again(token: str) -> str:
        if "records" in request.form:
            record = _sent()
            return pages.desk(typed_as(record.facts), record, today())
        typed = _typed()
        return pages.desk(typed, _read(typed), today())

    @app.post("/<token>/answer")
    def answer(token: str) -> str:
        return pages.answer(_read(_typed()), today())

    @app.post("/<token>/client")
    def client(token: str) -> str:
        return pages.client_page(_sent(), today())

    @app.post("/<token>/save/page")
    def save_page(token: str) -> Response:
        record = _sent()
        return _download(pages.client_page(record, today()).encode(), _name(record, "html"), "text/html")

    @app.post("/<token>/save/facts")
    def save_facts(token: str) -> Response:
        record = _sent()
        content = json.dumps(record.facts, indent=2, ensure_ascii=False) + "\n"
        return _download(content.encode(), _name(record, "json"), "application/json")

    @app.post("/<token>/docket")
    def docket(token: str) -> str:
        file = request.files.get("file")
        if file is None or not file.filename:
            abort(400, "No file was chosen.")
        with file.stream:
            content = file.read()
        return _docket(source(io.BytesIO(content), file.filename), today())

    @app.post("/<token>/save/answers.<ending>")
    def save_answers(token: str, ending: str) -> Response:
        lines = request.form.get("records", "").splitlines()
        rows = [row(as_object(*one), {}, ()) for one in answered(enumerate(lines[:MOST_ROWS], start=1))]
        if ending == "xlsx":
            sheet = Sheet("answers.xlsx", HEADINGS, WIDTHS)
            sheet.add(rows)
            return _download(sheet.content(), "answers.xlsx", EXCEL)
        return _download(csv_text(rows).encode("utf-8-sig"), "answers.csv", "text/csv")

    @app.get("/<token>/template.<ending>")
    def empty_sheet(token: str, ending: str) -> Response:
        name = f"clients.{ending}"
        return _download(template(f".{ending}", name), name, EXCEL if ending == "xlsx" else "text/csv")

    return app


def _typed() -> dict[str, list[str]]:
    return {name: request.form.getlist(name) for name in request.form}


def _read(typed: Mapping[str, Sequence[str]]) -> Record | CaseError:
    try:
        return record_of(typed)
    except CaseError as problem:
        return problem


def _sent() -> Record:
    """The record a page sent back, or what stands in the form."""
    if "records" in request.form:
        return from_object(parse(request.form["records"]))
    return record_of(_typed())


def _docket(sheet: Source, today: date) -> str:
    """The docket of a sheet; the form for a file of one record."""
    entries = []
    for entry in sheet.entries:
        entries.append(entry)
        if len(entries) > MOST_ROWS:
            told = f"{sheet.name}: more than {MOST_ROWS:,} clients; minustwo cases reads files of any size"
            raise SimulationError(told)
    if not entries:
        raise CaseError([f"{sheet.name}: no record under the headings"])
    found = answered(entries, sheet.columns, sheet.places, sheet.delimiter)
    if len(found) == 1 and "error" not in found[0][1]:
        record = found[0][0]
        return pages.desk(typed_as(record.facts), record, today)
    docket, records, said = Docket(made_on=today), {}, dict.fromkeys(sheet.notices)
    for (number, _), (record, answer) in zip(entries, found, strict=True):
        docket.add_answer(number, answer)
        if "error" not in answer:
            records[number] = record.facts
        said |= dict.fromkeys(f"line {number}, {reading}" for reading in record.readings)
    return pages.docket_page(docket, records, list(said), sheet.name, today)


def _name(record: Record, ending: str) -> str:
    case_id = "".join(
        c if c.isascii() and c.isalnum() else "-" for c in str(record.facts.get("case_id", "case"))
    )
    return f"{case_id[:60].strip('-') or 'case'}.{ending}"


def _download(content: bytes, name: str, kind: str) -> Response:
    response = Response(content, mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
