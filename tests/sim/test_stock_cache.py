"""Stocks kept on the disk: those that would have been drawn, whatever has happened to the files."""

from __future__ import annotations

import io
import os
from dataclasses import fields
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.people import stock_cache
from sim.people.described import share_served
from sim.people.parameters import best
from sim.people.sentenced import NESTED, Sentenced
from sim.people.stock import Stock, synthesize
from sim.people.stock_cache import VARIABLE, StockCache, users_cache
from sim.results.results import Result
from sim.runner import run

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
    cache.stock(*ASKED)
    monkeypatch.setattr(stock_cache, "synthesize", refuse)
    kept = cache.stock(*ASKED)
    pd.testing.assert_frame_equal(kept.people, fresh.people, check_exact=True)
    assert_same(kept.sentenced, fresh.sentenced)
    assert_same(kept.flow, fresh.flow)
    assert share_served(kept) == share_served(fresh)
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


def drawn(cache: StockCache, asked: tuple, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the cache draws a stock when it is asked for it."""
    with monkeypatch.context() as patched:
        patched.setattr(stock_cache, "synthesize", refuse)
        try:
            cache.stock(*asked)
        except AssertionError:
            return True
    return False


def test_anything_else_asked_for_is_another_file(cache, monkeypatch):
    seed, day, parameters, stock, thin = ASKED
    cache.stock(*ASKED)
    for other in (
        (2, day, parameters, stock, thin),
        (seed, "2013-11-01", parameters, stock, thin),
        (seed, day, parameters.but(jail_credit_months=parameters.jail_credit_months * 1.01), stock, thin),
        (seed, day, parameters, stock + 1, thin),
        (seed, day, parameters, stock, thin + 1),
    ):
        assert drawn(cache, other, monkeypatch)
    assert not drawn(cache, ASKED, monkeypatch)


def test_other_code_tables_or_libraries_are_another_file(cache, monkeypatch):
    """What the hash of code and tables covers is tested in test_provenance.py."""
    cache.stock(*ASKED)
    for place, name, value in (
        (stock_cache, "program_hash", lambda: "another program"),
        (stock_cache.np, "__version__", "0.0"),
    ):
        with monkeypatch.context() as other:
            other.setattr(place, name, value)
            stock_cache.surroundings.cache_clear()
            assert drawn(cache, ASKED, monkeypatch)
    stock_cache.surroundings.cache_clear()
    assert not drawn(cache, ASKED, monkeypatch)


def under_its_hash(path: Path, content: bytes) -> Path:
    """The same file with other content, as somebody who knows the form would write it."""
    key = path.name.partition("-")[0]
    path.unlink()
    path = path.with_name(f"{key}-{sha256(content).hexdigest()}.npz")
    path.write_bytes(content)
    return path


def changed(path: Path, **other: object) -> Path:
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files} | other
    made = io.BytesIO()
    np.savez(made, **{name: array for name, array in arrays.items() if array is not None})
    return under_its_hash(path, made.getvalue())


SPOILED = {
    "empty": lambda path: path.write_bytes(b""),
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "one bit": lambda path: path.write_bytes(path.read_bytes()[:-9] + b"\x55" + path.read_bytes()[-8:]),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
    "no archive": lambda path: under_its_hash(path, b"PK"),
    "without a column": lambda path: changed(path, weights=None),
    "a fact too many": lambda path: changed(path, **{"flow/shoe_size": np.arange(3)}),
    "a row too far": lambda path: changed(path, rows=np.array([10**9])),
    "a column too short": lambda path: changed(path, **{"flow/drug": np.arange(3)}),
    "objects": lambda path: changed(path, rows=np.array([{}], object)),
    "a note of a list": lambda path: changed(path, note=np.frombuffer(b"[1]", np.uint8)),
    "not JSON": lambda path: changed(path, note=np.frombuffer(b"{", np.uint8)),
    "others may write": lambda path: path.chmod(0o666),
}


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED)
def test_a_file_that_cannot_be_trusted_is_passed_over(fresh, cache, spoil, monkeypatch):
    cache.stock(*ASKED)
    (path,) = cache.folder.iterdir()
    spoil(path)
    assert drawn(cache, ASKED, monkeypatch)
    pd.testing.assert_frame_equal(cache.stock(*ASKED).people, fresh.people)


def test_the_stock_of_another_question_is_not_taken_for_this_one(fresh, cache, monkeypatch):
    """A file of ours under the name of another question, such as a link somebody else could set."""
    cache.stock(2, *ASKED[1:])
    (other,) = cache.folder.iterdir()
    cache.stock(*ASKED)
    (path,) = set(cache.folder.iterdir()) - {other}
    content = other.read_bytes()
    under_its_hash(path, content)
    assert drawn(cache, ASKED, monkeypatch)


@pytest.mark.skipif(os.name != "posix", reason="files have no owner there")
def test_a_file_of_somebody_else_is_passed_over(cache, monkeypatch):
    cache.stock(*ASKED)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    assert drawn(cache, ASKED, monkeypatch)


def test_no_place_to_write_to_is_no_error(fresh, tmp_path):
    (tmp_path / "file").write_text("in the way")
    stock = StockCache(tmp_path / "file" / "cache").stock(*ASKED)
    pd.testing.assert_frame_equal(stock.people, fresh.people)


def test_a_full_disk_leaves_nothing_half_written(fresh, cache, monkeypatch):
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    pd.testing.assert_frame_equal(cache.stock(*ASKED).people, fresh.people)
    assert list(cache.folder.iterdir()) == []


def test_what_was_not_used_for_longest_makes_room_and_nothing_of_others_does(cache, monkeypatch):
    asked = [(seed, *ASKED[1:]) for seed in (1, 2, 3)]
    for when, each in enumerate(asked[:2]):
        known = set(cache.folder.iterdir()) if cache.folder.exists() else set()
        cache.stock(*each)
        (path,) = set(cache.folder.iterdir()) - known
        os.utime(path, (when, when))
    mine = [cache.folder / name for name in ("mine.npz", "old.stock", f"{'a' * 64}-{'b' * 64}.npz")]
    for each in mine:
        each.write_bytes(b"mine" * 1000)
        os.utime(each, (0, 0))
    assert not drawn(cache, asked[0], monkeypatch)  # so the second is the one not used for longest
    few = StockCache(cache.folder, most_bytes=int(2.5 * path.stat().st_size))
    few.stock(*asked[2])
    assert [drawn(few, each, monkeypatch) for each in asked] == [False, True, False]
    assert all(each.exists() for each in mine)


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
    known = users_cache()
    assert known is not None and known.folder.name.startswith("minustwo-tests-")


def test_a_run_has_the_same_digits_with_kept_people_and_without(small, cache):
    for _ in range(2):
        kept = run(small.scenario, small.seed, worlds=len(small.worlds), cache=cache)
        for name in Result.TABLES:
            assert getattr(kept, name).to_csv() == getattr(small, name).to_csv(), name
    assert len(list(cache.folder.iterdir())) == 1 + len(small.worlds)
