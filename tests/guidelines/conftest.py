"""What the tests of the law share: the oracles' files and one way to ask for a decision."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from guidelines import Manual, Rules, amended_worksheet, reduction, worksheet
from guidelines.amendments import Amendment

DATA = Path(__file__).parent / "data"
SENTENCED = "2013-11-01"


def read_oracle(name: str) -> list[dict[str, str]]:
    lines = (DATA / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@pytest.fixture(scope="session")
def oracle() -> Callable[[str], list[dict[str, str]]]:
    """Rows of a file in tests/guidelines/data."""
    return read_oracle


@pytest.fixture(scope="session")
def manual() -> Callable[[str], Manual]:
    return Manual.on


@pytest.fixture(scope="session")
def decide() -> Callable[..., SimpleNamespace]:
    """One person's facts in, the decision out: code, floor, ranges, both worksheets."""

    def decision(
        amendments: Any = "782", rules: dict[str, Any] | None = None, on: str = SENTENCED, **facts: Any
    ) -> SimpleNamespace:
        switches = Rules(**(rules or {}))
        several = amendments if isinstance(amendments, (list, tuple)) else [amendments]
        laws = [a if isinstance(a, Amendment) else Amendment.load(a) for a in several]
        before = worksheet(facts, Manual.on(on))
        after = amended_worksheet(before, *laws, rules=switches)
        cut = reduction(before, after, laws, switches)
        ranges = {}
        for name, sheet in (("before", before), ("after", after)):
            for kind in ("table", "guideline"):
                ends = (sheet[f"{kind}_range_{end}_months"][0] for end in ("minimum", "maximum"))
                ranges[f"{kind}_{name}"] = tuple(int(months) for months in ends)
        return SimpleNamespace(
            code=str(cut.code_names()[0]),
            others=cut.other_code_names(0),
            eligible=bool(cut["eligible"][0]),
            floor=int(cut["floor_months"][0]),
            lowest=int(cut["lowest_term_months"][0]),
            comparable=float(cut["comparable_months"][0]),
            amended=(
                int(cut["amended_range_minimum_months"][0]),
                int(cut["amended_range_maximum_months"][0]),
            ),
            before=before,
            after=after,
            cut=cut,
            **ranges,
        )

    return decision
