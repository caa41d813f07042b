"""Stocks grown from several years of datafiles, and whom an amendment would have reached in one."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.base.errors import PopulationError, SimulationError
from sim.base.published import named
from sim.cli import BAD_USAGE, DONE, main
from sim.population.population import Population
from sim.population.ussc.grown import SYNTHETIC_FROM, YEAR_STEP, grow_stock
from sim.population.ussc.read import Import, read_ussc
from sim.runner import run
from sim.studies.reach import reach

sys.path.insert(0, str(Path(__file__).parent))
from datafile import person, written


def year_of(folder: Path, year: int, **changed: object) -> Import:
    rows = [person(year, n, TOTPRISN=87 + n % 20, **changed) for n in range(60)]
    return read_ussc(written(folder, year, rows, "csv"))


@pytest.fixture
def years(tmp_path) -> list[Import]:
    return [year_of(tmp_path, year) for year in range(2010, 2015)]


def test_a_stock_holds_whoever_was_sentenced_and_has_not_left(years):
    grown = grow_stock(years, "2014-11-01", fill=True, thin=60)
    frame = grown.people.frame
    real = frame[frame.index < SYNTHETIC_FROM]
    assert len(real) == grown.real > 200 and len(frame) - len(real) == grown.synthetic > 0
    assert set(real.index // YEAR_STEP) <= set(range(2010, 2015))
    assert (frame["release_on"].fillna(pd.Timestamp("2100-01-01")) > pd.Timestamp("2014-11-01")).all()
    assert (real["jail_credit_days"] > 0).any()  # drawn, as for synthetic people
    filled = frame[frame.index >= SYNTHETIC_FROM]["sentenced_on"]
    assert ((filled < "2009-10-01") | (filled >= "2014-10-01")).all()
    assert grow_stock(years, "2014-11-01", fill=True, thin=60).people.hash == grown.people.hash
    result = run("drugs-minus-two", population=grown.people, worlds=0)
    assert len(result.people) == len(frame)


def test_earlier_amendments_come_to_real_people_too(tmp_path):
    """Crack of 2010 under the old ratio: some have had the cut of 2011 by 2014, none by 2011."""
    crack = {"DRUGTYP1": 2, "WGT1": 60, "MWGT1": 200_000, "MWEIGHT": 200_000, "BASEHI": 30, "AMENDYR": 2009}
    years = [year_of(tmp_path, 2010, **crack)]
    late, early = (grow_stock(years, day, fill=True, thin=100) for day in ("2014-11-01", "2011-10-01"))
    for grown, cut in ((late, True), (early, False)):
        real = grown.people.frame[grown.people.frame.index < SYNTHETIC_FROM]
        assert (real["imposed_term_months"] < real["first_term_months"]).any() == cut
    assert any("Amendment 750" in line for line in late.lines)


def test_a_stock_with_too_many_synthetic_people_is_refused_without_a_switch(years):
    with pytest.raises(
        PopulationError, match=r"percent of the stock; import more years, or allow it with --fill"
    ):
        grow_stock(years, "2014-11-01", thin=60)
    with pytest.raises(PopulationError, match="fiscal year 2010 is given twice"):
        grow_stock([years[0], years[0]], "2014-11-01", fill=True)
    with pytest.raises(PopulationError, match="nobody sentenced in 2010 was in prison on 2009-01-01"):
        grow_stock(years[:1], "2009-01-01", fill=True, thin=60)


def test_the_commands(tmp_path, capsys):
    path = written(tmp_path, 2013, [person(2013, n) for n in range(30)], "csv")
    out, table = tmp_path / "stock.csv", tmp_path / "people.csv"
    assert main(["people", "stock", str(path), "--on", "2014-11-01", "--out", str(out)]) == BAD_USAGE
    assert "import more years" in capsys.readouterr().err and not out.exists()
    assert main(["people", "import", str(path), "--out", str(table)]) == DONE
    capsys.readouterr()
    assert main(["people", "reach", str(table)]) == DONE
    told = capsys.readouterr().out
    assert (
        "30 people measured under the Manual of 2013-11-01" in told and "Range lowered: 100.0 percent" in told
    )
    assert f"{100 * named('affected_by_782_of_fy2012'):.1f} percent" in told


def test_reach_asks_about_everybody_whatever_manual_was_used(tmp_path):
    rows = [
        person(2018, 1, BASEHI=28, XFOLSOR=25, XMINSOR=70, XMAXSOR=87),
        person(2018, 2, BASEHI=28, WGT1="", MWGT1="", MWEIGHT=""),  # a level of the new table alone
        person(2018, 3, BASEHI=28, CAROFFAP=1, CAROFFLV=34, XFOLSOR=31, XCRHISSR=6),
    ]
    found = reach(read_ussc(written(tmp_path, 2018, rows, "csv")).people)
    assert (found.people, found.undecided, found.lowered) == (2, 1, 0.5)
    assert set(found.by_code["code"]) == {"eligible", "career_offender"}
    assert found.by_code["share"].sum() == pytest.approx(1)


def test_points_decide_the_scenario_of_2023_and_without_points_it_says_why(tmp_path):
    """Five points with two for status: category III becomes II, since four other points are below seven."""
    rows = [
        person(2018, 1, TOTPRISN=200, SENTRNGE=1, STATMAX=480),
        person(2018, 2, TOTPRISN=200, SENTRNGE=1, SENTPTS=0),
        person(2018, 3, TOTPRISN=200, SENTRNGE=1, TOTCHPTS="", SENTPTS=""),
    ]
    people = read_ussc(written(tmp_path, 2018, rows, "csv")).people
    result = run("criminal-history-2023", population=people, worlds=0)
    assert result.analysis.before["criminal_history_category"].tolist() == [3, 3, 3]
    assert result.analysis.after["criminal_history_category"].tolist() == [2, 3, 3]
    assert result.people["code"].tolist()[1:] == ["range_not_lowered"] * 2
    bare = Population.from_frame(people.frame.drop(columns=["criminal_history_points", "status_points"]))
    with pytest.raises(SimulationError, match="have a criminal history category but no points") as refused:
        run("criminal-history-2023", population=bare, worlds=0)
    assert "\n" not in str(refused.value)


def test_numbers_are_those_of_year_and_commission(years):
    frame = grow_stock(years, "2014-11-01", fill=True, thin=100).people.frame
    assert frame.index.is_unique
    np.testing.assert_array_equal(frame.index[frame.index < SYNTHETIC_FROM] % YEAR_STEP // 1_000_000, 1)
