"""Nothing of the user's is destroyed: links, devices, pipes, other writers, kills at every step."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sim.base.errors import SimulationError
from sim.base.files import MARK, PREFIX, check_file, write_file, written
from sim.base.folders import check_writable, put, replaced
from sim.cli import main
from sim.output import store
from sim.output.memo import files as memo
from sim.runner import run
from sim.scenario.scenario import Scenario

RECORD = '{"total_offense_level": 31, "criminal_history_category": "III", "imposed_term_months": 140}\n'


def minustwo(*arguments: str, **how) -> subprocess.CompletedProcess[str]:
    how = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | how
    return subprocess.run([sys.executable, "-m", "sim", *arguments], text=True, **how)


@pytest.fixture
def record(tmp_path: Path) -> Path:
    path = tmp_path / "facts.jsonl"
    path.write_text(RECORD)
    return path


def test_a_file_is_there_as_a_whole_or_not_at_all(tmp_path):
    target = tmp_path / "a.txt"
    write_file(target, b"old")
    with pytest.raises(ZeroDivisionError), written(target) as file:
        file.write(b"new")
        raise ZeroDivisionError
    assert target.read_bytes() == b"old" and os.listdir(tmp_path) == ["a.txt"]
    write_file(target, b"new")
    assert target.read_bytes() == b"new" and os.listdir(tmp_path) == ["a.txt"]


def test_a_link_is_followed_and_stays_a_link(tmp_path):
    (tmp_path / "sub").mkdir()
    link = tmp_path / "link"
    for behind in (tmp_path / "there", tmp_path / "sub" / "not-yet"):
        link.unlink(missing_ok=True)
        link.symlink_to(behind)
        write_file(link, b"new")
        assert link.is_symlink() and behind.read_bytes() == b"new"


def test_a_pipe_and_a_device_are_written_through(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    write_file(pipe, b"through")
    reader.join()
    assert got == [b"through"] and stat.S_ISFIFO(pipe.stat().st_mode)
    before = os.stat("/dev/null")
    write_file("/dev/null", b"x" * 100)
    assert os.stat("/dev/null").st_rdev == before.st_rdev and stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_what_standard_output_leads_to_is_written_through(record, tmp_path):
    for name in ("-", "/dev/stdout"):
        with open(tmp_path / "out", "w") as out:
            assert minustwo("cases", str(record), "--output", name, stdout=out).returncode == 0
        assert '"eligible":true' in (tmp_path / "out").read_text()


def test_the_mode_of_a_file_is_kept(tmp_path):
    target = tmp_path / "a"
    target.write_bytes(b"old")
    target.chmod(0o640)
    write_file(target, b"new")
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_may_not_be_written_is_left_alone(tmp_path):
    target = tmp_path / "a"
    target.write_bytes(b"old")
    target.chmod(0o400)
    with pytest.raises(PermissionError):
        write_file(target, b"new")
    assert target.read_bytes() == b"old"


@pytest.mark.parametrize("command", [("case", "--html"), ("cases", "--output")])
@pytest.mark.parametrize("by", ["itself", "link", "hard link"])
def test_what_is_read_is_not_written_over(record, command, by):
    other = record
    if by != "itself":
        other = record.with_name("other")
        (other.symlink_to if by == "link" else other.hardlink_to)(record)
    done = minustwo(command[0], str(record), command[1], str(other))
    assert done.returncode == 2 and done.stderr.endswith("what is read here; give another file to write to\n")
    assert record.read_text() == RECORD


@pytest.mark.parametrize("command", [("case", "--html"), ("cases", "--output")])
def test_what_standard_input_comes_from_is_not_written_over(record, command):
    with record.open() as file:
        done = minustwo(command[0], "-", command[1], str(record), stdin=file)
    assert done.returncode == 2 and "what is read here" in done.stderr
    assert record.read_text() == RECORD
    other = record.with_name("other")
    with record.open() as file:
        assert minustwo(command[0], "-", command[1], str(other), stdin=file).returncode == 0
    assert other.stat().st_size > 100


def test_a_picture_on_standard_output_stands_there_alone(record):
    record.write_text(RECORD.replace("}", ', "sentence_began_on": "2010-03-01"}'))
    done = minustwo("case", str(record), "--picture", "-")
    assert done.returncode == 0 and done.stdout.startswith("<?xml") and done.stdout.endswith("</svg>\n")
    for other in (["--json"], ["--explain"], ["--html", "-"]):
        done = minustwo("case", str(record), "--picture", "-", *other)
        assert done.returncode == 2 and "takes standard output for itself" in done.stderr


@pytest.mark.parametrize("ending", ["xlsx", "csv", "jsonl"])
def test_answers_that_could_not_be_given_leave_one_line_and_no_file(tmp_path, ending):
    (tmp_path / "empty.csv").write_text("case_id,total_offense_level\n")
    done = minustwo("cases", str(tmp_path / "empty.csv"), "--output", str(tmp_path / f"out.{ending}"))
    assert done.returncode == 2 and done.stderr.count("\n") == 1 and "no record" in done.stderr
    assert os.listdir(tmp_path) == ["empty.csv"]


def test_files_and_folders_of_the_users_own_stay_whatever_they_are_called(record, tmp_path):
    names = ["out.txt.unfinished", f".out.txt.part-{os.getpid()}", ".out.txt.previous", f"{PREFIX}mine"]
    for name in names:
        (tmp_path / name).write_text("mine")
    folder = tmp_path / f"{PREFIX}folder"
    folder.mkdir()
    (folder / "unfinished").write_text(MARK + "out.txt")
    (folder / "mine.txt").write_text("mine")
    assert minustwo("cases", str(record), "--output", str(tmp_path / "out.txt")).returncode == 0
    assert all((tmp_path / name).read_text() == "mine" for name in names)
    assert (folder / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize(
    "name", ["notes.html", "0001-my notes.html", "memo.html.bak", "tables/mine.csv.old", "x/y"]
)
@pytest.mark.parametrize("writer", ["memorandum", "docket"])
def test_a_file_of_the_users_own_in_a_folder_that_is_made_again_stays(record, tmp_path, writer, name):
    out = tmp_path / "out"

    def made() -> int:
        if writer == "docket":
            return main(["cases", str(record), "--pages", str(out)])
        try:
            memo.write(out, {memo.PAGE: b"page", f"{memo.TABLES}/by_drug.csv": b"table"})
        except SimulationError as refused:
            assert f"{name} beside an earlier memorandum" in str(refused)
            return 2
        return 0

    assert made() == made() == 0
    (out / name).parent.mkdir(exist_ok=True)
    (out / name).write_text("mine")
    assert made() == 2
    assert (out / name).read_text() == "mine"


def test_a_result_is_no_place_for_a_page(tmp_path):
    with pytest.raises(SimulationError, match="- is standard output; give a folder"):
        check_writable("-")
    with pytest.raises(IsADirectoryError):
        write_file(tmp_path, b"")
    with pytest.raises(FileNotFoundError):
        check_file(tmp_path / "no" / "file")


def test_what_came_into_a_folder_meanwhile_is_not_lost(tmp_path):
    out = tmp_path / "out"
    out.mkdir()

    def only_ours(held: Path) -> None:
        if list(held.iterdir()):
            raise SimulationError("holds something")

    with pytest.raises(SimulationError, match="holds something"), replaced(out, only_ours) as new:
        put(new / "a", b"1")
        (out / "mine.txt").write_text("mine")
    assert os.listdir(tmp_path) == ["out"] and os.listdir(out) == ["mine.txt"]


def test_a_folder_that_vanishes_is_told_in_one_line(tmp_path):
    import shutil

    for write in (written, replaced):
        above = tmp_path / "above"
        above.mkdir()
        with (
            pytest.raises(OSError, match="has gone; nothing was written") as told,
            write(above / "out") as new,
        ):
            if isinstance(new, Path):
                shutil.rmtree(above)
                put(new / "a", b"1")
            else:
                shutil.rmtree(above)
        assert told.value.filename == str(above / "out")


WRITERS = """
import sys
from sim.base.files import write_file
from sim.base.folders import put, replaced
for _ in range(60):
    write_file("file", sys.argv[1].encode() * 1000)
    with replaced("folder") as new:
        for name in "ab":
            put(new / name, sys.argv[1].encode() * 1000)
"""


def test_two_writers_at_once_both_end_and_what_stays_is_whole(tmp_path):
    both = [
        subprocess.Popen(
            [sys.executable, "-c", WRITERS, name], cwd=tmp_path, stderr=subprocess.PIPE, text=True
        )
        for name in "xy"
    ]
    assert [(process.communicate()[1], process.returncode) for process in both] == [("", 0), ("", 0)]
    assert sorted(os.listdir(tmp_path)) == ["file", "folder"]
    assert (tmp_path / "file").read_bytes() in (b"x" * 1000, b"y" * 1000)
    held = {name: (tmp_path / "folder" / name).read_bytes() for name in os.listdir(tmp_path / "folder")}
    assert held in ({"a": b * 1000, "b": b * 1000} for b in (b"x", b"y"))


KILLS = """
import os, signal, sys
from pathlib import Path
from sim.base.files import write_file
from sim.base.folders import check_writable, put, replaced
from sim.cli import main
from sim.output import report as pages
from sim.people import stock_cache
from sim.people.parameters import best
from sim.people.stock import synthesize
from sim.people.stock_cache import NAME, StockCache
from sim.population.files import write_people
from sim.studies.sweep import SweepFolder
import pandas as pd

STEPS = ("open", "os.", "shutil.", "fcntl.", "tempfile.")
STRAIGHT_TO_DISK = os.fsync

def killed_at(step, work):
    # Whether a child that does the work was killed at that step; it ends by itself once there are no more.
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] != 0
    left = step
    def count(event, _):
        nonlocal left
        if event.startswith(STEPS):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
    def fsync(handle):
        count("os.fsync", ())
        STRAIGHT_TO_DISK(handle)
    os.fsync = fsync
    sys.addaudithook(count)
    work()
    os._exit(0)

def contents(place):
    if place.is_file():
        return place.read_bytes()
    return {path.name: path.read_bytes() for path in place.rglob("*") if path.is_file()}

def file(letter):
    write_file(root / "x", letter * 5000)

def folder(letter):
    with replaced(root / "x") as new:
        put(new / "a", letter * 5000)
        put(new / "b", letter * 5000)

def block(letter):
    SweepFolder(root / "x").begin(letter.decode() * 50, ["key"])
    SweepFolder(root / "x").put("key", letter * 5000)

def people(letter):
    write_people(pd.DataFrame({"drug": [letter.decode()] * 500}), {"seed": "1"}, root / "x.csv")

def report(letter):
    pages.page = lambda *_: letter.decode() * 5000
    assert main(["report", str(root.parent / "result"), "--html", str(root / "x.html"), "--no-explorer"]) == 0

def cache(letter):
    StockCache(root / "x").stock(letter[0], "2014-11-01", PARAMETERS, thin=64)

root = Path(sys.argv[1])
PARAMETERS = best()
stocks = {seed: synthesize(seed, "2014-11-01", PARAMETERS, thin=64) for seed in b"onm"}
stock_cache.synthesize = lambda seed, *_, **__: stocks[seed]
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # no helpers: they outlive a kill
sys.stdout, told = open(os.devnull, "w"), sys.stdout
names = {people: "x.csv", report: "x.html"}
for writer in (file, folder, block, people, report, cache):
    name = names.get(writer, "x")
    step = 1
    while True:
        root.mkdir()
        writer(b"o")
        whole = [contents(root / name)]
        if not killed_at(step, lambda: writer(b"n")):
            assert step > 10, step
            break
        if writer is folder and not (root / "x").exists():  # the next writer puts it back
            check_writable(root / "x")
        held = contents(root / name)
        if writer is block:
            store = SweepFolder(root / "x")
            assert not store.whole("key") or held["part-key.parquet"] in (b"o" * 5000, b"n" * 5000)
        writer(b"n")
        if writer is cache:  # whoever reads tidies nothing up, whoever writes the next stock does
            writer(b"m")
            held = {name: held[name] for name in held if NAME.fullmatch(name)}
        new = contents(root / name)
        if writer is cache:
            assert whole[0].items() <= held.items() <= new.items(), step
        else:
            assert writer is block or held in (*whole, new), (writer, step)
        assert os.listdir(root) == [name], (writer, step, os.listdir(root))
        assert not list(root.rglob(".*")), (writer, step)
        for path in sorted(root.rglob("*"), reverse=True):
            path.unlink() if path.is_file() else path.rmdir()
        root.rmdir()
        step += 1
    print(writer.__name__, step - 1, file=told)
    import shutil
    shutil.rmtree(root)
"""


@pytest.mark.slow
def test_a_kill_at_any_step_of_the_file_system_leaves_the_old_or_the_new_and_no_litter(tmp_path):
    small = run(Scenario.load("drugs-minus-two").but({"people.stock": 500}), seed=1, worlds=1)
    store.write(small, tmp_path / "result")
    done = subprocess.run(
        [sys.executable, "-c", KILLS, str(tmp_path / "root")], capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, done.stderr
    writers = [line.split()[0] for line in done.stdout.splitlines()]
    assert writers == ["file", "folder", "block", "people", "report", "cache"]


@pytest.mark.parametrize("closed", ["<&-", ">&-"])
def test_a_closed_stream_is_told_in_one_line(record, closed):
    asked = "-" if closed == "<&-" else str(record)
    shell = ["sh", "-c", f'exec "$0" -m sim case {asked} {closed}', sys.executable]
    done = subprocess.run(shell, capture_output=True, text=True)
    assert done.returncode == 1 and done.stderr.count("\n") == 1 and " is closed; give " in done.stderr


@pytest.mark.parametrize(
    ("name", "code"),
    [("ENOSPC", 1), ("EDQUOT", 1), ("EFBIG", 1), ("EIO", 1), ("EMFILE", 1), ("EACCES", 2), ("EROFS", 2),
     ("ENOENT", 2), ("EISDIR", 2)],
)  # fmt: skip
def test_a_disk_that_fails_is_1_and_a_place_that_cannot_be_had_is_2(monkeypatch, capsys, name, code):
    from sim import cli

    number = getattr(errno, name)

    def fails(_: list[str]) -> int:
        raise OSError(number, os.strerror(number), "here")

    monkeypatch.setattr(cli, "_run", fails)
    assert cli.main(["anything"]) == code
    assert capsys.readouterr().err == f"minustwo: error: here: {os.strerror(number)}\n"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
@pytest.mark.parametrize("arguments", [["--output", "/dev/full"], []])
def test_a_full_disk_is_told_in_one_line(record, arguments):
    with open("/dev/full", "w") as full:
        done = minustwo("cases", str(record), *arguments, stdout=subprocess.PIPE if arguments else full)
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    assert done.stderr.endswith("No space left on device\n")


def greedy(_: list[str]) -> int:
    import numpy as np

    return int(np.ones(2**50)[0])


def unloaded(_: list[str]) -> int:
    raise ImportError("some.so: failed to map segment from shared object")


@pytest.mark.parametrize("work", [greedy, unloaded])
def test_no_memory_is_told_in_one_line(monkeypatch, capsys, work):
    from sim import cli

    monkeypatch.setattr(cli, "_run", work)
    assert cli.main(["anything"]) == 1
    assert capsys.readouterr().err == (
        "minustwo: error: not enough memory for this; ask for less at once, or use a machine with more\n"
    )
