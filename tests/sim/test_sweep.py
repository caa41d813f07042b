"""Sweeps: plans that name every mistake, rows that are those of single runs, and work that is never lost."""

from __future__ import annotations

import errno
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest

from sim.base.errors import SimulationError, SweepError
from sim.base.workers import workers
from sim.courts.decisions import court_of
from sim.people.stock import synthesize
from sim.projection.project import project
from sim.scenario.scenario import Scenario
from sim.studies.sweep import SweepFolder, dask_executor, load_plan, plan_of, sweep
from sim.studies.sweep_plan import TASKS_A_BLOCK, Plan
from sim.studies.sweep_rows import as_parquet, task_rows

pytest.importorskip("pyarrow", reason="sweeps are stored with pyarrow, the extra `io`")

TEXT = """
scenarios = ["drugs-minus-two", "no-delay"]
seeds = [1, 4]
thin = 64
[parameters]
"judges.approval_rate" = [0.5, 0.75, 0.9, 0.95]
"judges.approval_spread" = [0.0]
"""


DONE: dict[str, bytes] = {}


class AtOnce(Executor):
    """Does each block when it is handed in, and once only; `fails` can spoil one."""

    def __init__(self, fails=None):
        self.done = 0
        self.fails = fails

    def submit(self, work, /, *arguments):
        future = Future()
        self.done += 1
        try:
            if self.fails is not None:
                self.fails(self.done)
            (block,) = arguments
            if block.key not in DONE:
                DONE[block.key] = work(block)
            future.set_result(DONE[block.key])
        except Exception as problem:
            future.set_exception(problem)
        return future


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_of(TEXT)


@pytest.fixture(scope="module")
def whole(plan, tmp_path_factory) -> dict[str, str]:
    """Hash of each file of the sweep, done once without anything going wrong."""
    folder = tmp_path_factory.mktemp("whole") / "sweep"
    done = sweep(plan, folder, jobs=1)
    assert (done.blocks, done.computed, done.failed) == (len(plan.blocks), len(plan.blocks), ())
    return hashes(folder)


def hashes(folder: Path) -> dict[str, str]:
    """Every file of a sweep but what was set aside, with the hash of its bytes."""
    files = [path for path in folder.rglob("*") if path.is_file() and "_aside" not in path.parts]
    return {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in files}


def test_a_plan_has_every_combination_once(plan):
    tasks = [task for block in plan.blocks for task in block.tasks]
    combinations = {(t.scenario.name, t.seed, t.axes["judges.approval_rate"]) for t in tasks}
    assert plan.tasks == len(tasks) == len(combinations) == 2 * 2 * 4
    assert all(task.scenario.judges.approval_rate == task.axes["judges.approval_rate"] for task in tasks)
    assert all(len({task.stock for task in block.tasks}) == 1 for block in plan.blocks)
    assert max(len(block.tasks) for block in plan.blocks) <= TASKS_A_BLOCK


def test_keys_change_with_all_that_rows_depend_on_and_with_nothing_else(plan):
    def keys(text):
        return [block.key for block in plan_of(text).blocks]

    assert keys(TEXT) == [block.key for block in plan.blocks]
    assert keys("# a remark\n" + TEXT) == keys(TEXT)
    for old, new in (("thin = 64", "thin = 32"), ("[0.0]", "[0.1]"), ("0.95]", "0.96]")):
        assert not set(keys(TEXT.replace(old, new))) & set(keys(TEXT)), new
    assert set(keys(TEXT)) < set(keys(TEXT.replace("[1, 4]", "[1, 4, 7]")))


def test_worlds_take_the_place_of_the_fitted_values():
    tasks = [
        t for b in plan_of('scenarios = ["drugs-minus-two"]\nworlds = 3\nthin = 64').blocks for t in b.tasks
    ]
    assert [task.world for task in tasks] == [0, 1, 2]
    assert len({task.parameters for task in tasks}) == 3


@pytest.mark.parametrize(
    "text, words",
    [
        ("", "sweep: scenarios: is missing"),
        ("scenarios = []", "scenarios"),
        ('scenarios = ["drugs-minus-too"]', "did you mean drugs-minus-two"),
        ('scenario = ["drugs-minus-two"]', "did you mean scenarios"),
        ('scenarios = ["no-delay", "no-delay"]', "no-delay stands twice"),
        ('scenarios = ["no-delay"]\nseeds = []', "seeds: no values"),
        ('scenarios = ["no-delay"]\nseeds = [1, 1]', "seeds: a value stands twice"),
        *(
            (f'scenarios = ["no-delay"]\nseeds = {seeds}', r"seeds: a number n .* is accepted, not ")
            for seeds in ("-1", "0", "true", "1.0", '"1"', "[-1]", "[1, true]", "[9223372036854775808]")
        ),
        ('scenarios = ["no-delay"]\n[parameters]\n"judges.approval_rat" = [0.5]', "approval_rate"),
        ('scenarios = ["no-delay"]\n[parameters]\n"judges.approval_rate" = [1.5]', "1.5"),
        ('scenarios = ["no-delay"]\n[stock]\nviolence = [0.1]', "did you mean 'violence_share'"),
        ('scenarios = ["no-delay"]\nworlds = 1000', "1,000 worlds asked for; 0 to 64 is accepted"),
        ("scenarios = [", "not valid TOML"),
    ],
)
def test_a_wrong_file_is_told_what_is_wrong(text, words):
    with pytest.raises(SweepError, match=words) as refused:
        plan_of(text)
    assert all(line.startswith("sweep") or "scenario" in line for line in refused.value.problems)


def test_every_problem_is_told_at_once():
    with pytest.raises(SweepError) as refused:
        plan_of('scenarios = ["no-dely", "minus-tow"]\nseeds = [1, 1]')
    assert len(refused.value.problems) == 3


def test_a_missing_file_and_a_scenario_beside_it(tmp_path):
    with pytest.raises(SweepError, match="no such file"):
        load_plan(tmp_path / "none.toml")
    (tmp_path / "mine.toml").write_text('based_on = "no-delay"\nname = "mine"\n', encoding="utf-8")
    (tmp_path / "sweep.toml").write_text('scenarios = ["mine.toml"]\nthin = 64\n', encoding="utf-8")
    (task,) = load_plan(tmp_path / "sweep.toml").blocks[0].tasks
    assert task.scenario.name == "mine"


def test_rows_are_those_of_the_run_itself(plan, tmp_path):
    task = plan.blocks[0].tasks[0]
    rows = task_rows(task)
    key = ["quantity", "drug", "month", "statistic"]
    assert not rows.duplicated(key).any()
    rows = rows.set_index(key)["value"].sort_index()
    from sim.eligibility.analysis import analyse

    people = synthesize(task.seed, "2014-11-01", stock=task.scenario.people.stock, thin=64)
    analysis = analyse(people, task.scenario)
    court = court_of(analysis, task.scenario)
    forecast = project(analysis.ordered_dates, people.district, people.sentenced.drug, court)
    assert rows["releases_with", "all", "2015-11", "mean"] == pytest.approx(
        64 * forecast.releases.mean[-1, 12]
    )
    assert rows["in_custody_without", "Heroin", "2014-12", "mean"] == pytest.approx(
        64 * forecast.without[2, 2:].sum()
    )
    assert rows["eligible"].item() == 64 * analysis.dates.eligible.sum()
    # No spread between districts: 64 independent people for each drawn one have 64 times its variance.
    assert rows["releases_with", "all", "2015-11", "sd"] == pytest.approx(8 * forecast.releases.sd[-1, 12])
    wave = [rows["released_first_wave", "all"][:, name].item() for name in ("q05", "q50", "q95")]
    assert wave[0] < wave[1] < wave[2]
    assert wave[1] == pytest.approx(rows["released_first_wave", "all"][:, "value"].item(), rel=0.02)


def test_the_folder_is_one_data_set_for_pandas(plan, tmp_path):
    sweep(plan, tmp_path / "s", executor=AtOnce())
    table = pd.read_parquet(tmp_path / "s")
    assert len(table) == sum(len(task_rows(task)) for block in plan.blocks for task in block.tasks)
    assert list(table.columns[:4]) == ["scenario", "scenario_hash", "seed", "world"]
    key = ["scenario", "seed", "judges.approval_rate", "quantity", "drug", "month", "statistic"]
    assert not table.astype({"month": object}).duplicated(key).any()
    mean = table.query("quantity == 'bed_months_saved' and statistic == 'mean' and scenario == 'no-delay'")
    assert mean.groupby("judges.approval_rate")["value"].mean().is_monotonic_increasing


def test_a_second_start_computes_nothing_and_changes_nothing(plan, whole, tmp_path):
    sweep(plan, tmp_path / "s", executor=AtOnce())
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "s").glob("*.parquet")}
    again = AtOnce()
    assert sweep(plan, tmp_path / "s", executor=again).computed == again.done == 0
    assert {path: path.stat().st_mtime_ns for path in before} == before


@pytest.mark.parametrize("harm", ["truncated", "one bit", "empty", "gone", "no checksum", "spoilt checksum"])
def test_a_spoilt_block_is_made_again_and_no_other(plan, whole, tmp_path, harm):
    folder = tmp_path / "s"
    sweep(plan, folder, executor=AtOnce())
    assert hashes(folder) == whole
    path = SweepFolder(folder).block(plan.blocks[1].key)
    check = folder / "_checks" / f"{plan.blocks[1].key}.sha256"
    content = bytearray(path.read_bytes())
    if harm == "truncated":
        path.write_bytes(content[: len(content) // 2])
    elif harm == "one bit":
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    elif harm == "empty":
        path.write_bytes(b"")
    elif harm == "gone":
        path.unlink()
    elif harm == "no checksum":
        check.unlink()
    else:
        check.write_bytes(b"\xff\xfe")
    again = AtOnce()
    assert sweep(plan, folder, executor=again).computed == again.done == 1
    assert hashes(folder) == whole


def test_a_killed_worker_costs_nothing_and_changes_no_byte(plan, whole, tmp_path, monkeypatch):
    """A real worker gets SIGKILL at work; the pool is made anew and only what was under way is repeated."""

    module, pools = sys.modules["sim.studies.sweep"], []

    @contextmanager
    def watched(jobs):
        with workers(jobs) as pool:
            pools.append(pool)
            yield pool

    monkeypatch.setattr(module, "workers", watched)
    monkeypatch.setattr("sim.base.workers.processors", lambda: 2)
    killed = []

    def kill_one(done, total):
        if done >= 1 and not killed:
            victim = multiprocessing.active_children()[0]
            os.kill(victim.pid, signal.SIGKILL)
            killed.append(victim.pid)

    swept = sweep(plan, tmp_path / "s", jobs=2, progress=kill_one)
    assert killed and len(pools) == 2
    assert swept.failed == ()
    assert hashes(tmp_path / "s") == whole


def test_workers_that_die_at_once_end_the_sweep_with_a_word(plan, tmp_path):
    from concurrent.futures import BrokenExecutor

    def dies(number):
        if number > 2:
            raise BrokenExecutor("gone")

    with pytest.raises(
        SimulationError,
        match=r"kept failing; 2 of 4 blocks are saved in .*Run the same command",
    ):
        sweep(plan, tmp_path / "s", executor=AtOnce(dies))
    rest = AtOnce()
    assert sweep(plan, tmp_path / "s", executor=rest).computed == rest.done == 2


def test_a_block_that_cannot_be_computed_is_told_and_the_others_are_kept(plan, tmp_path):
    def fails(number):
        if number == 2:
            raise SimulationError("no such law")

    done = sweep(plan, tmp_path / "s", executor=AtOnce(fails))
    assert done.computed == 3
    assert done.failed == (f"{plan.blocks[1].tasks[0].scenario.name}, seed 1: no such law",)
    assert sweep(plan, tmp_path / "s", executor=AtOnce()).computed == 1


def test_a_full_disk_loses_that_block_and_nothing_else(plan, whole, tmp_path, monkeypatch):
    folder, written = tmp_path / "s", []
    put = SweepFolder.put

    def full(self, key, content):
        written.append(key)
        if len(written) == 3:
            monkeypatch.setattr(os, "fsync", no_room)
        put(self, key, content)

    def no_room(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(SweepFolder, "put", full)
        with pytest.raises(OSError, match="No space"):
            sweep(plan, folder, executor=AtOnce())
    monkeypatch.undo()
    assert not list(folder.rglob("*.part"))
    assert len(list(folder.glob("*.parquet"))) == 2
    assert sweep(plan, folder, executor=AtOnce()).computed == 2
    assert hashes(folder) == whole


def test_blocks_of_another_plan_are_set_aside_and_taken_back(plan, whole, tmp_path):
    folder = tmp_path / "s"
    sweep(plan, folder, executor=AtOnce())
    other = plan_of(TEXT.replace("[1, 4]", "[4]"))
    assert sweep(other, folder, executor=AtOnce()).computed == 0
    assert len(list(folder.glob("*.parquet"))) == len(other.blocks) == 2
    assert set(pd.read_parquet(folder)["seed"]) == {4}
    assert sweep(plan, folder, executor=AtOnce()).computed == 0
    assert hashes(folder) == whole


def test_a_folder_with_anything_else_is_refused(plan, tmp_path):
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(SimulationError, match="holds other files"):
        sweep(plan, tmp_path)
    with pytest.raises(SimulationError, match="is a file"):
        sweep(plan, tmp_path / "letter.txt")


def test_bytes_do_not_tell_when_or_where_they_were_written():
    table = pd.DataFrame({"scenario": ["a", "a"], "month": [None, "2015-11"], "value": [1.0, 2.0]})
    content = as_parquet(table)
    assert content == as_parquet(table.copy())
    assert b"pandas" not in content


def command(*arguments, **how):
    code = "import sys; from sim.cli import main; sys.exit(main())"
    return subprocess.Popen(
        [sys.executable, "-c", code, "sweep", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        **how,
    )


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals to a process group")
def test_ctrl_c_keeps_what_is_finished_and_leaves_no_worker(plan, whole, tmp_path):
    folder = tmp_path / "s"
    (tmp_path / "sweep.toml").write_text(TEXT, encoding="utf-8")
    running = command(tmp_path / "sweep.toml", "--out", folder, "--jobs", "2")
    while not list(folder.glob("part-*.parquet")) and running.poll() is None:
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGINT)  # as a terminal does: to the workers too
    out, told = running.communicate(timeout=60)
    assert (running.returncode, out) == (130, "") or running.returncode == 0
    assert "Traceback" not in told
    with pytest.raises(ProcessLookupError):
        for _ in range(100):
            os.killpg(running.pid, 0)
            time.sleep(0.1)
    assert not list(folder.rglob("*.part"))
    kept = len(list(folder.glob("part-*.parquet")))
    again = command(tmp_path / "sweep.toml", "--out", folder, "--jobs", "2")
    out, told = again.communicate(timeout=120)
    assert f"{len(plan.blocks) - kept} computed, {kept} already there" in out, told
    assert hashes(folder) == whole


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="asks /proc for the workers")
def test_workers_do_not_outlive_a_killed_sweep(tmp_path):
    (tmp_path / "sweep.toml").write_text(TEXT, encoding="utf-8")
    with command(tmp_path / "sweep.toml", "--out", tmp_path / "s", "--jobs", "2") as running:
        while not list((tmp_path / "s").glob("part-*.parquet")) and running.poll() is None:
            time.sleep(0.05)
        running.kill()
        running.wait(timeout=10)
    for _ in range(100):
        left = [path for path in Path("/proc").glob("[0-9]*/stat") if in_session(path, running.pid)]
        if not left:
            break
        time.sleep(0.1)
    assert not left


def in_session(path: Path, session: int) -> bool:
    try:
        fields = path.read_text(encoding="utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return int(fields[3]) == session and fields[0] != "Z"


def test_the_command_tells_what_it_did_and_refuses_what_makes_no_sense(tmp_path):
    (tmp_path / "sweep.toml").write_text('scenarios = ["no-dely"]\n', encoding="utf-8")
    running = command(tmp_path / "sweep.toml", "--out", tmp_path / "s")
    out, told = running.communicate(timeout=60)
    assert (running.returncode, out) == (2, "")
    assert told.startswith("minustwo: error: ") and "did you mean no-delay" in told
    assert not (tmp_path / "s").exists()
    running = command(tmp_path / "sweep.toml", "--jobs", "2", "--dask", "tcp://127.0.0.1:1")
    assert running.communicate(timeout=60)[1].startswith("minustwo: error: --jobs and --dask")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_dask_cluster_gives_the_same_bytes_though_a_worker_is_killed(plan, whole, tmp_path):
    distributed = pytest.importorskip("distributed", reason="Dask, the extra `cluster`, is not installed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        killed = []

        def kill_one(done, total):
            if done >= 1 and not killed:
                victim = next(iter(cluster.workers.values())).process.process.pid
                os.kill(victim, signal.SIGKILL)
                killed.append(victim)

        with dask_executor(cluster.scheduler_address) as executor:
            done = sweep(plan, tmp_path / "s", executor=executor, progress=kill_one)
    assert killed and done.computed == len(plan.blocks)
    assert hashes(tmp_path / "s") == whole


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_nobody_at_the_address_of_a_cluster():
    pytest.importorskip("distributed", reason="Dask, the extra `cluster`, is not installed")
    with (
        pytest.raises(SimulationError, match="no Dask scheduler at"),
        dask_executor("tcp://127.0.0.1:1"),
    ):
        pass


def test_scenarios_that_are_shipped_can_be_swept():
    assert isinstance(plan_of('scenarios = ["drugs-minus-two"]').blocks[0].tasks[0].scenario, Scenario)
