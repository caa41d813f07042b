"""A sensitivity analysis as text on the screen."""

from __future__ import annotations

from collections.abc import Sequence

from sim.output.plots.tornado import value_text
from sim.output.plots.words import amount, number, signed
from sim.studies.sensitivity import Sensitivity, label, units

LABEL = 30
ROWS = 12
"""Assumptions shown for each quantity."""


def sensitivity_text(found: Sensitivity, quantities: Sequence[str]) -> str:
    """For each quantity the assumptions that move it furthest, with their values and what these do."""
    scenario = found.scenario
    lines = [scenario.title or scenario.name, f"scenario {scenario.name}, seed {found.seed}"]
    for quantity in quantities:
        lines += ["", *_tornado(found, quantity), *_sobol(found, quantity)]
    return "\n".join(lines)


def _tornado(found: Sensitivity, quantity: str) -> list[str]:
    table = found.tornado(quantity)
    moving = table[table["span"] > 0]
    unit = units(quantity)
    name = label(quantity)
    lines = [
        f"{name[:1].upper() + name[1:]}: {amount(found.base[quantity], unit)}",
        *_thinned(found, quantity),
        f"  {'one assumption moved alone':<{LABEL}}{'now':>8}{'low':>10}{'':>10}{'high':>10}",
    ]
    for row in moving.head(ROWS).to_dict("records"):
        sides = "".join(
            f"{value_text(row[f'{side}_at']):>10}{signed(row[f'{side}_difference'], unit):>10}"
            for side in (("low", "high") if row["low_at"] != row["high_at"] else ("low",))
        )
        name = row["label"]
        if len(name) > LABEL - 2:  # a line of its own, so that 80 columns do
            lines.append(f"  {name}")
            name = ""
        lines.append(f"  {name:<{LABEL}}{value_text(row['from']):>8}{sides}")
    if moving.empty:
        return [*lines[:1], "  no assumption moves it"]
    left = len(moving) - ROWS
    luck = number(found.luck.get(quantity, 0.0), unit)
    return [
        *lines,
        *([f"  and {left} more that move it less"] if left > 0 else []),
        f"  Up to {luck} of a difference may be luck in who is made.",
    ]


def _thinned(found: Sensitivity, quantity: str) -> list[str]:
    """How far the value is from that of everybody, where only some people were made."""
    if quantity not in found.whole:
        return []
    unit, whole = units(quantity), found.whole[quantity]
    apart = signed(found.base[quantity] - whole, unit)
    return [
        f"  minustwo run gives {amount(whole, unit)}; the few people here differ by {apart}.",
        "  Differences below start from the value above.",
    ]


def _sobol(found: Sensitivity, quantity: str) -> list[str]:
    if not len(found.indices):
        return []
    rows = found.indices[found.indices["quantity"] == quantity].head(ROWS).to_dict("records")
    lines = [f"  {'share of the variance':<34}{'alone':>22}{'with others':>22}"]
    for row in rows:
        shares = "".join(
            f"{number(row[part], 'share') + ' ± ' + number(row[f'{part}_within'], 'share'):>22}"
            for part in ("first_order", "total")
        )
        lines.append(f"  {row['label']:<34}{shares}")
    return lines
