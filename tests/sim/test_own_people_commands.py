"""Every command takes people of one's own, and each of them gets a line of an answer."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pandas as pd
import pytest

from guidelines import LIFE
from sim.base.errors import SimulationError
from sim.cli import BAD_USAGE, DONE, main
from sim.output.store_read import read
from sim.population.ussc.read import read_ussc
from sim.runner import run

sys.path.insert(0, str(Path(__file__).parent))
from datafile import person, written


@pytest.fixture(scope="module")
def rows() -> list[dict[str, object]]:
    """Two dozen people of FY2013: most eligible, a career offender, one without a weight, one for life."""
    some = [person(2013, n, TOTPRISN=87 + n, CIRCDIST=1 + n % 5, AGE=25 + n) for n in range(20)]
    career = {"CAROFFAP": 1, "CAROFFLV": 34, "XFOLSOR": 31, "XCRHISSR": 6, "XMINSOR": 188, "XMAXSOR": 235,
              "GLMIN": 188, "GLMAX": 235, "TOTPRISN": 188}  # fmt: skip
    life = {"XFOLSOR": 43, "XMINSOR": 9996, "XMAXSOR": 9996, "GLMIN": 9996, "GLMAX": 9996, "TOTPRISN": 9996,
            "STATMAX": 9996, "BASEHI": 38, "WGT1": "", "MWGT1": "", "MWEIGHT": ""}  # fmt: skip
    return [*some, person(2013, 30, **career), person(2013, 31, **life)]


@pytest.fixture(scope="module")
def file(rows, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("own")
    return read_ussc(written(folder, 2013, rows, "csv")).people.write(folder / "people.csv")


def test_a_table_on_standard_output_stands_there_alone(file, tmp_path, capsys):
    given = ["run", "--people", str(file), "--out", str(tmp_path / "out"), "--worlds", "0", "--no-pictures"]
    assert main([*given, "--people-out", "-"]) == DONE
    told = capsys.readouterr()
    assert len(pd.read_csv(io.StringIO(told.out))) == 22
    assert "Written to" in told.err
    assert main([*given, "--people-out", "-", "--json"]) == BAD_USAGE
    assert "takes standard output for itself" in capsys.readouterr().err


def test_a_run_writes_one_row_a_person_in_words(file, tmp_path, capsys):
    out, table = tmp_path / "out", tmp_path / "each.csv"
    given = ["run", "--people", str(file), "--out", str(out), "--worlds", "2", "--no-pictures", "--no-cache"]
    assert main([*given, "--people-out", str(table)]) == DONE
    each = pd.read_csv(table, index_col="person_id")
    assert len(each) == 22 and each.index[0] == 1_000_000
    first = each.iloc[0]
    assert (first["code"], first["eligible"], first["reason"]) == ("eligible", "yes", "eligible")
    before, after = (
        [str(first[f"range_{end}_months_{when}"]) for end in ("minimum", "maximum")]
        for when in ("before", "after")
    )
    assert (before, after) == (["87", "108"], ["70", "87"])
    assert (first["imposed_term_months"], first["reduced_term_months"], first["cut_months"]) == (
        "87",
        "70",
        17,
    )
    assert first["release_if_granted"] < first["release_if_denied"]
    assert each.loc[1_000_030, "reason"] == "career offender range"
    life = each.loc[1_000_031]
    assert life["imposed_term_months"] == "life" and pd.isna(life["release_if_denied"])
    assert life["code"] == "needs_quantity_finding" and life["eligible"] == "open"
    assert not read(out).headline["published"].notna().any()


def test_a_table_of_people_in_parquet_holds_the_same(file, tmp_path):
    pytest.importorskip("pyarrow")
    place = tmp_path / "each.parquet"
    out = str(tmp_path / "out")
    assert main(["run", "--people", str(file), "--out", out, "--worlds", "0", "--no-pictures",
                 "--people-out", str(place)]) == DONE  # fmt: skip
    table = pd.read_parquet(place)
    assert table.loc[1_000_031, "imposed_term_months"] == LIFE and (table["eligible"] == "yes").sum() == 20


def test_the_waterfall_is_the_sum_of_the_people(file):
    from sim.population.population import Population

    result = run("drugs-minus-two", population=Population.read(file), worlds=0)
    counted = result.people["counted_as"].value_counts()
    steps = result.eligibility_waterfall.set_index("code")["persons"]
    for code, persons in steps.drop(["all", "eligible"]).items():
        assert counted[code] == persons
    assert result.people["reduced_term_months"].le(result.people["imposed_term_months"]).all()


def test_a_stored_result_keeps_no_people(file, tmp_path):
    out = str(tmp_path / "out")
    assert main(["run", "--people", str(file), "--out", out, "--worlds", "0", "--no-pictures"]) == DONE
    with pytest.raises(SimulationError, match="keeps no people"):
        _ = read(out).people


def test_compare_report_sensitivity_and_sweep_take_the_same_people(file, tmp_path, capsys):
    pytest.importorskip("pyarrow")
    out, people = str(tmp_path / "out"), ["--people", str(file)]
    assert main(["compare", "drugs-minus-two", "no-delay", *people, "--worlds", "2", "--json"]) == DONE
    told = json.loads(capsys.readouterr().out)
    assert told
    assert main(["run", *people, "--out", out, "--worlds", "2", "--no-pictures"]) == DONE
    page = tmp_path / "page.html"
    assert (
        main(["report", out, *people, "--compare", "no-delay", "--no-explorer", "--html", str(page)]) == DONE
    )
    assert page.stat().st_size > 10_000
    assert main(["report", out, "--compare", "no-delay", "--no-explorer", "--html", str(page)]) == BAD_USAGE
    assert "run both on the same people" in capsys.readouterr().err
    assert main(["sensitivity", *people, "--jobs", "1", "--json"]) == DONE
    assert "placement_lag_months" in (text := capsys.readouterr().out) and "jail_credit_months" not in text
    plan = tmp_path / "sweep.toml"
    plan.write_text('scenarios = ["drugs-minus-two"]\n[parameters]\n"judges.approval_rate" = [0.5, 0.9]\n')
    folder = tmp_path / "many"
    assert main(["sweep", str(plan), *people, "--jobs", "1", "--out", str(folder)]) == DONE
    table = pd.read_parquet(folder)
    stock = table[(table["quantity"] == "stock") & (table["drug"] == "all")]
    assert stock["value"].tolist() == [22.0, 22.0]


def test_cases_take_a_datafile(rows, tmp_path, capsys):
    path, out = written(tmp_path, 2013, rows, "csv"), tmp_path / "answers.jsonl"
    assert main(["cases", "--from", "ussc", str(path), "--output", str(out), "--jobs", "1"]) == DONE
    answers = [json.loads(line) for line in out.read_text().splitlines()]
    assert len(answers) == 22 and answers[0]["case_id"] == "1000000" and answers[0]["code"] == "eligible"
    assert "22 rows read" in capsys.readouterr().err


def test_rows_set_aside_are_said_and_the_rest_is_run(file, tmp_path, capsys):
    bad = tmp_path / "bad.csv"
    bad.write_text(
        file.read_text().replace(",Heroin,", ",Herion,", 1).replace("1000000,Heroin", "1000000,Herion", 1)
    )
    given = ["run", "--people", str(bad), "--out", str(tmp_path / "out"), "--worlds", "0", "--no-pictures"]
    assert main(given) == DONE
    err = capsys.readouterr().err
    assert "minustwo: set aside:" in err and "'Herion' is not one of the known names" in err


def test_terms_far_outside_their_range_are_kept_and_told(tmp_path):
    odd = person(2013, 1, XFOLSOR=14, XCRHISSR=1, XMINSOR=15, XMAXSOR=21, GLMIN=15, GLMAX=21, BASEHI=16,
                 WGT1=20, MWGT1=20_000, MWEIGHT=20_000, STATMIN=0, TOTPRISN=299, BOOKERCD=0)  # fmt: skip
    people = read_ussc(written(tmp_path, 2013, [odd, person(2013, 2)], "csv")).people
    result = run("drugs-minus-two", population=people, worlds=0)
    assert len(result.people) == 2
    assert any("1 of 2 have the position within" in line and "299 months" in line for line in result.assumed)
