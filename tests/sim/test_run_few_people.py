from __future__ import annotations

import pandas as pd

from sim.population.population import Population
from sim.runner import run
from sim.scenario.scenario import Scenario


def test_a_docket_that_lacks_a_drug_runs_and_counts_nobody_for_it():
    docket = Population.from_frame(
        pd.DataFrame(
            {
                "drug": ["Heroin", "Cocaine"],
                "quantity_grams": [1_200.0, 6_000.0],
                "sentenced_on": ["2009-05-12", "2012-03-01"],
                "criminal_history_category": ["III", "I"],
                "imposed_term_months": [151, 121],
                "district": ["Texas Southern", "Arizona"],
                "us_citizen": [True, True],
                "race": ["White", "Black"],
            }
        )
    )
    result = run(Scenario.load("drugs-minus-two"), population=docket, worlds=0)
    inside = result.releases_by_month.query("quantity == 'in_custody_without' and month == '2014-11'")
    assert inside.set_index("drug")["value"].to_dict() == {
        "Cocaine": 1,
        "Cocaine Base": 0,
        "Heroin": 1,
        "Marihuana": 0,
        "Methamphetamine": 0,
        "Other": 0,
        "all": 2,
    }
