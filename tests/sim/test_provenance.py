"""The content hashes: a change of any file that decides a result changes them, of another it does not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HASHES = "from sim.base.provenance import program_hash; from guidelines.tables import files_hash; " + (
    "print(program_hash(), files_hash())"
)


@pytest.fixture(scope="module")
def copy(root, tmp_path_factory) -> Path:
    """The packages and their tables, copied so that files can be changed."""
    place = tmp_path_factory.mktemp("copy")
    for name in ("guidelines", "sim", "tables", "scenarios"):
        shutil.copytree(root / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    return place


def hashes(place: Path) -> tuple[str, str]:
    code = f"import sys; sys.path.insert(0, {str(place)!r}); {HASHES}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=place)
    program, tables = done.stdout.split()
    return program, tables


def one_of_each_kind(place: Path) -> dict[str, tuple[Path, bool, bool]]:
    """A file, and whether the hash of the program and that of the tables depend on it."""
    rooms = sorted(each for each in (place / "sim").iterdir() if (each / "__init__.py").is_file())
    files = {f"sim/{room.name}": (max(room.glob("*.py")), room.name not in SHOWS, False) for room in rooms}
    tables = place / "tables"
    return files | {
        "guidelines": (place / "guidelines" / "manual.py", True, False),
        "guidelines/case": (place / "guidelines" / "case" / "reading.py", True, False),
        "law, CSV": (max((tables / "law" / "drug_quantity").glob("*.csv")), True, True),
        "amendment, TOML": (tables / "law" / "amendments" / "782.toml", True, True),
        "statistics, CSV": (tables / "reference" / "calibration_targets.csv", True, True),
    }


SHOWS = {"commands", "output", "desk"}


def test_the_hashes_cover_every_file_that_decides_a_result(copy):
    whole = hashes(copy)
    for kind, (path, in_program, in_tables) in one_of_each_kind(copy).items():
        before = path.read_bytes()
        path.write_bytes(before + b"# another\n")
        program, tables = hashes(copy)
        path.write_bytes(before)
        assert (program != whole[0]) is in_program, kind
        assert (tables != whole[1]) is in_tables, kind
    assert hashes(copy) == whole


def test_line_ends_of_a_checkout_do_not_count(copy):
    whole = hashes(copy)
    path = copy / "tables" / "law" / "amendments" / "782.toml"
    before = path.read_bytes()
    path.write_bytes(before.replace(b"\n", b"\r\n"))
    assert hashes(copy) == whole
    path.write_bytes(before)
