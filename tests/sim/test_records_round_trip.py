"""Records written the way people write them, in random ways, are read as the records they were."""

from __future__ import annotations

import csv
import io
import json
import random
from datetime import date, timedelta

import pytest

from guidelines.manual import CATEGORIES
from sim.records.batch import answered, read_records
from sim.records.source import source
from sim.records.values import NAMES

DRUGS = ("heroin", "crack", "powder cocaine", "Meth (actual)", "LSD", "marijuana", "fentanyl")
UNITS = {
    "kg": ("kg", "KG", "kilos", "kilo", "kilograms", "kgs."),
    "g": ("g", "grams", "gm", "gram", "G."),
    "lb": ("lb", "lbs", "pounds", "lbs."),
    "oz": ("oz", "ounces", "oz."),
    "mg": ("mg", "milligrams"),
}
HEADINGS = {
    "case_id": ("case_id", "Case ID", "CASE NO.", "Client", "Docket number"),
    "sentenced_on": ("sentenced_on", "Sentenced On", "Date of sentence", "SENTENCING DATE"),
    "acceptance": ("acceptance", "Acceptance", "Acceptance of Responsibility", "AOR"),
    "criminal_history_category": (
        "criminal_history_category",
        "Category",
        "CHC",
        "Criminal History Category",
    ),
    "statutory_minimum_months": ("statutory_minimum_months", "Mandatory minimum", "Stat. min. (months)"),
    "statutory_maximum_months": ("statutory_maximum_months", "Statutory Maximum", "Stat Max"),
    "guideline_range_months": ("guideline_range_months", "Guideline Range", "Range (months)"),
    "imposed_term_months": ("imposed_term_months", "Sentence", "Sentence (months)", "Term imposed"),
    "safety_valve": ("safety_valve", "Safety Valve", "safety-valve"),
    "career_offender": ("career_offender", "Career Offender", "Career"),
    "jail_credit_days": ("jail_credit_days", "Jail credit", "Jail credit (days)"),
    "sentence_began_on": ("sentence_began_on", "Sentence began", "Sentence start date"),
    "amendments": ("amendments", "Amendment", "AMENDMENTS"),
    "base_offense_level": ("base_offense_level", "Base Offence Level", "BOL"),
    "converted_weight_kg": ("converted_weight_kg", "Converted weight (kg)"),
}
DELIMITERS = (",", ";", "\t")


class Writer:
    """Writes facts as somebody in an office would."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def any(self, *ways: str) -> str:
        return self.chance.choice(ways)

    def number(self, value: float) -> str:
        return self.any(str(value), f"{value:,}") if value >= 1000 else str(value)

    def day(self, text: str) -> str:
        at = date.fromisoformat(text)
        name = NAMES[at.month - 1]
        return self.any(
            text,
            f"{at.month}/{at.day}/{at.year}",
            f"{at.month:02}/{at.day:02}/{at.year}",
            f"{at.month}-{at.day}-{at.year % 100:02}",
            f"{name} {at.day}, {at.year}",
            f"{name[:3]}. {at.day}, {at.year}",
            f"{at.day} {name} {at.year}",
            f"{at.day}-{name[:3]}-{at.year % 100:02}",
            f"{at.year}/{at.month}/{at.day}",
        )

    def months(self, value: int | str) -> str:
        if value == "life":
            return self.any("life", "LIFE", "Life imprisonment")
        ways = [f"{value} months", f"{value} mos.", f"{value} Months"]
        if int(value) >= 50:  # a smaller limit without a unit could be years
            ways.append(self.number(int(value)))
        if int(value) % 12 == 0 and value:
            ways += [f"{int(value) // 12} years", f"{int(value) // 12} yrs"]
        elif int(value) > 12:
            ways.append(f"{int(value) // 12} years, {int(value) % 12} months")
        return self.any(*ways)

    def cell(self, name: str, value: object) -> str:
        if isinstance(value, bool):
            return self.any("yes", "Y", "TRUE", "x") if value else self.any("no", "N", "False")
        if name == "case_id":
            return str(value)
        if name.endswith("_on"):
            return self.day(str(value))
        if name == "guideline_range_months":
            low, high = value  # type: ignore[misc]
            dash = self.any("-", " - ", "–", " to ")
            return f"{low}{dash}{self.any('life', 'Life') if high == 'life' else high}" + self.any(
                "", " months"
            )
        if name.endswith("_months"):
            return self.months(value)  # type: ignore[arg-type]
        if name == "acceptance":
            return self.any(str(value), str(-int(str(value))), f"{value} levels")
        if name == "criminal_history_category":
            number = CATEGORIES.index(str(value)) + 1
            return self.any(
                str(value), str(number), f"Cat. {value}", f"category {number}", str(value).lower()
            )
        if name == "amendments":
            return self.any(", ", " ", "; ", " and ").join(map(str, value))  # type: ignore[call-overload]
        if name == "base_offense_level":
            return self.any(str(value), f"Level {value}", f"{value}.0")
        return self.number(value)  # type: ignore[arg-type]

    def drugs(self, given: list[dict[str, object]]) -> dict[str, str]:
        """Cells of the drugs: one for all, or columns of their own."""
        amounts = [
            f"{self.number(one['quantity'])}{self.any(' ', '')}{self.any(*UNITS[str(one['unit'])])}"  # type: ignore[arg-type]
            for one in given
        ]
        if self.chance.random() < 0.4:
            between = self.any("; ", ";", ", ", " and ", " + ")
            listed = [
                f"{amount}{self.any(' ', ' of ')}{one['drug']}"
                for one, amount in zip(given, amounts, strict=True)
            ]
            return {self.any("drugs", "Drugs"): between.join(listed)}
        cells = {}
        heading = self.any("Drug", "Substance", "drug type")
        quantity = self.any("Quantity", "Amount", "Drug quantity")
        for number, (one, amount) in enumerate(zip(given, amounts, strict=True), start=1):
            end = f" {number}" if number > 1 else ""
            cells |= {f"{heading}{end}": str(one["drug"]), f"{quantity}{end}": amount}
        return cells

    def row(self, facts: dict[str, object]) -> dict[str, str]:
        cells = {}
        for name, value in facts.items():
            if name == "drugs":
                cells |= self.drugs(value)  # type: ignore[arg-type]
            else:
                cells[self.any(*HEADINGS[name])] = self.cell(name, value)
        return cells


def facts_of(chance: random.Random, number: int) -> dict[str, object]:
    """A random record, in the form the rules want it."""

    def day(begin: int) -> str:
        return (date(begin, 1, 1) + timedelta(chance.randrange(3000))).isoformat()

    whole = {
        "case_id": f"No. {number}",
        "sentenced_on": day(2006),
        "drugs": [
            {
                "drug": chance.choice(DRUGS),
                "quantity": chance.choice([chance.randrange(1, 30_000), chance.randrange(1, 5000) / 8]),
                "unit": chance.choice(list(UNITS)),
            }
            for _ in range(chance.choice([1, 1, 1, 2, 3]))
        ],
        "acceptance": chance.choice([-2, -3]),
        "criminal_history_category": chance.choice(CATEGORIES),
        "statutory_minimum_months": chance.choice([0, 60, 120, 240, "life"]),
        "statutory_maximum_months": chance.choice([240, 480, "life"]),
        "guideline_range_months": [chance.randrange(1, 300), chance.choice([360, "life"])],
        "imposed_term_months": chance.choice([chance.randrange(1, 500), "life"]),
        "safety_valve": chance.random() < 0.5,
        "career_offender": chance.random() < 0.5,
        "jail_credit_days": chance.randrange(2000),
        "sentence_began_on": day(2010),
        "amendments": chance.choice([["782"], ["782", "821A"], ["706", "750", "782"]]),
        "base_offense_level": chance.randrange(6, 44),
        "converted_weight_kg": chance.randrange(1, 90_000),
    }
    kept = {name: value for name, value in whole.items() if name == "case_id" or chance.random() < 0.75}
    for drug in kept.get("drugs", ()):
        drug["quantity"] = (
            int(drug["quantity"]) if drug["quantity"] == int(drug["quantity"]) else drug["quantity"]
        )
    return kept


def written(chance: random.Random, cells: dict[str, str]) -> bytes:
    """One record as a file: JSON or a sheet, with any delimiter and any coding of text."""
    names = list(cells)
    chance.shuffle(names)
    if chance.random() < 0.2:
        return json.dumps({name: cells[name] for name in names}, ensure_ascii=False).encode()
    made = io.StringIO()
    delimiter = chance.choice(DELIMITERS)
    sheet = csv.writer(made, delimiter=delimiter, lineterminator=chance.choice(["\n", "\r\n"]))
    sheet.writerows([[*names, "Notes"], [*(cells[name] for name in names), "told by José"]])
    return made.getvalue().encode(chance.choice(["utf-8", "utf-8-sig", "cp1252", "utf-16"]))


def round_trips(count: int, seed: int) -> None:
    chance = random.Random(seed)
    writer = Writer(chance)
    for number in range(count):
        facts = facts_of(chance, number)
        cells = writer.row(facts)
        content = written(chance, cells)
        ((_, record),) = read_records(source(io.BytesIO(content), "facts"))
        assert record.facts == facts, cells


def test_hundreds_of_records_written_by_hand():
    round_trips(400, seed=1)


@pytest.mark.slow
def test_ten_thousand_records_written_by_hand():
    round_trips(10_000, seed=2)


BROKEN = (
    '{"case_id": "x", "acceptance": 9}',
    '{"case_id": "x", "acceptence": -3}',
    "{",
    "[1]",
    "null",
    '"\\ud800"',
    '{"case_id": "\\ud800"}',
    '{"case_id": "x", "imposed_term_months": 1e300}',
    '{"case_id": "x", "imposed_term_months": NaN}',
    '{"case_id": "x", "imposed_term_months": ' + "9" * 5000 + "}",
    '{"case_id": "x", "sentenced_on": "2014-W44-6"}',
    '{"case_id": "x", "sentenced_on": "9999-01-01"}',
    '{"case_id": "x", "sentence_began_on": "0001-01-01", "imposed_term_months": 5}',
    '{"case_id": "x", "amendments": [{"change": ["a"]}]}',
    '{"case_id": "x", "amendments": ["750A"]}',
    '{"case_id": "x", "amendments": {"a": 1}}',
    '{"case_id": "x", "adjustments": [{"section": "3C1.1", "levels": 2.5}]}',
    '{"case_id": "x", "adjustments": 5}',
    '{"case_id": "x", "drugs": [{"drug": "herion", "quantity": 1, "unit": "g"}]}',
    '{"case_id": "x", "drugs": [{"drug": "heroin", "quantity": -1, "unit": "g"}]}',
    '{"case_id": "x", "drugs": [{"drug": "heroin", "quantity": 1, "unit": "bushels"}]}',
    '{"case_id": "x", "drugs": []}',
    '{"case_id": "x", "drugs": [[]]}',
    '{"case_id": "x", "criminal_history_category": "VII"}',
    '{"case_id": "x", "rules": {"koons": "sometimes"}}',
    '{"case_id": "x", "rules": 5}',
    '{"case_id": "x", "table_range_months": [1, 2, 3]}',
    '{"case_id": "x", "table_range_months": "12-Oct"}',
    '{"case_id": "x", "statutory_minimum_months": "10"}',
    '{"case_id": "x", "case_id": "y"}',
    '{"case_id": {"a": 1}}',
    "{" * 3000,
)


def broken_among(count: int, one_in: int) -> None:
    good = json.dumps({"case_id": "good", "total_offense_level": 29, "criminal_history_category": "II"})
    lines = [BROKEN[n // one_in % len(BROKEN)] if n % one_in == one_in - 1 else good for n in range(count)]

    entries = source(io.BytesIO("\n".join(lines).encode()), "facts").entries
    found = [answer for _, answer in answered(entries)]
    assert len(found) == count
    refused = [number for number, answer in enumerate(found) if "error" in answer]
    assert refused == list(range(one_in - 1, count, one_in))
    assert all(
        answer["error"]["line"] == number + 1 for number, answer in enumerate(found) if "error" in answer
    )


def test_thirty_kinds_of_broken_records_stop_no_other():
    assert len(BROKEN) >= 30
    broken_among(2 * len(BROKEN), one_in=2)


@pytest.mark.slow
def test_a_thousand_broken_records_among_a_hundred_thousand():
    broken_among(100_000, one_in=100)
