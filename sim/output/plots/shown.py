"""A picture as a notebook shows it: drawn where it stands, with its description in words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Shown:
    """One drawn picture.

    Attributes
    ----------
    name
        Name of the picture.
    svg
        The drawing.
    description
        What it shows in words.
    """

    name: str
    svg: str
    description: str

    def _repr_svg_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        return self.description
