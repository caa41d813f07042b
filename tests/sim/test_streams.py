from __future__ import annotations

from zlib import crc32

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.base.streams import GAP, normals, uniforms

EVERYBODY = np.arange(200_000)
ids = st.integers(0, 2**62)


def philox4x64(key: tuple[int, int], counter: list[int]) -> list[int]:
    """Ten rounds of Philox in whole numbers, from the paper (Salmon and others 2011, section 3.3)."""
    word = 2**64 - 1
    first, second = key
    a, b, c, d = counter
    for _ in range(10):
        left, right = 0xD2E7470EE14C6C93 * a, 0xCA5A826395121157 * c
        a, b, c, d = (right >> 64) ^ b ^ first, right & word, (left >> 64) ^ d ^ second, left & word
        first, second = (first + 0x9E3779B97F4A7C15) & word, (second + 0xBB67AE8584CAA73B) & word
    return [a, b, c, d]


def by_hand(seed: int, purpose: str, person: int, replicate: int) -> float:
    """The number at an address, worked out without NumPy's generator."""
    spawn = np.random.SeedSequence(entropy=seed, spawn_key=(crc32(purpose.encode()),))
    key = tuple(int(word) for word in spawn.generate_state(2, np.uint64))
    # NumPy moves the counter on before it takes the words.
    words = philox4x64(key, [person // 4 + 1, replicate, 0, 0])
    return (words[person % 4] >> 11) / 2**53


@given(
    seed=st.integers(0, 2**130),
    purpose=st.sampled_from(["approval", "drug", "district"]),
    people=st.lists(ids | st.integers(0, 300), min_size=1, max_size=20),
    replicate=st.integers(0, 2**63),
)
def test_the_number_at_an_address_is_philox_of_that_address(seed, purpose, people, replicate):
    expected = [by_hand(seed, purpose, person, replicate) for person in people]
    assert uniforms(seed, purpose, people, replicate).tolist() == expected


def test_the_same_people_come_out_on_every_machine():
    assert uniforms(1, "approval", range(4)).tolist() == [
        0.17737226369850534,
        0.20697923278399177,
        0.6543766763147755,
        0.5802051576342777,
    ]
    assert uniforms(2014, "approval", [0, 3, 65536, 10**12], replicate=7).tolist() == [
        0.22844708895394406,
        0.5817842146066253,
        0.42320445711480104,
        0.5354008639819573,
    ]
    assert normals(1, "x", range(3)) == pytest.approx(
        [0.8605581478012815, 0.5121360640302024, 0.9186014445404052], rel=1e-12
    )


def test_order_does_not_matter():
    shuffled = np.random.default_rng(5).permutation(EVERYBODY)
    assert np.array_equal(uniforms(1, "approval", shuffled), uniforms(1, "approval", EVERYBODY)[shuffled])


@pytest.mark.parametrize("size", [1, 3, 1000, GAP - 1, GAP, GAP + 1])
def test_chunks_do_not_matter(size):
    some = EVERYBODY[: 4 * size]
    pieces = [uniforms(1, "approval", some[at : at + size]) for at in range(0, some.size, size)]
    assert np.array_equal(np.concatenate(pieces), uniforms(1, "approval", some))


def test_one_more_person_changes_nobody_else():
    before = uniforms(1, "approval", EVERYBODY)
    after = uniforms(1, "approval", np.append(EVERYBODY, EVERYBODY.size))
    assert np.array_equal(after[:-1], before)
    scattered = np.append(np.arange(0, 10**9, 10**6), 7)
    assert np.array_equal(uniforms(1, "approval", scattered)[:-1], uniforms(1, "approval", scattered[:-1]))


def test_a_person_asked_for_twice_gets_the_same_number():
    assert len(set(uniforms(1, "approval", [7, 10**9, 7, 7]))) == 2


def test_the_shape_of_the_people_is_kept():
    people = np.arange(12).reshape(3, 4)
    assert np.array_equal(uniforms(1, "a", people), uniforms(1, "a", np.arange(12)).reshape(3, 4))
    assert uniforms(1, "a", 5).shape == ()
    assert uniforms(1, "a", []).shape == (0,)
    assert uniforms(1, "a", np.array([3, 1], dtype=np.uint8)).tolist() == uniforms(1, "a", [3, 1]).tolist()


@pytest.mark.parametrize("address", [(1, "approval", 0), (2, "approval", 0), (1, "drug", 0), (1, "drug", 9)])
def test_numbers_are_uniform_and_not_correlated_with_their_neighbour(address):
    seed, purpose, replicate = address
    drawn = uniforms(seed, purpose, EVERYBODY, replicate)
    assert stats.kstest(drawn, "uniform").pvalue > 1e-3
    # The correlation of n independent pairs has standard deviation n**-0.5.
    assert abs(np.corrcoef(drawn[:-1], drawn[1:])[0, 1]) < 4 * drawn.size**-0.5


@pytest.mark.parametrize("other", [(2, "approval", 0), (1, "drug", 0), (1, "approval", 1)])
def test_seeds_purposes_and_replicates_are_independent(other):
    seed, purpose, replicate = other
    one = uniforms(1, "approval", EVERYBODY)
    two = uniforms(seed, purpose, EVERYBODY, replicate)
    assert abs(np.corrcoef(one, two)[0, 1]) < 4 * one.size**-0.5
    assert not np.intersect1d(one[:1000], two[:1000]).size


def test_normals_have_the_normal_distribution_and_follow_the_uniforms():
    drawn = normals(3, "length", EVERYBODY)
    assert stats.kstest(drawn, "norm").pvalue > 1e-3
    order = np.argsort(uniforms(3, "length", EVERYBODY))
    assert (np.diff(drawn[order]) >= 0).all()


@pytest.mark.parametrize(
    "arguments, words",
    [
        ((-1, "a", [0]), "seed must be a whole number, zero or more, not -1"),
        ((1.5, "a", [0]), "seed must be a whole number, not 1.5"),
        ((True, "a", [0]), "seed must be a whole number, zero or more, not True"),
        ((1, "", [0]), "purpose of a draw must be named"),
        ((1, "a", [3, -7]), "person_id must be zero or more, found -7"),
        ((1, "a", [0.5]), "person_id must be whole numbers, not float64"),
        ((1, "a", [0], -1), "replicate must be a whole number, zero or more, not -1"),
        ((1, "a", [0], 2**64), "replicate must be a whole number"),
    ],
)
def test_a_wrong_address_is_refused_in_plain_words(arguments, words):
    with pytest.raises(ValueError, match=f"^streams: .*{words}"):
        uniforms(*arguments)
