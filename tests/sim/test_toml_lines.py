from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.toml import key_lines, toml_text

TEXT = '''\
# a comment = not a key
name = "a = b" # [not.a.table]
"quoted key" = 1
long = """
[fake]
key = 2
"""
raw = \'\'\'
also = "fake"\'\'\'
list = [
  1, # one
  {inner = 1},
]
a.b = 1.5
point = {x = 1, y = {z = [1, 2]}, w = 2}

[table]
date = 2014-11-01T00:00:00
[table.sub]
key=1
[[rows]]
n = 1
[[rows]]
n = 2
[rows.part]
deep = 3
[[rows.parts]]
n = 4
'''


def test_every_kind_of_key_is_found_on_its_line():
    tomllib.loads(TEXT)
    assert key_lines(TEXT) == {
        ("name",): 2,
        ("quoted key",): 3,
        ("long",): 4,
        ("raw",): 8,
        ("list",): 10,
        ("a", "b"): 14,
        ("point",): 15,
        ("table",): 17,
        ("table", "date"): 18,
        ("table", "sub"): 19,
        ("table", "sub", "key"): 20,
        ("rows", 0): 21,
        ("rows", 0, "n"): 22,
        ("rows", 1): 23,
        ("rows", 1, "n"): 24,
        ("rows", 1, "part"): 25,
        ("rows", 1, "part", "deep"): 26,
        ("rows", 1, "parts", 0): 27,
        ("rows", 1, "parts", 0, "n"): 28,
    }


def test_an_empty_text_has_no_keys():
    assert key_lines("") == key_lines("\n# nothing\n") == {}


bare = st.from_regex(r"[A-Za-z0-9_-]{1,8}", fullmatch=True)
plain = (
    st.booleans()
    | st.integers(-(2**62), 2**62)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
)
values = plain | st.lists(plain, min_size=1, max_size=3)
tables = st.dictionaries(bare, values, max_size=4)


@given(st.dictionaries(bare, values | tables, max_size=6))
def test_text_made_from_values_reads_back_and_each_key_stands_on_its_line(data):
    text = toml_text(data)
    assert tomllib.loads(text) == data
    lines = text.split("\n")
    found = key_lines(text)
    expected = set()
    for key, value in data.items():
        expected.add((key,))
        if isinstance(value, dict):
            expected |= {(key, inner) for inner in value}
    assert set(found) == expected
    for key, line in found.items():
        assert key[-1] in lines[line - 1]
