"""Pictures inside a page: the SVG files of `sim.output.plots` without what a page does not need.

Styles become classes that all pictures of a page share, so that the page can forbid styles written into
attributes; ids get the picture's name, and digits nobody can see go.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree

SVG = "http://www.w3.org/2000/svg"
XLINK = "{http://www.w3.org/1999/xlink}href"
NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
REFERENCE = re.compile(r"url\(#([^)]+)\)")
NO_TURN = re.compile(r"\s*rotate\(-?0 [^)]*\)\s*")
PHONE, PAPER = 340, 720
"""Pixels of a chart on a phone and across a sheet of paper; wide windows get the usual width."""
EVERYTHING = ".picture svg *{stroke-linejoin:round;stroke-linecap:butt}"
"""What matplotlib writes into each file for all its shapes."""


class Drawings:
    """Pictures for one page, and the styles they share."""

    def __init__(self) -> None:
        self._classes: dict[str, str] = {}

    @property
    def css(self) -> str:
        """The shared styles."""
        rules = (f".picture .{name}{{{style}}}" for style, name in self._classes.items())
        return "\n".join([EVERYTHING, *rules])

    def figure(self, name: str, drawn: Mapping[str, bytes], numbers: bytes) -> str:
        """A chart in several widths, of which the one that fits is shown, with its numbers to download.

        Parameters
        ----------
        name
            As for `inline`, which says what is taken of the drawings.
        drawn
            SVG files: `wide` and `narrow` for windows, and `paper`, in whose place `wide` is printed.
        numbers
            The CSV file beside them.
        """
        shown = "".join(
            f'<div class="{kind}">{self.inline(f"picture-{name}-{kind}", svg)}</div>'
            for kind, svg in drawn.items()
        )
        held = json.dumps(numbers.decode()).replace("<", "\\u003c")
        data = f'<script type="application/json">{held}</script>'
        return f'<figure class="picture">{shown}{data}</figure>'

    def inline(self, name: str, svg: bytes) -> str:
        """An SVG file as an element of the page, with its title and description for screen readers.

        Parameters
        ----------
        name
            The picture's name; no two of a page may be the same.
        svg
            The file.
        """
        root = ElementTree.fromstring(svg)
        _drop(root)
        used = set(_references(root))
        title, description = (root.find(f"{{{SVG}}}{part}") for part in ("title", "desc"))
        for element in root.iter():
            self._shorten(element, name, used)
        _flatten(root)
        for told, part in ((title, "title"), (description, "desc")):
            if told is not None:
                told.set("id", f"{name}-{part}")
        box = root.get("viewBox", "")
        root.attrib.clear()
        root.attrib |= {
            "viewBox": box,
            "role": "img",
            "aria-labelledby": f"{name}-title",
            "aria-describedby": f"{name}-desc",
        }
        ElementTree.register_namespace("", SVG)
        text = ElementTree.tostring(root, encoding="unicode")
        return text.replace(f' xmlns="{SVG}"', "", 1)

    def _shorten(self, element: ElementTree.Element, name: str, used: set[str]) -> None:
        element.tail = None
        if element.tag not in (f"{{{SVG}}}{part}" for part in ("text", "title", "desc", "tspan")):
            element.text = None
        style = element.attrib.pop("style", None)
        if style is not None:
            element.set("class", self._class(_named(style, name)))
        if element.get("id") not in used:
            element.attrib.pop("id", None)
        for key, value in list(element.attrib.items()):
            if key == "id":
                element.set(key, f"{name}-{value}")
            elif key == XLINK:
                del element.attrib[key]
                element.set("href", f"#{name}-{value.removeprefix('#')}")
            elif key == "transform" and NO_TURN.fullmatch(value):
                del element.attrib[key]
            elif key != "class":
                element.set(key, _rounded(_named(value, name)))

    def _class(self, style: str) -> str:
        """The class that stands for a style."""
        parts = [part.strip() for part in style.split(";") if part.strip()]
        text = ";".join(":".join(side.strip() for side in part.split(":", 1)) for part in parts)
        return self._classes.setdefault(text, f"p{len(self._classes)}")


def _drop(root: ElementTree.Element) -> None:
    """Take out metadata and style sheets."""
    unwanted = {f"{{{SVG}}}metadata", f"{{{SVG}}}style"}
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in unwanted:
                parent.remove(child)


def _references(root: ElementTree.Element) -> Iterator[str]:
    """Ids that something refers to."""
    for element in root.iter():
        for key, value in element.attrib.items():
            if key == XLINK:
                yield value.removeprefix("#")
            yield from REFERENCE.findall(value)


def _flatten(parent: ElementTree.Element) -> None:
    """Take out groups that say nothing, and keep what is in them."""
    for child in list(parent):
        _flatten(child)
        if child.tag in (f"{{{SVG}}}g", f"{{{SVG}}}defs") and not len(child):
            parent.remove(child)
        elif child.tag == f"{{{SVG}}}g" and not child.attrib:
            place = list(parent).index(child)
            parent.remove(child)
            for offset, inner in enumerate(child):
                parent.insert(place + offset, inner)


def _named(value: str, name: str) -> str:
    return REFERENCE.sub(rf"url(#{name}-\1)", value)


def _rounded(value: str) -> str:
    """Numbers to a hundredth of a point, path commands without line breaks."""
    if value.startswith("#"):
        return value
    short = NUMBER.sub(lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), value)
    return " ".join(short.split())
