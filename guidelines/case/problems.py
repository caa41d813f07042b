"""What is wrong with a record: every problem at once, one line each."""

from __future__ import annotations

from collections.abc import Iterable

from guidelines.errors import GuidelineError, shortened


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
        self.problems = tuple(map(shortened, problems))
        self.case_id = case_id
        super().__init__("\n".join(self.problems))
