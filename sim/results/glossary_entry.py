"""What the glossary says about a quantity."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """One quantity: label, unit and definition; a quantity that may be negative has no band cut at zero."""

    label: str
    unit: str
    definition: str
    may_be_negative: bool = False
