"""No fit reads what was published after its day: later rows are poisoned, and the fit must not notice."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from guidelines import tables
from guidelines.tables.table import read_table
from sim.base.published import published_by
from sim.results.evidence import FITS

POISON = 1000
DATED = ("published_on", "source_date")
OWN = {
    "assumptions",
    "counting_rules",
    "courts",
    "districts",
    "row_names",
    "stock_ensemble",
    "stock_fit_draws",
    "stock_parameters",
}
"""Tables of judgement, of names, and of what fits gave."""
PATH = """
import json, sys
from pathlib import Path
import guidelines.tables as tables
folder = Path(sys.argv[1])
tables.folder = lambda: folder
from guidelines.tables.table import Table
read, names, plain, ask = set(), set(), Table.select, tables.reference
def select(self, **keys):
    found = plain(self, **keys)
    if not self.effective_from:
        read.update((self.name, row["id"]) for row in found if "id" in row)
    return found
def reference(name):
    names.add(name)
    return ask(name)
Table.select, tables.reference = select, reference
from sim.people.parameters import best
from sim.studies.fit import fitted_quantities
from sim.studies.fit_tables import kept_fit
worked_out = fitted_quantities(5, best())
sets = kept_fit().ensemble
kept = {name: each.drop(columns="fit").to_numpy().tolist() for name, each in sets.groupby("fit")}
print(json.dumps([worked_out, kept, sorted(read), sorted(names)], default=float))
"""


def number(id_: str) -> int:
    return int("".join(filter(str.isdigit, id_)))


def ruled(fit: str, table: str, id_: str) -> bool:
    """Whether a late row is listed as read by a fit, with its reason."""
    return any(
        row["fit"] in ("all", fit)
        and row["table"] == table
        and (not row["first"] or number(row["first"]) <= number(id_) <= number(row["last"]))
        for row in tables.reference("published_late")
    )


def late(fit: str, table: str, row: dict[str, str]) -> bool:
    day = next((row[name] for name in DATED if name in row), None)
    return day is not None and not published_by(day, FITS[fit].as_of)


def poisoned(folder: Path, fit: str) -> int:
    """Multiply every number published after the day of a fit, but those that are listed; how many rows."""
    count = 0
    for path in sorted((folder / "reference").glob("*.csv")):
        table = read_table(path, path.stem)
        if not set(DATED) & set(table.columns):
            continue
        rows = []
        for row in table:
            changed = dict(row)
            if late(fit, table.name, changed) and not ruled(fit, table.name, row.get("id", "0")):
                count += 1
                for column in {"value", "low", "high"} & set(table.columns):
                    if changed[column].replace(".", "").isdigit():
                        changed[column] = str(POISON * float(changed[column]))
            rows.append(changed)
        head = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
        with path.open("w", newline="", encoding="utf-8") as file:
            file.write("\n".join(head) + "\n")
            writer = csv.DictWriter(file, table.columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return count


def worked_out(folder: Path) -> list:
    done = subprocess.run(
        [sys.executable, "-c", PATH, str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def clean() -> list:
    return worked_out(tables.folder())


@pytest.mark.parametrize("fit", ["2015-11", "2014-07"])
def test_a_fit_is_the_same_when_all_that_was_published_later_is_poisoned(fit, clean, tmp_path):
    folder = tmp_path / "tables"
    shutil.copytree(tables.folder(), folder)
    assert poisoned(folder, fit) > 100
    quantities, ensembles, *_ = worked_out(folder)
    assert quantities == clean[0]
    for name in ensembles:
        if FITS[name].as_of <= FITS[fit].as_of:
            assert ensembles[name] == clean[1][name], name


def test_the_poison_works(clean, tmp_path):
    """A row that a fit may look at, poisoned all the same, is noticed."""
    folder = tmp_path / "tables"
    shutil.copytree(tables.folder(), folder)
    path = folder / "reference" / "calibration_targets.csv"
    text = path.read_text(encoding="utf-8")
    assert ",134,130,140," in text
    path.write_text(text.replace(",134,130,140,", ",134000,130000,140000,"), encoding="utf-8")
    ensembles = worked_out(folder)[1]
    assert ensembles["2015-11"] != clean[1]["2015-11"]
    assert ensembles["2014-07"] == clean[1]["2014-07"], "T06 came out in October 2015"


@pytest.mark.parametrize("fit", ["2015-11", "2014-07"])
def test_every_late_row_that_is_read_is_listed_with_its_reason(fit, clean):
    """What weighing looks at is decided by `fitted_on`; this is what the people are made from."""
    targets = {"T06", "T25", "T301"} if fit == "2014-07" else set()  # read by the later fits alone
    seen = [(table, id_) for table, id_ in clean[2] if id_ not in targets]
    rows = {(name, row["id"]): dict(row) for name in clean[3] if "id" in tables.reference(name).columns
            for row in tables.reference(name)}  # fmt: skip
    read_late = [key for key in seen if key in rows and late(fit, key[0], rows[key])]
    assert [key for key in read_late if not ruled(fit, *key)] == []
    for row in tables.reference("published_late"):
        if row["first"] and row["fit"] in ("all", fit):
            assert any(ruled(fit, table, id_) and table == row["table"] for table, id_ in read_late), row


def test_tables_without_dates_that_are_read_are_listed(clean):
    undated = {name for name in clean[3] if not set(DATED) & set(tables.reference(name).columns)}
    listed = {row["table"] for row in tables.reference("published_late") if not row["first"]}
    assert undated - OWN == listed
