"""The fit of courts: what it may read, what it gives back, and its parts worked out in another way."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from guidelines import tables
from sim.base.courts_kept import AMENDMENTS, AS_OF, CENTRE, EVIDENCE, NAMES, PARAMETERS, TABLE, kept
from sim.base.errors import SimulationError
from sim.base.published import published_by
from sim.courts.decisions import chance, hazard, log_odds_of
from sim.studies import courts_fit
from sim.studies.courts_fit import DAYS, Stock, fit_courts, readable

PEOPLE = np.concatenate([[9900.0], np.linspace(800, 60, 200)])
STOCK = Stock(PEOPLE * 42_800 / PEOPLE.sum(), 9_000.0, 7_000.0)
ROWS = [dict(row) for row in tables.reference(EVIDENCE)]
DRAWS = 20_000


class Poisoned(dict):
    """A row nobody may look into, but for its name and day."""

    def __getitem__(self, key: str) -> str:
        if key not in ("name", "published_on"):
            raise AssertionError(f"{dict.__getitem__(self, 'name')} was read")
        return str(dict.__getitem__(self, key))


def medians(rows: pd.DataFrame, amendment: str = "782") -> pd.Series:
    some = rows[(rows["amendment"] == amendment) & (rows["world"] != CENTRE)]
    return some[list(NAMES)].astype(float).median()


@pytest.mark.parametrize("as_of", AS_OF)
def test_no_row_published_later_is_read(as_of):
    later = [row for row in ROWS if not published_by(row["published_on"], DAYS[as_of])]
    assert later or as_of == AS_OF[-1]
    unseen = {"name": "grants_782", "published_on": "2016-04-14", "value": "26850", "sd": "0.01"}
    poisoned = [row if row not in later else Poisoned(row) for row in ROWS]
    poisoned += [Poisoned(unseen | {"name": f"later_{number}"}) for number in range(3)]
    known = fit_courts(as_of, STOCK, [row for row in ROWS if row not in later], draws=DRAWS)
    found = fit_courts(as_of, STOCK, poisoned, draws=DRAWS)
    pd.testing.assert_frame_equal(found.rows, known.rows)
    assert not set(found.read) & {row["name"] for row in later}


def test_the_reader_takes_a_row_on_its_day_and_not_before():
    row = {"name": "x", "value": "1", "published_on": "2015-11-02"}
    assert readable([row], "2015-11-02") and not readable([row], "2014-07")
    assert not readable([row | {"published_on": "2015-11"}], "2015-11-02")  # perhaps later in the month
    assert not readable([row | {"published_on": ""}], "2015-11-02")


def test_the_evidence_holds_nothing_that_came_out_after_the_last_day():
    assert all(published_by(row["published_on"], AS_OF[-1]) for row in ROWS)
    later = [row for row in tables.reference("outcome_motions") if row["id"] in ("O02", "O03")]
    assert len(later) == 2
    assert not {row["value"] for row in later} & {row["value"] for row in ROWS}


@pytest.mark.parametrize("as_of", AS_OF)
def test_what_is_kept_is_what_the_command_finds(as_of):
    """Fewer draws, and a stock like that of the fit: the medians are near, each within the kept spread."""
    found = fit_courts(as_of, STOCK, draws=4 * DRAWS)
    for amendment in AMENDMENTS:
        worlds = pd.DataFrame(kept(as_of, amendment)).T
        low, high = (worlds.drop(index=CENTRE).quantile(end) for end in (0.02, 0.98))
        middle = medians(found.rows, amendment)
        assert ((low <= middle) & (middle <= high)).all(), (amendment, middle, low, high)


def test_the_same_seed_gives_the_same_and_another_seed_other_worlds():
    one, two = (fit_courts(AS_OF[0], STOCK, draws=DRAWS, seed=1, worlds=8).rows for _ in range(2))
    pd.testing.assert_frame_equal(one, two)
    other = fit_courts(AS_OF[0], STOCK, draws=DRAWS, seed=2, worlds=8).rows
    assert not one[list(NAMES)].equals(other[list(NAMES)])


def test_the_precedent_is_met_and_the_step_widens():
    rows = fit_courts(AS_OF[0], STOCK, draws=DRAWS, worlds=200).rows
    past, ahead = (rows[(rows["amendment"] == name) & (rows["world"] != CENTRE)] for name in AMENDMENTS)
    assert past["approval_rate"].median() == pytest.approx(16433 / 17850, abs=0.02)
    assert past["ineligible_motion_share"].median() == pytest.approx(7665 / 25515, abs=0.04)
    for name in ("filing_rate", "approval_rate", "ineligible_motion_share"):
        assert ahead[name].std() > past[name].std()


def test_what_was_reported_by_november_2015_is_met():
    rows = fit_courts(AS_OF[1], STOCK, draws=4 * DRAWS).rows
    worlds = rows[(rows["amendment"] == "782") & (rows["world"] != CENTRE)]
    of_all = (1 - worlds["ineligible_motion_share"]) * worlds["approval_rate"]
    assert of_all.mean() == pytest.approx(0.75, abs=0.02) and of_all.std() < 0.04
    x = np.arange(len(STOCK.people))
    for row in worlds.head(20).to_dict("records"):
        from scipy.stats import norm

        by = [
            norm.cdf(np.log(months / row["decision_months_median"]) / row["decision_months_spread"])
            for months in (11.5, 12.0)
        ]
        granted = row["filing_rate"] * row["approval_rate"]
        assert np.log(STOCK.eligible * granted * by[0] / 13187) == pytest.approx(0.0, abs=0.45)
        weight = (1 + x / 6.0) ** -row["order_strength"]
        first = chance(hazard(np.array([by[1]]), STOCK.people, weight), 1.0)[0]
        whole = row["whole_cut_share"]
        could = whole * STOCK.on_day_one + (1 - whole) * STOCK.on_day_one_by_part
        assert 5300 < could * granted * first < 7600


def test_an_evidence_row_moves_what_it_is_about():
    def with_share(value: str) -> pd.Series:
        rows = [row | ({"value": value} if row["name"] == "granted_share_782" else {}) for row in ROWS]
        return medians(fit_courts(AS_OF[1], STOCK, rows, draws=4 * DRAWS).rows)

    low, high = with_share("0.60"), with_share("0.80")
    assert low["ineligible_motion_share"] > high["ineligible_motion_share"] + 0.1


def test_missing_rows_are_told_in_one_line():
    rows = [row for row in ROWS if row["name"] != "granted_706"]
    with pytest.raises(SimulationError, match=r"the row granted_706 of courts_evidence\.csv had not been"):
        fit_courts(AS_OF[0], STOCK, rows, draws=100)


def test_the_share_of_the_first_is_that_of_the_root():
    order = np.array([0.0, 0.31, 0.975, 1.5, 2.62])
    decided = np.array([0.2, 0.3, 0.35, 0.5, 0.6])
    found = courts_fit._first(STOCK, order, decided)
    x = np.arange(len(STOCK.people))
    for each, b, share in zip(found, order, decided, strict=True):
        weight = (1 + x / 6.0) ** -b
        exact = chance(hazard(np.array([share]), STOCK.people, weight), 1.0)[0]
        assert each == pytest.approx(exact, abs=2e-3)


def test_log_odds_and_means_over_districts_are_those_of_the_model():
    rate, spread = np.array([0.92, 0.5, 0.75]), np.array([1.1, 2.0, 0.2])
    odds = courts_fit._odds(rate, spread)
    exact = [log_odds_of(float(p), float(s)) for p, s in zip(rate, spread, strict=True)]
    assert odds == pytest.approx(exact, abs=1e-6)
    assert courts_fit._mean(odds, spread) == pytest.approx(rate, abs=1e-6)


def test_the_share_of_motions_that_law_leaves_out_is_theirs_over_all_districts():
    draw = np.random.default_rng(1)
    odds, spread, eligible = -1.6, 0.8, draw.integers(50, 3000, 200_000)
    share = expit(odds + spread * draw.normal(size=len(eligible)))
    others = eligible * share / (1 - share)
    told = courts_fit._share_of_motions(np.array([odds]), np.array([spread]))[0]
    assert others.sum() / (others.sum() + eligible.sum()) == pytest.approx(told, abs=0.003)


def test_the_tables_name_every_field_and_every_world_is_possible():
    assert tuple(tables.reference(PARAMETERS).column("name")) == NAMES
    for row in tables.reference(TABLE):
        for name in ("filing_rate", "approval_rate", "ineligible_motion_share"):
            assert 0 < float(row[name]) < 1
        assert all(float(row[name]) >= 0 for name in NAMES)
    for as_of in AS_OF:
        assert all(len(kept(as_of, name)) == 65 for name in AMENDMENTS)
