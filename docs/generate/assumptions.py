"""Every parameter of the simulation in one table: value, prior, role and where it comes from."""

from __future__ import annotations

from generate.text import html_table, page
from guidelines import tables
from sim.results.glossary_assumptions import assumption_label

COLUMNS = ("id", "name", "meaning", "value", "prior", "unit", "role", "source")


def pages() -> dict[str, str]:
    """File names and texts."""
    rows = [_row(row, row["role"]) for row in tables.reference("stock_parameters")]
    rows += [_row(row, "assumed") for row in tables.reference("assumptions")]
    rows += [_of_courts(row) for row in tables.reference("courts_parameters")]
    rules = tables.reference("counting_rules")
    told = [[row[name] for name in rules.columns] for row in rules]
    return {
        "assumptions.md": page(
            "Assumptions",
            "Every number of the simulation that nobody has published. *Fitted*: published inputs move it "
            "inside its prior; *assumed*: judgement, varied over its prior in the plausible worlds.",
            html_table(COLUMNS, rows, "Parameters, their priors and sources"),
            "How the Commission may have counted is a choice among rules, not a number; each plausible world "
            "takes one that the published figures leave plausible.",
            html_table(rules.columns, told, "Counting rules"),
        )
    }


def _of_courts(row: dict[str, str]) -> list[str]:
    """A parameter of the courts; its values are those of a fit as of a day (courts.csv)."""
    name = row["name"]
    return [
        row["id"],
        name,
        assumption_label(name),
        "courts.csv",
        row["prior"],
        row["unit"],
        "fitted",
        row["basis"],
    ]


def _row(row: dict[str, str], role: str) -> list[str]:
    prior = f"uniform, {row['low']} to {row['high']}"
    return [
        row["id"],
        row["name"],
        assumption_label(row["name"]),
        row["value"],
        prior,
        row["unit"],
        role,
        row["basis"],
    ]
