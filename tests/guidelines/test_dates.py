"""Months of days and first days of months: what NumPy says of each, however many there are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidelines.dates import FEW, as_unit

days = st.integers(-800_000, 3_000_000)


@pytest.mark.parametrize(("have", "want"), [("D", "M"), ("M", "D")])
@given(start=days, width=st.integers(1, 3000), size=st.integers(0, 4 * FEW), data=st.data())
def test_every_date_is_what_numpy_makes_of_it(have, want, start, width, size, data):
    if have == "M":
        start //= 31
    picks = data.draw(st.lists(st.integers(0, width), min_size=size, max_size=size))
    dates = (start + np.array(picks, np.int64)).astype(f"datetime64[{have}]")
    for at in data.draw(st.sets(st.integers(0, size - 1), max_size=5)) if size else ():
        dates[at] = np.datetime64("NaT")
    found, expected = as_unit(dates, want), dates.astype(f"datetime64[{want}]")
    assert found.dtype == expected.dtype
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("dates", [
    np.full(2 * FEW, np.datetime64("NaT", "D")),
    np.full(2 * FEW, np.datetime64("2012-02-29")),
    np.full((FEW, 3), np.datetime64("2012-02-29")),
    np.array(["0001-01-01", "9999-12-31"] * FEW, "datetime64[D]"),
    np.array("2012-02-29", "datetime64[D]"),
    np.broadcast_to(np.datetime64("2012-02-29"), (3 * FEW,)),
])  # fmt: skip
def test_no_date_one_date_and_dates_far_apart(dates):
    found = as_unit(dates, "M")
    assert found.shape == dates.shape and found.dtype == np.dtype("datetime64[M]")
    np.testing.assert_array_equal(found, dates.astype("datetime64[M]"))
