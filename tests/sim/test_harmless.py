"""What comes from outside is shown escaped, and sizes are checked before anything is made of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.base.errors import SweepError
from sim.base.text import json_text, visible
from sim.cli import BAD_USAGE, DONE, main
from sim.output.cases.docket import Entry
from sim.output.cases.sheet import _cell
from sim.output.html.markup import safe
from sim.studies.sweep_plan import plan_of

OBEYED = "\x1b[31m\x9b2J\u202e\x00\x07\r\u2028\ud800"
RECORD = {"total_offense_level": 31, "criminal_history_category": "III", "imposed_term_months": 140}


@given(st.text(st.characters()))
def test_what_is_shown_is_one_line_of_printable_text_and_says_what_it_was(text):
    shown = visible(text)
    assert "\n" not in shown and all(letter.isprintable() or letter.isspace() for letter in shown)
    assert len(shown.splitlines()) <= 1
    if text.isascii() and text.isprintable():
        assert shown == text


@given(st.recursive(st.text(st.characters()), lambda inner: st.dictionaries(st.text(), inner, max_size=3)))
def test_json_says_what_was_given_in_letters_nothing_obeys(value):
    text = json_text(value)
    assert json.loads(text) == value
    assert visible(text) == text or all(category_is_harmless(letter) for letter in text)


def category_is_harmless(letter: str) -> bool:
    return letter not in OBEYED.replace("[31m", "").replace("2J", "")


def test_html_and_sheets_hold_no_letter_that_is_obeyed():
    assert safe(f"<{OBEYED}>\n") == "&lt;" + visible(OBEYED) + "&gt;\n"
    assert _cell(OBEYED) == visible(OBEYED) and _cell("a\nb") == r"a\nb"
    assert Entry(3, "a\nCode: eligible", "", ("", 0.0, 3), ()).name == r"a\nCode: eligible"


@pytest.mark.parametrize("how", [[], ["--explain"], ["--json"], ["--html", "-"]])
def test_an_id_forges_no_line_and_reaches_no_terminal_raw(tmp_path, how, capfdbinary):
    path = tmp_path / "facts.json"
    path.write_text(json.dumps({**RECORD, "case_id": "A\nCode: not_eligible" + OBEYED[:-1]}))
    assert main(["case", str(path), *how]) == DONE
    told = capfdbinary.readouterr().out.decode()
    assert not {letter for letter in told if not letter.isprintable()} - {"\n", "\u00a0"}
    assert not any(line.startswith("Code: not_eligible") for line in told.splitlines())


@pytest.mark.parametrize(
    "arguments",
    [["run", "{}"], ["case", "{}"], ["cases", "{}"], ["table", "{}"], ["{}"], ["range", "{}", "I"],
     ["report", "{}"], ["sweep", "{}.toml"], ["people", "check", "{}.csv"], ["compare", "{}", "no-delay"],
     ["case", "--{}"]],
)  # fmt: skip
def test_a_name_in_a_message_is_shown_escaped(arguments, capfd):
    name = OBEYED.replace("\x00", "").replace("\ud800", "") + "\nminustwo: error: forged"
    assert main([one.format(name) for one in arguments]) == BAD_USAGE
    told = capfd.readouterr().err
    assert not {letter for letter in told if not letter.isprintable()} - {"\n"}
    assert "\nminustwo: error: forged" not in told


@pytest.mark.parametrize("text", ["a\\u001b[31m", "a\\nb", "\\u202ea", "a\\u009b"])
@pytest.mark.parametrize(
    "where",
    ['title = "{}"', '[amendment]\nlike = "782"\nname = "{}"',
     '[costs]\nmarginal_cost_per_year = 1.0\nsource = "x"\nprice_year = "{}"'],
)  # fmt: skip
def test_a_text_of_a_scenario_with_such_letters_is_refused(tmp_path, capsys, where, text):
    path = tmp_path / "s.toml"
    path.write_text(f'based_on = "drugs-minus-two"\n{where.format(text)}\n')
    assert main(["run", str(path), "--out", str(tmp_path / "out")]) == BAD_USAGE
    assert "which cannot be shown; plain text is accepted" in capsys.readouterr().err


@pytest.mark.parametrize(
    "text, words",
    [
        ("seeds = 1000000000000", "1,000,000,000,000 seeds are 1,000,000,000,000 runs; at most 100,000"),
        ("worlds = 1000000000", "1,000,000,000 worlds are 1,000,000,000 runs"),
        (
            "[parameters]\n" + "".join(f'"judges.x{k}" = {list(range(100))}\n' for k in range(4)),
            "are 100,000,000 runs; at most 100,000 are made of one file: give fewer values, or several files",
        ),
        (
            "[parameters]\n" + "".join(f'"rules.x{k}" = [1, 2]\n' for k in range(20_000)),
            "2 rules.x9 x ... are more than 1,000,000,000,000,000,000 runs; at most 100,000",
        ),
        ("a = " + "[" * 100_000, "nested too deep"),
        ("seeds = " + "9" * 5000, "not readable: Exceeds the limit"),
        ('[parameters]\n"name.x" = [1]', "name.x: unknown key; name is a value and holds no others"),
        ('[parameters]\n"" = [1]', "unknown key"),
        ('[parameters]\n"people" = [1]', "must be a table"),
        ('[parameters]\n"judges" = [1]\n"judges.x.y" = [1]', "unknown key; judges is a value"),
    ],
)
def test_a_sweep_nobody_can_run_is_refused_before_anything_is_made_of_it(text, words):
    with pytest.raises(SweepError) as told:
        plan_of(f'scenarios = ["drugs-minus-two"]\n{text}\n')
    assert words in str(told.value)


def test_what_is_wrong_in_many_combinations_is_told_once():
    with pytest.raises(SweepError) as told:
        plan_of(
            'scenarios = ["drugs-minus-two"]\n'
            '[parameters]\n"judges.approval_rate" = [0.1, 0.2, 0.3]\n"name.x" = [1, 2]\n'
        )
    assert [line.count("and 5 more: name.x: unknown key") for line in told.value.problems] == [1]


def test_of_thousands_of_problems_the_first_are_told_and_how_many_there_are(tmp_path, capsys):
    scenario, sweep = tmp_path / "many.toml", tmp_path / "sweep.toml"
    scenario.write_text('name = "many"\n' + "".join(f"[x{k}]\n" for k in range(2000)))
    sweep.write_text(f"scenarios = {[f'nosuch{k}' for k in range(200)]}")
    for command, path, more in (("run", scenario, 1910), ("sweep", sweep, 100)):
        assert main([command, str(path), "--out", str(tmp_path / "out")]) == BAD_USAGE
        lines = capsys.readouterr().err.splitlines()
        assert len(lines) <= 101 and lines[-1].endswith(f"and {more:,} more problems")


def test_a_name_no_file_can_have_is_refused():
    with pytest.raises(SweepError, match=r"'\\x00.toml': no file can have this name"):
        plan_of(r'scenarios = ["\u0000.toml"]')


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["range", "9" * 5000, "III"], "is not in the table"),
        (["run", "--seed", "1_0"], "'1_0' given; a whole number of at most 18 plain digits is accepted"),
        (["run", "--worlds", "\u0661"], "a whole number of at most 18 plain digits is accepted"),
        (["run", "--seed", "9" * 5000], "a whole number of at most 18 plain digits is accepted"),
        (["run", "--worlds", "1000000000000"], "1,000,000,000,000 worlds asked for; 0 to 64 is accepted"),
        (["sensitivity", "--one-in", "100000000"], "one in 1 to 1,000 is accepted"),
        (
            ["people", "--one-in", "1001", "--out", "nowhere.csv"],
            "one person in 1,001 asked for; one in 1 to 1,000 is accepted",
        ),
        (["range", "３２", "III"], "is not in the table"),
        (["range", "3_2", "III"], "is not in the table"),
        (["range", "32", "9" * 5000], "is not known"),
        (["range", "32", "ı"], "is not known"),
        (["range", "32", "III", "--on", "2014-W44-6"], "write it as 2014-11-01"),
        (["range", "32", "III", "--on", "20141101"], "write it as 2014-11-01"),
        (["range", "32", "III", "--on", "2014-11-01T00:00"], "write it as 2014-11-01"),
        (["table", "drug_quantity", "--on", "2014-W44-6"], "write it as 2014-11-01"),
        (["run", "--seed", "9" * 5000], "Invalid value"),
    ],
)
def test_what_python_would_read_and_nobody_writes_is_refused(arguments, words, capsys):
    assert main(arguments) == BAD_USAGE
    told = capsys.readouterr().err
    assert words in told and len(told) < 6000


@pytest.mark.parametrize("nested", ["[", '{"a":', '[{"a":'])
def test_json_nested_too_deep_is_one_line(tmp_path, nested, capsys):
    path = tmp_path / "facts.json"
    path.write_text('{"drugs": ' + nested * 100_000)
    assert main(["case", str(path)]) == BAD_USAGE
    assert capsys.readouterr().err.count("\n") == 1


def test_many_keys_with_one_twice_and_an_id_of_thousands_of_digits_are_told(tmp_path, capsys):
    keys = ",".join(f'"k{k}":1' for k in range(50_000))
    (tmp_path / "keys.json").write_text("{" + keys + ',"k7":2}')
    assert main(["case", str(tmp_path / "keys.json")]) == BAD_USAGE
    assert "k7 given more than once" in capsys.readouterr().err
    (tmp_path / "id.json").write_text(json.dumps({**RECORD, "case_id": "9" * 4000}))
    assert main(["checklist", str(tmp_path / "id.json")]) == BAD_USAGE
    told = capsys.readouterr().err
    assert "case_id" in told and "500" in told and len(told) < 2000


@pytest.mark.parametrize(
    "record, words",
    [
        ({"drugs": "1 kg heroin; " * 1000}, "drugs: 13,000 letters given; at most 10,000 are read"),
        ({"amendments": [782] * 1001}, "amendments: 1,001 entries given; at most 1,000 are read"),
        ({"drugs": ["a" + "," * 500_000]}, "unknown drug 'a,,,"),
        ({f"rules.x{k}": True for k in range(5001)}, "5,001 fields; at most 5,000 are read"),
    ],
)
def test_more_than_any_court_file_holds_is_told_at_once(tmp_path, capsys, record, words):
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(record))
    for command in ("case", "checklist"):
        assert main([command, str(path)]) == BAD_USAGE
        (line,) = capsys.readouterr().err.splitlines()
        assert words in line and len(line) < 1000


def test_notes_of_any_length_and_number_are_handed_through(tmp_path, capsys):
    path, notes = tmp_path / "facts.json", {f"note {k}": "x" * 20_000 for k in range(30)}
    path.write_text(json.dumps({"total_offense_level": 31, "a" + "(x)" * 3000: 1, **notes}))
    assert main(["cases", str(path)]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["extra"].keys() > notes.keys()
    assert told.err.endswith("note 18 and more\n")


def test_a_problem_that_a_list_has_many_times_is_told_once(tmp_path, capsys):
    path = tmp_path / "facts.json"
    path.write_text(json.dumps({"adjustments": [{"section": "3B1.2", "levels": -2}] * 50}))
    assert main(["case", str(path)]) == BAD_USAGE
    assert capsys.readouterr().err.count("give mitigating_role") == 1


def test_a_sheet_of_a_hundred_thousand_columns_is_refused(tmp_path, capsys):
    path = tmp_path / "wide.csv"
    path.write_text(",".join(["case_id", *(f"rules.r{k}" for k in range(100_000))]) + "\n1\n")
    assert main(["cases", str(path)]) == BAD_USAGE
    assert "100,001 columns; at most 5,000 are read" in capsys.readouterr().err


def test_the_command_says_that_it_trusts_a_scheduler():
    done = subprocess.run([sys.executable, "-m", "sim", "sweep", "--help"], capture_output=True, text=True)
    assert "whoever runs it can run code here" in " ".join(done.stdout.split())


def test_letters_are_escaped_in_one_place():
    """Nothing else in the project takes control characters out of text."""
    root = Path(__file__).parents[2] / "sim"
    texts = {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in root.rglob("*.py")
    }
    assert [name for name, text in texts.items() if "x1b" in text or "x9f" in text] == ["base/text.py"]
