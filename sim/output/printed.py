"""The headline of a result as a table on the screen, with an honest last sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from textwrap import fill
from typing import Any

import pandas as pd

from guidelines import tables
from sim.output.finding import AS_COUNTED, ENOUGH, further, headline, spelled_out, tellable, too_few
from sim.output.plots.words import ROLES, amount, apart, number, of_persons
from sim.output.printed_outcomes import outcome_line, outcome_rows
from sim.results.results import Result

WAVE = ("eligible_day_one", "eligible_following_year", "released_first_wave")
JUDGED = "What judges make of it"
MOTIONS = "What becomes of motions"
COUNTED = "The eligible as the Commission's analyses counted them"
GROUPS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("The stock", lambda name: name.startswith("stock")),
    ("The first wave", lambda name: name.startswith("wave_") or name in WAVE),
    (
        JUDGED,
        lambda name: name in ("more_released_by_a_year_later", "bed_years_saved"),
    ),
    (MOTIONS, lambda name: name.startswith(("motions", "granted_of_"))),
    (COUNTED, lambda name: name.startswith("counted_")),
    ("Who is eligible, and by how much", lambda name: True),
)
"""Headings, and which quantities stand under each; the first that fits takes it."""
ORDER = ("The stock", "Who is eligible, and by how much", COUNTED, "The first wave", MOTIONS, JUDGED)
WIDE = 126
"""Columns the table needs; a narrower terminal gets two lines a quantity."""
NOTHING_PUBLISHED = "No published figure says how this scenario would have gone."
NOT_THESE = "Published figures are about all federal drug prisoners, not about these people."


def headline_text(result: Result, width: int = WIDE) -> str:
    """The headline, grouped, each quantity with its interval and the published figure.

    Parameters
    ----------
    result
        What to show.
    width
        Columns of the terminal.
    """
    result, scenario = tellable(result), result.scenario
    worlds = len(result.worlds)
    bands = (
        f"intervals from {worlds} plausible worlds"
        if worlds > 1
        else "intervals from the judges' draws alone"
    )
    if too_few(result):
        bands = f"no intervals: {worlds} plausible worlds are too few, {ENOUGH} are enough"
    wide, most = width >= WIDE, min(width, WIDE)
    sentences = [fill(text, most) for text in (headline(result), further(result)) if text]
    about = fill(f"scenario {scenario.name}, seed {result.seed}, {bands}", most)
    lines = [scenario.title or scenario.name, about, "", *sentences, ""]
    if wide:
        lines.append(_columns("", "forecast", "90 % interval", "published", "our tolerance", "", ""))
    rows: list[dict[str, Any]] = [
        {"name": name} | {str(column): value for column, value in row.items()}
        for name, row in result.headline.to_dict("index").items()
    ]
    for heading in ORDER:
        members = [row for row in rows if _group(row["name"]) == heading]
        if members:
            shown = _wide if wide else _narrow
            lines += [headings(result)[heading], *(line for row in members for line in shown(row))]
    if later := [outcome_line(row) for row in outcome_rows(result)]:
        lines.append("What follows from it (more in outcomes.csv)")
        lines += [fill(line, most, subsequent_indent="    ") for line in later]
    return "\n".join([*lines, "", fill(verdict(result), most)])


def verdict(result: Result) -> str:
    """How many published figures are met, and which are not."""
    table = result.headline
    lines = []
    for role, met_by, missed_by in (
        ("check", "that must follow", "Not met"),
        ("calibrate", "that were fitted", "Fitted and missed all the same"),
        ("input", "that were fed in", "Fed in and missed all the same"),
    ):
        held = table[(table["role"] == role) & table["in_published_band"].notna()]
        met = held["in_published_band"].astype(bool)
        missed = [_missed(row) for row in held[~met].to_dict("records")]
        if role == "check":
            if held.empty:
                lines.append(NOT_THESE if result.provenance.get("people") else NOTHING_PUBLISHED)
                continue
            inside, all_ = numbers_met(result)
            lines.append(
                f"The forecast meets {inside} of {all_} published numbers {met_by} from it, within our "
                f"tolerance.{_further(held)}"
            )
        if missed:
            lines.append(f"{missed_by}: {'; '.join(missed)}.")
    return " ".join(lines)


def numbers_met(result: Result, role: str = "check") -> tuple[int, int]:
    """How many published numbers of a role are met, and how many this result speaks to."""
    table = result.headline
    held = table[(table["role"] == role) & table["in_published_band"].notna()]
    return int(held["in_published_band"].astype(bool).sum()), len(held)


def _further(held: pd.DataFrame) -> str:
    """Where the other targets are, if this result speaks to some of the project's own."""
    rows = tables.reference("calibration_targets")
    checks = {row["id"] for row in rows if row["role"] == "check"}
    others = checks - set(held["target"])
    if not others or len(others) == len(checks):
        return ""
    return f" (All {len(checks)} targets, some from other runs: minustwo scorecard.)"


def headings(result: Result) -> dict[str, str]:
    """What stands above each group of `ORDER`; nobody judges where the statute alone does it."""
    told = {heading: heading for heading in ORDER}
    return told | ({JUDGED: "What it comes to"} if result.scenario.without_motion else {})


def _missed(row: Mapping[Any, Any]) -> str:
    low, high = (number(row[name], row["unit"]) for name in ("published_low", "published_high"))
    value = amount(row["value"], row["unit"], _value(row))
    return f"{spelled_out(row['label'])} ({value}; accepted {low} to {high})"


def _value(row: Mapping[Any, Any]) -> str:
    """The number, with more digits where it would look like a bound that it misses."""
    return apart(row["value"], row["published_low"], row["published_high"], row["unit"])


def _group(name: str) -> str:
    return next(heading for heading, fits in GROUPS if fits(name))


def _columns(
    label: str, value: str, band: str, published: str, published_band: str, role: str, mark: str
) -> str:
    return f"{label:<45}{value:>17}  {band:<18}{published:>9}  {published_band:<18}{role:<8}{mark}".rstrip()


def _band(row: Mapping[Any, Any], low: str, high: str) -> str:
    least, most = number(row[low], row["unit"]), number(row[high], row["unit"])
    return "" if least == most or "none" in (least, most) else f"{least} to {most}"


def _mark(row: Mapping[Any, Any]) -> str:
    inside = row["in_published_band"]
    return {True: "inside", False: "OUTSIDE"}.get(inside, "") if isinstance(inside, bool) else ""


def _published(row: Mapping[Any, Any]) -> str:
    return "" if row["published"] != row["published"] else number(row["published"], row["unit"])


def _wide(row: Mapping[Any, Any]) -> list[str]:
    return [
        _columns(
            f"  {row['label'].removesuffix(AS_COUNTED)}",
            _amount(row),
            _band(row, "low_90", "high_90"),
            _published(row),
            _band(row, "published_low", "published_high") if _published(row) else "",
            ROLES.get(row["role"], ""),
            _mark(row),
        )
    ]


def _amount(row: Mapping[Any, Any]) -> str:
    """The value with its unit, but for persons, which the labels name."""
    return of_persons(row["value"], row["unit"], _value(row))


def _narrow(row: Mapping[Any, Any]) -> list[str]:
    band = _band(row, "low_90", "high_90")
    lines = [f"  {row['label'].removesuffix(AS_COUNTED)}: {_amount(row)}" + (f" ({band})" if band else "")]
    if _published(row):
        published_band = _band(row, "published_low", "published_high")
        told = f" ({published_band})" if published_band else ""
        lines.append(f"    published {_published(row)}{told}, {ROLES.get(row['role'], '')}: {_mark(row)}")
    return lines
