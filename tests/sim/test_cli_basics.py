from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from guidelines import LIFE, GuidelineError, Manual, guideline_range, tables
from sim.cli import BAD_USAGE, DONE, FAILED, STOPPED, main
from sim.commands._group import group
from sim.commands.range import answer
from sim.ensemble import MEMBERS
from sim.scenario.library import find, names, titles
from sim.scenario.schema import schema_text

CATEGORIES = ["I", "II", "III", "IV", "V", "VI"]


def minustwo(*arguments: str, **how: object) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "import sys; from sim.cli import main; sys.exit(main())", *arguments],
        capture_output="stdout" not in how,
        text=True,
        encoding="utf-8",
        **how,
    )


def asked(*arguments: str) -> str:
    """What a good command prints."""
    done = minustwo(*arguments)
    assert (done.returncode, done.stderr) == (DONE, "")
    return done.stdout


def refused(*arguments: str) -> str:
    """What a bad command says, without the prefix."""
    done = minustwo(*arguments)
    assert (done.returncode, done.stdout) == (BAD_USAGE, "")
    first, *_ = done.stderr.splitlines()
    assert first.startswith("minustwo: error: ") and "Traceback" not in done.stderr
    return first.removeprefix("minustwo: error: ")


def test_the_shell_completes_commands_and_is_told_how():
    script = minustwo(env={**os.environ, "_MINUSTWO_COMPLETE": "bash_source"})
    assert script.returncode == DONE and "_MINUSTWO_COMPLETE=bash_complete" in script.stdout
    asking = {"_MINUSTWO_COMPLETE": "bash_complete", "COMP_WORDS": "minustwo scen", "COMP_CWORD": "1"}
    assert minustwo(env={**os.environ, **asking}).stdout == "plain,scenarios\n"


def test_python_m_sim_is_the_command():
    done = subprocess.run([sys.executable, "-m", "sim", "--version"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (DONE, f"minustwo {sim.__version__}\n")


def test_the_commands_of_maintainers_stand_apart():
    everyone, maintainers = asked("--help").split("For maintainers:")
    assert "  fit " in maintainers and "  fit " not in everyone and "  run " in everyone


@pytest.mark.parametrize("name", ["run", "compare", "scorecard"])
def test_the_number_of_worlds_in_the_help_is_the_one_in_use(name):
    words = asked(name, "--help").split("--worlds")[1].split("--")[0]
    assert f"{MEMBERS}]" in words


def test_help_is_the_same_however_it_is_asked_for():
    assert asked() == asked("--help") == asked("-h")
    assert "\\b" not in asked() and "\n    minustwo run  " in asked(), "the examples are a line each"
    assert asked("--version") == f"minustwo {sim.__version__}\n"


@pytest.mark.parametrize("name", group.list_commands(None))
def test_every_command_explains_itself_and_its_options(name):
    command = group.get_command(None, name)
    assert command is not None and command.name == name
    assert command.help and command.short_help and len(command.short_help) <= 65
    for parameter in command.params:
        assert parameter.param_type_name == "argument" or parameter.help, parameter
    assert f"minustwo {name}" in asked(name, "--help")


def test_a_range_is_that_of_the_table_everywhere():
    manual = Manual.on("2013-11-01")
    for level in range(1, 44):
        for number, category in enumerate(CATEGORIES, start=1):
            told = json.loads(answer(str(level), category, "2013-11-01", as_json=True))
            months = [
                LIFE if month == "life" else month
                for month in (told["minimum_months"], told["maximum_months"])
            ]
            assert months == [int(month) for month in guideline_range(level, number, manual)]


def test_a_range_is_shown_with_its_zone_day_and_source():
    source = tables.law("sentencing_table", "2013-11-01").meta["source"]
    assert asked("range", "32", "III", "--on", "2013-11-01") == (
        "Level 32, category III: 151-188 months, zone D\n"
        "Sentencing Table, Ch.5 Pt.A, in force on 2013-11-01\n"
        f"Source: {source}\n"
    )
    assert asked("range", "42", "i").startswith("Level 42, category I: 360 months to life, zone D\n")
    assert asked("range", "43", "6").startswith("Level 43, category VI: life, zone D\n")


@pytest.mark.parametrize(
    "cell, on, words",
    [
        (("20", "I"), "1987-10-31", "no guideline sentence"),
        (("20", "I"), "2026-11-01", "could not be read and nothing is guessed"),
        (("3", "II"), "1989-10-31", "could not be verified"),
    ],
)
def test_a_range_that_is_not_held_is_refused_with_the_reason(cell, on, words):
    with pytest.raises(GuidelineError, match=words):
        answer(*cell, on)


@pytest.mark.parametrize("command", ["table drug_quantity --on", "diff drug_quantity 2018-11-01"])
def test_tables_of_a_day_under_an_unread_manual_come_with_a_note(command):
    noted = minustwo(*command.split(), "2026-11-01")
    assert noted.returncode == 0 and "could not be read" in noted.stderr
    assert not minustwo(*command.split(), "2026-10-31").stderr


@pytest.mark.parametrize("on, zones", [("2009-11-01", "ABCD"), ("2010-11-01", "ABBC")])
def test_the_zone_is_that_of_the_day(on, zones):
    levels = {"A": "2", "B": "9", "C": "11", "D": "13"}  # 0-6, 4-10, 8-14, 12-18 months
    shown = [json.loads(answer(level, "I", on, as_json=True))["zone"] for level in levels.values()]
    assert "".join(shown) == zones


@pytest.mark.parametrize(
    "arguments, words",
    [
        (
            "range 44 I",
            "§Ch.5 Pt.A n.2: offense level '44' is not in the table, 1 to 43; a total below 1 is treat",
        ),
        ("range 0 I", "§Ch.5 Pt.A n.2: offense level '0'"),
        ("range 12.5 I", "§Ch.5 Pt.A n.2: offense level '12.5'"),
        ("range ² I", "§Ch.5 Pt.A n.2: offense level '²'"),
        (
            "range 12 VII",
            "§Ch.4 Pt.A: criminal history category 'VII' is not known; I to VI or 1 to 6 are accepted",
        ),
        (
            "range 12 I --on 1980-01-01",
            "§2D1.1(c): 1980-01-01 is before the first Manual, 1987-11-01: no guideline sentence",
        ),
        ("range 12 I --on soon", "not a date: 'soon'; write it as 2014-11-01"),
        ("range 12", "Missing argument 'CATEGORY'"),
        ("range 12 I --jsn", "No such option"),
        ("rnge 12 I", "no command 'rnge'; did you mean range?"),
        ("xyz", "no command 'xyz'; known: backtest, case, "),
        ("--bla", "No such option"),
        ("scenarios drug-minus-two", "no scenario is called 'drug-minus-two'; did you mean drugs-minus-two?"),
        ("scenarios none.toml", "none.toml: no such file"),
        ("scenarios --schema --json", "--schema goes with nothing else"),
    ],
)
def test_a_bad_question_gets_one_clear_line(arguments, words):
    assert refused(*arguments.split()).startswith(words)


def test_all_problems_of_a_scenario_are_told(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text('name = "x"\n[judges]\naproval_rate = 1\napproval_spread = 20.0\n')
    done = minustwo("scenarios", str(file))
    assert done.returncode == BAD_USAGE
    assert done.stderr.splitlines() == [
        f"minustwo: error: {file}:3: judges.aproval_rate: unknown key; did you mean approval_rate?",
        f"minustwo: error: {file}:4: judges.approval_spread: 20.0 is not allowed; 0 to 5 is allowed",
    ]


def test_scenarios_lists_shows_and_exports_what_is_shipped():
    listed = asked("scenarios")
    assert [line.split()[0] for line in listed.splitlines()] == list(names())
    assert all(title in listed for title in titles().values())
    assert asked("scenarios", "no-delay") == find("no-delay").read_text(encoding="utf-8")
    told = json.loads(asked("scenarios", "--json"))
    assert [each["name"] for each in told] == list(names())
    assert json.loads(asked("scenarios", "no-delay", "--json")) == told[list(names()).index("no-delay")]
    assert asked("scenarios", "--schema") == schema_text()


@pytest.mark.parametrize("arguments", [["--help"], ["range", "32", "III"], ["scenarios", "--schema"]])
def test_a_closed_pipe_ends_quietly(arguments):
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w") as pipe:
        done = minustwo(*arguments, stdout=pipe, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (DONE, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full to write to")
@pytest.mark.parametrize("arguments", [["--help"], ["scenarios", "--schema"]])
def test_a_full_disk_is_told_in_one_line(arguments):
    with open("/dev/full", "w") as full:
        done = minustwo(*arguments, stdout=full, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (FAILED, "minustwo: error: No space left on device\n")


def test_a_terminal_without_the_section_sign_still_gets_the_message():
    done = minustwo("range", "44", "I", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert done.returncode == BAD_USAGE
    assert done.stderr.startswith(r"minustwo: error: \xa7Ch.5 Pt.A n.2")


CALLBACK = (
    "class Last:\n"
    "    def __del__(self): os.kill(os.getpid(), signal.SIGINT)\n"
    "def interrupted(context):\n"
    "    Last()\n"
    "    for _ in range(1000): time.sleep(0.01)\n"
    "    print('went on')\n"
)


@pytest.mark.parametrize(
    "interrupted", ["def interrupted(context): os.kill(os.getpid(), signal.SIGINT)\n", CALLBACK]
)
def test_ctrl_c_ends_with_130_and_no_traceback(interrupted):
    """Also where it falls into a callback, in which Python ignores all exceptions."""
    waits = (
        f"import sim.commands._group, sim.cli, os, signal, time\n{interrupted}"
        "sim.commands._group.group.invoke = interrupted\n"
        "raise SystemExit(sim.cli.main(['scenarios']))"
    )
    done = subprocess.run([sys.executable, "-c", waits], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (STOPPED, "", "")
    assert signal.SIGINT + 128 == STOPPED


def test_a_fault_of_ours_is_not_dressed_up_as_a_mistake_of_theirs(monkeypatch):
    def broken(context: object) -> None:
        raise ValueError("shapes do not match")

    monkeypatch.setattr(group, "invoke", broken)
    with pytest.raises(ValueError, match="shapes do not match"):
        main(["scenarios"])


def test_a_dumb_terminal_gets_no_progress(monkeypatch, capsys):
    from sim.commands._progress import shown

    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    for term, drawn in (("dumb", False), ("xterm", True)):
        monkeypatch.setenv("TERM", term)
        with shown("people") as progress:
            progress.step("people", 1, 2)
        assert bool(capsys.readouterr().err) == drawn
