"""Pictures of a sensitivity analysis: a tornado for each quantity, and its Sobol indices if there are any."""

from __future__ import annotations

from collections.abc import Sequence

from guidelines.errors import nearest
from sim.base.errors import SimulationError
from sim.output.plots.picture import Picture
from sim.output.plots.shown import Shown
from sim.output.plots.sobol import draw_sobol, find_sobol, height_of_sobol, tell_sobol
from sim.output.plots.tornado import ROWS, draw_tornado, height_of_tornado, tell_tornado
from sim.output.plots.words import amount
from sim.studies.sensitivity import Sensitivity, label, units


def files(found: Sensitivity, quantities: Sequence[str]) -> dict[str, bytes]:
    """Names and contents of the files of all pictures."""
    drawn: dict[str, bytes] = {}
    for picture in pictures(found, quantities):
        drawn |= picture.drawn(picture.numbers(found), source_line(found), _made(found))
    return drawn


def show(found: Sensitivity, name: str) -> Shown:
    """One picture for a notebook: ``tornado_`` or ``sobol_`` and the name of a quantity.

    Raises
    ------
    SimulationError
        No such picture; the nearest name is given.
    """
    known = {picture.name: picture for picture in pictures(found, list(found.base))}
    if name not in known:
        raise SimulationError(f"no picture {name!r} of this; {nearest(name, list(known))}")
    drawn = known[name].drawn(known[name].numbers(found), source_line(found), _made(found))
    return Shown(name, drawn[f"{name}.svg"].decode(), drawn[f"{name}.txt"].decode())


def pictures(found: Sensitivity, quantities: Sequence[str]) -> list[Picture]:
    """The pictures there are of these quantities."""
    chosen = []
    for quantity in quantities:
        name = label(quantity)
        title = name[:1].upper() + name[1:]
        if found.tornado(quantity)["span"].any():
            chosen.append(_tornado(found, quantity, title))
        if len(found.indices) and (found.indices["quantity"] == quantity).any():
            chosen.append(_sobol(quantity, title))
    return chosen


def _tornado(found: Sensitivity, quantity: str, title: str) -> Picture:
    base = amount(found.base[quantity], units(quantity))
    return Picture(
        f"tornado_{quantity}",
        lambda table: f"What moves {title[:1].lower()}{title[1:]} most: {table['label'].iloc[0]}",
        f"difference from {base} when one assumption alone is low (blue) or high (orange), or another choice "
        "of law (green); dark: within what the fit leaves, pale: up to its bounds; small: its values; grey: "
        f"luck in who is made; the {ROWS} largest",
        lambda found: found.tornado(quantity),
        draw_tornado,
        tell_tornado,
        height_of_tornado,
    )


def _sobol(quantity: str, title: str) -> Picture:
    return Picture(
        f"sobol_{quantity}",
        lambda table: find_sobol(table, title),
        "percent of the variance when all assumptions vary between their bounds; blue dot: the assumption "
        "alone (first order), red diamond: with all others (total); lines: 95 percent intervals; "
        "shares below 0 are luck of few samples",
        lambda found: found.indices[found.indices["quantity"] == quantity].reset_index(drop=True),
        draw_sobol,
        tell_sobol,
        height_of_sobol,
    )


def source_line(found: Sensitivity) -> str:
    """The line under a picture."""
    return (
        f"Source: Drugs Minus Two {found.provenance.get('version')}, scenario {found.scenario.name}, seed "
        f"{found.seed}; synthetic prisoners; bounds and basis of each assumption: tables/reference, "
        "stock_parameters.csv and assumptions.csv."
    )


def _made(found: Sensitivity) -> dict[str, object]:
    names = ("version", "scenario", "scenario_hash", "seed", "tables_sha256")
    return {name: found.provenance.get(name) for name in names}
