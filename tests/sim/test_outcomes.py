"""What releases come to: sums that hold, units, sources, and published figures."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq
from scipy.stats import spearmanr

from guidelines import tables
from sim.base.errors import ScenarioError
from sim.base.fiscal import fiscal_year_of
from sim.base.published import figure, named
from sim.courts.decisions import Decisions, approval, court_of, log_odds_of
from sim.eligibility.calendar import ReleaseDates
from sim.output.printed_outcomes import outcome_line, outcome_rows
from sim.people.parameters import best
from sim.people.stock import synthesize
from sim.projection.project import Forecast, project
from sim.projection.prospective import in_custody, remaining
from sim.projection.spared_people import SparedPeople
from sim.results.glossary import GLOSSARY, OUTCOMES
from sim.results.outcomes.beds import average_cost, last_count
from sim.results.outcomes.community import returned_by
from sim.results.outcomes.inputs import Outcome, OutcomeInputs
from sim.results.outcomes.table import COLUMNS, outcome_inputs, outcome_table, outcomes
from sim.results.results import BANDS, sd_of
from sim.runner import through
from sim.scenario.scenario import Scenario

THIN = 8


@cache
def case(name: str = "drugs-minus-two") -> tuple[OutcomeInputs, Forecast]:
    scenario = Scenario.load(name)
    people = synthesize(1, scenario.dates.reference, best(), thin=THIN)
    analysis, forecast = through(people, scenario, best())
    return outcome_inputs(analysis, scenario, forecast.court, THIN, THIN), forecast


@cache
def found(name: str = "drugs-minus-two") -> dict[str, dict[str, Outcome]]:
    rows: dict[str, dict[str, Outcome]] = defaultdict(dict)
    for each in outcomes(case(name)[0]):
        rows[each.quantity][each.group] = each
    return rows


def value(quantity: str, group: str = "", name: str = "drugs-minus-two") -> float:
    return found(name)[quantity][group].value


def total(quantity: str) -> float:
    return sum(each.value for each in found()[quantity].values())


# The months people are spared, against all that can happen

NEVER = 8
DECIDED = np.array([0.0, 0.1, 0.3, 0.6, 0.8, 0.9, 1.0, 1.0, 1.0])
GRANTED, DENIED = np.array([1, 2, 0, 4]), np.array([4, 6, 3, NEVER])
DISTRICT = np.array([0, 0, 1, 1])


def dates_of(granted: np.ndarray, denied: np.ndarray, day_one: int = 2) -> ReleaseDates:
    none = np.full(len(granted), np.datetime64("NaT"), "datetime64[D]")
    eligible = granted < denied
    return ReleaseDates(
        eligible=eligible,
        if_denied=none,
        if_granted=none,
        on_day_one=eligible & (granted <= day_one),
        month_if_denied=denied,
        month_if_granted=granted,
        never=NEVER,
        day_one=np.datetime64("2015-11-01"),
        day_one_month=day_one,
    )


def every_history(rates: tuple[float, float]):
    """Chance of each history, and the month in which each person's order is there (None: refused)."""
    arrive = np.diff(DECIDED[:-1], prepend=0.0)
    choices = []
    for district in DISTRICT:
        rate = rates[district]
        choices.append([(1 - rate, None), *((rate * chance, month) for month, chance in enumerate(arrive))])
    for history in itertools.product(*choices):
        chance = float(np.prod([each for each, _ in history]))
        if chance:
            yield chance, [month for _, month in history]


def court_with(rate: float, sd: float) -> Decisions:
    """Courts whose rates over districts have this mean and standard deviation."""
    if sd == 0:
        return Decisions.plain(rate, 0.0, DECIDED)

    def away(spread: float) -> float:
        mean, square = approval(log_odds_of(rate, spread), spread)
        return square - mean**2 - sd**2

    return Decisions.plain(rate, float(brentq(away, 1e-3, 5.0, xtol=1e-14)), DECIDED)


@pytest.mark.parametrize("worth", [np.ones(8), np.eye(9)[3], np.array([0.5, 2.0, 0.0, 1.0, 3.0])], ids=str)
@pytest.mark.parametrize("rate, spread", [(0.7, 0.0), (0.6, 0.3)])
def test_worth_is_that_of_all_histories(worth, rate, spread):
    each = np.zeros(NEVER)
    each[: min(len(worth), NEVER)] = worth[:NEVER]
    moments = np.zeros(2)
    for first, second in itertools.product((rate - spread, rate + spread), repeat=2):
        for chance, orders in every_history((first, second)):
            out = [
                sum(each[m] for m in range(q, min(e, NEVER)) if order is not None and order <= m)
                for q, e, order in zip(GRANTED, DENIED, orders, strict=True)
            ]
            moments += chance / 4 * np.array([sum(out), sum(out) ** 2])
    spared = SparedPeople(dates_of(GRANTED, DENIED), DISTRICT, court_with(rate, spread))
    mean, variance = spared.worth(worth).total
    assert mean == pytest.approx(moments[0])
    assert variance == pytest.approx(moments[1] - moments[0] ** 2)


def test_groups_add_up_and_a_scale_multiplies():
    dates, court = dates_of(GRANTED, DENIED), Decisions.plain(0.6, 0.3, DECIDED)
    one, eight = (SparedPeople(dates, DISTRICT, court, scale) for scale in (1.0, 8.0))
    group = np.array([0, 1, 1, 0])
    parts = one.worth(np.ones(8), group, 2)
    assert parts.mean.sum() == pytest.approx(one.worth(np.ones(8)).mean[0])
    who = one.worth(np.ones(8), who=group == 1)
    assert who.mean[0] == pytest.approx(parts.mean[1]) and who.variance[0] == pytest.approx(parts.variance[1])
    for ask in (SparedPeople.first_day, SparedPeople.leave_earlier):
        assert ask(eight).mean[0] == pytest.approx(8 * ask(one).mean[0])
    assert one.first_day().mean[0] == pytest.approx(0.6 * 3 * 0.3)
    assert one.leave_earlier().mean[0] == pytest.approx(0.6 * (0.6 + 0.9 + 0.3 + 1.0))


def test_without_the_spread_values_keep_every_bit_and_have_no_variance():
    whole = case()[0]
    plain = replace(whole, spread=False)
    assert [(each.key, each.value) for each in outcomes(plain)] == [
        (each.key, each.value) for each in outcomes(whole)
    ]
    assert any(each.variance for each in outcomes(whole))
    assert not any(each.variance for each in outcomes(plain))


def test_it_agrees_with_the_forecast():
    here, forecast = case()
    spared, dates = here.spared, here.analysis.ordered_dates
    finite = dates.month_if_denied < dates.never
    mean, variance = spared.worth(np.ones(dates.never), who=finite).total
    assert mean == pytest.approx(THIN * forecast.bed_months.mean[-1, 0])
    exact = THIN * forecast.bed_months.drawn[-1, 0] + THIN**2 * forecast.bed_months.districts[-1, 0]
    assert variance == pytest.approx(exact)
    assert spared.first_day().total[0] == pytest.approx(THIN * forecast.first_day.mean[-1, 0])
    for month in (12, 24, 60):
        without = np.cumsum(forecast.without[-1])[month]
        gone = THIN * (forecast.left.mean[-1, month] - without)
        assert spared.out_in(month).total[0] == pytest.approx(gone)
        citizens = spared.out_in(month, who=here.citizen).total[0]
        assert citizens + spared.out_in(month, who=~here.citizen).total[0] == pytest.approx(gone)


# Beds and money


def test_bed_years_by_year_are_the_people_out_month_by_month():
    here, forecast = case()
    gone = forecast.left.mean[-1] - np.cumsum(forecast.without[-1])
    assert total("bed_years_saved_by_year") == pytest.approx(THIN * gone[: here.horizon].sum() / 12)
    spans = list(found()["bed_years_saved_by_year"])
    assert (spans[0], spans[1], spans[-1]) == (
        "2015-11 to 2015-12",
        "2016-01 to 2016-12",
        "2024-01 to 2024-10",
    )


def test_money_is_bed_years_at_the_average_cost_of_the_year_named():
    cost = found()["cost_saved_average"]
    price = figure("custody_and_costs", "K09")
    already, new = cost.values()
    assert already.value == pytest.approx(total("bed_years_saved_by_year") * price / 1e6)
    assert new.value == pytest.approx(total("bed_years_saved_by_new_sentences") * price / 1e6)
    assert {each.unit for each in cost.values()} == {"million US dollars of FY2015"}
    assert "cost_saved_marginal" not in found(), "no marginal cost is known, so none is used"
    relative = already.variance**0.5 / already.value
    assert 0 < relative < 0.2


def test_a_marginal_cost_is_the_scenarios_own():
    scenario = Scenario.load("drugs-minus-two")
    told = scenario.but(
        {"costs.marginal_cost_per_year": 10_000.0, "costs.price_year": "FY2014", "costs.source": "a study"}
    )
    here = case()[0]
    found_here = outcomes(OutcomeInputs(told, here.analysis, here.court, None, THIN))
    costs = [each for each in found_here if "cost" in each.quantity]
    rows = {each.quantity: each for each in costs}
    average, marginal = rows["cost_saved_average"], rows["cost_saved_marginal"]
    assert marginal.value / average.value == pytest.approx(10_000 / figure("custody_and_costs", "K09"))
    assert marginal.unit.endswith("of FY2014") and "a study" in marginal.source
    with pytest.raises(ScenarioError, match="needs price_year and source"):
        scenario.but({"costs.marginal_cost_per_year": 10_000.0})


@pytest.mark.parametrize(
    "year, row", [(2008, "FY2010"), (2013, "FY2013"), (2016, "FY2015"), (2019, "FY2015")]
)
def test_the_price_is_the_last_published_one_that_is_not_later(year, row):
    id_, told, price = average_cost(year)
    assert told == row and price == figure("custody_and_costs", id_)


def test_crowding_starts_from_the_published_count_and_falls_by_the_people_gone():
    here, _ = case()
    custody, beds = figure("bop_population", "B210"), figure("bop_population", "B213")
    assert value("crowding_without", "2014-12-31") == pytest.approx(100 * (custody / beds - 1))
    assert value("crowding_without", "2014-12-31") / 100 + 1 == pytest.approx(
        figure("bop_population", "B214"), abs=5e-4
    )
    assert here.new is not None
    for month, when in ((12, "2015-11"), (24, "2016-11"), (36, "2017-11")):
        gone = here.spared.out_in(month).total[0] + here.new.fewer[month]
        told = value("crowding_with", when)
        assert told == pytest.approx(100 * ((custody - gone) / beds - 1))
    assert last_count(2015)[0] == "2014-12-31"  # type: ignore[index]
    assert last_count(2008)[0] == "2007-12-31"  # type: ignore[index]
    assert last_count(2019) is None


# Where people go, and what happens there


def test_every_one_of_the_first_wave_goes_somewhere():
    first = THIN * case()[1].first_day.mean[-1, 0]
    assert total("first_wave_route") == pytest.approx(first)
    citizens = total("first_wave_destination")
    assert citizens == pytest.approx(first - value("first_wave_route", "immigration authorities"))
    house, home = (value("first_wave_route", name) for name in ("halfway house", "home confinement"))
    assert (house + home) / citizens == pytest.approx(named("placed_in_community_custody"))
    parts = [figure("custody_and_costs", row) for row in ("K301", "K302")]
    assert sum(parts) == pytest.approx(named("placed_in_community_custody"))


def test_routes_and_states_come_near_those_published():
    immigration = found()["first_wave_route"]["immigration authorities"]
    assert immigration.published == named("handed_to_immigration_authorities")
    # The model has a few more who are not citizens among the first to leave (T26).
    assert 0.9 < immigration.value / immigration.published < 1.15
    states = found()["first_wave_destination"]
    assert next(iter(states)) == "Texas"
    told = [(each.value, each.published) for each in states.values() if each.published == each.published]
    assert len(told) == len(tables.reference("first_wave_by_state"))
    assert spearmanr(*zip(*told, strict=True)).statistic > 0.7
    assert all(np.isnan(each.published) for each in found("no-delay")["first_wave_destination"].values())


def test_returns_are_those_of_the_study_and_no_more_in_the_end():
    early = value("released_early", "US citizens")
    assert early > 0 < value("released_early", "not US citizens")
    for years, row in ((2, "P12"), (5, "P14")):
        told = value("returns_of_released_early", f"within {years} years of release")
        assert told == pytest.approx(early * figure("precedents", row))
        assert returned_by(np.array([12.0 * years]))[0] == pytest.approx(figure("precedents", row))
    assert returned_by(np.array([0.0, -5.0])).tolist() == [0.0, 0.0]
    curve = np.diff(returned_by(np.arange(0.0, 120.0)))
    assert (curve > 0).all() and (np.diff(curve) < 0).all(), "the risk falls with time"
    forward = [each.value for each in found()["returns_brought_forward"].values()]
    assert 0 < forward[0] < forward[1] < value("returns_of_released_early", "within 5 years of release")


def test_returns_brought_forward_are_those_of_each_person_with_less_without():
    here, _ = case()
    dates, court = here.analysis.ordered_dates, court_of(here.analysis, here.scenario, THIN)
    rows = np.flatnonzero(dates.eligible & here.citizen)
    until = dates.day_one_month + 24
    q, e = dates.month_if_granted[rows], dates.month_if_denied[rows]
    arrives = np.diff(court.decided[q], axis=1, prepend=0.0)
    expected = 0.0
    without = returned_by((until - e).astype(float))
    for month, chance in enumerate(arrives.T):
        out = np.minimum(np.maximum(q, month), e)
        expected += court.rate * chance @ (returned_by((until - out).astype(float)) - without)
    assert value("returns_brought_forward", "by 2017-11") == pytest.approx(THIN * expected)


def test_more_people_are_supervised_than_returned_and_they_are_citizens():
    here, _ = case()
    told = found()["more_under_supervision"]
    assert list(told) == ["2015-11", "2016-11", "2017-11"]
    for name, each in told.items():
        month = int((np.datetime64(name) - np.datetime64("2014-11")).astype(int))
        assert each.value == pytest.approx(here.spared.out_in(month, who=here.citizen).total[0])


# Who is inside, and who is left out


@pytest.mark.parametrize("quantity", ["share_of_stock", "share_in_custody_without", "share_in_custody_with"])
@pytest.mark.parametrize("dimension", ["race", "citizenship"])
def test_shares_add_up_to_one(quantity, dimension):
    parts = [each.value for group, each in found()[quantity].items() if group.startswith(f"{dimension}: ")]
    assert len(parts) >= 2 and sum(parts) == pytest.approx(1.0)


def test_shares_a_year_later_are_those_of_the_forecast():
    here, _ = case()
    foreign = (~here.citizen).astype(np.int64)
    apart = project(here.analysis.ordered_dates, here.analysis.stock.district, foreign, here.spared.court)
    month = here.day_one_month + 12
    inside = apart.in_custody.mean[:, month]
    name = "citizenship: not US citizen"
    assert value("share_in_custody_with", name) == pytest.approx(inside[1] / inside[-1])
    without = apart.without.sum(axis=1) - apart.without[:, : month + 1].sum(axis=1)
    assert value("share_in_custody_without", name) == pytest.approx(without[1] / without[-1])


def test_shares_before_are_those_of_the_stock():
    foreign = value("share_of_stock", "citizenship: not US citizen")
    assert foreign == pytest.approx(float((~case()[0].citizen).mean()))
    assert foreign == pytest.approx(figure("stock_drug_prisoners_fy2012", "S17"), abs=0.01)


def test_those_left_out_stand_on_the_same_page():
    here, _ = case()
    dates = here.analysis.dates
    assert value("left_out") + THIN * dates.eligible.sum() == THIN * len(here.analysis.stock.people)
    assert value("everybody_served_after_years") < value("everybody_served_before_years")
    nobody = "prospective-only"
    assert value("left_out", name=nobody) == THIN * len(case(nobody)[0].analysis.stock.people)
    assert value("everybody_served_after_years", name=nobody) == value(
        "everybody_served_before_years", name=nobody
    )


# New sentences


def test_custody_of_new_sentences_is_that_of_people_followed_one_by_one():
    stays = np.array([0.0, 2.2, 5.5, 5.6, 30.0, np.inf])
    weight = np.array([1.0, 2.0, 1.0, 1.0, 3.0, 0.5])
    months, monthly = 12, 17.0
    expected = np.zeros(months)
    for begin in range(months):
        for stay, each in zip(stays, weight, strict=True):
            for end in range(begin, months):
                if stay > end - begin + 0.5:
                    expected[end] += monthly * each / weight.sum()
    found_here = in_custody(np.full(months, monthly), remaining(stays, weight, months))
    assert found_here == pytest.approx(expected)


def test_drug_prisoners_are_the_stock_and_the_new_ones():
    here, forecast = case()
    assert here.new is not None
    inside = THIN * (forecast.without.sum(axis=1)[-1] - np.cumsum(forecast.without[-1]))
    left = THIN * forecast.in_custody.mean[-1]
    for name in found()["drug_prisoners_with"]:
        month = int((np.datetime64(name) - np.datetime64("2014-11")).astype(int))
        assert value("drug_prisoners_without", name) == pytest.approx(inside[month] + here.new.without[month])
        with_it = left[month] + here.new.with_amendment[month]
        assert value("drug_prisoners_with", name) == pytest.approx(with_it)
    level = value("drug_prisoners_without", "2015-10") / (THIN * len(here.analysis.stock.people))
    assert level == pytest.approx(1.0, abs=0.05), "a stock that sentences have built stays near its size"


# The table


def test_every_row_has_words_a_unit_and_sources_that_exist():
    table = outcome_table(outcomes(case()[0]), [])
    assert tuple(table.columns) == COLUMNS
    assert set(table["quantity"]) <= set(OUTCOMES) <= set(GLOSSARY)
    elsewhere = {
        each.quantity
        for name in ("charging-policy-2013-and-782", "clemency-2014")
        for each in outcomes(case(name)[0])
    }
    assert set(OUTCOMES) - set(table["quantity"]) - elsewhere == {"cost_saved_marginal"}
    assert table["unit"].str.len().min() > 0 and table["value"].notna().all()
    named = " ".join([*table["source"], *table["published_source"]])
    rows = re.findall(r"(\w+) ((?:[A-Z]\d+[a-z]?)(?:, [A-Z]\d+[a-z]?)*)", named)
    used = {name for name, _ in rows}
    assert used >= {"custody_and_costs", "bop_population", "precedents", "exante_impact"}
    for name, ids in set(rows):
        for each in ids.split(", "):
            assert tables.reference(name).row(id=each)


def test_every_entry_of_the_glossary_has_a_label_a_unit_and_a_whole_sentence():
    for name, entry in GLOSSARY.items():
        assert entry.label and entry.unit and entry.definition.endswith("."), name
        words = re.sub(r"20\d\d|30 October to 2 November|§1B1.10", "", entry.definition)
        numbers = re.findall(r"\d+(?:\.\d+)?", words)
        assert set(numbers) <= {"60", "100"}, f"{name} holds a figure"


def test_bands_hold_the_worlds_and_the_judges():
    one = Outcome("left_out", "", 100.0, variance=16.0)
    below = Outcome("crowding_with", "2015-11", 1.0, variance=16.0)
    alone = outcome_table([one, below], [])
    assert alone.loc[0, "low_90"] * alone.loc[0, "high_90"] == pytest.approx(100.0**2), "a ratio"
    assert sd_of(100.0, alone.loc[0, "high_90"]) == pytest.approx(4.0)
    worlds = [{one.key: 97.0, below.key: 1.0}, {one.key: 103.0, below.key: 1.0}]
    both = outcome_table([one, below], worlds)
    assert sd_of(100.0, both.loc[0, "high_90"]) == pytest.approx((16 + 18) ** 0.5)
    assert both.loc[1, "low_90"] < 0, "prisons may be below capacity"
    assert sd_of(1.0, both.loc[1, "high_90"], -np.inf) == pytest.approx(4.0)
    few = outcome_table([Outcome("left_out", "", 1.0, variance=16.0)], [])
    assert 0 < few.loc[0, "low_90"] < 1, "nobody is fewer than none"


def test_a_result_carries_its_outcomes(small, small_no_delay):
    table = small.outcomes
    assert tuple(table.columns) == COLUMNS and len(table) > 50
    assert not table.duplicated(["quantity", "group"]).any()
    assert (table["low_90"] <= table["value"]).all() and (table["value"] <= table["high_90"]).all()
    worlds = small.worlds_outcomes
    assert set(worlds["world"]) == {0, 1} and {"value", "quantity", "group"} <= set(worlds.columns)
    first = small.headline.loc["released_first_wave"]
    routes = table[table["quantity"] == "first_wave_route"]
    assert routes["value"].sum() == pytest.approx(first["value"])
    assert [name for name in BANDS if name in table.columns] == list(BANDS)
    delayed = small_no_delay.outcomes.set_index(["quantity", "group"])["value"]
    assert delayed["left_out", ""] < table.set_index(["quantity", "group"])["value"]["left_out", ""]


def test_the_whole_distributions_count_the_excluded_too(small):
    table = small.terms_before_after.groupby(["group", "measure"])[["before", "after"]].sum()
    people = len(small.analysis.stock.people)
    for measure in ("term", "served"):
        for side in ("before", "after"):
            eligible, out, every = (
                table.loc[(group, measure), side] for group in ("eligible", "not eligible", "everybody")
            )
            assert eligible + out == every == people
    out = small.terms_before_after.query("group == 'not eligible'")
    assert (out["before"] == out["after"]).all()


def test_the_screen_shows_what_it_comes_to(small):
    rows = outcome_rows(small)
    assert {row["quantity"] for row in rows} >= {"cost_saved_average", "crowding_with", "first_wave_route"}
    for row in rows:
        line = outcome_line(row)
        assert line.startswith(f"  {row['label']}: ") and len(line) < 160
        assert ("; published " in line) == pd.notna(row["published"])


def test_a_fiscal_year_begins_in_october():
    assert fiscal_year_of(np.datetime64("2015-11-01")) == 2016
    assert fiscal_year_of(np.datetime64("2015-09-30")) == 2015


def test_project_is_what_the_outcomes_rest_on():
    here, forecast = case()
    again = project(here.analysis.ordered_dates, here.analysis.stock.district,
                    here.analysis.stock.sentenced.drug, here.spared.court)  # fmt: skip
    assert again.bed_months.mean[-1, 0] == forecast.bed_months.mean[-1, 0]
