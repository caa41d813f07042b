"""Counts add up, forecasts from them are those of the people, and a file in pieces is the file as a whole."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tracemalloc

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.base.errors import PopulationError, SimulationError
from sim.courts.decisions import Decisions
from sim.eligibility.calendar import ReleaseDates
from sim.population.population import Population
from sim.projection.grouped import Counts, count_people
from sim.projection.project import project, project_counts
from sim.results.quantities_of_interest import describe_cut, describe_stock
from sim.runner import run
from sim.scenario.scenario import Scenario
from sim.studies import people_file
from sim.studies.people_file import SUMS, forecast_file, pieces, rows_of

NEVER = 30
JUDGES = Decisions.plain(0.8, 0.1, np.linspace(0, 1, NEVER + 1))


def dates_of(people: list[tuple[int, int]], never: int = NEVER) -> ReleaseDates:
    denied = np.array([end for _, end in people], np.int64)
    granted = np.minimum(np.array([begin for begin, _ in people], np.int64), denied)
    none = np.full(len(people), np.datetime64("NaT"), "datetime64[D]")
    eligible = granted < denied
    return ReleaseDates(
        eligible=eligible,
        if_denied=none,
        if_granted=none,
        on_day_one=eligible & (granted <= 4),
        month_if_denied=np.where(denied == NEVER, never, denied),
        month_if_granted=np.where(granted == NEVER, never, granted),
        never=never,
        day_one=np.datetime64("2015-11-01"),
        day_one_month=4,
    )


persons = st.lists(
    st.tuples(st.integers(0, NEVER), st.integers(0, NEVER), st.integers(0, 3), st.integers(0, 2)),
    min_size=1,
    max_size=40,
)


def counted(rows, never: int = NEVER) -> Counts:
    district, group = (np.array([row[at] for row in rows], np.int64) for at in (2, 3))
    return count_people(dates_of([row[:2] for row in rows], never), district, group, districts=4, groups=3)


def same(one: Counts, two: Counts) -> bool:
    names = ("without", "cell", "people", "day_one")
    return all(np.array_equal(getattr(one, name), getattr(two, name)) for name in names)


@given(rows=persons, cut=st.integers(0, 40))
@settings(max_examples=60)
def test_counts_of_two_parts_are_those_of_the_whole(rows, cut):
    first, second = rows[:cut], rows[cut:]
    if first and second:
        assert same(counted(first) + counted(second), counted(rows))
        assert same(counted(second) + counted(first), counted(rows))


@given(rows=persons, cut=st.integers(1, 39))
@settings(max_examples=40)
def test_parts_that_reach_over_fewer_months_add_up_too(rows, cut):
    first, second = rows[:cut], rows[cut:]
    if first and second:
        assert same(counted(first) + counted(second, NEVER + 5), counted(rows, NEVER + 5))


@given(rows=persons)
@settings(max_examples=40)
def test_the_same_people_many_times_are_their_counts_many_times(rows):
    assert same(counted(rows * 3), counted(rows).times(3))
    one, three = (project_counts(counts, JUDGES) for counts in (counted(rows), counted(rows).times(3)))
    assert three.left.mean == pytest.approx(3 * one.left.mean)
    assert three.left.drawn == pytest.approx(3 * one.left.drawn)
    assert three.left.districts == pytest.approx(9 * one.left.districts)


@given(rows=persons)
@settings(max_examples=40)
def test_sums_by_month_and_pairs_hold_every_eligible_person(rows):
    counts = counted(rows)
    eligible = [row for row in rows if row[0] < row[1]]
    granted, denied, people = counts.pairs()
    cells = set(zip(*(each.tolist() for each in counts.by_months[:4]), strict=True))
    assert people.sum() == counts.eligible == len(eligible)
    for begin, end, district, group in eligible:
        assert (group, district, begin, end) in cells
        (at,) = np.flatnonzero((granted == begin) & (denied == end))
        assert people[district, at] == sum(row[:3] == (begin, end, district) for row in eligible)
    assert counts.waiting.sum() == len(eligible)
    assert (
        counts.waiting.tolist()
        == np.bincount([row[0] for row in eligible] or [0], minlength=NEVER + 1).tolist()
        or not eligible
    )
    assert counts.without.sum() == len(rows)


def test_counts_of_other_districts_do_not_add_up():
    one = counted([(1, 5, 0, 0)])
    two = count_people(dates_of([(1, 5)]), np.array([1]), np.array([0]), districts=2, groups=3)
    with pytest.raises(
        SimulationError, match=r"3 groups and 4 districts .* cannot be added to counts of 3, 2"
    ):
        one + two
    with pytest.raises(SimulationError, match="cannot be cut to 5"):
        one.reaching(5)


def test_the_cost_of_a_forecast_does_not_grow_with_the_people():
    """A hundred million people take the memory of the months, groups and districts they are counted by."""
    draw = np.random.default_rng(1)
    people = list(zip(draw.integers(0, 20, 2000), draw.integers(10, 30, 2000), strict=True))
    few = count_people(dates_of(people), draw.integers(0, 94, 2000), draw.integers(0, 6, 2000))
    many = few.times(50_000)
    assert many.without.sum() == 10**8
    peaks = []
    for counts in (few, many):
        tracemalloc.start()
        project_counts(counts, JUDGES)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.1 * peaks[0] < 20e6


def test_memory_of_a_forecast_stays_under_a_fixed_number_of_tables():
    """Months x districts x groups in whole numbers, a dozen tables of that size: nothing grows beyond it."""
    months, districts, groups = 400, 94, 6
    draw = np.random.default_rng(1)
    number = 40_000
    denied = draw.integers(20, months, number)
    none = np.full(number, np.datetime64("NaT"), "datetime64[D]")
    dates = ReleaseDates(
        eligible=np.ones(number, np.bool_),
        if_denied=none,
        if_granted=none,
        on_day_one=denied < 40,
        month_if_denied=denied,
        month_if_granted=denied - draw.integers(1, 20, number),
        never=months,
        day_one=np.datetime64("2015-11-01"),
        day_one_month=12,
    )
    district, group = draw.integers(0, districts, number), draw.integers(0, groups, number)
    judges = Decisions.plain(0.8, 0.1, np.linspace(0, 1, months + 1))
    tracemalloc.start()
    project(dates, district, group, judges)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    table = 8 * (months + 1) * districts * groups
    assert peak < 14 * table


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    pytest.importorskip("pyarrow", reason="Parquet is read with pyarrow, the extra `io`")
    path = tmp_path_factory.mktemp("people") / "people.parquet"
    Population.synthesize("drugs-minus-two", seed=1, thin=20).write(path)
    return path


def test_a_file_in_pieces_gives_what_the_whole_gives(file):
    scenario = Scenario.load("drugs-minus-two")
    whole = run(scenario, population=Population.read(file), worlds=0)
    for rows in (700, 10_000):
        found = forecast_file(file, scenario, rows=rows)
        assert found.people == len(whole.analysis.stock.people)
        assert list(found.headline.index) == list(whole.headline.index)
        expected = whole.headline["value"]
        assert found.headline["value"].to_numpy() == pytest.approx(expected.to_numpy(), rel=1e-9, nan_ok=True)
        exact = ["released_first_wave", "more_released_by_a_year_later", "bed_years_saved"]
        bands = ["low_90", "low_50", "high_50", "high_90"]
        assert found.headline.loc[exact, bands].equals(whole.headline.loc[exact, bands])
        pd.testing.assert_frame_equal(found.releases_by_month, whole.releases_by_month, check_exact=False)
        assert found.provenance["seed"] == "1" or found.provenance


def test_every_quantity_about_people_is_known_to_add_up_or_to_be_a_mean(file, small):
    known = set(describe_stock(small.analysis) | describe_cut(small.analysis))
    assert known >= SUMS
    counts = {name for name in known if small.headline.loc[name, "unit"] in ("persons", "bed-years")}
    assert counts == SUMS


def test_broken_rows_are_set_aside_and_told_with_their_place(file, tmp_path):
    people = pd.read_parquet(file)
    people.iloc[1500, people.columns.get_loc("imposed_term_months")] = -5
    people.to_parquet(tmp_path / "broken.parquet")
    found = forecast_file(tmp_path / "broken.parquet", Scenario.load("drugs-minus-two"), rows=1000)
    (told,) = found.set_aside
    assert re.search(r"rows 1,001 to 2,000: .*imposed_term_months", told) and told in str(found)
    assert found.people == found.headline.loc["stock", "value"] == len(people) - 1


def test_what_is_no_file_of_people_is_refused(file, tmp_path):
    with pytest.raises(PopulationError, match="no such file"):
        rows_of(tmp_path / "none.parquet")
    (tmp_path / "text.parquet").write_text("people", encoding="utf-8")
    with pytest.raises(PopulationError, match="not a Parquet file"):
        rows_of(tmp_path / "text.parquet")
    pd.read_parquet(file).iloc[:0].to_parquet(tmp_path / "empty.parquet")
    with pytest.raises(PopulationError, match="no people"):
        forecast_file(tmp_path / "empty.parquet", Scenario.load("drugs-minus-two"))
    with pytest.raises(SimulationError, match="one or more rows"):
        next(pieces(file, 0))


MAIN = """
import sys
from sim.studies import people_file
people_file.IN_MEMORY = 1000
from sim.cli import main
sys.exit(main())
"""


def minustwo(*arguments):
    return subprocess.run(
        [sys.executable, "-c", MAIN, "run", *map(str, arguments)], capture_output=True, text=True
    )


def test_the_main_command_takes_a_file_that_is_too_large_to_hold(file, tmp_path):
    assert people_file.IN_MEMORY == 1_000_000
    done = minustwo("--people", file, "--out", tmp_path / "out")
    assert (done.returncode, done.stderr) == (0, "")
    assert "people, bands from the judges' draws alone" in done.stdout
    files = {path.name for path in (tmp_path / "out").iterdir()}
    assert files == {"summary.json", "headline.csv", "releases_by_month.csv"}
    told = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert told["people"] == len(pd.read_parquet(file))
    again = minustwo("--people", file, "--out", tmp_path / "out", "--json")
    assert json.loads(again.stdout)["headline"] == told["headline"]
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("dear", encoding="utf-8")
    refused = minustwo("--people", file, "--out", tmp_path / "other")
    assert refused.returncode == 2 and "holds other files" in refused.stderr
