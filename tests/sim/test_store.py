from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.base.digits import rounded, six_digits
from sim.base.errors import SimulationError
from sim.base.folders import put
from sim.output import store
from sim.results.results import Result
from sim.runner import run


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def stored(small: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return store.write(small, tmp_path_factory.mktemp("stored") / "out", pictures=False)


@pytest.fixture
def out(stored: Path, tmp_path: Path) -> Path:
    return shutil.copytree(stored, tmp_path / "out")


def test_what_is_read_is_what_was_written(small, stored):
    again = store.read(stored)
    for name in Result.TABLES:
        pd.testing.assert_frame_equal(getattr(again, name), rounded(getattr(small, name)), check_exact=True)
        pd.testing.assert_frame_equal(getattr(again, name), getattr(small, name), rtol=5e-6)
        assert len(getattr(again, name)), name
    assert again.scenario == small.scenario and again.scenario.text == small.scenario.text
    assert (again.seed, again.assumed, again.provenance) == (small.seed, small.assumed, small.provenance)
    assert again.analysis is None and again.forecast is None
    assert repr(again) == repr(small)


def test_without_worlds_it_comes_back_too(small, tmp_path):
    bare = run(small.scenario, seed=1, worlds=0)
    again = store.read(store.write(bare, tmp_path / "out", pictures=False))
    for name in ("headline", "releases_by_month", "by_group"):
        pd.testing.assert_frame_equal(getattr(again, name), rounded(getattr(bare, name)), check_exact=True)
    assert [list(again.worlds), len(again.worlds)] == [list(bare.worlds), 0]


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(small, stored, tmp_path):
    again = store.write(run(small.scenario, seed=1, worlds=2), tmp_path / "again", pictures=False)
    assert contents(again) == contents(stored)
    other = store.write(run(small.scenario, seed=2, worlds=2), tmp_path / "other", pictures=False)
    assert contents(other)["headline.csv"] != contents(stored)["headline.csv"]


def test_the_summary_says_where_everything_comes_from(small, stored):
    told = json.loads((stored / "summary.json").read_text())
    assert told["format"] == store.FORMAT
    assert told["provenance"]["version"] == sim.__version__
    assert told["provenance"]["seed"] == 1
    assert told["scenario"] == {
        "name": "drugs-minus-two",
        "title": small.scenario.title,
        "hash": small.scenario.hash,
        "text": small.scenario.text,
    }
    assert (
        told["provenance"]["editions"]["drug_quantity"] <= small.scenario.amendment.manual_before.isoformat()
    )
    assert told["provenance"]["manual_after"].endswith("with amendment 782")
    assert [row["quantity"] for row in told["headline"]] == list(small.headline.index)
    eligible = next(row for row in told["headline"] if row["quantity"] == "eligible")
    assert eligible["value"] == small["eligible"]["value"]
    assert eligible["low_90"] < eligible["value"] < eligible["high_90"]
    assert eligible["published"] is None and eligible["target"] is None
    assert told["assumed"] == list(small.assumed)
    assert set(told["uncertainty"]["bed_years_saved"]) == {"draws", "districts", "people", "parameters"}
    assert set(told["files"]) == {f"{name}.csv" for name in Result.TABLES}


def test_tables_are_plain_csv_with_the_numbers_of_the_result(small, stored):
    table = pd.read_csv(stored / "releases_by_month.csv")
    assert table["value"].sum() == pytest.approx(small.releases_by_month["value"].sum(), rel=1e-5)
    assert (
        (stored / "eligibility_waterfall.csv")
        .read_text()
        .startswith("step,code,label,persons,remaining,low_90,low_50,high_50,high_90\n0,all,")
    )


@pytest.mark.parametrize(
    "value, written",
    [
        (123456.5, 123456.0),
        (123456.50000000001, 123456.0),
        (-0.1234567, -0.123457),
        (1234567890.0, 1.23457e9),
    ],
)
def test_numbers_are_written_to_six_digits_and_the_last_ones_do_not_matter(value, written):
    assert six_digits(value) == six_digits(value * (1 - 2e-16)) == written


@pytest.mark.parametrize("stock, worlds", [(3000, 2), pytest.param(100_888, 6, marks=pytest.mark.slow)])
def test_the_same_numbers_come_from_one_thread_and_from_two(stock, worlds, tmp_path):
    """Sums in another order differ in their last digits, which are rounded away."""
    code = (
        "import sys; import sim; from sim.output import store\n"
        f"scenario = sim.Scenario.load('drugs-minus-two').but({{'people.stock': {stock}}})\n"
        f"store.write(sim.run(scenario, worlds={worlds}), sys.argv[1], pictures=False)"
    )
    folders = []
    for threads in ("1", "2"):
        folders.append(tmp_path / threads)
        number = {name: threads for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
        other_kernel = (
            {} if threads == "1" else {"OPENBLAS_CORETYPE": "Prescott", "NPY_DISABLE_CPU_FEATURES": ""}
        )
        subprocess.run(
            [sys.executable, "-c", code, str(folders[-1])],
            check=True,
            env={**os.environ, **number, **other_kernel},
        )
    assert contents(folders[0]) == contents(folders[1])


def test_an_earlier_result_is_replaced_whole(small_no_delay, out):
    put(out / "pictures" / "drug_ladder_pcp.svg", b"an old picture")
    put(out / "report.html", b"an old report")
    store.write(small_no_delay, out, pictures=False)
    assert store.read(out).scenario.name == "no-delay"
    assert not (out / "pictures").exists() and not (out / "report.html").exists()


@pytest.mark.parametrize("name", ["notes.txt", "pictures/mine.svg", "pictures/sub/scorecard.svg", "more/x"])
def test_a_file_of_the_readers_own_is_never_deleted(small, out, name):
    (out / name).parent.mkdir(parents=True, exist_ok=True)
    (out / name).write_text("mine")
    before = contents(out)
    with pytest.raises(SimulationError, match=f"holds {name} beside an earlier result"):
        store.write(small, out)
    assert contents(out) == before


def test_a_foreign_folder_is_refused_and_an_empty_one_is_not(small, tmp_path):
    folder = tmp_path / "thesis"
    folder.mkdir()
    store.check(folder)
    (folder / "chapter1.tex").write_text("mine")
    with pytest.raises(SimulationError, match="thesis holds other files and no earlier result; give"):
        store.write(small, folder)
    (folder / "summary.json").write_text('{"format": "of another program"}')
    with pytest.raises(SimulationError, match="holds other files"):
        store.check(folder)
    assert sorted(contents(folder)) == ["chapter1.tex", "summary.json"]


def test_a_missing_folder_or_one_without_a_result_is_named(tmp_path):
    with pytest.raises(SimulationError, match="nothing: there is no such folder"):
        store.read(tmp_path / "nothing")
    with pytest.raises(SimulationError, match=r"no result here, summary\.json is missing"):
        store.read(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(SimulationError, match="is a file, not the folder"):
        store.read(tmp_path / "file")


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def changed(path: Path) -> None:
    path.write_text(path.read_text().replace("1", "2", 1))


@pytest.mark.parametrize("name", ["headline.csv", "worlds_by_group.csv"])
@pytest.mark.parametrize(
    "harm, told",
    [(Path.unlink, "missing"), (cut_short, "not as it was written"), (changed, "not as it was written")],
)
def test_a_harmed_table_is_named(out, name, harm, told):
    harm(out / name)
    with pytest.raises(SimulationError, match=f"{name}: {told}.*run the scenario again"):
        store.read(out)


def test_a_harmed_summary_is_named(out):
    cut_short(out / "summary.json")
    with pytest.raises(SimulationError, match=r"summary.json: cannot be read as JSON.*line \d+"):
        store.read(out)
    (out / "summary.json").write_text("[]")
    with pytest.raises(SimulationError, match="has the format 'unknown'; a result is needed"):
        store.read(out)


def with_its_hash(out: Path, name: str, content: bytes) -> None:
    """Other content of a table, and its hash put right."""
    (out / name).write_bytes(content)
    path = out / "summary.json"
    told = json.loads(path.read_text())
    told["files"][name] = sha256(content).hexdigest()
    path.write_text(json.dumps(told))


@pytest.mark.parametrize("table", Result.TABLES)
@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content.splitlines(keepends=True)[0],
        lambda content: content + b"1,2\n",
        lambda content: content.replace(b",", b";"),
        lambda content: (
            content.replace(b"value", b"worth").replace(b"persons", b"worth").replace(b"before", b"b")
        ),
        lambda content: content + b"\xff" * 3,
        lambda content: content.replace(b"1", b"\xb2"),
        lambda content: content.replace(b"\n", b'\n"', 1),
        lambda content: content.replace(b",1", b",one"),
    ],
    ids=["empty", "header", "ragged", "semicolons", "renamed", "bytes", "superscript", "quote", "words"],
)
def test_a_table_edited_with_its_hash_is_read_or_named(out, table, damage):
    with_its_hash(out, f"{table}.csv", damage((out / f"{table}.csv").read_bytes()))
    try:
        read = store.read(out)
    except SimulationError as told:
        assert f"{table}.csv: no table of a result (" in str(told) and str(told).count("\n") == 0
    else:
        assert table.startswith(("worlds", "motions")) or len(getattr(read, table))


def test_a_headline_without_a_row_that_every_result_has_is_named(out):
    lines = (out / "headline.csv").read_bytes().splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(b"eligible,")]
    assert len(kept) == len(lines) - 1
    with_its_hash(out, "headline.csv", b"".join(kept))
    with pytest.raises(SimulationError, match=r"headline\.csv.*\(the row of eligible is missing\)"):
        store.read(out)


@pytest.mark.parametrize("value", [None, 7, "x", [], {}, [1], True, ...], ids=repr)
@pytest.mark.parametrize(
    "where",
    ["provenance", "scenario", "assumed", "files", "provenance.seed", "scenario.text", "scenario.hash"],
)
def test_a_summary_with_a_key_missing_or_of_another_kind_is_named(out, where, value):
    path = out / "summary.json"
    told = json.loads(path.read_text())
    *above, key = where.split(".")
    place = told[above[0]] if above else told
    before = place.pop(key)
    if value is not ...:
        place[key] = value
    path.write_text(json.dumps(told))
    if type(before) is type(value) and value in ([], 7):
        store.read(out)
        return
    with pytest.raises(SimulationError, match=r"summary\.json|run the scenario again") as refused:
        store.read(out)
    assert "\n" not in str(refused.value)


def test_a_summary_nested_too_deep_is_named(out):
    (out / "summary.json").write_text('{"a":' * 200_000)
    with pytest.raises(SimulationError, match="cannot be read as JSON"):
        store.read(out)


def test_a_later_format_is_not_guessed_at(out):
    path = out / "summary.json"
    path.write_text(path.read_text().replace(store.FORMAT, "drugs-minus-two result 2"))
    with pytest.raises(SimulationError, match="has the format 'drugs-minus-two result 2'"):
        store.read(out)


def test_a_scenario_that_means_something_else_today_is_refused(out):
    path = out / "summary.json"
    told = json.loads(path.read_text())
    told["scenario"]["hash"] = "0" * 64
    path.write_text(json.dumps(told))
    with pytest.raises(SimulationError, match=r"with other defaults .* run the scenario again"):
        store.read(out)
