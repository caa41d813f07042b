"""Stocks kept on the disk: those that would have been drawn, whatever has happened to the files."""

from __future__ import annotations

import os
from dataclasses import fields
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.people import stock_cache
from sim.people.parameters import best
from sim.people.sentenced import NESTED, Sentenced
from sim.people.served import share_served
from sim.people.stock import Stock, synthesize
from sim.people.stock_cache import VARIABLE, StockCache, users_cache
from sim.people.stock_file import KeptFlow, stock_bytes, stock_of
from sim.projection.prospective import new_sentences
from sim.results.results import Result
from sim.runner import run
from sim.scenario.scenario import Scenario

ASKED = (1, "2014-11-01", best(), 100_888.0, 64)


@pytest.fixture(scope="module")
def fresh() -> Stock:
    seed, day, parameters, stock, thin = ASKED
    return synthesize(seed, day, parameters, stock=stock, thin=thin)


@pytest.fixture
def cache(tmp_path: Path) -> StockCache:
    return StockCache(tmp_path / "new" / "cache")


def refuse(*_: object, **__: object) -> Stock:
    raise AssertionError("drawn anew")


def assert_same(one: Sentenced, two: Sentenced) -> None:
    for field in fields(Sentenced):
        first, second = getattr(one, field.name), getattr(two, field.name)
        if field.name in NESTED:
            assert list(first) == list(second)
            for name in first:
                assert first[name].dtype == second[name].dtype
                np.testing.assert_array_equal(first[name], second[name])
        else:
            assert first.dtype == second.dtype
            np.testing.assert_array_equal(first, second)


def test_a_kept_stock_has_every_bit_of_the_one_that_was_drawn(fresh, cache, monkeypatch):
    assert cache.kept(*ASKED) is None and not cache.holds(*ASKED)
    cache.stock(*ASKED)
    monkeypatch.setattr(stock_cache, "synthesize", refuse)
    assert cache.holds(*ASKED)
    kept = cache.stock(*ASKED)
    pd.testing.assert_frame_equal(kept.people, fresh.people, check_exact=True)
    assert_same(kept.sentenced, fresh.sentenced)
    np.testing.assert_array_equal(kept.first_terms, fresh.first_terms)
    np.testing.assert_array_equal(kept.raked.weights, fresh.raked.weights)
    for field in fields(fresh.raked):
        if field.name not in ("weights", "factors"):
            assert getattr(kept.raked, field.name) == getattr(fresh.raked, field.name)
    assert list(kept.raked.factors) == list(fresh.raked.factors)
    for name, factor in fresh.raked.factors.items():
        np.testing.assert_array_equal(kept.raked.factors[name], factor)
    assert (kept.unscaled, kept.assumed, kept.origin) == (fresh.unscaled, fresh.assumed, fresh.origin)
    for one, two in zip(kept.earlier, fresh.earlier, strict=True):
        assert (one.amendment, one.effective) == (two.amendment, two.effective)
        for name in ("rows", "term_before_months", "term_after_months"):
            np.testing.assert_array_equal(getattr(one, name), getattr(two, name))


def test_what_forecasts_ask_of_the_flow_is_at_hand_and_the_rest_is_drawn_when_asked_for(fresh):
    kept = stock_of(stock_bytes(fresh), refuse)
    assert len(kept.flow) == len(fresh.flow) and isinstance(kept.flow, KeptFlow)
    found, expected = (new_sentences(each, Scenario.load("drugs-minus-two")) for each in (kept, fresh))
    assert found.mean_cut_months == expected.mean_cut_months and found.affected == expected.affected
    with pytest.raises(AssertionError, match="drawn anew"):
        kept.flow.take(np.array([0]))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = kept.flow.nothing
    again = stock_of(stock_bytes(fresh), lambda: fresh)
    other_year = np.flatnonzero(again.flow.sentenced_on.astype("M8[Y]") == np.datetime64("2005"))
    assert_same(again.flow.take(other_year), fresh.flow.take(other_year))
    assert_same(again.flow, fresh.flow)
    assert share_served(again) == share_served(fresh)
    np.testing.assert_array_equal(
        stock_of(stock_bytes(fresh), lambda: fresh).flow.inside(np.datetime64("2010-01-01")),
        fresh.flow.inside(np.datetime64("2010-01-01")),
    )


def test_anything_else_asked_for_is_another_file(cache):
    seed, day, parameters, stock, thin = ASKED
    others = [
        ASKED,
        (2, day, parameters, stock, thin),
        (seed, "2013-11-01", parameters, stock, thin),
        (seed, day, parameters.but(jail_credit_months=parameters.jail_credit_months * 1.01), stock, thin),
        (seed, day, parameters, stock + 1, thin),
        (seed, day, parameters, stock, thin + 1),
    ]
    assert len({cache._path(*asked) for asked in others}) == len(others)


def test_other_code_tables_or_libraries_are_another_file(cache, monkeypatch):
    """What the hash of code and tables covers is tested in test_provenance.py."""
    before = cache._path(*ASKED)
    for place, name, value in (
        (stock_cache, "program_hash", lambda: "another program"),
        (stock_cache.np, "__version__", "0.0"),
    ):
        with monkeypatch.context() as other:
            other.setattr(place, name, value)
            stock_cache.surroundings.cache_clear()
            assert cache._path(*ASKED) != before
    stock_cache.surroundings.cache_clear()
    assert cache._path(*ASKED) == before


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-1]),
        lambda path: path.write_bytes(path.read_bytes().replace(b"weights", b"weighty")),
        lambda path: (path.unlink(), path.mkdir()),
    ],
    ids=["empty", "truncated", "changed", "a folder"],
)
def test_a_broken_file_is_made_again(fresh, cache, spoil):
    cache.stock(*ASKED)
    (path,) = cache.folder.iterdir()
    spoil(path)
    assert cache.kept(*ASKED) is None
    pd.testing.assert_frame_equal(cache.stock(*ASKED).people, fresh.people)
    assert path.is_dir() or cache.kept(*ASKED) is not None
    assert list(cache.folder.iterdir()) == [path]


def test_no_place_to_write_to_is_no_error(fresh, tmp_path):
    (tmp_path / "file").write_text("in the way")
    stock = StockCache(tmp_path / "file" / "cache").stock(*ASKED)
    pd.testing.assert_frame_equal(stock.people, fresh.people)


def test_a_full_disk_leaves_nothing_half_written(fresh, cache, monkeypatch):
    def full(path: Path, content: bytes) -> int:
        with path.open("wb") as file:
            file.write(content[: len(content) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    pd.testing.assert_frame_equal(cache.stock(*ASKED).people, fresh.people)
    assert list(cache.folder.iterdir()) == []


def test_what_was_not_used_for_longest_makes_room(fresh, cache):
    size = len(stock_bytes(fresh))
    few = StockCache(cache.folder, most_bytes=int(2.5 * size))
    asked = [(seed, *ASKED[1:]) for seed in (1, 2, 3)]
    for when, each in enumerate(asked[:2]):
        few.stock(*each)
        os.utime(few._path(*each), (when, when))
    left = few.folder / ".abc-1.part"
    left.write_bytes(b"left by a killed process")
    os.utime(left, (0, 0))
    assert few.kept(*asked[0]) is not None  # so the second is the one not used for longest
    few.stock(*asked[2])
    assert [few.kept(*each) is not None for each in asked] == [True, False, True]
    assert not left.exists()


def test_the_folder_is_the_users_unless_told_otherwise(monkeypatch, tmp_path):
    for off in ("off", "", " OFF ", "0"):
        monkeypatch.setenv(VARIABLE, off)
        assert users_cache() is None
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert users_cache() == StockCache(tmp_path)
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert users_cache() == StockCache(tmp_path / ".cache" / "drugs-minus-two")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "x"))
    assert users_cache() == StockCache(tmp_path / "x" / "drugs-minus-two")
    monkeypatch.setattr("sys.platform", "darwin")
    assert users_cache() == StockCache(tmp_path / "Library" / "Caches" / "drugs-minus-two")
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    assert users_cache() == StockCache(tmp_path / "local" / "drugs-minus-two")


def test_tests_leave_the_cache_of_whoever_runs_them_alone():
    assert users_cache() is None


def test_a_run_has_the_same_digits_with_kept_people_and_without(small, cache):
    for _ in range(2):
        kept = run(small.scenario, small.seed, worlds=len(small.worlds), cache=cache)
        for name in Result.TABLES:
            assert getattr(kept, name).to_csv() == getattr(small, name).to_csv(), name
    assert len(list(cache.folder.iterdir())) == 1 + len(small.worlds)
