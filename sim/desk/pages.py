"""The pages of the desk: the form with its answer, a client's page, the docket of a sheet."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from importlib.resources import files
from typing import Any

from guidelines.case import CaseError, analyze_case
from guidelines.case.decision import sentence
from guidelines.case.fields import FIELDS
from sim._version import __version__
from sim.desk.form import fields_named, form
from sim.output.cases import docket as dockets
from sim.output.cases import page as client
from sim.output.cases.words import as_of, label
from sim.output.html.document import document
from sim.output.html.markup import Html, items, paragraph, safe, section
from sim.records.record import Record

WELCOME = "Type what the file says; the answer fills as you type, and says which facts are still open."
NOTHING = "Nothing typed yet."
PRIVATE = (
    "The desk runs on this machine alone; nothing is stored unless you save it, and nothing is sent away."
)
CHOOSE = "A sheet of clients, or saved facts: choose the file, or drop it on the page"


def desk(typed: Mapping[str, Sequence[str]], record: Record | CaseError, made_on: date) -> str:
    """The form with the answer beside it.

    Parameters
    ----------
    typed
        What stands in the fields.
    record
        What it was read as, or why it was not.
    made_on
        Who was to leave before is probably out of prison.
    """
    buttons = (
        '<p><button type="submit" formaction="client" formtarget="_blank">Page to print</button> '
        '<button type="submit" formaction="save/page">Save the page</button> '
        '<button type="submit" formaction="save/facts">Save the facts</button> '
        '<a href="./">Begin anew</a></p>'
    )
    about = f"Drugs Minus Two {__version__}"
    return document(
        title="The desk",
        description=WELCOME,
        header=f"{paragraph(about, 'kind')}\n<h1>The desk</h1>\n{paragraph(WELCOME)}",
        main=(
            f"{_drop()}\n<div class='desk'>\n"
            # The first button is what Enter presses: it shows the answer, with or without scripts.
            '<form id="facts" method="post" action="./" autocomplete="off">'
            '<button type="submit" class="first">Show the answer</button>\n'
            f"{form(typed)}\n{buttons}</form>\n"
            '<section id="answer" tabindex="0" aria-labelledby="answer-title">'
            '<h2 id="answer-title">Answer</h2>\n'
            '<p role="status" id="decision" class="lead"></p>'
            f'<div id="rest">{answer(record, made_on)}</div></section>\n</div>'
        ),
        footer=paragraph(PRIVATE) + paragraph(client.NO_ADVICE),
        style=client.STYLE + _file("desk.css"),
        scripts=[_file("desk.js")],
        at_home=True,
    )


def answer(record: Record | CaseError, made_on: date) -> str:
    """What stands beside the form: the decision, what is still open, the worksheet; or what is wrong."""
    if isinstance(record, Record):
        if not record.facts:
            return f'<div data-decision="{NOTHING}">{paragraph(NOTHING, "lead")}</div>'
        try:
            found = analyze_case(record.facts)
        except CaseError as problem:
            record = problem
        else:
            lacking = client.open_facts(found)
            shown = as_of(found, made_on)
            names = {name for line in lacking for name in fields_named(line)}
            listed = items(_with_links(line) for line in lacking)
            still = section("still", "Still open", listed) if lacking else ""
            told, opened = safe(sentence(found)), " ".join(sorted(names))
            inside = client.body(shown, record.facts, map(str, record.readings), opened=still)
            return f'<div class="case" data-decision="{told}" data-open="{opened}">{inside}</div>'
    wrong = {name for line in record.problems for name in fields_named(line)}
    told = "One fact cannot be read." if len(record.problems) == 1 else "Some facts cannot be read."
    return (
        f'<div data-decision="{told}" data-wrong="{" ".join(sorted(wrong))}">{paragraph(told, "lead")}'
        f"{items(_linked(line) for line in record.problems)}</div>"
    )


def _linked(line: str) -> Html:
    """A line with links to the fields it names."""
    links = ", ".join(map(_link, fields_named(line)))
    return Html(safe(line.replace("_", " ")) + (f" ({links})" if links else ""))


def _with_links(line: str) -> Html:
    """A line with its names of fields as links to them."""
    named = re.sub(r"\w+", lambda word: _link(word[0]) if word[0] in FIELDS else word[0], safe(line))
    return Html(named)


def _link(name: str) -> str:
    return f'<a href="#f-{name}">{safe(label(name))}</a>'


def _drop() -> str:
    return (
        '<form id="sheet" method="post" action="docket" enctype="multipart/form-data">'
        f'<label for="file">{CHOOSE}</label> '
        '<input type="file" id="file" name="file" required accept=".csv,.tsv,.txt,.xlsx,.json,.jsonl"> '
        '<button type="submit">Read it</button> '
        '<span>To fill in: <a href="template.csv" download>empty sheet (CSV)</a> or '
        '<a href="template.xlsx" download>empty sheet (Excel)</a></span></form>'
    )


def client_page(record: Record, made_on: date) -> str:
    """A client's page, with ways back to the form and to a file that do not print.

    Raises
    ------
    CaseError
        As `guidelines.analyze_case`.
    """
    found = analyze_case(record.facts)
    kept = hidden([record.facts])
    bar = (
        f'<form class="screen" method="post" action="./">{kept}'
        '<button type="submit">Change the facts</button> '
        '<button type="submit" formaction="save/page">Save the page</button></form>'
    )
    return client.page(found, record.facts, made_on=made_on, read_as=map(str, record.readings), bar=bar)


def hidden(records: Iterable[Mapping[str, Any]]) -> str:
    """Records in a form, so that the program need not keep them."""
    lines = "\n".join(json.dumps(record, ensure_ascii=False) for record in records)
    return f'<input type="hidden" name="records" value="{safe(lines)}">'


def docket_page(
    docket: dockets.Docket,
    records: Mapping[int, Mapping[str, Any]],
    notices: Sequence[str],
    name: str,
    made_on: date,
) -> str:
    """The docket of a sheet.

    Parameters
    ----------
    docket, records
        The clients, and their facts by line.
    notices
        How the sheet was read.
    name, made_on
        The file, and the day that stands on the page.
    """

    def link(one: dockets.Entry) -> Html | str:
        if one.line not in records:
            return one.name
        return Html(
            f'<form method="post" action="client" target="_blank">{hidden([records[one.line]])}'
            f'<button type="submit" class="link">{safe(one.name)}</button></form>'
        )

    save = (
        f'<form class="screen" method="post" action="save/answers.csv">{hidden(records.values())}'
        '<button type="submit">Save the answers (CSV)</button> '
        '<button type="submit" formaction="save/answers.xlsx">Save the answers (Excel)</button> '
        '<a href="./">Back to the form</a></form>'
    )
    read = section("read", "How the sheet was read", items(notices)) if notices else ""
    return dockets.page(
        docket, made_on=made_on, source=name, link=link, before=save, after=read, style=_file("desk.css")
    )


def message(title: str, line: str) -> str:
    """A page that says why there is no other."""
    return document(
        title=title,
        header=f"<h1>{safe(title)}</h1>",
        main=paragraph(line) + '<p><a href="./">Back to the form</a></p>',
        footer=paragraph(PRIVATE),
        at_home=True,
    )


def _file(name: str) -> str:
    return files("sim.desk").joinpath(name).read_text(encoding="utf-8")
