"""The scorecard as text that fits a page, and as data."""

from __future__ import annotations

import math
from textwrap import fill
from typing import Any

import pandas as pd

from sim.studies.scorecard import Scorecard

WIDTH = 44
WIDE = 120
"""Columns a row needs; in a narrower terminal its name has a line of its own."""
ROLES = {
    "input": "Inputs (fed in or fitted to)",
    "calibrate": "Fitted",
    "check": "Checks (must follow, never fitted to)",
    "backtest": "Backtest (published after the latest input of the model)",
}


def as_text(card: Scorecard, seed: int, draws: pd.DataFrame | None = None, width: int = WIDE) -> str:
    """The mean over draws first, then every target by role, in so many columns."""
    wide = width >= WIDE
    lines = [] if draws is None else [*(fill(line, width) for line in over_draws(draws)), ""]
    heads = f"{'model':>9}  {'90% interval':>19}  {'published':>9}  {'our tolerance':>17}"
    lines += [f"{'':<6}{'target':<{WIDTH}}{heads}" if wide else f"{'':<6}{heads}"]
    for role, title in ROLES.items():
        rows = card.rows[card.rows["role"] == role]
        lines += ["", title, *(_line(row, wide) for _, row in rows.iterrows())]
    lines += [
        "",
        *(fill(line, width) for line in summary(card, seed)),
        "The interval holds nine of ten plausible worlds.",
    ]
    return "\n".join(lines)


def averaged(counts: pd.Series, of: str) -> tuple[str, str]:
    """How many draws there are, and how many of something each has: the mean and its range, where several."""
    if len(counts) == 1:
        return "In one draw of all people,", f"{counts.iloc[0]} of {of}"
    told = f"Averaged over {len(counts)} draws of all people,"
    return told, f"{counts.mean():.1f} of {of} ({counts.min()} to {counts.max()})"


def over_draws(draws: pd.DataFrame) -> list[str]:
    """How many checks are met on average over draws of all people, and which are missed in most of them."""
    missed = missed_in_most(draws)
    lines = [" ".join(averaged(draws.sum(axis=1), f"{draws.shape[1]} checks lie within our tolerance")) + "."]
    return lines + ([f"Missed in most draws: {', '.join(missed)}."] if missed else [])


def missed_in_most(draws: pd.DataFrame) -> list[str]:
    """Checks that are missed in more than half of the draws."""
    return [str(name) for name, share in draws.mean().items() if share < 0.5]


def summary(card: Scorecard, seed: int) -> list[str]:
    """How many targets are met in one draw, and which checks are not."""
    totals = card.totals
    counted = "; ".join(f"{role} {row['inside']} of {row['targets']}" for role, row in totals.iterrows())
    lines = [f"Within our tolerance at seed {seed}: {counted}."]
    if card.misses:
        lines.append(f"Checks missed: {', '.join(card.misses)}.")
    return lines


def as_data(card: Scorecard, seed: int, draws: pd.DataFrame | None = None) -> dict[str, Any]:
    """The same for machines; figures that do not exist are null."""
    rows = [
        {
            name: (None if isinstance(value, float) and math.isnan(value) else value)
            for name, value in row.items()
        }
        for row in card.rows.astype({"inside": bool}).to_dict("records")
    ]
    totals = {
        str(role): {"inside": int(row["inside"]), "targets": int(row["targets"])}
        for role, row in card.totals.iterrows()
    }
    told = {} if draws is None else {"draws": {str(seed): row.to_dict() for seed, row in draws.iterrows()}}
    return told | {"seed": seed, "totals": totals, "checks_missed": card.misses, "rows": rows}


def figure(value: float) -> str:
    """A number with as many digits as a reader needs."""
    if math.isnan(value):
        return "–"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 2 else f"{value:.3f}"


def _line(row: pd.Series, wide: bool) -> str:
    label = f"{row['target']}{', ' + row['part'] if row['part'] else ''}"
    interval, band = _ends(row, "low_90", "high_90"), _ends(row, "published_low", "published_high")
    model, published = figure(row["value"]), figure(row["published"])
    mark = "in" if row["inside"] else "OUT"
    numbers = f"{model:>9}  {interval:>19}  {published:>9}  {band:>17}  {mark}"
    if not wide:
        return f"{row['id']:<6}{label}\n{'':<6}{numbers}"
    label = label if len(label) < WIDTH else label[: WIDTH - 2] + "…"
    return f"{row['id']:<6}{label:<{WIDTH}}{numbers}"


def _ends(row: pd.Series, low: str, high: str) -> str:
    return "" if math.isnan(row[low]) else f"{figure(row[low])} to {figure(row[high])}"
