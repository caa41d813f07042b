"""An unknown fact of a record and the values it may have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Option:
    """One value of an unknown fact: columns of the rules, and the same as fields of a record.

    ``above_range`` marks a value that only a term above the range speaks for.
    """

    columns: Mapping[str, int]
    says: Mapping[str, Any]
    above_range: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """An unknown fact.

    Attributes
    ----------
    asks
        The fields that would settle it, as listed for a person.
    options
        Its values. The first is the ordinary one, where there is one.
    ordinary
        Whether it has an ordinary value; without one nothing is assumed.
    """

    asks: tuple[str, ...]
    options: tuple[Option, ...]
    ordinary: bool = True
