from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.base.errors import SimulationError
from sim.base.folders import check_writable, put, replaced


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def process(code: str) -> subprocess.CompletedProcess[str]:
    head = "import os, signal, sys\nfrom pathlib import Path\nfrom sim.base.folders import put, replaced\n"
    return subprocess.run([sys.executable, "-c", head + code], capture_output=True, text=True)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    with replaced(folder) as new:
        put(new / "a.txt", b"old")
        put(new / "below" / "b.txt", b"old")
    return folder


def test_a_folder_takes_the_place_of_the_old_one_as_a_whole(out):
    with replaced(out) as new:
        put(new / "c.txt", b"new")
        assert contents(out) == {"a.txt": b"old", "below/b.txt": b"old"}
    assert contents(out) == {"c.txt": b"new"}
    assert os.listdir(out.parent) == ["out"]


def test_folders_above_are_made_and_taken_away_again_if_nothing_comes_of_it(tmp_path):
    with replaced(tmp_path / "x" / "y" / "out") as new:
        put(new / "a", b"1")
    assert contents(tmp_path) == {"x/y/out/a": b"1"}
    with pytest.raises(ZeroDivisionError), replaced(tmp_path / "p" / "q" / "out"):
        raise ZeroDivisionError
    assert os.listdir(tmp_path) == ["x"]


@pytest.mark.parametrize("problem", [KeyboardInterrupt, OSError("odd"), SystemExit, MemoryError])
def test_what_fails_half_way_leaves_the_old_folder_and_nothing_else(out, problem):
    before = contents(out)
    with pytest.raises(BaseException) as raised, replaced(out) as new:
        put(new / "c.txt", b"new")
        raise problem
    assert raised.type is (problem if isinstance(problem, type) else type(problem))
    assert contents(out) == before and os.listdir(out.parent) == ["out"]


def test_a_process_killed_while_it_writes_leaves_the_old_folder_and_the_next_one_tidies_up(out):
    before = contents(out)
    killed = process(
        f"with replaced({str(out)!r}) as new:\n"
        "    put(new / 'c.txt', b'new')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert killed.returncode == -9
    assert contents(out) == before
    assert len(os.listdir(out.parent)) == 2  # what it had begun lies beside, under another name
    check_writable(out)
    assert os.listdir(out.parent) == ["out"]
    assert contents(out) == before


def test_a_process_killed_between_the_two_renames_loses_nothing(out):
    before = contents(out)
    killed = process(
        "rename, seen = Path.rename, []\n"
        "def counted(self, to):\n"
        "    seen.append(to)\n"
        "    if len(seen) == 2: os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return rename(self, to)\n"
        "Path.rename = counted\n"
        f"with replaced({str(out)!r}) as new: put(new / 'c.txt', b'new')"
    )
    assert killed.returncode == -9
    assert not out.exists()
    check_writable(out)
    assert contents(out) == before and os.listdir(out.parent) == ["out"]


def test_what_another_living_process_has_begun_is_left_alone(out):
    with replaced(out) as new:
        put(new / "c.txt", b"new")
        check_writable(out)
    assert contents(out) == {"c.txt": b"new"}


def test_a_full_disk_is_told_with_the_folder_and_changes_nothing(out):
    before = contents(out)
    done = process(
        "import resource\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try:\n"
        f"    with replaced({str(out)!r}) as new:\n"
        "        put(new / 'small', b'x'); put(new / 'large', b'x' * 5000)\n"
        "except OSError as problem: print(problem.filename, problem.strerror)"
    )
    assert done.stdout == f"{out} File too large; nothing was written\n"
    assert contents(out) == before and os.listdir(out.parent) == ["out"]


def test_a_file_where_a_folder_should_be_is_told(tmp_path, monkeypatch):
    file = tmp_path / "file"
    file.write_text("kept")
    with pytest.raises(SimulationError, match="is a file; give a folder"):
        check_writable(file)
    with pytest.raises(NotADirectoryError, match="nothing was written"):
        check_writable(file / "out")
    assert file.read_text() == "kept"
    monkeypatch.chdir(tmp_path)
    for folder in (".", ".."):
        with pytest.raises(SimulationError, match="current folder or above it"):
            check_writable(folder)


def test_a_file_is_written_once(tmp_path):
    put(tmp_path / "a", b"1")
    with pytest.raises(FileExistsError):
        put(tmp_path / "a", b"2")


def test_through_a_link_the_folder_it_leads_to_is_replaced(out, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(out)
    with replaced(link) as new:
        put(new / "c.txt", b"new")
    assert link.is_symlink() and contents(out) == {"c.txt": b"new"}
