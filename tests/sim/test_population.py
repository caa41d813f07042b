"""People of one's own: every broken rule is told, nothing is lost on the way to a file and back."""

from __future__ import annotations

import datetime
import re
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import sim
from guidelines import LIFE
from sim.base.errors import PopulationError, SimulationError
from sim.people.parameters import best
from sim.people.stock import synthesize
from sim.population.columns import Problem
from sim.population.population import Population
from sim.population.schema import ABSENT, FOLLOWS, REQUIRED, schema
from sim.result import run
from sim.results.quantities_of_interest import describe
from sim.runner import through
from sim.scenario.scenario import Scenario

SHIPPED = Scenario.load("drugs-minus-two")
REQUIRED_NAMES = [each.name for each in schema() if each.default is REQUIRED]


@pytest.fixture(scope="module")
def people() -> Population:
    return Population.synthesize(SHIPPED, 1, thin=60)


@pytest.fixture
def frame(people) -> pd.DataFrame:
    return people.frame.copy()


def told(frame: pd.DataFrame) -> list[str]:
    return [str(problem) for problem in Population.validate(frame)]


def with_cell(frame: pd.DataFrame, column: str, value: object, row: int = 3) -> pd.DataFrame:
    """The frame as text with one cell changed."""
    text = frame.astype({column: object})
    text.iloc[row, text.columns.get_loc(column)] = value
    return text


def test_synthetic_people_break_no_rule(people):
    assert told(people.frame) == [] and people.assumed == ()
    known = [each.name for each in schema()]
    assert list(people.frame.columns) == known[: len(people.frame.columns)]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_what_is_read_is_what_was_written(people, tmp_path, ending):
    if ending == "parquet":
        pytest.importorskip("pyarrow")
    path = people.write(tmp_path / f"people.{ending}")
    again = Population.read(path)
    pd.testing.assert_frame_equal(again.frame, people.frame)
    assert again.provenance == people.provenance and again.hash == people.hash
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_a_written_file_says_where_the_people_come_from_and_reads_like_words(people, tmp_path):
    lines = people.write(tmp_path / "people.csv").read_text(encoding="utf-8").splitlines()
    head = [line for line in lines if line.startswith("#")]
    assert any("nobody in this file is a real person" in line for line in head)
    assert {"# seed: 1", f"# scenario_hash: {SHIPPED.hash}"} <= set(head)
    first = dict(zip(lines[len(head)].split(","), lines[len(head) + 1].split(","), strict=True))
    assert first["criminal_history_category"] in ("I", "II", "III", "IV", "V", "VI")
    assert first["us_citizen"] in ("true", "false") and len(first["sentenced_on"]) == 10
    rows = pd.read_csv(tmp_path / "people.csv", comment="#", dtype=str, keep_default_na=False)
    life = rows[rows["imposed_term_months"] == "life"]
    assert len(life) and (life["release_on"] == "").all()


def test_life_is_never_a_number_in_a_csv(people, tmp_path):
    table = pd.read_csv(people.write(tmp_path / "people.csv"), comment="#", dtype=str, keep_default_na=False)
    months = [each.name for each in schema() if each.kind == "months" and each.name in table]
    assert not (table[months] == str(LIFE)).any().any()
    life = (people.frame["imposed_term_months"] == LIFE).sum()
    assert (table["imposed_term_months"] == "life").sum() == life > 0


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("drug", "herion", "'herion' is not one of the known names; did you mean Heroin"),
        ("drug", None, "drug: empty is not one of"),
        ("quantity_grams", -5, "'?-5'? is not a number above 0"),
        (
            "quantity_grams",
            float("nan"),
            "quantity_grams: empty, and so are base_offense_level and .*; give one",
        ),
        ("quantity_grams", 1e300, "1e.300'? is not a number above 0 and at most"),
        ("quantity_grams", "1_000", "'1_000' is not a number"),
        ("quantity_grams", "\u0661\u0662", "is not a number"),
        ("sentenced_on", "2014-W44-6", "'2014-W44-6' is not a day such as 2014-11-01"),
        ("sentenced_on", "2001-04-18garbage", "'2001-04-18garbage' is not a day"),
        ("criminal_history_category", "\u0131", "is not I to VI"),
        ("quantity_grams", float("inf"), "inf is not a number above 0"),
        ("sentenced_on", "2013-02-30", "'2013-02-30' is not a day such as 2014-11-01"),
        ("criminal_history_category", "VII", "'VII' is not I to VI, or 1 to 6"),
        ("criminal_history_category", 0, "0 is not I to VI, or 1 to 6"),
        ("imposed_term_months", 12.5, "12.5 is not whole months from 0 to 6000, or life"),
        ("imposed_term_months", 9997, "9997 is not whole months"),
        ("imposed_term_months", "long", "'long' is not whole months"),
        ("district", "Texas Midst", "not one of the known names; did you mean Texas"),
        ("us_citizen", "maybe", "'maybe' is not true or false"),
        ("mitigating_role", -1, "-1 is not one of -4, -3, -2, 0"),
        ("acceptance", 2, "2 is not one of 0, -2, -3"),
        ("jail_credit_days", -3, "-3 is not a whole number from 0 to 40000"),
        ("age_at_sentence", 7, "7 is not a whole number from 15 to 105"),
    ],
)
def test_a_value_that_cannot_be_is_named_with_its_row_and_what_would_do(frame, column, value, words):
    frame = frame[frame["imposed_term_months"] < LIFE]  # life has no release date beside it
    (line,) = told(with_cell(frame, column, value))
    assert line.startswith(f"{column}: ") and re.search(words, line), line
    assert line.endswith("(1 row: row 4)")


def test_text_of_a_file_means_the_same_as_typed_columns(frame):
    text = frame.astype(object)
    text["us_citizen"] = np.where(frame["us_citizen"], "TRUE", "0")
    text["imposed_term_months"] = frame["imposed_term_months"].astype(str).replace(str(LIFE), "Life")
    text["criminal_history_category"] = frame["criminal_history_category"].map(
        dict(enumerate(("I", "II", "III", "IV", "V", "VI"), start=1))
    )
    text["sentenced_on"] = frame["sentenced_on"].dt.strftime("%Y-%m-%d")
    text["quantity_grams"] = frame["quantity_grams"].map(repr)
    assert Population.from_frame(text).hash == Population.from_frame(frame).hash


RULES = [
    ({"weapon": True, "safety_valve": True}, "safety_valve: with a weapon, which bars it"),
    ({"aggravating_role": 4, "safety_valve": True}, "safety_valve: with an aggravating role"),
    ({"criminal_history_category": 3, "safety_valve": True}, "outside Category I before the First Step Act"),
    ({"aggravating_role": 2, "mitigating_role": -2}, "§3B1.1 and §3B1.2 exclude each other"),
    ({"sentenced_on": "1986-05-01"}, "before the first Guidelines Manual, 1987-11-01"),
    ({"statutory_minimum_months": 120, "statutory_maximum_months": 60}, "above statutory_maximum_months"),
    ({"imposed_term_months": 300, "first_term_months": 300, "statutory_maximum_months": 240},
     "imposed_term_months: above statutory_maximum_months"),
    ({"imposed_term_months": 40, "first_term_months": 60, "statutory_minimum_months": 60,
      "safety_valve": False, "position": "within"}, "below statutory_minimum_months"),
    ({"first_term_months": 3}, "first_term_months: shorter than imposed_term_months"),
    ({"imposed_term_months": LIFE, "first_term_months": LIFE, "statutory_maximum_months": LIFE},
     "release_on: a day for a life term"),
    ({"release_on": None}, "release_on: empty for a term that ends"),
    ({"release_on": "1985-01-01"}, "release_on: not after sentenced_on"),
    ({"release_on": "2031-03-04"}, "release_on: not what term, jail credit, good conduct time"),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "words"), RULES, ids=[words for _, words in RULES])
def test_a_contradiction_is_told(frame, facts, words):
    finite = frame[frame["imposed_term_months"].between(24, 200)].reset_index(drop=True)
    assert told(finite) == []
    text = finite.astype(object)
    for column, value in facts.items():
        text.loc[7, column] = value
    assert any(words in line and "(1 row: row 8)" in line for line in told(text)), told(text)


def test_a_contradiction_is_one_only_where_both_facts_are_bad(frame):
    """The same values without the other one break nothing: every rule can be silent."""
    kinds = frame["position"].cat.categories
    assisted = pd.Categorical(["substantial assistance"] * len(frame), kinds)
    relieved = frame.assign(position=assisted)
    assert not [line for line in told(relieved) if "below statutory_minimum" in line]
    modern = frame.iloc[:5].assign(
        sentenced_on=pd.Timestamp("2019-06-03"), safety_valve=True, weapon=False, aggravating_role=0,
        criminal_history_category=2,
    ).drop(columns=["release_on"])  # fmt: skip
    assert told(modern) == []


def test_every_problem_is_told_at_once_with_counts_and_first_rows(frame):
    bad = frame.drop(columns=["race"]).assign(colour="red", acceptance=5)
    lines = told(bad)
    assert any(line.startswith("colour: no such column") for line in lines)
    assert any(line.startswith("race: the column is missing") for line in lines)
    (many,) = [line for line in lines if line.startswith("acceptance")]
    assert f"({len(frame):,} rows: row 1, 2, 3, 4, 5 ...)" in many
    with pytest.raises(PopulationError) as refused:
        Population.from_frame(bad)
    assert list(refused.value.problems) == lines


def test_a_number_or_a_column_that_stands_twice_is_told(frame):
    twice = frame.reset_index()
    twice.loc[5, "person_id"] = twice.loc[2, "person_id"]
    assert told(twice) == ["person_id: the number stands twice (1 row: row 6)"]
    assert "weapon: the column stands twice" in told(pd.concat([frame, frame["weapon"]], axis=1))


def test_nobody_is_no_population(frame):
    assert told(frame.iloc[:0]) == ["people: there are none"]


def test_left_out_columns_have_their_documented_defaults(frame):
    bare = Population.from_frame(frame[REQUIRED_NAMES])
    needed = {each.name for each in schema() if each.default not in (REQUIRED, FOLLOWS, ABSENT)}
    assert {line.split()[1] for line in bare.assumed} == needed
    assert "people: statutory_maximum_months life for everybody (over all counts)" in bare.assumed
    assert "people: position follows from the term and the range of everybody" in bare.assumed
    inside = Population.from_frame(frame.loc[frame["release_on"].isna(), REQUIRED_NAMES]).stock("2014-11-01")
    facts = inside.sentenced.facts()
    assert not facts["acceptance"].any() and (facts["statutory_maximum_months"] == LIFE).all()


def test_a_run_on_people_from_a_file_is_the_run_on_the_same_people(people, tmp_path):
    """Numbers survive the way through a file to the last digit.

    A file does not tell who was cut under an earlier amendment, so that all of it are measured by the Manual
    before this one. Who gets a part of the cut is drawn by the place in the file, so that here nobody does.
    """
    asked = SHIPPED.but({"judges.whole_cut_share": 1.0})
    made = synthesize(1, SHIPPED.dates.reference, stock=SHIPPED.people.stock, thin=60)
    made = replace(made, origin={"title": "of one's own"})
    analysis, forecast = through(made, asked, best())
    expected = describe(analysis, forecast, asked, best())
    result = run(asked, 1, population=Population.read(people.write(tmp_path / "people.csv")), worlds=2)
    for name, value in expected.items():
        assert result.headline.loc[name, "value"] == pytest.approx(value, nan_ok=True, rel=1e-12), name


def test_a_run_on_own_people_says_so_and_is_held_against_nothing(people):
    result = run(SHIPPED, 1, population=people, worlds=2)
    assert (result.headline["target"] == "").all()
    assert result.provenance["people"]["people_sha256"] == people.hash
    assert (result.worlds["stock"] == len(people)).all()
    bare = Population.from_frame(people.frame.drop(columns=["violence"]), {"title": "mine"})
    other = run(SHIPPED, 1, population=bare, worlds=2)
    assert "people: violence false for everybody (§2D1.1(b)(2), two levels)" in other.assumed
    with pytest.raises(SimulationError, match="run both on the same people"):
        result.compare(other)
    same = replace(result, scenario=result.scenario.but({"name": "the-same"}))
    assert (result.compare(same)["difference"].fillna(0) == 0).all()


def test_people_who_are_not_inside_on_the_day_are_left_out_and_counted(people):
    gone = (people.frame["release_on"] <= pd.Timestamp("2015-11-01")).sum()
    stock = people.stock("2015-11-01")
    assert (
        len(stock.people) == len(people) - gone
        and (stock.sentenced.release_on > np.datetime64("2015-11-01")).sum()
    )
    assert stock.assumed[0].endswith(f"left out: {gone:,} released by 2015-11-01")
    assert people.outside("2014-11-01") == ""
    with pytest.raises(PopulationError, match="sentenced after 1988-01-01; nobody is left"):
        people.stock("1988-01-01")


def test_a_row_that_breaks_a_rule_is_set_aside_and_most_rows_refuse_the_table(frame):
    few = with_cell(frame, "acceptance", 5)
    kept = Population.from_frame(few)
    assert len(kept) == len(frame) - 1 and "(1 row: row 4)" in kept.set_aside[0]
    assert kept.hash == Population.from_frame(frame.drop(frame.index[3])).hash
    with pytest.raises(PopulationError, match="acceptance: 5 is not one of"):
        Population.from_frame(frame.assign(acceptance=5))


def test_a_release_date_of_the_records_is_kept_and_its_difference_carried_over(frame):
    """Ten days of good time lost: both the present and a reduced term end ten days later than worked out."""
    finite = frame[frame["imposed_term_months"] < LIFE].drop(columns=["programme_days"])
    late = finite.assign(release_on=finite["release_on"] + pd.Timedelta(days=10))
    one, two = (Population.from_frame(table).stock("2014-11-01").sentenced for table in (finite, late))
    assert (two.release_on - one.release_on).astype(int).tolist() == [10] * len(finite)
    shorter = np.maximum(one.term_months - 12, 1)
    assert ((two.releases(shorter) - one.releases(shorter)).astype(int) == 10).all()
    np.testing.assert_array_equal(two.releases(two.term_months), two.release_on)


def test_release_dates_are_worked_out_where_they_are_left_out(people):
    without = Population.from_frame(people.frame.drop(columns=["release_on", "first_term_months"]))
    stock = without.stock("2014-11-01")
    np.testing.assert_array_equal(
        stock.sentenced.release_on, people.frame["release_on"].to_numpy().astype("datetime64[D]")
    )
    assert (stock.first_terms == stock.sentenced.term_months).all()


def test_parquet_without_pyarrow_says_what_to_install(people, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    path = tmp_path / "people.parquet"
    for attempt in (lambda: people.write(path), lambda: Population.read(path)):
        with pytest.raises(SimulationError, match=r"Parquet needs pyarrow .*\[io\].*a \.csv file does not"):
            attempt()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no header line and no rows"),
        (b"\xff\xfe\x00drug", "no heading of it is known"),
        (b"drug,race\nHeroin,Black,3\n", "more cells than the header"),
        (b"drug,race\nHeroin,Black\nHeroin,Black,3\n", "Expected 2 fields in line 3, saw 3"),
        (b"# seed: 1\n", "no header line and no rows"),
    ],
)
def test_a_file_that_is_no_table_is_told_in_one_line(tmp_path, content, words):
    path = tmp_path / "people.csv"
    path.write_bytes(content)
    with pytest.raises(PopulationError, match=words) as refused:
        Population.read(path)
    assert len(refused.value.problems) == 1 and str(path) in str(refused.value)


@pytest.mark.parametrize("content", [b"PAR1 and no more", b"PAR1" + bytes(50) + b"PAR1", b"PAR1PAR1", b""])
def test_a_broken_parquet_file_is_told(tmp_path, content):
    pytest.importorskip("pyarrow")
    (tmp_path / "people.parquet").write_bytes(content)
    with pytest.raises(PopulationError, match="not a Parquet file"):
        Population.read(tmp_path / "people.parquet")


def test_lines_of_a_file_are_numbered_as_an_editor_does(people, tmp_path):
    path = people.write(tmp_path / "people.csv")
    lines = path.read_text().splitlines()
    head = sum(line.startswith("#") for line in lines)
    lines[head + 4] = lines[head + 4].replace(lines[head + 4].split(",")[1], "tea", 1)
    path.write_text("\n".join(lines) + "\n")
    (line,) = (read := Population.read(path)).set_aside
    assert re.search(rf"people\.csv: drug: 'tea' .*\(1 row: line {head + 5}\)", line)
    assert len(read) == len(people) - 1 and f"people: set aside: {line}" in read.assumed


def test_another_ending_is_refused_and_a_failed_write_leaves_the_old_file(people, tmp_path, monkeypatch):
    with pytest.raises(SimulationError, match=r"files ending in \.csv or \.parquet"):
        people.write(tmp_path / "people.xlsx")
    path = tmp_path / "people.csv"
    path.write_text("kept")

    def full(*given, **named):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_csv", full)
    with pytest.raises(OSError) as refused:
        people.write(path)
    assert refused.value.filename == str(path) and path.read_text() == "kept"
    assert [each.name for each in tmp_path.iterdir()] == ["people.csv"]


def test_a_problem_names_column_count_and_rows():
    wrong = np.zeros(2000, bool)
    wrong[10:1500] = True
    problem = Problem.where("race", "odd", wrong)
    assert problem.line("line", 2) == "race: odd (1,490 rows: line 12, 13, 14, 15, 16 ...)"


def test_the_package_offers_it(people):
    assert sim.Population is Population and sim.PopulationError is PopulationError
    assert repr(people).startswith(f"<Population: {len(people):,} rows, 26 columns; Federal drug prisoners")
    assert len(people) == len(people.frame)


def _parquet_damages():
    """What a Parquet file can hold that is no table of people, each as a change of the whole table."""
    arrow = pytest.importorskip("pyarrow")

    def column(name, value):
        def change(table):
            place = table.column_names.index(name)
            return table.set_column(place, name, arrow.array([value] * table.num_rows))

        return change

    def note(key, value):
        return lambda table: table.replace_schema_metadata({**(table.schema.metadata or {}), key: value})

    return {
        "list": column("drug", ["Heroin"]),
        "numbers": column("quantity_grams", [1.0]),
        "struct": column("sentenced_on", {"a": 1}),
        "bytes": column("imposed_term_months", b"\xff"),
        "bytes of text": column("drug", b"Heroin"),
        "time": column("weapon", datetime.time(1)),
        "duration": column("imposed_term_months", datetime.timedelta(1)),
        "origin not JSON": note(b"minustwo", b"{"),
        "origin a list": note(b"minustwo", b"[1]"),
        "origin bytes": note(b"minustwo", b"\xff"),
        "pandas not JSON": note(b"pandas", b"{"),
        "pandas a list": note(b"pandas", b"[]"),
        "pandas empty": note(b"pandas", b"{}"),
    }


@pytest.mark.parametrize("damage", ["list", "numbers", "struct", "bytes", "bytes of text", "time", "duration",
                                    "origin not JSON", "origin a list", "origin bytes", "pandas not JSON",
                                    "pandas a list", "pandas empty"])  # fmt: skip
def test_parquet_that_holds_something_else_is_one_line(frame, tmp_path, damage):
    arrow = pytest.importorskip("pyarrow")
    import pyarrow.parquet as parquet

    path = tmp_path / "people.parquet"
    parquet.write_table(_parquet_damages()[damage](arrow.Table.from_pandas(frame.iloc[:20])), path)
    with pytest.raises(PopulationError) as refused:
        Population.read(path)
    assert len(refused.value.problems) == 1 and str(path) in str(refused.value)
