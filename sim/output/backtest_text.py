"""The backtest as text that fits a page, and as data."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from textwrap import fill
from typing import Any

import pandas as pd

from guidelines import tables
from sim.output.scorecard_text import averaged, figure
from sim.results.structural import COMPOSITION, FACTS, FAMILIES, PACE, STATES, errors_about, half_width
from sim.studies.backtest import FEWEST, Backtest, held_by_draw

WIDTH = 40
NARROW, WIDE = 78, 110
"""Columns of a name on lines of its own, and those from which it stands beside its numbers."""


def as_text(draws: Mapping[int, Backtest], left_out: Backtest | None = None, width: int = WIDE) -> str:
    """The mean over draws, every figure in the first, then summaries, in so many columns."""
    wide = width >= WIDE
    seed, found = next(iter(draws.items()))
    lines = over_draws(draws)
    if left_out is not None:
        lines += [_left_out(left_out)]
    heads = f"{'published':>9}{'forecast':>9}{'90% interval':>19}{'error':>7}  held"
    lines += ["", _row("", "published", "figure", heads, wide)]
    for (role, about), rows in found.rows.groupby(["role", "about"], sort=False):
        lines += ["", f"{role}: {about}", *(_line(row, wide) for _, row in rows.iterrows())]
    lines += ["", "largest groups, of the published answer the share of plausible worlds that give it"]
    lines += [
        _row(
            row["id"], row["published_on"], row["label"],
            f"{row['published']:>9}{row['forecast']:>9}{row['worlds']:>19.0%}", wide,
        )
        for row in found.largest.to_dict("records")
    ]  # fmt: skip
    heads = (
        f"{'held':>9}{'share, 90% interval':>21}{'median errors: ours':>21}{'nothing':>8}{'Comm.':>7}"
        f"{'width':>6}{'score':>6}"
    )
    lines += ["", _summed("", heads, wide)]
    for table, names in ((found.by_family, ["role", "family"]), (found.by_about, ["about"])):
        lines += [*(_summary(row, names, wide) for _, row in table.iterrows()), ""]
    if not wide:
        lines = [line if "\n" in line or line.startswith(" ") else fill(line, width) for line in lines]
    notes = NOTES if wide else [fill(" ".join(NOTES), width)]
    return "\n".join([*lines, *lacking(wide), "", *notes, f"Seed {seed}."])


def lacking(wide: bool = True) -> list[str]:
    """How far the model was off for each amendment it was not fitted to, and the interval that follows."""
    amendments = dict.fromkeys(tables.reference("structural_errors").column("amendment"))
    lines = [
        "what the model lacks: logarithm of published over predicted without the amendment, and the factor",
        f"{'of the 90% interval that follows':<44}" + "".join(f"{name:>8}" for name in amendments),
    ]
    if not wide:
        lines = [
            fill(" ".join(lines).split("  ")[0], 78),
            f"{'':<4}" + "".join(f"{name:>8}" for name in amendments),
        ]
    for family in (*FAMILIES, *COMPOSITION, PACE):
        errors = [errors_about(family, name) for name in amendments]
        sign = "" if family in COMPOSITION else "+"  # the root of a mean square has none
        told = "".join(f"{error:>{sign}8.2f}" if error is not None else f"{'–':>8}" for error in errors)
        end = "none: fed in since" if family == PACE else f"x or / {math.exp(half_width(family)):.2f}"
        name = SPOKEN.get(family, family)
        lines.append(f"{name:<44}{told}    {end}" if wide else f"{name}\n{'':<4}{told}    {end}")
    return lines


SPOKEN = {STATES: "states, each its own (root mean square)", FACTS: "groups of people (the same, log odds)"}
NOTES = (
    "Check: published by the day of the model's latest input, never fitted. Backtest: published later. Those",
    "who wrote the rules of the model could see all of these figures. Figures of one memorandum or one round",
    "are one piece of evidence: the interval of the share held takes them as independent, and is too narrow;",
    f"under {FEWEST} independent figures nothing can be said of nine in ten. Nothing: nobody's term changes.",
    "Comm.: the Commission's own forecast, every motion granted. Width: the median width of the intervals,",
    "over the forecast. The score is the interval score of the 90% interval over the published figure.",
)


def over_draws(draws: Mapping[int, Backtest]) -> list[str]:
    """How many intervals hold their figure, on average over draws of all people."""
    table = held_by_draw(draws)
    spoken, how = [], ""
    for role in ("check", "backtest"):
        if role not in table:
            continue
        figures = int(table[role, "figures"].iloc[0])
        how, counted = averaged(table[role, "held"], f"{figures} {role} figures")
        spoken.append(counted)
    return [
        f"{how} the 90 percent intervals hold",
        f"{' and '.join(spoken)}.",
    ]


def _left_out(found: Backtest) -> str:
    return (
        "With nothing published about an amendment fitted, in turn: "
        f"{int(found.rows['held'].sum())} of {len(found.rows)} at the first seed."
    )


def as_data(draws: Mapping[int, Backtest], left_out: Backtest | None = None) -> dict[str, Any]:
    """The same for machines; figures that do not exist are null."""
    seed, found = next(iter(draws.items()))

    def records(table: pd.DataFrame) -> Any:
        return json.loads(table.to_json(orient="records"))

    told = held_by_draw(draws)
    told.columns = told.columns.map("_".join)
    return {
        "seed": seed,
        "draws": records(told.reset_index()),
        "families": records(found.by_family),
        "about": records(found.by_about),
        "rows": records(found.rows),
        "largest": records(found.largest),
        "left_out": None if left_out is None else records(left_out.rows),
    }


def _row(code: str, day: str, label: str, numbers: str, wide: bool) -> str:
    """A figure on one line, its name cut, or with its name on a line of its own."""
    if not wide:
        named = fill(f"{code:<5}{day:<11}{label}", NARROW, subsequent_indent=" " * 16)
        return f"{named}\n{'':<5}{numbers}"
    label = label if len(label) < WIDTH else label[: WIDTH - 2] + "…"
    return f"{code:<5}{day:<11}{label:<{WIDTH}}{numbers}"


def _summed(name: str, numbers: str, wide: bool) -> str:
    return f"{name:<31}{numbers}" if wide else f"{name}\n{numbers}".removeprefix("\n")


def _line(row: pd.Series, wide: bool) -> str:
    interval = f"{figure(row['low_90'])} to {figure(row['high_90'])}"
    numbers = (
        f"{figure(row['published']):>9}{figure(row['forecast']):>9}{interval:>19}{row['error']:>+7.0%}  "
        f"{'yes' if row['held'] else 'NO'}"
    )
    return _row(row["id"], row["published_on"], row["label"], numbers, wide)


def _summary(row: pd.Series, names: list[str], wide: bool) -> str:
    share = f"{row['held_low']:.0%} to {row['held_high']:.0%}"
    errors = [row[f"median_error{end}"] for end in ("", "_nothing_changes", "_commission")]
    ours, nothing, commission = ("–" if math.isnan(error) else f"{error:.0%}" for error in errors)
    held = f"{row['held']} of {row['figures']}"
    numbers = (
        f"{held:>9}{share:>21}{ours:>21}{nothing:>8}{commission:>7}{row['width']:>6.0%}{row['score']:>6.2f}"
    )
    return _summed(", ".join(row[name] for name in names), numbers, wide)
