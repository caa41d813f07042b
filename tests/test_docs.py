"""The documentation says what the project does: every command, name, table and scenario has its place."""

from __future__ import annotations

import csv
import inspect
import json
import re
import subprocess
import sys
from pathlib import Path
from textwrap import fill

import click
import pytest

import guidelines
import sim
from guidelines import tables
from guidelines.amendments import encoded
from sim.commands._group import group
from sim.output.plots.words import about
from sim.results.glossary import GLOSSARY
from sim.scenario.library import names

ROOT = Path(__file__).resolve().parents[1]
WRITTEN = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
SHOWN = "\n".join(path.read_text(encoding="utf-8") for path in WRITTEN)
COMMANDS = group.list_commands(click.Context(group))


def generated_pages() -> dict[str, str]:
    """The pages as a build would write them, from a process that can import their makers."""
    code = (
        "import json, sys\n"
        "sys.path.insert(0, 'docs')\n"
        "from generate import all as generated\n"
        "print(json.dumps(generated.pages()))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, str] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    pytest.importorskip("jupytext", reason="the extra `notebooks` is not installed")
    return generated_pages()


def command(name: str) -> click.Command:
    found = group.get_command(click.Context(group), name)
    assert found is not None
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_help_and_every_option_of_it_too(name):
    found = command(name)
    assert found.help and found.get_short_help_str(100).endswith(".")
    nameless = [p.name for p in found.params if isinstance(p, click.Option) and not p.help]
    assert nameless == []
    assert "\\b" not in found.help, "an escape that click does not know is printed as it stands"


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_shown_on_a_page_that_somebody_wrote(name):
    assert re.search(rf"\bminustwo {name}\b", SHOWN)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_stands_in_the_pages_as_it_is_printed(name, pages, capsys):
    from sim.cli import main

    assert main([name, "--help"]) == 0
    printed = capsys.readouterr().out.strip()
    assert f"## minustwo {name}\n" in pages["commands.md"]
    assert printed in pages["commands.md"]


def command_lines(text: str) -> list[list[str]]:
    """The words of every call of the command that a page shows."""
    found = re.findall(r"(?:^|[$`|] *|^    )minustwo +([a-z]+)((?: +[^\s|`#>\\]+)*)", text, re.MULTILINE)
    return [[name, *rest.split()] for name, rest in found]


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.stem)
def test_commands_shown_exist_and_know_the_options_they_are_given(path):
    for name, *words in command_lines(path.read_text(encoding="utf-8")):
        assert name in COMMANDS, name
        asked = command(name)
        if isinstance(asked, click.Group) and words and words[0] in asked.commands:
            asked = asked.commands[words[0]]
        known = {option for p in asked.params for option in p.opts} | {"--help"}
        given = {word for word in words if word.startswith("--")}
        assert given <= known, (name, given - known)


def test_the_lines_with_commands_are_found():
    assert ["compare", "drugs-minus-two", "justice-department-rule"] in command_lines(SHOWN)
    assert ["people", "--one-in", "500", "--out", "people.csv"] in command_lines(SHOWN)


@pytest.mark.parametrize("package", [guidelines, sim], ids=lambda package: package.__name__)
def test_a_public_name_is_in_the_reference_and_says_what_it_is(package, pages):
    page = pages[f"api/{package.__name__}.md"]
    for name in package.__all__:
        if name.startswith("_"):
            continue
        assert re.search(rf":: {package.__name__}\.(\w+\.)*{name}\b", page), name
        what = getattr(package, name)
        if callable(what):
            text = inspect.getdoc(what) or ""
            assert len(text) > 20, name
        if inspect.isfunction(what) and len(inspect.signature(what).parameters) > 1:
            assert "Parameters\n----------" in text, f"{name} does not say what it takes"


def test_every_table_and_edition_of_the_law_has_its_place_with_section_source_and_certainty(pages):
    for name in tables.law_tables():
        page = pages[f"law/{name}.md"]
        for begin in tables.editions(name):
            table = tables.edition(name, begin)
            _, _, part = page.partition(f"## From {begin}\n")
            part = part.split("\n## ")[0].replace("\\", "")
            for key in ("source", "certainty", "unit"):
                assert f"**{key}:** {table.meta[key]}" in part, (name, begin, key)
            assert table.section in part
            assert part.count("<tr>") == len(table) + 1
    for number in encoded():
        assert f"## Amendment {number}: " in pages["law/amendments.md"]


def test_every_scenario_and_quantity_and_code_has_its_place(pages):
    for name in names():
        assert f"## {name}\n" in pages["scenarios.md"]
    for name in (*GLOSSARY, *guidelines.CODES):
        assert f"| `{name}` |" in pages["glossary.md"]
    for section in ("amendment", "dates", "judges", "limits", "people"):
        assert f"## [{section}]" in pages["scenario_keys.md"]
    assert "`approval_rate`" in pages["scenario_keys.md"]


def test_nothing_generated_depends_on_when_or_where_it_is_made(pages):
    assert pages == generated_pages()
    assert str(ROOT) not in "".join(pages.values())


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.stem)
def test_a_link_to_a_file_leads_to_one(path, pages):
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text(encoding="utf-8")):
        if target.startswith("_generated/"):
            assert target.removeprefix("_generated/") in pages, target
        elif "://" not in target:
            assert (path.parent / target).exists(), target


def test_the_readme_says_what_the_scorecard_says_kept_in_the_package(generated):
    card = (ROOT / "docs" / "scorecard.txt").read_text(encoding="utf-8")
    averaged = re.search(
        r"^Averaged over (\d+) draws of all people, (\S+) of (\d+) .* \((\d+) to (\d+)\)", card
    )
    missed = re.search(r"^Missed in most draws: (.*)\.$", card, re.MULTILINE)
    backtest = (ROOT / "docs" / "backtest.txt").read_text(encoding="utf-8")
    held = re.search(r"^Averaged .*\n(\S+) of (\d+) check figures .* and (\S+) of (\d+) backtest", backtest)
    assert averaged and missed and held
    draws, mean, checks, least, most = averaged.groups()
    told = (
        f"Of {checks} published figures that its people were never fitted to, {mean} lie within our "
        f"tolerance, on average over {draws} draws of all people ({least} to {most}). It misses "
        f"{missed[1]} "
        f"in most of them. Its 90 percent intervals are made as wide as it was off for amendments it had not "
        f"been fitted to; of such figures they hold {held[1]} of {held[2]}, and {held[3]} of {held[4]} "
        "published later, where nine in ten should be held. The sizes stand in the "
        "[scorecard](docs/scorecard.txt) and the "
        "[backtest](docs/backtest.txt), the reasons in the [method](docs/method.md)."
    )
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    begin, end = "<!-- scorecard -->\n", "\n<!-- /scorecard -->"
    head, rest = text.split(begin)
    generated(
        "README.md", f"{head}{begin}{fill(told, 110, break_on_hyphens=False)}{end}{rest.split(end, 1)[1]}"
    )


def test_the_readme_begins_with_the_finding_of_its_picture(generated):
    drawing = (ROOT / "docs" / "picture" / "releases_by_month.svg").read_text(encoding="utf-8")
    title = re.search(r"<title>(.*?)</title>", drawing)
    with (ROOT / "docs" / "picture" / "releases_by_month.csv").open(encoding="utf-8") as file:
        (first,) = [row for row in csv.DictReader(file) if row["first_day"]]
    assert title
    low, high = (about(float(first[f"with_{end}_90"])) for end in ("low", "high"))
    finding = (
        f"The forecast: {title[1]} (90 percent interval of the month: {low} to {high}). "
        f"About {about(float(first['first_day']))} of them leave on the first day; "
        f"{float(first['first_day_reported']):,.0f} were reported afterwards, a count to which the courts "
        "were fitted."
    )
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    begin, end = "<!-- finding -->\n", "\n<!-- /finding -->"
    head, rest = text.split(begin)
    generated("README.md", f"{head}{begin}{fill(finding, 110)}{end}{rest.split(end, 1)[1]}")


def test_the_picture_of_the_readme_is_small_and_drawn_by_the_library():
    drawing = (ROOT / "docs" / "picture" / "releases_by_month.svg").read_text(encoding="utf-8")
    assert "docs/picture/releases_by_month.svg" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(drawing) < 100_000
    assert "<desc>Step chart of releases a month" in drawing and "scenario_hash" in drawing


@pytest.mark.slow
def test_the_picture_of_the_readme_shows_what_a_run_gives():
    """`make picture` draws it anew."""
    result = sim.run(sim.Scenario.load("drugs-minus-two"), seed=1)
    drawn = result.releases_by_month.query("drug == 'all'").set_index(["month", "quantity"])
    with (ROOT / "docs" / "picture" / "releases_by_month.csv").open(encoding="utf-8") as file:
        kept = list(csv.DictReader(file))
    assert len(kept) > 100
    for row in kept:
        now = drawn.loc[(row["month"], "releases_with")]
        shown = [float(row[name]) for name in ("with", "with_low_90", "with_high_90")]
        assert shown == pytest.approx(list(now[["value", "low_90", "high_90"]]), rel=5e-6)  # six digits


@pytest.mark.slow
def test_the_documentation_builds_offline_without_a_warning(tmp_path, monkeypatch):
    monkeypatch.setenv("MINUSTWO_WORLDS", "2")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "docs", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "Drugs Minus Two" in index
    for page in tmp_path.rglob("*.html"):
        loads = re.findall(
            r'<(?:script|img|link)[^>]*(?:src|href)="(https?:)', page.read_text(encoding="utf-8")
        )
        assert not loads, f"{page.name} loads something from elsewhere"
