"""Which minimum lies behind a term: given back where terms were drawn from known minimums."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidelines import LIFE
from sim.base.streams import uniforms
from sim.people.terms import WITHIN, imposed_terms
from sim.people.within_range import minimums_behind, possible_ranges

LONGEST = 470


def test_ranges_are_those_of_the_sentencing_table_and_the_statutes():
    """Ch. 5 Pt. A: 108-135 and 324-405; 21 U.S.C. 841(b) adds 60, 120 and 240 within wider ranges."""
    low, high = possible_ranges()
    maximum = dict(zip(low.tolist(), high.tolist(), strict=True))
    assert maximum[108] == 135 and maximum[324] == 405 and maximum[LIFE] == LIFE and maximum[360] == LIFE
    assert {60, 120, 240} <= set(maximum) and maximum[240] >= 262
    assert (np.diff(low) > 0).all() and (high >= low).all()


@pytest.mark.parametrize("share", [0.5, 0.7])
def test_known_minimums_are_found_again(share):
    people = np.arange(200_000)
    behind = np.where(people % 4 < 3, 46, 30)  # 46-57 and 30-37
    high = np.where(behind == 46, 57, 37)
    drawn = imposed_terms(
        np.full(len(people), WITHIN), behind, high, 0 * behind, 0 * behind + LIFE,
        uniforms(3, "within", people), share,
    )  # fmt: skip
    split = minimums_behind(np.bincount(drawn, minlength=LONGEST).astype(float), share, LONGEST)
    low, _ = possible_ranges()
    found = dict(zip(low.tolist(), (split / split.sum()).tolist(), strict=True))
    naive = np.bincount(drawn, minlength=LONGEST)[46] / len(people)  # terms that are the minimum itself
    assert naive < 0.6 and found[46] == pytest.approx(0.75, abs=0.05)
    assert found[30] == pytest.approx(0.25, abs=0.05)


@given(st.dictionaries(st.integers(0, LONGEST - 1), st.integers(1, 50), min_size=1, max_size=12),
       st.floats(0.55, 0.76))  # fmt: skip
def test_nobody_is_lost_and_nobody_lies_below_the_minimum(terms, share):
    persons = np.zeros(LONGEST)
    for term, count in terms.items():
        persons[term] = count
    split = minimums_behind(persons, share, LONGEST)
    low, _ = possible_ranges()
    assert split.sum() == pytest.approx(persons.sum()) and (split >= 0).all() and split[low == LIFE] == 0
    for month in terms:
        assert split[low <= month].sum() >= persons[: month + 1].sum() - 1e-6
