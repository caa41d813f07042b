"""A picture: its numbers, its text, how it is drawn, and the files it becomes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

import matplotlib
import pandas as pd
from matplotlib.figure import Figure

from sim.output.plots.style import DPI, FALLBACK, FONT, STYLE, Sheet, legible
from sim.results.results import Result

FILES = ("svg", "png", "csv", "txt")
"""What each picture becomes: drawing, image, numbers, description."""
MAKER = "Drugs Minus Two"


@dataclass(frozen=True)
class Picture:
    """One picture.

    Attributes
    ----------
    name
        Name of its files.
    title, subtitle
        What it shows; the subtitle names the units.
    numbers
        Its table, from a result or a comparison.
    draw
        Puts the table on a sheet.
    tell
        Describes it in words, from the table alone.
    height
        Inches of room for the drawing.
    """

    name: str
    title: str
    subtitle: str
    numbers: Callable[[Any], pd.DataFrame]
    draw: Callable[[pd.DataFrame, Sheet], None]
    tell: Callable[[pd.DataFrame], str]
    height: Callable[[pd.DataFrame], float]

    def files(self, result: Result) -> dict[str, bytes]:
        """Names and contents of the files: drawing, image, numbers and description; none without numbers."""
        table = self.numbers(result)
        if table.empty:
            return {}
        return self.drawn(table, source_line(result), made_by(result))

    def svg(self, result: Result) -> bytes:
        """The drawing alone, as it is in the SVG file."""
        table = self.numbers(result)
        return self._saved(table, ("svg",), source_line(result), made_by(result))["svg"]

    def drawn(self, table: pd.DataFrame, source: str, made: Mapping[str, object]) -> dict[str, bytes]:
        """The files from a table; see `files`."""
        saved = self._saved(table, ("svg", "png"), source, made)
        text = f"{self.title}. {self.subtitle}\n\n{self.tell(table)}\n\n{source}\n"
        return {
            **{f"{self.name}.{kind}": content for kind, content in saved.items()},
            f"{self.name}.csv": table.to_csv(index=False, lineterminator="\n").encode(),
            f"{self.name}.txt": text.encode(),
        }

    def _saved(
        self, table: pd.DataFrame, kinds: Sequence[str], source: str, made: Mapping[str, object]
    ) -> dict[str, bytes]:
        """The figure in each format, by the name of the format."""
        alt = self.tell(table)
        told = {"Title": self.title, "Description": alt, "Source": source}
        about: dict[str, Mapping[str, object]] = {
            "svg": {**told, "Creator": MAKER, "Identifier": json.dumps(made), "Date": None},
            "png": {**told, "Software": MAKER, "Comment": json.dumps(made)},
        }
        saved = {}
        with matplotlib.rc_context(_settings(self.name)):
            figure = self._figure(table, source)
            for kind in kinds:
                buffer = BytesIO()
                figure.savefig(buffer, format=kind, dpi=DPI, metadata=about[kind])
                saved[kind] = buffer.getvalue()
        if "svg" in saved:
            saved["svg"] = _told(saved["svg"].decode(), self.title, alt)
        return saved

    def _figure(self, table: pd.DataFrame, source: str) -> Figure:
        sheet = Sheet(self.height(table), self.title, self.subtitle, source)
        self.draw(table, sheet)
        legible(sheet.figure)
        return sheet.figure


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
