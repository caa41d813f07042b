from __future__ import annotations

import tomllib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidelines import tables
from guidelines.amendments import Amendment
from guidelines.manual import Manual
from sim.base.errors import ScenarioError
from sim.scenario import library as scenario_library
from sim.scenario.problems import toml_of
from sim.scenario.scenario import Scenario
from sim.scenario.schema import schema, schema_text

BASE = Scenario.load("drugs-minus-two")


def refused(text: str) -> list[str]:
    """The problems of a scenario text, without the name of the file."""
    with pytest.raises(ScenarioError) as wrong:
        Scenario.from_toml(text, "mine.toml")
    return [line.removeprefix("mine.toml") for line in wrong.value.problems]


@pytest.mark.parametrize("name", scenario_library.names())
def test_a_shipped_scenario_loads_has_the_name_of_its_file_and_names_its_source(name):
    scenario = Scenario.load(name)
    assert scenario.name == name
    assert scenario.title and scenario.description and scenario.source
    assert scenario.text.startswith("# "), "a shipped scenario begins with a comment that says what it is"


def test_the_law_of_2015_is_the_scenario_that_leaves_everything_out():
    assert Scenario(name="drugs-minus-two").model_dump(exclude={"amendment"}) | {
        "title": BASE.title,
        "description": BASE.description,
        "source": BASE.source,
    } == BASE.model_dump(exclude={"amendment"})
    assert (BASE.dates.effective, BASE.dates.earliest_release) == (date(2014, 11, 1), date(2015, 11, 1))
    left_out = Scenario(name="x").amendment
    assert Manual.on(left_out.manual_before).editions == Manual.on(BASE.amendment.manual_before).editions
    assert left_out.manual_after == BASE.amendment.manual_after


def test_defaults_are_the_figures_of_the_tables():
    targets, assumed = tables.reference("calibration_targets"), tables.reference("assumptions")
    assert BASE.judges.as_of == "2015-11-02"
    row = tables.reference("courts").row(as_of="2015-11-02", amendment="782", world="centre")
    for field in tables.reference("courts_parameters").column("name"):
        assert getattr(BASE.judges, field) == float(row[field])
    assert BASE.people.stock == int(targets.row(id="T01")["value"])
    assert BASE.dates.horizon_months == float(assumed.row(name="horizon_months")["value"])


@pytest.mark.parametrize("number", ["706", "750", "821A", "821B"])
def test_another_amendment_brings_its_own_dates_and_manuals(number):
    scenario = Scenario.from_toml(
        f'name = "other"\nbased_on = "drugs-minus-two"\n[amendment]\nname = "{number}"'
    )
    law = Amendment.load(number)
    assert scenario.amendment.law() == law
    assert scenario.dates.earliest_release.isoformat() == law.order_effective_from
    assert scenario.amendment.manual_after.isoformat() == law.effective_from
    assert scenario.amendment.manual_before < scenario.amendment.manual_after
    # Only the courts of 706 were seen apart; others are taken to be like those of 782.
    assert (scenario.judges == BASE.judges) == (number != "706")


def test_no_delay_differs_from_the_law_in_the_day_of_release_alone():
    other = Scenario.load("no-delay")
    assert other.dates.earliest_release == date(2014, 11, 1)
    assert other.but({"dates.earliest_release": BASE.dates.earliest_release}).hash == BASE.hash


@pytest.mark.parametrize("name, levels", [("minus-one", -1), ("minus-three", -3)])
def test_a_hypothetical_amendment_changes_levels_and_nothing_else(name, levels):
    other = Scenario.load(name)
    assert other.amendment.law().changes[0]["levels"] == levels
    assert (other.dates, other.judges, other.limits, other.people) == (
        BASE.dates,
        BASE.judges,
        BASE.limits,
        BASE.people,
    )
    assert other.amendment.manual_before == BASE.amendment.manual_before


def test_crack_at_the_powder_ratio_is_a_few_lines():
    scenario = Scenario.from_toml(
        'name = "one-to-one"\n[amendment]\nlike = "782"\nname = "one to one"\n'
        '[[amendment.change]]\nkind = "thresholds"\ndrug = "crack"\nthresholds_of = "powder cocaine"\n'
    )
    (change,) = scenario.amendment.law().changes
    assert change == {
        "table": "drug_quantity",
        "kind": "thresholds",
        "drug": "crack",
        "thresholds_of": "powder cocaine",
    }
    assert Scenario.from_toml(scenario.but({"title": "made anew"}).text).hash == scenario.hash


def test_a_scenario_cannot_be_changed_but_a_changed_one_can_be_made():
    with pytest.raises(ValueError, match="frozen"):
        BASE.judges.approval_rate = 0.1
    other = BASE.but({"judges.approval_rate": 0.5, "limits.criminal_history_categories": [2, 1]})
    assert other.judges.approval_rate == 0.5
    assert other.limits.criminal_history_categories == (1, 2)
    assert BASE.judges.approval_rate != 0.5
    with pytest.raises(
        ScenarioError, match=r"judges\.aproval_rate: unknown key; did you mean approval_rate\?"
    ):
        BASE.but({"judges.aproval_rate": 0.5})


def test_the_hash_knows_rules_from_words():
    assert BASE.but({"title": "another", "name": "another"}).hash == BASE.hash
    assert BASE.but({"title": "another"}) != BASE
    hashes = {
        BASE.but({key: value}).hash
        for key, value in {
            "judges.approval_rate": 0.91,
            "judges.approval_spread": 0.11,
            "dates.horizon_months": 121,
            "dates.earliest_release": date(2015, 11, 2),
            "limits.exclude_weapon": True,
            "limits.criminal_history_categories": [1, 2],
            "people.stock": 100_887,
        }.items()
    }
    assert len(hashes | {BASE.hash}) == 8


@given(
    rate=st.floats(0, 1),
    share=st.floats(0, 1),
    stock=st.integers(1, 2_000_000),
    words=st.text(st.characters(exclude_categories=["C"], include_characters="\n\t")),
    categories=st.sets(st.integers(1, 6), min_size=1),
    excluded=st.booleans(),
)
def test_text_made_from_a_scenario_gives_the_scenario_back(rate, share, stock, words, categories, excluded):
    scenario = BASE.but(
        {
            "judges.approval_rate": rate,
            "judges.approval_spread": min(0.5, share * (rate * (1 - rate)) ** 0.5),
            "people.stock": stock,
            "description": words,
            "limits.criminal_history_categories": sorted(categories),
            "limits.exclude_weapon": excluded,
        }
    )
    again = Scenario.from_toml(scenario.text)
    assert again == scenario and again.hash == scenario.hash and hash(again) == hash(scenario)


def test_every_problem_is_named_at_once_with_its_line_and_what_would_do():
    text = (
        'name = "My scenario"\n'
        'titel = "x"\n'
        "approval_rate = 0.4\n"
        "[amendmnt]\n"
        "[amendment]\n"
        'name = "78"\n'
        "manual_before = 1979-11-01\n"
        'manual_after = "2014-13-01"\n'
        "[judges]\n"
        "approval_rate = 1.4\n"
        'approval_spread = "0.1"\n'
        "decision_months_median = nan\n"
        "[limits]\n"
        "criminal_history_categories = [1, 2, 9]\n"
        "exclude_weapn = true\n"
        "exclude_violence = 1\n"
        "[dates]\n"
        "horizon_months = 12.5\n"
        "earliest_release = 2013-01-01\n"
        "reference = 2014-11-01T10:00:00\n"
        "[people]\n"
        "stock = -4\n"
    )
    first = tables.editions("drug_quantity")[0]
    assert refused(text) == [
        ":1: name: 'My scenario' is not allowed; use lower-case letters, digits, hyphens and dots",
        ":2: titel: unknown key; did you mean title?",
        ":3: approval_rate: unknown key; approval_rate belongs under [judges]",
        ":4: amendmnt: unknown key; did you mean amendment?",
        ":6: amendment.name: no amendment '78' is encoded; did you mean 782?; "
        "a hypothetical amendment also needs `like`",
        ":7: amendment.manual_before: 1979-11-01 is before the first edition of the drug guideline here, "
        f"{first}",
        ":8: amendment.manual_after: '2014-13-01' is not a day; write it as 2014-11-01",
        ":10: judges.approval_rate: 1.4 is not allowed; 0 to 1 is allowed",
        ":11: judges.approval_spread: must be a number, 0 to 5 is allowed, not '0.1'",
        ":12: judges.decision_months_median: must be a finite number, 0 to 240 is allowed, not nan",
        ":14: limits.criminal_history_categories.2: 9 is not allowed; 1 to 6 is allowed",
        ":15: limits.exclude_weapn: unknown key; did you mean exclude_weapon?",
        ":16: limits.exclude_violence: must be true or false, not 1",
        ":18: dates.horizon_months: must be a whole number, 1 to 600 is allowed, not 12.5",
        ":19: dates.earliest_release: 2013-01-01 is before effective, 2014-11-01; "
        "no order can take effect before",
        ":20: dates.reference: 2014-11-01T10:00:00 is not a day; write it as 2014-11-01",
        ":22: people.stock: -4 is not allowed; 1 to 2000000 is allowed",
    ]


@pytest.mark.parametrize(
    "text, problem",
    [
        ("", ": name: is missing"),
        ('name = "x"\nbasedon = "no-delay"', ":2: basedon: unknown key; did you mean based_on?"),
        ('name = "x"\n[people]\nzebra = 1', ":3: people.zebra: unknown key; known here: stock"),
        ('name = "x"\njudges = 3', ":2: judges: must be a table, not 3"),
        (
            'name = "x"\nbased_on = "drugs-minus-too"',
            ":2: based_on: no shipped scenario 'drugs-minus-too'; did you",
        ),
        ('name = "x"\nbased_on = 3', ":2: based_on: no shipped scenario 3"),
        ('name = "x"\n[amendment]\nlevels = -1', ":2: amendment: amendment: levels needs like"),
        (
            'name = "x"\n[amendment]\nlike = "782"\nlevels = 1',
            ":4: amendment.levels: 1 is not allowed; -20 to 0",
        ),
        (
            'name = "x"\n[amendment]\nlike = "783"\nlevels = -1',
            ":3: amendment.like: no amendment '783' is encoded",
        ),
        ('name = "x"\n[amendment]\nname = "506"', ":3: amendment.name: no amendment '506' is encoded"),
        (
            'name = "x"\n[amendment]\nmanual_before = 2014-11-01\nmanual_after = 2013-11-01',
            ":4: amendment.manual_after: 2013-11-01 is before manual_before, 2014-11-01",
        ),
        (
            'name = "x"\n[amendment]\nlike="782"\n[[amendment.change]]\nkind = "treshold"',
            ":5: amendment.change.0.kind: 'treshold' is not known; allowed: 'lower' or 'thresholds'",
        ),
        (
            'name = "x"\n[amendment]\nlike = "782"\n[[amendment.change]]\nkind = "thresholds"\n'
            'drug = "crak"\nthresholds_of = "crack"',
            ":2: amendment: §2D1.1(c) edition 2010-11-01: unknown drug 'crak'; did you mean crack?",
        ),
        (
            'name = "x"\n[judges]\napproval_rate = 0.9\napproval_rate_all_motions = 0.9\n'
            "ineligible_motion_share = 0.0625",
            ":2: judges: approval_rate = 0.9 and approval_rate_all_motions = 0.9 contradict each other where "
            "0.938 of all motions are by eligible people; set one of the two",
        ),
        (
            'name = "x"\n[limits]\ncriminal_history_categories = [1, 1]',
            ":3: limits.criminal_history_categories: a c",
        ),
        (
            'name = "x"\n[limits]\ncriminal_history_categories = []',
            ":3: limits.criminal_history_categories: ",
        ),
        (
            'name = "x"\n[dates]\nhorizon_months = 601',
            ":3: dates.horizon_months: 601 is not allowed; 1 to 600",
        ),
        ('name = "x"\nname = "y"', ":2, at the end: not valid TOML: cannot overwrite a value"),
        ("name = \n", ":1, column 8: not valid TOML: invalid value"),
        ("[a", ":1, at the end: not valid TOML: expected ']'"),
    ],
)
def test_a_mistake_is_told_in_one_line(text, problem):
    (line,) = refused(text)
    assert line.startswith(problem)
    assert "\n" not in line


@pytest.mark.parametrize("letter", ["\n", "\t", "\x07", "\x1b", "\u202e", "\ufeff"])
def test_a_title_is_one_line_of_letters_that_can_be_shown(letter):
    with pytest.raises(ScenarioError) as wrong:
        BASE.but({"title": f"ab{letter}c"})
    (told,) = wrong.value.problems
    assert told == (
        f"{BASE.name}: title: character 3 is {letter!r}, which cannot be shown; plain text is accepted, in "
        "one line"
    )


def test_a_description_may_have_lines_and_nothing_else_that_cannot_be_shown():
    assert BASE.but({"description": "one\n\ttwo"}).description == "one\n\ttwo"
    with pytest.raises(ScenarioError, match=r"description: character 1 is .*; plain text is accepted$"):
        BASE.but({"description": "\x1b[31m"})


def test_toml_that_is_broken_in_an_unforeseen_way_is_still_told_in_one_line(monkeypatch):
    def odd(text):
        raise tomllib.TOMLDecodeError("odd")

    monkeypatch.setattr(tomllib, "loads", odd)
    with pytest.raises(ScenarioError, match=r"^mine\.toml: not valid TOML: odd$"):
        toml_of("", "mine.toml", ScenarioError)


def test_a_missing_or_unreadable_file_is_told_in_one_line(tmp_path):
    latin = tmp_path / "latin.toml"
    latin.write_bytes('name = "é"'.encode("latin-1"))
    for place, words in (
        (tmp_path / "none.toml", "no such file"),
        (tmp_path, "cannot be read: Is a directory"),
        (latin, "not UTF-8 text, as TOML must be (byte 8)"),
        ("drug-minus-two", "no scenario is called 'drug-minus-two'; did you mean drugs-minus-two?"),
        ("tea", "no scenario is called 'tea'; known: approval-100"),
    ):
        with pytest.raises(ScenarioError) as wrong:
            Scenario.load(place)
        assert words in str(wrong.value) and "\n" not in str(wrong.value)


def test_a_file_saved_by_a_windows_editor_reads_the_same(tmp_path):
    file = tmp_path / "windows.toml"
    file.write_bytes(b"\xef\xbb\xbf" + BASE.text.replace("\n", "\r\n").encode())
    assert Scenario.load(file) == BASE
    assert Scenario.load(str(file)).text == BASE.text


def test_a_shipped_name_is_not_taken_for_a_file_here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").write_text('name = "mine"')
    with pytest.raises(ScenarioError, match=r"for the file of that name here write \./mine"):
        Scenario.load("mine")
    assert Scenario.load("./mine").name == "mine"


def test_the_schema_in_the_folder_is_current(generated):
    generated("scenarios/schema.json", schema_text())


def test_the_schema_accepts_what_is_shipped_and_refuses_what_the_reader_refuses():
    jsonschema = pytest.importorskip("jsonschema")
    checker = jsonschema.Draft202012Validator(schema())
    for name in scenario_library.names():
        data = tomllib.loads(scenario_library.read(scenario_library.find(name)))
        shown = {
            key: {k: v.isoformat() if isinstance(v, date) else v for k, v in value.items()}
            if isinstance(value, dict)
            else value
            for key, value in data.items()
        }
        assert list(checker.iter_errors(shown)) == [], name
    for broken in (
        {},
        {"name": "My scenario"},
        {"name": "x", "titel": "x"},
        {"name": "x", "judges": {"approval_rate": 1.4}},
        {"name": "x", "limits": {"criminal_history_categories": [9]}},
        {"name": "x", "amendment": {"like": "783"}},
    ):
        assert list(checker.iter_errors(broken)), broken
    assert list(checker.iter_errors({"name": "x"})) == []


def test_the_repr_names_the_scenario():
    assert repr(BASE) == f"<Scenario drugs-minus-two: {BASE.title} ({BASE.hash[:12]})>"
