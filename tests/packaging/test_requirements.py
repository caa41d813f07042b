"""What the package asks for, what the lock installs, and the floors that are proven."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")

REQUIRED = [Requirement(text) for text in PROJECT["project"]["dependencies"]]
EXTRAS = {
    extra: [Requirement(text) for text in texts]
    for extra, texts in PROJECT["project"]["optional-dependencies"].items()
}


def locked() -> dict[str, Requirement]:
    lines = LOCK.replace("\\\n", " ").splitlines()
    return {entry.name: entry for line in lines for entry in [Requirement(line.split("--hash")[0])]}


def lowest() -> dict[str, Requirement]:
    lines = (ROOT / "tests" / "packaging" / "lowest.txt").read_text(encoding="utf-8").splitlines()
    return {entry.name: entry for line in lines if not line.startswith("#") for entry in [Requirement(line)]}


@pytest.mark.parametrize(
    "wanted", [*REQUIRED, *(each for extra in EXTRAS.values() for each in extra)], ids=str
)
def test_the_lock_satisfies_what_the_package_asks_for(wanted):
    (pin,) = locked()[wanted.name].specifier
    assert pin.operator == "==" and wanted.specifier.contains(pin.version)


def test_the_lock_names_no_place_to_fetch_from():
    assert "://" not in LOCK and "index" not in LOCK and "find-links" not in LOCK
    assert not re.search(r"[a-z0-9-]+\.(com|org|net|io)\b", LOCK)
    assert not re.search(r"^\s*(-i|-f|--trusted-host)\b", LOCK, re.MULTILINE)


def test_everything_in_the_lock_is_pinned_with_hashes():
    entries = LOCK.replace("\\\n", " ").splitlines()
    for entry in entries:
        assert re.fullmatch(r"[a-z0-9.-]+==\S+( ; [^#]*?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*", entry), entry[
            :80
        ]


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_the_lock_holds_for_each_python_and_system(version):
    """One version of a package for all of them: markers may leave a package out, never choose another."""
    assert len(locked()) == len(re.findall(r"^[a-z]", LOCK, re.MULTILINE))
    for system in ("linux", "darwin", "win32"):
        where = {"python_version": version, "python_full_version": f"{version}.0", "sys_platform": system}
        for wanted in REQUIRED:
            marker: Marker | None = locked()[wanted.name].marker
            assert marker is None or marker.evaluate(where), (wanted, where)


def test_the_floors_that_are_proven_are_those_the_package_promises():
    promised = {}
    for wanted in [*REQUIRED, *EXTRAS["io"]]:
        (floor,) = wanted.specifier
        assert floor.operator == ">="
        promised[wanted.name] = floor.version
    proven = {}
    for name, entry in lowest().items():
        (pin,) = entry.specifier
        proven[name] = pin.version
        assert pin.operator == "=="
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
