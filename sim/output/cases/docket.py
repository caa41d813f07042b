"""The docket of an office: whom to file for first and why, who lacks which fact, who is out by which rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from heapq import nsmallest
from textwrap import wrap
from typing import Any

from guidelines.case.decision import plain, sentence
from sim._version import __version__
from sim.base.text import visible
from sim.output.cases.page import NO_ADVICE, open_facts
from sim.output.cases.words import as_of, day
from sim.output.html.document import document
from sim.output.html.markup import Html, paragraph, section, table
from sim.records.values import long_day

WIDTH = 78
NAMED = 8
"""Clients named after a fact or a rule in the text; the page names all."""
FILE, LEFT, OPEN, OUT, ERROR = "file", "left", "open", "out", "error"
CLASH = "record_inconsistent"
"""The code of facts that contradict each other: no fact is missing."""
LATE = "9999"
"""Sorts after every day: a release that is not known."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One client's line.

    Attributes
    ----------
    line, case_id
        Number of the line, and what the record calls itself.
    kind
        `FILE`, `LEFT` (to file for, but probably out of prison by then), `OPEN`, `OUT` or `ERROR`.
    order
        Sorts those to file for: earliest release first, then the greatest reduction.
    why
        For `FILE` and `LEFT` what is to be won; for `OPEN` the facts that decide; else the decision or the
        problems.
    under
        What it is counted under: the facts that decide, or the rule.
    """

    line: int
    case_id: str | None
    kind: str
    order: tuple[str, float, int]
    why: tuple[str, ...]
    under: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What to call the client."""
        return visible(self.case_id) if self.case_id else f"line {self.line}"


def entry(line: int, answer: Mapping[str, Any], made_on: date | None = None) -> Entry:
    """The line of one answer, as of a day where one is given."""
    name = None if answer["case_id"] is None else str(answer["case_id"])
    order = (LATE, 0.0, line)
    if "error" in answer:
        return Entry(line, name, ERROR, order, tuple(answer["error"]["problems"]))
    if answer["eligible"]:
        less, reduced = answer["reduction_months"], answer["release"]["reduced"]
        when = (reduced or {}).get("release_date") or LATE
        left = made_on is not None and as_of(answer, made_on) is not answer
        return Entry(line, name, LEFT if left else FILE, (when, -(less or 0), line), _won(answer))
    told = (sentence(answer).rstrip("."),)
    if answer["eligible"] is not None:
        return Entry(line, name, OUT, order, told, (answer["code"],))
    if answer["code"] == CLASH:
        return Entry(line, name, OPEN, order, told, ("facts that contradict each other",))
    if not answer["edition"]["amended"]:
        return Entry(line, name, OPEN, order, told, ("which amendment to apply",))
    lacking = tuple(map(plain, open_facts(answer)))
    return Entry(line, name, OPEN, order, lacking or told, lacking or ("facts listed on its page",))


def _won(answer: Mapping[str, Any]) -> tuple[str, ...]:
    less, floor = answer["reduction_months"], answer["floor_months"]
    to = "down to" if answer["floor_is_limit"] else "to about"
    told = [f"{to} {floor} months" + (f", {less} less" if less else "")]
    if floor is None:
        floors = dict.fromkeys(str(one["floor_months"]) for one in answer["branches"])
        names = dict.fromkeys(plain(name) for one in answer["branches"] for name in one["if"])
        told = [f"{to} {' or '.join(floors)} months, depending on {', '.join(names)}"]
    was, becomes = (answer["release"][name] for name in ("original", "reduced"))
    if was and becomes and becomes["release_date"]:
        told.append(f"release {day(becomes['release_date'])} instead of {day(was['release_date'])}")
    else:
        told.append("the day the sentence began is needed for the dates")
    if doubts := len(answer["warnings"]):
        told[-1] += f" ({doubts} {'doubt' if doubts == 1 else 'doubts'} to settle before, see its page)"
    return tuple(told)


@dataclass
class Docket:
    """Counts and lists, filled entry by entry or merged from parts.

    Attributes
    ----------
    keep
        Entries kept of each kind; the counts are of all.
    made_on
        Who was to leave before that day is probably out of prison; None for no such day.
    """

    keep: int = 1_000
    made_on: date | None = None
    counts: Counter[str] = field(default_factory=Counter)
    facts: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    entries: dict[str, list[Entry]] = field(
        default_factory=lambda: {FILE: [], LEFT: [], OPEN: [], OUT: [], ERROR: []}
    )

    def add(self, one: Entry) -> None:
        """Count one client in."""
        self.counts[one.kind] += 1
        if one.kind == OPEN:
            self.facts.update(one.under)
        elif one.kind == OUT:
            self.rules.update(one.under)
        held = self.entries[one.kind]
        held.append(one)
        if len(held) > 2 * self.keep:
            self._trim(held)

    def add_answer(self, line: int, answer: Mapping[str, Any]) -> None:
        """Count one answer in."""
        self.add(entry(line, answer, self.made_on))

    def merge(self, other: Docket) -> None:
        """Count in what another part of the file held."""
        self.counts += other.counts
        self.facts += other.facts
        self.rules += other.rules
        for kind, held in self.entries.items():
            held += other.entries[kind]
            if len(held) > 2 * self.keep:
                self._trim(held)

    def _trim(self, held: list[Entry]) -> None:
        held[:] = nsmallest(self.keep, held, key=lambda one: one.order)

    def first(self, kind: str) -> list[Entry]:
        """The entries of a kind in their order, as many as were kept."""
        return sorted(self.entries[kind], key=lambda one: one.order)[: self.keep]


def headline(docket: Docket) -> str:
    """The counts in a sentence."""
    counts = docket.counts
    total = sum(counts.values())
    parts = [f"{counts[FILE]:,} to file for"]
    if counts[LEFT]:
        parts.append(f"{counts[LEFT]:,} probably out of prison already")
    parts.append(f"{counts[OPEN]:,} not decided yet")
    parts.append(f"{counts[OUT]:,} not eligible")
    if counts[ERROR]:
        parts.append(f"{counts[ERROR]:,} that could not be read")
    return f"{total:,} {'record' if total == 1 else 'records'}: {', '.join(parts)}."


def as_text(docket: Docket, most: int = 20) -> str:
    """The docket for a terminal, at most 78 columns wide.

    Parameters
    ----------
    docket, most
        What to show, and how many of those to file for.
    """
    lines = wrap(headline(docket), WIDTH)
    for kind, title in (
        (FILE, "File first (earliest release first, then the greatest reduction):"),
        (LEFT, "Probably out of prison already (check before filing):"),
    ):
        if docket.counts[kind]:
            lines += ["", title]
        for rank, one in enumerate(docket.first(kind)[:most], start=1):
            lines += wrap(f"{rank:>3}. {one.name}: {'; '.join(one.why)}", WIDTH, subsequent_indent=" " * 5)
        if docket.counts[kind] > most:
            lines.append(f"     and {docket.counts[kind] - most:,} more")
    lines += _counted("Facts that would decide:", docket.facts, docket, OPEN)
    lines += _counted("Not eligible, by rule:", docket.rules, docket, OUT)
    if docket.counts[ERROR]:
        lines += ["", "Could not be read:"]
        for one in docket.first(ERROR)[:most]:
            lines += wrap(
                f"line {one.line}: {one.why[0]}", WIDTH, initial_indent="  ", subsequent_indent="    "
            )
        if docket.counts[ERROR] > most:
            lines.append(f"  and {docket.counts[ERROR] - most:,} more")
    return "\n".join(lines) + "\n"


def _counted(title: str, counts: Counter[str], docket: Docket, kind: str) -> list[str]:
    if not counts:
        return []
    lines = ["", title]
    entries = docket.first(kind)
    for what, count in counts.most_common():
        clients = [one.name for one in entries if what in one.under][:NAMED]
        more = " ..." if count > len(clients) else ""
        told = f"{count:>5,}  {what.replace('_', ' ')}: {', '.join(clients)}{more}"
        lines += wrap(told, WIDTH, subsequent_indent=" " * 9)
    return lines


def page(
    docket: Docket,
    *,
    made_on: date,
    source: str,
    link: Callable[[Entry], Html | str],
    before: str = "",
    after: str = "",
    style: str = "",
) -> str:
    """The docket as a page.

    Parameters
    ----------
    docket, made_on, source
        What to show, the day that stands on it, and the file it came from.
    link
        A client's name, with a link to its page where there is one.
    before, after, style
        What the desk puts around it.
    """
    return document(
        title="Docket",
        description=headline(docket),
        header=paragraph(f"Drugs Minus Two {__version__}, made on {long_day(made_on)} from {source}", "kind")
        + "\n<h1>Docket</h1>",
        main=f'{before}<div class="case">\n{body(docket, link)}\n{after}</div>',
        footer=paragraph(NO_ADVICE),
        style=style,
        at_home=bool(before),
    )


def body(docket: Docket, link: Callable[[Entry], Html | str]) -> str:
    """What the docket's page says, without its frame."""
    parts = [paragraph(headline(docket), "lead")]
    caption = "Earliest release first, then the greatest reduction"
    gone = "The projected release without a reduction has passed: check before filing"
    for kind, key, title, above, last in (
        (FILE, "first", "File first", caption, "Why first"),
        (LEFT, "left", "Probably out of prison already", gone, "Release"),
    ):
        if rows := [[link(one), *one.why] for one in docket.first(kind)]:
            shown = table(above, ("Client", "Reduction", last), rows, prose=(2,))
            parts.append(section(key, title, shown, _kept(docket, kind)))
    if docket.counts[OPEN]:
        facts = [[fact.replace("_", " "), f"{count:,}"] for fact, count in docket.facts.most_common()]
        named = [[link(one), "; ".join(one.why)] for one in docket.first(OPEN)]
        parts.append(
            section(
                "open",
                "Not decided yet",
                table("Facts that would decide, and for how many", ("Fact", "Clients"), facts, figures=(1,)),
                table("Each client", ("Client", "What would settle it"), named, prose=(1,)),
                _kept(docket, OPEN),
            )
        )
    if docket.counts[OUT]:
        rules = [[rule.replace("_", " "), f"{count:,}"] for rule, count in docket.rules.most_common()]
        named = [[link(one), one.why[0]] for one in docket.first(OUT)]
        parts.append(
            section(
                "out",
                "Not eligible",
                table("By rule", ("Rule", "Clients"), rules, figures=(1,)),
                table("Each client", ("Client", "Why not"), named, prose=(1,)),
                _kept(docket, OUT),
            )
        )
    if docket.counts[ERROR]:
        rows = [[one.name, f"{one.line}", "; ".join(one.why)] for one in docket.first(ERROR)]
        shown = table("Mend these in the file and read it again", ("Client", "Line", "Why"), rows, prose=(2,))
        parts.append(section("errors", "Could not be read", shown, _kept(docket, ERROR)))
    return "\n".join(parts)


def _kept(docket: Docket, kind: str) -> str:
    more = docket.counts[kind] - docket.keep
    return paragraph(f"And {more:,} more, in the file of answers.", "note") if more > 0 else ""
