# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Bring your own people
#
# The shipped people are synthetic. An analyst at the Commission has real ones; a court has its docket. Any
# table with the right columns can be put through a scenario. Seven columns and the day are enough; what is
# left out is assumed, and the assumption is listed in the result.

# %%
import os

import pandas as pd

import guidelines
import sim
from sim import plots
from sim.base.errors import PopulationError

WORLDS = int(os.environ.get("MINUSTWO_WORLDS", "16"))  # plausible worlds; fewer are quicker

mine = pd.DataFrame(
    {
        "drug": ["Heroin", "Cocaine Base", "Methamphetamine", "Marihuana"],
        "quantity_grams": [1_200.0, 300.0, 600.0, 500_000.0],
        "sentenced_on": ["2009-05-12", "2012-03-01", "2011-09-09", "2013-06-30"],
        "criminal_history_category": ["III", "II", "I", "VI"],
        "imposed_term_months": [121, 108, 140, 151],
        "acceptance": [-3, -3, -2, 0],
        "district": ["Texas Southern", "Texas Southern", "Arizona", "Arizona"],
        "us_citizen": [True, True, True, False],
        "race": ["White", "Black", "Hispanic", "Hispanic"],
    }
)
people = sim.Population.from_frame(mine, {"title": "four made-up people"})
people

# %% [markdown]
# ## Every mistake at once
#
# A table with mistakes is refused as a whole. Nothing is dropped or guessed, and every broken rule is named
# with the number of rows and the first of them.

# %%
wrong = mine.assign(
    drug=["Heroine", "Cocaine Base", "Methamphetamine", "Marihuana"],
    quantity_grams=[-5.0, 300.0, 600.0, 500_000.0],
    criminal_history_category=["III", "II", "I", "VII"],
)
try:
    sim.Population.from_frame(wrong)
except PopulationError as refused:
    print(refused)

# %% [markdown]
# ## What was assumed

# %%
for line in people.assumed[:6]:
    print("-", line)

# %% [markdown]
# ## Through the law
#
# Four people make no forecast, but the law is the law: each gets a code, and the reduced term if there is
# one.

# %%
four = sim.run(sim.Scenario.load("drugs-minus-two"), population=people, worlds=0)
analysis = four.analysis
pd.DataFrame(
    {
        "drug": mine["drug"],
        "code": [guidelines.CODES[code] for code in analysis.cut.law["code"]],
        "present term": analysis.cut.imposed_term_months,
        "reduced term": analysis.cut.reduced_term_months,
    }
)

# %% [markdown]
# ## A larger table
#
# The synthetic people can be written to a file, changed, and read back. Here: one person in twenty, and
# nobody from outside the United States.

# %%
synthetic = sim.Population.synthesize("drugs-minus-two", seed=1, thin=20)
citizens = sim.Population.from_frame(
    synthetic.frame[synthetic.frame["us_citizen"]], {"title": "US citizens, one in twenty"}
)
result = sim.run(sim.Scenario.load("drugs-minus-two"), population=citizens, worlds=WORLDS)
result

# %%
plots.show(result, "eligibility_waterfall")

# %% [markdown]
# A published figure is about all drug prisoners, so a result from people of your own is held against none:

# %%
int(result.headline["published"].notna().sum())

# %% [markdown]
# From the command line: `minustwo people --out people.csv` writes the synthetic people, and `minustwo
# people check people.csv` tells every problem of a table. The columns are listed by `minustwo people
# columns`.
