"""From everybody to the eligible, to the person."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from guidelines.s1b1_10_rules import CODES
from sim.eligibility.analysis import analyse
from sim.results.groups import waterfall_by_group
from sim.results.waterfall import LABELS, exclusion, waterfall
from sim.scenario.library import names
from sim.scenario.scenario import Scenario

NARROW = {
    "limits.criminal_history_categories": [1, 2],
    "limits.exclude_weapon": True,
    "limits.exclude_aggravating_role": True,
    "limits.exclude_obstruction": True,
    "limits.exclude_violence": True,
}


def scenarios() -> list[Scenario]:
    shipped = [Scenario.load(name) for name in names()]
    here = [one for one in shipped if str(one.dates.reference) == "2014-11-01"]
    return [*here, Scenario.load("drugs-minus-two").but(NARROW)]


@pytest.fixture(params=scenarios(), ids=lambda one: f"{one.name}-{one.hash[:4]}")
def analysis(request, stock):
    return analyse(stock, request.param)


def test_every_code_of_the_law_has_a_label():
    assert {code for code in CODES if not code.startswith("eligible")} <= set(LABELS)


def test_it_adds_up_to_the_person(analysis):
    table = waterfall(analysis)
    people, eligible = len(analysis.stock.people), int(analysis.dates.eligible.sum())
    assert table["remaining"].iloc[0] == people and table["remaining"].iloc[-1] == eligible
    assert table["persons"].sum() == people - eligible
    assert (table["remaining"].diff().dropna() == -table["persons"].iloc[1:]).all()
    assert table["code"].iloc[[0, -1]].tolist() == ["all", "eligible"] and table["code"].is_unique
    assert (table["step"] == np.arange(len(table))).all()


def test_each_person_has_one_code_and_the_eligible_theirs(analysis):
    code = exclusion(analysis)
    assert set(np.unique(code)) <= {*LABELS, "eligible"}
    assert ((code == "eligible") == analysis.dates.eligible).all()


def test_by_group_it_adds_up_to_the_people_of_each_group_and_to_each_step(analysis):
    table, steps = waterfall_by_group(analysis), waterfall(analysis).set_index("code")["persons"]
    people = analysis.stock.people
    for dimension, each in table.groupby("dimension"):
        by_code = each.groupby("code")["persons"].sum()
        assert by_code.pop("eligible") == analysis.dates.eligible.sum()
        assert by_code.to_dict() == steps.drop(["all", "eligible"]).to_dict(), dimension
    persons = table.groupby(["dimension", "group"])["persons"].sum()
    for dimension, column in (("drug", "drug"), ("race", "race"), ("district", "district")):
        counts = people[column].value_counts(sort=False)
        assert persons[dimension].reindex(counts.index).tolist() == counts.tolist()
    assert persons["category", "VI"] == (people["criminal_history_category"] == 6).sum()
    assert persons["citizenship", "US citizen"] == people["us_citizen"].sum()


def test_by_group_it_says_what_a_table_of_people_says(stock):
    found = analyse(stock, Scenario.load("drugs-minus-two"))
    crosstab = pd.crosstab(stock.people["race"].astype(str), exclusion(found))
    long = waterfall_by_group(found).query("dimension == 'race'")
    table = long.pivot_table("persons", "group", "code", aggfunc="sum")
    pd.testing.assert_frame_equal(table[crosstab.columns].loc[crosstab.index], crosstab, check_names=False)


def test_a_narrower_policy_only_leaves_people_out(stock):
    wide = analyse(stock, Scenario.load("drugs-minus-two"))
    narrow = analyse(stock, Scenario.load("drugs-minus-two").but(NARROW))
    assert not (narrow.dates.eligible & ~wide.dates.eligible).any()
    out = exclusion(narrow) == "outside_the_policy"
    known = stock.sentenced.attributes
    reasons = (
        (known["criminal_history_category"] > 2)
        | known["weapon"]
        | known["violence"]
        | known["obstruction"]
        | (known["aggravating_role"] > 0)
    )
    assert out.any() and reasons[out].all()
    assert not (narrow.dates.eligible & reasons).any()
    kept = ~reasons
    assert (narrow.dates.eligible == wide.dates.eligible)[kept].all()


def test_career_offenders_and_the_top_of_the_table_are_where_the_law_puts_them(stock):
    found = analyse(stock, Scenario.load("drugs-minus-two"))
    code = exclusion(found)
    assert stock.sentenced.attributes["career_offender"][code == "career_offender"].all()
    top = code == "quantity_above_top_threshold"
    assert top.any() and (found.before["table_base_level"][top] == found.after["table_base_level"][top]).all()
    assert (found.before["table_base_level"][top] == 38).all()
