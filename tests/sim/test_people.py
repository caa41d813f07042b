"""The synthetic people: the same for one seed, lawful, and whoever is still inside."""

from __future__ import annotations

from hashlib import sha256

import numpy as np
import pytest

from guidelines import LIFE, tables
from guidelines.manual import Manual
from guidelines.s1b1_1_worksheet import worksheet
from guidelines.s3_adjustments import acceptances
from sim.base.errors import SimulationError
from sim.base.streams import uniforms
from sim.people.associations import cells, pick
from sim.people.flows import DRUGS
from sim.people.parameters import best
from sim.people.sentenced import Sentenced, first_edition, sentence
from sim.people.stock import CALIBRATED_ON, sample_correction, synthesize
from sim.people.terms import ASSISTANCE, POSITIONS

DAY = np.datetime64("2014-11-01")
TERM = {"term_months", "jail_credit_days", "programme_days", "release_on"}


@pytest.fixture(scope="module")
def flow() -> Sentenced:
    return sentence(1, best(), DAY, thin=40)


def same(one: Sentenced, two: Sentenced, but: set[str] = frozenset()) -> None:
    """Every column is equal, those named left out."""
    for name, value in {**vars(one), **one.attributes}.items():
        if name not in but | {"attributes"}:
            other = two.attributes.get(name, getattr(two, name, None))
            np.testing.assert_array_equal(value, other, err_msg=name)


def test_one_seed_gives_one_stock_and_another_seed_another(stock):
    again, other = synthesize(1, "2014-11-01", thin=8), synthesize(2, "2014-11-01", thin=8)
    assert again.people.equals(stock.people)
    assert not other.people["imposed_term_months"].equals(stock.people["imposed_term_months"])


def test_the_first_draws_are_these_on_every_machine():
    """Terms depend on fitted values; days, drugs and the draws themselves do not."""
    flow = sentence(7, best(), np.datetime64("1990-12-31"), thin=500)
    days = flow.sentenced_on.astype(str).tolist()
    assert sha256(",".join(days).encode()).hexdigest()[:16] == "5944dad29c849993"
    assert uniforms(7, "sentenced/facts", np.arange(2)).tolist() == [0.6794032172007675, 0.5187303084963601]


def test_a_longer_flow_changes_nobody_who_was_in_it(flow):
    longer = sentence(1, best(), np.datetime64("2017-03-15"), thin=40)
    rows = np.searchsorted(longer.number, flow.number)
    assert len(longer) > len(flow)
    same(flow, longer.take(rows))
    assert longer.sentenced_on.max() <= np.datetime64("2017-03-15")
    after = np.setdiff1d(longer.number, flow.number)
    assert (longer.sentenced_on[np.isin(longer.number, after)] > DAY).all()


@pytest.mark.parametrize(
    ("parameter", "value", "touched"),
    [
        ("jail_credit_months", 9.0, {"jail_credit_days", "release_on"}),
        ("residential_drug_programme_share", 0.4, {"programme_days", "release_on"}),
        ("at_range_minimum_share", 0.55, TERM),
        ("top_tail_exponent", 0.9, {"quantity"}),
        ("variance_before_booker", 0.3, {"position", *TERM}),
    ],
)  # fmt: skip
def test_a_parameter_changes_what_hangs_on_it_and_nothing_else(flow, parameter, value, touched):
    changed = sentence(1, best().but(**{parameter: value}), DAY, thin=40)
    same(flow, changed, touched)
    first = min(touched, key=lambda name: list(vars(flow)).index(name))
    assert not np.array_equal(getattr(flow, first), getattr(changed, first))


def test_a_higher_share_only_adds_people(flow):
    more = sentence(1, best().but(violence_share=0.05), DAY, thin=40).attributes["violence"]
    few = flow.attributes["violence"]
    assert (more >= few).all() and more.sum() > few.sum()


def test_everybody_in_the_stock_is_inside_on_the_day(stock):
    people = stock.sentenced
    assert (people.sentenced_on <= DAY).all()
    assert (~(people.release_on <= DAY)).all()
    assert (np.isnat(people.release_on) == (people.term_months >= LIFE)).all()
    published = float(tables.reference("calibration_targets").row(id="T01", part="")["value"])
    assert len(people) == round(published / 8)


@pytest.mark.parametrize("day", ["2008-03-03", "2011-11-01", "2016-05-01"])
def test_a_stock_of_another_day_is_inside_on_that_day(day):
    some = synthesize(1, day, thin=40).sentenced
    at = np.datetime64(day)
    assert (some.sentenced_on <= at).all() and (~(some.release_on <= at)).all() and len(some) > 1500


def test_first_terms_outlive_earlier_amendments():
    """A stock of 2010 has 706 behind it: present terms are cut, first terms are as imposed."""
    some = synthesize(1, "2010-06-01", thin=20)
    present, first = (some.people[name].to_numpy() for name in ("imposed_term_months", "first_term_months"))
    assert [earlier.amendment for earlier in some.earlier] == ["706"]
    assert (first >= present).all() and (first > present).any()
    crack = (some.people["drug"] == "Cocaine Base").to_numpy()
    assert (first == present)[~crack].all()
    before = sentence(1, best(), CALIBRATED_ON, sample_correction(1), thin=20)
    np.testing.assert_array_equal(some.first_terms, before.term_months)


def test_the_stock_of_an_earlier_day_is_the_same_people_the_later_one_had(stock):
    """Same weights: whoever is in both is counted alike but for the rounding to whole people."""
    earlier = synthesize(1, "2013-11-01", thin=8).sentenced
    both = np.intersect1d(earlier.number, stock.sentenced.number)
    assert len(both) > 0.6 * len(np.unique(earlier.number))


def test_facts_are_lawful(stock):
    known, people = stock.sentenced.attributes, stock.sentenced
    valve = known["safety_valve"]
    assert valve.any() and not (valve & known["weapon"]).any()  # 18 U.S.C. 3553(f)(2)
    assert not (valve & (known["criminal_history_category"] > 1)).any()  # (f)(1), one point until 2018
    assert not (valve & (known["aggravating_role"] > 0)).any()  # (f)(4)
    assert not ((known["mitigating_role"] < 0) & (known["aggravating_role"] > 0)).any()
    assert (people.term_months <= known["statutory_maximum_months"]).all()
    bound = (known["statutory_minimum_months"] > 0) & ~valve & (people.position != ASSISTANCE)
    low = people.term_months < np.minimum(known["statutory_minimum_months"], 470)
    assert bound.any() and not (low & bound).any()
    within = people.position == POSITIONS.index("within")
    at_first = stock.people["first_term_months"].to_numpy() < known["statutory_minimum_months"]
    assert (at_first & valve & within).any()  # the safety valve lifts the minimum, whatever the position


def test_stored_ranges_are_those_the_law_gives_again(flow):
    """Recomputed person by person under the Manual of the day; that of 1989 stands for earlier days."""
    changed = {*tables.editions("drug_quantity"), *tables.editions("acceptance_of_responsibility")}
    begins = sorted(begin for begin in changed if begin >= first_edition())
    assert begins[0] == "1989-11-01"
    for begin, end in zip(begins, (*begins[1:], "2100-01-01"), strict=True):
        first = "1900-01-01" if begin == begins[0] else begin
        day = flow.sentenced_on
        rows = np.flatnonzero((day >= np.datetime64(first)) & (day < np.datetime64(end)))
        if len(rows):
            manual = Manual.on(begin)
            facts = flow.take(rows).facts()
            facts["acceptance"] = np.maximum(facts["acceptance"], acceptances(manual)[-1])
            sheet = worksheet(facts, manual)
            np.testing.assert_array_equal(
                sheet["guideline_range_minimum_months"], flow.range_minimum_months[rows]
            )


def test_release_dates_follow_from_the_terms(flow):
    np.testing.assert_array_equal(flow.releases(flow.term_months), flow.release_on)
    longer = flow.releases(np.where(flow.term_months >= LIFE, LIFE, flow.term_months + 12))
    finite = ~np.isnat(flow.release_on)
    assert (longer[finite] > flow.release_on[finite]).all()


def test_the_table_says_what_the_columns_say(stock):
    table, people = stock.people, stock.sentenced
    assert table.index.name == "person_id" and table.index.is_unique
    assert (table["drug"].cat.codes == people.drug).all()
    assert list(table["drug"].cat.categories) == list(DRUGS)
    assert (table["position"].cat.codes == people.position).all()
    assert list(table["position"].cat.categories) == list(POSITIONS)
    assert (table["imposed_term_months"] == people.term_months).all()
    np.testing.assert_array_equal(table["release_on"].to_numpy().astype("datetime64[D]"), people.release_on)
    assert not table.drop(columns="release_on").isna().any().any()


def test_districts_and_ages_are_drawn_as_often_as_in_the_sample(stock):
    table = tables.reference("ussc_pv_sex_age")
    women = sum(float(row["persons"]) for row in table.select(drug="Methamphetamine", sex="female"))
    every = sum(float(row["persons"]) for row in table.select(drug="Methamphetamine"))
    meth = stock.people[stock.people["drug"] == "Methamphetamine"]
    assert (meth["sex"] == "female").mean() == pytest.approx(women / every, abs=0.025)
    assert stock.people["district"].nunique() > 85


def test_people_of_a_kind_no_row_has_are_refused():
    table = tables.reference("ussc_pv_sex_age")
    code = {"drug": {name: number for number, name in enumerate(DRUGS)}}
    with pytest.raises(SimulationError, match="no row with drug 6; people of that kind cannot be drawn"):
        pick(table, (np.array([0, 6]),), ("drug",), np.array([0.1, 0.2]), code)


def test_cells_are_drawn_within_the_drug_and_as_often_as_tilted():
    known = cells()
    drug = np.arange(60_000) % len(DRUGS)
    tilt = np.where(known.weapon == 1, 2.0, 1.0)
    drawn = known.draw(drug, uniforms(1, "cells", np.arange(60_000)), tilt)
    assert (known.drug[drawn] == drug).all()
    heroin = DRUGS.index("Heroin")
    weight = known.persons * tilt * (known.drug == heroin)
    expected = weight[known.weapon == 1].sum() / weight.sum()
    assert known.weapon[drawn[drug == heroin]].mean() == pytest.approx(expected, abs=0.012)


def test_thinned_people_stand_for_all():
    half, whole = sentence(1, best(), DAY, thin=80), sentence(1, best(), DAY, thin=40)
    assert len(whole) == pytest.approx(2 * len(half), rel=0.002)


def test_parameters_outside_their_bounds_or_unknown_are_refused():
    with pytest.raises(SimulationError, match="did you mean 'violence_share'"):
        best().but(violence_shares=0.01)
    with pytest.raises(SimulationError, match=r"violence_share = 0.9: it lies between 0.005 and 0.05"):
        best().but(violence_share=0.9)


def test_a_stock_before_the_first_flow_is_refused():
    with pytest.raises(
        SimulationError, match="no stock of 1988-01-01: the synthetic flows begin on 1989-10-01"
    ):
        synthesize(1, "1988-01-01")
