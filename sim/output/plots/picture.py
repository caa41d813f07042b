"""A picture: its numbers, its finding, how it is drawn, and the files it becomes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

import matplotlib
import pandas as pd
from matplotlib.figure import Figure

from sim.base.digits import rounded
from sim.base.errors import SimulationError
from sim.output.plots.style import FALLBACK, FONT, PIXELS, STYLE, WIDTH, Sheet, legible
from sim.results.results import Result

FORMATS = ("svg", "png", "pdf")
THEMES = ("house", "newsroom")
MAKER = "Drugs Minus Two"
DIAMONDS = re.compile(r"; diamonds?: .*")
"""The end of a subtitle that says what was published or reported."""


@dataclass(frozen=True)
class Look:
    """How pictures are saved.

    Attributes
    ----------
    width
        Pixels on a page, from `LEAST` to `MOST`; letters keep their size.
    formats
        Some of `FORMATS`.
    scale
        Dots of an image for each of these pixels; 2 is sharp on every screen and in print.
    theme
        One of `THEMES`: "house" has title, subtitle and source in the drawing; "newsroom" leaves them to the
        page around it (they stand in the text file).
    """

    width: int = round(WIDTH * PIXELS)
    formats: tuple[str, ...] = ("svg", "png")
    scale: float = 2.0
    theme: str = "house"

    LEAST, MOST = 320, 1600

    def __post_init__(self) -> None:
        if not self.LEAST <= self.width <= self.MOST:
            raise SimulationError(f"width {self.width}: from {self.LEAST} to {self.MOST} pixels")
        if wrong := [name for name in self.formats if name not in FORMATS]:
            raise SimulationError(f"no format {', '.join(map(repr, wrong))}; there are {', '.join(FORMATS)}")
        if self.theme not in THEMES:
            raise SimulationError(f"no theme {self.theme!r}; there are {', '.join(THEMES)}")
        if not self.formats:
            raise SimulationError(f"no format given; there are {', '.join(FORMATS)}")


@dataclass(frozen=True)
class Picture:
    """One picture.

    Attributes
    ----------
    name
        Name of its files.
    finding
        Its title: what the table shows, in one sentence.
    subtitle
        What is drawn, with units.
    numbers
        Its table, from a result or a comparison.
    draw
        Puts the table on a sheet.
    tell
        Describes it in words, from the table alone.
    height
        Inches of room for the drawing at a width in inches.
    change
        What is put through: "the amendment", or "the change" where no court decides.
    source
        The line under it, if not `source_line`.
    """

    name: str
    finding: Callable[[pd.DataFrame], str]
    subtitle: str
    numbers: Callable[[Any], pd.DataFrame]
    draw: Callable[[pd.DataFrame, Sheet], None]
    tell: Callable[[pd.DataFrame], str]
    height: Callable[[pd.DataFrame, float], float]
    change: str = "the amendment"
    source: Callable[[Result], str] | None = None

    def title(self, table: pd.DataFrame) -> str:
        """What the table shows, in the words of the scenario."""
        return self.finding(table).replace("the amendment", self.change)

    def about(self, table: pd.DataFrame) -> str:
        """The subtitle, without the marks that this table has none of."""
        marked = [table[name] for name in ("published", "reported") if name in table]
        none = bool(marked) and all(column.isna().all() for column in marked)
        return DIAMONDS.sub("", self.subtitle) if none else self.subtitle

    def files(self, result: Result, look: Look | None = None) -> dict[str, bytes]:
        """Names and contents of the files: drawings, numbers and description; none without numbers."""
        table = self.numbers(result)
        if table.empty:
            return {}
        return self.drawn(table, self._source(result), made_by(result), look)

    def svg(self, result: Result, width: int = Look.width) -> bytes:
        """The drawing alone, as it is in the SVG file."""
        table, look = self.numbers(result), Look(width, ("svg",))
        return self._saved(table, look, self._source(result), made_by(result))["svg"]

    def drawn(
        self, table: pd.DataFrame, source: str, made: Mapping[str, object], look: Look | None = None
    ) -> dict[str, bytes]:
        """The files from a table; see `files`."""
        saved = self._saved(table, look or Look(), source, made)
        text = f"{self.title(table)}. {self.about(table)}\n\n{self.tell(table)}\n\n{source}\n"
        return {
            **{f"{self.name}.{kind}": content for kind, content in saved.items()},
            f"{self.name}.csv": csv(table),
            f"{self.name}.txt": text.encode(),
        }

    def figure(self, table: pd.DataFrame, source: str, width: float = WIDTH, theme: str = "house") -> Figure:
        """The drawing, with its title, subtitle and source line where the theme has them; width in inches."""
        words = (self.title(table), self.about(table), source) if theme == "house" else ("", "", "")
        sheet = Sheet(self.height(table, width), *words, width, self.change)
        self.draw(table, sheet)
        legible(sheet.figure)
        return sheet.figure

    def _source(self, result: Result) -> str:
        return (self.source or source_line)(result)

    def _saved(
        self, table: pd.DataFrame, look: Look, source: str, made: Mapping[str, object]
    ) -> dict[str, bytes]:
        """The figure in each format, by the name of the format; no file has a date."""
        title, alt, origin = self.title(table), self.tell(table), json.dumps(made)
        told = {"Title": title, "Description": alt, "Source": source}
        about: dict[str, Mapping[str, object]] = {
            "svg": {**told, "Creator": MAKER, "Identifier": origin, "Date": None},
            "png": {**told, "Software": MAKER, "Comment": origin},
            "pdf": {
                "Title": title,
                "Subject": alt,
                "Keywords": origin,
                "Creator": MAKER,
                "CreationDate": None,
            },
        }
        saved = {}
        with matplotlib.rc_context(_settings(self.name)):
            figure = self.figure(table, source, look.width / PIXELS, look.theme)
            for kind in look.formats:
                buffer = BytesIO()
                figure.savefig(buffer, format=kind, dpi=look.scale * PIXELS, metadata=about[kind])
                saved[kind] = buffer.getvalue()
        if "svg" in saved:
            saved["svg"] = _told(saved["svg"].decode(), title, alt)
        return saved


def csv(table: pd.DataFrame) -> bytes:
    """The numbers of a picture as a file."""
    return rounded(table).to_csv(index=False, lineterminator="\n").encode()


def _settings(name: str) -> Any:
    return {**STYLE, "svg.hashsalt": name}


def made_by(result: Result) -> dict[str, object]:
    """What the metadata of an image says about where it comes from."""
    known = result.provenance
    names = ("version", "scenario", "scenario_hash", "seed", "tables_sha256")
    return {name: known.get(name) for name in names}


def source_line(result: Result) -> str:
    """The line under a picture."""
    known, scenario = result.provenance, result.scenario
    title = f" ({scenario.title})" if scenario.title else ""
    return (
        f"Source: Drugs Minus Two {known.get('version')}, scenario {scenario.name}{title}, seed "
        f"{result.seed}; {about_people(result)}."
    )


def law_line(result: Result) -> str:
    """The line under a picture of the law alone, which rests on no prisoners."""
    scenario = result.scenario
    return (
        f"Source: US Sentencing Commission, Guidelines Manual in force on {scenario.amendment.manual_before} "
        f"and the same with the change of scenario {scenario.name}, §2D1.1(c); Drugs Minus Two "
        f"{result.provenance.get('version')}."
    )


def about_people(result: Result) -> str:
    """Who the people behind the numbers are."""
    if isinstance(own := result.provenance.get("people"), Mapping):
        return f"people of the user's own (SHA-256 {own['people_sha256'][:12]}), not the federal prisoners"
    return (
        "synthetic prisoners fitted to figures of the US Sentencing Commission and the Bureau of Justice "
        "Statistics"
    )


def _told(text: str, title: str, alt: str) -> bytes:
    """SVG with its title and description where screen readers look for them."""
    text = text.replace(f"'{FONT}'", FALLBACK)
    told = f"<title>{escape(title)}</title>"
    if told not in text:
        raise AssertionError("matplotlib wrote no title into the SVG")
    text = text.replace(told, f"{told}\n <desc>{escape(alt)}</desc>", 1)
    return text.replace("<svg ", '<svg role="img" ', 1).encode()
