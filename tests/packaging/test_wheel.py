"""The wheel: what is in it, and that it works in an environment that has never seen the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import sim

ROOT = Path(__file__).resolve().parents[2]
Installed = Callable[..., str]


def build(source: Path, target: str, into: Path) -> Path:
    """Build a wheel or an sdist with the build backend that is installed: no network, nothing isolated."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(into)],
        cwd=source,
        check=True,
        capture_output=True,
    )
    (made,) = into.iterdir()
    return made


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Run something in a fresh environment with the wheel in it, in an empty folder outside the checkout.

    The dependencies are those of this environment, put on the path behind the wheel; a `.pth` file found
    that way is not followed, so the checkout itself is out of reach.
    """
    place = tmp_path_factory.mktemp("fresh")
    venv.create(place / "env", with_pip=True)
    bin_folder = place / "env" / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run(
        [bin_folder / "python", "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel)],
        check=True,
    )
    asked = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = subprocess.run(
        [bin_folder / "python", "-c", asked], capture_output=True, text=True, check=True
    )
    (Path(packages.stdout.strip()) / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    folder = place / "work"
    folder.mkdir()
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "COVERAGE"))}

    def run(program: str, *arguments: str) -> str:
        done = subprocess.run(
            [bin_folder / program, *arguments],
            cwd=folder,
            env=clean | {"PYTHONUTF8": "1"},
            capture_output=True,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_the_wheel_holds_two_packages_their_tables_and_scenarios_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {
        "guidelines",
        "sim",
        f"drugs_minus_two-{sim.__version__}.dist-info",
    }
    for packed, folder in (("guidelines/_tables", "tables"), ("sim/_scenarios", "scenarios")):
        ours = {p.relative_to(ROOT / folder).as_posix() for p in (ROOT / folder).rglob("*") if p.is_file()}
        assert {name.removeprefix(f"{packed}/") for name in names if name.startswith(f"{packed}/")} == ours
    assert {"guidelines/py.typed", "sim/py.typed"} <= set(names)
    page = {"html/page.html", "html/page.css", "html/page.js", "report/explorer.js"}
    assert {f"sim/output/{name}" for name in page} <= set(names)
    assert {"sim/desk/desk.css", "sim/desk/desk.js"} <= set(names)
    assert not [name for name in names if name.endswith((".pyc", ".ipynb")) or "__pycache__" in name]


def test_an_sdist_makes_the_same_wheel(wheel, tmp_path):
    for folder in ("sdist", "source", "wheel"):
        (tmp_path / folder).mkdir()
    sdist = build(ROOT, "sdist", tmp_path / "sdist")
    subprocess.run([sys.executable, "-m", "tarfile", "-e", sdist, tmp_path / "source"], check=True)
    (source,) = (tmp_path / "source").iterdir()
    again = build(source, "wheel", tmp_path / "wheel")
    assert sorted(zipfile.ZipFile(again).namelist()) == sorted(zipfile.ZipFile(wheel).namelist())


def test_the_installed_package_uses_its_own_copy_of_everything(installed):
    code = (
        "import guidelines, sim, json\n"
        "from guidelines import tables\n"
        "from sim.scenario import library\n"
        "folders = [tables.folder(), library.folder()]\n"
        "print(json.dumps([guidelines.__file__, sim.__file__, *map(str, folders)]))"
    )
    places = json.loads(installed("python", "-c", code))
    assert not [place for place in places if str(ROOT) in place]
    assert [Path(place).name for place in places[2:]] == ["_tables", "_scenarios"]


def test_the_installed_command_answers_as_the_checkout_does(installed):
    assert installed("minustwo", "--version") == f"minustwo {sim.__version__}\n"
    assert installed("minustwo") == installed("minustwo", "--help") == installed("python", "-m", "sim")
    assert installed("minustwo", "range", "32", "III").startswith("Level 32, category III: 151-188 months")
    told = json.loads(installed("minustwo", "scenarios", "--json"))
    assert {each["name"]: each["hash"] for each in told} == {
        name: sim.Scenario.load(name).hash for name in (each["name"] for each in told)
    }
