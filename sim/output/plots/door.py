"""From sentence to door for one person: the days that count, with the term as imposed and as reduced."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.ticker import FuncFormatter, MultipleLocator

from sim._version import __version__
from sim.base.errors import SimulationError
from sim.output.finding import day
from sim.output.plots.picture import Look, Picture
from sim.output.plots.style import BLUE, GREY, INK, PALE, VERMILLION, Sheet

SIDES = {"original": "term as imposed", "reduced": "term as reduced"}
DAYS = {
    "sentence_begins": "sentence begins",
    "community_placement": "halfway house at the earliest",
    "door": "release",
    "full_term": "end of the full term",
}
"""Steps of the release that have a day of their own, in the words of the picture."""


def drawing(answer: Mapping[str, Any], kind: str, look: Look | None = None) -> bytes:
    """The picture of one answer of `guidelines.analyze_case`, as an image of a kind: svg, png or pdf.

    Raises
    ------
    SimulationError
        No such kind of image, or no release date to draw.
    """
    table = days(answer)
    case = f", case {answer['case_id']}" if answer.get("case_id") else ""
    source = f"Source: Drugs Minus Two {__version__}{case}; 18 U.S.C. §§ 3585, 3624."
    base = look or Look()
    picture = Picture(
        "door", find,
        "time in custody; white stroke: halfway house at the earliest; grey: good conduct time, not served",
        lambda table: table, draw, tell, lambda table, width: 0.55 + 0.75 * table["side"].nunique(),
    )  # fmt: skip
    return picture.drawn(table, source, {"version": __version__}, Look(base.width, (kind,), base.scale))[
        f"door.{kind}"
    ]


def days(answer: Mapping[str, Any]) -> pd.DataFrame:
    """Columns side (original or reduced), step and on: each day of each release that is known.

    Raises
    ------
    SimulationError
        The record gives no release date.
    """
    rows = [
        {"side": side, "step": step["name"], "on": step["on"]}
        for side in SIDES
        for step in ((answer.get("release") or {}).get(side) or {}).get("steps", ())
        if step["name"] in DAYS and step["on"]
    ]
    ends = {row["side"] for row in rows if row["step"] == "door"}
    rows = [row for row in rows if row["side"] in ends]  # a term of life has none
    if not rows:
        raise SimulationError(
            "nothing to draw: the record gives no release date; it needs imposed_term_months (not life) and "
            "sentence_began_on or sentenced_on"
        )
    return pd.DataFrame(rows)


def _dates(table: pd.DataFrame) -> dict[str, dict[str, np.datetime64]]:
    return {
        str(side): {row["step"]: np.datetime64(row["on"]) for row in part.to_dict("records")}
        for side, part in table.groupby("side", sort=False)
    }


def _place(day: np.datetime64) -> float:
    """A day as a year and its part."""
    year = day.astype("datetime64[Y]")
    length = (year + np.timedelta64(1, "Y")).astype("datetime64[D]") - year.astype("datetime64[D]")
    passed = day.astype("datetime64[D]") - year.astype("datetime64[D]")
    return 1970 + int(year.astype(int)) + float(passed / length)


def find(table: pd.DataFrame) -> str:
    """The day of release, and how much earlier it comes."""
    held = _dates(table)
    doors = {side: steps["door"] for side, steps in held.items() if "door" in steps}
    first = min(doors.values())
    if len(doors) < 2 or doors["original"] == doors["reduced"]:
        return f"Release on {day(first.astype(object))}"
    months = (doors["original"] - doors["reduced"]).astype(int) / 30.4375
    return f"Release on {day(doors['reduced'].astype(object))}, {months:.0f} months earlier"


def draw(table: pd.DataFrame, sheet: Sheet) -> None:
    """A bar a term: custody until the door, then the days of good conduct that are not served."""
    ax = sheet.axes(left=0.15, right=0.25, top=0.15, bottom=0.3)
    colors = {"original": VERMILLION, "reduced": BLUE}
    held = _dates(table)
    begin = min(step for steps in held.values() for step in steps.values())
    for place, (side, steps) in enumerate(held.items()):
        start, door, full = steps["sentence_begins"], steps["door"], steps.get("full_term", steps["door"])
        ax.barh(place, _place(door) - _place(start), left=_place(start), height=0.3, color=colors[side])
        ax.barh(place, _place(full) - _place(door), left=_place(door), height=0.3, color=PALE)
        ax.text(_place(begin), place - 0.24, SIDES[side], fontsize=8, fontweight="bold", va="bottom")
        ax.text(
            _place(door),
            place + 0.22,
            day(door.astype(object)),
            fontsize=8,
            va="top",
            ha="right",
            color=INK,
        )
        if "community_placement" in steps:
            where = _place(steps["community_placement"])
            ax.plot([where, where], [place - 0.15, place + 0.15], color="white", linewidth=1.2)
    ax.set_ylim(len(held) - 0.45, -0.5)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    years = np.ptp(ax.get_xlim()) / (4 if sheet.narrow else 8)
    ax.xaxis.set_major_locator(MultipleLocator(max(1, round(years))))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}"))
    ax.tick_params(color=GREY)


def tell(table: pd.DataFrame) -> str:
    """What the picture shows, for those who do not see it."""
    sides = []
    for side, steps in _dates(table).items():
        told = ", ".join(
            f"{DAYS[name]} {day(on.astype(object))}"
            for name, on in sorted(steps.items(), key=lambda one: one[1])
        )
        sides.append(f"{SIDES[side][:1].upper()}{SIDES[side][1:]}: {told}.")
    return (
        " ".join(sides) + " White strokes: the halfway house at the earliest; grey: good conduct, not served."
    )
