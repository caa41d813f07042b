"""The aggregates the people are drawn from, counted again from the raw files, where these lie."""

from __future__ import annotations

import csv
import lzma
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from guidelines import tables

DRUG = {
    "1": "Cocaine",
    "2": "Cocaine Base",
    "3": "Heroin",
    "4": "Marihuana",
    "6": "Methamphetamine",
    "77": "Other",
}
RACE = {"1": "White", "2": "Black", "3": "Hispanic", "6": "Other"}
POSITION = {
    "2": "substantial assistance",
    "3": "early disposition",
    "4": "other government-sponsored departure",
    "5": "below-range departure by the court",
    "7": "government-sponsored variance",
    "8": "below-range variance by the court",
}
GROUP = {"2": "substantial assistance", "5": "court", "8": "court", "1": "above", "6": "above"}
LIFE = 9996


def rows_of(shared: Path, name: str, column: str) -> list[dict[str, str]]:
    """Drug-trafficking records of a raw file."""
    path = shared / "data" / "ussc" / name
    if not path.exists():
        pytest.skip(f"no raw file {name} to count")
    with lzma.open(path, "rt", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row[column] == "10" and row.get("COMBDRG2") != ""]


@pytest.fixture(scope="module")
def fy2014(shared):
    return rows_of(shared, "ussc_sup_fy14.csv.xz", "OFFGUIDE")


@pytest.fixture(scope="module")
def violations(shared):
    """Each person once, however often supervision was violated."""
    rows = rows_of(shared, "ussc_pv_report_2020.csv.xz", "OFFTYPE2")
    return list({row["USSCIDN"]: row for row in reversed(rows)}.values())


def maximum_of_one_count(minimum: int, maximum: int) -> str:
    """The tiers of 21 U.S.C. 841(b) as they stand in the file, several counts added up taken apart."""
    if minimum >= 120 or maximum >= 9990:
        return "life"
    if minimum >= 60:
        return "480"
    if maximum == 360:
        return "360"
    return "60" if maximum <= 60 else "120" if maximum < 240 else "240"


def nearest_month(months: float) -> int:
    return int(np.floor(months + 0.5))


def counted(name: str, *columns: str, **only: str) -> Counter[tuple[str, ...]]:
    """A table's persons by the given columns."""
    found: Counter[tuple[str, ...]] = Counter()
    for row in tables.reference(name).select(**only):
        found[tuple(row[column] for column in columns)] += int(row["persons"])
    return found


def test_terms_by_month(fy2014):
    for measure, column in (("prison", "SENTTCAP"), ("prison and alternatives", "SENSPCAP")):
        raw = Counter((str(nearest_month(float(row[column]))) if row[column] else "",) for row in fy2014)
        assert counted("ussc_fy2014_term_counts", "term_months", measure=measure) == raw


def test_minimums_of_the_range_by_position(fy2014):
    raw = Counter(
        (POSITION[row["SENTRNGE"]], str(nearest_month(float(row["SENTTCAP"] or 0) + float(row["MNTHDEPT"]))))
        for row in fy2014
        if row["SENTRNGE"] in POSITION and row["MNTHDEPT"]
    )
    assert counted("ussc_fy2014_range_minimums", "position", "applied_minimum_months") == raw


def test_distances_from_the_range_by_quantile(fy2014):
    table = tables.reference("ussc_fy2014_distances")
    begins = {group: sorted({int(row["applied_minimum_from"]) for row in table.select(position=group)})
              for group in ("substantial assistance", "government", "court", "above")}  # fmt: skip
    away: dict[tuple[str, int], list[float]] = {}
    for row in fy2014:
        if row["SENTRNGE"] in ("", "0") or not row["PCNTDEPT"]:
            continue
        group = GROUP.get(row["SENTRNGE"], "government")
        minimum = nearest_month(float(row["SENTTCAP"] or 0) + float(row["MNTHDEPT"]))
        begin = begins[group][int(np.searchsorted(begins[group], minimum, side="right")) - 1]
        away.setdefault((group, 0 if group == "above" else begin), []).append(float(row["PCNTDEPT"]))
    for row in table:
        cases = np.array(away[row["position"], int(row["applied_minimum_from"])])
        assert len(cases) == int(row["persons"])
        quantile = np.quantile(cases, float(row["probability"]))
        assert quantile == pytest.approx(float(row["percent"]), abs=0.01), row


def test_facts_that_go_together(violations):
    raw: Counter[tuple[str, ...]] = Counter()
    for row in violations:
        needed = ("XCRHISSR", "WEAPON", "CAROFFAP", "MITROLHI", "AGGROLHI", "STATMIN", "STATMAX", "NEWCIT",
                  "NEWRACE")  # fmt: skip
        if all(row[name] for name in needed):
            minimum = int(row["STATMIN"])
            tier = "life" if minimum >= LIFE else str(max(at for at in (0, 60, 120, 240) if at <= minimum))
            raw[
                DRUG[row["COMBDRG2"]],
                row["XCRHISSR"],
                row["WEAPON"],
                str(int(row["SAFETY"] not in ("", "0"))),
                row["CAROFFAP"],
                "-2" if row["MITROLHI"] == "-1" else row["MITROLHI"],
                row["AGGROLHI"],
                tier,
                maximum_of_one_count(minimum, int(row["STATMAX"])),
                str(1 - int(row["NEWCIT"])),
                RACE[row["NEWRACE"]],
            ] += 1
    columns = tables.reference("ussc_pv_associations").columns[:-1]
    assert counted("ussc_pv_associations", *columns) == raw


def test_sex_and_age(violations):
    raw: Counter[tuple[str, ...]] = Counter()
    for row in violations:
        if row["MONSEX"] and row["AGE"] and row["NEWCIT"]:
            band = min(int(row["AGE"]) // 5 * 5, 75)
            sex = ("male", "female")[int(row["MONSEX"])]
            raw[DRUG[row["COMBDRG2"]], sex, str(band)] += 1
    assert counted("ussc_pv_sex_age", "drug", "sex", "age") == raw


def test_districts(violations):
    names = tables.reference("districts").column("district")
    raw: Counter[tuple[str, ...]] = Counter()
    for row in violations:
        if row["CIRCDIST"] and row["NEWCIT"]:
            drug = DRUG[row["COMBDRG2"]]
            raw[drug, str(1 - int(row["NEWCIT"])), names[int(row["CIRCDIST"]) - 1]] += 1
    assert counted("ussc_pv_districts", "drug", "us_citizen", "district") == raw
