"""Arrays as a file: what is read is what was written, and a file that is not whole is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.people.array_file import packed, unpacked

TYPES = ["bool", "int8", "int16", "int32", "int64", "uint8", "float32", "float64", "M8[D]", "M8[s]"]


@given(st.sampled_from(TYPES).flatmap(lambda kind: arrays(kind, st.integers(0, 20))))
def test_an_array_comes_back_with_its_type_and_every_bit(array):
    found, note = unpacked(packed({"a": array, "b": array[:1]}, {"said": [1, "two"]}))
    assert list(found) == ["a", "b"] and note == {"said": [1, "two"]}
    assert found["a"].dtype == array.dtype and found["a"].tobytes() == array.tobytes()
    assert found["b"].tobytes() == array[:1].tobytes()
    assert found["a"].flags.writeable


@pytest.mark.parametrize(
    "value", [0, 127, -127, -128, 128, 2**15, -(2**15), 2**31, -(2**31), 2**63 - 1, -(2**63)]
)
def test_numbers_at_the_edge_of_a_smaller_type_stay_what_they_are(value):
    array = np.array([0, value, 1], np.int64)
    np.testing.assert_array_equal(unpacked(packed({"a": array}, {}))[0]["a"], array)


def test_days_and_no_day_stay_what_they_are():
    days = np.array(["2014-11-01", "NaT", "1969-12-31", "9999-12-31"], "M8[D]")
    found = unpacked(packed({"a": days, "none": days[1:2]}, {}))[0]
    assert found["a"].tobytes() == days.tobytes() and np.isnat(found["none"]).all()


def test_small_numbers_take_little_room():
    array = np.arange(1000) % 100
    assert len(packed({"a": array}, {})) < 1200 < array.nbytes


@pytest.mark.parametrize("array", [np.zeros((2, 2)), np.array(["a"]), np.array([None]), np.array([1j])])
def test_what_cannot_be_stored_is_refused(array):
    with pytest.raises(ValueError, match="array 'odd' of type"):
        packed({"odd": array}, {})


@given(st.data())
def test_a_file_with_any_byte_changed_or_missing_is_refused(data):
    content = packed({"a": np.arange(5.0), "b": np.arange(300)}, {"note": "x"})
    at = data.draw(st.integers(0, len(content) - 1))
    other = data.draw(st.integers(1, 255))
    spoilt = content[:at] + bytes([content[at] ^ other]) + content[at + 1 :]
    for broken in (spoilt, content[:at], content + b"\0"):
        with pytest.raises(ValueError, match=r"no file of arrays|not as it was written"):
            unpacked(broken)
