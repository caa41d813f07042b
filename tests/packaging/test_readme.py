"""What the README shows is what happens."""

from __future__ import annotations

import doctest
import re
import shlex
import tomllib
from pathlib import Path

import pytest

from sim.cli import main
from sim.scenario.scenario import Scenario

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ (minustwo [^\n]*)\n((?:(?!\$ |```).*\n)*)", README, re.MULTILINE)
SCENARIOS = re.findall(r"^```toml\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_the_examples_in_python_give_what_they_show():
    found = doctest.testfile(str(ROOT / "README.md"), module_relative=False, encoding="utf-8")
    assert found.attempted >= 4 and found.failed == 0


def test_there_are_commands_and_a_scenario_to_try():
    assert COMMANDS and SCENARIOS


@pytest.mark.parametrize("command, shown", COMMANDS, ids=[command for command, _ in COMMANDS])
def test_a_command_prints_what_is_shown(command, shown, capsys):
    assert main(shlex.split(command)[1:]) == 0
    assert capsys.readouterr().out == shown


@pytest.mark.parametrize("text", SCENARIOS)
def test_a_scenario_shown_is_one(text):
    assert Scenario.from_toml(text).name == tomllib.loads(text)["name"]


@pytest.mark.parametrize("word", re.findall(r"^    make ([a-z-]+)", README, re.MULTILINE))
def test_a_word_for_make_is_in_the_makefile(word):
    assert re.search(rf"^{word}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_the_citation_has_the_version_of_the_package():
    import sim

    assert f"version: {sim.__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
