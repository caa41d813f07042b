"""The fit: reads what it may, recovers what was put in, writes tables that can be read."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import sim.base.published
import sim.studies.fit as module
from guidelines import tables
from guidelines.tables.table import read_table
from sim.base.errors import SimulationError
from sim.commands._group import group
from sim.ensemble import parameter_sets
from sim.people.parameters import Parameters, best, bounds, prior_middle
from sim.people.stock import sample_correction, synthesize
from sim.people.terms import positions
from sim.results.evidence import FITS, IN_USE, Evidence, evidence_of
from sim.results.targets import Target, target
from sim.scenario.defaults import counting_rules, plausible_rules
from sim.studies.counting import FITTED, column, published
from sim.studies.fit import (
    BLOCK,
    FITTED_TO,
    LIKELY,
    REFITTED,
    SD_OF_HALF_BAND,
    Fit,
    compare_rules,
    fit,
    fit_again,
    fitted_on,
    fitted_quantities,
    misses,
    weigh,
)
from sim.studies.fit_tables import kept_fit, write_fit

DRAWS = 60
MEMBERS = 23
"""Shares no divisor with the number of rules times `WEIGHED`: each of a few picks another set."""


def own(name: str) -> str:
    """The column of a fitted quantity as the default rule counts it."""
    return column(name, plausible_rules()[0]) if name in FITTED else name


def used(found: Fit) -> pd.DataFrame:
    """The plausible sets of the fit in use."""
    return found.ensemble[found.ensemble["fit"] == IN_USE]


def made_up(seed: int, parameters: Parameters) -> dict[str, float]:
    """Quantities that hang on one parameter each, in no time; as counted alike by every rule."""
    counted = {"counted_eligible": 51141.0, "counted_mean_cut_months": 23.0}
    counted |= {"sentenced_within_a_decade": 0.94} | published()
    return {column(name, rule): value for name, value in counted.items() for rule in counting_rules()} | {
        "stock_mean_term_months": 100 + 40 * parameters.ten_year_decay,
        "flows_alone": 100_000.0,
        "affected_share": 0.699,
        "affected_mean_term_months": 62.0,
        "wave_in_community_custody": 0.57,
        "share_served": 0.87,
    }


@pytest.fixture
def tiny(monkeypatch):
    monkeypatch.setattr(module, "fitted_quantities", made_up)
    return fit(3, 400, MEMBERS)


def test_a_known_value_is_recovered(tiny):
    """T06 is 134 months with a band of 130 to 140, so the made-up model wants a decay of 0.85."""
    assert tiny.best.ten_year_decay == pytest.approx(0.85, abs=0.03)
    wide = bounds()["acceptance_share"]
    assert tiny.best.acceptance_share == pytest.approx(sum(wide) / 2, abs=0.006)  # nothing was learned of it
    assert used(tiny)["ten_year_decay"].mean() == pytest.approx(0.85, abs=0.04)


def test_each_side_of_a_band_has_its_own_width():
    """T06 is 134 with a band of 130 to 140: 4 / 1.645 below and 6 / 1.645 above are one deviation."""
    rows = [target(row) for row, _ in FITTED_TO.values()]
    at = list(FITTED_TO).index("stock_mean_term_months")
    found = np.tile([row.value for row in rows], (3, 1))
    found[1, at], found[2, at] = 134 - 4, 134 + 6
    assert misses(found) == pytest.approx([0, SD_OF_HALF_BAND**2, SD_OF_HALF_BAND**2])
    below = list(FITTED_TO).index("flows_alone")  # its value lies at the upper end of its band
    found[1, at], found[1, below] = 134, rows[below].value + 2250
    assert misses(found)[1] == pytest.approx(SD_OF_HALF_BAND**2)


def test_the_ensemble_lies_where_the_weight_is(tiny):
    assert len(used(tiny)) == MEMBERS and tiny.effective_sets > 1000
    assert used(tiny)["ten_year_decay"].between(0.65, 0.95).all()  # of bounds from 0.5
    known = bounds()["uncharged_level_mean"]
    spread = np.ptp(used(tiny)["uncharged_level_mean"])
    assert spread > 0.6 * (known[1] - known[0])  # nothing was learned of it
    assert tiny.explained["stock_mean_term_months"] == pytest.approx(1)


def test_too_few_sets_to_learn_from_are_refused(monkeypatch):
    monkeypatch.setattr(module, "fitted_quantities", made_up)
    with pytest.raises(SimulationError, match="20 sets of 20 parameters drawn: at least 41 are needed"):
        fit(3, 20, 5)


def test_progress_and_other_processes_change_nothing(tiny, monkeypatch):
    monkeypatch.setattr(module, "fitted_quantities", made_up)
    seen = []
    with ThreadPoolExecutor(2) as pool:
        again = fit(3, 400, MEMBERS, pool, lambda done, total: seen.append((done, total)))
    assert again.best == tiny.best and again.ensemble.equals(tiny.ensemble)
    assert seen == [(done, 400 + LIKELY * len(REFITTED)) for done in range(1, 401 + LIKELY * len(REFITTED))]


def test_sets_take_turns_with_draws_of_people(monkeypatch):
    """What one draw of people has by luck is no work of the parameters."""
    seeds = []

    def remembered(seed: int, parameters: Parameters) -> dict[str, float]:
        seeds.append(seed)
        return made_up(seed, parameters)

    monkeypatch.setattr(module, "fitted_quantities", remembered)
    fit(3, 48, 10)
    assert seeds == [3 + k % 8 for k in range(48)] + len(REFITTED) * [3 + k % 8 for k in range(LIKELY)]


def test_the_likely_sets_decide_the_level(tiny):
    """Where the polynomial is eight months too low, a decay that gives it 126 and not 134 is better."""
    everywhere, likely = (tiny.draws[tiny.draws["fit"] == name] for name in ("", IN_USE))
    assert len(everywhere) == 400 and len(likely) == LIKELY
    same = weigh(everywhere, FITS[IN_USE], 3, 20, likely).best
    assert same.ten_year_decay == pytest.approx(tiny.best.ten_year_decay)
    likely = likely.assign(stock_mean_term_months=likely["stock_mean_term_months"] + 8)
    lower = weigh(everywhere, FITS[IN_USE], 3, 20, likely).best.ten_year_decay
    assert lower == pytest.approx(same.ten_year_decay - 8 / 40, abs=0.03)


def test_a_fit_on_less_evidence_does_not_know_what_it_may_not_look_at(tiny):
    """The decay of the made-up model is told by T06 alone, which came out in October 2015."""
    means = tiny.ensemble.groupby("fit")["ten_year_decay"].mean()
    assert means[IN_USE] == pytest.approx(0.85, abs=0.04)
    assert means["without 782"] == pytest.approx(0.85, abs=0.04)
    middle = sum(bounds()["ten_year_decay"]) / 2
    assert means["2014-07"] == pytest.approx(middle, abs=0.06)


def test_what_each_fit_looks_at_is_decided_by_its_day_and_its_amendment():
    everything = set(FITTED_TO)
    assert set(fitted_on(FITS[IN_USE])) == everything == set(fitted_on(FITS["without 706"]))
    assert everything - set(fitted_on(FITS["2014-07"])) == {
        "stock_mean_term_months", "wave_in_community_custody", "affected_share",
    }  # fmt: skip
    assert everything - set(fitted_on(FITS["without 750"])) == {"crack_2011_at_once"}
    assert set(fitted_on(FITS["without 782"])) == {
        "flows_alone", "stock_mean_term_months", "share_served", "crack_2011_at_once",
    }  # fmt: skip
    assert fitted_on(Evidence("1990-01-01")) == ()
    with pytest.raises(SimulationError, match="no fit '2013-01' is kept; there are 2015-11, 2014-07"):
        evidence_of("2013-01")


def test_a_fit_is_repeated_from_the_sets_it_worked_out(tiny):
    again = fit_again(tiny.draws, 3, MEMBERS)
    assert again.best == tiny.best and again.ensemble.equals(tiny.ensemble)


def test_the_kept_fit_is_what_the_kept_sets_give():
    """Every parameter in use, and every set of every fit, from the sets that were worked out."""
    again = kept_fit()
    for row in tables.reference("stock_parameters"):
        assert float(row["value"]) == pytest.approx(getattr(again.best, row["name"]), rel=0.006)
    for name in REFITTED:
        names = [f.name for f in fields(Parameters)]
        found = again.ensemble.loc[again.ensemble["fit"] == name, names].to_numpy()
        kept = np.array([[getattr(one, f.name) for f in fields(Parameters)] for one in parameter_sets(name)])
        assert np.isclose(found, kept, rtol=1e-3).all(axis=1).mean() > 0.95, name  # resampling may tip one


@pytest.mark.slow
def test_the_kept_sets_have_the_quantities_that_are_worked_out():
    """A few of all that were worked out, each with its own draw of people.

    Who of the first wave is in a halfway house hangs on the courts too, which are fitted after the stock.
    """
    table = tables.reference("stock_fit_draws")
    parts = {name: table.select(fit=name) for name in ("", *REFITTED)}
    for rows in parts.values():
        for k in (0, len(rows) // 2):
            chosen = Parameters(**{f.name: float(rows[k][f.name]) for f in fields(Parameters)})
            for name, value in fitted_quantities(1 + k % 8, chosen).items():
                if name in rows[k]:  # others tell the counting rules apart and are fitted to by none
                    near = 0.01 if name == "wave_in_community_custody" else 1e-4
                    assert float(rows[k][name]) == pytest.approx(float(value), rel=near), (k, name)


def test_a_set_makes_the_same_people_whatever_fit_is_in_use(monkeypatch):
    """Else a fit would rest on the one before it, and the kept sets could not be worked out again."""

    def none() -> Parameters:
        raise AssertionError("the values in use were asked for")

    chosen = prior_middle()
    positions.cache_clear()
    sample_correction.cache_clear()
    for name, loaded in list(sys.modules.items()):
        if name.startswith("sim.") and getattr(loaded, "best", None) is best:
            monkeypatch.setattr(loaded, "best", none)
    assert len(synthesize(3, "2014-11-01", chosen, stock=500, thin=40).people) > 10


def test_no_target_that_is_a_check_is_ever_read(monkeypatch):
    """Every way to a target, through the targets or the figures, is watched while one set is worked out."""
    asked: set[str] = set()
    kept, figure, plain = module.target, sim.base.published.figure, sim.base.published.target_value

    def watch(id_: str, part: str = "") -> Target:
        asked.add(id_)
        return kept(id_, part)

    def watch_plain(id_: str, part: str = "") -> float:
        asked.add(id_)
        return plain(id_, part)

    def watch_figure(table: str, id_: str) -> float:
        asked.add(id_ if table == "calibration_targets" else "")
        return figure(table, id_)

    monkeypatch.setattr(module, "target", watch)
    for name in (
        "people.stock",
        "people.margins",
        "results.quantities_of_interest",
        "people.earlier_amendments",
        "people.sentenced",
    ):
        place = __import__(f"sim.{name}", fromlist=["x"])
        for word, function in (("target_value", watch_plain), ("figure", watch_figure)):
            if hasattr(place, word):
                monkeypatch.setattr(place, word, function)
    found = fitted_quantities(99, best())  # a seed of its own, so that nothing is remembered
    misses(np.array([[found[own(name)] for name in FITTED_TO]]))
    asked.discard("")
    role = {row["id"]: row["role"] for row in tables.reference("calibration_targets")}
    assert {row for row, _ in FITTED_TO.values()} <= asked
    assert [id_ for id_ in asked if role[id_] == "check"] == []


def test_the_targets_it_is_fitted_to_are_no_checks():
    role = {row["id"]: row["role"] for row in tables.reference("calibration_targets")}
    assert {role[row] for row, _ in FITTED_TO.values()} <= {"input", "calibrate"}


def test_the_quantities_of_one_set_are_those_of_the_analyses():
    found = fitted_quantities(1, best())
    assert {own(name) for name in FITTED_TO} <= set(found)
    assert 40_000 < found[own("counted_eligible")] < 60_000 and 0 < found["share_served"] < 1
    assert {column(name, rule) for name in published() for rule in counting_rules()} <= set(found)


def test_a_rule_that_leaves_people_out_counts_fewer():
    found = fitted_quantities(1, best())
    eligible = {rule: found[column("counted_eligible", rule)] for rule in counting_rules()}
    assert eligible["C3"] < eligible["C1"] == eligible["C2"] == eligible["C5"] > eligible["C6"]


def test_rules_are_weighed_against_each_other(tiny):
    """A rule under which twice as many are eligible is in none of the worlds."""
    rule = plausible_rules()[-1]
    off = tiny.draws.assign(**{column("counted_eligible", rule): 2 * 51141.0})
    again = fit_again(off, 3, MEMBERS)
    assert rule in set(used(tiny)["counted_as"]) and rule not in set(used(again)["counted_as"])


def test_a_fit_that_was_stopped_goes_on_where_it_was(tiny, monkeypatch):
    asked = []

    def counting(seed: int, parameters: Parameters) -> dict[str, float]:
        asked.append(seed)
        return made_up(seed, parameters)

    monkeypatch.setattr(module, "fitted_quantities", counting)
    again = fit(3, 400, MEMBERS, kept=tiny.draws.iloc[:300])
    assert again.best == tiny.best and again.ensemble.equals(tiny.ensemble)
    begun = 300 // BLOCK * BLOCK
    assert len(asked) == 400 - begun + LIKELY * len(REFITTED)


def test_every_rule_is_held_against_the_ratios(tiny, monkeypatch):
    table = compare_rules(tiny.draws, 3)
    assert list(table.index) == [*published(), "misfit", "weight"]
    assert set(table.columns) == {"published", *counting_rules()}
    assert table.loc["misfit"].drop("published").to_numpy() == pytest.approx(0, abs=1e-6)
    assert table.loc["weight"].drop("published").to_numpy() == pytest.approx(1 / len(counting_rules()))
    off = {column("at_once_delay", "C2"): 0.172 + 0.017}
    monkeypatch.setattr(module, "fitted_quantities", lambda *given: made_up(*given) | off)
    worse = compare_rules(tiny.draws, 3).loc["misfit"]
    assert worse["C2"] == pytest.approx(SD_OF_HALF_BAND**2) and worse["C1"] == pytest.approx(0, abs=1e-6)


def test_tables_of_a_fit_are_tables_of_the_project(tiny, tmp_path):
    write_fit(tiny, tmp_path / "new")
    parameters = read_table(tmp_path / "new" / "stock_parameters.csv", "stock_parameters")
    ensemble = read_table(tmp_path / "new" / "stock_ensemble.csv", "stock_ensemble")
    old = tables.reference("stock_parameters")
    assert parameters.columns == old.columns and parameters.meta == old.meta
    names = [field.name for field in fields(Parameters)]
    assert parameters.column("name") == old.column("name") and set(parameters.column("name")) == set(names)
    for row in parameters:
        assert float(row["value"]) == pytest.approx(getattr(tiny.best, row["name"]), rel=0.01)
        assert float(row["low"]) <= float(row["value"]) <= float(row["high"])
    assert ensemble.columns == ("fit", "member", "counted_as", *names) and len(ensemble) == len(tiny.ensemble)
    draws = read_table(tmp_path / "new" / "stock_fit_draws.csv", "stock_fit_draws")
    assert len(draws) == len(tiny.draws) == 400 + LIKELY * len(REFITTED)
    assert float(draws.rows[0][own("counted_eligible")]) == 51141


def test_the_command_writes_them(monkeypatch, tmp_path):
    kept = fit
    monkeypatch.setattr(module, "fit", lambda *given: kept(*given[:3], None, *given[4:]))
    monkeypatch.setattr(module, "fitted_quantities", made_up)
    given = ["--out", str(tmp_path / "fit"), "--draws", str(DRAWS), "--members", "5"]
    done = CliRunner().invoke(group, ["fit", *given])
    assert done.exit_code == 0, done.output
    assert f"{DRAWS + LIKELY * len(REFITTED)} sets worked out" in done.output
    assert sorted(path.name for path in (tmp_path / "fit").iterdir()) == [
        "stock_ensemble.csv", "stock_fit_draws.csv", "stock_parameters.csv",
    ]  # fmt: skip
