"""The backtest as text that fits a page, and as data."""

from __future__ import annotations

import json
import math
from typing import Any

import pandas as pd

from sim.output.scorecard_text import figure
from sim.studies.backtest import Backtest

WIDTH = 38


def as_text(found: Backtest, seed: int) -> str:
    """Lines of at most 110 characters: every figure, then the summary by role and family."""
    lines = [
        f"{'':<5}{'published':<11}{'figure':<{WIDTH}}{'published':>9}{'forecast':>10}"
        f"{'90% interval':>20}{'error':>8}  held"
    ]
    for (role, family), rows in found.rows.groupby(["role", "family"], sort=False):
        lines += ["", f"{role}: {family}", *(_line(row) for _, row in rows.iterrows())]
    lines += ["", f"{'':<28}{'held':>9}{'share, 90% interval':>22}{'median errors: ours':>21}{'nothing':>9}"
              f"{'Commission':>12}{'score':>8}"]  # fmt: skip
    lines += [_summary(row) for _, row in found.by_family.iterrows()]
    return "\n".join([*lines, "", *NOTES, f"Seed {seed}."])


NOTES = (
    "Check: published before the model's latest input, never fitted. Backtest: published later. People who",
    "wrote the rules of the model could see all of these figures. Figures of one memorandum or one round are",
    "not independent: the interval of the share held takes them as if they were, and is too narrow.",
    "Nothing: nobody's term changes. Commission: its own forecast, every motion granted. The score is the",
    "interval score of the 90% interval over the published figure; smaller is better.",
)


def as_data(found: Backtest, seed: int) -> dict[str, Any]:
    """The same for machines; figures that do not exist are null."""
    rows, families = (json.loads(each.to_json(orient="records")) for each in (found.rows, found.by_family))
    return {"seed": seed, "families": families, "rows": rows}


def _line(row: pd.Series) -> str:
    label = row["label"] if len(row["label"]) < WIDTH else row["label"][: WIDTH - 2] + "…"
    interval = f"{figure(row['low_90'])} to {figure(row['high_90'])}"
    return (
        f"{row['id']:<5}{row['published_on']:<11}{label:<{WIDTH}}{figure(row['published']):>9}"
        f"{figure(row['forecast']):>10}{interval:>20}{row['error']:>+8.0%}  {'yes' if row['held'] else 'NO'}"
    )


def _summary(row: pd.Series) -> str:
    share = f"{row['held_low']:.0%} to {row['held_high']:.0%}"
    errors = [row[f"median_error{end}"] for end in ("", "_nothing_changes", "_commission")]
    ours, nothing, commission = ("–" if math.isnan(error) else f"{error:.1%}" for error in errors)
    name = f"{row['role']}, {row['family']}"
    held = f"{row['held']} of {row['figures']}"
    return f"{name:<28}{held:>9}{share:>22}{ours:>21}{nothing:>9}{commission:>12}{row['score']:>8.2f}"
