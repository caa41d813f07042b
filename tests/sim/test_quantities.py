"""Base levels and quantities: the law gives back what was drawn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from guidelines import LIFE, tables
from guidelines.manual import Manual
from guidelines.s2d1_1_drug_quantity import quantity_base_level
from sim.base.streams import normals, uniforms
from sim.people.flows import DRUGS
from sim.people.parameters import best
from sim.people.quantities import LAW_DRUG, base_levels, draw_quantities, next_step, trigger_levels

PEOPLE = 4000


@pytest.mark.parametrize("begin", [day for day in tables.editions("drug_quantity") if day >= "1989"])
def test_the_law_gives_the_drawn_level_back(begin):
    """The Manuals of the flows, FY1990 on; that of 1987 stands beside a statute without methamphetamine."""
    manual = Manual.on(begin)
    drug = np.arange(PEOPLE) % len(DRUGS)
    minimum = np.array([0, 60, 120, 240, LIFE])[np.arange(PEOPLE) // len(DRUGS) % 5]
    ids = np.arange(PEOPLE)
    level = base_levels(drug, minimum, uniforms(1, "a", ids), normals(1, "b", ids), manual, begin, best())
    for draw in (uniforms(1, "c", ids), np.zeros(PEOPLE), np.full(PEOPLE, 1 - 2.0**-53)):
        ratio = next_step(level, minimum, begin, best())
        grams = draw_quantities(drug, level, ratio, draw, manual, best())
        assert (grams > 0).all() and np.isfinite(grams).all()
        names = np.array(LAW_DRUG)[drug].tolist()
        assert (quantity_base_level(names, grams, manual) == level).all()


@pytest.mark.parametrize(
    ("drug", "day", "five", "ten"),
    [("Cocaine", "2013-11-01", 26, 32), ("Cocaine Base", "2009-11-01", 24, 30),
     ("Cocaine Base", "2013-11-01", 26, 32), ("Heroin", "2014-11-01", 24, 30)],
)  # fmt: skip
def test_trigger_quantities_have_the_levels_the_manual_gives_them(drug, day, five, ten):
    """§2D1.1(c) on the quantities of 21 U.S.C. 841(b)(1)(B) and (A): 26 and 32, from 2014 on 24 and 30."""
    lower, upper = trigger_levels(day)
    assert (lower[DRUGS.index(drug)], upper[DRUGS.index(drug)]) == (five, ten)


def test_a_minimum_puts_people_at_its_trigger_or_above():
    manual, ids = Manual.on("2013-11-01"), np.arange(PEOPLE)
    five, ten = trigger_levels("2013-11-01")
    drug = ids % len(DRUGS)
    for months, least in ((60, five), (120, ten), (LIFE, ten)):
        level = base_levels(drug, np.full(PEOPLE, months), uniforms(1, "a", ids), normals(1, "b", ids),
                            manual, "2013-11-01", best())  # fmt: skip
        assert (level >= least[drug]).all() and (level == least[drug]).any() and (level > least[drug]).any()


def test_steps_above_the_trigger_get_rarer_by_the_given_ratio():
    manual, ids = Manual.on("2013-11-01"), np.arange(100_000)
    chosen = replace(best(), ten_year_decay=0.5)
    level = base_levels(np.zeros(len(ids), int), np.full(len(ids), 120), uniforms(1, "a", ids),
                        np.zeros(len(ids)), manual, "2013-11-01", chosen)  # fmt: skip
    counts = np.bincount(level)[32:39:2]
    assert counts[1:] / counts[:-1] == pytest.approx(np.full(3, 0.5), abs=0.02)


def test_the_tail_above_the_top_band_is_pareto():
    manual, ids = Manual.on("2013-11-01"), np.arange(50_000)
    tail, even = replace(best(), top_tail_exponent=2.0), np.ones(len(ids))
    cocaine, top = np.zeros(len(ids), int), np.full(len(ids), 38)
    grams = draw_quantities(cocaine, top, even, uniforms(1, "a", ids), manual, tail)
    assert grams.min() >= 150_000  # §2D1.1(c)(1) of 2013: 150 kg of cocaine
    assert (grams >= 300_000).mean() == pytest.approx(0.25, abs=0.01)


@pytest.mark.parametrize("ratio", [0.5, 1.0, 1.6])
def test_the_density_inside_a_band_falls_by_the_ratio_of_a_step(ratio):
    """Cocaine of level 26 in 2013: 500 g to 2 kg; over its logarithm the density falls by the ratio."""
    manual, ids = Manual.on("2013-11-01"), np.arange(200_000)
    code = np.full(len(ids), DRUGS.index("Cocaine"))
    grams = draw_quantities(
        code, np.full(len(ids), 26), np.full(len(ids), ratio), uniforms(1, "a", ids), manual, best()
    )
    place = np.log(grams / 500) / np.log(4)
    counts = np.histogram(place, np.linspace(0, 1, 11))[0]
    assert counts[-1] / counts[0] == pytest.approx(ratio**0.9, rel=0.05)


def test_the_next_step_is_as_rare_as_levels_are_drawn():
    """Without a minimum, as a normal distribution of the table's levels; with one, by the decays."""
    chosen, level = best(), np.arange(12, 40, 2)
    free = next_step(level, np.zeros(len(level), int), "2013-11-01", chosen)
    density = np.exp(-(((level - chosen.uncharged_level_mean) / chosen.uncharged_level_sd) ** 2) / 2)
    assert free[:-1] == pytest.approx(density[1:] / density[:-1])
    for months, decay in ((60, chosen.five_year_decay), (120, chosen.ten_year_decay)):
        assert (next_step(level, np.full(len(level), months), "2013-11-01", chosen) == decay).all()
