"""One client on one page: the facts as entered, the steps, the answer, and what was assumed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from guidelines.case.decision import branch_lines, plain, sentence
from sim._version import __version__
from sim.base.text import visible
from sim.output.cases.words import as_of, day, facts_in_words, figure, in_words
from sim.output.html.document import document
from sim.output.html.markup import Html, items, paragraph, safe, section, table
from sim.records.values import long_day

NO_ADVICE = (
    "This is arithmetic under the guidelines, not legal advice; what is left to the court stays with it."
)
TERMS = {"original": "Without a reduction", "reduced": "Reduced to the lowest term"}
STEPS = {"door": "projected release", "full_term": "full term ends"}
"""Steps that have a plainer name than their own."""
COUNTED = ("good_conduct_time",)
"""Steps whose days matter beside their day."""
STYLE = """
dl.facts { display: grid; gap: .2rem 1.4rem; max-width: none; }
dl.facts { grid-template-columns: repeat(auto-fill, minmax(min(15rem, 100%), 1fr)); }
dl.facts dt { display: inline; font-weight: normal; color: var(--quiet); margin: 0; }
dl.facts dd { display: inline; }
dl.facts div { break-inside: avoid; }
.changed { font-weight: bold; }
.case h2 { margin-top: 1.6rem; }
@media print {
  @page { margin: 11mm 13mm; }
  header .kind, .case .note { font-size: 8pt; }
  .case table { font-size: 7.2pt; line-height: 1.2; }
  .case th, .case td { padding: .06rem .5rem .06rem 0; }
  .case .figure { padding-right: .7rem; }
  .case dl.facts { grid-template-columns: repeat(3, 1fr); gap: 0 1rem; font-size: 8pt; margin: .2rem 0; }
  .case h2 { margin: .55rem 0 .15rem; padding-top: .2rem; border-top-width: 1px; font-size: 10pt; }
  .case ul { margin: .2rem 0; font-size: 8pt; line-height: 1.25; columns: 2; }
  .case li { break-inside: avoid; }
  .case .scroll { margin: .2rem 0; }
  .case caption { display: none; }
  .case .lead { font-size: 10.5pt; margin: .4rem 0; }
  .case p { margin: .25rem 0; }
  header h1 { font-size: 14pt; margin: 0; }
  footer { margin-top: .5rem; font-size: 7.5pt; }
}
"""
"""One page of Letter or A4 for a plain case."""


def page(
    answer: Mapping[str, Any],
    facts: Mapping[str, Any],
    *,
    made_on: date,
    read_as: Iterable[str] = (),
    bar: str = "",
) -> str:
    """The page of one answer.

    Parameters
    ----------
    answer
        Of `guidelines.analyze_case`.
    facts
        The record it answers.
    made_on
        The day that stands on the page.
    read_as
        What was read differently from how it was written.
    bar
        Markup at the top for the screen, where the desk shows the page.
    """
    answer = as_of(answer, made_on)
    name = name_of(answer)
    return document(
        title=name,
        description=sentence(answer),
        header=paragraph(
            f"Drugs Minus Two {__version__}, made on {long_day(made_on)}. Not legal advice.", "kind"
        )
        + f"\n<h1>{safe(name)}</h1>",
        main=f'{bar}<div class="case">\n{body(answer, facts, read_as)}\n</div>',
        footer=paragraph(f"{editions(answer)} Sections are those of the Guidelines Manual. {NO_ADVICE}"),
        style=STYLE,
        at_home=bool(bar),
    )


def body(
    answer: Mapping[str, Any], facts: Mapping[str, Any], read_as: Iterable[str] = (), *, opened: str = ""
) -> str:
    """What the page says, without its frame: the answer first, then why.

    Parameters
    ----------
    answer, facts, read_as
        As for `page`.
    opened
        What stands in place of the line of facts that would settle the answer.
    """
    return "\n".join(
        part
        for part in (
            _listed("warnings", "Before anything else", answer.get("warnings") or ()),
            decision(answer, opened),
            _listed("branches", "What it hangs on", branch_lines(answer)),
            section("facts", "Facts as entered", _facts(facts)),
            _worksheet(answer["worksheet"]),
            _release(answer["release"]),
            _listed("read", "Read differently from how it was written", read_as),
            _listed("assumed", "Assumed, since the record does not say", answer["assumed"]),
            _listed("unused", "Entered, but played no part", answer.get("unused") or ()),
        )
        if part
    )


def decision(answer: Mapping[str, Any], opened: str = "") -> str:
    """The decision in a sentence, its code, and the facts that would settle what is open."""
    parts = [paragraph(sentence(answer), "lead")]
    if answer["code"]:
        codes = [answer["code"], *answer["other_codes"]]
        told = f"Code: {codes[0]}" + (f"; also true: {', '.join(codes[1:])}" if codes[1:] else "")
        parts.append(paragraph(told, "note"))
    if opened:
        parts.append(opened)
    elif lacking := open_facts(answer):
        parts.append(paragraph(f"What would settle it: {'; '.join(map(plain, lacking))}."))
    return "\n".join(parts)


def open_facts(answer: Mapping[str, Any]) -> list[str]:
    """Facts that would decide an undecided answer, by the names of their fields."""
    if answer.get("eligible") is not None or not answer["edition"]["amended"]:
        return []
    return answer.get("decides") or [one for one in answer["missing"] if "release dates" not in one]


def name_of(answer: Mapping[str, Any]) -> str:
    """How a page calls its case."""
    return f"Case {visible(answer['case_id'])}" if answer["case_id"] not in (None, "") else "Case"


def editions(answer: Mapping[str, Any]) -> str:
    """The Manuals an answer rests on."""
    edition = answer["edition"]
    used = f"Drug Quantity Table of {day(edition['original'])}"
    return used + (f", amended as of {day(edition['amended'])}." if edition["amended"] else ".")


def _facts(facts: Mapping[str, Any]) -> str:
    told = "".join(
        f"<div><dt>{safe(name)}: </dt><dd>{safe(value)}</dd></div>" for name, value in facts_in_words(facts)
    )
    return f'<dl class="facts">{told}</dl>' if told else paragraph("None yet.")


def _worksheet(lines: Iterable[Mapping[str, Any]]) -> str:
    rows = []
    for line in lines:
        step = line["step"].removesuffix("_months").replace("_", " ")
        old, new = figure(line["original"]), figure(line["amended"])
        changed = "-" not in (old, new) and old != new
        after = Html(f'<span class="changed">{safe(new)}</span>') if changed else new
        rows.append([step, line["section"], old, after, line["unit"], line["note"]])
    if not rows:
        return ""
    heads = ("Step", "Section", "Original", "Amended", "Unit", "Why")
    caption = "Each step with its section, before and after the amendment"
    return section("worksheet", "Worksheet", table(caption, heads, rows, figures=(2, 3), prose=(5,)))


def _release(release: Mapping[str, Any]) -> str:
    """The steps from sentence to door, without a reduction and with it, side by side."""
    paths = {when: release[name]["steps"] for name, when in TERMS.items() if release.get(name)}
    if not paths:
        return ""
    steps: dict[tuple[str, str], dict[str, Mapping[str, Any]]] = {}
    for when, path in paths.items():
        for step in path:
            steps.setdefault((step["name"], step["section"]), {})[when] = step
    rows = []
    for (name, law), by_term in steps.items():
        notes = dict.fromkeys(step["note"] for step in by_term.values() if step["note"])
        shown = [_when(by_term.get(when)) for when in paths]
        rows.append([STEPS.get(name, name.replace("_", " ")), law, *shown, "; ".join(notes)])
    heads = ("Step", "Section", *paths, "Note")
    figures = range(2, 2 + len(paths))
    caption = "From sentence to door"
    return section(
        "release", "Release", table(caption, heads, rows, figures=figures, prose=(len(heads) - 1,))
    )


def _when(step: Mapping[str, Any] | None) -> str:
    """A step's day, its days, or both."""
    if step is None:
        return "-"
    days = "" if step["days"] is None else f"{step['days']:,} days"
    if not step["on"]:
        return days or "-"
    return f"{day(step['on'])}, {days}" if days and step["name"] in COUNTED else day(step["on"])


def _listed(name: str, title: str, lines: Iterable[str]) -> str:
    listed = [in_words(line) for line in lines]
    return section(name, title, items(listed)) if listed else ""
