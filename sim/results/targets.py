"""Which published figure each quantity is compared with, and in which analysis of the Commission."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from guidelines import tables
from sim.people.margins import STOCK_DRUGS
from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Target:
    """A published figure.

    Attributes
    ----------
    id, part
        Row of ``tables/reference/calibration_targets.csv``.
    label, unit, role, basis
        As there.
    value, low, high
        Figure and band; NaN where there is none.
    """

    id: str
    part: str
    label: str
    unit: str
    role: str
    basis: str
    value: float
    low: float
    high: float


AFFECTED_YEAR = 2012
"""Fiscal year the Commission worked out the effect on new sentences for (T301, T302)."""
PRECEDENT = "crack-2011"
"""Scenario of the analysis of 2011, of whose eligible people one share could leave at once (T304)."""
STOCK_TARGETS: dict[str, tuple[str, str]] = {
    **{f"stock_{name}": ("T02", name) for name in STOCK_DRUGS},
    "stock_not_citizens": ("T03", ""),
    "stock_category_i": ("T04", ""),
    "stock_weapon": ("T05", ""),
    "stock_mean_term_months": ("T06", ""),
}
"""About the prisoners of `sim.people.margins.DESCRIBED_ON`, not those of a run's own day."""
MINIMUM_TARGET: dict[str, tuple[str, str]] = {"stock_subject_to_minimum": ("T07", "")}
NO_DELAY_TARGETS: dict[str, tuple[str, str]] = {
    "counted_eligible": ("T08", ""),
    "counted_mean_cut_months": ("T10", ""),
    "counted_mean_cut_percent": ("T11", ""),
    "counted_bed_years_if_all_granted": ("T15", ""),
    "counted_eligible_day_one": ("T17", ""),
}
DELAY_TARGETS: dict[str, tuple[str, str]] = {
    "counted_eligible": ("T09", ""),
    "counted_mean_cut_months": ("T12", ""),
    "counted_mean_term_before_months": ("T13", "before"),
    "counted_mean_term_after_months": ("T13", "after"),
    "counted_share_cut_over_60_months": ("T14", ""),
    "counted_bed_years_if_all_granted": ("T16", ""),
    "counted_eligible_day_one": ("T18", ""),
    "counted_eligible_following_year": ("T19", ""),
    "released_first_wave": ("T22", ""),
    "wave_mean_term_years": ("T23", ""),
    "wave_mean_served_years": ("T24", ""),
    "wave_in_community_custody": ("T25", ""),
    "wave_not_citizens": ("T26", ""),
    "wave_cocaine_or_methamphetamine": ("T27", ""),
}


def targets_of(scenario: Scenario) -> dict[str, Target]:
    """Published figures that speak about a scenario: quantity -> target.

    Those of the Commission's two analyses speak only about the law they analysed, those of the crack
    amendments about their scenarios, and that of prisoners under a mandatory minimum about the stock of 2014.
    """
    found: dict[str, tuple[str, str]] = {}
    same = {name: Scenario.load(name) for name in ("drugs-minus-two", "no-delay")}
    if scenario.dates.reference == same["no-delay"].dates.reference:
        found |= MINIMUM_TARGET
    for name, rows in (("drugs-minus-two", DELAY_TARGETS), ("no-delay", NO_DELAY_TARGETS)):
        if scenario.hash == same[name].hash:
            found |= rows
    told = {quantity: target(*row) for quantity, row in found.items()}
    for row in tables.reference("precedent_targets"):
        if scenario.hash == Scenario.load(row["scenario"]).hash:
            told[row["quantity"]] = precedent(row)
    return told


def precedent(held: Mapping[str, str]) -> Target:
    """A row of ``precedent_targets.csv``: a figure on an earlier amendment, as a check."""
    row = tables.reference("precedents").row(id=held["precedent"])
    label, basis = f"{row['metric']}, {row['subgroup']}", f"precedents.csv: {row['source']}"
    value, low, high = (float(text) for text in (row["value"], held["low"], held["high"]))
    return Target(row["id"], "", label, row["unit"], "check", basis, value, low, high)


def target(id_: str, part: str = "") -> Target:
    """One row of the table of targets."""
    row = tables.reference("calibration_targets").row(id=id_, part=part)
    value, low, high = (float(row[name]) if row[name] else float("nan") for name in ("value", "low", "high"))
    return Target(id_, part, row["target"], row["unit"], row["role"], row["basis"], value, low, high)
