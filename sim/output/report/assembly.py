"""The page, put together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files

import pandas as pd

from sim.base.digits import rounded
from sim.output import finding
from sim.output.html.document import document
from sim.output.html.markup import folded, items, paragraph, safe, section
from sim.output.plots import difference
from sim.output.plots.catalogue import pictures
from sim.output.plots.picture import Look, csv
from sim.output.printed import verdict
from sim.output.report import explorer as explore
from sim.output.report import sentences, tables
from sim.output.report.drawing import PHONE, Drawings
from sim.results.results import Result
from sim.studies.comparison import Comparison
from sim.studies.explorer import Explorer

PLACES = {
    "scorecard": "published",
    "releases_by_month": "months",
    "in_custody": "months",
    "releases_by_drug": "months",
    "approval_by_district": "groups",
    "eligibility_waterfall": "eligible",
    "level_grid": "guideline",
    "drug_ladder": "guideline",
    "terms": "terms",
    "time_served": "terms",
}
"""The section each picture stands in; one that is not named here stands in the last of them."""
ELSEWHERE = "terms"
CHOOSE = (
    "What would another rule have done? Each combination was run on the same people and the same plausible "
    "worlds when this page was made; the page only looks it up."
)
SOURCES = "A source such as custody_and_costs K09 is a row of that table in tables/reference."
SURE = (
    "Where the spread of each quantity comes from. A small share says that better knowledge of this kind "
    "would hardly narrow the interval."
)
PART = re.compile(r'<section id="([^"]+)".*?<h2[^>]*>(.*?)</h2>', re.DOTALL)


def page(
    result: Result,
    comparison: Comparison | None = None,
    explorer: Explorer | None = None,
    why_no_explorer: str = "",
) -> str:
    """A result as one self-contained HTML page.

    Parameters
    ----------
    result
        What to show, fresh or read from a folder.
    comparison
        Other scenarios against it.
    explorer
        The grid for the controls (`sim.studies.explorer.explore`).
    why_no_explorer
        What the page says in its place.

    Returns
    -------
    str
        The page: text, tables, drawings, styles and script in one, which loads nothing.
    """
    result = finding.tellable(result)
    if explorer is not None:  # to as many digits as a stored result, so that the page says one number
        explorer = replace(explorer, table=rounded(explorer.table))
    drawings = Drawings()
    body = "\n".join(_sections(result, comparison, explorer, why_no_explorer, drawings))
    scripts = [_file("explorer.js")] if explorer else []
    scenario, version = result.scenario, result.provenance.get("version")
    grid = (
        f'<script type="application/json" id="grid">{explore.data(explorer)}</script>\n' if explorer else ""
    )
    title = scenario.title or scenario.name
    headline = finding.headline(result)
    return document(
        title=title,
        description=headline,
        header="\n".join(
            [
                paragraph(f"Drugs Minus Two: scenario {scenario.name}, seed {result.seed}", "kind"),
                f"<h1>{safe(title)}</h1>",
                paragraph(scenario.description),
            ]
        ),
        main="\n".join(
            [
                paragraph(headline, "lead"),
                paragraph(finding.further(result)),
                paragraph(verdict(result)),
                f'<nav aria-label="On this page">{_contents(body)}</nav>',
                body,
            ]
        ),
        footer=paragraph(
            f"Made by Drugs Minus Two {version}"
            + ("." if result.provenance.get("people") else " from synthetic people; nobody real is shown.")
            + " This page loads nothing from elsewhere."
        ),
        style=drawings.css,
        scripts=scripts,
        data=grid,
    )


def _sections(
    result: Result,
    comparison: Comparison | None,
    explorer: Explorer | None,
    why_no_explorer: str,
    drawings: Drawings,
) -> Iterator[str]:
    drawn = _pictures(result, drawings)
    yield section(
        "published",
        "Against the published figures",
        *drawn.get("published", []),
        tables.first_day(result),
        tables.headline(result),
    )
    if explorer is not None:
        yield section(
            "explore",
            "What if",
            paragraph(CHOOSE, "screen"),
            explore.controls(explorer),
            explore.answer(explorer),
            folded("Every combination", explore.overview(explorer)),
        )
    elif why_no_explorer:
        yield section("explore", "What if", paragraph(f"No choices here: {why_no_explorer}."))
    yield section(
        "months",
        "Releases and people in custody",
        *drawn.get("months", []),
        folded("Month by month", tables.months(result)),
    )
    yield section("eligible", "Who is eligible", *drawn.get("eligible", []), tables.waterfall(result))
    yield section("guideline", "The guideline before and after", *drawn.get("guideline", []))
    yield section("terms", "Terms and time served", *drawn.get("terms", []))
    outcomes = result.outcomes
    if len(outcomes):
        yield section("outcomes", "What follows from it", *_outcomes(outcomes))
    if len(result.by_group):
        yield section(
            "groups",
            "By group",
            tables.groups(result, tables.DIMENSIONS),
            *(f'<div class="screen">{figure}</div>' for figure in drawn.get("groups", [])),
            folded("By district", tables.groups(result, {"district": "district"})),
        )
    if comparison is not None:
        yield _comparison(comparison, drawings)
    yield section("sure", "How sure", paragraph(SURE), tables.uncertainty(result), *_of_one_source(result))
    yield _method(result)
    yield _origin(result)


def _pictures(result: Result, drawings: Drawings) -> dict[str, list[str]]:
    """The pictures of each section."""
    found: dict[str, list[str]] = {}
    for picture in pictures(result):
        drawn = {"wide": picture.svg(result), "narrow": picture.svg(result, PHONE)}
        shown = drawings.figure(picture.name, drawn, csv(picture.numbers(result)))
        found.setdefault(PLACES.get(picture.name, ELSEWHERE), []).append(shown)
    return found


def _outcomes(outcomes: pd.DataFrame) -> Iterator[str]:
    """What has few rows in one table, what has many in folded ones."""
    rows = outcomes.groupby("quantity")["label"].transform("size")
    yield paragraph(SOURCES, "note")
    yield tables.outcomes("What follows from it", outcomes[rows <= tables.FEW])
    for _, part in outcomes[rows > tables.FEW].groupby("quantity", sort=False):
        label = str(part["label"].iloc[0])
        yield folded(label[:1].upper() + label[1:], tables.outcomes(label, part))


def _comparison(comparison: Comparison, drawings: Drawings) -> str:
    """Other scenarios against this one."""
    first, *others = comparison.results
    parts = []
    drawn = [difference.files(comparison, Look(width, ("svg",))) for width in (Look.width, PHONE)]
    for name in (file.removesuffix(".svg") for file in drawn[0] if file.endswith(".svg")):
        widths = {kind: each[f"{name}.svg"] for kind, each in zip(("wide", "narrow"), drawn, strict=True)}
        parts.append(drawings.figure(name, widths, drawn[0][f"{name}.csv"]))
    for other in others:
        name = other.scenario.name
        parts += [
            f"<h3>{safe(other.scenario.title or name)}</h3>",
            paragraph(other.scenario.description) if other.scenario.description else "",
            tables.totals(comparison, name),
            folded(f"{name} by group", tables.group_differences(comparison, name)),
            folded(f"Text of the scenario {name}", _text(other.scenario.text)),
        ]
    about = paragraph(
        f"Differences from {first.scenario.name}. People, plausible worlds and districts are the same in "
        "all, so what they share cancels: a difference is one of rules, not of luck. Intervals of totals "
        "hold the spread between worlds and between districts, those by month and by group between worlds."
    )
    return section("compared", "Compared with other scenarios", about, *parts)


def _of_one_source(result: Result) -> Iterator[str]:
    """Quantities whose spread has a single source, by that source."""
    for source, labels in tables.of_one_source(result).items():
        yield paragraph(f"All of the spread comes from {source} for: {', '.join(labels)}.", "note")


def _method(result: Result) -> str:
    missed = list(sentences.misses(result))
    return section(
        "method",
        "Method and limits",
        paragraph(sentences.method(result)),
        paragraph(sentences.limits(result)),
        (paragraph("Published figures that are missed:") + items(missed)) if missed else "",
        (paragraph("Taken for granted:") + items(result.assumed)) if result.assumed else "",
    )


def _origin(result: Result) -> str:
    """What is needed to make the same result again."""
    known, scenario = result.provenance, result.scenario
    facts = {
        "Version": known.get("version"),
        "Seed": result.seed,
        "Plausible worlds": len(result.worlds),
        "Scenario": f"{scenario.name}: {scenario.title}" if scenario.title else scenario.name,
        "Source of the scenario": scenario.source,
        "Hash of the scenario": known.get("scenario_hash"),
        "Manual before": f"in force on {finding.day(scenario.amendment.manual_before)}",
        "Hash of all tables": known.get("tables_sha256"),
    }
    told = "".join(
        f"<dt>{safe(name)}</dt><dd>{safe(value)}</dd>"
        for name, value in facts.items()
        if value not in ("", None)
    )
    return section(
        "origin",
        "Where this comes from",
        f"<dl>{told}</dl>",
        "<h3>The scenario</h3>",
        _text(scenario.text),
        folded("Tables of law", tables.editions(result)),
    )


def _text(text: str) -> str:
    return f"<pre>{safe(text)}</pre>"


def _contents(body: str) -> str:
    lines = [f'<li><a href="#{name}">{title}</a></li>' for name, title in PART.findall(body)]
    return "<ul>" + "".join(lines) + "</ul>"


def _file(name: str) -> str:
    """A file of this package."""
    return files("sim.output.report").joinpath(name).read_text(encoding="utf-8")
