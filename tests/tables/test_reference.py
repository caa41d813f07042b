"""The published statistics: their form, and that they say what the folder they were taken from says."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "tables" / "reference"
NAMES = sorted(path.stem for path in FOLDER.glob("*.csv"))
STATISTICS = [
    "admissions_flow",
    "bop_population",
    "custody_and_costs",
    "exante_impact",
    "first_wave_by_state",
    "first_wave_oct2015",
    "precedents",
    "stock_drug_prisoners_fy2012",
    "ussc_fy2014_drug_trafficking_sentences",
    "ussc_marginals",
]  # one figure a row; the other tables have shapes of their own
FOUND_LATER = ["later_changes", "outcome_motions"]  # of the same shape, gathered for this project alone

FIRST_OF_OURS = 300  # rows numbered from here on were read or worked out for this project
CERTAINTY = {"read", "two sources", "derived"}
SOURCE_KIND = {"primary", "secondary", "data", "arithmetic"}
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def read(path: Path) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Head and rows of a table file, read without the package."""
    lines = path.read_text(encoding="utf-8").splitlines()
    comments = [line for line in lines if line.startswith("#")]
    head = dict(line[2:].split(": ", 1) for line in comments)
    return head, list(csv.DictReader(lines[len(comments) :], strict=True))


def table(name: str) -> list[dict[str, str]]:
    return read(FOLDER / f"{name}.csv")[1]


def value(name: str, **keys: str) -> float:
    (row,) = [row for row in table(name) if all(row[key] == word for key, word in keys.items())]
    return float(row["value"])


def test_every_table_of_single_figures_is_checked_as_one():
    shaped = {name for name in NAMES if {"metric", "value"} <= set(table(name)[0])}
    assert shaped == {*STATISTICS, *FOUND_LATER}


@pytest.mark.parametrize("name", NAMES)
def test_a_file_says_what_it_holds_and_has_no_ragged_row(name):
    head, rows = read(FOLDER / f"{name}.csv")
    assert {"title", "section", "unit", "source", "certainty"} <= set(head)
    assert all(head.values()) and rows
    for row in rows:
        assert None not in row and None not in row.values(), row


@pytest.mark.parametrize("name", NAMES)
def test_nothing_recalled_from_memory_is_here(name):
    text = (FOLDER / f"{name}.csv").read_text(encoding="utf-8")
    assert not re.search(r"unverified|from memory|recalled|remember", text, re.IGNORECASE)


@pytest.mark.parametrize("name", [*STATISTICS, *FOUND_LATER])
def test_every_figure_is_one_number_with_an_own_key_a_unit_and_a_source(name):
    rows = table(name)
    for count in (
        Counter(row["id"] for row in rows),
        Counter(tuple(row[key] for key in ("metric", "subgroup", "unit", "source")) for row in rows),
    ):
        assert [key for key, times in count.items() if times > 1] == []
    for row in rows:
        assert row["certainty"] in CERTAINTY and row["source_kind"] in SOURCE_KIND, row
        assert (
            row["metric"] and row["unit"] and row["source"].strip() and not row["source"].startswith("same")
        )
        if row["unit"] == "date":
            assert DATE.fullmatch(row["value"])
        else:
            float(row["value"])
        if row["unit"] in ("fraction", "probability") and "custody over" not in row["metric"]:
            assert 0 <= float(row["value"]) <= 1, row
        assert (row["certainty"] == "derived") == (row["source_kind"] == "arithmetic"), row


def test_every_target_lies_in_its_own_band_and_has_a_role():
    rows = table("calibration_targets")
    keys = [(row["id"], row["part"]) for row in rows]
    assert len(set(keys)) == len(keys)
    assert sorted({row["id"] for row in rows}) == sorted(
        [*(f"T{number:02}" for number in range(1, 32)), "T301", "T302", "T303", "T304"]
    )
    for row in rows:
        assert row["role"] in ("input", "calibrate", "check", "backtest") and row["unit"] and row["basis"], (
            row
        )
        if row["low"] or row["high"]:
            assert float(row["low"]) <= float(row["value"]) <= float(row["high"]), row
        for file in re.findall(r"[a-z0-9_]+\.csv", row["basis"]):
            assert (FOLDER / file).exists(), row


def test_the_targets_are_the_figures_of_the_tables_they_name():
    target = {(row["id"], row["part"]): float(row["value"]) for row in table("calibration_targets")}
    assert target["T08", ""] == value("exante_impact", id="X03") == 51141
    assert target["T09", ""] == value(
        "exante_impact", metric="eligible, with one-year delay (release from 2015-11-01)"
    )
    assert target["T13", "after"] == value("exante_impact", metric="average new sentence, with delay")
    assert target["T19", ""] == value("exante_impact", id="X23")
    assert target["T20", ""] == value("first_wave_oct2015", id="W15")
    grants = "grant rate among the legally eligible"
    assert target["T21", ""] == pytest.approx(value("precedents", metric=grants), abs=0.005)
    assert target["T22", ""] == value("first_wave_oct2015", id="W01")
    assert target["T30", ""] == value("ussc_fy2014_drug_trafficking_sentences", metric="records")
    affected = value("ussc_marginals", id="M303")
    assert target["T301", ""] == affected == pytest.approx(17_457 / 24_968, abs=5e-4)
    assert target["T302", ""] == value("ussc_marginals", id="M304")
    assert (
        target["T29", ""]
        == value("exante_impact", id="X26")
        == target["T302", ""] - value("ussc_marginals", id="M305")
    )
    assert target["T303", ""] == value("exante_impact", id="X300")
    at_once = value("precedents", id="P300") / value("precedents", id="P15")
    assert target["T304", ""] == pytest.approx(at_once, abs=0.001)


def test_derived_figures_follow_from_the_figures_they_name():
    assert value("exante_impact", id="X04") == pytest.approx(51141 / 100888, abs=5e-4)
    granted = value("precedents", metric="motions granted")
    merits = value("precedents", metric="denied on the merits")
    assert merits == value("precedents", metric="motions denied") - value(
        "precedents", metric="denied because legally ineligible"
    )
    assert value("precedents", metric="grant rate among the legally eligible") == pytest.approx(
        granted / (granted + merits), abs=5e-4
    )
    states = [float(row["value"]) for row in table("first_wave_by_state")]
    assert sum(states) == value("first_wave_oct2015", id="W03") == 4131
    assert max(states) == 578


def test_the_counts_of_fy2014_give_its_published_moments():
    counts = table("ussc_fy2014_term_counts")
    keys = [(row["measure"], row["position"], row["term_months"]) for row in counts]
    assert len(set(keys)) == len(keys)
    whole = [row for row in counts if row["measure"] == "prison and alternatives"]
    persons = sum(int(row["persons"]) for row in whole)
    assert persons == value("ussc_fy2014_drug_trafficking_sentences", metric="records")
    prison = [row for row in counts if row["measure"] == "prison" and row["term_months"]]
    with_term = sum(int(row["persons"]) for row in prison)
    share = value("ussc_fy2014_drug_trafficking_sentences", metric="prison only, share with a prison term")
    assert with_term / persons == pytest.approx(share, abs=1e-4)
    mean = sum(int(row["persons"]) * int(row["term_months"]) for row in prison) / with_term
    published = value(
        "ussc_fy2014_drug_trafficking_sentences", metric="prison only, mean of those with a term"
    )
    assert mean == pytest.approx(published, abs=0.05)
    within = sum(int(row["persons"]) for row in whole if row["position"] == "within range")
    published = value(
        "ussc_fy2014_drug_trafficking_sentences", subgroup="FY2014 drug trafficking within range"
    )
    assert within / persons == pytest.approx(published, abs=1e-4)


@pytest.mark.parametrize("name", STATISTICS)
def test_the_figures_are_those_of_the_folder_they_were_taken_from(name, shared):
    """Each number here stands in the source row; each usable number of the source is here."""
    number = re.compile(r"\d+(?:\.\d+)?")
    with (shared / "reference" / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        given = list(csv.DictReader(file))
    ours = {}
    for row in table(name):
        if int(number.search(row["id"])[0]) < FIRST_OF_OURS:
            ours.setdefault(int(number.search(row["id"])[0]), []).append(row)
    for line, source in enumerate(given, start=1):
        usable = (
            source["value"] and source["certainty"] in CERTAINTY and "sum of the rows" not in source["metric"]
        )
        rows = ours.pop(line, [])
        assert bool(rows) == bool(usable), source
        if len(rows) == 1:
            assert all(
                rows[0][key] == source[key] for key in ("metric", "subgroup", "value", "unit", "certainty")
            )
        elif rows and source["subgroup"] != "law":
            assert [row["value"] for row in rows] == re.split(r" / | -> ", source["value"])
    assert not ours
