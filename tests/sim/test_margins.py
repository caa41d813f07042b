"""The published margins of the stock, and a stock that shows them."""

from __future__ import annotations

import numpy as np
import pytest

from guidelines import LIFE, tables
from sim.base.published import figure as published
from sim.base.published import target_value
from sim.eligibility.analysis import analyse
from sim.people.associations import RACES
from sim.people.described import described
from sim.people.flows import DRUGS
from sim.people.margin import MeanMargin
from sim.people.margins import DESCRIBED_ON, STOCK_DRUGS, published_margins, stock_drug, subject_to_minimum
from sim.people.parameters import best
from sim.people.raking import rake
from sim.people.stock import CALIBRATED_ON, synthesize
from sim.people.terms import ASSISTANCE, GOVERNMENT, POSITIONS, SPONSORED
from sim.scenario.scenario import Scenario

STOCK = tables.reference("stock_drug_prisoners_fy2012")
PERSON = 1 / 12_000
"""Whole people in a thinned stock leave a share off by about one person."""


def figure(row: str) -> float:
    return float(STOCK.row(id=row)["value"])


def test_the_published_margins_do_not_contradict_each_other(stock):
    assert stock.raked.settled, {name: gap for name, gap in stock.raked.gaps.items() if gap > 1e-4}
    assert stock.raked.empty == {} and stock.assumed == ()


def test_every_margin_is_met_by_the_weights(stock):
    inside = stock.flow.inside(CALIBRATED_ON)
    for margin in published_margins(stock.flow, inside, stock.first_terms, best()):
        said = margin.cell >= 0
        if isinstance(margin, MeanMargin):
            mean = np.average(margin.value, weights=stock.raked.weights * margin.counts)
            assert mean == pytest.approx(margin.mean, rel=2e-4), margin.name
            continue
        weight = stock.raked.weights * margin.counts
        sums = np.bincount(margin.cell[said], weight[said], len(margin.share))
        group = np.zeros(len(sums), int) if margin.group is None else margin.group
        share = sums / np.bincount(group, sums)[group]
        assert share == pytest.approx(margin.share, abs=2e-4), margin.name


def share_then(stock, holds, whom=True):
    """Share of the people inside on the day that the published table describes."""
    weights = stock.raked.weights * (stock.flow.inside(DESCRIBED_ON) & whom)
    return float(np.average(holds, weights=weights))


def test_the_people_of_the_day_show_what_was_published(stock):
    found = described(stock)
    drugs = {
        row["part"]: float(row["value"]) for row in tables.reference("calibration_targets").select(id="T02")
    }
    for name, share in drugs.items():
        assert found[f"stock_{name}"] == pytest.approx(share / sum(drugs.values()), abs=2e-4)
    for name, row in (("not_citizens", "T03"), ("category_i", "T04"), ("weapon", "T05")):
        assert found[f"stock_{name}"] == pytest.approx(target_value(row), abs=2e-4)


def test_the_stock_of_2014_has_less_crack_than_that_of_the_day_described(stock):
    """Two years of fewer crack sentences: why the margins stand on their own day."""
    crack = stock.flow.drug == DRUGS.index("Cocaine Base")
    now = np.average(crack, weights=stock.raked.weights * stock.flow.inside(CALIBRATED_ON))
    assert now < share_then(stock, crack) - 0.01


def test_race_within_crack_and_overall_is_as_published(stock):
    race, crack = stock.flow.attributes["race"], stock.flow.drug == DRUGS.index("Cocaine Base")
    assert share_then(stock, race == RACES.index("Black"), crack) == pytest.approx(figure("S11"), abs=2e-4)
    assert share_then(stock, race == RACES.index("White")) == pytest.approx(figure("S10"), abs=2e-4)


def test_citizenship_within_a_drug_is_as_published(stock):
    marijuana = stock.flow.drug == DRUGS.index("Marihuana")
    foreign = ~stock.flow.attributes["us_citizen"]
    assert share_then(stock, foreign, marijuana) == pytest.approx(figure("S19"), abs=2e-4)


def test_crack_and_powder_are_one_drug_of_the_stock():
    codes = stock_drug(np.arange(len(DRUGS)))
    assert codes[DRUGS.index("Cocaine")] == codes[DRUGS.index("Cocaine Base")] == STOCK_DRUGS.index("cocaine")
    assert sorted(set(codes.tolist())) == list(range(len(STOCK_DRUGS)))


def test_what_is_not_fed_in_follows(stock):
    """Half of the stock was subject to a minimum (T07, as of 2016), 1,907 served life (S300, of 2016)."""
    subject = subject_to_minimum(stock.sentenced).mean()
    known = tables.reference("calibration_targets").row(id="T07", part="")
    assert float(known["low"]) < subject < float(known["high"])
    life = (stock.sentenced.term_months >= LIFE).mean()
    assert 0.4 < life / (figure("S300") / target_value("T01")) < 1.2  # a quarter too few, and a thin stock


def test_the_flows_alone_give_the_published_stock(stock):
    """T01, before any scaling: 92,000 to 101,000."""
    assert 92_000 < stock.unscaled < 103_000  # a thin stock has luck of its own


def test_earlier_years_have_their_published_mean_terms(stock):
    """1999: 74 months (Bureau of Justice Statistics); FY2013: 72, probation as zero (the Commission)."""
    weight, term = stock.raked.weights, np.minimum(stock.first_terms, 470)
    day = stock.flow.sentenced_on
    for begin, end, least, mean in (("1995-10-01", "2005-10-01", 1, 74), ("2005-10-01", "2013-10-01", 0, 72)):
        era = (day >= np.datetime64(begin)) & (day < np.datetime64(end)) & (term >= least)
        assert np.average(term[era], weights=weight[era]) == pytest.approx(mean, rel=1e-3)


def test_relief_from_a_minimum_is_that_of_fy2013(stock):
    """Of those convicted of one: the valve alone 28.5, assistance alone 20, both 10.2 percent (M312-M314)."""
    flow, day = stock.flow, stock.flow.sentenced_on
    year = (day >= np.datetime64("2012-10-01")) & (day < np.datetime64("2013-10-01"))
    minimum, valve = flow.attributes["statutory_minimum_months"] > 0, flow.attributes["safety_valve"]
    assisted, weight = flow.position == ASSISTANCE, stock.raked.weights

    def share(some: np.ndarray, of: np.ndarray) -> float:
        return weight[some & of].sum() / weight[of].sum()

    assert share(minimum, year) == pytest.approx(published("ussc_marginals", "M310"), abs=1e-3)
    for some, row in ((valve & ~assisted, "M313"), (assisted & ~valve, "M312"), (valve & assisted, "M314")):
        assert share(some, year & minimum) == pytest.approx(published("ussc_marginals", row), abs=1e-3), row


def test_positions_of_fy2014_are_those_of_the_datafile(stock):
    year = stock.flow.sentenced_on >= np.datetime64("2013-10-01")
    year &= stock.flow.sentenced_on < np.datetime64("2014-10-01")
    share = np.bincount(stock.flow.position[year], stock.raked.weights[year], 6)
    share /= share.sum()
    for kind, rows in ((ASSISTANCE, ["F40"]), (GOVERNMENT, ["F42", "F44"]), (SPONSORED, ["F50"])):
        known = sum(published("ussc_fy2014_drug_trafficking_sentences", row) for row in rows)
        assert share[kind] == pytest.approx(known, abs=0.004), POSITIONS[kind]


def test_relief_lifts_a_minimum(stock):
    some = stock.sentenced
    subject = subject_to_minimum(some)
    assert not subject[some.attributes["statutory_minimum_months"] == 0].any()
    assert not subject[some.attributes["safety_valve"]].any()
    assert not subject[some.position == ASSISTANCE].any()
    assert subject.any()


def test_without_its_margin_the_weapon_share_is_another(stock):
    """A margin that is dropped is missed: the margins do something."""
    margins = published_margins(stock.flow, stock.flow.inside(CALIBRATED_ON), stock.first_terms, best())
    without = rake(np.ones(len(stock.flow)), [m for m in margins if m.name != "drug"])
    (drug,) = (m for m in margins if m.name == "drug")
    sums = np.bincount(drug.cell, without.weights * drug.counts)
    assert np.abs(sums / sums.sum() - drug.share).max() > 0.002


def test_margins_of_the_stock_do_not_hang_on_the_day_asked_for(stock):
    """A stock of later years has the same weights behind it, whatever Amendment 782 has done by then."""
    later = synthesize(1, "2019-07-19", thin=8)
    assert [each.amendment for each in later.earlier] == ["706", "750", "782"]
    same = len(stock.flow)
    assert (later.flow.number[later.flow.sentenced_on <= CALIBRATED_ON] == stock.flow.number).all()
    known = later.flow.sentenced_on <= CALIBRATED_ON
    ours, theirs = stock.raked.weights, later.raked.weights[known]
    assert len(theirs) == same
    assert theirs / theirs.mean() == pytest.approx(ours / ours.mean(), rel=1e-3)


def test_few_of_the_eligible_are_career_offenders(stock):
    """401 by the Commission's count (X305); their range seldom comes from the drug quantity."""
    cut = analyse(stock, Scenario.load("drugs-minus-two")).cut
    career = stock.sentenced.attributes["career_offender"]
    assert (cut.eligible & career).mean() == pytest.approx(
        published("exante_impact", "X305") / target_value("T01"),
        abs=20 * PERSON,  # of 50 people in the thin stock: three standard deviations
    )
