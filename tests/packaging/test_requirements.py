"""What the package asks for, what the lock installs, and the floors that are proven."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = {
    name: (ROOT / name).read_text(encoding="utf-8")
    for name in ("requirements.lock", "requirements-run.lock", "requirements-lowest.lock")
}
EVERYTHING, TO_RUN, LOWEST = LOCKS
BUILD = ("editables", "hatchling")
"""What an editable installation needs without a network."""
every = pytest.mark.parametrize("name", LOCKS)

REQUIRED = [Requirement(text) for text in PROJECT["project"]["dependencies"]]
EXTRAS = {
    extra: [Requirement(text) for text in texts]
    for extra, texts in PROJECT["project"]["optional-dependencies"].items()
}


def entries(name: str) -> list[str]:
    return LOCKS[name].replace("\\\n", " ").splitlines()


def locked(name: str = EVERYTHING) -> dict[str, Requirement]:
    return {entry.name: entry for line in entries(name) for entry in [Requirement(line.split("--hash")[0])]}


@pytest.mark.parametrize(
    "wanted", [*REQUIRED, *(each for extra in EXTRAS.values() for each in extra)], ids=str
)
def test_the_lock_satisfies_what_the_package_asks_for(wanted):
    (pin,) = locked()[wanted.name].specifier
    assert pin.operator == "==" and wanted.specifier.contains(pin.version)


@every
def test_a_lock_names_no_place_to_fetch_from(name):
    lock = LOCKS[name]
    assert "://" not in lock and "index" not in lock and "find-links" not in lock
    assert not re.search(r"[a-z0-9-]+\.(com|org|net|io)\b", lock)
    assert not re.search(r"^\s*(-i|-f|--trusted-host)\b", lock, re.MULTILINE)


@every
def test_everything_in_a_lock_is_pinned_with_hashes(name):
    pinned = r"[a-z0-9.-]+==\S+( ; [^#]*?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*"
    for entry in entries(name):
        assert re.fullmatch(pinned, entry), entry[:80]


@every
@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13", "3.14"])
def test_a_lock_holds_for_each_python_and_system(name, version):
    """One version of a package for all of them: markers may leave a package out, never choose another."""
    assert len(locked(name)) == len(re.findall(r"^[a-z]", LOCKS[name], re.MULTILINE))
    for system in ("linux", "darwin", "win32"):
        where = {"python_version": version, "python_full_version": f"{version}.0", "sys_platform": system}
        for wanted in REQUIRED:
            marker: Marker | None = locked(name)[wanted.name].marker
            assert marker is None or marker.evaluate(where), (wanted, where)


def test_both_locks_agree_to_the_last_hash():
    """Else `make test` after `make run` would change what has been installed."""
    assert set(entries(TO_RUN)) < set(entries(EVERYTHING))


def test_the_lock_of_the_command_holds_what_it_needs_and_no_tool_or_extra():
    needed = {wanted.name for wanted in REQUIRED} | set(BUILD)
    assert needed <= set(locked(TO_RUN))
    extras = {wanted.name for extra in EXTRAS.values() for wanted in extra}
    assert extras & set(locked(TO_RUN)) == {*BUILD, "packaging"}  # Matplotlib needs packaging


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make here")
@pytest.mark.parametrize("word, lock", [("run", TO_RUN), ("lint", EVERYTHING), ("notebooks", EVERYTHING)])
def test_make_installs_what_a_word_needs_and_nothing_else(word, lock, tmp_path):
    told = subprocess.run(
        ["make", "--dry-run", word, f"VENV={tmp_path / 'venv'}"], cwd=ROOT, capture_output=True, text=True
    )
    assert told.returncode == 0, told.stderr
    asked = set(re.findall(r"--requirement (\S+\.lock)", told.stdout))
    assert asked == {lock}


def test_the_floors_that_are_proven_are_those_the_package_promises():
    promised = {}
    for wanted in [*REQUIRED, *EXTRAS["io"]]:
        (floor,) = wanted.specifier
        assert floor.operator == ">="
        promised[wanted.name] = floor.version
    proven = {name: next(iter(locked(LOWEST)[name].specifier)).version for name in promised}
    assert {name: _release(version) for name, version in proven.items()} == {
        name: _release(version) for name, version in promised.items()
    }


def _release(version: str) -> tuple[int, ...]:
    parts = [int(part) for part in version.split(".")]
    return tuple(parts + [0] * (3 - len(parts)))


def test_the_oldest_python_is_the_one_that_is_checked_against():
    assert PROJECT["project"]["requires-python"] == ">=3.11"
    assert PROJECT["tool"]["ruff"]["target-version"] == "py311"
    assert PROJECT["tool"]["mypy"]["python_version"] == "3.11"


def test_the_makefile_installs_no_lock_by_resolving():
    """What a resolver would add or exchange is not what was tested; see `--no-deps` above."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    installs = re.findall(r"pip install [^;\n]*--requirement", makefile)
    assert len(installs) == 3
    assert all("--no-deps" in line and "--require-hashes" in line for line in installs)
