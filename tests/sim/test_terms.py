"""Terms relative to the range, against the FY2014 tables they are drawn from."""

from __future__ import annotations

import numpy as np
import pytest

from guidelines import LIFE, tables
from sim.base.streams import uniforms
from sim.people.terms import (
    ABOVE,
    ASSISTANCE,
    COURT,
    GOVERNMENT,
    POSITIONS,
    SPONSORED,
    WITHIN,
    draw_positions,
    imposed_terms,
    longest_recorded,
    positions,
)

PEOPLE = 20_000
IDS = np.arange(PEOPLE)
ONE = np.ones(PEOPLE)


def terms(position, low, high, minimum=0, maximum=LIFE, share=0.6, draw=None):
    given = (position, low, high, minimum, maximum)
    columns = [np.broadcast_to(np.asarray(value, np.int64), IDS.shape) for value in given]
    return imposed_terms(*columns, uniforms(1, "terms", IDS) if draw is None else draw, share)


def test_bins_hold_all_cases_and_mix_to_the_shares_of_the_file():
    known = positions()
    assert known.share.sum() == pytest.approx(1)
    assert known.kind.sum(axis=1) == pytest.approx(np.ones(len(known.edges)))
    cases = sum(float(row["persons"]) for row in tables.reference("ussc_fy2014_range_minimums"))
    inside = [row for row in tables.reference("ussc_fy2014_term_counts").select(measure="prison")
              if row["position"] == "within range" or row["position"].startswith("above")]  # fmt: skip
    cases += sum(float(row["persons"]) for row in inside)
    within = sum(float(row["persons"]) for row in inside if row["position"] == "within range")
    assert (known.share * known.kind[:, WITHIN]).sum() == pytest.approx(within / cases, abs=0.002)
    assert known.edges[-1] == LIFE and (np.diff(known.edges) > 0).all()


def test_positions_are_drawn_with_the_shares_of_their_bin():
    known = positions()
    for edge in (0, 60, 120, LIFE):
        at = known.bin_of(np.full(PEOPLE, edge))
        drawn = draw_positions(np.full(PEOPLE, edge), uniforms(1, "position", IDS), ONE, ONE)
        share = np.bincount(drawn, minlength=len(POSITIONS)) / PEOPLE
        assert share == pytest.approx(known.kind[at[0]], abs=0.012)


def test_rarer_variances_are_terms_within_the_range_instead():
    edge, draw = np.full(PEOPLE, 120), uniforms(1, "position", IDS)
    base = positions().kind[positions().bin_of(edge)[0]]
    share = np.bincount(draw_positions(edge, draw, 0.5 * ONE, 0 * ONE), minlength=6) / PEOPLE
    assert share[COURT] == pytest.approx(base[COURT] / 2, abs=0.012) and share[SPONSORED] == 0
    assert share[WITHIN] == pytest.approx(base[WITHIN] + base[COURT] / 2 + base[SPONSORED], abs=0.012)
    assert share[ASSISTANCE] == pytest.approx(base[ASSISTANCE], abs=0.012)


def test_terms_within_the_range_lie_in_it_and_the_given_share_at_its_minimum():
    found = terms(WITHIN, 151, 188)
    assert found.min() == 151 and found.max() <= 188
    assert (found == 151).mean() == pytest.approx(0.6, abs=0.02)  # rounding puts a few more there


@pytest.mark.parametrize("kind", [ASSISTANCE, GOVERNMENT, SPONSORED, COURT])
def test_departures_are_as_far_below_as_in_fy2014(kind):
    word = {ASSISTANCE: "substantial assistance", COURT: "court"}.get(kind, "government")
    rows = [row for row in tables.reference("ussc_fy2014_distances") if row["position"] == word]
    begins = {int(row["applied_minimum_from"]) for row in rows}
    begin = str(max(begin for begin in begins if begin <= 120))
    (median,) = (float(row["percent"]) for row in rows
                 if row["applied_minimum_from"] == begin and float(row["probability"]) == 0.5)  # fmt: skip
    found = terms(kind, 120, 150)
    assert (found < 120).mean() > 0.98
    assert np.median(100 * (1 - found / 120)) == pytest.approx(median, abs=1.2)  # whole months


def test_terms_above_are_above():
    assert terms(ABOVE, 100, 125).min() >= 125


def test_a_statutory_minimum_binds_all_but_assistance():
    assert terms(COURT, 120, 150, minimum=120).min() == 120
    assert terms(ASSISTANCE, 120, 150, minimum=120).min() < 120


def test_a_statutory_maximum_is_never_passed():
    assert terms(ABOVE, 210, 240, maximum=240).max() == 240


def test_life_is_life_only_where_the_range_reaches_it():
    assert (terms(WITHIN, LIFE, LIFE) == LIFE).all()
    assert (terms(ASSISTANCE, LIFE, LIFE, minimum=LIFE) < LIFE).all()
    assert (terms(WITHIN, 360, LIFE) == LIFE).any() and terms(WITHIN, 360, LIFE).min() == 360
    assert terms(ABOVE, 300, 365).max() == longest_recorded() < LIFE
