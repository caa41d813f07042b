"""The worksheet of an answer: one line a step, original and amended side by side, with the reason."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from guidelines.case.analysis import Worked
from guidelines.case.cells import month
from guidelines.case.consequences import RELATED
from guidelines.case.record import CELL, DRUG, SEVERAL, Read
from guidelines.case.verdict import Verdict
from guidelines.manual import CATEGORIES, Manual
from guidelines.s2d1_1_drug_quantity import band
from guidelines.tables import LIFE

Line = dict[str, Any]
Columns = dict[str, list[Any]]


class Lines:
    """Makes the lines of every record of a group."""

    def __init__(self, worked: Worked, before: Columns, after: Columns, cut: Columns) -> None:
        self.before, self.after, self.cut = before, after, cut
        self.weight = worked.weight_kg
        self.served = worked.rows.columns.facts["time_served_months"].tolist()
        self.served_known = worked.rows.columns.served_known.tolist()
        self.inconsistent = worked.before.inconsistent.tolist()
        self.uncertain = [] if worked.after is None else worked.after.uncertain.tolist()
        self.why = _why_base_levels(worked)

    def of(self, person: int, verdict: Verdict, read: Read, answer: dict[str, Any]) -> list[Line]:
        """The lines of one record; a figure its open facts may change is left out."""
        i = verdict.row
        out = _Sheet(self.before, self.after if answer["amended"] is not None else {}, i, verdict.varies)
        if read.kind in (DRUG, SEVERAL):
            self._chapter_two(i, self.why[person] if self.why else "", read, out)
            _chapter_three(read, out)
        if override := out.old("override_offense_level"):
            armed = read.given.get("armed_career_criminal")
            note = ""
            if "combined_offense_level" in self.before and read.kind != CELL:
                governs = override >= (out.old("combined_offense_level") or 0)
                note = "the greater of the two governs: this one" if governs else "the drug level is greater"
            out.step("§4B1.4" if armed else "§4B1.1(b)", "override_offense_level", note=note)
        if "total_offense_level" in self.before:
            _total(read, out)
        self._history(i, read, answer, out)
        self._ranges(i, read, answer, out)
        if answer["floor_months"] is not None and answer["amended"]["guideline_range_months"] is not None:
            self._floor(i, read, answer, out)
        return out.lines

    def _chapter_two(self, i: int, why: str, read: Read, out: _Sheet) -> None:
        given, sums = read.given, read.adjustments
        if self.weight is not None:
            old, new = round(self.weight[0][i], 6), round(self.weight[1][i], 6)
            count = len(read.substances)
            note = f"{count} drugs together, every cap applied" if count > 1 else "no rows of its own"
            out.add("§2D1.1 n.8(D)", "converted_weight_kg", old, new if out.after else None, "kg", note)
        base = out.old("base_offense_level")
        if self.uncertain and out.after and self.uncertain[i]:
            why = f"{why}; amended: the lowest the record allows"
        found = given.get("base_offense_level")
        if found and found != base:
            why = f"{why}; {found} recorded"
        capped = out.old("table_base_level") != base
        if capped or out.new("table_base_level") != out.new("base_offense_level"):
            out.step("§2D1.1(c)", "table_base_level", note=why)
            out.step("§2D1.1(a)(5)", "base_offense_level", note="cap for a mitigating role")
        elif given.get("drug_quantity_based", True):
            out.step("§2D1.1(c)", "base_offense_level", note=why)
        else:
            out.step("§2D1.1(a)", "base_offense_level", note="not from the Drug Quantity Table")
        if sums.specific_sections:
            out.step("§2D1.1(b)", "specific_offense_characteristics", note=sums.specific_sections)
            if sums.floor and sums.floor in (out.old("chapter_two_level"), out.new("chapter_two_level")):
                out.step("§2D1.1(b)", "chapter_two_level", note=f"at least {sums.floor}")

        given = read.given
        for name, section in (*RELATED.items(), ("cross_reference_level", "2D1.1(d)")):
            if given.get(name):
                out.step(f"§{section}", "chapter_two_level", note="by its reference to §2D1.1")

    def _history(self, i: int, read: Read, answer: dict[str, Any], out: _Sheet) -> None:
        given = read.given
        by_points = "criminal_history_points" in self.before
        if by_points:
            status = given.get("status_points", 0)
            note = f"{status} of them status points" if status else ""
            out.step("§4A1.1", "criminal_history_points", "points", note)
        old = answer["original"]["criminal_history_category"]
        note = ""
        if given.get("career_offender"):
            note = "§4B1.1(b): VI for a career offender"
        elif by_points and self.inconsistent[i] and "criminal_history_category" in given:
            note = f"{CATEGORIES[given['criminal_history_category'] - 1]} recorded"
        new = answer["amended"]["criminal_history_category"] if out.after else None
        out.add("Ch.5 Pt.A", "criminal_history_category", old, new, "category", note)

    def _ranges(self, i: int, read: Read, answer: dict[str, Any], out: _Sheet) -> None:
        given, original, amended = read.given, answer["original"], answer["amended"] or {}
        for step, section in (("table_range_months", "Ch.5 Pt.A"), ("guideline_range_months", "§5G1.1")):
            note = ""
            if given.get("career_offender") and given.get("firearm_term_months"):
                table = step == "table_range_months"
                section = "§4B1.1(c)" if table else "§5G1.2(e)"
                note = "with the firearm count" if table else "less the term of the firearm count"
            if self.inconsistent[i] and step in given:
                low, high = given[step]
                if [month(low), month(high)] != original[step]:
                    note = f"{month(low)}-{month(high)} recorded"
            if not note and step == "guideline_range_months":
                note = self._statute(i, given, amended)
            out.add(section, step, original[step], amended.get(step), "months", note)

    def _statute(self, i: int, given: dict[str, Any], amended: dict[str, Any]) -> str:
        least, most = given.get("statutory_minimum_months"), given.get("statutory_maximum_months", LIFE)
        told = []
        if least and given.get("safety_valve"):
            told.append("18 U.S.C. 3553(f): no statutory minimum")
        elif least:
            told.append(f"statutory minimum {month(least)}")
            if amended and self.cut:
                ordinary = self.after["guideline_range_minimum_months"][i]
                if ordinary != self.cut["amended_range_minimum_months"][i]:
                    told.append("not applied to the amended range (§1B1.10(c))")
        if most < LIFE:
            told.append(f"statutory maximum {most}")
        return "; ".join(told)

    def _floor(self, i: int, read: Read, answer: dict[str, Any], out: _Sheet) -> None:
        comparable, floor = answer["comparable_term_months"], answer["floor_months"]
        least, start = (answer[when]["guideline_range_months"] for when in ("amended", "original"))
        section, note = "§1B1.10(b)(2)(A)", "bottom of the amended range"
        if self.cut["comparable_months"][i] == self.cut["comparable_months"][i]:
            section, note = (
                "§1B1.10(b)(2)(B)",
                f"the comparable term, rounded ({read.setting.rules.rounding})",
            )
        if comparable is not None:
            imposed = month(read.given["imposed_term_months"])
            share = f"{imposed} of {start[0]}, the same share of {least[0]}" if start else ""
            out.add(section, "comparable_term_months", imposed, comparable, "months", share)
        if self.served_known[i]:
            served = self.served[i]
            told = round(served, 2)
            out.add("§1B1.10(b)(2)(C)", "time_served_months", None, told, "months", "on the order's day")
            if floor != "life" and floor != least[0] and floor >= served > floor - 1:
                section, note = "§1B1.10(b)(2)(C)", "not below time served"
        out.add(section, "floor_months", None, floor, "months", note)


class _Sheet:
    """The lines of one record while they are written."""

    __slots__ = ("after", "before", "i", "lines", "varies")

    def __init__(self, before: Columns, after: Columns, i: int, varies: frozenset[str]) -> None:
        self.before, self.after, self.i, self.varies = before, after, i, varies
        self.lines: list[Line] = []

    def old(self, name: str) -> Any:
        hidden = name not in self.before or f"original.{name}" in self.varies
        return None if hidden else self.before[name][self.i]

    def new(self, name: str) -> Any:
        hidden = name not in self.after or f"amended.{name}" in self.varies
        return None if hidden else self.after[name][self.i]

    def add(self, section: str, step: str, old: Any, new: Any, unit: str, note: str) -> None:
        if old is None and new is None:
            return
        self.lines.append(
            {"section": section, "step": step, "original": old, "amended": new, "unit": unit, "note": note}
        )

    def step(self, section: str, name: str, unit: str = "levels", note: str = "") -> None:
        self.add(section, name, self.old(name), self.new(name), unit, note)


def _chapter_three(read: Read, out: _Sheet) -> None:
    given, sums = read.given, read.adjustments
    if given.get("mitigating_role"):
        out.step("§3B1.2", "mitigating_role", note=read.role_note or "as found")
    if read.net:
        note = "all adjustments and acceptance together, as found: total less base level"
        out.step("§1B1.1(a)", "chapter_three_adjustments", note=note)
    elif sums.chapter_three_sections:
        out.step("Ch.3", "chapter_three_adjustments", note=sums.chapter_three_sections)
    if out.old("adjusted_offense_level") != out.old("base_offense_level") and not read.net:
        out.step("§1B1.1(a)(3)", "adjusted_offense_level")
    if other := given.get("other_group_level"):
        out.step("§3D1.4", "combined_offense_level", note=f"with another group at {other}")


def _total(read: Read, out: _Sheet) -> None:
    given, total = read.given, out.old("total_offense_level")
    note = "as found"
    if read.kind != CELL:
        found = out.old("acceptance_of_responsibility")
        asked = given.get("acceptance", found)
        if asked:
            told = "as found" if "acceptance" in given else "as the total level shows"
            if found != asked:
                told = "the third level needs 16 or more before it"
            out.step("§3E1.1", "acceptance_of_responsibility", note=told)
        uncapped = out.old("uncapped_offense_level")
        note = f"{uncapped} counts as {total} (Ch.5 Pt.A n.2)" if uncapped != total else ""
    floor = out.old("safety_valve_floor")
    if floor and floor in (total, out.new("total_offense_level")):
        out.step("§5C1.2(b)", "safety_valve_floor", note="at least this for a safety valve case")
    if out.old("zero_point_offender") or out.new("zero_point_offender"):
        out.step(
            "§4C1.1",
            "zero_point_offender",
            note="no criminal history points, no exclusion (bars: secondary source)",
        )
    recorded = given.get("total_offense_level")
    if recorded and total and recorded != total:
        note = f"{recorded} recorded, {total} from the other facts"
    out.step("§1B1.1(a)", "total_offense_level", note=note)


def _why_base_levels(worked: Worked) -> list[str]:
    """One reason for each record of a group; empty for groups without a single drug or level found."""
    reads = worked.reads
    if reads[0].kind != DRUG:
        return []
    held = reads[0].setting
    manuals = (held.manual, held.amended) if held.laws else (held.manual,)
    # Whatever else is open: drug and quantity are the same in all completions of a record.
    first = worked.rows.begins[:-1]
    drug, amount = (worked.rows.columns.facts.raw(name)[first] for name in ("drug", "quantity"))
    known = (drug >= 0) & (amount == amount)
    begins = []
    for manual in manuals:
        begin = amount.copy()
        begin[known] = manual.quantity_cuts.ravel()[band(drug[known], amount[known], manual)]
        begins.append(begin.tolist())
    told = known.tolist()
    return [
        _why(read, manuals[0], tuple(begin[i] for begin in begins)) if told[i] else "as found"
        for i, read in enumerate(reads)
    ]


def _why(read: Read, manual: Manual, begins: tuple[float, ...]) -> str:
    unit = manual.drug_units[read.drug] or "g"
    what = "converted weight" if read.converted else manual.drugs[read.drug]
    least = "at least " if read.given.get("quantity_is_minimum") else ""
    return f"{least}{plain(read.quantity)} {unit} {what}: {_rows(begins, unit)}"


@lru_cache(maxsize=4096)
def _rows(begins: tuple[float, ...], unit: str) -> str:
    rows = f"row from {plain(begins[0])} {unit}"
    if begins[-1] != begins[0]:
        rows += f", amended from {plain(begins[-1])} {unit}"
    return rows


def plain(number: float) -> str:
    """A number without needless zeros.

    >>> plain(1000.0), plain(0.05), plain(28.35)
    ('1,000', '0.05', '28.35')
    """
    return f"{number:,.6f}".rstrip("0").rstrip(".")
