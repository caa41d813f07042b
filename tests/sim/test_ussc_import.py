"""The Commission's datafiles: every format, every year's breaks, every trap, and a report that adds up."""

from __future__ import annotations

import csv
import lzma
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from guidelines import LIFE, analyze_case
from sim.base.errors import PopulationError, SimulationError
from sim.cli import BAD_USAGE, DONE, main
from sim.population.population import Population
from sim.population.ussc.read import read_ussc
from sim.population.ussc.variables import fiscal_year, known_years, variables
from sim.runner import run
from sim.scenario.scenario import Scenario

sys.path.insert(0, str(Path(__file__).parent))
from datafile import as_csv, as_fixed_width, as_laid_out, person, written

FORMS = ("csv", "lower-case csv", "csv.xz", "zip of csv", "dat", "zip of dat")
YEARS = (2002, 2004, 2010, 2014, 2018, 2024)
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "ussc"


def imported(folder: Path, year: int, *rows: dict[str, object], form: str = "csv"):
    return read_ussc(written(folder, year, list(rows), form))


def one(folder: Path, year: int = 2013, **changed: object) -> pd.Series:
    """What one row becomes."""
    return imported(folder, year, person(year, 1, **changed)).people.frame.iloc[0]


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("form", FORMS)
def test_every_format_of_every_year_gives_the_same_people(tmp_path, year, form):
    rows = [person(year, n, TOTPRISN=80 + n) for n in range(5)]
    data = imported(tmp_path, year, *rows, form=form)
    frame = data.people.frame
    assert data.report.read == data.report.used == 5 and data.report.trust.share == 1
    assert frame["imposed_term_months"].tolist() == [80, 81, 82, 83, 84]
    assert frame.index.tolist() == [1_000_000 + n for n in range(5)]
    assert frame["sentenced_on"].dt.year.unique().tolist() == [year]
    assert set(frame["drug"]) == {"Heroin"} and set(frame["quantity_grams"]) == {800.0}


def test_a_file_of_spss_gives_the_same_people(tmp_path):
    pytest.importorskip("pyreadstat")
    rows = [person(2014, n, TOTPRISN=80 + n) for n in range(3)]
    one, other = (imported(tmp_path, 2014, *rows, form=form).people for form in ("sav", "csv"))
    assert one.hash == other.hash


def test_a_file_of_spss_without_pyreadstat_says_what_to_install(tmp_path, monkeypatch):
    pytest.importorskip("pyreadstat")
    path = written(tmp_path, 2014, [person(2014, 1)], "sav")
    monkeypatch.setitem(sys.modules, "pyreadstat", None)
    with pytest.raises(SimulationError, match=r"need pyreadstat .*\[spss\]"):
        read_ussc(path)


def test_every_year_known_has_what_the_importer_needs():
    first, last = known_years()
    assert (first, last) == (2002, 2025)
    for year in range(first, last + 1):
        fields = {each.field for each in variables(year)}
        assert {"total_offense_level", "criminal_history_category", "drug", "guideline", "position"} <= fields
        assert {"sentence_date", "sentence_month", "quarter"} & fields
    assert "CO924TAB" not in {each.name for each in variables(2003)}


def test_the_scope_is_counted_step_by_step_and_the_report_adds_up(tmp_path):
    rows = [
        person(2014, 1),
        person(2014, 2, SOURCES=8, GDLINEHI="2B1.1"),
        person(2014, 3, ONLY924C=1),
        person(2014, 4, GDLINEHI="2L1.2"),
        person(2014, 5, GDLINEHI="2D1.6", GDREFHI="2D1.1"),
        person(2014, 6, PRISDUM=0, TOTPRISN=0),
        person(2014, 7, XFOLSOR="."),
        person(2014, 8, TOTPRISN=9992),
        person(2014, 9, BASEHI="", DRUGTYP1="", WGT1="", MWGT1="", MWEIGHT="", NODRUG=""),
        person(2014, 10, STATMIN=120, STATMAX=480),  # 87 months, no relief
        person(2014, 1),  # FY2010 has a record twice
    ]
    data = imported(tmp_path, 2014, *rows)
    report = data.report
    assert (report.read, report.used) == (11, 2)
    assert dict(report.out_of_scope) == {
        "no guideline computation in the records (SOURCES)": 1,
        "only 18 U.S.C. 924(c) (ONLY924C)": 1,
        "another guideline than §2D1.1 (GDLINEHI, GDREFHI)": 1,
        "no prison term (PRISDUM)": 1,
    }
    assert report.refused.total() == len(data.set_aside) == 5
    why = dict(zip(data.set_aside["case_id"], data.set_aside["reason"], strict=True))
    assert why["1000007"] == "no total offense level (XFOLSOR)"
    assert why["1000008"] == "a term under one month"
    assert why["1000009"] == "neither base offense level nor weight of the drugs"
    assert "below statutory_minimum_months" in why["1000010"]
    assert why["1000001"] == "the case number stands twice (USSCIDN)"


def test_life_and_unknown_are_codes_of_their_variable_and_year(tmp_path):
    life = one(tmp_path, TOTPRISN=9996, XFOLSOR=43, XMINSOR=9996, XMAXSOR=9996, STATMAX=9996, BOOKERCD=1)
    assert life["imposed_term_months"] == life["statutory_maximum_months"] == LIFE
    assert life["table_minimum_months"] == LIFE and pd.isna(life["release_on"])
    assert (
        one(tmp_path, TOTPRISN=470, BOOKERCD=1)["imposed_term_months"] == 470
    )  # 470 is life in SENTTOT alone
    by_decimals = one(tmp_path, TOTPRISN=9997, SENTTOT=470, STATMAX=9996, BOOKERCD=1)
    assert by_decimals["imposed_term_months"] == LIFE
    old = one(tmp_path, 2010, GLMIN=996, GLMAX=996, BOOKERCD="", TOTPRISN=96)
    assert old["position"] == "court"  # below life
    assert (
        one(tmp_path, 2013, GLMIN=996, GLMAX=996, BOOKERCD="", TOTPRISN=996, STATMAX=9996)["position"]
        == "within"
    )
    assert one(tmp_path, STATMAX=6480)["statutory_maximum_months"] == 6480
    assert one(tmp_path, STATMAX=9990)["statutory_maximum_months"] == LIFE


def test_a_year_and_a_day_is_twelve_months_and_one_day(tmp_path):
    for given in ({"TOTPRISN": 12, "TOTDAYS": 1}, {"TOTPRISN": 9997, "TOTDAYS": "", "SENTTOT": "12.03"}):
        row = one(tmp_path, STATMIN=0, BOOKERCD=8, **given)
        assert (row["imposed_term_months"], row["imposed_term_days"]) == (12, 1)


@pytest.mark.parametrize(
    ("year", "given", "day"),
    [
        (2003, {"SENTDATE": "2003-05-09", "QUARTER": ""}, "2003-05-09"),
        (2014, {"SENTMON": 11, "SENTYR": 2013}, "2013-11-15"),
        (2024, {"QUARTER": 1}, "2023-11-15"),
        (2024, {"QUARTER": 4}, "2024-08-15"),
        (2014, {"SENTMON": "", "SENTYR": 2013, "QUARTER": ""}, "2013-11-15"),
    ],
)
def test_the_day_of_sentence_is_what_the_year_tells(tmp_path, year, given, day):
    assert str(one(tmp_path, year, **given)["sentenced_on"].date()) == day


@pytest.mark.parametrize(
    ("year", "given", "position"),
    [
        (2003, {"DEPART": 3}, "substantial assistance"),
        (2010, {"BOOKERCD": 8}, "court"),
        (2010, {"BOOKERCD": 5}, "substantial assistance"),
        (2018, {"SENTRNGE": 7}, "government variance"),
        (2018, {"SENTRNGE": 5}, "court"),
        (2018, {"SENTRNGE": "", "TOTPRISN": 70}, "court"),
    ],
)
def test_the_position_is_coded_as_its_year_codes_it(tmp_path, year, given, position):
    assert one(tmp_path, year, **given)["position"] == position


def test_district_lists_are_told_apart(tmp_path):
    assert one(tmp_path, CIRCDIST=8)["district"] == "New York Eastern"
    assert one(tmp_path, CIRCDIST="", DISTRICT="08")["district"] == "New York Southern"


def test_ice_and_actual_methamphetamine_are_themselves_and_several_drugs_stay_several(tmp_path):
    row = one(
        tmp_path,
        DRUGTYP1=10,
        WGT1=50,
        MWGT1=1_000_000,
        DRUGTYP2=1,
        WGT2=600,
        MWGT2=120_000,
        NODRUG=2,
        BASEHI=32,
    )
    assert (row["drug"], row["drug_2"], row["quantity_grams_2"]) == ("Ice", "Cocaine", 600)
    other = one(tmp_path, DRUGTYP1=113, WGT1=10, MWGT1=67_000)
    assert (other["drug"], other["quantity_grams"]) == ("Other", 67_000)
    missing = one(tmp_path, DRUGTYP2=1, WGT2="", NODRUG=2, MWEIGHT="")
    assert pd.isna(missing["quantity_grams"]) and missing["base_offense_level"] == 30


def test_terms_of_firearm_counts_are_served_after_and_stay_out_of_the_guideline_term(tmp_path):
    row = one(tmp_path, GUNMIN1=60, GLMIN=147, GLMAX=168, TOTPRISN=147)
    assert (row["imposed_term_months"], row["consecutive_term_months"]) == (87, 60)
    plain = one(tmp_path)
    assert (row["release_on"] - plain["release_on"]).days > 50 * 30
    inside = one(tmp_path, GUNMIN1=60, CO924TAB=3, CAROFFAP=1, CAROFFLV=34, XFOLSOR=31, XCRHISSR=6,
                 XMINSOR=262, XMAXSOR=327, GLMIN=262, GLMAX=327, TOTPRISN=262)  # fmt: skip
    assert (inside["imposed_term_months"], inside["firearm_term_months"]) == (262, 60)


def test_ranges_are_recomputed_and_those_that_differ_are_named(tmp_path):
    rows = [
        person(2014, 1),
        person(2014, 2, XMINSOR=100),
        person(
            2014, 3, CO924TAB=3, CAROFFAP=1, CAROFFLV=34, XFOLSOR=31, XCRHISSR=6, XMINSOR=262, XMAXSOR=327
        ),
        person(2014, 4, XFOLSOR=50, XMINSOR=9996, XMAXSOR=9996, STATMAX=9996),
    ]
    trust = imported(tmp_path, 2014, *rows).report.trust
    assert (trust.compared, trust.equal) == (4, 3)
    assert trust.others == ["1000002: level 27, category 3, recorded 100-108"]


def test_what_is_not_listed_or_no_whole_number_is_told_and_taken_as_missing(tmp_path):
    rows = [person(2014, n) for n in range(4)]
    rows += [person(2014, 5, STATMAX="4235.35"), person(2014, 6, DRUGTYP1=999), person(2014, 7, AGE="?")]
    data = imported(tmp_path, 2014, *rows)
    notes = "\n".join(data.report.notes)
    assert "STATMAX: 4235.35 is no whole number, in 1 rows (averages filled in?)" in notes
    assert "DRUGTYP*: code 999, which nobody listed, in 1 rows" in notes
    assert "AGE: '?' is no number, in 1 rows" in notes
    frame = data.people.frame
    assert frame.loc[1_000_005, "statutory_maximum_months"] == LIFE
    assert frame.loc[1_000_006, "drug"] == "Other" and pd.isna(frame.loc[1_000_007, "age_at_sentence"])


def bad_file(folder: Path, kind: str) -> tuple[Path, int | None]:
    rows = [person(2014, n) for n in range(30)]
    if kind == "wrong year":
        return written(folder, 2014, rows, "csv").rename(folder / "mine.csv"), 2015
    if kind == "layout":
        path = written(folder, 2014, rows, "dat")
        path.with_suffix(".sas").write_bytes(as_fixed_width(2018, [person(2018, 1)])[1])
        return path, None
    if kind == "cut lines":
        path = written(folder, 2014, rows, "dat")
        path.write_bytes(path.read_bytes()[:-500])
        return path, None
    if kind == "truncated zip":
        path = written(folder, 2014, rows, "zip of csv")
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        return path, None
    if kind == "truncated xz":
        content = lzma.compress(as_csv(2014, rows * 40))
        path = folder / "opafy14nid.csv.xz"
        path.write_bytes(content[: len(content) // 2])
        return path, None
    if kind == "no year":
        return written(folder, 2014, rows, "csv").rename(folder / "mine.csv"), None
    if kind == "column":
        path = folder / "opafy14nid.csv"
        path.write_bytes(as_csv(2014, rows).replace(b"XFOLSOR", b"LEVEL"))
        return path, None
    if kind == "scope":
        return written(folder, 2014, [row | {"GDLINEHI": "2L1.2"} for row in rows], "csv"), None
    if kind == "labels":
        return written(folder, 2014, [row | {"NEWCIT": "US citizen"} for row in rows], "csv"), None
    if kind == "no layout":
        path = written(folder, 2014, rows, "dat")
        path.with_suffix(".sas").unlink()
        return path, None
    path = folder / "opafy14nid.csv"
    path.write_bytes(b"name,town\nJos\xe9,Ca\xf1on\n")
    return path, None


BAD = {
    "wrong year": "most rows were sentenced in fiscal year 2014 (SENTMON, SENTYR), not 2015; give --year",
    "layout": "the layout says",
    "cut lines": "the file is cut short or another year's",
    "truncated zip": "broken or cut short",
    "truncated xz": "broken or cut short",
    "no year": "no fiscal year in the name (opafyYYnid) and none in the file; give --year 2014",
    "column": "no column XFOLSOR, which fiscal year 2014 has; take the Commission's whole file",
    "scope": "none of 30 rows is in scope: 30 another guideline than §2D1.1 (GDLINEHI, GDREFHI)",
    "labels": "NEWCIT holds 'US citizen' where a code belongs; export the codes, not their value labels",
    "no layout": "no opafy14nid.sas beside it, which says where its columns are",
    "other": "no column XFOLSOR and no XCRHISSR, which fiscal year 2014 has; this is no datafile",
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_gets_one_line_and_nothing_is_written(tmp_path, capsys, kind):
    path, year = bad_file(tmp_path, kind)
    before = sorted(tmp_path.iterdir())
    out, aside = tmp_path / "people.csv", tmp_path / "aside.csv"
    given = ["people", "import", str(path), "--out", str(out), "--set-aside", str(aside)]
    assert main(given + (["--year", str(year)] if year else [])) == BAD_USAGE
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"minustwo: error: {path}") and BAD[kind] in line
    assert sorted(tmp_path.iterdir()) == before


def test_latin_1_bytes_and_quoted_commas_do_no_harm(tmp_path):
    path = tmp_path / "opafy14nid.csv"
    path.write_bytes(as_csv(2014, [person(2014, 1, DESCRIP1="caf\xe9, \xf1")], ends="\n"))
    assert len(read_ussc(path).people) == 1


def test_a_file_named_for_one_year_is_not_read_as_another(tmp_path):
    with pytest.raises(PopulationError, match="the name says fiscal year 2014, --year says 2013"):
        fiscal_year(tmp_path / "opafy14nid.csv", 2013)
    with pytest.raises(PopulationError, match="variables of 2002 to 2025 are known"):
        fiscal_year(tmp_path / "opafy99nid.csv", 2099)
    assert fiscal_year(tmp_path / "OPAFY03NID.zip", None) == 2003


def test_the_way_of_a_year_from_one_command_to_the_next(tmp_path, capsys):
    rows = [person(2014, n, TOTPRISN=120 + n % 9, GLMIN=120, BOOKERCD=1) for n in range(40)]
    rows += [person(2014, 99, GDLINEHI="2L1.2")]
    path, out, aside = written(tmp_path, 2014, rows, "zip of csv"), tmp_path / "p.csv", tmp_path / "aside.csv"
    assert main(["people", "import", str(path), "--out", str(out), "--set-aside", str(aside)]) == DONE
    told = capsys.readouterr().out
    assert "41 rows read" in told and "1  out of scope: another guideline" in told and "40  used" in told
    assert "Ranges recomputed: 41 of 41 recorded (100.0 percent)" in told
    assert aside.read_text() == "case_id,reason\n"
    assert main(["people", "check", str(out), "--on", "2014-11-01"]) == DONE
    assert main(["people", "check", str(path)]) == BAD_USAGE
    assert "use minustwo people import" in capsys.readouterr().err
    assert main(["people", "check", str(written(tmp_path, 2014, rows, "csv"))]) == BAD_USAGE
    (line,) = capsys.readouterr().err.splitlines()
    assert "among them USSCIDN, XFOLSOR, XCRHISSR: this is a Commission datafile" in line


def test_the_law_takes_what_was_found(tmp_path):
    """Under 782 a base level of 30 becomes 28 by weight, by the level alone and by several drugs alike."""
    rows = [
        person(2013, 1),
        person(2013, 2, WGT1="", MWGT1="", MWEIGHT=""),
        person(2013, 3, WGT1=400, MWGT1=400_000, DRUGTYP2=1, WGT2=2_000, MWGT2=400_000, NODRUG=2),
        person(2013, 4, DRUGTYP1=77, WGT1="", MWGT1="", MWEIGHT=800_000),
        person(2013, 5, AMENDYR=2014),
        person(2013, 6, CAROFFAP=1, CAROFFLV=34, XFOLSOR=31, XCRHISSR=6, XMINSOR=188, XMAXSOR=235, GLMIN=188,
               GLMAX=235, TOTPRISN=188),
    ]  # fmt: skip
    people = imported(tmp_path, 2013, *rows).people
    result = run(Scenario.load("drugs-minus-two"), population=people, worlds=0)
    before, law = result.analysis.before, result.analysis.cut.law
    assert before["base_offense_level"].tolist() == [30] * 6
    assert before["total_offense_level"].tolist() == [27] * 5 + [31]
    assert before["table_range_minimum_months"].tolist() == [87] * 5 + [188]
    codes = law.code_names().tolist()
    assert codes == ["eligible"] * 4 + ["amendment_already_applied", "career_offender"]
    assert law["amended_range_minimum_months"][:4].tolist() == [70] * 4
    for record, code in zip(imported(tmp_path, 2013, *rows).cases, codes, strict=True):
        if code != "amendment_already_applied":  # a Manual later than the day is no fact of a case
            assert analyze_case(record)["code"] == code, record


def test_a_total_level_that_nothing_explains_is_a_record_that_contradicts_itself(tmp_path):
    people = imported(
        tmp_path, 2013, person(2013, 1), person(2013, 2, XFOLSOR=90, BASEHI=6, WGT1="", MWEIGHT="")
    ).people
    stock = people.stock("2013-11-01")
    assert any("1 of 2 have a total level that the others cannot give" in line for line in stock.assumed)


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the real rows beside the repository")
def test_the_real_rows_give_the_agreement_that_is_stated():
    data = read_ussc(SHARED / "ussc_fy2020_drug_extract_half.csv.xz", 2020)
    assert data.report.trust.share == 1 and data.report.trust.compared == 526
    with pytest.raises(PopulationError, match=r"Ranges recomputed: 407 of 407 recorded"):
        read_ussc(SHARED / "ussc_fy2015_new_york_east_half.csv.xz", 2015)


def test_numbers_of_people_survive_a_file(tmp_path):
    people = imported(tmp_path, 2014, person(2014, 1), person(2014, 2, WGT1="", MWGT1="", MWEIGHT="")).people
    again = Population.read(people.write(tmp_path / "people.csv"))
    assert again.hash == people.hash and again.provenance["fiscal_year"] == "2014"
    assert np.isnan(again.frame["quantity_grams"].iloc[1])


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("usscidn,judge_last_name,xfolsor", "JUSTFAIR"),
        ("USSCIDN,PV_FY,AGE", "supervision-violation extract"),
        ("USSCIDN,OFFGUIDE,SENTRNGE,MNTHDEPT,PCNTDEPT", "supplementary variables of a datafile"),
        ("year,population", "a series of counts (population, year), not people: of no use here"),
        ("Client,Sentenced,Drug,Quantity,Category", "a sheet of clients; use minustwo cases"),
    ],
)
def test_other_files_of_the_field_are_told_in_one_line(tmp_path, capsys, head, words):
    path = tmp_path / "file.csv"
    path.write_text(f"{head}\n{','.join('1' for _ in head.split(','))}\n")
    assert main(["people", "check", str(path)]) == BAD_USAGE
    (line,) = capsys.readouterr().err.splitlines()
    assert words in line


@pytest.mark.parametrize("year", [2015, 2016, 2018])
def test_a_file_in_the_columns_of_the_commission_gives_the_people_of_a_table(tmp_path, year):
    """Every variable where the year's own layout has it, tens of thousands of columns a line."""
    layout = SHARED / f"layout_fy{year}.csv.xz"
    if not layout.exists():
        pytest.skip(f"no layout of {year} at hand")
    most = {"STATMAX": 9996, "SMAX1": 9996, "MWEIGHT": ""}
    rows = [
        person(
            year, n, TOTPRISN=9996 if n % 7 == 6 else 60 + n, DRUGTYP1=1 + n % 4, WGT1=100 * n + 50.5, **most
        )
        for n in range(40)
    ]
    with lzma.open(layout, "rt", encoding="utf-8") as file:
        data, program = as_laid_out(csv.DictReader(file), rows)
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / f"opafy{year % 100}nid.sas").write_bytes(program)
    (tmp_path / "own" / f"opafy{year % 100}nid.dat").write_bytes(data)
    there = read_ussc(tmp_path / "own" / f"opafy{year % 100}nid.dat")
    here = imported(tmp_path, year, *rows)
    assert there.report.used == here.report.used == 40 and there.report.trust.share == 1
    pd.testing.assert_frame_equal(there.people.frame, here.people.frame)


SCENARIO_OF = {2004: "drugs-minus-two", 2010: "drugs-minus-two", 2014: "drugs-minus-two",
               2018: "criminal-history-2023", 2024: "later"}  # fmt: skip


@pytest.mark.parametrize(
    "wrong, told",
    [
        ({"DISTRICT": 999, "CIRCDIST": 999}, "code 999, which nobody listed, in 3 rows"),
        ({"XFOLSOR": 27.43}, "in 3 rows (averages filled in?)"),
    ],
)
def test_a_file_of_which_no_row_can_be_used_says_in_one_line_what_was_wrong(tmp_path, capsys, wrong, told):
    path = written(tmp_path, 2014, [person(2014, n, **wrong) for n in range(3)], "csv")
    assert main(["people", "import", str(path), "--out", str(tmp_path / "p.csv")]) == BAD_USAGE
    (line,) = capsys.readouterr().err.splitlines()
    assert "none of 3 rows in scope can be used" in line and told in line
    assert not (tmp_path / "p.csv").exists()


@pytest.mark.slow
@pytest.mark.parametrize("year", SCENARIO_OF)
def test_a_file_of_a_year_goes_the_whole_way(tmp_path, year, capsys):
    """Import, check, run, compare, report: from the file to the page."""
    later = tmp_path / "later.toml"
    text = (Path(__file__).resolve().parents[2] / "scenarios" / "criminal-history-2023.toml").read_text()
    for old, new in (("criminal-history-2023", "later"), ("reference = 2023-11-01", "reference = 2024-10-01"),
                     ("effective = 2023-11-01", "effective = 2024-10-01"),
                     ("release = 2024-02-01", "release = 2025-02-01")):  # fmt: skip
        text = text.replace(old, new)
    later.write_text(text)
    name = SCENARIO_OF[year]
    scenario = str(later) if name == "later" else name
    other = tmp_path / "other.toml"
    judges = "\n[judges]\napproval_rate = 0.5\n"
    if name == "later":
        other.write_text(text.replace('name = "later"', 'name = "other"') + judges)
    else:
        other.write_text(f'based_on = "{name}"\nname = "other"\n{judges}')
    rows = [
        person(year, n, TOTPRISN=240 + n, STATMAX=480, DEPART=1, BOOKERCD=3, SENTRNGE=1) for n in range(40)
    ]
    path, out, folder = written(tmp_path, year, rows, "zip of dat"), tmp_path / "p.csv", str(tmp_path / "out")
    assert main(["people", "import", str(path), "--out", str(out)]) == DONE
    assert main(["people", "check", str(out)]) == DONE
    own = ["--people", str(out)]
    assert main(["run", scenario, *own, "--worlds", "2", "--no-pictures", "--out", folder]) == DONE
    assert main(["compare", scenario, str(other), *own, "--worlds", "2"]) == DONE
    page = str(tmp_path / "page.html")
    assert main(["report", folder, *own, "--compare", str(other), "--no-explorer", "--html", page]) == DONE
    told = Path(page).read_text()
    assert "eligible" in told and "crowding" not in (Path(folder) / "outcomes.csv").read_text()


def test_what_stands_for_something_not_recorded_is_told(tmp_path):
    rows = [person(2014, 1, NEWRACE="", NEWCIT=""), person(2014, 2)]
    notes = imported(tmp_path, 2014, *rows).report.notes
    assert "race not recorded, counted as Other, in 1 rows" in notes
    assert "citizenship not recorded, taken as US citizen, in 1 rows" in notes


def test_a_datafile_is_never_written_over(tmp_path, capsys):
    path = written(tmp_path, 2014, [person(2014, 1)], "csv")
    before = path.read_bytes()
    assert main(["people", "import", str(path), "--out", str(path)]) == BAD_USAGE
    assert "is what is read here" in capsys.readouterr().err and path.read_bytes() == before
