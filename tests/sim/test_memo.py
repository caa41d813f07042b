from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from guidelines import LIFE
from sim.base.errors import SimulationError
from sim.cli import main
from sim.output.memo import memo_files
from sim.output.memo.content import HIDDEN, Table
from sim.output.memo.parts import LEFT_OUT, parts
from sim.output.memo.suppression import merged, suppressed
from sim.results.people_table import people_table
from sim.results.results import Result
from sim.runner import run
from sim.scenario.scenario import Scenario
from sim.studies.impact import left_out_by_limits


@pytest.fixture(scope="module")
def files(small: Result) -> dict[str, bytes]:
    return memo_files(small)


def rows(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[f"tables/{name}.csv"].decode())))


def test_every_table_of_the_page_is_a_file_and_the_word_document_has_them_too(files, small):
    names = [table.name for part in parts(small, 0) for table in part.tables]
    assert len(names) == len(set(names)) and {f"tables/{name}.csv" for name in names} | {
        "memo.html", "memo.docx"
    } == set(files)  # fmt: skip
    page = files["memo.html"].decode()
    word = zipfile.ZipFile(io.BytesIO(files["memo.docx"])).read("word/document.xml").decode()
    for part in parts(small, 0):
        assert part.title in page and part.title in word
        for table in part.tables:
            assert f"<caption>{table.caption}" in page and table.caption in word
    assert page.count('class="paper"') == page.count('class="wide"') == 5  # each is drawn for print too
    assert memo_files(small)["memo.html"] == files["memo.html"]


@pytest.mark.parametrize(
    "name", ["drug", "district", "category", "citizenship", "race", "sex", "age", "sentenced", "term_group"]
)
def test_each_table_by_characteristic_adds_up_to_everybody_and_to_the_eligible(files, small, name):
    *groups, everybody = rows(files, f"by_{name}")
    for column, whole in (
        ("drug prisoners", small["stock"]["value"]),
        ("eligible", small["eligible"]["value"]),
    ):
        assert sum(int(row[column]) for row in groups) == int(everybody[column]) == whole
    assert sum(float(row["share of the eligible"]) for row in groups) == pytest.approx(1)


def test_a_group_is_counted_as_a_person_at_a_time(files, small):
    people = people_table(small.analysis)
    stock = small.analysis.stock.people
    eligible = (people["counted_as"] == "eligible") & (stock["sex"].astype(str).to_numpy() == "female")
    finite = people[eligible & (people["imposed_term_months"] < LIFE)]
    (row,) = [row for row in rows(files, "by_sex") if row["sex"] == "female"]
    assert int(row["eligible"]) == eligible.sum()
    assert float(row["mean cut, months"]) == pytest.approx(finite["cut_months"].mean())
    assert float(row["mean term now, months"]) - float(row["mean new term, months"]) == pytest.approx(
        finite["cut_months"].mean()
    )


def test_ages_are_grouped_by_whole_bands_of_five(files, small):
    """A synthetic age is the first of five: who is 25 to 29 never stands under "up to 25"."""
    assert "who are younger: the mean age at sentence" in files["memo.html"].decode()
    ages = small.analysis.stock.people["age_at_sentence"].to_numpy()
    for row in rows(files, "by_age")[:-1]:
        numbers = [int(word) for word in row["age at sentence"].split() if word.isdigit()]
        low, high = {"up": (0, numbers[0]), "more": (numbers[0] + 1, 200)}.get(
            row["age at sentence"].split()[0], (numbers[0], numbers[-1])
        )
        assert low % 5 == 0 and (high % 5 == 4 or high == 200)
        assert int(row["drug prisoners"]) == ((ages >= low) & (ages <= high)).sum()


def test_years_of_release_hold_every_eligible_person_and_more_without_the_delay(files, small):
    years = rows(files, "by_year_of_release")
    eligible = small["eligible"]["value"]
    for column in ("as things are", "every motion granted"):
        assert sum(int(row[column]) for row in years) == eligible
    assert sum(int(row["every motion granted, no delay"]) for row in years) > eligible
    first = years[0]
    assert int(first["every motion granted, no delay"]) > int(first["every motion granted"])


def test_the_docket_holds_every_motion_once(files, small):
    months = rows(files, "docket_by_month")
    decided = small["motions"]["value"] - small["motions_lapsed"]["value"]
    assert sum(float(row["motions decided"]) for row in months) == pytest.approx(decided, rel=1e-3)
    granted = small["motions_granted"]["value"] / small["granted_of_all_motions"]["value"]
    assert decided == pytest.approx(granted)


def test_prison_years_by_year_add_up_to_those_saved_in_all(files, small):
    years = rows(files, "prison_years")
    assert years[-1]["year"] == "later" and float(years[-1]["forecast"]) > 0
    assert sum(float(row["forecast"]) for row in years) == pytest.approx(small["bed_years_saved"]["value"])


def test_each_limit_of_a_narrower_rule_is_counted_and_alone_they_leave_fewer_out():
    scenario = Scenario.load("justice-department-rule").but({"people.stock": 1000})
    narrow = run(scenario, 1, worlds=0)
    limits = left_out_by_limits(narrow)
    people = people_table(narrow.analysis)
    counted = people["counted_as"].isin(("eligible", "outside_the_policy"))
    high = people["criminal_history_category"].isin(("III", "IV", "V", "VI", 3, 4, 5, 6))
    assert limits.loc["Criminal History Category", "all"] == int((counted & high).sum()) > 0
    assert (limits["alone"] <= limits["all"]).all() and (limits["alone"] > 0).any()
    left_out = int((people["counted_as"] == "outside_the_policy").sum())
    assert limits["alone"].sum() <= left_out <= limits["all"].sum()
    step = rows(memo_files(narrow), "limits")
    assert [row["limit"] for row in step] == [*limits.index]
    assert (limits["alone"] < 10).any()
    mine = replace(narrow, provenance=dict(narrow.provenance) | {"people": {"people_sha256": "0" * 64}})
    counts = [row[name] for row in rows(memo_files(mine, word=False), "limits") for name in LEFT_OUT]
    assert HIDDEN in counts and all(count == HIDDEN or int(float(count)) >= 10 for count in counts)


def test_without_worlds_no_interval_of_a_step_is_shown():
    scenario = Scenario.load("drugs-minus-two").but({"people.stock": 1000})
    steps = rows(memo_files(run(scenario, 1, worlds=0)), "eligibility")
    assert "from" not in steps[0]


def test_the_cells_that_move_are_those_of_amendment_782(files):
    moved = {(row["level before"], row["level after"]): row for row in rows(files, "drug_quantity_table")}
    assert moved["32", "30"]["Heroin"] == "1 kg" and moved["26", "24"]["Powder cocaine"] == "500 g"
    assert all(int(before) - int(after) in (2, 1, 4) for before, after in moved)


def test_small_cells_are_not_shown_and_cannot_be_worked_out():
    frame = pd.DataFrame(
        {"drug": ["a", "b", "c", "all"], "drug prisoners": [100, 60, 40, 200], "eligible": [50, 4, 20, 74]}
    )
    table = Table("t", "caption", frame, {"drug prisoners": "persons", "eligible": "persons"})
    shown = suppressed(table, ("drug prisoners", "eligible"), 10)
    hidden = shown.frame["eligible"].eq(HIDDEN).tolist()
    assert hidden == [False, True, True, False]  # c goes with b, or b would be 74 - 50 - 20
    assert "4" not in [cell for row in shown.cells() for cell in row]
    assert suppressed(table, ("drug prisoners", "eligible"), 0) is table
    rest = table.frame.assign(eligible=[50, 55, 20, 125])  # 5 of b are not eligible
    assert (
        suppressed(replace(table, frame=rest), ("drug prisoners", "eligible"), 10).frame["eligible"][1]
        == HIDDEN
    )


def test_small_steps_of_the_waterfall_stand_in_one_row():
    steps = pd.DataFrame(
        {
            "code": ["all", "a", "b", "c", "eligible"],
            "label": ["all", "a", "b", "c", "eligible"],
            "persons": [0, 3, 50, 30, 0],
            "remaining": [200, 197, 147, 117, 117],
        }
    )
    shown = merged(steps, 10)
    assert shown["label"].tolist() == ["all", "b", "other reasons", "eligible"]
    assert shown["persons"].tolist() == [0, 50, 33, 0] and shown["remaining"].tolist() == [200, 150, 117, 117]
    assert merged(steps, 0) is steps


def test_people_of_ones_own_are_suppressed_without_being_asked(small):
    mine = replace(small, provenance=dict(small.provenance) | {"people": {"people_sha256": "0" * 64}})
    shown, whole = memo_files(mine, word=False), memo_files(mine, least=0, word=False)
    counts = [int(row["eligible"]) for row in rows(whole, "by_district") if row["district"] != "all"]
    assert any(0 < count < 10 for count in counts)
    left = [
        row for row in rows(shown, "by_district") if row["eligible"] != HIDDEN and row["district"] != "all"
    ]
    assert all(int(row["eligible"]) == 0 or int(row["eligible"]) >= 10 for row in left)
    assert all(
        int(row["leave"].split(".")[0] or 0) >= 10 for row in rows(shown, "eligibility") if row["leave"]
    )
    assert b"picture-releases_by_month" not in shown["memo.html"]


def test_what_has_no_memorandum_is_told_in_a_line(small):
    with pytest.raises(SimulationError, match="fresh run"):
        memo_files(replace(small, analysis=None))
    few = small.headline.copy()
    few.loc["eligible", "value"] = 4.0
    none = few.copy()
    none.loc["eligible", "value"] = 0.0
    with pytest.raises(SimulationError, match=r"nobody is eligible.*minustwo run shows at which step"):
        memo_files(replace(small, headline=none))
    with pytest.raises(SimulationError, match=r"4 people are eligible, fewer than the 10 .*--small-cells 0"):
        memo_files(replace(small, headline=few), least=10)


def test_five_lines_of_toml_make_a_memorandum(tmp_path, capsys):
    lines = [
        'based_on = "drugs-minus-two"',
        'name = "minus-four"',
        "[amendment]",
        'like = "782"',
        "levels = -4",
    ]
    (tmp_path / "mine.toml").write_text("\n".join([*lines, "[people]", "stock = 3000"]))
    out = tmp_path / "memo"
    again = [
        "memo",
        str(tmp_path / "mine.toml"),
        "--worlds",
        "0",
        "--no-word",
        "--no-backtest",
        "--out",
        str(out),
    ]
    assert main(again) == 0 and main(again) == 0  # an earlier one is replaced
    assert sorted(each.name for each in out.iterdir()) == ["memo.html", "tables"]
    assert capsys.readouterr().out.startswith("About ")
    (out / "mine.txt").write_text("mine")
    assert main(again) != 0
    assert "holds mine.txt beside an earlier memorandum" in capsys.readouterr().err
    assert (out / "mine.txt").read_text() == "mine"
    assert np.isfinite(
        float(rows({"tables/cut.csv": (out / "tables/cut.csv").read_bytes()}, "cut")[0]["mean"])
    )


def test_an_amendment_that_never_was_is_listed_where_the_scenario_makes_it_retroactive(tmp_path):
    """Crack at the quantities of powder, with no word of an amendment it is like; one that moves no row."""
    text = """
based_on = "drugs-minus-two"
name = "one-ratio"
[[amendment.change]]
kind = "thresholds"
drug = "{drug}"
thresholds_of = "{of}"
[people]
stock = 3000
"""
    file = tmp_path / "mine.toml"
    file.write_text(text.format(drug="Cocaine Base", of="Cocaine"))
    ratio = run(Scenario.load(file), 1, worlds=0)
    steps = ratio.eligibility_waterfall.set_index("code")["persons"]
    assert "amendment_not_listed" not in steps
    no = run(Scenario.load(file).but({"amendment.retroactive": False}), 1, worlds=0)
    assert no["eligible"]["value"] == 0
    file.write_text(text.format(drug="PCP", of="PCP"))
    same = run(Scenario.load(file), 1, worlds=0)  # left: those whom an earlier listed amendment would help
    assert ratio["eligible"]["value"] > 4 * same["eligible"]["value"]
