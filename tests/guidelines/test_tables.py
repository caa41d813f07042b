"""The reader of the table files: what it gives, and one clear line for everything that can be wrong."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import guidelines
from guidelines import tables
from guidelines.errors import (
    BrokenTable,
    DateBeforeFirstEdition,
    GuidelineError,
    ImpossibleValue,
    UnknownName,
    UnknownTable,
    UnverifiedFigure,
)

GOOD = (
    "# title: T\n# section: 1A1.1\n# unit: levels\n# source: S\n# certainty: read\n"
    "# effective_from: 2006-11-01\n"
)


@pytest.fixture
def broken(tmp_path):
    def read(text, encoding="utf-8"):
        path = tmp_path / "2006-11-01.csv"
        path.write_bytes(text.encode(encoding))
        return tables.read_table(path, "toy")

    return read


def test_the_edition_in_force_is_the_last_that_has_begun():
    assert tables.law("drug_quantity", "2014-10-31").effective_from == "2010-11-01"
    assert tables.law("drug_quantity", date(2014, 11, 1)).effective_from == "2014-11-01"


def test_a_day_before_the_first_edition():
    with pytest.raises(
        DateBeforeFirstEdition, match=r"§2D1.1\(c\) .*1987-10-31 is before the first edition held, 1987-11-01"
    ):
        tables.law("drug_quantity", "1987-10-31")
    with pytest.raises(DateBeforeFirstEdition, match="before the first Manual, 1987-11-01: no"):
        guidelines.Manual.on("1987-01-01")


@pytest.mark.parametrize("day", ["2014-13-01", "yesterday", "", "2014"])
def test_a_day_that_is_none(day):
    with pytest.raises(ImpossibleValue, match="write it as 2014-11-01"):
        tables.law("drug_quantity", day)


def test_unknown_names_are_answered_with_the_nearest():
    with pytest.raises(UnknownTable, match="did you mean sentencing_table"):
        tables.law("sentencing_tabel", "2014-11-01")
    with pytest.raises(UnknownTable, match="no reference table 'nothing at all'"):
        tables.reference("nothing at all")
    with pytest.raises(UnknownName, match="no edition begins on 2011-11-01; editions: 1987-11-01"):
        tables.edition("drug_quantity", "2011-11-01")
    table = tables.law("sentencing_table", "2014-11-01")
    with pytest.raises(UnknownName, match="no column 'level'; did you mean offense_level"):
        table.column("level")
    with pytest.raises(UnknownName, match="no row with offense_level 44"):
        table.row(offense_level=44, criminal_history_category="I")
    with pytest.raises(UnknownName, match="6 rows with offense_level 30; give more keys"):
        table.row(offense_level=30)


def test_a_table_is_a_value_with_its_source():
    table = tables.law("sentencing_table", "2014-11-01")
    assert len(table) == len(list(table)) == 43 * 6
    assert "Manual" in table.meta["source"]
    assert repr(guidelines.Manual.on("2013-11-01")) == "<Manual 2010-11-01>"
    assert repr(table) == "<Table sentencing_table 1992-11-01: 258 rows, Sentencing Table>"
    assert table.figure("maximum_months", offense_level=43, criminal_history_category="VI") == guidelines.LIFE
    assert table.figure("minimum_months", offense_level=32, criminal_history_category="III") == 151
    with pytest.raises(TypeError):
        table.rows[0]["offense_level"] = "2"
    with pytest.raises(AttributeError, match=r"<Table sentencing_table .* cannot be changed"):
        table.rows = ()
    assert len(table.replaced(table.rows[:6])) == 6 and len(table) == 43 * 6


def test_an_unverified_figure_feeds_no_default(broken):
    table = broken(GOOD + "rule,value,certainty,source\na,1,unverified,memory\nb,2,read,seen\n")
    assert table.figure(rule="b") == 2
    with pytest.raises(UnverifiedFigure, match="a, 1, unverified is unverified and feeds no default"):
        table.figure(rule="a")
    with pytest.raises(UnverifiedFigure):
        _ = table.verified


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the header lacks title, section, unit, source, certainty"),
        (GOOD.replace("# source: S\n", ""), "the header lacks source"),
        (GOOD.replace("# title: T", "# title"), "line 1: not '# key: value'"),
        (GOOD + "a,b\n1,2\n3\n", "line 9: 1 cells under 2 columns"),
        (GOOD + "a,a\n1,2\n", "column names missing or doubled: a, a"),
        (GOOD, "column names missing or doubled"),
        (GOOD + 'a,b\n"1,2\n', "2006-11-01.csv of toy, line"),
    ],
)
def test_a_broken_file_is_named_with_its_line(broken, text, says):
    with pytest.raises(BrokenTable, match=says):
        broken(text)


def test_a_file_that_is_no_utf8(broken, tmp_path):
    with pytest.raises(BrokenTable, match="cannot be read"):
        broken(GOOD.replace("T", "§"), encoding="latin-1")
    with pytest.raises(BrokenTable, match="cannot be read"):
        tables.read_table(tmp_path / "absent.csv", "toy")


def test_notes_are_kept_in_order(broken):
    assert broken(GOOD + "# note: one\n# note: two: three\na\n1\n").meta["note"] == ("one", "two: three")


def test_the_folder_is_the_packed_copy_or_the_sibling(monkeypatch, tmp_path):
    packed = tmp_path / "guidelines"
    (packed / "_tables").mkdir(parents=True)
    tables.folder.cache_clear()
    monkeypatch.setattr(tables, "__file__", str(packed / "tables" / "__init__.py"))
    try:
        assert tables.folder() == packed / "_tables"
        tables.folder.cache_clear()
        (packed / "_tables").rmdir()
        with pytest.raises(BrokenTable, match="no table folder"):
            tables.folder()
        (tmp_path / "tables").mkdir()
        assert tables.folder() == tmp_path / "tables"
    finally:
        tables.folder.cache_clear()


def test_every_error_is_a_value_error_of_one_line():
    for ask in (
        lambda: tables.law("drug_quantity", "1980-01-01"),
        lambda: tables.law("drugs", "2014-11-01"),
        lambda: guidelines.Manual.on("2014-11-01").drug_index("tea"),
    ):
        with pytest.raises(GuidelineError) as caught:
            ask()
        assert isinstance(caught.value, ValueError)
        assert "\n" not in str(caught.value)


def test_public_names_resolve_and_others_do_not():
    for name in guidelines.__all__:
        assert getattr(guidelines, name) is not None
        assert name in dir(guidelines)
    with pytest.raises(AttributeError, match="no attribute 'worksheets'"):
        _ = guidelines.worksheets
    with pytest.raises(AttributeError, match="no attribute 'Law'"):
        _ = tables.Law


def test_import_loads_neither_numpy_nor_what_is_slow_to_import():
    code = (
        f"import sys; sys.path.insert(0, {str(Path(guidelines.__file__).parent.parent)!r});"
        "import guidelines, guidelines.tables as t; t.law('sentencing_table', '2014-11-01');"
        "print([name for name in ('numpy', 'guidelines.manual', 'dataclasses', 'difflib')"
        " if name in sys.modules])"
    )
    # -S: what the environment itself loads at the start is not ours.
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")
