"""Which assumptions a result depends on: one at a time, and all together."""

from __future__ import annotations

import json
import sys

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from guidelines import tables
from sim.base.courts_kept import NAMES, PARAMETERS
from sim.base.digits import rounded, six_digits
from sim.base.errors import SimulationError
from sim.cli import main
from sim.ensemble import parameter_sets
from sim.output import store_sensitivity
from sim.output.plots import sensitivity as pictures
from sim.output.plots import tornado
from sim.output.plots.style import MARGIN, PIXELS, STYLE, WIDTH
from sim.output.printed_sensitivity import ROWS, sensitivity_text
from sim.people.parameters import best
from sim.people.stock import synthesize
from sim.results.glossary_assumptions import ASSUMPTIONS
from sim.results.quantities_of_interest import describe
from sim.runner import through
from sim.scenario.scenario import Scenario
from sim.studies import factors as factors_module
from sim.studies import sensitivity, sobol
from sim.studies.factors import Assumptions, factors

THIN = 32
LAW = Scenario.load("drugs-minus-two")
SOME = (
    "approval_rate", "approval_spread", "decision_months_median", "top_tail_exponent", "koons", "rounding",
)  # fmt: skip


def some(scenario, **_):
    return [factor for factor in factors(scenario) if factor.name in SOME]


@pytest.fixture(scope="module")
def found():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sensitivity, "factors", some)
        return sensitivity.one_at_a_time(LAW, thin=THIN)


def moved(found, factor, setting, quantity="bed_years_saved"):
    chosen = found.moves["factor"].eq(factor) & found.moves["setting"].eq(setting)
    (row,) = found.moves[chosen & found.moves["quantity"].eq(quantity)].to_dict("records")
    return row


def test_every_parameter_and_every_judge_is_an_assumption_with_a_name_for_readers():
    known = {factor.id: factor for factor in factors(LAW)}
    assert {row["id"] for row in tables.reference("stock_parameters")} <= set(known)
    assert {row["id"] for row in tables.reference(PARAMETERS)} <= set(known)
    # J02 and J03 move new sentences, which are no quantity of the headline; J04 is no field of a scenario.
    assert {row["id"] for row in tables.reference("assumptions")} - set(known) == {"J02", "J03", "J04"}
    assert {factor.name for factor in factors(LAW)} <= set(ASSUMPTIONS)


def test_what_the_fit_leaves_lies_within_the_bounds():
    for factor in factors(LAW):
        if factor.kind == "stock":
            low, high = factor.bounds
            left = np.quantile([getattr(each, factor.name) for each in parameter_sets()], (0.05, 0.95))
            assert factor.plausible == tuple(left)
            assert low <= left[0] < left[1] <= high


def test_what_a_scenario_sets_itself_is_not_moved():
    asked = LAW.but({"judges.approval_rate": 0.5})
    names = {factor.name for factor in factors(asked)}
    assert "approval_rate" not in names and "decision_months_median" in names


def test_where_no_court_decides_nothing_about_courts_is_moved():
    kinds = {factor.name: factor.kind for factor in factors(Scenario.load("first-step-act-good-time"))}
    assert set(kinds.values()) == {"stock", "judges"}
    assert [name for name, kind in kinds.items() if kind == "judges"] == ["horizon_months"]


def test_new_sentences_alone_have_no_assumption_about_prisoners():
    with pytest.raises(SimulationError, match="prospective-only changes new sentences only"):
        factors(Scenario.load("prospective-only"))


def test_expected_bed_years_are_proportional_to_the_approval_rate(found):
    for side in ("low", "high"):
        row = moved(found, "approval_rate", side)
        assert row["value"] == pytest.approx(found.base["bed_years_saved"] * row["to"] / row["from"])


def test_the_spread_between_districts_moves_no_expected_value(found):
    for side in ("low", "high"):
        assert moved(found, "approval_spread", side)["difference"] == pytest.approx(0, abs=1e-6)


def test_later_orders_save_less_and_earlier_ones_more(found):
    assert moved(found, "decision_months_median", "low")["difference"] > 0
    assert moved(found, "decision_months_median", "high")["difference"] < 0


@pytest.mark.parametrize("setting", ["low", "high", "plausible_low"])
def test_a_parameter_of_the_stock_is_moved_as_if_the_stock_had_been_made_with_it(found, setting):
    row = moved(found, "top_tail_exponent", setting)
    parameters = best().but(top_tail_exponent=row["to"])
    people = synthesize(1, LAW.dates.reference, parameters, stock=LAW.people.stock, thin=THIN)
    again = describe(*through(people, LAW, parameters), LAW, parameters, THIN)
    assert row["value"] == pytest.approx(again["bed_years_saved"])
    assert row["difference"] == pytest.approx(again["bed_years_saved"] - found.base["bed_years_saved"])


def test_a_choice_of_law_is_moved_to_each_other_choice(found):
    rows = found.moves[(found.moves["factor"] == "koons") & (found.moves["quantity"] == "eligible")]
    assert dict(zip(rows["to"], rows["setting"], strict=True)) == {"always": "choice", "never": "choice"}
    assert rows.set_index("to")["difference"]["always"] < 0 == rows.set_index("to")["difference"]["never"]


def test_a_tornado_begins_with_what_moves_furthest(found):
    table = found.tornado("bed_years_saved")
    assert sorted(table["factor"]) == sorted(SOME)
    assert table["span"].is_monotonic_decreasing and table["span"].iloc[0] > 0
    row = table.set_index("factor").loc["approval_rate"]
    assert row["span"] == pytest.approx(row["high_difference"] - row["low_difference"])
    assert table.set_index("factor").loc["approval_spread", "span"] == 0


def test_pictures_hold_every_assumption_in_their_numbers_and_name_the_furthest(found):
    drawn = pictures.files(found, ["bed_years_saved"])
    assert {name.rpartition(".")[2] for name in drawn} == {"svg", "png", "csv", "txt"}
    table = found.tornado("bed_years_saved")
    assert drawn["tornado_bed_years_saved.csv"].decode() == rounded(table).to_csv(index=False)
    told = drawn["tornado_bed_years_saved.txt"].decode()
    assert f"The furthest: {table['label'].iloc[0]}, now" in told
    assert "Without any effect: spread of approval by district" in told
    assert pictures.show(found, "tornado_eligible").svg.startswith("<?xml")
    with pytest.raises(SimulationError, match="no picture 'tornado_elligible' of this; did you mean torn"):
        pictures.show(found, "tornado_elligible")


def test_luck_is_what_another_seed_makes_of_the_same_move(found):
    row = moved(found, "top_tail_exponent", "low")
    changed = Assumptions(LAW, best().but(top_tail_exponent=row["to"]))
    here, there = (
        sensitivity.headline_quantities(changed, seed, THIN)["bed_years_saved"]
        - sensitivity.headline_quantities(Assumptions(LAW), seed, THIN)["bed_years_saved"]
        for seed in (1, 2)
    )
    assert here == pytest.approx(row["difference"]) and here != there
    assert found.luck["bed_years_saved"] == pytest.approx(1.6448536 * abs(there - here) / 2**0.5)
    assert found.luck["stock"] == pytest.approx(0, abs=1e-6)


def test_luck_is_where_people_are_made_anew_and_nowhere_else(found):
    table = found.tornado("eligible")
    assert set(table.loc[table["kind"] != "stock", "luck"]) == {0.0}
    assert set(table.loc[table["kind"] == "stock", "luck"]) == {found.luck["eligible"]}
    words = f"Up to {found.luck['eligible']:,.0f} of a difference may be luck"
    assert words in sensitivity_text(found, ["eligible"])


def test_every_label_fits_into_its_room():
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH, 1), dpi=PIXELS)
        renderer = FigureCanvasAgg(figure).get_renderer()
        for label in ASSUMPTIONS.values():
            inches = figure.text(0, 0, label).get_window_extent(renderer).width / PIXELS
            assert inches < tornado.ROOM - MARGIN - 6 / 72, label


def test_the_text_has_a_line_for_each_assumption_that_moves_a_quantity(found):
    text = sensitivity_text(found, ["bed_years_saved"])
    moving = found.tornado("bed_years_saved").query("span > 0")["label"]
    assert len(moving) and all(name in text for name in moving.head(ROWS))
    still = found.tornado("bed_years_saved").query("span == 0")["label"]
    assert not [name for name in still if name in text] and max(map(len, text.splitlines())) <= 80


def test_a_folder_holds_what_was_found(found, tmp_path):
    place = store_sensitivity.write(found, tmp_path / "found", ["bed_years_saved"])
    held = json.loads((place / "summary.json").read_text())
    assert held["quantities"]["bed_years_saved"]["value"] == six_digits(found.base["bed_years_saved"])
    assert held["provenance"]["scenario_hash"] == LAW.hash
    assert len(pd.read_csv(place / "moves.csv")) == len(found.moves)
    store_sensitivity.write(found, place, ["eligible"])  # replaces
    assert (place / "pictures" / "tornado_eligible.svg").exists()
    assert not (place / "pictures" / "tornado_bed_years_saved.svg").exists()


def linear(asked, seed, thin, executor, step=None):
    """A known answer in the model's place: 2 a + b over the unit interval, c without a part in it."""
    found = []
    for assumed in asked:
        parts = []
        for factor in factors(LAW):
            if factor.name in ("acceptance_share", "violence_share"):
                low, high = factor.bounds
                parts.append((getattr(assumed.parameters, factor.name) - low) / (high - low))
        found.append({"eligible": 2 * parts[0] + parts[1], "stock": 1.0})
    return found


def test_the_indices_of_a_known_function_are_its_shares_of_the_variance(monkeypatch):
    pytest.importorskip("SALib", reason="the extra `sensitivity` is not installed")
    names = ("acceptance_share", "violence_share", "approval_rate")
    monkeypatch.setattr(sobol, "factors", lambda scenario: [f for f in factors(scenario) if f.name in names])
    monkeypatch.setattr(sobol, "evaluated", linear)
    table = sobol.sobol(LAW, 128, quantities=["eligible", "stock"]).set_index("factor")
    assert set(table["quantity"]) == {"eligible"}  # nothing moves the other
    for column in ("first_order", "total"):
        assert table.loc["acceptance_share", column] == pytest.approx(4 / 5, abs=0.05)
        assert table.loc["violence_share", column] == pytest.approx(1 / 5, abs=0.05)
        assert table.loc["approval_rate", column] == pytest.approx(0, abs=1e-9)
    again = sobol.sobol(LAW, 128, quantities=["eligible"]).set_index("factor")
    pd.testing.assert_frame_equal(table, again)


def test_samples_lie_within_the_bounds_and_judges_stay_possible(monkeypatch):
    pytest.importorskip("SALib", reason="the extra `sensitivity` is not installed")
    seen: list[Assumptions] = []

    def noted(asked, seed, thin, executor, step=None):
        seen.extend(asked)
        return linear(asked, seed, thin, executor)

    monkeypatch.setattr(sobol, "evaluated", noted)
    sobol.sobol(LAW, 8, quantities=["stock"])
    moved = [f for f in factors(LAW) if f.kind == "stock" or f.name in NAMES]
    assert len(seen) == 8 * (len(moved) + 2)
    for factor in factors(LAW):
        if factor.kind == "stock":
            drawn = [getattr(each.parameters, factor.name) for each in seen]
            low, high = factor.bounds
            assert low <= min(drawn) < max(drawn) <= high
    rates = {each.scenario.judges.approval_rate for each in seen}
    assert len(rates) > 8


@pytest.mark.parametrize(
    "samples, near",
    [
        (0, "such as 8"),
        (100, "such as 64 or 128"),
        (7, "such as 8"),
        (12, "such as 8 or 16"),
        (8192, "at most 4,096 are made"),
    ],
)
def test_a_number_of_samples_without_balance_is_refused(samples, near, capsys):
    assert main(["sensitivity", "--sobol", str(samples)]) == 2
    assert capsys.readouterr().err.strip().endswith(near)


def test_without_salib_one_line_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "SALib", None)
    monkeypatch.setitem(sys.modules, "SALib.analyze", None)
    monkeypatch.setitem(sys.modules, "SALib.sample", None)
    assert main(["sensitivity", "--sobol", "8"]) == 2
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 1 and "pip install 'drugs-minus-two[sensitivity]'" in told[0]


def test_the_command_prints_and_writes(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(
        sensitivity, "factors", lambda scenario, **_: [f for f in some(scenario) if not f.unit]
    )
    out = tmp_path / "out"
    assert main(["sensitivity", "no-delay", "--quantity", "eligible", "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "Eligible for a shorter term:" in printed and "one assumption moved alone" in printed
    assert (out / "pictures" / "tornado_eligible.csv").exists()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "notes.txt").write_text("mine")
    assert main(["sensitivity", "--out", str(tmp_path / "other")]) == 2
    assert "holds other files" in capsys.readouterr().err
    assert main(["sensitivity", "--quantity", "bedyears"]) == 2
    assert "did you mean bed_years_saved?" in capsys.readouterr().err


def test_the_list_of_quantities_is_that_of_the_headline(found):
    assert sorted(found.base) == sorted(sensitivity.QUANTITIES)


def test_the_provenance_is_that_of_a_run(found):
    import sim

    assert found.provenance == sim.run(LAW, seed=1, worlds=0).provenance


def test_switches_that_are_not_asked_about_are_switches(found):
    from dataclasses import fields

    from guidelines.s1b1_10_rules import Rules

    known = {field.name for field in fields(Rules)}
    asked = {factor.name for factor in factors(LAW) if factor.kind == "law"}
    assert known - asked == set(factors_module.NOT_ASKED)
