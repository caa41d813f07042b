from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from sim.cli import BAD_USAGE, DONE, FAILED, STOPPED
from sim.output import store
from sim.output.finding import AS_COUNTED
from sim.output.printed import WIDE, headline_text, numbers_met, verdict

SMALL = 'based_on = "drugs-minus-two"\nname = "small"\n[people]\nstock = 2000\n[dates]\nhorizon_months = 24\n'
MINUSTWO = [sys.executable, "-c", "import sys; from sim.cli import main; sys.exit(main())"]
QUICK = ("--worlds", "2", "--no-pictures")


def minustwo(*arguments: str, **how: object) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    how.setdefault("capture_output", True)
    return subprocess.run([*MINUSTWO, *arguments], text=True, encoding="utf-8", **how)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def toml(tmp_path: Path) -> str:
    file = tmp_path / "small.toml"
    file.write_text(SMALL)
    return str(file)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What one run of the command wrote, and what it said."""
    place = tmp_path_factory.mktemp("run")
    (place / "small.toml").write_text(SMALL)
    done = minustwo("run", "small.toml", "--worlds", "2", cwd=place, env=_env())
    (place / "said").write_text(done.stdout)
    assert (done.returncode, done.stderr) == (DONE, "")
    yield place / "out"


def _env() -> dict[str, str]:
    """Modules are found from any folder."""
    return {**os.environ, "PYTHONPATH": os.getcwd()}


def test_run_writes_a_result_and_prints_its_headline(out):
    result = store.read(out)
    said = (out.parent / "said").read_text()
    assert said.startswith(headline_text(result, 200))
    assert said.endswith("\nWritten to out/\n")
    assert {
        "releases_by_month.svg",
        "releases_by_month.png",
        "releases_by_month.csv",
        "releases_by_month.txt",
    } <= {path.name for path in (out / "pictures").iterdir()}
    assert sorted(os.listdir(out.parent)) == ["out", "said", "small.toml"]


@pytest.mark.slow
def test_plots_draws_the_same_bytes_again(out):
    before = contents(out)
    done = minustwo("plots", str(out))
    assert (done.returncode, done.stderr) == (DONE, "")
    assert contents(out) == before


def test_json_is_the_summary(toml, tmp_path):
    done = minustwo("run", toml, "--out", str(tmp_path / "out"), "--json", "--seed", "7", *QUICK)
    assert (done.returncode, done.stderr) == (DONE, "")
    told = json.loads(done.stdout)
    stored = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert told == {name: value for name, value in stored.items() if name != "files"}
    assert told["provenance"]["seed"] == 7
    assert not (tmp_path / "out" / "pictures").exists()


def test_ctrl_c_ends_with_130_and_nothing_half_written(toml, tmp_path):
    folder = tmp_path / "there" / "out"
    process = subprocess.Popen(
        [*MINUSTWO, "run", toml, "--out", str(folder)],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    time.sleep(2.5)
    process.send_signal(signal.SIGINT)
    said, told = process.communicate(timeout=60)
    assert (process.returncode, said, told) == (STOPPED, "", "")
    assert os.listdir(tmp_path) == ["small.toml"]


def test_a_full_disk_is_told_in_one_line_and_the_earlier_result_stays(toml, out):
    before = contents(out)
    limited = (
        "import sys, resource\nfrom sim.base import folders\n"
        "put = folders.put\n"
        "def small(path, content):\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, resource.RLIM_INFINITY))\n"
        "    put(path, content)\n"
        "import sim.output.store; sim.output.store.put = small\n"
        "from sim.cli import main; sys.exit(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", limited, "run", toml, "--out", str(out), *QUICK],
        capture_output=True,
        text=True,
    )
    assert done.returncode in (FAILED, BAD_USAGE)
    assert done.stderr == f"minustwo: error: {out}: File too large; nothing was written\n"
    assert contents(out) == before
    assert sorted(os.listdir(out.parent)) == ["out", "said", "small.toml"]


def test_a_closed_pipe_ends_quietly_with_the_result_written(toml, tmp_path):
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w") as pipe:
        done = minustwo(
            "run", toml, "--out", str(tmp_path / "out"), *QUICK,
            capture_output=False, stdout=pipe, stderr=subprocess.PIPE,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (DONE, "")
    assert store.read(tmp_path / "out").scenario.name == "small"


@pytest.mark.parametrize(
    "arguments, words",
    [
        ("run no-dely", "no scenario is called 'no-dely'; did you mean no-delay?"),
        ("run broken.toml", "broken.toml:"),
        ("run --out file", "file is a file; give a folder to write into"),
        ("run --out file/out", "file/out: Not a directory; nothing was written"),
        ("run --out .", "is the current folder or above it; give one inside, such as out"),
        ("run --out /dev/null/x", "/dev/null/x: Not a directory; nothing was written"),
        ("run --seed -1", "Invalid value for '--seed'"),
        ("plots nowhere", "nowhere: there is no such folder"),
        ("plots .", ".: no result here, summary.json is missing"),
        ("compare drugs-minus-two", "give two scenarios or results, or more"),
        (
            "compare drugs-minus-two no-delay --by colour",
            "Invalid value for '--by': 'colour' is not one of 'total'",
        ),
        ("compare drugs-minus-two no-dely", "no scenario is called 'no-dely'; did you mean no-delay?"),
    ],
)
def test_a_bad_question_gets_one_clear_line_before_any_work(tmp_path, arguments, words):
    (tmp_path / "file").write_text("kept")
    (tmp_path / "broken.toml").write_text("name = ")
    before = contents(tmp_path)
    done = minustwo(*arguments.split(), cwd=tmp_path, env=_env())
    assert (done.returncode, done.stdout) == (BAD_USAGE, "")
    first = done.stderr.splitlines()[0].removeprefix("minustwo: error: ")
    assert words in first and "Traceback" not in done.stderr
    assert contents(tmp_path) == before


def test_compare_takes_scenarios_like_the_stored_result(out, tmp_path):
    (tmp_path / "other.toml").write_text(
        SMALL.replace('"small"', '"other"') + "[judges]\napproval_rate = 0.5\n"
    )
    done = minustwo("compare", str(out), str(tmp_path / "other.toml"), "--json", "--by", "drug")
    assert (done.returncode, done.stderr) == (DONE, "")
    told = json.loads(done.stdout)
    assert [each["seed"] for each in told["provenance"]] == [1, 1]
    saved = [row["difference"] for row in told["differences"] if row["quantity"] == "bed_years_saved"]
    assert len(saved) == 6 and all(value < 0 for value in saved)


def test_the_last_sentence_counts_what_is_met_and_names_what_is_not(small):
    table = small.headline.copy()
    names = ["eligible", "mean_cut_months", "released_first_wave", "stock", "wave_in_community_custody"]
    table["role"] = ""
    table.loc[names, "role"] = ["check", "check", "check", "input", "calibrate"]
    table.loc[names, "target"] = ["T09", "T12", "T22", "T01", "T25"]
    table.loc[names, "published"] = 1.0
    table.loc[names, "published_low"], table.loc[names, "published_high"] = 10.0, 20.0
    table["in_published_band"] = (
        table["role"].map({"check": True, "input": True, "calibrate": True}).astype("boolean")
    )
    table.loc["mean_cut_months", "in_published_band"] = False
    table.loc["wave_in_community_custody", "in_published_band"] = False
    from dataclasses import replace

    told = verdict(replace(small, headline=table))
    value = small["mean_cut_months"]["value"]
    assert told.startswith(
        "The forecast meets 2 of 3 published numbers that must follow from it, within our tolerance. "
        "(All 16 targets, some from other runs: minustwo scorecard.) "
        f"Not met: mean cut of the eligible ({value:.1f} months; accepted 10.0 to 20.0)."
    )
    assert "Fitted and missed all the same: first wave in community custody" in told
    assert "Fed in and missed" not in told
    table["role"] = ""
    assert (
        verdict(replace(small, headline=table))
        == "No published figure says how this scenario would have gone."
    )
    mine = replace(small, headline=table, provenance=dict(small.provenance) | {"people": {"title": "mine"}})
    assert verdict(mine) == "Published figures are about all federal drug prisoners, not about these people."


def test_each_published_number_counts_for_itself(small):
    from dataclasses import replace

    table = small.headline.copy()
    table["role"], table["target"] = "", ""
    names = ["eligible", "mean_term_before_months", "mean_term_after_months"]
    table.loc[names, "role"] = "check"
    for inside, told in (((True, True, False), (2, 3)), ((True, True, True), (3, 3)), ((False,) * 3, (0, 3))):
        table["in_published_band"] = pd.array([None] * len(table), dtype="boolean")
        table.loc[names, "in_published_band"] = list(inside)
        assert numbers_met(replace(small, headline=table)) == told
        missed = verdict(replace(small, headline=table)).count("; accepted ")
        assert missed == told[1] - told[0]  # the count agrees with the list that follows


def test_what_was_assumed_is_told_in_sentences(small):
    assert "nobody is an armed career criminal (§4B1.4)" in small.assumed
    counted = "its projected releases do not allow for jail before the sentence"
    assert [line for line in small.assumed if line.endswith(counted)]
    assert [line for line in small.assumed if line.startswith("beyond two years: new sentences are as many")]
    assert not [line for line in small.assumed if "_" in line or "True" in line or "False" in line]


def test_every_fact_that_the_engine_may_assume_has_words():
    from guidelines.facts import FACTS
    from sim.results.glossary_assumptions import FACTS_TAKEN, facts_taken

    assert set(FACTS_TAKEN) <= set(FACTS)
    assert facts_taken({"drug": "one of the table", "imposed_term_days": 0, "status_points": 0}) == [
        "the drug of everybody is one of the table",
        "every term is of whole months",
        "for everybody, status points within that total: 0",
    ]


def test_the_headline_fits_a_narrow_terminal_and_a_wide_one_alike(small):
    wide, narrow = headline_text(small, WIDE), headline_text(small, 80)
    assert max(map(len, wide.splitlines())) <= WIDE
    assert max(map(len, narrow.splitlines())) <= 92
    for name in small.headline.index:
        label = small[name]["label"].removesuffix(AS_COUNTED)  # a heading says who counted
        assert wide.count(label) >= 1 and narrow.count(label) >= 1
    assert f"{small['eligible']['value']:,.0f}" in wide and f"{small['eligible']['value']:,.0f}" in narrow
