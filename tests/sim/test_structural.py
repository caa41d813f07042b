"""What the model lacks: sizes by the formula, the same in all of a family, and errors that can be redone."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from guidelines import tables
from sim.ensemble import members
from sim.results.evidence import FITS
from sim.results.quantities_of_interest import describe_cut
from sim.results.results import sd_of, with_bands
from sim.results.structural import (
    AT_ONCE,
    BLOCK,
    COMPOSITION,
    COUNTS,
    FACTS,
    FAMILIES,
    LEVELS,
    OF_QUANTITY,
    PACE,
    PARTED,
    SHARES,
    STATES,
    TERMS,
    errors_of,
    factor,
    log_factors,
    moved,
    scaled_groups,
    scaled_outcomes,
    scaled_releases,
    spreads,
)
from sim.runner import one_world, run
from sim.studies.structural import structural_errors

TABLE = tables.reference("structural_errors")


def published(reference: str) -> float:
    table, id_, *part = reference.split("/")
    keys = {"id": id_} | ({"part": part[0]} if part else {})
    return float(tables.reference(table).row(**keys)["value"])


def test_the_size_is_that_of_the_predictive_t_distribution():
    """The design's own figures: errors of -.02, .22 and -.10 give a scale of .12 and a factor of 1.25."""
    errors = (-0.02, 0.22, -0.10)
    scale = ((4 * 0.10**2 + sum(e * e for e in errors)) / 7) ** 0.5
    assert scale == pytest.approx(0.12, abs=0.002)
    assert np.exp(stats.t.ppf(0.95, 7) * scale) == pytest.approx(1.25, abs=0.01)
    for fit in FITS:
        for family in (*FAMILIES, *COMPOSITION):
            own = errors_of(family, fit)
            degrees = 4 + len(own)
            scale = ((0.04 + sum(e * e for e in own)) / degrees) ** 0.5
            half = 1.6448536269514722 * spreads(fit)[family]
            assert half == pytest.approx(stats.t.ppf(0.95, degrees) * scale)


def test_one_error_an_amendment_and_none_of_what_may_not_be_looked_at():
    rows = pd.DataFrame([dict(row) for row in TABLE]).astype({"error": float})
    means = rows.groupby(["family", "amendment"])["error"].mean()
    squares = rows.assign(error=rows["error"] ** 2).groupby(["family", "amendment"])["error"].mean() ** 0.5
    for family in FAMILIES:
        assert sorted(errors_of(family)) == pytest.approx(sorted(means.get(family, pd.Series())))
    for family in COMPOSITION:
        assert sorted(errors_of(family)) == pytest.approx(sorted(squares[family]))
    assert len(errors_of(STATES)) == 3 and len(errors_of(FACTS)) == 2
    assert len(errors_of(COUNTS)) == 3 and len(errors_of(COUNTS, "without 750")) == 2
    assert len(errors_of(PACE)) == 1 and errors_of(PACE, "without 782") == errors_of(PACE, "2014-07") == ()


def test_published_figures_and_their_days_are_those_of_the_tables_they_name():
    days = {}
    for name, column in (("calibration_targets", "published_on"), ("precedents", "source_date"),
                         ("outcome_motions", "source_date"), ("exante_impact", "source_date")):  # fmt: skip
        days |= {f"{name}/{row['id']}": row[column] for row in tables.reference(name)}
    for row in TABLE:
        of = published(row["of"]) if row["of"] else 1.0
        told, found = float(row["published"]), float(row["predicted"])
        assert told == pytest.approx(published(row["figure"]) / of, rel=1e-3), row
        odds = np.log((1 - told) / (1 - found)) if row["family"] == FACTS else 0.0
        assert float(row["error"]) == pytest.approx(np.log(told / found) - odds, abs=1e-3), row
        assert row["published_on"] == days["/".join(row["figure"].split("/")[:2])], row
        assert row["fit"] in (f"without {row['amendment']}", "2014-07")


def test_nothing_published_after_the_latest_input_gives_the_sizes():
    assert max(row["published_on"] for row in TABLE) <= FITS["2015-11"].as_of


def test_worlds_are_balanced_and_families_unlike():
    logs = pd.DataFrame([log_factors(k) for k in range(2 * BLOCK)])
    sizes = {name: spreads()[STATES] for name in logs if name.startswith("state=")}
    sizes |= {name: spreads()[FACTS] / 2**0.5 for name in logs if "=" in name and name not in sizes}
    sizes |= {name: spreads()[FACTS] for name in SHARES} | {name: spreads()[name] for name in FAMILIES}
    for block in (logs.iloc[:BLOCK], logs.iloc[BLOCK:]):
        assert block.mean().to_numpy() == pytest.approx(0, abs=1e-12)
        assert block.std(ddof=1).to_dict() == pytest.approx(sizes)
        shared = block[list(FAMILIES)]
        assert np.corrcoef(shared.T) == pytest.approx(np.eye(len(FAMILIES)), abs=1e-12)
    own = logs.drop(columns=list(FAMILIES))
    unlike = np.corrcoef(own.T)[np.triu_indices(own.shape[1], 1)]
    assert np.abs(unlike).mean() < 0.2 and np.abs(unlike).max() < 0.9


def test_a_family_shares_one_factor_and_products_have_the_product():
    logs = {COUNTS: 0.1, AT_ONCE: 0.2, TERMS: -0.3}
    assert (
        factor("mean_cut_months", logs)
        == factor("mean_term_after_months", logs)
        == pytest.approx(np.exp(-0.3))
    )
    assert factor("bed_years_saved", logs) == pytest.approx(np.exp(0.1 - 0.3))
    assert factor("stock_weapon", logs) == 1


def test_every_quantity_about_the_eligible_has_its_families(small):
    assert set(describe_cut(small.analysis)) <= {*OF_QUANTITY, *SHARES}
    assert all(families for families in OF_QUANTITY.values())


def test_groups_move_for_themselves_and_the_whole_stays():
    """Districts of a state together; of two groups of people the log odds move as far as was published."""
    quantities = (*PARTED, "persons")
    names = [("district", "Texas Western"), ("district", "Texas Southern"), ("district", "Maine"),
             ("citizenship", "US citizen"), ("citizenship", "not US citizen")]  # fmt: skip
    groups = np.outer([30.0, 50.0, 20.0, 70.0, 30.0], np.ones(len(quantities)))
    worlds = np.array(
        [scaled_groups(groups, quantities, names, log_factors(k) | {COUNTS: 0, AT_ONCE: 0, TERMS: 0})
         for k in range(4 * BLOCK)]
    )  # fmt: skip
    eligible, persons = worlds[:, :, 0], worlds[:, :, -1]
    assert (persons == groups[:, 0]).all()  # who is inside is as published
    assert eligible[:, :3].sum(axis=1) == pytest.approx(100) and eligible[:, 3:].sum(axis=1) == pytest.approx(
        100
    )
    assert eligible[:, 0] / eligible[:, 1] == pytest.approx(30 / 50)
    assert np.log(eligible[:, 3] / eligible[:, 4]).std() == pytest.approx(spreads()[FACTS], rel=0.25)
    assert np.log(eligible[:, 2] / eligible[:, 0]).std() == pytest.approx(
        2**0.5 * spreads()[STATES], rel=0.25
    )


def test_a_share_of_people_moves_by_its_log_odds_and_stays_a_share():
    for name in SHARES:
        logs = {name: 0.7}
        assert np.log(moved(name, 0.3, logs) / 0.3 * 0.7 / (1 - moved(name, 0.3, logs))) == pytest.approx(0.7)
        assert (moved(name, 0.0, logs), moved(name, 1.0, logs)) == (0.0, 1.0)


def test_destinations_move_by_state_and_as_many_leave():
    found = {("first_wave_destination", state): 50.0 for state in ("Texas", "Maine")}
    there = scaled_outcomes(found, {"state=Texas": 0.5})
    assert sum(there.values()) == pytest.approx(100)
    assert np.divide(*there.values()) == pytest.approx(np.exp(0.5))


def test_releases_move_and_nobody_is_lost():
    without = np.array([[5.0, 5, 5, 5, 0]])
    releases = np.array([[5.0, 9, 6, 0, 0]])
    logs = {COUNTS: np.log(1.2), AT_ONCE: np.log(1.5)}
    found = scaled_releases(releases, without, 1, logs)
    assert found.sum() == pytest.approx(without.sum())
    early = np.cumsum(found - without, axis=1)[0]
    assert early[1] == pytest.approx(4 * 1.2 * 1.5)  # on the first day all of it
    assert np.allclose(scaled_releases(releases, without, 1, {}), releases)


def test_a_level_moves_by_what_is_saved():
    name, base = next(iter(LEVELS.items()))
    found = scaled_outcomes({(name, "2016"): 90.0, (base, "2016"): 100.0}, {COUNTS: np.log(2.0)})
    assert found == pytest.approx({(name, "2016"): 80.0, (base, "2016"): 100.0})


def test_intervals_are_at_least_as_wide_as_what_the_model_lacks(small):
    wide = run(small.scenario, 1, worlds=BLOCK)
    half = (wide.headline["high_90"] - wide.headline["value"]) / wide.headline["value"]
    assert half["eligible"] > 1.3 * spreads()[COUNTS]
    assert half["mean_cut_months"] > 1.3 * spreads()[TERMS]
    assert half["bed_years_saved"] > 1.3 * np.hypot.reduce([spreads()[name] for name in (COUNTS, TERMS)])


def test_intervals_of_what_cannot_be_negative_are_ratios():
    """Half and twice as much are as likely; a small spread is that of a normal distribution."""
    middle = pd.Series([100.0, 100.0, 0.0])
    table = with_bands(pd.DataFrame(index=middle.index), middle, pd.Series([60.0, 1.0, 2.0]), least=0.0)
    wide, narrow, nought = table.iloc[0], table.iloc[1], table.iloc[2]
    assert wide["low_90"] * wide["high_90"] == pytest.approx(100.0**2)
    assert 0 < wide["low_90"] < wide["low_50"] < 100 < wide["high_50"]
    assert narrow["high_90"] - narrow["low_90"] == pytest.approx(2 * 1.6448536, rel=1e-3)
    assert nought["low_90"] == 0 and nought["high_90"] == pytest.approx(2 * 1.6448536)
    for row, sd in ((wide, 60.0), (narrow, 1.0)):
        assert sd_of(100.0, row["high_90"]) == pytest.approx(sd)


def test_own_people_have_no_factor(small):
    people = small.analysis.stock
    for member in members(small.scenario, 1, 4):
        bare = one_world(replace(member, lacking={}), 1, own=people)
        assert one_world(member, 1, own=people).quantities == pytest.approx(bare.quantities, nan_ok=True)
    assert (
        one_world(member, 1).quantities["eligible"]
        != one_world(replace(member, lacking={}), 1).quantities["eligible"]
    )


@pytest.mark.slow
def test_the_errors_are_those_of_the_kept_fits():
    found, kept = structural_errors(), pd.DataFrame([dict(row) for row in TABLE])
    assert found.drop(columns=["predicted", "error"]).equals(kept.drop(columns=["predicted", "error"]))
    assert found["predicted"].astype(float).to_numpy() == pytest.approx(
        kept["predicted"].astype(float).to_numpy(), rel=1e-3
    )
