"""Sentences by fiscal year and drug, against the published counts they come from."""

from __future__ import annotations

import numpy as np
import pytest

from guidelines import tables
from sim.base.fiscal import first_day, fiscal_year_of, length_days
from sim.people.flows import DRUGS, FIRST_YEAR, persons_sentenced


def total(year: int) -> float:
    flow = persons_sentenced(2015)
    return float(flow.loc[flow["fiscal_year"] == year, "persons"].sum())


@pytest.mark.parametrize(("year", "table", "row"), [(1992, "ussc_marginals", "M015"),
                                                    (2010, "admissions_flow", "A317"),
                                                    (2012, "admissions_flow", "A01"),
                                                    (2014, "admissions_flow", "A03")])  # fmt: skip
def test_published_totals_are_met(year, table, row):
    assert total(year) == pytest.approx(float(tables.reference(table).row(id=row)["value"]))


def test_totals_between_lie_on_a_line_and_outside_stay_level():
    assert total(2003) == pytest.approx(total(2001) + 2 / 9 * (total(2010) - total(2001)))
    assert total(FIRST_YEAR) == total(1992) and total(2015) == total(2014)


def test_the_flow_is_a_plateau_from_2001_on():
    """As drug prisoners stayed from 2007 to 2012, and all federal offenders rose little before 2008."""
    years = np.array([total(year) for year in range(2001, 2012)])
    assert years.max() / years.min() < 1.1 and total(2001) > 1.6 * total(1992)


def test_crack_and_powder_are_the_published_counts_of_their_year():
    rows = tables.reference("ussc_marginals").select(metric="offenders sentenced by drug and race")
    flow = persons_sentenced(2014).set_index(["fiscal_year", "drug"])["persons"]
    known = [row for row in rows if row["subgroup"].split()[-1] == "all"]
    assert len(known) > 30
    for row in known:
        year, drug = row["subgroup"].split()[:2]
        name = "Cocaine Base" if drug == "crack" else "Cocaine"
        assert flow[int(year[2:]), DRUGS.index(name)] == float(row["value"]), row


def test_nobody_is_negative_and_a_longer_flow_changes_no_earlier_year():
    short, long = persons_sentenced(2010), persons_sentenced(2020)
    assert (long["persons"] > 0).all()
    assert short.equals(long.iloc[: len(short)])


def test_fiscal_years_begin_in_october():
    assert str(first_day(2014)) == "2013-10-01"
    assert [fiscal_year_of(np.datetime64(day)) for day in ("2013-09-30", "2013-10-01", "2014-11-01")] == [
        2013,
        2014,
        2015,
    ]
    assert length_days(np.array([2012, 2013])).tolist() == [366, 365]
