"""What can be wrong with a question put to the guidelines.

::

    GuidelineError (a ValueError)
    ├── DateBeforeFirstEdition    a day before the first edition held of a table
    ├── ManualNotRead             a day under a Manual that could not be read
    ├── UnknownName               a name nobody knows; the nearest known one is given
    │   ├── UnknownTable
    │   ├── UnknownDrug
    │   ├── UnknownAmendment
    │   └── UnknownFact
    ├── MissingFact               a fact without which the step cannot be done
    ├── ImpossibleValue           NaN, negative, out of its range; the first bad row and the count are named
    ├── ContradictoryFacts        facts that cannot both be true
    ├── AmendmentDoesNotApply     the rows it changes do not stand in this edition
    ├── UnverifiedFigure          a figure nobody has verified was asked for as a default
    ├── BrokenTable               a table file that cannot be read as one
    └── CaseError                 a case record that cannot be used, with every problem of it

Every message is one line: the section, the edition, what was given, what would be accepted.
"""

from __future__ import annotations

from collections.abc import Iterable


class GuidelineError(ValueError):
    """The law cannot answer the question as it was put."""


class DateBeforeFirstEdition(GuidelineError):
    """A day before the first edition held of a table."""


class ManualNotRead(GuidelineError):
    """A day under a Manual that could not be read: nothing is guessed."""


class UnknownName(GuidelineError):
    """A name nobody knows."""


class UnknownTable(UnknownName):
    """No such table."""


class UnknownDrug(UnknownName):
    """No such drug in this edition."""


class UnknownAmendment(UnknownName):
    """No such amendment among those encoded or listed."""


class UnknownFact(UnknownName):
    """No such fact."""


class MissingFact(GuidelineError):
    """A fact without which the step cannot be done."""


class ImpossibleValue(GuidelineError):
    """A value that cannot be.

    Parameters
    ----------
    line
        What, where, how often, and what would do.
    of_one
        The same where there is one row only, whose number says nothing.
    """

    def __init__(self, line: str, of_one: str = "") -> None:
        super().__init__(line)
        self.of_one = of_one or line


class ContradictoryFacts(GuidelineError):
    """Facts that cannot both be true."""


class AmendmentDoesNotApply(GuidelineError):
    """The rows an amendment changes do not stand in this edition."""


class UnverifiedFigure(GuidelineError):
    """A figure nobody has verified was asked for as a default."""


class BrokenTable(GuidelineError):
    """A table file that cannot be read as one."""


def nearest(given: str, known: Iterable[str], *, listed: int = 12) -> str:
    """The end of a message: the nearest known name, else the known names.

    >>> nearest("herion", ["Heroin", "Cocaine"])
    'did you mean Heroin?'
    >>> nearest("tea", ["Heroin", "Cocaine"])
    'known: Cocaine, Heroin'
    """
    from difflib import get_close_matches  # asked for when something is wrong

    by_lower: dict[str, str] = {}
    for name in sorted(
        {str(name) for name in known}
    ):  # capitals sort first, so the Manual's own spelling wins
        by_lower.setdefault(name.lower(), name)
    low = str(given).lower()
    close = get_close_matches(low, by_lower, n=1, cutoff=0.66) or [
        name for name in by_lower if low and low in name
    ]
    if close:
        return f"did you mean {by_lower[close[0]]}?"
    shown = sorted(
        by_lower.values(), key=lambda name: (not name[:1].isalpha(), name)
    )  # chemists' numbers last
    more = f" and {len(shown) - listed} more" if len(shown) > listed else ""
    return f"known: {', '.join(shown[:listed])}{more}"


def shortened(line: str, most: int = 500) -> str:
    """A message without the middle of what somebody gave, where that is longer than anybody reads.

    >>> shortened("x" * 5000 + " given; 1 is accepted", 60)
    'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...xxxxxxxxx given; 1 is accepted'
    """
    return line if len(line) <= most else f"{line[: most // 2]}...{line[-(most // 2) :]}"


class CaseError(GuidelineError):
    """A case record cannot be used.

    Parameters
    ----------
    problems
        One line each: section, edition where it is known, field, what was given, what would be accepted.
    case_id
        Echoed from the record, None if it has none.
    """

    def __init__(self, problems: Iterable[str], case_id: str | None = None) -> None:
        self.problems = tuple(dict.fromkeys(map(shortened, problems)))
        self.case_id = case_id
        super().__init__("\n".join(self.problems))
