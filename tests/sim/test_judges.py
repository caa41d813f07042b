"""Courts: from when, how fast, how many, how differently."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from sim.courts.judges import Judges, judges

from sim.scenario.scenario import Scenario

SCENARIO = Scenario.load("drugs-minus-two")


def test_orders_come_from_the_day_of_effect_on_and_half_of_them_by_the_median():
    months = SCENARIO.but({"judges.decision_months_median": 8.0, "judges.decision_months_spread": 0.6})
    decided = judges(months, 60).decided_by
    assert decided[0] == 0 and (np.diff(decided) >= 0).all()
    assert decided[8] == pytest.approx(0.5)
    assert decided[:60] == pytest.approx(stats.lognorm(s=0.6, scale=8).cdf(np.arange(60)), abs=1e-12)


def test_a_later_day_of_effect_shifts_every_order():
    later = SCENARIO.but({"dates.effective": "2015-05-01", "dates.reference": "2014-11-01"})
    decided, moved = judges(SCENARIO, 60).decided_by, judges(later, 60).decided_by
    assert (moved[:7] == 0).all() and moved[6:] == pytest.approx(decided[:-6])


@pytest.mark.parametrize(("median", "spread", "first"), [(0.0, 0.6, 0), (5.0, 0.0, 5), (0.0, 0.0, 0)])
def test_without_spread_all_orders_come_in_one_month(median, spread, first):
    rules = {"judges.decision_months_median": median, "judges.decision_months_spread": spread}
    decided = judges(SCENARIO.but(rules), 12).decided_by
    assert decided.tolist() == [float(month >= first) for month in range(12)]


def test_rates_of_districts_have_the_mean_and_the_spread():
    court = Judges(0.92, 0.1, np.ones(2))
    assert stats.beta(*court.beta()).mean() == pytest.approx(0.92)
    assert stats.beta(*court.beta()).std() == pytest.approx(0.1)
    assert court.square == pytest.approx(0.92**2 + 0.1**2)
    with pytest.raises(ValueError, match="districts do not differ"):
        Judges(0.9, 0.0, np.ones(2)).beta()
